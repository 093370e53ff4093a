#include "credential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "shim.h"
#include "x509/cert.h"
#include "x509/key.h"
#include "x509/pem.h"

static char *read_file(const char *file, size_t *len)
{
    FILE *f = fopen(file, "rb");
    char *text = malloc(1 << 20);

    if (f == NULL || text == NULL) {
        perror(file);
        exit(1);
    }
    *len = fread(text, 1, 1 << 20, f);
    fclose(f);
    return text;
}

/* Decodes a block into memory of its own, which lives as long as the program. */
static struct cub_view decode(const struct cub_pem_block *block)
{
    size_t max = cub_pem_decoded_max(block);
    uint8_t *der = malloc(max);
    struct cub_view view = {der, 0};

    if (der == NULL || cub_pem_decode(block, der, max, &view.len) != E_OK)
        exit(1);
    return view;
}

void chain_load(struct chain *chain, const char *file)
{
    struct cub_pem pem;
    struct cub_pem_block block;
    size_t len;

    pem.at = read_file(file, &len);
    pem.end = pem.at + len;
    chain->count = 0;
    while (cub_pem_next(&pem, &block) == E_OK && chain->count < MAX_CHAIN) {
        if (cub_pem_is(&block, "CERTIFICATE"))
            chain->certs[chain->count++] = decode(&block);
    }
}

void identity_load(struct identity *identity, const char *cert_file, const char *key_file)
{
    struct cub_pem pem;
    struct cub_pem_block block;
    struct cub_view der;
    size_t len;

    if (cert_file != NULL)
        chain_load(&identity->chain, cert_file);
    pem.at = read_file(key_file, &len);
    pem.end = pem.at + len;
    if (cub_pem_next(&pem, &block) != E_OK)
        exit(1);
    der = decode(&block);
    if (cub_private_key_decode(&identity->key, &identity->public_key, der.data, der.len) != E_OK)
        exit(EXIT_NOT_IMPLEMENTED);
    if (cert_file == NULL) {
        identity->chain.certs[0] = spki_encode(&identity->public_key);
        identity->chain.count = 1;
        identity->credential.is_raw = 1;
    }
    identity->credential.chain = identity->chain.certs;
    identity->credential.chain_len = identity->chain.count;
    identity->credential.key = &identity->key;
}

static enum cub_error judge_start(void *context, const struct cub_verify_request *request)
{
    struct judge *judge = context;

    (void)request;
    judge->peer.count = judge->message_len = 0;
    return E_OK;
}

static enum cub_error judge_certificate(void *context, const uint8_t *der, size_t len)
{
    struct judge *judge = context;
    uint8_t *copy = malloc(len);

    judge->message_len += len;
    if (judge->max_message > 0 && judge->message_len > judge->max_message)
        return E_CERT_TOO_LONG;
    if (copy == NULL || judge->peer.count == MAX_CHAIN)
        return E_X509_CHAIN_TOO_LONG;
    memcpy(copy, der, len);
    judge->peer.certs[judge->peer.count++] = (struct cub_view){copy, len};
    return E_OK;
}

static bool may_ignore_usage(const struct judge *judge, uint8_t key_type)
{
    return judge->ignores_usage && judge->engine->version == CUB_TLS1_2 && key_type == CUB_KEY_RSA;
}

static enum cub_error judge_finish(void *context, unsigned usage, struct cub_public_key *key)
{
    struct judge *judge = context;
    struct cub_view leaf = judge->peer.certs[0];
    struct cub_cert cert;
    enum cub_error err;

    if (judge->ask_again && !judge->waited) {
        judge->waited = true;
        return E_WAIT_VERIFY;
    }
    err = cub_cert_parse(&cert, leaf.data, leaf.len);
    if (err == E_OK)
        err = cert.key_error;
    /* What cannot be read at all is a message that cannot be decoded. */
    if (err != E_OK)
        return cert.key_error != E_OK ? err : E_DECODE_CERTIFICATE;
    judge->usage_invalid = cub_cert_has(&cert, CUB_EXT_KEY_USAGE) && !(cert.key_usage & usage);
    if (judge->usage_invalid && !may_ignore_usage(judge, cert.key.type))
        return E_X509_KEY_USAGE;
    *key = cert.key;
    return judge->refusal;
}

static enum cub_error judge_status(void *context, const uint8_t *response, size_t len)
{
    struct judge *judge = context;
    uint8_t *copy;

    /* It is about the leaf; what is told of issuers is not wanted. */
    if (judge->peer.count != 1 && judge->ocsp_response.len > 0)
        return E_OK;
    copy = malloc(len);
    if (copy == NULL)
        return E_X509_CHAIN_TOO_LONG;
    memcpy(copy, response, len);
    judge->ocsp_response = (struct cub_view){copy, len};
    return E_OK;
}

const struct cub_verifier judge_verifier = {judge_start, judge_certificate, NULL, judge_finish};
const struct cub_verifier judge_verifier_stapling = {judge_start, judge_certificate, judge_status,
                                                     judge_finish};
