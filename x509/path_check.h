/*
 * What the path builder asks about a certificate, and about a path that has reached an anchor.
 */
#ifndef CUB_X509_PATH_CHECK_H
#define CUB_X509_PATH_CHECK_H

#include <stdbool.h>

#include "x509/path.h"

/* Whether cert may issue; below: CA certificates under it that are not self-issued. */
enum cub_error cub_path_check_authority(const struct cub_path_request *request,
                                        const struct cub_cert *cert, unsigned below, bool anchor);

/* Checks a signature; it counts against the builder's budget. */
enum cub_error cub_path_verify(struct cub_path_builder *b,
                               const struct cub_signature_algorithm *algorithm,
                               struct cub_view data, struct cub_view signature,
                               const struct cub_public_key *key);

/*
 * The rules about a whole path, which is in b->frames: the leaf, identities, strictness, name
 * constraints, policies, revocation. *depth tells which certificate is at fault.
 */
enum cub_error cub_path_check_whole(struct cub_path_builder *b, unsigned *depth);

#endif
