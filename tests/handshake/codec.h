/*
 * What the tests of the codec share: random contents for messages, and the two things that every
 * decoder must do: refuse each strict prefix of a message, and refuse a byte behind its end.
 */
#ifndef CUB_TESTS_HANDSHAKE_CODEC_H
#define CUB_TESTS_HANDSHAKE_CODEC_H

#include "handshake/wire.h"

#define CODEC_ROUNDS  300
#define CODEC_MESSAGE 70000

/* A number in [min, max], the same in every run. */
size_t codec_number(size_t min, size_t max);
/* Half of the time. */
bool codec_coin(void);
/* Random bytes, valid until codec_begin. */
struct cub_view codec_view(size_t min, size_t max);
/* The same, of even length: entries of 2 bytes. */
struct cub_view codec_list16(size_t min_entries, size_t max_entries);
/* Entries with a length of width bytes before each, between fixed bytes before and after. */
struct cub_view codec_entries(unsigned count, unsigned before, unsigned width, size_t min,
                              size_t max, unsigned after);
/* Forgets all views and makes *w ready for a message. */
void codec_begin(struct wr *w);

bool codec_equal(struct cub_view a, struct cub_view b);

/* Decodes a body into wherever it likes. */
typedef enum cub_error codec_decode(struct rd *r);

/*
 * Checks the header of the message in w (its type and length) and that decode takes its body and
 * nothing else: no prefix but the one of legal_prefix bytes (0: none), and no byte more. The bytes
 * are moved to an allocation of their exact size each time.
 */
void codec_check(const struct wr *w, uint8_t type, codec_decode *decode, size_t legal_prefix);
/* The result of decode for a body. */
enum cub_error codec_result(codec_decode *decode, const void *body, size_t len);

#endif
