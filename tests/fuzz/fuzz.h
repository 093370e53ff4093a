/* What a fuzz target defines, in libFuzzer's words. */
#ifndef CUB_TESTS_FUZZ_FUZZ_H
#define CUB_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#endif
