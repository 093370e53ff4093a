/* A certificate as getpeercert() shows it: malformed contents are looked at too. */
#include "api/cubtls.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cub_cert_info *info;

    if (cub_cert_info_new(data, len, &info, NULL) == CUB_OK)
        cub_cert_info_free(info);
    return 0;
}
