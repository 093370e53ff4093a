/*
 * What the shim loads and how it judges: a chain with its key, and a verifier that takes any chain
 * unless it is told to refuse.
 */
#ifndef CUB_BOGO_CREDENTIAL_H
#define CUB_BOGO_CREDENTIAL_H

#include "api/cub_engine.h"
#include "flags.h"

#define MAX_CHAIN 64

struct chain {
    struct cub_view certs[MAX_CHAIN];
    size_t count;
};

struct identity {
    struct cub_stapled stapled;
    struct chain chain;
    struct cub_private_key key;
    struct cub_public_key public_key;
    struct cub_credential credential;
    const struct cub_sign_scheme *sign_schemes[MAX_LIST + 1];
    int index; /* as the command line counts */
};

/* Reads the certificates of a PEM file; ends the program if it cannot. */
void chain_load(struct chain *chain, const char *file);
/* The same with its key; without a file of certificates, the key is all there is. */
void identity_load(struct identity *identity, const char *cert_file, const char *key_file);

/* The verifier's context: how it decides, and what came. */
struct judge {
    bool ask_again;     /* waits once before it decides */
    bool ignores_usage; /* TLS 1.2: an RSA key does whatever the suite wants */
    size_t max_message; /* bytes of all certificates; 0: any number */
    const struct cub_engine *engine;
    enum cub_error refusal; /* E_OK: any chain will do */
    bool waited;
    bool usage_invalid; /* the key was not for this */
    size_t message_len;
    struct chain peer;
    struct cub_view ocsp_response; /* lives as long as the program */
};
extern const struct cub_verifier judge_verifier;
/* The same, which asks for a stapled OCSP response too. */
extern const struct cub_verifier judge_verifier_stapling;

#endif
