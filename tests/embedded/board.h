/* What tests/embedded needs of an emulated board besides the functions of firmware.h. */
#ifndef CUB_EMBEDDED_BOARD_H
#define CUB_EMBEDDED_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Of each board, in uart_*.c: a line without interrupts. */
void uart_init(void);
void uart_put(uint8_t byte);
int uart_get(void); /* -1: nothing came */

/* Of each processor, in cortex_m.c and riscv.c, which call begin() when they have a stack. */
uint32_t semihost(uint32_t operation, const void *argument);
void clock_start(void);
uint32_t clock_ticks(void); /* counts up; only differences modulo clock_mask + 1 tell */
extern const uint32_t clock_mask;

/* board.c */
void begin(void);
void stop(void); /* ends the emulation */

/* To the log of the emulator. */
void log_text(const char *text);
void log_number(const char *name, uint32_t number);

#endif
