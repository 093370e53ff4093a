/* Bytes in tests are written as hexadecimal strings; blanks between them are ignored. */
#ifndef CUB_TESTS_SUPPORT_HEX_H
#define CUB_TESTS_SUPPORT_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Decodes hex into out, which takes at most max bytes; returns their number. Aborts if hex is bad.
 */
size_t test_unhex(const char *hex, uint8_t *out, size_t max);

/* Fails the test unless the n bytes at got are those of hex. what names them in the message. */
void test_expect_hex(const char *what, const uint8_t *got, size_t n, const char *hex);

#endif
