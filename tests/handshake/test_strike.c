#include <criterion/criterion.h>

#include <string.h>

#include "handshake/strike.h"

#define START UINT64_C(1000000)

static struct cub_strike entries[64];
static struct cub_strike_register strikes = {entries, 64, START};

/* A flight that comes now, with a window of 100 ms; n is its identifier. */
static enum cub_error claim(uint32_t n, uint64_t now)
{
    uint8_t id[32] = {0};
    struct cub_first_flight flight = {
        {id, sizeof id},
        now, now - 100, now + 100
    };

    /* Spread over the sets as a hash would. */
    n *= 2654435761u;
    memcpy(id, &n, sizeof n);
    return cub_strike_claim(&strikes, NULL, &flight);
}

Test(strike, once)
{
    uint64_t now = START + 500;

    cr_assert_eq(claim(1, now), E_OK);
    cr_assert_eq(claim(1, now), E_EARLY_DATA_REFUSED);
    cr_assert_eq(claim(2, now), E_OK);
    cr_assert_eq(claim(1, now + 100), E_EARLY_DATA_REFUSED);
    cr_assert_eq(claim(2, now + 100), E_EARLY_DATA_REFUSED);
    /* It is not fresh any more: nobody asks, and its place is free. */
    cr_assert_eq(claim(1, now + 101), E_OK);
}

/* What might have come before the register was there. */
Test(strike, start)
{
    cr_assert_eq(claim(1, START + 99), E_EARLY_DATA_REFUSED);
    cr_assert_eq(claim(1, START + 100), E_OK);
}

/* A full set refuses, and forgets nothing; when time has passed there is room again. */
Test(strike, full)
{
    uint64_t now = START + 500;
    unsigned accepted = 0;

    for (uint32_t n = 0; n < 1000; n++)
        accepted += claim(n, now) == E_OK;
    cr_assert_eq(accepted, 64);
    for (uint32_t n = 0; n < 1000; n++)
        cr_assert_eq(claim(n, now), E_EARLY_DATA_REFUSED);
    accepted = 0;
    for (uint32_t n = 0; n < 1000; n++)
        accepted += claim(n, now + 101) == E_OK;
    cr_assert_eq(accepted, 64);
}

Test(strike, short_identifier)
{
    uint8_t id[15] = {0};
    struct cub_first_flight flight = {
        {id, sizeof id},
        START + 500, START + 400, START + 600
    };

    cr_assert_eq(cub_strike_claim(&strikes, NULL, &flight), E_EARLY_DATA_REFUSED);
}
