#include "api/bio.h"

#include <stdatomic.h>
#include <string.h>

#include "api/memory.h"
#include "api/result.h"

struct cub_bio {
    atomic_uint owners;
    bool eof_written;
    size_t head; /* of what has not been read */
    struct cub_buffer buffer;
};

cub_result cub_bio_new(cub_bio **bio)
{
    *bio = cub_alloc(sizeof **bio);
    if (!*bio)
        return CUB_MemoryError;
    atomic_init(&(*bio)->owners, 1);
    return CUB_OK;
}

cub_bio *cub_bio_ref(cub_bio *bio)
{
    atomic_fetch_add_explicit(&bio->owners, 1, memory_order_relaxed);
    return bio;
}

void cub_bio_free(cub_bio *bio)
{
    if (!bio || atomic_fetch_sub_explicit(&bio->owners, 1, memory_order_acq_rel) != 1)
        return;
    cub_buffer_free(&bio->buffer);
    cub_free(bio);
}

cub_result cub_bio_read(cub_bio *bio, void *buffer, size_t len, size_t *n)
{
    size_t pending = cub_bio_get_pending(bio);

    *n = len < pending ? len : pending;
    if (*n)
        memcpy(buffer, bio->buffer.data + bio->head, *n);
    bio->head += *n;
    if (bio->head == bio->buffer.len)
        bio->head = bio->buffer.len = 0;
    return CUB_OK;
}

cub_result cub_bio_write(cub_bio *bio, const void *data, size_t len)
{
    if (bio->eof_written)
        return cub_report(NULL, E_BIO_EOF_WRITTEN);
    /* What was read makes room once it is the larger part. */
    if (bio->head > bio->buffer.len / 2) {
        bio->buffer.len -= bio->head;
        memmove(bio->buffer.data, bio->buffer.data + bio->head, bio->buffer.len);
        bio->head = 0;
    }
    return cub_buffer_append(&bio->buffer, data, len) ? CUB_OK : CUB_MemoryError;
}

void cub_bio_write_eof(cub_bio *bio)
{
    bio->eof_written = true;
}

size_t cub_bio_get_pending(const cub_bio *bio)
{
    return bio->buffer.len - bio->head;
}

bool cub_bio_get_eof(const cub_bio *bio)
{
    return bio->eof_written && cub_bio_get_pending(bio) == 0;
}

cub_result cub_bio_pair_read(void *arg, void *buffer, size_t len, size_t *n)
{
    const struct cub_bio_pair *pair = arg;
    cub_result result = cub_bio_read(pair->incoming, buffer, len, n);

    if (result == CUB_OK && *n == 0 && !cub_bio_get_eof(pair->incoming))
        return CUB_SSLWantReadError;
    return result;
}

cub_result cub_bio_pair_write(void *arg, const void *data, size_t len, size_t *n)
{
    const struct cub_bio_pair *pair = arg;
    cub_result result = cub_bio_write(pair->outgoing, data, len);

    *n = result == CUB_OK ? len : 0;
    return result;
}
