/*
 * Compressed certificates and raw public keys, as the runner knows them.
 */
#include <stdlib.h>
#include <string.h>

#include "handshake/certificate.h"
#include "shim.h"
#include "x509/key.h"

/* Compression: three algorithms of the runner's own. */

#define SHRINKING 0xff01 /* leaves out the zeros in front */
#define EXPANDING 0xff02 /* puts four bytes in front */
#define RANDOM    0xff03 /* puts any byte in front */

static uint8_t message[CUB_MAX_CERTIFICATE_MESSAGE], compressed[4 + sizeof message];
static const uint8_t prefix[] = {1, 2, 3, 4};

static uint8_t *get_memory(void *context, void *owner, size_t len)
{
    (void)context, (void)owner, (void)len;
    return message;
}

static struct cub_view prefixed(const void *front, size_t front_len, const uint8_t *in, size_t len)
{
    memcpy(compressed, front, front_len);
    memcpy(compressed + front_len, in, len);
    return (struct cub_view){compressed, front_len + len};
}

static struct cub_view expand(void *context, void *owner, const uint8_t *in, size_t len)
{
    (void)context, (void)owner;
    return prefixed(prefix, sizeof prefix, in, len);
}

static bool unexpand(void *context, void *owner, struct cub_view in, uint8_t *out, size_t len)
{
    (void)context, (void)owner;
    if (in.len != sizeof prefix + len || memcmp(in.data, prefix, sizeof prefix) != 0)
        return false;
    memcpy(out, in.data + sizeof prefix, len);
    return true;
}

static struct cub_view shrink(void *context, void *owner, const uint8_t *in, size_t len)
{
    (void)context, (void)owner;
    if (len < 2 || in[0] != 0 || in[1] != 0)
        die("the message does not begin with zeros");
    return (struct cub_view){in + 2, len - 2};
}

static bool unshrink(void *context, void *owner, struct cub_view in, uint8_t *out, size_t len)
{
    (void)context, (void)owner;
    if (in.len + 2 != len)
        return false;
    out[0] = out[1] = 0;
    memcpy(out + 2, in.data, in.len);
    return true;
}

static struct cub_view put_any(void *context, void *owner, const uint8_t *in, size_t len)
{
    uint8_t any;

    (void)context, (void)owner;
    if (cub_random_fill(&system_random, &any, 1) != E_OK)
        die("no randomness");
    return prefixed(&any, 1, in, len);
}

static bool drop_any(void *context, void *owner, struct cub_view in, uint8_t *out, size_t len)
{
    (void)context, (void)owner;
    if (in.len != len + 1)
        return false;
    memcpy(out, in.data + 1, len);
    return true;
}

void set_compression(struct shim *s)
{
    static const struct cub_compression all[] = {
        {EXPANDING, get_memory, expand,  unexpand, NULL},
        {SHRINKING, get_memory, shrink,  unshrink, NULL},
        {RANDOM,    get_memory, put_any, drop_any, NULL},
    };
    static const struct cub_compression *chosen[4];
    const struct options *o = s->options;
    size_t n = 0;

    for (size_t i = 0; i < 3; i++) {
        if (o->compress_certificates ||
            (o->compression.count > 0 && o->compression.items[0] == all[i].algorithm))
            chosen[n++] = &all[i];
    }
    s->config.compressions = chosen;
}
