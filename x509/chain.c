#include "x509/chain.h"

#include <string.h>

#include "x509/cert.h"
#include "x509/check.h"
#include "x509/hostname.h"

/* What the verifiers differ in: what is not needed is not linked. */
struct cub_chain_kind {
    const struct cub_cert_reader *reader;
    /* Whether a supported key is strong enough; NULL: all that are supported are. */
    enum cub_error (*check_key)(const struct cub_chain *c, const struct cub_cert *cert, bool leaf);
    enum cub_error (*check_name)(const struct cub_cert *cert, const char *name);
};

static enum cub_error begin(struct cub_chain *c, const struct cub_verify_request *request,
                            const struct cub_chain_kind *kind)
{
    const size_t owners = offsetof(struct cub_chain, peer_is_server);

    memset((uint8_t *)c + owners, 0, sizeof *c - owners);
    c->kind = kind;
    c->server_name = request->server_name;
    c->peer_is_server = request->peer_is_server;
    if (c->config->now) /* a clock that fails, fails the chain */
        c->failed = c->config->now(c->config->now_context, &c->now);
    return c->failed;
}

/* Whether a name is that of the issuer who is wanted. */
static bool is_issuer(const struct cub_chain *c, const struct cub_view *name)
{
    uint8_t digest[32];

    cub_hash_once(&cub_sha256, name->data, name->len, digest);
    return memcmp(digest, c->issuer, sizeof digest) == 0;
}

enum place { LEAF, ISSUER, ANCHOR };

/* The rules for a certificate by itself, in its place. */
static enum cub_error check(const struct cub_chain *c, const struct cub_cert *cert,
                            enum place place)
{
    enum cub_error error = place != ANCHOR ? cub_check_form(cert) : E_OK;

    if (error == E_OK && place != LEAF && cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS))
        error = E_X509_CONSTRAINTS_UNSUPPORTED;
    if (error == E_OK)
        error = cub_check_critical(cert, CUB_CHECK_HANDLED);
    if (error == E_OK && c->config->now)
        error = cub_check_validity(cert, c->now);
    if (error == E_OK)
        error = cert->key_error;
    if (error == E_OK && c->kind->check_key)
        error = c->kind->check_key(c, cert, place == LEAF);
    if (error == E_OK)
        error = cub_check_purpose(cert, c->peer_is_server);
    if (error == E_OK && place != LEAF)
        error = cub_check_issuer(cert, c->below);
    return error;
}

/* Appends bytes to the buffer, as a part of the signature; true if they fit. */
static bool keep(struct cub_chain *c, struct cub_view *v)
{
    size_t used = (size_t)c->key_len + c->signature_len;

    if (v->len == 0)
        return true;
    if (v->len > c->buffer_size - used)
        return false;
    memcpy(c->buffer + used, v->data, v->len);
    v->data = c->buffer + used;
    c->signature_len = (uint16_t)(c->signature_len + v->len);
    return true;
}

/* Copies the leaf's key, which outlives the certificate. */
static enum cub_error keep_key(struct cub_chain *c, const struct cub_public_key *key)
{
    c->key = *key;
    if (!keep(c, &c->key.point) || !keep(c, &c->key.modulus) || !keep(c, &c->key.exponent))
        return E_X509_CHAIN_BUFFER;
    c->key_len = c->signature_len;
    return E_OK;
}

/* Keeps what the next issuer must confirm: digest and signature of a certificate. */
static enum cub_error keep_signature(struct cub_chain *c, const struct cub_cert *cert)
{
    struct cub_view signature = cert->signature;

    c->algorithm = cert->algorithm;
    c->hash = cub_scheme_hash(&c->config->schemes, &cert->algorithm);
    c->self_issued = cub_view_equal(cert->issuer, cert->subject);
    cub_hash_once(&cub_sha256, cert->issuer.data, cert->issuer.len, c->issuer);
    if (!c->hash)
        return E_X509_SIGNATURE_ALGORITHM;
    c->signature_len = 0;
    if (!keep(c, &signature))
        return E_X509_CHAIN_BUFFER;
    cub_hash_once(c->hash, cert->tbs.data, cert->tbs.len, c->digest);
    return E_OK;
}

/* Whether a key made the pending signature. */
static enum cub_error verify_with(const struct cub_chain *c, const struct cub_public_key *key)
{
    const struct cub_verify_scheme *scheme =
        cub_scheme_find(&c->config->schemes, &c->algorithm, key->type);

    if (!scheme)
        return E_X509_ALGORITHM_KEY_MISMATCH;
    if (scheme->verify(scheme, key, c->digest, c->hash->size, c->buffer + c->key_len,
                       c->signature_len) != E_OK)
        return E_X509_SIGNATURE;
    return E_OK;
}

/* The key of an anchor that bears the name that the pending signature wants. Not inlined, and so is
 * take_certificate: a certificate's memory is free again when signatures are verified. */
static __attribute__((noinline)) enum cub_error key_of_anchor(const struct cub_chain *c,
                                                              const struct cub_anchor *anchor,
                                                              struct cub_public_key *key)
{
    struct cub_cert cert;
    enum cub_error error;

    if (!anchor->certificate.len) {
        *key = anchor->key;
        return is_issuer(c, &anchor->subject) ? E_OK : E_X509_NO_ISSUER;
    }
    error = cub_cert_read(&cert, c->kind->reader, anchor->certificate);
    if (error != E_OK)
        return error;
    *key = cert.key;
    return is_issuer(c, &cert.subject) ? check(c, &cert, ANCHOR) : E_X509_NO_ISSUER;
}

static enum cub_error try_anchor(const struct cub_chain *c, const struct cub_anchor *anchor)
{
    struct cub_public_key key;
    enum cub_error error = key_of_anchor(c, anchor, &key);

    return error == E_OK ? verify_with(c, &key) : error;
}

/* Looks for the anchor that made the pending signature. */
static void try_anchors(struct cub_chain *c)
{
    for (size_t i = 0; i < c->config->anchor_count && !c->trusted; i++) {
        enum cub_error error = try_anchor(c, &c->config->anchors[i]);
        if (error == E_OK)
            c->trusted = 1;
        else if (error != E_X509_NO_ISSUER)
            c->hint = error;
    }
}

/* Whether the leaf itself is an anchor. */
static bool is_anchor(const struct cub_chain *c, const struct cub_cert *leaf)
{
    for (size_t i = 0; i < c->config->anchor_count; i++)
        if (cub_view_equal(c->config->anchors[i].certificate, leaf->der))
            return true;
    return false;
}

static enum cub_error take_leaf(struct cub_chain *c, const struct cub_cert *cert)
{
    enum cub_error error = check(c, cert, LEAF);

    if (error == E_OK && c->server_name)
        error = c->kind->check_name(cert, c->server_name);
    if (error == E_OK)
        error = keep_key(c, &cert->key);
    if (error != E_OK)
        return error;
    c->key_usage = cub_cert_has(cert, CUB_EXT_KEY_USAGE) ? cert->key_usage : UINT16_MAX;
    if (is_anchor(c, cert)) {
        c->trusted = 1;
        return E_OK;
    }
    return keep_signature(c, cert);
}

/* A certificate after the leaf: the issuer that is wanted, or a stranger that is passed over. */
static enum cub_error take_issuer(struct cub_chain *c, const struct cub_cert *cert)
{
    enum cub_error error;

    if (!is_issuer(c, &cert->subject))
        return E_OK;
    error = check(c, cert, ISSUER);
    if (error == E_OK)
        error = verify_with(c, &cert->key);
    if (error == E_OK && c->linked == CUB_CHAIN_MAX_DEPTH)
        error = E_X509_CHAIN_TOO_LONG;
    if (error != E_OK) {
        c->hint = error;
        return E_OK;
    }
    c->hint = E_OK;
    c->linked++;
    error = keep_signature(c, cert);
    c->below = (uint8_t)(c->below + !c->self_issued);
    return error;
}

static __attribute__((noinline)) enum cub_error take_certificate(struct cub_chain *c,
                                                                 struct cub_view der)
{
    struct cub_cert cert;
    enum cub_error error = cub_cert_read(&cert, c->kind->reader, der);

    if (error == E_OK)
        error = c->seen++ ? take_issuer(c, &cert) : take_leaf(c, &cert);
    return error;
}

static enum cub_error take(struct cub_chain *c, struct cub_view der)
{
    enum cub_error error;

    if (c->trusted)
        return E_OK;
    if (c->seen == CUB_CHAIN_MAX_LIST)
        return E_X509_CHAIN_TOO_LONG;
    error = take_certificate(c, der);
    if (error == E_OK && !c->trusted)
        try_anchors(c);
    return error;
}

static enum cub_error certificate(void *context, const uint8_t *der, size_t len)
{
    struct cub_chain *c = context;

    if (c->failed == E_OK)
        c->failed = take(c, (struct cub_view){der, len});
    return c->failed;
}

/* Why no anchor was reached. */
static enum cub_error untrusted(const struct cub_chain *c)
{
    if (c->self_issued)
        return c->linked ? E_X509_SELF_SIGNED_IN_CHAIN : E_X509_SELF_SIGNED_LEAF;
    return c->hint != E_OK ? c->hint : E_X509_NO_ISSUER;
}

static enum cub_error finish(void *context, unsigned usage, struct cub_public_key *key)
{
    struct cub_chain *c = context;

    if (c->failed != E_OK)
        return c->failed;
    if (!c->trusted)
        return untrusted(c);
    if (usage & ~(unsigned)c->key_usage)
        return usage & CUB_KU_DIGITAL_SIGNATURE ? E_X509_NO_DIGITAL_SIGNATURE : E_X509_KEY_USAGE;
    *key = c->key;
    return E_OK;
}

static enum cub_error check_rsa_key(const struct cub_chain *c, const struct cub_cert *cert,
                                    bool leaf)
{
    return cub_check_key(cert, leaf, c->config->min_rsa_bits ? c->config->min_rsa_bits : 2048);
}

static enum cub_error start_any(void *context, const struct cub_verify_request *request)
{
    static const struct cub_chain_kind any = {&cub_cert_any, check_rsa_key, cub_hostname_check};

    return begin(context, request, &any);
}

static enum cub_error start_ecdsa(void *context, const struct cub_verify_request *request)
{
    static const struct cub_chain_kind ecdsa = {&cub_cert_ecdsa, NULL, cub_dns_name_check};

    return begin(context, request, &ecdsa);
}

const struct cub_verifier cub_chain_verifier = {start_any, certificate, NULL, finish};
const struct cub_verifier cub_chain_verifier_ecdsa = {start_ecdsa, certificate, NULL, finish};
