/*
 * OCSP stapling and SCTs through contexts and connections.
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/api/pair.h"
#include "tests/support/process.h"
#include "x509/cert.h"

#define DAY 86400

static const uint8_t sct_list[] = "\0\4\0\2ab";

/* The leaf of the servers: number 300 of the intermediate. */
static struct cub_view response(const struct pki_ocsp_spec *spec)
{
    static uint8_t bytes[4000];
    struct pki_ocsp_spec r = *spec;

    r.issuer = &pki_chain(PKI_P256)->certs[1];
    if (!r.serial)
        r.serial = 300;
    return (struct cub_view){bytes, pki_ocsp(bytes, sizeof bytes, &r)};
}

static void load_response(cub_context *context, const struct pki_ocsp_spec *spec)
{
    struct cub_view r = response(spec);

    cr_assert_eq(cub_context_load_ocsp_response_data(context, r.data, r.len), CUB_OK, "%s",
                 cub_last_error(context)->message);
}

/* A server's context whose certificate demands a stapled response [RFC7633]. */
static cub_context *must_staple_context(void)
{
    static char text[16384];
    uint8_t extension[64];
    struct der_out o = {extension, sizeof extension, 0};
    const struct pki_cert *ca = &pki_chain(PKI_P256)->certs[1];
    struct pki_cert leaf;
    cub_context *context = pair_server_context(PKI_RSA2048);
    const char *key = pki_key_pems[PKI_KEY_P256];

    pki_extension(&o, "1.3.6.1.5.5.7.1.24", 0, "\x30\x03\x02\x01\x05", 5);
    pki_issue(&leaf, &(struct pki_spec){
                         .subject = "server.example",
                         .key = PKI_KEY_P256,
                         .issuer = ca,
                         .serial = 300,
                         .ca = -1,
                         .key_usage = CUB_KU_DIGITAL_SIGNATURE,
                         .dns = {"server.example"},
                         .more = { extension,           o.len}
    });
    text[0] = 0;
    pki_pem(text, sizeof text, "CERTIFICATE", leaf.der, leaf.len);
    pki_pem(text, sizeof text, "CERTIFICATE", ca->der, ca->len);
    cr_assert_eq(cub_context_load_cert_chain_data(context, text, strlen(text), key, strlen(key),
                                                  NULL),
                 CUB_OK, "%s", cub_last_error(context)->message);
    return context;
}

static const int versions[] = {CUB_TLSVersion_TLSv1_2, CUB_TLSVersion_TLSv1_3};

static void limit(struct pair *p, int version)
{
    cr_assert_eq(cub_context_set_maximum_version(p->client_context, version), CUB_OK);
}

Test(staple, good_response_and_scts_arrive)
{
    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        struct cub_view r = response(&(struct pki_ocsp_spec){0});
        struct cub_bytes got, scts;
        load_response(p.server_context, &(struct pki_ocsp_spec){0});
        cr_assert_eq(cub_context_load_scts_data(p.server_context, sct_list, sizeof sct_list - 1),
                     CUB_OK);
        cr_assert_eq(cub_context_get_status_mode(p.client_context), CUB_STATUS_OPTIONAL);
        cr_assert_eq(cub_context_set_status_mode(p.client_context, CUB_STATUS_REQUIRED), CUB_OK);
        cr_assert_not(cub_context_get_scts_requested(p.client_context));
        cr_assert_eq(cub_context_set_scts_requested(p.client_context, true), CUB_OK);
        cr_assert(cub_context_get_scts_requested(p.client_context));
        limit(&p, versions[i]);
        pair_connect(&p);
        cr_assert_eq(cub_conn_get_ocsp_response(p.client, &got), CUB_OK);
        cr_assert_eq(got.len, r.len);
        cr_expect_arr_eq(got.data, r.data, r.len);
        cr_assert_eq(cub_conn_get_scts(p.client, &scts), CUB_OK);
        cr_assert_eq(scts.len, sizeof sct_list - 1);
        cr_expect_arr_eq(scts.data, sct_list, scts.len);
        pair_echo(p.server, p.client, "hello");
        cr_assert_eq(cub_conn_get_ocsp_response(p.server, &got), CUB_OK);
        cr_expect_eq(got.len, 0);
        pair_close(&p);
    }
}

/* What was not asked for does not come. */
Test(staple, nothing_unasked)
{
    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        struct cub_bytes got;
        load_response(p.server_context, &(struct pki_ocsp_spec){.status = PKI_OCSP_REVOKED});
        cr_assert_eq(cub_context_load_scts_data(p.server_context, sct_list, sizeof sct_list - 1),
                     CUB_OK);
        cr_assert_eq(cub_context_set_status_mode(p.client_context, CUB_STATUS_NONE), CUB_OK);
        limit(&p, versions[i]);
        pair_connect(&p);
        cr_assert_eq(cub_conn_get_ocsp_response(p.client, &got), CUB_OK);
        cr_expect_eq(got.len, 0);
        cr_assert_eq(cub_conn_get_scts(p.client, &got), CUB_OK);
        cr_expect_eq(got.len, 0);
        pair_close(&p);
    }
}

/* A context that was not made by create_default_context is as Python's. */
Test(staple, off_in_plain_contexts)
{
    cub_context *context;

    cr_assert_eq(cub_context_new(CUB_PROTOCOL_TLS_CLIENT, &context), CUB_OK);
    cr_expect_eq(cub_context_get_status_mode(context), CUB_STATUS_NONE);
    cr_expect_eq(cub_context_set_status_mode(context, (enum cub_StatusMode)3), CUB_ValueError);
    cub_context_free(context);
}

/* OpenSSL's numbers for what is wrong; the alert is that of [RFC6066-8]. */
Test(staple, bad_responses_are_refused)
{
    static const struct {
        struct pki_ocsp_spec spec;
        enum cub_StatusMode mode;
        int verify_code; /* 0: the connection is good */
        const char *name;
    } rows[] = {
        {{.status = PKI_OCSP_REVOKED},   CUB_STATUS_OPTIONAL, 23, "OCSP_REVOKED"      },
        {{.status = PKI_OCSP_UNKNOWN},   CUB_STATUS_OPTIONAL, 75, "OCSP_UNKNOWN"      },
        {{.serial = 301},                CUB_STATUS_OPTIONAL, 75, "OCSP_OTHER_CERT"   },
        {{.next_update = PKI_NOW - 1},   CUB_STATUS_OPTIONAL, 74, "OCSP_EXPIRED"      },
        {{.this_update = PKI_NOW + DAY}, CUB_STATUS_OPTIONAL, 74, "OCSP_NOT_YET_VALID"},
        {{.break_signature = 1},         CUB_STATUS_OPTIONAL, 74, "OCSP_SIGNATURE"    },
        {{.response_status = 3},         CUB_STATUS_OPTIONAL, 0,  NULL                }, /* tryLater */
        {{.response_status = 3},         CUB_STATUS_REQUIRED, 74, "OCSP_UNSUCCESSFUL" },
        {{.status = PKI_OCSP_REVOKED},   CUB_STATUS_REQUIRED, 23, "OCSP_REVOKED"      },
    };

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        size_t row = i / 2;
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        const struct cub_error_details *d;
        load_response(p.server_context, &rows[row].spec);
        cr_assert_eq(cub_context_set_status_mode(p.client_context, rows[row].mode), CUB_OK);
        limit(&p, versions[i % 2]);
        pair_open(&p);
        pair_handshake(&p);
        d = cub_conn_error(p.client);
        cr_expect_eq(d->verify_code, rows[row].verify_code, "row %zu: %s", row, d->message);
        if (rows[row].verify_code) {
            cr_expect_eq(p.client_result, CUB_SSLCertVerificationError, "row %zu", row);
            cr_expect_str_eq(d->name, rows[row].name);
            cr_expect_eq(d->alert_sent, CUB_ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE);
            cr_expect_eq(d->verify_depth, 0);
        } else {
            cr_expect_eq(p.client_result, CUB_OK, "row %zu: %s", row, d->message);
        }
        pair_close(&p);
    }
}

Test(staple, missing_where_required)
{
    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context()};
        const struct cub_error_details *d;
        cr_assert_eq(cub_context_set_status_mode(p.client_context, CUB_STATUS_REQUIRED), CUB_OK);
        limit(&p, versions[i]);
        pair_open(&p);
        pair_handshake(&p);
        d = cub_conn_error(p.client);
        cr_expect_eq(p.client_result, CUB_SSLCertVerificationError);
        cr_expect_eq(d->verify_code, 73);
        cr_expect_str_eq(d->name, "OCSP_REQUIRED");
        cr_expect_str_eq(d->verify_message, "OCSP verification needed");
        pair_close(&p);
    }
}

/* Certificates that demand a response are refused without, if one was asked for. */
Test(staple, must_staple)
{
    static const struct {
        enum cub_StatusMode mode;
        bool stapled;
        int response_status;
        int verify_code;
    } rows[] = {
        {CUB_STATUS_OPTIONAL, false, 0, 73},
        {CUB_STATUS_OPTIONAL, true,  0, 0 },
        {CUB_STATUS_OPTIONAL, true,  3, 74}, /* tryLater will not do here */
        {CUB_STATUS_NONE,     false, 0, 0 },
    };

    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        size_t row = i / 2;
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = must_staple_context()};
        if (rows[row].stapled)
            load_response(p.server_context,
                          &(struct pki_ocsp_spec){.response_status = rows[row].response_status});
        cr_assert_eq(cub_context_set_status_mode(p.client_context, rows[row].mode), CUB_OK);
        cr_assert_eq(cub_context_set_server_sigalgs(p.client_context, "ecdsa_secp256r1_sha256"),
                     CUB_OK);
        limit(&p, versions[i % 2]);
        pair_open(&p);
        pair_handshake(&p);
        cr_expect_eq(cub_conn_error(p.client)->verify_code, rows[row].verify_code, "row %zu: %s",
                     row, pair_message(p.client));
        cr_expect_eq(p.client_result, rows[row].verify_code ? CUB_SSLCertVerificationError : CUB_OK,
                     "row %zu", row);
        pair_close(&p);
    }
}

/* What the callback of a test answers with. */
struct answers {
    struct cub_view response;
    bool answer;
    unsigned calls;
    size_t leaf_len;
};

static bool answer(cub_conn *conn, const struct cub_bytes *certificate, struct cub_bytes *out,
                   void *arg)
{
    struct answers *a = arg;

    (void)conn;
    a->calls++;
    a->leaf_len = certificate->len;
    *out = (struct cub_bytes){a->response.data, a->response.len};
    return a->answer;
}

Test(staple, callback_for_each_connection)
{
    for (size_t i = 0; i < 6; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        struct answers a = {response(&(struct pki_ocsp_spec){.status = PKI_OCSP_REVOKED}),
                            i / 2 != 1, 0, 0};
        cr_assert_eq(cub_context_set_ocsp_callback(p.server_context, answer, &a), CUB_OK);
        if (i / 2 == 2) /* asks twice: a HelloRetryRequest comes between */
            cr_assert_eq(cub_context_set_groups(p.server_context, "secp384r1"), CUB_OK);
        limit(&p, versions[i % 2]);
        pair_open(&p);
        pair_handshake(&p);
        cr_expect_eq(cub_conn_error(p.client)->verify_code, a.answer ? 23 : 0, "%zu: %s", i,
                     pair_message(p.client));
        cr_expect_eq(a.calls, 1, "%zu: %u", i, a.calls);
        cr_expect_eq(a.leaf_len, pki_chain(PKI_P256)->certs[0].len);
        pair_close(&p);
    }
}

/* Its false leaves what was loaded; it is not called for who does not ask. */
Test(staple, callback_and_what_was_loaded)
{
    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        struct answers a = {0};
        struct cub_bytes got;
        load_response(p.server_context, &(struct pki_ocsp_spec){0});
        cr_assert_eq(cub_context_set_ocsp_callback(p.server_context, answer, &a), CUB_OK);
        if (i)
            cr_assert_eq(cub_context_set_status_mode(p.client_context, CUB_STATUS_NONE), CUB_OK);
        pair_connect(&p);
        cr_assert_eq(cub_conn_get_ocsp_response(p.client, &got), CUB_OK);
        cr_expect_eq(got.len > 0, i == 0);
        cr_expect_eq(a.calls, i == 0);
        pair_close(&p);
    }
}

Test(staple, callback_that_says_too_much)
{
    static uint8_t bytes[CUB_STAPLE_MAX + 1];
    struct pair p = {.server_context = pair_server_context(PKI_P256)};
    struct answers a = {
        {bytes, sizeof bytes},
        true, 0, 0
    };

    cr_assert_eq(cub_context_set_ocsp_callback(p.server_context, answer, &a), CUB_OK);
    pair_open(&p);
    pair_handshake(&p);
    cr_expect_eq(p.server_result, CUB_ValueError);
    cr_expect_str_eq(cub_conn_error(p.server)->name, "STAPLE_SIZE");
    pair_close(&p);
}

/* The longest that there may be, beside a certificate. */
Test(staple, longest)
{
    static uint8_t list[CUB_STAPLE_MAX];

    for (size_t i = 0; i < 2; i++) {
        struct pair p = {.client_context = pair_client_context(),
                         .server_context = pair_server_context(PKI_P256)};
        struct cub_bytes got;
        cr_assert_eq(cub_context_load_scts_data(p.server_context, list, sizeof list), CUB_OK);
        cr_assert_eq(cub_context_set_scts_requested(p.client_context, true), CUB_OK);
        limit(&p, versions[i]);
        pair_connect(&p);
        cr_assert_eq(cub_conn_get_scts(p.client, &got), CUB_OK);
        cr_expect_eq(got.len, sizeof list);
        pair_close(&p);
    }
}

Test(staple, what_cannot_be_loaded)
{
    static const uint8_t bytes[CUB_STAPLE_MAX + 1];
    cub_context *context = pair_server_context(PKI_P256), *empty;
    struct cub_view r = response(&(struct pki_ocsp_spec){0});
    const struct pki_cert *leaf = &pki_chain(PKI_P256)->certs[0];

    cr_expect_eq(cub_context_load_ocsp_response_data(context, "no", 2), CUB_SSLError);
    cr_expect_str_eq(cub_last_error(context)->name, "OCSP_NO_RESPONSE");
    cr_expect_eq(cub_context_load_ocsp_response_data(context, leaf->der, leaf->len), CUB_SSLError);
    cr_expect_eq(cub_context_load_ocsp_response_data(context, r.data, r.len - 1), CUB_SSLError);
    cr_expect_eq(cub_context_load_ocsp_response(context, "/no/such/file"), CUB_OSError);
    cr_expect_eq(cub_context_load_ocsp_response(context, scratch_file("empty", "")), CUB_SSLError);
    cr_expect_eq(cub_context_load_scts_data(context, bytes, sizeof bytes), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(context)->name, "STAPLE_SIZE");
    cub_context_free(context);
    cr_assert_eq(cub_create_default_context(CUB_Purpose_CLIENT_AUTH, NULL, NULL, NULL, 0, &empty),
                 CUB_OK);
    cr_expect_eq(cub_context_load_ocsp_response_data(empty, r.data, r.len), CUB_ValueError);
    cr_expect_str_eq(cub_last_error(empty)->name, "STAPLE_NO_CERT");
    cub_context_free(empty);
}

/* Another certificate of the same kind takes the place of the first, without its response; a
 * certificate of another kind has its own. */
Test(staple, belongs_to_the_certificate_loaded_last)
{
    struct pair p = {.client_context = pair_client_context(),
                     .server_context = pair_server_context(PKI_P256)};
    struct cub_bytes got;

    load_response(p.server_context, &(struct pki_ocsp_spec){.status = PKI_OCSP_REVOKED});
    pair_load(p.server_context, PKI_P256);
    pair_load(p.server_context, PKI_RSA2048);
    load_response(p.server_context, &(struct pki_ocsp_spec){0});
    pair_connect(&p);
    cr_assert_eq(cub_conn_get_ocsp_response(p.client, &got), CUB_OK);
    cr_expect_eq(got.len, 0);
    pair_close(&p);
}

/* Sessions end where another status_mode begins: the binding differs. */
Test(staple, no_resumption_into_a_stricter_mode)
{
    struct pair p = {0};
    cub_session *session;
    char byte;
    size_t n;

    pair_connect(&p);
    pair_echo(p.server, p.client, "x");
    (void)cub_conn_read(p.client, &byte, 1, &n);
    session = cub_session_ref(cub_conn_get_session(p.client));
    cr_assert(cub_session_get_has_ticket(session));
    cr_assert_eq(cub_context_set_status_mode(p.client_context, CUB_STATUS_REQUIRED), CUB_OK);
    cub_conn_free(p.client);
    cub_conn_free(p.server);
    cub_bio_free(p.to_client);
    cub_bio_free(p.to_server);
    pair_open(&p);
    cr_assert_eq(cub_conn_set_session(p.client, session), CUB_OK);
    pair_handshake(&p);
    cr_expect_eq(cub_conn_error(p.client)->verify_code, 73, "%s", pair_message(p.client));
    cub_session_free(session);
    pair_close(&p);
}
