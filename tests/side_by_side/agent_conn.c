/* The agent's verbs about connections, and the functions of the module. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent.h"

/* What a function of a connection came to, with its details. */
static cub_result over(const cub_conn *conn, cub_result result, struct cub_error_details *d)
{
    if (result != CUB_OK)
        *d = *cub_conn_error(conn);
    return result;
}

static struct cub_wrap_options options(const char *side, const char *hostname)
{
    return (struct cub_wrap_options){
        .server_side = strcmp(side, "server") == 0,
        .server_hostname = agent_text(hostname),
    };
}

static cub_result wrap(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_wrap_options o = options(a[2], a[3]);
    struct agent_bios *b = calloc(1, sizeof *b);
    cub_conn *conn;
    cub_result result;

    (void)answer;
    if (agent_text(a[4]))
        o.session = cub_conn_get_session(agent_conn(a[4]));
    if (cub_bio_new(&b->incoming) != CUB_OK || cub_bio_new(&b->outgoing) != CUB_OK)
        abort();
    result = cub_context_wrap_bio(agent_context(a[1]), b->incoming, b->outgoing, &o, &conn);
    over(conn, result, d);
    agent_keep_bios(a[0], b);
    agent_keep_conn(a[0], conn);
    return result;
}

static cub_result connect_and_wrap(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_wrap_options o = options(a[2], a[3]);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)atoi(a[7])),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cub_conn *conn = NULL;
    cub_result result;

    (void)answer;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
        abort();
    o.do_handshake_on_connect = CUB_NO;
    o.suppress_ragged_eofs = strcmp(a[6], "1") == 0 ? CUB_YES : CUB_NO;
    result = cub_context_wrap_socket(agent_context(a[1]), fd, &o, &conn);
    if (result == CUB_OK)
        result = cub_conn_settimeout(conn, agent_text(a[5]) ? atof(a[5]) : -1);
    if (result == CUB_OK && strcmp(a[4], "1") == 0)
        result = cub_conn_do_handshake(conn);
    over(conn, result, d);
    agent_keep_conn(a[0], conn);
    if (result != CUB_OK)
        close(fd);
    return result;
}

static cub_result handshake(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);

    (void)answer;
    return over(conn, cub_conn_do_handshake(conn), d);
}

static cub_result read_some(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    size_t size = strtoul(a[1], NULL, 10), n;
    void *buffer = malloc(size + 1);
    cub_result result = cub_conn_read(conn, buffer, size, &n);

    if (result == CUB_OK)
        json_object_set_new(answer, "data", agent_hex(buffer, n));
    free(buffer);
    return over(conn, result, d);
}

/* Writes by one of the two functions. */
static cub_result put_data(char **a, json_t *answer, struct cub_error_details *d, bool all)
{
    cub_conn *conn = agent_conn(a[0]);
    uint8_t *data = malloc(strlen(a[1]) / 2 + 1);
    size_t len = agent_unhex(a[1], data), n = 0;
    cub_result result =
        all ? cub_conn_sendall(conn, data, len) : cub_conn_write(conn, data, len, &n);

    if (result == CUB_OK && !all)
        json_object_set_new(answer, "count", json_integer((json_int_t)n));
    free(data);
    return over(conn, result, d);
}

static cub_result write_some(char **a, json_t *answer, struct cub_error_details *d)
{
    return put_data(a, answer, d, false);
}

static cub_result write_all(char **a, json_t *answer, struct cub_error_details *d)
{
    return put_data(a, answer, d, true);
}

static cub_result unwrap(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);

    (void)answer;
    return over(conn, cub_conn_unwrap(conn), d);
}

static cub_result auth(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);

    (void)answer;
    return over(conn, cub_conn_verify_client_post_handshake(conn), d);
}

static cub_result shut_down(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);

    (void)answer;
    return over(conn, cub_conn_shutdown(conn, atoi(a[1])), d);
}

static cub_result close_conn(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    int fd = cub_conn_fileno(conn);

    (void)answer;
    (void)d;
    agent_keep_conn(a[0], NULL);
    if (fd >= 0)
        close(fd);
    return CUB_OK;
}

static cub_result out(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_bio *bio = agent_bios(a[0])->outgoing;
    size_t len = cub_bio_get_pending(bio);
    void *data = malloc(len + 1);

    (void)d;
    cub_bio_read(bio, data, len, &len);
    json_object_set_new(answer, "data", agent_hex(data, len));
    free(data);
    return CUB_OK;
}

static cub_result put(char **a, json_t *answer, struct cub_error_details *d)
{
    uint8_t *data = malloc(strlen(a[1]) / 2 + 1);
    size_t len = agent_unhex(a[1], data);
    cub_result result = cub_bio_write(agent_bios(a[0])->incoming, data, len);

    (void)answer;
    free(data);
    if (result != CUB_OK)
        *d = (struct cub_error_details){.result = result,
                                        .number = 0,
                                        .library = "",
                                        .reason = "",
                                        .message = "cannot write() after write_eof()"};
    return result;
}

static cub_result eof(char **a, json_t *answer, struct cub_error_details *d)
{
    (void)answer;
    (void)d;
    cub_bio_write_eof(agent_bios(a[0])->incoming);
    return CUB_OK;
}

static cub_result bio(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_bio *b = agent_bios(a[0])->incoming;

    (void)d;
    json_object_set_new(answer, "pending", json_integer((json_int_t)cub_bio_get_pending(b)));
    json_object_set_new(answer, "eof", json_boolean(cub_bio_get_eof(b)));
    return CUB_OK;
}

static cub_result info(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    struct cub_cipher cipher;
    json_t *list = json_null();

    (void)d;
    if (cub_conn_cipher(conn, &cipher))
        list = json_pack("[s s i]", cipher.name, cipher.protocol, cipher.secret_bits);
    json_object_set_new(answer, "version", agent_string(cub_conn_version(conn)));
    json_object_set_new(answer, "cipher", list);
    json_object_set_new(answer, "alpn", agent_string(cub_conn_selected_alpn_protocol(conn)));
    json_object_set_new(answer, "npn", agent_string(cub_conn_selected_npn_protocol(conn)));
    json_object_set_new(answer, "compression", agent_string(cub_conn_compression(conn)));
    json_object_set_new(answer, "reused", json_boolean(cub_conn_get_session_reused(conn)));
    json_object_set_new(answer, "server_side", json_boolean(cub_conn_get_server_side(conn)));
    json_object_set_new(answer, "server_hostname",
                        agent_string(cub_conn_get_server_hostname(conn)));
    json_object_set_new(answer, "pending", json_integer((json_int_t)cub_conn_pending(conn)));
    json_object_set_new(answer, "has_session", json_boolean(cub_conn_get_session(conn) != NULL));
    return CUB_OK;
}

static json_t *names(const struct cub_rdn *rdns, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *rdn = json_array();
        for (size_t j = 0; j < rdns[i].count; j++)
            json_array_append_new(rdn, json_pack("[s s]", rdns[i].attributes[j].name,
                                                 rdns[i].attributes[j].value));
        json_array_append_new(list, rdn);
    }
    return list;
}

/* Sets a list of strings, if there are any, as the dictionary has no empty ones. */
static void set_strings(json_t *o, const char *name, const struct cub_string_list *strings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < strings->count; i++)
        json_array_append_new(list, json_string(strings->strings[i]));
    if (strings->count)
        json_object_set(o, name, list);
    json_decref(list);
}

json_t *agent_cert(const struct cub_cert_info *cert)
{
    json_t *o = json_object(), *alt = json_array();

    if (!cert) {
        json_decref(alt);
        json_decref(o);
        return json_null();
    }
    for (size_t i = 0; i < cert->subjectAltName_count; i++) {
        const struct cub_alt_name *n = &cert->subjectAltName[i];
        json_array_append_new(alt, n->value ? json_pack("[s s]", n->name, n->value)
                                            : json_pack("[s o]", n->name,
                                                        names(n->directory, n->directory_count)));
    }
    if (cert->version) {
        json_object_set_new(o, "subject", names(cert->subject, cert->subject_count));
        json_object_set_new(o, "issuer", names(cert->issuer, cert->issuer_count));
        json_object_set_new(o, "version", json_integer(cert->version));
        json_object_set_new(o, "serialNumber", json_string(cert->serialNumber));
        json_object_set_new(o, "notBefore", json_string(cert->notBefore));
        json_object_set_new(o, "notAfter", json_string(cert->notAfter));
    }
    if (cert->subjectAltName_count)
        json_object_set(o, "subjectAltName", alt);
    json_decref(alt);
    set_strings(o, "OCSP", &cert->OCSP);
    set_strings(o, "caIssuers", &cert->caIssuers);
    set_strings(o, "crlDistributionPoints", &cert->crlDistributionPoints);
    return o;
}

static cub_result getpeercert(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    const struct cub_cert_info *cert;
    struct cub_bytes der;
    cub_result result = cub_conn_getpeercert(conn, &cert);

    if (result == CUB_OK) {
        json_object_set_new(answer, "cert", agent_cert(cert));
        result = cub_conn_getpeercert_der(conn, &der);
        json_object_set_new(answer, "der", der.data ? agent_hex(der.data, der.len) : json_null());
    }
    return over(conn, result, d);
}

static json_t *chain_json(const struct cub_bytes *chain, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, agent_hex(chain[i].data, chain[i].len));
    return list;
}

static cub_result chains(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    const struct cub_bytes *chain;
    size_t count;
    cub_result result = cub_conn_get_verified_chain(conn, &chain, &count);

    if (result == CUB_OK) {
        json_object_set_new(answer, "verified", chain_json(chain, count));
        result = cub_conn_get_unverified_chain(conn, &chain, &count);
        json_object_set_new(answer, "unverified", chain_json(chain, count));
    }
    return over(conn, result, d);
}

static cub_result shared_ciphers(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_cipher list[64];
    size_t count = cub_conn_shared_ciphers(agent_conn(a[0]), list, 64);
    json_t *ciphers = count ? json_array() : json_null();

    (void)d;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(ciphers, json_pack("[s s i]", list[i].name, list[i].protocol,
                                                 list[i].secret_bits));
    json_object_set_new(answer, "ciphers", ciphers);
    return CUB_OK;
}

static cub_result binding(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);
    uint8_t value[64];
    size_t len;
    cub_result result = cub_conn_get_channel_binding(conn, a[1], value, sizeof value, &len);

    json_object_set_new(answer, "data", len ? agent_hex(value, len) : json_null());
    return over(conn, result, d);
}

static cub_result session(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_session *s = cub_conn_get_session(agent_conn(a[0]));
    struct cub_bytes id;

    (void)d;
    cub_session_get_id(s, &id);
    json_object_set_new(answer, "has_ticket", json_boolean(cub_session_get_has_ticket(s)));
    json_object_set_new(answer, "timeout", json_integer(cub_session_get_timeout(s)));
    json_object_set_new(answer, "id_length", json_integer((json_int_t)id.len));
    return CUB_OK;
}

static cub_result set_session(char **a, json_t *answer, struct cub_error_details *d)
{
    cub_conn *conn = agent_conn(a[0]);

    (void)answer;
    return over(conn, cub_conn_set_session(conn, cub_conn_get_session(agent_conn(a[1]))), d);
}

static cub_result time_to_seconds(char **a, json_t *answer, struct cub_error_details *d)
{
    int64_t seconds;
    cub_result result = cub_cert_time_to_seconds(a[0], &seconds);

    if (result == CUB_OK)
        json_object_set_new(answer, "value", json_integer(seconds));
    else
        *d = (struct cub_error_details){.result = result};
    return result;
}

static cub_result decode(char **a, json_t *answer, struct cub_error_details *d)
{
    struct cub_bytes *certs;
    size_t count;
    struct cub_cert_info *info;
    cub_result result = cub_read_certs_file(a[0], &certs, &count, d);

    if (result != CUB_OK)
        return result;
    result = cub_cert_info_new(certs[0].data, certs[0].len, &info, d);
    if (result == CUB_OK) {
        json_object_set_new(answer, "cert", agent_cert(info));
        cub_cert_info_free(info);
    }
    cub_free(certs);
    return result;
}

static cub_result pem_to_der(char **a, json_t *answer, struct cub_error_details *d)
{
    char *pem = calloc(1, strlen(a[0]) / 2 + 1);
    uint8_t *der;
    size_t len;
    cub_result result;

    agent_unhex(a[0], (uint8_t *)pem);
    result = cub_PEM_cert_to_DER_cert(pem, &der, &len);
    if (result == CUB_OK) {
        json_object_set_new(answer, "der", agent_hex(der, len));
        cub_free(der);
    } else {
        *d = *cub_last_error(NULL);
        d->result = result;
    }
    free(pem);
    return result;
}

static cub_result der_to_pem(char **a, json_t *answer, struct cub_error_details *d)
{
    uint8_t *der = malloc(strlen(a[0]) / 2 + 1);
    size_t len = agent_unhex(a[0], der);
    char *pem;
    cub_result result = cub_DER_cert_to_PEM_cert(der, len, &pem);

    (void)d;
    if (result == CUB_OK) {
        json_object_set_new(answer, "pem", json_string(pem));
        cub_free(pem);
    }
    free(der);
    return result;
}

const struct agent_verb agent_verbs[] = {
    {"context",               2, agent_new                  },
    {"default",               3, agent_default              },
    {"get",                   2, agent_get                  },
    {"set",                   3, agent_set                  },
    {"load_cert_chain",       5, agent_load_cert_chain      },
    {"load_verify_locations", 5, agent_load_verify_locations},
    {"set_ciphers",           2, agent_set_ciphers          },
    {"set_ecdh_curve",        2, agent_set_ecdh_curve       },
    {"set_alpn_protocols",    2, agent_set_alpn_protocols   },
    {"cert_store_stats",      1, agent_cert_store_stats     },
    {"get_ca_certs",          1, agent_get_ca_certs         },
    {"session_stats",         1, agent_session_stats        },
    {"get_ciphers",           1, agent_get_ciphers          },
    {"psk_client",            3, agent_psk_client           },
    {"psk_server",            4, agent_psk_server           },
    {"sni",                   3, agent_sni                  },
    {"sni_seen",              0, agent_sni_seen             },
    {"wrap",                  5, wrap                       },
    {"connect",               8, connect_and_wrap           },
    {"handshake",             1, handshake                  },
    {"read",                  2, read_some                  },
    {"write",                 2, write_some                 },
    {"sendall",               2, write_all                  },
    {"unwrap",                1, unwrap                     },
    {"auth",                  1, auth                       },
    {"shutdown",              2, shut_down                  },
    {"close",                 1, close_conn                 },
    {"out",                   1, out                        },
    {"put",                   2, put                        },
    {"eof",                   1, eof                        },
    {"bio",                   1, bio                        },
    {"info",                  1, info                       },
    {"getpeercert",           1, getpeercert                },
    {"chains",                1, chains                     },
    {"shared_ciphers",        1, shared_ciphers             },
    {"binding",               2, binding                    },
    {"session",               1, session                    },
    {"set_session",           2, set_session                },
    {"cert_time_to_seconds",  1, time_to_seconds            },
    {"decode",                1, decode                     },
    {"pem_to_der",            1, pem_to_der                 },
    {"der_to_pem",            1, der_to_pem                 },
    {"reset",                 0, agent_reset                },
    {NULL,                    0, NULL                       },
};
