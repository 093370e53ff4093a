/*
 * 0-RTT data as a client sends it.
 */
#include <string.h>

#include "handshake/client.h"
#include "handshake/negotiate.h"
#include "handshake/offers.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"

bool cub_early_offered(const struct cub_engine *e)
{
    return e->early == CUB_EARLY_OFFERED;
}

bool cub_early_ccs_due(const struct cub_engine *e)
{
    return cub_early_offered(e) && cub_ccs_due(e);
}

bool cub_offer_early_data(struct cub_engine *e)
{
    const struct cub_session_state *session = e->session;
    uint32_t most = e->config->max_early_data;

    if (most > session->max_early_data)
        most = session->max_early_data;
    /* What we do not offer now cannot be agreed on again [RFC8446-4.2.10]. */
    if (most == 0 ||
        (session->alpn.len > 0 && cub_find_protocol(e->config->alpn, session->alpn).len == 0))
        return false;
    e->early = CUB_EARLY_OFFERED;
    e->early_left = most;
    e->suite = cub_find_suite(e, CUB_TLS1_3, session->suite);
    cub_early_secret(cub_hash_of(e), session->secret.data, session->secret.len, e->hs->secret);
    /* The limit of the connection that the keys come from [RFC8449-4]. */
    if (session->record_size_limit > 0 && e->out.limit > session->record_size_limit - 1)
        e->out.limit = (uint16_t)(session->record_size_limit - 1);
    return true;
}

bool cub_put_early_data(struct cub_engine *e, struct wr *w)
{
    (void)w;
    /* With the first key, and not after a retry [RFC8446-4.2.10]. */
    return (e->hs->offered & EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES)) && e->hs->session_offered &&
           !e->retried && e->config->profile->offer_early_data != NULL &&
           e->config->profile->offer_early_data(e);
}

enum cub_error cub_recv_early_retry(struct cub_engine *e)
{
    enum cub_error err = cub_recv_hello_retry(e);

    if (err != E_OK)
        return err;
    /* The second ClientHello goes out in the clear, but is not the first one, whose record alone
     * says 0x0301 [RFC8446-5.1]. */
    cub_record_out_flush(&e->out);
    cub_protection_clear(&e->out.protection);
    e->out.protection.sequence = 1;
    e->write_epoch = CUB_EPOCH_PLAINTEXT;
    return E_OK;
}

static bool same_protocol(struct cub_view a, struct cub_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

enum cub_error cub_recv_early_answer(struct cub_engine *e)
{
    const struct cub_session_state *session = e->session;
    enum cub_error err = cub_recv_encrypted_extensions(e);

    if (err != E_OK || !(e->hs->answered & EXT_BIT(EXT_EARLY_DATA)))
        return err;
    /* By our first key [RFC8446-4.2.11], and all as it was [RFC8446-4.2.10]. */
    if (e->psk != CUB_PSK_RESUMPTION || e->suite->id != session->suite ||
        !same_protocol(e->alpn, session->alpn))
        return E_EE_EARLY_DATA;
    e->early = CUB_EARLY_ACCEPTED;
    return E_OK;
}

enum cub_error cub_stop_early_data(struct cub_engine *e)
{
    e->early = CUB_EARLY_REJECTED;
    return E_OK;
}

enum cub_error cub_send_end_of_early_data(struct cub_engine *e)
{
    cub_message_close(&e->reply.w, cub_message_open(&e->reply.w, CUB_END_OF_EARLY_DATA));
    return E_OK;
}
