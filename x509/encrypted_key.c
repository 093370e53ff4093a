#include "x509/encrypted_key.h"

#include <string.h>

#include "crypto/aes_cbc.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "crypto/pbkdf2.h"
#include "x509/der.h"
#include "x509/oid.h"

#define MAX_KEY 32

/* What PBES2-params say. */
struct pbes2 {
    const struct cub_hash *prf;
    struct cub_view salt;
    uint32_t iterations;
    size_t key_len;
    struct cub_view iv;
};

/* AlgorithmIdentifier of id-hmacWithSHA*, NULL if another. */
static const struct cub_hash *read_prf(struct cub_der *d)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);

    cub_der_null(&id);
    (void)cub_der_done(&id);
    switch (cub_oid_under(oid, CUB_ARC_DIGEST)) {
    case 7:
        return &cub_sha1;
    case 9:
        return &cub_sha256;
    case 10:
        return &cub_sha384;
    case 11:
        return &cub_sha512;
    default:
        cub_der_fail(d, E_KEY_ENCRYPTION);
        return NULL;
    }
}

/*
 *   PBKDF2-params ::= SEQUENCE {
 *       salt OCTET STRING, iterationCount INTEGER, keyLength INTEGER OPTIONAL,
 *       prf AlgorithmIdentifier DEFAULT algid-hmacWithSHA1 }
 */
static void read_kdf(struct cub_der *d, struct pbes2 *p)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);
    struct cub_der params;

    if (!cub_oid_is(oid, CUB_ARC_PKCS5 "\x0c")) {
        cub_der_fail(d, E_KEY_ENCRYPTION);
        return;
    }
    params = cub_der_enter(&id, CUB_DER_SEQUENCE);
    p->salt = cub_der_read(&params, CUB_DER_OCTET_STRING);
    p->iterations = cub_der_small(&params, CUB_DER_INTEGER, UINT32_MAX);
    if (cub_der_ok(d) && (p->iterations == 0 || p->iterations > CUB_KDF_MAX_ITERATIONS))
        cub_der_fail(d, E_KEY_KDF_LIMIT);
    if (cub_der_peek(&params) == CUB_DER_INTEGER)
        p->key_len = cub_der_small(&params, CUB_DER_INTEGER, UINT16_MAX);
    p->prf = cub_der_more(&params) ? read_prf(&params) : &cub_sha1;
    (void)cub_der_done(&params);
}

/* AES-CBC with its IV; the length of the key must be that of the key derivation, if that has one.
 */
static void read_cipher(struct cub_der *d, struct pbes2 *p)
{
    struct cub_der id = cub_der_enter(d, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);
    int cipher = cub_oid_under(oid, CUB_ARC_AES);
    size_t key_len = cipher == 2 ? 16 : cipher == 22 ? 24 : cipher == 42 ? 32 : 0;

    if (key_len == 0 || (p->key_len && p->key_len != key_len)) {
        cub_der_fail(d, E_KEY_ENCRYPTION);
        return;
    }
    p->key_len = key_len;
    p->iv = cub_der_read(&id, CUB_DER_OCTET_STRING);
    if (cub_der_done(&id) == E_OK && p->iv.len != CUB_AES_CBC_BLOCK)
        cub_der_fail(d, E_KEY_ENCRYPTION);
}

/* EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm, encryptedData OCTET STRING } */
static enum cub_error read_container(const uint8_t *data, size_t len, struct pbes2 *p,
                                     struct cub_view *encrypted)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(data, len, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_der id = cub_der_enter(&seq, CUB_DER_SEQUENCE);
    struct cub_view oid = cub_der_oid(&id);
    struct cub_der params;

    *p = (struct pbes2){0};
    (void)cub_der_done(&d);
    if (!cub_oid_is(oid, CUB_ARC_PKCS5 "\x0d")) { /* PBES1 and PKCS #12 ciphers are of the past */
        cub_der_fail(&id, E_KEY_ENCRYPTION);
        return error;
    }
    params = cub_der_enter(&id, CUB_DER_SEQUENCE);
    read_kdf(&params, p);
    read_cipher(&params, p);
    (void)cub_der_done(&params);
    (void)cub_der_done(&id);
    *encrypted = cub_der_read(&seq, CUB_DER_OCTET_STRING);
    return cub_der_done(&seq);
}

/* What a wrong password yields has rarely a good padding, and then hardly ever the form of a key.
 */
static enum cub_error decrypt(const uint8_t *key, size_t key_len, const uint8_t *iv, uint8_t *data,
                              size_t len, struct cub_view *plain)
{
    enum cub_error error = E_OK;
    struct cub_der d;

    if (cub_aes_cbc_decrypt(key, key_len, iv, data, len, &plain->len) != E_OK)
        return E_KEY_WRONG_PASSWORD;
    plain->data = data;
    d = cub_der_open(plain->data, plain->len, &error);
    (void)cub_der_read(&d, CUB_DER_SEQUENCE);
    return cub_der_done(&d) == E_OK ? E_OK : E_KEY_WRONG_PASSWORD;
}

enum cub_error cub_pkcs8_decrypt(uint8_t *data, size_t len, const uint8_t *password,
                                 size_t password_len, struct cub_view *plain)
{
    uint8_t key[MAX_KEY];
    struct cub_view encrypted;
    struct pbes2 p;
    enum cub_error error = read_container(data, len, &p, &encrypted);

    if (error != E_OK)
        return error;
    cub_pbkdf2(p.prf, password, password_len, p.salt.data, p.salt.len, p.iterations, key,
               p.key_len);
    error =
        decrypt(key, p.key_len, p.iv.data, data + (encrypted.data - data), encrypted.len, plain);
    cub_wipe(key, sizeof key);
    return error;
}

/* What EVP_BytesToKey does with MD5 and one iteration: D_i = MD5(D_(i-1) password salt). */
static void legacy_kdf(const uint8_t *password, size_t password_len, const uint8_t salt[8],
                       uint8_t *out, size_t out_len)
{
    struct cub_hash_context context;
    uint8_t d[16];

    for (size_t at = 0; at < out_len; at += sizeof d) {
        size_t n = out_len - at < sizeof d ? out_len - at : sizeof d;
        cub_hash_init(&cub_md5, &context);
        if (at)
            cub_hash_update(&cub_md5, &context, d, sizeof d);
        cub_hash_update(&cub_md5, &context, password, password_len);
        cub_hash_update(&cub_md5, &context, salt, 8);
        cub_hash_output(&cub_md5, &context, d);
        memcpy(out + at, d, n);
    }
    cub_wipe(&context, sizeof context);
    cub_wipe(d, sizeof d);
}

/* Where a text stands in a view, or NULL. */
static const uint8_t *find(struct cub_view v, const char *text)
{
    size_t n = strlen(text);

    for (size_t i = 0; i + n <= v.len; i++)
        if (memcmp(v.data + i, text, n) == 0)
            return v.data + i;
    return NULL;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "DEK-Info: AES-256-CBC,<32 hexadecimal digits>" */
static enum cub_error read_dek_info(struct cub_view headers, size_t *key_len,
                                    uint8_t iv[CUB_AES_CBC_BLOCK])
{
    static const char *const names[] = {"DEK-Info: AES-128-CBC,", "DEK-Info: AES-192-CBC,",
                                        "DEK-Info: AES-256-CBC,"};
    const uint8_t *end = headers.data + headers.len;
    const uint8_t *p = NULL;

    for (size_t i = 0; i < 3 && !p; i++) {
        p = find(headers, names[i]);
        *key_len = 16 + 8 * i;
    }
    if (!p)
        return E_KEY_ENCRYPTION;
    p += strlen(names[0]);
    if (end - p < 2 * CUB_AES_CBC_BLOCK)
        return E_KEY_ENCRYPTION;
    for (size_t i = 0; i < CUB_AES_CBC_BLOCK; i++) {
        int high = hex_digit(p[2 * i]);
        int low = hex_digit(p[2 * i + 1]);
        if (high < 0 || low < 0)
            return E_KEY_ENCRYPTION;
        iv[i] = (uint8_t)(high << 4 | low);
    }
    return E_OK;
}

bool cub_pem_is_private_key(const struct cub_pem_block *block)
{
    return cub_pem_is(block, "PRIVATE KEY") || cub_pem_is(block, "RSA PRIVATE KEY") ||
           cub_pem_is(block, "EC PRIVATE KEY") || cub_pem_is(block, "ENCRYPTED PRIVATE KEY");
}

bool cub_pem_is_encrypted(const struct cub_pem_block *block)
{
    return cub_pem_is(block, "ENCRYPTED PRIVATE KEY") || find(block->headers, "DEK-Info:");
}

enum cub_error cub_pem_key_decrypt(const struct cub_pem_block *block, uint8_t *data, size_t len,
                                   const uint8_t *password, size_t password_len,
                                   struct cub_view *plain)
{
    uint8_t key[MAX_KEY];
    uint8_t iv[CUB_AES_CBC_BLOCK];
    size_t key_len;
    enum cub_error error;

    if (cub_pem_is(block, "ENCRYPTED PRIVATE KEY"))
        return cub_pkcs8_decrypt(data, len, password, password_len, plain);
    error = read_dek_info(block->headers, &key_len, iv);
    if (error != E_OK)
        return error;
    legacy_kdf(password, password_len, iv, key, key_len);
    error = decrypt(key, key_len, iv, data, len, plain);
    cub_wipe(key, sizeof key);
    return error;
}
