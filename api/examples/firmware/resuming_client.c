/*
 * A client as in client.c that keeps its session in flash while the board sleeps, and resumes it:
 * no certificate and no signature then, and few messages.
 */
#include "api/examples/firmware/firmware.h"

#define FLASH_SIZE 768 /* bytes that a session may have */

static struct cub_engine engine;
static struct cub_chain chain;
static uint8_t chain_buffer[CUB_CHAIN_BUFFER_P256];
static uint8_t in[CUB_RECORD_BUFFER(512)];
static uint8_t out[CUB_RECORD_BUFFER(512)];
static uint64_t handshake[1720 / 8]; /* messages of up to 900 bytes: a ticket is part of one */
static uint8_t flash[FLASH_SIZE];

static const struct cub_verify_scheme *const schemes[] = {&cub_verify_ecdsa_secp256r1_sha256};
static const struct cub_chain_config chain_config = {
    .anchors = &firmware_anchor,
    .anchor_count = 1,
    .schemes = {schemes, 1},
    .now = board_time,
};

static uint64_t now(void *owner)
{
    int64_t seconds;

    (void)owner;
    return board_time(NULL, &seconds) == E_OK ? (uint64_t)seconds * 1000 : 0;
}

/* Whoever can read this memory can resume the session: not every flash is the place for it. */
static void keep(void *owner, const struct cub_session_state *session)
{
    size_t len;

    (void)owner;
    if (cub_session_encode(session, flash, sizeof flash, &len) == E_OK)
        board_flash_write(flash, len);
}

static const struct cub_random random = {board_entropy, NULL};
static const struct cub_config config = {
    .profile = &cub_profile_ecdsa_client_resuming,
    .random = &random,
    .verifier = &cub_chain_verifier_ecdsa,
    .verify_mode = CUB_VERIFY_REQUIRED,
    .now = now,
    .new_session = keep,
};

enum cub_error firmware_run(void)
{
    static const char fresh[] = "this is a board\n";
    static const char again[] = "it has slept\n";
    struct cub_session_state session;
    size_t kept = board_flash_read(flash, sizeof flash);
    bool has_session = kept > 0 && cub_session_decode(&session, flash, kept) == E_OK;
    const struct cub_engine_setup setup = {
        .config = &config,
        .server_name = firmware_server_name,
        .session = has_session ? &session : NULL,
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
    bool resumed;
    size_t n;

    chain.config = &chain_config;
    chain.buffer = chain_buffer;
    chain.buffer_size = sizeof chain_buffer;
    error = cub_engine_start(&engine, &setup);
    if (error == E_OK)
        error = firmware_handshake(&engine);
    resumed = cub_engine_psk(&engine) == CUB_PSK_RESUMPTION;
    if (error == E_OK)
        error = resumed ? firmware_write(&engine, again, sizeof again - 1)
                        : firmware_write(&engine, fresh, sizeof fresh - 1);
    if (error == E_OK && (data = firmware_read(&engine, &n)) != NULL)
        board_take(data, n);
    firmware_close(&engine);
    return error;
}
