/*
 * Keys and signatures. Verification and signing are separate tables, so that a program which only
 * verifies links no signing code.
 */
#ifndef CUB_CRYPTO_SIGNATURE_H
#define CUB_CRYPTO_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#define CUB_SIGNATURE_MAX_SIZE 512 /* RSA-4096 */

enum cub_key_type {
    CUB_KEY_NONE,
    CUB_KEY_RSA,     /* rsaEncryption [RFC8017-A.1] */
    CUB_KEY_RSA_PSS, /* id-RSASSA-PSS [RFC4055-3.1]: signs with PSS only */
    CUB_KEY_EC_P256,
    CUB_KEY_EC_P384,
    CUB_KEY_EC_P521,
    CUB_KEY_ED25519,
};

/* Bytes that live elsewhere. */
struct cub_view {
    const uint8_t *data;
    size_t len;
};

/* A public key: views into memory that the owner of the key keeps. */
struct cub_public_key {
    uint8_t type;            /* enum cub_key_type */
    uint8_t pss_hash;        /* CUB_KEY_RSA_PSS with parameters: the one hash (enum cub_hash_id), */
    uint8_t pss_salt_min;    /* for message and MGF1 alike, and the least salt length; */
                             /* pss_hash 0: no restriction */
    struct cub_view point;   /* EC: uncompressed point; Ed25519: the 32 bytes */
    struct cub_view modulus; /* RSA, big-endian without leading zeros */
    struct cub_view exponent;
};

/* A private key: views into memory that the owner of the key keeps and wipes. */
struct cub_private_key {
    uint8_t type;     /* enum cub_key_type */
    uint8_t pss_hash; /* as in struct cub_public_key */
    uint8_t pss_salt_min;
    uint16_t modulus_bits;    /* RSA */
    struct cub_view scalar;   /* EC private value, big-endian; Ed25519 seed */
    struct cub_view modulus;  /* RSA [RFC8017-A.1.2], all big-endian without leading zeros; */
    struct cub_view exponent; /* modulus and exponent check each signature before it leaves */
    struct cub_view p, q, dp, dq, iq;
};

/* Where a scheme may stand. */
enum cub_scheme_use {
    CUB_USE_ALL,
    CUB_USE_NOT_TLS13, /* certificates, and messages of TLS 1.2 [RFC8446-4.2.3] */
    CUB_USE_CLIENT13,  /* CertificateVerify of clients in TLS 1.3, nothing else [RFC9963-3] */
};

struct cub_verify_scheme {
    uint16_t id;                 /* SignatureScheme [RFC8446-4.2.3] */
    uint8_t key_type;            /* key that it verifies with */
    uint8_t use;                 /* enum cub_scheme_use */
    const struct cub_hash *hash; /* NULL: signs the message itself (Ed25519) */
    /*
     * digest is the hash's output (or the message, if hash is NULL); the ECDSA rows take that of
     * any hash, so X.509 verifies P-256 with SHA-384, say, by the row of P-256. E_CRYPTO_SIGNATURE
     * if the signature does not match, E_CRYPTO_KEY if the key is of another type or bound to
     * another hash, or what cub_rsa_check (rsa.h) says of an RSA key.
     */
    enum cub_error (*verify)(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len);
    const void *impl; /* ECDSA: the curve */
};

struct cub_sign_scheme {
    uint16_t id;
    uint8_t key_type;
    uint8_t use;
    const struct cub_hash *hash;
    /*
     * digest is the hash's output. Writes at most CUB_SIGNATURE_MAX_SIZE bytes and their number.
     * E_CRYPTO_KEY if the key is of another type, bound to another hash, too small for the scheme
     * or broken; errors of cub_rsa_check; those of random. Only RSA-PSS asks for randomness.
     */
    enum cub_error (*sign)(const struct cub_sign_scheme *scheme, const struct cub_private_key *key,
                           const struct cub_random *random, const uint8_t *digest,
                           size_t digest_len, uint8_t *sig, size_t *sig_len);
    const void *impl;
};

/*
 * One row per scheme. rsa_pkcs1_* may stand in certificates and in TLS 1.2 only, rsa_pkcs1_*_legacy
 * are the same for clients of TLS 1.3 whose keys cannot do PSS [RFC9963]; rsa_pss_rsae_* has
 * CUB_KEY_RSA, rsa_pss_pss_* CUB_KEY_RSA_PSS. ECDSA rows bind curve and hash as TLS 1.3 does, but
 * for ecdsa_sha1, whose key_type is CUB_KEY_NONE: any curve. Other pairs: cub_ecdsa_verify
 * (ecdsa.h).
 */
extern const struct cub_verify_scheme cub_verify_ecdsa_secp256r1_sha256;
extern const struct cub_verify_scheme cub_verify_ecdsa_secp384r1_sha384;
extern const struct cub_verify_scheme cub_verify_ecdsa_secp521r1_sha512;
extern const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha256;
extern const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha384;
extern const struct cub_verify_scheme cub_verify_rsa_pss_rsae_sha512;
extern const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha256;
extern const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha384;
extern const struct cub_verify_scheme cub_verify_rsa_pss_pss_sha512;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha256;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha384;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha512;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha256_legacy;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha384_legacy;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha512_legacy;
extern const struct cub_verify_scheme cub_verify_rsa_pkcs1_sha1;
extern const struct cub_verify_scheme cub_verify_ecdsa_sha1;
extern const struct cub_verify_scheme cub_verify_ed25519;

extern const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha256;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha384;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha512;
/* Of TLS 1.2, where a scheme is a hash and any curve [RFC8446-4.2.3]. */
extern const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha384;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp256r1_sha512;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha256;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp384r1_sha512;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha256;
extern const struct cub_sign_scheme cub_sign_ecdsa_secp521r1_sha384;
extern const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha256;
extern const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha384;
extern const struct cub_sign_scheme cub_sign_rsa_pss_rsae_sha512;
extern const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha256;
extern const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha384;
extern const struct cub_sign_scheme cub_sign_rsa_pss_pss_sha512;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha256;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha384;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha512;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha256_legacy;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha384_legacy;
extern const struct cub_sign_scheme cub_sign_rsa_pkcs1_sha512_legacy;
extern const struct cub_sign_scheme cub_sign_ed25519;

/* Hashes message as the scheme says, then verifies. */
enum cub_error cub_verify_message(const struct cub_verify_scheme *scheme,
                                  const struct cub_public_key *key, const uint8_t *message,
                                  size_t message_len, const uint8_t *sig, size_t sig_len);
/* Hashes message as the scheme says, then signs. */
enum cub_error cub_sign_message(const struct cub_sign_scheme *scheme,
                                const struct cub_private_key *key, const struct cub_random *random,
                                const uint8_t *message, size_t message_len, uint8_t *sig,
                                size_t *sig_len);

#endif
