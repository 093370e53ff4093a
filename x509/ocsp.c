#include "x509/ocsp.h"

#include <string.h>

#include "x509/check.h"
#include "x509/extension.h"
#include "x509/general_name.h"
#include "x509/key.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/time.h"

/* BasicOCSPResponse, taken apart. */
struct basic {
    struct cub_view tbs;
    struct cub_signature_algorithm algorithm;
    struct cub_view signature;
    struct cub_view certs;          /* contents of SEQUENCE OF Certificate */
    struct cub_view responder_name; /* one of these two: Name, whole */
    struct cub_view responder_key;  /* SHA-1 of the key */
    struct cub_view responses;      /* contents of SEQUENCE OF SingleResponse */
};

/* Whether a list of extensions has a critical one: none is known here that would matter. */
static void refuse_critical(struct cub_der *field)
{
    struct cub_der list = cub_extensions_open(field);

    while (cub_der_more(&list)) {
        struct cub_extension e = cub_extension_read(&list);
        if (e.critical.len && !cub_oid_is(e.oid, CUB_ARC_PKIX "\x30\x01\x02")) /* nonce */
            cub_der_fail(&list, E_OCSP_CRITICAL_EXTENSION);
    }
}

/* ResponderID ::= CHOICE { byName [1] Name, byKey [2] OCTET STRING } */
static void read_responder(struct cub_der *d, struct basic *b)
{
    struct cub_der field;

    if (cub_der_optional(d, CUB_DER_CONSTRUCTED(1), &field)) {
        b->responder_name = cub_name_read(&field);
    } else {
        field = cub_der_enter(d, CUB_DER_CONSTRUCTED(2));
        b->responder_key = cub_der_read(&field, CUB_DER_OCTET_STRING);
    }
    (void)cub_der_done(&field);
}

/*
 *   ResponseData ::= SEQUENCE {
 *       version [0] DEFAULT v1, responderID, producedAt, responses SEQUENCE OF SingleResponse,
 *       responseExtensions [1] OPTIONAL }
 */
static void read_data(struct cub_der *d, struct basic *b)
{
    struct cub_der data = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_der field;

    if (cub_der_optional(&data, CUB_DER_CONSTRUCTED(0), &field)) /* v1, which DER leaves out */
        cub_der_fail(&field, E_OCSP_MALFORMED);
    read_responder(&data, b);
    (void)cub_time_read_generalized(&data);
    b->responses = cub_der_read(&data, CUB_DER_SEQUENCE);
    if (cub_der_optional(&data, CUB_DER_CONSTRUCTED(1), &field))
        refuse_critical(&field);
    (void)cub_der_done(&data);
}

/* BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature, certs [0] } */
static void read_basic(struct cub_der *d, struct basic *b)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_der field;

    b->tbs.data = seq.at;
    read_data(&seq, b);
    b->tbs.len = (size_t)(seq.at - b->tbs.data);
    cub_signature_algorithm_read(&seq, &cub_algorithms_any, &b->algorithm);
    b->signature = cub_der_octet_bits(&seq);
    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(0), &field)) {
        b->certs = cub_der_read(&field, CUB_DER_SEQUENCE);
        (void)cub_der_done(&field);
    }
    (void)cub_der_done(&seq);
}

/* OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] OPTIONAL } */
static enum cub_error read_response(const uint8_t *response, size_t len, struct basic *b)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(response, len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_der field, bytes, inner;

    *b = (struct basic){0};
    (void)cub_der_done(&d);
    if (cub_der_small(&seq, CUB_DER_ENUMERATED, UINT8_MAX) != 0) /* not successful */
        cub_der_fail(&seq, E_OCSP_UNSUCCESSFUL);
    field = cub_der_enter(&seq, CUB_DER_CONSTRUCTED(0));
    (void)cub_der_done(&seq);
    bytes = cub_der_enter(&field, CUB_DER_SEQUENCE);
    (void)cub_der_done(&field);
    if (!cub_oid_is(cub_der_oid(&bytes), CUB_OID_OCSP_BASIC))
        cub_der_fail(&bytes, E_OCSP_MALFORMED);
    inner = cub_der_enter(&bytes, CUB_DER_OCTET_STRING);
    (void)cub_der_done(&bytes);
    read_basic(&inner, b);
    return cub_der_done(&inner);
}

/* The bits of a certificate's key, whose hash identifies it [RFC6960-4.1.1]. */
static struct cub_view key_bits(const struct cub_cert *cert)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(cert->spki.data, cert->spki.len, &error);
    struct cub_der spki = cub_der_enter(&d, CUB_DER_SEQUENCE);

    (void)cub_der_read(&spki, CUB_DER_SEQUENCE);
    return cub_der_octet_bits(&spki);
}

static bool has_digest(const struct cub_hash *hash, struct cub_view data, struct cub_view digest)
{
    uint8_t got[CUB_HASH_MAX_SIZE];

    cub_hash_once(hash, data.data, data.len, got);
    return digest.len == hash->size && memcmp(got, digest.data, hash->size) == 0;
}

static bool is_responder(const struct basic *b, const struct cub_cert *cert)
{
    if (b->responder_name.len)
        return cub_name_equal(b->responder_name, cert->subject);
    return has_digest(&cub_sha1, key_bits(cert), b->responder_key);
}

static enum cub_error verify_with(const struct basic *b, const struct cub_ocsp_request *q,
                                  const struct cub_cert *signer)
{
    return cub_check_signature(&q->schemes, &b->algorithm, b->tbs, b->signature, &signer->key) ==
                   E_OK
               ? E_OK
               : E_OCSP_SIGNATURE;
}

/*
 * A responder is authorised by a certificate that the issuer itself has signed for that purpose
 * [RFC6960-4.2.2.2].
 */
static bool is_delegate(const struct cub_ocsp_request *q, const struct cub_cert *cert)
{
    return (cert->extended_key_usage & CUB_EKU_OCSP_SIGNING) && cub_check_form(cert) == E_OK &&
           cub_check_critical(cert, CUB_CHECK_HANDLED | CUB_EXT_BIT(CUB_EXT_OCSP_NO_CHECK)) ==
               E_OK &&
           cub_check_usage(cert, CUB_KU_DIGITAL_SIGNATURE) == E_OK &&
           (!q->check_time || cub_check_validity(cert, q->now) == E_OK) &&
           cub_name_equal(cert->issuer, q->issuer->subject) &&
           cub_check_signature(&q->schemes, &cert->algorithm, cert->tbs, cert->signature,
                               &q->issuer->key) == E_OK;
}

/* Verifies by the certificates that came with the response. */
static enum cub_error verify_delegated(const struct basic *b, const struct cub_ocsp_request *q)
{
    enum cub_error error = E_OK;
    struct cub_der list = cub_der_open(b->certs.data, b->certs.len, &error);

    for (int i = 0; i < CUB_OCSP_MAX_CERTS && cub_der_more(&list); i++) {
        struct cub_view der = cub_der_element_of(&list, CUB_DER_SEQUENCE);
        struct cub_cert cert;
        if (cub_der_ok(&list) && cub_cert_parse(&cert, der.data, der.len) == E_OK &&
            is_responder(b, &cert) && is_delegate(q, &cert))
            return verify_with(b, q, &cert);
    }
    return error != E_OK ? error : E_OCSP_RESPONDER;
}

static enum cub_error verify(const struct basic *b, const struct cub_ocsp_request *q)
{
    if (is_responder(b, q->issuer))
        return verify_with(b, q, q->issuer);
    return verify_delegated(b, q);
}

/* The hash of a CertID, NULL if we have it not. */
static const struct cub_hash *read_hash(struct cub_der *d)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);

    if (cub_der_more(&id))
        cub_der_null(&id);
    (void)cub_der_done(&id);
    if (cub_oid_is(oid, CUB_OID_SHA1))
        return &cub_sha1;
    switch (cub_oid_under(oid, CUB_ARC_SHA2)) {
    case 1:
        return &cub_sha256;
    case 2:
        return &cub_sha384;
    case 3:
        return &cub_sha512;
    default:
        return NULL;
    }
}

/* CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } */
static bool is_about(struct cub_der *single, const struct cub_ocsp_request *q)
{
    struct cub_der id = cub_der_enter(single, CUB_DER_SEQUENCE);
    const struct cub_hash *hash = read_hash(&id);
    struct cub_view name_hash = cub_der_read(&id, CUB_DER_OCTET_STRING);
    struct cub_view key_hash = cub_der_read(&id, CUB_DER_OCTET_STRING);
    struct cub_view serial = cub_der_integer(&id);

    return cub_der_done(&id) == E_OK && hash && cub_view_equal(serial, q->cert->serial) &&
           has_digest(hash, q->cert->issuer, name_hash) &&
           has_digest(hash, key_bits(q->issuer), key_hash);
}

/* CertStatus ::= CHOICE { good [0], revoked [1], unknown [2] } */
static enum cub_error read_status(struct cub_der *single)
{
    unsigned tag;

    (void)cub_der_any(single, &tag);
    switch (tag) {
    case CUB_DER_PRIMITIVE(0):
        return E_OK;
    case CUB_DER_CONSTRUCTED(1):
        return E_OCSP_REVOKED;
    case CUB_DER_PRIMITIVE(2):
        return E_OCSP_UNKNOWN;
    default:
        return E_OCSP_MALFORMED;
    }
}

/*
 *   SingleResponse ::= SEQUENCE {
 *       certID, certStatus, thisUpdate, nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL }
 */
static enum cub_error read_single(struct cub_der *single, const struct cub_ocsp_request *q,
                                  struct cub_ocsp_status *status)
{
    enum cub_error verdict = read_status(single);
    struct cub_der field;

    status->this_update = cub_time_read_generalized(single);
    status->next_update = INT64_MAX;
    if (cub_der_optional(single, CUB_DER_CONSTRUCTED(0), &field)) {
        status->next_update = cub_time_read_generalized(&field);
        (void)cub_der_done(&field);
    }
    if (cub_der_optional(single, CUB_DER_CONSTRUCTED(1), &field))
        refuse_critical(&field);
    if (cub_der_done(single) != E_OK)
        return *single->error;
    if (q->check_time && q->now < status->this_update)
        return E_OCSP_NOT_YET_VALID;
    if (q->check_time && q->now > status->next_update)
        return E_OCSP_EXPIRED;
    return verdict;
}

/* Looks for the certificate among the responses; the first that is about it decides. */
static enum cub_error find(const struct basic *b, const struct cub_ocsp_request *q,
                           struct cub_ocsp_status *status)
{
    enum cub_error error = E_OK;
    struct cub_der list = cub_der_open(b->responses.data, b->responses.len, &error);

    while (cub_der_more(&list)) {
        struct cub_der single = cub_der_enter(&list, CUB_DER_SEQUENCE);
        if (is_about(&single, q))
            return read_single(&single, q, status);
    }
    return error != E_OK ? error : E_OCSP_OTHER_CERT;
}

enum cub_error cub_ocsp_check(const uint8_t *response, size_t len,
                              const struct cub_ocsp_request *request,
                              struct cub_ocsp_status *status)
{
    struct basic b;
    enum cub_error error = read_response(response, len, &b);

    if (error == E_OK)
        error = verify(&b, request);
    return error == E_OK ? find(&b, request, status) : error;
}

/* Features ::= SEQUENCE OF INTEGER, of TLS extensions; status_request is 5 [RFC7633-4]. */
bool cub_must_staple(const struct cub_cert *cert)
{
    struct cub_view v = cert->extension[CUB_EXT_TLS_FEATURE];
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(v.data, v.len, &error);
    struct cub_der list;

    if (!cub_cert_has(cert, CUB_EXT_TLS_FEATURE))
        return false;
    list = cub_der_enter(&d, CUB_DER_SEQUENCE);
    while (cub_der_more(&list))
        if (cub_der_small(&list, CUB_DER_INTEGER, UINT16_MAX) == 5)
            return true;
    return error != E_OK; /* what cannot be read is taken at its strictest */
}
