/*
 * The traces of RFC 8448. What the library makes of a trace is collected as text under the path
 * that the value has in the file; then every value of the file is compared with what was collected
 * under its path. Each step takes what the steps before it computed, and nothing that the file says
 * of secrets: a trace is recomputed from its private keys and messages.
 */
#ifndef CUB_VECTORS_RFC8448_H
#define CUB_VECTORS_RFC8448_H

#include "handshake/client_hello.h"
#include "handshake/config.h"
#include "handshake/messages.h"
#include "handshake/server_hello.h"
#include "vectors/format.h"

#define CUB_RFC8448_MAX_MESSAGES 16
#define CUB_RFC8448_MAX_CERTS    2

struct cub_rfc8448_message {
    const char *name;
    const char *sender;  /* client, server */
    struct cub_view raw; /* as the file has it, header included */
    unsigned on;         /* enum cub_trigger */
};

struct cub_rfc8448_cert {
    const char *sender;
    struct cub_view der;
};

/* What is known beyond one trace. */
struct cub_rfc8448_file {
    struct cub_vectors_arena arena;
    struct cub_private_key key;     /* the file's RSA key */
    struct cub_public_key cert_key; /* of the certificates that are said to be for it */
    size_t signed_alike;            /* CertificateVerify messages that it signs as they are, */
    size_t signed_other;            /* and that it does not */
    struct cub_view resumption_psk; /* of the last NewSessionTicket: the next trace resumes */
};

/* A trace being run. */
struct cub_rfc8448 {
    struct cub_rfc8448_file *file;
    struct cub_vectors_arena *arena; /* the file's */
    const json_t *trace;
    json_t *computed; /* path within the trace: text */
    /* Of the messages, by the library's decoders. */
    struct cub_rfc8448_message messages[CUB_RFC8448_MAX_MESSAGES];
    size_t num_messages;
    struct cub_client_hello client_hello[2];
    size_t num_client_hellos;
    struct cub_server_hello server_hello;
    struct cub_new_session_ticket ticket;
    struct cub_rfc8448_cert certs[CUB_RFC8448_MAX_CERTS];
    size_t num_certs;
    struct cub_certificate_verify verify[CUB_RFC8448_MAX_CERTS]; /* by the certificates' order */
    size_t num_verifies;
    const struct cub_suite *suite;
    const struct cub_group *group;
};

/* Collects bytes or text under a path. */
void cub_rfc8448_put(struct cub_rfc8448 *t, const void *data, size_t len, const char *path, ...)
    __attribute__((format(printf, 4, 5)));
void cub_rfc8448_note(struct cub_rfc8448 *t, const char *text, const char *path, ...)
    __attribute__((format(printf, 3, 4)));
/* What was collected under a path, as bytes; empty: nothing, or no bytes. */
struct cub_view cub_rfc8448_got(struct cub_rfc8448 *t, const char *path);
/* A member of the file that holds bytes; empty if there is none. */
struct cub_view cub_rfc8448_bytes(struct cub_rfc8448 *t, const json_t *object, const char *name);
/* A member that holds text; "" if there is none. */
const char *cub_rfc8448_text(const json_t *object, const char *name);

/* The parts, in their order. */
void cub_rfc8448_messages(struct cub_rfc8448 *t); /* decoded and encoded again */
void cub_rfc8448_schedule(struct cub_rfc8448 *t); /* key exchange, transcript, secrets */
void cub_rfc8448_records(struct cub_rfc8448 *t);  /* opened and sealed again */
void cub_rfc8448_steps(struct cub_rfc8448 *t);    /* the document's own account */

/* A CertificateVerify, counted from 0, with its certificate; transcript is what it covers. */
void cub_rfc8448_signature(struct cub_rfc8448 *t, size_t number, const uint8_t *transcript);
/* The salt of an RSASSA-PSS signature with SHA-256 by this key; false: it is none. */
#define CUB_RFC8448_SALT 32
bool cub_rfc8448_find_salt(const struct cub_private_key *key, struct cub_view sig, uint8_t *salt);
/* Reads the file's RSA key; when all traces have used it, says what was found. */
void cub_rfc8448_read_key(struct cub_rfc8448 *t, const json_t *key);
void cub_rfc8448_judge_key(struct cub_rfc8448 *t);

#endif
