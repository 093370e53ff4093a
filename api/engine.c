#include "api/cub_engine.h"

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/driver.h"
#include "handshake/schedule12.h"
#include "handshake/schedule13.h"

#define MIN_CONTENT 64 /* the least record_size_limit [RFC8449-4] */

size_t cub_handshake_size(const struct cub_profile *profile)
{
    return cub_handshake_overhead(profile);
}

static enum cub_error check_setup(const struct cub_engine_setup *setup)
{
    const struct cub_config *config = setup->config;

    if (config == NULL || config->profile == NULL || config->random == NULL || setup->in == NULL ||
        setup->out == NULL || setup->handshake == NULL)
        return E_ENGINE_SETUP;
    if (setup->in_size < CUB_RECORD_BUFFER(MIN_CONTENT) ||
        setup->out_size < CUB_RECORD_BUFFER(MIN_CONTENT))
        return E_ENGINE_BUFFER;
    return E_OK;
}

/* The tables of the versions that are allowed, of which there must be one. What the lowest has to
 * say of records counts until another is agreed on, and after: it knows them all. */
static enum cub_error choose_protocol(struct cub_engine *engine)
{
    const struct cub_protocol *tls12 = cub_version_enabled(engine, CUB_TLS1_2);

    engine->protocol = cub_version_enabled(engine, CUB_TLS1_3);
    if (engine->protocol == NULL)
        engine->protocol = tls12;
    if (engine->protocol == NULL)
        return E_ENGINE_ROLE;
    engine->judge = tls12 != NULL ? tls12->judge : engine->protocol->judge;
    return E_OK;
}

/* The most content of a record from the peer, and its type [RFC8449-4]. */
static void limit_records(struct cub_engine *engine)
{
    size_t content = engine->in.size - CUB_RECORD_BUFFER(0);

    if (engine->config->record_size_limit != 0 && engine->config->record_size_limit < content)
        content = engine->config->record_size_limit;
    if (content < CUB_RECORD_MAX_PLAINTEXT)
        engine->in.limit = (uint16_t)(content + 1);
}

static enum cub_error start(struct cub_engine *engine, const struct cub_engine_setup *setup)
{
    enum cub_error err = check_setup(setup);

    if (err != E_OK)
        return err;
    engine->config = setup->config;
    engine->owner = setup->owner;
    engine->verifier = setup->config->verifier;
    engine->verifier_context = setup->verifier_context;
    engine->server_name = setup->server_name;
    engine->session = setup->session;
    engine->is_server = setup->is_server;
    engine->alert_due = engine->alert_sent = engine->alert_received = ALERT_NONE;
    cub_record_in_init(&engine->in, setup->in, setup->in_size);
    cub_record_out_init(&engine->out, setup->out, setup->out_size);
    limit_records(engine);
    err = choose_protocol(engine);
    return err == E_OK ? cub_handshake_init(engine, setup->handshake, setup->handshake_size) : err;
}

enum cub_error cub_engine_start(struct cub_engine *engine, const struct cub_engine_setup *setup)
{
    enum cub_error err;

    memset(engine, 0, sizeof *engine);
    err = start(engine, setup);
    if (err != E_OK)
        engine->config = NULL;
    cub_driver_run(engine);
    return err;
}

void cub_engine_free(struct cub_engine *engine)
{
    cub_handshake_wipe(engine);
    cub_wipe(engine, sizeof *engine);
}

#define LEAST_SPARE 64 /* a KeyUpdate, and the header of what comes */

bool cub_engine_release(struct cub_engine *engine, uint8_t *spare, size_t size)
{
    if (engine->hs == NULL || !engine->connected || engine->error != E_OK || size < LEAST_SPARE ||
        engine->wait != CUB_WAIT_NOTHING || engine->reply.row != NULL ||
        engine->state != CONNECTED || cub_driver_row(engine, STEP) != NULL ||
        (engine->config->flags & CUB_FLAG_POST_HANDSHAKE_AUTH) != 0)
        return false;
    cub_input_release(engine);
    if (engine->assembly.len > 0)
        return false;
    cub_handshake_wipe(engine);
    engine->assembly = (struct cub_assembly){spare, size, 0};
    memset(&engine->message, 0, sizeof engine->message);
    return true;
}

size_t cub_engine_spare_needed(const struct cub_engine *engine)
{
    const struct cub_assembly *a = &engine->assembly;

    return a->len < CUB_MESSAGE_HEADER ? LEAST_SPARE
                                       : CUB_MESSAGE_HEADER + cub_load_be24(a->buffer + 1);
}

void cub_engine_set_spare(struct cub_engine *engine, uint8_t *spare, size_t size)
{
    struct cub_assembly *a = &engine->assembly;

    memcpy(spare, a->buffer, a->len);
    a->buffer = spare;
    a->size = size;
}

/* An engine that failed or was never started moves nothing but its last alert. */
static bool is_open(const struct cub_engine *engine)
{
    return engine->config != NULL && engine->error == E_OK;
}

uint8_t *cub_engine_recvrec_buf(struct cub_engine *engine, size_t *len)
{
    *len = 0;
    if (!is_open(engine) || engine->wait != CUB_WAIT_NOTHING)
        return NULL;
    /* A server has nothing to receive while its flight waits, but a client might: both may. */
    return cub_record_in_space(&engine->in, len);
}

void cub_engine_recvrec_ack(struct cub_engine *engine, size_t len)
{
    if (cub_record_in_filled(&engine->in, len))
        cub_driver_run(engine);
}

uint8_t *cub_engine_sendrec_buf(struct cub_engine *engine, size_t *len)
{
    *len = 0;
    return engine->config != NULL ? cub_record_out_pending(&engine->out, len) : NULL;
}

void cub_engine_sendrec_ack(struct cub_engine *engine, size_t len)
{
    cub_record_out_sent(&engine->out, len);
    cub_driver_run(engine);
}

uint8_t *cub_engine_recvapp_buf(struct cub_engine *engine, size_t *len)
{
    const struct cub_record_in *in = &engine->in;

    *len = 0;
    /* Data that may not come now was refused by the driver. */
    if (!is_open(engine) || in->content_len == 0 || in->type != CUB_APPLICATION_DATA)
        return NULL;
    *len = in->content_len;
    return in->content;
}

bool cub_engine_recvapp_early(const struct cub_engine *engine)
{
    return engine->read_epoch == CUB_EPOCH_EARLY;
}

void cub_engine_recvapp_ack(struct cub_engine *engine, size_t len)
{
    if (len == 0)
        return;
    if (cub_engine_recvapp_early(engine))
        engine->early_left -= (uint32_t)len;
    cub_record_in_consume(&engine->in, len);
    cub_driver_run(engine);
}

/* After the handshake, or where the tables allow more. */
static bool may_send(const struct cub_engine *engine)
{
    return engine->state == CONNECTED ||
           (engine->protocol->may_send != NULL && engine->protocol->may_send(engine));
}

uint8_t *cub_engine_sendapp_buf(struct cub_engine *engine, size_t *len)
{
    uint8_t *p;

    *len = 0;
    if (!is_open(engine) || !may_send(engine) || engine->write_closed)
        return NULL;
    if (engine->key_update_due != 0) {
        engine->key_update_due |= CUB_UPDATE_NOW;
        cub_driver_run(engine);
    }
    if (engine->reply.row != NULL || engine->key_update_due != 0)
        return NULL;
    p = cub_record_out_space(&engine->out, CUB_APPLICATION_DATA, len);
    if (engine->write_epoch == CUB_EPOCH_EARLY && *len > engine->early_left)
        *len = engine->early_left;
    return p;
}

void cub_engine_sendapp_ack(struct cub_engine *engine, size_t len)
{
    size_t room;

    if (len == 0)
        return;
    if (engine->write_epoch == CUB_EPOCH_EARLY)
        engine->early_left -= (uint32_t)len;
    cub_record_out_filled(&engine->out, len);
    /* Asking for room seals a record that has none left. */
    cub_record_out_space(&engine->out, CUB_APPLICATION_DATA, &room);
    if (engine->out.filled == 0)
        cub_driver_run(engine);
}

void cub_engine_flush(struct cub_engine *engine)
{
    if (!is_open(engine) || engine->out.filled == 0)
        return;
    cub_record_out_flush(&engine->out);
    cub_driver_run(engine);
}

void cub_engine_close(struct cub_engine *engine)
{
    if (!is_open(engine) || engine->write_closed)
        return;
    engine->write_closed = 1;
    engine->reply.row = NULL;
    engine->alert_due = ALERT_CLOSE_NOTIFY;
    cub_output_alert(engine);
}

void cub_engine_eof(struct cub_engine *engine)
{
    if (is_open(engine) && !engine->read_closed)
        cub_driver_fail(engine, E_EOF);
}

bool cub_engine_connected(const struct cub_engine *engine)
{
    return engine->connected;
}

bool cub_engine_false_started(const struct cub_engine *engine)
{
    return is_open(engine) && !engine->connected && engine->version == CUB_TLS1_2 &&
           engine->protocol->may_send != NULL && engine->protocol->may_send(engine);
}

enum cub_psk_kind cub_engine_psk(const struct cub_engine *engine)
{
    return (enum cub_psk_kind)engine->psk;
}

bool cub_engine_read_closed(const struct cub_engine *engine)
{
    return engine->read_closed;
}

enum cub_error cub_engine_error(const struct cub_engine *engine)
{
    return (enum cub_error)engine->error;
}

enum cub_alert cub_engine_alert_sent(const struct cub_engine *engine)
{
    return engine->config != NULL ? (enum cub_alert)engine->alert_sent : ALERT_NONE;
}

enum cub_alert cub_engine_alert_received(const struct cub_engine *engine)
{
    return engine->config != NULL ? (enum cub_alert)engine->alert_received : ALERT_NONE;
}

enum cub_wait cub_engine_waits(const struct cub_engine *engine)
{
    return (enum cub_wait)engine->wait;
}

void cub_engine_resume(struct cub_engine *engine)
{
    engine->wait = CUB_WAIT_NOTHING;
    cub_driver_run(engine);
}

const uint8_t *cub_engine_sni(const struct cub_engine *engine, size_t *len)
{
    *len = 0;
    if (engine->wait != CUB_WAIT_HELLO || engine->hs->server_name.len == 0)
        return NULL;
    *len = engine->hs->server_name.len;
    return engine->hs->server_name.data;
}

void cub_engine_set_config(struct cub_engine *engine, const struct cub_config *config,
                           void *verifier_context)
{
    if (engine->wait != CUB_WAIT_HELLO)
        return;
    engine->config = config;
    engine->verifier = config->verifier;
    engine->verifier_context = verifier_context;
}

void cub_engine_accept_sni(struct cub_engine *engine)
{
    engine->sni_accepted = 1;
}

void cub_engine_fail(struct cub_engine *engine, enum cub_error error)
{
    if (is_open(engine))
        cub_driver_fail(engine, error);
}

void cub_engine_refuse(struct cub_engine *engine, enum cub_alert alert)
{
    if (!is_open(engine))
        return;
    cub_driver_fail(engine, E_REFUSED);
    engine->alert_due = (uint8_t)alert;
    cub_output_alert(engine);
}

void cub_engine_key_update(struct cub_engine *engine, bool request_peer)
{
    if (!is_open(engine) || !engine->connected || engine->write_closed ||
        engine->version != CUB_TLS1_3)
        return;
    engine->key_update_due |= request_peer ? CUB_UPDATE_ASK : CUB_UPDATE_NOW;
    cub_driver_run(engine);
}

enum cub_error cub_engine_sending_keys(const struct cub_engine *engine,
                                       struct cub_sending_keys *keys)
{
    const struct cub_record_out *out = &engine->out;

    if (!is_open(engine) || !engine->connected || engine->write_closed ||
        engine->version != CUB_TLS1_3 || engine->reply.row != NULL || engine->key_update_due != 0 ||
        out->tail > 0 || out->filled > 0 || out->limit < CUB_RECORD_MAX_PLAINTEXT ||
        out->protection.format != engine->suite->format)
        return E_ENGINE_STATE;
    keys->cipher_suite = engine->suite->id;
    keys->sequence = out->protection.sequence;
    cub_traffic_keys(engine->suite->hash, engine->suite->aead,
                     engine->is_server ? engine->server_secret : engine->client_secret, keys->key,
                     keys->iv);
    return E_OK;
}

void cub_engine_send_unsealed(struct cub_engine *engine)
{
    engine->out.protection.format = &cub_record_plaintext;
}

enum cub_error cub_engine_request_certificate(struct cub_engine *engine)
{
    if (!is_open(engine) || !engine->connected || engine->write_closed)
        return E_ENGINE_STATE;
    if (!engine->is_server)
        return E_AUTH_ROLE;
    if (engine->version != CUB_TLS1_3)
        return E_AUTH_VERSION;
    if (!cub_asks_afterwards(engine) || engine->config->verify_mode == CUB_VERIFY_NONE)
        return E_AUTH_CONFIG;
    if (engine->hs == NULL) /* it keeps its memory if it asks afterwards */
        return E_ENGINE_STATE;
    if (!(engine->hs->offered & EXT_BIT(EXT_POST_HANDSHAKE_AUTH)))
        return E_AUTH_NOT_OFFERED;
    if (engine->auth == CUB_AUTH_DUE || engine->auth == CUB_AUTH_REQUESTED)
        return E_AUTH_PENDING;
    engine->auth = CUB_AUTH_DUE;
    cub_driver_run(engine);
    return E_OK;
}

enum cub_auth cub_engine_auth(const struct cub_engine *engine)
{
    return (enum cub_auth)engine->auth;
}

/* With what HKDF-Expand-Label takes and gives [RFC8446-7.1], [RFC5869-2.3]. */
static enum cub_error export13(const struct cub_hash *hash, const uint8_t *secret,
                               const char *label, const uint8_t *context, size_t context_len,
                               uint8_t *out, size_t out_len)
{
    if (strlen(label) > 255 - 6 || out_len > (size_t)255 * hash->size)
        return E_ENGINE_STATE;
    cub_export13(hash, secret, label, context, context_len, out, out_len);
    return E_OK;
}

enum cub_error cub_engine_export(const struct cub_engine *engine, const char *label,
                                 const uint8_t *context, size_t context_len, uint8_t *out,
                                 size_t out_len)
{
    if (!engine->connected && !cub_engine_false_started(engine))
        return E_ENGINE_STATE;
    if (context == NULL)
        context_len = 0;
    if (engine->version == CUB_TLS1_3)
        return export13(engine->suite->hash, engine->exporter_secret, label, context, context_len,
                        out, out_len);
    /* Who sits in the middle may have the same master secret with both ends [RFC7627-5.4]. */
    if (!engine->extended_master_secret)
        return E_NO_EXTENDED_MASTER_SECRET;
    return cub_export12(engine->suite->hash, engine->master_secret, engine->randoms, label, context,
                        context_len, out, out_len)
               ? E_OK
               : E_ENGINE_STATE;
}

enum cub_error cub_engine_export_early(const struct cub_engine *engine, const char *label,
                                       const uint8_t *context, size_t context_len, uint8_t *out,
                                       size_t out_len)
{
    /* Its secret gives way to another at the handshake's end. */
    if (engine->connected || engine->error != E_OK ||
        (engine->early != CUB_EARLY_OFFERED && engine->early != CUB_EARLY_ACCEPTED))
        return E_ENGINE_STATE;
    return export13(engine->suite->hash, engine->resumption_secret, label, context, context_len,
                    out, out_len);
}

enum cub_early_data cub_engine_early_data(const struct cub_engine *engine)
{
    return (enum cub_early_data)engine->early;
}

enum cub_error cub_engine_channel_binding(const struct cub_engine *engine, uint8_t *out)
{
    return cub_engine_export(engine, "EXPORTER-Channel-Binding", (const uint8_t *)"", 0, out,
                             CUB_CHANNEL_BINDING_SIZE);
}

enum cub_error cub_engine_tls_unique(const struct cub_engine *engine, uint8_t *out)
{
    bool client_first = engine->psk != CUB_PSK_RESUMPTION;

    /* TLS 1.3 has none [RFC9266-1]. */
    if (!engine->connected || engine->version != CUB_TLS1_2)
        return E_ENGINE_STATE;
    /* Who sits in the middle may have the same log at both ends [RFC7627-5.4]. */
    if (!engine->extended_master_secret && !client_first)
        return E_NO_EXTENDED_MASTER_SECRET;
    /* The first Finished of the handshake, whoever sent it [RFC5929-3.1]. */
    memcpy(out, client_first ? engine->client_verify_data : engine->server_verify_data,
           CUB_TLS_UNIQUE_SIZE);
    return E_OK;
}
