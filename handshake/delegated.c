/*
 * Delegated credentials [RFC9345] as a client of TLS 1.3 verifies them: a key for CertificateVerify
 * that the key of the server's certificate has signed, for some days.
 *
 *     struct {
 *         uint32 valid_time;
 *         SignatureScheme dc_cert_verify_algorithm;
 *         opaque ASN1_subjectPublicKeyInfo<1..2^24-1>;
 *     } Credential;
 *
 *     struct {
 *         Credential cred;
 *         SignatureScheme algorithm;
 *         opaque signature<1..2^16-1>;
 *     } DelegatedCredential;
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "handshake/offers.h"
#include "x509/delegation.h"
#include "x509/key.h"

#define MAX_VALIDITY 604800 /* seconds: 7 days [RFC9345-4.1.3] */

struct delegated {
    struct cub_view cred; /* as it is signed */
    uint32_t valid_time;
    uint16_t dc_cert_verify_algorithm;
    struct cub_view spki;
    uint16_t algorithm;
    struct cub_view signature;
};

/* rsa_pss_rsae_* are not for them [RFC9345-4.1.1]. */
static bool allowed(const struct cub_verify_scheme *scheme)
{
    return scheme != NULL && scheme->use == CUB_USE_ALL &&
           (scheme->id < 0x0804 || scheme->id > 0x0806);
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

static bool read(struct cub_view body, struct delegated *dc)
{
    struct rd r;

    rd_init(&r, body.data, body.len);
    dc->valid_time = rd_u32(&r);
    dc->dc_cert_verify_algorithm = rd_u16(&r);
    dc->spki = rd_view(&r, 3, 1, 0xffffff);
    dc->cred = (struct cub_view){body.data, body.len - (size_t)(r.end - r.p)};
    dc->algorithm = rd_u16(&r);
    dc->signature = rd_view(&r, 2, 1, 0xffff);
    return rd_done(&r);
}

/* Not over, and not for longer than allowed; times in seconds since 1970. */
static bool is_timely(const struct cub_engine *e, const struct cub_cert *leaf,
                      const struct delegated *dc)
{
    int64_t now = (int64_t)(e->config->now(e->owner) / 1000);
    int64_t end = leaf->not_before + dc->valid_time;

    return now <= end && end - now <= MAX_VALIDITY;
}

/* What is signed: the certificate, the credential and the algorithm, behind a text that nothing
 * else begins with. */
#define PARTS 5

static void set_parts(struct cub_view parts[PARTS], const uint8_t *spaces, const uint8_t *algorithm,
                      const struct cub_cert *leaf, const struct delegated *dc)
{
    static const char context[] = "TLS, server delegated credentials"; /* and its 0 */

    parts[0] = (struct cub_view){spaces, 64};
    parts[1] = (struct cub_view){(const uint8_t *)context, sizeof context};
    parts[2] = leaf->der;
    parts[3] = dc->cred;
    parts[4] = (struct cub_view){algorithm, 2};
}

/* A scheme without a hash of its own wants all in one piece, behind what waits in the assembly. */
static enum cub_error join(const struct cub_engine *e, const struct cub_view parts[PARTS],
                           struct cub_view *joined)
{
    const struct cub_assembly *a = &e->assembly;
    struct wr w;

    wr_init(&w, a->buffer + a->len, a->size - a->len);
    for (unsigned i = 0; i < PARTS; i++)
        wr_bytes(&w, parts[i].data, parts[i].len);
    *joined = (struct cub_view){w.buffer, w.pos};
    return wr_overflow(&w) ? E_MESSAGE_BUFFER : E_OK;
}

/* By the certificate's key. */
static enum cub_error verify(const struct cub_engine *e, const struct cub_verify_scheme *scheme,
                             const struct cub_cert *leaf, const struct delegated *dc)
{
    struct cub_view parts[PARTS], covered;
    struct cub_hash_context hash;
    uint8_t digest[CUB_HASH_MAX_SIZE], spaces[64], algorithm[2];
    enum cub_error err = E_OK;

    memset(spaces, ' ', sizeof spaces);
    cub_store_be16(algorithm, dc->algorithm);
    set_parts(parts, spaces, algorithm, leaf, dc);
    if (scheme->hash != NULL) {
        cub_hash_init(scheme->hash, &hash);
        for (unsigned i = 0; i < PARTS; i++)
            cub_hash_update(scheme->hash, &hash, parts[i].data, parts[i].len);
        cub_hash_output(scheme->hash, &hash, digest);
        covered = (struct cub_view){digest, scheme->hash->size};
    } else {
        err = join(e, parts, &covered);
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
                            const struct delegated *dc)
{
    const struct cub_verify_scheme *scheme = cub_find_verify_scheme(e, dc->algorithm);

    if (!allowed(cub_find_verify_scheme(e, dc->dc_cert_verify_algorithm)))
        return E_DC_ALGORITHM;
    /* The signature is no certificate's, so it is not by what is for those alone. */
    if (scheme == NULL || scheme->use != CUB_USE_ALL || scheme->key_type != leaf->key.type)
        return E_DC_ALGORITHM;
    if (!cub_cert_may_delegate(leaf))
        return E_DC_USAGE;
    return is_timely(e, leaf, dc) ? verify(e, scheme, leaf, dc) : E_DC_TIME;
}

enum cub_error cub_take_delegated(struct cub_engine *e, struct cub_view certificate,
                                  struct cub_view body)
{
    struct cub_handshake *hs = e->hs;
    uint8_t *place = hs->private_value[0]; /* our key shares are used */
    struct delegated dc;
    struct cub_cert leaf;
    struct cub_public_key key;
    enum cub_error err;

    if (!read(body, &dc))
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
    hs->delegated_scheme = dc.dc_cert_verify_algorithm;
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
