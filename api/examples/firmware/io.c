/*
 * The loop around an engine, for a board that waits for its line.
 */
#include <string.h>

#include "api/examples/firmware/firmware.h"

static void send_all(struct cub_engine *engine)
{
    const uint8_t *p;
    size_t n;

    while ((p = cub_engine_sendrec_buf(engine, &n)) != NULL) {
        n = board_send(p, n);
        if (n == 0)
            return;
        cub_engine_sendrec_ack(engine, n);
    }
}

/* Sends what there is, then receives; false if there is nothing left to do. */
static bool move(struct cub_engine *engine)
{
    uint8_t *p;
    size_t n;

    send_all(engine);
    p = cub_engine_recvrec_buf(engine, &n);
    if (p == NULL)
        return false;
    n = board_receive(p, n);
    if (n == 0)
        cub_engine_eof(engine);
    cub_engine_recvrec_ack(engine, n);
    return n > 0;
}

enum cub_error firmware_handshake(struct cub_engine *engine)
{
    while (!cub_engine_connected(engine)) {
        if (!move(engine))
            break;
    }
    send_all(engine);
    return cub_engine_error(engine);
}

enum cub_error firmware_write(struct cub_engine *engine, const void *data, size_t len)
{
    size_t room;
    uint8_t *p = cub_engine_sendapp_buf(engine, &room);

    if (p == NULL || room < len)
        return E_ENGINE_STATE;
    memcpy(p, data, len);
    cub_engine_sendapp_ack(engine, len);
    cub_engine_flush(engine);
    send_all(engine);
    return cub_engine_error(engine);
}

const uint8_t *firmware_read(struct cub_engine *engine, size_t *len)
{
    const uint8_t *p;

    while ((p = cub_engine_recvapp_buf(engine, len)) == NULL) {
        if (!move(engine))
            break;
    }
    return p;
}

void firmware_close(struct cub_engine *engine)
{
    cub_engine_close(engine);
    send_all(engine);
    cub_engine_free(engine);
}
