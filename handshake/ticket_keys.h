/*
 * Tickets that hold their session themselves, sealed: a store without a memory (RFC 5077 section 4
 * in spirit). Servers that have the same keys resume each other's sessions.
 *
 *     struct cub_ticket_keys keys = {.aead = &cub_aes_128_gcm, .random = &random};
 *     struct cub_session_store store = {cub_ticket_seal, cub_ticket_open, &keys};
 *     cub_ticket_keys_rotate(&keys, secret);
 */
#ifndef CUB_HANDSHAKE_TICKET_KEYS_H
#define CUB_HANDSHAKE_TICKET_KEYS_H

#include "crypto/aead.h"
#include "crypto/random.h"
#include "handshake/session.h"

#define CUB_TICKET_KEY_NAME 16
#define CUB_TICKET_KEY_SIZE (CUB_TICKET_KEY_NAME + CUB_AEAD_MAX_KEY) /* bytes of a key */
#define CUB_TICKET_KEYS     3                                        /* that are kept */
/* What a ticket has besides the session. */
#define CUB_TICKET_OVERHEAD (CUB_TICKET_KEY_NAME + CUB_AEAD_NONCE_SIZE + CUB_AEAD_MAX_TAG)

/*
 * The first key seals, all of them open. A key should be replaced at least once a day: who learns
 * it can read sessions, and connections without a key exchange. It seals at most 2^32 tickets, as
 * nonces are random. Nothing may change while a connection uses the keys.
 */
struct cub_ticket_keys {
    const struct cub_aead *aead; /* with tags of CUB_AEAD_MAX_TAG bytes */
    const struct cub_random *random;
    uint8_t count;
    /* name and key, the newest first */
    uint8_t keys[CUB_TICKET_KEYS][CUB_TICKET_KEY_SIZE];
};

/*
 * Takes a new key of CUB_TICKET_KEY_SIZE random bytes, which are the same on all servers that share
 * tickets: the first 16 are its public name, then comes the key. The oldest is forgotten.
 */
void cub_ticket_keys_rotate(struct cub_ticket_keys *keys, const uint8_t *key);

/* The functions of struct cub_session_store; context is a struct cub_ticket_keys. E_SESSION_BUFFER,
 * E_SESSION_UNKNOWN, or what random fails with. */
enum cub_error cub_ticket_seal(void *context, void *owner, uint8_t *buffer, size_t *len,
                               size_t size);
enum cub_error cub_ticket_open(void *context, void *owner, uint8_t *buffer, size_t *len,
                               size_t size);

#endif
