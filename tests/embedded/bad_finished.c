/*
 * A server's Finished that is wrong, for a test: the linker (--wrap) puts this before the action
 * that takes it, and one bit is another by then.
 */
#include "handshake/actions.h"

enum cub_error __real_cub_recv_finished(struct cub_engine *e);
enum cub_error __wrap_cub_recv_finished(struct cub_engine *e);

enum cub_error __wrap_cub_recv_finished(struct cub_engine *e)
{
    uint8_t *verify_data = (uint8_t *)(uintptr_t)e->message.body.p;

    verify_data[0] ^= 1;
    return __real_cub_recv_finished(e);
}
