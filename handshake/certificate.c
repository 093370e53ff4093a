#include "handshake/certificate.h"

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/messages.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Header, context length, context, list length; those in the middle are not in TLS 1.2. */
static size_t head_size(uint8_t form, const uint8_t *p, size_t len)
{
    bool plain = form != CUB_FORM_TLS13;
    size_t need = CUB_MESSAGE_HEADER + (plain ? 3 : 1);

    if (len < CUB_MESSAGE_HEADER)
        return CUB_MESSAGE_HEADER;
    if (!plain && len >= need)
        need += p[CUB_MESSAGE_HEADER] + 3;
    return least(need, CUB_MESSAGE_HEADER + cub_load_be24(p + 1));
}

static size_t entry_size(uint8_t form, const uint8_t *p, size_t len)
{
    size_t need = 3;

    if (form == CUB_FORM_RAW12)
        return CUB_MAX_CERTIFICATE_MESSAGE;
    if (len < need)
        return need;
    need += cub_load_be24(p);
    if (form == CUB_FORM_TLS12)
        return need;
    need += 2;
    return len < need ? need : need + cub_load_be16(p + need - 2);
}

size_t cub_certificate_unit(const struct cub_certificate_stream *stream, const uint8_t *p,
                            size_t len)
{
    if (!stream->begun)
        return head_size(stream->form, p, len);
    return least(entry_size(stream->form, p, len), stream->left);
}

enum cub_error cub_certificate_head(struct cub_certificate_stream *stream, struct rd *r,
                                    size_t message_len, struct cub_view *request_context)
{
    const uint8_t *start = r->p;

    if (message_len > CUB_MAX_CERTIFICATE_MESSAGE)
        return E_CERT_TOO_LONG;
    request_context->len = 0;
    if (stream->form == CUB_FORM_TLS13)
        *request_context = rd_view(r, 1, 0, 255);
    stream->left = rd_uint(r, 3);
    if (!rd_done(r) || message_len != (size_t)(r->p - start) + stream->left)
        return E_DECODE_CERTIFICATE;
    stream->begun = stream->first = 1;
    return E_OK;
}

static void read_extension(void *out, unsigned extension, struct rd *body)
{
    struct cub_certificate_entry *entry = out;
    struct cub_view rest = rd_rest(body);

    if (extension == EXT_STATUS_REQUEST)
        entry->status_request = rest;
    if (extension == EXT_SIGNED_CERTIFICATE_TIMESTAMP)
        entry->scts = rest;
    if (extension == EXT_DELEGATED_CREDENTIAL)
        entry->delegated = rest;
}

enum cub_error cub_certificate_entry(struct cub_certificate_stream *stream, struct rd *r,
                                     uint32_t offered, struct cub_certificate_entry *entry)
{
    struct cub_extensions extensions = {read_extension, entry, offered, IN_CT, 0, 0};
    size_t len = (size_t)(r->end - r->p);
    struct rd block;
    enum cub_error err = E_OK;

    memset(entry, 0, sizeof *entry);
    if (len > stream->left)
        return E_DECODE_CERTIFICATE;
    stream->left -= (uint32_t)len;
    entry->cert_data = stream->form == CUB_FORM_RAW12 ? rd_rest(r) : rd_view(r, 3, 1, 0xffffff);
    if (stream->form == CUB_FORM_TLS13) {
        block = rd_vec(r, 2, 0, 0xffff);
        err = cub_extensions_read(&block, &extensions);
        entry->present = extensions.present;
    }
    return err == E_OK && !rd_done(r) ? E_DECODE_CERTIFICATE : err;
}

void cub_certificate_encode(struct wr *w, enum cub_certificate_form form,
                            struct cub_view request_context, const struct cub_view *chain,
                            size_t chain_len, const struct cub_stapled *stapled, uint32_t offered)
{
    bool plain = form != CUB_FORM_TLS13, has_list = form != CUB_FORM_RAW12;
    size_t extensions, list;
    struct wr counted;

    /* The leaf's extensions: written to nowhere, which copies nothing, to know how long they are.
     */
    wr_init(&counted, NULL, 0);
    if (stapled != NULL && !plain)
        stapled->put(&counted, stapled, offered);
    list = extensions = counted.pos;
    for (size_t i = 0; i < chain_len; i++)
        list += 3 + chain[i].len + (plain ? 0 : 2);
    wr_uint(w, 1, CUB_CERTIFICATE);
    wr_uint(w, 3, (uint32_t)((plain ? 0 : 1 + request_context.len) + (has_list ? 3 : 0) + list));
    if (!plain)
        wr_view(w, 1, request_context);
    if (has_list)
        wr_uint(w, 3, (uint32_t)list);
    for (size_t i = 0; i < chain_len; i++, extensions = 0) {
        wr_view(w, 3, chain[i]);
        if (!plain)
            wr_uint(w, 2, (uint32_t)extensions);
        if (extensions > 0)
            stapled->put(w, stapled, offered);
    }
}

enum cub_error cub_sct_list_check(const uint8_t *list, size_t len)
{
    struct rd r, scts;

    rd_init(&r, list, len);
    scts = rd_vec(&r, 2, 1, 0xffff);
    while (rd_more(&scts))
        rd_view(&scts, 2, 1, 0xffff);
    return rd_done(&r) ? E_OK : E_DECODE_SCT_LIST;
}
