/*
 * What a connection needs until its handshake is over, and the operations that actions share.
 */
#ifndef CUB_HANDSHAKE_HANDSHAKE_H
#define CUB_HANDSHAKE_HANDSHAKE_H

#include "handshake/certificate.h"
#include "handshake/client_hello.h"
#include "handshake/connection.h"
#include "handshake/messages.h"
#include "handshake/protocol.h"
#include "handshake/transcript.h"

#define CUB_MAX_NOISE      32 /* KeyUpdates and the like in a row, with no data between them */
#define CUB_MAX_KEY_SHARES 2  /* that a ClientHello brings at once */

/* Bits of struct cub_handshake.proofs: set by the functions that verify, and nowhere else. */
#define PROOF_CHAIN     1 /* the verifier accepted the peer's certificates */
#define PROOF_SIGNATURE 2 /* CertificateVerify, by the key of the leaf */
#define PROOF_FINISHED  4 /* Finished */
#define PROOF_PSK       8 /* the peer's Finished will show that it has a PSK that is ours to use */

/* PskKeyExchangeMode [RFC8446-4.2.9] as bits. */
#define PSK_KE     1
#define PSK_DHE_KE 2

/* As in struct cub_engine, what is asked for most stands first. */
struct cub_handshake {
    uint8_t proofs;         /* PROOF_* */
    uint8_t cert_requested; /* the peer is or will be asked for a certificate, or asked us */
    uint8_t peer_has_cert;  /* the peer's Certificate was not empty */
    uint8_t ccs_sent;
    uint8_t session_id_len;
    uint8_t session_offered;     /* client: e->session may be used here */
    uint8_t status_expected;     /* TLS 1.2: a CertificateStatus may come */
    uint8_t ticket_expected;     /* TLS 1.2: a NewSessionTicket must come, or be sent */
    uint8_t session_offered12;   /* client: ServerHello may resume e->session, of TLS 1.2 */
    uint8_t max_fragment_length; /* server: that it answers with; 0: none */
    uint8_t session_id_answer;   /* TLS 1.2: bytes of session_id that are ServerHello's */
    uint8_t psk_modes;           /* server: the client's PskKeyExchangeModes that we allow: PSK_* */
    uint8_t name_hash_len;       /* 0: the client gave no name */
    uint8_t transcript_kept;     /* the copy is there */
    uint8_t takes_raw;           /* the peer takes a raw public key of ours */
    uint8_t refuses_x509;        /* the peer takes no certificates of ours */
    uint8_t has_raw;             /* the peer shows a raw public key */
    uint8_t compression_tried;   /* of our Certificate */
    uint16_t delegated_scheme;   /* of the key that signs instead of the certificate's; 0: none */
    uint16_t early_suite;        /* server: of the session */
    uint16_t psk_identity;       /* selected_identity */
    uint16_t peer_group;         /* client of TLS 1.3: of the server\'s key_share */
    uint16_t secret12_size;
    uint16_t premaster_len;
    uint16_t client_version; /* TLS 1.2, server: of ClientHello */
    uint32_t offered;        /* EXT_BITs of our ClientHello, or of the client's */
    union {
        uint32_t answered;        /* client: EXT_BITs of a hello or EncryptedExtensions */
        uint32_t ticket_lifetime; /* TLS 1.2, client: ticket_lifetime_hint */
    };
    const struct cub_credential *credential; /* ours; NULL: none */
    const struct cub_sign_scheme *scheme;    /* of our signature */
    struct cub_certificate_stream stream;
    struct cub_transcript transcript;
    /* The rest of the memory: private values and shares of our groups, then messages. */
    const struct cub_group *share_group[CUB_MAX_KEY_SHARES];
    uint8_t *private_value[CUB_MAX_KEY_SHARES];
    uint8_t *shares; /* client: KeyShareEntry list as it was sent */
    size_t shares_len;
    union {
        struct cub_view cookie;     /* TLS 1.3: of the HelloRetryRequest, to be sent back */
        struct cub_view psk_name;   /* TLS 1.2, client: psk_identity */
        struct cub_view delegated;  /* TLS 1.3, client: the server's SubjectPublicKeyInfo */
        struct cub_view compressed; /* TLS 1.3, afterwards: our Certificate; empty: it is not */
        const struct cub_dh_group *dh_group; /* TLS 1.2, server: of DHE */
    };
    union {
        struct cub_view peer_share; /* TLS 1.3: the peer's key_exchange */
        struct cub_view scts;       /* TLS 1.2, client: those of ServerHello */
        /* TLS 1.2, client: stands behind e->assembly until the server has proven itself. */
        struct cub_view ticket;
    };
    struct cub_view server_name; /* server: what the client asked for */
    struct cub_public_key peer_key;
    /* TLS 1.2: the premaster secret and what an exchange needs besides, then the key block. */
    uint8_t *secret12;
    void *transcript_copy;  /* of the handshake: a hash context of profile->post_handshake_auth */
    uint64_t early_arrival; /* server: when the ClientHello should have come, in ms */
    const uint8_t *early_alpn; /* server: of the session, as a name of config->alpn */
    const struct cub_compression *compression;
    union {
        uint32_t truncated_len; /* TLS 1.3, client: of ClientHello, what binders cover */
        uint32_t uncompressed_length;
    };
    /* certificate_request_context of the request after the handshake; empty in the handshake. */
    struct cub_view request_context;
    union { /* TLS 1.3; wiped when the handshake is over */
        struct {
            uint8_t secret[CUB_MAX_SECRET];        /* Early, then Handshake, then Master Secret */
            uint8_t client_secret[CUB_MAX_SECRET]; /* client_handshake_traffic_secret */
            uint8_t server_secret[CUB_MAX_SECRET];
        };
        uint8_t secrets[3 * CUB_MAX_SECRET];
    };
    uint8_t client_random[32];
    uint8_t session_id[32]; /* legacy_session_id */
    uint8_t name_hash[32];  /* server: of the SNI that sessions are bound to */
};

/* The lists in force: the configuration's, or else the profile's. */
const struct cub_suite *const *cub_suites_of(const struct cub_engine *e);
const struct cub_group *const *cub_groups_of(const struct cub_engine *e);
const struct cub_verify_scheme *const *cub_verify_schemes_of(const struct cub_engine *e);
/* A group of the list in force by its NamedGroup; NULL: none. */
const struct cub_group *cub_find_group(const struct cub_engine *e, uint16_t id);
/* A suite of this version, or a scheme, by its number in the list in force; NULL: none. */
const struct cub_suite *cub_find_suite(const struct cub_engine *e, uint16_t version, uint16_t id);
const struct cub_verify_scheme *cub_find_verify_scheme(const struct cub_engine *e, uint16_t id);
/* The NamedGroup of an EC key's curve; 0: it is no EC key. */
uint16_t cub_group_of_key(uint8_t key_type);
/* Writes the ids of the schemes that we verify in a handshake; returns the list. */
struct cub_view cub_scheme_list(const struct cub_engine *e, uint8_t *out, size_t size);

/* Writes the body of an extension; false: there is none, and what was written does not count. */
typedef bool cub_extension_body(struct cub_engine *e, struct wr *w);
/* Writes an extension of this type; false, and nothing is written, if it has no body. */
bool cub_put_extension(struct cub_engine *e, struct wr *w, uint16_t type, cub_extension_body *put);

/* Server: certificates are asked for after the handshake, not in it [RFC8446-4.6.2]. */
bool cub_asks_afterwards(const struct cub_engine *e);
/* The table of a version if the configuration allows it; NULL: it does not, or there is none. */
const struct cub_protocol *cub_version_enabled(const struct cub_engine *e, uint16_t version);
/*
 * A reader of the body of the message that was taken last. It stays in place while STEP rows run;
 * reading it again is cheaper than keeping what it said.
 */
void cub_reread(const struct cub_engine *e, struct rd *body);
/* Signs with the credential and scheme that were chosen, here or elsewhere. E_WAIT_SIGN. */
enum cub_error cub_sign(const struct cub_engine *e, const uint8_t *content, size_t len,
                        uint8_t *sig, size_t *sig_len);
/*
 * Server: how long the records may be that we send, by what a ClientHello has. record_size_limit
 * goes before max_fragment_length [RFC8449-5]. E_RECORD_SIZE_LIMIT, E_MAX_FRAGMENT_LENGTH.
 */
enum cub_error cub_take_limits(struct cub_engine *e, uint32_t present, uint16_t record_size_limit,
                               uint8_t max_fragment_length);
/* Client: the MaxFragmentLength that our buffer asks for [RFC6066-4]; 0: none. */
uint8_t cub_own_fragment_length(const struct cub_engine *e);
/* Records to this code of RFC 6066, 1 to 4. */
void cub_take_fragment_length(struct cub_engine *e, uint8_t code);
/* The peer's record_size_limit [RFC8449-4]. E_RECORD_SIZE_LIMIT. */
enum cub_error cub_take_record_size_limit(struct cub_engine *e, uint16_t limit);

/* Takes what came beside a certificate; nothing does that was not asked for. */
enum cub_error cub_take_stapled(struct cub_engine *e, const struct cub_certificate_entry *entry);
/* Takes the head of a Certificate message of this length, or the next entry. */
enum cub_error cub_take_certificate_unit(struct cub_engine *e, struct rd *unit, size_t message_len);
/* Writes our Certificate message, as far as w's window goes. */
void cub_put_certificate(const struct cub_engine *e, struct wr *w);

/* Server: the OCSP response and the SCTs of our credential for a client of TLS 1.2 that asks;
 * empty: none. */
struct cub_view cub_stapled_response(const struct cub_engine *e);
struct cub_view cub_stapled_scts(const struct cub_engine *e);
/* Hash of the negotiated suite. */
static inline const struct cub_hash *cub_hash_of(const struct cub_engine *e)
{
    return e->suite->hash;
}

/* A secret of TLS 1.3, and its label [RFC8446-7.1]. */
struct cub_derived {
    uint8_t secret; /* enum cub_secret */
    char label[13];
};

/*
 * Derives count of them from hs->secret and a transcript hash, and logs them if somebody listens.
 * out takes them one behind another, CUB_MAX_SECRET bytes each.
 */
void cub_derive_secrets(struct cub_engine *e, const struct cub_derived *derived, unsigned count,
                        const uint8_t *transcript, uint8_t *out);

/* TLS 1.2: what must run for a signature over the transcript by a scheme with this hash. */
static inline const struct cub_hash *cub_signed_hash(const struct cub_engine *e,
                                                     const struct cub_hash *hash)
{
    return hash != NULL ? hash : e->config->profile->recorder;
}

#endif
