/*
 * Revocation lists through contexts: how they are loaded, and what connections make of them.
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/subject_hash.h"
#include "tests/api/pair.h"
#include "tests/support/process.h"

#define DAY 86400

/* The numbers of leaf and intermediate. */
static const uint32_t leaf_serial[] = {300};
static const uint32_t ca_serial[] = {200};

/* A list of the intermediate, about leaves, or of the root, about the intermediate. */
struct list {
    bool by_root;
    bool revoked;
    int64_t this_update, next_update; /* 0: a day around PKI_NOW */
};

static struct cub_view make(const struct list *list)
{
    static uint8_t bytes[4000];
    struct pki_crl_spec spec = {
        .issuer = list->by_root ? pki_root() : &pki_chain(PKI_P256)->certs[1],
        .this_update = list->this_update,
        .next_update = list->next_update,
        .serials = list->by_root ? ca_serial : leaf_serial,
        .serial_count = list->revoked,
    };

    return (struct cub_view){bytes, pki_crl(bytes, sizeof bytes, &spec)};
}

static char *as_pem(struct cub_view crl)
{
    static char text[8192];

    text[0] = 0;
    pki_pem(text, sizeof text, "X509 CRL", crl.data, crl.len);
    return text;
}

static void load(cub_context *context, const struct list *list)
{
    const char *pem = as_pem(make(list));

    cr_assert_eq(cub_context_load_verify_locations(context, NULL, NULL, pem, strlen(pem)), CUB_OK,
                 "%s", cub_last_error(context)->message);
}

/* A client's context that looks at lists. */
static cub_context *checking(unsigned flags)
{
    cub_context *context = pair_client_context();

    cr_assert_eq(cub_context_set_verify_flags(context,
                                              cub_context_get_verify_flags(context) | flags),
                 CUB_OK);
    return context;
}

Test(revocation, what_connections_make_of_lists)
{
    static const struct {
        unsigned flags;
        size_t count;
        struct list lists[2];
        int verify_code, verify_depth;
        int alert;
    } rows[] = {
        {CUB_VERIFY_CRL_CHECK_LEAF,  1, {{.revoked = true}},                       23, 0, 44},
        {CUB_VERIFY_CRL_CHECK_LEAF,  1, {{0}},                                     0,  0, 0 },
        {CUB_VERIFY_CRL_CHECK_LEAF,  0, {{0}},                                     3,  0, 48},
        {CUB_VERIFY_CRL_CHECK_LEAF,  1, {{.by_root = true}},                       3,  0, 48},
        {CUB_VERIFY_CRL_CHECK_LEAF,  1, {{.next_update = PKI_NOW - 1}},            12, 0, 42},
        {CUB_VERIFY_CRL_CHECK_LEAF,  1, {{.this_update = PKI_NOW + 1}},            11, 0, 42},
        {CUB_VERIFY_CRL_CHECK_LEAF,  2, {{0}, {.by_root = true, .revoked = true}}, 0,  0, 0 },
        {CUB_VERIFY_CRL_CHECK_CHAIN, 2, {{0}, {.by_root = true, .revoked = true}}, 23, 1, 44},
        {CUB_VERIFY_CRL_CHECK_CHAIN, 2, {{0}, {.by_root = true}},                  0,  0, 0 },
        {CUB_VERIFY_CRL_CHECK_CHAIN, 1, {{0}},                                     3,  1, 48},
        {CUB_VERIFY_DEFAULT,         1, {{.revoked = true}},                       0,  0, 0 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair p = {.client_context = checking(rows[i].flags)};
        struct cub_cert_store_stats stats;
        const struct cub_error_details *d;
        for (size_t n = 0; n < rows[i].count; n++)
            load(p.client_context, &rows[i].lists[n]);
        cub_context_cert_store_stats(p.client_context, &stats);
        cr_expect_eq(stats.crl, rows[i].count);
        pair_open(&p);
        pair_handshake(&p);
        d = cub_conn_error(p.client);
        cr_expect_eq(d->verify_code, rows[i].verify_code, "row %zu: %s", i, d->message);
        cr_expect_eq(p.client_result, rows[i].verify_code ? CUB_SSLCertVerificationError : CUB_OK,
                     "row %zu", i);
        if (rows[i].verify_code) {
            cr_expect_eq(d->verify_depth, rows[i].verify_depth, "row %zu", i);
            cr_expect_eq(d->alert_sent, rows[i].alert, "row %zu: %d", i, d->alert_sent);
        }
        pair_close(&p);
    }
}

/* A server looks at its clients' certificates in the same way. */
Test(revocation, of_clients)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};
    const struct pki_cert *root = pki_root();

    pair_load(p.client_context, PKI_CLIENT);
    cr_assert_eq(cub_context_load_verify_locations(p.server_context, NULL, NULL, root->der,
                                                   root->len),
                 CUB_OK);
    cr_assert_eq(cub_context_set_verify_mode(p.server_context, CUB_CERT_REQUIRED), CUB_OK);
    cr_assert_eq(cub_context_set_verify_flags(p.server_context, CUB_VERIFY_CRL_CHECK_LEAF), CUB_OK);
    load(p.server_context, &(struct list){.revoked = true});
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result, CUB_SSLCertVerificationError);
    cr_expect_eq(cub_conn_error(p.server)->verify_code, 23, "%s", pair_message(p.server));
    cr_expect_eq(cub_conn_error(p.server)->alert_sent, CUB_ALERT_DESCRIPTION_CERTIFICATE_REVOKED);
    pair_close(&p);
}

static char *write_file(const char *name, struct cub_view bytes)
{
    char *path = scratch_path(name);
    FILE *f = fopen(path, "wb");

    cr_assert(f && fwrite(bytes.data, 1, bytes.len, f) == bytes.len && fclose(f) == 0);
    return path;
}

static void expect_revoked(cub_context *context)
{
    struct pair p = {.client_context = context};

    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(cub_conn_error(p.client)->verify_code, 23, "%s", pair_message(p.client));
    pair_close(&p);
}

/* PEM and DER, as files and as data; a certificate and a list in one. */
Test(revocation, ways_to_load)
{
    struct cub_view der = make(&(struct list){.revoked = true});
    const struct pki_cert *root = pki_root();
    char *pem_file = scratch_file("list.pem", as_pem(der)), *der_file = write_file("list.crl", der);
    uint8_t both[8000];
    cub_context *context;

    context = checking(CUB_VERIFY_CRL_CHECK_LEAF);
    cr_assert_eq(cub_context_load_verify_locations(context, pem_file, NULL, NULL, 0), CUB_OK);
    expect_revoked(context);
    context = checking(CUB_VERIFY_CRL_CHECK_LEAF);
    cr_assert_eq(cub_context_load_verify_locations(context, der_file, NULL, NULL, 0), CUB_OK);
    expect_revoked(context);
    context = checking(CUB_VERIFY_CRL_CHECK_LEAF);
    memcpy(both, root->der, root->len);
    memcpy(both + root->len, der.data, der.len);
    cr_assert_eq(cub_context_load_verify_locations(context, NULL, NULL, both, root->len + der.len),
                 CUB_OK, "%s", cub_last_error(context)->message);
    expect_revoked(context);
    free(pem_file);
    free(der_file);
}

/* A directory as OpenSSL's rehash lays it out: <hash of the issuer>.r0 */
Test(revocation, from_a_directory_on_demand)
{
    struct cub_view der = make(&(struct list){.revoked = true});
    cub_context *context = checking(CUB_VERIFY_CRL_CHECK_LEAF);
    struct cub_cert_store_stats stats;
    uint32_t hash;
    char name[32];

    cr_assert(cub_subject_hash(pki_chain(PKI_P256)->certs[1].subject, &hash));
    snprintf(name, sizeof name, "%08x.r0", (unsigned)hash);
    free(scratch_file(name, as_pem(der)));
    cr_assert_eq(cub_context_load_verify_locations(context, NULL, scratch_dir(), NULL, 0), CUB_OK);
    cub_context_cert_store_stats(context, &stats);
    cr_expect_eq(stats.crl, 0, "nothing is read yet");
    expect_revoked(context);
}

Test(revocation, lists_that_do_not_parse)
{
    struct cub_view der = make(&(struct list){0});
    cub_context *context = pair_client_context();
    char *text = as_pem(der);
    uint8_t bytes[4000];

    text[strcspn(text, "\n") + 20] ^= 1;
    cr_expect_neq(cub_context_load_verify_locations(context, NULL, NULL, text, strlen(text)),
                  CUB_OK);
    memcpy(bytes, der.data, der.len);
    bytes[5] ^= 0x40;
    cr_expect_neq(cub_context_load_verify_locations(context, NULL, NULL, bytes, der.len), CUB_OK);
    cub_context_free(context);
}
