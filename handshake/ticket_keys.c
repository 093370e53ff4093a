#include "handshake/ticket_keys.h"

#include <string.h>

#include "crypto/bytes.h"

/*
 *     struct {
 *         opaque key_name[16];
 *         opaque nonce[12];
 *         opaque sealed[..];  the session and a tag of 16 bytes; key_name is additional data
 *     } Ticket;
 */
#define HEAD (CUB_TICKET_KEY_NAME + CUB_AEAD_NONCE_SIZE)

void cub_ticket_keys_rotate(struct cub_ticket_keys *keys, const uint8_t *key)
{
    memmove(keys->keys[1], keys->keys[0], sizeof keys->keys - sizeof keys->keys[0]);
    memcpy(keys->keys[0], key, CUB_TICKET_KEY_SIZE);
    if (keys->count < CUB_TICKET_KEYS)
        keys->count++;
}

enum cub_error cub_ticket_seal(void *context, void *owner, uint8_t *buffer, size_t *len,
                               size_t size)
{
    const struct cub_ticket_keys *keys = context;
    uint8_t *nonce = buffer + CUB_TICKET_KEY_NAME;
    struct cub_aead_key key;
    enum cub_error err;

    (void)owner;
    if (keys->count == 0)
        return E_SESSION_UNKNOWN;
    if (size < CUB_TICKET_OVERHEAD || *len > size - CUB_TICKET_OVERHEAD)
        return E_SESSION_BUFFER;
    memmove(buffer + HEAD, buffer, *len);
    memcpy(buffer, keys->keys[0], CUB_TICKET_KEY_NAME);
    err = cub_random_fill(keys->random, nonce, CUB_AEAD_NONCE_SIZE);
    if (err != E_OK)
        return err;
    keys->aead->init(&key, keys->keys[0] + CUB_TICKET_KEY_NAME);
    keys->aead->seal(&key, nonce, buffer, CUB_TICKET_KEY_NAME, buffer + HEAD, *len,
                     buffer + HEAD + *len);
    cub_wipe(&key, sizeof key);
    *len += CUB_TICKET_OVERHEAD;
    return E_OK;
}

/* The key with the name that stands at name; NULL: none. */
static const uint8_t *find_key(const struct cub_ticket_keys *keys, const uint8_t *name)
{
    for (unsigned i = 0; i < keys->count; i++) {
        if (memcmp(keys->keys[i], name, CUB_TICKET_KEY_NAME) == 0)
            return keys->keys[i] + CUB_TICKET_KEY_NAME;
    }
    return NULL;
}

enum cub_error cub_ticket_open(void *context, void *owner, uint8_t *buffer, size_t *len,
                               size_t size)
{
    const struct cub_ticket_keys *keys = context;
    const uint8_t *bytes = *len >= CUB_TICKET_OVERHEAD ? find_key(keys, buffer) : NULL;
    size_t sealed = *len - CUB_TICKET_OVERHEAD;
    struct cub_aead_key key;
    bool valid;

    (void)owner;
    (void)size;
    if (bytes == NULL)
        return E_SESSION_UNKNOWN;
    keys->aead->init(&key, bytes);
    valid = keys->aead->open(&key, buffer + CUB_TICKET_KEY_NAME, buffer, CUB_TICKET_KEY_NAME,
                             buffer + HEAD, sealed, buffer + HEAD + sealed);
    cub_wipe(&key, sizeof key);
    if (!valid)
        return E_SESSION_UNKNOWN;
    memmove(buffer, buffer + HEAD, sealed);
    *len = sealed;
    return E_OK;
}
