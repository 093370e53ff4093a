/*
 * Files in the format of x509-limbo, version 1 (BetterTLS comes in it too): paths to be found or
 * refused by the path builder, with the flags of a default context, which are strict.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/format.h"
#include "x509/identity.h"
#include "x509/path.h"
#include "x509/pem.h"

/* A time within all certificates that come without validation_time, which are valid for ages. */
#define ANY_TIME INT64_C(1735689600)

/* Known differences, with their reasons. */
static const struct {
    const char *id;
    const char *reason;
} known[] = {
#define LIMBO_KNOWN(id, reason) {id, reason},
#include "vectors/limbo_known.def"
#undef LIMBO_KNOWN
};

static const struct cub_verify_scheme *const schemes[] = {
    &cub_verify_ecdsa_secp256r1_sha256, &cub_verify_ecdsa_secp384r1_sha384,
    &cub_verify_ecdsa_secp521r1_sha512, &cub_verify_rsa_pss_rsae_sha256,
    &cub_verify_rsa_pss_rsae_sha384,    &cub_verify_rsa_pss_rsae_sha512,
    &cub_verify_rsa_pss_pss_sha256,     &cub_verify_rsa_pss_pss_sha384,
    &cub_verify_rsa_pss_pss_sha512,     &cub_verify_rsa_pkcs1_sha256,
    &cub_verify_rsa_pkcs1_sha384,       &cub_verify_rsa_pkcs1_sha512,
};

/* Parsed certificates. */
struct certs {
    struct cub_path_cert *items;
    const struct cub_path_cert **pointers;
    size_t count;
};

/* One testcase. */
struct limbo {
    const json_t *json;
    struct cub_vectors_arena *arena;
    struct certs trusted;
    struct certs untrusted;
    struct cub_crl *crls;
    size_t crl_count;
};

static const char *text_of(const struct limbo *l, const char *member)
{
    const char *text = json_string_value(json_object_get(l->json, member));

    return text ? text : "";
}

/* Decodes the first block of a PEM text into the arena. */
static bool decode_pem(struct limbo *l, const char *text, struct cub_view *out)
{
    struct cub_pem pem = {text, text + strlen(text)};
    struct cub_pem_block block;
    uint8_t *bytes;
    size_t max;

    if (cub_pem_next(&pem, &block) != E_OK)
        return false;
    max = cub_pem_decoded_max(&block);
    bytes = cub_vectors_arena_alloc(l->arena, max);
    out->data = bytes;
    return cub_pem_decode(&block, bytes, max, &out->len) == E_OK;
}

/* Parses a list of PEM certificates; those that are malformed are as good as absent. */
static void read_certs(struct limbo *l, const char *member, struct certs *certs)
{
    const json_t *list = json_object_get(l->json, member);
    size_t n = json_array_size(list);

    certs->items = cub_vectors_arena_alloc(l->arena, (n + 1) * sizeof *certs->items);
    certs->pointers = cub_vectors_arena_alloc(l->arena, (n + 1) * sizeof *certs->pointers);
    certs->count = 0;
    for (size_t i = 0; i < n; i++) {
        const char *pem = json_string_value(json_array_get(list, i));
        struct cub_path_cert *cert = &certs->items[certs->count];
        struct cub_view der;
        if (pem && decode_pem(l, pem, &der) && cub_path_cert_parse(cert, der.data, der.len) == E_OK)
            certs->pointers[certs->count++] = cert;
    }
}

static const struct cub_path_cert *trusted(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n)
{
    const struct limbo *l = context;

    (void)subject;
    for (size_t i = 0; i < l->trusted.count; i++)
        if (memcmp(l->trusted.items[i].subject_digest, digest, 32) == 0 && n-- == 0)
            return &l->trusted.items[i];
    return NULL;
}

/* RFC 3339: 2024-04-01T00:00:00[.ddd](+hh:mm|Z); fractions are dropped, as time is in seconds. */
static int64_t read_time(const char *text)
{
    int year, month, day, hour, minute, second;
    int64_t days;
    int y, m;
    const char *zone = text + 19;
    char sign = '+';
    int zone_hour = 0, zone_minute = 0;

    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
        return ANY_TIME;
    while (*zone == '.' || (*zone >= '0' && *zone <= '9'))
        zone++;
    (void)sscanf(zone, "%c%2d:%2d", &sign, &zone_hour, &zone_minute);
    y = month <= 2 ? year - 1 : year;
    m = month <= 2 ? month + 9 : month - 3;
    days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
    return days * 86400 + hour * 3600 + minute * 60 + second -
           (sign == '-' ? -1 : 1) * (zone_hour * 3600 + zone_minute * 60);
}

/* The KeyUsage bits of a list of names. */
static uint16_t read_key_usage(const struct limbo *l)
{
    static const char *const names[] = {
        "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
        "keyCertSign",      "cRLSign",        "encipherOnly",    "decipherOnly",
    };
    const json_t *list = json_object_get(l->json, "key_usage");
    uint16_t usage = 0;

    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t j = 0; j < sizeof names / sizeof names[0]; j++)
            if (strcmp(json_string_value(json_array_get(list, i)), names[j]) == 0)
                usage |= (uint16_t)(1u << j);
    return usage;
}

/* The purpose; -1 if it is one that TLS has not. */
static int read_purpose(const struct limbo *l)
{
    const json_t *list = json_object_get(l->json, "extended_key_usage");
    const char *name = json_string_value(json_array_get(list, 0));

    if (!name)
        return strcmp(text_of(l, "validation_kind"), "CLIENT") == 0 ? CUB_PURPOSE_CLIENT
                                                                    : CUB_PURPOSE_SERVER;
    if (strcmp(name, "serverAuth") == 0)
        return CUB_PURPOSE_SERVER;
    if (strcmp(name, "clientAuth") == 0)
        return CUB_PURPOSE_CLIENT;
    return strcmp(name, "anyExtendedKeyUsage") == 0 ? CUB_PURPOSE_ANY : -1;
}

/* The one name of a server; false if it is of no known kind. */
static bool read_peer_name(const json_t *name, struct cub_path_request *q)
{
    const char *kind = json_string_value(json_object_get(name, "kind"));
    const char *value = json_string_value(json_object_get(name, "value"));

    if (!name || json_is_null(name))
        return true;
    if (!kind || !value)
        return false;
    if (strcmp(kind, "RFC822") == 0)
        q->email = value;
    else
        q->host = value;
    return true;
}

/* All names that the chain of a client must yield. */
static enum cub_error check_peer_names(const struct limbo *l, const struct cub_cert *leaf)
{
    const json_t *list = json_object_get(l->json, "expected_peer_names");

    for (size_t i = 0; i < json_array_size(list); i++) {
        struct cub_path_request q = {0};
        enum cub_error error = E_OK;
        if (!read_peer_name(json_array_get(list, i), &q))
            return E_X509_HOSTNAME_INVALID;
        if (q.email)
            error = cub_email_check(leaf, q.email);
        else if (q.host)
            error = cub_common_name_check(leaf, q.host);
        if (error != E_OK)
            return error;
    }
    return E_OK;
}

static const struct cub_crl *find_crl(void *context, struct cub_view issuer,
                                      const uint8_t digest[32], size_t n)
{
    const struct limbo *l = context;

    (void)issuer;
    for (size_t i = 0; i < l->crl_count; i++)
        if (memcmp(l->crls[i].issuer_digest, digest, 32) == 0 && n-- == 0)
            return &l->crls[i];
    return NULL;
}

static enum cub_error read_crls(struct limbo *l)
{
    const json_t *list = json_object_get(l->json, "crls");
    size_t n = json_array_size(list);

    l->crls = cub_vectors_arena_alloc(l->arena, (n + 1) * sizeof *l->crls);
    for (size_t i = 0; i < n; i++) {
        const char *pem = json_string_value(json_array_get(list, i));
        struct cub_view der;
        enum cub_error error;
        if (!pem || !decode_pem(l, pem, &der))
            return E_PEM_BASE64;
        error = cub_crl_parse(&l->crls[l->crl_count++], der.data, der.len);
        if (error != E_OK)
            return error;
    }
    return E_OK;
}

/* The request of a case; false if it asks for what is not offered. */
static bool read_request(struct limbo *l, struct cub_path_request *q)
{
    const char *time = json_string_value(json_object_get(l->json, "validation_time"));
    const json_t *depth = json_object_get(l->json, "max_chain_depth");
    int purpose = read_purpose(l);

    if (purpose < 0)
        return false;
    q->schemes = (struct cub_scheme_list){schemes, sizeof schemes / sizeof schemes[0]};
    q->candidates = l->untrusted.pointers;
    q->candidate_count = l->untrusted.count;
    q->now = time ? read_time(time) : ANY_TIME;
    q->purpose = (uint8_t)purpose;
    q->usage = read_key_usage(l);
    q->flags = CUB_PATH_STRICT | CUB_PATH_PARTIAL_CHAIN | CUB_PATH_TRUSTED_FIRST;
    /* These cases are about the profile of the public web, the others about RFC 5280. */
    if (strncmp(text_of(l, "id"), "webpki::", 8) == 0)
        q->flags |= CUB_PATH_WEBPKI;
    if (l->crl_count)
        q->flags |= CUB_PATH_CRL_CHECK | CUB_PATH_CRL_SOFT;
    if (json_is_integer(depth)) {
        q->has_max_depth = 1;
        q->max_depth = (uint16_t)json_integer_value(depth);
    }
    return read_peer_name(json_object_get(l->json, "expected_peer_name"), q);
}

static enum cub_error validate(struct limbo *l, bool *offered)
{
    static struct cub_path_builder builder;
    const struct cub_path_store store = {trusted, find_crl, l};
    struct cub_path_request q = {.store = &store};
    struct cub_path_result result;
    struct cub_path_cert leaf;
    struct cub_view der;
    enum cub_error error = read_crls(l);

    *offered = true;
    if (error != E_OK)
        return error;
    if (!decode_pem(l, text_of(l, "peer_certificate"), &der))
        return E_PEM_BASE64;
    error = cub_path_cert_parse(&leaf, der.data, der.len);
    if (error != E_OK)
        return error;
    read_certs(l, "trusted_certs", &l->trusted);
    read_certs(l, "untrusted_intermediates", &l->untrusted);
    q.leaf = &leaf;
    *offered = read_request(l, &q);
    if (!*offered)
        return E_OK;
    error = cub_path_build(&builder, &q, &result);
    return error == E_OK ? check_peer_names(l, &leaf.cert) : error;
}

static const char *known_reason(const char *id)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].id, id) == 0)
            return known[i].reason;
    return NULL;
}

static void run_case(struct cub_vectors_run *run, const json_t *json)
{
    struct cub_vectors_arena arena = {NULL};
    struct limbo l = {.json = json, .arena = &arena};
    const char *id = text_of(&l, "id");
    const char *expected = text_of(&l, "expected_result");
    const char *reason = known_reason(id);
    bool offered;
    enum cub_error error = validate(&l, &offered);
    const char *got = error == E_OK ? "SUCCESS" : "FAILURE";

    if (!offered)
        cub_vectors_case(run, id, expected, "SKIPPED", CUB_VECTORS_SKIP, "purpose is not offered");
    else if (strcmp(got, expected) == 0)
        cub_vectors_case(run, id, expected, got, CUB_VECTORS_PASS,
                         error == E_OK ? "" : cub_error_info(error)->name);
    else
        cub_vectors_case(run, id, expected, got, CUB_VECTORS_FAIL,
                         reason ? reason : cub_error_info(error)->name);
    cub_vectors_arena_free(&arena);
}

static void run_file(struct cub_vectors_run *run, const json_t *root)
{
    const json_t *cases = json_object_get(root, "testcases");

    for (size_t i = 0; i < json_array_size(cases); i++)
        run_case(run, json_array_get(cases, i));
}

static bool recognises(const json_t *root)
{
    return json_is_array(json_object_get(root, "testcases")) &&
           json_integer_value(json_object_get(root, "version")) == 1;
}

const struct cub_vectors_format cub_vectors_limbo = {"limbo", recognises, run_file};
