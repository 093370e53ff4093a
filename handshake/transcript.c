#include "handshake/transcript.h"

#include <string.h>

#include "handshake/messages.h"

/* The place of a hash, or the first free one. */
static unsigned find(const struct cub_transcript *t, const struct cub_hash *hash)
{
    unsigned i = 0;

    while (i < CUB_TRANSCRIPT_HASHES && t->hash[i] != NULL && t->hash[i] != hash)
        i++;
    return i;
}

bool cub_transcript_has(const struct cub_transcript *t, const struct cub_hash *hash)
{
    unsigned i = find(t, hash);

    return hash != NULL && i < CUB_TRANSCRIPT_HASHES && t->hash[i] == hash;
}

const void *cub_transcript_context(const struct cub_transcript *t, const struct cub_hash *hash)
{
    return t->context[find(t, hash)];
}

void cub_transcript_add(struct cub_transcript *t, const struct cub_hash *hash)
{
    unsigned i = find(t, hash);

    if (i < CUB_TRANSCRIPT_HASHES)
        t->hash[i] = hash;
}

void cub_transcript_begin(struct cub_transcript *t, unsigned i, void *context)
{
    t->context[i] = context;
    cub_hash_init(t->hash[i], context);
}

void cub_transcript_prefer(struct cub_transcript *t, const struct cub_hash *hash)
{
    unsigned i = find(t, hash);
    void *context = t->context[i];

    t->hash[i] = t->hash[0];
    t->context[i] = t->context[0];
    t->hash[0] = hash;
    t->context[0] = context;
}

void cub_transcript_select(struct cub_transcript *t, const struct cub_hash *hash)
{
    cub_transcript_prefer(t, hash);
    for (unsigned i = 1; i < CUB_TRANSCRIPT_HASHES; i++)
        t->hash[i] = NULL;
}

void cub_transcript_update(struct cub_transcript *t, const void *data, size_t len)
{
    for (unsigned i = 0; i < CUB_TRANSCRIPT_HASHES && t->hash[i] != NULL; i++)
        cub_hash_update(t->hash[i], t->context[i], data, len);
}

void cub_transcript_output(const struct cub_transcript *t, uint8_t *out)
{
    cub_hash_output(t->hash[0], t->context[0], out);
}

void cub_transcript_output_with(const struct cub_transcript *t, const struct cub_hash *hash,
                                const void *data, size_t len, uint8_t *out)
{
    struct cub_hash_context copy;

    memcpy(&copy, t->context[find(t, hash)], hash->context_size);
    if (len > 0)
        cub_hash_update(hash, &copy, data, len);
    cub_hash_output(hash, &copy, out);
}

void cub_transcript_collapse(struct cub_transcript *t)
{
    uint8_t message[CUB_MESSAGE_HEADER + CUB_HASH_MAX_SIZE] = {CUB_MESSAGE_HASH, 0, 0, 0};
    const struct cub_hash *hash = t->hash[0];

    message[3] = hash->size;
    cub_transcript_output(t, message + CUB_MESSAGE_HEADER);
    cub_hash_init(hash, t->context[0]);
    cub_transcript_update(t, message, CUB_MESSAGE_HEADER + (size_t)hash->size);
}
