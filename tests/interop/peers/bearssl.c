/* BearSSL's own ssl: TLS 1.2. Certificates and keys come as DER, which needs little code here. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bearssl.h>

#include "peer.h"

#define SIZE 8192

static struct peer peer;
static uint8_t ca_der[SIZE], ca_name[SIZE], chain_der[SIZE];
static size_t ca_name_len;
static br_x509_decoder_context ca;
static br_x509_trust_anchor anchor;
static br_x509_certificate chain[1] = {{.data = chain_der}};
static br_skey_decoder_context key;
static br_x509_minimal_context x509;
static br_ssl_client_context client;
static br_ssl_server_context server;
static br_ssl_engine_context *engine;
static br_ssl_session_cache_lru cache;

static void add_name(void *arg, const void *data, size_t len)
{
    (void)arg;
    memcpy(ca_name + ca_name_len, data, len);
    ca_name_len += len;
}

static void load(void)
{
    uint8_t key_der[SIZE];

    br_x509_decoder_init(&ca, add_name, NULL);
    br_x509_decoder_push(&ca, ca_der, peer_read(peer.ca, ".der", ca_der, SIZE));
    peer_must(br_x509_decoder_get_pkey(&ca) != NULL, "ca", br_x509_decoder_last_error(&ca));
    anchor.dn.data = ca_name;
    anchor.dn.len = ca_name_len;
    anchor.flags = BR_X509_TA_CA;
    anchor.pkey = *br_x509_decoder_get_pkey(&ca);
    if (peer.key) {
        chain[0].data_len = peer_read(peer.key, ".der", chain_der, SIZE);
        br_skey_decoder_init(&key);
        br_skey_decoder_push(&key, key_der, peer_read(peer.key, ".key.der", key_der, SIZE));
    }
}

static void set_up_client(void)
{
    const br_ec_private_key *ec = peer.key ? br_skey_decoder_get_ec(&key) : NULL;
    const br_rsa_private_key *rsa = peer.key ? br_skey_decoder_get_rsa(&key) : NULL;

    br_ssl_client_init_full(&client, &x509, &anchor, 1);
    engine = &client.eng;
    if (ec)
        br_ssl_client_set_single_ec(&client, chain, 1, ec, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC,
                                    br_ec_get_default(), br_ecdsa_sign_asn1_get_default());
    if (rsa)
        br_ssl_client_set_single_rsa(&client, chain, 1, rsa, br_rsa_pkcs1_sign_get_default());
}

static void set_up_server(void)
{
    if (br_skey_decoder_key_type(&key) == BR_KEYTYPE_EC)
        br_ssl_server_init_full_ec(&server, chain, 1, BR_KEYTYPE_EC, br_skey_decoder_get_ec(&key));
    else
        br_ssl_server_init_full_rsa(&server, chain, 1, br_skey_decoder_get_rsa(&key));
    engine = &server.eng;
    if (peer.verify) {
        br_x509_minimal_init_full(&x509, &anchor, 1);
        br_ssl_engine_set_default_rsavrfy(engine);
        br_ssl_engine_set_default_ecdsa(engine);
        br_ssl_engine_set_x509(engine, &x509.vtable);
        br_ssl_server_set_trust_anchor_names_alt(&server, &anchor, 1);
    }
}

static void set_up(void)
{
    static uint8_t buffer[BR_SSL_BUFSIZE_BIDI], sessions[SIZE];
    static const char *alpn[1];
    static br_ec_impl ec;
    uint16_t suite = (uint16_t)peer.suite;

    load();
    if (peer.is_server)
        set_up_server();
    else
        set_up_client();
    br_ssl_engine_set_buffer(engine, buffer, sizeof buffer, 1);
    br_ssl_engine_set_versions(engine, BR_TLS12, BR_TLS12);
    if (peer.suite)
        br_ssl_engine_set_suites(engine, &suite, 1);
    alpn[0] = peer.alpn;
    if (peer.alpn)
        br_ssl_engine_set_protocol_names(engine, alpn, 1);
    if (peer.group) {
        ec = *br_ec_get_default();
        ec.supported_curves = 1u << peer.group; /* they are numbered as in TLS */
        br_ssl_engine_set_ec(engine, &ec);
    }
    br_ssl_session_cache_lru_init(&cache, sessions, sizeof sessions);
    if (peer.is_server)
        br_ssl_server_set_cache(&server, &cache.vtable);
}

static int sock_read(void *arg, unsigned char *data, size_t len)
{
    ssize_t n = read(*(int *)arg, data, len);

    return n > 0 ? (int)n : -1;
}

static int sock_write(void *arg, const unsigned char *data, size_t len)
{
    return (int)write(*(int *)arg, data, len);
}

static void connect_once(bool resume)
{
    int fd = peer_next(&peer), n;
    br_sslio_context io;
    char data[4096];

    if (peer.is_server)
        br_ssl_server_reset(&server);
    else
        br_ssl_client_reset(&client, "localhost", resume);
    br_sslio_init(&io, engine, sock_read, &fd, sock_write, &fd);
    if (peer.is_server) {
        while ((n = br_sslio_read(&io, data, sizeof data)) > 0)
            if (br_sslio_write_all(&io, data, (size_t)n) < 0 || br_sslio_flush(&io) < 0)
                break;
    } else {
        br_sslio_write_all(&io, PEER_LINE, PEER_LINE_LEN);
        br_sslio_flush(&io);
        n = br_sslio_read(&io, data, sizeof data);
        peer_must(n > 0 && peer_is_line(data, (size_t)n), "answer",
                  br_ssl_engine_last_error(engine));
    }
    br_sslio_close(&io);
    fprintf(stderr, "result: %d\n", br_ssl_engine_last_error(engine));
    close(fd);
}

static void list_suites(void)
{
    br_ssl_client_init_full(&client, &x509, NULL, 0);
    for (size_t i = 0; i < client.eng.suites_num; i++)
        printf("%04X\n", client.eng.suites_buf[i]);
}

int main(int argc, char **argv)
{
    return peer_run(&peer, argc, argv, list_suites, set_up, connect_once);
}
