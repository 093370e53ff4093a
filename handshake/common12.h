/*
 * What the files of TLS 1.2 share among themselves.
 */
#ifndef CUB_HANDSHAKE_COMMON12_H
#define CUB_HANDSHAKE_COMMON12_H

#include "handshake/handshake.h"

/*
 * Verifies a signature by the peer's certificate over parts of text, or, if there is none, over the
 * transcript. In TLS 1.2 a scheme names a hash and an algorithm, and ECDSA takes any curve
 * [RFC8446-4.2.3]. Ed25519 signs text and messages themselves [RFC8422-5.10].
 * E_CV_ALGORITHM, E_CV_KEY_TYPE, E_CRYPTO_SIGNATURE.
 */
enum cub_error cub_verify12(struct cub_engine *e, uint16_t algorithm, const struct cub_view *text,
                            size_t parts, struct cub_view signature);

#endif
