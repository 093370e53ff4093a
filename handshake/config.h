/*
 * What a connection is told before it starts: the profile, which says what is linked, and the
 * configuration, which says what of it to use. Both are constant while a connection uses them and
 * may be shared by any number of connections and threads.
 */
#ifndef CUB_HANDSHAKE_CONFIG_H
#define CUB_HANDSHAKE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/signature.h"
#include "handshake/session.h"
#include "record/protect.h"
#include "x509/verifier.h"

struct cub_protocol;
struct cub_client_hello;
struct cub_dh_group;
struct cub_engine;
struct cub_exchange;
struct cub_psk_client;
struct cub_extras;
struct cub_session_client;
struct cub_session12_client;
struct wr;

#define CUB_TLS1_2 0x0303
#define CUB_TLS1_3 0x0304

/* How TLS 1.2 agrees on a premaster secret, and who signs for it: its suites fix both. */
enum cub_key_exchange {
    CUB_KX_ANY, /* TLS 1.3: negotiated by itself */
    CUB_KX_ECDHE,
    CUB_KX_DHE,
    CUB_KX_RSA,
    CUB_KX_PSK,
    CUB_KX_ECDHE_PSK,
};

enum cub_authentication {
    CUB_AUTH_ANY,
    CUB_AUTH_ECDSA,
    CUB_AUTH_RSA,
    CUB_AUTH_PSK,
};

struct cub_suite {
    uint16_t id;      /* CipherSuite [RFC8446-B.4] */
    uint16_t version; /* the one version that it belongs to */
    const struct cub_aead *aead;
    const struct cub_hash *hash;
    const struct cub_record_format *format;
    const struct cub_exchange *exchange; /* TLS 1.3: NULL */
    uint8_t iv_size;        /* bytes of iv that come from the key schedule: 12, or a salt of 4 */
    uint8_t key_exchange;   /* enum cub_key_exchange */
    uint8_t authentication; /* enum cub_authentication */
};

extern const struct cub_suite cub_suite_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_chacha20_poly1305_sha256;
extern const struct cub_suite cub_suite_aes_128_ccm_sha256;
extern const struct cub_suite cub_suite_aes_128_ccm_8_sha256;

extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_chacha20_poly1305_sha256;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_128_ccm;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_256_ccm;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_128_ccm_8;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_256_ccm_8;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_ecdhe_rsa_chacha20_poly1305_sha256;

/* With pre-shared keys. */
extern const struct cub_suite cub_suite_psk_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_psk_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_psk_aes_128_ccm;
extern const struct cub_suite cub_suite_psk_aes_256_ccm;
extern const struct cub_suite cub_suite_psk_aes_128_ccm_8;
extern const struct cub_suite cub_suite_psk_aes_256_ccm_8;
extern const struct cub_suite cub_suite_psk_chacha20_poly1305_sha256;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_128_ccm_8_sha256;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_128_ccm_sha256;
extern const struct cub_suite cub_suite_ecdhe_psk_chacha20_poly1305_sha256;

/* Without AEAD, or without forward secrecy, or both: to be asked for. */
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_128_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_256_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_128_cbc_sha256;
extern const struct cub_suite cub_suite_ecdhe_ecdsa_aes_256_cbc_sha384;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_128_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_256_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_128_cbc_sha256;
extern const struct cub_suite cub_suite_ecdhe_rsa_aes_256_cbc_sha384;
extern const struct cub_suite cub_suite_rsa_aes_128_cbc_sha;
extern const struct cub_suite cub_suite_rsa_aes_256_cbc_sha;
extern const struct cub_suite cub_suite_rsa_aes_128_cbc_sha256;
extern const struct cub_suite cub_suite_rsa_aes_256_cbc_sha256;
extern const struct cub_suite cub_suite_rsa_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_rsa_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_rsa_aes_128_ccm;
extern const struct cub_suite cub_suite_rsa_aes_256_ccm;
extern const struct cub_suite cub_suite_rsa_aes_128_ccm_8;
extern const struct cub_suite cub_suite_rsa_aes_256_ccm_8;
extern const struct cub_suite cub_suite_psk_aes_128_cbc_sha;
extern const struct cub_suite cub_suite_psk_aes_256_cbc_sha;
extern const struct cub_suite cub_suite_psk_aes_128_cbc_sha256;
extern const struct cub_suite cub_suite_psk_aes_256_cbc_sha384;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_128_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_256_cbc_sha;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_128_cbc_sha256;
extern const struct cub_suite cub_suite_ecdhe_psk_aes_256_cbc_sha384;

/* DHE over finite fields: to be asked for. */
extern const struct cub_suite cub_suite_dhe_rsa_aes_128_gcm_sha256;
extern const struct cub_suite cub_suite_dhe_rsa_aes_256_gcm_sha384;
extern const struct cub_suite cub_suite_dhe_rsa_chacha20_poly1305_sha256;

extern const struct cub_exchange cub_exchange_ecdhe;
extern const struct cub_exchange cub_exchange_dhe;
extern const struct cub_exchange cub_exchange_rsa;
extern const struct cub_exchange cub_exchange_psk;
extern const struct cub_exchange cub_exchange_ecdhe_psk;

/*
 * What is linked. Lists are in order of preference and end with NULL; what no list names is dropped
 * by the linker. A role that is not there is NULL.
 */
struct cub_profile {
    const struct cub_protocol *client; /* TLS 1.3 */
    const struct cub_protocol *server;
    const struct cub_protocol *client12; /* TLS 1.2 */
    const struct cub_protocol *server12;
    const struct cub_suite *const *suites;
    const struct cub_group *const *groups;
    const struct cub_verify_scheme *const *verify_schemes;
    const struct cub_sign_scheme *const *sign_schemes;
    const struct cub_dh_group *const *dh_groups; /* server, for DHE suites; NULL: none */
    const struct cub_psk_client *psk_client;     /* NULL: a client without pre-shared keys */
    /* Sessions of TLS 1.3, which are such keys too; NULL: a client that does not resume. */
    const struct cub_session_client *session_client;
    const struct cub_session12_client *session_client12; /* the same of TLS 1.2 */
    /* TLS 1.2: &cub_recorder (crypto/recorder.h), which keeps the messages of the handshake, or
     * NULL: no CertificateVerify by Ed25519. */
    const struct cub_hash *recorder;
    /* cub_offer_early_data, or NULL: a client without 0-RTT. */
    bool (*offer_early_data)(struct cub_engine *e);
    /* The tables of TLS 1.3 have client authentication after the handshake: cub_client13 and
     * cub_server13 do. */
    bool post_handshake_auth;
    /* NULL: Certificate messages are what they are in RFC 8446 and RFC 5246, with X.509
     * certificates. */
    const struct cub_extras *extras;
};

extern const struct cub_protocol cub_client13;
extern const struct cub_protocol cub_server13;
extern const struct cub_protocol cub_client12;
extern const struct cub_protocol cub_server12;
extern const struct cub_psk_client cub_psk_client13;
/* The first external key alone: no others, no sessions. Of one hash with all suites. */
extern const struct cub_psk_client cub_psk_client13_alone;
/* Raw public keys; in TLS 1.3, compressed certificates and delegated credentials.
 * Those need cub_client13 or cub_server13. */
extern const struct cub_extras cub_extras13;
extern const struct cub_session_client cub_session_client13;
extern const struct cub_session12_client cub_session_client12;
bool cub_offer_early_data(struct cub_engine *e);
/* Smaller ones of TLS 1.3: pre-shared keys alone, or certificates alone, without resumption. The
 * client with certificates has none of its own. */
extern const struct cub_protocol cub_client13_psk;
/* The same without key exchange, server_name, ALPN, max_fragment_length, sessions and middlebox
 * compatibility mode, and beside no table of TLS 1.2; needs CUB_FLAG_PSK_KE. */
extern const struct cub_protocol cub_client13_psk_ke;
extern const struct cub_protocol cub_client13_cert;
extern const struct cub_protocol cub_client13_session; /* both, and resumption */
extern const struct cub_protocol cub_server13_psk;
extern const struct cub_protocol cub_server13_cert;
/* And of TLS 1.2: certificates alone, without resumption. */
extern const struct cub_protocol cub_client12_cert;
extern const struct cub_protocol cub_server12_cert;

/* Everything that CubTLS can do and that nobody should have to ask for. */
extern const struct cub_profile cub_profile_full;
/* What has to be asked for too: a configuration should say which suites it wants. */
extern const struct cub_profile cub_profile_all;

/* What is told of the leaf beside it; empty: nothing. */
struct cub_stapled {
    /* cub_put_stapled: writes the leaf's extensions, of those that the client offered (EXT_BITs).
     */
    void (*put)(struct wr *w, const struct cub_stapled *stapled, uint32_t offered);
    struct cub_view ocsp_response; /* OCSPResponse */
    struct cub_view scts;          /* SignedCertificateTimestampList */
    /* DelegatedCredential [RFC9345-4]: the credential's key is the one in here, not the
     * certificate's, and suits is cub_credential_delegated_suits. */
    struct cub_view delegated;
};

void cub_put_stapled(struct wr *w, const struct cub_stapled *stapled, uint32_t offered);

/* What a peer accepts of a certificate of ours, as it told. */
struct cub_accepted {
    struct cub_view schemes;     /* SignatureSchemes */
    struct cub_view authorities; /* DER names, a 2-byte length before each; empty: any issuer */
    struct cub_view curves;      /* NamedGroups with the curve of an EC key; empty: any */
    uint8_t authentication;      /* enum cub_authentication: the kind of key */
};

/* A certificate chain and its key: views into memory that the owner keeps. */
struct cub_credential {
    const struct cub_view *chain; /* DER, leaf first */
    size_t chain_len;
    /* The key, or what is known of it if it lives elsewhere: then only type and modulus_bits are
     * looked at, and sign is called. */
    const struct cub_private_key *key;
    /*
     * Signs message with the scheme (wire value) by a key that lives elsewhere; at most
     * CUB_SIGNATURE_MAX_SIZE bytes. E_WAIT_SIGN: not yet, called again with the same arguments
     * after cub_engine_resume. NULL: key is used.
     */
    enum cub_error (*sign)(void *context, uint16_t scheme, const uint8_t *message,
                           size_t message_len, uint8_t *sig, size_t *sig_len);
    void *sign_context;
    /* The schemes that it signs with, in order of preference, of those that the profile has. NULL:
     * all of the profile's that fit the key, but for rsa_pkcs1_*_legacy: those are for keys that
     * cannot do PSS, and have to be named [RFC9963-3]. */
    const struct cub_sign_scheme *const *sign_schemes;
    /* Whether it may be shown to the peer of e; the schemes that it accepts may be made fewer,
     * for this credential. cub_credential_is_issued_by is such a function. NULL: to all. */
    bool (*suits)(const struct cub_engine *e, const struct cub_credential *credential,
                  struct cub_accepted *accepted);
    const struct cub_stapled *stapled; /* a server gives it to clients that ask; NULL: nothing */
    uint8_t is_raw; /* chain is one SubjectPublicKeyInfo: for peers that take it [RFC7250] */
};

/*
 * How Certificate messages are compressed [RFC8879]. owner is the connection's, context that below.
 * Memory that is handed out stays the owner's, until the next call or the end of the handshake.
 */
struct cub_compression {
    uint16_t algorithm; /* CertificateCompressionAlgorithm: 1 zlib, 2 brotli, 3 zstd */
    /* len bytes (never more than 128 KiB) for a message that is not compressed; NULL: none. */
    uint8_t *(*memory)(void *context, void *owner, size_t len);
    /* What the len bytes that were put there become; empty: they are sent as they are. NULL: this
     * one is for receiving only. */
    struct cub_view (*compress)(void *context, void *owner, const uint8_t *message, size_t len);
    /* Puts there what in is the compressed form of; false unless that is len bytes, no more and no
     * less. NULL: for sending only. */
    bool (*decompress)(void *context, void *owner, struct cub_view in, uint8_t *message,
                       size_t len);
    void *context;
};

/* For cub_credential.suits: one of the authorities has issued a certificate of the chain, or none
 * was named. */
bool cub_credential_is_issued_by(const struct cub_engine *e,
                                 const struct cub_credential *credential,
                                 struct cub_accepted *accepted);
/*
 * For cub_credential.suits with stapled->delegated: a client of TLS 1.3 asks for such credentials
 * and has the schemes of this one, which is not over [RFC9345-4.1.1]. For servers, and needs
 * config->now, in milliseconds since 1970. Whoever wants to serve other clients too has another
 * credential, with the key of the certificate, behind it.
 */
bool cub_credential_delegated_suits(const struct cub_engine *e,
                                    const struct cub_credential *credential,
                                    struct cub_accepted *accepted);

enum cub_verify_mode {
    CUB_VERIFY_NONE,     /* server: no certificate is asked for */
    CUB_VERIFY_OPTIONAL, /* server: asked for; none is accepted */
    CUB_VERIFY_REQUIRED,
};

/* Bits of struct cub_config.flags. */
#define CUB_FLAG_CLIENT_PREFERENCE 0x0001 /* server: the client's order of suites decides */
#define CUB_FLAG_HELLO_WAIT        0x0002 /* server: wait with CUB_WAIT_HELLO after a ClientHello */
#define CUB_FLAG_COOKIE            0x0004 /* server: HelloRetryRequests carry a cookie */
#define CUB_FLAG_NO_COMPAT         0x0008 /* no middlebox compatibility mode [RFC8446-D.4] */
#define CUB_FLAG_LEGACY_SERVER     0x0010 /* client: servers without secure renegotiation too */
/* Client: certificates may be asked for after the handshake too. Server: verify_mode is for
 * cub_engine_request_certificate, none is asked for in a handshake of TLS 1.3 [RFC8446-4.6.2]. */
#define CUB_FLAG_POST_HANDSHAKE_AUTH 0x0020
#define CUB_FLAG_NO_TICKET           0x0040 /* TLS 1.2: sessions by their ids alone */
#define CUB_FLAG_ALPN_OPTIONAL       0x0080 /* server: goes on without a protocol in common */
/* Client: a second attempt, with a lower version, which servers that have a better one refuse
 * [RFC7507]. */
#define CUB_FLAG_FALLBACK 0x0400
/* Server of TLS 1.3: its first group that the client supports, though it costs a round trip, rather
 * than one that the client has sent a share of. */
#define CUB_FLAG_GROUP_PREFERENCE 0x2000
/* Server of TLS 1.3: the dummy ChangeCipherSpec for middleboxes goes to clients too that do not ask
 * for it, who have to ignore it [RFC8446-D.4]. */
#define CUB_FLAG_ALWAYS_CCS 0x4000
/* Client of TLS 1.3: a ClientHello of 256 to 511 bytes is padded to 512, for servers that hang on
 * it [RFC7685-4]. */
#define CUB_FLAG_PADDING 0x8000
/* Client: who is asked for a certificate and has some, but none that fits, ends the handshake
 * rather than to go on without [RFC8446-4.4.2]. Not for requests after the handshake. */
#define CUB_FLAG_CERT_OR_FAIL 0x1000
/* Peers that have both show certificates rather than raw public keys [RFC7250]. */
#define CUB_FLAG_PREFER_X509 0x0800
#define CUB_FLAG_PSK_KE      0x0100 /* pre-shared keys also without a key exchange */
/* Client of TLS 1.3: the server's certificate may have signed another key [RFC9345]; needs now, in
 * milliseconds since 1970. */
#define CUB_FLAG_DELEGATED_CREDENTIALS 0x0200
/*
 * Client of TLS 1.2: data may be sent as soon as our Finished is, with forward secrecy and AEAD,
 * and without a certificate of ours [RFC7918]. Who sends so has verified the server's certificate
 * and signature, but does not know yet that nobody has changed what both said before. Servers must
 * put up with it, which those are trusted to that agree on a protocol by ALPN; with ANY all are.
 * Needs cub_client12. cub_engine_close is for when the handshake is over, lest its end, and the
 * answer, be lost.
 */
#define CUB_FLAG_FALSE_START     0x10000
#define CUB_FLAG_FALSE_START_ANY 0x20000

enum cub_trace_kind {
    CUB_TRACE_MESSAGE, /* a handshake message; type is its HandshakeType, 6 for HelloRetryRequest */
    CUB_TRACE_ALERT,   /* type is the AlertDescription */
    CUB_TRACE_CCS,     /* a dummy ChangeCipherSpec */
    CUB_TRACE_KEYS,    /* new keys for one direction; type is enum cub_epoch */
    CUB_TRACE_STATE,   /* type is the state entered: see cub_state_name */
};

struct cub_trace {
    uint8_t kind;     /* enum cub_trace_kind */
    uint8_t outgoing; /* 1: we send, 0: we receive */
    uint8_t type;
    size_t len; /* bytes of a message, header included */
};

/* The secrets of a connection; cub_secret_name has the names by which key logs know them. */
enum cub_secret {
    CUB_SECRET_CLIENT_HANDSHAKE,
    CUB_SECRET_SERVER_HANDSHAKE,
    CUB_SECRET_CLIENT_APPLICATION,
    CUB_SECRET_SERVER_APPLICATION,
    CUB_SECRET_EXPORTER,
    CUB_SECRET_CLIENT_EARLY,
    CUB_SECRET_EARLY_EXPORTER,
    CUB_SECRET_MASTER, /* TLS 1.2 */
};

struct cub_config {
    const struct cub_profile *profile;
    const struct cub_random *random;
    uint16_t min_version, max_version; /* 0: no bound of one's own */
    uint8_t verify_mode; /* enum cub_verify_mode; client: anything but NONE requires */
    /* The most content that the peer may put into one record, if that is less than the record
     * buffer takes [RFC8449]; at least 64. 0: as much as the buffer takes. */
    uint16_t record_size_limit;
    uint32_t flags;
    /* Narrower than the profile's lists, or in another order; NULL: the profile's. */
    const struct cub_suite *const *suites;
    const struct cub_group *const *groups;
    /* A server that names rsa_pkcs1_*_legacy takes them from clients of TLS 1.3; a client ignores
     * them [RFC9963-3]. */
    const struct cub_verify_scheme *const *verify_schemes;
    /*
     * Client: groups of the list in force to send shares of at once, at most two, in its order; an
     * empty list sends none and is answered by a HelloRetryRequest. NULL: of the first group and,
     * if there is one, of the first of the other kind, post-quantum or not.
     */
    const struct cub_group *const *share_groups;
    /* Names as ProtocolNameList holds them: a length byte before each [RFC7301-3.1]. */
    struct cub_view alpn;
    /*
     * Client: the server answers with a protocol that was not offered, which RFC 7301 section 3.2
     * has no room for. Gets the connection's owner; returns the name in memory that stays valid as
     * long as the connection, or len 0: the handshake ends. NULL: it always does, as in small
     * profiles, whose tables have nothing of it.
     */
    struct cub_view (*unknown_alpn)(void *owner, struct cub_view name);
    const struct cub_credential *credentials; /* in order of preference */
    size_t num_credentials;
    const struct cub_verifier *verifier; /* NULL: peers with certificates are refused */
    /* Client: a SignedCertificateTimestampList for the server's certificate, which the verifier
     * gets before it in TLS 1.3 and after it in TLS 1.2; an error ends the handshake. NULL: none
     * are asked for [RFC6962-3.3]. */
    enum cub_error (*take_scts)(void *owner, const uint8_t *list, size_t len);
    /*
     * A peer showed a raw public key instead of certificates [RFC7250], *spki being its
     * SubjectPublicKeyInfo. E_OK: it is the one that this peer must have; an error ends the
     * handshake. *spki may be made to point to a copy that stays valid until the handshake is over;
     * else it is copied, if it is not too long. NULL: such keys are not accepted.
     */
    enum cub_error (*raw_public_key)(void *owner, struct cub_view *spki);
    /* TLS 1.3: in order of preference, ended by NULL; NULL: nothing is compressed. */
    const struct cub_compression *const *compressions;
    /* Server: DER names for CertificateRequest, a 2-byte length before each [RFC8446-4.2.4]. */
    struct cub_view certificate_authorities;
    /* Records under one key before KeyUpdate, if fewer than the cipher allows; 0: the cipher's. */
    uint32_t rekey_after;
    /* Both get the connection's owner. NULL: not called. */
    void (*keylog)(void *owner, enum cub_secret which, const uint8_t client_random[32],
                   const uint8_t *secret, size_t secret_len);
    /* By the whole tables alone, such as cub_client13. */
    void (*trace)(void *owner, const struct cub_trace *event);

    /*
     * Resumption. The callbacks get the connection's owner.
     *
     * Milliseconds since a fixed time that sessions do not outlast, by custom 1970. NULL: sessions
     * are neither made nor used.
     */
    uint64_t (*now)(void *owner);
    /*
     * Stands for the settings by which peers are verified, such as a hash of the trust anchors: a
     * session is resumed only under the verify_mode and the binding that it began with. What else
     * lets a peer in belongs to it too: external pre-shared keys, and CUB_FLAG_POST_HANDSHAKE_AUTH,
     * with which a session may begin before a certificate was shown. At most
     * CUB_SESSION_MAX_BINDING bytes.
     */
    struct cub_view session_binding;
    /* Client: a ticket came, or TLS 1.2 has named the session. It is valid during the call. NULL:
     * no tickets are asked for. */
    void (*new_session)(void *owner, const struct cub_session_state *session);
    /* Server: where sessions are kept, or sealed into tickets. NULL: no tickets, no resumption. */
    const struct cub_session_store *session_store;
    /* Server, TLS 1.2: sessions of clients that have no tickets, or get none. NULL: they cannot
     * resume. */
    const struct cub_session_cache *session_cache;
    uint8_t num_tickets;      /* server, TLS 1.3: to issue after a handshake; TLS 1.2 has one */
    uint16_t dh_min_bits;     /* client of TLS 1.2: the least bits of a DHE modulus; 0: 2048 */
    uint32_t ticket_lifetime; /* server: seconds; 0: two hours; at most CUB_SESSION_MAX_LIFETIME */
    /* Server: what to keep in a session; must stay valid until the next call. NULL: nothing. */
    struct cub_view (*session_data)(void *owner);
    /*
     * Server: a client resumes this session, and has proven that it is its own, or in TLS 1.2 will
     * have before the handshake is over; false: handshake in full instead. The session is valid
     * during the call. NULL: every session is welcome.
     */
    bool (*resume)(void *owner, const struct cub_session_state *session);

    /*
     * 0-RTT [RFC8446-2.3]: off while it is 0. Client: bytes that it wants to send at most, to
     * servers that allow it; what cub_engine_sendapp_buf takes before the handshake is over is
     * sent so. Server: what a ticket allows. Such data may be replayed and has no forward
     * secrecy.
     */
    uint32_t max_early_data;
    uint32_t early_data_window; /* server: ms that a first flight may be off by; 0: ten seconds */
    const struct cub_replay_store *replay_store; /* server: NULL: 0-RTT data is refused */

    /*
     * External pre-shared keys, for those who share them by other means. *psk comes with kind
     * CUB_PSK_EXTERNAL, to be changed to CUB_PSK_IMPORTED for keys of handshake/import.h, and
     * the rest zero; identity, key and, for TLS 1.3, hash must be set. The views must stay valid
     * until the handshake is over. NULL: there are none.
     *
     * Client: the i-th key to offer, behind the session; false: there are no more. The answers must
     * be the same all through a connection. In TLS 1.2, psk->hint is what the server says, and the
     * first external key is used: at most CUB_PSK12_MAX bytes.
     */
    bool (*psk_to_offer)(void *owner, unsigned i, struct cub_psk *psk);
    /*
     * Server: the key with this identity. E_WAIT_SESSION: not yet, called again with the same
     * identity after cub_engine_resume. Any other failure (E_SESSION_UNKNOWN): it is not known.
     */
    enum cub_error (*psk_for_identity)(void *owner, struct cub_view identity, struct cub_psk *psk);
    /* Server of TLS 1.2: psk_identity_hint, which tells clients what key to use [RFC4279-2]. */
    struct cub_view psk_identity_hint;

    /* Server of TLS 1.2: the group of DHE for clients that name none; NULL: the profile's first. */
    const struct cub_dh_group *dh_params;
};

#endif
