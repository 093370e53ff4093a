/*
 * Delegated credentials [RFC9345] as a client of TLS 1.3 verifies them: a key for CertificateVerify
 * that the key of the server's certificate has signed, for some days.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/delegated.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/offers.h"
#include "x509/delegation.h"
#include "x509/key.h"

/* The schemes that credentials may be for. */
static bool allowed(const struct cub_verify_scheme *scheme)
{
    return scheme != NULL && scheme->use == CUB_USE_ALL && cub_delegated_allows(scheme->id);
}

bool cub_put_delegation(struct cub_engine *e, struct wr *w)
{
    size_t list = wr_open(w, 2);
    bool any = false;

    for (const struct cub_verify_scheme *const *s = cub_verify_schemes_of(e); *s != NULL; s++) {
        if (!allowed(*s))
            continue;
        wr_uint(w, 2, (*s)->id);
        any = true;
    }
    wr_close(w, list, 2);
    return any && e->config->profile->extras != NULL &&
           (e->config->flags & CUB_FLAG_DELEGATED_CREDENTIALS) && e->config->now != NULL;
}

/* What is signed is longer than there is room for: it is hashed window by window. */
static void hash_content(const struct cub_hash *hash, struct cub_view leaf,
                         const struct cub_delegated *dc, uint8_t *digest)
{
    struct cub_hash_context context;
    uint8_t window[128];
    struct wr w;

    cub_hash_init(hash, &context);
    wr_init(&w, window, sizeof window);
    do {
        size_t left;

        w.pos = 0;
        cub_delegated_content(&w, leaf, dc->cred, dc->algorithm);
        left = w.pos - w.skip;
        cub_hash_update(hash, &context, window, left < sizeof window ? left : sizeof window);
        w.skip += sizeof window;
    } while (w.skip < w.pos);
    cub_hash_output(hash, &context, digest);
}

/* A scheme without a hash of its own wants all in one piece, behind what waits in the assembly. */
static enum cub_error join(const struct cub_engine *e, struct cub_view leaf,
                           const struct cub_delegated *dc, struct cub_view *joined)
{
    const struct cub_assembly *a = &e->assembly;
    struct wr w;

    wr_init(&w, a->buffer + a->len, a->size - a->len);
    cub_delegated_content(&w, leaf, dc->cred, dc->algorithm);
    *joined = (struct cub_view){w.buffer, w.pos};
    return wr_overflow(&w) ? E_MESSAGE_BUFFER : E_OK;
}

/* By the certificate's key. */
static enum cub_error verify(const struct cub_engine *e, const struct cub_verify_scheme *scheme,
                             const struct cub_cert *leaf, const struct cub_delegated *dc)
{
    struct cub_view covered;
    uint8_t digest[CUB_HASH_MAX_SIZE];
    enum cub_error err = E_OK;

    if (scheme->hash != NULL) {
        hash_content(scheme->hash, leaf->der, dc, digest);
        covered = (struct cub_view){digest, scheme->hash->size};
    } else {
        err = join(e, leaf->der, dc, &covered);
    }
    if (err != E_OK)
        return err;
    return scheme->verify(scheme, &leaf->key, covered.data, covered.len, dc->signature.data,
                          dc->signature.len) == E_OK
               ? E_OK
               : E_DC_SIGNATURE;
}

/* What must hold of a credential, but for the certificate itself [RFC9345-4.1.3]. */
static enum cub_error check(const struct cub_engine *e, const struct cub_cert *leaf,
                            const struct cub_delegated *dc)
{
    const struct cub_verify_scheme *scheme = cub_find_verify_scheme(e, dc->algorithm);
    int64_t now = (int64_t)(e->config->now(e->owner) / 1000);

    if (!allowed(cub_find_verify_scheme(e, cub_delegated_scheme(dc))))
        return E_DC_ALGORITHM;
    /* The signature is no certificate's, so it is not by what is for those alone. */
    if (scheme == NULL || scheme->use != CUB_USE_ALL || scheme->key_type != leaf->key.type)
        return E_DC_ALGORITHM;
    if (!cub_cert_may_delegate(leaf))
        return E_DC_USAGE;
    return cub_delegated_is_timely(dc, leaf, now) ? verify(e, scheme, leaf, dc) : E_DC_TIME;
}

enum cub_error cub_take_delegated(struct cub_engine *e, struct cub_view certificate,
                                  struct cub_view body)
{
    struct cub_handshake *hs = e->hs;
    uint8_t *place = hs->private_value[0]; /* our key shares are used */
    struct cub_delegated dc;
    struct cub_cert leaf;
    struct cub_public_key key;
    enum cub_error err;

    if (!cub_delegated_decode(body, &dc))
        return E_DC_FORM;
    err = cub_cert_parse(&leaf, certificate.data, certificate.len);
    if (err == E_OK)
        err = check(e, &leaf, &dc);
    if (err == E_OK && cub_public_key_decode(&key, dc.spki.data, dc.spki.len) != E_OK)
        err = E_DC_KEY;
    if (err == E_OK && dc.spki.len > (size_t)(e->assembly.buffer - place))
        err = E_RAW_KEY_TOO_LONG;
    if (err != E_OK)
        return err;
    memcpy(place, dc.spki.data, dc.spki.len);
    hs->delegated = (struct cub_view){place, dc.spki.len};
    hs->delegated_scheme = cub_delegated_scheme(&dc);
    return E_OK;
}

bool cub_is_delegated(const struct cub_engine *e)
{
    return e->hs->delegated_scheme != 0;
}

/* The certificate is verified as ever; then its key is replaced. */
enum cub_error cub_verify_delegated(struct cub_engine *e)
{
    enum cub_error err = cub_verify_chain(e);

    return err == E_OK ? cub_public_key_decode(&e->hs->peer_key, e->hs->delegated.data,
                                               e->hs->delegated.len)
                       : err;
}

enum cub_error cub_recv_delegated_verify(struct cub_engine *e)
{
    const struct rd *r = &e->message.body;

    if (r->end - r->p >= 2 && cub_load_be16(r->p) != e->hs->delegated_scheme)
        return E_DC_VERIFY;
    return cub_recv_certificate_verify(e);
}
