/*
 * Actions that both roles have: secrets, Finished, KeyUpdate, the dummy ChangeCipherSpec.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "crypto/kdf.h"
#include "handshake/actions.h"
#include "handshake/driver.h"
#include "handshake/schedule13.h"

/* Middlebox compatibility mode is on where there is a legacy_session_id [RFC8446-D.4]. */
bool cub_ccs_due(const struct cub_engine *e)
{
    return e->hs->session_id_len > 0 && !e->hs->ccs_sent;
}

bool cub_wide_ccs_due(const struct cub_engine *e)
{
    return (e->config->flags & CUB_FLAG_ALWAYS_CCS) != 0 && !e->hs->ccs_sent;
}

enum cub_error cub_send_ccs(struct cub_engine *e)
{
    if (!cub_record_out_ccs(&e->out))
        return E_WAIT_ROOM;
    cub_trace_event(e, CUB_TRACE_CCS | OUTGOING, NULL);
    e->hs->ccs_sent = 1;
    return E_OK;
}

void cub_derive_secrets(struct cub_engine *e, const struct cub_derived *derived, unsigned count,
                        const uint8_t *transcript, uint8_t *out)
{
    const struct cub_hash *hash = cub_hash_of(e);
    struct cub_hmac_key key;

    cub_hmac_key_set(&key, hash, e->hs->secret, hash->size);
    for (; count > 0; count--, derived++, out += CUB_MAX_SECRET) {
        cub_hkdf_label(&key, derived->label, transcript, hash->size, out, hash->size);
        if (e->config->keylog != NULL)
            e->config->keylog(e->owner, derived->secret, e->hs->client_random, out, hash->size);
    }
    cub_wipe(&key, sizeof key);
}

/* hs->secret is the Handshake Secret: both hellos have put the key exchange's secret into it. */
enum cub_error cub_derive_handshake_secrets(struct cub_engine *e)
{
    static const struct cub_derived traffic[] = {
        {CUB_SECRET_CLIENT_HANDSHAKE, "c hs traffic"},
        {CUB_SECRET_SERVER_HANDSHAKE, "s hs traffic"},
    };
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output(&e->hs->transcript, transcript);
    cub_derive_secrets(e, traffic, 2, transcript, e->hs->secrets + CUB_MAX_SECRET);
    return E_OK;
}

enum cub_error cub_derive_application_secrets(struct cub_engine *e)
{
    static const struct cub_derived traffic[] = {
        {CUB_SECRET_CLIENT_APPLICATION, "c ap traffic"},
        {CUB_SECRET_SERVER_APPLICATION, "s ap traffic"},
        {CUB_SECRET_EXPORTER,           "exp master"  },
    };
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_next_secret(cub_hash_of(e), e->hs->secret, NULL, 0);
    cub_transcript_output(&e->hs->transcript, transcript);
    cub_derive_secrets(e, traffic, 3, transcript, e->secrets);
    return E_OK;
}

enum cub_error cub_derive_resumption_secret(struct cub_engine *e)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output(&e->hs->transcript, transcript);
    cub_derive_secret(cub_hash_of(e), e->hs->secret, "res master", transcript,
                      e->resumption_secret);
    return E_OK;
}

/* The longest private value, and what the KeyShareEntries of the two largest groups take. */
static void largest_groups(const struct cub_group *const *groups, size_t *private_size,
                           size_t *shares_size)
{
    size_t first = 0, second = 0;

    *private_size = 0;
    for (; *groups != NULL; groups++) {
        size_t size = 4 + (size_t)(*groups)->share_size;

        if ((*groups)->private_size > *private_size)
            *private_size = (*groups)->private_size;
        if (size > first) {
            second = first;
            first = size;
        } else if (size > second) {
            second = size;
        }
    }
    *shares_size = first + second;
}

uintptr_t cub_memory13(const struct cub_profile *profile, struct cub_handshake *hs, uintptr_t place)
{
    const struct cub_transcript *t = &hs->transcript;
    size_t largest = 0, private_size, shares_size;

    for (unsigned i = 0; i < CUB_TRANSCRIPT_HASHES && t->hash[i] != NULL; i++) {
        /* The recorder is none. */
        if (largest < t->hash[i]->context_size && t->hash[i]->size > 0)
            largest = t->hash[i]->context_size;
    }
    hs->transcript_copy = (void *)place;
    if (profile->post_handshake_auth)
        place += CUB_ROUND8(largest);
    largest_groups(profile->groups, &private_size, &shares_size);
    for (unsigned i = 0; i < CUB_MAX_KEY_SHARES; i++, place += private_size)
        hs->private_value[i] = (void *)place;
    hs->shares = (void *)place;
    return place + shares_size;
}

void cub_install13(struct cub_engine *e, bool reading, enum cub_key key)
{
    struct cub_protection *protection = reading ? &e->in.protection : &e->out.protection;
    const struct cub_suite *suite = e->suite;
    bool of_client = reading == e->is_server;
    uint8_t *secret = of_client ? e->client_secret : e->server_secret;
    uint8_t bytes[CUB_AEAD_MAX_KEY + CUB_AEAD_NONCE_SIZE], *iv = bytes + CUB_AEAD_MAX_KEY;

    /* That of 0-RTT stands where the client's application secret will be. */
    if (key == KEY_HS)
        secret = of_client ? e->hs->client_secret : e->hs->server_secret;
    if (key == KEY_NEW)
        cub_update_secret(suite->hash, secret);
    cub_traffic_keys(suite->hash, suite->aead, secret, bytes, iv);
    cub_protection_set(protection, suite->format, suite->aead, bytes, iv);
    cub_wipe(bytes, sizeof bytes);
}

/* verify_data of a Finished under this secret [RFC8446-4.4.4]. */
static void finished_of(const struct cub_engine *e, const uint8_t *secret, uint8_t *out)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];

    cub_transcript_output(&e->hs->transcript, transcript);
    cub_finished_mac(cub_hash_of(e), secret, transcript, out);
}

enum cub_error cub_send_finished_under(struct cub_engine *e, const uint8_t *secret)
{
    uint8_t mac[CUB_HASH_MAX_SIZE];
    struct cub_view verify_data = {mac, cub_hash_of(e)->size};

    finished_of(e, secret, mac);
    cub_finished_encode(&e->reply.w, verify_data);
    return E_OK;
}

enum cub_error cub_recv_finished_under(struct cub_engine *e, const uint8_t *secret)
{
    uint8_t mac[CUB_HASH_MAX_SIZE];
    size_t size = cub_hash_of(e)->size;
    const uint8_t *verify_data;
    enum cub_error err = cub_finished_decode(&e->message.body, size, &verify_data);

    if (err != E_OK)
        return err;
    finished_of(e, secret, mac);
    if (!cub_ct_equal(mac, verify_data, size))
        return E_FINISHED;
    e->hs->proofs |= PROOF_FINISHED;
    return E_OK;
}

enum cub_error cub_send_finished(struct cub_engine *e)
{
    return cub_send_finished_under(e, e->is_server ? e->hs->server_secret : e->hs->client_secret);
}

enum cub_error cub_recv_finished(struct cub_engine *e)
{
    return cub_recv_finished_under(e, e->is_server ? e->hs->client_secret : e->hs->server_secret);
}

/* A key that has sealed as many records as it may, or 2^32 - 1, is replaced before the next one
 * [RFC8446-5.5]. */
bool cub_key_update_due(const struct cub_engine *e)
{
    const struct cub_protection *protection = &e->out.protection;
    uint32_t limit = e->config->rekey_after;
    uint32_t most = UINT32_MAX;

    if (protection->aead->limit_log2 < 32)
        most = UINT32_C(1) << protection->aead->limit_log2;
    if (limit == 0 || limit > most)
        limit = most;
    return e->key_update_due > CUB_UPDATE_OWED || protection->sequence >= limit;
}

enum cub_error cub_send_key_update(struct cub_engine *e)
{
    /* The peer is asked once: it owes an answer until its next KeyUpdate [RFC9846-4.7.3]. An answer
     * does not ask. */
    bool ask = (e->key_update_due & (CUB_UPDATE_ASK | CUB_UPDATE_OWED)) == CUB_UPDATE_ASK &&
               !e->update_asked;

    if (e->out.protection.format == &cub_record_plaintext)
        return E_OFFLOADED; /* the keys are not in our hands */
    cub_key_update_encode(&e->reply.w, ask);
    e->update_asked |= ask;
    e->key_update_due = 0;
    return E_OK;
}

enum cub_error cub_recv_key_update(struct cub_engine *e)
{
    uint8_t request_update;
    enum cub_error err = cub_key_update_decode(&e->message.body, &request_update);

    if (err != E_OK)
        return err;
    if (++e->noise > CUB_MAX_NOISE)
        return E_TOO_MANY_KEY_UPDATES;
    e->update_asked = 0;
    /* update_requested is CUB_UPDATE_OWED: answered before the next data, once, however many come
     * until then [RFC8446-4.6.3]. */
    e->key_update_due |= request_update;
    return E_OK;
}
