#include <string.h>

#include "crypto/mlkem.h"
#include "vectors/wycheproof.h"

/* The parameter set of a test; NULL: it is not offered. */
static const struct cub_mlkem *parameters(struct cub_wycheproof_test *t)
{
    const char *name = cub_wycheproof_text(t, "parameterSet");

    if (strcmp(name, "ML-KEM-768") == 0)
        return &cub_mlkem_768;
    return strcmp(name, "ML-KEM-1024") == 0 ? &cub_mlkem_1024 : NULL;
}

static struct cub_outcome unsupported(struct cub_wycheproof_test *t)
{
    return cub_wycheproof_unsupported(t, cub_wycheproof_text(t, "parameterSet"), "");
}

/* Whether what was computed is what the test has. */
static struct cub_outcome compare(enum cub_error error, const uint8_t *got, size_t len,
                                  struct cub_view expected)
{
    if (error == E_OK && (expected.len != len || memcmp(expected.data, got, len) != 0))
        return (struct cub_outcome){CUB_WRONG, "another value"};
    return cub_wycheproof_error(error);
}

struct cub_outcome cub_wycheproof_mlkem_keygen(struct cub_wycheproof_test *t)
{
    const struct cub_mlkem *p = parameters(t);
    struct cub_view seed = cub_wycheproof_bytes(t, "seed");
    uint8_t public_key[CUB_MLKEM_MAX_PUBLIC];

    if (!p)
        return unsupported(t);
    if (seed.len != CUB_MLKEM_SEED)
        return (struct cub_outcome){CUB_REFUSED, "length of the seed"};
    cub_mlkem_public(p, seed.data, public_key);
    return compare(E_OK, public_key, p->public_size, cub_wycheproof_bytes(t, "ek"));
}

struct cub_outcome cub_wycheproof_mlkem_encaps(struct cub_wycheproof_test *t)
{
    const struct cub_mlkem *p = parameters(t);
    struct cub_view message = cub_wycheproof_bytes(t, "m");
    struct cub_view public_key = cub_wycheproof_bytes(t, "ek");
    uint8_t ciphertext[CUB_MLKEM_MAX_CIPHERTEXT], secret[CUB_MLKEM_SECRET];
    struct cub_outcome outcome;
    enum cub_error error;

    if (!p)
        return unsupported(t);
    if (message.len != CUB_MLKEM_MESSAGE)
        return (struct cub_outcome){CUB_REFUSED, "length of the message"};
    error =
        cub_mlkem_encapsulate(p, public_key.data, public_key.len, message.data, ciphertext, secret);
    outcome = compare(error, ciphertext, p->ciphertext_size, cub_wycheproof_bytes(t, "c"));
    return outcome.verdict == CUB_ACCEPTED
               ? compare(error, secret, sizeof secret, cub_wycheproof_bytes(t, "K"))
               : outcome;
}

struct cub_outcome cub_wycheproof_mlkem_decaps(struct cub_wycheproof_test *t)
{
    const struct cub_mlkem *p = parameters(t);
    struct cub_view seed = cub_wycheproof_bytes(t, "seed");
    struct cub_view ciphertext = cub_wycheproof_bytes(t, "c");
    uint8_t secret[CUB_MLKEM_SECRET];
    enum cub_error error;

    if (!p)
        return unsupported(t);
    if (seed.len != CUB_MLKEM_SEED)
        return (struct cub_outcome){CUB_REFUSED, "length of the seed"};
    error = cub_mlkem_decapsulate(p, seed.data, ciphertext.data, ciphertext.len, secret);
    return compare(error, secret, sizeof secret,
                   error ? (struct cub_view){NULL, 0} : cub_wycheproof_bytes(t, "K"));
}

struct cub_outcome cub_wycheproof_mlkem_expanded(struct cub_wycheproof_test *t)
{
    const struct cub_mlkem *p = parameters(t);
    struct cub_view key = cub_wycheproof_bytes(t, "dk");
    struct cub_view ciphertext = cub_wycheproof_bytes(t, "c");
    uint8_t secret[CUB_MLKEM_SECRET];
    enum cub_error error;

    if (!p)
        return unsupported(t);
    error = cub_mlkem_decapsulate_expanded(p, key.data, key.len, ciphertext.data, ciphertext.len,
                                           secret);
    return compare(error, secret, sizeof secret,
                   error ? (struct cub_view){NULL, 0} : cub_wycheproof_bytes(t, "K"));
}
