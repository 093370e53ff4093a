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

static void read_rsa(struct cub_der *id, int last, struct cub_signature_algorithm *algorithm)
{
    struct cub_pss_parameters pss;

    if (last != 10) {
        algorithm->kind = CUB_SIGNATURE_RSA_PKCS1;
        algorithm->hash = pkcs1_hash(last);
        if (cub_der_more(id)) /* NULL; absence must be accepted [RFC4055-5] */
            cub_der_null(id);
        return;
    }
    cub_pss_parameters_read(id, &pss);
    algorithm->kind = CUB_SIGNATURE_RSA_PSS;
    /* Salts of other lengths than the hash's occur in no scheme of TLS [RFC8446-4.2.3]. */
    algorithm->hash = pss.hash && pss.salt_len == hash_size(pss.hash) ? pss.hash : 0;
}

bool cub_signature_ecdsa(struct cub_der *id, struct cub_view oid,
                         struct cub_signature_algorithm *algorithm)
{
    int hash = cub_oid_under(oid, CUB_ARC_ECDSA_SHA2);

    (void)id;                   /* parameters absent [RFC5758-3.2] */
    if (hash >= 2 && hash <= 4) /* SHA-256 to SHA-512 */
        algorithm->hash = (uint8_t)(CUB_HASH_SHA256 + hash - 2);
    else if (cub_oid_is(oid, CUB_OID_ECDSA_SHA1))
        algorithm->hash = CUB_HASH_SHA1;
    else
        return false;
    algorithm->kind = CUB_SIGNATURE_ECDSA;
    return true;
}

bool cub_signature_any(struct cub_der *id, struct cub_view oid,
                       struct cub_signature_algorithm *algorithm)
{
    int rsa = cub_oid_under(oid, CUB_ARC_PKCS1);

    if (rsa >= 0)
        read_rsa(id, rsa, algorithm);
    else if (cub_oid_is(oid, CUB_OID_ED25519))
        algorithm->kind = CUB_SIGNATURE_ED25519;
    else
        return cub_signature_ecdsa(id, oid, algorithm);
    return true;
}

void cub_signature_algorithm_read(struct cub_der *d, const struct cub_algorithm_reader *reader,
                                  struct cub_signature_algorithm *algorithm)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);

    *algorithm = (struct cub_signature_algorithm){CUB_SIGNATURE_UNKNOWN, 0};
    if (!reader->signature(&id, oid, algorithm) && cub_der_more(&id))
        (void)cub_der_element(&id);
    if (cub_der_more(&id))
        cub_der_fail(&id, E_X509_ALGORITHM_PARAMETERS);
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
