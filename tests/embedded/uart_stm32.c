/* USART1 of ST's STM32F1: STM32VLDISCOVERY. */
#include "tests/embedded/board.h"

#define REGISTER(offset) (*(volatile uint32_t *)(0x40013800u + (offset)))
#define STATUS           REGISTER(0x00)
#define DATA             REGISTER(0x04)
#define CONTROL          REGISTER(0x0c)

#define RX_FULL  0x20u
#define TX_EMPTY 0x80u

void uart_init(void)
{
    CONTROL = 0x200c; /* enabled, transmit, receive */
}

void uart_put(uint8_t byte)
{
    while (!(STATUS & TX_EMPTY))
        ;
    DATA = byte;
}

int uart_get(void)
{
    return STATUS & RX_FULL ? (int)(DATA & 0xff) : -1;
}
