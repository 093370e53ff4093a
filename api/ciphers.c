#include "api/ciphers.h"

#include <stdio.h>
#include <string.h>

#include "crypto/cbc.h"

static const struct {
    const struct cub_suite *suite;
    const char *name;
} suites[] = {
#define SUITE(suite, name) {&cub_suite_##suite, name},
#include "api/suite_names.def"
#undef SUITE
};

static const struct {
    const struct cub_aead *aead;
    const char *description;
    const char *symmetric;
    const char *digest; /* of the MAC; NULL: an AEAD */
} ciphers[] = {
    {&cub_aes_128_gcm,             "AESGCM(128)",            "aes-128-gcm",       NULL    },
    {&cub_aes_256_gcm,             "AESGCM(256)",            "aes-256-gcm",       NULL    },
    {&cub_aes_128_ccm,             "AESCCM(128)",            "aes-128-ccm",       NULL    },
    {&cub_aes_256_ccm,             "AESCCM(256)",            "aes-256-ccm",       NULL    },
    {&cub_aes_128_ccm_8,           "AESCCM8(128)",           "aes-128-ccm",       NULL    },
    {&cub_aes_256_ccm_8,           "AESCCM8(256)",           "aes-256-ccm",       NULL    },
    {&cub_chacha20_poly1305,       "CHACHA20/POLY1305(256)", "chacha20-poly1305", NULL    },
    {&cub_aes_128_cbc_sha1.aead,   "AES(128)",               "aes-128-cbc",       "sha1"  },
    {&cub_aes_256_cbc_sha1.aead,   "AES(256)",               "aes-256-cbc",       "sha1"  },
    {&cub_aes_128_cbc_sha256.aead, "AES(128)",               "aes-128-cbc",       "sha256"},
    {&cub_aes_256_cbc_sha256.aead, "AES(256)",               "aes-256-cbc",       "sha256"},
    {&cub_aes_256_cbc_sha384.aead, "AES(256)",               "aes-256-cbc",       "sha384"},
};

/* Aliases stand behind the registered name. */
static const struct {
    const struct cub_group *group;
    const char *name;
} groups[] = {
    {&cub_group_x25519mlkem768, "X25519MLKEM768"},
    {&cub_group_mlkem1024,      "MLKEM1024"     },
    {&cub_group_x25519,         "x25519"        },
    {&cub_group_x25519,         "X25519"        },
    {&cub_group_secp256r1,      "secp256r1"     },
    {&cub_group_secp256r1,      "P-256"         },
    {&cub_group_secp256r1,      "prime256v1"    },
    {&cub_group_secp384r1,      "secp384r1"     },
    {&cub_group_secp384r1,      "P-384"         },
    {&cub_group_secp521r1,      "secp521r1"     },
    {&cub_group_secp521r1,      "P-521"         },
};

static const struct {
    const struct cub_verify_scheme *scheme;
    const char *name;
    const char *alias; /* as OpenSSL's lists spell it */
} schemes[] = {
    {&cub_verify_ecdsa_secp256r1_sha256,  "ecdsa_secp256r1_sha256",  "ECDSA+SHA256"           },
    {&cub_verify_ecdsa_secp384r1_sha384,  "ecdsa_secp384r1_sha384",  "ECDSA+SHA384"           },
    {&cub_verify_ecdsa_secp521r1_sha512,  "ecdsa_secp521r1_sha512",  "ECDSA+SHA512"           },
    {&cub_verify_ed25519,                 "ed25519",                 "ED25519"                },
    {&cub_verify_rsa_pss_rsae_sha256,     "rsa_pss_rsae_sha256",     "RSA-PSS+SHA256"         },
    {&cub_verify_rsa_pss_rsae_sha384,     "rsa_pss_rsae_sha384",     "RSA-PSS+SHA384"         },
    {&cub_verify_rsa_pss_rsae_sha512,     "rsa_pss_rsae_sha512",     "RSA-PSS+SHA512"         },
    {&cub_verify_rsa_pss_pss_sha256,      "rsa_pss_pss_sha256",      "rsa_pss_pss_sha256"     },
    {&cub_verify_rsa_pss_pss_sha384,      "rsa_pss_pss_sha384",      "rsa_pss_pss_sha384"     },
    {&cub_verify_rsa_pss_pss_sha512,      "rsa_pss_pss_sha512",      "rsa_pss_pss_sha512"     },
    {&cub_verify_rsa_pkcs1_sha256,        "rsa_pkcs1_sha256",        "RSA+SHA256"             },
    {&cub_verify_rsa_pkcs1_sha384,        "rsa_pkcs1_sha384",        "RSA+SHA384"             },
    {&cub_verify_rsa_pkcs1_sha512,        "rsa_pkcs1_sha512",        "RSA+SHA512"             },
    {&cub_verify_rsa_pkcs1_sha256_legacy, "rsa_pkcs1_sha256_legacy", "rsa_pkcs1_sha256_legacy"},
    {&cub_verify_rsa_pkcs1_sha384_legacy, "rsa_pkcs1_sha384_legacy", "rsa_pkcs1_sha384_legacy"},
    {&cub_verify_rsa_pkcs1_sha512_legacy, "rsa_pkcs1_sha512_legacy", "rsa_pkcs1_sha512_legacy"},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The next name of a list; false behind the last. Empty names are passed over. */
static bool next_name(const char **at, const char **name, size_t *len)
{
    *at += strspn(*at, ":");
    *name = *at;
    *len = strcspn(*at, ":");
    *at += *len;
    return *len > 0;
}

static bool is(const char *name, size_t len, const char *known)
{
    return strlen(known) == len && memcmp(name, known, len) == 0;
}

enum cub_error cub_suites_parse(const char *names, const struct cub_suite *list[CUB_LIST_MAX])
{
    const char *name;
    size_t len, i, seen, count = 0;

    while (next_name(&names, &name, &len)) {
        for (i = 0; i < COUNT(suites) && !is(name, len, suites[i].name); i++)
            ;
        if (i == COUNT(suites) || suites[i].suite->version != CUB_TLS1_3)
            return E_CIPHERS;
        for (seen = 0; seen < count && list[seen] != suites[i].suite; seen++)
            ;
        if (seen == count && count < CUB_LIST_MAX - 1)
            list[count++] = suites[i].suite;
    }
    list[count] = NULL;
    return count ? E_OK : E_CIPHERS;
}

enum cub_error cub_groups_parse(const char *names, const struct cub_group *list[CUB_LIST_MAX])
{
    const char *name;
    size_t len, i, seen, count = 0;

    while (next_name(&names, &name, &len)) {
        for (i = 0; i < COUNT(groups) && !is(name, len, groups[i].name); i++)
            ;
        if (i == COUNT(groups))
            return E_GROUPS;
        for (seen = 0; seen < count && list[seen] != groups[i].group; seen++)
            ;
        if (seen == count && count < CUB_LIST_MAX - 1)
            list[count++] = groups[i].group;
    }
    list[count] = NULL;
    return count ? E_OK : E_GROUPS;
}

enum cub_error cub_schemes_parse(const char *names,
                                 const struct cub_verify_scheme *list[CUB_LIST_MAX])
{
    const char *name;
    size_t len, i, seen, count = 0;

    while (next_name(&names, &name, &len)) {
        for (i = 0; i < COUNT(schemes); i++)
            if (is(name, len, schemes[i].name) || is(name, len, schemes[i].alias))
                break;
        if (i == COUNT(schemes))
            return E_SIGALGS;
        for (seen = 0; seen < count && list[seen] != schemes[i].scheme; seen++)
            ;
        if (seen == count && count < CUB_LIST_MAX - 1)
            list[count++] = schemes[i].scheme;
    }
    list[count] = NULL;
    return count ? E_OK : E_SIGALGS;
}

const struct cub_suite *cub_suite_get(size_t i)
{
    return i < COUNT(suites) ? suites[i].suite : NULL;
}

/* Words for key exchange and authentication: in descriptions, and in get_ciphers. */
struct words {
    const char *description;
    const char *name;
};

static struct words key_exchange(const struct cub_suite *suite)
{
    switch (suite->key_exchange) {
    case CUB_KX_ECDHE:
        return (struct words){"ECDH", "kx-ecdhe"};
    case CUB_KX_DHE:
        return (struct words){"DH", "kx-dhe"};
    case CUB_KX_RSA:
        return (struct words){"RSA", "kx-rsa"};
    case CUB_KX_PSK:
        return (struct words){"PSK", "kx-psk"};
    case CUB_KX_ECDHE_PSK:
        return (struct words){"ECDHEPSK", "kx-ecdhe-psk"};
    default:
        return (struct words){"any", "kx-any"};
    }
}

static struct words authentication(const struct cub_suite *suite)
{
    switch (suite->authentication) {
    case CUB_AUTH_ECDSA:
        return (struct words){"ECDSA", "auth-ecdsa"};
    case CUB_AUTH_RSA:
        return (struct words){"RSA", "auth-rsa"};
    case CUB_AUTH_PSK:
        return (struct words){"PSK", "auth-psk"};
    default:
        return (struct words){"any", "auth-any"};
    }
}

/* The version that had the suite first, as OpenSSL tells it. */
static struct words protocol(const struct cub_suite *suite)
{
    bool long_mac = suite->aead->mac_key_size > 20;
    bool with_psk = suite->authentication == CUB_AUTH_PSK;
    bool ecdhe = suite->key_exchange == CUB_KX_ECDHE || suite->key_exchange == CUB_KX_ECDHE_PSK;

    if (suite->version == CUB_TLS1_3)
        return (struct words){"TLSv1.3", "TLSv1.3"};
    if (suite->format != &cub_record_tls12_cbc || (long_mac && !with_psk))
        return (struct words){"TLSv1.2", "TLSv1.2"};
    return ecdhe || long_mac ? (struct words){"TLSv1", "TLSv1.0"}
                             : (struct words){"SSLv3", "SSLv3"};
}

/* "AEAD", or the name of a MAC's hash, as descriptions have it. */
static const char *mac_of(const char *digest)
{
    if (!digest)
        return "AEAD";
    return strcmp(digest, "sha1") == 0     ? "SHA1"
           : strcmp(digest, "sha256") == 0 ? "SHA256"
                                           : "SHA384";
}

bool cub_suite_describe(const struct cub_suite *suite, struct cub_cipher_info *info)
{
    struct words kx = key_exchange(suite), au = authentication(suite), version = protocol(suite);
    int bits = 8 * (suite->aead->key_size - suite->aead->mac_key_size);
    size_t i = 0, cipher = 0;

    while (i < COUNT(suites) && suites[i].suite != suite)
        i++;
    if (i == COUNT(suites))
        return false;
    while (ciphers[cipher].aead != suite->aead)
        cipher++;
    *info = (struct cub_cipher_info){
        .id = 0x03000000u | suite->id,
        .name = suites[i].name,
        .protocol = version.name,
        .strength_bits = bits,
        .alg_bits = bits,
        .aead = !ciphers[cipher].digest,
        .symmetric = ciphers[cipher].symmetric,
        .digest = ciphers[cipher].digest,
        .kea = kx.name,
        .auth = au.name,
    };
    (void)snprintf(info->description, sizeof info->description,
                   "%-30s %-7s Kx=%-8s Au=%-5s Enc=%-22s Mac=%-4s", info->name, version.description,
                   kx.description, au.description, ciphers[cipher].description,
                   mac_of(ciphers[cipher].digest));
    return true;
}

const char *cub_group_name(uint16_t id)
{
    for (size_t i = 0; i < COUNT(groups); i++)
        if (groups[i].group->id == id)
            return groups[i].name;
    return NULL;
}

const char *cub_scheme_name(uint16_t id)
{
    for (size_t i = 0; i < COUNT(schemes); i++)
        if (schemes[i].scheme->id == id)
            return schemes[i].name;
    return NULL;
}
