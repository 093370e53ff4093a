#include <stdlib.h>
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/handshake.h"
#include "shim.h"

static void expect_text(const char *what, const char *expected, const uint8_t *got, size_t len)
{
    if (expected != NULL &&
        (strlen(expected) != len || (len > 0 && memcmp(expected, got, len) != 0)))
        die("%s is %.*s, not %s", what, (int)len, (const char *)got, expected);
}

static void expect_bytes(const char *what, struct blob expected, const uint8_t *got, size_t len)
{
    if (expected.data != NULL && (expected.len != len || memcmp(expected.data, got, len) != 0))
        die("%s is another one, of %zu bytes", what, len);
}

/* What came beside the certificate, be it in an earlier connection. */
static void check_stapled(const struct shim *s)
{
    const struct memory *m = s->memory;

    expect_bytes("OCSP response", s->options->expected_ocsp_response, m->ocsp_response.data,
                 m->ocsp_response.len);
    expect_bytes("list of SCTs", s->options->expected_scts, m->scts, m->scts_len);
}

static void check_notes(const struct shim *s)
{
    const struct options *o = s->options;
    const struct list *prefs = &o->peer_verify_prefs;
    uint8_t names[sizeof s->peer_authorities.bytes];

    expect_bytes("list of certificate types", o->expected_certificate_types, s->peer_types.bytes,
                 s->peer_types.len);
    if (prefs->count > 0 && 2 * prefs->count != s->peer_schemes.len)
        die("the peer verifies %zu schemes", s->peer_schemes.len / 2);
    for (size_t i = 0; i < prefs->count; i++) {
        if (cub_load_be16(s->peer_schemes.bytes + 2 * i) != (uint32_t)prefs->items[i])
            die("scheme %zu of the peer's differs", i);
    }
    if (o->expected_client_ca_list != NULL &&
        (names_decode(o->expected_client_ca_list, names, sizeof names) != s->peer_authorities.len ||
         memcmp(names, s->peer_authorities.bytes, s->peer_authorities.len) != 0))
        die("the list of authorities differs");
    if (o->age_skew != 0 && cub_engine_psk(&s->engine) == CUB_PSK_RESUMPTION &&
        o->age_skew != s->age_skew)
        die("the ticket's age is off by %d seconds", s->age_skew);
}

/* A session that is resumed says nothing of certificates. */
static void check_peer_key(const struct shim *s)
{
    int type = s->raw_key.len > 0 ? TYPE_RAW_KEY : TYPE_X509;

    if (cub_engine_psk(&s->engine) != CUB_PSK_NONE)
        return;
    if (s->options->expected_type >= 0 && type != s->options->expected_type)
        die("the peer's certificate is of type %d", type);
    if (s->options->expected_raw_key.data != NULL && s->raw_key.len == 0)
        die("the peer has no raw public key");
    if (s->judge.usage_invalid != s->options->expect_key_usage_invalid)
        die("the key usage is %s", s->judge.usage_invalid ? "wrong" : "right");
}

static void check_credential(const struct shim *s)
{
    const struct cub_credential *used = s->engine.hs->credential;
    int index = -1;

    if (used != NULL && s->config.credentials == s->sorted)
        index = s->identities[s->order[used - s->sorted]].index;
    else if (used != NULL)
        index = s->identities[used - s->credentials].index;

    if (cub_engine_psk(&s->engine) == CUB_PSK_IMPORTED)
        index = s->psk->index;
    if (s->options->selected_credential != NULL && atoi(s->options->selected_credential) != index)
        die("credential %d was selected", index);
}

static void check_peer_chain(const struct shim *s)
{
    const struct options *o = s->options;
    struct chain expected;

    if (o->expect_no_peer_cert && s->judge.peer.count > 0)
        die("there is a peer certificate");
    if (o->expect_peer_cert_file == NULL)
        return;
    chain_load(&expected, o->expect_peer_cert_file);
    if (expected.count != s->judge.peer.count)
        die("peer sent %zu certificates, not %zu", s->judge.peer.count, expected.count);
    for (size_t i = 0; i < expected.count; i++) {
        if (expected.certs[i].len != s->judge.peer.certs[i].len ||
            memcmp(expected.certs[i].data, s->judge.peer.certs[i].data, expected.certs[i].len) != 0)
            die("peer certificate %zu differs", i);
    }
}

void check_properties(const struct shim *s)
{
    const struct options *o = s->options;
    const struct cub_engine *e = &s->engine;
    bool reused = cub_engine_psk(e) == CUB_PSK_RESUMPTION;

    if (o->expect_session_id && s->memory->num_cached == 0)
        die("there is no session with an id");
    if (o->expect_no_session_id && s->memory->num_cached > 0)
        die("there is a session with an id");
    if (o->expect_ticket_renewal && !s->ticket_received)
        die("there is no new ticket");
    if (reused != (s->resuming && !o->expect_session_miss))
        die(reused ? "the session was reused" : "the session was not reused");

    if (o->expect_version != 0 && e->version != o->expect_version)
        die("version is %04x", e->version);
    if (o->expect_cipher != 0 && e->suite->id != o->expect_cipher)
        die("cipher is %04x", e->suite->id);
    if (o->expect_cipher_aes != 0 && e->suite->id != o->expect_cipher_aes)
        die("cipher is %04x", e->suite->id);
    if (o->expect_curve_id != 0 && e->group->id != o->expect_curve_id)
        die("group is %d", e->group->id);
    if (o->expect_hrr && !e->retried)
        die("no HelloRetryRequest");
    if (o->expect_no_hrr && e->retried)
        die("unexpected HelloRetryRequest");
    if (o->expect_peer_signature_algorithm != 0 &&
        e->peer_scheme != o->expect_peer_signature_algorithm)
        die("peer's signature scheme is %04x", e->peer_scheme);
    if (o->expect_extended_master_secret && e->version == CUB_TLS1_2 && !e->extended_master_secret)
        die("no extended master secret");
    expect_text("server name", o->expect_server_name, (const uint8_t *)s->server_name,
                strlen(s->server_name));
    if (!o->server)
        expect_text("ALPN", o->expect_alpn != NULL ? o->expect_alpn : "", e->alpn.data,
                    e->alpn.len);
    else if (!o->decline_alpn)
        expect_text("ALPN", o->select_alpn, e->alpn.data, e->alpn.len);
    check_peer_chain(s);
    check_stapled(s);
    check_credential(s);
    check_notes(s);
    check_peer_key(s);
}

void check_early_data(const struct shim *s)
{
    const struct options *o = s->options;
    enum cub_early_data early = cub_engine_early_data(&s->engine);

    if (o->expect_accept_early_data && early != CUB_EARLY_ACCEPTED)
        die("early data was not accepted");
    if (o->expect_reject_early_data && early == CUB_EARLY_ACCEPTED)
        die("early data was accepted");
    if (o->expect_no_offer_early_data && early != CUB_EARLY_NONE)
        die("early data was offered");
}
