#include "handshake/driver.h"

#include <string.h>

#include "crypto/bytes.h"

void cub_trace_event(const struct cub_engine *e, unsigned kind, const void *what)
{
    if (e->protocol->trace != NULL)
        e->protocol->trace(e, kind, what);
}

/* Memory. */

uintptr_t cub_place_hashes(struct cub_transcript *t, uintptr_t place)
{
    for (unsigned i = 0; i < CUB_TRANSCRIPT_HASHES && t->hash[i] != NULL; i++) {
        if (t->context[i] != NULL)
            continue;
        t->context[i] = (void *)place;
        place += CUB_ROUND8(t->hash[i]->context_size);
    }
    return place;
}

/* Says where in the memory behind hs, all zero, its parts are, and returns where they end. Touches
 * nothing but hs. */
static size_t lay_out(const struct cub_profile *profile, struct cub_handshake *hs)
{
    uintptr_t place = (uintptr_t)hs + CUB_ROUND8(sizeof *hs);
    /* The one that needs most: TLS 1.2 has the memory of TLS 1.3 too, which all servers have. */
    const struct cub_protocol *protocol = profile->client12;

    if (protocol == NULL)
        protocol = profile->server12;
    if (protocol == NULL)
        protocol = profile->server;
    if (protocol == NULL)
        protocol = profile->client;
    for (const struct cub_suite *const *s = profile->suites; *s != NULL; s++)
        cub_transcript_add(&hs->transcript, (*s)->hash);
    place = cub_place_hashes(&hs->transcript, place);
    if (protocol->memory != NULL)
        place = protocol->memory(profile, hs, place);
    return CUB_ROUND8(place - (uintptr_t)hs);
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
    memset(memory, 0, size);
    overhead = lay_out(e->config->profile, hs);
    if (size < overhead + CUB_MESSAGE_HEADER)
        return E_ENGINE_MEMORY;
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

const struct cub_row *cub_driver_row(const struct cub_engine *e, unsigned on)
{
    const struct cub_row *row = e->protocol->rows, *end = row + e->protocol->count;

    for (; row < end; row++) {
        if (row->state == e->state && row->on == on && (row->guard == NULL || row->guard(e)))
            return row;
    }
    return NULL;
}

/* What must have been proven of the peer before data may flow. */
static unsigned proofs_needed(const struct cub_engine *e)
{
    unsigned proofs = PROOF_FINISHED;

    if (e->psk != CUB_PSK_NONE)
        proofs |= PROOF_PSK;
    else if (e->protocol->anonymous == NULL || !e->protocol->anonymous(e))
        proofs |= PROOF_CHAIN | PROOF_SIGNATURE;
    if (e->hs->peer_has_cert)
        proofs |= PROOF_CHAIN | PROOF_SIGNATURE;
    return proofs;
}

/* For the first time, or again with a certificate that came after the handshake. */
static enum cub_error enter_connected(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;

    if (proofs_needed(e) & ~(unsigned)hs->proofs)
        return E_PROOF_MISSING;
    e->connected = 1;
    cub_wipe(hs->secrets, sizeof hs->secrets);
    cub_wipe(hs->secret12, hs->secret12_size);
    return E_OK;
}

enum cub_error cub_driver_leave(struct cub_engine *e, const struct cub_row *row)
{
    enum cub_key read = row->keys & 7, write = row->keys >> 3 & 7;

    if (read != KEY_NONE) {
        /* No message spans a key change [RFC8446-5.1]. */
        if (cub_input_buffered(e))
            return E_EXCESS_HANDSHAKE_DATA;
        /* The record that brought the last message under the old key is done with. */
        cub_input_release(e);
        e->protocol->install(e, true, read);
        e->read_epoch = read & 3;
    }
    if (write != KEY_NONE) {
        cub_record_out_flush(&e->out);
        e->protocol->install(e, false, write);
        e->write_epoch = write & 3;
    }
    if (row->next == CONNECTED && e->state != CONNECTED) {
        enum cub_error err = enter_connected(e);

        if (err != E_OK)
            return err;
    }
    cub_trace_event(e, CUB_TRACE_STATE, row);
    e->state = row->next;
    return E_OK;
}

/* The loop. */

/* Whether a row that runs without input may run now: one that sends needs the way to be open; what
 * a server has to find out about a client's certificate sends nothing. */
static bool may_step(const struct cub_engine *e)
{
    return !e->write_closed || (e->connected && e->is_server && e->state != CONNECTED);
}

/* A window of a message, a row, or a record. */
static enum cub_error progress(struct cub_engine *e)
{
    const struct cub_row *row;

    if (e->reply.row != NULL)
        return cub_output_pump(e);
    row = cub_driver_row(e, STEP);
    return row != NULL && may_step(e) ? cub_output_step(e, row) : cub_input_next(e);
}

_Static_assert(E_WAIT_MEMORY - E_WAIT_HELLO == CUB_WAIT_MEMORY - CUB_WAIT_HELLO &&
                   E_WAIT_HELLO == E_OK + 1 && CUB_WAIT_HELLO == 1,
               "waits are in the order of enum cub_wait, and stand first");

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
    if (err <= E_WAIT_MEMORY)
        e->wait = (uint8_t)err;
    else if (err != E_WAIT_ROOM && err != E_WAIT_INPUT)
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
