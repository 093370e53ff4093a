/*
 * A store in memory, for the threads of one process: sessions in a table of fixed size, where the
 * new push out the old, and a strike register for 0-RTT data, where they do not.
 */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "api/memory.h"
#include "api/memory_store.h"
#include "api/result.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "handshake/strike.h"

#define WAYS 8 /* entries that are looked at for one key, at most */

struct entry {
    uint8_t key[32]; /* SHA-256 of it */
    int64_t until;   /* ms since 1970; 0: free */
    uint8_t *value;  /* secret */
    size_t len;
};

struct cub_memory_store {
    pthread_mutex_t lock;
    struct entry *entries; /* made for the first session */
    size_t count;          /* a multiple of ways, or 0 */
    size_t ways;           /* entries that are looked at for one key */
    unsigned long pushed_out;
    struct cub_strike_register strikes;
};

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void empty(struct entry *entry)
{
    cub_free_secret(entry->value, entry->len);
    *entry = (struct entry){0};
}

/* Where a key may stand. */
static struct entry *set_of(const cub_memory_store *store, const uint8_t hash[32])
{
    return store->entries + cub_load_be32(hash) % (store->count / store->ways) * store->ways;
}

static struct entry *find(const cub_memory_store *store, const uint8_t hash[32])
{
    struct entry *set = set_of(store, hash);

    for (size_t i = 0; i < store->ways; i++)
        if (set[i].until && memcmp(set[i].key, hash, sizeof set[i].key) == 0)
            return &set[i];
    return NULL;
}

/* The place for a key: its own, a free one, or that of who is over first. */
static struct entry *place_for(const cub_memory_store *store, const uint8_t hash[32])
{
    struct entry *place = find(store, hash);
    struct entry *set = set_of(store, hash);

    if (place)
        return place;
    place = set;
    for (size_t i = 1; i < store->ways; i++)
        if (set[i].until < place->until)
            place = &set[i];
    return place;
}

/* Puts a copy of a value into its place; the lock is held. */
static bool keep(cub_memory_store *store, const uint8_t hash[32], uint8_t *copy, size_t len,
                 unsigned seconds)
{
    struct entry *place;

    if (!store->entries)
        store->entries = cub_alloc_array(store->count, sizeof *store->entries);
    if (!store->entries)
        return false;
    place = place_for(store, hash);
    if (place->until > now_ms() && memcmp(place->key, hash, sizeof place->key) != 0)
        store->pushed_out++;
    empty(place);
    memcpy(place->key, hash, sizeof place->key);
    place->until = now_ms() + (int64_t)seconds * 1000;
    place->value = copy;
    place->len = len;
    return true;
}

static bool put(void *arg, const void *key, size_t key_len, const void *value, size_t len,
                unsigned seconds)
{
    cub_memory_store *store = arg;
    uint8_t *copy = store->count ? cub_memdup(value, len) : NULL;
    uint8_t hash[32];
    bool kept;

    if (!copy)
        return false;
    cub_hash_once(&cub_sha256, key, key_len, hash);
    (void)pthread_mutex_lock(&store->lock);
    kept = keep(store, hash, copy, len, seconds);
    (void)pthread_mutex_unlock(&store->lock);
    if (!kept)
        cub_free_secret(copy, len);
    return kept;
}

bool cub_memory_store_get(cub_memory_store *store, const void *key, size_t key_len, void *out,
                          size_t size, size_t *len, bool *over)
{
    uint8_t hash[32];
    struct entry *entry;
    bool found = false;

    *over = false;
    if (!store->count)
        return false;
    cub_hash_once(&cub_sha256, key, key_len, hash);
    (void)pthread_mutex_lock(&store->lock);
    entry = store->entries ? find(store, hash) : NULL;
    if (entry && entry->until <= now_ms()) {
        *over = entry->len > 0;
        empty(entry);
    } else if (entry && entry->len <= size) {
        memcpy(out, entry->value, entry->len);
        *len = entry->len;
        found = true;
    }
    (void)pthread_mutex_unlock(&store->lock);
    return found;
}

static bool get(void *arg, const void *key, size_t key_len, void *out, size_t size, size_t *len)
{
    bool over;

    return cub_memory_store_get(arg, key, key_len, out, size, len, &over);
}

unsigned long cub_memory_store_number(cub_memory_store *store)
{
    unsigned long number = 0;
    int64_t now = now_ms();

    (void)pthread_mutex_lock(&store->lock);
    for (size_t i = 0; store->entries && i < store->count; i++)
        number += store->entries[i].until > now;
    (void)pthread_mutex_unlock(&store->lock);
    return number;
}

unsigned long cub_memory_store_pushed_out(cub_memory_store *store)
{
    unsigned long pushed_out;

    (void)pthread_mutex_lock(&store->lock);
    pushed_out = store->pushed_out;
    (void)pthread_mutex_unlock(&store->lock);
    return pushed_out;
}

static bool claim(void *arg, const void *key, size_t key_len, int64_t since, unsigned seconds)
{
    cub_memory_store *store = arg;
    int64_t now = now_ms();
    struct cub_first_flight flight = {
        .id = {key, key_len},
        .now = (uint64_t)now,
        .from = since < 0 ? 0 : (uint64_t)since,
        .until = (uint64_t)now + (uint64_t)seconds * 1000,
    };
    enum cub_error error = E_EARLY_DATA_REFUSED;

    if (!store->strikes.size)
        return false;
    (void)pthread_mutex_lock(&store->lock);
    error = cub_strike_claim(&store->strikes, NULL, &flight);
    (void)pthread_mutex_unlock(&store->lock);
    return error == E_OK;
}

static size_t round_up(size_t n, size_t to)
{
    return (n + to - 1) / to * to;
}

cub_result cub_memory_store_new(size_t sessions, size_t claims, cub_memory_store **out)
{
    cub_memory_store *store = cub_alloc(sizeof *store);

    *out = NULL;
    if (store && pthread_mutex_init(&store->lock, NULL) != 0) {
        cub_free(store);
        store = NULL;
    }
    if (!store)
        return CUB_MemoryError;
    store->ways = sessions < WAYS ? sessions : WAYS;
    store->count = store->ways ? sessions / store->ways * store->ways : 0;
    store->strikes.size = (uint32_t)round_up(claims, CUB_STRIKE_WAYS);
    store->strikes.since = (uint64_t)now_ms();
    store->strikes.entries =
        cub_alloc_array((size_t)store->strikes.size + 1, sizeof *store->strikes.entries);
    if (!store->strikes.entries) {
        cub_memory_store_free(store);
        return CUB_MemoryError;
    }
    *out = store;
    return CUB_OK;
}

void cub_memory_store_free(cub_memory_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; store->entries && i < store->count; i++)
        empty(&store->entries[i]);
    cub_free(store->entries);
    cub_free(store->strikes.entries);
    (void)pthread_mutex_destroy(&store->lock);
    cub_free(store);
}

struct cub_shared_store cub_memory_store_functions(cub_memory_store *store)
{
    return (struct cub_shared_store){put, get, claim, store};
}
