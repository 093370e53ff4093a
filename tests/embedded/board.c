/*
 * A Cortex-M without an operating system, in an emulator: start, memory, line, clock, measures.
 */
#include "api/examples/firmware/firmware.h"
#include "tests/embedded/board.h"

int main(void);
void reset(void);
void fault(void);
void loop_forever(void);

/* Of board.ld. */
extern uint32_t bss_start[], bss_end[], stack_start[], stack_end[];

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define SYSTICK_CONTROL   REGISTER(0xe000e010u)
#define SYSTICK_RELOAD    REGISTER(0xe000e014u)
#define SYSTICK_VALUE     REGISTER(0xe000e018u)
#define CONFIGURATION     REGISTER(0xe000ed14u)

#define SYSTICK_MAX 0xffffffu /* 24 bits */
#define PAINT       0xa5c35a3cu

/* Semihosting: the emulator does it. */
static void semihost(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void log_text(const char *text)
{
    semihost(0x04, text); /* SYS_WRITE0 */
}

void log_number(const char *name, uint32_t number)
{
    char digits[12];
    char *p = digits + sizeof digits;

    *--p = 0;
    *--p = '\n';
    do {
        *--p = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    log_text(name);
    log_text(" ");
    log_text(p);
}

static void stop(void)
{
    semihost(0x18, (const void *)0x20026); /* SYS_EXIT, ADP_Stopped_ApplicationExit */
}

/* The clock: counts down, goes round in 0.67 s at 25 MHz; all differences are modulo 24 bits. */
static uint32_t waited; /* ticks in which nothing but the line was looked at */

static uint32_t wait_since(uint32_t start)
{
    uint32_t now = SYSTICK_VALUE;

    waited += start - now;
    return now;
}

/* The line. */

size_t board_send(const uint8_t *bytes, size_t len)
{
    uint32_t start = SYSTICK_VALUE;

    for (size_t i = 0; i < len; i++)
        uart_put(bytes[i]);
    wait_since(start);
    return len;
}

#define GIVE_UP 100000000u /* looks at an idle line */

size_t board_receive(uint8_t *bytes, size_t size)
{
    uint32_t now = SYSTICK_VALUE;
    size_t len = 0;
    int byte;

    for (uint32_t idle = 0; idle < GIVE_UP && len == 0; idle++) {
        while (len < size && (byte = uart_get()) >= 0)
            bytes[len++] = (uint8_t)byte;
        now = wait_since(now);
    }
    return len;
}

void board_take(const uint8_t *bytes, size_t len)
{
    char text[2] = {0, 0};

    log_text("data ");
    for (size_t i = 0; i < len; i++) {
        text[0] = (char)bytes[i];
        log_text(text);
    }
}

/* Tests want every run to be like the last: a fixed time, and numbers that are anything but random.
 * A product must not do this. */

extern const int64_t test_time;

enum cub_error board_time(void *context, int64_t *seconds)
{
    (void)context;
    *seconds = test_time;
    return E_OK;
}

enum cub_error board_entropy(void *context, uint8_t *bytes, size_t len)
{
    static uint32_t state;

    (void)context;
    while (len-- > 0) {
        state = state * 1664525u + 1013904223u;
        *bytes++ = (uint8_t)(state >> 24);
    }
    return E_OK;
}

/* Start and end. */

static uint32_t stack_used(void)
{
    const uint32_t *p = stack_start;

    while (p < stack_end && *p == PAINT)
        p++;
    return (uint32_t)((const char *)stack_end - (const char *)p);
}

/* The emulator drops what the peer has not had yet if it ends with bytes unread. */
static void drain(void)
{
    for (uint32_t idle = 0; idle < 2000000u; idle++) {
        if (uart_get() >= 0)
            idle = 0;
    }
}

int main(void)
{
    enum cub_error error;
    uint32_t start, ticks;

    uart_init();
    SYSTICK_RELOAD = SYSTICK_MAX;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 5; /* on, at the processor's clock, no interrupt */
    start = SYSTICK_VALUE;
    error = firmware_run();
    ticks = (start - SYSTICK_VALUE - waited) & SYSTICK_MAX;
    drain();
    log_number("error", (uint32_t)error);
    log_number("ticks", ticks);
    log_number("stack", stack_used());
    stop();
    return 0;
}

void reset(void)
{
    uint32_t *here = __builtin_frame_address(0);

    for (uint32_t *p = bss_start; p < bss_end; p++)
        *p = 0;
    for (volatile uint32_t *p = stack_start; p < here - 16; p++)
        *p = PAINT;
    main();
    loop_forever();
}

void loop_forever(void)
{
    for (;;)
        ;
}

void fault(void)
{
    log_text("fault\n");
    stop();
    loop_forever();
}

__attribute__((section(".vectors"), used)) static const void *const vectors[] = {
    stack_end,
    (const void *)reset,
    (const void *)fault,
    (const void *)fault,
};
