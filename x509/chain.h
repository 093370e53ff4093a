/*
 * The firmware verifier: follows the peer's chain in the order in which it arrives, one certificate
 * at a time, and keeps of each only what the next one must confirm. No heap; no certificate is
 * kept. The chain must come in order [RFC8446-4.4.2], leaf first, without strangers in between; it
 * may end before the anchor, or go on behind it.
 */
#ifndef CUB_X509_CHAIN_H
#define CUB_X509_CHAIN_H

#include <stddef.h>
#include <stdint.h>

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

/* Bytes of the buffer below, for the key of the leaf and one signature. */
#define CUB_CHAIN_BUFFER_P256      (65 + 72)
#define CUB_CHAIN_BUFFER_P384      (97 + 104)
#define CUB_CHAIN_BUFFER_RSA(bits) (2 * ((bits) / 8) + 8)
#define CUB_CHAIN_BUFFER_ANY       (512 + 8 + 512)

struct cub_chain_config {
    const struct cub_anchor *anchors;
    size_t anchor_count;
    struct cub_scheme_list schemes; /* signatures accepted in certificates */
    /* Seconds since 1970-01-01T00:00:00Z; E_X509_NO_TIME if unknown. NULL: validity is not checked.
     */
    enum cub_error (*now)(void *context, int64_t *seconds);
    void *now_context;
    uint8_t *buffer;       /* for the leaf's key and the pending signature */
    size_t buffer_size;    /* CUB_CHAIN_BUFFER_*; too small is E_X509_CHAIN_BUFFER */
    uint8_t max_depth;     /* certificates between leaf and anchor; 0: CUB_CHAIN_MAX_DEPTH */
    uint16_t min_rsa_bits; /* 0: 2048 */
};

#define CUB_CHAIN_MAX_DEPTH 8

struct cub_chain {
    const struct cub_chain_config *config;
    const char *server_name;
    int64_t now;
    struct cub_public_key key;                /* of the leaf; its views point into the buffer */
    struct cub_signature_algorithm algorithm; /* of the pending signature */
    uint8_t digest[CUB_HASH_MAX_SIZE];        /* of what it signs */
    uint8_t issuer[32];           /* SHA-256 of the canonical name of who must have signed */
    uint8_t authority_key_id[20]; /* of that issuer, if authority_key_id_len */
    uint16_t signature_len;       /* it stands in the buffer behind the key */
    uint16_t key_len;
    uint16_t key_usage; /* of the leaf */
    uint8_t authority_key_id_len;
    uint8_t peer_is_server;
    uint8_t depth;   /* certificates seen */
    uint8_t counted; /* those below the next CA that are not self-issued CAs */
    uint8_t state;
    enum cub_error failed; /* sticky */
};

/* All is zero in a fresh struct cub_chain but config; context of the functions is its address. */
extern const struct cub_verifier cub_chain_verifier;

#endif
