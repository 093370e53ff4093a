/*
 * The key exchanges of TLS 1.2: how a suite agrees on a premaster secret [RFC5246-8.1]. Each suite
 * points to its own, so that what no suite of a profile uses is not linked.
 */
#ifndef CUB_HANDSHAKE_EXCHANGE_H
#define CUB_HANDSHAKE_EXCHANGE_H

#include "handshake/handshake.h"
#include "handshake/messages12.h"

/*
 * What a suite does about ServerKeyExchange and ClientKeyExchange. The premaster secret goes to
 * hs->secret12, its length to hs->premaster_len.
 */
struct cub_exchange {
    bool is_signed;  /* ServerKeyExchange bears a signature */
    uint16_t memory; /* bytes of hs->secret12 that it uses */
    /*
     * Server: whether this exchange can be had with the client; chooses group, credential and
     * scheme for it. e->suite is the suite in question.
     */
    bool (*possible)(struct cub_engine *e, const struct cub_client_hello *hello);
    /* Server: writes ServerKeyExchange up to the signature. Called again, it writes the same. NULL:
     * there is none. */
    enum cub_error (*put_params)(struct cub_engine *e, struct wr *w);
    /* Client: reads that, and refuses what can be refused by looking at it. NULL: there is none. */
    enum cub_error (*take_params)(const struct cub_engine *e, struct rd *r,
                                  struct cub_server_params *params);
    /* Client: what can be done about params, while they are there. NULL: nothing. */
    enum cub_error (*respond)(struct cub_engine *e, const struct cub_server_params *params);
    /* Client: writes the body of ClientKeyExchange; the premaster secret is known then. */
    enum cub_error (*put_answer)(struct cub_engine *e, struct wr *w);
    /* Server: reads that, and has the premaster secret. E_WAIT_SESSION. */
    enum cub_error (*take_answer)(struct cub_engine *e, struct rd *r);
};

/* ECDHE as a part of an exchange [RFC8422-5.4], [RFC8422-5.7]; secret takes e->group->secret_size
 * bytes. */
bool cub_ecdhe_choose_group(struct cub_engine *e, const struct cub_client_hello *hello);
enum cub_error cub_ecdhe_put_params(struct cub_engine *e, struct wr *w);
enum cub_error cub_ecdhe_take_params(const struct cub_engine *e, struct rd *r,
                                     struct cub_server_params *params);
enum cub_error cub_ecdhe_respond(struct cub_engine *e, const struct cub_server_params *params,
                                 uint8_t *secret);
void cub_ecdhe_put_answer(const struct cub_engine *e, struct wr *w);
enum cub_error cub_ecdhe_take_answer(struct cub_engine *e, struct cub_view point, uint8_t *secret);

#endif
