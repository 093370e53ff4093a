/*
 * After the handshake: KeyUpdate, tickets, closing, and what may not come any more.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/handshake/misdeeds.h"

static const uint8_t zeros[17000];

#define AFTER(name)                                                                                \
    MISDEED(name, PEER_CONNECTED, PEER_BEFORE)                                                     \
    {                                                                                              \
        name##_now(p);                                                                             \
    }

#define UNEXPECTED ALERT_UNEXPECTED_MESSAGE

/* KeyUpdate */

static void update_of_2_now(struct peer *p)
{
    peer_send_key_update(p, 2);
}
static void update_of_255_now(struct peer *p)
{
    peer_send_key_update(p, 255);
}
static void update_empty_now(struct peer *p)
{
    peer_send_message(p, CUB_KEY_UPDATE, "", 0);
}
static void update_long_now(struct peer *p)
{
    peer_send_message(p, CUB_KEY_UPDATE, "\0\0", 2);
}
static void update_flood_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send_key_update(p, 0);
}
static void update_request_flood_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send_key_update(p, 1);
}
/* Empty records are no data that would make KeyUpdates meaningful. */
static void update_flood_with_nothing_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++) {
        peer_send_key_update(p, 0);
        peer_send(p, CUB_APPLICATION_DATA, "", 0);
    }
}
static void update_without_new_key_now(struct peer *p)
{
    peer_send_message(p, CUB_KEY_UPDATE, "\0", 1);
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
static void new_key_without_update_now(struct peer *p)
{
    peer_update_key(p);
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}

/* Messages whose time is over, or never comes */

static void finished_again_now(struct peer *p)
{
    peer_send_message(p, CUB_FINISHED, zeros, 32);
}
static void client_hello_now(struct peer *p)
{
    peer_send_message(p, CUB_CLIENT_HELLO, zeros, 50);
}
static void server_hello_now(struct peer *p)
{
    peer_send_message(p, CUB_SERVER_HELLO, zeros, 50);
}
static void hello_request_now(struct peer *p)
{
    peer_send_message(p, CUB_HELLO_REQUEST, "", 0);
}
static void certificate_now(struct peer *p)
{
    peer_send_message(p, CUB_CERTIFICATE, "\0\0\0\0", 4);
}
/* Authentication after the handshake was not offered [RFC8446-4.6.2]. */
static void certificate_request_now(struct peer *p)
{
    peer_send_message(p, CUB_CERTIFICATE_REQUEST, "\1x\0\10\0\15\0\4\0\2\4\3", 12);
}
static void end_of_early_data_now(struct peer *p)
{
    peer_send_message(p, CUB_END_OF_EARLY_DATA, "", 0);
}
static void unknown_message_now(struct peer *p)
{
    peer_send_message(p, 99, "", 0);
}
static void ccs_now(struct peer *p)
{
    peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
}
static void protected_ccs_now(struct peer *p)
{
    peer_send(p, CUB_CHANGE_CIPHER_SPEC, "\1", 1);
}

/* Records */

static void empty_flood_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send(p, CUB_APPLICATION_DATA, "", 0);
}
static void padded_empty_flood_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++) {
        p->padded = 1000;
        peer_send(p, CUB_APPLICATION_DATA, "", 0);
    }
}
static void empty_handshake_now(struct peer *p)
{
    peer_send(p, CUB_HANDSHAKE, "", 0);
}
static void unknown_type_now(struct peer *p)
{
    peer_send(p, 42, "x", 1);
}
static void type_0_now(struct peer *p)
{
    peer_send(p, 0, zeros, 10);
}
static void too_long_now(struct peer *p)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, zeros, 16384 + 257);
}
static void inner_too_long_now(struct peer *p)
{
    peer_send(p, CUB_APPLICATION_DATA, zeros, 16385);
}
static void replay_now(struct peer *p)
{
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
    p->out.sequence--;
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
static void gap_now(struct peer *p)
{
    p->out.sequence++;
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
static void plain_data_now(struct peer *p)
{
    peer_send_plain(p, CUB_APPLICATION_DATA, 0x0303, zeros, 100);
}
/* After the handshake a word in the clear is no last word. */
static void plain_alert_now(struct peer *p)
{
    peer_send_plain(p, CUB_ALERT, 0x0303, "\2\50", 2);
}
static void data_amid_message_now(struct peer *p)
{
    peer_send(p, CUB_HANDSHAKE, "\30\0\0", 3);
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
static void empty_data_amid_message_now(struct peer *p)
{
    peer_send(p, CUB_HANDSHAKE, "\30\0\0", 3);
    peer_send(p, CUB_APPLICATION_DATA, "", 0);
}

/* Alerts */

static void fatal_alert_now(struct peer *p)
{
    peer_send(p, CUB_ALERT, "\2\120", 2);
}
static void unknown_alert_now(struct peer *p)
{
    peer_send(p, CUB_ALERT, "\2\xc8", 2);
}
static void short_alert_now(struct peer *p)
{
    peer_send(p, CUB_ALERT, "\1", 1);
}
static void long_alert_now(struct peer *p)
{
    peer_send(p, CUB_ALERT, "\1\0\0", 3);
}
static void empty_alert_now(struct peer *p)
{
    peer_send(p, CUB_ALERT, "", 0);
}
static void canceled_flood_now(struct peer *p)
{
    for (unsigned i = 0; i < 40; i++)
        peer_send(p, CUB_ALERT, "\1\132", 2);
}

AFTER(update_of_2)
AFTER(update_of_255)
AFTER(update_empty)
AFTER(update_long)
AFTER(update_flood)
AFTER(update_request_flood)
AFTER(update_flood_with_nothing)
AFTER(update_without_new_key)
AFTER(new_key_without_update)
AFTER(finished_again)
AFTER(client_hello)
AFTER(server_hello)
AFTER(hello_request)
AFTER(certificate)
AFTER(certificate_request)
AFTER(end_of_early_data)
AFTER(unknown_message)
AFTER(ccs)
AFTER(protected_ccs)
AFTER(empty_flood)
AFTER(padded_empty_flood)
AFTER(empty_handshake)
AFTER(unknown_type)
AFTER(type_0)
AFTER(too_long)
AFTER(inner_too_long)
AFTER(replay)
AFTER(gap)
AFTER(plain_data)
AFTER(plain_alert)
AFTER(data_amid_message)
AFTER(empty_data_amid_message)
AFTER(fatal_alert)
AFTER(unknown_alert)
AFTER(short_alert)
AFTER(long_alert)
AFTER(empty_alert)
AFTER(canceled_flood)

Test(misbehaving_after, both_roles)
{
    static const struct misdeed rows[] = {
        {"KeyUpdate 2",            update_of_2,               E_KU_VALUE,             ALERT_ILLEGAL_PARAMETER, 0},
        {"KeyUpdate 255",          update_of_255,             E_KU_VALUE,             ALERT_ILLEGAL_PARAMETER, 0},
        {"empty KeyUpdate",        update_empty,              E_DECODE_KEY_UPDATE,    ALERT_DECODE_ERROR,      0},
        {"long KeyUpdate",         update_long,               E_DECODE_KEY_UPDATE,    ALERT_DECODE_ERROR,      0},
        {"KeyUpdates",             update_flood,              E_TOO_MANY_KEY_UPDATES, UNEXPECTED,              0},
        {"requests",               update_request_flood,      E_TOO_MANY_KEY_UPDATES, UNEXPECTED,              0},
        {"KeyUpdates for nothing", update_flood_with_nothing, E_TOO_MANY_KEY_UPDATES, UNEXPECTED,
         0                                                                                                      },
        {"no new key",             update_without_new_key,    E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"no KeyUpdate",           new_key_without_update,    E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"Finished",               finished_again,            E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"ClientHello",            client_hello,              E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"ServerHello",            server_hello,              E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"HelloRequest",           hello_request,             E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"Certificate",            certificate,               E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"CertificateRequest",     certificate_request,       E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"EndOfEarlyData",         end_of_early_data,         E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"unknown message",        unknown_message,           E_UNEXPECTED_MESSAGE,   UNEXPECTED,              0},
        {"CCS",                    ccs,                       E_UNEXPECTED_CCS,       UNEXPECTED,              0},
        {"protected CCS",          protected_ccs,             E_UNEXPECTED_CCS,       UNEXPECTED,              0},
        {"empty records",          empty_flood,               E_RECORD_EMPTY_FLOOD,   UNEXPECTED,              0},
        {"padding without end",    padded_empty_flood,        E_RECORD_EMPTY_FLOOD,   UNEXPECTED,              0},
        {"empty handshake",        empty_handshake,           E_RECORD_EMPTY,         UNEXPECTED,              0},
        {"unknown type",           unknown_type,              E_RECORD_TYPE,          UNEXPECTED,              0},
        {"no type",                type_0,                    E_RECORD_NO_TYPE,       UNEXPECTED,              0},
        {"2^14 + 257",             too_long,                  E_RECORD_OVERFLOW,      ALERT_RECORD_OVERFLOW,   0},
        {"2^14 + 1 inside",        inner_too_long,            E_RECORD_OVERFLOW,      ALERT_RECORD_OVERFLOW,   0},
        {"replay",                 replay,                    E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"gap",                    gap,                       E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"data in the clear",      plain_data,                E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"alert in the clear",     plain_alert,               E_RECORD_BAD_MAC,       ALERT_BAD_RECORD_MAC,    0},
        {"data amid a message",    data_amid_message,         E_INTERLEAVED,          UNEXPECTED,              0},
        {"nothing amid a message", empty_data_amid_message,   E_INTERLEAVED,          UNEXPECTED,              0},
        {"alert",                  fatal_alert,               E_ALERT_RECEIVED,       ALERT_NONE,              0},
        {"unknown alert",          unknown_alert,             E_ALERT_RECEIVED,       ALERT_NONE,              0},
        {"short alert",            short_alert,               E_ALERT_FORM,           ALERT_DECODE_ERROR,      0},
        {"long alert",             long_alert,                E_ALERT_FORM,           ALERT_DECODE_ERROR,      0},
        {"empty alert",            empty_alert,               E_RECORD_EMPTY,         UNEXPECTED,              0},
        {"canceled",               canceled_flood,            E_TOO_MANY_WARNINGS,    UNEXPECTED,              0},
    };

    DO_MISDEEDS(rows, false);
    DO_MISDEEDS(rows, true);
}

/* NewSessionTicket: lifetime, age_add, nonce, ticket, extensions */

static void send_ticket(struct peer *p, const char *body, size_t len)
{
    peer_send_message(p, CUB_NEW_SESSION_TICKET, body, len);
}

#define TICKET(name, body)                                                                         \
    MISDEED(name, PEER_CONNECTED, PEER_BEFORE)                                                     \
    {                                                                                              \
        send_ticket(p, body, sizeof body - 1);                                                     \
    }

TICKET(ticket_empty, "")
TICKET(ticket_short, "\0\0\0\1\0\0\0\1\1n\0\1t\0")
TICKET(ticket_long, "\0\0\0\1\0\0\0\1\1n\0\1t\0\0x")
TICKET(ticket_of_nothing, "\0\0\0\1\0\0\0\1\1n\0\0\0\0")
TICKET(ticket_early_data, "\0\0\0\1\0\0\0\1\1n\0\1t\0\7\0\x2a\0\3\0\0\1")
TICKET(ticket_misplaced, "\0\0\0\1\0\0\0\1\1n\0\1t\0\6\0\x33\0\2\0\x1d")
TICKET(ticket_twice, "\0\0\0\1\0\0\0\1\1n\0\1t\0\10\x12\x34\0\0\x12\x34\0\0")
TICKET(ticket_good, "\0\0\0\1\0\0\0\1\1n\0\1t\0\0")
TICKET(ticket_of_no_use, "\0\0\0\0\0\0\0\1\0\0\1t\0\0")
TICKET(ticket_for_ever, "\xff\xff\xff\xff\0\0\0\1\1n\0\1t\0\0")
TICKET(ticket_grease, "\0\0\0\1\0\0\0\1\1n\0\1t\0\15\x1a\x1a\0\5abcde\xfa\xfa\0\0")
MISDEED(tickets_in_one_record, PEER_CONNECTED, PEER_BEFORE)
{
    static const uint8_t two[] = "\4\0\0\16\0\0\0\1\0\0\0\1\0\0\1t\0\0"
                                 "\4\0\0\16\0\0\0\1\0\0\0\1\0\0\1u\0\0";

    peer_send(p, CUB_HANDSHAKE, two, sizeof two - 1);
}
MISDEED(ticket_in_pieces, PEER_CONNECTED, PEER_BEFORE)
{
    static const uint8_t ticket[] = "\4\0\0\16\0\0\0\1\0\0\0\1\0\0\1t\0\0";

    for (size_t i = 0; i < sizeof ticket - 1; i++)
        peer_send(p, CUB_HANDSHAKE, ticket + i, 1);
}

Test(misbehaving_after, tickets)
{
    static const struct misdeed rows[] = {
        {"empty",      ticket_empty,      E_DECODE_NEW_SESSION_TICKET, ALERT_DECODE_ERROR,      0},
        {"short",      ticket_short,      E_DECODE_NEW_SESSION_TICKET, ALERT_DECODE_ERROR,      0},
        {"long",       ticket_long,       E_DECODE_NEW_SESSION_TICKET, ALERT_DECODE_ERROR,      0},
        {"no ticket",  ticket_of_nothing, E_DECODE_NEW_SESSION_TICKET, ALERT_DECODE_ERROR,      0},
        {"early_data", ticket_early_data, E_DECODE_NEW_SESSION_TICKET, ALERT_DECODE_ERROR,      0},
        {"key_share",  ticket_misplaced,  E_EXT_PLACE,                 ALERT_ILLEGAL_PARAMETER, 0},
        {"two of one", ticket_twice,      E_EXT_DUPLICATE,             ALERT_ILLEGAL_PARAMETER, 0},
    };
    static const struct misdeed server_rows[] = {
        {"to a server", ticket_good, E_UNEXPECTED_MESSAGE, UNEXPECTED, 0},
    };
    static const struct harmless fine[] = {
        {"good",            ticket_good,           0},
        {"of no use",       ticket_of_no_use,      0},
        {"for ever",        ticket_for_ever,       0},
        {"GREASE",          ticket_grease,         0},
        {"two in a record", tickets_in_one_record, 0},
        {"in pieces",       ticket_in_pieces,      0},
    };

    DO_MISDEEDS(rows, false);
    DO_MISDEEDS(server_rows, true);
    DO_HARMLESS(fine, false);
}

/* What may come. */

MISDEED(some_updates, PEER_CONNECTED, PEER_BEFORE)
{
    for (unsigned i = 0; i < 10; i++)
        peer_send_key_update(p, i % 2);
}
MISDEED(updates_with_data, PEER_CONNECTED, PEER_BEFORE)
{
    for (unsigned i = 0; i < 100; i++) {
        peer_send_key_update(p, i % 2);
        peer_send(p, CUB_APPLICATION_DATA, "d", 1);
    }
}
MISDEED(some_empty, PEER_CONNECTED, PEER_BEFORE)
{
    for (unsigned i = 0; i < 100; i++) {
        peer_send(p, CUB_APPLICATION_DATA, "d", i % 10 == 0);
    }
}
MISDEED(largest, PEER_CONNECTED, PEER_BEFORE)
{
    peer_send(p, CUB_APPLICATION_DATA, zeros, 16384);
    p->padded = 16383;
    peer_send(p, CUB_APPLICATION_DATA, zeros, 1);
}
MISDEED(canceled_once, PEER_CONNECTED, PEER_BEFORE)
{
    peer_send(p, CUB_ALERT, "\1\132", 2);
}
MISDEED(update_in_pieces, PEER_CONNECTED, PEER_BEFORE)
{
    static const uint8_t update[] = {24, 0, 0, 1, 0};

    for (size_t i = 0; i < sizeof update; i++)
        peer_send(p, CUB_HANDSHAKE, update + i, 1);
    peer_update_key(p);
}

Test(misbehaving_after, harmless)
{
    static const struct harmless rows[] = {
        {"KeyUpdates",           some_updates,      0},
        {"KeyUpdates with data", updates_with_data, 0},
        {"empty records",        some_empty,        0},
        {"the largest records",  largest,           0},
        {"user_canceled",        canceled_once,     0},
        {"KeyUpdate in pieces",  update_in_pieces,  0},
    };

    DO_HARMLESS(rows, false);
    DO_HARMLESS(rows, true);
}

/* A request is answered once, before the next data, and not by a request [RFC8446-4.6.3]. */
/* The victim says something, if it can. */
static void speak(struct peer *p)
{
    size_t room;
    uint8_t *out = cub_engine_sendapp_buf(&p->victim.engine, &room);

    if (out != NULL) {
        *out = 'y';
        cub_engine_sendapp_ack(&p->victim.engine, 1);
    }
    cub_engine_flush(&p->victim.engine);
    peer_send_raw(p, "", 0);
}

Test(misbehaving_after, key_update_answers)
{
    static struct peer p;

    for (unsigned victim_is_server = 0; victim_is_server < 2; victim_is_server++) {
        peer_init(&p, victim_is_server);
        peer_connect(&p);
        peer_send_key_update(&p, 0);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 0);
        peer_send_key_update(&p, 1);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 0, "it is silent");
        speak(&p);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 1);
        cr_assert_eq(p.key_updates_requested, 0);

        /* Two requests in one go, while the victim is silent. */
        p.got[CUB_KEY_UPDATE] = 0;
        peer_send_key_update(&p, 1);
        peer_send_key_update(&p, 1);
        p.victim.engine.out.size = 0; /* it has no room to answer */
        speak(&p);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 0);
        p.victim.engine.out.size = sizeof p.victim.out;
        peer_send(&p, CUB_APPLICATION_DATA, "x", 1);
        speak(&p);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 1);
        cr_assert_eq(p.key_updates_requested, 0);
    }
}

/* The victim asks once and waits for the answer before it asks again [RFC9846-4.7.3]. */
Test(misbehaving_after, key_update_requests)
{
    static struct peer p;

    for (unsigned victim_is_server = 0; victim_is_server < 2; victim_is_server++) {
        peer_init(&p, victim_is_server);
        peer_connect(&p);
        cub_engine_key_update(&p.victim.engine, true);
        peer_send(&p, CUB_APPLICATION_DATA, "x", 1);
        cr_assert_eq(p.key_updates_requested, 1);
        cub_engine_key_update(&p.victim.engine, true);
        peer_send(&p, CUB_APPLICATION_DATA, "x", 1);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 2);
        cr_assert_eq(p.key_updates_requested, 1);
        peer_send_key_update(&p, 0);
        cub_engine_key_update(&p.victim.engine, true);
        peer_send(&p, CUB_APPLICATION_DATA, "x", 1);
        cr_assert_eq(p.got[CUB_KEY_UPDATE], 3);
        cr_assert_eq(p.key_updates_requested, 2);
    }
}
