/*
 * The server's part in the hellos, which all versions share.
 */
#include <string.h>

#include "handshake/actions.h"
#include "handshake/negotiate.h"
#include "handshake/server.h"

/* The best version that both sides have [RFC8446-4.2.1]; 0: none. */
static uint16_t choose_version(const struct cub_engine *e, const struct cub_client_hello *hello)
{
    for (uint16_t version = CUB_TLS1_3; version >= CUB_TLS1_2; version--) {
        bool offered = hello->supported_versions.len > 0
                           ? cub_list16_has(hello->supported_versions, version)
                           : version == CUB_TLS1_2 && hello->legacy_version >= version;

        if (offered && cub_version_enabled(e, version) != NULL)
            return version;
    }
    return 0;
}

enum cub_error cub_recv_client_hello(struct cub_engine *e)
{
    struct cub_handshake *hs = e->hs;
    struct cub_client_hello hello;
    enum cub_error err = cub_client_hello_decode(&e->message.body, &hello);

    if (err != E_OK)
        return err;
    e->version = choose_version(e, &hello);
    if (e->version == 0)
        return E_CH_VERSION;
    e->protocol = cub_version_enabled(e, e->version);
    memcpy(hs->client_random, hello.random, 32);
    hs->session_id_len = (uint8_t)hello.legacy_session_id.len;
    if (hs->session_id_len > 0)
        memcpy(hs->session_id, hello.legacy_session_id.data, hs->session_id_len);
    hs->server_name = hello.server_name;
    hs->offered = hello.present;
    return E_OK;
}

void cub_join_client_hello(struct cub_engine *e)
{
    cub_transcript_update(&e->hs->transcript, e->message.unit.data, e->message.unit.len);
}

bool cub_client_may_be_anonymous(const struct cub_engine *e)
{
    return e->config->verify_mode != CUB_VERIFY_REQUIRED || cub_asks_afterwards(e);
}

enum cub_error cub_wait_hello(struct cub_engine *e)
{
    bool waits = (e->config->flags & CUB_FLAG_HELLO_WAIT) != 0 && !e->hello_answered;

    e->hello_answered = 1;
    return waits ? E_WAIT_HELLO : E_OK;
}

enum cub_error cub_choose_alpn(struct cub_engine *e, const struct cub_client_hello *hello)
{
    if (hello->alpn.len == 0 || e->config->alpn.len == 0)
        return E_OK;
    e->alpn = cub_choose_protocol(e->config->alpn, hello->alpn);
    if (e->alpn.len > 0 || (e->config->flags & CUB_FLAG_ALPN_OPTIONAL))
        return E_OK;
    return E_NO_COMMON_ALPN; /* [RFC7301-3.2] */
}
