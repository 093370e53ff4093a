/*
 * The key exchange of a client of TLS 1.3 [RFC8446-4.2.8], as functions of the protocol table:
 * pre-shared keys can do without.
 */
#ifndef CUB_HANDSHAKE_KEY_SHARE_H
#define CUB_HANDSHAKE_KEY_SHARE_H

#include "handshake/handshake.h"

struct cub_key_shares {
    /* A HelloRetryRequest asks for a share of hs->peer_group instead. E_HRR_GROUP*. */
    enum cub_error (*change)(struct cub_engine *e);
    /* Completes the key exchange with hs->peer_share and takes its secret into the schedule, which
     * it begins where no pre-shared key has.
     * E_SH_GROUP, E_CRYPTO_SHARE. */
    enum cub_error (*complete)(struct cub_engine *e);
};

extern const struct cub_key_shares cub_key_shares;

/* Makes what the first ClientHello brings: legacy_session_id, private values, and the list in
 * hs->shares. */
enum cub_error cub_prepare13(struct cub_engine *e);

#endif
