#include "crypto/bytes.h"
#include "crypto/group.h"
#include "crypto/mlkem.h"

/* ML-KEM alone; impl is the parameter set. The private value is the seed. */

static enum cub_error generate(const struct cub_group *group, const struct cub_random *random,
                               uint8_t *private_value, uint8_t *share)
{
    enum cub_error error = cub_random_fill(random, private_value, CUB_MLKEM_SEED);

    if (!error)
        cub_mlkem_public(group->impl, private_value, share);
    return error;
}

static enum cub_error respond(const struct cub_group *group, const struct cub_random *random,
                              const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                              uint8_t *secret)
{
    uint8_t message[CUB_MLKEM_MESSAGE];
    enum cub_error error = cub_random_fill(random, message, sizeof message);

    if (!error)
        error = cub_mlkem_encapsulate(group->impl, peer_share, peer_len, message, response, secret);
    cub_wipe(message, sizeof message);
    return error;
}

static enum cub_error complete(const struct cub_group *group, const uint8_t *private_value,
                               const uint8_t *peer_response, size_t peer_len, uint8_t *secret)
{
    return cub_mlkem_decapsulate(group->impl, private_value, peer_response, peer_len, secret);
}

const struct cub_group cub_group_mlkem1024 = {
    0x0202, CUB_MLKEM_SEED, 1568,    1568,     CUB_MLKEM_SECRET,
    1,      generate,       respond, complete, &cub_mlkem_1024,
};

/*
 * X25519MLKEM768: everything of ML-KEM-768, then everything of X25519 [draft-ietf-tls-ecdhe-mlkem,
 * sections 4.1 to 4.3].
 */
static const struct cub_group mlkem768 = {
    0, CUB_MLKEM_SEED, 1184, 1088, CUB_MLKEM_SECRET, 1, generate, respond, complete, &cub_mlkem_768,
};

static enum cub_error generate_both(const struct cub_group *group, const struct cub_random *random,
                                    uint8_t *private_value, uint8_t *share)
{
    const struct cub_group *second = group->impl;
    enum cub_error error = generate(&mlkem768, random, private_value, share);

    if (error)
        return error;
    return second->generate(second, random, private_value + mlkem768.private_size,
                            share + mlkem768.share_size);
}

static enum cub_error respond_both(const struct cub_group *group, const struct cub_random *random,
                                   const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                                   uint8_t *secret)
{
    const struct cub_group *second = group->impl;
    enum cub_error error;

    if (peer_len != group->share_size)
        return E_CRYPTO_SHARE;
    error = respond(&mlkem768, random, peer_share, mlkem768.share_size, response, secret);
    if (error)
        return error;
    return second->respond(second, random, peer_share + mlkem768.share_size, second->share_size,
                           response + mlkem768.response_size, secret + mlkem768.secret_size);
}

static enum cub_error complete_both(const struct cub_group *group, const uint8_t *private_value,
                                    const uint8_t *peer_response, size_t peer_len, uint8_t *secret)
{
    const struct cub_group *second = group->impl;
    enum cub_error error;

    if (peer_len != group->response_size)
        return E_CRYPTO_SHARE;
    error = complete(&mlkem768, private_value, peer_response, mlkem768.response_size, secret);
    if (error)
        return error;
    return second->complete(second, private_value + mlkem768.private_size,
                            peer_response + mlkem768.response_size, second->response_size,
                            secret + mlkem768.secret_size);
}

const struct cub_group cub_group_x25519mlkem768 = {
    0x11ec, 96, 1216, 1120, 64, 1, generate_both, respond_both, complete_both, &cub_group_x25519,
};
