#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

static cub_context *fresh(enum cub_SSLMethod protocol)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(protocol, &context), CUB_OK);
    return context;
}

/* What Python 3.13 over OpenSSL 3 shows. */
Test(attributes, defaults_of_contexts)
{
    static const struct {
        enum cub_SSLMethod protocol;
        enum cub_VerifyMode verify_mode;
        bool check_hostname;
    } rows[] = {
        {CUB_PROTOCOL_TLS_CLIENT, CUB_CERT_REQUIRED, true },
        {CUB_PROTOCOL_TLS_SERVER, CUB_CERT_NONE,     false},
        {CUB_PROTOCOL_TLS,        CUB_CERT_NONE,     false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cub_context *c = fresh(rows[i].protocol);
        cr_expect_eq(cub_context_get_protocol(c), rows[i].protocol);
        cr_expect_eq(cub_context_get_verify_mode(c), rows[i].verify_mode);
        cr_expect_eq(cub_context_get_check_hostname(c), rows[i].check_hostname);
        cr_expect_eq(cub_context_get_verify_flags(c), CUB_VERIFY_X509_TRUSTED_FIRST);
        cr_expect_eq(cub_context_get_options(c), 2186412112u);
        cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_2);
        cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_MAXIMUM_SUPPORTED);
        cr_expect_eq(cub_context_get_num_tickets(c), 2);
        cr_expect_not(cub_context_get_post_handshake_auth(c));
        cr_expect_null(cub_context_get_keylog_filename(c));
        cub_context_free(c);
    }
}

Test(attributes, default_contexts)
{
    cub_context *c;

    unsetenv("SSLKEYLOGFILE");
    cr_assert_eq(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cr_expect_eq(cub_context_get_protocol(c), CUB_PROTOCOL_TLS_CLIENT);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED);
    cr_expect(cub_context_get_check_hostname(c));
    cr_expect_eq(cub_context_get_verify_flags(c), 557088u);
    cub_context_free(c);
    cr_assert_eq(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cr_expect_eq(cub_context_get_protocol(c), CUB_PROTOCOL_TLS_SERVER);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_NONE);
    cr_expect_null(cub_context_get_keylog_filename(c));
    cub_context_free(c);
}

Test(attributes, protocols_that_are_not_there)
{
    static const enum cub_SSLMethod gone[] = {CUB_PROTOCOL_SSLv2, CUB_PROTOCOL_SSLv3,
                                              CUB_PROTOCOL_TLSv1, CUB_PROTOCOL_TLSv1_1,
                                              (enum cub_SSLMethod)99};

    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        cub_context *c;
        cr_expect_eq(cub_context_new(gone[i], &c), CUB_ValueError);
        cr_expect_str_eq(cub_last_error(c)->message, "invalid or unsupported protocol version");
        cub_context_free(c);
    }
    cr_expect_eq(cub_last_error(NULL)->result, CUB_MemoryError);
}

Test(attributes, verify_mode_and_check_hostname_interlock)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_NONE), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message,
                     "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED);
    cr_expect_eq(cub_context_set_check_hostname(c, false), CUB_OK);
    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_NONE), CUB_OK);
    cr_expect_eq(cub_context_set_check_hostname(c, true), CUB_OK);
    cr_expect_eq(cub_context_get_verify_mode(c), CUB_CERT_REQUIRED,
                 "checking a name without a certificate makes no sense");
    cr_expect_eq(cub_context_set_verify_mode(c, CUB_CERT_OPTIONAL), CUB_OK);
    cr_expect_eq(cub_context_set_verify_mode(c, (enum cub_VerifyMode)3), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "invalid value for verify_mode");
    cub_context_free(c);
}

Test(attributes, versions)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);

    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_TLSv1_3), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_3);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_MINIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_MINIMUM_SUPPORTED);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_MAXIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_minimum_version(c), CUB_TLSVersion_TLSv1_3);
    cr_expect_eq(cub_context_set_maximum_version(c, CUB_TLSVersion_TLSv1_2), CUB_OK);
    cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_TLSv1_2);
    cr_expect_eq(cub_context_set_maximum_version(c, CUB_TLSVersion_MAXIMUM_SUPPORTED), CUB_OK);
    cr_expect_eq(cub_context_get_maximum_version(c), CUB_TLSVersion_MAXIMUM_SUPPORTED);
    cr_expect_eq(cub_context_set_maximum_version(c, 0x0305), CUB_ValueError);
    cr_expect_eq(cub_context_set_minimum_version(c, 7), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(c)->message, "Unsupported TLS/SSL version 0x7");
    cub_context_free(c);

    c = fresh(CUB_PROTOCOL_TLSv1_2);
    cr_expect_eq(cub_context_set_minimum_version(c, CUB_TLSVersion_TLSv1_2), CUB_ValueError);
    cub_context_free(c);
}

/* Without a version in common with itself a context cannot connect. */
Test(attributes, no_version_left)
{
    struct pair p = {.client_context = pair_client_context()};

    cr_assert_eq(cub_context_set_options(p.client_context,
                                         cub_context_get_options(p.client_context) |
                                             CUB_OP_NO_TLSv1_3 | CUB_OP_NO_TLSv1_2),
                 CUB_OK);
    pair_open(&p);
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "NO_PROTOCOLS_AVAILABLE");
    pair_close(&p);
}

Test(attributes, plain_values_are_kept)
{
    cub_context *server = fresh(CUB_PROTOCOL_TLS_SERVER);
    cub_context *client = fresh(CUB_PROTOCOL_TLS_CLIENT);

    cr_expect_eq(cub_context_set_verify_flags(client, CUB_VERIFY_CRL_CHECK_CHAIN), CUB_OK);
    cr_expect_eq(cub_context_get_verify_flags(client), CUB_VERIFY_CRL_CHECK_CHAIN);
    cr_expect_eq(cub_context_set_options(client, CUB_OP_NO_TLSv1_3), CUB_OK);
    cr_expect_eq(cub_context_get_options(client), CUB_OP_NO_TLSv1_3);
    cr_expect_eq(cub_context_set_post_handshake_auth(client, true), CUB_OK);
    cr_expect(cub_context_get_post_handshake_auth(client));
    cr_expect_eq(cub_context_set_num_tickets(server, 0), CUB_OK);
    cr_expect_eq(cub_context_get_num_tickets(server), 0);
    cr_expect_eq(cub_context_set_num_tickets(server, -1), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(server)->message, "value must be non-negative");
    cr_expect_eq(cub_context_set_num_tickets(client, 1), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(client)->message, "SSLContext is not a server context.");
    cr_expect_eq(cub_context_set_record_size_limit(client, 63), CUB_ValueError);
    cr_expect_eq(cub_context_set_record_size_limit(client, 16385), CUB_ValueError);
    cr_expect_eq(cub_context_set_record_size_limit(client, 64), CUB_OK);
    cub_context_free(server);
    cub_context_free(client);
}

Test(attributes, alpn_names_have_1_to_255_bytes)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS_CLIENT);
    char long_name[257] = "";
    const char *names[] = {"h2", "http/1.1", long_name};

    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 2), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "empty");
    memset(long_name, 'a', 256);
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_SSLError, "too long");
    long_name[255] = 0;
    cr_expect_eq(cub_context_set_alpn_protocols(c, names, 3), CUB_OK);
    cr_expect_eq(cub_context_set_alpn_protocols(c, NULL, 0), CUB_OK, "none");
    cub_context_free(c);
}

Test(attributes, lists_of_names)
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

Test(attributes, keylog_is_opened_at_once)
{
    cub_context *c = fresh(CUB_PROTOCOL_TLS);
    char *path = scratch_path("keys");
    char *text;

    cr_expect_eq(cub_context_set_keylog_filename(c, "/nonexistent/keys"), CUB_OSError);
    cr_expect_null(cub_context_get_keylog_filename(c));
    cr_expect_eq(cub_context_set_keylog_filename(c, path), CUB_OK);
    cr_expect_str_eq(cub_context_get_keylog_filename(c), path);
    cr_expect_eq(cub_context_set_keylog_filename(c, NULL), CUB_OK);
    cr_expect_null(cub_context_get_keylog_filename(c));
    text = read_file(path, NULL);
    cr_expect_str_eq(text, "# TLS secrets log file, generated by CubTLS\n");
    free(text);
    setenv("SSLKEYLOGFILE", path, 1);
    cub_context_free(c);
    cr_assert_eq(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &c),
                 CUB_OK);
    cr_expect_str_eq(cub_context_get_keylog_filename(c), path);
    cub_context_free(c);
    free(path);
}

/* A connection keeps the settings that it was made with. */
Test(attributes, changes_are_for_later_connections)
{
    struct pair p = {0};

    pair_open(&p);
    cr_assert_eq(cub_context_set_check_hostname(p.client_context, false), CUB_OK);
    cr_assert_eq(cub_context_set_ciphersuites(p.client_context, "TLS_AES_128_GCM_SHA256"), CUB_OK);
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    struct cub_cipher cipher;
    cr_assert(cub_conn_cipher(p.client, &cipher));
    cr_expect_str_eq(cipher.name, "TLS_AES_256_GCM_SHA384");
    pair_close(&p);
}
