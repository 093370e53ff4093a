/*
 * CubTLS without an operating system: a TLS connection as an engine that does no I/O and allocates
 * nothing. The caller owns all memory and moves the bytes.
 *
 * An engine has four channels. Each is a pair of functions: "where is the buffer, and how long",
 * and "I have used n bytes of it". A channel whose buffer is NULL has nothing to do now.
 *
 *     recvrec   bytes that came from the peer go in here
 *     sendrec   bytes for the peer come out here
 *     recvapp   decrypted application data comes out here
 *     sendapp   application data to encrypt goes in here; cub_engine_flush seals what is in it
 *
 * A loop around an engine sends what sendrec has, and receives when nothing else can be done:
 *
 *     while ((p = cub_engine_sendrec_buf(e, &n)) != NULL)
 *         cub_engine_sendrec_ack(e, write(fd, p, n));
 *     if ((p = cub_engine_recvapp_buf(e, &n)) != NULL)
 *         cub_engine_recvapp_ack(e, use(p, n));
 *     else if ((p = cub_engine_recvrec_buf(e, &n)) != NULL)
 *         cub_engine_recvrec_ack(e, read(fd, p, n));
 *
 * Resumption: a client's config->new_session gets sessions, which cub_session_encode (in
 * handshake/session.h) turns into bytes to keep and setup.session takes back; a server's
 * config->session_store keeps them or, with the functions of handshake/ticket_keys.h, seals them
 * into tickets.
 *
 * Every pointer that the engine is given must stay valid until the connection is over. An engine
 * that is all zero is a closed connection; it must not be copied.
 */
#ifndef CUB_ENGINE_H
#define CUB_ENGINE_H

#include "handshake/connection.h"
#include "handshake/ticket_keys.h"

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

/*
 * Profiles for firmware, smallest first; a profile of one's own takes ten lines
 * (tests/embedded/README.md). Unless it says otherwise: TLS 1.3, AES-128-GCM, SHA-256, P-256.
 */
/* Needs CUB_FLAG_PSK_KE: no curves. One external key; offers neither server_name, ALPN nor
 * max_fragment_length, as a profile of one's own with cub_client13_psk does. */
extern const struct cub_profile cub_profile_psk_client;
extern const struct cub_profile cub_profile_psk_client_chacha20; /* the same, and smaller */
extern const struct cub_profile cub_profile_ecdsa_client;
extern const struct cub_profile cub_profile_ecdsa_client_resuming; /* with sessions */
/* The same with X25519 and ChaCha20-Poly1305. */
extern const struct cub_profile cub_profile_ecdsa_client_x25519;
extern const struct cub_profile cub_profile_rsa_client; /* verifies RSA signatures too */
extern const struct cub_profile cub_profile_server;     /* signs with one P-256 key */
/* Client and server, TLS 1.2 as well. */
extern const struct cub_profile cub_profile_small;

/* What a new connection is made of. */
struct cub_engine_setup {
    const struct cub_config *config;
    uint8_t is_server;
    /* Client: host name or IP address of the server: is sent as SNI (names only) and given to the
     * verifier. NULL: none. */
    const char *server_name;
    /* Client: to resume, if it is of use [RFC8446-2.2]; a session should be offered once only
     * [RFC8446-C.4]. NULL: none. */
    const struct cub_session_state *session;
    void *verifier_context; /* for config->verifier */
    void *owner;            /* for the callbacks of config */
    /*
     * Record buffers. A buffer of CUB_RECORD_BUFFER(n) bytes takes records of n bytes of content;
     * with less than CUB_RECORD_BUFFER(16384) the peer is asked for smaller records [RFC8449]. At
     * least CUB_RECORD_BUFFER(64).
     */
    uint8_t *in;
    size_t in_size;
    uint8_t *out;
    size_t out_size;
    /* Memory for the handshake, aligned to 8: cub_handshake_size() and the longest message. */
    void *handshake;
    size_t handshake_size;
};

#define CUB_RECORD_BUFFER(n) (5 + 8 + (n) + 1 + 16)
/* What CBC suites need for the same: IV, MAC and padding are longer. Then config->record_size_limit
 * should be n, for more would fit of other records. */
#define CUB_RECORD_BUFFER_CBC(n) (5 + 16 + (n) + 48 + 256)

/* Bytes of setup.handshake that a profile needs besides the messages themselves. */
size_t cub_handshake_size(const struct cub_profile *profile);

/*
 * Begins a connection; what the engine was before is forgotten. E_ENGINE_* if the setup cannot work
 * (the engine is then closed).
 */
enum cub_error cub_engine_start(struct cub_engine *engine, const struct cub_engine_setup *setup);

/*
 * When the handshake is over its memory can be had back: true, setup.handshake is wiped and not
 * needed any more. What messages come later (tickets, KeyUpdates) stay in the record buffer if they
 * are whole there; for those that are not there is spare, of at least 64 bytes. One that is longer
 * than that makes the engine wait with CUB_WAIT_MEMORY. false, and nothing has changed: the memory
 * is still in use, for the handshake, for a message on its way in or out, for tickets that are not
 * sent yet, or because a certificate may be asked for after the handshake.
 */
bool cub_engine_release(struct cub_engine *engine, uint8_t *spare, size_t size);
/* At CUB_WAIT_MEMORY: the size that is needed, up to 2^24 bytes, as the peer says. */
size_t cub_engine_spare_needed(const struct cub_engine *engine);
/* Exchanges the spare memory for other, that is no smaller; then cub_engine_resume. */
void cub_engine_set_spare(struct cub_engine *engine, uint8_t *spare, size_t size);

/* Wipes all that is secret and makes the engine all zero. */
void cub_engine_free(struct cub_engine *engine);

uint8_t *cub_engine_recvrec_buf(struct cub_engine *engine, size_t *len);
void cub_engine_recvrec_ack(struct cub_engine *engine, size_t len);
uint8_t *cub_engine_sendrec_buf(struct cub_engine *engine, size_t *len);
void cub_engine_sendrec_ack(struct cub_engine *engine, size_t len);
/* NULL before the handshake is over, but for 0-RTT data at a server that accepts it. */
uint8_t *cub_engine_recvapp_buf(struct cub_engine *engine, size_t *len);
void cub_engine_recvapp_ack(struct cub_engine *engine, size_t len);
/* What recvapp has is 0-RTT data: it may be a replay [RFC8446-8]. */
bool cub_engine_recvapp_early(const struct cub_engine *engine);
/*
 * Before the handshake is over, a client sends 0-RTT data with it if config->max_early_data and the
 * session allow it, and a server that accepts such data may answer it; in TLS 1.2 a client makes a
 * false start if CUB_FLAG_FALSE_START lets it. NULL else, and when no more may be sent so. A
 * KeyUpdate that the peer has asked for is sent now, before the data [RFC8446-4.6.3]: ask for room
 * when there is something to send.
 */
uint8_t *cub_engine_sendapp_buf(struct cub_engine *engine, size_t *len);
/* A record that is full is sealed by itself. */
void cub_engine_sendapp_ack(struct cub_engine *engine, size_t len);
/* Seals the data that sendapp holds, so that sendrec has it. */
void cub_engine_flush(struct cub_engine *engine);

/*
 * Says that no more data will be sent: close_notify goes out behind all data [RFC8446-6.1]. Data
 * can still be received until the peer does the same.
 */
void cub_engine_close(struct cub_engine *engine);
/*
 * The transport has ended: nothing more will come. Without the peer's close_notify before it, this
 * is the failure E_EOF: the data may be cut off [RFC8446-6.1].
 */
void cub_engine_eof(struct cub_engine *engine);

/* The handshake is over and the peer is who it has to be. Stays true when the connection closes. */
bool cub_engine_connected(const struct cub_engine *engine);
/* Client of TLS 1.2 with CUB_FLAG_FALSE_START: data may be sent already, and the handshake is not
 * over [RFC7918-4]. */
bool cub_engine_false_started(const struct cub_engine *engine);
/* By what the peer is authenticated; CUB_PSK_NONE: by its certificate. From ServerHello on. */
enum cub_psk_kind cub_engine_psk(const struct cub_engine *engine);
/* The peer's close_notify came and all data before it was read. */
bool cub_engine_read_closed(const struct cub_engine *engine);
/* The first failure, E_OK if none. After a failure only sendrec works: it has the alert. */
enum cub_error cub_engine_error(const struct cub_engine *engine);
/* The alert that we sent for it, and the one that the peer sent; ALERT_NONE: none. */
enum cub_alert cub_engine_alert_sent(const struct cub_engine *engine);
enum cub_alert cub_engine_alert_received(const struct cub_engine *engine);

/* What the engine waits for from its owner; nothing moves until cub_engine_resume. */
enum cub_wait cub_engine_waits(const struct cub_engine *engine);
/* Goes on: what was waited for is there. */
void cub_engine_resume(struct cub_engine *engine);
/* At CUB_WAIT_HELLO: the host name that the client asked for, not terminated; NULL: none. */
const uint8_t *cub_engine_sni(const struct cub_engine *engine, size_t *len);
/* At CUB_WAIT_HELLO: the configuration to go on with. Its profile must be the old one's. */
void cub_engine_set_config(struct cub_engine *engine, const struct cub_config *config,
                           void *verifier_context);
/* At CUB_WAIT_HELLO: that name is one of ours, which the client is told [RFC6066-3]. */
void cub_engine_accept_sni(struct cub_engine *engine);
/* Ends the connection with a failure of the caller's choice, whose alert is sent. */
void cub_engine_fail(struct cub_engine *engine, enum cub_error error);

/* The same with E_REFUSED and an alert of the caller's choice. */
void cub_engine_refuse(struct cub_engine *engine, enum cub_alert alert);

/*
 * Asks for new sending keys, and for the peer's too if request_peer [RFC8446-4.6.3]. They come by
 * themselves before a key is worn out. In TLS 1.2 nothing happens.
 */
void cub_engine_key_update(struct cub_engine *engine, bool request_peer);

/*
 * Server of TLS 1.3: asks the client for a certificate now [RFC8446-4.6.2]; the request goes out
 * with what else is sent, the answer comes in with what else is received, whenever the client
 * likes. What is wrong with it ends the connection. One request at a time. E_AUTH_CONFIG: the
 * configuration lacks CUB_FLAG_POST_HANDSHAKE_AUTH or a verify_mode; E_AUTH_NOT_OFFERED: the
 * client does not want to be asked; E_AUTH_PENDING: it has not answered yet; E_AUTH_ROLE,
 * E_AUTH_VERSION, E_ENGINE_STATE.
 */
enum cub_error cub_engine_request_certificate(struct cub_engine *engine);
/* What became of the last request. */
enum cub_auth cub_engine_auth(const struct cub_engine *engine);

/* What it takes to seal records in the engine's place. */
struct cub_sending_keys {
    uint16_t cipher_suite; /* of TLS 1.3 */
    uint8_t key[CUB_AEAD_MAX_KEY];
    uint8_t iv[CUB_AEAD_NONCE_SIZE];
    uint64_t sequence; /* of the next record */
};
/*
 * For a kernel or device that seals records: the present sending keys (secret). E_ENGINE_STATE
 * before the handshake is over, behind the end, while sendrec has something, in TLS 1.2, and where
 * the peer wants records smaller than 2^14.
 */
enum cub_error cub_engine_sending_keys(const struct cub_engine *engine,
                                       struct cub_sending_keys *keys);
/*
 * From now on sendrec has records with their type and content as they are, for whoever got those
 * keys. New keys are not possible any more: E_OFFLOADED ends a connection that needs them.
 */
void cub_engine_send_unsealed(struct cub_engine *engine);

/*
 * Keys from the connection for the application's own use [RFC8446-7.5], [RFC5705]. context may be
 * NULL, which in TLS 1.2 differs from an empty one. E_ENGINE_STATE before the handshake is over
 * (but for false starts), or if label or keys are too long: in TLS 1.3 249 characters, and 255
 * times the hash of the suite; E_NO_EXTENDED_MASTER_SECRET.
 */
enum cub_error cub_engine_export(const struct cub_engine *engine, const char *label,
                                 const uint8_t *context, size_t context_len, uint8_t *out,
                                 size_t out_len);

/*
 * The same from the secret of 0-RTT data, for a server while such data comes and for a client until
 * the handshake is over; E_ENGINE_STATE at other times. Whoever has the ticket's key can compute it
 * for replays too.
 */
enum cub_error cub_engine_export_early(const struct cub_engine *engine, const char *label,
                                       const uint8_t *context, size_t context_len, uint8_t *out,
                                       size_t out_len);
#define CUB_CHANNEL_BINDING_SIZE 32
/* The channel binding "tls-exporter" [RFC9266]; fails as cub_engine_export does. */
enum cub_error cub_engine_channel_binding(const struct cub_engine *engine, uint8_t *out);
#define CUB_TLS_UNIQUE_SIZE 12
/* The channel binding "tls-unique" of TLS 1.2 [RFC5929-3]. E_ENGINE_STATE before the handshake is
 * over, and in TLS 1.3; E_NO_EXTENDED_MASTER_SECRET on a session that is resumed without. */
enum cub_error cub_engine_tls_unique(const struct cub_engine *engine, uint8_t *out);

/* What became of 0-RTT data; once it is rejected, what sendapp took before is lost, and whether to
 * send it again is the application's decision [RFC8446-4.2.10]. */
enum cub_early_data cub_engine_early_data(const struct cub_engine *engine);

/* The name of an engine's state, as the tables of handshake/protocol.c spell it. */
const char *cub_state_name(uint8_t state);
/* "client_hello", "finished" ...; "unknown". */
const char *cub_message_name(uint8_t handshake_type);
/* What a secret is called in NSS's key log format. */
const char *cub_secret_name(enum cub_secret which);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
