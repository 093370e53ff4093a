#include <string.h>

#include "crypto/kdf.h"
#include "handshake/psk.h"
#include "handshake/schedule13.h"
#include "handshake/transcript.h"
#include "vectors/rfc8448.h"

/* Key exchange, transcript and key schedule of a trace, in the order of its messages. */

struct schedule {
    struct cub_rfc8448 *t;
    const struct cub_hash *hash;
    struct cub_transcript transcript;
    struct cub_hash_context contexts[CUB_TRANSCRIPT_HASHES];
    uint8_t secret[CUB_HASH_MAX_SIZE]; /* Early, Handshake, Master */
    uint8_t client[CUB_HASH_MAX_SIZE]; /* handshake traffic secrets */
    uint8_t server[CUB_HASH_MAX_SIZE];
    uint8_t resumption[CUB_HASH_MAX_SIZE];
    struct cub_view shared;
    struct cub_view psk;
    size_t certs; /* CertificateVerify messages so far */
};

static enum cub_error give(void *context, uint8_t *out, size_t len)
{
    const struct cub_view *bytes = context;

    if (len != bytes->len)
        return E_CRYPTO_RANDOM;
    memcpy(out, bytes->data, len);
    return E_OK;
}

/* Key exchange. */

static const struct cub_group *group_of(const char *name)
{
    if (strcmp(name, "x25519") == 0)
        return &cub_group_x25519;
    return strcmp(name, "secp256r1") == 0 ? &cub_group_secp256r1 : NULL;
}

/* The key pair that a private key as randomness makes. */
static void generate(struct schedule *s, const char *sender, size_t number)
{
    const json_t *keys = json_object_get(json_object_get(s->t->trace, "ephemeral_keys"), sender);
    const json_t *key = json_array_get(keys, number);
    const char *name = cub_rfc8448_text(key, "group");
    const struct cub_group *group = group_of(name);
    struct cub_view bytes = cub_rfc8448_bytes(s->t, key, "private_key");
    const struct cub_random random = {give, &bytes};
    uint8_t private_value[CUB_GROUP_MAX_PRIVATE], share[CUB_GROUP_MAX_SHARE];

    if (!group || group->generate(group, &random, private_value, share) != E_OK)
        return;
    cub_rfc8448_note(s->t, name, "ephemeral_keys.%s.%zu.group", sender, number);
    cub_rfc8448_put(s->t, private_value, group->private_size, "ephemeral_keys.%s.%zu.private_key",
                    sender, number);
    cub_rfc8448_put(s->t, share, group->share_size, "ephemeral_keys.%s.%zu.public_key", sender,
                    number);
}

/* The share of the last ClientHello in the group that was chosen. */
static struct cub_view client_share(const struct cub_rfc8448 *t)
{
    struct cub_key_share share = {0};
    struct rd shares;

    if (t->num_client_hellos > 0) {
        struct cub_view list = t->client_hello[t->num_client_hellos - 1].key_shares;

        rd_init(&shares, list.data, list.len);
        while (cub_key_share_next(&shares, &share))
            if (share.group == t->group->id)
                return share.key_exchange;
    }
    return (struct cub_view){NULL, 0};
}

/* The shared secret, by the client from the ServerHello and by the server from the ClientHello. */
static void exchange(struct schedule *s)
{
    struct cub_rfc8448 *t = s->t;
    const struct cub_group *group = t->group;
    struct cub_view client = client_share(t);
    struct cub_view server = t->server_hello.key_share.key_exchange;
    struct cub_view ours, theirs;
    struct cub_random random = {give, &theirs};
    uint8_t response[CUB_GROUP_MAX_SHARE], secret[CUB_GROUP_MAX_SECRET];
    uint8_t *shared = cub_vectors_arena_alloc(t->arena, CUB_GROUP_MAX_SECRET);

    ours = cub_rfc8448_got(t, cub_vectors_arena_print(t->arena,
                                                      "ephemeral_keys.client.%zu.private_key",
                                                      t->num_client_hellos - 1));
    theirs = cub_rfc8448_got(t, "ephemeral_keys.server.0.private_key");
    if (ours.len != group->private_size ||
        group->complete(group, ours.data, server.data, server.len, shared) != E_OK ||
        group->respond(group, &random, client.data, client.len, response, secret) != E_OK)
        return;
    if (server.len != group->response_size || memcmp(response, server.data, server.len) != 0 ||
        memcmp(shared, secret, group->secret_size) != 0)
        return;
    s->shared = (struct cub_view){shared, group->secret_size};
    cub_rfc8448_put(t, shared, group->secret_size, "ecdhe_shared_secret");
}

/* Secrets. */

static void put_transcript(struct schedule *s, const char *name, uint8_t *out)
{
    cub_transcript_output_with(&s->transcript, s->hash, "", 0, out);
    cub_rfc8448_put(s->t, out, s->hash->size, "transcript_hashes.%s", name);
}

static void put_derived(struct schedule *s, const char *name)
{
    uint8_t derived[CUB_HASH_MAX_SIZE];

    cub_derive_secret(s->hash, s->secret, "derived", s->hash->empty, derived);
    cub_rfc8448_put(s->t, derived, s->hash->size, "secrets.%s", name);
}

/* Derive-Secret over the transcript so far. */
static void derive(struct schedule *s, const char *label, const char *name, uint8_t *out)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output_with(&s->transcript, s->hash, "", 0, transcript);
    cub_derive_secret(s->hash, s->secret, label, transcript, out);
    cub_rfc8448_put(s->t, out, s->hash->size, "secrets.%s", name);
}

static void put_keys(struct schedule *s, const uint8_t *secret, const char *sender,
                     const char *epoch)
{
    uint8_t key[CUB_AEAD_MAX_KEY], iv[CUB_AEAD_NONCE_SIZE];

    cub_traffic_keys(s->hash, s->t->suite->aead, secret, key, iv);
    cub_rfc8448_put(s->t, key, s->t->suite->aead->key_size, "traffic_keys.%s.%s.key", sender,
                    epoch);
    cub_rfc8448_put(s->t, iv, sizeof iv, "traffic_keys.%s.%s.iv", sender, epoch);
}

/* The binder of a ClientHello, over all of it before the list of binders [RFC8446-4.2.11.2]. */
static void binder(struct schedule *s, const struct cub_rfc8448_message *message)
{
    struct cub_rfc8448 *t = s->t;
    const struct cub_client_hello *hello = &t->client_hello[t->num_client_hellos - 1];
    size_t truncated = (size_t)(hello->psk_binders.data - message->raw.data) - 2;
    uint8_t key[CUB_HASH_MAX_SIZE], transcript[CUB_HASH_MAX_SIZE], mac[CUB_HASH_MAX_SIZE];
    uint8_t finished_key[CUB_HASH_MAX_SIZE], early_secret[CUB_HASH_MAX_SIZE];
    const struct cub_psk psk = {.key = s->psk, .hash = s->hash, .kind = CUB_PSK_RESUMPTION};

    cub_transcript_output_with(&s->transcript, s->hash, message->raw.data, truncated, transcript);
    cub_derive_secret(s->hash, s->secret, "res binder", s->hash->empty, key);
    cub_hkdf_expand_label(s->hash, key, "finished", NULL, 0, finished_key, s->hash->size);
    cub_psk_binder(&psk, transcript, early_secret, mac);
    cub_rfc8448_note(t, cub_vectors_arena_print(t->arena, "%zu", truncated),
                     "psk_binder.truncated_client_hello_length");
    cub_rfc8448_put(t, message->raw.data, truncated, "psk_binder.truncated_client_hello");
    cub_rfc8448_put(t, transcript, s->hash->size, "psk_binder.truncated_client_hello_hash");
    cub_rfc8448_put(t, key, s->hash->size, "psk_binder.binder_key");
    cub_rfc8448_put(t, finished_key, s->hash->size, "psk_binder.finished_key");
    /* Two have to agree with it: the ClientHello's and the file's own. */
    if (hello->psk_binders.len == 1u + s->hash->size &&
        memcmp(hello->psk_binders.data + 1, mac, s->hash->size) == 0)
        cub_rfc8448_put(t, mac, s->hash->size, "psk_binder.binder");
}

static void early_secrets(struct schedule *s)
{
    uint8_t secret[CUB_HASH_MAX_SIZE];

    derive(s, "c e traffic", "client_early_traffic", secret);
    put_keys(s, secret, "client", "early");
    derive(s, "e exp master", "early_exporter_master", secret);
}

static void handshake_secrets(struct schedule *s)
{
    cub_next_secret(s->hash, s->secret, s->shared.data, s->shared.len);
    cub_rfc8448_put(s->t, s->secret, s->hash->size, "secrets.handshake");
    put_derived(s, "derived_for_master");
    derive(s, "c hs traffic", "client_handshake_traffic", s->client);
    derive(s, "s hs traffic", "server_handshake_traffic", s->server);
    put_keys(s, s->client, "client", "handshake");
    put_keys(s, s->server, "server", "handshake");
}

static void application_secrets(struct schedule *s)
{
    uint8_t secret[CUB_HASH_MAX_SIZE];

    cub_next_secret(s->hash, s->secret, NULL, 0);
    cub_rfc8448_put(s->t, s->secret, s->hash->size, "secrets.master");
    derive(s, "c ap traffic", "client_application_traffic_0", secret);
    put_keys(s, secret, "client", "application");
    derive(s, "s ap traffic", "server_application_traffic_0", secret);
    put_keys(s, secret, "server", "application");
    derive(s, "exp master", "exporter_master", secret);
}

/* Messages. */

static void finished(struct schedule *s, const struct cub_rfc8448_message *message,
                     const uint8_t *transcript)
{
    const uint8_t *base = strcmp(message->sender, "client") == 0 ? s->client : s->server;
    uint8_t key[CUB_HASH_MAX_SIZE], mac[CUB_HASH_MAX_SIZE];

    cub_hkdf_expand_label(s->hash, base, "finished", NULL, 0, key, s->hash->size);
    cub_rfc8448_put(s->t, key, s->hash->size, "finished.%s.finished_key", message->sender);
    cub_finished_mac(s->hash, base, transcript, mac);
    if (message->raw.len == (size_t)CUB_MESSAGE_HEADER + s->hash->size &&
        memcmp(message->raw.data + CUB_MESSAGE_HEADER, mac, s->hash->size) == 0)
        cub_rfc8448_put(s->t, mac, s->hash->size, "finished.%s.verify_data", message->sender);
}

/* What depends on the transcript before the message. */
static void before(struct schedule *s, const struct cub_rfc8448_message *message)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];
    char name[64] = "before_";

    strncat(name, message->sender, 16);
    if (message->on == CV) {
        put_transcript(s, strcat(name, "_certificate_verify"), transcript);
        cub_rfc8448_signature(s->t, s->certs++, transcript);
    } else if (message->on == FIN) {
        put_transcript(s, strcat(name, "_finished"), transcript);
        finished(s, message, transcript);
    } else if (message->on == SH) {
        cub_transcript_select(&s->transcript, s->hash);
    } else if (message->on == HRR) {
        put_transcript(s, "message_hash_of_client_hello_1", transcript);
        cub_transcript_select(&s->transcript, s->hash);
    } else if (message->on == CH && s->psk.len > 0) {
        binder(s, message);
    }
}

/* What depends on the transcript with the message. */
static void after(struct schedule *s, const struct cub_rfc8448_message *message)
{
    bool client = strcmp(message->sender, "client") == 0;
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    if (message->on == CH) {
        put_transcript(s, "client_hello", transcript);
        if (s->psk.len > 0)
            early_secrets(s);
    } else if (message->on == SH) {
        put_transcript(s, "through_server_hello", transcript);
        handshake_secrets(s);
    } else if (message->on == FIN && !client) {
        put_transcript(s, "through_server_finished", transcript);
        application_secrets(s);
    } else if (message->on == FIN) {
        put_transcript(s, "through_client_finished", transcript);
        derive(s, "res master", "resumption_master", s->resumption);
    } else if (message->on == NST) {
        uint8_t *psk = cub_vectors_arena_alloc(s->t->arena, s->hash->size);
        struct cub_view nonce = s->t->ticket.ticket_nonce;

        cub_resumption_psk(s->hash, s->resumption, nonce.data, nonce.len, psk);
        cub_rfc8448_put(s->t, psk, s->hash->size, "secrets.resumption_psk");
        s->t->file->resumption_psk = (struct cub_view){psk, s->hash->size};
    }
}

/* Whether the trace resumes: its PSK is then the one that the last ticket gave. */
static struct cub_view psk_of(struct cub_rfc8448 *t)
{
    bool offered = t->client_hello[t->num_client_hellos - 1].psk_identities.len > 0;

    if (!offered)
        return (struct cub_view){NULL, 0};
    cub_rfc8448_put(t, t->file->resumption_psk.data, t->file->resumption_psk.len, "psk");
    return t->file->resumption_psk;
}

/* What the driver does to the transcript [RFC8446-4.4.1]. */
static void join(struct schedule *s, const struct cub_rfc8448_message *message)
{
    if (message->on == HRR)
        cub_transcript_collapse(&s->transcript);
    if (message->on != KU)
        cub_transcript_update(&s->transcript, message->raw.data, message->raw.len);
}

void cub_rfc8448_schedule(struct cub_rfc8448 *t)
{
    struct schedule s = {.t = t};

    if (!t->suite || !t->group || t->num_client_hellos == 0)
        return;
    s.hash = t->suite->hash;
    for (size_t i = 0; i < t->num_client_hellos; i++)
        generate(&s, "client", i);
    generate(&s, "server", 0);
    exchange(&s);
    s.psk = psk_of(t);
    cub_early_secret(s.hash, s.psk.data, s.psk.len, s.secret);
    cub_rfc8448_put(t, s.secret, s.hash->size, "secrets.early");
    put_derived(&s, "derived_for_handshake");
    cub_transcript_add(&s.transcript, &cub_sha256);
    cub_transcript_add(&s.transcript, &cub_sha384);
    cub_transcript_begin(&s.transcript, 0, &s.contexts[0]);
    cub_transcript_begin(&s.transcript, 1, &s.contexts[1]);
    for (size_t i = 0; i < t->num_messages; i++) {
        before(&s, &t->messages[i]);
        join(&s, &t->messages[i]);
        after(&s, &t->messages[i]);
    }
}
