/*
 * Protection of one direction of a connection: how a record's content becomes what is on the wire,
 * and back. The formats are const structs, so that what a profile does not name is not linked.
 */
#ifndef CUB_RECORD_PROTECT_H
#define CUB_RECORD_PROTECT_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/aead.h"
#include "crypto/error.h"

#define CUB_RECORD_HEADER        5     /* type, legacy_record_version, length */
#define CUB_RECORD_MAX_PLAINTEXT 16384 /* 2^14 [RFC8446-5.1] */

/* ContentType [RFC8446-5.1]. */
enum cub_content_type {
    CUB_CHANGE_CIPHER_SPEC = 20,
    CUB_ALERT = 21,
    CUB_HANDSHAKE = 22,
    CUB_APPLICATION_DATA = 23,
};

struct cub_protection;
struct cub_record_in;

struct cub_record_format {
    uint8_t prefix;     /* bytes between the header and the content */
    uint8_t suffix;     /* most bytes behind the content: type, padding, tag */
    uint16_t expansion; /* what the length of a record may exceed 2^14 by */
    /*
     * Opens a record in place. in->type, content and content_len are type and body as they came; on
     * success they tell what was inside. Counts the record. NULL: nothing is to be done.
     * E_RECORD_OVERFLOW: more is inside than in->limit allows.
     */
    enum cub_error (*open)(struct cub_record_in *in);
    /*
     * Seals len bytes of content that stand at record + CUB_RECORD_HEADER + prefix: fills in the
     * header and what follows. Returns the size of the whole record. Increments the sequence
     * number.
     */
    size_t (*seal)(struct cub_protection *protection, uint8_t *record, uint8_t type, size_t len);
    /* The same cipher with encrypt_then_mac [RFC7366-2]; NULL: there is no such thing. */
    const struct cub_record_format *encrypt_then_mac;
};

/* Keys and counter of one direction. */
struct cub_protection {
    const struct cub_record_format *format;
    const struct cub_aead *aead; /* NULL while there is none */
    uint64_t sequence;
    uint8_t iv[CUB_AEAD_NONCE_SIZE];
    struct cub_aead_key key;
};

extern const struct cub_record_format cub_record_plaintext;
extern const struct cub_record_format cub_record_tls13;        /* [RFC8446-5.2] */
extern const struct cub_record_format cub_record_tls12;        /* GCM, CCM [RFC5246-6.2.3.3] */
extern const struct cub_record_format cub_record_tls12_chacha; /* [RFC7905-2] */
extern const struct cub_record_format cub_record_tls12_cbc;    /* [RFC5246-6.2.3.2] */

/*
 * The nonce of the next record, which is counted: the sequence number, padded on the left, xor the
 * iv [RFC8446-5.3], [RFC7905-2].
 */
void cub_record_nonce(struct cub_protection *protection, uint8_t nonce[CUB_AEAD_NONCE_SIZE]);
/* Fills in a record's header. */
void cub_record_header(uint8_t *record, uint8_t type, size_t len);

/* Wipes the keys and makes the direction plaintext. */
void cub_protection_clear(struct cub_protection *protection);

/* Installs a key of aead->key_size bytes and an iv, zero where it is shorter; the sequence starts
 * at 0. */
void cub_protection_set(struct cub_protection *protection, const struct cub_record_format *format,
                        const struct cub_aead *aead, const uint8_t *key, const uint8_t *iv);

#endif
