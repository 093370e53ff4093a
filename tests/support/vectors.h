/* Files of vectors: the large public suites, which are not part of the repository, and its own. */
#ifndef CUB_TESTS_SUPPORT_VECTORS_H
#define CUB_TESTS_SUPPORT_VECTORS_H

/*
 * The path of a file such as "wycheproof/hkdf_sha256_test.json" (static memory, one at a time), in
 * the directory that CUB_VECTORS_DIR names, or else in ../shared/vectors beside the source tree.
 * Skips the test, and says so, if there is no such file.
 */
const char *test_vectors_path(const char *name);

/* Likewise, but NULL if there is none. */
const char *test_vectors_find(const char *name);

/* The path of a file of the repository such as "vectors/rfc8448.json" (as above, static memory). */
const char *test_repository_path(const char *name);

#endif
