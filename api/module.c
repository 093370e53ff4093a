/*
 * Functions of the ssl module that only put others together.
 */
#include "api/cubtls.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "api/conn.h"
#include "api/result.h"
#include "x509/cert.h"
#include "x509/hostname.h"

cub_result cub_match_hostname(const struct cub_cert_info *info, const char *hostname,
                              struct cub_error_details *details)
{
    struct cub_cert cert;
    enum cub_error error;

    if (!info || !info->der.data)
        return cub_report(details, E_NO_PEER_CERT);
    error = cub_cert_parse(&cert, info->der.data, info->der.len);
    if (error == E_OK)
        error = cub_hostname_check(&cert, hostname);
    return cub_report_verify(details, error, hostname);
}

/* A client's context that verifies against a file, or nothing at all. */
static cub_result certificate_context(const char *ca_certs, cub_context **context)
{
    cub_result result = cub_context_new(CUB_PROTOCOL_TLS_CLIENT, context);

    if (result == CUB_OK)
        result = cub_context_set_check_hostname(*context, false);
    if (result == CUB_OK && ca_certs)
        return cub_context_load_verify_locations(*context, ca_certs, NULL, NULL, 0);
    return result == CUB_OK ? cub_context_set_verify_mode(*context, CUB_CERT_NONE) : result;
}

/* The server's certificate over a connected socket. */
static cub_result fetch_certificate(cub_context *context, int fd, const char *host, double timeout,
                                    char **pem, struct cub_error_details *details)
{
    struct cub_wrap_options options = {.server_hostname = host, .do_handshake_on_connect = CUB_NO};
    struct cub_bytes der;
    cub_conn *conn;
    cub_result result = cub_context_wrap_socket(context, fd, &options, &conn);

    if (result == CUB_OK)
        result = cub_conn_settimeout(conn, timeout);
    if (result == CUB_OK)
        result = cub_conn_do_handshake(conn);
    if (result == CUB_OK)
        result = cub_conn_getpeercert_der(conn, &der);
    *details = *cub_conn_error(conn);
    if (result == CUB_OK)
        result = cub_DER_cert_to_PEM_cert(der.data, der.len, pem);
    if (result == CUB_MemoryError)
        (void)cub_report(details, E_MEMORY);
    cub_conn_free(conn);
    return result;
}

cub_result cub_get_server_certificate(const char *host, uint16_t port, const char *ca_certs,
                                      double timeout, char **pem, struct cub_error_details *details)
{
    struct cub_error_details own;
    cub_context *context;
    cub_result result = certificate_context(ca_certs, &context);
    int fd;

    *pem = NULL;
    if (!details)
        details = &own;
    *details = *cub_last_error(context);
    if (result == CUB_OK)
        result = cub_create_connection(host, port, timeout, &fd, details);
    if (result == CUB_OK) {
        result = fetch_certificate(context, fd, host, timeout, pem, details);
        (void)close(fd);
    }
    cub_context_free(context);
    return result;
}

static cub_result legacy_context(const struct cub_wrap_socket_options *options,
                                 cub_context **context)
{
    cub_result result = cub_context_new(CUB_PROTOCOL_TLS, context);

    if (result == CUB_OK)
        result = cub_context_set_verify_mode(*context, options->cert_reqs);
    if (result == CUB_OK && options->ca_certs)
        result = cub_context_load_verify_locations(*context, options->ca_certs, NULL, NULL, 0);
    if (result == CUB_OK && options->certfile)
        result = cub_context_load_cert_chain(*context, options->certfile, options->keyfile, NULL);
    if (result == CUB_OK && options->ciphers)
        result = cub_context_set_ciphers(*context, options->ciphers);
    return result;
}

cub_result cub_wrap_socket(int fd, const struct cub_wrap_socket_options *options, cub_conn **conn)
{
    static const struct cub_wrap_socket_options defaults = {0};
    struct cub_wrap_options wrap;
    cub_context *context;
    cub_result result;

    if (!options)
        options = &defaults;
    wrap = (struct cub_wrap_options){
        .server_side = options->server_side,
        .do_handshake_on_connect = options->do_handshake_on_connect,
        .suppress_ragged_eofs = options->suppress_ragged_eofs,
    };
    *conn = NULL;
    result = legacy_context(options, &context);
    if (result == CUB_OK)
        result = cub_context_wrap_socket(context, fd, &wrap, conn);
    else if (context)
        *conn = cub_conn_failed(context);
    cub_context_free(context);
    return *conn ? result : CUB_MemoryError;
}
