/*
 * What a client offers, and how it takes the answers: the extensions of its ClientHello, in lists
 * that the protocol tables name. What no list in use names is not linked.
 */
#ifndef CUB_HANDSHAKE_OFFERS_H
#define CUB_HANDSHAKE_OFFERS_H

#include "handshake/handshake.h"

struct cub_offer {
    uint16_t type;           /* enum cub_extension_type */
    uint8_t places;          /* where it may stand: enum cub_extension_place */
    uint8_t extension;       /* enum cub_extension */
    cub_extension_body *put; /* false: there is nothing to offer */
    /* Takes the body of the server's answer in a message that place tells; NULL: it is empty. */
    enum cub_error (*take)(struct cub_engine *e, struct rd *r, uint8_t place);
};

/* In the order in which they are written; they end with put NULL. */
extern const struct cub_offer cub_offers13[];
extern const struct cub_offer cub_offers13_session[]; /* those of cub_client13_session */
extern const struct cub_offer cub_offers13_cert[];
extern const struct cub_offer cub_offers13_psk[];
extern const struct cub_offer cub_offers13_psk_ke[];
extern const struct cub_offer cub_offers12[];
extern const struct cub_offer cub_offers12_cert[];

/* Writes those of a list that are not there yet, and notes them in hs->offered. */
void cub_put_offers(struct cub_engine *e, struct wr *w, const struct cub_offer *offer);

/*
 * Takes the extensions by which a message of the server answers, which r holds and nothing else,
 * and notes them in hs->answered. Those that are neither in the list of TLS 1.3 nor in that of TLS
 * 1.2 are none that we know. Syntax errors are left in r, and go before what is wrong with an
 * answer, which is the result: E_EXT_*, and what the functions above say.
 */
enum cub_error cub_take_answers(struct cub_engine *e, struct rd *r, uint8_t place);

/* psk_client13.c, early_client13.c, session_client12.c */
bool cub_put_psk_modes(struct cub_engine *e, struct wr *w);
bool cub_put_psk_ke(struct cub_engine *e, struct wr *w); /* that mode alone */
bool cub_put_early_data(struct cub_engine *e, struct wr *w);
bool cub_put_pre_shared_key(struct cub_engine *e, struct wr *w);
enum cub_error cub_take_psk_identity(struct cub_engine *e, struct rd *r, uint8_t place);
bool cub_put_session_ticket(struct cub_engine *e, struct wr *w);
/* compression.c, delegated_client.c, raw_key.c */
bool cub_put_compressions(struct cub_engine *e, struct wr *w);
bool cub_put_delegation(struct cub_engine *e, struct wr *w);
bool cub_put_client_types(struct cub_engine *e, struct wr *w);
bool cub_put_server_types(struct cub_engine *e, struct wr *w);

#endif
