#include "handshake/delegated.h"

#include <string.h>

#include "crypto/bytes.h"

bool cub_delegated_allows(uint16_t scheme)
{
    return scheme < 0x0804 || scheme > 0x0806;
}

uint16_t cub_delegated_scheme(const struct cub_delegated *dc)
{
    return (uint16_t)cub_load_be16(dc->schemes.data);
}

bool cub_delegated_decode(struct cub_view body, struct cub_delegated *dc)
{
    struct rd r;

    rd_init(&r, body.data, body.len);
    dc->valid_time = rd_u32(&r);
    dc->schemes = (struct cub_view){rd_bytes(&r, 2), 2};
    dc->spki = rd_view(&r, 3, 1, 0xffffff);
    dc->cred = (struct cub_view){body.data, body.len - (size_t)(r.end - r.p)};
    dc->algorithm = rd_u16(&r);
    dc->signature = rd_view(&r, 2, 1, 0xffff);
    return rd_done(&r);
}

bool cub_delegated_is_timely(const struct cub_delegated *dc, const struct cub_cert *leaf,
                             int64_t now)
{
    int64_t end = leaf->not_before + dc->valid_time;

    return now <= end && end - now <= CUB_DELEGATED_MAX_VALIDITY;
}

void cub_delegated_content(struct wr *w, struct cub_view leaf, struct cub_view cred,
                           uint16_t algorithm)
{
    static const char context[] = "TLS, server delegated credentials"; /* and its 0 */
    uint8_t spaces[64];

    memset(spaces, ' ', sizeof spaces);
    wr_bytes(w, spaces, sizeof spaces);
    wr_bytes(w, context, sizeof context);
    wr_bytes(w, leaf.data, leaf.len);
    wr_bytes(w, cred.data, cred.len);
    wr_uint(w, 2, algorithm);
}
