/*
 * What a server tells beside its certificate to clients that ask: in the leaf's CertificateEntry in
 * TLS 1.3 [RFC8446-4.4.2.1], in messages of its own in TLS 1.2.
 */
#include "handshake/extension.h"
#include "handshake/handshake.h"

static void put(struct wr *w, enum cub_extension extension, struct cub_view body)
{
    if (body.len == 0)
        return;
    cub_extension_head(w, extension, body.len);
    wr_bytes(w, body.data, body.len);
}

void cub_put_stapled(struct wr *w, const struct cub_stapled *stapled, uint32_t offered)
{
    if (stapled->ocsp_response.len > 0 && (offered & EXT_BIT(EXT_STATUS_REQUEST))) {
        cub_extension_head(w, EXT_STATUS_REQUEST, 4 + stapled->ocsp_response.len);
        wr_uint(w, 1, CUB_STATUS_OCSP);
        wr_view(w, 3, stapled->ocsp_response);
    }
    if (offered & EXT_BIT(EXT_SIGNED_CERTIFICATE_TIMESTAMP))
        put(w, EXT_SIGNED_CERTIFICATE_TIMESTAMP, stapled->scts);
    if (offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL))
        put(w, EXT_DELEGATED_CREDENTIAL, stapled->delegated);
}

/* NULL: nothing, or it was not asked for. */
static const struct cub_stapled *stapled_for(const struct cub_engine *e,
                                             enum cub_extension extension)
{
    const struct cub_credential *credential = e->hs->credential;

    return credential != NULL && (e->hs->offered & EXT_BIT(extension)) ? credential->stapled : NULL;
}

struct cub_view cub_stapled_response(const struct cub_engine *e)
{
    const struct cub_stapled *stapled = stapled_for(e, EXT_STATUS_REQUEST);

    return stapled != NULL ? stapled->ocsp_response : (struct cub_view){NULL, 0};
}

struct cub_view cub_stapled_scts(const struct cub_engine *e)
{
    const struct cub_stapled *stapled = stapled_for(e, EXT_SIGNED_CERTIFICATE_TIMESTAMP);

    return stapled != NULL ? stapled->scts : (struct cub_view){NULL, 0};
}
