#include "handshake/driver.h"

#include <string.h>

#include "crypto/bytes.h"

void cub_trace_event(const struct cub_engine *e, unsigned kind, uint8_t type, size_t len)
{
    struct cub_trace event = {(uint8_t)(kind & ~OUTGOING), (kind & OUTGOING) != 0, type, len};

    if (e->config->trace != NULL)
        e->config->trace(e->owner, &event);
}

/* Memory. */

static size_t round8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

/* The longest private value, and what the KeyShareEntries of the two largest groups take. */
static void largest_groups(const struct cub_group *const *groups, size_t *private_size,
                           size_t *shares_size)
{
    size_t first = 0, second = 0;

    *private_size = 0;
    for (; *groups != NULL; groups++) {
        size_t size = 4 + (size_t)(*groups)->share_size;

        if ((*groups)->private_size > *private_size)
            *private_size = (*groups)->private_size;
        if (size > first) {
            second = first;
            first = size;
        } else if (size > second) {
            second = size;
        }
    }
    *shares_size = first + second;
}

/* Says where in the memory behind hs, all zero, its parts are, and returns where they end. Touches
 * nothing but hs. */
static size_t lay_out(const struct cub_profile *profile, struct cub_handshake *hs)
{
    const struct cub_protocol *tls12 =
        profile->client12 != NULL ? profile->client12 : profile->server12;
    struct cub_transcript *t = &hs->transcript;
    uintptr_t place = (uintptr_t)hs + round8(sizeof *hs);
    size_t largest = 0, private_size, shares_size;

    for (const struct cub_suite *const *s = profile->suites; *s != NULL; s++)
        cub_transcript_add(t, (*s)->hash);
    if (tls12 != NULL)
        hs->secret12_size = (uint16_t)round8(tls12->memory(profile, t));
    for (unsigned i = 0; i < CUB_TRANSCRIPT_HASHES && t->hash[i] != NULL; i++) {
        size_t size = round8(t->hash[i]->context_size);

        t->context[i] = (void *)place;
        if (largest < size && t->hash[i]->size > 0)
            largest = size;
        place += size;
    }
    hs->transcript_copy = (void *)place;
    if (profile->post_handshake_auth)
        place += largest;
    hs->secret12 = (void *)place;
    place += hs->secret12_size;
    largest_groups(profile->groups, &private_size, &shares_size);
    for (unsigned i = 0; i < CUB_MAX_KEY_SHARES; i++, place += private_size)
        hs->private_value[i] = (void *)place;
    hs->shares = (void *)place;
    return round8(place + shares_size - (uintptr_t)hs);
}

size_t cub_handshake_overhead(const struct cub_profile *profile)
{
    struct cub_handshake measured;

    memset(&measured, 0, sizeof measured);
    return lay_out(profile, &measured);
}

enum cub_error cub_handshake_init(struct cub_engine *e, void *memory, size_t size)
{
    struct cub_handshake *hs = memory;
    size_t overhead;

    if (size < sizeof *hs)
        return E_ENGINE_MEMORY;
    memset(hs, 0, sizeof *hs);
    overhead = lay_out(e->config->profile, hs);
    if (size < overhead + CUB_MESSAGE_HEADER)
        return E_ENGINE_MEMORY;
    memset(hs + 1, 0, overhead - sizeof *hs);
    for (unsigned i = 0; i < CUB_TRANSCRIPT_HASHES && hs->transcript.hash[i] != NULL; i++)
        cub_hash_init(hs->transcript.hash[i], hs->transcript.context[i]);
    e->hs = hs;
    e->assembly.buffer = (uint8_t *)memory + overhead;
    e->assembly.size = size - overhead;
    return E_OK;
}

void cub_handshake_wipe(struct cub_engine *e)
{
    if (e->hs != NULL)
        cub_wipe(e->hs, (size_t)(e->assembly.buffer - (uint8_t *)e->hs));
    e->hs = NULL;
}

/* Rows. */

const struct cub_row *cub_driver_row(const struct cub_engine *e, enum cub_trigger on)
{
    const struct cub_protocol *protocol = e->protocol;

    for (unsigned i = 0; i < protocol->count; i++) {
        const struct cub_row *row = &protocol->rows[i];

        if (row->state == e->state && row->on == on && (row->guard == NULL || row->guard(e)))
            return row;
    }
    return NULL;
}

/* Keys. */

/* No message spans a key change [RFC8446-5.1]. */
static enum cub_error install_read(struct cub_engine *e, enum cub_key key)
{
    if (cub_input_buffered(e))
        return E_EXCESS_HANDSHAKE_DATA;
    /* The record that brought the last message under the old key is done with. */
    cub_input_release(e);
    e->read_epoch = (uint8_t)e->protocol->install(e, &e->in.protection, e->is_server, key);
    cub_trace_event(e, CUB_TRACE_KEYS, e->read_epoch, 0);
    return E_OK;
}

static void install_write(struct cub_engine *e, enum cub_key key)
{
    cub_record_out_flush(&e->out);
    if (key == KEY_CLEAR) {
        cub_protection_clear(&e->out.protection);
        /* What follows is not the first ClientHello, whose record alone says 0x0301
         * [RFC8446-5.1]. */
        e->out.protection.sequence = 1;
        e->write_epoch = CUB_EPOCH_PLAINTEXT;
        return;
    }
    e->write_epoch = (uint8_t)e->protocol->install(e, &e->out.protection, !e->is_server, key);
    cub_trace_event(e, CUB_TRACE_KEYS | OUTGOING, e->write_epoch, 0);
}

/* What must have been proven of the peer before data may flow. */
static unsigned proofs_needed(const struct cub_engine *e)
{
    unsigned proofs = PROOF_FINISHED;

    if (e->psk != CUB_PSK_NONE)
        proofs |= PROOF_PSK;
    else if (!e->is_server ||
             (e->config->verify_mode == CUB_VERIFY_REQUIRED && !cub_asks_afterwards(e)))
        proofs |= PROOF_CHAIN | PROOF_SIGNATURE;
    if (e->hs->peer_has_cert)
        proofs |= PROOF_CHAIN | PROOF_SIGNATURE;
    return proofs;
}

static enum cub_error enter_connected(struct cub_engine *e)
{
    unsigned needed = proofs_needed(e);

    if ((e->hs->proofs & needed) != needed)
        return E_PROOF_MISSING;
    e->connected = 1;
    cub_wipe(&e->hs->secrets, sizeof e->hs->secrets);
    cub_wipe(e->hs->secret12, e->hs->secret12_size);
    return E_OK;
}

enum cub_error cub_driver_leave(struct cub_engine *e, const struct cub_row *row)
{
    enum cub_key read = row->keys & 7, write = row->keys >> 3;
    enum cub_error err = read != KEY_NONE ? install_read(e, read) : E_OK;

    if (err != E_OK)
        return err;
    if (write != KEY_NONE)
        install_write(e, write);
    /* For the first time, or again with a certificate that came after the handshake. */
    if (row->next == CONNECTED && e->state != CONNECTED)
        err = enter_connected(e);
    if (err != E_OK)
        return err;
    if (e->state != row->next)
        cub_trace_event(e, CUB_TRACE_STATE | OUTGOING, row->next, 0);
    e->state = row->next;
    return E_OK;
}

/* The loop. */

/* A key that has sealed as many records as it may, or 2^32 - 1, is replaced before the next one
 * [RFC8446-5.5]. */
static void watch_key_usage(struct cub_engine *e)
{
    const struct cub_protection *protection = &e->out.protection;
    uint32_t limit = UINT32_MAX;

    if (!e->connected || e->version != CUB_TLS1_3 || e->write_closed || e->key_update_due != 0)
        return;
    if (protection->aead->limit_log2 < 32)
        limit = UINT32_C(1) << protection->aead->limit_log2;
    if (e->config->rekey_after != 0 && e->config->rekey_after < limit)
        limit = (uint32_t)e->config->rekey_after;
    if (protection->sequence >= limit)
        e->key_update_due = 1;
}

_Static_assert(E_WAIT_MEMORY - E_WAIT_HELLO == CUB_WAIT_MEMORY - CUB_WAIT_HELLO,
               "waits are in the order of enum cub_wait");

/* The wait that an action's answer means; CUB_WAIT_NOTHING: it is no wait. */
static enum cub_wait wait_of(enum cub_error err)
{
    unsigned wait = (unsigned)err - E_WAIT_HELLO + CUB_WAIT_HELLO;

    return wait <= CUB_WAIT_MEMORY ? (enum cub_wait)wait : CUB_WAIT_NOTHING;
}

/* Whether a row that runs without input may run now: one that sends needs the way to be open; what
 * a server has to find out about a client's certificate sends nothing. */
static bool may_step(const struct cub_engine *e)
{
    return !e->write_closed || (e->connected && e->is_server && e->state != CONNECTED);
}

/* A row, or a record. */
static enum cub_error progress(struct cub_engine *e)
{
    const struct cub_row *row;
    enum cub_error err = cub_output_pump(e);

    if (err != E_OK)
        return err;
    watch_key_usage(e);
    row = cub_driver_row(e, STEP);
    return row != NULL && may_step(e) ? cub_output_step(e, row) : cub_input_next(e);
}

void cub_driver_run(struct cub_engine *e)
{
    enum cub_error err;

    if (e->config == NULL)
        return;
    cub_output_alert(e);
    if (e->error != E_OK || e->wait != CUB_WAIT_NOTHING)
        return;
    do {
        err = progress(e);
    } while (err == E_OK);
    if (err == E_WAIT_ROOM || err == E_WAIT_INPUT)
        return;
    e->wait = (uint8_t)wait_of(err);
    if (e->wait == CUB_WAIT_NOTHING)
        cub_driver_fail(e, err);
}

void cub_driver_fail(struct cub_engine *e, enum cub_error error)
{
    enum cub_alert alert = cub_error_alert(error);

    if (e->error != E_OK)
        return;
    e->error = (uint16_t)error;
    e->wait = CUB_WAIT_NOTHING;
    if (alert != ALERT_NONE && !e->write_closed)
        e->alert_due = (uint8_t)alert;
    e->reply.row = NULL;
    cub_output_alert(e);
}
