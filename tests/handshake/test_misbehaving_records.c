/*
 * Records, alerts and ChangeCipherSpecs where they may not be, or not be so; the same for clients
 * and servers.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "tests/handshake/misdeeds.h"

static const uint8_t zeros[17000];

/* Before a step that both roles of a peer have, under handshake keys. */
#define FINISHED PEER_FINISHED, PEER_BEFORE
/* When all is over, under application keys. */
#define CONNECTED PEER_CONNECTED, PEER_BEFORE

/* The first record of all. */
static bool is_first(const struct peer *p, enum peer_step step, enum peer_moment moment)
{
    return moment == PEER_BEFORE &&
           (p->is_server ? step == PEER_SERVER_HELLO : step == PEER_CLIENT_HELLO);
}

#define FIRST(name)                                                                                \
    static void name##_act(struct peer *p);                                                        \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (is_first(p, step, moment))                                                             \
            name##_act(p);                                                                         \
    }                                                                                              \
    static void name##_act(struct peer *p)

/* In the clear */

FIRST(plain_type_24)
{
    peer_send_plain(p, 24, 0x0303, "a", 1);
}
FIRST(plain_http)
{
    peer_send_raw(p, "GET / HTTP/1.1\r\n\r\n", 18);
}
FIRST(plain_proxy)
{
    peer_send_raw(p, "CONNECT server.example:443 HTTP/1.1\r\n", 37);
}
FIRST(plain_ssh)
{
    peer_send_raw(p, "SSH-2.0-OpenSSH\r\n", 17);
}
FIRST(plain_ssl2)
{
    peer_send_raw(p, "\x80\x2e\1\0\2\0\x15\0\0\0\x10", 11);
}
FIRST(plain_version_2)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0203, "a", 1);
}
FIRST(plain_version_4)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0403, "a", 1);
}
FIRST(plain_too_long)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, zeros, 16385);
}
FIRST(plain_longest)
{
    peer_send_raw(p, "\x16\3\3\xff\xff", 5);
}
FIRST(plain_empty_handshake)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "", 0);
}
FIRST(plain_empty_alert)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "", 0);
}
FIRST(plain_empty_ccs)
{
    peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "", 0);
}
FIRST(plain_data)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, "data", 4);
}
FIRST(plain_empty_data)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, "", 0);
}
FIRST(plain_alert_level)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\3\50", 2);
}
FIRST(plain_warnings)
{
    for (unsigned i = 0; i < 10; i++)
        peer_send_plain(p, CUB_ALERT, 0x0303, "\1\160", 2);
}
FIRST(plain_short_alert)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2", 1);
}
FIRST(plain_long_alert)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\50\0", 3);
}
FIRST(plain_two_alerts)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\1\132\2\50", 4);
}
FIRST(plain_alert)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\50", 2);
}
FIRST(plain_unknown_alert)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\xfe", 2);
}
FIRST(plain_close)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\1\0", 2);
}
FIRST(plain_unknown_message)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "\x77\0\0\0", 4);
}
FIRST(plain_hello_request)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "\0\0\0\0", 4);
}
/* What is not expected is not waited for, however much of it was announced. */
FIRST(plain_long_unknown)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "\x77\xff\xff\xff", 4);
}
FIRST(plain_long_finished)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "\x14\xff\xff\xff", 4);
}
FIRST(plain_own_hello)
{
    uint8_t header[4] = {p->is_server ? CUB_CLIENT_HELLO : CUB_SERVER_HELLO, 0xff, 0xff, 0xff};

    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, header, 4);
}
FIRST(plain_endless_hello)
{
    uint8_t header[4] = {p->is_server ? CUB_SERVER_HELLO : CUB_CLIENT_HELLO, 0xff, 0xff, 0xff};

    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, header, 4);
}
FIRST(plain_many_ccs)
{
    if (!p->is_server)
        peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
    for (unsigned i = 0; i < 40 && p->is_server; i++)
        peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
}

#define IN_CLEAR                                                                                   \
    {"type 24", plain_type_24, E_RECORD_TYPE, ALERT_UNEXPECTED_MESSAGE, 0},                        \
        {"HTTP", plain_http, E_RECORD_HTTP, ALERT_PROTOCOL_VERSION, 0},                            \
        {"proxy", plain_proxy, E_RECORD_HTTPS_PROXY, ALERT_PROTOCOL_VERSION, 0},                   \
        {"SSH", plain_ssh, E_RECORD_VERSION, ALERT_PROTOCOL_VERSION, 0},                           \
        {"SSL 2", plain_ssl2, E_RECORD_VERSION, ALERT_PROTOCOL_VERSION, 0},                        \
        {"version 2.3", plain_version_2, E_RECORD_VERSION, ALERT_PROTOCOL_VERSION, 0},             \
        {"version 4.3", plain_version_4, E_RECORD_VERSION, ALERT_PROTOCOL_VERSION, 0},             \
        {"2^14 + 1", plain_too_long, E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW, 0},                 \
        {"2^16 - 1", plain_longest, E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW, 0},                  \
        {"empty handshake", plain_empty_handshake, E_RECORD_EMPTY, ALERT_UNEXPECTED_MESSAGE, 0},   \
        {"empty alert", plain_empty_alert, E_RECORD_EMPTY, ALERT_UNEXPECTED_MESSAGE, 0},           \
        {"empty CCS", plain_empty_ccs, E_RECORD_EMPTY, ALERT_UNEXPECTED_MESSAGE, 0},               \
        {"data", plain_data, E_UNEXPECTED_DATA, ALERT_UNEXPECTED_MESSAGE, 0},                      \
        {"empty data", plain_empty_data, E_UNEXPECTED_DATA, ALERT_UNEXPECTED_MESSAGE, 0},          \
        {"alert of one byte", plain_short_alert, E_ALERT_FORM, ALERT_DECODE_ERROR, 0},             \
        {"alert of three", plain_long_alert, E_ALERT_FORM, ALERT_DECODE_ERROR, 0},                 \
        {"two alerts", plain_two_alerts, E_ALERT_FORM, ALERT_DECODE_ERROR, 0},                     \
        {"alert of level 3", plain_alert_level, E_ALERT_LEVEL, ALERT_ILLEGAL_PARAMETER, 0},        \
        {"warnings", plain_warnings, E_TOO_MANY_WARNINGS, ALERT_UNEXPECTED_MESSAGE, 0},            \
        {"alert", plain_alert, E_ALERT_RECEIVED, ALERT_NONE, 0},                                   \
        {"unknown alert", plain_unknown_alert, E_ALERT_RECEIVED, ALERT_NONE, 0},                   \
        {"close_notify", plain_close, E_CLOSED_IN_HANDSHAKE, ALERT_NONE, 0},                       \
        {"unknown message", plain_unknown_message, E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE, \
         0},                                                                                       \
        {"HelloRequest", plain_hello_request, E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE, 0},  \
        {"long unknown message", plain_long_unknown, E_UNEXPECTED_MESSAGE,                         \
         ALERT_UNEXPECTED_MESSAGE, 0},                                                             \
        {"long Finished", plain_long_finished, E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE, 0}, \
        {"own hello", plain_own_hello, E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE, 0},         \
    {                                                                                              \
        "endless hello", plain_endless_hello, E_MESSAGE_BUFFER, ALERT_INTERNAL_ERROR, 0            \
    }

Test(misbehaving_records, in_clear)
{
    static const struct misdeed client_rows[] = {
        IN_CLEAR,
        {"too many CCS", plain_many_ccs, E_TOO_MUCH_NOISE, ALERT_UNEXPECTED_MESSAGE, 0},
    };
    static const struct misdeed server_rows[] = {
        IN_CLEAR,
 /* Before the first ClientHello there is none [RFC8446-5]. */
        {"CCS first", plain_many_ccs, E_UNEXPECTED_CCS, ALERT_UNEXPECTED_MESSAGE, 0},
    };

    DO_MISDEEDS(client_rows, false);
    DO_MISDEEDS(server_rows, true);
}

/* Under handshake keys */

MISDEED(hs_plain_handshake, FINISHED)
{
    peer_send_plain(p, CUB_HANDSHAKE, 0x0303, "\x14\0\0\0", 4);
}
MISDEED(hs_outer_type, FINISHED)
{
    p->outer = CUB_HANDSHAKE;
    peer_send(p, CUB_HANDSHAKE, "\x14\0\0\0", 4);
}
MISDEED(hs_bad_mac, FINISHED)
{
    peer_send_raw(p,
                  "\x17\3\3\0\x15"
                  "abcdefghijklmnopqrstuvwxyz",
                  26);
}
MISDEED(hs_short, FINISHED)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, "abcdefghijklmno", 15);
}
MISDEED(hs_nothing, FINISHED)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, "", 0);
}
MISDEED(hs_too_long, FINISHED)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, zeros, 16384 + 257);
}
MISDEED(hs_inner_too_long, FINISHED)
{
    peer_send(p, CUB_HANDSHAKE, zeros, 16385);
}
MISDEED(hs_padded_too_long, FINISHED)
{
    p->padded = 16381;
    peer_send(p, CUB_HANDSHAKE, "\x14\0\0\0", 4);
}
MISDEED(hs_no_type, FINISHED)
{
    peer_send(p, 0, "", 0);
}
MISDEED(hs_zeros, FINISHED)
{
    peer_send(p, 0, zeros, 100);
}
MISDEED(hs_type_24, FINISHED)
{
    peer_send(p, 24, "a", 1);
}
MISDEED(hs_type_19, FINISHED)
{
    peer_send(p, 19, "a", 1);
}
MISDEED(hs_empty_handshake, FINISHED)
{
    peer_send(p, CUB_HANDSHAKE, "", 0);
}
MISDEED(hs_empty_alert, FINISHED)
{
    peer_send(p, CUB_ALERT, "", 0);
}
MISDEED(hs_data, FINISHED)
{
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
MISDEED(hs_empty_data, FINISHED)
{
    peer_send(p, CUB_APPLICATION_DATA, "", 0);
}
MISDEED(hs_protected_ccs, FINISHED)
{
    peer_send(p, CUB_CHANGE_CIPHER_SPEC, "\1", 1);
}
MISDEED(hs_ccs_2, FINISHED)
{
    peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\2", 1);
}
MISDEED(hs_ccs_long, FINISHED)
{
    peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1\1", 2);
}
MISDEED(hs_many_ccs, FINISHED)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
}
MISDEED(hs_plain_alert, FINISHED)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\50", 2);
}
MISDEED(hs_alert, FINISHED)
{
    peer_send(p, CUB_ALERT, "\2\50", 2);
}
MISDEED(hs_alert_as_warning, FINISHED)
{
    peer_send(p, CUB_ALERT, "\1\52", 2);
}
MISDEED(hs_close, FINISHED)
{
    peer_send(p, CUB_ALERT, "\1\0", 2);
}
MISDEED(hs_canceled_and_closed, FINISHED)
{
    peer_send(p, CUB_ALERT, "\1\132", 2);
    peer_send(p, CUB_ALERT, "\1\0", 2);
}
MISDEED(hs_many_canceled, FINISHED)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send(p, CUB_ALERT, "\1\132", 2);
}
MISDEED(hs_key_update, FINISHED)
{
    peer_send_key_update(p, 0);
}
MISDEED(hs_end_of_early_data, FINISHED)
{
    peer_send_message(p, CUB_END_OF_EARLY_DATA, "", 0);
}
MISDEED(hs_ticket, FINISHED)
{
    peer_send_message(p, CUB_NEW_SESSION_TICKET, "\0\0\0\1\0\0\0\1\0\0\1t\0\0", 14);
}
MISDEED(hs_old_record, FINISHED)
{
    p->out.sequence--;
    peer_send(p, CUB_HANDSHAKE, "\x14\0\0\0", 4);
}

/* A message in two records, and something between them. */
#define BETWEEN(name, content)                                                                     \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (step == PEER_FINISHED && moment == PEER_ENCODED)                                       \
            p->cut = 7;                                                                            \
        if (step == PEER_FINISHED && moment == PEER_BETWEEN)                                       \
            content;                                                                               \
    }

BETWEEN(between_data, peer_send(p, CUB_APPLICATION_DATA, "data", 4))
BETWEEN(between_empty_data, peer_send(p, CUB_APPLICATION_DATA, "", 0))
BETWEEN(between_ccs, peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1))
BETWEEN(between_canceled, peer_send(p, CUB_ALERT, "\1\132", 2))
BETWEEN(between_nothing, (void)0)

/* The same between the certificates of a Certificate, and within one. */
#define AMID_CERTIFICATE(name, where)                                                              \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (step == PEER_CERTIFICATE && moment == PEER_ENCODED)                                    \
            p->cut = where;                                                                        \
        if (step == PEER_CERTIFICATE && moment == PEER_BETWEEN)                                    \
            peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);                           \
    }

AMID_CERTIFICATE(amid_head, 5)
AMID_CERTIFICATE(behind_head, 8)
AMID_CERTIFICATE(amid_entry, 100)
AMID_CERTIFICATE(behind_entry, 8 + 3 + p->chain[0].len + 2)

/* Bytes behind the message that changes the key, in its record [RFC8446-5.1]. */
#define SPAN(name, which)                                                                          \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (step == (which) && moment == PEER_ENCODED) {                                           \
            p->trailer = "\x08\0\0\2\0\0";                                                         \
            p->trailer_len = 6;                                                                    \
        }                                                                                          \
    }                                                                                              \
    static void name##_by_a_byte(struct peer *p, enum peer_step step, enum peer_moment moment)     \
    {                                                                                              \
        if (step == (which) && moment == PEER_ENCODED) {                                           \
            p->trailer = "\x08";                                                                   \
            p->trailer_len = 1;                                                                    \
        }                                                                                          \
    }

SPAN(span_server_hello, PEER_SERVER_HELLO)
SPAN(span_client_hello, PEER_CLIENT_HELLO)
SPAN(span_second_hello, PEER_CLIENT_HELLO_AGAIN)
SPAN(span_finished, PEER_FINISHED)

static const uint8_t key_update_and_more[] = {24, 0, 0, 1, 0, 4};
MISDEED(span_key_update, CONNECTED)
{
    peer_send(p, CUB_HANDSHAKE, key_update_and_more, sizeof key_update_and_more);
}

#define UNEXPECTED ALERT_UNEXPECTED_MESSAGE

#define UNDER_HANDSHAKE_KEYS                                                                       \
    {"plain handshake", hs_plain_handshake, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},            \
        {"outer type", hs_outer_type, E_RECORD_UNPROTECTED, UNEXPECTED, 0},                        \
        {"bad MAC", hs_bad_mac, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},                        \
        {"shorter than a tag", hs_short, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},               \
        {"no body", hs_nothing, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},                        \
        {"old record", hs_old_record, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},                  \
        {"2^14 + 257", hs_too_long, E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW, 0},                  \
        {"2^14 + 1 inside", hs_inner_too_long, E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW, 0},       \
        {"padded too long", hs_padded_too_long, E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW, 0},      \
        {"no type", hs_no_type, E_RECORD_NO_TYPE, UNEXPECTED, 0},                                  \
        {"zeros alone", hs_zeros, E_RECORD_NO_TYPE, UNEXPECTED, 0},                                \
        {"type 24 inside", hs_type_24, E_RECORD_TYPE, UNEXPECTED, 0},                              \
        {"type 19 inside", hs_type_19, E_RECORD_TYPE, UNEXPECTED, 0},                              \
        {"empty handshake", hs_empty_handshake, E_RECORD_EMPTY, UNEXPECTED, 0},                    \
        {"empty alert", hs_empty_alert, E_RECORD_EMPTY, UNEXPECTED, 0},                            \
        {"data", hs_data, E_UNEXPECTED_DATA, UNEXPECTED, 0},                                       \
        {"empty data", hs_empty_data, E_UNEXPECTED_DATA, UNEXPECTED, 0},                           \
        {"protected CCS", hs_protected_ccs, E_UNEXPECTED_CCS, UNEXPECTED, 0},                      \
        {"CCS of 2", hs_ccs_2, E_CCS_FORM, UNEXPECTED, 0},                                         \
        {"CCS of two bytes", hs_ccs_long, E_CCS_FORM, UNEXPECTED, 0},                              \
        {"many CCS", hs_many_ccs, E_TOO_MUCH_NOISE, UNEXPECTED, 0},                                \
        {"alert", hs_alert, E_ALERT_RECEIVED, ALERT_NONE, 0},                                      \
        {"fatal warning", hs_alert_as_warning, E_ALERT_FORM, ALERT_DECODE_ERROR, 0},               \
        {"close_notify", hs_close, E_CLOSED_IN_HANDSHAKE, ALERT_NONE, 0},                          \
        {"user_canceled, close_notify", hs_canceled_and_closed, E_CLOSED_IN_HANDSHAKE, ALERT_NONE, \
         0},                                                                                       \
        {"many user_canceled", hs_many_canceled, E_TOO_MANY_WARNINGS, UNEXPECTED, 0},              \
        {"KeyUpdate", hs_key_update, E_UNEXPECTED_MESSAGE, UNEXPECTED, 0},                         \
        {"EndOfEarlyData", hs_end_of_early_data, E_UNEXPECTED_MESSAGE, UNEXPECTED, 0},             \
        {"NewSessionTicket", hs_ticket, E_UNEXPECTED_MESSAGE, UNEXPECTED, 0},                      \
        {"data amid a message", between_data, E_INTERLEAVED, UNEXPECTED, 0},                       \
        {"empty data amid a message", between_empty_data, E_INTERLEAVED, UNEXPECTED, 0},           \
        {"CCS amid a message", between_ccs, E_INTERLEAVED, UNEXPECTED, 0},                         \
        {"user_canceled amid a message", between_canceled, E_INTERLEAVED, UNEXPECTED, 0},          \
        {"CCS in a Certificate's head", amid_head, E_INTERLEAVED, UNEXPECTED, with_client_auth},   \
        {"CCS before its entries", behind_head, E_INTERLEAVED, UNEXPECTED, with_client_auth},      \
        {"CCS in an entry", amid_entry, E_INTERLEAVED, UNEXPECTED, with_client_auth},              \
        {"CCS between entries", behind_entry, E_INTERLEAVED, UNEXPECTED, with_client_auth},        \
        {"more behind Finished", span_finished, E_EXCESS_HANDSHAKE_DATA, UNEXPECTED, 0},           \
        {"a byte behind Finished", span_finished_by_a_byte, E_EXCESS_HANDSHAKE_DATA, UNEXPECTED,   \
         0},                                                                                       \
    {                                                                                              \
        "more behind KeyUpdate", span_key_update, E_EXCESS_HANDSHAKE_DATA, UNEXPECTED, 0           \
    }

Test(misbehaving_records, under_handshake_keys)
{
    static const struct misdeed client_rows[] = {
        UNDER_HANDSHAKE_KEYS,
        {"plain alert",               hs_plain_alert,              E_RECORD_BAD_MAC,        ALERT_BAD_RECORD_MAC, 0},
        {"more behind ServerHello",   span_server_hello,           E_EXCESS_HANDSHAKE_DATA, UNEXPECTED,           0},
        {"a byte behind ServerHello", span_server_hello_by_a_byte, E_EXCESS_HANDSHAKE_DATA,
          UNEXPECTED,                                                                                              0},
    };
    static const struct misdeed server_rows[] = {
        UNDER_HANDSHAKE_KEYS,
        {"plain alert",               hs_plain_alert,              E_ALERT_RECEIVED,        ALERT_NONE, 0         },
        {"more behind ClientHello",   span_client_hello,           E_EXCESS_HANDSHAKE_DATA, UNEXPECTED, 0         },
        {"a byte behind ClientHello", span_client_hello_by_a_byte, E_EXCESS_HANDSHAKE_DATA,
          UNEXPECTED,                                                                                    0         },
        {"more behind the second",    span_second_hello,           E_EXCESS_HANDSHAKE_DATA, UNEXPECTED,
          with_retry                                                                                               },
        {"a byte behind the second",  span_second_hello_by_a_byte, E_EXCESS_HANDSHAKE_DATA,
          UNEXPECTED,                                                                                    with_retry},
    };

    DO_MISDEEDS(client_rows, false);
    DO_MISDEEDS(server_rows, true);
}

/* A server's first alert, when it has our ServerHello's... a client's, when it cannot read it. */
MISDEED(sh_plain_alert, PEER_ENCRYPTED_EXTENSIONS, PEER_BEFORE)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\50", 2);
}
MISDEED(sh_plain_canceled, PEER_ENCRYPTED_EXTENSIONS, PEER_BEFORE)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\1\132", 2);
}
MISDEED(ch_plain_canceled, FINISHED)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\1\132", 2);
}

Test(misbehaving_records, last_word)
{
    static const struct misdeed client_rows[] = {
        {"alert",         sh_plain_alert,    E_ALERT_RECEIVED, ALERT_NONE,           0},
        {"user_canceled", sh_plain_canceled, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},
    };
    static const struct misdeed server_rows[] = {
        {"user_canceled", ch_plain_canceled, E_RECORD_BAD_MAC, ALERT_BAD_RECORD_MAC, 0},
    };

    DO_MISDEEDS(client_rows, false);
    DO_MISDEEDS(server_rows, true);
}

/* What is no harm: a few dummies, padding, fragments, a canceled user who goes on. */

MISDEED(some_ccs, FINISHED)
{
    for (unsigned i = 0; i < 10; i++)
        peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
}
MISDEED(some_canceled, FINISHED)
{
    peer_send(p, CUB_ALERT, "\2\132", 2);
}
MISDEED(much_padding, FINISHED)
{
    p->padded = 16000;
}
MISDEED(cut_finished, PEER_FINISHED, PEER_ENCODED)
{
    p->cut = 1;
}

Test(misbehaving_records, harmless)
{
    static const struct harmless rows[] = {
        {"some CCS",         some_ccs,        0},
        {"user_canceled",    some_canceled,   0},
        {"padding",          much_padding,    0},
        {"cut after a byte", cut_finished,    0},
        {"cut",              between_nothing, 0},
    };

    DO_HARMLESS(rows, false);
    DO_HARMLESS(rows, true);
}

/* Record buffers decide what can come: a longer record names them. */

static void with_small_buffer(struct peer *p)
{
    end_shrink(&p->victim, 512, 16384, 4096);
}
/* At a time when each role has had no record from the peer that would be too long itself. */
#define TOO_LONG(name, len)                                                                        \
    static void name(struct peer *p, enum peer_step step, enum peer_moment moment)                 \
    {                                                                                              \
        if (step == (p->is_server ? PEER_ENCRYPTED_EXTENSIONS : PEER_FINISHED) &&                  \
            moment == PEER_BEFORE)                                                                 \
            peer_send(p, CUB_HANDSHAKE, zeros, len);                                               \
    }

TOO_LONG(longer_than_limit, 513)
TOO_LONG(too_long_for_buffer, 1000)

Test(misbehaving_records, buffer)
{
    static const struct misdeed rows[] = {
        {"513 bytes",  longer_than_limit,   E_RECORD_OVERFLOW, ALERT_RECORD_OVERFLOW,
         with_small_buffer},
        {"1000 bytes", too_long_for_buffer, E_RECORD_BUFFER,   ALERT_RECORD_OVERFLOW,
         with_small_buffer},
    };

    DO_MISDEEDS(rows, true);
    DO_MISDEEDS(rows, false);
}
