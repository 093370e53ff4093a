/*
 * Which extension may stand in which message, typed once more from the RFCs.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/extension.h"

static const uint8_t places[] = {IN_CH, IN_SH, IN_HRR, IN_EE, IN_CT, IN_CR, IN_NST, IN_SH12};

#define PLACES sizeof places

/*
 * The table of [RFC8446-4.2], and what other RFCs say of the rest; of TLS 1.2 what a ServerHello
 * may answer with. Columns as above.
 */
static const struct {
    uint16_t type;
    const char *name;
    char in[PLACES + 1];
} expected[EXT_COUNT] = {
    [EXT_SERVER_NAME] = {0,      "server_name",                            "x--x---x"},
    [EXT_MAX_FRAGMENT_LENGTH] = {1,      "max_fragment_length",                    "x--x---x"},
    [EXT_STATUS_REQUEST] = {5,      "status_request",                         "x---xx-x"},
    [EXT_SUPPORTED_GROUPS] = {10,     "supported_groups",                       "x--x---x"},
    [EXT_EC_POINT_FORMATS] = {11,     "ec_point_formats",                       "x------x"},
    [EXT_SIGNATURE_ALGORITHMS] = {13,     "signature_algorithms",                   "x----x--"},
    [EXT_ALPN] = {16,     "application_layer_protocol_negotiation", "x--x---x"},
    [EXT_SIGNED_CERTIFICATE_TIMESTAMP] = {18,     "signed_certificate_timestamp",           "x---xx-x"},
    [EXT_CLIENT_CERTIFICATE_TYPE] = {19,     "client_certificate_type",                "x--x---x"},
    [EXT_SERVER_CERTIFICATE_TYPE] = {20,     "server_certificate_type",                "x--x---x"},
    [EXT_PADDING] = {21,     "padding",                                "x-------"},
    [EXT_ENCRYPT_THEN_MAC] = {22,     "encrypt_then_mac",                       "x------x"},
    [EXT_EXTENDED_MASTER_SECRET] = {23,     "extended_master_secret",                 "x------x"},
    [EXT_COMPRESS_CERTIFICATE] = {27,     "compress_certificate",                   "x----x--"},
    [EXT_RECORD_SIZE_LIMIT] = {28,     "record_size_limit",                      "x--x---x"},
    [EXT_DELEGATED_CREDENTIAL] = {34,     "delegated_credential",                   "x---xx--"},
    [EXT_SESSION_TICKET] = {35,     "session_ticket",                         "x------x"},
    [EXT_PRE_SHARED_KEY] = {41,     "pre_shared_key",                         "xx------"},
    [EXT_EARLY_DATA] = {42,     "early_data",                             "x--x--x-"},
    [EXT_SUPPORTED_VERSIONS] = {43,     "supported_versions",                     "xxx-----"},
    [EXT_COOKIE] = {44,     "cookie",                                 "x-x-----"},
    [EXT_PSK_KEY_EXCHANGE_MODES] = {45,     "psk_key_exchange_modes",                 "x-------"},
    [EXT_CERTIFICATE_AUTHORITIES] = {47,     "certificate_authorities",                "x----x--"},
    [EXT_OID_FILTERS] = {48,     "oid_filters",                            "-----x--"},
    [EXT_POST_HANDSHAKE_AUTH] = {49,     "post_handshake_auth",                    "x-------"},
    [EXT_SIGNATURE_ALGORITHMS_CERT] = {50,     "signature_algorithms_cert",              "x----x--"},
    [EXT_KEY_SHARE] = {51,     "key_share",                              "xxx-----"},
    [EXT_RENEGOTIATION_INFO] = {0xff01, "renegotiation_info",                     "x------x"},
};

#define ALL UINT32_MAX

static bool is_answer(uint8_t place)
{
    return place != IN_CH && place != IN_CR && place != IN_NST;
}

static struct cub_extensions got;
static struct cub_view bodies[EXT_COUNT];

static void note(void *out, unsigned extension, struct rd *body)
{
    ((struct cub_view *)out)[extension] = rd_rest(body);
}

static enum cub_error read_block(struct rd *r, uint8_t place, uint32_t offered)
{
    got = (struct cub_extensions){note, bodies, offered, place, 0, 0};
    return cub_extensions_read(r, &got);
}

/* Reads a block of so many extensions of the given types, each with one byte of body. */
static enum cub_error read_types(const uint16_t *types, size_t count, uint8_t place,
                                 uint32_t offered)
{
    uint8_t block[4096];
    struct rd r;
    size_t len = 0;
    enum cub_error err;

    for (size_t i = 0; i < count; i++) {
        cub_store_be16(block + len, types[i]);
        memcpy(block + len + 2, "\0\1", 2);
        block[len + 4] = (uint8_t)types[i];
        len += 5;
    }
    rd_init(&r, block, len);
    err = read_block(&r, place, offered);
    if (err == E_OK)
        cr_assert(rd_done(&r));
    return err;
}

/* What an extension is in an answer that was not asked for. */
static enum cub_error unasked(unsigned extension)
{
    if (extension == EXT_COOKIE)
        return E_OK;
    return extension == EXT_DELEGATED_CREDENTIAL ? E_DC_UNSOLICITED : E_EXT_UNSOLICITED;
}

Test(extension, places)
{
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        cr_assert_not_null(expected[i].name, "extension %u is not in the table of this test", i);
        for (size_t j = 0; j < PLACES; j++) {
            bool allowed = expected[i].in[j] == 'x';
            enum cub_error err = read_types(&expected[i].type, 1, places[j], ALL);

            cr_assert_eq(err, allowed ? E_OK : E_EXT_PLACE, "%s in place %zu", expected[i].name, j);
            if (!allowed)
                continue;
            cr_assert_eq(got.present, EXT_BIT(i));
            cr_assert_eq(got.last, i);
            cr_assert_eq(bodies[i].len, 1);
            cr_assert_eq(bodies[i].data[0], (uint8_t)expected[i].type);
            /* Unasked for, it may stand where nothing is answered, and the cookie anywhere. */
            err = read_types(&expected[i].type, 1, places[j], ALL & ~(uint32_t)EXT_BIT(i));
            cr_assert_eq(err, is_answer(places[j]) ? unasked(i) : E_OK, "%s in place %zu",
                         expected[i].name, j);
        }
    }
}

/* Every type that we do not know: ignored in questions, unsolicited in answers. */
Test(extension, unknown)
{
    for (uint32_t type = 0; type < 0x10000; type++) {
        uint16_t t = (uint16_t)type;
        bool known = false;

        for (unsigned i = 0; i < EXT_COUNT; i++)
            known = known || expected[i].type == t;
        for (size_t j = 0; j < PLACES && !known; j++) {
            cr_assert_eq(read_types(&t, 1, places[j], ALL),
                         is_answer(places[j]) ? E_EXT_UNSOLICITED : E_OK);
            cr_assert(is_answer(places[j]) || (got.present == 0 && got.last == EXT_COUNT));
        }
    }
}

/* In a hello and what belongs to it, a block with duplicates counts as malformed. */
static enum cub_error duplicate_in(uint8_t place)
{
    return (place & (IN_CH | IN_SH | IN_EE | IN_SH12)) ? E_EXT_DUPLICATE_HELLO : E_EXT_DUPLICATE;
}

/* No type twice, known or not, side by side or far apart. */
Test(extension, duplicates)
{
    static const uint16_t unknown[] = {0x0a0a, 0x1234, 0xffff, 2};

    for (unsigned i = 0; i < EXT_COUNT; i++) {
        uint16_t types[] = {expected[i].type, 0x0a0a, 0x7777, expected[i].type};

        if (expected[i].in[0] == 'x')
            cr_assert_eq(read_types(types, 4, IN_CH, ALL), E_EXT_DUPLICATE_HELLO);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        uint16_t types[] = {unknown[i], 0x3333, unknown[i]};
        uint16_t pair[] = {unknown[i], unknown[i]};

        for (size_t j = 0; j < PLACES; j++) {
            if (is_answer(places[j]))
                continue;
            cr_assert_eq(read_types(types, 3, places[j], ALL), duplicate_in(places[j]));
            cr_assert_eq(read_types(pair, 2, places[j], ALL), duplicate_in(places[j]));
            cr_assert_eq(read_types(types, 2, places[j], ALL), E_OK);
        }
    }
}

Test(extension, too_many)
{
    uint16_t types[CUB_MAX_EXTENSIONS + 1];

    for (unsigned i = 0; i <= CUB_MAX_EXTENSIONS; i++)
        types[i] = (uint16_t)(0x4000 + i);
    cr_assert_eq(read_types(types, CUB_MAX_EXTENSIONS, IN_CH, 0), E_OK);
    cr_assert_eq(read_types(types, CUB_MAX_EXTENSIONS + 1, IN_CH, 0), E_EXT_TOO_MANY);
}

Test(extension, last)
{
    static const uint16_t types[] = {43, 0x0a0a, 51};

    read_types(types, 1, IN_CH, 0);
    cr_assert_eq(got.last, EXT_SUPPORTED_VERSIONS);
    read_types(types, 2, IN_CH, 0);
    cr_assert_eq(got.last, EXT_COUNT);
    read_types(types, 3, IN_CH, 0);
    cr_assert_eq(got.last, EXT_KEY_SHARE);
    cr_assert_eq(got.present, EXT_BIT(EXT_SUPPORTED_VERSIONS) | EXT_BIT(EXT_KEY_SHARE));
    read_types(types, 0, IN_CH, 0);
    cr_assert_eq(got.last, EXT_COUNT);
}

/* A block that is cut leaves its error in the reader. */
Test(extension, truncated)
{
    static const uint8_t block[] = {0, 43, 0, 2, 3, 4, 0x0a, 0x0a, 0, 0, 0, 51, 0, 1, 0};

    for (size_t len = 0; len <= sizeof block; len++) {
        struct rd r;

        rd_init(&r, block, len);
        cr_assert_eq(read_block(&r, IN_CH, 0), E_OK);
        cr_assert_eq(rd_done(&r), len == 0 || len == 6 || len == 10 || len == 15, "%zu", len);
    }
}

Test(extension, write)
{
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        uint8_t buffer[8];
        struct wr w;
        size_t mark;

        wr_init(&w, buffer, sizeof buffer);
        mark = cub_extension_open(&w, (enum cub_extension)i);
        wr_uint(&w, 1, 7);
        wr_close(&w, mark, 2);
        cr_assert_eq(w.pos, 5);
        cr_assert_eq(cub_load_be16(buffer), expected[i].type);
        cr_assert_arr_eq(buffer + 2, "\0\1\7", 3);
    }
}
