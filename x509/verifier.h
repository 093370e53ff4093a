/*
 * What the handshake asks of whoever judges the peer's certificates. chain.h is the small answer
 * (one chain, in order, no heap); the hosted API gives one that collects the list and builds paths.
 */
#ifndef CUB_X509_VERIFIER_H
#define CUB_X509_VERIFIER_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/error.h"
#include "crypto/signature.h"

/* What the handshake knows of the peer. */
struct cub_verify_request {
    uint8_t peer_is_server;  /* purpose: serverAuth, or else clientAuth */
    uint8_t status_expected; /* 1: an OCSP response was asked for, so that must-staple applies */
    const char *server_name; /* host name or IP literal to match; NULL: no name check */
};

struct cub_verifier {
    /* A new chain begins. The request is valid during the call only, server_name until finish. */
    enum cub_error (*start)(void *context, const struct cub_verify_request *request);
    /* The next certificate of the peer's list, the leaf first; der is valid during the call only.
     */
    enum cub_error (*certificate)(void *context, const uint8_t *der, size_t len);
    /*
     * An OCSPResponse [RFC6960] that was stapled to the certificate passed last, or in TLS 1.2 to
     * the leaf, after the whole list; valid during the call only. NULL: this verifier does not want
     * any, and the client asks for none.
     */
    enum cub_error (*status)(void *context, const uint8_t *response, size_t len);
    /*
     * The list is complete. usage is the CUB_KU_* bit that the handshake needs of the leaf's key.
     * On E_OK *key is that key; its views stay valid until the next start. E_WAIT_VERIFY: the
     * answer comes from elsewhere, call again later with the same arguments.
     */
    enum cub_error (*finish)(void *context, unsigned usage, struct cub_public_key *key);
};

#endif
