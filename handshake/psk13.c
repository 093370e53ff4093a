/*
 * What both roles do with the pre-shared keys of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"

bool cub_using_psk(const struct cub_engine *e)
{
    return e->psk != CUB_PSK_NONE;
}

struct cub_psk cub_session_psk(const struct cub_engine *e, const struct cub_session_state *session)
{
    struct cub_psk psk = {
        .identity = session->ticket,
        .key = session->secret,
        .hash = cub_find_suite(e, CUB_TLS1_3, session->suite)->hash,
        .kind = CUB_PSK_RESUMPTION,
        .suite = session->suite,
    };

    return psk;
}

void cub_psk_binder(const struct cub_psk *psk, const uint8_t *transcript, uint8_t *early_secret,
                    uint8_t *binder)
{
    static const char labels[][11] = {
        "res binder",               /* in the order of enum cub_psk_kind */
        "ext binder", "imp binder", /* [RFC9258-5.2] */
    };
    const struct cub_hash *hash = psk->hash;

    cub_early_secret(hash, psk->key.data, psk->key.len, early_secret);
    /* The binder key stands where the binder will be. */
    cub_derive_secret(hash, early_secret, labels[psk->kind - CUB_PSK_RESUMPTION], hash->empty,
                      binder);
    cub_finished_mac(hash, binder, transcript, binder);
}
