#include "x509/algorithm.h"

#include "x509/oid.h"

/* HashAlgorithm ::= AlgorithmIdentifier, parameters NULL or absent [RFC4055-2.1]; 0 if unknown. */
static uint8_t read_hash(struct cub_der *d)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);

    if (cub_der_more(&id))
        cub_der_null(&id);
    (void)cub_der_done(&id);
    if (cub_oid_is(oid, CUB_OID_SHA1))
        return CUB_HASH_SHA1;
    switch (cub_oid_under(oid, CUB_ARC_SHA2)) {
    case 1:
        return CUB_HASH_SHA256;
    case 2:
        return CUB_HASH_SHA384;
    case 3:
        return CUB_HASH_SHA512;
    default:
        return 0;
    }
}

/* MaskGenAlgorithm: MGF1 with a hash; 0 if another. */
static uint8_t read_mgf(struct cub_der *d)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);
    uint8_t hash = 0;

    if (cub_oid_is(oid, CUB_OID_MGF1))
        hash = read_hash(&id);
    else if (cub_der_more(&id))
        (void)cub_der_element(&id);
    (void)cub_der_done(&id);
    return hash;
}

/*
 *   RSASSA-PSS-params ::= SEQUENCE {
 *       hashAlgorithm    [0] HashAlgorithm DEFAULT sha1Identifier,
 *       maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
 *       saltLength       [2] INTEGER DEFAULT 20,
 *       trailerField     [3] INTEGER DEFAULT 1 }
 */
void cub_pss_parameters_read(struct cub_der *d, struct cub_pss_parameters *parameters)
{
    struct cub_der seq = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_der field;
    uint8_t hash = CUB_HASH_SHA1;
    uint8_t mgf = CUB_HASH_SHA1;
    uint32_t salt_len = 20;
    uint32_t trailer = 1;

    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(0), &field)) {
        hash = read_hash(&field);
        (void)cub_der_done(&field);
    }
    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(1), &field)) {
        mgf = read_mgf(&field);
        (void)cub_der_done(&field);
    }
    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(2), &field)) {
        salt_len = cub_der_small(&field, CUB_DER_INTEGER, UINT16_MAX);
        (void)cub_der_done(&field);
    }
    if (cub_der_optional(&seq, CUB_DER_CONSTRUCTED(3), &field)) {
        trailer = cub_der_small(&field, CUB_DER_INTEGER, UINT16_MAX);
        (void)cub_der_done(&field);
    }
    (void)cub_der_done(&seq);
    parameters->hash = hash == mgf && trailer == 1 ? hash : 0;
    parameters->salt_len = (uint16_t)salt_len;
}

static unsigned hash_size(unsigned hash)
{
    switch (hash) {
    case CUB_HASH_SHA1:
        return 20;
    case CUB_HASH_SHA256:
        return 32;
    case CUB_HASH_SHA384:
        return 48;
    default:
        return 64;
    }
}

/* The hash of sha*WithRSAEncryption, 0 if it is none that is known. */
static uint8_t pkcs1_hash(int last)
{
    switch (last) {
    case 4:
        return CUB_HASH_ID_MD5;
    case 5:
        return CUB_HASH_SHA1;
    case 11:
        return CUB_HASH_SHA256;
    case 12:
        return CUB_HASH_SHA384;
    case 13:
        return CUB_HASH_SHA512;
    default:
        return 0;
    }
}

static enum cub_error read_rsa(struct cub_view parameters, int last,
                               struct cub_signature_algorithm *algorithm)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(parameters.data, parameters.len, &error);
    struct cub_pss_parameters pss;

    if (last == 10) {
        cub_pss_parameters_read(&d, &pss);
        algorithm->kind = CUB_SIGNATURE_RSA_PSS;
        /* Salts of other lengths than the hash's occur in no scheme of TLS [RFC8446-4.2.3]. */
        algorithm->hash = pss.hash && pss.salt_len == hash_size(pss.hash) ? pss.hash : 0;
    } else {
        algorithm->kind = CUB_SIGNATURE_RSA_PKCS1;
        algorithm->hash = pkcs1_hash(last);
        if (cub_der_more(&d)) /* NULL; absence must be accepted [RFC4055-5] */
            cub_der_null(&d);
    }
    return cub_der_more(&d) ? E_X509_ALGORITHM_PARAMETERS : error;
}

enum cub_error cub_algorithm_pass(struct cub_view parameters, enum cub_error trailing)
{
    struct cub_view v;
    enum cub_error error = E_OK;

    if (parameters.len)
        error = cub_der_next(&parameters, CUB_DER_ANY, &v);
    return error == E_OK && parameters.len ? trailing : error;
}

enum cub_error cub_signature_ecdsa(const struct cub_algorithm_id *id,
                                   struct cub_signature_algorithm *algorithm)
{
    uint32_t tail = cub_oid_behind(id->oid, CUB_ARC_X962);

    if (tail == 0x10401)
        algorithm->hash = CUB_HASH_SHA1;
    else if (tail - 0x1040302 < 3) /* SHA-256 to SHA-512 */
        algorithm->hash = (uint8_t)(CUB_HASH_SHA256 + (tail - 0x1040302));
    else
        return cub_algorithm_pass(id->parameters, E_X509_ALGORITHM_PARAMETERS);
    algorithm->kind = CUB_SIGNATURE_ECDSA;
    return id->parameters.len ? E_X509_ALGORITHM_PARAMETERS : E_OK; /* absent [RFC5758-3.2] */
}

enum cub_error cub_signature_any(const struct cub_algorithm_id *id,
                                 struct cub_signature_algorithm *algorithm)
{
    int rsa = cub_oid_under(id->oid, CUB_ARC_PKCS1);

    if (rsa >= 0)
        return read_rsa(id->parameters, rsa, algorithm);
    if (!cub_oid_is(id->oid, CUB_OID_ED25519))
        return cub_signature_ecdsa(id, algorithm);
    algorithm->kind = CUB_SIGNATURE_ED25519;
    return id->parameters.len ? E_X509_ALGORITHM_PARAMETERS : E_OK;
}

enum cub_error cub_signature_algorithm_decode(struct cub_view contents,
                                              const struct cub_algorithm_reader *reader,
                                              struct cub_signature_algorithm *algorithm)
{
    struct cub_algorithm_id id;
    enum cub_error error;

    id.parameters = contents;
    error = cub_algorithm_id_split(&id);
    return error == E_OK ? reader->signature(&id, algorithm) : error;
}

void cub_signature_algorithm_read(struct cub_der *d, const struct cub_algorithm_reader *reader,
                                  struct cub_signature_algorithm *algorithm)
{
    struct cub_view contents = cub_der_read(d, CUB_DER_SEQUENCE);
    enum cub_error error = E_OK;

    *algorithm = (struct cub_signature_algorithm){CUB_SIGNATURE_UNKNOWN, 0};
    if (cub_der_ok(d))
        error = cub_signature_algorithm_decode(contents, reader, algorithm);
    if (error != E_OK)
        cub_der_fail(d, error);
}

/* The kind of signature that a SignatureScheme stands for [RFC8446-4.2.3]. */
static unsigned scheme_kind(unsigned id)
{
    if (id == 0x0807)
        return CUB_SIGNATURE_ED25519;
    if (id >> 8 == 0x08)
        return CUB_SIGNATURE_RSA_PSS;
    return (id & 0xff) == 0x03 ? CUB_SIGNATURE_ECDSA : CUB_SIGNATURE_RSA_PKCS1;
}

const struct cub_hash *cub_scheme_hash(const struct cub_scheme_list *list,
                                       const struct cub_signature_algorithm *algorithm)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct cub_hash *hash = list->schemes[i]->hash;
        if (hash && algorithm->hash && hash->id == algorithm->hash)
            return hash;
    }
    return NULL;
}

const struct cub_verify_scheme *cub_scheme_find(const struct cub_scheme_list *list,
                                                const struct cub_signature_algorithm *algorithm,
                                                unsigned key_type)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct cub_verify_scheme *s = list->schemes[i];
        if (scheme_kind(s->id) != algorithm->kind || s->key_type != key_type)
            continue;
        if (algorithm->kind == CUB_SIGNATURE_ECDSA || !s->hash || s->hash->id == algorithm->hash)
            return s;
    }
    return NULL;
}
