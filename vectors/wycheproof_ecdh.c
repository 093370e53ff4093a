#include <string.h>

#include "crypto/ecdsa.h"
#include "crypto/group.h"
#include "vectors/wycheproof.h"
#include "x509/key.h"
#include "x509/pem.h"

static struct cub_outcome compare(struct cub_wycheproof_test *t, const struct cub_group *group,
                                  enum cub_error error, const uint8_t *secret)
{
    struct cub_view shared = cub_wycheproof_bytes(t, "shared");

    if (error)
        return cub_wycheproof_error(error);
    if (shared.len != group->secret_size || memcmp(shared.data, secret, shared.len) != 0)
        return (struct cub_outcome){CUB_WRONG, "another secret"};
    return (struct cub_outcome){CUB_ACCEPTED, ""};
}

struct cub_outcome cub_wycheproof_x25519(struct cub_wycheproof_test *t)
{
    const struct cub_group *group = &cub_group_x25519;
    const char *curve = cub_wycheproof_text(t, "curve");
    struct cub_view private_value = cub_wycheproof_bytes(t, "private");
    struct cub_view share = cub_wycheproof_bytes(t, "public");
    uint8_t secret[CUB_GROUP_MAX_SECRET];

    if (strcmp(curve, "curve25519") != 0)
        return cub_wycheproof_unsupported(t, curve, "");
    if (private_value.len != group->private_size)
        return (struct cub_outcome){CUB_REFUSED, "private value of another length"};
    return compare(t, group,
                   group->complete(group, private_value.data, share.data, share.len, secret),
                   secret);
}

static const struct {
    const char *name;
    uint8_t key_type;
    const struct cub_group *group;
} curves[] = {
    {"secp256r1", CUB_KEY_EC_P256, &cub_group_secp256r1},
    {"secp384r1", CUB_KEY_EC_P384, &cub_group_secp384r1},
    {"secp521r1", CUB_KEY_EC_P521, &cub_group_secp521r1},
};

/* Multiplies a point by a private value, which may be shorter or have more zeros than is usual. */
static struct cub_outcome agree(struct cub_wycheproof_test *t, uint8_t key_type,
                                struct cub_view private_value, struct cub_view point)
{
    uint8_t scalar[CUB_EC_MAX_SIZE];
    uint8_t secret[CUB_GROUP_MAX_SECRET];
    enum cub_error error;

    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        const struct cub_group *group = curves[i].group;

        if (strcmp(curves[i].name, cub_wycheproof_text(t, "curve")) != 0)
            continue;
        if (curves[i].key_type != key_type)
            return (struct cub_outcome){CUB_REFUSED, "a key of another curve"};
        error = cub_ec_load_scalar(cub_curve_of(key_type), private_value.data, private_value.len,
                                   scalar);
        if (!error)
            error = group->complete(group, scalar, point.data, point.len, secret);
        return compare(t, group, error, secret);
    }
    return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "curve"), "");
}

static uint8_t key_type_of(struct cub_wycheproof_test *t)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (strcmp(curves[i].name, cub_wycheproof_text(t, "curve")) == 0)
            return curves[i].key_type;
    return CUB_KEY_NONE;
}

struct cub_outcome cub_wycheproof_ecdh_point(struct cub_wycheproof_test *t)
{
    return agree(t, key_type_of(t), cub_wycheproof_integer(t, "private"),
                 cub_wycheproof_bytes(t, "public"));
}

/* The public key is a SubjectPublicKeyInfo. */
struct cub_outcome cub_wycheproof_ecdh_der(struct cub_wycheproof_test *t)
{
    struct cub_view der = cub_wycheproof_bytes(t, "public");
    struct cub_public_key key;
    enum cub_error error = cub_public_key_decode(&key, der.data, der.len);

    if (error)
        return cub_wycheproof_error(error);
    return agree(t, key.type, cub_wycheproof_integer(t, "private"), key.point);
}

/* The one block of a PEM text, decoded into the arena. */
static enum cub_error decode_pem(struct cub_wycheproof_test *t, const char *path, const char *label,
                                 struct cub_view *out)
{
    const char *text = cub_wycheproof_text(t, path);
    struct cub_pem pem = {text, text + strlen(text)};
    struct cub_pem_block block;
    enum cub_error error = cub_pem_next(&pem, &block);
    uint8_t *data;

    if (error)
        return error;
    if (!cub_pem_is(&block, label))
        return E_PEM_NO_START_LINE;
    data = cub_vectors_arena_alloc(t->arena, cub_pem_decoded_max(&block));
    out->data = data;
    return cub_pem_decode(&block, data, cub_pem_decoded_max(&block), &out->len);
}

/* The public key is a SubjectPublicKeyInfo in PEM, the private key PKCS #8 in PEM. */
struct cub_outcome cub_wycheproof_ecdh_pem(struct cub_wycheproof_test *t)
{
    struct cub_view der;
    struct cub_public_key key;
    struct cub_private_key private_key;
    enum cub_error error = decode_pem(t, "public", "PUBLIC KEY", &der);

    if (!error)
        error = cub_public_key_decode(&key, der.data, der.len);
    if (!error)
        error = decode_pem(t, "private", "PRIVATE KEY", &der);
    if (!error)
        error = cub_private_key_decode(&private_key, NULL, der.data, der.len);
    if (error)
        return cub_wycheproof_error(error);
    return agree(t, key.type, private_key.scalar, key.point);
}
