/*
 * What a server does with the messages of TLS 1.2.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/exchange.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/server.h"

#define SCSV_RENEGOTIATION 0x00ff /* TLS_EMPTY_RENEGOTIATION_INFO_SCSV [RFC5746-3.3] */

static enum cub_error check_hello12(const struct cub_engine *e,
                                    const struct cub_client_hello *hello)
{
    /* Who fell back to this version has no business here if we have a better one [RFC7507-3]. */
    if (cub_list16_has(hello->cipher_suites, CUB_FALLBACK_SCSV) &&
        cub_version_enabled(e, CUB_TLS1_3))
        return E_CH_FALLBACK;
    if (!cub_list8_has(hello->legacy_compression_methods, 0))
        return E_CH_NO_NULL_COMPRESSION;
    if (hello->renegotiated_connection.len != 0)
        return E_CH_RENEGOTIATION_INFO;
    if ((hello->present & EXT_BIT(EXT_EC_POINT_FORMATS)) &&
        !cub_list8_has(hello->ec_point_formats, 0))
        return E_CH_POINT_FORMATS;
    return E_OK;
}

static bool try_suite(struct cub_engine *e, const struct cub_suite *suite,
                      const struct cub_client_hello *hello)
{
    if (suite->version != CUB_TLS1_2 || !cub_list16_has(hello->cipher_suites, suite->id))
        return false;
    e->suite = suite;
    return suite->exchange->possible(e, hello);
}

static bool try_suites(struct cub_engine *e, const struct cub_client_hello *hello)
{
    const struct cub_suite *const *suites = cub_suites_of(e);
    struct cub_view offered = hello->cipher_suites;
    bool by_client = (e->config->flags & CUB_FLAG_CLIENT_PREFERENCE) != 0;

    for (size_t i = 0; by_client && i + 1 < offered.len; i += 2) {
        for (const struct cub_suite *const *s = suites; *s != NULL; s++) {
            if ((*s)->id == cub_load_be16(offered.data + i) && try_suite(e, *s, hello))
                return true;
        }
    }
    for (const struct cub_suite *const *s = suites; !by_client && *s != NULL; s++) {
        if (try_suite(e, *s, hello))
            return true;
    }
    return false;
}

static enum cub_error choose_suite12(struct cub_engine *e, const struct cub_client_hello *hello)
{
    if (e->config->num_credentials == 0 && e->config->psk_for_identity == NULL)
        return E_NO_CREDENTIAL;
    if (try_suites(e, hello))
        return E_OK;
    return cub_ecdhe_choose_group(e, hello) ? E_NO_COMMON_CIPHER : E_NO_COMMON_GROUP12;
}

enum cub_error cub_negotiate12(struct cub_engine *e)
{
    const struct cub_extras *extras = e->config->profile->extras;
    struct cub_handshake *hs = e->hs;
    struct cub_client_hello hello;
    struct rd body;
    enum cub_error err;

    cub_reread(e, &body);
    err = cub_client_hello_decode(&body, &hello);
    if (err == E_OK)
        err = check_hello12(e, &hello);
    hs->stream.form = CUB_FORM_TLS12;
    if (err == E_OK && extras != NULL)
        err = extras->take_hello(e);
    if (err == E_OK && !cub_resuming(e))
        err = choose_suite12(e, &hello);
    if (err == E_OK)
        err = cub_choose_alpn(e, &hello);
    if (err == E_OK)
        err = cub_take_limits(e, hello.present, hello.record_size_limit, hello.max_fragment_length);
    if (err != E_OK)
        return err;
    if (cub_list16_has(hello.cipher_suites, SCSV_RENEGOTIATION))
        hs->offered |= (uint32_t)EXT_BIT(EXT_RENEGOTIATION_INFO);
    hs->client_version = hello.legacy_version;
    e->encrypt_then_mac = (hello.present & EXT_BIT(EXT_ENCRYPT_THEN_MAC)) != 0 &&
                          e->suite->format->encrypt_then_mac != NULL;
    e->extended_master_secret = (hello.present & EXT_BIT(EXT_EXTENDED_MASTER_SECRET)) != 0;
    /* Nobody has a certificate who has a pre-shared key [RFC4279-2]. */
    hs->cert_requested = e->config->verify_mode != CUB_VERIFY_NONE && !cub_resuming(e) &&
                         e->suite->authentication != CUB_AUTH_PSK;
    if (hs->cert_requested)
        cub_transcript_prefer(&hs->transcript, cub_hash_of(e));
    else
        cub_transcript_select(&hs->transcript, cub_hash_of(e));
    memcpy(e->randoms, hs->client_random, 32);
    return cub_random_fill(e->config->random, e->randoms + 32, 32);
}

enum cub_error cub_send_server_hello12(struct cub_engine *e)
{
    /* We could have done better: whoever took the client's best offer away is found out
     * [RFC8446-4.1.3]. */
    if (cub_version_enabled(e, CUB_TLS1_3))
        memcpy(e->randoms + 56, "DOWNGRD\x01", 8);
    cub_put_server_hello12(e);
    cub_join_client_hello(e);
    return E_OK;
}

bool cub_ske_due(const struct cub_engine *e)
{
    /* With nothing to say but a hint, and none: it is left out [RFC4279-2]. */
    return e->suite->exchange->put_params != NULL &&
           (e->suite->key_exchange != CUB_KX_PSK || e->config->psk_identity_hint.len > 0);
}

/* What was written from start on are the randoms and the params, which are signed [RFC5246-7.4.3].
 * The randoms make room for the signature. */
static enum cub_error sign_params(struct cub_engine *e, struct wr *w, size_t start)
{
    uint8_t *text = w->buffer + start;
    size_t len = w->pos - start;
    uint8_t signature[CUB_SIGNATURE_MAX_SIZE];
    struct cub_view view = {signature, 0};
    enum cub_error err;

    if (wr_overflow(w))
        return E_MESSAGE_BUFFER;
    err = cub_sign(e, text, len, signature, &view.len);
    if (err != E_OK)
        return err;
    memmove(text, text + sizeof e->randoms, len - sizeof e->randoms);
    w->pos -= sizeof e->randoms;
    wr_uint(w, 2, e->hs->scheme->id);
    wr_view(w, 2, view);
    e->own_scheme = e->hs->scheme->id;
    return E_OK;
}

enum cub_error cub_send_server_key_exchange(struct cub_engine *e)
{
    const struct cub_exchange *exchange = e->suite->exchange;
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_SERVER_KEY_EXCHANGE);
    size_t start = w->pos;
    enum cub_error err;

    if (exchange->is_signed)
        wr_bytes(w, e->randoms, sizeof e->randoms);
    err = exchange->put_params(e, w);
    if (err == E_OK && exchange->is_signed)
        err = sign_params(e, w, start);
    cub_message_close(w, message);
    return err;
}

/* Those of our schemes whose hash runs, for CertificateVerify covers the transcript itself. */
static struct cub_view schemes12(const struct cub_engine *e, uint8_t *out, size_t size)
{
    struct cub_view list = {out, 0};

    for (const struct cub_verify_scheme *const *s = cub_verify_schemes_of(e); *s != NULL; s++) {
        if (list.len + 2 > size || (*s)->use == CUB_USE_CLIENT13 ||
            !cub_transcript_has(&e->hs->transcript, cub_signed_hash(e, (*s)->hash)))
            continue;
        cub_store_be16(out + list.len, (*s)->id);
        list.len += 2;
    }
    return list;
}

enum cub_error cub_send_certificate_request12(struct cub_engine *e)
{
    static const uint8_t types[] = {64, 1}; /* ecdsa_sign, rsa_sign [RFC8422-5.5] */
    uint8_t schemes[64];
    struct cub_certificate_request12 cr = {
        {types, sizeof types},
        {NULL,  0           },
        {NULL,  0           }
    };

    cr.signature_algorithms = schemes12(e, schemes, sizeof schemes);
    cr.certificate_authorities = e->config->certificate_authorities;
    cub_certificate_request12_encode(&e->reply.w, &cr);
    return E_OK;
}

enum cub_error cub_send_server_hello_done(struct cub_engine *e)
{
    cub_message_close(&e->reply.w, cub_message_open(&e->reply.w, CUB_SERVER_HELLO_DONE));
    return E_OK;
}

enum cub_error cub_accept_client_key_exchange(struct cub_engine *e)
{
    struct rd body;

    cub_reread(e, &body);
    return e->suite->exchange->take_answer(e, &body);
}

bool cub_status_due(const struct cub_engine *e)
{
    return cub_stapled_response(e).len > 0;
}

enum cub_error cub_send_certificate_status(struct cub_engine *e)
{
    cub_certificate_status_encode(&e->reply.w, cub_stapled_response(e));
    return E_OK;
}
