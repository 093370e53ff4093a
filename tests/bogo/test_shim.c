/*
 * The shim by itself, for the runner that drives it is not part of the project: a runner of our
 * own, which says nothing wrong. CUB_SHIM is the program.
 */
#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/cubtls.h"
#include "tests/support/pki.h"
#include "tests/support/process.h"

#define SHIM_ID         "81985529216486895" /* 0x0123456789abcdef */
#define NOT_IMPLEMENTED 89
#define MAX_FLAGS       32

static const char *shim(void)
{
    const char *path = getenv("CUB_SHIM");

    cr_assert_not_null(path, "CUB_SHIM names the shim");
    return path;
}

static char *cert_file(void)
{
    static char text[16384];
    const struct pki_chain *chain = pki_chain(PKI_P256);

    text[0] = 0;
    for (size_t i = 0; i < chain->count; i++)
        pki_pem(text, sizeof text, "CERTIFICATE", chain->certs[i].der, chain->certs[i].len);
    return scratch_file("cert.pem", text);
}

static char *key_file(void)
{
    return scratch_file("key.pem", pki_key_pems[pki_chain(PKI_P256)->key_id]);
}

/* The other end, and the port it is on. */
struct runner {
    bool shim_is_server;
    cub_context *context;
    cub_session *session; /* of a client */
    int listener;
    char port[8];
    struct process p;
};

static void runner_init(struct runner *r, bool shim_is_server, enum cub_TLSVersion version)
{
    static const struct timeval patience = {.tv_sec = PROCESS_TIMEOUT};
    struct sockaddr_in address;
    socklen_t len = sizeof address;

    memset(r, 0, sizeof *r);
    r->shim_is_server = shim_is_server;
    cr_assert_eq(cub_context_new(shim_is_server ? CUB_PROTOCOL_TLS_CLIENT : CUB_PROTOCOL_TLS_SERVER,
                                 &r->context),
                 CUB_OK);
    if (shim_is_server) {
        cub_context_set_check_hostname(r->context, false);
        cub_context_set_verify_mode(r->context, CUB_CERT_NONE);
    } else {
        cr_assert_eq(cub_context_load_cert_chain(r->context, cert_file(), key_file(), NULL),
                     CUB_OK);
    }
    cub_context_set_minimum_version(r->context, version);
    cub_context_set_maximum_version(r->context, version);
    cr_assert_eq(cub_create_server("127.0.0.1", 0, &r->listener, NULL), CUB_OK);
    /* Nobody waits for a shim that has given up. */
    setsockopt(r->listener, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    cr_assert_eq(getsockname(r->listener, (struct sockaddr *)&address, &len), 0);
    snprintf(r->port, sizeof r->port, "%d", ntohs(address.sin_port));
}

/* Starts the shim with these flags besides those that every test has. */
static void start(struct runner *r, const char *const *flags)
{
    const char *argv[MAX_FLAGS] = {shim(), "-port", r->port, "-shim-id", SHIM_ID};
    size_t n = 5;

    if (r->shim_is_server) {
        argv[n++] = "-server";
        argv[n++] = "-cert-file";
        argv[n++] = cert_file();
        argv[n++] = "-key-file";
        argv[n++] = key_file();
    }
    for (; *flags != NULL; flags++) {
        cr_assert(n < MAX_FLAGS - 1);
        argv[n++] = *flags;
    }
    process_start(&r->p, "shim", PROCESS_NO_PIPES, argv);
}

static int take_connection(struct runner *r)
{
    static const uint8_t id[8] = {0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01};
    uint8_t got[8];
    int fd = accept(r->listener, NULL, NULL);

    cr_assert(fd >= 0, "no connection: %s", process_stderr(&r->p));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = PROCESS_TIMEOUT},
               sizeof(struct timeval));
    cr_assert_eq(recv(fd, got, 8, MSG_WAITALL), 8);
    cr_assert_arr_eq(got, id, 8);
    return fd;
}

/* One connection as the runner has it: 32 bytes there, the same inverted back, the end. */
static cub_result exchange(struct runner *r)
{
    struct cub_wrap_options options = {.server_side = !r->shim_is_server, .session = r->session};
    uint8_t sent[32], got[32];
    size_t n, all = 0;
    cub_conn *conn;
    int fd = take_connection(r);
    cub_result result = cub_context_wrap_socket(r->context, fd, &options, &conn);

    if (result != CUB_OK) {
        close(fd);
        return result;
    }
    memset(sent, 0x42, sizeof sent);
    cub_conn_sendall(conn, sent, sizeof sent);
    while (all < sizeof got && cub_conn_read(conn, got + all, sizeof got - all, &n) == CUB_OK && n)
        all += n;
    cr_expect_eq(all, sizeof got);
    for (size_t i = 0; i < all; i++)
        cr_expect_eq(got[i], 0x42 ^ 0xff);
    if (r->shim_is_server && r->session == NULL && cub_conn_get_session(conn) != NULL) {
        r->session = cub_conn_get_session(conn);
        cub_session_ref(r->session);
    }
    cub_conn_unwrap(conn);
    cub_conn_close(conn);
    return CUB_OK;
}

/* Ends the run; the shim's status. A shim that succeeds says nothing. */
static int finish(struct runner *r)
{
    int status = process_wait(&r->p, 0);
    const char *said = process_stderr(&r->p);

    if (status == 0)
        cr_expect_str_empty(said);
    else
        cr_expect_str_not_empty(said);
    close(r->listener);
    cub_session_free(r->session);
    cub_context_free(r->context);
    return status;
}

static const enum cub_TLSVersion versions[] = {CUB_TLSVersion_TLSv1_2, CUB_TLSVersion_TLSv1_3};

static const char *number_of(enum cub_TLSVersion version)
{
    return version == CUB_TLSVersion_TLSv1_2 ? "771" : "772";
}

Test(shim, echoes_inverted)
{
    for (unsigned i = 0; i < 4; i++) {
        struct runner r;

        runner_init(&r, i & 1, versions[i / 2]);
        start(&r, ARGV("-expect-version", number_of(versions[i / 2]), "-check-close-notify"));
        cr_expect_eq(exchange(&r), CUB_OK);
        cr_expect_eq(finish(&r), 0, "run %u", i);
    }
}

Test(shim, byte_by_byte)
{
    for (unsigned i = 0; i < 2; i++) {
        struct runner r;

        runner_init(&r, i & 1, CUB_TLSVersion_TLSv1_3);
        start(&r, ARGV("-async"));
        cr_expect_eq(exchange(&r), CUB_OK);
        cr_expect_eq(finish(&r), 0, "run %u", i);
    }
}

/* The shim itself checks whether the second connection resumes the first one's session. */
Test(shim, resumes)
{
    for (unsigned i = 0; i < 4; i++) {
        struct runner r;

        runner_init(&r, i & 1, versions[i / 2]);
        start(&r, ARGV("-resume-count", "1"));
        cr_expect_eq(exchange(&r), CUB_OK);
        cr_expect_eq(exchange(&r), CUB_OK);
        cr_expect_eq(finish(&r), 0, "run %u", i);
    }
}

Test(shim, notices_what_is_not_expected)
{
    static const char *const expectations[][2] = {
        {"-expect-version",               "771" },
        {"-expect-cipher",                "1"   },
        {"-expect-curve-id",              "25"  },
        {"-expect-ocsp-response",         "AA=="},
        {"-expect-alpn",                  "foo" },
        {"-expect-peer-verify-pref",      "1"   },
        {"-expect-peer-certificate-type", "2"   },
        {"-expect-client-ca-list",        "3000"},
        {"-expect-certificate-types",     "AA=="},
    };

    for (size_t i = 0; i < sizeof expectations / sizeof *expectations; i++) {
        struct runner r;
        int fd;

        runner_init(&r, false, CUB_TLSVersion_TLSv1_3);
        start(&r, ARGV(expectations[i][0], expectations[i][1]));
        fd = take_connection(&r);
        struct cub_wrap_options options = {.server_side = true};
        cub_conn *conn;
        if (cub_context_wrap_socket(r.context, fd, &options, &conn) == CUB_OK)
            cub_conn_close(conn);
        else
            close(fd);
        cr_expect_eq(finish(&r), 1, "%s", expectations[i][0]);
    }
}

/* That is all it has to do then. */
Test(shim, sends_an_alert)
{
    struct runner r;

    runner_init(&r, false, CUB_TLSVersion_TLSv1_3);
    start(&r, ARGV("-send-alert"));
    const struct cub_wrap_options options = {.server_side = true};
    int fd = take_connection(&r);
    char byte;
    size_t n;
    cub_conn *conn;

    cub_result result = cub_context_wrap_socket(r.context, fd, &options, &conn);

    /* It may come with Finished, and so before the handshake is said to be over. */
    if (result == CUB_OK) {
        result = cub_conn_read(conn, &byte, 1, &n);
        cub_conn_close(conn);
    } else {
        close(fd);
    }
    cr_expect_eq(result, CUB_SSLError);
    cr_expect_eq(finish(&r), 0);
}

/* Suites by the RFCs' names; in a group of equal preference the client's order decides. */
Test(shim, groups_of_suites)
{
    static const char *const strings[] = {
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "[TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256|TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA]",
    };

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct runner r;

        runner_init(&r, true, CUB_TLSVersion_TLSv1_2);
        cr_assert_eq(cub_context_set_ciphers(r.context, "ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0"),
                     CUB_OK);
        start(&r, ARGV("-cipher", strings[i], "-expect-cipher", "49162"));
        cr_expect_eq(exchange(&r), CUB_OK);
        cr_expect_eq(finish(&r), 0, "%s", strings[i]);
    }
}

/* A failure bears the name that the runner's map of errors looks for. */
Test(shim, names_its_errors)
{
    struct runner r;

    runner_init(&r, false, CUB_TLSVersion_TLSv1_3);
    start(&r, ARGV("-verify-peer", "-verify-fail"));
    cr_expect_eq(exchange(&r), CUB_SSLError);
    cr_expect_eq(process_wait(&r.p, 0), 1);
    cr_expect_not_null(strstr(process_stderr(&r.p), ":CERTIFICATE_VERIFY_FAILED:"));
    finish(&r);
}

Test(shim, says_what_is_not_implemented)
{
    static const char *const flags[][2] = {
        {"-no-such-flag", NULL },
        {"-curves",       "999"},
        {"-verify-prefs", "999"},
    };
    struct process p;

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const char *const argv[] = {shim(), flags[i][0], flags[i][1], NULL};

        cr_expect_eq(process_run(&p, "shim", NULL, argv), NOT_IMPLEMENTED, "%s", flags[i][0]);
    }
    cr_expect_eq(process_run(&p, "shim", NULL, ARGV(shim(), "-is-handshaker-supported")), 0);
    cr_expect_str_eq(process_stdout(&p), "No\n");
}
