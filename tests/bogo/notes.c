/*
 * What the peer's hello or request says that the engine does not keep: read again as it comes.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client_hello.h"
#include "handshake/messages12.h"
#include "handshake/negotiate.h"
#include "shim.h"

static void keep(struct note *note, struct cub_view list)
{
    if (list.len > sizeof note->bytes)
        die("a list of the peer's is too long");
    if (list.len > 0)
        memcpy(note->bytes, list.data, list.len);
    note->len = list.len;
}

static void note_request(struct shim *s, struct rd *body)
{
    struct cub_certificate_request cr;

    if (cub_certificate_request_decode(body, &cr) != E_OK)
        return;
    keep(&s->peer_schemes, cr.signature_algorithms);
    keep(&s->peer_authorities, cr.certificate_authorities);
}

static void note_request12(struct shim *s, struct rd *body)
{
    struct cub_certificate_request12 cr;

    if (cub_certificate_request12_decode(body, &cr) != E_OK)
        return;
    keep(&s->peer_schemes, cr.signature_algorithms);
    keep(&s->peer_authorities, cr.certificate_authorities);
    keep(&s->peer_types, cr.certificate_types);
}

static void note_hello(struct shim *s, struct rd *body)
{
    struct cub_client_hello hello;
    struct rd psks;

    if (cub_client_hello_decode(body, &hello) != E_OK)
        return;
    keep(&s->peer_schemes, hello.signature_algorithms);
    keep(&s->peer_suites, hello.cipher_suites);
    keep(&s->peer_groups, hello.supported_groups);
    keep(&s->peer_identities, hello.psk_identities);
    if (hello.psk_identities.len == 0)
        return;
    rd_init(&psks, hello.psk_identities.data, hello.psk_identities.len);
    rd_view(&psks, 2, 1, 0xffff);
    s->obfuscated_age = rd_u32(&psks);
}

/* A line for what goes out or comes in. */
static void log_event(struct shim *s, const struct cub_trace *event)
{
    const char *way = event->outgoing ? "write" : "read";
    size_t len = strlen(s->log), room = sizeof s->log - len;
    char *out = s->log + len;

    if (event->kind == CUB_TRACE_MESSAGE)
        snprintf(out, room, "%s hs %d\n", way, event->type);
    else if (event->kind == CUB_TRACE_CCS)
        snprintf(out, room, "%s ccs\n", way);
    else if (event->kind == CUB_TRACE_ALERT)
        snprintf(out, room, "%s alert %d %d\n", way, event->type == ALERT_CLOSE_NOTIFY ? 1 : 2,
                 event->type);
}

void note_message(void *owner, const struct cub_trace *event)
{
    struct shim *s = owner;
    struct cub_view message = s->engine.message.unit;
    struct rd body;

    log_event(s, event);
    if (event->kind != CUB_TRACE_MESSAGE || event->outgoing)
        return;
    s->last_message = event->type;
    if (s->engine.connected &&
        (event->type == CUB_HELLO_REQUEST || event->type == CUB_CLIENT_HELLO))
        s->renegotiation_asked = true;
    rd_init(&body, message.data + CUB_MESSAGE_HEADER, message.len - CUB_MESSAGE_HEADER);
    if (event->type == CUB_CLIENT_HELLO)
        note_hello(s, &body);
    else if (event->type == CUB_CERTIFICATE_REQUEST && s->engine.version == CUB_TLS1_3)
        note_request(s, &body);
    else if (event->type == CUB_CERTIFICATE_REQUEST)
        note_request12(s, &body);
}

/* Of our suites of TLS 1.2 that agree on keys as this one does, the client's first. */
static const struct cub_suite *choose_suite12(const struct shim *s, uint16_t like)
{
    const struct cub_suite *model = cub_find_suite(&s->engine, CUB_TLS1_2, like);

    for (size_t i = 0; model != NULL && i + 1 < s->peer_suites.len; i += 2) {
        uint16_t id = (uint16_t)cub_load_be16(s->peer_suites.bytes + i);
        const struct cub_suite *suite = cub_find_suite(&s->engine, CUB_TLS1_2, id);

        if (suite != NULL && suite->key_exchange == model->key_exchange &&
            suite->authentication == model->authentication)
            return suite;
    }
    return model;
}

/*
 * Notes what the client believes the ticket's age to be, less what it is, in seconds. As in
 * BoringSSL, a session is welcome if its suite is the one that would be chosen without it.
 */
bool judge_session(void *owner, const struct cub_session_state *session)
{
    struct shim *s = owner;
    uint32_t theirs = s->obfuscated_age - session->age_add;
    uint64_t ours = s->memory->now - session->issued;
    struct cub_view offered = {s->peer_suites.bytes, s->peer_suites.len};
    const struct cub_suite *suite = cub_choose_suite(&s->engine, offered, NULL);

    s->age_skew = (int)(theirs / 1000) - (int)(ours / 1000);
    if (session->version == CUB_TLS1_2)
        suite = choose_suite12(s, session->suite);
    return suite != NULL && suite->id == session->suite;
}

size_t names_decode(const char *list, uint8_t *out, size_t size)
{
    uint8_t *start = out, *end = out + size;

    if (list[0] == '<')
        return 0;
    while (*list != 0) {
        uint8_t *name = out + 2;

        for (out = name; *list != 0 && *list != ','; list += 2) {
            unsigned byte;

            if (out >= end || sscanf(list, "%2x", &byte) != 1)
                die("the list of names is not hexadecimal, or too long");
            *out++ = (uint8_t)byte;
        }
        cub_store_be16(name - 2, (uint32_t)(out - name));
        if (*list == ',')
            list++;
    }
    return (size_t)(out - start);
}
