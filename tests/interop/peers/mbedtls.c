/* mbedTLS 2.28: TLS 1.2. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ticket.h>

#include "peer.h"

static struct peer peer;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_numbers;
static mbedtls_ssl_config config;
static mbedtls_x509_crt ca, chain;
static mbedtls_pk_context key;
static mbedtls_ssl_ticket_context tickets;
static mbedtls_ssl_session session;

static void must(int result, const char *what)
{
    peer_must(result == 0, what, result);
}

static void list_suites(void)
{
    for (const int *id = mbedtls_ssl_list_ciphersuites(); *id; id++)
        printf("%04X\n", *id);
}

static void set_lists(void)
{
    static int suites[2];
    static mbedtls_ecp_group_id groups[2];
    static const char *alpn[2];

    suites[0] = (int)peer.suite;
    if (peer.suite)
        mbedtls_ssl_conf_ciphersuites(&config, suites);
    if (peer.group) {
        groups[0] = mbedtls_ecp_curve_info_from_tls_id((uint16_t)peer.group)->grp_id;
        mbedtls_ssl_conf_curves(&config, groups);
    }
    alpn[0] = peer.alpn;
    if (peer.alpn)
        must(mbedtls_ssl_conf_alpn_protocols(&config, alpn), "alpn");
}

static void set_up(void)
{
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random_numbers);
    must(mbedtls_ctr_drbg_seed(&random_numbers, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
    mbedtls_ssl_config_init(&config);
    must(mbedtls_ssl_config_defaults(&config,
                                     peer.is_server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
                                     MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
         "defaults");
    mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random_numbers);
    mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    must(mbedtls_x509_crt_parse_file(&ca, peer.ca_pem), "ca");
    mbedtls_ssl_conf_ca_chain(&config, &ca, NULL);
    if (!peer.is_server || peer.verify)
        mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
    if (*peer.key_pem) {
        must(mbedtls_x509_crt_parse_file(&chain, peer.key_pem), "certificate");
        must(mbedtls_pk_parse_keyfile(&key, peer.key_key, NULL), "key");
        must(mbedtls_ssl_conf_own_cert(&config, &chain, &key), "own certificate");
    }
    if (peer.psk_len > 0)
        must(mbedtls_ssl_conf_psk(&config, peer.psk, peer.psk_len,
                                  (const unsigned char *)peer.identity, strlen(peer.identity)),
             "psk");
    set_lists();
    if (peer.is_server) {
        mbedtls_ssl_ticket_init(&tickets);
        must(mbedtls_ssl_ticket_setup(&tickets, mbedtls_ctr_drbg_random, &random_numbers,
                                      MBEDTLS_CIPHER_AES_256_GCM, 3600),
             "tickets");
        mbedtls_ssl_conf_session_tickets_cb(&config, mbedtls_ssl_ticket_write,
                                            mbedtls_ssl_ticket_parse, &tickets);
    }
}

/* Sends back what comes. */
static int serve(mbedtls_ssl_context *ssl)
{
    unsigned char data[4096];
    int n;

    while ((n = mbedtls_ssl_read(ssl, data, sizeof data)) > 0)
        mbedtls_ssl_write(ssl, data, (size_t)n);
    return n == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY ? 0 : n;
}

static void ask(mbedtls_ssl_context *ssl)
{
    char data[PEER_LINE_LEN];
    int n = mbedtls_ssl_write(ssl, (const unsigned char *)PEER_LINE, PEER_LINE_LEN);

    peer_must(n == PEER_LINE_LEN, "write", n);
    n = mbedtls_ssl_read(ssl, (unsigned char *)data, sizeof data);
    peer_must(n > 0 && peer_is_line(data, (size_t)n), "answer", n);
}

static void connect_once(bool resume)
{
    mbedtls_net_context socket = {peer_next(&peer)};
    mbedtls_ssl_context ssl;
    int result;

    mbedtls_ssl_init(&ssl);
    must(mbedtls_ssl_setup(&ssl, &config), "setup");
    mbedtls_ssl_set_bio(&ssl, &socket, mbedtls_net_send, mbedtls_net_recv, NULL);
    if (!peer.is_server)
        must(mbedtls_ssl_set_hostname(&ssl, "localhost"), "hostname");
    if (resume)
        must(mbedtls_ssl_set_session(&ssl, &session), "session");
    result = mbedtls_ssl_handshake(&ssl);
    if (peer.is_server) {
        if (result == 0)
            result = serve(&ssl);
        fprintf(stderr, "result: -0x%x\n", (unsigned)-result);
    } else {
        must(result, "handshake");
        ask(&ssl);
        must(mbedtls_ssl_get_session(&ssl, &session), "session");
    }
    mbedtls_ssl_close_notify(&ssl);
    mbedtls_ssl_free(&ssl);
    close(socket.fd);
}

int main(int argc, char **argv)
{
    return peer_run(&peer, argc, argv, list_suites, set_up, connect_once);
}
