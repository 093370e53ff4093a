#include "api/raw_key.h"

#include <string.h>

#include "api/conn.h"
#include "api/context.h"
#include "api/file.h"
#include "api/memory.h"
#include "crypto/hash.h"
#include "x509/cert.h"
#include "x509/der.h"
#include "x509/key.h"
#include "x509/pem.h"

/* The key of what is a key, or a certificate. */
static enum cub_error find_key(struct cub_view der, struct cub_bytes *key)
{
    struct cub_public_key decoded;
    struct cub_cert cert;
    enum cub_error error = cub_public_key_decode(&decoded, der.data, der.len);

    *key = (struct cub_bytes){der.data, der.len};
    if (error == E_OK || cub_cert_parse(&cert, der.data, der.len) != E_OK)
        return error;
    *key = (struct cub_bytes){cert.spki.data, cert.spki.len};
    return cert.key_error;
}

static bool is_key(const struct cub_pem_block *block)
{
    return cub_pem_is(block, "PUBLIC KEY") || cub_pem_is(block, "CERTIFICATE");
}

/* The blocks that may have one, and the memory that they need. */
static size_t count_blocks(const char *text, size_t len, size_t *room)
{
    struct cub_pem pem = {text, text + len};
    struct cub_pem_block block;
    size_t count = 0;

    *room = 0;
    while (cub_pem_next(&pem, &block) == E_OK) {
        if (!is_key(&block))
            continue;
        count++;
        *room += cub_pem_decoded_max(&block);
    }
    return count;
}

static enum cub_error read_pem(const char *text, size_t len, struct cub_bytes *keys, size_t count)
{
    struct cub_pem pem = {text, text + len};
    struct cub_pem_block block;
    uint8_t *at = (uint8_t *)(keys + count);
    enum cub_error error = E_OK;
    size_t size;

    while (error == E_OK && cub_pem_next(&pem, &block) == E_OK) {
        if (!is_key(&block))
            continue;
        error = cub_pem_decode(&block, at, cub_pem_decoded_max(&block), &size);
        if (error == E_OK)
            error = find_key((struct cub_view){at, size}, keys);
        at += cub_pem_decoded_max(&block);
        keys++;
    }
    return error;
}

static enum cub_error read_der(const uint8_t *der, size_t len, struct cub_bytes *key)
{
    uint8_t *copy = (uint8_t *)(key + 1);

    memcpy(copy, der, len);
    return find_key((struct cub_view){copy, len}, key);
}

enum cub_error cub_raw_keys_read(const void *text, size_t len, struct cub_bytes **keys,
                                 size_t *count)
{
    bool is_der = len > 0 && *(const uint8_t *)text == CUB_DER_SEQUENCE;
    size_t room = len;
    enum cub_error error;

    *count = is_der ? 1 : count_blocks(text, len, &room);
    *keys = *count ? cub_alloc(*count * sizeof **keys + room) : NULL;
    if (!*keys)
        return *count ? E_MEMORY : E_NO_RAW_KEY;
    error = is_der ? read_der(text, len, *keys) : read_pem(text, len, *keys, *count);
    if (error != E_OK) {
        cub_free(*keys);
        *keys = NULL;
        *count = 0;
    }
    return error;
}

/* Those that peers must have: hashes, as nothing else is needed of them. */

cub_result cub_context_load_peer_raw_keys_data(cub_context *context, const void *data, size_t len)
{
    struct cub_settings *s = cub_context_change(context);
    struct cub_bytes *keys;
    uint8_t(*larger)[32];
    size_t count;
    enum cub_error error;

    if (!s)
        return context->details.result;
    error = cub_raw_keys_read(data, len, &keys, &count);
    if (error != E_OK)
        return cub_context_fail(context, error);
    larger = cub_realloc(s->raw_keys, (s->raw_key_count + count) * sizeof *larger);
    if (larger) {
        s->raw_keys = larger;
        for (size_t i = 0; i < count; i++)
            cub_hash_once(&cub_sha256, keys[i].data, keys[i].len, larger[s->raw_key_count++]);
    }
    cub_free(keys);
    return larger ? cub_context_changed(context) : cub_context_fail(context, E_MEMORY);
}

cub_result cub_context_load_peer_raw_keys(cub_context *context, const char *file)
{
    struct cub_buffer text = {0};
    cub_result result = cub_file_read(file, &text, &context->details);

    if (result == CUB_OK)
        result = cub_context_load_peer_raw_keys_data(context, text.data, text.len);
    cub_buffer_free(&text);
    return result;
}

unsigned cub_context_get_peer_certificate_types(const cub_context *context)
{
    const struct cub_settings *s = context->settings;

    return cub_settings_peer_types(s);
}

cub_result cub_context_set_peer_certificate_types(cub_context *context, unsigned types)
{
    struct cub_settings *s = cub_context_change(context);

    if (!s)
        return context->details.result;
    if (types & ~(unsigned)(CUB_CERTIFICATE_TYPE_X509 | CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY))
        return cub_context_fail(context, E_CERTIFICATE_TYPES_VALUE);
    s->peer_types = (uint8_t)types;
    return cub_context_changed(context);
}

static bool is_known(const struct cub_settings *s, struct cub_view spki)
{
    uint8_t hash[32];

    cub_hash_once(&cub_sha256, spki.data, spki.len, hash);
    for (size_t i = 0; i < s->raw_key_count; i++)
        if (memcmp(s->raw_keys[i], hash, sizeof hash) == 0)
            return true;
    /* Who verifies nothing takes any, and can look at it afterwards. */
    return s->raw_key_count == 0 && s->verify_mode == CUB_CERT_NONE;
}

enum cub_error cub_conn_on_raw_key(void *owner, struct cub_view *spki)
{
    cub_conn *conn = owner;

    if (!is_known(conn->settings, *spki))
        return E_RAW_KEY_REFUSED;
    cub_conn_forget_peer(conn);
    if (!cub_peer_set_raw_key(&conn->peer, spki->data, spki->len))
        return E_MEMORY;
    spki->data = conn->peer.raw_key.data;
    return E_OK;
}

cub_result cub_conn_get_peer_raw_key(cub_conn *conn, struct cub_bytes *key)
{
    *key = conn->peer.raw_key;
    return cub_conn_fail(conn, E_OK);
}
