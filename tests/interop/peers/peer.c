#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void peer_must(bool ok, const char *what, long code)
{
    if (ok)
        return;
    fprintf(stderr, "%s failed: %ld (%s0x%lx)\n", what, code, code < 0 ? "-" : "", labs(code));
    exit(1);
}

bool peer_is_line(const char *data, size_t len)
{
    return len == PEER_LINE_LEN && memcmp(data, PEER_LINE, len) == 0;
}

size_t peer_read(const char *path, const char *extension, unsigned char *data, size_t size)
{
    char name[512];
    FILE *file;

    snprintf(name, sizeof name, "%s%s", path, extension);
    file = fopen(name, "rb");
    peer_must(file != NULL, name, 0);
    size = fread(data, 1, size, file);
    fclose(file);
    return size;
}

static unsigned group_of(const char *name)
{
    return strcmp(name, "x25519") == 0      ? 29
           : strcmp(name, "secp256r1") == 0 ? 23
           : strcmp(name, "secp384r1") == 0 ? 24
                                            : 25;
}

static void set(struct peer *peer, const char *name, const char *value)
{
    if (strcmp(name, "port") == 0) {
        peer->port = atoi(value);
    } else if (strcmp(name, "version") == 0) {
        peer->tls13 = strcmp(value, "1.3") == 0;
    } else if (strcmp(name, "ca") == 0) {
        peer->ca = value;
        snprintf(peer->ca_pem, sizeof peer->ca_pem, "%s.pem", value);
    } else if (strcmp(name, "key") == 0) {
        peer->key = value;
        snprintf(peer->key_pem, sizeof peer->key_pem, "%s.pem", value);
        snprintf(peer->key_key, sizeof peer->key_key, "%s.key", value);
    } else if (strcmp(name, "verify") == 0) {
        peer->verify = true;
    } else if (strcmp(name, "resume") == 0) {
        peer->resume = true;
    } else if (strcmp(name, "suite") == 0) {
        peer->suite = (unsigned)strtoul(value, NULL, 16);
    } else if (strcmp(name, "dh") == 0) {
        peer->dh = value;
    } else if (strcmp(name, "alpn") == 0) {
        peer->alpn = value;
    } else if (strcmp(name, "group") == 0) {
        peer->group = group_of(value);
    } else if (strcmp(name, "identity") == 0) {
        peer->identity = value;
    } else if (strcmp(name, "psk") == 0) {
        unsigned byte;

        while (peer->psk_len < sizeof peer->psk && sscanf(value, "%2x", &byte) == 1) {
            peer->psk[peer->psk_len++] = (unsigned char)byte;
            value += 2;
        }
    } else {
        peer_must(false, name, 0);
    }
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void listen_on(struct peer *peer)
{
    struct sockaddr_in address = loopback(peer->port);
    socklen_t len = sizeof address;

    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    peer_must(bind(peer->listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                  listen(peer->listener, 16) == 0,
              "listen", 0);
    getsockname(peer->listener, (struct sockaddr *)&address, &len);
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
}

int peer_run(struct peer *peer, int argc, char **argv, void (*list)(void), void (*begin)(void),
             void (*connect)(bool resume))
{
    signal(SIGPIPE, SIG_IGN);
    peer_must(argc > 1, "arguments", argc);
    if (argc == 2)
        return list(), 0;
    peer->is_server = strcmp(argv[1], "server") == 0;
    for (int i = 2; i < argc; i++) {
        char *equals = strchr(argv[i], '=');

        peer_must(equals != NULL, argv[i], 0);
        *equals = '\0';
        set(peer, argv[i], equals + 1);
    }
    begin();
    if (peer->is_server)
        listen_on(peer);
    do
        connect(false);
    while (peer->is_server);
    if (peer->resume)
        connect(true);
    fputs(PEER_LINE, stdout);
    return 0;
}

int peer_next(const struct peer *peer)
{
    struct sockaddr_in address = loopback(peer->port);
    int on = 1, fd;

    if (peer->is_server) {
        fd = accept(peer->listener, NULL, NULL);
        peer_must(fd >= 0, "accept", fd);
    } else {
        fd = socket(AF_INET, SOCK_STREAM, 0);
        peer_must(connect(fd, (struct sockaddr *)&address, sizeof address) == 0, "connect", fd);
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}
