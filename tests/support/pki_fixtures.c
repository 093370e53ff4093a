#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/pki.h"

#define SERVER_AUTH "1.3.6.1.5.5.7.3.1"
#define CLIENT_AUTH "1.3.6.1.5.5.7.3.2"

const struct pki_cert *pki_root(void)
{
    static struct pki_cert root;

    if (!root.len)
        pki_issue(&root, &(struct pki_spec){
                             .subject = "Test Root", .key = PKI_KEY_ROOT, .ca = 1, .serial = 100});
    return &root;
}

/* The usual server under an issuer; what differs is set by the caller. */
static struct pki_spec server(const struct pki_cert *issuer)
{
    return (struct pki_spec){
        .subject = "server.example",
        .key = PKI_KEY_P256,
        .issuer = issuer,
        .serial = 300,
        .ca = -1,
        .key_usage = CUB_KU_DIGITAL_SIGNATURE,
        .dns = {"server.example", "*.wild.example",   "localhost"},
        .ip = {{(const uint8_t *)"\x7f\0\0\1", 4},
                {(const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16}},
        .eku = {SERVER_AUTH,                CLIENT_AUTH                       },
    };
}

static void unknown_critical(struct der_out *extensions, const struct pki_spec *spec)
{
    (void)spec;
    pki_extension(extensions, "1.3.6.1.4.1.55555.1", 1, "\x05", 2);
}

/* The intermediate of a chain, or what stands in its place. */
static struct pki_spec intermediate(enum pki_fixture fixture)
{
    struct pki_spec spec = {
        .subject = "Test CA",
        .key = PKI_KEY_CA,
        .issuer = pki_root(),
        .serial = 200,
        .ca = 1,
        .path_len = 1,
    };

    if (fixture == PKI_NOT_CA) {
        spec.ca = -1;
        spec.path_len = 0;
    }
    if (fixture == PKI_BAD_SIGNATURE)
        spec.break_signature = 1;
    if (fixture == PKI_UNTRUSTED)
        spec.issuer = NULL;
    return spec;
}

static struct pki_spec leaf(enum pki_fixture fixture, const struct pki_cert *issuer)
{
    static const uint8_t keys[] = {
        [PKI_P256] = PKI_KEY_P256,       [PKI_P384] = PKI_KEY_P384,
        [PKI_P521] = PKI_KEY_P521,       [PKI_RSA2048] = PKI_KEY_RSA2048,
        [PKI_RSA4096] = PKI_KEY_RSA4096, [PKI_RSA_PSS] = PKI_KEY_RSA_PSS,
        [PKI_ED25519] = PKI_KEY_ED25519,
    };
    struct pki_spec spec = server(issuer);

    if (fixture < sizeof keys)
        spec.key = keys[fixture];
    if (fixture == PKI_EXPIRED)
        spec.not_after = PKI_NOW - 86400 * 365;
    if (fixture == PKI_NOT_YET_VALID)
        spec.not_before = PKI_NOT_AFTER - 86400;
    if (fixture == PKI_WRONG_EKU)
        memcpy(spec.eku, (const char *[PKI_MAX_NAMES]){CLIENT_AUTH}, sizeof spec.eku);
    if (fixture == PKI_CRITICAL)
        spec.break_extensions = unknown_critical;
    if (fixture == PKI_WRONG_NAME)
        memcpy(spec.dns, (const char *[PKI_MAX_NAMES]){"other.example"}, sizeof spec.dns);
    if (fixture == PKI_RSA_DECRYPT)
        spec.key = PKI_KEY_RSA2048;
    if (fixture == PKI_NO_SIGNING || fixture == PKI_RSA_DECRYPT)
        spec.key_usage = CUB_KU_KEY_ENCIPHERMENT;
    if (fixture == PKI_CLIENT_ED25519)
        spec.key = PKI_KEY_ED25519;
    if (fixture == PKI_CLIENT || fixture == PKI_CLIENT_ED25519) {
        spec.subject = "Test Client";
        memset(spec.dns, 0, sizeof spec.dns);
        memset(spec.ip, 0, sizeof spec.ip);
        spec.email[0] = "client@client.example";
        memcpy(spec.eku, (const char *[PKI_MAX_NAMES]){CLIENT_AUTH}, sizeof spec.eku);
    }
    return spec;
}

const struct pki_chain *pki_chain(enum pki_fixture fixture)
{
    static struct pki_chain chains[PKI_FIXTURE_COUNT];
    struct pki_chain *c = &chains[fixture];
    struct pki_spec spec;

    if (c->count)
        return c;
    if (fixture == PKI_SELF_SIGNED) {
        spec = server(NULL);
        c->count = 1;
    } else {
        spec = intermediate(fixture);
        pki_issue(&c->certs[1], &spec);
        spec = leaf(fixture, &c->certs[1]);
        c->count = 2;
    }
    pki_issue(&c->certs[0], &spec);
    c->key_id = spec.key;
    c->key = pki_key(spec.key);
    return c;
}

static enum cub_error fixed_now(void *context, int64_t *seconds)
{
    (void)context;
    *seconds = PKI_NOW;
    return E_OK;
}

const struct cub_chain_config *pki_chain_config(void)
{
    static struct cub_anchor anchor;
    static struct cub_chain_config config;

    anchor.certificate = (struct cub_view){pki_root()->der, pki_root()->len};
    config = (struct cub_chain_config){.anchors = &anchor,
                                       .anchor_count = 1,
                                       .schemes = pki_schemes,
                                       .now = fixed_now};
    return &config;
}

void pki_pem(char *text, size_t max, const char *label, const uint8_t *der, size_t len)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t at = strlen(text);
    size_t column = 0;

    cr_assert_lt(at + len * 4 / 3 + len / 48 + 2 * strlen(label) + 64, max);
    at += (size_t)sprintf(text + at, "-----BEGIN %s-----\n", label);
    for (size_t i = 0; i < len; i += 3) {
        uint32_t v = (uint32_t)der[i] << 16 | (i + 1 < len ? (uint32_t)der[i + 1] << 8 : 0) |
                     (i + 2 < len ? der[i + 2] : 0);
        text[at++] = alphabet[v >> 18];
        text[at++] = alphabet[v >> 12 & 63];
        text[at++] = i + 1 < len ? alphabet[v >> 6 & 63] : '=';
        text[at++] = i + 2 < len ? alphabet[v & 63] : '=';
        if (++column % 16 == 0 || i + 3 >= len)
            text[at++] = '\n';
    }
    sprintf(text + at, "-----END %s-----\n", label);
}
