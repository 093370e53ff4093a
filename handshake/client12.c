/*
 * What a client does with the messages of TLS 1.2.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client.h"
#include "handshake/common12.h"
#include "handshake/exchange.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/offers.h"
#include "handshake/resume.h"
#include "x509/cert.h"

/* ClientCertificateType */
#define RSA_SIGN   1
#define ECDSA_SIGN 64

bool cub_status_expected(const struct cub_engine *e)
{
    return e->hs->status_expected;
}

/* Suites with pre-shared keys are for those who have some. */
static bool may_offer(const struct cub_engine *e, const struct cub_suite *suite)
{
    return cub_version_enabled(e, suite->version) &&
           (suite->authentication != CUB_AUTH_PSK || e->config->psk_to_offer != NULL);
}

void cub_put_suites12(const struct cub_engine *e, struct wr *w)
{
    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL; s++) {
        if (may_offer(e, *s))
            wr_uint(w, 2, (*s)->id);
    }
    /* Behind all suites [RFC7507-4]. */
    if (e->config->flags & CUB_FLAG_FALLBACK)
        wr_uint(w, 2, CUB_FALLBACK_SCSV);
}

/* The last 8 bytes of a random by which a server says that it could have done better
 * [RFC8446-4.1.3]. */
static bool is_downgrade(const uint8_t *random)
{
    return memcmp(random + 24, "DOWNGRD", 7) == 0 && random[31] <= 1;
}

/* Whether the version of a ServerHello is one that it may have. */
static enum cub_error check_version(const struct cub_engine *e,
                                    const struct cub_server_hello *hello)
{
    bool older = hello->version < CUB_TLS1_3;

    if (older && e->early != CUB_EARLY_NONE)
        return E_SH_EARLY_DATA;
    if (older && cub_version_enabled(e, CUB_TLS1_3) && is_downgrade(hello->random))
        return E_SH_DOWNGRADE;
    /* supported_versions names TLS 1.3 or one that was offered and newer [RFC8446-4.2.1]. */
    if (hello->version_selected && (older || !cub_version_enabled(e, hello->version)))
        return E_SH_SELECTED_VERSION;
    return cub_version_enabled(e, hello->version) ? E_OK : E_SH_VERSION;
}

enum cub_error cub_recv_server_hello12(struct cub_engine *e)
{
    struct cub_server_hello hello;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_server_hello_decode(&body, &hello);
    if (err == E_OK)
        err = check_version(e, &hello);
    if (err != E_OK || hello.version == CUB_TLS1_3)
        return err;
    if (hello.legacy_compression_method != 0)
        return E_SH_COMPRESSION;
    err = cub_take_suite(e, &hello, CUB_TLS1_2);
    if (err != E_OK)
        return err;
    if (!may_offer(e, e->suite))
        return E_SH_CIPHER_SUITE;
    e->version = CUB_TLS1_2;
    e->protocol = e->config->profile->client12;
    rd_rest(&e->message.body);
    return E_OK;
}

/* What the answers mean now that it is known whether a session is resumed. */
static enum cub_error use_answers(struct cub_engine *e)
{
    const struct cub_extras *extras = e->config->profile->extras;
    struct cub_handshake *hs = e->hs;
    enum cub_error err = E_OK;

    /* A first handshake has nothing to renegotiate [RFC5746-3.4]. */
    if (!(hs->answered & EXT_BIT(EXT_RENEGOTIATION_INFO)) &&
        !(e->config->flags & CUB_FLAG_LEGACY_SERVER))
        return E_SH_NO_RENEGOTIATION_INFO;
    e->extended_master_secret = (hs->answered & EXT_BIT(EXT_EXTENDED_MASTER_SECRET)) != 0;
    if (hs->answered & EXT_BIT(EXT_ENCRYPT_THEN_MAC)) {
        /* Only where there is a MAC [RFC7366-3]. */
        if (e->suite->format->encrypt_then_mac == NULL)
            return E_SH_ENCRYPT_THEN_MAC;
        e->encrypt_then_mac = 1;
    }
    hs->status_expected = (hs->answered & EXT_BIT(EXT_STATUS_REQUEST)) != 0;
    hs->ticket_expected = (hs->answered & EXT_BIT(EXT_SESSION_TICKET)) != 0;
    if ((hs->answered & EXT_BIT(EXT_SIGNED_CERTIFICATE_TIMESTAMP)) && e->psk == CUB_PSK_NONE)
        err = e->config->take_scts(e->owner, hs->scts.data, hs->scts.len);
    if (err == E_OK && extras != NULL)
        err = extras->take_answer(e, hs->answered);
    hs->answered = 0; /* its place is that of ticket_lifetime */
    hs->scts.len = 0; /* and of the ticket */
    return err;
}

/* Whether the session is resumed. */
static enum cub_error take_session(struct cub_engine *e, const struct cub_server_hello *hello)
{
    const struct cub_session12_client *sessions = e->config->profile->session_client12;
    const struct cub_handshake *hs = e->hs;
    struct cub_view id = hello->legacy_session_id_echo;
    bool echoed =
        id.len > 0 && id.len == hs->session_id_len && memcmp(id.data, hs->session_id, id.len) == 0;

    /* The id of compatibility mode names no session that could be resumed [RFC8446-4.1.2]. */
    if (echoed && !hs->session_offered12)
        return E_SH_SESSION_ID;
    if (echoed)
        return sessions->resume(e, hello);
    if (sessions != NULL)
        sessions->note_id(e, id);
    return E_OK;
}

enum cub_error cub_accept_server_hello12(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_server_hello hello;
    struct rd body, block;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_server_hello_fields(&body, &hello);
    if (err != E_OK)
        return err;
    rd_init(&block, hello.extensions.data, hello.extensions.len);
    err = cub_take_answers(e, &block, IN_SH12);
    if (block.bad)
        err = E_DECODE_SERVER_HELLO;
    if (err == E_OK)
        err = take_session(e, &hello);
    if (err != E_OK)
        return err;
    memcpy(e->randoms, hs->client_random, 32);
    memcpy(e->randoms + 32, hello.random, 32);
    hs->stream.form = CUB_FORM_TLS12;
    cub_transcript_prefer(&hs->transcript, cub_hash_of(e));
    return use_answers(e);
}

enum cub_error cub_recv_certificate_status(struct cub_engine *e)
{
    const struct cub_verifier *verifier = e->verifier;
    struct cub_view response;
    enum cub_error err = cub_certificate_status_decode(&e->message.body, &response);

    if (err == E_OK && verifier->status != NULL)
        err = verifier->status(e->verifier_context, response.data, response.len);
    return err;
}

/* The suite says what kind of key signs [RFC5246-7.4.2], [RFC8422-2]. */
static bool key_fits(const struct cub_engine *e, uint8_t type)
{
    bool is_rsa = type == CUB_KEY_RSA || type == CUB_KEY_RSA_PSS;

    return is_rsa == (e->suite->authentication == CUB_AUTH_RSA);
}

/* As soon as the server's certificate is there, though it is verified later: behind it may come an
 * alert instead of ServerKeyExchange. A raw key is decoded with the rest. */
enum cub_error cub_recv_server_certificate12(struct cub_engine *e)
{
    struct cub_view entry = e->message.unit; /* a 3-byte length, and the certificate */
    bool is_leaf = e->hs->stream.begun && e->hs->stream.first && !e->hs->has_raw;
    enum cub_error err = cub_recv_certificate(e);
    struct cub_cert cert;

    if (err != E_OK || !is_leaf || cub_cert_parse(&cert, entry.data + 3, entry.len - 3) != E_OK)
        return err;
    return key_fits(e, cert.key.type) ? E_OK : E_CERT_TYPE;
}

bool cub_key_transport(const struct cub_engine *e)
{
    return e->suite->key_exchange == CUB_KX_RSA;
}

bool cub_without_cert(const struct cub_engine *e)
{
    return e->suite->authentication == CUB_AUTH_PSK;
}

bool cub_ske_optional(const struct cub_engine *e)
{
    return e->suite->key_exchange == CUB_KX_PSK;
}

enum cub_error cub_recv_server_key_exchange(struct cub_engine *e)
{
    const struct cub_exchange *exchange = e->suite->exchange;
    struct cub_server_params params = {0};
    struct rd *body = &e->message.body;
    enum cub_error err = exchange->take_params(e, body, &params);

    if (err != E_OK)
        return err;
    return rd_done(body) ? exchange->respond(e, &params) : E_DECODE_SERVER_KEY_EXCHANGE;
}

enum cub_error cub_accept_server_key_exchange(struct cub_engine *e)
{
    const struct cub_exchange *exchange = e->suite->exchange;
    uint8_t key_type = e->hs->peer_key.type;
    struct cub_server_params params = {0};
    struct cub_view signed_text[2], signature;
    uint16_t algorithm;
    struct rd body;
    enum cub_error err;

    if (!key_fits(e, key_type))
        return E_CERT_TYPE;
    /* supported_groups covers the curves of certificates too [RFC8422-5.1]. */
    if (cub_group_of_key(key_type) != 0 && cub_find_group(e, cub_group_of_key(key_type)) == NULL)
        return E_CERT_CURVE;
    cub_reread(e, &body);
    signed_text[0] = (struct cub_view){e->randoms, sizeof e->randoms};
    signed_text[1].data = body.p;
    err = exchange->take_params(e, &body, &params);
    if (err != E_OK)
        return err;
    signed_text[1].len = (size_t)(body.p - signed_text[1].data);
    algorithm = rd_u16(&body);
    signature = rd_view(&body, 2, 0, 0xffff);
    if (!rd_done(&body))
        return E_DECODE_SERVER_KEY_EXCHANGE;
    err = cub_verify12(e, algorithm, signed_text, 2, signature);
    return err != E_OK ? err : exchange->respond(e, &params);
}

/* What certificate_types leaves us [RFC5246-7.4.4], [RFC8422-5.5]. */
static uint8_t authentication_of(struct cub_view types)
{
    bool rsa = cub_list8_has(types, RSA_SIGN);
    bool ecdsa = cub_list8_has(types, ECDSA_SIGN);

    if (rsa && ecdsa)
        return CUB_AUTH_ANY;
    if (rsa || ecdsa)
        return rsa ? CUB_AUTH_RSA : CUB_AUTH_ECDSA;
    return CUB_AUTH_PSK; /* no key of ours is for that */
}

enum cub_error cub_recv_certificate_request12(struct cub_engine *e)
{
    struct cub_certificate_request12 cr;
    struct cub_accepted accepted = {0};
    enum cub_error err = cub_certificate_request12_decode(&e->message.body, &cr);

    if (err != E_OK)
        return err;
    e->hs->cert_requested = 1;
    accepted.schemes = cr.signature_algorithms;
    accepted.authorities = cr.certificate_authorities;
    accepted.authentication = authentication_of(cr.certificate_types);
    e->hs->credential = cub_choose_credential(e, &accepted, &e->hs->scheme);
    return E_OK;
}

enum cub_error cub_send_client_key_exchange(struct cub_engine *e)
{
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_CLIENT_KEY_EXCHANGE);
    enum cub_error err = e->suite->exchange->put_answer(e, w);

    cub_message_close(w, message);
    return err;
}
