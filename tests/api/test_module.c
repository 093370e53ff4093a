#include <criterion/criterion.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

Test(module, match_hostname)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    struct cub_cert_info nothing = {0}, *info;
    struct cub_error_details d;

    cr_assert_eq(cub_cert_info_new(chain->certs[0].der, chain->certs[0].len, &info, NULL), CUB_OK);
    cr_expect_eq(cub_match_hostname(info, "server.example", &d), CUB_OK);
    cr_expect_eq(cub_match_hostname(info, "a.wild.example", &d), CUB_OK);
    cr_expect_eq(cub_match_hostname(info, "127.0.0.1", &d), CUB_OK);
    cr_expect_eq(cub_match_hostname(info, "b.example", &d), CUB_CertificateError);
    cr_expect_str_eq(d.verify_message,
                     "Hostname mismatch, certificate is not valid for 'b.example'.");
    cr_expect_eq(cub_match_hostname(&nothing, "b.example", &d), CUB_ValueError);
    cr_expect_eq(cub_match_hostname(NULL, "b.example", NULL), CUB_ValueError);
    cub_cert_info_free(info);
}

static void *serve_two(void *arg)
{
    for (int i = 0; i < 2; i++) {
        cub_conn *conn;
        char byte;
        size_t n;
        if (cub_conn_accept(arg, &conn) == CUB_OK)
            (void)cub_conn_read(conn, &byte, 1, &n);
        cub_conn_close(conn);
    }
    return NULL;
}

Test(module, get_server_certificate)
{
    const struct pki_chain *chain = pki_chain(PKI_P256);
    cub_context *context = pair_server_context(PKI_P256);
    struct cub_error_details d;
    char text[8192] = "", *path, *pem;
    cub_conn *listener;
    pthread_t thread;
    uint16_t port;
    char host[64];
    uint8_t *der;
    size_t len;
    int fd;

    pki_pem(text, sizeof text, "CERTIFICATE", pki_root()->der, pki_root()->len);
    path = scratch_file("ca.pem", text);
    cr_assert_eq(cub_create_server("127.0.0.1", 0, &fd, NULL), CUB_OK);
    cr_assert_eq(cub_context_wrap_socket(context, fd,
                                         &(struct cub_wrap_options){.server_side = true},
                                         &listener),
                 CUB_OK);
    cr_assert_eq(cub_conn_getsockname(listener, host, &port), CUB_OK);
    cr_assert_eq(pthread_create(&thread, NULL, serve_two, listener), 0);
    cr_assert_eq(cub_get_server_certificate("127.0.0.1", port, NULL, 10, &pem, &d), CUB_OK, "%s",
                 d.message);
    cr_assert_eq(cub_PEM_cert_to_DER_cert(pem, &der, &len), CUB_OK);
    cr_expect_eq(len, chain->certs[0].len);
    cr_expect_arr_eq(der, chain->certs[0].der, len);
    cub_free(der);
    cub_free(pem);
    cr_expect_eq(cub_get_server_certificate("127.0.0.1", port, path, 10, &pem, &d), CUB_OK, "%s",
                 d.message);
    cub_free(pem);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cub_conn_close(listener);
    cr_expect_eq(cub_get_server_certificate("127.0.0.1", port, NULL, 10, &pem, &d), CUB_OSError);
    cr_expect_null(pem);
    cr_expect_eq(cub_get_server_certificate("127.0.0.1", port, "/nonexistent", 10, &pem, NULL),
                 CUB_OSError);
    cub_context_free(context);
    free(path);
}

/* Over IPv6, from the wrong authority, and from a server that says nothing. */
Test(module, get_server_certificate_elsewhere)
{
    const struct pki_chain *chain = pki_chain(PKI_SELF_SIGNED);
    cub_context *context = pair_server_context(PKI_P256);
    struct cub_error_details d;
    char text[8192] = "", *path, *pem;
    cub_conn *listener;
    pthread_t thread;
    uint16_t port;
    char host[64];
    int fd;

    pki_pem(text, sizeof text, "CERTIFICATE", chain->certs[0].der, chain->certs[0].len);
    path = scratch_file("other.pem", text);
    if (cub_create_server("::1", 0, &fd, &d) != CUB_OK)
        cr_skip_test("no IPv6 here");
    cr_assert_eq(cub_context_wrap_socket(context, fd,
                                         &(struct cub_wrap_options){.server_side = true},
                                         &listener),
                 CUB_OK);
    cr_assert_eq(cub_conn_getsockname(listener, host, &port), CUB_OK);
    cr_expect_eq(cub_get_server_certificate("::1", port, NULL, 0.05, &pem, &d), CUB_TimeoutError,
                 "nobody accepts: %s", d.message);
    cub_conn_close(listener);
    cr_assert_eq(cub_create_server("::1", 0, &fd, &d), CUB_OK);
    cr_assert_eq(cub_context_wrap_socket(context, fd,
                                         &(struct cub_wrap_options){.server_side = true},
                                         &listener),
                 CUB_OK);
    cr_assert_eq(cub_conn_getsockname(listener, host, &port), CUB_OK);
    cr_assert_eq(pthread_create(&thread, NULL, serve_two, listener), 0);
    cr_expect_eq(cub_get_server_certificate("::1", port, NULL, 10, &pem, &d), CUB_OK, "%s",
                 d.message);
    cub_free(pem);
    cr_expect_eq(cub_get_server_certificate("::1", port, path, 10, &pem, &d),
                 CUB_SSLCertVerificationError);
    cr_expect_null(pem);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cub_conn_close(listener);
    cub_context_free(context);
    free(path);
}

Test(module, wrap_socket_of_old)
{
    char *chain = scratch_file("chain.pem", pair_chain_pem(PKI_P256));
    char *key = scratch_file("key.pem", pair_key_pem(PKI_P256));
    struct cub_wrap_socket_options server = {.certfile = chain,
                                             .keyfile = key,
                                             .server_side = true,
                                             .do_handshake_on_connect = CUB_NO};
    struct cub_wrap_socket_options client = {.do_handshake_on_connect = CUB_NO};
    cub_conn *c, *s;
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    cr_assert_eq(cub_wrap_socket(fds[0], &client, &c), CUB_OK, "%s", pair_message(c));
    cr_assert_eq(cub_wrap_socket(fds[1], &server, &s), CUB_OK, "%s", pair_message(s));
    cub_conn_settimeout(c, 0);
    cub_conn_settimeout(s, 0);
    for (int i = 0; i < 4; i++) {
        (void)cub_conn_do_handshake(c);
        (void)cub_conn_do_handshake(s);
    }
    cr_expect_str_eq(cub_conn_version(c), "TLSv1.3", "nothing is verified");
    cub_conn_free(c);
    cub_conn_free(s);
    client.ciphers = "nonsense";
    cr_expect_eq(cub_wrap_socket(fds[0], &client, &c), CUB_SSLError);
    cr_expect_str_eq(pair_message(c), "No cipher can be selected.");
    cub_conn_free(c);
    close(fds[0]);
    close(fds[1]);
    free(chain);
    free(key);
}

Test(module, what_is_obsolete)
{
    cub_context *c = pair_client_context();
    bool strong = false;
    uint8_t bytes[8];

    cr_expect_eq(cub_RAND_pseudo_bytes(bytes, sizeof bytes, &strong), CUB_OK);
    cr_expect(strong);
    cr_expect_eq(cub_RAND_egd("/dev/egd"), CUB_NotImplementedError);
    cr_expect_eq(cub_context_set_npn_protocols(c, NULL, 0), CUB_NotImplementedError);
    cr_expect_str_eq(CUB_OPENSSL_VERSION, "CubTLS " CUB_VERSION);
    cr_expect_eq(CUB_HAS_NPN, 0);
    cr_expect_eq(CUB_CertificateError, CUB_SSLCertVerificationError);
    cr_expect_eq(CUB_OPENSSL_VERSION_NUMBER, CUB_VERSION_NUMBER);
    cub_context_free(c);
}
