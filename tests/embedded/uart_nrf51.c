/* The UART of Nordic's nRF51: BBC micro:bit. */
#include "tests/embedded/board.h"

#define REGISTER(offset) (*(volatile uint32_t *)(0x40002000u + (offset)))
#define START_RX         REGISTER(0x000)
#define START_TX         REGISTER(0x008)
#define RX_READY         REGISTER(0x108)
#define TX_READY         REGISTER(0x11c)
#define ENABLE           REGISTER(0x500)
#define RX               REGISTER(0x518)
#define TX               REGISTER(0x51c)

void uart_init(void)
{
    ENABLE = 4;
    START_RX = 1;
    START_TX = 1;
}

void uart_put(uint8_t byte)
{
    TX_READY = 0;
    TX = byte;
    while (!TX_READY)
        ;
}

int uart_get(void)
{
    if (!RX_READY)
        return -1;
    RX_READY = 0;
    return (int)(RX & 0xff);
}
