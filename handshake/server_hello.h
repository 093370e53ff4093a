/*
 * ServerHello and HelloRetryRequest, which share a form [RFC8446-4.1.3]:
 *
 *     struct {
 *         ProtocolVersion legacy_version = 0x0303;
 *         Random random;
 *         opaque legacy_session_id_echo<0..32>;
 *         CipherSuite cipher_suite;
 *         uint8 legacy_compression_method = 0;
 *         Extension extensions<6..2^16-1>;
 *     } ServerHello;
 */
#ifndef CUB_HANDSHAKE_SERVER_HELLO_H
#define CUB_HANDSHAKE_SERVER_HELLO_H

#include "handshake/client_hello.h"
#include "handshake/extension.h"

struct cub_server_hello {
    const uint8_t *random; /* 32 bytes */
    struct cub_view legacy_session_id_echo;
    uint16_t legacy_version;
    uint16_t cipher_suite;
    uint16_t version;        /* selected_version, or legacy_version where there is none */
    bool version_selected;   /* there is one */
    bool is_retry;           /* decoded by cub_server_hello_extensions as HelloRetryRequest */
    uint16_t selected_group; /* HelloRetryRequest's key_share */
    uint16_t selected_identity;
    uint8_t legacy_compression_method;
    uint32_t present;               /* EXT_BITs; pointless before cub_server_hello_extensions */
    struct cub_key_share key_share; /* ServerHello's */
    struct cub_view cookie;
    struct cub_view extensions; /* the block, not yet looked at */
};

/* The random by which a HelloRetryRequest is known: SHA-256 of its name [RFC8446-4.1.3]. */
extern const uint8_t cub_hello_retry_random[32];

/* Whether the body of a ServerHello message is a HelloRetryRequest. */
bool cub_is_hello_retry(const uint8_t *body, size_t len);

/* Decodes random, legacy_session_id_echo, legacy_version, cipher_suite, legacy_compression_method
 * and finds extensions; leaves the rest as it is. E_DECODE_SERVER_HELLO. */
enum cub_error cub_server_hello_fields(struct rd *r, struct cub_server_hello *hello);
/* The same, with the version; the rest is 0. E_DECODE_SERVER_HELLO. */
enum cub_error cub_server_hello_decode(struct rd *r, struct cub_server_hello *hello);
/* Decodes the extensions of a message of TLS 1.3; place is IN_SH or IN_HRR. E_EXT_*. */
enum cub_error cub_server_hello_extensions(struct cub_server_hello *hello, uint8_t place,
                                           uint32_t offered);
/* Writes the whole message; place as above. */
void cub_server_hello_encode(struct wr *w, const struct cub_server_hello *hello, uint8_t place);

#endif
