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

/* Whether a vector is a sequence of entries, each with fixed bytes before or after its vector. */
static void check_entries(struct rd *r, struct cub_view list, unsigned before, unsigned width,
                          uint32_t min, unsigned after)
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
    /* Of the lengths of binders no more is asked than who uses one does: clients that resume
     * TLS 1.2 have sent other things. */
    hello->psk_binders = rd_view(r, 2, 2, 0xffff);
    check_entries(r, hello->psk_binders, 0, 1, 1, 0);
}

/* CertificateStatusRequest [RFC6066-8]; false: one of an unknown type, as if it were not there. */
static bool read_status_request(struct rd *r)
{
    if (rd_u8(r) != CUB_STATUS_OCSP) {
        rd_rest(r);
        return false;
    }
    rd_view(r, 2, 0, 0xffff); /* responder_id_list */
    rd_view(r, 2, 0, 0xffff); /* request_extensions */
    return true;
}

/*
 * How an extension's body looks; the rest has functions of its own. The rows are in the order in
 * which we write them, that of RFC 8448.
 */
enum form {
    EMPTY,
    VECTOR8,  /* a vector with a length of one byte */
    VECTOR16, /* of two bytes */
    REST,     /* the body is the member */
    NUMBER8,
    NUMBER16,
    OTHER,
};

/* What a vector consists of. */
enum entries {
    BYTES,
    PAIRS,   /* 16-bit values */
    NAMES,   /* ProtocolName<1..2^8-1> [RFC7301-3.1] */
    ISSUERS, /* DistinguishedName<1..2^16-1> [RFC8446-4.2.4] */
    SHARES,  /* KeyShareEntry [RFC8446-4.2.8] */
};

static const struct field {
    uint8_t extension;
    uint8_t form;    /* enum form */
    uint8_t min;     /* least bytes of a vector */
    uint8_t entries; /* enum entries */
    uint16_t member; /* where in struct cub_client_hello */
} fields[] = {
#define ROW(extension, form, min, entries, member)                                                 \
    {                                                                                              \
        EXT_##extension, form, min, entries, offsetof(struct cub_client_hello, member)             \
    }
#define BARE(extension, form)                                                                      \
    {                                                                                              \
        EXT_##extension, form, 0, BYTES, 0                                                         \
    }
    BARE(SERVER_NAME, OTHER),
    BARE(EXTENDED_MASTER_SECRET, EMPTY),
    ROW(RENEGOTIATION_INFO, VECTOR8, 0, BYTES, renegotiated_connection),
    ROW(SUPPORTED_GROUPS, VECTOR16, 2, PAIRS, supported_groups),
    ROW(EC_POINT_FORMATS, VECTOR8, 1, BYTES, ec_point_formats),
    ROW(SESSION_TICKET, REST, 0, BYTES, session_ticket),
    ROW(ALPN, VECTOR16, 2, NAMES, alpn),
    ROW(KEY_SHARE, VECTOR16, 0, SHARES, key_shares),
    BARE(EARLY_DATA, EMPTY),
    ROW(SUPPORTED_VERSIONS, VECTOR8, 2, PAIRS, supported_versions),
    ROW(SIGNATURE_ALGORITHMS, VECTOR16, 2, PAIRS, signature_algorithms),
    ROW(SIGNATURE_ALGORITHMS_CERT, VECTOR16, 2, PAIRS, signature_algorithms_cert),
    ROW(CERTIFICATE_AUTHORITIES, VECTOR16, 3, ISSUERS, certificate_authorities),
    ROW(COOKIE, VECTOR16, 1, BYTES, cookie),
    BARE(STATUS_REQUEST, OTHER),
    BARE(SIGNED_CERTIFICATE_TIMESTAMP, OTHER),
    ROW(PSK_KEY_EXCHANGE_MODES, VECTOR8, 1, BYTES, psk_key_exchange_modes),
    BARE(POST_HANDSHAKE_AUTH, EMPTY),
    BARE(ENCRYPT_THEN_MAC, EMPTY),
    ROW(MAX_FRAGMENT_LENGTH, NUMBER8, 0, BYTES, max_fragment_length),
    ROW(RECORD_SIZE_LIMIT, NUMBER16, 0, BYTES, record_size_limit),
    BARE(PADDING, OTHER),
    BARE(PRE_SHARED_KEY, OTHER), /* must be the last [RFC8446-4.2.11] */
#undef ROW
#undef BARE
};

#define FIELDS (sizeof fields / sizeof *fields)

/* Those without a member in the struct are left to whoever asks. */
static void read_other(struct rd *r, unsigned extension, struct cub_client_hello *hello)
{
    switch (extension) {
    case EXT_SERVER_NAME:
        read_server_name(r, hello);
        break;
    case EXT_STATUS_REQUEST:
        hello->status_request = read_status_request(r);
        break;
    case EXT_PADDING:
        hello->padding = rd_rest(r).len;
        break;
    case EXT_PRE_SHARED_KEY:
        read_pre_shared_key(r, hello);
        break;
    default:
        rd_rest(r);
    }
}

static struct cub_view read_vector(struct rd *r, const struct field *field)
{
    unsigned width = field->form == VECTOR8 ? 1 : 2;
    struct cub_view list = rd_view(r, width, field->min, 0xffff);

    if (field->entries == PAIRS && list.len % 2 != 0)
        rd_fail(r);
    if (field->entries == NAMES)
        check_entries(r, list, 0, 1, 1, 0);
    if (field->entries == ISSUERS)
        check_entries(r, list, 0, 2, 1, 0);
    if (field->entries == SHARES)
        check_entries(r, list, 2, 2, 1, 0);
    return list;
}

static void read_extension(void *out, unsigned extension, struct rd *r)
{
    const struct field *field = fields;
    void *member;

    while (field < fields + FIELDS && field->extension != extension)
        field++;
    if (field == fields + FIELDS) {
        rd_rest(r);
        return;
    }
    member = (uint8_t *)out + field->member;
    switch (field->form) {
    case EMPTY:
        break;
    case VECTOR8:
    case VECTOR16:
        *(struct cub_view *)member = read_vector(r, field);
        break;
    case REST:
        *(struct cub_view *)member = rd_rest(r);
        break;
    case NUMBER8:
        *(uint8_t *)member = rd_u8(r);
        break;
    case NUMBER16:
        *(uint16_t *)member = rd_u16(r);
        break;
    default:
        read_other(r, extension, out);
    }
}

enum cub_error cub_client_hello_decode(struct rd *r, struct cub_client_hello *hello)
{
    struct cub_extensions extensions = {read_extension, hello, 0, IN_CH, 0, 0};
    struct rd block;
    enum cub_error err = E_OK;

    memset(hello, 0, sizeof *hello);
    hello->legacy_version = rd_u16(r);
    hello->random = rd_bytes(r, 32);
    hello->legacy_session_id = rd_view(r, 1, 0, 32);
    hello->cipher_suites = rd_list16(r, 2);
    hello->legacy_compression_methods = rd_view(r, 1, 1, 255);
    /* Before TLS 1.3 there may be no extensions at all [RFC5246-7.4.1.2]. */
    if (rd_more(r)) {
        block = rd_vec(r, 2, 0, 0xffff);
        err = cub_extensions_read(&block, &extensions);
    }
    if (err != E_OK)
        return err;
    hello->present = extensions.present;
    if ((hello->present & EXT_BIT(EXT_STATUS_REQUEST)) && !hello->status_request)
        hello->present &= ~(uint32_t)EXT_BIT(EXT_STATUS_REQUEST);
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
    wr_view(w, 2, hello->psk_identities);
    wr_view(w, 2, hello->psk_binders);
}

static void put_other(struct wr *w, unsigned extension, const struct cub_client_hello *hello)
{
    switch (extension) {
    case EXT_SERVER_NAME:
        put_server_name(w, hello->server_name);
        break;
    case EXT_STATUS_REQUEST:
        wr_uint(w, 1, CUB_STATUS_OCSP);
        wr_uint(w, 4, 0); /* any responder, no extensions */
        break;
    case EXT_PADDING:
        put_padding(w, hello->padding);
        break;
    case EXT_PRE_SHARED_KEY:
        put_pre_shared_key(w, hello);
        break;
    default:
        break;
    }
}

static void put_field(struct wr *w, const struct field *field, const struct cub_client_hello *hello)
{
    const void *member = (const uint8_t *)hello + field->member;
    const struct cub_view *view = member;

    switch (field->form) {
    case EMPTY:
        break;
    case VECTOR8:
    case VECTOR16:
        wr_view(w, field->form == VECTOR8 ? 1 : 2, *view);
        break;
    case REST:
        wr_bytes(w, view->data, view->len);
        break;
    case NUMBER8:
        wr_uint(w, 1, *(const uint8_t *)member);
        break;
    case NUMBER16:
        wr_uint(w, 2, *(const uint16_t *)member);
        break;
    default:
        put_other(w, field->extension, hello);
    }
}

void cub_client_hello_encode(struct wr *w, const struct cub_client_hello *hello)
{
    size_t message = cub_message_open(w, CUB_CLIENT_HELLO);
    size_t block;

    wr_uint(w, 2, hello->legacy_version);
    wr_bytes(w, hello->random, 32);
    wr_view(w, 1, hello->legacy_session_id);
    wr_view(w, 2, hello->cipher_suites);
    wr_view(w, 1, hello->legacy_compression_methods);
    block = wr_open(w, 2);
    for (const struct field *field = fields; field < fields + FIELDS; field++) {
        size_t body;

        if (!(hello->present & EXT_BIT(field->extension)))
            continue;
        body = cub_extension_open(w, field->extension);
        put_field(w, field, hello);
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
