#include "handshake/server_hello.h"

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/messages.h"

const uint8_t cub_hello_retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

bool cub_is_hello_retry(const uint8_t *body, size_t len)
{
    return len >= 34 && memcmp(body + 2, cub_hello_retry_random, 32) == 0;
}

/* selected_version decides which extensions are legal at all, so it is looked for before them;
 * false: what there is is malformed. */
static bool find_version(struct cub_server_hello *hello)
{
    struct rd block;

    hello->version = hello->legacy_version;
    rd_init(&block, hello->extensions.data, hello->extensions.len);
    while (rd_more(&block)) {
        uint16_t type = rd_u16(&block);
        struct cub_view body = rd_view(&block, 2, 0, 0xffff);

        if (type != 0x002b)
            continue;
        if (body.len != 2)
            return false;
        hello->version_selected = true;
        hello->version = (uint16_t)cub_load_be16(body.data);
    }
    return !block.bad;
}

enum cub_error cub_server_hello_fields(struct rd *r, struct cub_server_hello *hello)
{
    hello->legacy_version = rd_u16(r);
    hello->random = rd_bytes(r, 32);
    hello->legacy_session_id_echo = rd_view(r, 1, 0, 32);
    hello->cipher_suite = rd_u16(r);
    hello->legacy_compression_method = rd_u8(r);
    hello->extensions.len = 0;
    /* Before TLS 1.3 there may be none [RFC5246-7.4.1.3]. */
    if (rd_more(r))
        hello->extensions = rd_view(r, 2, 0, 0xffff);
    return rd_done(r) ? E_OK : E_DECODE_SERVER_HELLO;
}

enum cub_error cub_server_hello_decode(struct rd *r, struct cub_server_hello *hello)
{
    enum cub_error err;

    memset(hello, 0, sizeof *hello);
    err = cub_server_hello_fields(r, hello);
    return err != E_OK || find_version(hello) ? err : E_DECODE_SERVER_HELLO;
}

static void read_extension(void *out, unsigned extension, struct rd *r)
{
    struct cub_server_hello *hello = out;

    switch (extension) {
    case EXT_SUPPORTED_VERSIONS:
        rd_u16(r);
        break;
    case EXT_KEY_SHARE:
        if (hello->is_retry)
            hello->selected_group = rd_u16(r);
        else if (!cub_key_share_next(r, &hello->key_share))
            rd_fail(r);
        break;
    case EXT_COOKIE:
        hello->cookie = rd_view(r, 2, 1, 0xffff);
        break;
    case EXT_PRE_SHARED_KEY:
        hello->selected_identity = rd_u16(r);
        break;
    default:
        rd_rest(r);
    }
}

enum cub_error cub_server_hello_extensions(struct cub_server_hello *hello, uint8_t place,
                                           uint32_t offered)
{
    struct cub_extensions extensions = {read_extension, hello, offered, place, 0, 0};
    struct rd r;
    enum cub_error err;

    hello->is_retry = place == IN_HRR;
    rd_init(&r, hello->extensions.data, hello->extensions.len);
    err = cub_extensions_read(&r, &extensions);
    if (err != E_OK)
        return err;
    hello->present = extensions.present;
    return rd_done(&r) ? E_OK : E_DECODE_SERVER_HELLO;
}

void cub_server_hello_encode(struct wr *w, const struct cub_server_hello *hello, uint8_t place)
{
    size_t message = cub_message_open(w, CUB_SERVER_HELLO);
    size_t block, body;

    wr_uint(w, 2, hello->legacy_version);
    wr_bytes(w, place == IN_HRR ? cub_hello_retry_random : hello->random, 32);
    wr_view(w, 1, hello->legacy_session_id_echo);
    wr_uint(w, 2, hello->cipher_suite);
    wr_uint(w, 1, hello->legacy_compression_method);
    block = wr_open(w, 2);
    /* The order of RFC 8448: pre_shared_key, key_share, cookie, supported_versions. */
    if (hello->present & EXT_BIT(EXT_PRE_SHARED_KEY)) {
        body = cub_extension_open(w, EXT_PRE_SHARED_KEY);
        wr_uint(w, 2, hello->selected_identity);
        wr_close(w, body, 2);
    }
    if (hello->present & EXT_BIT(EXT_KEY_SHARE)) {
        body = cub_extension_open(w, EXT_KEY_SHARE);
        if (place == IN_HRR)
            wr_uint(w, 2, hello->selected_group);
        else
            cub_key_share_put(w, hello->key_share.group, hello->key_share.key_exchange);
        wr_close(w, body, 2);
    }
    if (hello->present & EXT_BIT(EXT_COOKIE)) {
        body = cub_extension_open(w, EXT_COOKIE);
        wr_view(w, 2, hello->cookie);
        wr_close(w, body, 2);
    }
    body = cub_extension_open(w, EXT_SUPPORTED_VERSIONS);
    wr_uint(w, 2, hello->version);
    wr_close(w, body, 2);
    wr_close(w, block, 2);
    cub_message_close(w, message);
}
