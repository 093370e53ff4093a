/*
 * The key schedule of TLS 1.3 [RFC8446-7]: secrets from secrets, no connection in sight. All
 * secrets have hash->size bytes.
 */
#ifndef CUB_HANDSHAKE_SCHEDULE13_H
#define CUB_HANDSHAKE_SCHEDULE13_H

#include "crypto/aead.h"
#include "crypto/hash.h"

/* Early Secret = HKDF-Extract(0, PSK); psk_len 0: no PSK, zeros instead. */
void cub_early_secret(const struct cub_hash *hash, const uint8_t *psk, size_t psk_len,
                      uint8_t *secret);
/*
 * One step down the schedule, in place: HKDF-Extract(Derive-Secret(secret, "derived", ""), input).
 * Early to Handshake Secret with the key exchange's secret, Handshake to Master Secret with none
 * (input_len 0: zeros).
 */
void cub_next_secret(const struct cub_hash *hash, uint8_t *secret, const uint8_t *input,
                     size_t input_len);
/* Derive-Secret(secret, label, messages); transcript is Transcript-Hash(messages): hash->empty if
 * there are none. */
void cub_derive_secret(const struct cub_hash *hash, const uint8_t *secret, const char *label,
                       const uint8_t *transcript, uint8_t *out);
/* verify_data [RFC8446-4.4.4], and binders [RFC8446-4.2.11.2], from the base key, which out may be.
 */
void cub_finished_mac(const struct cub_hash *hash, const uint8_t *base_key,
                      const uint8_t *transcript, uint8_t *out);
/* [sender]_write_key of aead->key_size and [sender]_write_iv of 12 bytes [RFC8446-7.3]. */
void cub_traffic_keys(const struct cub_hash *hash, const struct cub_aead *aead,
                      const uint8_t *secret, uint8_t *key, uint8_t *iv);
/* application_traffic_secret_N+1 in place of N [RFC8446-7.2]. */
void cub_update_secret(const struct cub_hash *hash, uint8_t *secret);
/* PSK of a ticket from resumption_master_secret [RFC8446-4.6.1]. */
void cub_resumption_psk(const struct cub_hash *hash, const uint8_t *secret, const uint8_t *nonce,
                        size_t nonce_len, uint8_t *psk);
/* TLS-Exporter(label, context, out_len) [RFC8446-7.5]. */
void cub_export13(const struct cub_hash *hash, const uint8_t *exporter_secret, const char *label,
                  const uint8_t *context, size_t context_len, uint8_t *out, size_t out_len);

#endif
