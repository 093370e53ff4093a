#include <criterion/criterion.h>

#include "tests/vectors/replay.h"

/*
 * Each trace goes over the wire byte by byte. What the engine would have written otherwise is
 * listed; vectors/README.md says why.
 */
static void expect(int section, size_t secrets, const char *differences)
{
    struct replay *r = replay_open(section);

    replay_run(r);
    cr_assert_str_eq(r->differences, differences, "the engine would have written otherwise\n%s",
                     r->differences);
    cr_assert_eq(r->secrets, secrets, "%zu secrets instead of %zu", r->secrets, secrets);
    replay_free(r);
}

Test(replay, section_3_simple_1rtt)
{
    expect(3, 13,
           "client ClientHello: +renegotiation_info ~supported_groups +session_ticket "
           "~signature_algorithms\n"
           "server EncryptedExtensions: +supported_groups\n"
           "server NewSessionTicket: fields\n");
}

Test(replay, section_4_resumed_0rtt)
{
    expect(4, 16,
           "client ClientHello: +renegotiation_info ~supported_groups ~signature_algorithms "
           "+padding ~pre_shared_key\n"
           /* A name is not confirmed again when its session is resumed [RFC6066-3]. */
           "server EncryptedExtensions: +supported_groups +server_name\n");
}

Test(replay, section_5_hello_retry_request)
{
    expect(5, 12,
           "client ClientHello: +renegotiation_info ~signature_algorithms\n"
           "server HelloRetryRequest: ~cookie\n"
           "client ClientHello: +renegotiation_info ~signature_algorithms +padding\n"
           "server EncryptedExtensions: +supported_groups\n");
}

Test(replay, section_6_client_authentication)
{
    expect(6, 12,
           "client ClientHello: +renegotiation_info ~supported_groups ~signature_algorithms\n"
           "server EncryptedExtensions: +supported_groups\n"
           "server CertificateRequest: ~signature_algorithms\n");
}

Test(replay, section_7_compatibility_mode)
{
    expect(7, 12,
           "client ClientHello: +renegotiation_info ~supported_groups ~signature_algorithms\n"
           "server EncryptedExtensions: +supported_groups\n");
}

/* The comparison itself. */
Test(replay, differences_are_named)
{
    static const uint8_t one[] = "\x08\x00\x00\x0c\x00\x0a"
                                 "\x00\x00\x00\x00"
                                 "\x00\x1c\x00\x02\x40\x01";
    static const uint8_t other[] = "\x08\x00\x00\x10\x00\x0e"
                                   "\x00\x1c\x00\x02\x40\x00"
                                   "\xfe\x0d\x00\x00"
                                   "\x00\x2a\x00\x00";
    static const uint8_t swapped[] = "\x08\x00\x00\x0c\x00\x0a"
                                     "\x00\x1c\x00\x02\x40\x01"
                                     "\x00\x00\x00\x00";
    static const uint8_t finished[] = "\x14\x00\x00\x01\x07", wrong[] = "\x14\x00\x00\x01\x08";
    static const struct {
        struct cub_view message, wanted;
        const char *differences;
    } cases[] = {
        {{one, sizeof one - 1},
         {other, sizeof other - 1},
         " ~record_size_limit +fe0d +early_data -server_name"                     },
        {{one, sizeof one - 1},           {swapped, sizeof swapped - 1}, " order" },
        {{finished, sizeof finished - 1}, {wrong, sizeof wrong - 1},     " fields"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256] = "";

        replay_compare(cases[i].message, cases[i].wanted, text, sizeof text);
        cr_assert_str_eq(text, cases[i].differences, "%s", text);
    }
}
