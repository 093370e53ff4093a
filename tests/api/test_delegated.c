/*
 * Delegated credentials in the hosted API: made, loaded, shown, and refused where clients would.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/der_out.h"
#include "tests/support/process.h"

#define HOUR 3600

static struct pair p;
static struct cub_delegated_credential credential;

/* The chain of a leaf that may delegate; times as in struct pki_spec. */
static const char *chain_pem(enum pki_key_id key, bool may_delegate, int64_t not_after)
{
    static const uint8_t usage[] = {0x30, 0x0f, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
                                    0x82, 0xda, 0x4b, 0x2c, 0x04, 0x02, 0x05, 0x00};
    static char text[16384];
    static struct pki_cert leaf;
    const struct pki_cert *issuer = &pki_chain(PKI_P256)->certs[1];
    struct pki_spec spec = {
        .subject = "server.example",
        .key = key,
        .issuer = issuer,
        .not_after = not_after,
        .key_usage = CUB_KU_DIGITAL_SIGNATURE,
        .dns = {"server.example"},
    };

    if (may_delegate)
        spec.more = (struct cub_view){usage, sizeof usage};
    pki_issue(&leaf, &spec);
    text[0] = 0;
    pki_pem(text, sizeof text, "CERTIFICATE", leaf.der, leaf.len);
    pki_pem(text, sizeof text, "CERTIFICATE", issuer->der, issuer->len);
    return text;
}

static cub_context *new_server(void)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_SERVER, &context), CUB_OK);
    return context;
}

/* Of a context whose certificate may delegate. */
static cub_result delegate_for(cub_context *context, enum pki_key_id key, uint32_t seconds)
{
    uint8_t spki[1024];
    struct der_out o = {spki, sizeof spki, 0};

    pki_spki(&o, pki_key(key));
    return cub_context_delegate(context, spki, o.len, seconds, &credential);
}

static cub_result load_as(cub_context *context, const char *chain, const void *delegated,
                          size_t len, enum pki_key_id key)
{
    return cub_context_load_delegated_credential_data(context, chain, strlen(chain), delegated, len,
                                                      pki_key_pems[key], strlen(pki_key_pems[key]),
                                                      NULL);
}

static cub_result load(cub_context *context, const char *chain, enum pki_key_id key)
{
    return load_as(context, chain, credential.bytes, credential.len, key);
}

static void load_own(cub_context *context, const char *chain, enum pki_key_id key)
{
    cr_assert_eq(cub_context_load_cert_chain_data(context, chain, strlen(chain), pki_key_pems[key],
                                                  strlen(pki_key_pems[key]), NULL),
                 CUB_OK, "%s", cub_last_error(context)->message);
}

/* A handshake of a client that takes such credentials, or not. */
static void expect(cub_context *server, bool accepts, const char *sigalg)
{
    bool is_delegated = accepts;

    p = (struct pair){.client_context = pair_client_context(), .server_context = server};
    cr_assert_eq(cub_context_set_delegated_credentials(p.client_context, accepts), CUB_OK);
    pair_connect(&p);
    cr_assert_eq(cub_conn_get_delegated_credential(p.client), is_delegated);
    cr_assert_eq(cub_conn_get_delegated_credential(p.server), is_delegated);
    cr_assert_str_eq(cub_conn_server_sigalg(p.client), sigalg);
    cr_assert_str_eq(cub_conn_server_sigalg(p.server), sigalg);
    pair_echo(p.client, p.server, "hello");
    p.server_context = NULL;
    pair_close(&p);
}

/* Any key for any key. */
Test(delegated, made_and_shown)
{
    static const enum pki_key_id leafs[] = {PKI_KEY_P256, PKI_KEY_P384, PKI_KEY_RSA2048,
                                            PKI_KEY_ED25519};
    static const struct {
        enum pki_key_id key;
        const char *sigalg;
    } rows[] = {
        {PKI_KEY_CA,      "ecdsa_secp256r1_sha256"},
        {PKI_KEY_P384,    "ecdsa_secp384r1_sha384"},
        {PKI_KEY_P521,    "ecdsa_secp521r1_sha512"},
        {PKI_KEY_ED25519, "ed25519"               },
        {PKI_KEY_RSA_PSS, "rsa_pss_pss_sha256"    },
    };

    for (size_t i = 0; i < sizeof leafs / sizeof *leafs; i++) {
        const char *chain = chain_pem(leafs[i], true, 0);
        cub_context *owner = new_server();

        load_own(owner, chain, leafs[i]);
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            cub_context *server = new_server();

            cr_assert_eq(delegate_for(owner, rows[j].key, 168 * HOUR), CUB_OK);
            cr_assert_eq(load(server, chain, rows[j].key), CUB_OK, "%s",
                         cub_last_error(server)->message);
            expect(server, true, rows[j].sigalg);
            cub_context_free(server);
        }
        cub_context_free(owner);
    }
}

/* The certificate's own key is for the others, whichever was loaded first; what is stapled to one
 * is stapled to the other. */
Test(delegated, beside_the_certificate)
{
    static const uint8_t scts[] = {0, 3, 0, 1, 'x'};

    for (unsigned last = 0; last < 2; last++) {
        const char *chain = chain_pem(PKI_KEY_P256, true, 0);
        cub_context *server = new_server();

        load_own(server, chain, PKI_KEY_P256);
        cr_assert_eq(delegate_for(server, PKI_KEY_P384, HOUR), CUB_OK);
        cr_assert_eq(load(server, chain, PKI_KEY_P384), CUB_OK);
        if (last == 1)
            load_own(server, chain, PKI_KEY_P256);
        cr_assert_eq(cub_context_load_scts_data(server, scts, sizeof scts), CUB_OK);
        expect(server, true, "ecdsa_secp384r1_sha384");
        expect(server, false, "ecdsa_secp256r1_sha256");
        for (unsigned accepts = 0; accepts < 2; accepts++) {
            struct cub_bytes got;

            p = (struct pair){.client_context = pair_client_context(), .server_context = server};
            cub_context_set_delegated_credentials(p.client_context, accepts);
            cub_context_set_scts_requested(p.client_context, true);
            pair_connect(&p);
            cr_assert_eq(cub_conn_get_scts(p.client, &got), CUB_OK);
            cr_assert_eq(got.len, sizeof scts);
            p.server_context = NULL;
            pair_close(&p);
        }
        cub_context_free(server);
    }
}

/* One that is loaded later takes the place of the other. */
Test(delegated, replaced)
{
    const char *chain = chain_pem(PKI_KEY_P256, true, 0);
    cub_context *server = new_server();

    load_own(server, chain, PKI_KEY_P256);
    cr_assert_eq(delegate_for(server, PKI_KEY_CA, HOUR), CUB_OK);
    for (unsigned i = 0; i < 40; i++)
        cr_assert_eq(load(server, chain, PKI_KEY_CA), CUB_OK);
    expect(server, true, "ecdsa_secp256r1_sha256");
    cub_context_free(server);
}

/* Who does not ask for it is refused where there is nothing else; in TLS 1.2 all are. */
Test(delegated, alone)
{
    const char *chain = chain_pem(PKI_KEY_P256, true, 0);

    for (unsigned i = 0; i < 2; i++) {
        cub_context *server = new_server();

        load_own(server, chain, PKI_KEY_P256);
        cr_assert_eq(delegate_for(server, PKI_KEY_P384, HOUR), CUB_OK);
        cub_context_free(server);
        server = new_server();
        cr_assert_eq(load(server, chain, PKI_KEY_P384), CUB_OK);
        p = (struct pair){.client_context = pair_client_context(), .server_context = server};
        cub_context_set_delegated_credentials(p.client_context, i == 1);
        if (i == 1)
            cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2);
        pair_open(&p);
        pair_handshake(&p);
        cr_assert_eq(p.server_result, CUB_SSLError);
        cr_assert_str_eq(cub_conn_error(p.server)->reason,
                         i == 0 ? "NO_SUITABLE_SIGNATURE_ALGORITHM" : "NO_SHARED_CIPHER");
        pair_close(&p);
    }
}

/* As PEM, from files. */
Test(delegated, files)
{
    const char *chain = chain_pem(PKI_KEY_P256, true, 0);
    cub_context *server = new_server();
    char text[4096] = "";
    char *cert, *key, *delegated;

    load_own(server, chain, PKI_KEY_P256);
    cr_assert_eq(delegate_for(server, PKI_KEY_P384, HOUR), CUB_OK);
    pki_pem(text, sizeof text, "DELEGATED CREDENTIAL", credential.bytes, credential.len);
    cert = scratch_file("chain.pem", chain);
    key = scratch_file("key.pem", pki_key_pems[PKI_KEY_P384]);
    delegated = scratch_file("delegated.pem", text);
    cr_assert_eq(cub_context_load_delegated_credential(server, cert, delegated, key, NULL), CUB_OK,
                 "%s", cub_last_error(server)->message);
    expect(server, true, "ecdsa_secp384r1_sha384");
    cr_assert_eq(cub_context_load_delegated_credential(server, cert, "/no/such/file", key, NULL),
                 CUB_OSError);
    cr_assert_eq(cub_context_load_delegated_credential(server, cert, delegated, "/no/such/file",
                                                       NULL),
                 CUB_OSError);
    cub_context_free(server);
}

static void refused(cub_context *server, cub_result result, const char *reason, const char *name)
{
    const struct cub_error_details *d = cub_last_error(server);

    cr_assert_neq(result, CUB_OK);
    cr_assert_str_eq(d->reason, reason, "%s", d->message);
    cr_assert_str_eq(d->name, name);
}

/* What clients would refuse. */
Test(delegated, refused)
{
    const char *chain = chain_pem(PKI_KEY_P256, true, 0);
    cub_context *server = new_server();
    struct cub_delegated_credential good;
    char text[4096] = "";
    size_t algorithm;

    load_own(server, chain, PKI_KEY_P256);
    cr_assert_eq(delegate_for(server, PKI_KEY_CA, HOUR), CUB_OK);
    good = credential;
    refused(server, load_as(server, chain, good.bytes, good.len - 1, PKI_KEY_CA), "NO_START_LINE",
            "NO_DELEGATED");
    pki_pem(text, sizeof text, "DELEGATED CREDENTIAL", good.bytes, good.len - 1);
    refused(server, load_as(server, chain, text, strlen(text), PKI_KEY_CA), "LENGTH_MISMATCH",
            "DC_FORM");
    refused(server, load(server, chain, PKI_KEY_ROOT), "KEY_VALUES_MISMATCH", "KEY_MISMATCH");
    refused(server, load(server, chain, PKI_KEY_P384), "KEY_TYPE_MISMATCH", "KEY_TYPE");
    /* Over since the certificate began. */
    memset(credential.bytes, 0, 4);
    refused(server, load(server, chain, PKI_KEY_CA), "BAD_DELEGATED_CREDENTIAL", "DC_TIME");
    credential = good;
    credential.bytes[good.len - 1] ^= 1;
    refused(server, load(server, chain, PKI_KEY_CA), "BAD_DELEGATED_CREDENTIAL", "DC_SIGNATURE");
    /* Not by a key of this type, nor by what is for certificates alone. */
    algorithm = 9 + ((size_t)good.bytes[7] << 8) + good.bytes[8];
    credential = good;
    credential.bytes[algorithm] = 8;
    credential.bytes[algorithm + 1] = 7;
    refused(server, load(server, chain, PKI_KEY_CA), "WRONG_SIGNATURE_TYPE", "DELEGATED_SCHEME");
    credential.bytes[algorithm] = 4;
    credential.bytes[algorithm + 1] = 1;
    refused(server, load(server, chain, PKI_KEY_CA), "WRONG_SIGNATURE_TYPE", "DELEGATED_SCHEME");
    credential = good;
    refused(server, load(server, chain_pem(PKI_KEY_P256, false, 0), PKI_KEY_CA),
            "BAD_DELEGATED_CREDENTIAL", "DC_USAGE");
    cub_context_free(server);
}

/* What may not be delegated. */
Test(delegated, not_made)
{
    cub_context *server = new_server();

    refused(server, delegate_for(server, PKI_KEY_P384, HOUR), "BAD_DELEGATED_CREDENTIAL",
            "DC_USAGE");
    load_own(server, chain_pem(PKI_KEY_P256, false, 0), PKI_KEY_P256);
    refused(server, delegate_for(server, PKI_KEY_P384, HOUR), "BAD_DELEGATED_CREDENTIAL",
            "DC_USAGE");
    load_own(server, chain_pem(PKI_KEY_P256, true, 0), PKI_KEY_P256);
    cr_assert_eq(delegate_for(server, PKI_KEY_P384, 604800), CUB_OK);
    /* A week [RFC9345-3]. */
    cr_assert_eq(delegate_for(server, PKI_KEY_P384, 604801), CUB_ValueError);
    cr_assert_eq(delegate_for(server, PKI_KEY_P384, 0), CUB_ValueError);
    cr_assert_str_eq(cub_last_error(server)->name, "DELEGATED_VALIDITY");
    cr_assert_eq(credential.len, 0);
    /* Keys with rsaEncryption [RFC9345-4]. */
    refused(server, delegate_for(server, PKI_KEY_RSA2048, HOUR), "WRONG_SIGNATURE_TYPE",
            "DELEGATED_SCHEME");
    refused(server, cub_context_delegate(server, "x", 1, HOUR, &credential), "NO_START_LINE",
            "NO_RAW_KEY");
    /* The certificate is over before that. */
    load_own(server, chain_pem(PKI_KEY_P256, true, PKI_NOT_BEFORE + 86400), PKI_KEY_P256);
    cr_assert_eq(delegate_for(server, PKI_KEY_P384, HOUR), CUB_ValueError);
    cub_context_free(server);
}

/* By a key that lives elsewhere, and does not answer at once. */
static cub_result sign(void *arg, uint16_t scheme, const void *message, size_t len, void *signature,
                       size_t *signature_len)
{
    unsigned *calls = arg;
    struct cub_random none = {NULL, NULL};

    cr_assert_eq(scheme, 0x0403);
    if ((*calls)++ == 0)
        return CUB_SSLWantReadError;
    return cub_sign_message(&cub_sign_ecdsa_secp256r1_sha256, &pki_key(PKI_KEY_P256)->private_key,
                            &none, message, len, signature, signature_len) == E_OK
               ? CUB_OK
               : CUB_SSLError;
}

Test(delegated, by_a_key_elsewhere)
{
    const char *chain = chain_pem(PKI_KEY_P256, true, 0);
    cub_context *owner = new_server(), *server = new_server();
    unsigned calls = 0;

    cr_assert_eq(cub_context_load_cert_chain_sign(owner, chain, strlen(chain), sign, &calls),
                 CUB_OK);
    cr_assert_eq(delegate_for(owner, PKI_KEY_P384, HOUR), CUB_SSLWantReadError);
    cr_assert_eq(delegate_for(owner, PKI_KEY_P384, HOUR), CUB_OK);
    cr_assert_eq(load(server, chain, PKI_KEY_P384), CUB_OK);
    expect(server, true, "ecdsa_secp384r1_sha384");
    cub_context_free(owner);
    cub_context_free(server);
}
