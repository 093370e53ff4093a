/* wolfSSL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include "peer.h"

static struct peer peer;
static WOLFSSL_CTX *ctx;
static WOLFSSL_SESSION *session;

static void must(int result, const char *what)
{
    peer_must(result == WOLFSSL_SUCCESS, what, result);
}

/* The suite that a name stands for. */
static unsigned number_of(const char *name)
{
    unsigned char first = 0, second = 0;
    int flags = 0;

    must(wolfSSL_get_cipher_suite_from_name(name, &first, &second, &flags) == 0, name);
    return (unsigned)first << 8 | second;
}

/* Lists all suites, or finds the name of one. */
static const char *look_up(unsigned suite)
{
    static char names[16384];

    must(wolfSSL_get_ciphers(names, sizeof names), "suites");
    for (char *name = strtok(names, ":"); name; name = strtok(NULL, ":")) {
        if (suite == 0)
            printf("%04X\n", number_of(name));
        else if (number_of(name) == suite)
            return name;
    }
    return NULL;
}

static unsigned client_psk(WOLFSSL *ssl, const char *hint, char *identity, unsigned identity_size,
                           unsigned char *key, unsigned key_size)
{
    (void)ssl;
    (void)hint;
    (void)key_size;
    snprintf(identity, identity_size, "%s", peer.identity);
    memcpy(key, peer.psk, peer.psk_len);
    return (unsigned)peer.psk_len;
}

static unsigned server_psk(WOLFSSL *ssl, const char *identity, unsigned char *key,
                           unsigned key_size)
{
    (void)ssl;
    (void)key_size;
    memcpy(key, peer.psk, peer.psk_len);
    return strcmp(identity, peer.identity) == 0 ? (unsigned)peer.psk_len : 0;
}

static void make_context(void)
{
    wolfSSL_Init();
    ctx = wolfSSL_CTX_new(peer.is_server ? peer.tls13 ? wolfTLSv1_3_server_method()
                                                      : wolfTLSv1_2_server_method()
                          : peer.tls13 ? wolfTLSv1_3_client_method()
                                         : wolfTLSv1_2_client_method());
    peer_must(ctx != NULL, "context", 0);
    must(wolfSSL_CTX_load_verify_locations(ctx, peer.ca_pem, NULL), "ca");
    if (!peer.is_server || peer.verify)
        wolfSSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    else
        wolfSSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    if (*peer.key_pem) {
        must(wolfSSL_CTX_use_certificate_chain_file(ctx, peer.key_pem), "certificate");
        must(wolfSSL_CTX_use_PrivateKey_file(ctx, peer.key_key, SSL_FILETYPE_PEM), "key");
    }
    if (peer.dh)
        must(wolfSSL_CTX_SetTmpDH_file(ctx, peer.dh, SSL_FILETYPE_PEM), "dh");
    if (peer.suite)
        must(wolfSSL_CTX_set_cipher_list(ctx, look_up(peer.suite)), "suite");
    if (peer.psk_len > 0) {
        wolfSSL_CTX_set_psk_client_callback(ctx, client_psk);
        wolfSSL_CTX_set_psk_server_callback(ctx, server_psk);
    }
}

static void set_up(WOLFSSL *ssl)
{
    if (peer.alpn)
        must(wolfSSL_UseALPN(ssl, (char *)peer.alpn, (unsigned)strlen(peer.alpn),
                             WOLFSSL_ALPN_CONTINUE_ON_MISMATCH),
             "alpn");
    if (peer.is_server)
        return;
    must(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, "localhost", 9), "name");
    must(wolfSSL_check_domain_name(ssl, "localhost"), "name");
    must(wolfSSL_UseSessionTicket(ssl), "ticket");
    /* It cannot read a share of x25519 where there is no certificate in TLS 1.2. */
    if (!peer.group && peer.psk_len > 0 && !peer.tls13)
        peer.group = WOLFSSL_ECC_SECP256R1;
    if (peer.group)
        must(wolfSSL_UseSupportedCurve(ssl, (word16)peer.group), "group");
    if (peer.group && peer.tls13)
        must(wolfSSL_UseKeyShare(ssl, (word16)peer.group), "share");
}

/* A server sends back what comes; a client sends the line and wants it back. */
static void converse(WOLFSSL *ssl)
{
    char data[4096];
    int n;

    if (peer.is_server) {
        while ((n = wolfSSL_read(ssl, data, sizeof data)) > 0)
            wolfSSL_write(ssl, data, n);
    } else {
        must(wolfSSL_write(ssl, PEER_LINE, PEER_LINE_LEN) == PEER_LINE_LEN, "write");
        n = wolfSSL_read(ssl, data, sizeof data);
        peer_must(n > 0 && peer_is_line(data, (size_t)n), "answer", n);
    }
}

static void connect_once(bool resume)
{
    int fd = peer_next(&peer);
    WOLFSSL *ssl = wolfSSL_new(ctx);
    int result;

    set_up(ssl);
    wolfSSL_set_fd(ssl, fd);
    if (resume)
        must(wolfSSL_set_session(ssl, session), "session");
    result = peer.is_server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
    if (result != WOLFSSL_SUCCESS)
        fprintf(stderr, "handshake failed: %d\n", wolfSSL_get_error(ssl, result));
    if (!peer.is_server)
        must(result, "connect");
    if (result == WOLFSSL_SUCCESS)
        converse(ssl);
    if (!peer.is_server)
        session = wolfSSL_get1_session(ssl);
    wolfSSL_shutdown(ssl);
    wolfSSL_free(ssl);
    close(fd);
}

static void list_suites(void)
{
    look_up(0);
}

int main(int argc, char **argv)
{
    return peer_run(&peer, argc, argv, list_suites, make_context, connect_once);
}
