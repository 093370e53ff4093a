#include "handshake/messages12.h"

#define NAMED_CURVE 3 /* ECCurveType [RFC8422-5.4] */

enum cub_error cub_ecdh_params_read(struct rd *r, struct cub_server_params *params)
{
    if (rd_u8(r) != NAMED_CURVE && !r->root->bad)
        return E_SKE_CURVE_TYPE;
    params->group = rd_u16(r);
    params->share = rd_view(r, 1, 1, 255);
    return E_OK;
}

void cub_ecdh_params_put(struct wr *w, uint16_t group, struct cub_view point)
{
    wr_uint(w, 1, NAMED_CURVE);
    wr_uint(w, 2, group);
    wr_view(w, 1, point);
}

enum cub_error cub_certificate_request12_decode(struct rd *r, struct cub_certificate_request12 *cr)
{
    struct rd names;

    cr->certificate_types = rd_view(r, 1, 1, 255);
    cr->signature_algorithms = rd_view(r, 2, 2, 0xfffe);
    if (cr->signature_algorithms.len % 2 != 0)
        rd_fail(r);
    names = rd_vec(r, 2, 0, 0xffff);
    cr->certificate_authorities.data = names.p;
    cr->certificate_authorities.len = (size_t)(names.end - names.p);
    while (rd_more(&names))
        rd_view(&names, 2, 1, 0xffff);
    return rd_done(r) ? E_OK : E_DECODE_CERTIFICATE_REQUEST;
}

void cub_certificate_request12_encode(struct wr *w, const struct cub_certificate_request12 *cr)
{
    size_t message = cub_message_open(w, CUB_CERTIFICATE_REQUEST);

    wr_view(w, 1, cr->certificate_types);
    wr_view(w, 2, cr->signature_algorithms);
    wr_view(w, 2, cr->certificate_authorities);
    cub_message_close(w, message);
}

enum cub_error cub_new_session_ticket12_decode(struct rd *r, uint32_t *lifetime_hint,
                                               struct cub_view *ticket)
{
    *lifetime_hint = rd_u32(r);
    *ticket = rd_view(r, 2, 0, 0xffff);
    return rd_done(r) ? E_OK : E_DECODE_NEW_SESSION_TICKET;
}

void cub_new_session_ticket12_encode(struct wr *w, uint32_t lifetime_hint, struct cub_view ticket)
{
    size_t message = cub_message_open(w, CUB_NEW_SESSION_TICKET);

    wr_uint(w, 4, lifetime_hint);
    wr_view(w, 2, ticket);
    cub_message_close(w, message);
}

enum cub_error cub_certificate_status_decode(struct rd *r, struct cub_view *response)
{
    if (rd_u8(r) != CUB_STATUS_OCSP)
        rd_fail(r);
    *response = rd_view(r, 3, 1, 0xffffff);
    return rd_done(r) ? E_OK : E_DECODE_CERTIFICATE_STATUS;
}

void cub_certificate_status_encode(struct wr *w, struct cub_view response)
{
    wr_uint(w, 1, CUB_CERTIFICATE_STATUS);
    wr_uint(w, 3, (uint32_t)(4 + response.len));
    wr_uint(w, 1, CUB_STATUS_OCSP);
    wr_view(w, 3, response);
}
