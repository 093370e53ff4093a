/*
 * Certificate [RFC8446-4.4.2], the one message that is taken in units: first its head, then each
 * entry, so that one certificate has to fit into memory and never the chain.
 *
 *     struct {
 *         select (certificate_type) {
 *             case X509: opaque cert_data<1..2^24-1>;
 *         };
 *         Extension extensions<0..2^16-1>;
 *     } CertificateEntry;
 *
 *     struct {
 *         opaque certificate_request_context<0..2^8-1>;
 *         CertificateEntry certificate_list<0..2^24-1>;
 *     } Certificate;
 *
 * In TLS 1.2 it has neither context nor extensions [RFC5246-7.4.2], and a raw public key has no
 * list around it [RFC7250-3]:
 *
 *     opaque ASN.1_subjectPublicKeyInfo<1..2^24-1>;
 */
#ifndef CUB_HANDSHAKE_CERTIFICATE_H
#define CUB_HANDSHAKE_CERTIFICATE_H

#include "handshake/config.h"
#include "handshake/extension.h"

/* A Certificate message may be this long in all: longer ones are refused at once. */
#define CUB_MAX_CERTIFICATE_MESSAGE 0x20000

/* What a Certificate message looks like. */
enum cub_certificate_form {
    CUB_FORM_TLS13,
    CUB_FORM_TLS12,
    CUB_FORM_RAW12, /* the one entry is a key, and the list's length is the key's */
};

struct cub_certificate_entry {
    struct cub_view cert_data;
    uint32_t present;
    struct cub_view status_request; /* CertificateStatus [RFC8446-4.4.2.1] */
    struct cub_view scts;           /* SignedCertificateTimestampList [RFC6962-3.3] */
    struct cub_view delegated;      /* DelegatedCredential [RFC9345-4.1.1] */
};

/* The message as it is taken apart. */
struct cub_certificate_stream {
    uint32_t left; /* bytes of certificate_list that are still to come */
    uint8_t begun; /* the head was taken */
    uint8_t form;  /* enum cub_certificate_form */
    uint8_t first; /* the next entry is the first */
};

/*
 * Bytes that the next unit has, as far as the len bytes at p tell: more than len means come again
 * with that many. p is at the message's header, or at an entry. A unit never reaches beyond the
 * message or the list: what claims to is cut off there, and malformed.
 */
size_t cub_certificate_unit(const struct cub_certificate_stream *stream, const uint8_t *p,
                            size_t len);
/*
 * Takes the head, r being behind the message's header of which message_len was read.
 * E_DECODE_CERTIFICATE, E_CERT_TOO_LONG.
 */
enum cub_error cub_certificate_head(struct cub_certificate_stream *stream, struct rd *r,
                                    size_t message_len, struct cub_view *request_context);
/* Takes one entry; r holds just it. */
enum cub_error cub_certificate_entry(struct cub_certificate_stream *stream, struct rd *r,
                                     uint32_t offered, struct cub_certificate_entry *entry);

/*
 * Writes a whole message, as far as w's window goes: the same call for each window. The forms of
 * TLS 1.2 are without request_context and stapled, which is for who offered (EXT_BITs) to take it,
 * and may be NULL if chain_len is not.
 */
void cub_certificate_encode(struct wr *w, enum cub_certificate_form form,
                            struct cub_view request_context, const struct cub_view *chain,
                            size_t chain_len, const struct cub_stapled *stapled, uint32_t offered);

/* Checks the form of a SignedCertificateTimestampList, of which SCTs are not: E_DECODE_SCT_LIST.
 * [RFC6962-3.3] */
enum cub_error cub_sct_list_check(const uint8_t *list, size_t len);

#endif
