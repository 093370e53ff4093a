#include <stdio.h>
#include <string.h>

#include "api/cli/speed.h"
#include "api/cubtls.h"
#include "crypto/aead.h"
#include "crypto/ed25519.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/signature.h"

#define RECORD 16384

static enum cub_error fill(void *context, uint8_t *out, size_t len)
{
    (void)context;
    return cub_RAND_bytes(out, len) == CUB_OK ? E_OK : E_CRYPTO_RANDOM;
}

static const struct cub_random system_random = {.fill = fill};

struct sealing {
    const struct cub_aead *aead;
    struct cub_aead_key key;
    size_t len;
    uint8_t data[RECORD];
};

static void seal(void *arg)
{
    static const uint8_t nonce[CUB_AEAD_NONCE_SIZE], aad[5];
    struct sealing *s = arg;
    uint8_t tag[CUB_AEAD_MAX_TAG];

    s->aead->seal(&s->key, nonce, aad, sizeof aad, s->data, s->len, tag);
}

static void speed_aeads(void)
{
    static const struct {
        const char *name;
        const struct cub_aead *aead;
    } rows[] = {
        {"AES-128-GCM",       &cub_aes_128_gcm      },
        {"AES-256-GCM",       &cub_aes_256_gcm      },
        {"AES-128-CCM",       &cub_aes_128_ccm      },
        {"ChaCha20-Poly1305", &cub_chacha20_poly1305},
    };
    static const size_t sizes[] = {64, 1024, RECORD};
    static struct sealing sealing;
    static const uint8_t key[CUB_AEAD_MAX_KEY];

    printf("%-22s%14s%14s%14s\n", "seal, MB/s", "64 B", "1 KiB", "16 KiB");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sealing.aead = rows[i].aead;
        sealing.aead->init(&sealing.key, key);
        printf("  %-20s", rows[i].name);
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            sealing.len = sizes[j];
            printf("%14.1f", (double)sizes[j] / cli_measure(seal, &sealing) / 1e6);
            fflush(stdout);
        }
        putchar('\n');
    }
}

struct exchange {
    const struct cub_group *group;
    uint8_t private_value[CUB_GROUP_MAX_PRIVATE];
    uint8_t share[CUB_GROUP_MAX_SHARE];
    uint8_t response[CUB_GROUP_MAX_SHARE];
    uint8_t secret[CUB_GROUP_MAX_SECRET];
};

static void generate(void *arg)
{
    struct exchange *e = arg;

    e->group->generate(e->group, &system_random, e->private_value, e->share);
}

static void complete(void *arg)
{
    struct exchange *e = arg;

    e->group->complete(e->group, e->private_value, e->response, e->group->response_size, e->secret);
}

static void speed_groups(void)
{
    static const struct {
        const char *name;
        const struct cub_group *group;
    } rows[] = {
        {"X25519MLKEM768", &cub_group_x25519mlkem768},
        {"x25519",         &cub_group_x25519        },
        {"secp256r1",      &cub_group_secp256r1     },
        {"secp384r1",      &cub_group_secp384r1     },
        {"secp521r1",      &cub_group_secp521r1     },
    };

    printf("\n%-22s%14s%14s\n", "key exchange, per s", "make key", "share secret");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct exchange e = {.group = rows[i].group};

        generate(&e);
        e.group->respond(e.group, &system_random, e.share, e.group->share_size, e.response,
                         e.secret);
        printf("  %-20s%14.0f", rows[i].name, 1 / cli_measure(generate, &e));
        fflush(stdout);
        printf("%14.0f\n", 1 / cli_measure(complete, &e));
    }
}

struct signing {
    const struct cub_sign_scheme *sign;
    const struct cub_verify_scheme *verify;
    struct cub_private_key private_key;
    struct cub_public_key public_key;
    uint8_t sig[CUB_SIGNATURE_MAX_SIZE];
    size_t sig_len;
};

static const uint8_t message[130]; /* as long as what CertificateVerify signs with SHA-256 */

static void sign(void *arg)
{
    struct signing *s = arg;

    cub_sign_message(s->sign, &s->private_key, &system_random, message, sizeof message, s->sig,
                     &s->sig_len);
}

static void verify(void *arg)
{
    struct signing *s = arg;

    cub_verify_message(s->verify, &s->public_key, message, sizeof message, s->sig, s->sig_len);
}

/* A key pair of the scheme's type; with a group it is one of its shares, else Ed25519's. */
static void make_key(struct signing *s, struct exchange *key)
{
    size_t private_size = CUB_ED25519_SIZE, public_size = CUB_ED25519_SIZE;

    if (key->group) {
        generate(key);
        private_size = key->group->private_size;
        public_size = key->group->share_size;
    } else {
        cub_random_fill(&system_random, key->private_value, private_size);
        cub_ed25519_public(key->private_value, key->share);
    }
    s->private_key.type = s->public_key.type = s->sign->key_type;
    s->private_key.scalar = (struct cub_view){key->private_value, private_size};
    s->public_key.point = (struct cub_view){key->share, public_size};
}

static void speed_signatures(void)
{
    static const struct {
        const char *name;
        const struct cub_group *group;
        const struct cub_sign_scheme *sign;
        const struct cub_verify_scheme *verify;
    } rows[] = {
        {"ECDSA P-256", &cub_group_secp256r1, &cub_sign_ecdsa_secp256r1_sha256,
         &cub_verify_ecdsa_secp256r1_sha256                                                        },
        {"ECDSA P-384", &cub_group_secp384r1, &cub_sign_ecdsa_secp384r1_sha384,
         &cub_verify_ecdsa_secp384r1_sha384                                                        },
        {"ECDSA P-521", &cub_group_secp521r1, &cub_sign_ecdsa_secp521r1_sha512,
         &cub_verify_ecdsa_secp521r1_sha512                                                        },
        {"Ed25519",     NULL,                 &cub_sign_ed25519,                &cub_verify_ed25519},
    };

    printf("\n%-22s%14s%14s\n", "signatures, per s", "sign", "verify");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct exchange key = {.group = rows[i].group};
        struct signing s = {.sign = rows[i].sign, .verify = rows[i].verify};

        make_key(&s, &key);
        printf("  %-20s%14.0f", rows[i].name, 1 / cli_measure(sign, &s));
        fflush(stdout);
        printf("%14.0f\n", 1 / cli_measure(verify, &s));
    }
}

struct hashing {
    const struct cub_hash *hash;
    uint8_t data[RECORD];
};

static void hash(void *arg)
{
    struct hashing *h = arg;
    uint8_t out[CUB_HASH_MAX_SIZE];

    cub_hash_once(h->hash, h->data, sizeof h->data, out);
}

static void speed_hashes(void)
{
    static const struct {
        const char *name;
        const struct cub_hash *hash;
    } rows[] = {
        {"SHA-256", &cub_sha256},
        {"SHA-384", &cub_sha384}
    };
    static struct hashing hashing;

    printf("\n%-22s%14s\n", "hash, MB/s", "16 KiB");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hashing.hash = rows[i].hash;
        printf("  %-20s%14.1f\n", rows[i].name, RECORD / cli_measure(hash, &hashing) / 1e6);
    }
}

void cli_speed_primitives(void)
{
    speed_aeads();
    speed_hashes();
    speed_groups();
    speed_signatures();
}
