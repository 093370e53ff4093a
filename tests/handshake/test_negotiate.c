/*
 * What a server chooses of what it has, and why.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "handshake/handshake.h"
#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static void init(uint16_t version)
{
    pump_init(&p);
    client->config.min_version = client->config.max_version = version;
    server->config.min_version = server->config.max_version = version;
}

/* A credential may keep its key to some of the schemes that it could sign with. */
Test(negotiate, schemes_of_a_credential)
{
    static const struct cub_sign_scheme *const pss384[] = {&cub_sign_rsa_pss_rsae_sha384, NULL};
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (unsigned i = 0; i < 2; i++) {
        init(versions[i]);
        end_use_chain(server, PKI_RSA2048);
        pump_handshake(&p);
        cr_expect_neq(server->engine.own_scheme, 0x0805, "not by itself");
        init(versions[i]);
        end_use_chain(server, PKI_RSA2048);
        server->credential.sign_schemes = pss384;
        pump_handshake(&p);
        cr_expect_eq(server->engine.own_scheme, 0x0805);
        cr_expect_eq(client->engine.peer_scheme, 0x0805);
    }
}

/* The first credential that fits is taken, whatever comes behind it. */
Test(negotiate, first_credential_that_fits)
{
    static const struct cub_sign_scheme *const none[] = {NULL};
    struct cub_credential both[2];

    init(CUB_TLS1_3);
    both[0] = both[1] = server->credential;
    both[0].sign_schemes = none;
    server->config.credentials = both;
    server->config.num_credentials = 2;
    pump_start(&p);
    pump_run(&p);
    cr_expect(cub_engine_connected(&client->engine));
    init(CUB_TLS1_3);
    server->config.credentials = both;
    server->config.num_credentials = 1;
    pump_start(&p);
    pump_run(&p);
    cr_expect_eq(cub_engine_error(&server->engine), E_NO_COMMON_SIGNATURE);
}

/* An EC key is of use in TLS 1.2 to clients that have its curve [RFC8422-5.1]; TLS 1.3 does not
 * ask. */
Test(negotiate, curve_of_the_key)
{
    static const struct cub_group *const p256[] = {&cub_group_secp256r1, NULL};
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (unsigned i = 0; i < 2; i++) {
        init(versions[i]);
        end_use_chain(server, PKI_P384);
        client->config.groups = p256;
        pump_start(&p);
        pump_run(&p);
        cr_expect_eq(cub_engine_connected(&client->engine), versions[i] == CUB_TLS1_3);
        if (versions[i] == CUB_TLS1_2)
            cr_expect_eq(cub_engine_error(&server->engine), E_NO_COMMON_CIPHER);
    }
}

/* DistinguishedNames: the name that issued the client's chain, or another one. */
static struct cub_view authorities_of(const struct pki_cert *ca)
{
    static uint8_t names[512];

    names[0] = (uint8_t)(ca->subject.len >> 8);
    names[1] = (uint8_t)ca->subject.len;
    memcpy(names + 2, ca->subject.data, ca->subject.len);
    return (struct cub_view){names, 2 + ca->subject.len};
}

Test(negotiate, issuers_that_a_server_names)
{
    static const uint16_t versions[] = {CUB_TLS1_2, CUB_TLS1_3};

    for (unsigned i = 0; i < 6; i++) {
        init(versions[i % 2]);
        client->credential.suits = cub_credential_is_issued_by;
        server->config.verify_mode = CUB_VERIFY_OPTIONAL;
        if (i / 2 == 0)
            server->config.certificate_authorities = authorities_of(pki_root());
        if (i / 2 == 1)
            server->config.certificate_authorities = authorities_of(&pki_chain(PKI_P256)->certs[0]);
        pump_handshake(&p);
        /* The root is the chain's, the leaf has issued nothing, and who names nobody takes all. */
        cr_expect_eq(server->engine.hs->peer_has_cert, i / 2 != 1, "run %u", i);
    }
}

/* rsa_pkcs1_*_legacy, for clients whose keys cannot do PSS [RFC9963-3]. */

static const struct cub_sign_scheme *const sign_legacy[] = {&cub_sign_rsa_pkcs1_sha256_legacy,
                                                            NULL};
static const struct cub_verify_scheme *const verify_legacy[] = {&cub_verify_rsa_pkcs1_sha256_legacy,
                                                                &cub_verify_ecdsa_secp256r1_sha256,
                                                                NULL};

/* A client with a key of RSA, which signs with what is said or all that it can; the server asks for
 * one thing that such a key does. */
static void init_legacy(uint16_t version, bool named)
{
    init(version);
    end_use_chain(client, PKI_RSA2048);
    client->credential.sign_schemes = named ? sign_legacy : NULL;
    server->config.verify_mode = CUB_VERIFY_OPTIONAL;
    server->config.verify_schemes = verify_legacy;
}

Test(negotiate, legacy_schemes_of_clients)
{
    init_legacy(CUB_TLS1_3, true);
    pump_handshake(&p);
    cr_expect(server->engine.hs->peer_has_cert);
    cr_expect_eq(server->engine.peer_scheme, 0x0420);
    cr_expect_eq(client->engine.own_scheme, 0x0420);
}

Test(negotiate, legacy_schemes_are_off_by_default)
{
    /* The client's key is not said to need them. */
    init_legacy(CUB_TLS1_3, false);
    pump_handshake(&p);
    cr_expect_not(server->engine.hs->peer_has_cert);
    /* The server does not ask for them. */
    init_legacy(CUB_TLS1_3, true);
    server->config.verify_schemes = NULL;
    pump_handshake(&p);
    cr_expect_not(server->engine.hs->peer_has_cert);
}

Test(negotiate, legacy_schemes_are_not_for_tls12)
{
    init_legacy(CUB_TLS1_2, true);
    pump_handshake(&p);
    cr_expect_not(server->engine.hs->peer_has_cert);
}

Test(negotiate, legacy_schemes_are_not_for_servers)
{
    static const struct cub_verify_scheme *const both[] = {&cub_verify_rsa_pkcs1_sha256_legacy,
                                                           &cub_verify_rsa_pss_rsae_sha256, NULL};
    static const struct cub_sign_scheme *const signs[] = {&cub_sign_rsa_pkcs1_sha256_legacy,
                                                          &cub_sign_rsa_pss_rsae_sha256, NULL};
    const struct cub_verify_scheme *const none[] = {&cub_verify_rsa_pkcs1_sha256_legacy, NULL};

    init(CUB_TLS1_3);
    end_use_chain(server, PKI_RSA2048);
    server->credential.sign_schemes = signs;
    client->config.verify_schemes = both;
    pump_handshake(&p);
    cr_expect_eq(server->engine.own_scheme, 0x0804);
    /* A client that has nothing else offers nothing. */
    init(CUB_TLS1_3);
    end_use_chain(server, PKI_RSA2048);
    server->credential.sign_schemes = signs;
    client->config.verify_schemes = none;
    pump_start(&p);
    pump_run(&p);
    cr_expect_eq(cub_engine_error(&server->engine), E_CH_NO_SIGNATURE_ALGORITHMS);
}

/* TLS 1.2: a scheme is a hash, and says nothing of the curve [RFC8446-4.2.3]. */

static const struct {
    enum pki_fixture fixture;
    const struct cub_verify_scheme *verify; /* with such keys */
    uint16_t schemes[3];                    /* the one that TLS 1.3 has for them first */
} any_curve[] = {
    {PKI_P256, &cub_verify_ecdsa_secp256r1_sha256, {0x0403, 0x0503, 0x0603}},
    {PKI_P384, &cub_verify_ecdsa_secp384r1_sha384, {0x0503, 0x0403, 0x0603}},
    {PKI_P521, &cub_verify_ecdsa_secp521r1_sha512, {0x0603, 0x0403, 0x0503}},
};
#define ANY_CURVE (sizeof any_curve / sizeof *any_curve)

/* One side has a key and, in TLS 1.2, the other takes one hash from it. */
static void sign_by_one_scheme(enum pump_side side, size_t row, uint16_t id)
{
    struct end *signer = &p.ends[side], *other = &p.ends[!side];
    const struct cub_verify_scheme *const *scheme = cub_profile_full.verify_schemes;
    struct cub_verify_scheme same_id = *any_curve[row].verify;
    const struct cub_verify_scheme *list[] = {NULL, &same_id, NULL};

    init(CUB_TLS1_2);
    end_use_chain(signer, any_curve[row].fixture);
    while ((*scheme)->id != id)
        scheme++;
    list[0] = *scheme;
    same_id.id = id;
    other->config.verify_schemes = list;
    server->config.verify_mode = side == PUMP_CLIENT ? CUB_VERIFY_REQUIRED : CUB_VERIFY_NONE;
    pump_handshake(&p);
    cr_expect_eq(signer->engine.own_scheme, id, "%x by row %zu", id, row);
    cr_expect_eq(other->engine.peer_scheme, id);
}

Test(negotiate, any_hash_with_any_curve)
{
    for (size_t row = 0; row < ANY_CURVE; row++) {
        for (size_t i = 0; i < 3; i++) {
            sign_by_one_scheme(PUMP_SERVER, row, any_curve[row].schemes[i]);
            sign_by_one_scheme(PUMP_CLIENT, row, any_curve[row].schemes[i]);
        }
        /* The usual pair, if the peer has it. */
        init(CUB_TLS1_2);
        end_use_chain(server, any_curve[row].fixture);
        pump_handshake(&p);
        cr_expect_eq(server->engine.own_scheme, any_curve[row].schemes[0]);
    }
}

/* TLS 1.3 has no other pairs, whatever a credential says. */
Test(negotiate, curve_of_a_scheme)
{
    static const struct cub_sign_scheme *const other[] = {&cub_sign_ecdsa_secp256r1_sha384, NULL};

    init(CUB_TLS1_3);
    server->credential.sign_schemes = other;
    pump_start(&p);
    pump_run(&p);
    cr_expect_eq(cub_engine_error(&server->engine), E_NO_COMMON_SIGNATURE);
    init(CUB_TLS1_2);
    server->credential.sign_schemes = other;
    pump_handshake(&p);
    cr_expect_eq(server->engine.own_scheme, 0x0503);
}
