/* Cortex-M: vectors, semihosting, clock. */
#include "tests/embedded/board.h"

extern uint32_t stack_end[]; /* of board.ld */

void fault(void);
void reset(void);

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CONTROL   REGISTER(0xe000e010u)
#define SYSTICK_RELOAD    REGISTER(0xe000e014u)
#define SYSTICK_VALUE     REGISTER(0xe000e018u)

const uint32_t clock_mask = 0xffffff; /* it goes round in 0.67 s at 25 MHz */

uint32_t semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

void clock_start(void)
{
    SYSTICK_RELOAD = clock_mask;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5; /* on, at the processor's clock, no interrupt */
}

/* It counts down. */
uint32_t clock_ticks(void)
{
    return ~SYSTICK_VALUE;
}

void reset(void)
{
    begin();
}

void fault(void)
{
    log_text("fault\n");
    stop();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    stack_end,
    (const void *)reset,
    (const void *)fault,
    (const void *)fault,
};
