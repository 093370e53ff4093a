#include "handshake/extras.h"

#include "crypto/bytes.h"

/* Passes over what stands before the extensions. */
static void pass_head(struct rd *r, uint8_t type)
{
    if (type == CUB_CERTIFICATE_REQUEST)
        rd_view(r, 1, 0, 255);
    if (type != CUB_CLIENT_HELLO && type != CUB_SERVER_HELLO)
        return;
    rd_bytes(r, 2 + 32);
    rd_view(r, 1, 0, 32);
    if (type == CUB_SERVER_HELLO) {
        rd_bytes(r, 2 + 1);
        return;
    }
    rd_view(r, 2, 0, 0xffff);
    rd_view(r, 1, 0, 255);
}

struct cub_view cub_find_extension(const struct cub_engine *e, enum cub_extension extension)
{
    struct cub_view none = {NULL, 0};
    uint8_t head[4];
    struct rd r, block;
    struct wr w;

    /* The number of its type, as it is written. */
    wr_init(&w, head, sizeof head);
    cub_extension_head(&w, extension, 0);
    cub_reread(e, &r);
    pass_head(&r, e->message.unit.data[0]);
    block = rd_vec(&r, 2, 0, 0xffff);
    while (rd_more(&block)) {
        uint16_t type = rd_u16(&block);
        struct cub_view body = rd_view(&block, 2, 0, 0xffff);

        if (type == cub_load_be16(head))
            return body;
    }
    return none;
}

static enum cub_error take_hello(struct cub_engine *e)
{
    enum cub_error err = E_OK;

    if (e->version == CUB_TLS1_3) {
        err = cub_choose_compression(e);
        if (err == E_OK)
            err = cub_check_delegation_offer(e);
    }
    return err == E_OK ? cub_choose_certificate_types(e) : err;
}

/* CertificateRequest. */
static void put_request(struct wr *w, const void *context)
{
    cub_put_compression_request(w, context);
}

static void request(struct cub_engine *e, struct cub_certificate_request *cr)
{
    cr->put_more = put_request;
    cr->more_context = e;
}

const struct cub_extras cub_extras13 = {
    .take_answer = cub_take_certificate_types,
    .take_request = cub_choose_compression,
    .take_delegated = cub_take_delegated,
    .take_hello = take_hello,
    .answer = cub_put_certificate_types,
    .request = request,
};
