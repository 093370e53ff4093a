/*
 * What the peers written in C share: their arguments, sockets, and the conversation of a client.
 * They are called as
 *
 *     PROGRAM suites                        prints the numbers of its cipher suites, in hexadecimal
 *     PROGRAM server port=0 version=1.2 ca=PATH key=PATH dh=FILE [verify=1] [alpn=NAME] [identity=
 * psk=HEX] PROGRAM client port=N version=1.2 ca=PATH [key=PATH] [suite=C02F] [alpn=NAME]
 * [group=x25519] [identity= psk=HEX] [resume=1]
 *
 * PATH.pem and PATH.der are a certificate, PATH.key and PATH.key.der its key. A server says
 * "listening on 127.0.0.1:PORT" and sends back what comes. A client verifies that the server is
 * localhost, sends "ping\n", and says it when it has come back; with resume, over the second of two
 * connections, if that resumed the first.
 */
#ifndef CUB_TESTS_INTEROP_PEER_H
#define CUB_TESTS_INTEROP_PEER_H

#include <stdbool.h>
#include <stddef.h>

#define PEER_LINE     "ping\n"
#define PEER_LINE_LEN 5

struct peer {
    bool is_server;
    bool verify;
    bool resume;
    int tls13;         /* version=1.3 */
    unsigned suite;    /* 0: any */
    char key_pem[512]; /* certificate and key; empty: none */
    char key_key[512];
    char ca_pem[512];
    const char *ca; /* the paths without .pem; NULL: none */
    const char *key;
    const char *dh;   /* a server's parameters for DHE, PEM */
    const char *alpn; /* NULL: none */
    unsigned group;   /* as in TLS; 0: any */
    const char *identity;
    unsigned char psk[64];
    size_t psk_len;
    int port;
    int listener;
};

/*
 * The whole program: fills peer, and calls list to print the suites; or begin, to set up, and then
 * connect for each connection, with true for a client's second, which is to resume the first.
 */
int peer_run(struct peer *peer, int argc, char **argv, void (*list)(void), void (*begin)(void),
             void (*connect)(bool resume));
/* The next connection: accepted or made; a socket. */
int peer_next(const struct peer *peer);
/* The content of the file path + extension; its length. */
size_t peer_read(const char *path, const char *extension, unsigned char *data, size_t size);
/* Whether the whole line has come back. */
bool peer_is_line(const char *data, size_t len);
/* Ends the program with a line about what failed, unless ok. */
void peer_must(bool ok, const char *what, long code);

#endif
