/*
 * Importing external pre-shared keys [RFC9258]: one secret, shared outside of TLS, becomes a key
 * for each hash function, bound to a context of the application's choice.
 */
#ifndef CUB_HANDSHAKE_IMPORT_H
#define CUB_HANDSHAKE_IMPORT_H

#include "handshake/session.h"

/* KDFs of ImportedIdentity [RFC9258-10]. */
#define CUB_HKDF_SHA256 0x0001
#define CUB_HKDF_SHA384 0x0002

/* ImportedIdentity [RFC9258-5.1]. */
struct cub_imported_identity {
    struct cub_view external_identity;
    struct cub_view context;
    uint16_t target_protocol; /* CUB_TLS1_3 */
    uint16_t target_kdf;
};

/* Bytes that an ImportedIdentity takes. */
#define CUB_IMPORTED_IDENTITY_SIZE(identity_len, context_len) (8 + (identity_len) + (context_len))

/* Writes an identity for TLS 1.3; *len is its size. E_SESSION_BUFFER if it has more than size. */
enum cub_error cub_imported_identity_encode(const struct cub_imported_identity *identity,
                                            uint8_t *out, size_t size, size_t *len);
/* Reads one, as a server gets it; its views point into bytes. E_SESSION_UNKNOWN if it is none. */
enum cub_error cub_imported_identity_decode(struct cub_imported_identity *identity,
                                            struct cub_view bytes);
/*
 * Derives the key for an encoded identity from the external key of external_len bytes, whose hash
 * is hash (SHA-256 if nothing else was agreed on); target_hash is the target KDF's. key takes
 * target_hash->size bytes. The result is used with CUB_PSK_IMPORTED as its kind.
 */
void cub_import_psk(const struct cub_hash *hash, const uint8_t *external, size_t external_len,
                    struct cub_view identity, const struct cub_hash *target_hash, uint8_t *key);

#endif
