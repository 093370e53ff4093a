/*
 * Cipher strings by the RFCs' names, with groups of equal preference: A:[B|C]:D; and the same for
 * key exchange groups. Among equals the client's order decides.
 */
#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "shim.h"

static const struct {
    const char *name;
    const struct cub_suite *suite;
} names[] = {
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",       &cub_suite_ecdhe_rsa_aes_128_gcm_sha256      },
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",       &cub_suite_ecdhe_rsa_aes_256_gcm_sha384      },
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", &cub_suite_ecdhe_rsa_chacha20_poly1305_sha256},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",          &cub_suite_ecdhe_rsa_aes_128_cbc_sha         },
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",          &cub_suite_ecdhe_rsa_aes_256_cbc_sha         },
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",        &cub_suite_ecdhe_ecdsa_aes_256_cbc_sha       },
    {"TLS_RSA_WITH_AES_128_GCM_SHA256",             &cub_suite_rsa_aes_128_gcm_sha256            },
    {"TLS_RSA_WITH_AES_256_GCM_SHA384",             &cub_suite_rsa_aes_256_gcm_sha384            },
    {"TLS_RSA_WITH_AES_128_CBC_SHA",                &cub_suite_rsa_aes_128_cbc_sha               },
    {"TLS_RSA_WITH_AES_256_CBC_SHA",                &cub_suite_rsa_aes_256_cbc_sha               },
};

static const struct cub_suite *find(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
            return names[i].suite;
    }
    exit(EXIT_NOT_IMPLEMENTED);
}

size_t suites_parse(struct shim *s, size_t n)
{
    const char *at = s->options->cipher;
    unsigned group = 1;
    bool in_group = false;

    while (*at != 0) {
        size_t len = strcspn(at, ":[|]");

        if (len > 0) {
            s->suite_groups[n] = group;
            s->suites[n++] = find(at, len);
            at += len;
            continue;
        }
        in_group = *at == '[' || (in_group && *at == '|');
        group += !in_group;
        at++;
    }
    return n;
}

/* The place of a number in the client's list. */
static size_t place_of(const struct note *list, uint16_t id)
{
    size_t i = 0;

    while (i < list->len && cub_load_be16(list->bytes + i) != id)
        i += 2;
    return i;
}

void suites_order(struct shim *s)
{
    for (size_t i = 1; s->suites[i] != NULL && s->suites[i - 1] != NULL; i++) {
        for (size_t j = i;
             j > 0 && s->suite_groups[j] != 0 && s->suite_groups[j] == s->suite_groups[j - 1] &&
             place_of(&s->peer_suites, s->suites[j]->id) <
                 place_of(&s->peer_suites, s->suites[j - 1]->id);
             j--) {
            const struct cub_suite *suite = s->suites[j];

            s->suites[j] = s->suites[j - 1];
            s->suites[j - 1] = suite;
        }
    }
}

void groups_order(struct shim *s)
{
    const struct list *flags = &s->options->curve_flags;

    for (size_t i = 1; i < flags->count; i++) {
        for (size_t j = i; j > 0 && flags->items[j - 1] == 1 &&
                           place_of(&s->peer_groups, s->groups[j]->id) <
                               place_of(&s->peer_groups, s->groups[j - 1]->id);
             j--) {
            const struct cub_group *group = s->groups[j];

            s->groups[j] = s->groups[j - 1];
            s->groups[j - 1] = group;
        }
    }
}
