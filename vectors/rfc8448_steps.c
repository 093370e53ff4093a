#include <string.h>

#include "crypto/kdf.h"
#include "handshake/schedule13.h"
#include "vectors/rfc8448.h"

/*
 * The steps are the document itself: most of their values are those of the other sections again, in
 * the order in which the two sides come upon them. What is new are the inputs of each derivation
 * and its info string, which the library puts together where nobody sees it: that string is right
 * if HKDF-Expand makes of it what HKDF-Expand-Label makes of secret, label and context.
 */

struct step {
    struct cub_rfc8448 *t;
    const json_t *values; /* as the file has them */
    size_t number;        /* in the list */
    int id;               /* as messages and records refer to it */
    const char *side;
    const char *other;
};

/* A derivation: HKDF-Expand-Label of one computed value makes another. */
struct derivation {
    const char *action;
    const char *secret;  /* path; %s: the sender */
    const char *label;   /* NULL: none but key and iv */
    const char *context; /* path; "": an empty context; NULL: the hash of nothing */
    const char *result;  /* path */
};

#define SECRET(label, secret, context, result)                                                     \
    {                                                                                              \
        "derive secret \"tls13 " label "\"", "secrets." secret, label,                             \
            "transcript_hashes." context, "secrets." result                                        \
    }

static const struct derivation derivations[] = {
    {"derive secret for handshake \"tls13 derived\"",   "secrets.early",                "derived",    NULL,
     "secrets.derived_for_handshake"                                                                                                 },
    {"derive secret for master \"tls13 derived\"",      "secrets.handshake",            "derived",    NULL,
     "secrets.derived_for_master"                                                                                                    },
    SECRET("c e traffic", "early", "client_hello", "client_early_traffic"),
    SECRET("e exp master", "early", "client_hello", "early_exporter_master"),
    SECRET("c hs traffic", "handshake", "through_server_hello", "client_handshake_traffic"),
    SECRET("s hs traffic", "handshake", "through_server_hello", "server_handshake_traffic"),
    SECRET("c ap traffic", "master", "through_server_finished", "client_application_traffic_0"),
    SECRET("s ap traffic", "master", "through_server_finished", "server_application_traffic_0"),
    SECRET("exp master", "master", "through_server_finished", "exporter_master"),
    SECRET("res master", "master", "through_client_finished", "resumption_master"),
    {"generate resumption secret \"tls13 resumption\"", "secrets.resumption_master",    "resumption",
     "new_session_ticket.nonce",                                                                            "secrets.resumption_psk" },
    {"calculate finished \"tls13 finished\"",           "secrets.%s_handshake_traffic", "finished",   "",
     "finished.%s.finished_key"                                                                                                      },
    {"calculate PSK binder",                            "psk_binder.binder_key",        "finished",   "",   "psk_binder.finished_key"},
};

/* The traffic keys of an epoch; of which direction, the action's verb and side tell. */
static const struct {
    const char *data;
    const char *secret;
    const char *epoch;
} key_steps[] = {
    {"early application data", "secrets.%s_early_traffic",         "early"      },
    {"handshake data",         "secrets.%s_handshake_traffic",     "handshake"  },
    {"application data",       "secrets.%s_application_traffic_0", "application"},
};

/* Extracts. */
static const struct {
    const char *action;
    const char *salt; /* paths; NULL: zeros */
    const char *ikm;
    const char *result;
} extracts[] = {
    {"extract secret \"early\"",     NULL,                            "psk",                 "secrets.early" },
    {"extract secret \"handshake\"", "secrets.derived_for_handshake", "ecdhe_shared_secret",
     "secrets.handshake"                                                                                     },
    {"extract secret \"master\"",    "secrets.derived_for_master",    NULL,                  "secrets.master"},
};

static void put(struct step *s, struct cub_view bytes, const char *name)
{
    if (bytes.len > 0)
        cub_rfc8448_put(s->t, bytes.data, bytes.len, "steps.%zu.values.%s", s->number, name);
}

/* A computed value by its path, in which the sender stands for %s. */
static struct cub_view computed(struct step *s, const char *path, const char *sender)
{
    const char *hole = strstr(path, "%s");

    if (hole)
        path = cub_vectors_arena_print(s->t->arena, "%.*s%s%s", (int)(hole - path), path, sender,
                                       hole + 2);
    return cub_rfc8448_got(s->t, path);
}

/* Another value of the trace again, as text. */
static void copy(struct step *s, const char *path, const char *name)
{
    const char *text = json_string_value(json_object_get(s->t->computed, path));

    if (text)
        cub_rfc8448_note(s->t, text, "steps.%zu.values.%s", s->number, name);
}

/* The info string of the file, if it makes the same as label and context do. */
static void put_info(struct step *s, struct cub_view secret, const char *label,
                     struct cub_view context, struct cub_view result, const char *name)
{
    const struct cub_hash *hash = s->t->suite->hash;
    struct cub_view info = cub_rfc8448_bytes(s->t, s->values, name);
    uint8_t one[CUB_HASH_MAX_SIZE], other[CUB_HASH_MAX_SIZE];

    if (secret.len != hash->size || result.len == 0 || result.len > sizeof one)
        return;
    cub_hkdf_expand_label(hash, secret.data, label, context.data, context.len, one, result.len);
    cub_hkdf_expand(hash, secret.data, secret.len, info.data, info.len, other, result.len);
    if (memcmp(one, other, result.len) == 0 && memcmp(one, result.data, result.len) == 0)
        put(s, info, name);
}

static void derive(struct step *s, const struct derivation *d)
{
    const struct cub_hash *hash = s->t->suite->hash;
    struct cub_view secret = computed(s, d->secret, s->side);
    struct cub_view result = computed(s, d->result, s->side);
    uint8_t nothing[CUB_HASH_MAX_SIZE];
    struct cub_view context = {nothing, hash->size};

    cub_hash_once(hash, "", 0, nothing);
    if (d->context)
        context = computed(s, d->context, s->side);
    put(s, secret, "PRK");
    cub_rfc8448_put(s->t, context.data, context.len, "steps.%zu.values.hash", s->number);
    put(s, result, "expanded");
    put_info(s, secret, d->label, context, result, "info");
}

static void extract(struct step *s, const char *salt_path, const char *ikm_path,
                    const char *result_path)
{
    static const uint8_t zeros[CUB_HASH_MAX_SIZE];
    const struct cub_hash *hash = s->t->suite->hash;
    struct cub_view salt = {zeros, hash->size}, ikm = {zeros, hash->size};
    struct cub_view result = computed(s, result_path, s->side);
    uint8_t secret[CUB_HASH_MAX_SIZE];

    if (salt_path)
        salt = computed(s, salt_path, s->side);
    if (ikm_path && json_object_get(s->t->computed, ikm_path))
        ikm = computed(s, ikm_path, s->side);
    put(s, salt, "salt");
    put(s, ikm, "IKM");
    cub_hkdf_extract(hash, salt.data, salt.len, ikm.data, ikm.len, secret);
    if (result.len == hash->size && memcmp(secret, result.data, result.len) == 0)
        put(s, result, "secret");
}

/* "derive write traffic keys for handshake data": true if the action is one of those. */
static bool traffic_keys(struct step *s, const char *action)
{
    bool writes = strstr(action, "derive write traffic keys for ") != NULL;
    const char *sender = writes ? s->side : s->other;
    const char *data = strstr(action, "traffic keys for ");
    const struct cub_view none = {NULL, 0};

    for (size_t i = 0; data && i < sizeof key_steps / sizeof key_steps[0]; i++) {
        const char *path =
            cub_vectors_arena_print(s->t->arena, "traffic_keys.%s.%s.", sender, key_steps[i].epoch);
        struct cub_view secret = computed(s, key_steps[i].secret, sender);
        struct cub_view key = computed(s, cub_vectors_arena_print(s->t->arena, "%skey", path), "");
        struct cub_view iv = computed(s, cub_vectors_arena_print(s->t->arena, "%siv", path), "");

        if (strcmp(data + strlen("traffic keys for "), key_steps[i].data) != 0)
            continue;
        put(s, secret, "PRK");
        put(s, key, "key_expanded");
        put(s, iv, "iv_expanded");
        put_info(s, secret, "key", none, key, "key_info");
        put_info(s, secret, "iv", none, iv, "iv_info");
        return true;
    }
    return false;
}

/* The index of the message or record that this step makes. */
static size_t find(const struct step *s, const char *list)
{
    const json_t *members = json_object_get(s->t->trace, list);
    size_t i = 0;

    while (i < json_array_size(members) &&
           json_integer_value(json_object_get(json_array_get(members, i), "step")) != s->id)
        i++;
    return i;
}

static void key_pair(struct step *s, size_t number)
{
    const char *const names[] = {"private_key", "public_key"};

    for (size_t i = 0; i < 2; i++)
        copy(s,
             cub_vectors_arena_print(s->t->arena, "ephemeral_keys.%s.%zu.%s", s->side, number,
                                     names[i]),
             names[i]);
}

/* A message as it is made: a HelloRetryRequest as a ServerHello, a ClientHello without binders. */
static void made_message(struct step *s)
{
    size_t i = find(s, "messages");
    const char *path = cub_vectors_arena_print(s->t->arena, "messages.%zu.hex", i);
    const char *truncated = "psk_binder.truncated_client_hello";
    const char *name;

    if (i >= s->t->num_messages)
        return;
    name = s->t->messages[i].on == HRR ? "ServerHello" : s->t->messages[i].name;
    if (s->t->messages[i].on == CH && json_object_get(s->t->computed, truncated))
        path = truncated;
    copy(s, path, name);
}

/* What is not a derivation: messages, records, key pairs. */
static void others(struct step *s, const char *action, size_t number)
{
    struct cub_vectors_arena *arena = s->t->arena;
    const char *word = strrchr(action, ' ');
    size_t i;

    if (strstr(action, "key pair")) {
        key_pair(s, number);
    } else if (strncmp(action, "send ", 5) == 0) {
        i = find(s, "records");
        copy(s, cub_vectors_arena_print(arena, "records.%zu.payload", i), "payload");
        copy(s, cub_vectors_arena_print(arena, "records.%zu.record", i), "complete_record");
    } else if (word && strcmp(word, " message") == 0) {
        made_message(s);
    }
}

static void run_step(struct step *s, const char *action, size_t key_pairs)
{
    for (size_t i = 0; i < sizeof derivations / sizeof derivations[0]; i++)
        if (strcmp(derivations[i].action, action) == 0)
            derive(s, &derivations[i]);
    for (size_t i = 0; i < sizeof extracts / sizeof extracts[0]; i++)
        if (strcmp(extracts[i].action, action) == 0)
            extract(s, extracts[i].salt, extracts[i].ikm, extracts[i].result);
    if (strstr(action, "calculate finished"))
        copy(s, cub_vectors_arena_print(s->t->arena, "finished.%s.verify_data", s->side),
             "finished");
    if (strcmp(action, "calculate PSK binder") == 0) {
        copy(s, "psk_binder.truncated_client_hello", "ClientHello_prefix");
        copy(s, "psk_binder.truncated_client_hello_hash", "binder_hash");
        copy(s, "psk_binder.binder", "finished");
    }
    if (!traffic_keys(s, action))
        others(s, action, key_pairs);
}

void cub_rfc8448_steps(struct cub_rfc8448 *t)
{
    const json_t *steps = json_object_get(t->trace, "steps");
    size_t key_pairs[2] = {0};

    for (size_t i = 0; t->suite && i < json_array_size(steps); i++) {
        const json_t *member = json_array_get(steps, i);
        const char *action = cub_rfc8448_text(member, "action");
        bool server = strcmp(cub_rfc8448_text(member, "side"), "server") == 0;
        struct step s = {
            .t = t,
            .values = json_object_get(member, "values"),
            .number = i,
            .id = (int)json_integer_value(json_object_get(member, "step")),
            .side = server ? "server" : "client",
            .other = server ? "client" : "server",
        };

        if (s.values)
            run_step(&s, action, key_pairs[server]);
        if (strstr(action, "key pair"))
            key_pairs[server]++;
    }
}
