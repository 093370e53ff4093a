#include <string.h>

#include <criterion/criterion.h>

#include "crypto/kdf.h"

/* The longest output: 255 blocks; a shorter one is its beginning. */
Test(hkdf, expand_gives_prefixes_up_to_255_blocks)
{
    static uint8_t all[255 * 32];
    static uint8_t some[255 * 32];
    uint8_t prk[32] = {1};

    cub_hkdf_expand(&cub_sha256, prk, sizeof prk, NULL, 0, all, sizeof all);
    for (size_t n = 0; n <= sizeof all; n += 97) {
        cub_hkdf_expand(&cub_sha256, prk, sizeof prk, NULL, 0, some, n);
        cr_assert(memcmp(all, some, n) == 0, "%zu bytes", n);
    }
    cr_assert(memcmp(all, all + 32, 32) != 0);
}

/* The info string of RFC 8446 section 7.1, put together by hand, with a context. */
Test(hkdf, expand_label_is_expand_of_HkdfLabel)
{
    static const uint8_t info[] = "\0\x30\x0dtls13 derived\x20"
                                  "0123456789abcdef0123456789abcdef";
    uint8_t secret[48], want[48], got[48];

    memset(secret, 7, sizeof secret);
    cub_hkdf_expand(&cub_sha384, secret, 48, info, sizeof info - 1, want, 48);
    cub_hkdf_expand_label(&cub_sha384, secret, "derived",
                          (const uint8_t *)"0123456789abcdef0123456789abcdef", 32, got, 48);
    cr_assert(memcmp(got, want, 48) == 0);
}
