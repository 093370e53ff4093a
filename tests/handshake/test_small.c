/*
 * The least memory: records as small as buffers, messages longer than the handshake memory, chains
 * longer than all of it.
 */
#define _GNU_SOURCE
#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/pump.h"

static struct pump p;
static struct end *const client = &p.ends[PUMP_CLIENT];
static struct end *const server = &p.ends[PUMP_SERVER];

static unsigned longest[2]; /* record from each side, once protected */

static void measure(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    (void)pump;
    if (record->bytes[0] == CUB_APPLICATION_DATA && record->len > longest[from])
        longest[from] = (unsigned)record->len;
}

static void start(void)
{
    longest[0] = longest[1] = 0;
    pump_init(&p);
    p.hook = measure;
}

/* What a side has announced, the other keeps to: records fit into the buffers they are for. */
Test(small, record_size_limit)
{
    static const size_t sizes[] = {320, 512, 1000, 4096, 16000, 16384};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            start();
            end_shrink(client, sizes[i], 16384, 8192);
            end_shrink(server, sizes[j], 16384, 8192);
            client->setup.handshake_size = server->setup.handshake_size = PUMP_HANDSHAKE;
            pump_handshake(&p);
            cr_assert(pump_exchange(&p, 100000));
            cr_assert_eq(longest[PUMP_SERVER], 5 + sizes[i] + 1 + 16);
            cr_assert_eq(longest[PUMP_CLIENT], 5 + sizes[j] + 1 + 16);
        }
    }
}

static unsigned announced; /* in a ServerHello of TLS 1.2 */

static void look_at_limit(struct pump *pump, enum pump_side from, struct pump_record *record)
{
    static const uint8_t extension[] = {0, 28, 0, 2};
    const uint8_t *found = memmem(record->bytes, record->len, extension, sizeof extension);

    if (pump->records[from] == 0 && from == PUMP_SERVER && found)
        announced = (unsigned)found[4] << 8 | found[5];
}

/* In TLS 1.2 a server must not announce more than 2^14 [RFC8449-4]. */
Test(small, record_size_limit_of_tls12)
{
    static const size_t sizes[] = {512, 16384};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        start();
        announced = 0;
        p.hook = look_at_limit;
        end_shrink(server, sizes[i], 16384, 8192);
        for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++)
            p.ends[side].config.min_version = p.ends[side].config.max_version = CUB_TLS1_2;
        pump_handshake(&p);
        cr_assert(pump_exchange(&p, 100000));
        cr_assert_geq(announced, sizes[i]);
        cr_assert_leq(announced, 16384);
    }
}

/* Small buffers to send from, whatever may be received. */
Test(small, out)
{
    static const size_t sizes[] = {64, 65, 100, 512, 5000};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
            start();
            end_shrink(&p.ends[side], 16384, sizes[i], 1500);
            server->config.verify_mode = CUB_VERIFY_REQUIRED;
            pump_handshake(&p);
            cr_assert(pump_exchange(&p, 20000));
            cr_assert_leq(longest[side], CUB_RECORD_BUFFER(sizes[i]));
        }
    }
}

/* A chain of many certificates, each of which fits. */
static void lengthen(struct end *end, struct cub_view *chain, size_t count)
{
    for (size_t i = 0; i < count; i++)
        chain[i] = end->chain[i == 0 ? 0 : 1];
    end->credential.chain = chain;
    end->credential.chain_len = count;
}

/* Both sides with 512-byte records and memory for one certificate: chains of 4 KB pass. */
Test(small, chain_longer_than_memory)
{
    static struct cub_view server_chain[8], client_chain[8];
    static const size_t one[] = {1, 0};

    for (unsigned slowly = 0; slowly < 2; slowly++) {
        start();
        p.splits = slowly ? one : NULL;
        end_shrink(client, 512, 512, 640);
        end_shrink(server, 512, 512, 640);
        lengthen(server, server_chain, 8);
        lengthen(client, client_chain, 8);
        server->config.verify_mode = CUB_VERIFY_REQUIRED;
        cr_assert_lt(server_chain[0].len, 640);
        pump_handshake(&p);
        cr_assert(pump_exchange(&p, 5000));
        cr_assert_eq(longest[PUMP_SERVER], 5 + 512 + 1 + 16);
        cr_assert_eq(longest[PUMP_CLIENT], 5 + 512 + 1 + 16);
    }
}

/* How little memory for messages is enough: it must work or say so, at every size. */
Test(small, least_handshake_memory)
{
    size_t least[2] = {0, 0};

    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        for (size_t messages = 4; messages < 1200; messages += 12) {
            enum cub_error err;

            start();
            end_shrink(&p.ends[side], 512, 512, messages);
            if (side == PUMP_SERVER)
                server->config.verify_mode = CUB_VERIFY_REQUIRED;
            pump_start(&p);
            pump_run(&p);
            err = cub_engine_error(&p.ends[side].engine);
            if (err == E_OK) {
                cr_assert(pump_exchange(&p, 1000), "%zu", messages);
                if (least[side] == 0)
                    least[side] = messages;
                continue;
            }
            cr_assert_eq(least[side], 0, "enough at %zu, not at %zu", least[side], messages);
            cr_assert_eq(err, E_MESSAGE_BUFFER, "%zu: %s", messages, cub_error_info(err)->name);
            cr_assert_eq(cub_engine_alert_received(&p.ends[!side].engine), ALERT_INTERNAL_ERROR);
        }
    }
    cr_log_info("messages: client %zu, server %zu bytes", least[PUMP_CLIENT], least[PUMP_SERVER]);
    cr_assert_lt(least[PUMP_CLIENT], 600);
    cr_assert_lt(least[PUMP_SERVER], 600);
}

/* One certificate that does not fit is named as the cause. */
Test(small, certificate_too_large)
{
    start();
    end_shrink(client, 512, 16384, 400);
    pump_start(&p);
    pump_run(&p);
    cr_assert_eq(cub_engine_error(&client->engine), E_MESSAGE_BUFFER);
    cr_assert_eq(cub_engine_alert_received(&server->engine), ALERT_INTERNAL_ERROR);
}

/* Too little to begin with. */
Test(small, refused)
{
    start();
    end_shrink(client, 63, 64, 4);
    cr_assert_eq(end_start(client), E_ENGINE_BUFFER);
    end_shrink(client, 64, 63, 4);
    cr_assert_eq(end_start(client), E_ENGINE_BUFFER);
    end_shrink(client, 64, 64, 3);
    cr_assert_eq(end_start(client), E_ENGINE_MEMORY);
    end_shrink(client, 64, 64, 200);
    cr_assert_eq(end_start(client), E_OK);
}

/* Nobody writes beyond the memory that was given. */
Test(small, guards)
{
    start();
    end_shrink(client, 512, 128, 640);
    end_shrink(server, 512, 128, 640);
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        struct end *end = &p.ends[side];

        memset(end->in + end->setup.in_size, 0xee, 64);
        memset(end->out + end->setup.out_size, 0xee, 64);
        memset((uint8_t *)end->handshake + end->setup.handshake_size, 0xee, 64);
    }
    server->config.verify_mode = CUB_VERIFY_REQUIRED;
    pump_handshake(&p);
    cr_assert(pump_exchange(&p, 10000));
    for (unsigned side = PUMP_CLIENT; side <= PUMP_SERVER; side++) {
        struct end *end = &p.ends[side];

        for (unsigned i = 0; i < 64; i++) {
            cr_assert_eq(end->in[end->setup.in_size + i], 0xee);
            cr_assert_eq(end->out[end->setup.out_size + i], 0xee);
            cr_assert_eq(((uint8_t *)end->handshake)[end->setup.handshake_size + i], 0xee);
        }
    }
}
