/*
 * A peer that misbehaves: TLS 1.3, client or server, built on the codec and the key schedule alone,
 * against one engine, its victim. It does the handshake step by step, each message in a record of
 * its own, and asks a hook before each step, which may change what is said, leave it out, or send
 * something else first.
 */
#ifndef CUB_TESTS_SUPPORT_PEER_H
#define CUB_TESTS_SUPPORT_PEER_H

#include "handshake/certificate.h"
#include "handshake/client_hello.h"
#include "handshake/messages.h"
#include "handshake/server_hello.h"
#include "tests/support/pump.h"

/* In the order of the handshake; a server has no hello and a client none of the server's. */
enum peer_step {
    PEER_CLIENT_HELLO,
    PEER_RETRY, /* HelloRetryRequest */
    PEER_CLIENT_HELLO_AGAIN,
    PEER_SERVER_HELLO,
    PEER_CCS, /* the dummy ChangeCipherSpec */
    PEER_ENCRYPTED_EXTENSIONS,
    PEER_CERTIFICATE_REQUEST,
    PEER_CERTIFICATE,
    PEER_CERTIFICATE_VERIFY,
    PEER_FINISHED,
    PEER_CONNECTED, /* nothing is said: the hook may */
};

enum peer_moment {
    PEER_BEFORE,  /* the structs are filled in and may be changed; skip leaves the step out */
    PEER_ENCODED, /* the message may be changed; what it is then joins the transcript and is sent */
    PEER_BETWEEN, /* between the two records of a message that was cut */
};

#define PEER_MESSAGE    32768
#define PEER_TRANSCRIPT 65536

struct peer;
typedef void peer_hook(struct peer *p, enum peer_step step, enum peer_moment moment);

struct peer {
    struct end victim;
    bool is_server; /* the peer's role: the other one than the victim's */

    /* What handshake to make. */
    bool retry;     /* with a HelloRetryRequest */
    bool cookie;    /* that has a cookie */
    bool ask;       /* for a client certificate */
    bool no_compat; /* without legacy_session_id and ChangeCipherSpec */
    peer_hook *hook;
    const void *hook_context;

    /* For the hook: what is about to be said. */
    struct cub_client_hello client_hello;
    struct cub_server_hello server_hello; /* and HelloRetryRequest */
    struct cub_encrypted_extensions encrypted_extensions;
    struct cub_certificate_request certificate_request;
    struct cub_view request_context; /* Certificate */
    struct cub_view chain[2];
    size_t chain_len;
    const struct cub_sign_scheme *scheme; /* CertificateVerify */
    const struct cub_private_key *key;
    bool skip;     /* leaves the step out, if set at PEER_BEFORE */
    size_t cut;    /* the message is sent in two records, the first with so many bytes; 0: in one */
    size_t limit;  /* the most content in a record of a message; 0: none */
    uint8_t outer; /* type in the header of the next protected record; 0: application_data */
    size_t padded; /* zeros to put behind the content of the next protected record */
    uint8_t message[PEER_MESSAGE];
    size_t message_len;
    const void *trailer; /* more bytes for the message's record, in no transcript */
    size_t trailer_len;

    /* What came from the victim. */
    unsigned got[256]; /* handshake messages, by type */
    unsigned got_ccs;
    enum cub_alert alert; /* ALERT_NONE: none */
    uint8_t alert_level;
    bool alert_protected;
    uint64_t data; /* bytes of application data */
    unsigned data_records;
    uint8_t last[PEER_MESSAGE]; /* the last handshake message */
    size_t last_len;
    unsigned key_updates_requested;

    /* The handshake. */
    struct test_random random_state;
    struct cub_random random;
    const struct cub_suite *suite;
    const struct cub_group *group;
    struct cub_protection in, out;
    uint8_t transcript[PEER_TRANSCRIPT];
    size_t transcript_len;
    uint8_t secret[CUB_MAX_SECRET];
    uint8_t own_secret[CUB_MAX_SECRET]; /* handshake, then application traffic secrets */
    uint8_t victim_secret[CUB_MAX_SECRET];
    uint8_t own_next[CUB_MAX_SECRET]; /* application traffic secrets while they wait */
    uint8_t victim_next[CUB_MAX_SECRET];
    uint8_t private_value[CUB_GROUP_MAX_PRIVATE];
    uint8_t share[4 + CUB_GROUP_MAX_SHARE];
    uint8_t random_bytes[32];
    uint8_t session_id[32];
    uint8_t session_id_len;
    uint8_t client_share[CUB_GROUP_MAX_SHARE];
    size_t client_share_len;
    uint8_t cookie_bytes[64];
    size_t cookie_len;
    bool finished_came;           /* the victim's */
    bool asked;                   /* the victim wants a certificate */
    uint8_t stream[PEER_MESSAGE]; /* handshake bytes that are no whole message yet */
    size_t stream_len;
    uint8_t record[5 + 16384 + 2048];
    size_t record_len;
};

/* A peer for a victim of this role, and the victim as end_init makes it, with the groups x25519 and
 * secp256r1; with retry set, a server as victim has secp256r1 alone. */
void peer_init(struct peer *p, bool victim_is_server);
/* The handshake, until it is over or the victim fails. True if the victim is connected. */
bool peer_run(struct peer *p);
/* The handshake of a peer without a hook, asserted to succeed. */
void peer_connect(struct peer *p);

/* Sends content under the present key, at any length, and takes what the victim answers. */
void peer_send(struct peer *p, uint8_t type, const void *content, size_t len);
/* The same with another header, or in the clear whatever the key. */
void peer_send_plain(struct peer *p, uint8_t type, uint16_t version, const void *content,
                     size_t len);
/* Bytes as they are. */
void peer_send_raw(struct peer *p, const void *bytes, size_t len);
/* Sends a handshake message with this body, which joins no transcript. */
void peer_send_message(struct peer *p, uint8_t type, const void *body, size_t len);
/* Sends a KeyUpdate and changes the key. */
void peer_send_key_update(struct peer *p, uint8_t request_update);
/* Changes the key only. */
void peer_update_key(struct peer *p);

/* Appends an extension to p->message, or removes one; the lengths follow. */
void peer_add_extension(struct peer *p, uint16_t type, const void *body, size_t len);
void peer_remove_extension(struct peer *p, uint16_t type);
/* The body of an extension of p->message, in place; asserts that it is there. */
uint8_t *peer_find_extension(struct peer *p, uint16_t type, size_t *len);
/* Writes p->message_len into the header of p->message. */
void peer_fix_length(struct peer *p);

#endif
