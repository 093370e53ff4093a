/*
 * 0-RTT data: keys, and what both roles ask.
 */
#include "handshake/actions.h"
#include "handshake/schedule13.h"

bool cub_early_accepted(const struct cub_engine *e)
{
    return e->early == CUB_EARLY_ACCEPTED;
}

/* 0-RTT data of a client, and a server's answer to it; a server also while a client shows its
 * certificate after the handshake, but not the client, whose answer is not interrupted
 * [RFC8446-4.6.2]. */
bool cub_may_send_early(const struct cub_engine *e)
{
    if (e->connected)
        return e->is_server;
    if (e->write_epoch == CUB_EPOCH_EARLY)
        return e->early_left > 0;
    return e->is_server && cub_early_accepted(e) && e->write_epoch == CUB_EPOCH_APPLICATION;
}

/*
 * hs->secret is the Early Secret, and the transcript is ClientHello alone [RFC8446-7.1]: the client
 * has sent it, at the server it is still the message at hand. The traffic secret stands where the
 * application's will be, the exporter secret where the resumption secret will.
 */
enum cub_error cub_derive_early_secrets(struct cub_engine *e)
{
    static const struct cub_derived traffic = {CUB_SECRET_CLIENT_EARLY, "c e traffic"};
    static const struct cub_derived exporter = {CUB_SECRET_EARLY_EXPORTER, "e exp master"};
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output_with(&e->hs->transcript, cub_hash_of(e), e->message.unit.data,
                               e->is_server ? e->message.unit.len : 0, transcript);
    cub_derive_secrets(e, &traffic, 1, transcript, e->client_secret);
    cub_derive_secrets(e, &exporter, 1, transcript, e->resumption_secret);
    return E_OK;
}
