/*
 * Memory that ends, at every point where more of it is asked for.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"

static long live;      /* allocations that were not released */
static long countdown; /* the allocation that fails, 1 the next; 0: none */
static bool for_good;  /* all after that one fail too */
static bool failed;

static bool fails(void)
{
    bool now = countdown && --countdown == 0;

    failed = failed || now;
    return now || (failed && for_good);
}

static void *test_allocate(void *arg, size_t size)
{
    void *p = fails() ? NULL : malloc(size);

    (void)arg;
    live += p != NULL;
    return p;
}

static void *test_reallocate(void *arg, void *p, size_t size)
{
    void *q = fails() ? NULL : realloc(p, size);

    (void)arg;
    live += !p && q;
    return q;
}

static void test_release(void *arg, void *p)
{
    (void)arg;
    live -= p != NULL;
    free(p);
}

/* Everything that a scenario makes. */
struct made {
    cub_context *client, *server;
    cub_bio *up, *down;
    cub_conn *c, *s;
    cub_session *session;
    struct cub_bytes *certs, *path;
};

static void release(struct made *m)
{
    cub_conn_free(m->c);
    cub_conn_free(m->s);
    cub_bio_free(m->up);
    cub_bio_free(m->down);
    cub_context_free(m->client);
    cub_context_free(m->server);
    cub_session_free(m->session);
    cub_free(m->certs);
    cub_free(m->path);
}

/* What a failure may be: no memory, here or, told by an alert, there. */
static bool is_memory(cub_result result, const struct cub_error_details *d)
{
    return result == CUB_MemoryError || (result == CUB_SSLError && d->alert_received == 80);
}

#define TRY(call, details)                                                                         \
    do {                                                                                           \
        cub_result result_ = call;                                                                 \
        if (result_ != CUB_OK) {                                                                   \
            const struct cub_error_details *details_ = details;                                    \
            cr_assert(is_memory(result_, details_), "%s: %s", #call, details_->message);           \
            return false;                                                                          \
        }                                                                                          \
    } while (0)

static bool handshake(struct made *m)
{
    for (int i = 0; i < 6; i++) {
        cub_result c = cub_conn_do_handshake(m->c);
        cub_result s = cub_conn_do_handshake(m->s);
        if (c != CUB_SSLWantReadError)
            TRY(c, cub_conn_error(m->c));
        if (s != CUB_SSLWantReadError)
            TRY(s, cub_conn_error(m->s));
    }
    return true;
}

static struct cub_view ocsp_response(void)
{
    static uint8_t bytes[2000];

    return (struct cub_view){
        bytes,
        pki_ocsp(bytes, sizeof bytes,
                 &(struct pki_ocsp_spec){.issuer = &pki_chain(PKI_P256)->certs[1], .serial = 300})};
}

static bool staple(cub_conn *conn, const struct cub_bytes *certificate, struct cub_bytes *response,
                   void *arg)
{
    const struct cub_view *r = arg;

    (void)conn, (void)certificate;
    *response = (struct cub_bytes){r->data, r->len};
    return true;
}

/* What revocation needs: a list, a response that was loaded, one from a callback, SCTs. */
static bool set_revocation(struct made *m)
{
    static struct cub_view r;
    static uint8_t crl[2000];
    struct pki_crl_spec list = {.issuer = &pki_chain(PKI_P256)->certs[1]};
    size_t len = pki_crl(crl, sizeof crl, &list);

    r = ocsp_response();
    TRY(cub_context_set_verify_time(m->client, PKI_NOW), cub_last_error(m->client));
    TRY(cub_context_load_verify_locations(m->client, NULL, NULL, crl, len),
        cub_last_error(m->client));
    TRY(cub_context_set_verify_flags(m->client, CUB_VERIFY_CRL_CHECK_LEAF),
        cub_last_error(m->client));
    TRY(cub_context_set_status_mode(m->client, CUB_STATUS_REQUIRED), cub_last_error(m->client));
    TRY(cub_context_set_scts_requested(m->client, true), cub_last_error(m->client));
    TRY(cub_context_load_ocsp_response_data(m->server, r.data, r.len), cub_last_error(m->server));
    TRY(cub_context_load_scts_data(m->server, "scts", 4), cub_last_error(m->server));
    TRY(cub_context_set_ocsp_callback(m->server, staple, &r), cub_last_error(m->server));
    return true;
}

static bool with_revocation;

static bool connect(struct made *m)
{
    static const char *const protocols[] = {"a", "b"};
    const char *chain = pair_chain_pem(PKI_P256), *key = pair_key_pem(PKI_P256);
    const struct pki_cert *root = pki_root();
    const struct cub_cert_info *info;
    struct cub_wrap_options options = {.server_hostname = "server.example"};
    char buffer[8];
    size_t n;

    TRY(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, NULL, root->der, root->len,
                                   &m->client),
        cub_last_error(m->client));
    TRY(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &m->server),
        cub_last_error(m->server));
    TRY(cub_context_load_cert_chain_data(m->server, chain, strlen(chain), key, strlen(key), NULL),
        cub_last_error(m->server));
    if (with_revocation && !set_revocation(m))
        return false;
    TRY(cub_context_set_alpn_protocols(m->client, protocols, 2), cub_last_error(m->client));
    TRY(cub_context_set_alpn_protocols(m->server, protocols, 2), cub_last_error(m->server));
    TRY(cub_bio_new(&m->up), cub_last_error(NULL));
    TRY(cub_bio_new(&m->down), cub_last_error(NULL));
    TRY(cub_context_wrap_bio(m->client, m->down, m->up, &options, &m->c), cub_conn_error(m->c));
    options = (struct cub_wrap_options){.server_side = true};
    TRY(cub_context_wrap_bio(m->server, m->up, m->down, &options, &m->s), cub_conn_error(m->s));
    /* A change while connections use the settings: they are copied. */
    TRY(cub_context_set_groups(m->client, "x25519"), cub_last_error(m->client));
    if (!handshake(m))
        return false;
    TRY(cub_conn_write(m->c, "hello", 5, &n), cub_conn_error(m->c));
    TRY(cub_conn_read(m->s, buffer, sizeof buffer, &n), cub_conn_error(m->s));
    TRY(cub_conn_getpeercert(m->c, &info), cub_conn_error(m->c));
    cr_assert_eq(info->subjectAltName_count, 5);
    return true;
}

/* A second connection, that resumes the first one's session if there is one. */
static bool resume(struct made *m)
{
    struct cub_wrap_options options = {.server_hostname = "server.example"};
    char byte;
    size_t n;

    if (!connect(m))
        return false;
    (void)cub_conn_read(m->c, &byte, 1, &n);
    if (!cub_conn_get_session(m->c))
        return false;
    options.session = cub_session_ref(cub_conn_get_session(m->c));
    cub_conn_free(m->c);
    cub_conn_free(m->s);
    m->c = m->s = NULL;
    m->session = options.session;
    TRY(cub_context_wrap_bio(m->client, m->down, m->up, &options, &m->c), cub_conn_error(m->c));
    options = (struct cub_wrap_options){.server_side = true};
    TRY(cub_context_wrap_bio(m->server, m->up, m->down, &options, &m->s), cub_conn_error(m->s));
    if (!handshake(m))
        return false;
    cr_assert(failed || cub_conn_get_session_reused(m->c));
    return true;
}

static bool verify(struct made *m)
{
    const char *chain = pair_chain_pem(PKI_RSA2048);
    const struct pki_cert *root = pki_root();
    struct cub_error_details d;
    size_t count, path_count;

    TRY(cub_create_default_context(CUB_Purpose_SERVER_AUTH, NULL, "/nonexistent", root->der,
                                   root->len, &m->client),
        cub_last_error(m->client));
    TRY(cub_read_certs(chain, strlen(chain), &m->certs, &count, &d), &d);
    TRY(cub_context_verify_certs(m->client, m->certs, count, CUB_Purpose_SERVER_AUTH,
                                 "server.example", &m->path, &path_count, &d),
        &d);
    cr_assert_eq(path_count, 3);
    return true;
}

/*
 * Runs a scenario with the n-th allocation failing, for every n until none fails. A single failure
 * may be got over; when memory stays out, somebody must say so.
 */
static void fail_each(bool (*scenario)(struct made *m))
{
    bool over = false;
    long n = 0;

    while (!over) {
        struct made made = {0};
        bool done;
        countdown = ++n;
        failed = false;
        done = scenario(&made);
        over = !failed;
        cr_assert(done || failed, "a failure without a cause");
        cr_assert(!done || over || !for_good, "allocation %ld fails and nobody says so", n);
        release(&made);
        cr_assert_eq(live, 0, "allocation %ld fails: %ld are not released", n, live);
        cr_assert_lt(n, 1000);
    }
    cr_expect_gt(n, 20);
}

static void fail_each_way(bool (*scenario)(struct made *m))
{
    static const struct cub_allocator allocator = {test_allocate, test_reallocate, test_release,
                                                   NULL};

    cub_set_allocator(&allocator);
    fail_each(scenario);
    for_good = true;
    fail_each(scenario);
    cub_set_allocator(NULL);
}

Test(allocation, each_fails_once_in_a_connection)
{
    fail_each_way(connect);
}

Test(allocation, each_fails_once_with_revocation)
{
    with_revocation = true;
    fail_each_way(connect);
}

Test(allocation, each_fails_once_in_a_resumption)
{
    fail_each_way(resume);
}

Test(allocation, each_fails_once_in_a_verification)
{
    fail_each_way(verify);
}
