/*
 * Delegated credentials [RFC9345]: a certificate's key says that another key may stand for it, for
 * some days. Servers load what was said, and whoever has the certificate's key says it.
 */
#include "api/delegated.h"

#include <string.h>
#include <time.h>

#include "api/context.h"
#include "api/entropy.h"
#include "api/file.h"
#include "api/memory.h"
#include "api/raw_key.h"
#include "crypto/bytes.h"
#include "handshake/delegated.h"
#include "x509/delegation.h"
#include "x509/key.h"
#include "x509/pem.h"

#define LABEL "DELEGATED CREDENTIAL"

static enum cub_error copy(const void *bytes, size_t len, struct cub_view *out)
{
    out->data = cub_memdup(bytes, len);
    out->len = len;
    return out->data ? E_OK : E_MEMORY;
}

enum cub_error cub_delegated_read(const void *text, size_t len, struct cub_view *delegated)
{
    struct cub_pem pem = {text, (const char *)text + len};
    struct cub_pem_block block;
    struct cub_delegated dc;
    uint8_t *out;
    enum cub_error error;

    *delegated = (struct cub_view){NULL, 0};
    if (cub_delegated_decode((struct cub_view){text, len}, &dc))
        return copy(text, len, delegated);
    do
        error = cub_pem_next(&pem, &block);
    while (error == E_OK && !cub_pem_is(&block, LABEL));
    if (error != E_OK)
        return error == E_PEM_NO_START_LINE ? E_NO_DELEGATED : error;
    out = cub_alloc(cub_pem_decoded_max(&block) + 1);
    if (!out)
        return E_MEMORY;
    delegated->data = out;
    error = cub_pem_decode(&block, out, cub_pem_decoded_max(&block), &delegated->len);
    return error;
}

/* The text that is signed; NULL: out of memory. */
static uint8_t *content_of(struct cub_view leaf, struct cub_view cred, uint16_t algorithm,
                           size_t *len)
{
    uint8_t *content;
    struct wr w;

    wr_init(&w, NULL, 0);
    cub_delegated_content(&w, leaf, cred, algorithm);
    *len = w.pos;
    content = cub_alloc(w.pos);
    wr_init(&w, content, content ? *len : 0);
    cub_delegated_content(&w, leaf, cred, algorithm);
    return content;
}

static const struct cub_verify_scheme *find_verifier(uint16_t id)
{
    const struct cub_verify_scheme *const *v = cub_profile_all.verify_schemes;

    while (*v && (*v)->id != id)
        v++;
    return *v && (*v)->use == CUB_USE_ALL ? *v : NULL;
}

static enum cub_error check_signature(const struct cub_cert *leaf, const struct cub_delegated *dc)
{
    const struct cub_verify_scheme *scheme = find_verifier(dc->algorithm);
    enum cub_error error;
    uint8_t *content;
    size_t len;

    if (!scheme || scheme->key_type != leaf->key.type)
        return E_DELEGATED_SCHEME;
    content = content_of(leaf->der, dc->cred, dc->algorithm, &len);
    if (!content)
        return E_MEMORY;
    error =
        cub_verify_message(scheme, &leaf->key, content, len, dc->signature.data, dc->signature.len);
    cub_free(content);
    return error == E_OK ? E_OK : E_DC_SIGNATURE;
}

enum cub_error cub_delegated_check(struct cub_view delegated, struct cub_view leaf,
                                   struct cub_public_key *key)
{
    const struct cub_verify_scheme *scheme;
    struct cub_delegated dc;
    struct cub_cert cert;
    enum cub_error error = cub_cert_parse(&cert, leaf.data, leaf.len);

    if (error == E_OK && !cub_delegated_decode(delegated, &dc))
        error = E_DC_FORM;
    if (error == E_OK && !cub_cert_may_delegate(&cert))
        error = E_DC_USAGE;
    if (error == E_OK && !cub_delegated_is_timely(&dc, &cert, (int64_t)time(NULL)))
        error = E_DC_TIME;
    if (error == E_OK)
        error = check_signature(&cert, &dc);
    if (error == E_OK && cub_public_key_decode(key, dc.spki.data, dc.spki.len) != E_OK)
        error = E_DC_KEY;
    if (error != E_OK)
        return error;
    scheme = find_verifier(cub_delegated_scheme(&dc));
    return scheme && scheme->key_type == key->type && cub_delegated_allows(scheme->id)
               ? E_OK
               : E_DELEGATED_SCHEME;
}

/* To say so. */

/* The first scheme for a key, of TLS 1.3; 0: none. */
static const struct cub_sign_scheme *find_signer(uint8_t key_type)
{
    const struct cub_sign_scheme *const *s = cub_profile_full.sign_schemes;

    while (*s && ((*s)->key_type != key_type || (*s)->use != CUB_USE_ALL))
        s++;
    return *s;
}

/* The first certificate of the context's that may delegate. */
static const struct cub_credential *find_delegator(const struct cub_settings *s,
                                                   struct cub_cert *leaf)
{
    for (size_t i = 0; i < s->identity_count; i++) {
        const struct cub_credential *credential = cub_identity_credential(s->identities[i]);

        if (!credential->is_raw && !credential->stapled &&
            cub_cert_parse(leaf, credential->chain[0].data, credential->chain[0].len) == E_OK &&
            cub_cert_may_delegate(leaf))
            return credential;
    }
    return NULL;
}

/* By the key, which may live elsewhere. */
static enum cub_error sign(const struct cub_credential *credential,
                           const struct cub_sign_scheme *scheme, const uint8_t *content, size_t len,
                           uint8_t *signature, size_t *signature_len)
{
    if (credential->sign)
        return credential->sign(credential->sign_context, scheme->id, content, len, signature,
                                signature_len);
    return cub_sign_message(scheme, credential->key, &cub_system_random, content, len, signature,
                            signature_len);
}

/* Seconds from notBefore to so many from now: at most a week, and as long as the certificate
 * [RFC9345-3]. */
static enum cub_error choose_validity(const struct cub_cert *leaf, uint32_t seconds,
                                      uint32_t *valid_time)
{
    int64_t end = (int64_t)time(NULL) + seconds;
    int64_t length = end - leaf->not_before;

    if (seconds == 0 || seconds > CUB_DELEGATED_MAX_VALIDITY || end > leaf->not_after ||
        length < 0 || length > UINT32_MAX)
        return E_DELEGATED_VALIDITY;
    *valid_time = (uint32_t)length;
    return E_OK;
}

/* The credential for a key, but for its signature. */
static enum cub_error put_credential(struct wr *w, struct cub_bytes spki, uint32_t valid_time)
{
    const struct cub_sign_scheme *scheme;
    struct cub_public_key key;
    enum cub_error error = cub_public_key_decode(&key, spki.data, spki.len);

    if (error != E_OK)
        return error;
    scheme = find_signer(key.type);
    if (!scheme || !cub_delegated_allows(scheme->id))
        return E_DELEGATED_SCHEME;
    wr_uint(w, 4, valid_time);
    wr_uint(w, 2, scheme->id);
    wr_view(w, 3, (struct cub_view){spki.data, spki.len});
    return E_OK;
}

static enum cub_error put_signature(struct wr *w, const struct cub_credential *credential)
{
    const struct cub_sign_scheme *scheme = find_signer(credential->key->type);
    struct cub_view signature, cred = {w->buffer, w->pos};
    uint8_t bytes[CUB_SIGNATURE_MAX_SIZE], *content;
    enum cub_error error;
    size_t len;

    if (!scheme)
        return E_DELEGATED_SCHEME;
    content = content_of(credential->chain[0], cred, scheme->id, &len);
    if (!content)
        return E_MEMORY;
    signature.data = bytes;
    error = sign(credential, scheme, content, len, bytes, &signature.len);
    cub_free(content);
    if (error != E_OK)
        return error;
    wr_uint(w, 2, scheme->id);
    wr_view(w, 2, signature);
    return E_OK;
}

cub_result cub_context_delegate(cub_context *context, const void *public_key, size_t len,
                                uint32_t seconds, struct cub_delegated_credential *out)
{
    const struct cub_credential *credential;
    struct cub_bytes *keys;
    struct cub_cert leaf;
    uint32_t valid_time;
    enum cub_error error;
    size_t count;
    struct wr w;

    out->len = 0;
    if (cub_context_failed(context))
        return context->details.result;
    credential = find_delegator(context->settings, &leaf);
    if (!credential)
        return cub_context_fail(context, E_DC_USAGE);
    error = choose_validity(&leaf, seconds, &valid_time);
    if (error == E_OK)
        error = cub_raw_keys_read(public_key, len, &keys, &count);
    if (error != E_OK)
        return cub_context_fail(context, error);
    wr_init(&w, out->bytes, sizeof out->bytes);
    error = put_credential(&w, keys[0], valid_time);
    cub_free(keys);
    if (error == E_OK && wr_overflow(&w))
        error = E_BUFFER_VALUE;
    if (error == E_OK)
        error = put_signature(&w, credential);
    if (error == E_OK && wr_overflow(&w))
        error = E_BUFFER_VALUE;
    if (error == E_OK)
        out->len = w.pos;
    return cub_context_fail(context, error);
}
