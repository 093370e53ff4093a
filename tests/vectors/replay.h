/*
 * The engine as both sides of a trace of RFC 8448: two engines whose randomness, certificates and
 * signatures are the trace's. Every byte that goes from one to the other is compared with the
 * trace's records, and so are the secrets.
 *
 * Where an engine would write another message than the trace has, the trace's takes its place and
 * the difference is noted: everything behind it still has to be the same. The protocol tables are
 * what makes that possible: a copy of them calls each action that writes through a function that
 * looks at what was written.
 */
#ifndef CUB_TESTS_VECTORS_REPLAY_H
#define CUB_TESTS_VECTORS_REPLAY_H

#include "handshake/protocol.h"
#include "tests/support/pump.h"
#include "vectors/rfc8448.h"

#define REPLAY_MAX_DRAWN 8
#define REPLAY_MAX_ROWS  64

/* Bytes that are still to come. */
struct replay_stream {
    struct cub_view all;
    size_t done;
};

/* What one side has besides its struct end. */
struct replay_side {
    const char *name; /* client, server */
    struct cub_profile profile;
    struct cub_protocol protocol;
    struct cub_row rows[REPLAY_MAX_ROWS];
    const struct cub_protocol *original;
    struct cub_random random;
    struct cub_view drawn[REPLAY_MAX_DRAWN]; /* randomness: one request each */
    size_t num_drawn, next_drawn;
    size_t next_message;        /* index in the trace, from where this side's next is looked for */
    size_t hellos;              /* ClientHellos that were sent */
    struct replay_stream wire;  /* what it sends */
    struct replay_stream data;  /* the application data among that */
    const struct cub_view *own; /* its certificate, and the signature that it makes; or NULL */
    const struct cub_certificate_verify *signature;
};

struct replay {
    struct end ends[2]; /* client, server; first, so that an engine's owner leads here */
    struct replay_side sides[2];
    struct cub_rfc8448_file file;
    struct cub_rfc8448 trace;
    json_t *root;
    uint64_t now;                     /* ms */
    struct cub_session_state session; /* that is resumed: the client's view of it */
    struct cub_session_store sessions;
    struct cub_replay_store flights;
    size_t secrets;         /* that were compared */
    char differences[1024]; /* a line a message */
};

/* Reads the trace of a section and sets both sides up for it. To be freed. */
struct replay *replay_open(int section);
void replay_free(struct replay *r);

/* From the first ClientHello to the last alert; asserts that all is as in the trace. */
void replay_run(struct replay *r);

/* Between the files of the replay. */
struct replay *replay_of(void *owner, bool is_server);
void replay_check_secret(struct replay *r, const char *name, const uint8_t *secret, size_t len);
void replay_copy_tables(struct replay_side *side, bool is_server);

/*
 * Appends to text, of size bytes, how message differs from wanted: extensions with + if only wanted
 * has them, - if only message has, ~ if they differ, then "fields" for what is before them and
 * "order".
 */
void replay_compare(struct cub_view message, struct cub_view wanted, char *text, size_t size);

#endif
