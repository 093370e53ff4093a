/*
 * What a server writes into its hellos and EncryptedExtensions: an extension for what the client
 * has offered, if there is something to say.
 */
#include "handshake/extras.h"
#include "handshake/server.h"

struct answer {
    uint16_t type;           /* enum cub_extension_type */
    uint8_t extension;       /* enum cub_extension */
    cub_extension_body *put; /* false: nothing is answered */
};

#define ANSWER(name, put)                                                                          \
    {                                                                                              \
        TYPE_##name, EXT_##name, put                                                               \
    }

/* None without an offer [RFC8446-4.2]. */
static void put_answers(struct cub_engine *e, const struct answer *answer)
{
    struct wr *w = &e->reply.w;

    for (; answer->put != NULL; answer++) {
        if (e->hs->offered & EXT_BIT(answer->extension))
            (void)cub_put_extension(e, w, answer->type, answer->put);
    }
    if (e->config->profile->extras != NULL)
        e->config->profile->extras->answer(e, w);
}

/* Not of a session that is resumed [RFC6066-3]. */
static bool put_server_name(struct cub_engine *e, struct wr *w)
{
    bool resumed = e->version == CUB_TLS1_3 ? e->psk != CUB_PSK_NONE : e->psk == CUB_PSK_RESUMPTION;

    (void)w;
    return e->sni_accepted && !resumed;
}

/* Exactly one name [RFC7301-3.1]. */
static bool put_alpn(struct cub_engine *e, struct wr *w)
{
    size_t list = wr_open(w, 2);

    wr_view(w, 1, e->alpn);
    wr_close(w, list, 2);
    return e->alpn.len > 0;
}

/* Ours is told to those who told theirs. In TLS 1.2 no type byte counts, and more than the protocol
 * allows is forbidden [RFC8449-4]. */
static bool put_record_size_limit(struct cub_engine *e, struct wr *w)
{
    bool most = e->version == CUB_TLS1_2 && e->in.limit > CUB_RECORD_MAX_PLAINTEXT;

    wr_uint(w, 2, most ? CUB_RECORD_MAX_PLAINTEXT : e->in.limit);
    return true;
}

static bool put_max_fragment_length(struct cub_engine *e, struct wr *w)
{
    wr_uint(w, 1, e->hs->max_fragment_length);
    return e->hs->max_fragment_length != 0;
}

/* TLS 1.3. */

static bool put_early_data(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return e->early == CUB_EARLY_ACCEPTED;
}

void cub_put_encrypted_extensions(struct cub_engine *e)
{
    static const struct answer answers[] = {
        ANSWER(RECORD_SIZE_LIMIT, put_record_size_limit),
        ANSWER(MAX_FRAGMENT_LENGTH, put_max_fragment_length),
        ANSWER(SERVER_NAME, put_server_name),
        ANSWER(ALPN, put_alpn),
        ANSWER(EARLY_DATA, put_early_data),
        {0, 0, NULL},
    };
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_ENCRYPTED_EXTENSIONS);
    size_t block = wr_open(w, 2);

    put_answers(e, answers);
    wr_close(w, block, 2);
    cub_message_close(w, message);
}

/* The fields before the extensions [RFC8446-4.1.3]; returns the mark of these. */
static size_t open_hello(struct cub_engine *e, const uint8_t *random, size_t session_id_len)
{
    struct wr *w = &e->reply.w;

    cub_message_open(w, CUB_SERVER_HELLO);
    wr_uint(w, 2, CUB_TLS1_2); /* legacy_version */
    wr_bytes(w, random, 32);
    wr_view(w, 1, (struct cub_view){e->hs->session_id, session_id_len});
    wr_uint(w, 2, e->suite->id);
    wr_uint(w, 1, 0); /* no compression */
    return wr_open(w, 2);
}

static void close_hello(struct cub_engine *e, size_t extensions)
{
    wr_close(&e->reply.w, extensions, 2);
    cub_message_close(&e->reply.w, CUB_MESSAGE_HEADER); /* it is all that was written */
}

static void put_version(struct wr *w)
{
    cub_extension_head(w, EXT_SUPPORTED_VERSIONS, 2);
    wr_uint(w, 2, CUB_TLS1_3);
}

void cub_put_hello_retry(struct cub_engine *e)
{
    struct wr *w = &e->reply.w;
    struct cub_view cookie = e->hs->cookie;
    size_t extensions = open_hello(e, cub_hello_retry_random, e->hs->session_id_len);

    cub_extension_head(w, EXT_KEY_SHARE, 2);
    wr_uint(w, 2, e->group->id);
    if (cookie.len > 0) {
        cub_extension_head(w, EXT_COOKIE, 2 + cookie.len);
        wr_view(w, 2, cookie);
    }
    put_version(w);
    close_hello(e, extensions);
}

void cub_put_server_hello13(struct cub_engine *e, const uint8_t *random)
{
    struct wr *w = &e->reply.w;
    size_t extensions = open_hello(e, random, e->hs->session_id_len);

    /* The order of RFC 8448. */
    if (e->psk != CUB_PSK_NONE) {
        cub_extension_head(w, EXT_PRE_SHARED_KEY, 2);
        wr_uint(w, 2, e->hs->psk_identity);
    }
    if (e->group != NULL) {
        cub_extension_head(w, EXT_KEY_SHARE, 4 + (size_t)e->group->response_size);
        cub_key_share_put(w, e->group->id,
                          (struct cub_view){e->hs->shares, e->group->response_size});
    }
    put_version(w);
    close_hello(e, extensions);
}

/* TLS 1.2. */

static bool put_nothing(struct cub_engine *e, struct wr *w)
{
    (void)e, (void)w;
    return true;
}

/* Of a first handshake: empty [RFC5746-3.6]. */
static bool put_renegotiation_info(struct cub_engine *e, struct wr *w)
{
    (void)e;
    wr_uint(w, 1, 0);
    return true;
}

/* uncompressed alone [RFC8422-5.2] */
static bool put_point_formats(struct cub_engine *e, struct wr *w)
{
    (void)e;
    wr_uint(w, 2, 0x0100);
    return true;
}

static bool put_encrypt_then_mac(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return e->encrypt_then_mac;
}

static bool put_session_ticket(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return e->hs->ticket_expected;
}

static bool put_status(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return cub_stapled_response(e).len > 0;
}

static bool put_scts(struct cub_engine *e, struct wr *w)
{
    struct cub_view scts = cub_stapled_scts(e);

    wr_bytes(w, scts.data, scts.len);
    return scts.len > 0;
}

void cub_put_server_hello12(struct cub_engine *e)
{
    static const struct answer answers[] = {
        ANSWER(SERVER_NAME, put_server_name),
        ANSWER(MAX_FRAGMENT_LENGTH, put_max_fragment_length),
        ANSWER(STATUS_REQUEST, put_status),
        ANSWER(EC_POINT_FORMATS, put_point_formats),
        ANSWER(ALPN, put_alpn),
        ANSWER(SIGNED_CERTIFICATE_TIMESTAMP, put_scts),
        ANSWER(ENCRYPT_THEN_MAC, put_encrypt_then_mac),
        ANSWER(EXTENDED_MASTER_SECRET, put_nothing),
        ANSWER(RECORD_SIZE_LIMIT, put_record_size_limit),
        ANSWER(SESSION_TICKET, put_session_ticket),
        ANSWER(RENEGOTIATION_INFO, put_renegotiation_info),
        {0, 0, NULL},
    };
    size_t extensions = open_hello(e, e->randoms + 32, e->hs->session_id_answer);
    struct wr *w = &e->reply.w;

    put_answers(e, answers);
    if (w->pos > extensions) {
        close_hello(e, extensions);
        return;
    }
    /* Who offers no extensions may not know that there are any [RFC5246-7.4.1.3]. */
    w->pos -= 2;
    cub_message_close(w, CUB_MESSAGE_HEADER);
}
