#include <criterion/criterion.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"

Test(conn, connects_and_tells)
{
    struct pair p = {0};
    struct cub_cipher cipher;

    pair_open(&p);
    cr_expect_null(cub_conn_version(p.client), "not yet");
    cr_expect_not(cub_conn_cipher(p.client, &cipher));
    cr_expect_null(cub_conn_group(p.client));
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_SSLWantReadError);
    cr_expect_str_eq(pair_message(p.client), "The operation did not complete (read)");
    pair_handshake(&p);
    cr_assert_eq(p.client_result, CUB_OK, "%s", pair_message(p.client));
    cr_assert_eq(p.server_result, CUB_OK, "%s", pair_message(p.server));
    cr_expect_str_eq(cub_conn_version(p.client), "TLSv1.3");
    cr_assert(cub_conn_cipher(p.server, &cipher));
    cr_expect_str_eq(cipher.name, "TLS_AES_256_GCM_SHA384");
    cr_expect_str_eq(cipher.protocol, "TLSv1.3");
    cr_expect_eq(cipher.secret_bits, 256);
    cr_expect_str_eq(cub_conn_group(p.client), "X25519MLKEM768");
    cr_expect_str_eq(cub_conn_server_sigalg(p.client), "ecdsa_secp256r1_sha256");
    cr_expect_str_eq(cub_conn_server_sigalg(p.server), "ecdsa_secp256r1_sha256");
    cr_expect_null(cub_conn_client_sigalg(p.client));
    cr_expect_null(cub_conn_compression(p.client));
    cr_expect_null(cub_conn_selected_alpn_protocol(p.client));
    cr_expect_not(cub_conn_get_server_side(p.client));
    cr_expect(cub_conn_get_server_side(p.server));
    cr_expect_str_eq(cub_conn_get_server_hostname(p.client), "server.example");
    cr_expect_null(cub_conn_get_server_hostname(p.server));
    cr_expect_eq(cub_conn_get_context(p.client), p.client_context);
    cr_expect_eq(cub_conn_fileno(p.client), -1);
    cr_expect_not(cub_conn_get_session_reused(p.client));
    cr_expect_eq(cub_conn_do_handshake(p.client), CUB_OK, "once more does no harm");
    pair_echo(p.client, p.server, "ping");
    pair_echo(p.server, p.client, "pong");
    pair_close(&p);
}

Test(conn, speaks_tls12)
{
    static const enum pki_fixture fixtures[] = {PKI_P256, PKI_RSA2048};

    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(fixtures[i])};
        struct cub_cipher cipher;
        const struct cub_cert_info *cert;
        cr_assert_eq(cub_context_set_maximum_version(p.client_context, CUB_TLSVersion_TLSv1_2),
                     CUB_OK);
        pair_connect(&p);
        cr_expect_str_eq(cub_conn_version(p.client), "TLSv1.2");
        cr_expect_str_eq(cub_conn_version(p.server), "TLSv1.2");
        cr_assert(cub_conn_cipher(p.client, &cipher));
        cr_expect_str_eq(cipher.protocol, "TLSv1.2");
        cr_expect_str_eq(cipher.name,
                         i ? "ECDHE-RSA-AES256-GCM-SHA384" : "ECDHE-ECDSA-AES256-GCM-SHA384");
        cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
        cr_expect_not_null(cert);
        pair_echo(p.client, p.server, "hello");
        pair_echo(p.server, p.client, "hello");
        pair_close(&p);
    }
}

/* What a certificate is refused for, and what the other side hears of it. */
Test(conn, refuses_certificates)
{
    static const struct {
        enum pki_fixture fixture;
        const char *host;
        int verify_code;
        int alert;
        const char *verify_message;
    } rows[] = {
        {PKI_P256,          "other.example",  62, 42,
         "Hostname mismatch, certificate is not valid for 'other.example'."                         },
        {PKI_P256,          "192.0.2.1",      64, 42,
         "IP address mismatch, certificate is not valid for '192.0.2.1'."                           },
        {PKI_EXPIRED,       "server.example", 10, 45, "certificate has expired"                     },
        {PKI_NOT_YET_VALID, "server.example", 9,  45, "certificate is not yet valid"                },
        {PKI_WRONG_EKU,     "server.example", 26, 43, "unsuitable certificate purpose"              },
        {PKI_SELF_SIGNED,   "server.example", 18, 48, "self-signed certificate"                     },
        {PKI_UNTRUSTED,     "server.example", 19, 48, "self-signed certificate in certificate chain"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair p = {.server_context = pair_server_context(rows[i].fixture),
                         .host = rows[i].host};
        const struct cub_error_details *d;
        pair_open(&p);
        pair_handshake(&p);
        d = cub_conn_error(p.client);
        cr_expect_eq(p.client_result, CUB_SSLCertVerificationError, "%zu: %s", i, d->message);
        cr_expect_eq(d->verify_code, rows[i].verify_code, "%zu: %s", i, d->message);
        cr_expect_str_eq(d->verify_message, rows[i].verify_message);
        cr_expect_str_eq(d->reason, "CERTIFICATE_VERIFY_FAILED");
        cr_expect_eq(d->alert_sent, rows[i].alert);
        cr_expect_eq(p.server_result, CUB_SSLError);
        cr_expect_eq(cub_conn_error(p.server)->alert_received, rows[i].alert);
        cr_expect_eq(cub_conn_error(p.server)->alert_sent, -1);
        pair_close(&p);
    }
}

Test(conn, verifies_nothing_if_told_so)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_SELF_SIGNED)};
    const struct cub_cert_info *cert;
    struct cub_bytes der;
    const struct cub_bytes *chain;
    size_t count;

    cr_assert_eq(cub_context_set_check_hostname(p.client_context, false), CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.client_context, CUB_CERT_NONE), CUB_OK);
    pair_connect(&p);
    cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
    cr_assert_not_null(cert);
    cr_expect_null(cert->serialNumber, "what was not verified is not shown");
    cr_assert_eq(cub_conn_getpeercert_der(p.client, &der), CUB_OK);
    cr_expect_eq(der.len, pki_chain(PKI_SELF_SIGNED)->certs[0].len, "but can be had");
    cr_expect_eq(cub_conn_get_verified_chain(p.client, &chain, &count), CUB_OK);
    cr_expect_eq(count, 1, "nothing was verified: the same");
    cr_expect_eq(cub_conn_get_unverified_chain(p.client, &chain, &count), CUB_OK);
    cr_expect_eq(count, 1);
    pair_close(&p);
}

Test(conn, shows_the_peers_certificate)
{
    struct pair p = {0};
    const struct cub_cert_info *cert;
    struct cub_bytes der;
    const struct cub_bytes *chain;
    size_t count;

    pair_open(&p);
    cr_expect_eq(cub_conn_getpeercert(p.client, &cert), CUB_ValueError);
    cr_expect_str_eq(pair_message(p.client), "handshake not done yet");
    cr_expect_eq(cub_conn_getpeercert_der(p.client, &der), CUB_ValueError);
    pair_handshake(&p);
    cr_assert_eq(cub_conn_getpeercert(p.client, &cert), CUB_OK);
    cr_assert_not_null(cert);
    cr_expect_str_eq(cert->subjectAltName[0].value, "server.example");
    cr_assert_eq(cub_conn_get_verified_chain(p.client, &chain, &count), CUB_OK);
    cr_expect_eq(count, 3);
    cr_expect_eq(chain[2].len, pki_root()->len);
    cr_assert_eq(cub_conn_get_unverified_chain(p.client, &chain, &count), CUB_OK);
    cr_expect_eq(count, 2);
    cr_assert_eq(cub_conn_getpeercert(p.server, &cert), CUB_OK);
    cr_expect_null(cert, "the client has none");
    cr_assert_eq(cub_conn_getpeercert_der(p.server, &der), CUB_OK);
    cr_expect_null(der.data);
    pair_close(&p);
}

static void trust_clients(cub_context *context, enum cub_VerifyMode mode)
{
    const struct pki_cert *root = pki_root();

    cr_assert_eq(cub_context_load_verify_locations(context, NULL, NULL, root->der, root->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(context, mode), CUB_OK);
}

Test(conn, authenticates_clients)
{
    for (enum cub_VerifyMode mode = CUB_CERT_NONE; mode <= CUB_CERT_REQUIRED; mode++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_RSA2048)};
        const struct cub_cert_info *cert;
        trust_clients(p.server_context, mode);
        pair_load(p.client_context, PKI_CLIENT);
        pair_connect(&p);
        cr_assert_eq(cub_conn_getpeercert(p.server, &cert), CUB_OK);
        cr_expect_eq(cert != NULL, mode != CUB_CERT_NONE, "is asked for its certificate");
        if (cert) {
            cr_expect_str_eq(cert->subjectAltName[0].name, "email");
            cr_expect_str_eq(cub_conn_client_sigalg(p.server), "ecdsa_secp256r1_sha256");
        }
        cr_expect_str_eq(cub_conn_server_sigalg(p.client), "rsa_pss_rsae_sha256");
        pair_echo(p.client, p.server, "x");
        pair_close(&p);
    }
}

Test(conn, clients_without_certificate)
{
    for (enum cub_VerifyMode mode = CUB_CERT_OPTIONAL; mode <= CUB_CERT_REQUIRED; mode++) {
        struct pair p = {.server_context = pair_server_context(PKI_P256)};
        char buffer[8];
        size_t n;
        trust_clients(p.server_context, mode);
        pair_open(&p);
        pair_handshake(&p);
        cr_expect_eq(p.client_result, CUB_OK, "a client of TLS 1.3 is done before the server");
        if (mode == CUB_CERT_OPTIONAL) {
            cr_expect_eq(p.server_result, CUB_OK);
        } else {
            cr_expect_eq(p.server_result, CUB_SSLError);
            cr_expect_str_eq(cub_conn_error(p.server)->reason, "PEER_DID_NOT_RETURN_A_CERTIFICATE");
            cr_expect_eq(cub_conn_read(p.client, buffer, sizeof buffer, &n), CUB_SSLError);
            cr_expect_str_eq(cub_conn_error(p.client)->reason, "TLSV13_ALERT_CERTIFICATE_REQUIRED");
        }
        pair_close(&p);
    }
}

Test(conn, alpn_is_agreed_on)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};
    const char *client[] = {"h2", "http/1.1"};
    const char *server[] = {"spdy", "http/1.1"};

    cr_assert_eq(cub_context_set_alpn_protocols(p.client_context, client, 2), CUB_OK);
    cr_assert_eq(cub_context_set_alpn_protocols(p.server_context, server, 2), CUB_OK);
    pair_connect(&p);
    cr_expect_str_eq(cub_conn_selected_alpn_protocol(p.client), "http/1.1");
    cr_expect_str_eq(cub_conn_selected_alpn_protocol(p.server), "http/1.1");
    pair_close(&p);
}

Test(conn, options_of_wrap)
{
    cub_context *client = pair_client_context();
    cub_context *server = pair_server_context(PKI_P256);
    const struct {
        cub_context *context;
        struct cub_wrap_options options;
        cub_result result;
        const char *message;
    } rows[] = {
        {client,
         {.server_hostname = "a..example"},
         CUB_ValueError,                                                        "a label of server_hostname is empty or has more than 63 characters"    },
        {client, {0},                                           CUB_ValueError, "check_hostname requires server_hostname"                               },
        {client,
         {.server_hostname = ""},
         CUB_ValueError,                                                        "server_hostname cannot be an empty string or start with a leading dot."},
        {client,
         {.server_hostname = ".example"},
         CUB_ValueError,                                                        "server_hostname cannot be an empty string or start with a leading dot."},
        {client,
         {.server_side = true},
         CUB_SSLError,                                                          "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context"      },
        {server,
         {.server_hostname = "a.example"},
         CUB_SSLError,                                                          "Cannot create a client socket with a PROTOCOL_TLS_SERVER context"      },
        {server,
         {.server_side = true, .server_hostname = "a.example"},
         CUB_ValueError,                                                        "server_hostname can only be specified in client mode"                  },
    };
    cub_bio *bio;

    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cub_conn *conn;
        cr_expect_eq(cub_context_wrap_bio(rows[i].context, bio, bio, &rows[i].options, &conn),
                     rows[i].result, "%zu", i);
        cr_assert_not_null(conn);
        cr_expect_str_eq(pair_message(conn), rows[i].message);
        cr_expect_eq(cub_conn_do_handshake(conn), rows[i].result);
        cr_expect_str_eq(pair_message(conn), rows[i].message, "it stays");
        cr_expect_eq(cub_bio_get_pending(bio), 0, "nothing is sent without what was asked for");
        cub_conn_free(conn);
    }
    cub_conn_free(NULL);
    cr_expect_eq(cub_conn_error(NULL)->result, CUB_MemoryError);
    cub_bio_free(bio);
    cub_context_free(client);
    cub_context_free(server);
}

/* International names become A-labels, as the attribute tells, or are refused. */
Test(conn, international_names)
{
    static const struct {
        const char *given;
        const char *kept;
    } rows[] = {
        {"b\xc3\xbc"
         "cher.example", "xn--bcher-kva.example"},
        {"xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"\xc3.example",          NULL                   },
    };
    cub_context *client = pair_client_context();
    cub_bio *bio;

    cr_assert_eq(cub_bio_new(&bio), CUB_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct cub_wrap_options options = {.server_hostname = rows[i].given};
        cub_conn *conn;
        cub_result result = cub_context_wrap_bio(client, bio, bio, &options, &conn);
        cr_expect_eq(result, rows[i].kept ? CUB_OK : CUB_ValueError, "%zu", i);
        if (rows[i].kept)
            cr_expect_str_eq(cub_conn_get_server_hostname(conn), rows[i].kept);
        cub_conn_free(conn);
    }
    cub_bio_free(bio);
    cub_context_free(client);
}

/* A server that chooses its certificate by name. */
struct sni {
    cub_context *other;
    int refuse;
    char asked[64];
};

static int choose(cub_conn *conn, const char *name, cub_context *context, void *arg)
{
    struct sni *sni = arg;

    cr_expect_eq(context, cub_conn_get_context(conn));
    strcpy(sni->asked, name ? name : "(none)");
    if (name && strcmp(name, "other.example") == 0)
        cr_expect_eq(cub_conn_set_context(conn, sni->other), CUB_OK);
    return sni->refuse;
}

Test(conn, sni_callback_replaces_the_context)
{
    static const char *const hosts[] = {"server.example", "other.example", "127.0.0.1"};

    for (size_t i = 0; i < 3; i++) {
        struct sni sni = {.other = pair_server_context(PKI_WRONG_NAME)};
        struct pair p = {.server_context = pair_server_context(PKI_P256), .host = hosts[i]};
        cr_assert_eq(cub_context_set_sni_callback(p.server_context, choose, &sni), CUB_OK);
        pair_connect(&p);
        cr_expect_str_eq(sni.asked, i == 2 ? "(none)" : hosts[i], "an address is no server name");
        cr_expect_eq(cub_conn_get_context(p.server), i == 1 ? sni.other : p.server_context);
        cr_expect_eq(cub_conn_set_context(p.server, sni.other), CUB_ValueError, "too late");
        pair_echo(p.client, p.server, "hello");
        cub_context_free(sni.other);
        pair_close(&p);
    }
}

Test(conn, sni_callback_refuses)
{
    struct sni sni = {.refuse = CUB_ALERT_DESCRIPTION_UNRECOGNIZED_NAME};
    struct pair p = {.server_context = pair_server_context(PKI_P256)};

    cr_assert_eq(cub_context_set_sni_callback(p.server_context, choose, &sni), CUB_OK);
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.server)->reason, "CALLBACK_FAILED");
    cr_expect_eq(cub_conn_error(p.server)->alert_sent, 112);
    cr_expect_eq(p.client_result, CUB_SSLError);
    cr_expect_str_eq(cub_conn_error(p.client)->reason, "TLSV1_UNRECOGNIZED_NAME");
    pair_close(&p);
}

Test(conn, server_chooses_among_certificates)
{
    static const struct {
        const char *sigalgs;
        const char *chosen;
    } rows[] = {
        {"rsa_pss_rsae_sha256:rsa_pkcs1_sha256:ecdsa_secp256r1_sha256", NULL                    },
        {"ecdsa_secp256r1_sha256",                                      "ecdsa_secp256r1_sha256"},
        {"ecdsa_secp384r1_sha384:ecdsa_secp256r1_sha256",               NULL                    },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_RSA2048)};
        pair_load(p.server_context, PKI_P256);
        pair_load(p.server_context, PKI_P384);
        cr_assert_eq(cub_context_set_server_sigalgs(p.client_context, rows[i].sigalgs), CUB_OK);
        pair_connect(&p);
        if (rows[i].chosen)
            cr_expect_str_eq(cub_conn_server_sigalg(p.client), rows[i].chosen);
        pair_close(&p);
    }
}

/* Every byte of the handshake and of the data comes alone. */
struct dribble {
    cub_bio *bio;
    bool go;
};

static cub_result dribble_read(void *arg, void *buffer, size_t len, size_t *n)
{
    struct dribble *d = arg;

    *n = 0;
    d->go = !d->go;
    if (!d->go || cub_bio_get_pending(d->bio) == 0)
        return CUB_SSLWantReadError;
    return cub_bio_read(d->bio, buffer, len ? 1 : 0, n);
}

static cub_result dribble_write(void *arg, const void *data, size_t len, size_t *n)
{
    struct dribble *d = arg;

    *n = 0;
    d->go = !d->go;
    if (!d->go)
        return CUB_SSLWantWriteError;
    *n = len ? 1 : 0;
    return cub_bio_write(d->bio, data, *n);
}

struct half {
    struct dribble in, out;
};

static cub_result half_read(void *arg, void *buffer, size_t len, size_t *n)
{
    return dribble_read(&((struct half *)arg)->in, buffer, len, n);
}

static cub_result half_write(void *arg, const void *data, size_t len, size_t *n)
{
    return dribble_write(&((struct half *)arg)->out, data, len, n);
}

Test(conn, works_byte_by_byte)
{
    cub_bio *up, *down;
    cub_context *cc = pair_client_context(), *sc = pair_server_context(PKI_P256);
    cub_conn *client, *server;
    struct half client_half, server_half;
    unsigned rounds = 0, want_write = 0;
    char data[100] = "", back[100];
    size_t sent = 0, got = 0, n;

    cr_assert_eq(cub_bio_new(&up), CUB_OK);
    cr_assert_eq(cub_bio_new(&down), CUB_OK);
    client_half = (struct half){
        {down, false},
        {up,   false}
    };
    server_half = (struct half){
        {up,   false},
        {down, false}
    };
    cr_assert_eq(cub_context_wrap_io(cc, &(struct cub_io){half_read, half_write, &client_half},
                                     &(struct cub_wrap_options){.server_hostname =
                                                                    "server.example"},
                                     &client),
                 CUB_OK);
    cr_assert_eq(cub_context_wrap_io(sc, &(struct cub_io){half_read, half_write, &server_half},
                                     &(struct cub_wrap_options){.server_side = true}, &server),
                 CUB_OK);
    for (;; rounds++) {
        cub_result c = cub_conn_do_handshake(client);
        cub_result s = cub_conn_do_handshake(server);
        cr_assert(c == CUB_OK || c == CUB_SSLWantReadError || c == CUB_SSLWantWriteError, "%s",
                  pair_message(client));
        cr_assert(s == CUB_OK || s == CUB_SSLWantReadError || s == CUB_SSLWantWriteError, "%s",
                  pair_message(server));
        want_write += c == CUB_SSLWantWriteError;
        if (c == CUB_OK && s == CUB_OK)
            break;
        cr_assert_lt(rounds, 20000);
    }
    cr_expect_gt(want_write, 100);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)i;
    for (rounds = 0; got < sizeof data; rounds++) {
        cr_assert_lt(rounds, 20000);
        if (sent < sizeof data &&
            cub_conn_write(client, data + sent, sizeof data - sent, &n) == CUB_OK)
            sent += n;
        if (cub_conn_read(server, back + got, sizeof back - got, &n) == CUB_OK)
            got += n;
    }
    cr_expect_arr_eq(back, data, sizeof data);
    cub_conn_free(client);
    cub_conn_free(server);
    cub_context_free(cc);
    cub_context_free(sc);
    cub_bio_free(up);
    cub_bio_free(down);
}

static cub_result broken_read(void *arg, void *buffer, size_t len, size_t *n)
{
    (void)buffer;
    (void)len;
    *n = 0;
    errno = ECONNRESET;
    return *(cub_result *)arg;
}

static cub_result broken_write(void *arg, const void *data, size_t len, size_t *n)
{
    (void)arg;
    (void)data;
    *n = len;
    return CUB_OK;
}

Test(conn, transports_that_fail)
{
    static const struct {
        cub_result from;
        cub_result to;
        const char *message;
    } rows[] = {
        {CUB_OSError,         CUB_OSError,         "[Errno 104] Connection reset by peer"},
        {CUB_OK,              CUB_SSLEOFError,
         "[SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol"     },
        {CUB_MemoryError,     CUB_MemoryError,     "out of memory"                       },
        {CUB_SSLSyscallError, CUB_SSLSyscallError, NULL                                  },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cub_context *context = pair_client_context();
        cub_result result = rows[i].from;
        struct cub_io io = {broken_read, broken_write, &result};
        cub_conn *conn;
        cr_assert_eq(cub_context_wrap_io(context, &io,
                                         &(struct cub_wrap_options){.server_hostname =
                                                                        "server.example"},
                                         &conn),
                     CUB_OK);
        cr_expect_eq(cub_conn_do_handshake(conn), rows[i].to);
        if (rows[i].message)
            cr_expect_str_eq(pair_message(conn), rows[i].message);
        cub_conn_free(conn);
        cub_context_free(context);
    }
}

static void count_event(cub_conn *conn, const struct cub_trace_event *event, void *arg)
{
    char *log = arg;

    cr_expect_not_null(cub_conn_get_context(conn));
    cr_expect_not_null(event->state);
    if (strcmp(event->kind, "message") == 0) {
        strcat(log, strcmp(event->direction, "read") == 0 ? "<" : ">");
        strcat(log, event->name);
        cr_expect_geq(event->len, 4);
    } else if (strcmp(event->kind, "keys") == 0) {
        strcat(log, event->direction[0] == 'r' ? "(r " : "(w ");
        strcat(log, event->name);
        strcat(log, ")");
    }
}

Test(conn, trace_tells_the_handshake)
{
    struct pair p = {.client_context = pair_client_context()};
    char log[1000] = "";

    cr_assert_eq(cub_context_set_trace_callback(p.client_context, count_event, log), CUB_OK);
    pair_connect(&p);
    cr_expect_str_eq(log, ">client_hello<server_hello(r handshake)(w handshake)"
                          "<encrypted_extensions<certificate<certificate_verify<finished"
                          "(r application)>finished(w application)");
    pair_close(&p);
}

Test(conn, keylog_has_the_secrets)
{
    struct pair p = {.client_context = pair_client_context()};
    char *path = scratch_path("keys");
    char *text;

    cr_assert_eq(cub_context_set_keylog_filename(p.client_context, path), CUB_OK);
    pair_connect(&p);
    text = read_file(path, NULL);
    cr_expect_not_null(strstr(text, "\nCLIENT_HANDSHAKE_TRAFFIC_SECRET "));
    cr_expect_not_null(strstr(text, "\nSERVER_HANDSHAKE_TRAFFIC_SECRET "));
    cr_expect_not_null(strstr(text, "\nCLIENT_TRAFFIC_SECRET_0 "));
    cr_expect_not_null(strstr(text, "\nSERVER_TRAFFIC_SECRET_0 "));
    cr_expect_not_null(strstr(text, "\nEXPORTER_SECRET "));
    free(text);
    free(path);
    pair_close(&p);
}

Test(conn, exports_keying_material)
{
    struct pair p = {0};
    uint8_t a[40], b[40];

    pair_open(&p);
    cr_expect_eq(cub_conn_export_keying_material(p.client, "l", NULL, 0, a, 40), CUB_ValueError);
    pair_handshake(&p);
    cr_assert_eq(cub_conn_export_keying_material(p.client, "label", "c", 1, a, 40), CUB_OK);
    cr_assert_eq(cub_conn_export_keying_material(p.server, "label", "c", 1, b, 40), CUB_OK);
    cr_expect_arr_eq(a, b, 40);
    cr_assert_eq(cub_conn_export_keying_material(p.server, "other", "c", 1, b, 40), CUB_OK);
    cr_expect_arr_neq(a, b, 40);
    pair_close(&p);
}

Test(conn, carries_a_pointer)
{
    struct pair p = {0};

    pair_open(&p);
    cr_expect_null(cub_conn_get_user_data(p.client));
    cub_conn_set_user_data(p.client, &p);
    cr_expect_eq(cub_conn_get_user_data(p.client), &p);
    pair_close(&p);
}

/* TLS in TLS: the inner connection's transport is the outer one. */
static cub_result outer_read(void *arg, void *buffer, size_t len, size_t *n)
{
    return cub_conn_read(arg, buffer, len, n);
}

static cub_result outer_write(void *arg, const void *data, size_t len, size_t *n)
{
    return cub_conn_write(arg, data, len, n);
}

Test(conn, one_in_another)
{
    struct pair outer = {0}, inner = {0};
    struct cub_io client = {outer_read, outer_write, NULL}, server = client;

    pair_connect(&outer);
    client.arg = outer.client;
    server.arg = outer.server;
    inner.client_context = pair_client_context();
    inner.server_context = pair_server_context(PKI_RSA2048);
    cr_assert_eq(cub_context_wrap_io(inner.client_context, &client,
                                     &(struct cub_wrap_options){.server_hostname =
                                                                    "server.example"},
                                     &inner.client),
                 CUB_OK);
    cr_assert_eq(cub_context_wrap_io(inner.server_context, &server,
                                     &(struct cub_wrap_options){.server_side = true},
                                     &inner.server),
                 CUB_OK);
    pair_handshake(&inner);
    cr_assert_eq(inner.client_result, CUB_OK, "%s", pair_message(inner.client));
    cr_assert_eq(inner.server_result, CUB_OK, "%s", pair_message(inner.server));
    pair_echo(inner.client, inner.server, "in");
    pair_echo(inner.server, inner.client, "out");
    pair_close(&inner);
    pair_close(&outer);
}
