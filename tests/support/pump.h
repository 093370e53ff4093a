/*
 * Two engines joined in memory: what one sends the other receives, in pieces of any size, and a
 * test may look at the records in between, change, drop and insert them. Keys, certificates,
 * randomness and time are fixed, so two runs send the same bytes.
 *
 * Nothing points out of a struct pump but to constants: a copy of its bytes, put back to the same
 * place, is the same connections at an earlier moment (pump_save, pump_restore).
 */
#ifndef CUB_TESTS_SUPPORT_PUMP_H
#define CUB_TESTS_SUPPORT_PUMP_H

#include "api/cub_engine.h"
#include "tests/support/pki.h"
#include "tests/support/random.h"

enum pump_side { PUMP_CLIENT, PUMP_SERVER };

#define PUMP_BUFFER    CUB_RECORD_BUFFER_CBC(16384)
#define PUMP_HANDSHAKE 32768
#define PUMP_WIRE      65536
#define PUMP_RECORD    (5 + 16384 + 256 + 64)
#define PUMP_EVENTS    256

/* One engine with all that it needs. What the functions below fill in may be changed before
 * end_start. */
struct end {
    struct cub_engine engine;
    struct cub_config config;
    struct cub_engine_setup setup;
    struct cub_random random;
    struct test_random random_state;
    struct cub_chain verifier;
    uint8_t verifier_buffer[CUB_CHAIN_BUFFER_ANY];
    struct cub_credential credential;
    struct cub_view chain[2];
    uint8_t in[PUMP_BUFFER];
    uint8_t out[PUMP_BUFFER];
    uint64_t handshake[PUMP_HANDSHAKE / 8];
    struct cub_trace events[PUMP_EVENTS]; /* as far as there is room */
    unsigned event_count;
    uint64_t to_send;  /* bytes of application data still to be sent: see pump_byte */
    uint64_t sent;     /* and how many were */
    uint64_t received; /* application data that came */
    uint64_t wrong;    /* how much of it was not what had been sent */
};

/* A server with the chain PKI_P256, or a client that verifies it; TLS 1.3 alone; the full profile with
 * curves alone, as shares of ML-KEM would hide how little memory the rest needs; the client has the
 * chain PKI_CLIENT for servers that ask. */
void end_init(struct end *end, bool is_server);
/* What the server's chain is made of. */
void end_use_chain(struct end *end, enum pki_fixture fixture);
/* Record buffers for this many bytes of content, and this much handshake memory besides what the
 * profile needs. */
void end_shrink(struct end *end, size_t in_content, size_t out_content, size_t messages);
/* Starts the engine; the error of cub_engine_start. */
enum cub_error end_start(struct end *end);
/* Moves application data in and out: true if any moved. */
bool end_pump_data(struct end *end);

/* A record on its way, header included. A hook may change bytes and len; len 0 drops it. */
struct pump_record {
    uint8_t bytes[PUMP_RECORD];
    size_t len;
};

struct pump;
typedef void pump_hook(struct pump *p, enum pump_side from, struct pump_record *record);

/* Bytes on the way from one end to the other. */
struct pump_wire {
    struct pump_record record; /* is being gathered from sendrec */
    uint8_t bytes[PUMP_WIRE];  /* behind the hook */
    size_t head, tail;
    unsigned next_split;
    uint64_t carried; /* bytes delivered */
};

struct pump {
    struct end ends[2];
    struct pump_wire wires[2]; /* from the client, from the server */
    pump_hook *hook;
    void *hook_context;
    const size_t *splits; /* sizes of the pieces delivered, over and over, ended by 0; NULL: all */
    unsigned records[2];  /* records that passed from each side */
};

/* Two ends by end_init. */
void pump_init(struct pump *p);
/* Starts both and asserts that they could be started. */
void pump_start(struct pump *p);
/* Moves bytes until none move any more. */
void pump_run(struct pump *p);
/* pump_start, pump_run, and asserts that both are connected. */
void pump_handshake(struct pump *p);
/* Puts bytes on the way, as if from had sent them; hooks do not see them. */
void pump_insert(struct pump *p, enum pump_side from, const void *bytes, size_t len);
/* Sends n bytes of application data. */
void pump_send(struct pump *p, enum pump_side from, uint64_t n);
/* Both get so much more data from the other, intact. */
bool pump_exchange(struct pump *p, uint64_t n);

/* Byte number n of every stream of application data. */
uint8_t pump_byte(uint64_t n);

/* A copy of everything, to be freed with free; and back to it. */
void *pump_save(const struct pump *p);
void pump_restore(struct pump *p, const void *saved);

/*
 * Seals a record that this engine will accept as the next one from its peer: content stands at
 * record + 5, or in TLS 1.2 behind the prefix of the format, with room for what the format puts
 * behind it. Returns the record's size.
 */
size_t end_forge(struct end *end, uint8_t type, uint8_t *record, size_t len);

#endif
