#include "api/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "crypto/bytes.h"
#include "x509/der.h"
#include "x509/oid.h"
#include "x509/time.h"

/* Attribute types 2.5.4.n [X.520]. */
static const struct {
    uint8_t n;
    const char *name;
} x520[] = {
    {3,  "commonName"                },
    {4,  "surname"                   },
    {5,  "serialNumber"              },
    {6,  "countryName"               },
    {7,  "localityName"              },
    {8,  "stateOrProvinceName"       },
    {9,  "streetAddress"             },
    {10, "organizationName"          },
    {11, "organizationalUnitName"    },
    {12, "title"                     },
    {13, "description"               },
    {14, "searchGuide"               },
    {15, "businessCategory"          },
    {16, "postalAddress"             },
    {17, "postalCode"                },
    {18, "postOfficeBox"             },
    {19, "physicalDeliveryOfficeName"},
    {20, "telephoneNumber"           },
    {41, "name"                      },
    {42, "givenName"                 },
    {43, "initials"                  },
    {44, "generationQualifier"       },
    {45, "x500UniqueIdentifier"      },
    {46, "dnQualifier"               },
    {49, "distinguishedName"         },
    {51, "houseIdentifier"           },
    {65, "pseudonym"                 },
    {72, "role"                      },
    {97, "organizationIdentifier"    },
};

/* The others that are in use. */
static const struct {
    const char *oid; /* contents */
    const char *name;
} others[] = {
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01",         "emailAddress"                   },
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02",         "unstructuredName"               },
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x08",         "unstructuredAddress"            },
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01",     "userId"                         },
    {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19",     "domainComponent"                },
    {"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", "jurisdictionLocalityName"       },
    {"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", "jurisdictionStateOrProvinceName"},
    {"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", "jurisdictionCountryName"        },
};

const char *cub_text_attribute(struct cub_pool *pool, struct cub_view oid)
{
    int n = cub_oid_under(oid, CUB_ARC_ATTRIBUTE);

    for (size_t i = 0; i < sizeof x520 / sizeof x520[0]; i++)
        if (x520[i].n == n)
            return x520[i].name;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (cub_oid_equal(oid, others[i].oid, strlen(others[i].oid)))
            return others[i].name;
    return cub_text_oid(pool, oid);
}

/* One arc from the front of an OID; arcs of more than 64 bits are cut. */
static uint64_t take_arc(struct cub_view *oid)
{
    uint64_t arc = 0;

    while (oid->len) {
        uint8_t c = *oid->data++;
        oid->len--;
        arc = arc << 7 | (c & 0x7f);
        if (!(c & 0x80))
            break;
    }
    return arc;
}

const char *cub_text_oid(struct cub_pool *pool, struct cub_view oid)
{
    /* An octet is at most three digits and a dot, and the first two arcs. */
    size_t size = 4 * oid.len + 24;
    char *text = cub_pool_alloc(pool, size);
    uint64_t first = take_arc(&oid);
    uint64_t root = first < 80 ? first / 40 : 2;
    size_t used;

    if (!text)
        return NULL;
    used = (size_t)snprintf(text, size, "%" PRIu64 ".%" PRIu64, root, first - 40 * root);
    while (oid.len && used < size)
        used += (size_t)snprintf(text + used, size - used, ".%" PRIu64, take_arc(&oid));
    return text;
}

static bool read_arc(const char **text, uint32_t *arc)
{
    const char *p = *text;
    uint64_t n = 0;

    for (; *p >= '0' && *p <= '9' && n <= UINT32_MAX; p++)
        n = 10 * n + (unsigned)(*p - '0');
    if (p == *text || n > UINT32_MAX - 80)
        return false;
    *arc = (uint32_t)n;
    *text = p;
    return true;
}

/* A number in groups of seven bits, all but the last marked; returns how many bytes, 0: no room. */
static size_t put_arc(uint32_t arc, uint8_t *out, size_t size)
{
    size_t len = 1;

    for (uint32_t rest = arc >> 7; rest; rest >>= 7)
        len++;
    if (len > size)
        return 0;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(((arc >> (7 * (len - 1 - i))) & 0x7f) | (i + 1 < len ? 0x80 : 0));
    return len;
}

size_t cub_oid_of_text(const char *text, uint8_t *out, size_t size)
{
    uint32_t arc, second;
    size_t len = 0;

    if (!read_arc(&text, &arc) || *text++ != '.' || !read_arc(&text, &second) || arc > 2 ||
        (arc < 2 && second > 39))
        return 0;
    arc = 40 * arc + second; /* the first two are one [X.690-8.19.4] */
    for (;;) {
        size_t n = put_arc(arc, out + len, size - len);
        if (n == 0)
            return 0;
        len += n;
        if (!*text)
            return len;
        if (*text++ != '.' || !read_arc(&text, &arc))
            return 0;
    }
}

#define REPLACEMENT 0xfffd

/* The next character of a UTF-8 string [RFC3629-3], REPLACEMENT for octets that are none. */
static uint32_t take_utf8(struct cub_view *v)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    uint32_t c = *v->data++;
    unsigned more = c < 0x80 ? 0 : c < 0xc0 ? 4 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf8 ? 3 : 4;

    v->len--;
    if (more == 0)
        return c;
    if (more == 4 || v->len < more)
        return REPLACEMENT;
    c &= 0x3fu >> more;
    for (unsigned i = 0; i < more; i++) {
        if ((v->data[i] & 0xc0) != 0x80)
            return REPLACEMENT;
        c = c << 6 | (v->data[i] & 0x3f);
    }
    v->data += more;
    v->len -= more;
    return c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? REPLACEMENT : c;
}

/* The next character of n octets, big-endian. */
static uint32_t take_wide(struct cub_view *v, unsigned n)
{
    uint32_t c = 0;

    if (v->len < n) {
        v->len = 0;
        return REPLACEMENT;
    }
    for (unsigned i = 0; i < n; i++)
        c = c << 8 | v->data[i];
    v->data += n;
    v->len -= n;
    return c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ? REPLACEMENT : c;
}

/* The next character of a string of this type; those of one octet are taken as Latin-1. */
static uint32_t take(unsigned tag, struct cub_view *v)
{
    return tag == CUB_DER_UTF8_STRING        ? take_utf8(v)
           : tag == CUB_DER_BMP_STRING       ? take_wide(v, 2)
           : tag == CUB_DER_UNIVERSAL_STRING ? take_wide(v, 4)
                                             : take_wide(v, 1);
}

/* Writes a character as UTF-8; at most four octets. */
static char *put_utf8(char *p, uint32_t c)
{
    if (c < 0x80) {
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xc0 | c >> 6);
        *p++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *p++ = (char)(0xe0 | c >> 12);
        *p++ = (char)(0x80 | (c >> 6 & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    } else {
        *p++ = (char)(0xf0 | c >> 18);
        *p++ = (char)(0x80 | (c >> 12 & 0x3f));
        *p++ = (char)(0x80 | (c >> 6 & 0x3f));
        *p++ = (char)(0x80 | (c & 0x3f));
    }
    return p;
}

/* Octets in hexadecimal behind a prefix of at most one character. */
static const char *hexadecimal(struct cub_pool *pool, const char *prefix, struct cub_view v)
{
    static const char digits[] = "0123456789ABCDEF";
    char *text = cub_pool_alloc(pool, 2 * v.len + 2);
    char *p = text;

    if (!text)
        return NULL;
    if (*prefix)
        *p++ = *prefix;
    for (size_t i = 0; i < v.len; i++) {
        *p++ = digits[v.data[i] >> 4];
        *p++ = digits[v.data[i] & 15];
    }
    return text;
}

const char *cub_text_string(struct cub_pool *pool, unsigned tag, struct cub_view value)
{
    char *text, *p;

    switch (tag) {
    case CUB_DER_UTF8_STRING:
    case CUB_DER_NUMERIC_STRING:
    case CUB_DER_PRINTABLE_STRING:
    case CUB_DER_TELETEX_STRING:
    case CUB_DER_IA5_STRING:
    case CUB_DER_VISIBLE_STRING:
    case CUB_DER_BMP_STRING:
    case CUB_DER_UNIVERSAL_STRING:
        break;
    default:
        return hexadecimal(pool, "#", value);
    }
    text = p = cub_pool_alloc(pool, 4 * value.len + 1);
    while (text && value.len) {
        uint32_t c = take(tag, &value);
        if (c) {
            p = put_utf8(p, c);
        } else {
            memcpy(p, "\\x00", 4);
            p += 4;
        }
    }
    return text;
}

bool cub_text_utf8(struct cub_buffer *out, unsigned tag, struct cub_view value)
{
    while (value.len) {
        char *p = (char *)cub_buffer_reserve(out, 4);
        if (!p)
            return false;
        out->len += (size_t)(put_utf8(p, take(tag, &value)) - p);
    }
    return true;
}

const char *cub_text_ip(struct cub_pool *pool, struct cub_view a)
{
    char *text = cub_pool_alloc(pool, 40);
    size_t used = 0;

    if (!text)
        return NULL;
    if (a.len == 4) {
        (void)snprintf(text, 40, "%u.%u.%u.%u", a.data[0], a.data[1], a.data[2], a.data[3]);
        return text;
    }
    if (a.len != 16)
        return "<invalid>";
    for (size_t i = 0; i < 16; i += 2)
        used += (size_t)snprintf(text + used, 40 - used, i ? ":%X" : "%X",
                                 (unsigned)cub_load_be16(a.data + i));
    return text;
}

const char *cub_text_serial(struct cub_pool *pool, struct cub_view serial)
{
    uint8_t positive[64];
    bool negative = serial.len && serial.data[0] & 0x80;
    unsigned carry = 1;

    if (serial.len > sizeof positive)
        return hexadecimal(pool, "", serial);
    for (size_t i = serial.len; negative && i-- > 0;) {
        carry += (uint8_t)~serial.data[i];
        positive[i] = (uint8_t)carry;
        carry >>= 8;
    }
    if (negative)
        serial.data = positive;
    while (serial.len > 1 && serial.data[0] == 0) {
        serial.data++;
        serial.len--;
    }
    return hexadecimal(pool, negative ? "-" : "", serial);
}

const char *cub_text_time(struct cub_pool *pool, int64_t seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct cub_calendar t = cub_time_civil(seconds);
    char *text = cub_pool_alloc(pool, 40);

    if (text)
        (void)snprintf(text, 40, "%.3s %2d %02d:%02d:%02d %d GMT",
                       months + (size_t)3 * (t.month - 1u), t.day, t.hour, t.minute, t.second,
                       (int)t.year);
    return text;
}

const char *cub_text_key(const struct cub_public_key *key)
{
    static const char *const names[] = {
        [CUB_KEY_RSA] = "rsaEncryption",  [CUB_KEY_RSA_PSS] = "rsassaPss",
        [CUB_KEY_EC_P256] = "prime256v1", [CUB_KEY_EC_P384] = "secp384r1",
        [CUB_KEY_EC_P521] = "secp521r1",  [CUB_KEY_ED25519] = "ED25519",
    };

    return key->type < sizeof names / sizeof names[0] && names[key->type] ? names[key->type] : "";
}

const char *cub_text_algorithm(const struct cub_signature_algorithm *a)
{
    switch (a->kind) {
    case CUB_SIGNATURE_RSA_PKCS1:
        return a->hash == CUB_HASH_SHA256   ? "sha256WithRSAEncryption"
               : a->hash == CUB_HASH_SHA384 ? "sha384WithRSAEncryption"
               : a->hash == CUB_HASH_SHA512 ? "sha512WithRSAEncryption"
               : a->hash == CUB_HASH_SHA1   ? "sha1WithRSAEncryption"
               : a->hash == CUB_HASH_ID_MD5 ? "md5WithRSAEncryption"
                                            : "";
    case CUB_SIGNATURE_ECDSA:
        return a->hash == CUB_HASH_SHA256   ? "ecdsa-with-SHA256"
               : a->hash == CUB_HASH_SHA384 ? "ecdsa-with-SHA384"
               : a->hash == CUB_HASH_SHA512 ? "ecdsa-with-SHA512"
               : a->hash == CUB_HASH_SHA1   ? "ecdsa-with-SHA1"
                                            : "";
    case CUB_SIGNATURE_RSA_PSS:
        return "rsassaPss";
    case CUB_SIGNATURE_ED25519:
        return "ED25519";
    default:
        return "";
    }
}
