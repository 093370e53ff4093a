/*
 * Actions of authentication, which both roles share: Certificate, in all versions, and the
 * CertificateVerify of TLS 1.3, sent and received [RFC8446-4.4].
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/extras.h"
#include "handshake/messages12.h"
#include "handshake/negotiate.h"
#include "x509/cert.h"

bool cub_cert_requested(const struct cub_engine *e)
{
    return e->hs->cert_requested;
}

bool cub_has_credential(const struct cub_engine *e)
{
    return e->hs->credential != NULL;
}

bool cub_cert_missing(const struct cub_engine *e)
{
    return (e->config->flags & CUB_FLAG_CERT_OR_FAIL) != 0 && e->hs->cert_requested &&
           e->hs->credential == NULL && e->config->num_credentials > 0;
}

enum cub_error cub_end_without_cert(struct cub_engine *e)
{
    (void)e;
    return E_NO_FITTING_CERT;
}

bool cub_peer_has_cert(const struct cub_engine *e)
{
    return e->hs->peer_has_cert;
}

/* A new list begins: its head was read. */
static enum cub_error begin_list(struct cub_engine *e, struct cub_view request_context)
{
    struct cub_view asked = e->hs->request_context;

    /* It echoes CertificateRequest's, which is empty in the handshake [RFC8446-4.4.2]. */
    if (request_context.len != asked.len ||
        (asked.len > 0 && memcmp(request_context.data, asked.data, asked.len) != 0))
        return E_CERT_CONTEXT;
    if (e->hs->stream.left == 0) {
        /* A server's list must not be empty [RFC8446-4.4.2.4]. */
        if (!e->is_server)
            return E_CERT_EMPTY;
        if (e->config->verify_mode != CUB_VERIFY_REQUIRED)
            return E_OK;
        return e->version == CUB_TLS1_3 ? E_CERT_REQUIRED : E_CERT_REQUIRED12;
    }
    if (e->verifier == NULL)
        return E_NO_VERIFIER;
    e->hs->peer_has_cert = 1;
    return e->verifier->start(
        e->verifier_context,
        &(const struct cub_verify_request){
            .peer_is_server = !e->is_server,
            .status_expected = !e->is_server && (e->hs->offered & EXT_BIT(EXT_STATUS_REQUEST)) != 0,
            .server_name = e->server_name,
        });
}

/* CertificateStatus [RFC8446-4.4.2.1]. */
static enum cub_error take_status(struct cub_engine *e, struct cub_view status)
{
    struct cub_view response;
    struct rd r;
    enum cub_error err;

    rd_init(&r, status.data, status.len);
    err = cub_certificate_status_decode(&r, &response);
    return err != E_OK ? err
                       : e->verifier->status(e->verifier_context, response.data, response.len);
}

enum cub_error cub_take_stapled(struct cub_engine *e, const struct cub_certificate_entry *entry)
{
    enum cub_error err = E_OK;

    if (entry->present & EXT_BIT(EXT_STATUS_REQUEST))
        err = take_status(e, entry->status_request);
    if (err == E_OK && (entry->present & EXT_BIT(EXT_SIGNED_CERTIFICATE_TIMESTAMP)))
        err = e->config->take_scts(e->owner, entry->scts.data, entry->scts.len);
    /* Only the leaf has one that counts [RFC9345-4.1.1]. */
    if (err == E_OK && (entry->present & EXT_BIT(EXT_DELEGATED_CREDENTIAL)) && e->hs->stream.first)
        err = e->config->profile->extras->take_delegated(e, entry->cert_data, entry->delegated);
    return err;
}

enum cub_error cub_take_certificate_unit(struct cub_engine *e, struct rd *unit, size_t message_len)
{
    struct cub_certificate_stream *stream = &e->hs->stream;
    struct cub_certificate_entry entry;
    struct cub_view request_context;
    enum cub_error err;

    if (!stream->begun) {
        err = cub_certificate_head(stream, unit, message_len, &request_context);
        return err != E_OK ? err : begin_list(e, request_context);
    }
    /* A client is asked for nothing beside its certificates. */
    err = cub_certificate_entry(stream, unit, e->is_server ? 0 : e->hs->offered, &entry);
    if (err == E_OK)
        err = e->verifier->certificate(e->verifier_context, entry.cert_data.data,
                                       entry.cert_data.len);
    if (err == E_OK && entry.present != 0 && e->protocol->stapled != NULL)
        err = e->protocol->stapled(e, &entry);
    stream->first = 0;
    return err;
}

enum cub_error cub_recv_certificate(struct cub_engine *e)
{
    struct cub_certificate_stream *stream = &e->hs->stream;
    /* An entry has no header, and may be shorter than one. */
    size_t len = stream->begun ? 0 : cub_load_be24(e->message.unit.data + 1);
    enum cub_error err = cub_take_certificate_unit(e, &e->message.body, len);

    e->streaming = stream->begun = stream->left > 0;
    return err;
}

enum cub_error cub_verify_chain(struct cub_engine *e)
{
    /* With static RSA a server's key decrypts; else keys sign. */
    unsigned usage = e->suite->key_exchange == CUB_KX_RSA && !e->is_server
                         ? CUB_KU_KEY_ENCIPHERMENT
                         : CUB_KU_DIGITAL_SIGNATURE;
    enum cub_error err = e->verifier->finish(e->verifier_context, usage, &e->hs->peer_key);

    if (err == E_OK)
        e->hs->proofs |= PROOF_CHAIN;
    return err;
}

/* What the signature covers [RFC8446-4.4.3]. */
static size_t covered(const struct cub_engine *e, bool by_server, uint8_t *out)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output(&e->hs->transcript, transcript);
    return cub_signed_content(cub_hash_of(e), by_server, transcript, out);
}

enum cub_error cub_recv_certificate_verify(struct cub_engine *e)
{
    const struct cub_verify_scheme *scheme;
    struct cub_certificate_verify cv;
    uint8_t content[CUB_SIGNED_CONTENT_MAX];
    enum cub_error err = cub_certificate_verify_decode(&e->message.body, &cv);

    if (err != E_OK)
        return err;
    scheme = cub_find_verify_scheme(e, cv.algorithm);
    if (scheme == NULL || scheme->use == CUB_USE_NOT_TLS13)
        return E_CV_ALGORITHM;
    if (scheme->key_type != e->hs->peer_key.type)
        return E_CV_KEY_TYPE;
    err = cub_verify_message(scheme, &e->hs->peer_key, content, covered(e, !e->is_server, content),
                             cv.signature.data, cv.signature.len);
    if (err != E_OK)
        return err;
    e->peer_scheme = cv.algorithm;
    e->hs->proofs |= PROOF_SIGNATURE;
    return E_OK;
}

void cub_put_certificate(const struct cub_engine *e, struct wr *w)
{
    const struct cub_credential *credential = e->hs->credential;
    enum cub_certificate_form form = CUB_FORM_TLS13;

    if (e->hs->stream.form != CUB_FORM_TLS13)
        form = credential != NULL && credential->is_raw ? CUB_FORM_RAW12 : CUB_FORM_TLS12;
    /* A client without a fitting certificate says so with an empty list [RFC8446-4.4.2]. */
    if (credential == NULL)
        cub_certificate_encode(w, form, e->hs->request_context, NULL, 0, NULL, 0);
    else
        cub_certificate_encode(w, form, e->hs->request_context, credential->chain,
                               credential->chain_len, e->is_server ? credential->stapled : NULL,
                               e->hs->offered);
}

enum cub_error cub_send_certificate(struct cub_engine *e)
{
    cub_put_certificate(e, &e->reply.w);
    return E_OK;
}

enum cub_error cub_send_no_certificate(struct cub_engine *e)
{
    static const uint8_t message[] = {CUB_CERTIFICATE, 0, 0, 4, 0, 0, 0, 0};

    wr_bytes(&e->reply.w, message, sizeof message);
    return E_OK;
}

enum cub_error cub_send_certificate_verify(struct cub_engine *e)
{
    uint8_t content[CUB_SIGNED_CONTENT_MAX];
    uint8_t signature[CUB_SIGNATURE_MAX_SIZE];
    struct cub_certificate_verify cv = {
        e->hs->scheme->id, {signature, 0}
    };
    enum cub_error err =
        cub_sign(e, content, covered(e, e->is_server, content), signature, &cv.signature.len);

    if (err != E_OK)
        return err;
    cub_certificate_verify_encode(&e->reply.w, &cv);
    e->own_scheme = e->hs->scheme->id;
    return E_OK;
}
