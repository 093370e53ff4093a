/*
 * Choices: which of what one side offers the other takes. Pure functions of two lists.
 */
#ifndef CUB_HANDSHAKE_NEGOTIATE_H
#define CUB_HANDSHAKE_NEGOTIATE_H

#include "handshake/handshake.h"

/*
 * The suite of TLS 1.3 for a client's cipher_suites, by our order or the client's, with this hash
 * (NULL: any); NULL: none.
 */
const struct cub_suite *cub_choose_suite(const struct cub_engine *e, struct cub_view offered,
                                         const struct cub_hash *hash);
/*
 * The group, and in *share the client's key_exchange for it (empty: a HelloRetryRequest is needed).
 * A group with a share comes before one without. NULL: no group in common.
 */
const struct cub_group *cub_choose_group(const struct cub_engine *e, struct cub_view supported,
                                         struct cub_view shares, struct cub_view *share);
/* Our first protocol that is in list (a ProtocolNameList's contents); len 0: none. */
struct cub_view cub_choose_protocol(struct cub_view ours, struct cub_view list);
/* Whether name is one of a ProtocolNameList's; returns it in ours, or len 0. */
struct cub_view cub_find_protocol(struct cub_view ours, struct cub_view name);
/* Whether the peer takes this kind of credential: a certificate, or a raw public key [RFC7250]. */
bool cub_peer_takes(const struct cub_engine *e, const struct cub_credential *credential);
/* The first credential of ours that is accepted, and the first scheme for it; NULL: none. */
const struct cub_credential *cub_choose_credential(const struct cub_engine *e,
                                                   struct cub_accepted *accepted,
                                                   const struct cub_sign_scheme **scheme);

#endif
