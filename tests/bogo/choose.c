/*
 * What a server decides by itself when it has read a ClientHello, as BoringSSL would: which of its
 * external keys to use, if any, and whom to refuse.
 */
#include <stdio.h>
#include <string.h>

#include "crypto/bytes.h"
#include "handshake/extras.h"
#include "handshake/negotiate.h"
#include "shim.h"

static struct cub_view view_of(const struct note *note)
{
    return (struct cub_view){note->bytes, note->len};
}

static bool is_offered(const struct shim *s, struct cub_view identity)
{
    struct rd r;

    rd_init(&r, s->peer_identities.bytes, s->peer_identities.len);
    while (rd_more(&r)) {
        struct cub_view theirs = rd_view(&r, 2, 1, 0xffff);

        rd_u32(&r);
        if (theirs.len == identity.len && memcmp(theirs.data, identity.data, theirs.len) == 0)
            return true;
    }
    return false;
}

/* The first of our keys, in our order, that the client has and offers a suite for. */
static int first_key(const struct shim *s)
{
    for (size_t i = 0; i < s->num_psks; i++) {
        const struct cub_psk *psk = &s->psks[i].psk;

        if (is_offered(s, psk->identity) &&
            cub_choose_suite(&s->engine, view_of(&s->peer_suites), psk->hash) != NULL)
            return s->psks[i].index;
    }
    return NO_PSK;
}

/* Whether a certificate of TLS 1.3 that stands before a key will do. */
static bool comes_first(const struct shim *s, size_t n)
{
    const struct cub_credential *credential = &s->credentials[n];
    const struct cub_sign_scheme *const *scheme = credential->sign_schemes;

    for (scheme = scheme != NULL ? scheme : s->profile.sign_schemes; *scheme != NULL; scheme++) {
        if ((*scheme)->key_type == credential->key->type && (*scheme)->use == CUB_USE_ALL &&
            cub_list16_has(view_of(&s->peer_schemes), (*scheme)->id))
            return true;
    }
    return false;
}

static void choose_key(struct shim *s)
{
    s->psk_choice = first_key(s);
    for (size_t i = 0; i < s->config.num_credentials; i++) {
        int index = s->identities[i].index;

        if (s->psk_choice != NO_PSK && index >= 0 && index < s->psk_choice && comes_first(s, i))
            s->psk_choice = NO_PSK;
    }
}

/* A list of compression algorithms that names one twice. */
static bool repeats(const struct shim *s)
{
    struct cub_view body, list;
    struct rd r;

    if (!(s->engine.hs->offered & EXT_BIT(EXT_COMPRESS_CERTIFICATE)))
        return false;
    body = cub_find_extension(&s->engine, EXT_COMPRESS_CERTIFICATE);
    rd_init(&r, body.data, body.len);
    list = rd_view(&r, 1, 2, 254);
    for (size_t i = 0; i + 1 < list.len; i += 2) {
        struct cub_view rest = {list.data + i + 2, list.len - i - 2};

        if (cub_list16_has(rest, (uint16_t)cub_load_be16(list.data + i)))
            return true;
    }
    return false;
}

void choose(struct shim *s)
{
    suites_order(s);
    groups_order(s);
    choose_key(s);
    if (repeats(s)) {
        fputs(":ERROR_PARSING_EXTENSION: an algorithm is there twice\n", stderr);
        cub_engine_refuse(&s->engine, ALERT_ILLEGAL_PARAMETER);
    } else if (s->peer_identities.len > 0 && s->num_psks > 0 && s->psk_choice == NO_PSK &&
               s->config.num_credentials == 0 && !s->resuming) {
        fputs(":PSK_IDENTITY_NOT_FOUND: and there is nothing else\n", stderr);
        cub_engine_refuse(&s->engine, ALERT_HANDSHAKE_FAILURE);
    }
}
