/*
 * What there is about Certificate messages beside RFC 8446 and RFC 5246: raw public keys [RFC7250]
 * (raw_key.c) and, in TLS 1.3, compression [RFC8879] (compression.c) and delegated credentials
 * [RFC9345] (delegated_client.c, delegated_server.c). Functions of the profile, so that profiles
 * without them link nothing of it.
 */
#ifndef CUB_HANDSHAKE_EXTRAS_H
#define CUB_HANDSHAKE_EXTRAS_H

#include "handshake/handshake.h"
#include "handshake/messages12.h"

struct cub_extras {
    /* Client: looks at EncryptedExtensions or at ServerHello of TLS 1.2,
     * with these extensions (EXT_BITs), and at CertificateRequest. The messages are at hand. */
    enum cub_error (*take_answer)(struct cub_engine *e, uint32_t answered);
    enum cub_error (*take_request)(struct cub_engine *e);
    /* Client: a delegated credential came with the server's certificate, which is not verified yet.
     */
    enum cub_error (*take_delegated)(struct cub_engine *e, struct cub_view certificate,
                                     struct cub_view body);
    /* Server: looks at the ClientHello that is at hand, before a credential is chosen; adds to
     * EncryptedExtensions, to ServerHello of TLS 1.2 and to CertificateRequest of TLS 1.3. */
    enum cub_error (*take_hello)(struct cub_engine *e);
    void (*answer)(const struct cub_engine *e, struct wr *w);
    void (*request)(struct cub_engine *e, struct cub_certificate_request *cr);
};

/* The body of an extension of the message at hand, a hello, EncryptedExtensions or
 * CertificateRequest of TLS 1.3, which was decoded without error; data NULL: it is not there. */
struct cub_view cub_find_extension(const struct cub_engine *e, enum cub_extension extension);

/* compression.c */
void cub_put_compression_request(struct wr *w, const struct cub_engine *e);
/* What our Certificate is to be compressed with, by the peer's extension at hand.
 * E_COMPRESSION_OFFER. */
enum cub_error cub_choose_compression(struct cub_engine *e);

/* delegated_client.c */
enum cub_error cub_take_delegated(struct cub_engine *e, struct cub_view certificate,
                                  struct cub_view body);
/* delegated_server.c: the form of the client's list, if there is one. */
enum cub_error cub_check_delegation_offer(const struct cub_engine *e);

/* raw_key.c */
enum cub_error cub_choose_certificate_types(struct cub_engine *e);
void cub_put_certificate_types(const struct cub_engine *e, struct wr *w);
enum cub_error cub_take_certificate_types(struct cub_engine *e, uint32_t answered);

#endif
