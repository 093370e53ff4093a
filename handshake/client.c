/*
 * The client's part in the hellos, which all versions share.
 */
#include "crypto/bytes.h"
#include "handshake/client.h"
#include "handshake/offers.h"
#include "handshake/psk.h"

/* What the first ClientHello needs and the second has too. */
static enum cub_error prepare(struct cub_engine *e, const struct cub_protocol *older)
{
    enum cub_error err = cub_random_fill(e->config->random, e->hs->client_random, 32);

    if (err == E_OK && e->protocol != older && e->protocol->prepare != NULL)
        err = e->protocol->prepare(e);
    if (err == E_OK && older != NULL && older->prepare != NULL)
        err = older->prepare(e);
    return err;
}

static void put_suites13(const struct cub_engine *e, struct wr *w)
{
    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL; s++) {
        if ((*s)->version == CUB_TLS1_3)
            wr_uint(w, 2, (*s)->id);
    }
}

/* ClientHello [RFC8446-4.1.2] */
static void write_client_hello(struct cub_engine *e, const struct cub_protocol *older)
{
    struct cub_handshake *hs = e->hs;
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_CLIENT_HELLO);
    size_t list;

    hs->offered = 0;
    wr_uint(w, 2, CUB_TLS1_2); /* legacy_version */
    wr_bytes(w, hs->client_random, 32);
    wr_view(w, 1, (struct cub_view){hs->session_id, hs->session_id_len});
    list = wr_open(w, 2);
    if (older != NULL)
        older->put_suites(e, w);
    else
        put_suites13(e, w);
    wr_close(w, list, 2);
    wr_uint(w, 2, 0x0100); /* legacy_compression_methods: null alone */
    list = wr_open(w, 2);
    /* Those of TLS 1.3 behind the others, for their last one must be the last of all. */
    if (older != NULL)
        cub_put_offers(e, w, older->offers);
    cub_put_offers(e, w, e->protocol->offers);
    wr_close(w, list, 2);
    cub_message_close(w, message);
}

enum cub_error cub_send_client_hello(struct cub_engine *e)
{
    /* e->protocol is TLS 1.3's, if that is allowed. */
    const struct cub_protocol *older = cub_version_enabled(e, CUB_TLS1_2);
    enum cub_error err = e->retried ? E_OK : prepare(e, older);

    if (err != E_OK)
        return err;
    write_client_hello(e, older);
    if (e->hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY))
        e->config->profile->psk_client->bind(e);
    return E_OK;
}

enum cub_error cub_take_suite(struct cub_engine *e, const struct cub_server_hello *hello,
                              uint16_t version)
{
    const struct cub_suite *suite = cub_find_suite(e, version, hello->cipher_suite);

    if (suite == NULL)
        return E_SH_CIPHER_SUITE;
    if (e->retried && suite != e->suite)
        return E_SH_CIPHER_SUITE_CHANGED;
    e->suite = suite;
    return E_OK;
}
