/*
 * Static RSA: the client encrypts the premaster secret to the server's certificate
 * [RFC5246-7.4.7.1]. No forward secrecy.
 */
#include "crypto/bytes.h"
#include "crypto/rsa.h"
#include "handshake/exchange.h"
#include "handshake/negotiate.h"

/* The first credential with a key that decrypts, and that is here. */
static bool possible(struct cub_engine *e, const struct cub_client_hello *hello)
{
    const struct cub_credential *credential = e->config->credentials;

    (void)hello;
    e->group = NULL;
    for (size_t i = 0; i < e->config->num_credentials; i++, credential++) {
        if (credential->key->type != CUB_KEY_RSA || credential->sign != NULL ||
            !cub_peer_takes(e, credential))
            continue;
        e->hs->credential = credential;
        return true;
    }
    return false;
}

static enum cub_error put_answer(struct cub_engine *e, struct wr *w)
{
    struct cub_handshake *hs = e->hs;
    uint8_t encrypted[CUB_RSA_MAX_SIZE];
    enum cub_error err;

    if (hs->peer_key.type != CUB_KEY_RSA)
        return E_CERT_TYPE;
    err = cub_random_fill(e->config->random, hs->secret12, CUB_RSA_PREMASTER);
    if (err != E_OK)
        return err;
    /* The version of our ClientHello. */
    cub_store_be16(hs->secret12, CUB_TLS1_2);
    hs->premaster_len = CUB_RSA_PREMASTER;
    err = cub_rsa_encrypt_premaster(&hs->peer_key, e->config->random, hs->secret12, encrypted);
    if (err != E_OK)
        return err;
    wr_view(w, 2, (struct cub_view){encrypted, hs->peer_key.modulus.len});
    /* The server's Finished will show that it has the key. */
    hs->proofs |= PROOF_SIGNATURE;
    return E_OK;
}

/*
 * Whatever came, the handshake goes on: with the secret, or with a random one if there was none in
 * it. The version is put in its place instead of being compared, so a wrong one shows in Finished
 * alone, too.
 */
static enum cub_error take_answer(struct cub_engine *e, struct rd *r)
{
    struct cub_handshake *hs = e->hs;
    struct cub_view encrypted = rd_view(r, 2, 0, 0xffff);
    enum cub_error err;

    if (!rd_done(r))
        return E_DECODE_CLIENT_KEY_EXCHANGE;
    err = cub_random_fill(e->config->random, hs->secret12, CUB_RSA_PREMASTER);
    if (err == E_OK)
        err = cub_rsa_decrypt_premaster(hs->credential->key, encrypted.data, encrypted.len,
                                        hs->secret12);
    cub_store_be16(hs->secret12, hs->client_version);
    hs->premaster_len = CUB_RSA_PREMASTER;
    return err;
}

const struct cub_exchange cub_exchange_rsa = {
    .memory = CUB_RSA_PREMASTER,
    .possible = possible,
    .put_answer = put_answer,
    .take_answer = take_answer,
};
