/*
 * What a connection costs in memory. The figures are printed; who makes one grow beyond its line
 * here raises the line, and so says that it was meant.
 */
#include <criterion/criterion.h>

#include <stdio.h>

#include "handshake/client_hello.h"
#include "handshake/extension.h"
#include "handshake/handshake.h"
#include "handshake/server_hello.h"
#include "tests/support/pump.h"

/* On 64-bit machines, where pointers count double. */
static const struct {
    const char *what;
    size_t size, most;
} sizes[] = {
    {"struct cub_engine",       sizeof(struct cub_engine),       1136},
    {"struct cub_handshake",    sizeof(struct cub_handshake),    640 },
    {"struct cub_record_in",    sizeof(struct cub_record_in),    208 },
    {"struct cub_record_out",   sizeof(struct cub_record_out),   176 },
    {"struct cub_protection",   sizeof(struct cub_protection),   128 },
    {"struct cub_aead_key",     sizeof(struct cub_aead_key),     80  },
    {"struct cub_chain",        sizeof(struct cub_chain),        320 },
    {"struct cub_config",       sizeof(struct cub_config),       304 },
    {"struct cub_client_hello", sizeof(struct cub_client_hello), 384 },
    {"struct cub_server_hello", sizeof(struct cub_server_hello), 128 },
    {"struct cub_extensions",   sizeof(struct cub_extensions),   32  },
};

Test(sizes, structures)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        printf("%-24s %5zu bytes\n", sizes[i].what, sizes[i].size);
        cr_assert_leq(sizes[i].size, sizes[i].most, "%s has %zu bytes", sizes[i].what,
                      sizes[i].size);
    }
    printf("%-24s %5zu bytes\n", "cub_handshake_size, full", cub_handshake_size(&cub_profile_full));
    cr_assert_leq(cub_handshake_size(&cub_profile_full), 3000 + 16384);
    printf("%-24s %5zu bytes\n", "small", cub_handshake_size(&cub_profile_ecdsa_client));
    cr_assert_leq(cub_handshake_size(&cub_profile_ecdsa_client), 1000);
}
