/*
 * A TLS 1.3 server with one P-256 key in 512-byte records: sends back what it gets.
 */
#include "api/examples/firmware/firmware.h"

static struct cub_engine engine;
static uint8_t in[CUB_RECORD_BUFFER(512)];
static uint8_t out[CUB_RECORD_BUFFER(512)];
static uint64_t handshake[1480 / 8];

static const struct cub_random random = {board_entropy, NULL};
static const struct cub_config config = {
    .profile = &cub_profile_server,
    .random = &random,
    .credentials = &firmware_credential,
    .num_credentials = 1,
};

/* Sends a record's data back until the peer has enough. */
static enum cub_error echo(void)
{
    enum cub_error error = E_OK;
    const uint8_t *data;
    size_t n;

    while (error == E_OK && (data = firmware_read(&engine, &n)) != NULL) {
        board_take(data, n);
        error = firmware_write(&engine, data, n);
        cub_engine_recvapp_ack(&engine, n);
    }
    return error != E_OK ? error : cub_engine_error(&engine);
}

enum cub_error firmware_run(void)
{
    const struct cub_engine_setup setup = {
        .config = &config,
        .is_server = 1,
        .in = in,
        .in_size = sizeof in,
        .out = out,
        .out_size = sizeof out,
        .handshake = handshake,
        .handshake_size = sizeof handshake,
    };
    enum cub_error error = cub_engine_start(&engine, &setup);

    if (error == E_OK)
        error = firmware_handshake(&engine);
    if (error == E_OK)
        error = echo();
    firmware_close(&engine);
    return error;
}
