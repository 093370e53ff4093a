/*
 * A board without an operating system, in an emulator: memory, line, time, measures. What depends
 * on the processor is in cortex_m.c and riscv.c.
 */
#include "api/examples/firmware/firmware.h"
#include "tests/embedded/board.h"

/* Of board.ld. */
extern uint32_t bss_start[], bss_end[], stack_start[], stack_end[];

int main(void);

#define PAINT 0xa5c35a3cu

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

/* Flash is a file that the emulator keeps from one run to the next. */

static uint32_t open_flash(uint32_t mode)
{
    static const char name[] = "flash.bin";
    const uint32_t arguments[] = {(uint32_t)(uintptr_t)name, mode, sizeof name - 1};

    return semihost(0x01, arguments); /* SYS_OPEN */
}

static uint32_t move_and_close(uint32_t operation, uint32_t file, const void *bytes, size_t len)
{
    const uint32_t arguments[] = {file, (uint32_t)(uintptr_t)bytes, len};
    uint32_t left = semihost(operation, arguments);

    semihost(0x02, arguments); /* SYS_CLOSE */
    return left;
}

size_t board_flash_read(uint8_t *bytes, size_t size)
{
    uint32_t file = open_flash(1); /* "rb" */

    return file != (uint32_t)-1 ? size - move_and_close(0x06, file, bytes, size) : 0;
}

void board_flash_write(const uint8_t *bytes, size_t len)
{
    uint32_t file = open_flash(5); /* "wb" */

    if (file != (uint32_t)-1)
        move_and_close(0x05, file, bytes, len);
}

void stop(void)
{
    semihost(0x18, (const void *)0x20026); /* SYS_EXIT, ADP_Stopped_ApplicationExit */
}

static uint32_t waited; /* ticks in which nothing but the line was looked at */

static uint32_t wait_since(uint32_t start)
{
    uint32_t now = clock_ticks();

    waited += now - start;
    return now;
}

/* The line. */

size_t board_send(const uint8_t *bytes, size_t len)
{
    uint32_t start = clock_ticks();

    for (size_t i = 0; i < len; i++)
        uart_put(bytes[i]);
    wait_since(start);
    return len;
}

#define GIVE_UP 100000000u /* looks at an idle line */

size_t board_receive(uint8_t *bytes, size_t size)
{
    uint32_t now = clock_ticks();
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
    clock_start();
    start = clock_ticks();
    error = firmware_run();
    ticks = (clock_ticks() - start - waited) & clock_mask;
    drain();
    log_number("error", (uint32_t)error);
    log_number("ticks", ticks);
    log_number("stack", stack_used());
    stop();
    return 0;
}

void begin(void)
{
    uint32_t *here = __builtin_frame_address(0);

    for (uint32_t *p = bss_start; p < bss_end; p++)
        *p = 0;
    for (volatile uint32_t *p = stack_start; p < here - 16; p++)
        *p = PAINT;
    main();
    for (;;)
        ;
}
