/*
 * The peer's certificates: collected as the handshake delivers them, and judged when the list is
 * complete.
 */
#ifndef CUB_API_PEER_H
#define CUB_API_PEER_H

#include "api/cubtls.h"
#include "api/memory.h"
#include "api/settings.h"
#include "x509/verifier.h"

#define CUB_PEER_MAX_CERTS 100           /* in a list */
#define CUB_PEER_MAX_BYTES (100u * 1024) /* of a list, as OpenSSL has it */

struct cub_peer {
    cub_conn *conn; /* whose peer it is */
    const struct cub_settings *settings;
    const char *host; /* name that the certificate must bear; NULL: none */
    uint8_t is_server;
    bool status_expected; /* an OCSP response was asked for */
    bool verified;
    struct cub_bytes *sent; /* as the peer sent them, each with memory of its own */
    size_t sent_count;
    struct cub_bytes *path; /* as verified */
    size_t path_count;
    struct cub_bytes raw_key;       /* SubjectPublicKeyInfo, instead of certificates; empty: none */
    struct cub_bytes ocsp_response; /* stapled to the leaf; empty: none */
    struct cub_error_details failure; /* details of a failed verification, else CUB_OK */
};

/* All zero but settings before the first use; the context of the functions is a struct cub_peer. */
extern const struct cub_verifier cub_peer_verifier;
/* The same for a client that asks for an OCSP response. */
extern const struct cub_verifier cub_peer_verifier_status;

void cub_peer_free(struct cub_peer *peer);

/* The peer has a raw public key, which is copied, and nothing else; false: out of memory. */
bool cub_peer_set_raw_key(struct cub_peer *peer, const uint8_t *spki, size_t len);

/* Copies a list to be the verified path; false: out of memory. */
bool cub_peer_set_path(struct cub_peer *peer, const struct cub_bytes *path, size_t count);

/* How certificates are judged. */
struct cub_judgement {
    const struct cub_settings *settings;
    const char *host;              /* NULL: any */
    uint8_t is_server;             /* the purpose */
    unsigned usage;                /* CUB_KU_* */
    bool status_expected;          /* an OCSP response was asked for */
    struct cub_view ocsp_response; /* empty: there is none */
};

/*
 * Builds and checks a path for certs[0]. After E_OK *path is the path in one piece of memory
 * (cub_free). details, which may be NULL, tells all of a failure.
 */
enum cub_error cub_judge(const struct cub_judgement *judgement, const struct cub_bytes *certs,
                         size_t count, struct cub_bytes **path, size_t *path_count,
                         struct cub_error_details *details);

#endif
