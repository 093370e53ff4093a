/* Keys: private ones in any container, encrypted ones, public ones. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "x509/encrypted_key.h"
#include "x509/key.h"

/* Whether an INTEGER of three octets or more stands anywhere: an iteration count that takes time.
 */
static int is_slow(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++)
        if (data[i] == 0x02 && data[i + 1] > 2)
            return 1;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cub_private_key key;
    struct cub_public_key pub;
    struct cub_view plain;
    uint8_t *copy;

    (void)cub_private_key_decode(&key, &pub, data, len);
    (void)cub_public_key_decode(&pub, data, len);
    (void)cub_public_key_bits(&pub);
    copy = malloc(len ? len : 1);
    if (copy && len && !is_slow(data, len)) {
        memcpy(copy, data, len);
        (void)cub_pkcs8_decrypt(copy, len, (const uint8_t *)"secret", 6, &plain);
    }
    free(copy);
    return 0;
}
