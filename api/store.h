/*
 * Trust stores: certificates indexed by subject, and directories from which more are read when an
 * issuer is missing. A store may be shared by contexts and threads; it is only changed while it is
 * set up, but for what directories add, which is locked.
 */
#ifndef CUB_API_STORE_H
#define CUB_API_STORE_H

#include "api/cubtls.h"
#include "crypto/error.h"
#include "x509/path.h"

struct cub_store;

struct cub_store *cub_store_new(void); /* NULL: out of memory */
struct cub_store *cub_store_ref(struct cub_store *store);
void cub_store_free(struct cub_store *store);

/* Adds one certificate, copied; one that is there already is passed over. */
enum cub_error cub_store_add(struct cub_store *store, const uint8_t *der, size_t len);

/* The same for a revocation list. */
enum cub_error cub_store_add_crl(struct cub_store *store, const uint8_t *der, size_t len);

/*
 * Adds all certificates and revocation lists of a text. The text is used as working memory. In a
 * file of many, certificates that cannot be parsed are passed over; if no other is there, that is
 * the error. *added tells how many there were.
 */
enum cub_error cub_store_add_pem(struct cub_store *store, char *text, size_t len, size_t *added);
/* The same for certificates and revocation lists in DER, one after the other. */
enum cub_error cub_store_add_der(struct cub_store *store, const uint8_t *der, size_t len);
/* The same for a file in PEM or DER. */
cub_result cub_store_add_file(struct cub_store *store, const char *path,
                              struct cub_error_details *details);
/* Directories between colons as OpenSSL's rehash lays them out: files named hash.0, hash.1 ... and
 * hash.r0 ... */
enum cub_error cub_store_add_directory(struct cub_store *store, const char *path);

#define CUB_STORE_DIGEST 32
/* A digest of what was added, and in which order; what directories gave later does not count. */
void cub_store_digest(const struct cub_store *store, uint8_t out[CUB_STORE_DIGEST]);

/* How the path builder looks into the store. */
struct cub_path_store cub_store_view(struct cub_store *store);

/* The n-th certificate in order of loading, NULL behind the last. */
const struct cub_path_cert *cub_store_get(struct cub_store *store, size_t n);
/* The number of revocation lists. */
size_t cub_store_crl_count(struct cub_store *store);

#endif
