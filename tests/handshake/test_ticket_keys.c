#include <criterion/criterion.h>

#include <string.h>

#include "handshake/ticket_keys.h"
#include "tests/support/random.h"

#define SESSION "what a session is made of"
#define LEN     (sizeof SESSION)

static struct test_random state;
static const struct cub_random source = {test_random_fill, &state};
static struct cub_ticket_keys keys = {.aead = &cub_chacha20_poly1305, .random = &source};
static uint8_t buffer[LEN + CUB_TICKET_OVERHEAD];

static void rotate(uint8_t c)
{
    uint8_t key[CUB_TICKET_KEY_SIZE];

    memset(key, c, sizeof key);
    cub_ticket_keys_rotate(&keys, key);
}

/* A ticket in buffer. */
static size_t seal(void)
{
    size_t len = LEN;

    memcpy(buffer, SESSION, LEN);
    cr_assert_eq(cub_ticket_seal(&keys, NULL, buffer, &len, sizeof buffer), E_OK);
    cr_assert_eq(len, sizeof buffer);
    return len;
}

static void check_open(const uint8_t *ticket, enum cub_error expected)
{
    uint8_t copy[sizeof buffer];
    size_t len = sizeof copy;

    memcpy(copy, ticket, sizeof copy);
    cr_assert_eq(cub_ticket_open(&keys, NULL, copy, &len, sizeof copy), expected);
    if (expected == E_OK) {
        cr_assert_eq(len, LEN);
        cr_assert_arr_eq(copy, SESSION, LEN);
    }
}

Test(ticket_keys, round_trip)
{
    uint8_t first[sizeof buffer];

    rotate('a');
    seal();
    check_open(buffer, E_OK);
    cr_assert_arr_neq(buffer + sizeof buffer - 16 - LEN, SESSION, LEN);
    memcpy(first, buffer, sizeof first);
    seal();
    cr_assert_arr_neq(first, buffer, sizeof first);
}

/* Keys are good until three newer ones came. */
Test(ticket_keys, rotation)
{
    rotate('a');
    seal();
    for (uint8_t i = 1; i < CUB_TICKET_KEYS; i++) {
        rotate('a' + i);
        check_open(buffer, E_OK);
    }
    rotate('z');
    check_open(buffer, E_SESSION_UNKNOWN);
    seal();
    check_open(buffer, E_OK);
}

/* The right name, but another key. */
Test(ticket_keys, other_key)
{
    rotate('a');
    seal();
    keys.keys[0][CUB_TICKET_KEY_NAME] ^= 1;
    check_open(buffer, E_SESSION_UNKNOWN);
}

Test(ticket_keys, every_bit)
{
    rotate('a');
    seal();
    for (size_t bit = 0; bit < 8 * sizeof buffer; bit++) {
        buffer[bit / 8] ^= (uint8_t)(1u << bit % 8);
        check_open(buffer, E_SESSION_UNKNOWN);
        buffer[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    check_open(buffer, E_OK);
}

Test(ticket_keys, every_length)
{
    uint8_t copy[sizeof buffer];

    rotate('a');
    seal();
    for (size_t i = 0; i < sizeof buffer; i++) {
        size_t len = i;

        memcpy(copy, buffer, sizeof copy);
        cr_assert_eq(cub_ticket_open(&keys, NULL, copy, &len, sizeof copy), E_SESSION_UNKNOWN);
    }
}

Test(ticket_keys, cannot_seal)
{
    size_t len = LEN;

    cr_assert_eq(cub_ticket_seal(&keys, NULL, buffer, &len, sizeof buffer), E_SESSION_UNKNOWN);
    rotate('a');
    cr_assert_eq(cub_ticket_seal(&keys, NULL, buffer, &len, sizeof buffer - 1), E_SESSION_BUFFER);
    cr_assert_eq(cub_ticket_seal(&keys, NULL, buffer, &len, 3), E_SESSION_BUFFER);
    state.fail = 1;
    cr_assert_eq(cub_ticket_seal(&keys, NULL, buffer, &len, sizeof buffer), E_CRYPTO_RANDOM);
}
