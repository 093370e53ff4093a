#include "api/memory.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "api/cubtls.h"
#include "crypto/bytes.h"

static void *system_allocate(void *arg, size_t size)
{
    (void)arg;
    return malloc(size);
}

static void *system_reallocate(void *arg, void *p, size_t size)
{
    (void)arg;
    return realloc(p, size);
}

static void system_release(void *arg, void *p)
{
    (void)arg;
    free(p);
}

static const struct cub_allocator system_allocator = {system_allocate, system_reallocate,
                                                      system_release, NULL};
static struct cub_allocator allocator = {system_allocate, system_reallocate, system_release, NULL};

void cub_set_allocator(const struct cub_allocator *replacement)
{
    allocator = replacement ? *replacement : system_allocator;
}

void cub_free(void *p)
{
    if (p)
        allocator.release(allocator.arg, p);
}

void *cub_alloc(size_t size)
{
    void *p = allocator.allocate(allocator.arg, size ? size : 1);

    if (p)
        memset(p, 0, size);
    return p;
}

void *cub_alloc_array(size_t count, size_t size)
{
    return size && count > SIZE_MAX / size ? NULL : cub_alloc(count * size);
}

void *cub_realloc(void *p, size_t size)
{
    return allocator.reallocate(allocator.arg, p, size ? size : 1);
}

void *cub_memdup(const void *p, size_t len)
{
    void *copy = allocator.allocate(allocator.arg, len ? len : 1);

    if (copy && len)
        memcpy(copy, p, len);
    return copy;
}

char *cub_strdup(const char *s)
{
    return s ? cub_memdup(s, strlen(s) + 1) : NULL;
}

void cub_free_secret(void *p, size_t len)
{
    if (p)
        cub_wipe(p, len);
    cub_free(p);
}

uint8_t *cub_buffer_reserve(struct cub_buffer *buffer, size_t len)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    uint8_t *data;

    if (len <= buffer->capacity - buffer->len && buffer->data)
        return buffer->data + buffer->len;
    if (len > SIZE_MAX / 2 - buffer->len)
        return NULL;
    while (capacity < buffer->len + len)
        capacity *= 2;
    data = cub_realloc(buffer->data, capacity);
    if (!data)
        return NULL;
    buffer->data = data;
    buffer->capacity = capacity;
    return data + buffer->len;
}

bool cub_buffer_append(struct cub_buffer *buffer, const void *data, size_t len)
{
    uint8_t *room = cub_buffer_reserve(buffer, len);

    if (!room)
        return false;
    if (len)
        memcpy(room, data, len);
    buffer->len += len;
    return true;
}

void cub_buffer_free(struct cub_buffer *buffer)
{
    cub_free(buffer->data);
    *buffer = (struct cub_buffer){0};
}

void cub_buffer_wipe(struct cub_buffer *buffer)
{
    cub_wipe(buffer->data, buffer->capacity);
    cub_buffer_free(buffer);
}

struct cub_pool_chunk {
    struct cub_pool_chunk *next;
    size_t used;
    size_t size;
    alignas(max_align_t) uint8_t bytes[];
};

#define POOL_CHUNK 2000

static struct cub_pool_chunk *new_chunk(struct cub_pool *pool, size_t size)
{
    size_t room = size > POOL_CHUNK ? size : POOL_CHUNK;
    struct cub_pool_chunk *chunk = size > SIZE_MAX / 2 ? NULL : cub_alloc(sizeof *chunk + room);

    if (!chunk)
        return NULL;
    chunk->size = room;
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    return chunk;
}

void *cub_pool_alloc(struct cub_pool *pool, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct cub_pool_chunk *chunk = pool->chunks;
    void *p;

    if (!chunk || size > chunk->size - chunk->used)
        chunk = new_chunk(pool, size);
    if (!chunk) {
        pool->failed = true;
        return NULL;
    }
    p = chunk->bytes + chunk->used;
    chunk->used += size;
    chunk->used = (chunk->used + align - 1) / align * align;
    if (chunk->used > chunk->size)
        chunk->used = chunk->size;
    return p;
}

void cub_pool_free(struct cub_pool *pool)
{
    while (pool->chunks) {
        struct cub_pool_chunk *next = pool->chunks->next;
        cub_free(pool->chunks);
        pool->chunks = next;
    }
    *pool = (struct cub_pool){0};
}
