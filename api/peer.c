#include "api/peer.h"

#include <string.h>
#include <time.h>

#include "api/conn.h"
#include "api/result.h"
#include "x509/path.h"

static void forget(struct cub_peer *peer)
{
    for (size_t i = 0; i < peer->sent_count; i++)
        cub_free((void *)(uintptr_t)peer->sent[i].data);
    cub_free(peer->sent);
    cub_free(peer->path);
    cub_free((void *)(uintptr_t)peer->ocsp_response.data);
    cub_free((void *)(uintptr_t)peer->raw_key.data);
    peer->raw_key = (struct cub_bytes){NULL, 0};
    peer->sent = peer->path = NULL;
    peer->sent_count = peer->path_count = 0;
    peer->ocsp_response = (struct cub_bytes){NULL, 0};
    peer->verified = false;
}

void cub_peer_free(struct cub_peer *peer)
{
    forget(peer);
}

bool cub_peer_set_raw_key(struct cub_peer *peer, const uint8_t *spki, size_t len)
{
    uint8_t *copy = cub_memdup(spki, len);

    forget(peer);
    peer->raw_key = (struct cub_bytes){copy, copy ? len : 0};
    return copy != NULL;
}

static enum cub_error start(void *context, const struct cub_verify_request *request)
{
    struct cub_peer *peer = context;

    forget(peer);
    cub_conn_forget_peer(peer->conn);
    peer->is_server = request->peer_is_server;
    peer->status_expected = request->status_expected;
    peer->host = peer->settings->check_hostname ? request->server_name : NULL;
    return E_OK;
}

static enum cub_error certificate(void *context, const uint8_t *der, size_t len)
{
    struct cub_peer *peer = context;
    struct cub_bytes *larger;
    size_t total = len;

    for (size_t i = 0; i < peer->sent_count; i++)
        total += peer->sent[i].len;
    if (peer->sent_count == CUB_PEER_MAX_CERTS || total > CUB_PEER_MAX_BYTES)
        return E_PEER_CHAIN_TOO_LONG;
    larger = cub_realloc(peer->sent, (peer->sent_count + 1) * sizeof *larger);
    if (!larger)
        return E_MEMORY;
    peer->sent = larger;
    larger += peer->sent_count;
    *larger = (struct cub_bytes){cub_memdup(der, len), len};
    if (!larger->data)
        return E_MEMORY;
    peer->sent_count++;
    return E_OK;
}

/*
 * Keeps the leaf's response. In TLS 1.3 those of other certificates come each behind its own
 * [RFC8446-4.4.2.1]; nobody needs to ask for them, and what they say is not looked at.
 */
static enum cub_error status(void *context, const uint8_t *response, size_t len)
{
    struct cub_peer *peer = context;
    uint8_t *copy;

    if (peer->ocsp_response.len ||
        (peer->conn->engine.version == CUB_TLS1_3 && peer->sent_count != 1))
        return E_OK;
    copy = cub_memdup(response, len);
    if (!copy)
        return E_MEMORY;
    peer->ocsp_response = (struct cub_bytes){copy, len};
    return E_OK;
}

/* Parsed candidates for a path, in memory of their own. */
struct candidates {
    struct cub_path_cert *certs;
    const struct cub_path_cert **list; /* all but the leaf */
    size_t count;                      /* of the list */
};

/* Parses all; the leaf must be good, others that are not are left out. */
static enum cub_error parse_all(const struct cub_bytes *certs, size_t count, struct candidates *c)
{
    enum cub_error error;

    c->certs = cub_alloc_array(count, sizeof *c->certs);
    c->list = cub_alloc_array(count, sizeof(struct cub_path_cert *));
    if (!c->certs || !c->list)
        return E_MEMORY;
    error = cub_path_cert_parse(&c->certs[0], certs[0].data, certs[0].len);
    for (size_t i = 1; error == E_OK && i < count; i++)
        if (cub_path_cert_parse(&c->certs[i], certs[i].data, certs[i].len) == E_OK)
            c->list[c->count++] = &c->certs[i];
    return error;
}

/* A list of certificates, copied to one piece of memory; NULL: there is none. */
static struct cub_bytes *copy_list(const struct cub_bytes *from, size_t count)
{
    size_t total = count * sizeof *from;
    struct cub_bytes *list;
    uint8_t *at;

    for (size_t i = 0; i < count; i++)
        total += from[i].len;
    list = cub_alloc(total);
    if (!list)
        return NULL;
    at = (uint8_t *)(list + count);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, from[i].data, from[i].len);
        list[i] = (struct cub_bytes){at, from[i].len};
        at += from[i].len;
    }
    return list;
}

bool cub_peer_set_path(struct cub_peer *peer, const struct cub_bytes *path, size_t count)
{
    cub_free(peer->path);
    peer->path = copy_list(path, count);
    peer->path_count = peer->path ? count : 0;
    return peer->path != NULL;
}

static enum cub_error copy_path(const struct cub_path_result *result, struct cub_bytes **path,
                                size_t *count)
{
    struct cub_bytes list[CUB_PATH_MAX];

    for (unsigned i = 0; i < result->count; i++) {
        struct cub_view der = result->path[i]->cert.der;
        list[i] = (struct cub_bytes){der.data, der.len};
    }
    *path = copy_list(list, result->count);
    *count = *path ? result->count : 0;
    return *path ? E_OK : E_MEMORY;
}

static struct cub_scheme_list all_schemes(void)
{
    struct cub_scheme_list list = {cub_profile_full.verify_schemes, 0};

    while (list.schemes[list.count])
        list.count++;
    return list;
}

/* What the builder and its caller share. */
struct build {
    struct cub_path_builder builder;
    struct cub_path_result result;
};

static enum cub_error build(const struct cub_judgement *j, const struct candidates *c,
                            struct build *b)
{
    const struct cub_expected *expected = &j->settings->expected;
    struct cub_path_store store = cub_store_view(j->settings->store);
    struct cub_view policies[CUB_POLICIES];
    struct cub_path_request request = {
        .leaf = &c->certs[0],
        .candidates = c->list,
        .candidate_count = c->count,
        .store = &store,
        .schemes = all_schemes(),
        .now = j->settings->verify_time,
        .flags =
            j->settings->verify_flags | (j->settings->check_common_name ? CUB_PATH_COMMON_NAME : 0),
        .purpose = j->is_server ? CUB_PURPOSE_SERVER : CUB_PURPOSE_CLIENT,
        .usage = (uint16_t)j->usage,
        .host = j->host,
        .email = *expected->email ? expected->email : NULL,
        .policies = policies,
        .policy_count = expected->policy_count,
        .has_max_depth = expected->depth >= 0,
        .max_depth = (uint16_t)expected->depth,
        .min_rsa_bits = cub_level_bits(j->settings->security_level),
        .status_expected = j->status_expected,
        .status_required = j->status_expected && j->settings->status_mode == CUB_STATUS_REQUIRED,
        .ocsp_response = j->ocsp_response,
    };

    for (size_t i = 0; i < expected->policy_count; i++)
        policies[i] = (struct cub_view){expected->policies[i], expected->policy_len[i]};
    if (request.now == INT64_MIN)
        request.now = (int64_t)time(NULL);
    return cub_path_build(&b->builder, &request, &b->result);
}

enum cub_error cub_judge(const struct cub_judgement *j, const struct cub_bytes *certs, size_t count,
                         struct cub_bytes **path, size_t *path_count,
                         struct cub_error_details *details)
{
    struct candidates c = {0};
    struct build *b = cub_alloc(sizeof *b);
    enum cub_error error = b ? parse_all(certs, count, &c) : E_MEMORY;

    *path = NULL;
    *path_count = 0;
    if (error == E_OK)
        error = build(j, &c, b);
    (void)cub_report_verify(details, error, j->host);
    if (error != E_OK && details && b)
        details->verify_depth = (int)b->result.error_depth;
    if (error == E_OK) {
        error = copy_path(&b->result, path, path_count);
        if (error != E_OK)
            (void)cub_report(details, error);
    }
    cub_free(b);
    cub_free(c.certs);
    cub_free(c.list);
    return error;
}

/* What the application says to what was found. */
static enum cub_error ask_verify_callback(struct cub_peer *peer, enum cub_error error)
{
    const struct cub_settings *s = peer->settings;

    if (s->verify_callback(peer->conn, &peer->failure, peer->sent, peer->sent_count,
                           s->verify_arg) == CUB_OK) {
        (void)cub_report(&peer->failure, E_OK);
        return E_OK;
    }
    if (error != E_OK)
        return error;
    (void)cub_report(&peer->failure, E_VERIFY_CALLBACK);
    return E_VERIFY_CALLBACK;
}

static enum cub_error finish(void *context, unsigned usage, struct cub_public_key *key)
{
    struct cub_peer *peer = context;
    struct cub_judgement judgement = {
        .settings = peer->settings,
        .host = peer->host,
        .is_server = peer->is_server,
        .usage = usage,
        .status_expected = peer->status_expected,
        .ocsp_response = {peer->ocsp_response.data, peer->ocsp_response.len},
    };
    struct cub_cert leaf;
    enum cub_error error = cub_cert_parse(&leaf, peer->sent[0].data, peer->sent[0].len);

    if (error == E_OK && leaf.key.type == CUB_KEY_NONE)
        error = leaf.key_error;
    if (error != E_OK)
        return error;
    *key = leaf.key;
    if (peer->settings->verify_mode == CUB_CERT_NONE)
        return E_OK;
    error = cub_judge(&judgement, peer->sent, peer->sent_count, &peer->path, &peer->path_count,
                      &peer->failure);
    if (error == E_X509_HOSTNAME_INVALID) { /* what can be no name, no certificate is for */
        error = E_X509_HOSTNAME_MISMATCH;
        (void)cub_report_verify(&peer->failure, error, peer->host);
    }
    if (peer->settings->verify_callback)
        error = ask_verify_callback(peer, error);
    peer->verified = error == E_OK;
    return error;
}

const struct cub_verifier cub_peer_verifier = {start, certificate, NULL, finish};
const struct cub_verifier cub_peer_verifier_status = {start, certificate, status, finish};
