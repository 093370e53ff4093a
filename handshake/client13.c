/*
 * What a client does with the messages of TLS 1.3.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client.h"
#include "handshake/extras.h"
#include "handshake/key_share.h"
#include "handshake/negotiate.h"
#include "handshake/offers.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"

/* The session id that comes back must be ours [RFC8446-4.1.3]. */
static bool is_own_id(const struct cub_handshake *hs, struct cub_view id)
{
    return id.len == hs->session_id_len &&
           (id.len == 0 || memcmp(id.data, hs->session_id, id.len) == 0);
}

/* ServerHello and HelloRetryRequest [RFC8446-4.1.3], [RFC8446-4.1.4]. Where a version is missing,
 * that goes before what else is wrong with the extensions. */
static enum cub_error take_hello(struct cub_engine *e, uint8_t place)
{
    struct cub_server_hello hello;
    struct rd block;
    enum cub_error answers, err = cub_server_hello_fields(&e->message.body, &hello);

    if (err != E_OK)
        return err;
    rd_init(&block, hello.extensions.data, hello.extensions.len);
    answers = cub_take_answers(e, &block, place);
    if (block.bad)
        return E_DECODE_SERVER_HELLO;
    if (!(e->hs->answered & EXT_BIT(EXT_SUPPORTED_VERSIONS)))
        return E_SH_VERSION;
    /* A constant, so that the syntax has no other value [RFC8446-3.7]. */
    if (hello.legacy_compression_method != 0)
        return E_DECODE_SERVER_HELLO;
    err = cub_take_suite(e, &hello, CUB_TLS1_3);
    if (err != E_OK)
        return err;
    if (hello.legacy_version != CUB_TLS1_2)
        return E_SH_LEGACY_VERSION;
    return is_own_id(e->hs, hello.legacy_session_id_echo) ? answers : E_SH_SESSION_ID_ECHO;
}

enum cub_error cub_recv_server_hello(struct cub_engine *e)
{
    const struct cub_protocol *older = e->config->profile->client12;
    enum cub_error err = older != NULL ? older->recv_hello(e) : E_OK;

    if (err != E_OK || e->version != 0)
        return err;
    err = take_hello(e, IN_SH);
    if (err == E_OK)
        e->version = CUB_TLS1_3;
    return err;
}

enum cub_error cub_recv_hello_retry(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    enum cub_error err = take_hello(e, IN_HRR);

    if (err != E_OK)
        return err;
    /* A retry that would change nothing is refused [RFC8446-4.1.4]. */
    if (!(hs->answered & (EXT_BIT(EXT_KEY_SHARE) | EXT_BIT(EXT_COOKIE))))
        return E_HRR_NO_CHANGE;
    if (hs->answered & EXT_BIT(EXT_KEY_SHARE))
        err = e->protocol->shares->change(e);
    e->retried = 1;
    if (e->early != CUB_EARLY_NONE)
        e->early = CUB_EARLY_REJECTED;
    cub_transcript_select(&hs->transcript, e->suite->hash);
    /* The first ClientHello becomes a hash [RFC8446-4.4.1]. */
    cub_transcript_collapse(&hs->transcript);
    return err;
}

enum cub_error cub_accept_server_hello(struct cub_engine *e)
{
    const struct cub_psk_client *psk = e->config->profile->psk_client;
    struct cub_handshake *hs = e->hs;
    enum cub_error err;

    cub_transcript_select(&hs->transcript, e->suite->hash);
    err = psk != NULL ? psk->accept(e) : E_OK;
    if (err != E_OK)
        return err;
    /* The server is to be known by something [RFC8446-9.2]. */
    if (!cub_using_psk(e) && !(hs->offered & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_SH_NO_PSK;
    if (!cub_using_psk(e) && !(hs->answered & EXT_BIT(EXT_KEY_SHARE)))
        return E_SH_NO_KEY_SHARE;
    if (hs->answered & EXT_BIT(EXT_KEY_SHARE))
        err = e->protocol->shares->complete(e);
    else
        cub_next_secret(cub_hash_of(e), hs->secret, NULL, 0);
    return err != E_OK ? err : cub_derive_handshake_secrets(e);
}

enum cub_error cub_recv_encrypted_extensions(struct cub_engine *e)
{
    const struct cub_extras *extras = e->config->profile->extras;
    struct rd *body = &e->message.body;
    struct rd block = rd_vec(body, 2, 0, 0xffff);
    enum cub_error err = cub_take_answers(e, &block, IN_EE);

    if (!rd_done(body))
        return E_DECODE_ENCRYPTED_EXTENSIONS;
    if (err == E_OK && extras != NULL)
        err = extras->take_answer(e, e->hs->answered);
    return err;
}

static enum cub_error read_certificate_request(struct cub_engine *e,
                                               struct cub_certificate_request *cr)
{
    enum cub_error err = cub_certificate_request_decode(&e->message.body, cr);

    if (err != E_OK)
        return err;
    /* It is for post-handshake authentication only [RFC8446-4.3.2]. */
    if (cr->certificate_request_context.len != 0)
        return E_CR_CONTEXT;
    if (!(cr->present & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_CR_NO_SIGNATURE_ALGORITHMS;
    e->hs->cert_requested = 1;
    return E_OK;
}

enum cub_error cub_recv_certificate_request(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_certificate_request cr;
    enum cub_error err = read_certificate_request(e, &cr);
    struct cub_accepted accepted = {.schemes = cr.signature_algorithms,
                                    .authorities = cr.certificate_authorities};

    if (err == E_OK && e->config->profile->extras != NULL)
        err = e->config->profile->extras->take_request(e);
    if (err == E_OK)
        hs->credential = cub_choose_credential(e, &accepted, &hs->scheme);
    return err;
}

enum cub_error cub_decline_certificate_request(struct cub_engine *e)
{
    struct cub_certificate_request cr;

    return read_certificate_request(e, &cr);
}

enum cub_error cub_recv_new_session_ticket(struct cub_engine *e)
{
    const struct cub_session_client *sessions = e->config->profile->session_client;
    struct cub_new_session_ticket nst;
    enum cub_error err = cub_new_session_ticket_decode(&e->message.body, &nst);

    if (err == E_OK && sessions != NULL)
        sessions->take_ticket(e, &nst);
    return err;
}

enum cub_error cub_pass_over_ticket(struct cub_engine *e)
{
    rd_rest(&e->message.body);
    return E_OK;
}
