/*
 * What a store in memory tells of itself, beyond what every store does.
 */
#ifndef CUB_API_MEMORY_STORE_H
#define CUB_API_MEMORY_STORE_H

#include "api/cubtls.h"

/* The store's get; *over: there was a value, but its time was over. */
bool cub_memory_store_get(cub_memory_store *store, const void *key, size_t key_len, void *out,
                          size_t size, size_t *len, bool *over);
/* Values whose time is not over, and those that others pushed out before it was. */
unsigned long cub_memory_store_number(cub_memory_store *store);
unsigned long cub_memory_store_pushed_out(cub_memory_store *store);

#endif
