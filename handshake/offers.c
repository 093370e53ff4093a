#include "handshake/offers.h"

#include <string.h>

#include "handshake/negotiate.h"

void cub_put_offers(struct cub_engine *e, struct wr *w, const struct cub_offer *offer)
{
    for (; offer->put != NULL; offer++) {
        uint32_t bit = (uint32_t)EXT_BIT(offer->extension);

        if (!(e->hs->offered & bit) && cub_put_extension(e, w, offer->type, offer->put))
            e->hs->offered |= bit;
    }
}

static const struct cub_offer *find_offer(const struct cub_protocol *table, uint16_t type)
{
    for (const struct cub_offer *o = table != NULL ? table->offers : NULL;
         o != NULL && o->put != NULL; o++) {
        if (o->type == type)
            return o;
    }
    return NULL;
}

/* Whether an extension may be an answer here [RFC8446-4.2]. */
static enum cub_error check(const struct cub_handshake *hs, const struct cub_offer *offer,
                            uint8_t place, enum cub_error duplicate)
{
    if (offer == NULL)
        return E_EXT_UNSOLICITED;
    /* Known, but not to stand here: illegal_parameter. */
    if (!(offer->places & place))
        return E_EXT_PLACE;
    /* The cookie needs no request [RFC8446-4.2.2]. */
    if (!(hs->offered & EXT_BIT(offer->extension)) && offer->extension != EXT_COOKIE)
        return E_EXT_UNSOLICITED;
    return hs->answered & EXT_BIT(offer->extension) ? duplicate : E_OK;
}

enum cub_error cub_take_answers(struct cub_engine *e, struct rd *r, uint8_t place)
{
    const struct cub_profile *profile = e->config->profile;
    struct cub_handshake *hs = e->hs;
    /* In ServerHello and EncryptedExtensions it counts as malformed. */
    enum cub_error duplicate = place == IN_HRR ? E_EXT_DUPLICATE : E_EXT_DUPLICATE_HELLO;
    enum cub_error first = E_OK;

    hs->answered = 0;
    if (e->protocol->twice != NULL && e->protocol->twice(*r))
        first = duplicate;
    while (rd_more(r)) {
        uint16_t type = rd_u16(r);
        struct rd body = rd_vec(r, 2, 0, 0xffff);
        /* Whichever version's table has offered it. */
        const struct cub_offer *offer = find_offer(profile->client, type);
        enum cub_error err;

        if (offer == NULL)
            offer = find_offer(profile->client12, type);
        err = check(hs, offer, place, duplicate);
        if (err == E_OK) {
            hs->answered |= (uint32_t)EXT_BIT(offer->extension);
            if (offer->take != NULL)
                err = offer->take(e, &body, place);
            rd_done(&body);
        }
        if (first == E_OK)
            first = err;
    }
    return first;
}

/* What another function looks at later. */
static enum cub_error take_any(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)e, (void)place;
    rd_rest(r);
    return E_OK;
}

/* Nothing but digits and dots, or with a colon: an address, or not a name at all. */
static bool is_address(const char *name)
{
    bool numeric = true;

    for (; *name != 0; name++) {
        if (*name == ':')
            return true;
        if (*name != '.' && (*name < '0' || *name > '9'))
            numeric = false;
    }
    return numeric;
}

/* struct { NameType name_type; HostName<1..2^16-1> } ServerNameList<1..2^16-1>: no literal
 * addresses, no trailing dot [RFC6066-3]. */
static bool put_server_name(struct cub_engine *e, struct wr *w)
{
    const char *name = e->server_name;
    size_t list, len;

    if (name == NULL || is_address(name))
        return false;
    len = strlen(name);
    if (name[len - 1] == '.')
        len--;
    list = wr_open(w, 2);
    wr_uint(w, 1, 0); /* host_name */
    wr_view(w, 2, (struct cub_view){(const uint8_t *)name, len});
    wr_close(w, list, 2);
    return true;
}

/* NamedGroup named_group_list<2..2^16-1> [RFC8446-4.2.7] */
static bool put_groups(struct cub_engine *e, struct wr *w)
{
    bool tls13 = cub_version_enabled(e, CUB_TLS1_3);
    size_t list = wr_open(w, 2);

    for (const struct cub_group *const *g = cub_groups_of(e); *g != NULL; g++) {
        if (tls13 || !(*g)->post_quantum)
            wr_uint(w, 2, (*g)->id);
    }
    wr_close(w, list, 2);
    return w->pos > list;
}

/* For later. In TLS 1.2 servers send it though it is not for them. */
static enum cub_error take_groups(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)e;
    if (place == IN_SH12)
        rd_rest(r);
    else
        rd_list16(r, 2);
    return E_OK;
}

/* SignatureScheme supported_signature_algorithms<2..2^16-2> [RFC8446-4.2.3] */
static bool put_schemes(struct cub_engine *e, struct wr *w)
{
    size_t list = wr_open(w, 2);

    for (const struct cub_verify_scheme *const *s = cub_verify_schemes_of(e); *s != NULL; s++) {
        /* Those for clients alone are never offered to a server [RFC9963-3]. */
        if ((*s)->use != CUB_USE_CLIENT13)
            wr_uint(w, 2, (*s)->id);
    }
    wr_close(w, list, 2);
    return w->pos > list;
}

/* ProtocolName protocol_name_list<2..2^16-1> [RFC7301-3.1] */
static bool put_alpn(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, e->config->alpn);
    return e->config->alpn.len > 0;
}

static enum cub_error take_alpn(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)place;
    e->alpn = cub_find_protocol(e->config->alpn, cub_extension_protocol(r));
    return e->alpn.len > 0 ? E_OK : E_EE_ALPN;
}

/* The same, but the owner may accept what was not offered. */
static enum cub_error take_any_alpn(struct cub_engine *e, struct rd *r, uint8_t place)
{
    struct cub_view name = cub_extension_protocol(r);

    (void)place;
    e->alpn = cub_find_protocol(e->config->alpn, name);
    if (e->alpn.len == 0 && name.len > 0 && e->config->unknown_alpn != NULL)
        e->alpn = e->config->unknown_alpn(e->owner, name);
    return e->alpn.len > 0 ? E_OK : E_EE_ALPN;
}

static bool put_status_request(struct cub_engine *e, struct wr *w)
{
    const struct cub_verifier *verifier = e->config->verifier;

    wr_uint(w, 1, CUB_STATUS_OCSP);
    wr_uint(w, 4, 0); /* any responder, no extensions [RFC6066-8] */
    return verifier != NULL && verifier->status != NULL;
}

static bool put_scts(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return e->config->take_scts != NULL;
}

/* A session that is resumed has its own already: it is looked at when that is known
 * [RFC6962-3.3.1]. */
static enum cub_error take_scts(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)place;
    e->hs->scts = rd_rest(r);
    return E_OK;
}

/* Our buffer's limit [RFC8449-4]. */
static bool put_record_size_limit(struct cub_engine *e, struct wr *w)
{
    wr_uint(w, 2, e->in.limit);
    return true;
}

static enum cub_error take_record_size_limit(struct cub_engine *e, struct rd *r, uint8_t place)
{
    uint16_t limit = rd_u16(r);

    /* A server answers to the better of the two [RFC8449-5]. */
    if (e->hs->max_fragment_length != 0)
        return E_RECORD_LIMIT_TWICE;
    /* It must not ask for more than the protocol allows [RFC8449-4]. */
    if (place == IN_EE && limit > CUB_RECORD_MAX_PLAINTEXT + 1)
        return E_RECORD_SIZE_LIMIT;
    return cub_take_record_size_limit(e, limit);
}

/* For servers that do not know the other [RFC6066-4]. */
static bool put_max_fragment_length(struct cub_engine *e, struct wr *w)
{
    uint8_t length = cub_own_fragment_length(e);

    wr_uint(w, 1, length);
    return length != 0;
}

/* The same length [RFC6066-4]. */
static enum cub_error take_max_fragment_length(struct cub_engine *e, struct rd *r, uint8_t place)
{
    uint8_t length = rd_u8(r);

    (void)place;
    if (e->peer_record_limit != 0)
        return E_RECORD_LIMIT_TWICE;
    if (length == 0 || length != cub_own_fragment_length(e))
        return E_MAX_FRAGMENT_LENGTH;
    cub_take_fragment_length(e, length);
    return E_OK;
}

/* TLS 1.3. */

/* KeyShareEntry client_shares<0..2^16-1> [RFC8446-4.2.8] */
static bool put_key_shares(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, (struct cub_view){e->hs->shares, e->hs->shares_len});
    return *cub_groups_of(e) != NULL;
}

static enum cub_error take_key_share(struct cub_engine *e, struct rd *r, uint8_t place)
{
    e->hs->peer_group = rd_u16(r);
    if (place == IN_SH)
        e->hs->peer_share = rd_view(r, 2, 1, 0xffff);
    return E_OK;
}

/* ProtocolVersion versions<2..254> [RFC8446-4.2.1] */
static bool put_versions(struct cub_engine *e, struct wr *w)
{
    size_t list = wr_open(w, 1);

    wr_uint(w, 2, CUB_TLS1_3);
    if (cub_version_enabled(e, CUB_TLS1_2))
        wr_uint(w, 2, CUB_TLS1_2);
    wr_close(w, list, 1);
    return true;
}

/* The same for who has no other. */
static bool put_version13(struct cub_engine *e, struct wr *w)
{
    (void)e;
    wr_uint(w, 3, 2 << 16 | CUB_TLS1_3);
    return true;
}

/* TLS 1.3, or one that was offered and newer [RFC8446-4.2.1]. */
static enum cub_error take_version(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)e, (void)place;
    return rd_u16(r) == CUB_TLS1_3 ? E_OK : E_SH_SELECTED_VERSION;
}

static bool put_cookie(struct cub_engine *e, struct wr *w)
{
    wr_view(w, 2, e->hs->cookie);
    return e->hs->cookie.len > 0;
}

/* It stays where it is until the second ClientHello is written. */
static enum cub_error take_cookie(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)place;
    e->hs->cookie = rd_view(r, 2, 1, 0xffff);
    return E_OK;
}

static bool put_post_handshake_auth(struct cub_engine *e, struct wr *w)
{
    (void)w;
    return e->config->profile->post_handshake_auth &&
           (e->config->flags & CUB_FLAG_POST_HANDSHAKE_AUTH);
}

/* Behind all others but pre_shared_key, whose length does not count: to 512 bytes, or a little
 * more, as there is at least one byte [RFC7685-4]. */
static bool put_padding(struct cub_engine *e, struct wr *w)
{
    size_t len = w->pos - 4; /* of the message without this extension */

    if (!(e->config->flags & CUB_FLAG_PADDING) || len < 256 || len > 511)
        return false;
    do {
        wr_uint(w, 1, 0);
    } while (w->pos < 512);
    return true;
}

static bool put_never(struct cub_engine *e, struct wr *w)
{
    (void)e, (void)w;
    return false;
}

/* TLS 1.2. */

static bool put_nothing(struct cub_engine *e, struct wr *w)
{
    (void)e, (void)w;
    return true;
}

/* Of a first handshake: empty [RFC5746-3.4]. */
static bool put_renegotiation_info(struct cub_engine *e, struct wr *w)
{
    (void)e;
    wr_uint(w, 1, 0);
    return true;
}

static enum cub_error take_renegotiation_info(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)e, (void)place;
    return rd_view(r, 1, 0, 255).len == 0 ? E_OK : E_SH_RENEGOTIATION_INFO;
}

/* uncompressed alone [RFC8422-5.1.2] */
static bool put_point_formats(struct cub_engine *e, struct wr *w)
{
    (void)e;
    wr_uint(w, 2, 0x0100);
    return true;
}

static enum cub_error take_point_formats(struct cub_engine *e, struct rd *r, uint8_t place)
{
    (void)e, (void)place;
    return cub_list8_has(rd_view(r, 1, 1, 255), 0) ? E_OK : E_SH_POINT_FORMATS;
}

/* Only suites with a MAC of their own have something of it [RFC7366-2]. */
static bool put_encrypt_then_mac(struct cub_engine *e, struct wr *w)
{
    const struct cub_suite *const *s = cub_suites_of(e);

    (void)w;
    while (*s != NULL && (*s)->format->encrypt_then_mac == NULL)
        s++;
    return *s != NULL;
}

/* clang-format off */
#define OFFER(name, put, take) {TYPE_##name, PLACES_##name, EXT_##name, put, take}
#define NAME      OFFER(SERVER_NAME,                  put_server_name, NULL)
#define GROUPS    OFFER(SUPPORTED_GROUPS,             put_groups, take_groups)
#define SCHEMES   OFFER(SIGNATURE_ALGORITHMS,         put_schemes, NULL)
#define PROTOCOLS OFFER(ALPN,                         put_alpn, take_alpn)
#define ANY_PROTOCOL OFFER(ALPN,                      put_alpn, take_any_alpn)
#define STATUS    OFFER(STATUS_REQUEST,               put_status_request, NULL)
#define SCTS      OFFER(SIGNED_CERTIFICATE_TIMESTAMP, put_scts, take_scts)
#define LIMIT     OFFER(RECORD_SIZE_LIMIT,            put_record_size_limit, take_record_size_limit)
#define LENGTH    OFFER(MAX_FRAGMENT_LENGTH,          put_max_fragment_length, take_max_fragment_length)
#define TYPES     OFFER(CLIENT_CERTIFICATE_TYPE,      cub_put_client_types, take_any),                        \
                  OFFER(SERVER_CERTIFICATE_TYPE,      cub_put_server_types, take_any)
#define SHARES    OFFER(KEY_SHARE,                    put_key_shares, take_key_share)
#define VERSIONS  OFFER(SUPPORTED_VERSIONS,           put_versions, take_version)
#define COOKIE    OFFER(COOKIE,                       put_cookie, take_cookie)
#define MODES     OFFER(PSK_KEY_EXCHANGE_MODES,       cub_put_psk_modes, NULL)
/* Must be the last [RFC8446-4.2.11]. */
#define KEYS      OFFER(PRE_SHARED_KEY,               cub_put_pre_shared_key, cub_take_psk_identity)
#define END       {0, 0, 0, NULL, NULL}

const struct cub_offer cub_offers13[] = {
    NAME, GROUPS, ANY_PROTOCOL, SHARES, VERSIONS, SCHEMES, COOKIE, STATUS, SCTS,
    OFFER(POST_HANDSHAKE_AUTH,  put_post_handshake_auth, NULL),
    OFFER(COMPRESS_CERTIFICATE, cub_put_compressions, NULL),
    OFFER(DELEGATED_CREDENTIAL, cub_put_delegation, NULL),
    TYPES, LENGTH, LIMIT, MODES,
    OFFER(EARLY_DATA,           cub_put_early_data, NULL),
    OFFER(PADDING,              put_padding, NULL),
    /* What we know, but do not offer: in an answer it is misplaced. */
    OFFER(CERTIFICATE_AUTHORITIES,   put_never, NULL),
    OFFER(OID_FILTERS,               put_never, NULL),
    OFFER(SIGNATURE_ALGORITHMS_CERT, put_never, NULL),
    KEYS, END,
};
const struct cub_offer cub_offers13_session[] = {
    NAME, GROUPS, PROTOCOLS, SHARES, VERSIONS, SCHEMES, COOKIE, STATUS, SCTS, LENGTH, LIMIT, MODES,
    KEYS, END,
};
const struct cub_offer cub_offers13_cert[] = {
    NAME, GROUPS, PROTOCOLS, SHARES, VERSIONS, SCHEMES, COOKIE, LENGTH, LIMIT, END,
};
const struct cub_offer cub_offers13_psk[] = {
    NAME, GROUPS, PROTOCOLS, SHARES, VERSIONS, COOKIE, LENGTH, LIMIT, MODES, KEYS, END,
};
const struct cub_offer cub_offers13_psk_ke[] = {
    OFFER(SUPPORTED_VERSIONS,     put_version13, take_version),
    COOKIE, LIMIT,
    OFFER(PSK_KEY_EXCHANGE_MODES, cub_put_psk_ke, NULL),
    KEYS, END,
};

const struct cub_offer cub_offers12[] = {
    NAME,
    OFFER(EXTENDED_MASTER_SECRET, put_nothing, NULL),
    OFFER(RENEGOTIATION_INFO,     put_renegotiation_info, take_renegotiation_info),
    GROUPS,
    OFFER(EC_POINT_FORMATS,       put_point_formats, take_point_formats),
    OFFER(SESSION_TICKET,         cub_put_session_ticket, NULL),
    ANY_PROTOCOL, SCHEMES, STATUS, SCTS,
    OFFER(ENCRYPT_THEN_MAC,       put_encrypt_then_mac, NULL),
    TYPES, LENGTH, LIMIT, END,
};
const struct cub_offer cub_offers12_cert[] = {
    NAME,
    OFFER(EXTENDED_MASTER_SECRET, put_nothing, NULL),
    OFFER(RENEGOTIATION_INFO,     put_renegotiation_info, take_renegotiation_info),
    GROUPS,
    OFFER(EC_POINT_FORMATS,       put_point_formats, take_point_formats),
    PROTOCOLS, SCHEMES, LENGTH, LIMIT, END,
};
/* clang-format on */
