/*
 * What a server of TLS 1.3 does with sessions and other pre-shared keys.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/negotiate.h"
#include "handshake/psk.h"
#include "handshake/resume.h"
#include "handshake/schedule13.h"

#define MAX_IDENTITIES 8 /* that are looked at in a ClientHello: each may cost a lookup */
#define NONCE_SIZE     1 /* of ticket_nonce: the number of the ticket in its connection */

/* A key that a ClientHello offers and that we have; the session is all zero where there is none. */
struct candidate {
    struct cub_psk psk;
    struct cub_session_state session;
    uint32_t obfuscated_age; /* that the client gives it */
    uint16_t number;         /* of the identity */
};

/* The modes that both sides allow [RFC8446-4.2.9]. */
static uint8_t common_modes(const struct cub_engine *e, struct cub_view offered)
{
    uint8_t modes = 0;

    for (size_t i = 0; i < offered.len; i++) {
        if (offered.data[i] == 1)
            modes |= PSK_DHE_KE;
        if (offered.data[i] == 0 && (e->config->flags & CUB_FLAG_PSK_KE))
            modes |= PSK_KE;
    }
    return modes;
}

/* A session of ours that may be resumed here: E_OK; else E_SESSION_UNKNOWN, or a wait. */
static enum cub_error find_session(struct cub_engine *e, struct cub_view ticket,
                                   struct candidate *candidate)
{
    const struct cub_session_store *store = e->config->session_store;
    struct cub_session_state *session = &candidate->session;
    enum cub_error err = E_SESSION_UNKNOWN;

    if (store != NULL)
        err = cub_session_find(e, store->open, store->context, ticket, session);
    if (err == E_OK)
        candidate->psk = cub_session_psk(e, session);
    return err;
}

/* A key of ours by its identity: a session's ticket, or an external name. */
static enum cub_error find_psk(struct cub_engine *e, struct cub_view identity,
                               struct candidate *candidate)
{
    const struct cub_config *config = e->config;
    enum cub_error err = find_session(e, identity, candidate);

    if (err == E_OK || err == E_WAIT_SESSION || config->psk_for_identity == NULL)
        return err;
    memset(&candidate->psk, 0, sizeof candidate->psk);
    candidate->psk.kind = CUB_PSK_EXTERNAL;
    return config->psk_for_identity(e->owner, identity, &candidate->psk);
}

/*
 * The suite to use with a key: the session's own if it is offered, so that 0-RTT is possible; after
 * a retry the one that it fixed. NULL: there is none.
 */
static const struct cub_suite *suite_for(const struct cub_engine *e,
                                         const struct cub_client_hello *hello,
                                         const struct cub_psk *psk)
{
    if (e->retried)
        return e->suite->hash == psk->hash && cub_list16_has(hello->cipher_suites, e->suite->id)
                   ? e->suite
                   : NULL;
    if (psk->suite != 0 && cub_list16_has(hello->cipher_suites, psk->suite))
        return cub_find_suite(e, CUB_TLS1_3, psk->suite);
    return cub_choose_suite(e, hello->cipher_suites, psk->hash);
}

/* The n-th of the binders; their number was checked. */
static struct cub_view binder_of(const struct cub_client_hello *hello, unsigned n)
{
    struct cub_view binder = {NULL, 0};
    struct rd r;

    rd_init(&r, hello->psk_binders.data, hello->psk_binders.len);
    for (unsigned i = 0; i <= n; i++)
        binder = rd_view(&r, 1, 1, 255);
    return binder;
}

/*
 * Puts the Early Secret into hs->secret, and sees whether the client has the key. Only the binder
 * of the key that is going to be used is looked at [RFC8446-4.2.11].
 */
static enum cub_error check_binder(struct cub_engine *e, const struct cub_client_hello *hello,
                                   const struct candidate *candidate)
{
    const struct cub_hash *hash = candidate->psk.hash;
    struct cub_view message = e->message.unit;
    struct cub_view binder = binder_of(hello, candidate->number);
    uint8_t transcript[CUB_HASH_MAX_SIZE];
    uint8_t expected[CUB_HASH_MAX_SIZE];

    /* Without the list of binders, which is the last in the message [RFC8446-4.2.11.2]. */
    cub_transcript_output_with(&e->hs->transcript, hash, message.data,
                               message.len - hello->psk_binders.len - 2, transcript);
    cub_psk_binder(&candidate->psk, transcript, e->hs->secret, expected);
    /* PskBinderEntry<32..255> [RFC8446-4.2.11] */
    if (binder.len < 32)
        return E_DECODE_CLIENT_HELLO;
    if (binder.len != hash->size || !cub_ct_equal(binder.data, expected, hash->size))
        return E_CH_BINDER;
    return E_OK;
}

/* The first of the identities that stands for a key of ours; E_SESSION_UNKNOWN: none does. */
static enum cub_error find_candidate(struct cub_engine *e, const struct cub_client_hello *hello,
                                     struct candidate *candidate)
{
    struct rd r;

    rd_init(&r, hello->psk_identities.data, hello->psk_identities.len);
    for (uint16_t i = 0; i < MAX_IDENTITIES && rd_more(&r); i++) {
        struct cub_view identity = rd_view(&r, 2, 1, 0xffff);
        enum cub_error err;

        memset(candidate, 0, sizeof *candidate);
        candidate->number = i;
        candidate->obfuscated_age = rd_u32(&r);
        err = find_psk(e, identity, candidate);
        if (err == E_WAIT_SESSION || (err == E_OK && suite_for(e, hello, &candidate->psk) != NULL))
            return err;
        cub_session_wipe(&candidate->session);
    }
    return E_SESSION_UNKNOWN;
}

/* As many binders as identities [RFC8446-4.2.11]. */
static enum cub_error check_binder_count(const struct cub_client_hello *hello)
{
    unsigned identities = 0, binders = 0;
    struct rd r;

    rd_init(&r, hello->psk_identities.data, hello->psk_identities.len);
    for (; rd_more(&r); identities++) {
        rd_view(&r, 2, 1, 0xffff);
        rd_u32(&r);
    }
    rd_init(&r, hello->psk_binders.data, hello->psk_binders.len);
    for (; rd_more(&r); binders++)
        rd_view(&r, 1, 1, 255);
    return identities == binders ? E_OK : E_CH_PSK_BINDERS;
}

/* What 0-RTT data of this session has to agree with [RFC8446-4.2.10], [RFC8446-8.3]. */
static void note_early_data(struct cub_engine *e, const struct candidate *candidate)
{
    const struct cub_session_state *session = &candidate->session;
    struct cub_view name = cub_find_protocol(e->config->alpn, session->alpn);

    e->early_left = session->max_early_data;
    if (session->alpn.len > 0 && name.len == 0)
        e->early_left = 0;
    e->hs->early_alpn = name.data;
    e->hs->early_suite = session->suite;
    e->hs->early_arrival =
        session->issued + (uint32_t)(candidate->obfuscated_age - session->age_add);
}

static enum cub_error use(struct cub_engine *e, const struct cub_client_hello *hello,
                          const struct candidate *candidate)
{
    const struct cub_config *config = e->config;
    enum cub_error err = check_binder(e, hello, candidate);

    if (err != E_OK)
        return err;
    if (candidate->psk.kind == CUB_PSK_RESUMPTION) {
        /* What the owner thinks of it is asked only now that the client has proven it. */
        if (config->resume != NULL && !config->resume(e->owner, &candidate->session))
            return E_OK;
        cub_session_use(e, &candidate->session);
        note_early_data(e, candidate);
    }
    e->psk = candidate->psk.kind;
    e->suite = suite_for(e, hello, &candidate->psk);
    e->hs->psk_identity = candidate->number;
    e->hs->proofs |= PROOF_PSK;
    return E_OK;
}

/* A key that was taken before the retry is there again: who comes without it may be somebody else,
 * with a copy of the first ClientHello [RFC8446-4.1.2]. */
static enum cub_error check_again(const struct cub_engine *e, const struct cub_client_hello *hello)
{
    if (!(e->hs->proofs & PROOF_PSK) || cub_using_psk(e))
        return E_OK;
    return hello->present & EXT_BIT(EXT_PRE_SHARED_KEY) ? E_CH_AGAIN_IDENTITY : E_CH_AGAIN_PSK;
}

bool cub_psk_possible(const struct cub_engine *e)
{
    return (e->hs->offered & EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES)) != 0 ||
           (e->hs->proofs & PROOF_PSK) != 0;
}

enum cub_error cub_select_psk(struct cub_engine *e)
{
    struct cub_client_hello hello;
    struct candidate candidate;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_client_hello_decode(&body, &hello);
    if (err == E_OK)
        err = check_binder_count(&hello);
    if (err != E_OK)
        return err;
    e->hs->psk_modes = common_modes(e, hello.psk_key_exchange_modes);
    cub_session_note_name(e, hello.server_name);
    if (e->hs->psk_modes == 0 || !(hello.present & EXT_BIT(EXT_PRE_SHARED_KEY)))
        return check_again(e, &hello);
    err = find_candidate(e, &hello, &candidate);
    if (err == E_OK) {
        err = use(e, &hello, &candidate);
        cub_session_wipe(&candidate.session);
    }
    return err == E_OK || err == E_SESSION_UNKNOWN ? check_again(e, &hello) : err;
}

bool cub_ticket_due(const struct cub_engine *e)
{
    const struct cub_config *config = e->config;

    /* Only of use to clients that said so [RFC9846-4.6.1]. */
    return e->tickets_sent - e->tickets_before < config->num_tickets &&
           config->session_store != NULL && config->now != NULL && e->hs != NULL &&
           e->hs->psk_modes != 0;
}

/* [RFC8446-4.6.1] */
static enum cub_error put_ticket(struct cub_engine *e, const struct cub_session_state *session)
{
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_NEW_SESSION_TICKET);
    size_t ticket, extensions;
    enum cub_error err;

    wr_uint(w, 4, session->lifetime);
    wr_uint(w, 4, session->age_add);
    wr_view(w, 1, (struct cub_view){&e->tickets_sent, NONCE_SIZE});
    ticket = wr_open(w, 2);
    err = cub_session_seal(e, session);
    if (err != E_OK)
        return err;
    wr_close(w, ticket, 2);
    extensions = wr_open(w, 2);
    if (session->max_early_data > 0) {
        size_t body = cub_extension_open(w, EXT_EARLY_DATA);

        wr_uint(w, 4, session->max_early_data);
        wr_close(w, body, 2);
    }
    wr_close(w, extensions, 2);
    cub_message_close(w, message);
    return wr_overflow(w) ? E_SESSION_BUFFER : E_OK;
}

enum cub_error cub_send_new_session_ticket(struct cub_engine *e)
{
    const struct cub_config *config = e->config;
    uint8_t psk[CUB_HASH_MAX_SIZE];
    uint8_t age_add[4];
    struct cub_session_state session = cub_session_of_server(e, CUB_SESSION_MAX_LIFETIME);
    enum cub_error err = cub_random_fill(config->random, age_add, sizeof age_add);

    if (err != E_OK)
        return err;
    session.age_add = cub_load_be32(age_add);
    session.max_early_data = config->max_early_data;
    cub_resumption_psk(cub_hash_of(e), e->resumption_secret, &e->tickets_sent, NONCE_SIZE, psk);
    session.secret = (struct cub_view){psk, cub_hash_of(e)->size};
    err = put_ticket(e, &session);
    cub_wipe(psk, sizeof psk);
    e->tickets_sent++;
    /* Connections do without tickets: what cannot be kept is not an error. */
    if (err != E_OK || session.lifetime == 0) {
        cub_wipe(e->reply.w.buffer, e->reply.w.size);
        e->reply.w.pos = 0;
    }
    return E_OK;
}
