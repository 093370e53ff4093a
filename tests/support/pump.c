#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "handshake/actions.h"
#include "tests/support/pump.h"

static void record_event(void *owner, const struct cub_trace *event)
{
    struct end *end = owner;

    if (end->event_count < PUMP_EVENTS)
        end->events[end->event_count++] = *event;
}

void end_use_chain(struct end *end, enum pki_fixture fixture)
{
    const struct pki_chain *chain = pki_chain(fixture);

    for (size_t i = 0; i < chain->count; i++)
        end->chain[i] = (struct cub_view){chain->certs[i].der, chain->certs[i].len};
    end->credential.chain = end->chain;
    end->credential.chain_len = chain->count;
    end->credential.key = &chain->key->private_key;
    end->config.credentials = &end->credential;
    end->config.num_credentials = 1;
}

static const struct cub_profile *full_with_curves(void)
{
    static const struct cub_group *const curves[] = {&cub_group_x25519, &cub_group_secp256r1,
                                                     &cub_group_secp384r1, &cub_group_secp521r1,
                                                     NULL};
    static struct cub_profile profile;

    profile = cub_profile_full;
    profile.groups = curves;
    return &profile;
}

void end_init(struct end *end, bool is_server)
{
    memset(end, 0, sizeof *end);
    end->random_state.state = is_server ? 2 : 1;
    end->random = (struct cub_random){test_random_fill, &end->random_state};
    end->verifier.config = pki_chain_config();
    end->verifier.buffer = end->verifier_buffer;
    end->verifier.buffer_size = sizeof end->verifier_buffer;
    end->config.profile = full_with_curves();
    end->config.random = &end->random;
    end->config.min_version = end->config.max_version = CUB_TLS1_3;
    end->config.verify_mode = is_server ? CUB_VERIFY_NONE : CUB_VERIFY_REQUIRED;
    end->config.verifier = &cub_chain_verifier;
    end->config.trace = record_event;
    end_use_chain(end, is_server ? PKI_P256 : PKI_CLIENT);
    end->setup.config = &end->config;
    end->setup.is_server = is_server;
    end->setup.server_name = is_server ? NULL : "server.example";
    end->setup.verifier_context = &end->verifier;
    end->setup.owner = end;
    end->setup.in = end->in;
    end->setup.in_size = sizeof end->in;
    end->setup.out = end->out;
    end->setup.out_size = sizeof end->out;
    end->setup.handshake = end->handshake;
    end->setup.handshake_size = sizeof end->handshake;
}

void end_shrink(struct end *end, size_t in_content, size_t out_content, size_t messages)
{
    end->setup.in_size = CUB_RECORD_BUFFER(in_content);
    end->setup.out_size = CUB_RECORD_BUFFER(out_content);
    end->setup.handshake_size = cub_handshake_size(end->config.profile) + messages;
}

/* Small tables tell nothing of what they do: tests see it by copies that do. */
static const struct cub_protocol *with_trace(const struct cub_protocol *protocol,
                                             struct cub_protocol *copy)
{
    if (protocol == NULL || protocol->trace != NULL)
        return protocol;
    *copy = *protocol;
    copy->trace = cub_trace;
    return copy;
}

static void trace_all(struct end *end)
{
    static struct cub_profile profiles[2];
    static struct cub_protocol tables[2][4];
    unsigned side = end->setup.is_server ? 1 : 0;
    struct cub_profile traced = *end->config.profile;

    traced.client = with_trace(traced.client, &tables[side][0]);
    traced.server = with_trace(traced.server, &tables[side][1]);
    traced.client12 = with_trace(traced.client12, &tables[side][2]);
    traced.server12 = with_trace(traced.server12, &tables[side][3]);
    if (memcmp(&traced, end->config.profile, sizeof traced) == 0)
        return;
    profiles[side] = traced;
    end->config.profile = &profiles[side];
}

enum cub_error end_start(struct end *end)
{
    trace_all(end);
    return cub_engine_start(&end->engine, &end->setup);
}

uint8_t pump_byte(uint64_t n)
{
    return (uint8_t)(n * 31 + (n >> 8) * 7 + (n >> 16));
}

static bool send_data(struct end *end)
{
    bool moved = false;
    uint8_t *p;
    size_t n;

    while (end->to_send > 0 && (p = cub_engine_sendapp_buf(&end->engine, &n)) != NULL) {
        if (n > end->to_send)
            n = (size_t)end->to_send;
        for (size_t i = 0; i < n; i++)
            p[i] = pump_byte(end->sent + i);
        end->sent += n;
        end->to_send -= n;
        cub_engine_sendapp_ack(&end->engine, n);
        moved = true;
    }
    if (moved)
        cub_engine_flush(&end->engine);
    return moved;
}

bool end_pump_data(struct end *end)
{
    bool moved = send_data(end);
    uint8_t *p;
    size_t n;

    while ((p = cub_engine_recvapp_buf(&end->engine, &n)) != NULL) {
        for (size_t i = 0; i < n; i++)
            end->wrong += p[i] != pump_byte(end->received + i);
        end->received += n;
        cub_engine_recvapp_ack(&end->engine, n);
        moved = true;
    }
    return moved;
}

size_t end_forge(struct end *end, uint8_t type, uint8_t *record, size_t len)
{
    struct cub_protection *protection = &end->engine.in.protection;
    size_t size = protection->format->seal(protection, record, type, len);

    if (protection->aead != NULL)
        protection->sequence--; /* it is the receiver's own */
    return size;
}

void pump_init(struct pump *p)
{
    memset(p, 0, sizeof *p);
    end_init(&p->ends[PUMP_CLIENT], false);
    end_init(&p->ends[PUMP_SERVER], true);
}

void pump_start(struct pump *p)
{
    cr_assert_eq(end_start(&p->ends[PUMP_SERVER]), E_OK);
    cr_assert_eq(end_start(&p->ends[PUMP_CLIENT]), E_OK);
}

void pump_insert(struct pump *p, enum pump_side from, const void *bytes, size_t len)
{
    struct pump_wire *wire = &p->wires[from];

    if (wire->head > 0) {
        memmove(wire->bytes, wire->bytes + wire->head, wire->tail - wire->head);
        wire->tail -= wire->head;
        wire->head = 0;
    }
    cr_assert_leq(wire->tail + len, sizeof wire->bytes, "the wire is full");
    memcpy(wire->bytes + wire->tail, bytes, len);
    wire->tail += len;
}

/* A whole record was gathered. */
static void pass_record(struct pump *p, enum pump_side from)
{
    struct pump_record *record = &p->wires[from].record;

    if (p->hook != NULL)
        p->hook(p, from, record);
    p->records[from]++;
    if (record->len > 0)
        pump_insert(p, from, record->bytes, record->len);
    record->len = 0;
}

/* Takes what an engine wants to send, record by record, while the wire has room for one. */
static bool gather(struct pump *p, enum pump_side from)
{
    struct pump_wire *wire = &p->wires[from];
    struct pump_record *record = &wire->record;
    bool moved = false;
    uint8_t *bytes;
    size_t n;

    while (wire->tail - wire->head + 2 * PUMP_RECORD < PUMP_WIRE &&
           (bytes = cub_engine_sendrec_buf(&p->ends[from].engine, &n)) != NULL) {
        size_t want = record->len < 5 ? 5 : 5 + ((size_t)record->bytes[3] << 8 | record->bytes[4]);

        if (n > want - record->len)
            n = want - record->len;
        memcpy(record->bytes + record->len, bytes, n);
        record->len += n;
        cub_engine_sendrec_ack(&p->ends[from].engine, n);
        if (record->len >= 5 &&
            record->len == 5 + ((size_t)record->bytes[3] << 8 | record->bytes[4]))
            pass_record(p, from);
        moved = true;
    }
    return moved;
}

static size_t next_piece(struct pump *p, struct pump_wire *wire)
{
    size_t n = wire->tail - wire->head;

    if (p->splits == NULL || n == 0)
        return n;
    if (p->splits[wire->next_split] == 0)
        wire->next_split = 0;
    if (p->splits[wire->next_split] < n)
        n = p->splits[wire->next_split];
    wire->next_split++;
    return n;
}

static bool deliver(struct pump *p, enum pump_side from)
{
    struct pump_wire *wire = &p->wires[from];
    struct end *to = &p->ends[!from];
    bool moved = false;
    uint8_t *bytes;
    size_t n, room;

    while ((n = next_piece(p, wire)) > 0 &&
           (bytes = cub_engine_recvrec_buf(&to->engine, &room)) != NULL) {
        if (n > room)
            n = room;
        memcpy(bytes, wire->bytes + wire->head, n);
        wire->head += n;
        wire->carried += n;
        cub_engine_recvrec_ack(&to->engine, n);
        end_pump_data(to);
        moved = true;
    }
    return moved;
}

void pump_run(struct pump *p)
{
    bool moved = true;

    while (moved) {
        moved = false;
        for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
            moved |= gather(p, (enum pump_side)side);
            moved |= deliver(p, (enum pump_side)side);
            moved |= end_pump_data(&p->ends[side]);
        }
    }
}

void pump_handshake(struct pump *p)
{
    pump_start(p);
    pump_run(p);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        const struct cub_engine *e = &p->ends[side].engine;

        cr_assert(cub_engine_connected(e) && cub_engine_error(e) == E_OK, "%s: %s in %s",
                  side == PUMP_SERVER ? "server" : "client",
                  cub_error_info(cub_engine_error(e))->name, cub_state_name(e->state));
    }
}

void pump_send(struct pump *p, enum pump_side from, uint64_t n)
{
    p->ends[from].to_send += n;
    pump_run(p);
}

bool pump_exchange(struct pump *p, uint64_t n)
{
    uint64_t before[2] = {p->ends[0].received, p->ends[1].received};

    p->ends[PUMP_CLIENT].to_send += n;
    p->ends[PUMP_SERVER].to_send += n;
    pump_run(p);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        if (p->ends[side].received != before[side] + n || p->ends[side].wrong != 0)
            return false;
    }
    return true;
}

void *pump_save(const struct pump *p)
{
    void *saved = malloc(sizeof *p);

    cr_assert_not_null(saved);
    memcpy(saved, p, sizeof *p);
    return saved;
}

void pump_restore(struct pump *p, const void *saved)
{
    memcpy(p, saved, sizeof *p);
}
