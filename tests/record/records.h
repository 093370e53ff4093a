/* What the tests of records share: keys, contents, and records that no honest sender makes. */
#ifndef CUB_TESTS_RECORD_RECORDS_H
#define CUB_TESTS_RECORD_RECORDS_H

#include <stdbool.h>

#include "record/record_in.h"

#define RECORD_ROOM  (5 + 16384 + 2048 + 64)
#define RECORD_AEADS 5

extern const struct cub_aead *const record_aeads[RECORD_AEADS];
extern const uint8_t record_key[CUB_AEAD_MAX_KEY];
extern const uint8_t record_iv[CUB_AEAD_NONCE_SIZE];

/* A direction of TLS 1.3 with the key and iv above. */
void protect(struct cub_protection *protection, const struct cub_aead *aead);

/* Opens a record of size bytes in all, as cub_record_in_open does when it is there whole. */
enum cub_error open_with(struct cub_protection *protection, uint8_t *record, size_t size,
                         uint8_t *type, uint8_t **content, size_t *len);

/* A content that can be known again. */
void fill(uint8_t *p, size_t len);
bool is_filled(const uint8_t *p, size_t len);

/* Seals what stands at record + 5, all of it: len bytes of TLSInnerPlaintext. */
size_t seal_inner(struct cub_protection *protection, uint8_t *record, size_t len);
/* Seals len bytes of content at record + 5 with a type and zeros behind them. */
size_t seal_padded(struct cub_protection *protection, uint8_t *record, uint8_t type, size_t len,
                   size_t pad);
/* Writes a record in the clear with any header: len bytes of content already at record + 5. */
size_t put_plain(uint8_t *record, uint8_t type, uint16_t version, size_t len);

#endif
