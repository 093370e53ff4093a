#include <criterion/criterion.h>

#include "tests/api/pair.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

Test(context_algorithms, lists_of_names)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);
    struct cub_cipher_info ciphers[8];
    const char *groups[8];

    cr_expect_gt(cub_context_get_ciphers(c, NULL, 0), 4);
    cr_assert_eq(cub_context_set_ciphers(c, "ECDHE-RSA-AES128-GCM-SHA256"), CUB_OK);
    cr_expect_eq(cub_context_get_ciphers(c, NULL, 0), 4, "those of TLS 1.3 stay");
    cr_expect_eq(cub_context_set_ciphersuites(c, "TLS_AES_128_CCM_8_SHA256:"
                                                 "TLS_AES_128_GCM_SHA256:"
                                                 "TLS_AES_128_CCM_8_SHA256"),
                 CUB_OK);
    cr_assert_eq(cub_context_get_ciphers(c, ciphers, 8), 3, "each counts once");
    cr_expect_str_eq(ciphers[2].name, "ECDHE-RSA-AES128-GCM-SHA256");
    cr_expect_str_eq(ciphers[0].name, "TLS_AES_128_CCM_8_SHA256");
    cr_expect_eq(ciphers[1].id, 50336513u);
    cr_expect_str_eq(ciphers[1].description,
                     "TLS_AES_128_GCM_SHA256         TLSv1.3 Kx=any      Au=any   "
                     "Enc=AESGCM(128)            Mac=AEAD");
    cr_expect_eq(ciphers[1].strength_bits, 128);
    cr_expect_str_eq(ciphers[1].symmetric, "aes-128-gcm");
    cr_expect_eq(cub_context_get_ciphers(c, ciphers, 1), 3, "no more than there is room for");
    cr_expect_eq(cub_context_set_ciphersuites(c, "TLS_AES_128_GCM_SHA256:nonsense"), CUB_SSLError);
    cr_expect_eq(cub_context_set_ciphersuites(c, ""), CUB_SSLError);
    cr_expect_eq(cub_context_set_ciphers(c, "RC4"), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(c)->message, "No cipher can be selected.");
    cr_expect_eq(cub_context_get_ciphers(c, NULL, 0), 3, "a list that is wrong changes nothing");

    cr_expect_eq(cub_context_get_groups(c, groups, 8), 5);
    cr_expect_str_eq(groups[0], "X25519MLKEM768");
    cr_expect_str_eq(groups[1], "x25519");
    cr_expect_eq(cub_context_set_groups(c, "MLKEM1024:X25519MLKEM768"), CUB_OK);
    cr_assert_eq(cub_context_get_groups(c, groups, 8), 2);
    cr_expect_str_eq(groups[0], "MLKEM1024");
    cr_expect_eq(cub_context_set_groups(c, "P-384:X25519:secp384r1"), CUB_OK);
    cr_assert_eq(cub_context_get_groups(c, groups, 8), 2);
    cr_expect_str_eq(groups[0], "secp384r1");
    cr_expect_str_eq(groups[1], "x25519");
    cr_expect_eq(cub_context_set_groups(c, "brainpool"), CUB_SSLError);
    cr_expect_eq(cub_context_set_ecdh_curve(c, "prime256v1"), CUB_OK);
    cr_assert_eq(cub_context_get_groups(c, groups, 8), 1);
    cr_expect_str_eq(groups[0], "secp256r1");
    cr_expect_eq(cub_context_set_ecdh_curve(c, "P-256:P-384"), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "unknown elliptic curve name 'P-256:P-384'");
    cr_expect_eq(cub_context_set_client_sigalgs(c, "RSA+SHA256:rsa_pkcs1_sha256"), CUB_OK);
    cr_expect_eq(cub_context_set_server_sigalgs(c, "md5"), CUB_SSLError);
    cub_context_free(c);
}

/* OP_CIPHER_SERVER_PREFERENCE: whose order counts. */
Test(context_algorithms, order_of_suites)
{
    static const char *const orders[] = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};

    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        uint64_t options = cub_context_get_options(p.server_context);
        struct cub_cipher cipher;
        cr_expect(options & CUB_OP_CIPHER_SERVER_PREFERENCE, "by default");
        if (i == 0)
            options &= ~CUB_OP_CIPHER_SERVER_PREFERENCE;
        cr_assert_eq(cub_context_set_options(p.server_context, options), CUB_OK);
        cr_assert_eq(cub_context_set_ciphersuites(p.client_context,
                                                  "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"),
                     CUB_OK);
        pair_connect(&p);
        cr_assert(cub_conn_cipher(p.client, &cipher));
        cr_expect_str_eq(cipher.name, orders[i]);
        pair_close(&p);
    }
}

Test(context_algorithms, security_levels)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);

    cr_expect_eq(cub_context_get_security_level(c), 2);
    cr_expect_eq(cub_context_set_ciphers(c, "ECDHE:@SECLEVEL=1"), CUB_OK);
    cr_expect_eq(cub_context_get_security_level(c), 1);
    cub_context_free(c);
}

/* A role's own list limits what it signs with; the other's, what it takes. */
Test(context_algorithms, own_signatures)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_RSA2048)};

    cr_assert_eq(cub_context_set_server_sigalgs(p.server_context,
                                                "rsa_pss_rsae_sha512:ecdsa_secp256r1_sha256"),
                 CUB_OK);
    pair_connect(&p);
    cr_expect_str_eq(cub_conn_server_sigalg(p.client), "rsa_pss_rsae_sha512");
    pair_close(&p);

    p = (struct pair){.client_context = pair_client_context(),
                      .server_context = pair_server_context(PKI_RSA2048)};
    cr_assert_eq(cub_context_set_server_sigalgs(p.server_context, "ecdsa_secp256r1_sha256"),
                 CUB_OK);
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.server)->reason, "NO_SUITABLE_SIGNATURE_ALGORITHM");
    pair_close(&p);
}

/* Clients whose keys cannot do PSS, if both sides say so [RFC9963]. */
Test(context_algorithms, legacy_signatures)
{
    static const char list[] = "rsa_pkcs1_sha256_legacy:ecdsa_secp256r1_sha256";

    for (unsigned i = 0; i < 4; i++) {
        bool client = i & 1, server = i & 2;
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        const struct pki_cert *root = pki_root();
        cr_assert_eq(cub_context_load_verify_locations(p.server_context, NULL, NULL, root->der,
                                                       root->len),
                     CUB_OK);
        cr_assert_eq(cub_context_set_verify_mode(p.server_context, CUB_CERT_OPTIONAL), CUB_OK);
        pair_load(p.client_context, PKI_RSA2048);
        if (client)
            cr_assert_eq(cub_context_set_client_sigalgs(p.client_context, list), CUB_OK);
        if (server)
            cr_assert_eq(cub_context_set_client_sigalgs(p.server_context, list), CUB_OK);
        pair_connect(&p);
        if (client && server)
            cr_expect_str_eq(cub_conn_client_sigalg(p.server), "rsa_pkcs1_sha256_legacy");
        else if (client || server)
            cr_expect_null(cub_conn_client_sigalg(p.server));
        else
            cr_expect_str_eq(cub_conn_client_sigalg(p.server), "rsa_pss_rsae_sha256");
        pair_close(&p);
    }
}

/* They are no server's [RFC9963-3]. */
Test(context_algorithms, legacy_signatures_of_servers)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);

    cr_expect_eq(cub_context_set_server_sigalgs(c, "rsa_pkcs1_sha256_legacy"), CUB_SSLError);
    cr_expect_eq(cub_context_set_server_sigalgs(c, "rsa_pkcs1_sha256_legacy:ed25519"), CUB_OK);
    cr_expect_eq(cub_context_set_client_sigalgs(c, "rsa_pkcs1_sha384_legacy"), CUB_OK);
    cr_expect_eq(cub_context_set_client_sigalgs(c, "rsa_pkcs1_sha512_legacy"), CUB_OK);
    cub_context_free(c);
}

/* Each name can be given back. */
Test(context_algorithms, sigalgs_have_names)
{
    const char *names[32];
    size_t count = cub_get_sigalgs(names, 32);
    cub_context *c = fresh(CUB_PROTOCOL_TLS);

    cr_assert(count > 8 && count <= 32, "%zu", count);
    cr_expect_eq(cub_get_sigalgs(NULL, 0), count);
    for (size_t i = 0; i < count; i++) {
        cr_assert_not_null(names[i]);
        cr_expect_eq(cub_context_set_client_sigalgs(c, names[i]), CUB_OK, "%s", names[i]);
        cr_expect_eq(cub_context_set_server_sigalgs(c, names[i]), CUB_OK, "%s", names[i]);
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(names[i], names[j]);
    }
    cub_context_free(c);
}
