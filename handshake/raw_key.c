/*
 * Raw public keys [RFC7250]: both sides say which kinds of certificates they take and have, the
 * server chooses.
 *
 *     CertificateType client_certificate_types<1..2^8-1>;   in ClientHello
 *     CertificateType client_certificate_type;              in EncryptedExtensions, or, in TLS 1.2,
 *                                                           in ServerHello
 *
 * and the same with server_. Without an answer, and without the extension, it is X.509.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/extras.h"
#include "handshake/offers.h"
#include "x509/key.h"

#define X509           0
#define RAW_PUBLIC_KEY 2

/* TLS 1.2: bytes of handshake memory that what follows may need at least. */
#define MESSAGE_ROOM 64

static bool has_credential(const struct cub_engine *e, bool raw)
{
    for (size_t i = 0; i < e->config->num_credentials; i++) {
        if (e->config->credentials[i].is_raw == raw)
            return true;
    }
    return false;
}

static bool takes_raw(const struct cub_engine *e)
{
    return e->config->raw_public_key != NULL;
}

static bool takes_x509(const struct cub_engine *e)
{
    return e->config->verifier != NULL;
}

static bool prefers_x509(const struct cub_engine *e)
{
    return (e->config->flags & CUB_FLAG_PREFER_X509) != 0;
}

/* The verifier of a peer with a raw key: its context is the engine. */

static enum cub_error start(void *context, const struct cub_verify_request *request)
{
    struct cub_engine *e = context;

    (void)request;
    e->hs->peer_key.type = CUB_KEY_NONE;
    return E_OK;
}

/*
 * A place for a key until the handshake is over: that of our key shares, which are used; or, as in
 * TLS 1.2 they are not, the end of the memory for messages. NULL: it is not enough.
 */
static uint8_t *place_for(struct cub_engine *e, size_t len)
{
    struct cub_assembly *a = &e->assembly;
    uint8_t *place = e->hs->private_value[0];

    if (e->version == CUB_TLS1_3)
        return len <= (size_t)(a->buffer - place) ? place : NULL;
    if (a->size - a->len < len + MESSAGE_ROOM)
        return NULL;
    a->size -= len;
    return a->buffer + a->size;
}

static enum cub_error keep(struct cub_engine *e, struct cub_view *spki, const uint8_t *message)
{
    uint8_t *place;

    if (spki->data != message)
        return E_OK; /* the owner has it */
    place = place_for(e, spki->len);
    if (place == NULL)
        return E_RAW_KEY_TOO_LONG;
    memcpy(place, spki->data, spki->len);
    spki->data = place;
    return E_OK;
}

/* A certificate, say, is no key: the message is not what it should be. */
static enum cub_error decode(struct cub_public_key *key, const uint8_t *data, size_t len)
{
    enum cub_error err = cub_public_key_decode(key, data, len);

    if (err == E_OK || err == E_X509_KEY_UNSUPPORTED || err == E_X509_KEY_EXPLICIT_CURVE)
        return err;
    return E_DECODE_RAW_KEY;
}

static enum cub_error certificate(void *context, const uint8_t *data, size_t len)
{
    struct cub_engine *e = context;
    struct cub_view spki = {data, len};
    enum cub_error err;

    /* There is one, and no more [RFC8446-4.4.2]. */
    if (e->hs->peer_key.type != CUB_KEY_NONE)
        return E_RAW_KEY_LIST;
    err = decode(&e->hs->peer_key, data, len);
    if (err == E_OK)
        err = e->config->raw_public_key(e->owner, &spki);
    if (err == E_OK)
        err = keep(e, &spki, data);
    if (err == E_OK)
        err = cub_public_key_decode(&e->hs->peer_key, spki.data, spki.len);
    return err;
}

/* Nothing is stapled to a key; what a server sends nevertheless says nothing. */
static enum cub_error status(void *context, const uint8_t *response, size_t len)
{
    (void)context, (void)response, (void)len;
    return E_OK;
}

static enum cub_error finish(void *context, unsigned usage, struct cub_public_key *key)
{
    const struct cub_engine *e = context;

    (void)usage;
    *key = e->hs->peer_key;
    return E_OK;
}

static const struct cub_verifier verifier = {start, certificate, status, finish};

static void expect_raw_key(struct cub_engine *e)
{
    e->hs->has_raw = 1;
    if (e->version != CUB_TLS1_3)
        e->hs->stream.form = CUB_FORM_RAW12;
    e->verifier = &verifier;
    e->verifier_context = e;
}

/* Client. */

/* By preference [RFC7250-4.1]. */
static void put_list(struct wr *w, bool x509, bool x509_first)
{
    size_t list = wr_open(w, 1);

    if (x509 && x509_first)
        wr_uint(w, 1, X509);
    wr_uint(w, 1, RAW_PUBLIC_KEY);
    if (x509 && !x509_first)
        wr_uint(w, 1, X509);
    wr_close(w, list, 1);
}

bool cub_put_client_types(struct cub_engine *e, struct wr *w)
{
    if (e->config->profile->extras == NULL || !has_credential(e, true))
        return false;
    put_list(w, has_credential(e, false), !e->config->credentials[0].is_raw);
    return true;
}

bool cub_put_server_types(struct cub_engine *e, struct wr *w)
{
    put_list(w, takes_x509(e), prefers_x509(e));
    return e->config->profile->extras != NULL && takes_raw(e);
}

/* The server's answer, if there is one: the one type that it chose, of those that were offered; an
 * extension that was not offered is refused before. */
static enum cub_error answered_type(const struct cub_engine *e, enum cub_extension extension,
                                    bool offered_x509, bool *is_raw)
{
    struct cub_view body = cub_find_extension(e, extension);

    if (body.len != 1)
        return E_DECODE_CERT_TYPE;
    *is_raw = body.data[0] == RAW_PUBLIC_KEY;
    return *is_raw || (offered_x509 && body.data[0] == X509) ? E_OK : E_EE_CERT_TYPE;
}

enum cub_error cub_take_certificate_types(struct cub_engine *e, uint32_t answered)
{
    bool without_cert = e->psk != CUB_PSK_NONE || e->suite->authentication == CUB_AUTH_PSK;
    bool ours_raw = false, theirs_raw = false;
    enum cub_error err = E_OK;

    if (answered & EXT_BIT(EXT_CLIENT_CERTIFICATE_TYPE))
        err = answered_type(e, EXT_CLIENT_CERTIFICATE_TYPE, has_credential(e, false), &ours_raw);
    if (err == E_OK && (answered & EXT_BIT(EXT_SERVER_CERTIFICATE_TYPE)))
        err = answered_type(e, EXT_SERVER_CERTIFICATE_TYPE, takes_x509(e), &theirs_raw);
    if (err != E_OK)
        return err;
    e->hs->takes_raw = ours_raw;
    e->hs->refuses_x509 = ours_raw;
    if (theirs_raw)
        expect_raw_key(e);
    else if (!without_cert && takes_raw(e) && !takes_x509(e))
        return E_EE_NO_CERT_TYPE;
    return E_OK;
}

/* Server. */

/* What a client's list has; X.509 where there is none. */
static enum cub_error offered_types(const struct cub_engine *e, enum cub_extension extension,
                                    bool *raw, bool *x509)
{
    struct cub_view body, list;
    struct rd r;

    *raw = false;
    *x509 = true;
    if (!(e->hs->offered & EXT_BIT(extension)))
        return E_OK;
    body = cub_find_extension(e, extension);
    rd_init(&r, body.data, body.len);
    list = rd_view(&r, 1, 1, 255);
    if (!rd_done(&r))
        return E_DECODE_CERT_TYPE;
    *raw = cub_list8_has(list, RAW_PUBLIC_KEY);
    *x509 = cub_list8_has(list, X509);
    /* A list of the default alone must not be sent [RFC7250-4.1]. */
    return list.len == 1 && *x509 ? E_CH_CERT_TYPE_ALONE : E_OK;
}

/* TLS 1.2 may yet find a suite that needs no certificates. */
static enum cub_error no_type(const struct cub_engine *e)
{
    return e->version == CUB_TLS1_3 || e->config->psk_for_identity == NULL ? E_CH_CERT_TYPE : E_OK;
}

/* What the client is asked to show, if anything. */
static enum cub_error choose_client_type(struct cub_engine *e)
{
    bool raw, x509;
    enum cub_error err = offered_types(e, EXT_CLIENT_CERTIFICATE_TYPE, &raw, &x509);

    /* Who asks and takes nothing says so elsewhere. */
    if (err != E_OK || e->config->verify_mode == CUB_VERIFY_NONE ||
        (!takes_raw(e) && !takes_x509(e)))
        return err;
    raw = raw && takes_raw(e);
    x509 = x509 && takes_x509(e);
    if (!raw && !x509)
        return no_type(e);
    if (raw && !(x509 && prefers_x509(e)))
        expect_raw_key(e);
    return E_OK;
}

enum cub_error cub_choose_certificate_types(struct cub_engine *e)
{
    bool raw, x509;
    enum cub_error err = offered_types(e, EXT_SERVER_CERTIFICATE_TYPE, &raw, &x509);

    if (err != E_OK)
        return err;
    e->hs->takes_raw = raw;
    e->hs->refuses_x509 = !x509;
    /* Nobody shows anything. */
    if (e->psk != CUB_PSK_NONE)
        return E_OK;
    /* Who has none at all says so elsewhere. */
    if (e->config->num_credentials > 0 && !(raw && has_credential(e, true)) &&
        !(x509 && has_credential(e, false)))
        err = no_type(e);
    /* RFC 7250 has an alert for clients that list kinds; to others this is like any other lack. */
    if (err == E_CH_CERT_TYPE && !(e->hs->offered & EXT_BIT(EXT_SERVER_CERTIFICATE_TYPE)))
        return E_CH_NO_CERT_TYPE;
    return err == E_OK ? choose_client_type(e) : err;
}

static void put_type(struct wr *w, enum cub_extension extension, bool raw)
{
    cub_extension_head(w, extension, 1);
    wr_uint(w, 1, raw ? RAW_PUBLIC_KEY : X509);
}

/*
 * A session that is resumed shows no certificate; RFC 7250 does not say whether the extension is
 * answered then. It is, as by BoringSSL: with the kind that would be shown.
 */
static void put_type_resumed(struct wr *w, const struct cub_engine *e)
{
    const struct cub_handshake *hs = e->hs;

    if (!(hs->offered & EXT_BIT(EXT_SERVER_CERTIFICATE_TYPE)))
        return;
    /* ClientHello, which said so, is gone by now in TLS 1.3. */
    for (size_t i = 0; i < e->config->num_credentials; i++) {
        bool is_raw = e->config->credentials[i].is_raw;

        if (is_raw ? hs->takes_raw : !hs->refuses_x509) {
            put_type(w, EXT_SERVER_CERTIFICATE_TYPE, is_raw);
            return;
        }
    }
}

void cub_put_certificate_types(const struct cub_engine *e, struct wr *w)
{
    const struct cub_handshake *hs = e->hs;
    /* In TLS 1.3 it may be asked for afterwards. */
    bool asks =
        e->version == CUB_TLS1_3 ? e->config->verify_mode != CUB_VERIFY_NONE : hs->cert_requested;

    if (e->psk == CUB_PSK_RESUMPTION)
        put_type_resumed(w, e);
    /* No certificates, nothing to say about them. */
    if (e->psk != CUB_PSK_NONE || hs->credential == NULL)
        return;
    if ((hs->offered & EXT_BIT(EXT_CLIENT_CERTIFICATE_TYPE)) && asks)
        put_type(w, EXT_CLIENT_CERTIFICATE_TYPE, hs->has_raw);
    if (hs->offered & EXT_BIT(EXT_SERVER_CERTIFICATE_TYPE))
        put_type(w, EXT_SERVER_CERTIFICATE_TYPE, hs->credential->is_raw);
}
