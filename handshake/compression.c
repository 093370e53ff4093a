/*
 * Certificate compression [RFC8879], in both directions and after the handshake too:
 *
 *     struct {
 *         CertificateCompressionAlgorithm algorithm;
 *         uint24 uncompressed_length;
 *         opaque compressed_certificate_message<1..2^24-1>;
 *     } CompressedCertificate;
 *
 * The algorithms are the application's, and so is the memory for the whole message.
 */
#include "crypto/bytes.h"
#include "handshake/actions.h"
#include "handshake/extras.h"
#include "handshake/offers.h"

static bool has_any(const struct cub_engine *e)
{
    return e->config->compressions != NULL && e->config->compressions[0] != NULL;
}

/* There is something to decompress with. */
static bool can_decompress(const struct cub_engine *e)
{
    const struct cub_compression *const *c = e->config->compressions;

    while (c != NULL && *c != NULL && (*c)->decompress == NULL)
        c++;
    return c != NULL && *c != NULL;
}

/* CertificateCompressionAlgorithm algorithms<2..2^8-2> */
static void put_list(struct wr *w, const struct cub_engine *e)
{
    size_t list = wr_open(w, 1);

    for (const struct cub_compression *const *c = e->config->compressions; *c != NULL; c++) {
        if ((*c)->decompress != NULL)
            wr_uint(w, 2, (*c)->algorithm);
    }
    wr_close(w, list, 1);
}

bool cub_put_compressions(struct cub_engine *e, struct wr *w)
{
    if (e->config->profile->extras == NULL || !can_decompress(e))
        return false;
    put_list(w, e);
    return true;
}

void cub_put_compression_request(struct wr *w, const struct cub_engine *e)
{
    size_t body;

    if (!can_decompress(e))
        return;
    body = cub_extension_open(w, EXT_COMPRESS_CERTIFICATE);
    put_list(w, e);
    wr_close(w, body, 2);
}

/* Sending. */

enum cub_error cub_choose_compression(struct cub_engine *e)
{
    const struct cub_compression *const *c = e->config->compressions;
    struct cub_view body, list;
    struct rd r;

    e->hs->compression = NULL;
    e->hs->compression_tried = 0;
    if (!has_any(e))
        return E_OK;
    body = cub_find_extension(e, EXT_COMPRESS_CERTIFICATE);
    if (body.data == NULL)
        return E_OK;
    rd_init(&r, body.data, body.len);
    list = rd_list16(&r, 1);
    if (!rd_done(&r))
        return E_COMPRESSION_OFFER;
    while (*c != NULL && ((*c)->compress == NULL || !cub_list16_has(list, (*c)->algorithm)))
        c++;
    e->hs->compression = *c;
    return E_OK;
}

bool cub_may_compress(const struct cub_engine *e)
{
    return e->hs->compression != NULL && e->hs->credential != NULL && !e->hs->compression_tried;
}

bool cub_is_compressed(const struct cub_engine *e)
{
    return e->hs->compression_tried && e->hs->compressed.len > 0;
}

enum cub_error cub_compress_certificate(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    uint8_t *message;
    struct wr w;

    hs->compression_tried = 1;
    hs->compressed = (struct cub_view){NULL, 0};
    wr_init(&w, NULL, 0);
    cub_put_certificate(e, &w);
    hs->uncompressed_length = (uint32_t)(w.pos - CUB_MESSAGE_HEADER);
    if (hs->uncompressed_length > CUB_MAX_CERTIFICATE_MESSAGE)
        return E_OK;
    message = hs->compression->memory(hs->compression->context, e->owner, hs->uncompressed_length);
    if (message == NULL)
        return E_OK;
    /* Without its header. */
    wr_init(&w, message, hs->uncompressed_length);
    w.skip = CUB_MESSAGE_HEADER;
    cub_put_certificate(e, &w);
    hs->compressed = hs->compression->compress(hs->compression->context, e->owner, message,
                                               hs->uncompressed_length);
    return E_OK;
}

enum cub_error cub_send_compressed_certificate(struct cub_engine *e)
{
    const struct cub_handshake *hs = e->hs;
    struct wr *w = &e->reply.w;

    wr_uint(w, 1, CUB_COMPRESSED_CERTIFICATE);
    wr_uint(w, 3, (uint32_t)(2 + 3 + 3 + hs->compressed.len));
    wr_uint(w, 2, hs->compression->algorithm);
    wr_uint(w, 3, hs->uncompressed_length);
    wr_view(w, 3, hs->compressed);
    return E_OK;
}

/* Receiving. */

bool cub_may_decompress(const struct cub_engine *e)
{
    return e->version == CUB_TLS1_3 && can_decompress(e);
}

bool cub_may_take_compressed(const struct cub_engine *e)
{
    return cub_auth_requested(e) && cub_may_decompress(e);
}

/* What the message claims to be; *message is where that is going to be. */
static enum cub_error read_head(struct cub_engine *e, const struct cub_compression **compression,
                                struct cub_view *compressed, uint32_t *len)
{
    const struct cub_compression *const *c = e->config->compressions;
    struct rd *r = &e->message.body;
    uint16_t algorithm = rd_u16(r);

    *len = (uint32_t)rd_uint(r, 3);
    *compressed = rd_view(r, 3, 1, 0xffffff);
    if (!rd_done(r))
        return E_DECODE_COMPRESSED_CERTIFICATE;
    while (*c != NULL && ((*c)->decompress == NULL || (*c)->algorithm != algorithm))
        c++;
    if (*c == NULL)
        return E_COMPRESSED_ALGORITHM;
    /* Before anything is made of it [RFC8879-5]. */
    if (*len > CUB_MAX_CERTIFICATE_MESSAGE)
        return E_COMPRESSED_TOO_LONG;
    *compression = *c;
    return E_OK;
}

/* Takes the message as if it had come in this form [RFC8879-4]. */
static enum cub_error take_message(struct cub_engine *e, const uint8_t *p, size_t len)
{
    struct cub_certificate_stream *stream = &e->hs->stream;
    size_t unit = len > 0 ? 1 + (size_t)p[0] + 3 : 1;
    enum cub_error err = E_OK;
    size_t done = 0;
    struct rd r;

    while (err == E_OK && (done == 0 || stream->left > 0)) {
        if (unit > len - done)
            return E_DECODE_CERTIFICATE;
        rd_init(&r, p + done, unit);
        err = cub_take_certificate_unit(e, &r, len);
        if (err == E_OK && !rd_done(&r))
            err = E_TRAILING_BYTES;
        done += unit;
        if (err == E_OK && stream->left > 0)
            unit = cub_certificate_unit(stream, p + done, len - done);
    }
    stream->begun = 0;
    return err;
}

enum cub_error cub_recv_compressed_certificate(struct cub_engine *e)
{
    const struct cub_compression *compression;
    struct cub_view compressed;
    uint32_t len;
    uint8_t *message;
    enum cub_error err = read_head(e, &compression, &compressed, &len);

    if (err != E_OK)
        return err;
    message = compression->memory(compression->context, e->owner, len);
    if (message == NULL)
        return E_COMPRESSED_MEMORY;
    if (!compression->decompress(compression->context, e->owner, compressed, message, len))
        return E_COMPRESSED_CONTENT;
    return take_message(e, message, len);
}
