#include "handshake/messages.h"

#include <string.h>

#include "handshake/server_hello.h"

size_t cub_message_open(struct wr *w, uint8_t type)
{
    wr_uint(w, 1, type);
    return wr_open(w, 3);
}

void cub_message_close(struct wr *w, size_t mark)
{
    wr_close(w, mark, 3);
}

static void read_answer(void *out, unsigned extension, struct rd *body)
{
    struct cub_encrypted_extensions *ee = out;

    switch (extension) {
    case EXT_SERVER_NAME:
    case EXT_EARLY_DATA:
        break; /* empty [RFC6066-3], [RFC8446-4.2.10] */
    case EXT_ALPN:
        ee->alpn = cub_extension_protocol(body);
        break;
    case EXT_RECORD_SIZE_LIMIT:
        ee->record_size_limit = rd_u16(body);
        break;
    case EXT_MAX_FRAGMENT_LENGTH:
        ee->max_fragment_length = rd_u8(body);
        break;
    case EXT_SUPPORTED_GROUPS:
        ee->supported_groups = rd_list16(body, 2);
        break;
    default:
        rd_rest(body);
    }
}

enum cub_error cub_encrypted_extensions_decode(struct rd *r, uint32_t offered,
                                               struct cub_encrypted_extensions *ee)
{
    struct cub_extensions extensions = {read_answer, ee, offered, IN_EE, 0, 0};
    struct rd block = rd_vec(r, 2, 0, 0xffff);
    enum cub_error err;

    memset(ee, 0, sizeof *ee);
    err = cub_extensions_read(&block, &extensions);
    if (err != E_OK)
        return err;
    ee->present = extensions.present;
    return rd_done(r) ? E_OK : E_DECODE_ENCRYPTED_EXTENSIONS;
}

void cub_encrypted_extensions_encode(struct wr *w, const struct cub_encrypted_extensions *ee)
{
    size_t message = cub_message_open(w, CUB_ENCRYPTED_EXTENSIONS);
    size_t block = wr_open(w, 2);
    size_t body, list;

    if (ee->present & EXT_BIT(EXT_SUPPORTED_GROUPS)) {
        body = cub_extension_open(w, EXT_SUPPORTED_GROUPS);
        wr_view(w, 2, ee->supported_groups);
        wr_close(w, body, 2);
    }
    if (ee->present & EXT_BIT(EXT_RECORD_SIZE_LIMIT)) {
        body = cub_extension_open(w, EXT_RECORD_SIZE_LIMIT);
        wr_uint(w, 2, ee->record_size_limit);
        wr_close(w, body, 2);
    }
    if (ee->present & EXT_BIT(EXT_MAX_FRAGMENT_LENGTH)) {
        body = cub_extension_open(w, EXT_MAX_FRAGMENT_LENGTH);
        wr_uint(w, 1, ee->max_fragment_length);
        wr_close(w, body, 2);
    }
    if (ee->present & EXT_BIT(EXT_SERVER_NAME)) {
        body = cub_extension_open(w, EXT_SERVER_NAME);
        wr_close(w, body, 2);
    }
    if (ee->present & EXT_BIT(EXT_ALPN)) {
        body = cub_extension_open(w, EXT_ALPN);
        list = wr_open(w, 2);
        wr_view(w, 1, ee->alpn);
        wr_close(w, list, 2);
        wr_close(w, body, 2);
    }
    if (ee->present & EXT_BIT(EXT_EARLY_DATA)) {
        body = cub_extension_open(w, EXT_EARLY_DATA);
        wr_close(w, body, 2);
    }
    wr_close(w, block, 2);
    cub_message_close(w, message);
}

/* DistinguishedName authorities<3..2^16-1> [RFC8446-4.2.4] */
static struct cub_view read_names(struct rd *body)
{
    struct rd names = rd_vec(body, 2, 3, 0xffff);
    struct cub_view list = {names.p, (size_t)(names.end - names.p)};

    while (rd_more(&names))
        rd_view(&names, 2, 1, 0xffff);
    return list;
}

static void read_request(void *out, unsigned extension, struct rd *body)
{
    struct cub_certificate_request *cr = out;

    switch (extension) {
    case EXT_SIGNATURE_ALGORITHMS:
        cr->signature_algorithms = rd_list16(body, 2);
        break;
    case EXT_SIGNATURE_ALGORITHMS_CERT:
        cr->signature_algorithms_cert = rd_list16(body, 2);
        break;
    case EXT_CERTIFICATE_AUTHORITIES:
        cr->certificate_authorities = read_names(body);
        break;
    default:
        rd_rest(body);
    }
}

enum cub_error cub_certificate_request_decode(struct rd *r, struct cub_certificate_request *cr)
{
    struct cub_extensions extensions = {read_request, cr, 0, IN_CR, 0, 0};
    struct rd block;
    enum cub_error err;

    memset(cr, 0, sizeof *cr);
    cr->certificate_request_context = rd_view(r, 1, 0, 255);
    block = rd_vec(r, 2, 0, 0xffff);
    err = cub_extensions_read(&block, &extensions);
    if (err != E_OK)
        return err;
    cr->present = extensions.present;
    return rd_done(r) ? E_OK : E_DECODE_CERTIFICATE_REQUEST;
}

void cub_certificate_request_encode(struct wr *w, const struct cub_certificate_request *cr)
{
    size_t message = cub_message_open(w, CUB_CERTIFICATE_REQUEST);
    size_t block, body;

    wr_view(w, 1, cr->certificate_request_context);
    block = wr_open(w, 2);
    body = cub_extension_open(w, EXT_SIGNATURE_ALGORITHMS);
    wr_view(w, 2, cr->signature_algorithms);
    wr_close(w, body, 2);
    if (cr->certificate_authorities.len > 0) {
        body = cub_extension_open(w, EXT_CERTIFICATE_AUTHORITIES);
        wr_view(w, 2, cr->certificate_authorities);
        wr_close(w, body, 2);
    }
    if (cr->put_more != NULL)
        cr->put_more(w, cr->more_context);
    wr_close(w, block, 2);
    cub_message_close(w, message);
}

enum cub_error cub_certificate_verify_decode(struct rd *r, struct cub_certificate_verify *cv)
{
    cv->algorithm = rd_u16(r);
    cv->signature = rd_view(r, 2, 0, 0xffff);
    return rd_done(r) ? E_OK : E_DECODE_CERTIFICATE_VERIFY;
}

void cub_certificate_verify_encode(struct wr *w, const struct cub_certificate_verify *cv)
{
    size_t message = cub_message_open(w, CUB_CERTIFICATE_VERIFY);

    wr_uint(w, 2, cv->algorithm);
    wr_view(w, 2, cv->signature);
    cub_message_close(w, message);
}

size_t cub_signed_content(const struct cub_hash *hash, bool by_server, const uint8_t *transcript,
                          uint8_t *out)
{
    static const char context[] = "TLS 1.3, server CertificateVerify";

    memset(out, ' ', 64);
    memcpy(out + 64, context, sizeof context); /* with its 0 */
    if (!by_server)
        memcpy(out + 64 + 9, "client", 6);
    memcpy(out + 64 + sizeof context, transcript, hash->size);
    return 64 + sizeof context + hash->size;
}

static void read_ticket(void *out, unsigned extension, struct rd *body)
{
    struct cub_new_session_ticket *nst = out;

    if (extension == EXT_EARLY_DATA)
        nst->max_early_data_size = rd_u32(body);
}

enum cub_error cub_new_session_ticket_decode(struct rd *r, struct cub_new_session_ticket *nst)
{
    struct cub_extensions extensions = {read_ticket, nst, 0, IN_NST, 0, 0};
    struct rd block;
    enum cub_error err;

    memset(nst, 0, sizeof *nst);
    nst->ticket_lifetime = rd_u32(r);
    nst->ticket_age_add = rd_u32(r);
    nst->ticket_nonce = rd_view(r, 1, 0, 255);
    nst->ticket = rd_view(r, 2, 1, 0xffff);
    block = rd_vec(r, 2, 0, 0xfffe);
    err = cub_extensions_read(&block, &extensions);
    if (err != E_OK)
        return err;
    nst->present = extensions.present;
    return rd_done(r) ? E_OK : E_DECODE_NEW_SESSION_TICKET;
}

void cub_new_session_ticket_encode(struct wr *w, const struct cub_new_session_ticket *nst)
{
    size_t message = cub_message_open(w, CUB_NEW_SESSION_TICKET);
    size_t block, body;

    wr_uint(w, 4, nst->ticket_lifetime);
    wr_uint(w, 4, nst->ticket_age_add);
    wr_view(w, 1, nst->ticket_nonce);
    wr_view(w, 2, nst->ticket);
    block = wr_open(w, 2);
    if (nst->present & EXT_BIT(EXT_EARLY_DATA)) {
        body = cub_extension_open(w, EXT_EARLY_DATA);
        wr_uint(w, 4, nst->max_early_data_size);
        wr_close(w, body, 2);
    }
    wr_close(w, block, 2);
    cub_message_close(w, message);
}
