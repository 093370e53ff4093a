/* What tests/embedded needs of an emulated board besides the functions of firmware.h. */
#ifndef CUB_EMBEDDED_BOARD_H
#define CUB_EMBEDDED_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Of each board, in uart_*.c: a line without interrupts. */
void uart_init(void);
void uart_put(uint8_t byte);
int uart_get(void); /* -1: nothing came */

/* To the log of the emulator. */
void log_text(const char *text);
void log_number(const char *name, uint32_t number);

#endif
