/*
 * Memory: everything that the hosted half allocates comes from here, and so from whatever
 * cub_set_allocator said. NULL means that there is no more.
 */
#ifndef CUB_API_MEMORY_H
#define CUB_API_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* size bytes of zeros; released with cub_free. */
void *cub_alloc(size_t size);
/* count * size bytes of zeros, NULL too if that is more than memory can be. */
void *cub_alloc_array(size_t count, size_t size);
/* Resizes p, which may be NULL, keeping its contents; what is new is not set. */
void *cub_realloc(void *p, size_t size);
/* A copy of len bytes; a byte is allocated where len is 0. */
void *cub_memdup(const void *p, size_t len);
/* A copy of a string; NULL gives NULL. */
char *cub_strdup(const char *s);
/* Wipes and releases len bytes; p may be NULL. */
void cub_free_secret(void *p, size_t len);

/* Bytes that grow at their end. All zero is empty. */
struct cub_buffer {
    uint8_t *data;
    size_t len;
    size_t capacity;
};

/* Room for len more bytes behind the end, NULL if there is no memory. */
uint8_t *cub_buffer_reserve(struct cub_buffer *buffer, size_t len);
bool cub_buffer_append(struct cub_buffer *buffer, const void *data, size_t len);
void cub_buffer_free(struct cub_buffer *buffer);
/* The same, and wipes what it held. */
void cub_buffer_wipe(struct cub_buffer *buffer);

/* Small pieces that are released together. All zero is empty; a failure is remembered. */
struct cub_pool {
    struct cub_pool_chunk *chunks;
    bool failed;
};

/* size bytes of zeros, aligned for anything. */
void *cub_pool_alloc(struct cub_pool *pool, size_t size);
void cub_pool_free(struct cub_pool *pool);

#endif
