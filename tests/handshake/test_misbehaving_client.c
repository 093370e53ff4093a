/*
 * A client that misbehaves, before a server: ClientHellos.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "tests/handshake/misdeeds.h"

#define HELLO  PEER_CLIENT_HELLO, PEER_BEFORE
#define HELLO2 PEER_CLIENT_HELLO, PEER_ENCODED
#define AGAIN  PEER_CLIENT_HELLO_AGAIN, PEER_BEFORE
#define AGAIN2 PEER_CLIENT_HELLO_AGAIN, PEER_ENCODED

static struct cub_view view(const char *bytes, size_t len)
{
    return (struct cub_view){(const uint8_t *)bytes, len};
}

/* Versions */

MISDEED(ch_old, HELLO2)
{
    peer_remove_extension(p, 43);
}
MISDEED(ch_only_tls12, HELLO)
{
    p->client_hello.supported_versions = view("\3\3", 2);
}
MISDEED(ch_only_grease, HELLO)
{
    p->client_hello.supported_versions = view("\x0a\x0a", 2);
}
MISDEED(ch_only_future, HELLO)
{
    p->client_hello.supported_versions = view("\3\5", 2);
}
MISDEED(ch_ssl3, HELLO2)
{
    peer_remove_extension(p, 43);
    p->message[5] = 0;
}

/* Fields */

MISDEED(ch_compression, HELLO)
{
    p->client_hello.legacy_compression_methods = view("\1", 1);
}
MISDEED(ch_two_compressions, HELLO)
{
    p->client_hello.legacy_compression_methods = view("\0\1", 2);
}
MISDEED(ch_long_session_id, HELLO)
{
    p->client_hello.legacy_session_id = view("0123456789012345678901234567890123", 33);
}
MISDEED(ch_no_suites, HELLO)
{
    p->client_hello.cipher_suites.len = 0;
}
MISDEED(ch_odd_suites, HELLO)
{
    p->client_hello.cipher_suites = view("\x13\1\0", 3);
}
MISDEED(ch_other_suites, HELLO)
{
    p->client_hello.cipher_suites = view("\x13\5\x2a\x2a", 4);
}
MISDEED(ch_suites_of_tls12, HELLO)
{
    p->client_hello.cipher_suites = view("\xc0\x2b", 2);
}
MISDEED(ch_short, HELLO2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(ch_trailing, HELLO2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}
MISDEED(ch_tiny, HELLO2)
{
    p->message_len = 4;
    peer_fix_length(p);
}

/* Extensions */

MISDEED(ch_no_schemes, HELLO2)
{
    peer_remove_extension(p, 13);
}
MISDEED(ch_no_groups, HELLO2)
{
    peer_remove_extension(p, 10);
}
MISDEED(ch_no_shares, HELLO2)
{
    peer_remove_extension(p, 51);
}
MISDEED(ch_neither, HELLO2)
{
    peer_remove_extension(p, 51);
    peer_remove_extension(p, 10);
}
MISDEED(ch_other_schemes, HELLO)
{
    p->client_hello.signature_algorithms = view("\x08\x07", 2);
}
MISDEED(ch_pkcs1_schemes, HELLO)
{
    p->client_hello.signature_algorithms = view("\4\1\2\1", 4);
}
MISDEED(ch_other_groups, HELLO)
{
    p->client_hello.supported_groups = view("\x3a\x3a\1\0", 4);
    p->client_hello.key_shares = view("", 0);
}
MISDEED(ch_share_not_in_groups, HELLO)
{
    p->client_hello.supported_groups = view("\0\x17", 2);
}
MISDEED(ch_two_shares, HELLO)
{
    static uint8_t shares[2 * 36];

    memcpy(shares, p->share, 36);
    memcpy(shares + 36, p->share, 36);
    p->client_hello.key_shares = (struct cub_view){shares, sizeof shares};
}
MISDEED(ch_share_short, HELLO)
{
    p->share[3] = 31;
    p->client_hello.key_shares.len--;
}
MISDEED(ch_share_zero, HELLO)
{
    memset(p->share + 4, 0, 32);
}
MISDEED(ch_share_empty, HELLO)
{
    p->client_hello.key_shares = view("\0\x1d\0\0", 4);
}
MISDEED(ch_point_not_on_curve, HELLO)
{
    static uint8_t share[4 + 65];

    cub_store_be16(share, 0x0017);
    share[3] = 65;
    share[4] = 4;
    memset(share + 5, 0x11, 64);
    p->client_hello.key_shares = (struct cub_view){share, sizeof share};
}
MISDEED(ch_cookie, HELLO)
{
    p->client_hello.cookie = view("c", 1);
    p->client_hello.present |= (uint32_t)EXT_BIT(EXT_COOKIE);
}
MISDEED(ch_limit_63, HELLO)
{
    p->client_hello.record_size_limit = 63;
    p->client_hello.present |= (uint32_t)EXT_BIT(EXT_RECORD_SIZE_LIMIT);
}
MISDEED(ch_oid_filters, HELLO2)
{
    peer_add_extension(p, 48, "\0\0", 2);
}
MISDEED(ch_twice_versions, HELLO2)
{
    peer_add_extension(p, 43, "\2\3\4", 3);
}
MISDEED(ch_twice_unknown, HELLO2)
{
    peer_add_extension(p, 0x1234, NULL, 0);
    peer_add_extension(p, 0x1234, "a", 1);
}
MISDEED(ch_many_extensions, HELLO2)
{
    for (unsigned i = 0; i < 128; i++)
        peer_add_extension(p, (uint16_t)(0x4000 + i), NULL, 0);
}
MISDEED(ch_server_name_zero, HELLO)
{
    p->client_hello.server_name = view("a\0b", 3);
}
MISDEED(ch_block_short, HELLO2)
{
    size_t len;
    uint8_t *body = peer_find_extension(p, 43, &len);

    body[-1] = 100;
}

/* A hello with one PSK that nobody knows, in its last place. */
static void add_psk(struct peer *p)
{
    uint8_t psk[2 + 2 + 1 + 4 + 2 + 1 + 32] = {0, 7, 0, 1, 'a', 0, 0, 0, 0, 0, 33, 32};

    peer_add_extension(p, 41, psk, sizeof psk);
}
MISDEED(ch_psk_without_modes, HELLO2)
{
    add_psk(p);
}
MISDEED(ch_psk_not_last, HELLO2)
{
    peer_add_extension(p, 45, "\1\1", 2);
    add_psk(p);
    peer_add_extension(p, 0x1234, NULL, 0);
}

/* What the server lacks */

static void without_credential(struct peer *p)
{
    p->victim.config.num_credentials = 0;
}

static void with_alpn(struct peer *p)
{
    p->victim.config.alpn = view("\2h2", 3);
}

MISDEED(ch_other_alpn, HELLO2)
{
    peer_add_extension(p, 16, "\0\3\2h3", 5);
}
static void nothing(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    (void)p;
    (void)step;
    (void)moment;
}

Test(misbehaving_client, client_hello)
{
    static const struct misdeed rows[] = {
        {"old",                   ch_old,                 E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,        0                 },
        {"1.2 alone",             ch_only_tls12,          E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,        0                 },
        {"GREASE alone",          ch_only_grease,         E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,        0                 },
        {"the future alone",      ch_only_future,         E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,        0                 },
        {"SSL 3",                 ch_ssl3,                E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,        0                 },
        {"compression",           ch_compression,         E_CH_COMPRESSION,             ALERT_ILLEGAL_PARAMETER,       0                 },
        {"two compressions",      ch_two_compressions,    E_CH_COMPRESSION,             ALERT_ILLEGAL_PARAMETER,       0                 },
        {"long session id",       ch_long_session_id,     E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"no suites",             ch_no_suites,           E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"odd suites",            ch_odd_suites,          E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"other suites",          ch_other_suites,        E_NO_COMMON_CIPHER,           ALERT_HANDSHAKE_FAILURE,       0                 },
        {"suites of 1.2",         ch_suites_of_tls12,     E_NO_COMMON_CIPHER,           ALERT_HANDSHAKE_FAILURE,       0                 },
        {"a byte less",           ch_short,               E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"a byte more",           ch_trailing,            E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"nothing at all",        ch_tiny,                E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"no schemes",            ch_no_schemes,          E_CH_NO_SIGNATURE_ALGORITHMS, ALERT_MISSING_EXTENSION,       0                 },
        {"no groups",             ch_no_groups,           E_CH_NO_KEY_SHARE,            ALERT_MISSING_EXTENSION,       0                 },
        {"no shares",             ch_no_shares,           E_CH_NO_KEY_SHARE,            ALERT_MISSING_EXTENSION,       0                 },
        {"neither",               ch_neither,             E_CH_NO_KEY_SHARE,            ALERT_MISSING_EXTENSION,       0                 },
        {"other schemes",         ch_other_schemes,       E_NO_COMMON_SIGNATURE,        ALERT_HANDSHAKE_FAILURE,       0                 },
        {"schemes of 1.2",        ch_pkcs1_schemes,       E_NO_COMMON_SIGNATURE,        ALERT_HANDSHAKE_FAILURE,       0                 },
        {"other groups",          ch_other_groups,        E_NO_COMMON_GROUP,            ALERT_HANDSHAKE_FAILURE,       0                 },
        {"share of no group",     ch_share_not_in_groups, E_CH_SHARE_GROUP,             ALERT_ILLEGAL_PARAMETER,       0                 },
        {"two shares of a group", ch_two_shares,          E_CH_SHARE_TWICE,             ALERT_ILLEGAL_PARAMETER,       0                 },
        {"short share",           ch_share_short,         E_CRYPTO_SHARE,               ALERT_ILLEGAL_PARAMETER,       0                 },
        {"share of zeros",        ch_share_zero,          E_CRYPTO_SHARE,               ALERT_ILLEGAL_PARAMETER,       0                 },
        {"empty share",           ch_share_empty,         E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"point off the curve",   ch_point_not_on_curve,  E_CRYPTO_SHARE,               ALERT_ILLEGAL_PARAMETER,       0                 },
        {"cookie",                ch_cookie,              E_CH_COOKIE,                  ALERT_ILLEGAL_PARAMETER,       0                 },
        {"limit 63",              ch_limit_63,            E_RECORD_SIZE_LIMIT,          ALERT_ILLEGAL_PARAMETER,       0                 },
        {"oid_filters",           ch_oid_filters,         E_EXT_PLACE,                  ALERT_ILLEGAL_PARAMETER,       0                 },
        {"versions twice",        ch_twice_versions,      E_EXT_DUPLICATE_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"unknown twice",         ch_twice_unknown,       E_EXT_DUPLICATE_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"too many",              ch_many_extensions,     E_EXT_TOO_MANY,               ALERT_DECODE_ERROR,            0                 },
        {"zero in a name",        ch_server_name_zero,    E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"extension too long",    ch_block_short,         E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,            0                 },
        {"PSK without modes",     ch_psk_without_modes,   E_CH_NO_PSK_MODES,            ALERT_MISSING_EXTENSION,       0                 },
        {"PSK not last",          ch_psk_not_last,        E_CH_PSK_NOT_LAST,            ALERT_ILLEGAL_PARAMETER,       0                 },
        {"no certificate",        nothing,                E_NO_CREDENTIAL,              ALERT_HANDSHAKE_FAILURE,       without_credential},
        {"other alpn",            ch_other_alpn,          E_NO_COMMON_ALPN,             ALERT_NO_APPLICATION_PROTOCOL, with_alpn         },
    };

    DO_MISDEEDS(rows, true);
}

/* The second ClientHello */

MISDEED(again_random, AGAIN)
{
    p->random_bytes[7] ^= 1;
}
MISDEED(again_session_id, AGAIN)
{
    p->session_id[0] ^= 1;
}
MISDEED(again_no_session_id, AGAIN)
{
    p->client_hello.legacy_session_id.len = 0;
}
MISDEED(again_no_cookie, AGAIN)
{
    p->client_hello.present &= ~(uint32_t)EXT_BIT(EXT_COOKIE);
}
MISDEED(again_other_cookie, AGAIN)
{
    p->cookie_bytes[3] ^= 1;
}
MISDEED(again_short_cookie, AGAIN)
{
    p->client_hello.cookie.len--;
}
MISDEED(again_cookie_unasked, AGAIN2)
{
    peer_add_extension(p, 44, "\0\1c", 3);
}
MISDEED(again_no_share, AGAIN)
{
    p->client_hello.key_shares.len = 0;
}
MISDEED(again_old_share, AGAIN)
{
    cub_store_be16(p->share, 0x001d);
    p->share[3] = 32;
    p->client_hello.key_shares.len = 36;
}
MISDEED(again_no_group, AGAIN)
{
    p->client_hello.supported_groups = view("\0\x1d", 2);
}
MISDEED(again_other_suite, AGAIN)
{
    p->client_hello.cipher_suites = view("\x13\2", 2);
}
MISDEED(again_old_version, AGAIN)
{
    p->client_hello.supported_versions = view("\3\3", 2);
}
MISDEED(again_compression, AGAIN)
{
    p->client_hello.legacy_compression_methods = view("\1", 1);
}
MISDEED(again_no_schemes, AGAIN2)
{
    peer_remove_extension(p, 13);
}
MISDEED(again_bad_share, AGAIN)
{
    p->share[10] ^= 1;
}
MISDEED(again_short, AGAIN2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(again_twice, PEER_FINISHED, PEER_BEFORE)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, p->message, p->message_len);
}

Test(misbehaving_client, client_hello_again)
{
    static const struct misdeed rows[] = {
        {"random",         again_random,         E_CH_AGAIN_CHANGED,           ALERT_ILLEGAL_PARAMETER, with_retry },
        {"session id",     again_session_id,     E_CH_AGAIN_CHANGED,           ALERT_ILLEGAL_PARAMETER, with_retry },
        {"no session id",  again_no_session_id,  E_CH_AGAIN_CHANGED,           ALERT_ILLEGAL_PARAMETER,
         with_retry                                                                                                },
        {"no cookie",      again_no_cookie,      E_CH_AGAIN_COOKIE,            ALERT_ILLEGAL_PARAMETER, with_cookie},
        {"other cookie",   again_other_cookie,   E_CH_AGAIN_COOKIE,            ALERT_ILLEGAL_PARAMETER,
         with_cookie                                                                                               },
        {"short cookie",   again_short_cookie,   E_CH_AGAIN_COOKIE,            ALERT_ILLEGAL_PARAMETER,
         with_cookie                                                                                               },
        {"cookie unasked", again_cookie_unasked, E_CH_AGAIN_COOKIE,            ALERT_ILLEGAL_PARAMETER,
         with_retry                                                                                                },
        {"no share",       again_no_share,       E_CH_AGAIN_SHARE,             ALERT_ILLEGAL_PARAMETER, with_retry },
        {"old share",      again_old_share,      E_CH_AGAIN_SHARE,             ALERT_ILLEGAL_PARAMETER, with_retry },
        {"other suite",    again_other_suite,    E_CH_AGAIN_SHARE,             ALERT_ILLEGAL_PARAMETER, with_retry },
        {"no group",       again_no_group,       E_CH_SHARE_GROUP,             ALERT_ILLEGAL_PARAMETER, with_retry },
        {"old version",    again_old_version,    E_CH_VERSION,                 ALERT_PROTOCOL_VERSION,  with_retry },
        {"compression",    again_compression,    E_CH_COMPRESSION,             ALERT_ILLEGAL_PARAMETER, with_retry },
        {"no schemes",     again_no_schemes,     E_CH_NO_SIGNATURE_ALGORITHMS, ALERT_MISSING_EXTENSION,
         with_retry                                                                                                },
        {"bad share",      again_bad_share,      E_CRYPTO_SHARE,               ALERT_ILLEGAL_PARAMETER, with_retry },
        {"a byte less",    again_short,          E_DECODE_CLIENT_HELLO,        ALERT_DECODE_ERROR,      with_retry },
        {"twice",          again_twice,          E_RECORD_BAD_MAC,             ALERT_BAD_RECORD_MAC,    with_retry },
    };

    DO_MISDEEDS(rows, true);
}

/* GREASE wherever a client may put it [RFC8701-3.1], and all that a server passes over. */

MISDEED(grease, HELLO)
{
    static uint8_t shares[5 + 36];

    memcpy(shares, "\x9a\x9a\0\1", 5);
    memcpy(shares + 5, p->share, 36);
    p->client_hello.cipher_suites = view("\x1a\x1a\x13\1\xfa\xfa", 6);
    p->client_hello.supported_groups = view("\x9a\x9a\0\x1d\xba\xba", 6);
    p->client_hello.signature_algorithms = view("\xca\xca\4\3", 4);
    p->client_hello.supported_versions = view("\xda\xda\3\4", 4);
    p->client_hello.key_shares = (struct cub_view){shares, sizeof shares};
    p->client_hello.psk_key_exchange_modes = view("\x0b\1", 2);
    p->client_hello.present |= (uint32_t)EXT_BIT(EXT_PSK_KEY_EXCHANGE_MODES);
}
MISDEED(grease_extensions, HELLO2)
{
    peer_add_extension(p, 0x0a0a, NULL, 0);
    peer_add_extension(p, 0xeaea, "\0", 1);
    peer_add_extension(p, 0xfafa, "anything", 8);
}
MISDEED(grease_alpn, HELLO2)
{
    peer_add_extension(p, 16, "\0\6\2\x1a\x1a\2h2", 8);
}
MISDEED(other_shares, HELLO)
{
    static uint8_t shares[2 * 8 + 36];

    /* Two of a group that we do not have, which is not ours to judge. */
    memcpy(shares, "\x11\xec\0\4abcd\x11\xec\0\4abcd", 16);
    memcpy(shares + 16, p->share, 36);
    p->client_hello.key_shares = (struct cub_view){shares, sizeof shares};
}
MISDEED(old_legacy_version, HELLO)
{
    p->client_hello.legacy_version = 0x0301;
}
MISDEED(future_legacy_version, HELLO)
{
    p->client_hello.legacy_version = 0x0399;
}
MISDEED(short_legacy_session_id, HELLO)
{
    p->session_id_len = 7;
}
MISDEED(future_versions, HELLO)
{
    p->client_hello.supported_versions = view("\3\6\3\5\3\4\3\3\3\2", 10);
}
MISDEED(many_unknown, HELLO2)
{
    for (unsigned i = 0; i < 100; i++)
        peer_add_extension(p, (uint16_t)(0x4000 + i), "x", 1);
}
MISDEED(padding, HELLO2)
{
    static const uint8_t zeros[2000];

    peer_add_extension(p, 21, zeros, sizeof zeros);
}
MISDEED(extensions_of_old, HELLO2)
{
    peer_add_extension(p, 11, "\1\0", 2);      /* ec_point_formats */
    peer_add_extension(p, 22, NULL, 0);        /* encrypt_then_mac */
    peer_add_extension(p, 23, NULL, 0);        /* extended_master_secret */
    peer_add_extension(p, 35, NULL, 0);        /* session_ticket */
    peer_add_extension(p, 0xff01, "\0", 1);    /* renegotiation_info */
    peer_add_extension(p, 5, "\1\0\0\0\0", 5); /* status_request */
    peer_add_extension(p, 18, NULL, 0);        /* signed_certificate_timestamp */
    peer_add_extension(p, 27, "\2\0\2", 3);    /* compress_certificate */
    peer_add_extension(p, 34, "\0\2\4\3", 4);  /* delegated_credential */
    peer_add_extension(p, 49, NULL, 0);        /* post_handshake_auth */
    peer_add_extension(p, 50, "\0\2\4\3", 4);  /* signature_algorithms_cert */
}
MISDEED(psk_of_others, HELLO2)
{
    peer_add_extension(p, 45, "\1\1", 2);
    add_psk(p);
}
MISDEED(limit_large, HELLO)
{
    p->client_hello.record_size_limit = 0xffff;
    p->client_hello.present |= (uint32_t)EXT_BIT(EXT_RECORD_SIZE_LIMIT);
}

Test(misbehaving_client, harmless)
{
    static const struct harmless rows[] = {
        {"GREASE",                     grease,                  0        },
        {"GREASE extensions",          grease_extensions,       0        },
        {"GREASE protocol",            grease_alpn,             with_alpn},
        {"shares of others",           other_shares,            0        },
        {"old legacy_version",         old_legacy_version,      0        },
        {"future legacy_version",      future_legacy_version,   0        },
        {"short legacy_session_id",    short_legacy_session_id, 0        },
        {"future versions",            future_versions,         0        },
        {"many unknown extensions",    many_unknown,            0        },
        {"padding",                    padding,                 0        },
        {"extensions of old",          extensions_of_old,       0        },
        {"a PSK of somebody else",     psk_of_others,           0        },
        {"record_size_limit 2^16 - 1", limit_large,             0        },
    };

    DO_HARMLESS(rows, true);
}
