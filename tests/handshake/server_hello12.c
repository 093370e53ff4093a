#include "tests/handshake/server_hello12.h"

#include <string.h>

#include "handshake/messages.h"

static void read_extension(void *context, unsigned extension, struct rd *r)
{
    struct server_hello12 *out = context;

    switch (extension) {
    case EXT_ALPN:
        out->alpn = cub_extension_protocol(r);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        out->record_size_limit = rd_u16(r);
        break;
    case EXT_MAX_FRAGMENT_LENGTH:
        out->max_fragment_length = rd_u8(r);
        break;
    case EXT_RENEGOTIATION_INFO:
        out->renegotiated_connection = rd_view(r, 1, 0, 255);
        break;
    case EXT_EC_POINT_FORMATS:
        out->ec_point_formats = rd_view(r, 1, 1, 255);
        break;
    case EXT_SIGNED_CERTIFICATE_TIMESTAMP:
        out->scts = rd_rest(r);
        break;
    case EXT_SUPPORTED_GROUPS: /* servers send it, though it is not for them */
    case EXT_CLIENT_CERTIFICATE_TYPE:
    case EXT_SERVER_CERTIFICATE_TYPE:
        rd_rest(r);
        break;
    default:
        break; /* the others are empty */
    }
}

enum cub_error server_hello12_extensions(struct cub_view block, uint32_t offered,
                                         struct server_hello12 *out)
{
    struct cub_extensions extensions = {read_extension, out, offered, IN_SH12, 0, 0};
    struct rd r;
    enum cub_error err;

    memset(out, 0, sizeof *out);
    rd_init(&r, block.data, block.len);
    err = cub_extensions_read(&r, &extensions);
    if (err != E_OK)
        return err;
    out->present = extensions.present;
    return rd_done(&r) ? E_OK : E_DECODE_SERVER_HELLO;
}

static void put_extension(struct wr *w, unsigned extension, const struct server_hello12 *sh)
{
    size_t body = cub_extension_open(w, extension);
    size_t list;

    switch (extension) {
    case EXT_ALPN:
        list = wr_open(w, 2);
        wr_view(w, 1, sh->alpn);
        wr_close(w, list, 2);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        wr_uint(w, 2, sh->record_size_limit);
        break;
    case EXT_MAX_FRAGMENT_LENGTH:
        wr_uint(w, 1, sh->max_fragment_length);
        break;
    case EXT_RENEGOTIATION_INFO:
        wr_view(w, 1, sh->renegotiated_connection);
        break;
    case EXT_EC_POINT_FORMATS:
        wr_view(w, 1, sh->ec_point_formats);
        break;
    case EXT_SIGNED_CERTIFICATE_TIMESTAMP:
        wr_bytes(w, sh->scts.data, sh->scts.len);
        break;
    default:
        break;
    }
    wr_close(w, body, 2);
}

void server_hello12_encode(struct wr *w, const struct cub_server_hello *hello,
                           const struct server_hello12 *extensions)
{
    size_t message = cub_message_open(w, CUB_SERVER_HELLO);
    size_t block;

    wr_uint(w, 2, hello->legacy_version);
    wr_bytes(w, hello->random, 32);
    wr_view(w, 1, hello->legacy_session_id_echo);
    wr_uint(w, 2, hello->cipher_suite);
    wr_uint(w, 1, hello->legacy_compression_method);
    block = wr_open(w, 2);
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        if (extensions->present & EXT_BIT(i))
            put_extension(w, i, extensions);
    }
    /* Who offers no extensions may not know that there are any [RFC5246-7.4.1.3]. */
    if (w->pos == block)
        w->pos -= 2;
    else
        wr_close(w, block, 2);
    cub_message_close(w, message);
}
