#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/schedule13.h"
#include "tests/support/peer.h"

#define HEADER CUB_MESSAGE_HEADER

static void receive(struct peer *p);

/* The transcript, as bytes. */

static void join(struct peer *p, const void *bytes, size_t len)
{
    cr_assert_leq(p->transcript_len + len, sizeof p->transcript);
    memcpy(p->transcript + p->transcript_len, bytes, len);
    p->transcript_len += len;
}

static void transcript_hash(const struct peer *p, uint8_t *out)
{
    cub_hash_once(p->suite->hash, p->transcript, p->transcript_len, out);
}

/* The first ClientHello becomes its hash [RFC8446-4.4.1]. */
static void collapse(struct peer *p)
{
    uint8_t message[HEADER + CUB_HASH_MAX_SIZE] = {CUB_MESSAGE_HASH, 0, 0, p->suite->hash->size};

    transcript_hash(p, message + HEADER);
    p->transcript_len = 0;
    join(p, message, HEADER + (size_t)p->suite->hash->size);
}

/* Keys. */

static void set_key(const struct peer *p, struct cub_protection *protection, const uint8_t *secret)
{
    uint8_t key[CUB_AEAD_MAX_KEY], iv[CUB_AEAD_NONCE_SIZE];

    cub_traffic_keys(p->suite->hash, p->suite->aead, secret, key, iv);
    cub_protection_set(protection, &cub_record_tls13, p->suite->aead, key, iv);
}

static void derive(struct peer *p, const char *client_label, const char *server_label, uint8_t *own,
                   uint8_t *victims)
{
    uint8_t hash[CUB_HASH_MAX_SIZE];

    transcript_hash(p, hash);
    cub_derive_secret(p->suite->hash, p->secret, client_label, hash, p->is_server ? victims : own);
    cub_derive_secret(p->suite->hash, p->secret, server_label, hash, p->is_server ? own : victims);
}

/* Both hellos are in the transcript. */
static void handshake_keys(struct peer *p, const uint8_t *shared)
{
    cub_early_secret(p->suite->hash, NULL, 0, p->secret);
    cub_next_secret(p->suite->hash, p->secret, shared, p->group->secret_size);
    derive(p, "c hs traffic", "s hs traffic", p->own_secret, p->victim_secret);
    set_key(p, &p->in, p->victim_secret);
    set_key(p, &p->out, p->own_secret);
}

/* The server's Finished is in the transcript. */
static void application_secrets(struct peer *p)
{
    cub_next_secret(p->suite->hash, p->secret, NULL, 0);
    derive(p, "c ap traffic", "s ap traffic", p->own_next, p->victim_next);
}

static void own_application_key(struct peer *p)
{
    memcpy(p->own_secret, p->own_next, sizeof p->own_secret);
    set_key(p, &p->out, p->own_secret);
}

static void victims_application_key(struct peer *p)
{
    memcpy(p->victim_secret, p->victim_next, sizeof p->victim_secret);
    set_key(p, &p->in, p->victim_secret);
}

void peer_update_key(struct peer *p)
{
    cub_update_secret(p->suite->hash, p->own_secret);
    set_key(p, &p->out, p->own_secret);
}

/* Records to the victim. */

void peer_send_raw(struct peer *p, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    uint8_t *space;
    size_t n;

    while (len > 0) {
        receive(p);
        space = cub_engine_recvrec_buf(&p->victim.engine, &n);
        if (space == NULL)
            return; /* it has failed, or closed */
        if (n > len)
            n = len;
        memcpy(space, from, n);
        cub_engine_recvrec_ack(&p->victim.engine, n);
        from += n;
        len -= n;
        end_pump_data(&p->victim);
    }
    receive(p);
}

void peer_send_plain(struct peer *p, uint8_t type, uint16_t version, const void *content,
                     size_t len)
{
    static uint8_t record[5 + 0x10000];

    cr_assert_lt(len, 0x10000);
    record[0] = type;
    cub_store_be16(record + 1, version);
    cub_store_be16(record + 3, (uint32_t)len);
    if (len > 0)
        memcpy(record + 5, content, len);
    peer_send_raw(p, record, 5 + len);
}

/* Makes a record under the present key, of any length. */
static size_t seal(struct peer *p, uint8_t type, const void *content, size_t len, uint8_t *record)
{
    uint8_t nonce[CUB_AEAD_NONCE_SIZE];
    size_t inner = len + 1 + p->padded;

    if (len > 0)
        memcpy(record + 5, content, len);
    cub_record_header(record, type, len);
    if (p->out.aead == NULL)
        return 5 + len;
    record[5 + len] = type;
    memset(record + 5 + len + 1, 0, p->padded);
    p->padded = 0;
    cub_record_header(record, p->outer ? p->outer : CUB_APPLICATION_DATA,
                      inner + p->out.aead->tag_size);
    p->outer = 0;
    cub_record_nonce(&p->out, nonce);
    p->out.aead->seal(&p->out.key, nonce, record, 5, record + 5, inner, record + 5 + inner);
    return 5 + inner + p->out.aead->tag_size;
}

void peer_send(struct peer *p, uint8_t type, const void *content, size_t len)
{
    static uint8_t record[5 + 0x10000 + 256];

    cr_assert_lt(len + p->padded, 0x10000 - 32);
    peer_send_raw(p, record, seal(p, type, content, len, record));
}

void peer_send_message(struct peer *p, uint8_t type, const void *body, size_t len)
{
    static uint8_t message[PEER_MESSAGE];

    cr_assert_leq(HEADER + len, sizeof message);
    message[0] = type;
    message[1] = (uint8_t)(len >> 16);
    cub_store_be16(message + 2, (uint32_t)len);
    if (len > 0)
        memcpy(message + HEADER, body, len);
    peer_send(p, CUB_HANDSHAKE, message, HEADER + len);
}

void peer_send_key_update(struct peer *p, uint8_t request_update)
{
    peer_send_message(p, CUB_KEY_UPDATE, &request_update, 1);
    peer_update_key(p);
}

/* Messages from the victim. */

static void take_client_hello(struct peer *p, struct rd *body)
{
    struct cub_client_hello hello;
    struct cub_key_share share;
    struct rd shares;

    cr_assert_eq(cub_client_hello_decode(body, &hello), E_OK);
    p->session_id_len = (uint8_t)hello.legacy_session_id.len;
    memcpy(p->session_id, hello.legacy_session_id.data, p->session_id_len);
    rd_init(&shares, hello.key_shares.data, hello.key_shares.len);
    p->client_share_len = 0;
    while (cub_key_share_next(&shares, &share)) {
        if (share.group != p->group->id)
            continue;
        p->client_share_len = share.key_exchange.len;
        memcpy(p->client_share, share.key_exchange.data, share.key_exchange.len);
    }
}

static void take_server_hello(struct peer *p, struct rd *body, const uint8_t *message, size_t len)
{
    bool is_retry = cub_is_hello_retry(message + HEADER, len - HEADER);
    uint8_t shared[CUB_GROUP_MAX_SECRET];
    struct cub_server_hello hello;

    cr_assert_eq(cub_server_hello_decode(body, &hello), E_OK);
    cr_assert_eq(cub_server_hello_extensions(&hello, is_retry ? IN_HRR : IN_SH, UINT32_MAX), E_OK);
    cr_assert_eq(hello.cipher_suite, p->suite->id);
    if (is_retry) {
        collapse(p);
        join(p, message, len);
        cr_assert_eq(hello.selected_group, cub_group_secp256r1.id);
        p->group = &cub_group_secp256r1;
        p->cookie_len = hello.cookie.len;
        if (p->cookie_len > 0)
            memcpy(p->cookie_bytes, hello.cookie.data, p->cookie_len);
        return;
    }
    join(p, message, len);
    cr_assert_eq(hello.key_share.group, p->group->id);
    cr_assert_eq(p->group->complete(p->group, p->private_value, hello.key_share.key_exchange.data,
                                    hello.key_share.key_exchange.len, shared),
                 E_OK);
    handshake_keys(p, shared);
}

/* The victim's Finished must be right: it is no part of this to see it go wrong. */
static void check_finished(const struct peer *p, const uint8_t *message, size_t len)
{
    uint8_t hash[CUB_HASH_MAX_SIZE], mac[CUB_HASH_MAX_SIZE];

    transcript_hash(p, hash);
    cub_finished_mac(p->suite->hash, p->victim_secret, hash, mac);
    cr_assert_eq(len, HEADER + (size_t)p->suite->hash->size);
    cr_assert_arr_eq(message + HEADER, mac, p->suite->hash->size);
}

static void take_message(struct peer *p, const uint8_t *message, size_t len)
{
    struct rd body;

    memcpy(p->last, message, len);
    p->last_len = len;
    p->got[message[0]]++;
    rd_init(&body, message + HEADER, len - HEADER);
    switch (message[0]) {
    case CUB_CLIENT_HELLO:
        take_client_hello(p, &body);
        join(p, message, len);
        break;
    case CUB_SERVER_HELLO:
        take_server_hello(p, &body, message, len);
        break;
    case CUB_FINISHED:
        check_finished(p, message, len);
        join(p, message, len);
        p->finished_came = true;
        if (!p->is_server)
            application_secrets(p);
        victims_application_key(p);
        break;
    case CUB_KEY_UPDATE:
        p->key_updates_requested += message[HEADER];
        cub_update_secret(p->suite->hash, p->victim_secret);
        set_key(p, &p->in, p->victim_secret);
        break;
    case CUB_NEW_SESSION_TICKET:
        break;
    default:
        p->asked |= message[0] == CUB_CERTIFICATE_REQUEST;
        join(p, message, len);
    }
}

static void take_handshake(struct peer *p, const uint8_t *content, size_t len)
{
    memcpy(p->stream + p->stream_len, content, len);
    p->stream_len += len;
    while (p->stream_len >= HEADER) {
        size_t size = HEADER + cub_load_be24(p->stream + 1);

        if (size > p->stream_len)
            return;
        take_message(p, p->stream, size);
        p->stream_len -= size;
        memmove(p->stream, p->stream + size, p->stream_len);
    }
}

static void take_record(struct peer *p)
{
    /* What is not under the key that it should be is in the clear: alerts of the early kind. */
    bool clear = p->record[0] != CUB_APPLICATION_DATA;
    struct cub_record_in in = {.type = p->record[0],
                               .content = p->record + CUB_RECORD_HEADER,
                               .content_len = p->record_len - CUB_RECORD_HEADER,
                               .limit = CUB_RECORD_MAX_PLAINTEXT + 1,
                               .protection = p->in};
    const uint8_t *content;
    size_t len;

    if (!clear)
        cr_assert_eq(p->in.format->open(&in), E_OK);
    p->in = in.protection;
    content = in.content;
    len = in.content_len;
    if (in.type == CUB_ALERT) {
        cr_assert_eq(len, 2);
        p->alert_level = content[0];
        p->alert = (enum cub_alert)content[1];
        p->alert_protected = !clear;
    } else if (in.type == CUB_HANDSHAKE) {
        take_handshake(p, content, len);
    } else if (in.type == CUB_CHANGE_CIPHER_SPEC) {
        cr_assert(len == 1 && content[0] == 1);
        p->got_ccs++;
    } else {
        p->data += len;
        p->data_records++;
    }
}

static void receive(struct peer *p)
{
    uint8_t *bytes;
    size_t n;

    while ((bytes = cub_engine_sendrec_buf(&p->victim.engine, &n)) != NULL) {
        size_t want = p->record_len < 5 ? 5 : 5 + cub_load_be16(p->record + 3);

        if (n > want - p->record_len)
            n = want - p->record_len;
        memcpy(p->record + p->record_len, bytes, n);
        p->record_len += n;
        cub_engine_sendrec_ack(&p->victim.engine, n);
        if (p->record_len > 5 && p->record_len == 5 + cub_load_be16(p->record + 3)) {
            take_record(p);
            p->record_len = 0;
        }
    }
    end_pump_data(&p->victim);
}

/* What the peer says. */

static void random_bytes(struct peer *p, uint8_t *out, size_t len)
{
    test_random_fill(&p->random_state, out, len);
}

static void fill_client_hello(struct peer *p, bool again)
{
    static const uint8_t groups[] = {0x00, 0x1d, 0x00, 0x17};
    static const uint8_t schemes[] = {0x04, 0x03};
    static const uint8_t versions[] = {0x03, 0x04};
    static const uint8_t compression = 0;
    static const uint8_t suite[] = {0x13, 0x01};
    struct cub_client_hello *hello = &p->client_hello;

    if (!again) {
        random_bytes(p, p->random_bytes, 32);
        p->session_id_len = p->no_compat ? 0 : 32;
        random_bytes(p, p->session_id, p->session_id_len);
    }
    cub_store_be16(p->share, p->group->id);
    cub_store_be16(p->share + 2, p->group->share_size);
    cr_assert_eq(p->group->generate(p->group, &p->random, p->private_value, p->share + 4), E_OK);
    *hello = (struct cub_client_hello){.legacy_version = 0x0303, .random = p->random_bytes};
    hello->legacy_session_id = (struct cub_view){p->session_id, p->session_id_len};
    hello->cipher_suites = (struct cub_view){suite, sizeof suite};
    hello->legacy_compression_methods = (struct cub_view){&compression, 1};
    hello->server_name = (struct cub_view){(const uint8_t *)"server.example", 14};
    hello->supported_groups = (struct cub_view){groups, sizeof groups};
    hello->signature_algorithms = (struct cub_view){schemes, sizeof schemes};
    hello->supported_versions = (struct cub_view){versions, sizeof versions};
    hello->key_shares = (struct cub_view){p->share, 4 + (size_t)p->group->share_size};
    hello->cookie = (struct cub_view){p->cookie_bytes, p->cookie_len};
    hello->present = (uint32_t)(EXT_BIT(EXT_SERVER_NAME) | EXT_BIT(EXT_SUPPORTED_GROUPS) |
                                EXT_BIT(EXT_SIGNATURE_ALGORITHMS) |
                                EXT_BIT(EXT_SUPPORTED_VERSIONS) | EXT_BIT(EXT_KEY_SHARE));
    if (p->cookie_len > 0)
        hello->present |= (uint32_t)EXT_BIT(EXT_COOKIE);
}

static void fill_server_hello(struct peer *p, bool is_retry)
{
    struct cub_server_hello *hello = &p->server_hello;

    *hello = (struct cub_server_hello){.legacy_version = 0x0303, .version = CUB_TLS1_3};
    hello->random = p->random_bytes;
    random_bytes(p, p->random_bytes, 32);
    hello->legacy_session_id_echo = (struct cub_view){p->session_id, p->session_id_len};
    hello->cipher_suite = p->suite->id;
    hello->present = (uint32_t)(EXT_BIT(EXT_SUPPORTED_VERSIONS) | EXT_BIT(EXT_KEY_SHARE));
    if (is_retry) {
        p->group = &cub_group_secp256r1;
        hello->selected_group = p->group->id;
        hello->cookie = (struct cub_view){(const uint8_t *)"a cookie", 8};
        if (p->cookie)
            hello->present |= (uint32_t)EXT_BIT(EXT_COOKIE);
        return;
    }
    cr_assert_gt(p->client_share_len, 0);
    hello->key_share.group = p->group->id;
}

static void fill(struct peer *p, enum peer_step step)
{
    static const uint8_t schemes[] = {0x04, 0x03};
    const struct pki_chain *chain = pki_chain(p->is_server ? PKI_P256 : PKI_CLIENT);

    switch (step) {
    case PEER_CLIENT_HELLO:
    case PEER_CLIENT_HELLO_AGAIN:
        fill_client_hello(p, step == PEER_CLIENT_HELLO_AGAIN);
        break;
    case PEER_RETRY:
    case PEER_SERVER_HELLO:
        fill_server_hello(p, step == PEER_RETRY);
        break;
    case PEER_ENCRYPTED_EXTENSIONS:
        p->encrypted_extensions = (struct cub_encrypted_extensions){0};
        break;
    case PEER_CERTIFICATE_REQUEST:
        p->certificate_request = (struct cub_certificate_request){
            .signature_algorithms = {schemes, sizeof schemes}
        };
        break;
    case PEER_CERTIFICATE:
        p->request_context.len = 0;
        p->chain_len = chain->count;
        for (size_t i = 0; i < chain->count; i++)
            p->chain[i] = (struct cub_view){chain->certs[i].der, chain->certs[i].len};
        break;
    case PEER_CERTIFICATE_VERIFY:
        p->scheme = &cub_sign_ecdsa_secp256r1_sha256;
        p->key = &chain->key->private_key;
        break;
    default:
        break;
    }
}

/* What CertificateVerify covers [RFC8446-4.4.3]. */
static size_t signed_content(const struct peer *p, uint8_t *out)
{
    const char *context =
        p->is_server ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify";

    memset(out, 0x20, 64);
    memcpy(out + 64, context, strlen(context) + 1);
    transcript_hash(p, out + 64 + strlen(context) + 1);
    return 64 + strlen(context) + 1 + p->suite->hash->size;
}

static void encode_certificate_verify(struct peer *p, struct wr *w)
{
    uint8_t content[64 + 40 + CUB_HASH_MAX_SIZE], signature[CUB_SIGNATURE_MAX_SIZE];
    struct cub_certificate_verify cv = {
        p->scheme->id, {signature, 0}
    };

    cr_assert_eq(cub_sign_message(p->scheme, p->key, &p->random, content,
                                  signed_content(p, content), signature, &cv.signature.len),
                 E_OK);
    cub_certificate_verify_encode(w, &cv);
}

static void encode_finished(struct peer *p, struct wr *w)
{
    uint8_t hash[CUB_HASH_MAX_SIZE], mac[CUB_HASH_MAX_SIZE];

    transcript_hash(p, hash);
    cub_finished_mac(p->suite->hash, p->own_secret, hash, mac);
    cub_finished_encode(w, (struct cub_view){mac, p->suite->hash->size});
}

/* The share of a ServerHello is made last: the hook may have chosen another group to name. */
static void encode_server_hello(struct peer *p, struct wr *w, uint8_t *shared)
{
    uint8_t response[CUB_GROUP_MAX_SHARE];
    struct cub_key_share *share = &p->server_hello.key_share;

    cr_assert_eq(p->group->respond(p->group, &p->random, p->client_share, p->client_share_len,
                                   response, shared),
                 E_OK);
    if (share->key_exchange.data == NULL)
        share->key_exchange = (struct cub_view){response, p->group->response_size};
    cub_server_hello_encode(w, &p->server_hello, IN_SH);
    share->key_exchange.data = NULL;
}

static void encode(struct peer *p, enum peer_step step, uint8_t *shared)
{
    struct wr w;

    wr_init(&w, p->message, sizeof p->message);
    switch (step) {
    case PEER_CLIENT_HELLO:
    case PEER_CLIENT_HELLO_AGAIN:
        cub_client_hello_encode(&w, &p->client_hello);
        break;
    case PEER_RETRY:
        cub_server_hello_encode(&w, &p->server_hello, IN_HRR);
        break;
    case PEER_SERVER_HELLO:
        encode_server_hello(p, &w, shared);
        break;
    case PEER_ENCRYPTED_EXTENSIONS:
        cub_encrypted_extensions_encode(&w, &p->encrypted_extensions);
        break;
    case PEER_CERTIFICATE_REQUEST:
        cub_certificate_request_encode(&w, &p->certificate_request);
        break;
    case PEER_CERTIFICATE:
        cub_certificate_encode(&w, false, p->request_context, p->chain, p->chain_len, NULL, 0);
        break;
    case PEER_CERTIFICATE_VERIFY:
        encode_certificate_verify(p, &w);
        break;
    case PEER_FINISHED:
        encode_finished(p, &w);
        break;
    default:
        break;
    }
    cr_assert_not(wr_overflow(&w));
    p->message_len = w.pos;
}

static void ask_hook(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    if (p->hook != NULL)
        p->hook(p, step, moment);
}

/* Keys that change with a message. */
static void change_keys(struct peer *p, enum peer_step step, const uint8_t *shared)
{
    if (step == PEER_SERVER_HELLO)
        handshake_keys(p, shared);
    if (step != PEER_FINISHED)
        return;
    if (p->is_server)
        application_secrets(p);
    own_application_key(p);
}

static bool alive(const struct peer *p)
{
    return cub_engine_error(&p->victim.engine) == E_OK;
}

/* The message of a step goes out, and the keys change before the victim can answer. */
static void send_step(struct peer *p, enum peer_step step, const uint8_t *shared)
{
    static uint8_t content[PEER_MESSAGE + 1024], record[sizeof content + 512];
    size_t len = p->message_len, cut = p->cut;

    memcpy(content, p->message, len);
    if (p->trailer_len > 0)
        memcpy(content + len, p->trailer, p->trailer_len);
    len += p->trailer_len;
    p->cut = p->trailer_len = 0;
    if (cut > 0) {
        peer_send(p, CUB_HANDSHAKE, content, cut);
        ask_hook(p, step, PEER_BETWEEN);
    }
    for (; p->limit > 0 && len - cut > p->limit; cut += p->limit)
        peer_send(p, CUB_HANDSHAKE, content + cut, p->limit);
    len = seal(p, CUB_HANDSHAKE, content + cut, len - cut, record);
    change_keys(p, step, shared);
    peer_send_raw(p, record, len);
}

static void do_step(struct peer *p, enum peer_step step)
{
    uint8_t shared[CUB_GROUP_MAX_SECRET];

    if (!alive(p))
        return;
    fill(p, step);
    p->skip = false;
    ask_hook(p, step, PEER_BEFORE);
    if (p->skip || !alive(p) || step == PEER_CONNECTED)
        return;
    if (step == PEER_CCS) {
        peer_send_plain(p, CUB_CHANGE_CIPHER_SPEC, 0x0303, "\1", 1);
        return;
    }
    encode(p, step, shared);
    ask_hook(p, step, PEER_ENCODED);
    if (step == PEER_RETRY)
        collapse(p);
    join(p, p->message, p->message_len);
    send_step(p, step, shared);
}

static void run_server(struct peer *p)
{
    cr_assert_eq(p->got[CUB_CLIENT_HELLO], 1);
    if (p->retry) {
        do_step(p, PEER_RETRY);
        if (!p->no_compat)
            do_step(p, PEER_CCS);
    }
    if (!alive(p))
        return;
    do_step(p, PEER_SERVER_HELLO);
    if (!p->retry && !p->no_compat)
        do_step(p, PEER_CCS);
    do_step(p, PEER_ENCRYPTED_EXTENSIONS);
    if (p->ask)
        do_step(p, PEER_CERTIFICATE_REQUEST);
    do_step(p, PEER_CERTIFICATE);
    do_step(p, PEER_CERTIFICATE_VERIFY);
    do_step(p, PEER_FINISHED);
}

static void run_client(struct peer *p)
{
    do_step(p, PEER_CLIENT_HELLO);
    if (p->retry) {
        cr_assert(!alive(p) || p->group == &cub_group_secp256r1, "there was no retry");
        if (!p->no_compat)
            do_step(p, PEER_CCS);
        do_step(p, PEER_CLIENT_HELLO_AGAIN);
    }
    if (!p->retry && !p->no_compat)
        do_step(p, PEER_CCS);
    if (p->asked) {
        do_step(p, PEER_CERTIFICATE);
        if (p->chain_len > 0)
            do_step(p, PEER_CERTIFICATE_VERIFY);
    }
    do_step(p, PEER_FINISHED);
}

void peer_init(struct peer *p, bool victim_is_server)
{
    static const struct cub_group *const both[] = {&cub_group_x25519, &cub_group_secp256r1, NULL};

    memset(p, 0, sizeof *p);
    end_init(&p->victim, victim_is_server);
    p->victim.config.groups = both;
    p->is_server = !victim_is_server;
    p->alert = ALERT_NONE;
    p->suite = &cub_suite_aes_128_gcm_sha256;
    p->group = &cub_group_x25519;
    p->random_state.state = 3;
    p->random = (struct cub_random){test_random_fill, &p->random_state};
    cub_protection_clear(&p->in);
    cub_protection_clear(&p->out);
}

bool peer_run(struct peer *p)
{
    static const struct cub_group *const second[] = {&cub_group_secp256r1, NULL};

    if (p->retry && !p->is_server)
        p->victim.config.groups = second;
    cr_assert_eq(end_start(&p->victim), E_OK);
    receive(p);
    if (p->is_server)
        run_server(p);
    else
        run_client(p);
    do_step(p, PEER_CONNECTED);
    return alive(p) && cub_engine_connected(&p->victim.engine);
}

void peer_connect(struct peer *p)
{
    cr_assert(peer_run(p), "%s in %s, alert %d",
              cub_error_info(cub_engine_error(&p->victim.engine))->name,
              cub_state_name(p->victim.engine.state), p->alert);
    cr_assert(p->finished_came);
    cr_assert_eq(p->alert, ALERT_NONE);
}

/* Extensions of the message that is about to be sent: the block is its last part. */

/* Where the length of the block stands. */
static size_t block_at(const uint8_t *message)
{
    size_t at = HEADER;

    switch (message[0]) {
    case CUB_CLIENT_HELLO:
        at += 34;
        at += 1 + (size_t)message[at];
        at += 2 + cub_load_be16(message + at);
        return at + 1 + message[at];
    case CUB_SERVER_HELLO:
        at += 34;
        return at + 1 + message[at] + 3;
    case CUB_CERTIFICATE_REQUEST:
        return at + 1 + message[at];
    case CUB_NEW_SESSION_TICKET:
        at += 8;
        at += 1 + (size_t)message[at];
        return at + 2 + cub_load_be16(message + at);
    default:
        cr_assert_eq(message[0], CUB_ENCRYPTED_EXTENSIONS);
        return at;
    }
}

void peer_fix_length(struct peer *p)
{
    p->message[1] = (uint8_t)((p->message_len - HEADER) >> 16);
    cub_store_be16(p->message + 2, (uint32_t)(p->message_len - HEADER));
}

static void fix_lengths(struct peer *p)
{
    size_t at = block_at(p->message);

    cub_store_be16(p->message + at, (uint32_t)(p->message_len - at - 2));
    peer_fix_length(p);
}

void peer_add_extension(struct peer *p, uint16_t type, const void *body, size_t len)
{
    uint8_t *end = p->message + p->message_len;

    cr_assert_leq(p->message_len + 4 + len, sizeof p->message);
    cub_store_be16(end, type);
    cub_store_be16(end + 2, (uint32_t)len);
    if (len > 0)
        memcpy(end + 4, body, len);
    p->message_len += 4 + len;
    fix_lengths(p);
}

uint8_t *peer_find_extension(struct peer *p, uint16_t type, size_t *len)
{
    uint8_t *at = p->message + block_at(p->message) + 2;

    while (at < p->message + p->message_len && cub_load_be16(at) != type)
        at += 4 + cub_load_be16(at + 2);
    cr_assert_lt(at, p->message + p->message_len, "the message has no extension %u", type);
    *len = cub_load_be16(at + 2);
    return at + 4;
}

void peer_remove_extension(struct peer *p, uint16_t type)
{
    size_t len;
    uint8_t *body = peer_find_extension(p, type, &len);

    memmove(body - 4, body + len, (size_t)(p->message + p->message_len - (body + len)));
    p->message_len -= 4 + len;
    fix_lengths(p);
}
