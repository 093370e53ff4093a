/*
 * False start [RFC7918]: when a client of TLS 1.2 may send data behind its own Finished, before it
 * has the server's. Should somebody have changed the hellos, then the data is nevertheless for the
 * server alone, and under keys that are as good as they get.
 */
#include "handshake/actions.h"

/* A strong cipher, and forward secrecy [RFC7918-5.1], [RFC7918-5.3]; an elliptic curve, for a group
 * of DHE is the server's to choose. */
static bool suite_allows(const struct cub_suite *suite)
{
    return suite->key_exchange == CUB_KX_ECDHE && suite->aead->mac_key_size == 0 &&
           suite->aead->tag_size == 16;
}

/* The application has to want it, in a full handshake without a certificate of ours [RFC7918-4].
 * TLS 1.2 is not the latest version here, which alone RFC 7918 section 5.2 would have; but a server
 * of a later one says in its random that TLS 1.2 was not its choice, which is signed, and was
 * verified [RFC8446-4.1.3]. */
static bool is_allowed(const struct cub_engine *e)
{
    uint32_t flags = e->config->flags;
    unsigned proofs = PROOF_CHAIN | PROOF_SIGNATURE;

    return (flags & CUB_FLAG_FALSE_START) &&
           (e->alpn.len > 0 || (flags & CUB_FLAG_FALSE_START_ANY)) && e->psk == CUB_PSK_NONE &&
           suite_allows(e->suite) && e->hs->credential == NULL &&
           (e->hs->proofs & proofs) == proofs;
}

/* Once our Finished is on its way. */
bool cub_may_false_start(const struct cub_engine *e)
{
    return !e->connected && e->write_epoch == CUB_EPOCH_APPLICATION && e->state != SEND_FINISHED &&
           is_allowed(e);
}
