/*
 * Wycheproof: a file holds groups, a group its parameters and its tests, a test says valid, invalid
 * or acceptable. Here, what its runners share.
 */
#ifndef CUB_VECTORS_WYCHEPROOF_H
#define CUB_VECTORS_WYCHEPROOF_H

#include "crypto/hash.h"
#include "vectors/format.h"

enum cub_verdict {
    CUB_ACCEPTED,
    CUB_REFUSED,
    CUB_WRONG,       /* accepted, with another result than the file has */
    CUB_UNSUPPORTED, /* not offered by the library: detail says what */
};

struct cub_outcome {
    enum cub_verdict verdict;
    const char *detail; /* an error's name, or what is not supported */
};

/* One test: its own members, those of its group and those of the file. */
struct cub_wycheproof_test {
    const json_t *root;
    const json_t *group;
    const json_t *test;
    struct cub_vectors_arena *arena;
    const char *missing; /* first member that was asked for and is not there or not of its type */
};

/* Runs one test. */
typedef struct cub_outcome cub_wycheproof_runner(struct cub_wycheproof_test *t);

cub_wycheproof_runner cub_wycheproof_aead;
cub_wycheproof_runner cub_wycheproof_hkdf;
cub_wycheproof_runner cub_wycheproof_hmac;
cub_wycheproof_runner cub_wycheproof_x25519;
cub_wycheproof_runner cub_wycheproof_ecdh_point;
cub_wycheproof_runner cub_wycheproof_ecdh_der;
cub_wycheproof_runner cub_wycheproof_ecdh_pem;
cub_wycheproof_runner cub_wycheproof_ecdsa_der;
cub_wycheproof_runner cub_wycheproof_ecdsa_raw;
cub_wycheproof_runner cub_wycheproof_eddsa;
cub_wycheproof_runner cub_wycheproof_rsa_verify;
cub_wycheproof_runner cub_wycheproof_rsa_sign;
cub_wycheproof_runner cub_wycheproof_rsa_pss;
cub_wycheproof_runner cub_wycheproof_mlkem_keygen;
cub_wycheproof_runner cub_wycheproof_mlkem_encaps;
cub_wycheproof_runner cub_wycheproof_mlkem_decaps;
cub_wycheproof_runner cub_wycheproof_mlkem_expanded;
cub_wycheproof_runner cub_wycheproof_pbe;
cub_wycheproof_runner cub_wycheproof_pbkdf2;
cub_wycheproof_runner cub_wycheproof_cbc;

/*
 * A member of the test, or else of its group, or else of the file; path may name a member of a
 * member ("publicKey.modulus"). What is missing is remembered in t and empty here.
 */
struct cub_view cub_wycheproof_bytes(struct cub_wycheproof_test *t, const char *path);
const char *cub_wycheproof_text(struct cub_wycheproof_test *t, const char *path);
size_t cub_wycheproof_number(struct cub_wycheproof_test *t, const char *path);
/* A big integer without its leading zeros. */
struct cub_view cub_wycheproof_integer(struct cub_wycheproof_test *t, const char *path);

/* The hash of a name such as "SHA-256"; NULL if the library has none of that name. */
const struct cub_hash *cub_wycheproof_hash(const char *name);

struct cub_outcome cub_wycheproof_unsupported(struct cub_wycheproof_test *t, const char *what,
                                              const char *which);
/* ACCEPTED for E_OK, REFUSED with the error's name otherwise. */
struct cub_outcome cub_wycheproof_error(enum cub_error error);

#endif
