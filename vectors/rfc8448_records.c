#include <string.h>

#include "crypto/bytes.h"
#include "record/record_in.h"
#include "vectors/rfc8448.h"

/* The records of a trace, opened and sealed again, each direction under its keys in turn. */

static const char *const senders[] = {"client", "server"};
static const char *const epochs[] = {"plaintext", "early", "handshake", "application"};

#define SENDERS (sizeof senders / sizeof senders[0])
#define EPOCHS  (sizeof epochs / sizeof epochs[0])

/* Two protections of one kind: what opens records must not be what sealed them. */
struct pair {
    struct cub_protection open;
    struct cub_protection seal;
};

struct directions {
    struct pair pairs[SENDERS][EPOCHS];
};

/* The keys that were computed for an epoch; those that a trace has not are left out. */
static void install(struct cub_rfc8448 *t, struct pair *pair, const char *sender, const char *epoch)
{
    struct cub_view key =
        cub_rfc8448_got(t,
                        cub_vectors_arena_print(t->arena, "traffic_keys.%s.%s.key", sender, epoch));
    struct cub_view iv =
        cub_rfc8448_got(t,
                        cub_vectors_arena_print(t->arena, "traffic_keys.%s.%s.iv", sender, epoch));

    cub_protection_clear(&pair->open);
    cub_protection_clear(&pair->seal);
    if (key.len == 0 || iv.len == 0)
        return;
    cub_protection_set(&pair->open, &cub_record_tls13, t->suite->aead, key.data, iv.data);
    cub_protection_set(&pair->seal, &cub_record_tls13, t->suite->aead, key.data, iv.data);
}

static void seal(struct cub_rfc8448 *t, struct cub_protection *seal, uint8_t type,
                 struct cub_view payload, size_t number)
{
    size_t prefix = CUB_RECORD_HEADER + (size_t)seal->format->prefix;
    uint8_t *buffer =
        cub_vectors_arena_alloc(t->arena, prefix + payload.len + seal->format->suffix);
    size_t len;

    memcpy(buffer + prefix, payload.data, payload.len);
    len = seal->format->seal(seal, buffer, type, payload.len);
    cub_rfc8448_put(t, buffer, len, "records.%zu.record", number);
}

static void run_record(struct cub_rfc8448 *t, struct pair *pair, const json_t *member,
                       const char *epoch, size_t number)
{
    struct cub_view record = cub_rfc8448_bytes(t, member, "record");
    uint8_t *buffer = cub_vectors_arena_alloc(t->arena, record.len);
    uint64_t sequence = pair->open.sequence;
    enum cub_error error = E_RECORD_BAD_MAC;
    struct cub_record_in in = {.content = buffer + CUB_RECORD_HEADER,
                               .content_len = record.len - CUB_RECORD_HEADER,
                               .limit = CUB_RECORD_MAX_PLAINTEXT + 1,
                               .protection = pair->open};

    memcpy(buffer, record.data, record.len);
    if (record.len >= CUB_RECORD_HEADER &&
        cub_load_be16(buffer + 3) == record.len - CUB_RECORD_HEADER) {
        in.type = buffer[0];
        error = pair->open.format->open != NULL ? pair->open.format->open(&in) : E_OK;
        pair->open = in.protection;
    }
    if (error) {
        cub_rfc8448_note(t, cub_error_info(error)->name, "records.%zu.payload", number);
        return;
    }
    cub_rfc8448_note(t, epoch, "records.%zu.epoch", number);
    cub_rfc8448_note(t, cub_vectors_arena_print(t->arena, "%u", (unsigned)sequence),
                     "records.%zu.sequence", number);
    cub_rfc8448_note(t, cub_vectors_arena_print(t->arena, "%u", in.type),
                     "records.%zu.content_type", number);
    cub_rfc8448_put(t, in.content, in.content_len, "records.%zu.payload", number);
    seal(t, &pair->seal, (uint8_t)json_integer_value(json_object_get(member, "content_type")),
         cub_rfc8448_bytes(t, member, "payload"), number);
}

static size_t find(const char *const *names, size_t count, const char *name)
{
    size_t i = 0;

    while (i < count && strcmp(names[i], name) != 0)
        i++;
    return i;
}

void cub_rfc8448_records(struct cub_rfc8448 *t)
{
    struct directions *directions = cub_vectors_arena_alloc(t->arena, sizeof *directions);
    const json_t *records = json_object_get(t->trace, "records");

    for (size_t s = 0; s < SENDERS; s++)
        for (size_t e = 0; e < EPOCHS; e++)
            install(t, &directions->pairs[s][e], senders[s], epochs[e]);
    for (size_t i = 0; i < json_array_size(records); i++) {
        const json_t *member = json_array_get(records, i);
        size_t sender = find(senders, SENDERS, cub_rfc8448_text(member, "sender"));
        size_t epoch = find(epochs, EPOCHS, cub_rfc8448_text(member, "epoch"));

        if (sender < SENDERS && epoch < EPOCHS)
            run_record(t, &directions->pairs[sender][epoch], member, epochs[epoch], i);
    }
}
