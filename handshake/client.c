/*
 * The client's part in the hellos, which all versions share.
 */
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/client.h"
#include "handshake/offers.h"
#include "handshake/psk.h"

/* What the first ClientHello needs and the second has too. */
static enum cub_error prepare(struct cub_engine *e)
{
    enum cub_error err = cub_random_fill(e->config->random, e->hs->client_random, 32);

    for (uint16_t version = CUB_TLS1_3; version >= CUB_TLS1_2; version--) {
        const struct cub_protocol *table = cub_version_enabled(e, version);

        if (err == E_OK && table != NULL && table->prepare != NULL)
            err = table->prepare(e);
    }
    return err;
}

/* Suites with pre-shared keys are for those who have some. */
static bool may_offer(const struct cub_engine *e, const struct cub_suite *suite)
{
    return cub_version_enabled(e, suite->version) &&
           (suite->authentication != CUB_AUTH_PSK || e->config->psk_to_offer != NULL);
}

static void put_suites(const struct cub_engine *e, struct wr *w)
{
    size_t list = wr_open(w, 2);

    for (const struct cub_suite *const *s = cub_suites_of(e); *s != NULL; s++) {
        if (may_offer(e, *s))
            wr_uint(w, 2, (*s)->id);
    }
    /* Behind all suites [RFC7507-4]. */
    if (e->config->flags & CUB_FLAG_FALLBACK)
        wr_uint(w, 2, CUB_FALLBACK_SCSV);
    wr_close(w, list, 2);
}

/* ClientHello [RFC8446-4.1.2] */
static void write_client_hello(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct wr *w = &e->reply.w;
    size_t message = cub_message_open(w, CUB_CLIENT_HELLO);
    size_t extensions;

    hs->offered = 0;
    wr_uint(w, 2, CUB_TLS1_2); /* legacy_version */
    wr_bytes(w, hs->client_random, 32);
    wr_view(w, 1, (struct cub_view){hs->session_id, hs->session_id_len});
    put_suites(e, w);
    wr_uint(w, 2, 0x0100); /* legacy_compression_methods: null alone */
    extensions = wr_open(w, 2);
    /* Those of TLS 1.3 behind the others, for their last one must be the last of all. */
    for (uint16_t version = CUB_TLS1_2; version <= CUB_TLS1_3; version++) {
        const struct cub_protocol *table = cub_version_enabled(e, version);

        if (table != NULL)
            cub_put_offers(e, w, table->offers);
    }
    wr_close(w, extensions, 2);
    cub_message_close(w, message);
}

enum cub_error cub_send_client_hello(struct cub_engine *e)
{
    enum cub_error err = e->retried ? E_OK : prepare(e);

    if (err != E_OK)
        return err;
    write_client_hello(e);
    if (e->hs->offered & EXT_BIT(EXT_PRE_SHARED_KEY))
        e->config->profile->psk_client->bind(e);
    return E_OK;
}

/* The last 8 bytes of a random by which a server says that it could have done better
 * [RFC8446-4.1.3]. */
static bool is_downgrade(const uint8_t *random)
{
    return memcmp(random + 24, "DOWNGRD", 7) == 0 && random[31] <= 1;
}

/* What the ServerHellos of all versions and HelloRetryRequest have in common [RFC8446-4.1.3]. */
enum cub_error cub_check_server_hello(struct cub_engine *e, const struct cub_server_hello *hello)
{
    const struct cub_suite *suite = cub_find_suite(e, hello->version, hello->cipher_suite);

    /* supported_versions names TLS 1.3 or one that was offered and newer [RFC8446-4.2.1]. */
    if (hello->version_selected &&
        (hello->version < CUB_TLS1_3 || !cub_version_enabled(e, hello->version)))
        return E_SH_SELECTED_VERSION;
    if (!cub_version_enabled(e, hello->version))
        return E_SH_VERSION;
    if (hello->legacy_compression_method != 0)
        return E_SH_COMPRESSION;
    if (suite == NULL || !may_offer(e, suite))
        return E_SH_CIPHER_SUITE;
    if (e->retried && suite != e->suite)
        return E_SH_CIPHER_SUITE_CHANGED;
    e->suite = suite;
    return E_OK;
}

enum cub_error cub_recv_server_hello(struct cub_engine *e)
{
    struct cub_server_hello hello;
    enum cub_error err = cub_server_hello_decode(&e->message.body, &hello);

    if (err != E_OK)
        return err;
    if (hello.version < CUB_TLS1_3 && e->early != CUB_EARLY_NONE)
        return E_SH_EARLY_DATA;
    if (hello.version < CUB_TLS1_3 && cub_version_enabled(e, CUB_TLS1_3) &&
        is_downgrade(hello.random))
        return E_SH_DOWNGRADE;
    err = cub_check_server_hello(e, &hello);
    if (err != E_OK)
        return err;
    e->version = hello.version;
    e->protocol = cub_version_enabled(e, hello.version);
    return E_OK;
}
