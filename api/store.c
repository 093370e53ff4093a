#include "api/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "api/file.h"
#include "api/memory.h"
#include "api/result.h"
#include "api/subject_hash.h"
#include "crypto/bytes.h"
#include "crypto/hash.h"
#include "x509/der.h"
#include "x509/pem.h"

/* A certificate; its DER stands behind it. */
struct entry {
    struct cub_path_cert cert;
    struct entry *next;     /* in its bucket */
    struct entry *sequence; /* in order of loading */
    uint8_t der[];
};

/* A revocation list; its DER stands behind it. */
struct revocation {
    struct cub_crl crl;
    struct revocation *next; /* in order of loading */
    uint8_t der[];
};

struct directory {
    struct directory *next;
    char path[];
};

/* A name that was found in a directory, and which file of that name comes next. */
struct visited {
    const struct directory *directory;
    uint32_t hash;
    char kind; /* 'r': of revocation lists; 0: of certificates */
    unsigned suffix;
};

struct cub_store {
    atomic_uint owners;
    pthread_mutex_t lock; /* held for look-ups only if there are directories */
    uint8_t digest[CUB_STORE_DIGEST];
    bool on_demand; /* what is added now comes from a directory */
    struct entry **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
    struct entry *first;
    struct entry *last;
    struct revocation *revocations;
    size_t revocation_count;
    struct directory *directories;
    struct visited *visited;
    size_t visited_count;
};

struct cub_store *cub_store_new(void)
{
    struct cub_store *store = cub_alloc(sizeof *store);

    if (store && pthread_mutex_init(&store->lock, NULL) != 0) {
        cub_free(store);
        return NULL;
    }
    if (store)
        atomic_init(&store->owners, 1);
    return store;
}

struct cub_store *cub_store_ref(struct cub_store *store)
{
    atomic_fetch_add_explicit(&store->owners, 1, memory_order_relaxed);
    return store;
}

void cub_store_free(struct cub_store *store)
{
    if (!store || atomic_fetch_sub_explicit(&store->owners, 1, memory_order_acq_rel) != 1)
        return;
    while (store->first) {
        struct entry *next = store->first->sequence;
        cub_free(store->first);
        store->first = next;
    }
    while (store->revocations) {
        struct revocation *next = store->revocations->next;
        cub_free(store->revocations);
        store->revocations = next;
    }
    while (store->directories) {
        struct directory *next = store->directories->next;
        cub_free(store->directories);
        store->directories = next;
    }
    cub_free(store->buckets);
    cub_free(store->visited);
    (void)pthread_mutex_destroy(&store->lock);
    cub_free(store);
}

/* Something was added. */
static void note(struct cub_store *store, const void *what, size_t len)
{
    struct cub_hash_context h;

    if (store->on_demand)
        return;
    cub_hash_init(&cub_sha256, &h);
    cub_hash_update(&cub_sha256, &h, store->digest, sizeof store->digest);
    cub_hash_update(&cub_sha256, &h, what, len);
    cub_hash_output(&cub_sha256, &h, store->digest);
}

void cub_store_digest(const struct cub_store *store, uint8_t out[CUB_STORE_DIGEST])
{
    memcpy(out, store->digest, CUB_STORE_DIGEST);
}

/* The link to the first entry of a bucket. */
static struct entry **bucket(struct entry **buckets, size_t count, const uint8_t digest[32])
{
    return &buckets[cub_load_be32(digest) & (count - 1)];
}

/* Appends to a bucket: entries of one subject keep their order. */
static void link_entry(struct entry **link, struct entry *entry)
{
    while (*link)
        link = &(*link)->next;
    entry->next = NULL;
    *link = entry;
}

/* Makes room for one more, at no more than one entry a bucket on the average. */
static bool grow(struct cub_store *store)
{
    size_t larger = store->bucket_count ? 2 * store->bucket_count : 64;
    struct entry **buckets;

    if (store->count < store->bucket_count)
        return true;
    buckets = cub_alloc_array(larger, sizeof(struct entry *));
    if (!buckets)
        return false;
    for (struct entry *e = store->first; e; e = e->sequence)
        link_entry(bucket(buckets, larger, e->cert.subject_digest), e);
    cub_free(store->buckets);
    store->buckets = buckets;
    store->bucket_count = larger;
    return true;
}

/* Whether a certificate with the same bytes is there. */
static bool has(const struct cub_store *store, const struct entry *wanted)
{
    const struct entry *e =
        *bucket(store->buckets, store->bucket_count, wanted->cert.subject_digest);

    while (e && !cub_view_equal(e->cert.cert.der, wanted->cert.cert.der))
        e = e->next;
    return e != NULL;
}

enum cub_error cub_store_add(struct cub_store *store, const uint8_t *der, size_t len)
{
    struct entry *entry;
    enum cub_error error;

    if (len > CUB_CERT_MAX_SIZE)
        return E_X509_CERT_TOO_LARGE;
    entry = cub_alloc(sizeof *entry + len);
    if (!entry || !grow(store)) {
        cub_free(entry);
        return E_MEMORY;
    }
    memcpy(entry->der, der, len);
    error = cub_path_cert_parse(&entry->cert, entry->der, len);
    if (error != E_OK || has(store, entry)) {
        cub_free(entry);
        return error;
    }
    link_entry(bucket(store->buckets, store->bucket_count, entry->cert.subject_digest), entry);
    if (store->last)
        store->last->sequence = entry;
    else
        store->first = entry;
    store->last = entry;
    store->count++;
    /* Key and name are what makes an anchor. */
    note(store, entry->cert.key_digest, sizeof entry->cert.key_digest);
    note(store, entry->cert.subject_digest, sizeof entry->cert.subject_digest);
    return E_OK;
}

enum cub_error cub_store_add_crl(struct cub_store *store, const uint8_t *der, size_t len)
{
    struct revocation **link = &store->revocations;
    struct revocation *added;
    enum cub_error error;

    if (len > CUB_CRL_MAX_SIZE)
        return E_CRL_TOO_LARGE;
    added = cub_alloc(sizeof *added + len);
    if (!added)
        return E_MEMORY;
    memcpy(added->der, der, len);
    error = cub_crl_parse(&added->crl, added->der, len);
    while (error == E_OK && *link && !cub_view_equal((*link)->crl.der, added->crl.der))
        link = &(*link)->next;
    if (error != E_OK || *link) {
        cub_free(added);
        return error;
    }
    *link = added;
    store->revocation_count++;
    note(store, added->crl.signature.data, added->crl.signature.len);
    return E_OK;
}

/* Adds what a block holds, if that is anything for us; *is_ours tells. */
static enum cub_error add_block(struct cub_store *store, const struct cub_pem_block *block,
                                uint8_t *der, bool *is_ours)
{
    bool crl = cub_pem_is(block, "X509 CRL");
    size_t len = block->body.len; /* is enough for what it decodes to */
    enum cub_error error;

    /* TRUSTED CERTIFICATE has rules of its own behind the certificate: not for us to ignore. */
    *is_ours = crl || cub_pem_is(block, "CERTIFICATE") || cub_pem_is(block, "X509 CERTIFICATE");
    if (!*is_ours)
        return E_OK;
    error = cub_pem_decode(block, der, len, &len);
    if (error != E_OK)
        return error;
    return crl ? cub_store_add_crl(store, der, len) : cub_store_add(store, der, len);
}

enum cub_error cub_store_add_pem(struct cub_store *store, char *text, size_t len, size_t *added)
{
    struct cub_pem pem = {text, text + len};
    struct cub_pem_block block;
    enum cub_error first = E_OK, error;

    *added = 0;
    while ((error = cub_pem_next(&pem, &block)) == E_OK) {
        uint8_t *body = (uint8_t *)text + (block.body.data - (const uint8_t *)text);
        bool is_ours;
        error = add_block(store, &block, body, &is_ours);
        if (error == E_OK)
            *added += is_ours;
        else if (error == E_MEMORY)
            return error;
        else if (first == E_OK)
            first = error;
    }
    if (first == E_OK && error == E_PEM_BAD_END_LINE)
        first = error;
    return *added ? E_OK : first;
}

/* A certificate or else a revocation list; what is neither fails as a certificate. */
static enum cub_error add_one_der(struct cub_store *store, struct cub_view one)
{
    enum cub_error error = cub_store_add(store, one.data, one.len);
    enum cub_error as_crl = error;

    if (error != E_OK && error != E_MEMORY)
        as_crl = cub_store_add_crl(store, one.data, one.len);
    return as_crl == E_OK || as_crl == E_MEMORY ? as_crl : error;
}

enum cub_error cub_store_add_der(struct cub_store *store, const uint8_t *der, size_t len)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(der, len, &error);

    while (cub_der_more(&d)) {
        struct cub_view one = cub_der_element_of(&d, CUB_DER_SEQUENCE);
        if (error == E_OK)
            error = add_one_der(store, one);
        if (error != E_OK)
            return error;
    }
    return error;
}

cub_result cub_store_add_file(struct cub_store *store, const char *path,
                              struct cub_error_details *details)
{
    struct cub_buffer text = {0};
    enum cub_error error = E_OK;
    size_t added;
    cub_result result = cub_file_read(path, &text, details);

    if (result == CUB_OK) {
        if (text.len && text.data[0] == CUB_DER_SEQUENCE) {
            error = cub_store_add_der(store, text.data, text.len);
        } else {
            error = cub_store_add_pem(store, (char *)text.data, text.len, &added);
            if (error == E_OK && added == 0)
                error = E_NO_CERT_IN_FILE;
        }
        result = cub_report(details, error);
    }
    cub_buffer_free(&text);
    return result;
}

static enum cub_error add_directory(struct cub_store *store, const char *path, size_t len)
{
    struct directory *directory = cub_alloc(sizeof *directory + len + 1);
    struct directory **link = &store->directories;

    if (!directory)
        return E_MEMORY;
    memcpy(directory->path, path, len);
    while (*link)
        link = &(*link)->next;
    *link = directory;
    note(store, path, len);
    return E_OK;
}

enum cub_error cub_store_add_directory(struct cub_store *store, const char *path)
{
    enum cub_error error = E_OK;

    while (error == E_OK && *path) {
        size_t len = strcspn(path, ":");
        if (len)
            error = add_directory(store, path, len);
        path += len + (path[len] != 0);
    }
    return error;
}

/* What was read of a name in a directory; NULL: nothing. */
static struct visited *find_visited(struct cub_store *store, const struct visited *wanted)
{
    for (size_t i = 0; i < store->visited_count; i++) {
        struct visited *v = &store->visited[i];
        if (v->directory == wanted->directory && v->hash == wanted->hash && v->kind == wanted->kind)
            return v;
    }
    return NULL;
}

/* Notes how far a name was read. Names for which there is no file are not noted: peers could send
 * any number of them. */
static void note_visited(struct cub_store *store, const struct visited *now)
{
    struct visited *v = find_visited(store, now);

    if (!v) {
        v = cub_realloc(store->visited, (store->visited_count + 1) * sizeof *v);
        if (!v)
            return;
        store->visited = v;
        v += store->visited_count++;
    }
    *v = *now;
}

/* Adds what a directory has under a name, and was not read before: hash.0 ..., or hash.r0 ... */
static void read_directory(struct cub_store *store, const struct directory *directory,
                           uint32_t hash, char kind)
{
    struct visited now = {directory, hash, kind, 0};
    const struct visited *before = find_visited(store, &now);
    size_t size = strlen(directory->path) + 32;
    char *path = cub_alloc(size);
    unsigned first = before ? before->suffix : 0;

    for (now.suffix = first; path; now.suffix++) {
        (void)snprintf(path, size, "%s/%08x.%s%u", directory->path, (unsigned)hash, kind ? "r" : "",
                       now.suffix);
        if (!cub_file_exists(path, false) || cub_store_add_file(store, path, NULL) != CUB_OK)
            break;
    }
    if (now.suffix > first)
        note_visited(store, &now);
    cub_free(path);
}

static void read_directories(struct cub_store *store, struct cub_view name, char kind)
{
    uint32_t hash;

    if (!cub_subject_hash(name, &hash))
        return;
    store->on_demand = true;
    for (const struct directory *d = store->directories; d; d = d->next)
        read_directory(store, d, hash, kind);
    store->on_demand = false;
}

/* The n-th entry of a subject. */
static const struct entry *find(const struct cub_store *store, const uint8_t digest[32], size_t n)
{
    const struct entry *e =
        store->bucket_count ? *bucket(store->buckets, store->bucket_count, digest) : NULL;

    for (; e; e = e->next)
        if (memcmp(e->cert.subject_digest, digest, 32) == 0 && n-- == 0)
            return e;
    return NULL;
}

static const struct cub_path_cert *trusted(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n)
{
    struct cub_store *store = context;
    const struct entry *e;

    if (!store->directories) {
        e = find(store, digest, n);
        return e ? &e->cert : NULL;
    }
    (void)pthread_mutex_lock(&store->lock);
    e = find(store, digest, n);
    if (!e) {
        read_directories(store, subject, 0);
        e = find(store, digest, n);
    }
    (void)pthread_mutex_unlock(&store->lock);
    return e ? &e->cert : NULL;
}

/* The n-th list of an issuer. */
static const struct cub_crl *find_crl(const struct cub_store *store, const uint8_t digest[32],
                                      size_t n)
{
    for (const struct revocation *r = store->revocations; r; r = r->next)
        if (memcmp(r->crl.issuer_digest, digest, 32) == 0 && n-- == 0)
            return &r->crl;
    return NULL;
}

static const struct cub_crl *crl(void *context, struct cub_view issuer, const uint8_t digest[32],
                                 size_t n)
{
    struct cub_store *store = context;
    const struct cub_crl *found;

    if (!store->directories)
        return find_crl(store, digest, n);
    (void)pthread_mutex_lock(&store->lock);
    found = find_crl(store, digest, n);
    if (!found) {
        read_directories(store, issuer, 'r');
        found = find_crl(store, digest, n);
    }
    (void)pthread_mutex_unlock(&store->lock);
    return found;
}

struct cub_path_store cub_store_view(struct cub_store *store)
{
    return (struct cub_path_store){trusted, crl, store};
}

const struct cub_path_cert *cub_store_get(struct cub_store *store, size_t n)
{
    const struct entry *e;

    (void)pthread_mutex_lock(&store->lock);
    for (e = store->first; e && n; n--)
        e = e->sequence;
    (void)pthread_mutex_unlock(&store->lock);
    return e ? &e->cert : NULL;
}

size_t cub_store_crl_count(struct cub_store *store)
{
    size_t count;

    (void)pthread_mutex_lock(&store->lock);
    count = store->revocation_count;
    (void)pthread_mutex_unlock(&store->lock);
    return count;
}
