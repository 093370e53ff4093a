/*
 * The state of a connection: struct cub_engine, which lives as long as the connection, and struct
 * cub_handshake, which lives in memory that can be taken back when the handshake is over.
 */
#ifndef CUB_HANDSHAKE_CONNECTION_H
#define CUB_HANDSHAKE_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "handshake/config.h"
#include "handshake/wire.h"
#include "record/record_in.h"
#include "record/record_out.h"

struct cub_handshake;
struct cub_row;
struct cub_protocol;

#define CUB_MAX_SECRET 48 /* SHA-384 */

/* Why a connection waits for its owner. */
enum cub_wait {
    CUB_WAIT_NOTHING,
    CUB_WAIT_HELLO,   /* server: a ClientHello came; the configuration may be changed */
    CUB_WAIT_VERIFY,  /* the verifier has not decided yet */
    CUB_WAIT_SIGN,    /* the private key has not signed yet */
    CUB_WAIT_SESSION, /* the session store has not answered yet */
    CUB_WAIT_MEMORY,  /* a message needs more memory than the handshake's was exchanged for */
};

/* Keys a direction can have; in the order of enum cub_key. */
enum cub_epoch {
    CUB_EPOCH_PLAINTEXT,
    CUB_EPOCH_EARLY,
    CUB_EPOCH_HANDSHAKE,
    CUB_EPOCH_APPLICATION,
};

/* Handshake bytes that wait for their message to be complete. */
struct cub_assembly {
    uint8_t *buffer;
    size_t size;
    size_t len;
};

/* The message, or unit of one, that is being handled; it stays in place until the next is asked
 * for. */
struct cub_incoming {
    struct cub_view unit; /* header included; len 0: there is none */
    struct rd body;       /* what the action reads */
};

/* The message that is being sent. */
struct cub_outgoing {
    struct wr w;               /* what the action writes: a window of the message */
    const struct cub_row *row; /* whose message it is; NULL: none */
    const uint8_t *next;       /* what of the window is not in records yet */
    size_t left;
};

/* What became of 0-RTT data. */
enum cub_early_data {
    CUB_EARLY_NONE,     /* not offered */
    CUB_EARLY_OFFERED,  /* client: may be sent; the server has not answered yet */
    CUB_EARLY_ACCEPTED, /* it is part of the connection */
    CUB_EARLY_REJECTED, /* it is lost */
};

/* A KeyUpdate that is to be sent, as bits. */
enum cub_key_update {
    CUB_UPDATE_OWED = 1, /* before the next data: update_requested came */
    CUB_UPDATE_NOW = 2,
    CUB_UPDATE_ASK = 4, /* now, and the peer shall do the same */
};

/* Server: client authentication after the handshake. */
enum cub_auth {
    CUB_AUTH_NONE,
    CUB_AUTH_DUE,       /* the request is to be sent */
    CUB_AUTH_REQUESTED, /* it was, and the client has not answered yet */
    CUB_AUTH_ANSWERED,
};

/* What is asked for most stands first: there small processors reach it with their shortest
 * instructions. */
struct cub_engine {
    const struct cub_config *config; /* NULL: closed, never started */
    struct cub_handshake *hs;        /* NULL when its memory was given back */
    uint8_t is_server;
    uint8_t state;          /* enum cub_state */
    uint8_t wait;           /* enum cub_wait */
    uint8_t connected;      /* the handshake is over */
    uint8_t key_update_due; /* of enum cub_key_update */
    uint8_t retried;        /* there was a HelloRetryRequest */
    uint8_t early;          /* enum cub_early_data */
    uint8_t psk;            /* enum cub_psk_kind: by what this connection is authenticated */
    uint8_t read_closed;    /* close_notify came */
    uint8_t write_closed;   /* close_notify was sent or is about to be */
    uint8_t read_epoch;     /* enum cub_epoch */
    uint8_t write_epoch;
    uint8_t alert_due;  /* an alert that found no room yet; ALERT_NONE: none */
    uint8_t alert_sent; /* ALERT_NONE: none */
    uint8_t alert_received;
    uint8_t update_asked;     /* we sent update_requested, and no KeyUpdate came since */
    uint8_t warnings;         /* alerts that were ignored, in a row */
    uint8_t streaming;        /* amid a Certificate, which comes entry by entry */
    uint8_t noise;            /* KeyUpdates and the like in a row, without data between */
    uint8_t empty;            /* records in a row */
    uint8_t auth;             /* enum cub_auth */
    uint8_t encrypt_then_mac; /* TLS 1.2 with CBC [RFC7366] */
    uint8_t hello_answered;   /* server: CUB_WAIT_HELLO is behind us */
    uint8_t sni_accepted;     /* server: the client's name is known here and gets confirmed */
    uint8_t tickets_sent;     /* server: also the nonce of the next */
    uint8_t tickets_before;   /* server: of them, how many do not count for config->num_tickets */
    uint16_t version;
    uint16_t error;                      /* enum cub_error: the first failure */
    uint16_t peer_scheme;                /* SignatureScheme of the peer's signature */
    uint16_t own_scheme;                 /* SignatureScheme of ours */
    uint16_t peer_record_limit;          /* record_size_limit that the peer sent; 0: none */
    const struct cub_protocol *protocol; /* of version; before it is known, of the best one */
    enum cub_error (*judge)(struct cub_engine *e, enum cub_error err); /* of the least version */
    const struct cub_suite *suite;
    const struct cub_group *group;
    struct cub_incoming message;
    struct cub_outgoing reply;
    struct cub_assembly assembly;
    struct cub_record_in in;
    struct cub_record_out out;
    struct cub_view alpn; /* the name agreed on, in config->alpn */
    uint32_t early_left;  /* bytes of 0-RTT data that may still come or be sent */
    void *owner;
    const struct cub_verifier *verifier; /* of the configuration, unless peers have raw keys */
    void *verifier_context;
    const char *server_name;
    const struct cub_session_state *session; /* client: to resume; NULL: none */
    uint64_t established; /* when the resumed session began; 0: this is the beginning */
    uint8_t scratch[8];   /* for a KeyUpdate when there is no handshake memory */
    __extension__ union {
        uint8_t secrets[4 * CUB_MAX_SECRET];       /* the four that follow */
        __extension__ struct {                     /* TLS 1.3 */
            uint8_t client_secret[CUB_MAX_SECRET]; /* *_application_traffic_secret_N */
            uint8_t server_secret[CUB_MAX_SECRET];
            uint8_t exporter_secret[CUB_MAX_SECRET];
            uint8_t resumption_secret[CUB_MAX_SECRET];
        };
        __extension__ struct { /* TLS 1.2 */
            uint8_t master_secret[CUB_MAX_SECRET];
            uint8_t randoms[64]; /* client's, server's */
            uint8_t client_verify_data[12];
            uint8_t server_verify_data[12];
            uint8_t extended_master_secret; /* [RFC7627] */
        };
    };
};

#endif
