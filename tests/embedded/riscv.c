/* RV32: start, semihosting, clock. */
#include "tests/embedded/board.h"

void reset(void);

const uint32_t clock_mask = 0xffffffff;

/* The sequence that a debugger knows: none of it may be compressed. */
uint32_t semihost(uint32_t operation, const void *argument)
{
    register uint32_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;

    __asm__ volatile(".option push\n"
                     ".option norvc\n"
                     ".balign 16\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

void clock_start(void) {}

/* Here it counts instructions. */
uint32_t clock_ticks(void)
{
    uint32_t ticks;

    __asm__ volatile("csrr %0, mcycle" : "=r"(ticks));
    return ticks;
}

__attribute__((naked, section(".vectors"), used)) void reset(void)
{
    __asm__ volatile("la sp, stack_end\n"
                     "j begin\n");
}
