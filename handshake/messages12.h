/*
 * The messages that only TLS 1.2 has, or has in another form.
 */
#ifndef CUB_HANDSHAKE_MESSAGES12_H
#define CUB_HANDSHAKE_MESSAGES12_H

#include "handshake/messages.h"
#include "handshake/server_hello.h"

/* What a ServerKeyExchange says, by the kind of exchange (exchange.h). */
struct cub_server_params {
    struct cub_view hint;  /* psk_identity_hint [RFC4279-2] */
    uint16_t group;        /* ECDHE: NamedCurve */
    struct cub_view p, g;  /* DHE [RFC5246-7.4.3] */
    struct cub_view share; /* of the server */
};
/* ServerECDHParams [RFC8422-5.4]. Malformed: left in r. E_SKE_CURVE_TYPE. */
enum cub_error cub_ecdh_params_read(struct rd *r, struct cub_server_params *params);
void cub_ecdh_params_put(struct wr *w, uint16_t group, struct cub_view point);

/* CertificateRequest [RFC5246-7.4.4]. */
struct cub_certificate_request12 {
    struct cub_view certificate_types; /* ClientCertificateType, 1 byte each */
    struct cub_view signature_algorithms;
    struct cub_view certificate_authorities;
};
enum cub_error cub_certificate_request12_decode(struct rd *r, struct cub_certificate_request12 *cr);
void cub_certificate_request12_encode(struct wr *w, const struct cub_certificate_request12 *cr);

/* NewSessionTicket [RFC5077-3.3]. */
enum cub_error cub_new_session_ticket12_decode(struct rd *r, uint32_t *lifetime_hint,
                                               struct cub_view *ticket);
void cub_new_session_ticket12_encode(struct wr *w, uint32_t lifetime_hint, struct cub_view ticket);

/* CertificateStatus [RFC6066-8]: the OCSPResponse. */
enum cub_error cub_certificate_status_decode(struct rd *r, struct cub_view *response);
void cub_certificate_status_encode(struct wr *w, struct cub_view response);

#endif
