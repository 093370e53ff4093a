#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/hex.h"
#include "tests/support/pki.h"
#include "x509/key.h"

Test(key, containers_of_private_keys)
{
    static const struct {
        enum pki_key_id id;
        uint8_t type;
        unsigned bits;
    } cases[] = {
        {PKI_KEY_P256,    CUB_KEY_EC_P256, 256 },
        {PKI_KEY_P384,    CUB_KEY_EC_P384, 384 },
        {PKI_KEY_P521,    CUB_KEY_EC_P521, 521 },
        {PKI_KEY_RSA2048, CUB_KEY_RSA,     2048},
        {PKI_KEY_RSA4096, CUB_KEY_RSA,     4096},
        {PKI_KEY_RSA1024, CUB_KEY_RSA,     1024},
        {PKI_KEY_RSA_PSS, CUB_KEY_RSA_PSS, 2048},
        {PKI_KEY_ED25519, CUB_KEY_ED25519, 256 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct pki_key *key = pki_key(cases[i].id);
        cr_assert_eq(key->private_key.type, cases[i].type);
        cr_assert_eq(key->public_key.type, cases[i].type);
        cr_assert_eq(cub_public_key_bits(&key->public_key), cases[i].bits);
        if (key->private_key.p.len)
            cr_assert_eq(key->private_key.modulus_bits, cases[i].bits);
    }
}

Test(key, every_prefix_and_change_is_survived)
{
    for (int id = 0; id < PKI_KEY_COUNT; id++) {
        struct pki_key copy = *pki_key((enum pki_key_id)id);
        struct cub_private_key key;
        for (size_t n = 0; n < copy.der_len; n++)
            cr_assert_neq(cub_private_key_decode(&key, NULL, copy.der, n), E_OK);
        for (size_t i = 0; i < copy.der_len; i++) {
            copy.der[i] ^= 0x55;
            (void)cub_private_key_decode(&key, NULL, copy.der, copy.der_len);
            copy.der[i] ^= 0x55;
        }
        cr_assert_eq(cub_private_key_decode(&key, NULL, copy.der, copy.der_len), E_OK);
    }
}

/* PKCS #8 around a bare key. */
static size_t wrap(uint8_t *out, size_t max, const char *algorithm, const char *curve,
                   const uint8_t *bare, size_t len)
{
    struct der_out o = {out, max, 0};
    size_t seq = der_begin(&o, CUB_DER_SEQUENCE);
    size_t id;

    der_small(&o, 0);
    id = der_begin(&o, CUB_DER_SEQUENCE);
    der_oid(&o, algorithm);
    if (curve)
        der_oid(&o, curve);
    else
        der_element(&o, CUB_DER_NULL, NULL, 0);
    der_end(&o, id);
    der_element(&o, CUB_DER_OCTET_STRING, bare, len);
    der_end(&o, seq);
    return o.len;
}

#define EC  "1.2.840.10045.2.1"
#define RSA "1.2.840.113549.1.1.1"

Test(key, pkcs8)
{
    static const struct {
        enum pki_key_id id;
        const char *algorithm, *curve;
        enum cub_error error;
    } cases[] = {
        {PKI_KEY_P256,    EC,            "1.2.840.10045.3.1.7", E_OK             },
        {PKI_KEY_P384,    EC,            "1.3.132.0.34",        E_OK             },
        {PKI_KEY_P521,    EC,            "1.3.132.0.35",        E_OK             },
        {PKI_KEY_RSA2048, RSA,           NULL,                  E_OK             },
        {PKI_KEY_P256,    EC,            "1.3.132.0.34",        E_KEY_MALFORMED  }, /* curves differ */
        {PKI_KEY_P256,    EC,            "1.3.132.0.10",        E_KEY_UNSUPPORTED}, /* secp256k1 */
        {PKI_KEY_P256,    EC,            NULL,                  E_KEY_UNSUPPORTED},
        {PKI_KEY_P256,    RSA,           NULL,                  E_KEY_MALFORMED  },
        {PKI_KEY_RSA2048, EC,            "1.2.840.10045.3.1.7", E_KEY_MALFORMED  },
        {PKI_KEY_P256,    "1.3.101.112", NULL,                  E_DER_TRAILING   }, /* parameters */
        {PKI_KEY_P256,    "1.3.101.113", NULL,                  E_KEY_UNSUPPORTED}, /* Ed448 */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct pki_key *bare = pki_key(cases[i].id);
        struct cub_private_key key;
        struct cub_public_key pub;
        uint8_t der[2500];
        size_t len =
            wrap(der, sizeof der, cases[i].algorithm, cases[i].curve, bare->der, bare->der_len);
        enum cub_error error = cub_private_key_decode(&key, &pub, der, len);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
        cr_assert_eq(key.type, error == E_OK ? bare->private_key.type : CUB_KEY_NONE);
        cr_assert_eq(pub.type, key.type);
    }
}

Test(key, bare_versions)
{
    struct pki_key copy = *pki_key(PKI_KEY_RSA2048);
    struct cub_private_key key;
    uint8_t *version = copy.der + 4;

    cr_assert(memcmp(version, "\x02\x01\x00", 3) == 0);
    version[2] = 1; /* more than two primes */
    cr_assert_eq(cub_private_key_decode(&key, NULL, copy.der, copy.der_len), E_KEY_UNSUPPORTED);
}

/* SubjectPublicKeyInfo as our own writer makes it, and broken. */
static size_t spki(uint8_t *out, enum pki_key_id id)
{
    struct der_out o = {out, 1200, 0};

    pki_spki(&o, pki_key(id));
    return o.len;
}

Test(key, public_keys)
{
    for (int id = 0; id < PKI_KEY_COUNT; id++) {
        const struct pki_key *key = pki_key((enum pki_key_id)id);
        struct cub_public_key pub;
        uint8_t der[1200];
        size_t len = spki(der, (enum pki_key_id)id);
        cr_assert_eq(cub_public_key_decode(&pub, der, len), E_OK);
        cr_assert_eq(pub.type, key->public_key.type);
        cr_assert(cub_view_equal(pub.point, key->public_key.point));
        cr_assert(cub_view_equal(pub.modulus, key->public_key.modulus));
        cr_assert(cub_view_equal(pub.exponent, key->public_key.exponent));
        for (size_t n = 0; n < len; n++)
            cr_assert_neq(cub_public_key_decode(&pub, der, n), E_OK);
    }
}

Test(key, public_key_forms)
{
    static const struct {
        enum pki_key_id id;
        const char *from, *to;
        size_t len;
        enum cub_error error;
    } cases[] = {
  /* another point form, for P-256: 03 42 00 04 ... */
        {PKI_KEY_P256,    "\x03\x42\x00\x04",                 "\x03\x42\x00\x05",                 4, E_X509_KEY_MALFORMED  },
        {PKI_KEY_P256,    "\x03\x42\x00\x04",                 "\x03\x42\x00\x06",                 4, E_X509_KEY_MALFORMED  },
        {PKI_KEY_P256,    "\x03\x42\x00\x04",                 "\x03\x42\x01\x04",                 4, E_DER_BIT_STRING      },
 /* other curves and algorithms */
        {PKI_KEY_P256,    "\x3d\x03\x01\x07",                 "\x3d\x03\x01\x01",                 4, E_X509_KEY_UNSUPPORTED},
        {PKI_KEY_P384,    "\x81\x04\x00\x22",                 "\x81\x04\x00\x23",                 4, E_X509_KEY_MALFORMED  },
        {PKI_KEY_P256,    "\xce\x3d\x02\x01",                 "\xce\x3d\x02\x02",                 4, E_X509_KEY_UNSUPPORTED},
 /* explicit parameters, here an empty SEQUENCE and filler */
        {PKI_KEY_P256,    "\x06\x08\x2a\x86\x48\xce\x3d\x03", "\x30\x08\x2a\x86\x48\xce\x3d\x03", 8,
         E_X509_KEY_EXPLICIT_CURVE                                                                                         },
 /* RSA: parameters not NULL; an even exponent; exponent 1 */
        {PKI_KEY_RSA2048, "\x01\x01\x01\x05\x00",             "\x01\x01\x01\x04\x00",             5, E_DER_TAG             },
        {PKI_KEY_RSA2048, "\x02\x03\x01\x00\x01",             "\x02\x03\x01\x00\x02",             5, E_X509_KEY_MALFORMED  },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_public_key pub;
        uint8_t der[1200];
        size_t len = spki(der, cases[i].id);
        uint8_t *at = der_find(der, len, cases[i].from, cases[i].len);
        enum cub_error error;
        memcpy(at, cases[i].to, cases[i].len);
        error = cub_public_key_decode(&pub, der, len);
        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
        cr_assert_eq(pub.type, CUB_KEY_NONE);
    }
}

/* Both examples of RFC 8410 section 10.3, the second with an attribute and the public key. */
Test(key, ed25519_private)
{
    static const char *const examples[] = {
        "302e020100300506032b657004220420"
        "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842",
        "3072020101300506032b657004220420"
        "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
        "a01f301d060a2a864886f70d01090914310f0c0d437572646c6520436861697273"
        "81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
    };

    for (size_t i = 0; i < 2; i++) {
        uint8_t der[200];
        size_t len = test_unhex(examples[i], der, sizeof der);
        struct cub_private_key key;
        struct cub_public_key pub;

        cr_assert_eq(cub_private_key_decode(&key, &pub, der, len), E_OK);
        cr_assert_eq(key.type, CUB_KEY_ED25519);
        cr_assert(cub_view_equal(key.scalar, pki_key(PKI_KEY_ED25519)->private_key.scalar));
        cr_assert_eq(pub.type, CUB_KEY_NONE, "what stands beside a seed is not believed");
        der[1]--;
        cr_assert_neq(cub_private_key_decode(&key, &pub, der, len), E_OK);
    }
}

Test(key, ed25519_forms)
{
    static const struct {
        const char *der;
        enum cub_error error;
    } cases[] = {
  /* a seed of 31 bytes; one without a header of its own; something behind it */
        {"302d020100300506032b65700421041f"
         "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f447558",     E_KEY_MALFORMED},
        {"302c020100300506032b65700420"
         "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842",   E_DER_LENGTH   },
        {"302f020100300506032b657004230420"
         "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f4475584200", E_DER_TRAILING },
    };
    uint8_t short_spki[43] = "\x30\x29\x30\x05\x06\x03\x2b\x65\x70\x03\x20";
    struct cub_public_key pub;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t der[200];
        size_t len = test_unhex(cases[i].der, der, sizeof der);
        struct cub_private_key key;
        enum cub_error error = cub_private_key_decode(&key, NULL, der, len);

        cr_assert_eq(error, cases[i].error, "case %zu: %s", i, cub_error_info(error)->name);
    }
    cr_assert_eq(cub_public_key_decode(&pub, short_spki, sizeof short_spki), E_X509_KEY_MALFORMED);
}

/* Keys of id-RSASSA-PSS that are bound to a hash [RFC4055-3.1]. */
static size_t pss_spki(uint8_t *out, const char *hash, const char *mgf_hash, unsigned salt)
{
    const struct cub_public_key *k = &pki_key(PKI_KEY_RSA_PSS)->public_key;
    uint8_t bytes[600];
    struct der_out key = {bytes, sizeof bytes, 0};
    struct der_out o = {out, 1200, 0};
    size_t spki_mark = der_begin(&o, CUB_DER_SEQUENCE);
    size_t id = der_begin(&o, CUB_DER_SEQUENCE);
    size_t params, field, inner, seq;

    der_oid(&o, "1.2.840.113549.1.1.10");
    params = der_begin(&o, CUB_DER_SEQUENCE);
    field = der_begin(&o, CUB_DER_CONSTRUCTED(0));
    inner = der_begin(&o, CUB_DER_SEQUENCE);
    der_oid(&o, hash);
    der_end(&o, inner);
    der_end(&o, field);
    field = der_begin(&o, CUB_DER_CONSTRUCTED(1));
    inner = der_begin(&o, CUB_DER_SEQUENCE);
    der_oid(&o, "1.2.840.113549.1.1.8");
    seq = der_begin(&o, CUB_DER_SEQUENCE);
    der_oid(&o, mgf_hash);
    der_end(&o, seq);
    der_end(&o, inner);
    der_end(&o, field);
    field = der_begin(&o, CUB_DER_CONSTRUCTED(2));
    der_small(&o, salt);
    der_end(&o, field);
    der_end(&o, params);
    der_end(&o, id);
    seq = der_begin(&key, CUB_DER_SEQUENCE);
    der_unsigned(&key, k->modulus);
    der_unsigned(&key, k->exponent);
    der_end(&key, seq);
    der_bits(&o, key.bytes, key.len);
    der_end(&o, spki_mark);
    return o.len;
}

#define SHA256 "2.16.840.1.101.3.4.2.1"
#define SHA512 "2.16.840.1.101.3.4.2.3"

Test(key, pss_parameters)
{
    struct cub_public_key pub;
    uint8_t der[1200];

    cr_assert_eq(cub_public_key_decode(&pub, der, pss_spki(der, SHA256, SHA256, 32)), E_OK);
    cr_assert(pub.type == CUB_KEY_RSA_PSS && pub.pss_hash == CUB_HASH_SHA256 &&
              pub.pss_salt_min == 32);
    cr_assert_eq(cub_public_key_decode(&pub, der, pss_spki(der, SHA512, SHA256, 32)),
                 E_X509_KEY_UNSUPPORTED);
    cr_assert_eq(cub_public_key_decode(&pub, der, pss_spki(der, SHA256, SHA256, 256)),
                 E_X509_KEY_UNSUPPORTED);
}
