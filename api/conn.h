/*
 * Connections: one engine, its memory, and the transport that feeds it.
 */
#ifndef CUB_API_CONN_H
#define CUB_API_CONN_H

#include "api/bio.h"
#include "api/cub_engine.h"
#include "api/cubtls.h"
#include "api/peer.h"
#include "api/session.h"
#include "api/settings.h"

#define CUB_SHARED_CIPHERS 24

/* What became of OP_ENABLE_KTLS. */
enum cub_ktls {
    KTLS_UNTRIED,
    KTLS_REFUSED, /* not asked for, or not possible */
    KTLS_SENDS,   /* the kernel seals what is sent */
};

struct cub_conn {
    struct cub_engine engine;
    cub_context *context;
    struct cub_settings *settings; /* NULL: it could not be made */
    struct cub_io io;
    int fd;         /* -1: the transport is no socket */
    bool is_socket; /* waits for its socket by itself */
    bool listening; /* only accepts */
    bool server_side;
    bool started; /* the engine has its memory */
    bool suppress_ragged_eofs;
    bool in_sni_callback;
    enum cub_choice do_handshake_on_connect;
    double timeout; /* seconds; negative: none */
    struct cub_bio_pair bios;
    size_t write_taken; /* bytes that the engine has of a write that did not complete */
    char *server_hostname;
    char *alpn; /* selected, as a string */
    struct cub_peer peer;
    cub_session *offered;   /* to resume */
    cub_session *session;   /* what later connections can have */
    uint8_t session_id[32]; /* server, TLS 1.2: of the session in the cache */
    bool session_cached;    /* there is one */
    struct cub_buffer session_data;
    struct cub_ticket *ticket;        /* of offered, for this connection */
    struct cub_session_state resumes; /* of that, as the engine sees it */
    bool over;                        /* cub_conn_handshake_over was here */
    bool false_started;               /* client: cub_conn_do_handshake has returned with one */
    bool is_delegated;                /* the server signed with a delegated credential's key */
    bool reads_early_data;            /* server: the application asked for 0-RTT data */
    bool writes_early_data;           /* client: it has some */
    struct cub_view own_certificate;  /* server: the leaf that it showed, in its settings */
    bool peer_restored;               /* from the session that was resumed */
    struct cub_cert_info *peer_cert;  /* made when it is asked for */
    struct cub_psk_key *psk;          /* what the application's callback gave; secret */
    const struct cub_suite *shared[CUB_SHARED_CIPHERS]; /* server: what the client has too */
    uint8_t shared_count;
    struct cub_bytes scts;         /* client: what came with the certificate */
    struct cub_stapling *stapling; /* server: what the application's callback gave */
    void *user_data;
    uint8_t *records; /* the engine's record buffers */
    size_t records_size;
    /* The engine's memory for the handshake; then, if spare is not enough for a message, for that.
     */
    void *handshake;
    bool released;    /* it has spare instead */
    uint8_t ktls;     /* enum cub_ktls */
    size_t ktls_sent; /* bytes of the record that the kernel is being given */
    uint8_t spare[256];
    uint8_t *certificate; /* a Certificate message that is or was compressed */
    uint8_t *compressed;
    struct cub_error_details details;
};

/* The callbacks that configurations refer to; owner is the connection. */
void cub_conn_on_keylog(void *owner, enum cub_secret which, const uint8_t client_random[32],
                        const uint8_t *secret, size_t secret_len);
void cub_conn_on_trace(void *owner, const struct cub_trace *event);

uint64_t cub_conn_on_now(void *owner);
void cub_conn_on_new_session(void *owner, const struct cub_session_state *session);
struct cub_view cub_conn_on_session_data(void *owner);
/* The session is in the server's cache under this id. */
void cub_conn_note_session_id(cub_conn *conn, const uint8_t id[32]);
/* Forgets the session of a connection of TLS 1.2 that ends in a fatal alert [RFC5246-7.2.2]. */
void cub_conn_forget_session(cub_conn *conn);
/* Counts for session_stats that a client named a session, which was found (bytes) or not (NULL), or
 * that was there and is too old. */
void cub_conn_count_lookup(cub_conn *conn, const uint8_t *bytes, size_t len);
void cub_conn_count_timeout(cub_conn *conn);
bool cub_conn_on_resume(void *owner, const struct cub_session_state *session);
/* The peer's certificates are about to be others: drops what was made of them. */
void cub_conn_forget_peer(cub_conn *conn);

/* Frees the memory of the handshake as soon as that is over and nothing of it is needed any more.
 */
void cub_conn_release(cub_conn *conn);

/* Gives the kernel the sending half, once, when the handshake is over and nothing waits to be sent.
 */
void cub_ktls_start(cub_conn *conn);
/* The transport's write for it: one of the engine's unsealed records; *n = 0: not all of it yet. */
cub_result cub_ktls_write(cub_conn *conn, const uint8_t *record, size_t *n);
/* cub_conn_sendfile for it: *sent counts on. */
cub_result cub_ktls_sendfile(cub_conn *conn, int file, uint64_t offset, size_t count, size_t *sent);

/* Answers CUB_WAIT_HELLO. */
cub_result cub_conn_answer_hello(cub_conn *conn);
bool cub_conn_on_psk_to_offer(void *owner, unsigned i, struct cub_psk *psk);
enum cub_error cub_conn_on_psk_for_identity(void *owner, struct cub_view identity,
                                            struct cub_psk *psk);

enum cub_error cub_conn_on_scts(void *owner, const uint8_t *list, size_t len);
/* Asks the ocsp_callback what to staple, for a client that wants it. */
enum cub_error cub_conn_ask_ocsp_callback(cub_conn *conn);
void cub_stapling_free(struct cub_stapling *stapling);

/* Keeps the name that was agreed on. */
cub_result cub_conn_keep_alpn(cub_conn *conn);
/* What is to be done once when the handshake is over. */
cub_result cub_conn_handshake_over(cub_conn *conn);

/* Notes a failure and returns its result class; of a connection that could not be made, that stays.
 */
cub_result cub_conn_fail(cub_conn *conn, enum cub_error error);

/*
 * A new connection without transport; NULL where memory ends. What is wrong with the options is in
 * its details.
 */
cub_conn *cub_conn_new(cub_context *context, const struct cub_wrap_options *options);

/* A connection that only tells what its context could not be made for. */
cub_conn *cub_conn_failed(cub_context *context);

/* What an operation wants to come true, and how it goes about it. */
struct cub_pump {
    bool (*done)(const cub_conn *conn);
    bool reads;               /* receives until it is done; else only sends */
    enum cub_error timed_out; /* the failure when the time of the operation is over */
};

/* Moves bytes, and waits where the connection waits, until it is done, fails, or the deadline of
 * the application's operation (cub_deadline) is there. */
cub_result cub_conn_pump(cub_conn *conn, const struct cub_pump *pump, int64_t deadline);

/* Whether the connection was made for data at all: E_OK, E_NO_SOCKET. */
enum cub_error cub_conn_usable(const cub_conn *conn);
/* Gives the engine one record's worth of data; 0: it takes none now. */
size_t cub_conn_put_data(cub_conn *conn, const uint8_t *data, size_t len);
/* The 0-RTT data that is there; NULL: none. */
const uint8_t *cub_conn_early_data(const cub_conn *conn, size_t *len);

/* Nothing waits to be sent. */
bool cub_conn_flushed(const cub_conn *conn);
/* The decrypted data that is there; NULL: none. */
const uint8_t *cub_conn_data(const cub_conn *conn, size_t *len);

/*
 * Waits until the connection's socket is ready for one of the events (poll), or the deadline, in
 * nanoseconds of cub_clock, has passed; INT64_MAX: none. E_OS leaves errno.
 */
enum cub_error cub_socket_wait(int fd, short events, int64_t deadline, enum cub_error timed_out);
/* A clock that only goes forward, in nanoseconds. */
int64_t cub_clock(void);
/* When something that begins now and may take so many seconds must be over. */
int64_t cub_deadline(double seconds);

#endif
