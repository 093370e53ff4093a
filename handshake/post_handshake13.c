/*
 * Client authentication after the handshake [RFC8446-4.6.2]: a server asks at any time, one request
 * at a time; a client answers each as it comes.
 *
 * What is signed and what Finished covers is the handshake up to the client's Finished and this
 * exchange, and no exchange before it [RFC8446-4.4]: the transcript is put aside when it has got so
 * far, and each exchange goes on from there.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/schedule13.h"

#define MAX_REQUESTS 32 /* in a row, with no data between them */
#define CONTEXT_SIZE 16 /* bytes of certificate_request_context: unique, and nothing to guess */

/* The transcript as the handshake left it; nothing but exchanges like this changes it then. */
static void begin_exchange(struct cub_handshake *hs)
{
    size_t size = hs->transcript.hash[0]->context_size;

    if (hs->transcript_kept)
        memcpy(hs->transcript.context[0], hs->transcript_copy, size);
    else
        memcpy(hs->transcript_copy, hs->transcript.context[0], size);
    hs->transcript_kept = 1;
}

/* Client. */

bool cub_auth_offered(const struct cub_engine *e)
{
    return e->hs != NULL && (e->hs->offered & EXT_BIT(EXT_POST_HANDSHAKE_AUTH)) != 0;
}

bool cub_auth_too_late(const struct cub_engine *e)
{
    return cub_auth_offered(e) && e->write_closed;
}

enum cub_error cub_recv_auth_request(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_certificate_request cr;
    struct cub_accepted accepted = {0};
    enum cub_error err = cub_certificate_request_decode(&e->message.body, &cr);

    if (err != E_OK)
        return err;
    if (!(cr.present & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_CR_NO_SIGNATURE_ALGORITHMS;
    if (++e->noise > MAX_REQUESTS)
        return E_TOO_MUCH_NOISE;
    begin_exchange(hs);
    /* It stays where it is until the answer is written. */
    hs->request_context = cr.certificate_request_context;
    if (e->config->profile->extras != NULL)
        err = e->config->profile->extras->take_request(e);
    if (err != E_OK)
        return err;
    accepted.schemes = cr.signature_algorithms;
    accepted.authorities = cr.certificate_authorities;
    hs->credential = cub_choose_credential(e, &accepted, &hs->scheme);
    return E_OK;
}

enum cub_error cub_ignore_auth_request(struct cub_engine *e)
{
    struct cub_certificate_request cr;
    enum cub_error err = cub_certificate_request_decode(&e->message.body, &cr);

    if (err == E_OK && ++e->noise > MAX_REQUESTS)
        return E_TOO_MUCH_NOISE;
    return err;
}

/* Both under the client's present application_traffic_secret [RFC8446-4.4]. */
enum cub_error cub_send_auth_finished(struct cub_engine *e)
{
    return cub_send_finished_under(e, e->client_secret);
}

/* Server. */

bool cub_auth_due(const struct cub_engine *e)
{
    return e->auth == CUB_AUTH_DUE;
}

bool cub_auth_requested(const struct cub_engine *e)
{
    return e->auth == CUB_AUTH_REQUESTED;
}

enum cub_error cub_send_auth_request(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    uint8_t schemes[64];
    struct cub_certificate_request cr = {0};
    enum cub_error err = cub_random_fill(e->config->random, hs->session_id, CONTEXT_SIZE);

    if (err != E_OK)
        return err;
    begin_exchange(hs);
    /* In the place of the legacy_session_id, which nobody needs any more. */
    hs->request_context = (struct cub_view){hs->session_id, CONTEXT_SIZE};
    hs->proofs &= PROOF_PSK;
    hs->peer_has_cert = 0;
    cr.certificate_request_context = hs->request_context;
    cr.signature_algorithms = cub_scheme_list(e, schemes, sizeof schemes);
    cr.certificate_authorities = e->config->certificate_authorities;
    if (e->config->profile->extras != NULL)
        e->config->profile->extras->request(e, &cr);
    cub_certificate_request_encode(&e->reply.w, &cr);
    e->auth = CUB_AUTH_REQUESTED;
    return E_OK;
}

enum cub_error cub_recv_auth_finished(struct cub_engine *e)
{
    enum cub_error err = cub_recv_finished_under(e, e->client_secret);

    if (err != E_OK)
        return err;
    e->auth = CUB_AUTH_ANSWERED;
    /* Sessions from here on know who the client is. */
    if (e->tickets_sent <= UINT8_MAX - e->config->num_tickets)
        e->tickets_before = e->tickets_sent;
    return E_OK;
}
