#include <criterion/criterion.h>

#include <string.h>

#include "tests/handshake/misdeeds.h"

static struct peer p;

void with_retry(struct peer *peer)
{
    peer->retry = true;
}

void with_cookie(struct peer *peer)
{
    peer->retry = peer->cookie = true;
    peer->victim.config.flags |= CUB_FLAG_COOKIE;
}

void with_client_auth(struct peer *peer)
{
    peer->ask = true;
    if (peer->victim.setup.is_server)
        peer->victim.config.verify_mode = CUB_VERIFY_REQUIRED;
}

static void start(bool victim_is_server, peer_hook *hook, void (*prepare)(struct peer *))
{
    peer_init(&p, victim_is_server);
    p.hook = hook;
    if (prepare != NULL)
        prepare(&p);
}

/* Nothing moves in a connection that failed. */
static void check_dead(const char *name)
{
    struct cub_engine *e = &p.victim.engine;
    uint64_t data = p.data;
    size_t n;

    cr_assert_null(cub_engine_recvrec_buf(e, &n), "%s", name);
    cr_assert_null(cub_engine_recvapp_buf(e, &n), "%s", name);
    cr_assert_null(cub_engine_sendapp_buf(e, &n), "%s", name);
    cr_assert_null(cub_engine_sendrec_buf(e, &n), "%s", name);
    cub_engine_close(e);
    cub_engine_key_update(e, true);
    cub_engine_flush(e);
    cub_engine_resume(e);
    cr_assert_null(cub_engine_sendrec_buf(e, &n), "%s", name);
    cr_assert_eq(p.data, data);
}

void do_misdeeds(const struct misdeed *rows, size_t count, bool victim_is_server)
{
    for (const struct misdeed *row = rows; row < rows + count; row++) {
        enum cub_error err;

        start(victim_is_server, row->hook, row->prepare);
        peer_run(&p);
        err = cub_engine_error(&p.victim.engine);
        cr_assert_eq(err, row->error, "%s: %s in %s", row->name, cub_error_info(err)->name,
                     cub_state_name(p.victim.engine.state));
        cr_assert_eq(p.alert, row->alert, "%s: alert %d", row->name, p.alert);
        cr_assert_eq(cub_engine_alert_sent(&p.victim.engine), row->alert, "%s", row->name);
        if (row->alert != ALERT_NONE)
            cr_assert_eq(p.alert_level, 2, "%s", row->name);
        cr_assert_eq(cub_error_alert(err), row->alert, "%s", row->name);
        check_dead(row->name);
    }
}

void do_harmless(const struct harmless *rows, size_t count, bool victim_is_server)
{
    for (const struct harmless *row = rows; row < rows + count; row++) {
        uint64_t before;

        start(victim_is_server, row->hook, row->prepare);
        cr_assert(peer_run(&p), "%s: %s in %s", row->name,
                  cub_error_info(cub_engine_error(&p.victim.engine))->name,
                  cub_state_name(p.victim.engine.state));
        before = p.victim.received;
        peer_send(&p, CUB_APPLICATION_DATA, "ab", 2);
        cr_assert_eq(p.victim.received, before + 2, "%s", row->name);
        p.victim.to_send = 10;
        peer_send(&p, CUB_APPLICATION_DATA, "c", 1);
        cr_assert_eq(p.data, 10, "%s", row->name);
    }
}
