#include <string.h>

#include "crypto/bytes.h"
#include "handshake/certificate.h"
#include "vectors/rfc8448.h"

/* Each message of a trace through its decoder, and what that read through the encoder. */

typedef enum cub_error codec(struct cub_rfc8448 *t, struct rd *body, struct wr *w);

/* Extensions that an answer may have: those of the last ClientHello. */
static uint32_t offered(const struct cub_rfc8448 *t)
{
    return t->num_client_hellos > 0 ? t->client_hello[t->num_client_hellos - 1].present : 0;
}

static enum cub_error client_hello(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_client_hello *hello = &t->client_hello[t->num_client_hellos];
    enum cub_error error = E_DECODE_CLIENT_HELLO;

    if (t->num_client_hellos < sizeof t->client_hello / sizeof t->client_hello[0])
        error = cub_client_hello_decode(body, hello);
    if (error)
        return error;
    t->num_client_hellos++;
    cub_client_hello_encode(w, hello);
    return E_OK;
}

static enum cub_error server_hello(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    enum cub_error error = cub_server_hello_decode(body, &t->server_hello);

    if (!error)
        error = cub_server_hello_extensions(&t->server_hello, IN_SH, offered(t));
    if (!error)
        cub_server_hello_encode(w, &t->server_hello, IN_SH);
    return error;
}

static enum cub_error hello_retry(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_server_hello retry;
    enum cub_error error = cub_server_hello_decode(body, &retry);

    if (!error)
        error = cub_server_hello_extensions(&retry, IN_HRR, offered(t));
    if (!error)
        cub_server_hello_encode(w, &retry, IN_HRR);
    return error;
}

static enum cub_error encrypted_extensions(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_encrypted_extensions ee;
    enum cub_error error = cub_encrypted_extensions_decode(body, offered(t), &ee);

    if (!error)
        cub_encrypted_extensions_encode(w, &ee);
    return error;
}

static enum cub_error certificate_request(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_certificate_request cr;
    enum cub_error error = cub_certificate_request_decode(body, &cr);

    (void)t;
    if (!error)
        cub_certificate_request_encode(w, &cr);
    return error;
}

/* In units, as the handshake takes it: the head, then the traces' one entry. */
static enum cub_error certificate(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_certificate_stream stream = {0};
    const struct cub_rfc8448_message *message = &t->messages[t->num_messages];
    struct cub_view all = message->raw, context = {NULL, 0};
    size_t unit = cub_certificate_unit(&stream, all.data, all.len);
    struct cub_certificate_entry entry;
    struct rd part;
    enum cub_error error;

    if (unit > all.len || t->num_certs == CUB_RFC8448_MAX_CERTS)
        return E_DECODE_CERTIFICATE;
    rd_init(&part, all.data + CUB_MESSAGE_HEADER, unit - CUB_MESSAGE_HEADER);
    error = cub_certificate_head(&stream, &part, all.len - CUB_MESSAGE_HEADER, &context);
    all = (struct cub_view){all.data + unit, all.len - unit};
    if (error || cub_certificate_unit(&stream, all.data, all.len) != all.len)
        return error ? error : E_DECODE_CERTIFICATE;
    rd_init(&part, all.data, all.len);
    error = cub_certificate_entry(&stream, &part, offered(t), &entry);
    if (error)
        return error;
    t->certs[t->num_certs++] = (struct cub_rfc8448_cert){message->sender, entry.cert_data};
    rd_rest(body);
    cub_certificate_encode(w, false, context, &entry.cert_data, 1, NULL, 0);
    return E_OK;
}

static enum cub_error certificate_verify(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_certificate_verify *cv = &t->verify[t->num_verifies];
    enum cub_error error = E_DECODE_CERTIFICATE_VERIFY;

    if (t->num_verifies < CUB_RFC8448_MAX_CERTS)
        error = cub_certificate_verify_decode(body, cv);
    if (error)
        return error;
    t->num_verifies++;
    cub_certificate_verify_encode(w, cv);
    return E_OK;
}

static enum cub_error finished(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    struct cub_view verify_data = {NULL, t->suite ? t->suite->hash->size : 0};
    enum cub_error error = cub_finished_decode(body, verify_data.len, &verify_data.data);

    if (!error)
        cub_finished_encode(w, verify_data);
    return error;
}

static enum cub_error new_session_ticket(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    enum cub_error error = cub_new_session_ticket_decode(body, &t->ticket);

    if (!error)
        cub_new_session_ticket_encode(w, &t->ticket);
    return error;
}

/* It is empty [RFC8446-4.5]. */
static enum cub_error end_of_early_data(struct cub_rfc8448 *t, struct rd *body, struct wr *w)
{
    (void)t;
    (void)body;
    cub_message_close(w, cub_message_open(w, CUB_END_OF_EARLY_DATA));
    return E_OK;
}

static const struct {
    const char *name; /* in the traces */
    uint8_t type;
    bool retry;
    codec *run;
} codecs[] = {
    {"ClientHello",         CUB_CLIENT_HELLO,         false, client_hello        },
    {"ServerHello",         CUB_SERVER_HELLO,         false, server_hello        },
    {"HelloRetryRequest",   CUB_SERVER_HELLO,         true,  hello_retry         },
    {"EncryptedExtensions", CUB_ENCRYPTED_EXTENSIONS, false, encrypted_extensions},
    {"CertificateRequest",  CUB_CERTIFICATE_REQUEST,  false, certificate_request },
    {"Certificate",         CUB_CERTIFICATE,          false, certificate         },
    {"CertificateVerify",   CUB_CERTIFICATE_VERIFY,   false, certificate_verify  },
    {"Finished",            CUB_FINISHED,             false, finished            },
    {"NewSessionTicket",    CUB_NEW_SESSION_TICKET,   false, new_session_ticket  },
    {"EndOfEarlyData",      CUB_END_OF_EARLY_DATA,    false, end_of_early_data   },
};

/* The suite and the group of a ServerHello. */
static void take_choices(struct cub_rfc8448 *t)
{
    static const struct cub_suite *const suites[] = {
        &cub_suite_aes_128_gcm_sha256,
        &cub_suite_aes_256_gcm_sha384,
        &cub_suite_chacha20_poly1305_sha256,
    };
    static const struct {
        const struct cub_group *group;
        const char *name;
    } groups[] = {
        {&cub_group_x25519,    "x25519"   },
        {&cub_group_secp256r1, "secp256r1"},
    };

    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (suites[i]->id == t->server_hello.cipher_suite)
            t->suite = suites[i];
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
        if (groups[i].group->id == t->server_hello.key_share.group) {
            t->group = groups[i].group;
            cub_rfc8448_note(t, groups[i].name, "key_exchange_group");
        }
    if (!t->suite)
        return;
    cub_rfc8448_note(t, cub_vectors_arena_print(t->arena, "0x%04x", t->suite->id), "cipher_suite");
    cub_rfc8448_note(t, t->suite->hash == &cub_sha256 ? "sha256" : "sha384", "hash");
}

static void take_ticket(struct cub_rfc8448 *t)
{
    uint8_t age_add[4];

    cub_store_be32(age_add, t->ticket.ticket_age_add);
    cub_rfc8448_note(t,
                     cub_vectors_arena_print(t->arena, "%u", (unsigned)t->ticket.ticket_lifetime),
                     "new_session_ticket.lifetime");
    cub_rfc8448_put(t, age_add, sizeof age_add, "new_session_ticket.age_add");
    cub_rfc8448_put(t, t->ticket.ticket_nonce.data, t->ticket.ticket_nonce.len,
                    "new_session_ticket.nonce");
    cub_rfc8448_put(t, t->ticket.ticket.data, t->ticket.ticket.len, "new_session_ticket.ticket");
}

/* Decodes a message, encodes what was read, and collects that under path. */
static void run_message(struct cub_rfc8448 *t, struct cub_rfc8448_message *message, size_t number)
{
    size_t size = message->raw.len + 256;
    struct rd body;
    struct wr w;
    size_t i = 0;
    enum cub_error error;

    while (i < sizeof codecs / sizeof codecs[0] &&
           (codecs[i].type != message->raw.data[0] || codecs[i].retry != (message->on == HRR)))
        i++;
    if (i == sizeof codecs / sizeof codecs[0])
        return;
    cub_rfc8448_note(t, codecs[i].name, "messages.%zu.name", number);
    rd_init(&body, message->raw.data + CUB_MESSAGE_HEADER, message->raw.len - CUB_MESSAGE_HEADER);
    wr_init(&w, cub_vectors_arena_alloc(t->arena, size), size);
    error = codecs[i].run(t, &body, &w);
    if (!error && !rd_done(&body))
        error = E_TRAILING_BYTES;
    if (error)
        cub_rfc8448_note(t, cub_error_info(error)->name, "messages.%zu.hex", number);
    else if (!wr_overflow(&w))
        cub_rfc8448_put(t, w.buffer, w.pos, "messages.%zu.hex", number);
    if (codecs[i].run == server_hello && !error)
        take_choices(t);
    if (codecs[i].run == new_session_ticket && !error)
        take_ticket(t);
}

void cub_rfc8448_messages(struct cub_rfc8448 *t)
{
    const json_t *messages = json_object_get(t->trace, "messages");

    for (size_t i = 0; i < json_array_size(messages) && i < CUB_RFC8448_MAX_MESSAGES; i++) {
        const json_t *member = json_array_get(messages, i);
        struct cub_rfc8448_message *message = &t->messages[i];

        message->name = cub_rfc8448_text(member, "name");
        message->sender = cub_rfc8448_text(member, "sender");
        message->raw = cub_rfc8448_bytes(t, member, "hex");
        if (message->raw.len < CUB_MESSAGE_HEADER)
            return;
        message->on = CUB_TRIGGER(message->raw.data[0]);
        if (message->on == SH && cub_is_hello_retry(message->raw.data + CUB_MESSAGE_HEADER,
                                                    message->raw.len - CUB_MESSAGE_HEADER))
            message->on = HRR;
        run_message(t, message, i);
        t->num_messages = i + 1;
    }
}
