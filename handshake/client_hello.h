/*
 * ClientHello [RFC8446-4.1.2]:
 *
 *     struct {
 *         ProtocolVersion legacy_version = 0x0303;
 *         Random random;
 *         opaque legacy_session_id<0..32>;
 *         CipherSuite cipher_suites<2..2^16-2>;
 *         opaque legacy_compression_methods<1..2^8-1>;
 *         Extension extensions<8..2^16-1>;
 *     } ClientHello;
 */
#ifndef CUB_HANDSHAKE_CLIENT_HELLO_H
#define CUB_HANDSHAKE_CLIENT_HELLO_H

#include "handshake/extension.h"

#define CUB_FALLBACK_SCSV 0x5600 /* among cipher_suites [RFC7507-2] */

/* What stands in a ClientHello, as views of its lists' contents. Decoded, they point into the
 * message.
 */
struct cub_client_hello {
    uint16_t legacy_version;
    uint16_t record_size_limit;
    uint8_t max_fragment_length; /* MaxFragmentLength [RFC6066-4] */
    const uint8_t *random;       /* 32 bytes */
    struct cub_view legacy_session_id;
    struct cub_view cipher_suites;
    struct cub_view legacy_compression_methods;
    uint32_t present; /* EXT_BITs; decoded: also of extensions that have no member here */
    struct cub_view server_name;          /* the host_name */
    struct cub_view supported_groups;     /* NamedGroup, 2 bytes each */
    struct cub_view signature_algorithms; /* SignatureScheme, 2 bytes each */
    struct cub_view signature_algorithms_cert;
    struct cub_view certificate_authorities; /* DistinguishedName<1..2^16-1> each */
    struct cub_view alpn;                    /* ProtocolName<1..2^8-1> each */
    struct cub_view supported_versions;      /* 2 bytes each */
    struct cub_view cookie;
    struct cub_view psk_key_exchange_modes;  /* 1 byte each */
    struct cub_view key_shares;              /* KeyShareEntry each */
    struct cub_view psk_identities;          /* PskIdentity each [RFC8446-4.2.11] */
    struct cub_view psk_binders;             /* PskBinderEntry each */
    struct cub_view session_ticket;          /* [RFC5077-3.2] */
    struct cub_view ec_point_formats;        /* 1 byte each [RFC8422-5.1.2] */
    struct cub_view renegotiated_connection; /* [RFC5746-3.2] */
    size_t padding;                          /* bytes of zeros in the padding extension */
    bool status_request;                     /* decoded: one that asks for OCSP */
};

/* KeyShareEntry [RFC8446-4.2.8]. */
struct cub_key_share {
    uint16_t group;
    struct cub_view key_exchange;
};

/* Decodes the body of a message (behind its header). E_DECODE_CLIENT_HELLO, E_EXT_*. */
enum cub_error cub_client_hello_decode(struct rd *r, struct cub_client_hello *hello);

/* Writes the whole message, header included; extensions in our order, those in hello->present. */
void cub_client_hello_encode(struct wr *w, const struct cub_client_hello *hello);

/* The next entry of client_shares; false at the end. */
bool cub_key_share_next(struct rd *shares, struct cub_key_share *share);
void cub_key_share_put(struct wr *w, uint16_t group, struct cub_view key_exchange);

#endif
