/*
 * What the files of the agent share. The verbs are agent.py's, argument for argument.
 */
#ifndef CUB_TESTS_SIDE_BY_SIDE_AGENT_H
#define CUB_TESTS_SIDE_BY_SIDE_AGENT_H

#include <jansson.h>
#include <stdio.h>

#include "api/cubtls.h"

#define MAX_SLOTS     16
#define MAX_ARGUMENTS 12

struct agent_verb {
    const char *name;
    int arguments;
    /* Adds to the answer; a failure leaves its details. */
    cub_result (*run)(char **arguments, json_t *answer, struct cub_error_details *details);
};
extern const struct agent_verb agent_verbs[];

struct agent_bios {
    cub_bio *incoming, *outgoing;
};

/* Objects by name; NULL: there is none. Keeping frees what had the name. */
cub_context *agent_context(const char *name);
cub_conn *agent_conn(const char *name);
struct agent_bios *agent_bios(const char *name);
void agent_keep_context(const char *name, cub_context *context);
void agent_keep_conn(const char *name, cub_conn *conn);
void agent_keep_bios(const char *name, struct agent_bios *bios);

/* NULL for "-". */
const char *agent_text(const char *argument);
json_t *agent_string(const char *s); /* null for NULL */
json_t *agent_hex(const void *data, size_t len);
size_t agent_unhex(const char *hex, uint8_t *out);

/* What getpeercert() gives, as Python's JSON encoder writes it; null for NULL. */
json_t *agent_cert(const struct cub_cert_info *cert);

typedef cub_result agent_run(char **a, json_t *answer, struct cub_error_details *d);
agent_run agent_reset;
/* Contexts. */
agent_run agent_new, agent_default, agent_get, agent_set, agent_load_cert_chain,
    agent_load_verify_locations, agent_set_ciphers, agent_set_ecdh_curve, agent_set_alpn_protocols,
    agent_cert_store_stats, agent_get_ca_certs, agent_session_stats, agent_get_ciphers,
    agent_psk_client, agent_psk_server, agent_sni, agent_sni_seen;

#endif
