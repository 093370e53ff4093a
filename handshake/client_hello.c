#include "handshake/client_hello.h"

#include <string.h>

#include "handshake/messages.h"

static bool has_zero(struct cub_view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == 0)
            return true;
    }
    return false;
}

/* struct { NameType name_type; HostName<1..2^16-1> } ServerNameList<1..2^16-1> [RFC6066-3] */
static void read_server_name(struct rd *r, struct cub_client_hello *hello)
{
    struct rd list = rd_vec(r, 2, 1, 0xffff);

    /* host_name is the only type there is, and no type may come twice. */
    if (rd_u8(&list) != 0)
        rd_fail(&list);
    hello->server_name = rd_view(&list, 2, 1, 255);
    if (has_zero(hello->server_name))
        rd_fail(&list);
    rd_done(&list);
}

/* A list of 16-bit values. */
static struct cub_view read_list16(struct rd *r, unsigned width, size_t max)
{
    struct cub_view list = rd_view(r, width, 2, max);

    if (list.len % 2 != 0)
        rd_fail(r);
    return list;
}

/* ProtocolName protocol_name_list<2..2^16-1> [RFC7301-3.1] */
static struct cub_view read_alpn(struct rd *r)
{
    struct cub_view list = rd_view(r, 2, 2, 0xffff);
    struct rd names = {list.data, list.data, r->root, false};

    if (list.len > 0)
        names.end += list.len;
    while (rd_more(&names))
        rd_view(&names, 1, 1, 255);
    return list;
}

/* Whether a vector is a sequence of entries, each with fixed bytes before or after its vector. */
static void check_entries(struct rd *r, struct cub_view list, unsigned before, unsigned width,
                          size_t min, unsigned after)
{
    struct rd entries = {list.data, list.data, r->root, false};

    if (list.len > 0)
        entries.end += list.len;
    while (rd_more(&entries)) {
        rd_bytes(&entries, before);
        rd_view(&entries, width, min, 0xffff);
        rd_bytes(&entries, after);
    }
}

/* OfferedPsks [RFC8446-4.2.11] */
static void read_pre_shared_key(struct rd *r, struct cub_client_hello *hello)
{
    hello->psk_identities = rd_view(r, 2, 7, 0xffff);
    check_entries(r, hello->psk_identities, 0, 2, 1, 4);
    hello->psk_binders = rd_view(r, 2, 33, 0xffff);
    check_entries(r, hello->psk_binders, 0, 1, 32, 0);
}

/* CertificateStatusRequest [RFC6066-8]; one of an unknown type is as if it were not there. */
static void read_status_request(struct rd *r, struct cub_client_hello *hello)
{
    if (rd_u8(r) != CUB_STATUS_OCSP) {
        hello->present &= ~(uint32_t)EXT_BIT(EXT_STATUS_REQUEST);
        rd_rest(r);
        return;
    }
    rd_view(r, 2, 0, 0xffff); /* responder_id_list */
    rd_view(r, 2, 0, 0xffff); /* request_extensions */
}

/* Reads one extension's body; those without a member in the struct are left to whoever asks. */
static void read_extension(struct rd *r, unsigned extension, struct cub_client_hello *hello)
{
    switch (extension) {
    case EXT_SERVER_NAME:
        read_server_name(r, hello);
        break;
    case EXT_SUPPORTED_GROUPS:
        hello->supported_groups = read_list16(r, 2, 0xffff);
        break;
    case EXT_SIGNATURE_ALGORITHMS:
        hello->signature_algorithms = read_list16(r, 2, 0xfffe);
        break;
    case EXT_SIGNATURE_ALGORITHMS_CERT:
        hello->signature_algorithms_cert = read_list16(r, 2, 0xfffe);
        break;
    case EXT_ALPN:
        hello->alpn = read_alpn(r);
        break;
    case EXT_SUPPORTED_VERSIONS:
        hello->supported_versions = read_list16(r, 1, 254);
        break;
    case EXT_COOKIE:
        hello->cookie = rd_view(r, 2, 1, 0xffff);
        break;
    case EXT_PSK_KEY_EXCHANGE_MODES:
        hello->psk_key_exchange_modes = rd_view(r, 1, 1, 255);
        break;
    case EXT_KEY_SHARE:
        hello->key_shares = rd_view(r, 2, 0, 0xffff);
        check_entries(r, hello->key_shares, 2, 2, 1, 0);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        hello->record_size_limit = rd_u16(r);
        break;
    case EXT_PRE_SHARED_KEY:
        read_pre_shared_key(r, hello);
        break;
    case EXT_SESSION_TICKET:
        hello->session_ticket = rd_rest(r);
        break;
    case EXT_RENEGOTIATION_INFO:
        hello->renegotiated_connection = rd_view(r, 1, 0, 255);
        break;
    case EXT_EC_POINT_FORMATS:
        hello->ec_point_formats = rd_view(r, 1, 1, 255);
        break;
    case EXT_PADDING:
        hello->padding = rd_rest(r).len;
        break;
    case EXT_STATUS_REQUEST:
        read_status_request(r, hello);
        break;
    case EXT_EXTENDED_MASTER_SECRET:
    case EXT_ENCRYPT_THEN_MAC:
    case EXT_EARLY_DATA:
    case EXT_POST_HANDSHAKE_AUTH:
        break; /* empty */
    default:
        rd_rest(r);
    }
    rd_done(r);
}

enum cub_error cub_client_hello_decode(struct rd *r, struct cub_client_hello *hello)
{
    struct cub_extensions extensions = {0};
    struct rd block;
    enum cub_error err = E_OK;

    memset(hello, 0, sizeof *hello);
    hello->legacy_version = rd_u16(r);
    hello->random = rd_bytes(r, 32);
    hello->legacy_session_id = rd_view(r, 1, 0, 32);
    hello->cipher_suites = read_list16(r, 2, 0xfffe);
    hello->legacy_compression_methods = rd_view(r, 1, 1, 255);
    /* Before TLS 1.3 there may be no extensions at all [RFC5246-7.4.1.2]. */
    if (rd_more(r)) {
        block = rd_vec(r, 2, 0, 0xffff);
        err = cub_extensions_read(&block, IN_CH, 0, &extensions);
    }
    if (err != E_OK)
        return err;
    hello->present = extensions.present;
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        struct rd body = {extensions.body[i].data, extensions.body[i].data, r, false};

        if (!(extensions.present & EXT_BIT(i)))
            continue;
        body.end += extensions.body[i].len;
        read_extension(&body, i, hello);
    }
    if (!rd_done(r))
        return E_DECODE_CLIENT_HELLO;
    /* pre_shared_key covers all before it, so it must be the last [RFC8446-4.2.11]. */
    if ((extensions.present & EXT_BIT(EXT_PRE_SHARED_KEY)) && extensions.last != EXT_PRE_SHARED_KEY)
        return E_CH_PSK_NOT_LAST;
    return E_OK;
}

static void put_server_name(struct wr *w, struct cub_view name)
{
    size_t list = wr_open(w, 2);

    wr_uint(w, 1, 0); /* host_name */
    wr_view(w, 2, name);
    wr_close(w, list, 2);
}

static void put_padding(struct wr *w, size_t len)
{
    while (len--)
        wr_uint(w, 1, 0);
}

static void put_pre_shared_key(struct wr *w, const struct cub_client_hello *hello)
{
    if (hello->put_psks != NULL) {
        hello->put_psks(w, hello->put_psks_context);
        return;
    }
    wr_view(w, 2, hello->psk_identities);
    wr_view(w, 2, hello->psk_binders);
}

/* The body of one extension. */
static void put_extension(struct wr *w, unsigned extension, const struct cub_client_hello *hello)
{
    switch (extension) {
    case EXT_SERVER_NAME:
        put_server_name(w, hello->server_name);
        break;
    case EXT_SUPPORTED_GROUPS:
        wr_view(w, 2, hello->supported_groups);
        break;
    case EXT_SIGNATURE_ALGORITHMS:
        wr_view(w, 2, hello->signature_algorithms);
        break;
    case EXT_SIGNATURE_ALGORITHMS_CERT:
        wr_view(w, 2, hello->signature_algorithms_cert);
        break;
    case EXT_ALPN:
        wr_view(w, 2, hello->alpn);
        break;
    case EXT_SUPPORTED_VERSIONS:
        wr_view(w, 1, hello->supported_versions);
        break;
    case EXT_COOKIE:
        wr_view(w, 2, hello->cookie);
        break;
    case EXT_PSK_KEY_EXCHANGE_MODES:
        wr_view(w, 1, hello->psk_key_exchange_modes);
        break;
    case EXT_KEY_SHARE:
        wr_view(w, 2, hello->key_shares);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        wr_uint(w, 2, hello->record_size_limit);
        break;
    case EXT_SESSION_TICKET:
        wr_bytes(w, hello->session_ticket.data, hello->session_ticket.len);
        break;
    case EXT_RENEGOTIATION_INFO:
        wr_view(w, 1, hello->renegotiated_connection);
        break;
    case EXT_EC_POINT_FORMATS:
        wr_view(w, 1, hello->ec_point_formats);
        break;
    case EXT_PADDING:
        put_padding(w, hello->padding);
        break;
    case EXT_STATUS_REQUEST:
        wr_uint(w, 1, CUB_STATUS_OCSP);
        wr_uint(w, 4, 0); /* any responder, no extensions */
        break;
    case EXT_PRE_SHARED_KEY:
        put_pre_shared_key(w, hello);
        break;
    default:
        break;
    }
}

void cub_client_hello_encode(struct wr *w, const struct cub_client_hello *hello)
{
    /* pre_shared_key must be the last [RFC8446-4.2.11]; the rest is in the order of RFC 8448. */
    static const uint8_t order[] = {
        EXT_SERVER_NAME,
        EXT_EXTENDED_MASTER_SECRET,
        EXT_RENEGOTIATION_INFO,
        EXT_SUPPORTED_GROUPS,
        EXT_EC_POINT_FORMATS,
        EXT_SESSION_TICKET,
        EXT_ALPN,
        EXT_KEY_SHARE,
        EXT_EARLY_DATA,
        EXT_SUPPORTED_VERSIONS,
        EXT_SIGNATURE_ALGORITHMS,
        EXT_SIGNATURE_ALGORITHMS_CERT,
        EXT_COOKIE,
        EXT_STATUS_REQUEST,
        EXT_SIGNED_CERTIFICATE_TIMESTAMP,
        EXT_PSK_KEY_EXCHANGE_MODES,
        EXT_POST_HANDSHAKE_AUTH,
        EXT_RECORD_SIZE_LIMIT,
        EXT_PADDING,
        EXT_PRE_SHARED_KEY,
    };
    size_t message = cub_message_open(w, CUB_CLIENT_HELLO);
    size_t block;

    wr_uint(w, 2, hello->legacy_version);
    wr_bytes(w, hello->random, 32);
    wr_view(w, 1, hello->legacy_session_id);
    wr_view(w, 2, hello->cipher_suites);
    wr_view(w, 1, hello->legacy_compression_methods);
    block = wr_open(w, 2);
    for (unsigned i = 0; i < sizeof order; i++) {
        size_t body;

        if (!(hello->present & EXT_BIT(order[i])))
            continue;
        body = cub_extension_open(w, order[i]);
        put_extension(w, order[i], hello);
        wr_close(w, body, 2);
    }
    wr_close(w, block, 2);
    cub_message_close(w, message);
}

bool cub_key_share_next(struct rd *shares, struct cub_key_share *share)
{
    if (!rd_more(shares))
        return false;
    share->group = rd_u16(shares);
    share->key_exchange = rd_view(shares, 2, 1, 0xffff);
    return !shares->root->bad;
}

void cub_key_share_put(struct wr *w, uint16_t group, struct cub_view key_exchange)
{
    wr_uint(w, 2, group);
    wr_view(w, 2, key_exchange);
}
