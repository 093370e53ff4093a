/* The agent's verbs about contexts. */
#include <stdlib.h>
#include <string.h>

#include "agent.h"

/* What a function of a context came to, with its details. */
static cub_result over(cub_context *context, cub_result result, struct cub_error_details *d)
{
    if (result != CUB_OK)
        *d = *cub_last_error(context);
    return result;
}

cub_result agent_new(char **a, json_t *answer, struct cub_error_details *d)
{
    static const struct {
        const char *name;
        enum cub_SSLMethod protocol;
    } protocols[] = {
        {"PROTOCOL_TLS",        CUB_PROTOCOL_TLS       },
        {"PROTOCOL_SSLv23",     CUB_PROTOCOL_SSLv23    },
        {"PROTOCOL_TLS_CLIENT", CUB_PROTOCOL_TLS_CLIENT},
        {"PROTOCOL_TLS_SERVER", CUB_PROTOCOL_TLS_SERVER},
        {"PROTOCOL_TLSv1_2",    CUB_PROTOCOL_TLSv1_2   },
    };
    size_t i = 0;
    cub_context *context;
    cub_result result;

    (void)answer;
    while (strcmp(protocols[i].name, a[1]) != 0)
        i++;
    result = cub_context_new(protocols[i].protocol, &context);
    agent_keep_context(a[0], context);
    return over(context, result, d);
}

cub_result agent_default(char **a, json_t *answer, struct cub_error_details *d)
{
    enum cub_Purpose purpose =
        strcmp(a[1], "SERVER_AUTH") == 0 ? CUB_Purpose_SERVER_AUTH : CUB_Purpose_CLIENT_AUTH;
    cub_context *context;
    cub_result result =
        cub_create_default_context(purpose, agent_text(a[2]), NULL, NULL, 0, &context);

    (void)answer;
    agent_keep_context(a[0], context);
    return over(context, result, d);
}

/* The attributes that are numbers, all alike to JSON. */
#define NUMBERS                                                                                    \
    NUMBER(minimum_version, int)                                                                   \
    NUMBER(maximum_version, int)                                                                   \
    NUMBER(verify_mode, enum cub_VerifyMode)                                                       \
    NUMBER(verify_flags, unsigned)                                                                 \
    NUMBER(check_hostname, bool)                                                                   \
    NUMBER(options, uint64_t)                                                                      \
    NUMBER(num_tickets, int)                                                                       \
    NUMBER(post_handshake_auth, bool)                                                              \
    NUMBER(hostname_checks_common_name, bool)

cub_result agent_get(char **a, json_t *answer, struct cub_error_details *d)
{
    const cub_context *c = agent_context(a[0]);
    json_t *value = NULL;

    (void)d;
#define NUMBER(name, type)                                                                         \
    if (strcmp(a[1], #name) == 0)                                                                  \
        value = json_integer((json_int_t)cub_context_get_##name(c));
    NUMBERS
    NUMBER(protocol, enum cub_SSLMethod)
    NUMBER(security_level, int)
#undef NUMBER
    if (strcmp(a[1], "keylog_filename") == 0)
        value = agent_string(cub_context_get_keylog_filename(c));
    json_object_set_new(answer, "value", value);
    return CUB_OK;
}

cub_result agent_set(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);
    cub_result result = CUB_NotImplementedError;

    (void)answer;
#define NUMBER(name, type)                                                                         \
    if (strcmp(a[1], #name) == 0)                                                                  \
        result = cub_context_set_##name(c, (type)strtoll(a[2], NULL, 10));
    NUMBERS
#undef NUMBER
    if (strcmp(a[1], "keylog_filename") == 0)
        result = cub_context_set_keylog_filename(c, agent_text(a[2]));
    return over(c, result, d);
}

/* The agent's password: an application's function. */
static bool password(char *buffer, size_t size, size_t *len, void *arg)
{
    *len = strlen(arg);
    if (*len <= size)
        memcpy(buffer, arg, *len);
    return true;
}

cub_result agent_load_cert_chain(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);
    const char *text = agent_text(a[3]);

    (void)answer;
    if (text && strcmp(a[4], "function") == 0)
        return over(c,
                    cub_context_load_cert_chain_password(c, a[1], agent_text(a[2]), password,
                                                         (void *)(uintptr_t)text),
                    d);
    return over(c, cub_context_load_cert_chain(c, a[1], agent_text(a[2]), text), d);
}

cub_result agent_load_verify_locations(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);
    size_t len = strlen(a[3]) / 2;
    uint8_t *data = agent_text(a[3]) ? malloc(len + 1) : NULL;
    cub_result result;

    (void)answer;
    if (data)
        agent_unhex(a[3], data);
    result = cub_context_load_verify_locations(c, agent_text(a[1]), agent_text(a[2]), data,
                                               data ? len : 0);
    free(data);
    return over(c, result, d);
}

cub_result agent_set_ciphers(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);

    (void)answer;
    return over(c, cub_context_set_ciphers(c, a[1]), d);
}

cub_result agent_set_ecdh_curve(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);

    (void)answer;
    return over(c, cub_context_set_ecdh_curve(c, a[1]), d);
}

cub_result agent_set_alpn_protocols(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);
    const char *protocols[8];
    size_t count = 0;

    (void)answer;
    for (char *p = a[1]; p && count < 8; count++) {
        protocols[count] = p;
        p = strchr(p, ',');
        if (p)
            *p++ = 0;
    }
    return over(c, cub_context_set_alpn_protocols(c, protocols, count), d);
}

cub_result agent_cert_store_stats(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_cert_store_stats stats;

    (void)d;
    cub_context_cert_store_stats(agent_context(a[0]), &stats);
    json_object_set_new(answer, "x509", json_integer((json_int_t)stats.x509));
    json_object_set_new(answer, "crl", json_integer((json_int_t)stats.crl));
    json_object_set_new(answer, "x509_ca", json_integer((json_int_t)stats.x509_ca));
    return CUB_OK;
}

cub_result agent_get_ca_certs(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);
    struct cub_bytes *certs;
    size_t count;
    cub_result result = cub_context_get_ca_certs(c, &certs, &count);

    if (result == CUB_OK) {
        json_object_set_new(answer, "count", json_integer((json_int_t)count));
        cub_free(certs);
    }
    return over(c, result, d);
}

cub_result agent_session_stats(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_session_stats s;

    (void)d;
    cub_context_session_stats(agent_context(a[0]), &s);
#define FIELD(name) json_object_set_new(answer, #name, json_integer((json_int_t)s.name));
    FIELD(number)
    FIELD(connect)
    FIELD(connect_good)
    FIELD(connect_renegotiate)
    FIELD(accept)
    FIELD(accept_good)
    FIELD(accept_renegotiate)
    FIELD(hits)
    FIELD(misses)
    FIELD(timeouts)
    FIELD(cache_full)
#undef FIELD
    return CUB_OK;
}

cub_result agent_get_ciphers(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_cipher_info list[64];
    size_t count = cub_context_get_ciphers(agent_context(a[0]), list, 64);
    json_t *ciphers = json_array();

    (void)d;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(ciphers,
                              json_pack("{s:I s:s s:s s:i s:i s:b s:s s:o s:s s:s}", "id",
                                        (json_int_t)list[i].id, "name", list[i].name, "protocol",
                                        list[i].protocol, "strength_bits", list[i].strength_bits,
                                        "alg_bits", list[i].alg_bits, "aead", list[i].aead,
                                        "symmetric", list[i].symmetric, "digest",
                                        agent_string(list[i].digest), "kea", list[i].kea, "auth",
                                        list[i].auth));
    json_object_set_new(answer, "ciphers", ciphers);
    return CUB_OK;
}

/* What callbacks answer: the texts of the last request for each. */
static struct {
    char identity[256];
    uint8_t key[256];
    size_t key_len;
} client_key, server_key;
static char sni_action[16], sni_argument[32], sni_name[256];
static bool sni_has_name;

static bool client_psk(cub_conn *conn, const char *hint, struct cub_psk_key *psk, void *arg)
{
    (void)conn;
    (void)hint;
    (void)arg;
    strcpy(psk->identity, client_key.identity);
    memcpy(psk->key, client_key.key, client_key.key_len);
    psk->key_len = client_key.key_len;
    return psk->key_len != 0;
}

static bool server_psk(cub_conn *conn, const char *identity, struct cub_psk_key *psk, void *arg)
{
    (void)conn;
    (void)arg;
    if (strcmp(identity, server_key.identity) != 0)
        return false;
    memcpy(psk->key, server_key.key, server_key.key_len);
    psk->key_len = server_key.key_len;
    return true;
}

cub_result agent_psk_client(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);

    (void)answer;
    snprintf(client_key.identity, sizeof client_key.identity, "%s", agent_text(a[1]) ? a[1] : "");
    client_key.key_len = agent_unhex(a[2], client_key.key);
    return over(c, cub_context_set_psk_client_callback(c, client_psk, NULL), d);
}

cub_result agent_psk_server(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);

    (void)answer;
    snprintf(server_key.identity, sizeof server_key.identity, "%s", a[2]);
    server_key.key_len = agent_unhex(a[3], server_key.key);
    return over(c, cub_context_set_psk_server_callback(c, server_psk, agent_text(a[1]), NULL), d);
}

static int choose(cub_conn *conn, const char *name, cub_context *context, void *arg)
{
    (void)context;
    (void)arg;
    sni_has_name = name != NULL;
    snprintf(sni_name, sizeof sni_name, "%s", name ? name : "");
    if (strcmp(sni_action, "alert") == 0)
        return atoi(sni_argument);
    if (strcmp(sni_action, "context") == 0 &&
        cub_conn_set_context(conn, agent_context(sni_argument)) != CUB_OK)
        return CUB_ALERT_DESCRIPTION_HANDSHAKE_FAILURE;
    return 0;
}

cub_result agent_sni(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_context *c = agent_context(a[0]);

    (void)answer;
    snprintf(sni_action, sizeof sni_action, "%s", a[1]);
    snprintf(sni_argument, sizeof sni_argument, "%s", a[2]);
    return over(c, cub_context_set_sni_callback(c, agent_text(a[1]) ? choose : NULL, NULL), d);
}

cub_result agent_sni_seen(char **a, json_t *answer, struct cub_error_details *d)
{
    (void)a;
    (void)d;
    json_object_set_new(answer, "value", agent_string(sni_has_name ? sni_name : NULL));
    return CUB_OK;
}
