/* The UART of ARM's Cortex-M System Design Kit: MPS2 boards. The linker names its address. */
#include "tests/embedded/board.h"

struct cmsdk_uart {
    volatile uint32_t data, state, control, interrupt, divider;
};
extern struct cmsdk_uart uart0;

#define TX_FULL 1u
#define RX_FULL 2u

void uart_init(void)
{
    uart0.divider = 16;
    uart0.control = 3; /* transmit and receive */
}

void uart_put(uint8_t byte)
{
    while (uart0.state & TX_FULL)
        ;
    uart0.data = byte;
}

int uart_get(void)
{
    return uart0.state & RX_FULL ? (int)(uart0.data & 0xff) : -1;
}
