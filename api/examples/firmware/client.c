/*
 * A TLS 1.3 client in 512-byte records that checks its server's certificate and name: sends a line
 * and takes one back.
 */
#include "api/examples/firmware/firmware.h"

static struct cub_engine engine;
static struct cub_chain chain;
static uint8_t chain_buffer[CUB_CHAIN_BUFFER_P256];
static uint8_t in[CUB_RECORD_BUFFER(512)];
static uint8_t out[CUB_RECORD_BUFFER(128)];
static uint64_t handshake[1392 / 8]; /* messages of up to 650 bytes */

static const struct cub_verify_scheme *const schemes[] = {&cub_verify_ecdsa_secp256r1_sha256};
static const struct cub_chain_config chain_config = {
    .anchors = &firmware_anchor,
    .anchor_count = 1,
    .schemes = {schemes, 1},
    .now = board_time,
};
static const struct cub_random random = {board_entropy, NULL};
static const struct cub_config config = {
    .profile = &cub_profile_ecdsa_client,
    .random = &random,
    .verifier = &cub_chain_verifier_ecdsa,
    .verify_mode = CUB_VERIFY_REQUIRED,
};

enum cub_error firmware_run(void)
{
    static const char line[] = "this is a board\n";
    const struct cub_engine_setup setup = {
        .config = &config,
        .server_name = firmware_server_name,
        .verifier_context = &chain,
        .in = in,
        .in_size = sizeof in,
        .out = out,
        .out_size = sizeof out,
        .handshake = handshake,
        .handshake_size = sizeof handshake,
    };
    const uint8_t *data;
    enum cub_error error;
    size_t n;

    chain.config = &chain_config;
    chain.buffer = chain_buffer;
    chain.buffer_size = sizeof chain_buffer;
    error = cub_engine_start(&engine, &setup);
    if (error == E_OK)
        error = firmware_handshake(&engine);
    if (error == E_OK)
        error = firmware_write(&engine, line, sizeof line - 1);
    if (error == E_OK && (data = firmware_read(&engine, &n)) != NULL)
        board_take(data, n);
    firmware_close(&engine);
    return error;
}
