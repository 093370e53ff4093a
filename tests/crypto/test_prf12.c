#include <criterion/criterion.h>

#include <string.h>

#include "crypto/kdf.h"
#include "tests/support/hex.h"

/*
 * The vectors that were published on the IETF's TLS mailing list for the PRF of TLS 1.2
 * (http://www.ietf.org/mail-archive/web/tls/current/msg03416.html), label "test label".
 */
Test(prf12, published_vectors)
{
    static const struct {
        const struct cub_hash *hash;
        const char *secret, *seed, *output;
    } rows[] = {
        {&cub_sha256, "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
         "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
         "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
         "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
         "87347b66"                                },
        {&cub_sha384, "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
         "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cd"
         "e9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd"
         "8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d918425"
         "9b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee6"
         "91c8f3a26854308d5eaa3be85e0990703d73e56f"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t secret[16], seed[16], expected[160], out[160];
        size_t len = test_unhex(rows[i].output, expected, sizeof expected);

        test_unhex(rows[i].secret, secret, sizeof secret);
        test_unhex(rows[i].seed, seed, sizeof seed);
        cub_prf12(rows[i].hash, secret, sizeof secret, "test label", seed, sizeof seed, out, len);
        cr_assert_arr_eq(out, expected, len);
    }
}
