/*
 * One connection of the shim: what it stands on and what its parts call of each other.
 */
#ifndef CUB_BOGO_SHIM_H
#define CUB_BOGO_SHIM_H

#include "api/ciphers.h"
#include "credential.h"
#include "flags.h"
#include "handshake/strike.h"

#define RECORD CUB_RECORD_BUFFER(16384)

#define MAX_SESSION    4096
#define MAX_EARLY_DATA 14336

#define MAX_CACHED 4

/* A list that the peer sent. */
struct note {
    uint8_t bytes[4096];
    size_t len;
};

/* A session of TLS 1.2 under its id. */
struct cached {
    uint8_t id[CUB_SESSION_ID_SIZE];
    uint8_t session[MAX_SESSION];
    size_t len; /* 0: none */
};

/* What outlives a connection: the keys of tickets, the last session, and a clock of our own. */
struct memory {
    struct cub_ticket_keys ticket_keys;
    struct cub_session_store store;
    struct cached cached[MAX_CACHED];
    unsigned num_cached; /* ever */
    uint64_t now;        /* milliseconds */
    struct cub_strike strikes[64];
    struct cub_strike_register strike_register;
    struct cub_replay_store replay_store;
    uint8_t session[MAX_SESSION];
    size_t session_len; /* 0: none */
    /* What was stapled to the certificate of the session. */
    struct cub_view ocsp_response;
    uint8_t scts[2048];
    size_t scts_len;
};

/* An external key, imported for one hash function [RFC9258]. */
struct imported {
    uint8_t identity[256];
    uint8_t key[CUB_MAX_SECRET];
    struct cub_psk psk;
    int index; /* as the command line counts */
};

#define NO_PSK (-2) /* indices begin with -1 */

/* One connection and all that it stands on. */
struct shim {
    const struct options *options;
    const struct options *retry_options; /* those after early data was rejected */
    struct memory *memory;
    bool resuming; /* not the first connection */
    bool session_received;
    bool ticket_received;
    bool scts_taken;
    bool hello_written;
    bool held; /* what is sealed waits until data has come */
    bool exported;
    bool session_allows_early_data;
    struct cub_session_state session;
    uint8_t session_bytes[MAX_SESSION];
    int fd;
    bool transport_closed;
    struct cub_engine engine;
    struct cub_config config;
    struct cub_profile profile;
    struct identity identities[MAX_CREDENTIALS];
    struct cub_credential credentials[MAX_CREDENTIALS];
    struct cub_credential
        sorted[MAX_CREDENTIALS + MAX_LIST]; /* by kind; order says where they were */
    size_t order[MAX_CREDENTIALS + MAX_LIST];
    uint8_t authorities[4096];
    struct imported psks[2 * MAX_CREDENTIALS];
    size_t num_psks;
    const struct imported *psk; /* the one that the engine asked for last */
    struct judge judge;
    enum cub_error refusal; /* how a chain is refused */
    struct note peer_schemes, peer_authorities, peer_types;
    struct note peer_suites, peer_groups, peer_identities;
    int psk_choice;          /* server: the index of the external key to use; NO_PSK: none */
    char log[1024];          /* as expected_log */
    uint32_t obfuscated_age; /* server: of the client's first identity */
    int age_skew;            /* seconds */
    bool renegotiation_asked;
    uint8_t last_message;    /* type of the one that came last */
    struct cub_view raw_key; /* the peer's; lives as long as the program */
    uint8_t alpn[256];
    char server_name[256];
    const struct cub_suite *suites[CUB_LIST_MAX];
    unsigned suite_groups[CUB_LIST_MAX]; /* of equal preference; 0: alone */
    const struct cub_group *groups[MAX_LIST + 1];
    const struct cub_group *share_groups[MAX_LIST + 1];
    const struct cub_verify_scheme *verify_schemes[MAX_LIST + 1];
    uint8_t in[2 * RECORD], out[RECORD];
    uint64_t handshake[20000];
};

/* Says why on stderr and ends the program with status 1. */
_Noreturn void die(const char *format, ...);

extern const struct cub_random system_random;

/* setup.c: makes and starts the engine as the options say. */
void set_up(struct shim *s);

/* certificates.c: compression, by the runner's algorithms. */
void set_compression(struct shim *s);

/* raw_keys.c: what kinds of certificates the peer may show. */
void set_raw_keys(struct shim *s);
/* A SubjectPublicKeyInfo, which lives as long as the program. */
struct cub_view spki_encode(const struct cub_public_key *key);

/* suites.c: adds the suites of the cipher string behind the n that there are; returns how many
 * there are then. */
size_t suites_parse(struct shim *s, size_t n);
/* Orders what is of equal preference as the client has it, whose hello came. */
/* What to do with a ClientHello that has come. */
void choose(struct shim *s);
void suites_order(struct shim *s);
void groups_order(struct shim *s);

/* notes.c: for config.trace and config.resume. */
void note_message(void *owner, const struct cub_trace *event);
bool judge_session(void *owner, const struct cub_session_state *session);
/* Names in hexadecimal with commas between them, to names with their lengths before them; returns
 * the number of bytes. */
size_t names_decode(const char *list, uint8_t *out, size_t size);

/* setup.c: the session cache of a server. */
extern const struct cub_session_cache shim_cache;

/* checks.c: ends the program if the finished handshake is not what the options expect. */
void check_properties(const struct shim *s);
void check_early_data(const struct shim *s);

#endif
