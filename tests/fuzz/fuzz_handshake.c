/*
 * A peer that has the right keys and says anything: two engines are joined in memory, and at any
 * moment of their connection one of them gets records with these contents, protected as it expects
 * them. The input is the connection, the moment and the side, a byte each, then the records:
 * content type, two bytes of length, content.
 */
#include <stdlib.h>

#include "handshake/certificate.h"
#include "tests/fuzz/fuzz.h"
#include "tests/handshake/returning.h"

#define MOMENTS  24
#define OVERHEAD 400

enum {
    FULL13,
    MUTUAL13,
    RESUMED13,
    FULL12,
    MUTUAL12,
    RESUMED12,
    SMALL13,
    RELEASED13,
    RELEASED12,
    CONNECTIONS
};

static struct pump *const p = &returning.pump;
static struct end *const client = &returning.pump.ends[PUMP_CLIENT];
static struct end *const server = &returning.pump.ends[PUMP_SERVER];
static unsigned passing; /* records that still pass */

static uint8_t *memory(void *context, void *owner, size_t len)
{
    static uint8_t bytes[2][CUB_MAX_CERTIFICATE_MESSAGE];

    (void)context;
    return len <= sizeof bytes[0] ? bytes[owner == server] : NULL;
}

/* "Compressed" as it is. */
static bool decompress(void *context, void *owner, struct cub_view in, uint8_t *message, size_t len)
{
    (void)context, (void)owner;
    if (in.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        message[i] = in.data[i];
    return true;
}

static const struct cub_compression same = {.algorithm = 1,
                                            .memory = memory,
                                            .decompress = decompress};
static const struct cub_compression *const compressions[] = {&same, NULL};

static enum cub_error any_key(void *owner, struct cub_view *spki)
{
    (void)owner, (void)spki;
    return E_OK;
}

static enum cub_error any_scts(void *owner, const uint8_t *list, size_t len)
{
    (void)owner;
    return cub_sct_list_check(list, len);
}

static void forget_session(void *owner, const struct cub_session_state *session)
{
    uint8_t bytes[4096];
    size_t len;

    (void)owner;
    (void)cub_session_encode(session, bytes, sizeof bytes, &len);
}

static void configure(unsigned connection)
{
    static const uint8_t alpn[] = "\2h2\10http/1.1";
    bool is12 = connection == FULL12 || connection == MUTUAL12 || connection == RESUMED12 ||
                connection == RELEASED12;

    returning_init();
    for (unsigned side = 0; side < 2; side++) {
        struct cub_config *config = &p->ends[side].config;

        config->min_version = CUB_TLS1_2;
        config->max_version = is12 ? CUB_TLS1_2 : CUB_TLS1_3;
        config->alpn = (struct cub_view){alpn, sizeof alpn - 1};
        config->compressions = compressions;
        config->raw_public_key = any_key;
        config->take_scts = any_scts;
        config->flags = CUB_FLAG_POST_HANDSHAKE_AUTH | CUB_FLAG_DELEGATED_CREDENTIALS;
    }
    server->verifier.config = client->verifier.config;
    server->config.flags = 0;
    if (connection == MUTUAL13 || connection == MUTUAL12)
        server->config.verify_mode = CUB_VERIFY_REQUIRED;
    if (connection == RESUMED13 || connection == RESUMED12) {
        pump_handshake(p);
        returning_again();
    }
    client->config.new_session = forget_session;
    if (connection == SMALL13) {
        end_shrink(client, 512, 128, 1024);
        end_shrink(server, 512, 512, 1024);
    }
    if (connection == RELEASED13)
        client->config.flags &= ~(uint32_t)CUB_FLAG_POST_HANDSHAKE_AUTH;
}

/* Lets some records pass; the others are lost. */
static void lose(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump, (void)from;
    if (passing > 0)
        passing--;
    else
        record->len = 0;
}

/* The connection when this many records have passed, made once. */
static void go_to(unsigned connection, unsigned moment)
{
    static struct returning *moments[CONNECTIONS][MOMENTS];
    static uint8_t spare[2][64];
    struct returning **saved = &moments[connection][moment];

    if (*saved) {
        returning = **saved;
        passing = 0;
        return;
    }
    configure(connection);
    p->hook = lose;
    passing = moment;
    pump_start(p);
    pump_run(p);
    passing = 0;
    if (connection == RELEASED13 || connection == RELEASED12)
        for (unsigned side = 0; side < 2; side++)
            cub_engine_release(&p->ends[side].engine, spare[side], sizeof spare[side]);
    *saved = malloc(sizeof returning);
    if (*saved)
        **saved = returning;
}

/* One record for this side; returns how much of the input it took. */
static size_t inject(enum pump_side to, const uint8_t *data, size_t len)
{
    static uint8_t record[CUB_RECORD_HEADER + 16384 + OVERHEAD];
    size_t prefix = p->ends[to].engine.in.protection.format->prefix;
    size_t content = (size_t)data[1] << 8 | data[2];

    if (content > len - 3)
        content = len - 3;
    if (content > 16384)
        content = 16384;
    for (size_t i = 0; i < content; i++)
        record[CUB_RECORD_HEADER + prefix + i] = data[3 + i];
    pump_insert(p, !to, record, end_forge(&p->ends[to], data[0], record, content));
    pump_run(p);
    return 3 + content;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    enum pump_side to;

    if (len < 3)
        return 0;
    go_to(data[0] % CONNECTIONS, data[1] % MOMENTS);
    to = data[2] & 1 ? PUMP_SERVER : PUMP_CLIENT;
    for (data += 3, len -= 3; len > 3 && cub_engine_error(&p->ends[to].engine) == E_OK;) {
        size_t n = inject(to, data, len);

        data += n;
        len -= n;
    }
    p->hook = NULL;
    cub_engine_close(&client->engine);
    cub_engine_close(&server->engine);
    pump_run(p);
    return 0;
}
