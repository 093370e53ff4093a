#include "x509/chain.h"

#include <string.h>

#include "x509/cert.h"
#include "x509/check.h"
#include "x509/hostname.h"

/* What the verifiers differ in: what is not needed is not linked. */
struct cub_chain_kind {
    const struct cub_cert_reader *reader;
    enum cub_error (*check_key)(const struct cub_cert *cert, bool leaf, unsigned min_rsa_bits);
    enum cub_error (*check_name)(const struct cub_cert *cert, const char *name);
};

static enum cub_error begin(struct cub_chain *c, const struct cub_verify_request *request,
                            const struct cub_chain_kind *kind)
{
    *c = (struct cub_chain){
        .config = c->config,
        .buffer = c->buffer,
        .buffer_size = c->buffer_size,
        .kind = kind,
        .server_name = request->server_name,
        .peer_is_server = request->peer_is_server,
    };
    if (c->config->now) /* a clock that fails, fails the chain */
        c->failed = c->config->now(c->config->now_context, &c->now);
    return c->failed;
}

/* The rules for every certificate, whatever its place. */
static enum cub_error check_any(const struct cub_chain *c, const struct cub_cert *cert, bool leaf)
{
    unsigned min_rsa_bits = c->config->min_rsa_bits ? c->config->min_rsa_bits : 2048;
    enum cub_error error = cub_check_critical(cert, CUB_CHECK_HANDLED);

    if (error == E_OK && c->config->now)
        error = cub_check_validity(cert, c->now);
    if (error == E_OK)
        error = c->kind->check_key(cert, leaf, min_rsa_bits);
    if (error == E_OK)
        error = cub_check_purpose(cert, c->peer_is_server);
    return error;
}

static bool self_issued(const struct cub_cert *cert)
{
    return cub_view_equal(cert->issuer, cert->subject);
}

/* Whether a name is that of the issuer who is wanted. */
static bool is_issuer(const struct cub_chain *c, struct cub_view name)
{
    uint8_t digest[32];

    cub_hash_once(&cub_sha256, name.data, name.len, digest);
    return memcmp(digest, c->issuer, sizeof digest) == 0;
}

/* The same for a CA certificate, be it in the chain or an anchor. */
static enum cub_error check_authority(const struct cub_chain *c, const struct cub_cert *cert)
{
    enum cub_error error;

    if (cub_cert_has(cert, CUB_EXT_NAME_CONSTRAINTS))
        return E_X509_CONSTRAINTS_UNSUPPORTED;
    error = check_any(c, cert, false);
    return error == E_OK ? cub_check_issuer(cert, c->below) : error;
}

/* Appends bytes to the buffer behind used ones. */
static bool store(struct cub_chain *c, size_t used, struct cub_view *v)
{
    if (v->len > c->buffer_size - used)
        return false;
    memcpy(c->buffer + used, v->data, v->len);
    v->data = c->buffer + used;
    return true;
}

/* Copies the leaf's key, which outlives the certificate. */
static enum cub_error keep_key(struct cub_chain *c, const struct cub_public_key *key)
{
    struct cub_view *parts[] = {&c->key.point, &c->key.modulus, &c->key.exponent};

    c->key = *key;
    for (size_t i = 0; i < 3; i++) {
        if (parts[i]->len && !store(c, c->key_len, parts[i]))
            return E_X509_CHAIN_BUFFER;
        c->key_len = (uint16_t)(c->key_len + parts[i]->len);
    }
    return E_OK;
}

/* Keeps what the next issuer must confirm: digest and signature of a certificate. */
static enum cub_error keep_signature(struct cub_chain *c, const struct cub_cert *cert)
{
    struct cub_view signature = cert->signature;

    c->algorithm = cert->algorithm;
    c->hash = cub_scheme_hash(&c->config->schemes, &cert->algorithm);
    c->self_issued = self_issued(cert);
    cub_hash_once(&cub_sha256, cert->issuer.data, cert->issuer.len, c->issuer);
    if (!c->hash)
        return E_X509_SIGNATURE_ALGORITHM;
    if (signature.len && !store(c, c->key_len, &signature))
        return E_X509_CHAIN_BUFFER;
    c->signature_len = (uint16_t)signature.len;
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

/* An anchor as name and key; cert is where its certificate is parsed to, if it has one. */
static enum cub_error open_anchor(const struct cub_chain *c, const struct cub_anchor *anchor,
                                  struct cub_cert *cert)
{
    if (anchor->certificate.len)
        return cub_cert_read(cert, c->kind->reader, anchor->certificate);
    *cert = (struct cub_cert){.subject = anchor->subject, .key = anchor->key};
    return E_OK;
}

/* The key of an anchor that bears the name that the pending signature wants. Not inlined, and so is
 * take_certificate: a certificate's memory is free again when signatures are verified. */
static __attribute__((noinline)) enum cub_error key_of_anchor(const struct cub_chain *c,
                                                              const struct cub_anchor *anchor,
                                                              struct cub_public_key *key)
{
    struct cub_cert cert;
    enum cub_error error = open_anchor(c, anchor, &cert);

    if (error != E_OK)
        return error;
    *key = cert.key;
    if (!is_issuer(c, cert.subject))
        return E_X509_NO_ISSUER;
    return anchor->certificate.len ? check_authority(c, &cert) : E_OK;
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
    enum cub_error error = cub_check_form(cert);

    if (error == E_OK)
        error = check_any(c, cert, true);
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

    if (!is_issuer(c, cert->subject))
        return E_OK;
    error = cub_check_form(cert);
    if (error == E_OK)
        error = check_authority(c, cert);
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
    c->below = (uint8_t)(c->below + !self_issued(cert));
    return keep_signature(c, cert);
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

static enum cub_error start_any(void *context, const struct cub_verify_request *request)
{
    static const struct cub_chain_kind any = {&cub_cert_any, cub_check_key, cub_hostname_check};

    return begin(context, request, &any);
}

/* All curves that there are here are strong enough. */
static enum cub_error check_ec_key(const struct cub_cert *cert, bool leaf, unsigned min_rsa_bits)
{
    (void)leaf;
    (void)min_rsa_bits;
    return cert->key_error;
}

static enum cub_error start_ecdsa(void *context, const struct cub_verify_request *request)
{
    static const struct cub_chain_kind ecdsa = {&cub_cert_ecdsa, check_ec_key, cub_dns_name_check};

    return begin(context, request, &ecdsa);
}

const struct cub_verifier cub_chain_verifier = {start_any, certificate, NULL, finish};
const struct cub_verifier cub_chain_verifier_ecdsa = {start_ecdsa, certificate, NULL, finish};
