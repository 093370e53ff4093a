/*
 * A TLS 1.3 client that shares a key with its server: no certificates, no curves. Sends a line and
 * takes one back.
 */
#include "api/examples/firmware/firmware.h"

static struct cub_engine engine;
static uint8_t in[CUB_RECORD_BUFFER(192)];
static uint8_t out[CUB_RECORD_BUFFER(128)];
static uint64_t handshake[1000 / 8];

static bool psk_to_offer(void *owner, unsigned i, struct cub_psk *psk)
{
    (void)owner;
    *psk = firmware_psk;
    return i == 0;
}

static const struct cub_random random = {board_entropy, NULL};
static const struct cub_config config = {
    .profile = &cub_profile_psk_client,
    .random = &random,
    .flags = CUB_FLAG_PSK_KE,
    .psk_to_offer = psk_to_offer,
};

enum cub_error firmware_run(void)
{
    static const char line[] = "this is a board\n";
    const struct cub_engine_setup setup = {
        .config = &config,
        .in = in,
        .in_size = sizeof in,
        .out = out,
        .out_size = sizeof out,
        .handshake = handshake,
        .handshake_size = sizeof handshake,
    };
    const uint8_t *data;
    enum cub_error error = cub_engine_start(&engine, &setup);
    size_t n;

    if (error == E_OK)
        error = firmware_handshake(&engine);
    if (error == E_OK)
        error = firmware_write(&engine, line, sizeof line - 1);
    if (error == E_OK && (data = firmware_read(&engine, &n)) != NULL)
        board_take(data, n);
    firmware_close(&engine);
    return error;
}
