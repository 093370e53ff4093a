/*
 * Actions of TLS 1.2 that both roles have: master secret, Finished, CertificateVerify, and the
 * refusal to renegotiate.
 */
#include "handshake/common12.h"

#include <string.h>

#include "crypto/bytes.h"
#include "crypto/cbc.h"
#include "crypto/ec.h"
#include "crypto/recorder.h"
#include "handshake/actions.h"
#include "handshake/driver.h"
#include "handshake/exchange.h"
#include "handshake/schedule12.h"

bool cub_resuming(const struct cub_engine *e)
{
    return e->psk == CUB_PSK_RESUMPTION;
}

bool cub_ticket_expected(const struct cub_engine *e)
{
    return e->hs->ticket_expected;
}

enum cub_error cub_take_message(struct cub_engine *e)
{
    rd_rest(&e->message.body);
    return E_OK;
}

enum cub_error cub_take_empty(struct cub_engine *e)
{
    /* ServerHelloDone: nobody signs with the hashes that only CertificateVerify needs. */
    if (!e->hs->cert_requested)
        cub_transcript_select(&e->hs->transcript, cub_hash_of(e));
    return E_OK;
}

/* The key block has the keys of both MACs before those of the ciphers; ours are one behind the
 * other for each side. [RFC5246-6.3] */
static void pair_keys(const struct cub_aead *aead, uint8_t *block)
{
    size_t mac = aead->mac_key_size, cipher = aead->key_size - mac;
    uint8_t server_mac[CUB_CBC_MAX_MAC];

    memcpy(server_mac, block + mac, mac);
    memmove(block + mac, block + 2 * mac, cipher);
    memcpy(block + mac + cipher, server_mac, mac);
    cub_wipe(server_mac, sizeof server_mac);
}

/* client_write_key, server_write_key, client_write_IV, server_write_IV [RFC5246-6.3], those of MACs
 * being parts of the keys. */
void cub_install12(struct cub_engine *e, bool reading, enum cub_key key)
{
    struct cub_protection *protection = reading ? &e->in.protection : &e->out.protection;
    const struct cub_suite *suite = e->suite;
    const struct cub_record_format *format =
        e->encrypt_then_mac ? suite->format->encrypt_then_mac : suite->format;
    const uint8_t *keys = e->hs->secret12;
    const uint8_t *ivs = keys + 2 * (size_t)suite->aead->key_size;
    uint8_t iv[CUB_AEAD_NONCE_SIZE] = {0};

    (void)key;
    if (reading != e->is_server) { /* the server's */
        keys += suite->aead->key_size;
        ivs += suite->iv_size;
    }
    memcpy(iv, ivs, suite->iv_size);
    cub_protection_set(protection, format, suite->aead, keys, iv);
    cub_wipe(iv, sizeof iv);
}

/* From the premaster secret and, extended, from all messages up to ClientKeyExchange. */
enum cub_error cub_derive_master_secret(struct cub_engine *e)
{
    const struct cub_hash *hash = cub_hash_of(e);
    struct cub_handshake *hs = e->hs;
    uint8_t session_hash[CUB_HASH_MAX_SIZE];

    if (e->extended_master_secret) {
        cub_transcript_output(&hs->transcript, session_hash);
        cub_extended_master_secret(hash, hs->secret12, hs->premaster_len, session_hash,
                                   e->master_secret);
    } else {
        cub_master_secret(hash, hs->secret12, hs->premaster_len, e->randoms, e->master_secret);
    }
    cub_wipe(hs->secret12, hs->secret12_size);
    return cub_derive_key_block(e);
}

/* From the master secret, new or of a session, and fresh randoms. */
enum cub_error cub_derive_key_block(struct cub_engine *e)
{
    cub_key_block(cub_hash_of(e), e->master_secret, e->randoms, e->hs->secret12,
                  2 * ((size_t)e->suite->aead->key_size + e->suite->iv_size));
    pair_keys(e->suite->aead, e->hs->secret12);
    if (e->config->keylog != NULL)
        e->config->keylog(e->owner, CUB_SECRET_MASTER, e->hs->client_random, e->master_secret,
                          CUB_MASTER_SECRET);
    return E_OK;
}

/* The Finished of one side over all before it; kept for tls-unique [RFC5929-3.1]. */
static uint8_t *verify_data_of(struct cub_engine *e, bool by_client)
{
    uint8_t transcript[CUB_HASH_MAX_SIZE];
    uint8_t *out = by_client ? e->client_verify_data : e->server_verify_data;

    cub_transcript_output(&e->hs->transcript, transcript);
    cub_verify_data12(cub_hash_of(e), e->master_secret, by_client, transcript, out);
    return out;
}

enum cub_error cub_send_finished12(struct cub_engine *e)
{
    struct cub_view verify_data = {verify_data_of(e, !e->is_server), CUB_VERIFY_DATA12};

    cub_finished_encode(&e->reply.w, verify_data);
    return E_OK;
}

enum cub_error cub_recv_finished12(struct cub_engine *e)
{
    const uint8_t *verify_data;
    enum cub_error err = cub_finished_decode(&e->message.body, CUB_VERIFY_DATA12, &verify_data);

    if (err != E_OK)
        return err;
    if (!cub_ct_equal(verify_data_of(e, e->is_server), verify_data, CUB_VERIFY_DATA12))
        return E_FINISHED;
    e->hs->proofs |= PROOF_FINISHED;
    return E_OK;
}

/* A warning, and the connection goes on as it is [RFC5246-7.2.2], [RFC5746-4.5]. */
enum cub_error cub_refuse_renegotiation(struct cub_engine *e)
{
    rd_rest(&e->message.body);
    /* Behind close_notify, which may still wait for room, nothing is said [RFC5246-7.2.1]. */
    if (!e->write_closed) {
        e->alert_due = ALERT_NO_RENEGOTIATION;
        cub_output_alert(e);
    }
    return ++e->noise > CUB_MAX_NOISE ? E_TOO_MUCH_NOISE : E_OK;
}

static bool is_ec(uint8_t key_type)
{
    return key_type == CUB_KEY_EC_P256 || key_type == CUB_KEY_EC_P384 ||
           key_type == CUB_KEY_EC_P521;
}

/* Who verifies with this key what a scheme's name says; NULL: nobody. */
static const struct cub_verify_scheme *
verifier_of(const struct cub_engine *e, const struct cub_verify_scheme *scheme, uint8_t key_type)
{
    const struct cub_verify_scheme *const *other = cub_verify_schemes_of(e);

    if (scheme->key_type == key_type)
        return scheme;
    if (!is_ec(scheme->key_type) || !is_ec(key_type))
        return NULL;
    while (*other != NULL && (*other)->key_type != key_type)
        other++;
    return *other;
}

/* Randoms and ServerECDHParams: no more is signed without being hashed [RFC8422-5.10]. */
#define MAX_TEXT (64 + 4 + CUB_EC_MAX_POINT)

/* The parts of text one after the other; false if they are too long. */
static bool join(const struct cub_view *text, size_t parts, uint8_t *out, struct cub_view *joined)
{
    size_t len = 0;

    for (size_t i = 0; i < parts; i++) {
        if (text[i].len > MAX_TEXT - len)
            return false;
        memcpy(out + len, text[i].data, text[i].len);
        len += text[i].len;
    }
    *joined = (struct cub_view){out, len};
    return true;
}

/* What a signature over the transcript covers: its digest, or the messages themselves. */
static struct cub_view signed_transcript(const struct cub_engine *e, const struct cub_hash *hash,
                                         uint8_t *digest)
{
    const struct cub_transcript *t = &e->hs->transcript;

    if (hash == NULL)
        return cub_recorder_view(cub_transcript_context(t, cub_signed_hash(e, hash)));
    cub_transcript_output_with(t, hash, NULL, 0, digest);
    return (struct cub_view){digest, hash->size};
}

enum cub_error cub_verify12(struct cub_engine *e, uint16_t algorithm, const struct cub_view *text,
                            size_t parts, struct cub_view signature)
{
    const struct cub_verify_scheme *scheme = cub_find_verify_scheme(e, algorithm);
    const struct cub_verify_scheme *verifier;
    union {
        struct cub_hash_context context;
        uint8_t text[MAX_TEXT];
    } u;
    uint8_t digest[CUB_HASH_MAX_SIZE];
    struct cub_view covered = {digest, 0};
    enum cub_error err;

    if (scheme == NULL)
        return E_CV_ALGORITHM;
    verifier = verifier_of(e, scheme, e->hs->peer_key.type);
    if (verifier == NULL)
        return E_CV_KEY_TYPE;
    if (parts == 0) {
        if (!cub_transcript_has(&e->hs->transcript, cub_signed_hash(e, scheme->hash)))
            return E_CV_ALGORITHM;
        covered = signed_transcript(e, scheme->hash, digest);
        if (covered.data == NULL)
            return E_MESSAGE_BUFFER;
    } else if (scheme->hash != NULL) {
        cub_hash_init(scheme->hash, &u.context);
        for (size_t i = 0; i < parts; i++)
            cub_hash_update(scheme->hash, &u.context, text[i].data, text[i].len);
        cub_hash_output(scheme->hash, &u.context, digest);
    } else if (!join(text, parts, u.text, &covered)) {
        return E_CV_ALGORITHM;
    }
    if (scheme->hash != NULL)
        covered = (struct cub_view){digest, scheme->hash->size};
    err = verifier->verify(verifier, &e->hs->peer_key, covered.data, covered.len, signature.data,
                           signature.len);
    if (err != E_OK)
        return err;
    e->peer_scheme = algorithm;
    e->hs->proofs |= PROOF_SIGNATURE;
    return E_OK;
}

enum cub_error cub_recv_certificate_verify12(struct cub_engine *e)
{
    struct cub_certificate_verify cv;
    enum cub_error err = cub_certificate_verify_decode(&e->message.body, &cv);

    return err != E_OK ? err : cub_verify12(e, cv.algorithm, NULL, 0, cv.signature);
}

enum cub_error cub_send_certificate_verify12(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    const struct cub_sign_scheme *scheme = hs->scheme;
    uint8_t digest[CUB_HASH_MAX_SIZE];
    uint8_t signature[CUB_SIGNATURE_MAX_SIZE];
    struct cub_certificate_verify cv = {
        scheme->id, {signature, 0}
    };
    struct cub_view covered;
    enum cub_error err;

    covered = signed_transcript(e, scheme->hash, digest);
    if (covered.data == NULL)
        return E_MESSAGE_BUFFER;
    err = scheme->sign(scheme, hs->credential->key, e->config->random, covered.data, covered.len,
                       signature, &cv.signature.len);
    if (err != E_OK)
        return err;
    cub_certificate_verify_encode(&e->reply.w, &cv);
    e->own_scheme = scheme->id;
    cub_transcript_select(&hs->transcript, cub_hash_of(e));
    return E_OK;
}

/* SHA-1 is in the lists for certificates only; Ed25519 has no hash. */
static void add_hash(struct cub_transcript *t, const struct cub_hash *hash)
{
    if (hash != NULL && hash->id >= CUB_HASH_SHA256)
        cub_transcript_add(t, hash);
}

/* That of the key exchange that needs most, or the longest key block. */
static size_t secrets_size(const struct cub_profile *profile)
{
    size_t most = 0;

    for (const struct cub_suite *const *s = profile->suites; *s != NULL; s++) {
        size_t block = 2 * ((size_t)(*s)->aead->key_size + (*s)->iv_size);

        if ((*s)->exchange == NULL)
            continue;
        if ((*s)->exchange->memory > most)
            most = (*s)->exchange->memory;
        if (block > most)
            most = block;
    }
    return CUB_ROUND8(most);
}

uintptr_t cub_memory12(const struct cub_profile *profile, struct cub_handshake *hs, uintptr_t place)
{
    const struct cub_verify_scheme *const *verify;
    const struct cub_sign_scheme *const *sign;
    struct cub_transcript *transcript = &hs->transcript;

    /* What clients may sign the transcript with. */
    for (verify = profile->verify_schemes; profile->server12 != NULL && *verify != NULL; verify++)
        add_hash(transcript, (*verify)->hash);
    for (sign = profile->sign_schemes; profile->client12 != NULL && *sign != NULL; sign++)
        add_hash(transcript, (*sign)->hash);
    if (profile->recorder != NULL)
        cub_transcript_add(transcript, profile->recorder);
    place = cub_place_hashes(transcript, place);
    hs->secret12 = (void *)place;
    hs->secret12_size = (uint16_t)secrets_size(profile);
    return cub_memory13(profile, hs, place + hs->secret12_size);
}
