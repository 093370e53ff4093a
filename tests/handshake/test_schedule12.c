/*
 * The key schedule of TLS 1.2 against vectors of NIST's validation programme for SP 800-135, as
 * OpenSSL's tests of TLS1-PRF carry them.
 */
#include <criterion/criterion.h>

#include "handshake/schedule12.h"
#include "tests/support/hex.h"

static const char master_hex[] = "202c88c00f84a17a20027079604787461176455539e705be"
                                 "730890602c289a5001e34eeb3a043e5d52a65e66125188bf";

Test(schedule12, master_secret)
{
    uint8_t premaster[48], randoms[64], master[CUB_MASTER_SECRET];

    test_unhex("f8938ecc9edebc5030c0c6a441e213cd24e6f770a50dda07"
               "876f8d55da062bcadb386b411fd4fe4313a604fce6c17fbc",
               premaster, sizeof premaster);
    test_unhex("36c129d01a3200894b9179faac589d9835d58775f9b5ea3587cb8fd0364cae8c"
               "f6c9575ed7ddd73e1f7d16eca115415812a43c2b747daaaae043abfb50053fce",
               randoms, sizeof randoms);
    cub_master_secret(&cub_sha256, premaster, sizeof premaster, randoms, master);
    test_expect_hex("master_secret", master, sizeof master, master_hex);
}

Test(schedule12, key_block)
{
    uint8_t randoms[64], master[CUB_MASTER_SECRET], block[128];

    test_unhex(master_hex, master, sizeof master);
    test_unhex("62e1fd91f23f558a605f28478c58cf72637b89784d959df7e946d3f07bd1b616"
               "ae6c806f8ad4d80784549dff28a4b58fd837681a51d928c3e30ee5ff14f39868",
               randoms, sizeof randoms);
    cub_key_block(&cub_sha256, master, randoms, block, sizeof block);
    test_expect_hex("key_block", block, sizeof block,
                    "d06139889fffac1e3a71865f504aa5d0d2a2e89506c6f2279b670c3e1b74f531"
                    "016a2530c51a3a0f7e1d6590d0f0566b2f387f8d11fd4f731cdd572d2eae927f"
                    "6f2f81410b25e6960be68985add6c38445ad9f8c64bf8068bf9a6679485d966f"
                    "1ad6f68b43495b10a683755ea2b858d70ccac7ec8b053c6bd41ca299d4e51928");
}
