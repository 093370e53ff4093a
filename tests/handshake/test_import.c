#include <criterion/criterion.h>

#include <string.h>

#include "crypto/kdf.h"
#include "handshake/config.h"
#include "handshake/import.h"
#include "tests/support/hex.h"

static const struct cub_imported_identity example = {
    .external_identity = {(const uint8_t *)"device 7", 8},
    .context = {(const uint8_t *)"site",     4},
    .target_protocol = CUB_TLS1_3,
    .target_kdf = CUB_HKDF_SHA384,
};

Test(import, identity)
{
    static const uint8_t expected[] = {0, 8, 'd', 'e', 'v', 'i', 'c',  'e',  ' ',  '7',
                                       0, 4, 's', 'i', 't', 'e', 0x03, 0x04, 0x00, 0x02};
    struct cub_imported_identity decoded;
    uint8_t bytes[64];
    size_t len;

    cr_assert_eq(cub_imported_identity_encode(&example, bytes, sizeof bytes, &len), E_OK);
    cr_assert_eq(len, CUB_IMPORTED_IDENTITY_SIZE(8, 4));
    cr_assert_eq(len, sizeof expected);
    cr_assert_arr_eq(bytes, expected, sizeof expected);
    cr_assert_eq(cub_imported_identity_decode(&decoded, (struct cub_view){bytes, len}), E_OK);
    cr_assert_eq(decoded.external_identity.len, 8);
    cr_assert_arr_eq(decoded.external_identity.data, "device 7", 8);
    cr_assert_eq(decoded.context.len, 4);
    cr_assert_eq(decoded.target_protocol, CUB_TLS1_3);
    cr_assert_eq(decoded.target_kdf, CUB_HKDF_SHA384);
    for (size_t i = 0; i < len; i++)
        cr_assert_eq(cub_imported_identity_decode(&decoded, (struct cub_view){bytes, i}),
                     E_SESSION_UNKNOWN);
    cr_assert_eq(cub_imported_identity_decode(&decoded, (struct cub_view){bytes, len + 1}),
                 E_SESSION_UNKNOWN);
    for (size_t i = 0; i < sizeof expected; i++)
        cr_assert_eq(cub_imported_identity_encode(&example, bytes, i, &len), E_SESSION_BUFFER);
}

/* None, or more than pre_shared_key can hold. */
Test(import, sizes)
{
    static uint8_t bytes[70000];
    struct cub_imported_identity identity = example;
    size_t len;

    identity.external_identity.len = 0;
    cr_assert_eq(cub_imported_identity_encode(&identity, bytes, sizeof bytes, &len),
                 E_SESSION_BUFFER);
    identity.external_identity = (struct cub_view){bytes + 100, 60000};
    identity.context = (struct cub_view){bytes, 65535 - 8 - 60000 + 1};
    cr_assert_eq(cub_imported_identity_encode(&identity, bytes, sizeof bytes, &len),
                 E_SESSION_BUFFER);
}

/*
 * The derivation written out by hand [RFC9258-5.1], over the example's bytes: HKDF-Extract, then
 * HKDF-Expand with an HkdfLabel of "tls13 derived psk" and the hash of the identity.
 */
static void derive(const struct cub_hash *hash, const struct cub_hash *target, uint8_t *out)
{
    uint8_t identity[64], prk[64], info[2 + 1 + 17 + 1 + 64];
    size_t len;

    cr_assert_eq(cub_imported_identity_encode(&example, identity, sizeof identity, &len), E_OK);
    cub_hkdf_extract(hash, NULL, 0, (const uint8_t *)"external key", 12, prk);
    info[0] = 0;
    info[1] = target->size;
    info[2] = 17;
    memcpy(info + 3, "tls13 derived psk", 17);
    info[20] = hash->size;
    cub_hash_once(hash, identity, len, info + 21);
    cub_hkdf_expand(hash, prk, hash->size, info, 21 + (size_t)hash->size, out, target->size);
}

Test(import, key)
{
    const struct cub_hash *hashes[] = {&cub_sha256, &cub_sha384};
    uint8_t identity[64], expected[64], key[64];
    size_t len;

    cr_assert_eq(cub_imported_identity_encode(&example, identity, sizeof identity, &len), E_OK);
    for (unsigned i = 0; i < 4; i++) {
        const struct cub_hash *hash = hashes[i / 2], *target = hashes[i % 2];

        derive(hash, target, expected);
        cub_import_psk(hash, (const uint8_t *)"external key", 12, (struct cub_view){identity, len},
                       target, key);
        cr_assert_arr_eq(key, expected, target->size);
    }
}
