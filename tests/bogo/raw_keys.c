/*
 * Raw public keys [RFC7250]: ours, encoded from the key file, and the peer's, known by its hash.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "shim.h"

/* AlgorithmIdentifier and what stands between it and the point [RFC5480-2]. */
static const uint8_t head_p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                    0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};
static const uint8_t head_p384[] = {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00};
/* rsaEncryption with NULL [RFC8017-A.1] */
static const uint8_t rsa_algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                        0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};

/* DER is written from its end, so that lengths are known when they are needed. */
struct der {
    uint8_t bytes[1024];
    size_t at;
};

static void put(struct der *der, const void *bytes, size_t len)
{
    if (len > der->at)
        exit(EXIT_NOT_IMPLEMENTED);
    der->at -= len;
    memcpy(der->bytes + der->at, bytes, len);
}

static void put_byte(struct der *der, size_t byte)
{
    uint8_t b = (uint8_t)byte;

    put(der, &b, 1);
}

/* The head of an element whose contents end at end. */
static void put_head(struct der *der, uint8_t tag, size_t end)
{
    size_t len = end - der->at;

    put_byte(der, len);
    if (len > 0xff)
        put_byte(der, len >> 8);
    if (len >= 0x80)
        put_byte(der, len > 0xff ? 0x82 : 0x81);
    put_byte(der, tag);
}

static void put_integer(struct der *der, struct cub_view n)
{
    size_t end = der->at;

    put(der, n.data, n.len);
    if (n.data[0] & 0x80)
        put_byte(der, 0);
    put_head(der, 0x02, end);
}

static void put_rsa(struct der *der, const struct cub_public_key *key)
{
    size_t end = der->at;

    put_integer(der, key->exponent);
    put_integer(der, key->modulus);
    put_head(der, 0x30, end);
    put_byte(der, 0);
    put_head(der, 0x03, end);
    put(der, rsa_algorithm, sizeof rsa_algorithm);
    put_head(der, 0x30, end);
}

struct cub_view spki_encode(const struct cub_public_key *key)
{
    struct der *der = malloc(sizeof *der);

    if (der == NULL)
        die("no memory");
    der->at = sizeof der->bytes;
    switch (key->type) {
    case CUB_KEY_RSA:
        put_rsa(der, key);
        break;
    case CUB_KEY_EC_P256:
        put(der, key->point.data, key->point.len);
        put(der, head_p256, sizeof head_p256);
        break;
    case CUB_KEY_EC_P384:
        put(der, key->point.data, key->point.len);
        put(der, head_p384, sizeof head_p384);
        break;
    default:
        exit(EXIT_NOT_IMPLEMENTED);
    }
    return (struct cub_view){der->bytes + der->at, sizeof der->bytes - der->at};
}

/* The peer's key: the one that is expected, if one is. */
static enum cub_error judge_key(void *owner, struct cub_view *spki)
{
    struct shim *s = owner;
    struct blob expected = s->options->expected_raw_key;
    uint8_t *copy = malloc(spki->len);
    uint8_t digest[32];

    if (copy == NULL)
        die("no memory");
    memcpy(copy, spki->data, spki->len);
    *spki = s->raw_key = (struct cub_view){copy, spki->len};
    cub_hash_once(&cub_sha256, copy, spki->len, digest);
    if (expected.data != NULL &&
        (expected.len != sizeof digest || memcmp(expected.data, digest, sizeof digest) != 0))
        return E_X509_APPLICATION;
    return s->options->verify_fail ? s->refusal : E_OK;
}

static bool has(const struct list *list, int type)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i] == type)
            return true;
    }
    return false;
}

void set_raw_keys(struct shim *s)
{
    const struct list *accepted = &s->options->accepted_types;

    if (accepted->count == 0)
        return;
    if (has(accepted, TYPE_RAW_KEY))
        s->config.raw_public_key = judge_key;
    if (!has(accepted, TYPE_X509))
        s->config.verifier = NULL;
    if (accepted->items[0] == TYPE_X509)
        s->config.flags |= CUB_FLAG_PREFER_X509;
}
