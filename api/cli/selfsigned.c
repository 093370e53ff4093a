#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "api/cli/primitives.h"
#include "api/cli/selfsigned.h"
#include "api/cubtls.h"

/* DER as it grows; more than fits is cut off and noticed at the end. */
struct der {
    uint8_t bytes[900];
    size_t len;
};

#define SEQUENCE   0x30
#define SET        0x31
#define INTEGER    0x02
#define BITS       0x03
#define OCTETS     0x04
#define OID        0x06
#define UTF8       0x0c
#define UTC_TIME   0x17
#define LONG_TIME  0x18
#define CONTEXT(n) (0xa0 | (n))

/* Object identifiers, each with its tag and length. */
#define OID_ECDSA_SHA256  "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"
#define OID_EC_PUBLIC_KEY "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
#define OID_P256          "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"
#define OID_ORGANIZATION  "\x06\x03\x55\x04\x0a"
#define OID_COMMON_NAME   "\x06\x03\x55\x04\x03"

static void put(struct der *d, const void *bytes, size_t len)
{
    if (len > sizeof d->bytes - d->len) {
        d->len = sizeof d->bytes;
        return;
    }
    memcpy(d->bytes + d->len, bytes, len);
    d->len += len;
}

#define PUT(d, literal) put(d, literal, sizeof(literal) - 1)

/* Opens an element; its length is filled in when it is closed. */
static size_t begin(struct der *d, int tag)
{
    uint8_t head[2] = {(uint8_t)tag, 0};

    put(d, head, 2);
    return d->len;
}

static void end(struct der *d, size_t start)
{
    size_t len = d->len - start;
    size_t more = len < 0x80 ? 0 : len < 0x100 ? 1 : 2;
    uint8_t room[2] = {0};

    put(d, room, more);
    if (d->len == sizeof d->bytes)
        return;
    memmove(d->bytes + start + more, d->bytes + start, len);
    d->bytes[start - 1] = (uint8_t)(more == 0 ? len : 0x80 | more);
    if (more > 0)
        d->bytes[start + more - 1] = (uint8_t)len;
    if (more > 1)
        d->bytes[start] = (uint8_t)(len >> 8);
}

static void element(struct der *d, int tag, const void *bytes, size_t len)
{
    size_t at = begin(d, tag);

    put(d, bytes, len);
    end(d, at);
}

static void attribute(struct der *d, const char *oid, const char *value)
{
    size_t set = begin(d, SET);
    size_t pair = begin(d, SEQUENCE);

    put(d, oid, 5);
    element(d, UTF8, value, strlen(value));
    end(d, pair);
    end(d, set);
}

static void distinguished_name(struct der *d, const char *common_name)
{
    size_t at = begin(d, SEQUENCE);

    attribute(d, OID_ORGANIZATION, "CubTLS");
    attribute(d, OID_COMMON_NAME, common_name);
    end(d, at);
}

static void moment(struct der *d, time_t when)
{
    char text[32];
    struct tm tm;

    gmtime_r(&when, &tm);
    /* [RFC5280-4.1.2.5]: two digits of the year through 2049. */
    if (tm.tm_year < 150) {
        strftime(text, sizeof text, "%y%m%d%H%M%SZ", &tm);
        element(d, UTC_TIME, text, strlen(text));
    } else {
        strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
        element(d, LONG_TIME, text, strlen(text));
    }
}

static void validity(struct der *d)
{
    time_t now = time(NULL);
    size_t at = begin(d, SEQUENCE);

    moment(d, now - 3600);
    moment(d, now + 86400);
    end(d, at);
}

static void public_key(struct der *d, const struct cli_identity *identity)
{
    size_t at = begin(d, SEQUENCE);
    size_t algorithm = begin(d, SEQUENCE);
    size_t bits;

    PUT(d, OID_EC_PUBLIC_KEY OID_P256);
    end(d, algorithm);
    bits = begin(d, BITS);
    PUT(d, "\0");
    put(d, identity->point, 65);
    end(d, bits);
    end(d, at);
}

static void ca_extensions(struct der *d)
{
    /* basicConstraints, critical: CA, no authority below it */
    PUT(d, "\x30\x12\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x08\x30\x06\x01\x01\xff\x02\x01\x00");
    /* keyUsage, critical: keyCertSign, cRLSign */
    PUT(d, "\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x01\x06");
}

static void server_extensions(struct der *d, const char *name)
{
    size_t at, octets, names;

    /* keyUsage, critical: digitalSignature */
    PUT(d, "\x30\x0e\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80");
    /* extendedKeyUsage: serverAuth */
    PUT(d, "\x30\x13\x06\x03\x55\x1d\x25\x04\x0c\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01");
    at = begin(d, SEQUENCE);
    PUT(d, "\x06\x03\x55\x1d\x11"); /* subjectAltName */
    octets = begin(d, OCTETS);
    names = begin(d, SEQUENCE);
    element(d, 0x82, name, strlen(name)); /* dNSName */
    end(d, names);
    end(d, octets);
    end(d, at);
}

static void extensions(struct der *d, const struct cli_identity *identity,
                       const struct cli_identity *issuer)
{
    size_t at = begin(d, CONTEXT(3));
    size_t list = begin(d, SEQUENCE);

    if (issuer == identity)
        ca_extensions(d);
    else
        server_extensions(d, identity->name);
    PUT(d, "\x30\x1d\x06\x03\x55\x1d\x0e\x04\x16\x04\x14"); /* subjectKeyIdentifier */
    put(d, identity->key_id, sizeof identity->key_id);
    PUT(d, "\x30\x1f\x06\x03\x55\x1d\x23\x04\x18\x30\x16\x80\x14"); /* authorityKeyIdentifier */
    put(d, issuer->key_id, sizeof issuer->key_id);
    end(d, list);
    end(d, at);
}

static void signature_algorithm(struct der *d)
{
    size_t at = begin(d, SEQUENCE);

    PUT(d, OID_ECDSA_SHA256);
    end(d, at);
}

/* TBSCertificate [RFC5280-4.1]. */
static void to_be_signed(struct der *d, const struct cli_identity *identity,
                         const struct cli_identity *issuer, const uint8_t serial[static 16])
{
    size_t at = begin(d, SEQUENCE);

    PUT(d, "\xa0\x03\x02\x01\x02"); /* version 3 */
    element(d, INTEGER, serial, 16);
    signature_algorithm(d);
    distinguished_name(d, issuer->name);
    validity(d);
    distinguished_name(d, identity->name);
    public_key(d, identity);
    extensions(d, identity, issuer);
    end(d, at);
}

static bool sign_certificate(struct cli_identity *identity, const struct cli_identity *issuer)
{
    uint8_t sig[CLI_SIGNATURE_SIZE], serial[16];
    struct der d = {.len = 0};
    size_t at, start, sig_len, bits;

    if (cub_RAND_bytes(serial, sizeof serial) != CUB_OK)
        return false;
    serial[0] = (uint8_t)((serial[0] & 0x3f) | 0x40); /* positive, and no shorter than it is */
    at = begin(&d, SEQUENCE);
    start = d.len;
    to_be_signed(&d, identity, issuer, serial);
    if (!cli_p256_sign(issuer->private_key, d.bytes + start, d.len - start, sig, &sig_len))
        return false;
    signature_algorithm(&d);
    bits = begin(&d, BITS);
    PUT(&d, "\0");
    put(&d, sig, sig_len);
    end(&d, bits);
    end(&d, at);
    if (d.len == sizeof d.bytes)
        return false;
    memcpy(identity->der, d.bytes, d.len);
    identity->der_len = d.len;
    return true;
}

/* PEM [RFC7468]; size must do for it. */
static void to_pem(const char *label, const uint8_t *der, size_t len, char *pem, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = (size_t)snprintf(pem, size, "-----BEGIN %s-----\n", label);

    for (size_t i = 0; i < len; i += 3) {
        uint32_t group = (uint32_t)der[i] << 16;

        group |= i + 1 < len ? (uint32_t)der[i + 1] << 8 : 0;
        group |= i + 2 < len ? der[i + 2] : 0;
        for (int digit = 3; digit >= 0; digit--)
            pem[n++] =
                i + 3 - (size_t)digit > len && digit < 2 ? '=' : digits[group >> 6 * digit & 63];
        if (i % 48 == 45 || i + 3 >= len)
            pem[n++] = '\n';
    }
    snprintf(pem + n, size - n, "-----END %s-----\n", label);
}

/* ECPrivateKey [RFC5915-3]. */
static void key_to_pem(struct cli_identity *identity)
{
    struct der d = {.len = 0};
    size_t at = begin(&d, SEQUENCE);

    PUT(&d, "\x02\x01\x01");
    element(&d, OCTETS, identity->private_key, 32);
    element(&d, CONTEXT(0), OID_P256, sizeof OID_P256 - 1);
    end(&d, at);
    to_pem("EC PRIVATE KEY", d.bytes, d.len, identity->key_pem, sizeof identity->key_pem);
    cli_wipe(&d, sizeof d);
}

bool cli_make_identity(struct cli_identity *identity, const struct cli_identity *issuer,
                       const char *name)
{
    uint8_t hash[32];

    *identity = (struct cli_identity){.name = name};
    if (!cli_p256_generate(identity->private_key, identity->point))
        return false;
    cli_sha256(identity->point, sizeof identity->point, hash); /* [RFC7093-2], the first method */
    memcpy(identity->key_id, hash, sizeof identity->key_id);
    if (!sign_certificate(identity, issuer != NULL ? issuer : identity))
        return false;
    to_pem("CERTIFICATE", identity->der, identity->der_len, identity->cert_pem,
           sizeof identity->cert_pem);
    key_to_pem(identity);
    return true;
}
