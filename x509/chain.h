/*
 * The firmware verifier: follows the peer's chain in the order in which it arrives, one certificate
 * at a time, and keeps of each only what the next one must confirm. No heap, and no certificate is
 * kept. The leaf comes first [RFC8446-4.4.2], and of the others the issuer of each after it;
 * strangers in between are passed over. The chain may end before the anchor, or go on behind it.
 * Names are compared as bytes, as issuers write them [RFC5280-4.1.2.6].
 * Name constraints are not applied here: a CA certificate that has any is no issuer.
 */
#ifndef CUB_X509_CHAIN_H
#define CUB_X509_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"
#include "x509/algorithm.h"
#include "x509/verifier.h"

/*
 * A trust anchor: a certificate, whose own limits (validity, path length) then count, or else name
 * and key. Views into the caller's memory, const tables in ROM as a rule.
 */
struct cub_anchor {
    struct cub_view certificate; /* DER, or empty */
    struct cub_view subject;     /* DER Name; not looked at if there is a certificate */
    struct cub_public_key key;   /* the same */
};

/*
 * Bytes of the buffer below: the leaf's key and one signature. For mixed chains take the greater
 * key and the greater signature.
 */
#define CUB_CHAIN_BUFFER_P256      (65 + 72)
#define CUB_CHAIN_BUFFER_P384      (97 + 104)
#define CUB_CHAIN_BUFFER_RSA(bits) (2 * ((bits) / 8) + 8)
#define CUB_CHAIN_BUFFER_ANY       (512 + 8 + 512)

#define CUB_CHAIN_MAX_DEPTH 8  /* certificates between leaf and anchor */
#define CUB_CHAIN_MAX_LIST  16 /* certificates that a peer may send */

/* What the owner of a verifier decides; may be const and shared by many. */
struct cub_chain_config {
    const struct cub_anchor *anchors;
    size_t anchor_count;
    struct cub_scheme_list schemes; /* signatures accepted in certificates */
    /* Seconds since 1970-01-01T00:00:00Z, or E_X509_NO_TIME. NULL: validity is not checked. */
    enum cub_error (*now)(void *context, int64_t *seconds);
    void *now_context;
    uint16_t min_rsa_bits; /* 0: 2048 */
};

struct cub_chain_kind;

/*
 * One verifier. Of a fresh one config and buffer are set and the rest is zero. The small things
 * stand in front: code that reaches them is shorter.
 */
struct cub_chain {
    const struct cub_chain_config *config;
    uint8_t *buffer;      /* the caller's, CUB_CHAIN_BUFFER_* bytes: E_X509_CHAIN_BUFFER */
    uint16_t buffer_size; /* if too small */

    uint8_t peer_is_server; /* from here on it is the verifier's own */
    uint8_t seen;           /* certificates that came */
    uint8_t linked;         /* CA certificates that are part of the chain */
    uint8_t below;          /* of those the ones that are not self-issued */
    uint8_t self_issued;    /* the last part of the chain names itself as issuer */
    uint8_t trusted;        /* an anchor was reached */
    struct cub_signature_algorithm algorithm;
    enum cub_error failed;             /* what is wrong with the leaf */
    enum cub_error hint;               /* what was wrong with an issuer that was passed over */
    uint16_t key_len;                  /* bytes of the buffer that the key takes */
    uint16_t signature_len;            /* and the pending signature behind it */
    uint16_t key_usage;                /* of the leaf; all bits if it has no such extension */
    const struct cub_chain_kind *kind; /* which of the verifiers it is */
    const char *server_name;
    const struct cub_hash *hash; /* of the pending signature; NULL: not one that we know */
    int64_t now;
    struct cub_public_key key;         /* the leaf's; its views point into the buffer */
    uint8_t digest[CUB_HASH_MAX_SIZE]; /* of what the pending signature signs */
    uint8_t issuer[32];                /* SHA-256 of the name of who must have made it */
};

/* The context of these functions is a struct cub_chain. */
extern const struct cub_verifier cub_chain_verifier;
/* The same for ECDSA and DNS names alone, with less code. */
extern const struct cub_verifier cub_chain_verifier_ecdsa;

#endif
