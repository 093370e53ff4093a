/*
 * The names of cipher suites, groups and signature schemes, and lists of them.
 */
#ifndef CUB_API_CIPHERS_H
#define CUB_API_CIPHERS_H

#include "api/cubtls.h"
#include "crypto/error.h"
#include "handshake/config.h"

#define CUB_LIST_MAX 80 /* entries of a list, its NULL included */

/*
 * Each fills a list from names with colons between them, in their order, ended by NULL; a name that
 * is there twice counts once. The list must not be empty.
 */
/* Suites of TLS 1.3. E_CIPHERS */
enum cub_error cub_suites_parse(const char *names, const struct cub_suite *list[CUB_LIST_MAX]);
/*
 * Suites of TLS 1.2, chosen by a string as OpenSSL's ciphers(1) describes it. *level becomes the
 * security level if the string has one. E_CIPHERS if nothing is left.
 */
enum cub_error cub_cipher_string_parse(const char *string,
                                       const struct cub_suite *list[CUB_LIST_MAX], int *level);
/* E_GROUPS */
enum cub_error cub_groups_parse(const char *names, const struct cub_group *list[CUB_LIST_MAX]);
/* E_SIGALGS */
enum cub_error cub_schemes_parse(const char *names,
                                 const struct cub_verify_scheme *list[CUB_LIST_MAX]);

/* The i-th suite of ours, of whatever version, strongest and fastest first; NULL behind the last.
 */
const struct cub_suite *cub_suite_get(size_t i);
/* What there is to say about a suite; false if it is none of ours. */
bool cub_suite_describe(const struct cub_suite *suite, struct cub_cipher_info *info);

/* By number; NULL if it is none of ours. */
const char *cub_group_name(uint16_t id);
const char *cub_scheme_name(uint16_t id);

#endif
