/*
 * Trust anchors as C source, for firmware that keeps them in flash: name and key, or the whole
 * certificate.
 */
#include <stdio.h>
#include <stdlib.h>

#include "api/cli/connection.h"
#include "x509/cert.h"

static void put_bytes(const char *what, size_t number, struct cub_view bytes)
{
    printf("static const uint8_t %s_%zu[] = {", what, number);
    for (size_t i = 0; i < bytes.len; i++)
        printf("%s0x%02x,", i % 16 == 0 ? "\n    " : " ", bytes.data[i]);
    printf("\n};\n");
}

static bool is_rsa(const struct cub_public_key *key)
{
    return key->type == CUB_KEY_RSA || key->type == CUB_KEY_RSA_PSS;
}

static const char *type_name(const struct cub_public_key *key)
{
    static const char *const names[] = {
        [CUB_KEY_NONE] = "CUB_KEY_NONE",       [CUB_KEY_RSA] = "CUB_KEY_RSA",
        [CUB_KEY_RSA_PSS] = "CUB_KEY_RSA_PSS", [CUB_KEY_EC_P256] = "CUB_KEY_EC_P256",
        [CUB_KEY_EC_P384] = "CUB_KEY_EC_P384", [CUB_KEY_EC_P521] = "CUB_KEY_EC_P521",
        [CUB_KEY_ED25519] = "CUB_KEY_ED25519",
    };

    return names[key->type];
}

static void put_parts(const struct cub_cert *cert, size_t number, bool whole)
{
    if (whole) {
        put_bytes("certificate", number, cert->der);
        return;
    }
    put_bytes("subject", number, cert->subject);
    if (is_rsa(&cert->key)) {
        put_bytes("modulus", number, cert->key.modulus);
        put_bytes("exponent", number, cert->key.exponent);
    } else {
        put_bytes("point", number, cert->key.point);
    }
}

static void put_member(const char *member, const char *array, size_t number)
{
    printf(".%s = {%s_%zu, sizeof %s_%zu}", member, array, number, array, number);
}

static void put_anchor(const struct cub_cert *cert, size_t number, bool whole)
{
    printf("    {");
    if (whole) {
        put_member("certificate", "certificate", number);
        printf("},\n");
        return;
    }
    put_member("subject", "subject", number);
    printf(",\n     .key = {.type = %s, ", type_name(&cert->key));
    if (is_rsa(&cert->key)) {
        put_member("modulus", "modulus", number);
        printf(", ");
        put_member("exponent", "exponent", number);
        if (cert->key.pss_hash != 0)
            printf(", .pss_hash = %u, .pss_salt_min = %u", cert->key.pss_hash,
                   cert->key.pss_salt_min);
    } else {
        put_member("point", "point", number);
    }
    printf("}},\n");
}

/* What could not be kept, or not be used, is refused by name. */
static enum cli_status parse(struct cub_cert *cert, struct cub_bytes der, size_t number, bool whole)
{
    enum cub_error error = cub_cert_parse(cert, der.data, der.len);
    char what[64];

    if (error == E_OK)
        error = cert->key_error;
    if (error == E_OK && !whole && cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS))
        error = E_X509_CONSTRAINTS_UNSUPPORTED;
    if (error == E_OK)
        return CLI_DONE;
    snprintf(what, sizeof what, "certificate %zu: %s", number, cub_error_info(error)->text);
    return cli_fail(CLI_USAGE, cub_error_info(error)->library, cub_error_info(error)->reason, "%s",
                    what);
}

static enum cli_status put_all(const struct cub_bytes *certs, size_t count, bool whole)
{
    struct cub_cert *parsed = calloc(count, sizeof *parsed);
    enum cli_status status = CLI_DONE;

    if (parsed == NULL)
        return cli_fail_os(CLI_USAGE, "anchors");
    for (size_t i = 0; i < count && status == CLI_DONE; i++)
        status = parse(&parsed[i], certs[i], i + 1, whole);
    if (status == CLI_DONE) {
        printf("/* Trust anchors, by cub anchors. */\n#include \"x509/chain.h\"\n\n"
               "extern const struct cub_anchor anchors[];\nextern const size_t anchor_count;\n\n");
        for (size_t i = 0; i < count; i++)
            put_parts(&parsed[i], i, whole);
        printf("\nconst struct cub_anchor anchors[] = {\n");
        for (size_t i = 0; i < count; i++)
            put_anchor(&parsed[i], i, whole);
        printf("};\nconst size_t anchor_count = sizeof anchors / sizeof *anchors;\n");
    }
    free(parsed);
    return status;
}

enum cli_status cli_anchors(const struct cli_options *options)
{
    struct cub_bytes *certs;
    size_t count;
    enum cli_status status = cli_read_certs(options->args[0], &certs, &count);

    if (status == CLI_DONE)
        status = put_all(certs, count, options->whole);
    cub_free(certs);
    return status;
}
