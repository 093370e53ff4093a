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

/* legacy_session_id [RFC8446-D.4], and the shares. */
enum cub_error cub_prepare13(struct cub_engine *e)
{
    const struct cub_key_shares *shares = e->config->profile->client->shares;
    struct cub_handshake *hs = e->hs;
    enum cub_error err = E_OK;

    if (!(e->config->flags & CUB_FLAG_NO_COMPAT)) {
        hs->session_id_len = sizeof hs->session_id;
        err = cub_random_fill(e->config->random, hs->session_id, sizeof hs->session_id);
    }
    return err == E_OK && shares != NULL ? shares->make(e) : err;
}

/* What TLS 1.3 wants of both forms [RFC8446-4.1.3], [RFC8446-4.1.4]. */
static enum cub_error take_hello13(struct cub_engine *e, const struct cub_server_hello *hello,
                                   uint8_t place)
{
    const struct cub_handshake *hs = e->hs;
    struct rd block;
    enum cub_error err;

    if (hello->version != CUB_TLS1_3)
        return E_SH_VERSION;
    if (hello->legacy_version != CUB_TLS1_2)
        return E_SH_LEGACY_VERSION;
    if (hello->legacy_session_id_echo.len != hs->session_id_len ||
        (hs->session_id_len > 0 &&
         memcmp(hello->legacy_session_id_echo.data, hs->session_id, hs->session_id_len) != 0))
        return E_SH_SESSION_ID_ECHO;
    rd_init(&block, hello->extensions.data, hello->extensions.len);
    err = cub_take_answers(e, &block, place);
    return err == E_OK && block.bad ? E_DECODE_SERVER_HELLO : err;
}

enum cub_error cub_recv_hello_retry(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_server_hello hello;
    enum cub_error err = cub_server_hello_decode(&e->message.body, &hello);

    if (err == E_OK)
        err = cub_check_server_hello(e, &hello);
    if (err == E_OK)
        err = take_hello13(e, &hello, IN_HRR);
    if (err != E_OK)
        return err;
    /* A retry that would change nothing is refused [RFC8446-4.1.4]. */
    if (!(hs->answered & (EXT_BIT(EXT_KEY_SHARE) | EXT_BIT(EXT_COOKIE))))
        return E_HRR_NO_CHANGE;
    if (hs->answered & EXT_BIT(EXT_KEY_SHARE))
        err = e->config->profile->client->shares->change(e);
    e->retried = 1;
    if (e->early != CUB_EARLY_NONE)
        e->early = CUB_EARLY_REJECTED;
    cub_transcript_select(&hs->transcript, e->suite->hash);
    return err;
}

/* The Early Secret: from the pre-shared key that was chosen, if any. */
static enum cub_error begin_secrets(struct cub_engine *e)
{
    const struct cub_psk_client *psk = e->config->profile->psk_client;
    enum cub_error err = psk != NULL ? psk->accept(e) : E_OK;

    if (err != E_OK || cub_using_psk(e))
        return err;
    /* The server is to be known by something [RFC8446-9.2]. */
    if (!(e->hs->offered & EXT_BIT(EXT_SIGNATURE_ALGORITHMS)))
        return E_SH_NO_PSK;
    if (!(e->hs->answered & EXT_BIT(EXT_KEY_SHARE)))
        return E_SH_NO_KEY_SHARE;
    cub_early_secret(cub_hash_of(e), NULL, 0, e->hs->secret);
    return E_OK;
}

enum cub_error cub_accept_server_hello(struct cub_engine *e)
{
    struct cub_server_hello hello;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_server_hello_decode(&body, &hello);
    if (err == E_OK)
        err = take_hello13(e, &hello, IN_SH);
    if (err != E_OK)
        return err;
    cub_transcript_select(&e->hs->transcript, e->suite->hash);
    err = begin_secrets(e);
    if (err != E_OK)
        return err;
    if (e->hs->answered & EXT_BIT(EXT_KEY_SHARE))
        err = e->config->profile->client->shares->complete(e);
    else
        cub_next_secret(cub_hash_of(e), e->hs->secret, NULL, 0);
    return err != E_OK ? err : cub_derive_handshake_secrets(e);
}

enum cub_error cub_recv_encrypted_extensions(struct cub_engine *e)
{
    const struct cub_extras *extras = e->config->profile->extras;
    struct rd *body = &e->message.body;
    struct rd block = rd_vec(body, 2, 0, 0xffff);
    enum cub_error err = cub_take_answers(e, &block, IN_EE);

    if (err == E_OK && !rd_done(body))
        err = E_DECODE_ENCRYPTED_EXTENSIONS;
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
        e->config->profile->extras->take_request(e);
    if (err == E_OK)
        hs->credential = cub_choose_credential(e, &accepted, &hs->selected_scheme);
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
