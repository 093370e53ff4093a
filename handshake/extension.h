/*
 * Extensions: which may stand in which message [RFC8446-4.2], and the pass over an extension block
 * that every message with one begins with.
 */
#ifndef CUB_HANDSHAKE_EXTENSION_H
#define CUB_HANDSHAKE_EXTENSION_H

#include <stdint.h>

#include "crypto/error.h"
#include "handshake/wire.h"

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

/*
 * The extensions that we know the place of: name, type, and the messages that it may stand in. The
 * table of [RFC8446-4.2] with the rows of its successors and of TLS 1.2.
 */
/* clang-format off */
#define CUB_EXTENSIONS(X) \
    X(SERVER_NAME,                  0x0000, IN_CH | IN_EE | IN_SH12)              /* [RFC6066-3] */ \
    X(MAX_FRAGMENT_LENGTH,          0x0001, IN_CH | IN_EE | IN_SH12)              /* [RFC6066-4] */ \
    X(STATUS_REQUEST,               0x0005, IN_CH | IN_CR | IN_CT | IN_SH12)      /* [RFC6066-8] */ \
    X(SUPPORTED_GROUPS,             0x000a, IN_CH | IN_EE | IN_SH12)              /* [RFC8446-4.2.7] */ \
    X(EC_POINT_FORMATS,             0x000b, IN_CH | IN_SH12)                      /* [RFC8422-5.1.2] */ \
    X(SIGNATURE_ALGORITHMS,         0x000d, IN_CH | IN_CR)                        /* [RFC8446-4.2.3] */ \
    X(ALPN,                         0x0010, IN_CH | IN_EE | IN_SH12)              /* [RFC7301-3.1] */ \
    X(SIGNED_CERTIFICATE_TIMESTAMP, 0x0012, IN_CH | IN_CR | IN_CT | IN_SH12)      /* [RFC6962-3.3.1] */ \
    X(CLIENT_CERTIFICATE_TYPE,      0x0013, IN_CH | IN_EE | IN_SH12)              /* [RFC7250-3] */ \
    X(SERVER_CERTIFICATE_TYPE,      0x0014, IN_CH | IN_EE | IN_SH12)              /* [RFC7250-3] */ \
    X(PADDING,                      0x0015, IN_CH)                                /* [RFC7685-3] */ \
    X(ENCRYPT_THEN_MAC,             0x0016, IN_CH | IN_SH12)                      /* [RFC7366-2] */ \
    X(EXTENDED_MASTER_SECRET,       0x0017, IN_CH | IN_SH12)                      /* [RFC7627-5.1] */ \
    X(COMPRESS_CERTIFICATE,         0x001b, IN_CH | IN_CR)                        /* [RFC8879-3] */ \
    X(RECORD_SIZE_LIMIT,            0x001c, IN_CH | IN_EE | IN_SH12)              /* [RFC8449-4] */ \
    X(DELEGATED_CREDENTIAL,         0x0022, IN_CH | IN_CR | IN_CT)                /* [RFC9345-4.1.1] */ \
    X(SESSION_TICKET,               0x0023, IN_CH | IN_SH12)                      /* [RFC5077-3.2] */ \
    X(PRE_SHARED_KEY,               0x0029, IN_CH | IN_SH)                        /* [RFC8446-4.2.11] */ \
    X(EARLY_DATA,                   0x002a, IN_CH | IN_EE | IN_NST)               /* [RFC8446-4.2.10] */ \
    X(SUPPORTED_VERSIONS,           0x002b, IN_CH | IN_SH | IN_HRR)               /* [RFC8446-4.2.1] */ \
    X(COOKIE,                       0x002c, IN_CH | IN_HRR)                       /* [RFC8446-4.2.2] */ \
    X(PSK_KEY_EXCHANGE_MODES,       0x002d, IN_CH)                                /* [RFC8446-4.2.9] */ \
    X(CERTIFICATE_AUTHORITIES,      0x002f, IN_CH | IN_CR)                        /* [RFC8446-4.2.4] */ \
    X(OID_FILTERS,                  0x0030, IN_CR)                                /* [RFC8446-4.2.5] */ \
    X(POST_HANDSHAKE_AUTH,          0x0031, IN_CH)                                /* [RFC8446-4.2.6] */ \
    X(SIGNATURE_ALGORITHMS_CERT,    0x0032, IN_CH | IN_CR)                        /* [RFC8446-4.2.3] */ \
    X(KEY_SHARE,                    0x0033, IN_CH | IN_SH | IN_HRR)               /* [RFC8446-4.2.8] */ \
    X(RENEGOTIATION_INFO,           0xff01, IN_CH | IN_SH12)                      /* [RFC5746-3.2] */
/* clang-format on */

/* Numbered by ourselves: bits of a set. */
enum cub_extension {
#define X(name, type, places) EXT_##name,
    CUB_EXTENSIONS(X)
#undef X
        EXT_COUNT
};

/* ExtensionType [RFC8446-4.2]. */
enum cub_extension_type {
#define X(name, type, places) TYPE_##name = type,
    CUB_EXTENSIONS(X)
#undef X
};

/* Where each may stand: enum cub_extension_place. */
enum cub_extension_places {
#define X(name, type, places) PLACES_##name = places,
    CUB_EXTENSIONS(X)
#undef X
};

#define CUB_STATUS_OCSP 1 /* CertificateStatusType [RFC6066-8] */

#define EXT_BIT(extension) (1ul << (extension))

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

/* Whether two of the first CUB_MAX_EXTENSIONS of a block are of one type, known or not; its reader
 * is a copy. */
bool cub_extension_twice(struct rd block);

/* The body of an ALPN extension that answers: exactly one name [RFC7301-3.1]. */
struct cub_view cub_extension_protocol(struct rd *body);

/* Writes the type and the length of the body that follows. */
void cub_extension_head(struct wr *w, enum cub_extension extension, size_t len);
/* Writes the type and opens the body; to be closed with wr_close(w, mark, 2). */
size_t cub_extension_open(struct wr *w, enum cub_extension extension);

#endif
