/*
 * The form of the protocol tables, which are in protocol.c.
 */
#ifndef CUB_HANDSHAKE_PROTOCOL_H
#define CUB_HANDSHAKE_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/error.h"
#include "handshake/connection.h"
#include "handshake/messages.h"
#include "handshake/transcript.h"

/* States; the WAIT_* and CONNECTED are those of [RFC8446-A], the others are left by a STEP at once.
 */
#define CUB_STATES(X)                                                                              \
    X(START)                                                                                       \
    X(SENT_CH)                                                                                     \
    X(WAIT_SH)                                                                                     \
    X(RETRY)                                                                                       \
    X(WAIT_SH_AGAIN)                                                                               \
    X(GOT_SH)                                                                                      \
    X(WAIT_EE)                                                                                     \
    X(GOT_EE)                                                                                      \
    X(WAIT_CERT_CR)                                                                                \
    X(WAIT_CERT)                                                                                   \
    X(GOT_CERT)                                                                                    \
    X(WAIT_CV)                                                                                     \
    X(WAIT_FINISHED)                                                                               \
    X(GOT_FINISHED)                                                                                \
    X(SEND_EOED)                                                                                   \
    X(SEND_CCS)                                                                                    \
    X(SEND_CERT)                                                                                   \
    X(SEND_CV)                                                                                     \
    X(SEND_FINISHED)                                                                               \
    X(SENT_FINISHED)                                                                               \
    X(GOT_CH)                                                                                      \
    X(SELECT_PSK)                                                                                  \
    X(NEGOTIATE)                                                                                   \
    X(NEGOTIATED)                                                                                  \
    X(SENT_HRR)                                                                                    \
    X(WAIT_CH_AGAIN)                                                                               \
    X(SEND_SH)                                                                                     \
    X(SENT_SH)                                                                                     \
    X(SEND_EE)                                                                                     \
    X(SEND_CR)                                                                                     \
    X(WAIT_EOED)                                                                                   \
    X(WAIT_SKE_CS)                                                                                 \
    X(WAIT_SKE)                                                                                    \
    X(GOT_SKE)                                                                                     \
    X(VERIFIED)                                                                                    \
    X(WAIT_CR_SHD)                                                                                 \
    X(WAIT_SHD)                                                                                    \
    X(SEND_CKE)                                                                                    \
    X(SENT_CKE)                                                                                    \
    X(AGREED)                                                                                      \
    X(WAIT_HINT)                                                                                   \
    X(WAIT_CR_CS)                                                                                  \
    X(GOT_SHD)                                                                                     \
    X(SERVER_TURN)                                                                                 \
    X(WAIT_TICKET)                                                                                 \
    X(WAIT_CCS)                                                                                    \
    X(KEEP_SESSION)                                                                                \
    X(RESUMED)                                                                                     \
    X(SEND_TICKET)                                                                                 \
    X(SEND_STATUS)                                                                                 \
    X(SEND_SKE)                                                                                    \
    X(SEND_SHD)                                                                                    \
    X(WAIT_CKE)                                                                                    \
    X(GOT_CKE)                                                                                     \
    X(KEYS_AGREED)                                                                                 \
    X(SENT_FLIGHT)                                                                                 \
    X(AUTH_CERT)                                                                                   \
    X(AUTH_CV)                                                                                     \
    X(AUTH_FINISHED)                                                                               \
    X(CONNECTED)

enum cub_state {
#define X(name) name,
    CUB_STATES(X)
#undef X
        CUB_STATE_COUNT
};

/* Keys that are installed when a row is done, one in three bits: to read with, or to write with.
 * The two low bits are the epoch. In TLS 1.2 there are those of APP alone, from its key block. */
enum cub_key {
    KEY_NONE,
    KEY_EARLY = CUB_EPOCH_EARLY,     /* client_early_traffic_secret */
    KEY_HS = CUB_EPOCH_HANDSHAKE,    /* the handshake traffic secret */
    KEY_APP = CUB_EPOCH_APPLICATION, /* the application traffic secret */
    KEY_NEW = 4 | KEY_APP,           /* the next application traffic secret [RFC8446-7.2] */
};
#define K_NONE    0
#define K_R_EARLY KEY_EARLY
#define K_R_HS    KEY_HS
#define K_R_APP   KEY_APP
#define K_R_NEW   KEY_NEW
#define K_W_EARLY (KEY_EARLY << 3)
#define K_W_HS    (KEY_HS << 3)
#define K_W_APP   (KEY_APP << 3)
#define K_W_NEW   (KEY_NEW << 3)
#define K_RW_HS   (K_R_HS | K_W_HS)
/* And what is told of the row's message. */
#define K_APART                                                                                    \
    64 /* no part of the transcript; ClientHello joins it with the answer: binders cover           \
        * a part of it */
#define K_LONG 128 /* may be longer than the memory: it is written again for each window */

struct cub_row {
    uint8_t state; /* enum cub_state */
    uint8_t on;    /* enum cub_trigger */
    uint8_t next;
    uint8_t keys; /* K_* */
    /* Whether the row may be taken; NULL: always. Changes nothing. */
    bool (*guard)(const struct cub_engine *e);
    /* Does it; NULL: nothing to do. Reads e->message, writes to e->reply; names no state. */
    enum cub_error (*action)(struct cub_engine *e);
};

/* A row as the tables write it; in memory its small members stand together. */
#define R(state, on, guard, action, next, keys)                                                    \
    {                                                                                              \
        state, on, next, keys, guard, action                                                       \
    }

struct cub_offer;
struct cub_key_shares;
struct cub_certificate_stream;
struct cub_certificate_entry;

struct cub_protocol {
    const struct cub_row *rows;
    uint8_t count;
    /* Installs a key to read with, or to write with. */
    void (*install)(struct cub_engine *e, bool reading, enum cub_key key);
    /* Where there is Certificate: cub_certificate_unit (certificate.h). */
    size_t (*unit)(const struct cub_certificate_stream *stream, const uint8_t *p, size_t len);
    /* Client of TLS 1.3: takes what came beside a certificate. NULL: the offers ask for nothing. */
    enum cub_error (*stapled)(struct cub_engine *e, const struct cub_certificate_entry *entry);
    /* What is needed of the handshake's memory besides the transcript: says in hs where it is, from
     * place on, and returns where it ends. NULL: nothing. */
    uintptr_t (*memory)(const struct cub_profile *profile, struct cub_handshake *hs,
                        uintptr_t place);
    /*
     * Asked before anybody else when a record was opened, or was not (err). E_OK: it is treated
     * like any other, or, if there is none in e->in any more, it was taken care of. NULL: there is
     * nothing to say but what input.c says.
     */
    enum cub_error (*judge)(struct cub_engine *e, enum cub_error err);
    /* Tells config->trace; see cub_trace_event. NULL: nothing is traced. */
    void (*trace)(const struct cub_engine *e, unsigned kind, const void *what);
    /* Server: the client need not say who it is. NULL: the peer must. */
    bool (*anonymous)(const struct cub_engine *e);
    /* Whether data may be sent, though the handshake is not over, or there is another exchange.
     * NULL: no. */
    bool (*may_send)(const struct cub_engine *e);
    /* Client: what it does once for both ClientHellos. NULL: nothing. */
    enum cub_error (*prepare)(struct cub_engine *e);
    /* Client of TLS 1.2: cub_recv_server_hello12 and cub_put_suites12, for clients of TLS 1.3
     * besides. */
    enum cub_error (*recv_hello)(struct cub_engine *e);
    void (*put_suites)(const struct cub_engine *e, struct wr *w);
    /* Client: what its ClientHello offers for this version (offers.h). */
    const struct cub_offer *offers;
    const struct cub_key_shares *shares; /* client of TLS 1.3; NULL: pre-shared keys alone */
    /* Client: cub_extension_twice, or NULL: what stands twice in an answer is refused for being
     * unknown, if it is. */
    bool (*twice)(struct rd block);
};

#endif
