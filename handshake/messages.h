/*
 * Handshake messages [RFC8446-4]: their types, what triggers a row of the protocol tables, and the
 * codec of the small ones. The two hellos and Certificate have files of their own.
 */
#ifndef CUB_HANDSHAKE_MESSAGES_H
#define CUB_HANDSHAKE_MESSAGES_H

#include "crypto/error.h"
#include "handshake/extension.h"

#define CUB_MESSAGE_HEADER 4 /* HandshakeType and a length of 3 bytes */

/* HandshakeType [RFC8446-4]. */
enum cub_handshake_type {
    CUB_HELLO_REQUEST = 0,
    CUB_CLIENT_HELLO = 1,
    CUB_SERVER_HELLO = 2,
    CUB_NEW_SESSION_TICKET = 4,
    CUB_END_OF_EARLY_DATA = 5,
    CUB_HELLO_RETRY_REQUEST = 6, /* reserved: never sent, but how a trace calls that ServerHello */
    CUB_ENCRYPTED_EXTENSIONS = 8,
    CUB_CERTIFICATE = 11,
    CUB_SERVER_KEY_EXCHANGE = 12,
    CUB_CERTIFICATE_REQUEST = 13,
    CUB_SERVER_HELLO_DONE = 14,
    CUB_CERTIFICATE_VERIFY = 15,
    CUB_CLIENT_KEY_EXCHANGE = 16,
    CUB_FINISHED = 20,
    CUB_CERTIFICATE_STATUS = 22,
    CUB_KEY_UPDATE = 24,
    CUB_COMPRESSED_CERTIFICATE = 25,
    CUB_MESSAGE_HASH = 254,
};

/* What a row waits for: STEP runs without input, CCS is a ChangeCipherSpec, HRR a ServerHello that
 * asks for another ClientHello; the others are messages, by their type. */
#define CUB_TRIGGER(type) ((type) + 3)
enum cub_trigger {
    STEP,
    CCS,
    HRR,
    HR = CUB_TRIGGER(CUB_HELLO_REQUEST),
    CH = CUB_TRIGGER(CUB_CLIENT_HELLO),
    SH = CUB_TRIGGER(CUB_SERVER_HELLO),
    NST = CUB_TRIGGER(CUB_NEW_SESSION_TICKET),
    EOED = CUB_TRIGGER(CUB_END_OF_EARLY_DATA),
    EE = CUB_TRIGGER(CUB_ENCRYPTED_EXTENSIONS),
    CERT = CUB_TRIGGER(CUB_CERTIFICATE), /* comes entry by entry */
    SKE = CUB_TRIGGER(CUB_SERVER_KEY_EXCHANGE),
    CR = CUB_TRIGGER(CUB_CERTIFICATE_REQUEST),
    SHD = CUB_TRIGGER(CUB_SERVER_HELLO_DONE),
    CV = CUB_TRIGGER(CUB_CERTIFICATE_VERIFY),
    CKE = CUB_TRIGGER(CUB_CLIENT_KEY_EXCHANGE),
    FIN = CUB_TRIGGER(CUB_FINISHED),
    CS = CUB_TRIGGER(CUB_CERTIFICATE_STATUS),
    KU = CUB_TRIGGER(CUB_KEY_UPDATE),
    CCT = CUB_TRIGGER(CUB_COMPRESSED_CERTIFICATE),
};

/* Begins a message; returns the mark for cub_message_close. */
size_t cub_message_open(struct wr *w, uint8_t type);
void cub_message_close(struct wr *w, size_t mark);

/* EncryptedExtensions [RFC8446-4.3.1]. */
struct cub_encrypted_extensions {
    uint32_t present;
    uint16_t record_size_limit;
    uint8_t max_fragment_length;
    struct cub_view alpn;             /* the one name, without its length */
    struct cub_view supported_groups; /* told for later; 2 bytes each */
};
enum cub_error cub_encrypted_extensions_decode(struct rd *r, uint32_t offered,
                                               struct cub_encrypted_extensions *ee);
void cub_encrypted_extensions_encode(struct wr *w, const struct cub_encrypted_extensions *ee);

/* CertificateRequest [RFC8446-4.3.2]. */
struct cub_certificate_request {
    uint32_t present;
    struct cub_view certificate_request_context;
    struct cub_view signature_algorithms;
    struct cub_view signature_algorithms_cert;
    struct cub_view certificate_authorities; /* DistinguishedName<1..2^16-1> each */
    /* To encode: writes more extensions, if not NULL. */
    void (*put_more)(struct wr *w, const void *context);
    const void *more_context;
};
enum cub_error cub_certificate_request_decode(struct rd *r, struct cub_certificate_request *cr);
void cub_certificate_request_encode(struct wr *w, const struct cub_certificate_request *cr);

/* CertificateVerify [RFC8446-4.4.3]. */
struct cub_certificate_verify {
    uint16_t algorithm;
    struct cub_view signature;
};
enum cub_error cub_certificate_verify_decode(struct rd *r, struct cub_certificate_verify *cv);
void cub_certificate_verify_encode(struct wr *w, const struct cub_certificate_verify *cv);

/* The longest content that CertificateVerify signs: 64 spaces, context, 0, transcript hash. */
#define CUB_SIGNED_CONTENT_MAX (64 + 33 + 1 + CUB_HASH_MAX_SIZE)
/*
 * Writes what the CertificateVerify of a server, or else of a client, signs; returns its length.
 * transcript: hash->size bytes.
 */
size_t cub_signed_content(const struct cub_hash *hash, bool by_server, const uint8_t *transcript,
                          uint8_t *out);

/* Finished [RFC8446-4.4.4]: verify_data of len bytes. */
static inline enum cub_error cub_finished_decode(struct rd *r, size_t len,
                                                 const uint8_t **verify_data)
{
    *verify_data = rd_bytes(r, len);
    return rd_done(r) ? E_OK : E_DECODE_FINISHED;
}

static inline void cub_finished_encode(struct wr *w, struct cub_view verify_data)
{
    wr_uint(w, 1, CUB_FINISHED);
    wr_view(w, 3, verify_data);
}

/* KeyUpdate [RFC8446-4.6.3]: request_update, 0 or 1. */
static inline enum cub_error cub_key_update_decode(struct rd *r, uint8_t *request_update)
{
    *request_update = rd_u8(r);
    if (!rd_done(r))
        return E_DECODE_KEY_UPDATE;
    /* Any other value: illegal_parameter [RFC8446-4.6.3]. */
    return *request_update <= 1 ? E_OK : E_KU_VALUE;
}

static inline void cub_key_update_encode(struct wr *w, uint8_t request_update)
{
    wr_uint(w, 4, (uint32_t)CUB_KEY_UPDATE << 24 | 1); /* of one byte */
    wr_uint(w, 1, request_update);
}

/* NewSessionTicket [RFC8446-4.6.1]. */
struct cub_new_session_ticket {
    uint32_t ticket_lifetime; /* seconds */
    uint32_t ticket_age_add;
    struct cub_view ticket_nonce;
    struct cub_view ticket;
    uint32_t present;
    uint32_t max_early_data_size;
};
enum cub_error cub_new_session_ticket_decode(struct rd *r, struct cub_new_session_ticket *nst);
void cub_new_session_ticket_encode(struct wr *w, const struct cub_new_session_ticket *nst);

#endif
