/*
 * Delegated credentials [RFC9345] as a server of TLS 1.3 shows them: instead of a key of its own,
 * to those who ask for such.
 */
#include "handshake/delegated.h"
#include "handshake/extras.h"

enum cub_error cub_check_delegation_offer(const struct cub_engine *e)
{
    struct cub_view body = cub_find_extension(e, EXT_DELEGATED_CREDENTIAL);
    struct rd r;

    if (!(e->hs->offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL)))
        return E_OK;
    rd_init(&r, body.data, body.len);
    rd_list16(&r, 2);
    return rd_done(&r) ? E_OK : E_DC_OFFER;
}

/* Clients would refuse it. */
static bool is_timely(const struct cub_engine *e, struct cub_view leaf,
                      const struct cub_delegated *dc)
{
    struct cub_cert cert;

    return e->config->now != NULL && cub_cert_parse(&cert, leaf.data, leaf.len) == E_OK &&
           cub_delegated_is_timely(dc, &cert, (int64_t)(e->config->now(e->owner) / 1000));
}

bool cub_credential_delegated_suits(const struct cub_engine *e,
                                    const struct cub_credential *credential,
                                    struct cub_accepted *accepted)
{
    struct cub_view offer;
    struct cub_delegated dc;

    /* Not for older versions [RFC9345-4.1.1]; a client's would be signed in another way. */
    if (!e->is_server || e->version != CUB_TLS1_3 ||
        !(e->hs->offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL)) ||
        !cub_delegated_decode(credential->stapled->delegated, &dc))
        return false;
    offer = cub_find_extension(e, EXT_DELEGATED_CREDENTIAL);
    /* Behind the length of the list. */
    offer = (struct cub_view){offer.data + 2, offer.len - 2};
    if (!cub_list16_has(offer, cub_delegated_scheme(&dc)) ||
        !cub_list16_has(accepted->schemes, dc.algorithm))
        return false;
    /* Its key signs as it says, whatever signature_algorithms has. */
    accepted->schemes = dc.schemes;
    return is_timely(e, credential->chain[0], &dc);
}
