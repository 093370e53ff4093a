/*
 * Extensions: which may stand in which message [RFC8446-4.2], and the pass over an extension block
 * that every message with one begins with.
 */
#ifndef CUB_HANDSHAKE_EXTENSION_H
#define CUB_HANDSHAKE_EXTENSION_H

#include <stdint.h>

#include "crypto/error.h"
#include "handshake/wire.h"

/* The extensions that we know the place of, numbered by ourselves: bits of a set. */
enum cub_extension {
    EXT_SERVER_NAME,
    EXT_MAX_FRAGMENT_LENGTH,
    EXT_STATUS_REQUEST,
    EXT_SUPPORTED_GROUPS,
    EXT_EC_POINT_FORMATS,
    EXT_SIGNATURE_ALGORITHMS,
    EXT_ALPN,
    EXT_SIGNED_CERTIFICATE_TIMESTAMP,
    EXT_CLIENT_CERTIFICATE_TYPE,
    EXT_SERVER_CERTIFICATE_TYPE,
    EXT_PADDING,
    EXT_ENCRYPT_THEN_MAC,
    EXT_EXTENDED_MASTER_SECRET,
    EXT_COMPRESS_CERTIFICATE,
    EXT_RECORD_SIZE_LIMIT,
    EXT_DELEGATED_CREDENTIAL,
    EXT_SESSION_TICKET,
    EXT_PRE_SHARED_KEY,
    EXT_EARLY_DATA,
    EXT_SUPPORTED_VERSIONS,
    EXT_COOKIE,
    EXT_PSK_KEY_EXCHANGE_MODES,
    EXT_CERTIFICATE_AUTHORITIES,
    EXT_OID_FILTERS,
    EXT_POST_HANDSHAKE_AUTH,
    EXT_SIGNATURE_ALGORITHMS_CERT,
    EXT_KEY_SHARE,
    EXT_RENEGOTIATION_INFO,
    EXT_COUNT
};

#define CUB_STATUS_OCSP 1 /* CertificateStatusType [RFC6066-8] */

#define EXT_BIT(extension) (1ul << (extension))

/* The messages that bear extensions. */
enum cub_extension_place {
    IN_CH = 1,
    IN_SH = 2,
    IN_HRR = 4,
    IN_EE = 8,
    IN_CT = 16,
    IN_CR = 32,
    IN_NST = 64,
    IN_SH12 = 128, /* a ServerHello of TLS 1.2 */
};

/* More extensions in one block than this are refused: comparing all pairs must stay cheap. */
#define CUB_MAX_EXTENSIONS 128

/* A pass over a block of extensions. */
struct cub_extensions {
    /* Called for each that is known and may stand here: reads its body. What it leaves is an
     * error. */
    void (*read)(void *out, unsigned extension, struct rd *body);
    void *out;
    uint32_t offered; /* in messages that answer, nothing but these (EXT_BITs) may come */
    uint8_t place;    /* enum cub_extension_place */
    uint8_t last;     /* result: the last one, EXT_COUNT if we do not know it */
    uint32_t present; /* result: EXT_BITs of those that came */
};

/*
 * Reads the extensions that are left in r. Syntax errors are left in r. E_EXT_DUPLICATE,
 * E_EXT_PLACE, E_EXT_UNSOLICITED, E_EXT_TOO_MANY.
 */
enum cub_error cub_extensions_read(struct rd *r, struct cub_extensions *extensions);

/* The body of an ALPN extension that answers: exactly one name [RFC7301-3.1]. */
struct cub_view cub_extension_protocol(struct rd *body);

/* Writes the type and the length of the body that follows. */
void cub_extension_head(struct wr *w, enum cub_extension extension, size_t len);
/* Writes the type and opens the body; to be closed with wr_close(w, mark, 2). */
size_t cub_extension_open(struct wr *w, enum cub_extension extension);

#endif
