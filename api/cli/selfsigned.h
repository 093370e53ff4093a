/*
 * Throw-away certificates for cub demo and cub speed: an authority, and servers under it. ECDSA
 * with P-256, valid for a day.
 */
#ifndef CUB_CLI_SELFSIGNED_H
#define CUB_CLI_SELFSIGNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli_identity {
    uint8_t private_key[32];
    uint8_t point[65]; /* of the public key, uncompressed */
    uint8_t key_id[20];
    const char *name;  /* common name, and the host name of a server */
    uint8_t der[1024]; /* the certificate */
    size_t der_len;
    char cert_pem[2048];
    char key_pem[1024];
};

/* Makes an authority that signs itself (issuer NULL) or a server with that name. false: no
 * randomness. name must outlive identity. Wipe identity when done. */
bool cli_make_identity(struct cli_identity *identity, const struct cli_identity *issuer,
                       const char *name);

#endif
