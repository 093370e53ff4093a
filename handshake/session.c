#include "handshake/session.h"

#include <string.h>

#include "handshake/wire.h"

/*
 *     struct {
 *         uint8 format = 2;
 *         ProtocolVersion version;
 *         CipherSuite suite;
 *         NamedGroup group;
 *         SignatureScheme scheme;
 *         uint8 verify_mode;
 *         uint8 extended_master_secret;
 *         uint32 lifetime;
 *         uint32 age_add;
 *         uint32 max_early_data;
 *         uint16 record_size_limit;
 *         uint64 issued;
 *         uint64 established;
 *         opaque secret<1..64>;
 *         opaque ticket<0..2^16-1>;
 *         opaque id<0..32>;
 *         opaque alpn<0..2^8-1>;
 *         opaque server_name<0..2^8-1>;
 *         opaque binding<0..64>;
 *         opaque data<0..2^16-1>;
 *     } Session;
 */
#define FORMAT     2
#define MAX_SECRET 64

static void put_time(struct wr *w, uint64_t time)
{
    wr_uint(w, 4, (uint32_t)(time >> 32));
    wr_uint(w, 4, (uint32_t)time);
}

static uint64_t get_time(struct rd *r)
{
    uint64_t high = rd_u32(r);

    return high << 32 | rd_u32(r);
}

static void put(struct wr *w, const struct cub_session_state *session)
{
    wr_uint(w, 1, FORMAT);
    wr_uint(w, 2, session->version);
    wr_uint(w, 2, session->suite);
    wr_uint(w, 2, session->group);
    wr_uint(w, 2, session->scheme);
    wr_uint(w, 1, session->verify_mode);
    wr_uint(w, 1, session->extended_master_secret);
    wr_uint(w, 4, session->lifetime);
    wr_uint(w, 4, session->age_add);
    wr_uint(w, 4, session->max_early_data);
    wr_uint(w, 2, session->record_size_limit);
    put_time(w, session->issued);
    put_time(w, session->established);
    wr_view(w, 1, session->secret);
    wr_view(w, 2, session->ticket);
    wr_view(w, 1, session->id);
    wr_view(w, 1, session->alpn);
    wr_view(w, 1, session->server_name);
    wr_view(w, 1, session->binding);
    wr_view(w, 2, session->data);
}

size_t cub_session_size(const struct cub_session_state *session)
{
    struct wr w;

    wr_init(&w, NULL, 0);
    put(&w, session);
    return w.pos;
}

/* What a length field of the format can hold. */
static bool fits(const struct cub_session_state *session)
{
    return session->secret.len > 0 && session->secret.len <= MAX_SECRET &&
           session->ticket.len <= 0xffff && session->id.len <= CUB_SESSION_ID_SIZE &&
           session->alpn.len <= 0xff && session->server_name.len <= 0xff &&
           session->binding.len <= CUB_SESSION_MAX_BINDING && session->data.len <= 0xffff;
}

enum cub_error cub_session_encode(const struct cub_session_state *session, uint8_t *out,
                                  size_t size, size_t *len)
{
    struct wr w;

    *len = 0;
    if (!fits(session) || cub_session_size(session) > size)
        return E_SESSION_BUFFER;
    wr_init(&w, out, size);
    put(&w, session);
    *len = w.pos;
    return E_OK;
}

enum cub_error cub_session_decode(struct cub_session_state *session, const uint8_t *bytes,
                                  size_t len)
{
    struct rd r;

    memset(session, 0, sizeof *session);
    rd_init(&r, bytes, len);
    if (rd_u8(&r) != FORMAT)
        rd_fail(&r);
    session->version = rd_u16(&r);
    session->suite = rd_u16(&r);
    session->group = rd_u16(&r);
    session->scheme = rd_u16(&r);
    session->verify_mode = rd_u8(&r);
    session->extended_master_secret = rd_u8(&r);
    session->lifetime = rd_u32(&r);
    session->age_add = rd_u32(&r);
    session->max_early_data = rd_u32(&r);
    session->record_size_limit = rd_u16(&r);
    session->issued = get_time(&r);
    session->established = get_time(&r);
    session->secret = rd_view(&r, 1, 1, MAX_SECRET);
    session->ticket = rd_view(&r, 2, 0, 0xffff);
    session->id = rd_view(&r, 1, 0, CUB_SESSION_ID_SIZE);
    session->alpn = rd_view(&r, 1, 0, 0xff);
    session->server_name = rd_view(&r, 1, 0, 0xff);
    session->binding = rd_view(&r, 1, 0, CUB_SESSION_MAX_BINDING);
    session->data = rd_view(&r, 2, 0, 0xffff);
    if (rd_done(&r))
        return E_OK;
    memset(session, 0, sizeof *session);
    return E_SESSION_FORM;
}
