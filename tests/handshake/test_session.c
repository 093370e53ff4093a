#include <criterion/criterion.h>

#include <string.h>

#include "handshake/config.h"
#include "handshake/session.h"

static const uint8_t bytes[300] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static const struct cub_session_state full = {
    .version = CUB_TLS1_3,
    .suite = 0x1302,
    .verify_mode = CUB_VERIFY_REQUIRED,
    .lifetime = 7200,
    .age_add = 0xfedcba98,
    .max_early_data = 16384,
    .issued = UINT64_C(0x0123456789abcdef),
    .established = UINT64_C(0x0123456789000000),
    .secret = {bytes,     48 },
    .ticket = {bytes + 1, 290},
    .alpn = {bytes + 2, 2  },
    .server_name = {bytes + 3, 255},
    .binding = {bytes + 4, 64 },
    .data = {bytes + 5, 280},
};

static void check_view(struct cub_view a, struct cub_view b)
{
    cr_assert_eq(a.len, b.len);
    cr_assert(a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static void check_same(const struct cub_session_state *a, const struct cub_session_state *b)
{
    cr_assert_eq(a->version, b->version);
    cr_assert_eq(a->suite, b->suite);
    cr_assert_eq(a->verify_mode, b->verify_mode);
    cr_assert_eq(a->lifetime, b->lifetime);
    cr_assert_eq(a->age_add, b->age_add);
    cr_assert_eq(a->max_early_data, b->max_early_data);
    cr_assert_eq(a->issued, b->issued);
    cr_assert_eq(a->established, b->established);
    check_view(a->secret, b->secret);
    check_view(a->ticket, b->ticket);
    check_view(a->alpn, b->alpn);
    check_view(a->server_name, b->server_name);
    check_view(a->binding, b->binding);
    check_view(a->data, b->data);
}

static void check_round_trip(const struct cub_session_state *session)
{
    static uint8_t encoded[2000];
    struct cub_session_state decoded;
    size_t size = cub_session_size(session), len;

    cr_assert_eq(cub_session_encode(session, encoded, size, &len), E_OK);
    cr_assert_eq(len, size);
    cr_assert_eq(cub_session_decode(&decoded, encoded, len), E_OK);
    check_same(session, &decoded);
    cr_assert_eq(cub_session_encode(session, encoded, size - 1, &len), E_SESSION_BUFFER);
    cr_assert_eq(len, 0);
}

Test(session, round_trip)
{
    const struct cub_session_state least = {
        .secret = {bytes, 1}
    };

    check_round_trip(&full);
    check_round_trip(&least);
}

/* No part of a session is one, and no session with something behind it. */
Test(session, prefixes)
{
    uint8_t encoded[1500];
    struct cub_session_state decoded;
    size_t len;

    cr_assert_eq(cub_session_encode(&full, encoded, sizeof encoded, &len), E_OK);
    for (size_t i = 0; i < len; i++)
        cr_assert_eq(cub_session_decode(&decoded, encoded, i), E_SESSION_FORM, "%zu", i);
    cr_assert_eq(cub_session_decode(&decoded, encoded, len + 1), E_SESSION_FORM);
    encoded[0]++;
    cr_assert_eq(cub_session_decode(&decoded, encoded, len), E_SESSION_FORM);
    cr_assert_null(decoded.secret.data);
}

/* What does not fit the format is not written. */
Test(session, too_long)
{
    static uint8_t encoded[70000];
    static const uint8_t long_bytes[65536];
    size_t offsets[][2] = {
        {offsetof(struct cub_session_state, secret),      65   },
        {offsetof(struct cub_session_state, secret),      0    },
        {offsetof(struct cub_session_state, ticket),      65536},
        {offsetof(struct cub_session_state, alpn),        256  },
        {offsetof(struct cub_session_state, server_name), 256  },
        {offsetof(struct cub_session_state, binding),     65   },
        {offsetof(struct cub_session_state, data),        65536},
    };

    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        struct cub_session_state session = full;
        struct cub_view view = {long_bytes, offsets[i][1]};
        size_t len;

        memcpy((uint8_t *)&session + offsets[i][0], &view, sizeof view);
        cr_assert_eq(cub_session_encode(&session, encoded, sizeof encoded, &len), E_SESSION_BUFFER);
    }
}
