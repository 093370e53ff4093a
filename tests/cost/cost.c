/*
 * What a connection costs: in full, resumed, resumed without a key exchange, and with 0-RTT data.
 * Prints a table; README.md has the last one. The profile's hash, group and schemes count what they
 * are used for.
 */
#include <bearssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "api/cubtls.h"
#include "handshake/strike.h"
#include "tests/api/pair.h"
#include "tests/support/pump.h"

#define NOW     UINT64_C(1767225600000)
#define STACK   131072
#define PAINT   0xa5
#define REQUEST 100 /* bytes of data each way */

/* Of the end whose turn it is. */
static struct count {
    unsigned long blocks, key_pairs, agreements, signatures, verifications;
} counts[2], *count = counts;

/* Hash blocks. */

static void sha256_init(const br_hash_class **context)
{
    br_sha256_vtable.init(context);
}

static void sha256_update(const br_hash_class **context, const void *data, size_t len)
{
    uint8_t state[32];
    uint64_t before = br_sha256_vtable.state(context, state);

    count->blocks += (unsigned long)((before % 64 + len) / 64);
    br_sha256_vtable.update(context, data, len);
}

static void sha256_out(const br_hash_class *const *context, void *out)
{
    uint8_t state[32];

    count->blocks += br_sha256_vtable.state(context, state) % 64 > 55 ? 2 : 1;
    br_sha256_vtable.out(context, out);
}

static uint64_t sha256_state(const br_hash_class *const *context, void *out)
{
    return br_sha256_vtable.state(context, out);
}

static void sha256_set_state(const br_hash_class **context, const void *state, uint64_t len)
{
    br_sha256_vtable.set_state(context, state, len);
}

static br_hash_class counting_class;
static struct cub_hash sha256;

/* Public-key operations. */

static struct cub_group x25519;
static struct cub_verify_scheme verify_p256;
static struct cub_sign_scheme sign_p256;

static enum cub_error generate(const struct cub_group *group, const struct cub_random *random,
                               uint8_t *private_value, uint8_t *share)
{
    (void)group;
    count->key_pairs++;
    return cub_group_x25519.generate(&cub_group_x25519, random, private_value, share);
}

static enum cub_error respond(const struct cub_group *group, const struct cub_random *random,
                              const uint8_t *peer_share, size_t peer_len, uint8_t *response,
                              uint8_t *secret)
{
    (void)group;
    count->key_pairs++;
    count->agreements++;
    return cub_group_x25519.respond(&cub_group_x25519, random, peer_share, peer_len, response,
                                    secret);
}

static enum cub_error complete(const struct cub_group *group, const uint8_t *private_value,
                               const uint8_t *peer_response, size_t peer_len, uint8_t *secret)
{
    (void)group;
    count->agreements++;
    return cub_group_x25519.complete(&cub_group_x25519, private_value, peer_response, peer_len,
                                     secret);
}

static enum cub_error verify(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    (void)scheme;
    count->verifications++;
    return cub_verify_ecdsa_secp256r1_sha256.verify(&cub_verify_ecdsa_secp256r1_sha256, key, digest,
                                                    digest_len, sig, sig_len);
}

static enum cub_error sign(const struct cub_sign_scheme *scheme, const struct cub_private_key *key,
                           const struct cub_random *random, const uint8_t *digest,
                           size_t digest_len, uint8_t *sig, size_t *sig_len)
{
    count->signatures++;
    (void)scheme;
    return cub_sign_ecdsa_secp256r1_sha256.sign(&cub_sign_ecdsa_secp256r1_sha256, key, random,
                                                digest, digest_len, sig, sig_len);
}

static struct cub_suite suite;
static const struct cub_suite *const suites[] = {&suite, NULL};
static const struct cub_group *const groups[] = {&x25519, NULL};
static const struct cub_verify_scheme *const verify_schemes[] = {&verify_p256, NULL};
static const struct cub_sign_scheme *const sign_schemes[] = {&sign_p256, NULL};
static struct cub_profile profile;
static struct cub_chain_config chains; /* verified by those schemes too */

static void make_profile(void)
{
    counting_class = br_sha256_vtable;
    counting_class.init = sha256_init;
    counting_class.update = sha256_update;
    counting_class.out = sha256_out;
    counting_class.state = sha256_state;
    counting_class.set_state = sha256_set_state;
    sha256 = cub_sha256;
    sha256.impl = &counting_class;
    suite = cub_suite_aes_128_gcm_sha256;
    suite.hash = &sha256;
    x25519 = cub_group_x25519;
    x25519.generate = generate;
    x25519.respond = respond;
    x25519.complete = complete;
    verify_p256 = cub_verify_ecdsa_secp256r1_sha256;
    verify_p256.hash = &sha256;
    verify_p256.verify = verify;
    sign_p256 = cub_sign_ecdsa_secp256r1_sha256;
    sign_p256.hash = &sha256;
    sign_p256.sign = sign;
    profile = cub_profile_full;
    profile.client12 = profile.server12 = NULL;
    profile.suites = suites;
    profile.groups = groups;
    profile.verify_schemes = verify_schemes;
    profile.sign_schemes = sign_schemes;
    chains = *pki_chain_config();
    chains.schemes = (struct cub_scheme_list){verify_schemes, 1};
}

/* Two ends, each of which runs on a stack of its own, painted before. */

static struct end ends[2];
static uint8_t stacks[2][STACK];
static uint8_t session_bytes[4096];
static size_t session_len;
static struct cub_session_state session;
static struct cub_ticket_keys ticket_keys;
static struct cub_session_store store = {cub_ticket_seal, cub_ticket_open, &ticket_keys};
static struct cub_strike entries[8 * CUB_STRIKE_WAYS];
static struct cub_strike_register strikes = {entries, 8 * CUB_STRIKE_WAYS, 0};
static struct cub_replay_store replays = {cub_strike_claim, &strikes};
static unsigned long sent[2]; /* bytes on the wire */
static ucontext_t main_context, end_context;
static void (*action)(unsigned side);
static unsigned turn;

static uint64_t now(void *owner)
{
    (void)owner;
    return NOW;
}

static void keep(void *owner, const struct cub_session_state *state)
{
    (void)owner;
    if (cub_session_encode(state, session_bytes, sizeof session_bytes, &session_len) != E_OK)
        abort();
}

static void enter(void)
{
    action(turn);
}

static void on_stack(unsigned side, void (*what)(unsigned side))
{
    turn = side;
    action = what;
    count = &counts[side];
    getcontext(&end_context);
    end_context.uc_stack.ss_sp = stacks[side];
    end_context.uc_stack.ss_size = STACK;
    end_context.uc_link = &main_context;
    makecontext(&end_context, enter, 0);
    swapcontext(&main_context, &end_context);
}

static size_t stack_used(unsigned side)
{
    size_t untouched = 0;

    while (untouched < STACK && stacks[side][untouched] == PAINT)
        untouched++;
    return STACK - untouched;
}

static void start(unsigned side)
{
    if (end_start(&ends[side]) != E_OK)
        abort();
}

/* What an end does with the data that is there, and some of what it has to send, put where the
 * other end finds it. */
static bool moved;
static size_t arrived;

static void move(unsigned side)
{
    struct cub_engine *from = &ends[side].engine, *to = &ends[!side].engine;
    uint8_t *p, *q;
    size_t n, room;

    arrived = 0;
    moved = end_pump_data(&ends[side]);
    if ((p = cub_engine_sendrec_buf(from, &n)) == NULL ||
        (q = cub_engine_recvrec_buf(to, &room)) == NULL)
        return;
    arrived = n < room ? n : room;
    memcpy(q, p, arrived);
    sent[side] += arrived;
    cub_engine_sendrec_ack(from, arrived);
    moved = true;
}

static void receive(unsigned side)
{
    cub_engine_recvrec_ack(&ends[side].engine, arrived);
}

static void run(void)
{
    unsigned idle = 0;

    on_stack(1, start);
    on_stack(0, start);
    for (unsigned side = 0; idle < 2; side = !side) {
        bool any = false;

        do {
            on_stack(side, move);
            any |= moved;
            if (arrived > 0)
                on_stack(!side, receive);
        } while (moved);
        idle = any ? 0 : idle + 1;
    }
}

static void check(enum cub_psk_kind psk, bool early)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct cub_engine *e = &ends[side].engine;

        if (!cub_engine_connected(e) || cub_engine_error(e) != E_OK || cub_engine_psk(e) != psk ||
            (cub_engine_early_data(e) == CUB_EARLY_ACCEPTED) != early ||
            ends[side].received != REQUEST) {
            fprintf(stderr, "%u: %s in %s\n", side, cub_error_info(cub_engine_error(e))->name,
                    cub_state_name(e->state));
            exit(1);
        }
    }
}

/* A way to connect. */
static const struct way {
    const char *name;
    bool client_auth, resumed, ke, early;
} ways[] = {
    {"full",                          false, false, false, false},
    {"full, with client certificate", true,  false, false, false},
    {"resumed",                       false, true,  false, false},
    {"resumed, no key exchange",      false, true,  true,  false},
    {"0-RTT",                         false, true,  false, true },
    {"0-RTT, no key exchange",        false, true,  true,  true },
};

static void prepare(const struct way *way)
{
    for (unsigned side = 0; side < 2; side++) {
        struct end *end = &ends[side];

        end_init(end, side == 1);
        end->random_state.state += 100 * (uint64_t)(way - ways);
        end->config.profile = &profile;
        end->verifier.config = &chains;
        end->config.trace = NULL;
        end->config.now = now;
        end->config.max_early_data = way->early || !way->resumed ? 16384 : 0;
        end->config.flags |= way->ke ? CUB_FLAG_PSK_KE : 0;
        end->to_send = REQUEST;
        memset(stacks[side], PAINT, STACK);
    }
    if (!way->resumed && !way->client_auth)
        ends[0].config.new_session = keep;
    ends[1].config.session_store = &store;
    ends[1].config.replay_store = &replays;
    ends[1].config.num_tickets = 1;
    if (way->client_auth)
        ends[1].config.verify_mode = CUB_VERIFY_REQUIRED;
    if (way->ke)
        ends[1].config.groups = ends[0].config.groups = groups + 1;
    if (way->resumed && cub_session_decode(&session, session_bytes, session_len) == E_OK)
        ends[0].setup.session = &session;
    memset(counts, 0, sizeof counts);
    memset(sent, 0, sizeof sent);
}

/* The heap, by the hosted API: the most that a connection has at a time. */

static size_t in_use[3], most_in_use[3];
static size_t before[3];   /* of them, what earlier connections left: sessions */
static unsigned owner = 2; /* whose calls allocate: a connection's, or the contexts' */

union header {
    struct {
        size_t size;
        unsigned owner;
    };
    max_align_t align;
};

static void *resize(void *arg, void *p, size_t size)
{
    union header *h = p != NULL ? (union header *)p - 1 : NULL;
    unsigned of = h != NULL ? h->owner : owner;

    (void)arg;
    if (h != NULL)
        in_use[of] -= h->size;
    h = realloc(h, sizeof *h + size);
    if (h == NULL)
        return NULL;
    h->size = size;
    h->owner = of;
    in_use[of] += size;
    if (in_use[of] > most_in_use[of])
        most_in_use[of] = in_use[of];
    return h + 1;
}

static void *allocate(void *arg, size_t size)
{
    return resize(arg, NULL, size);
}

static void release(void *arg, void *p)
{
    union header *h = p != NULL ? (union header *)p - 1 : NULL;

    (void)arg;
    if (h != NULL)
        in_use[h->owner] -= h->size;
    free(h);
}

static cub_context *contexts[2];
static cub_session *hosted_session;

static void fail(const cub_conn *conn)
{
    fprintf(stderr, "%s\n", cub_conn_error(conn)->message);
    exit(1);
}

static void make_contexts(void)
{
    contexts[0] = pair_client_context();
    contexts[1] = pair_server_context(PKI_P256);
    pair_load(contexts[0], PKI_CLIENT);
    cub_context_load_verify_locations(contexts[1], NULL, NULL, pki_root()->der, pki_root()->len);
    cub_context_set_max_early_data(contexts[1], 16384);
}

/* A byte each way, which takes tickets along. */
static void exchange(cub_conn *conns[2])
{
    char data[REQUEST] = {0};
    size_t n;

    for (unsigned side = 0; side < 2; side++) {
        owner = !side;
        if (cub_conn_write(conns[!side], data, sizeof data, &n) != CUB_OK)
            fail(conns[!side]);
        owner = side;
        if (cub_conn_read(conns[side], data, sizeof data, &n) != CUB_OK)
            fail(conns[side]);
    }
}

static void connect_hosted(const struct way *way, cub_conn *conns[2])
{
    char data[REQUEST] = {0};
    size_t n = 0;

    owner = 0;
    if (way->resumed && cub_conn_set_session(conns[0], hosted_session) != CUB_OK)
        fail(conns[0]);
    if (way->early && cub_conn_write_early_data(conns[0], data, sizeof data, &n) != CUB_OK)
        fail(conns[0]);
    for (unsigned round = 0; round < 4; round++) {
        owner = 0;
        (void)cub_conn_do_handshake(conns[0]);
        owner = 1;
        if (round == 0)
            while (way->early &&
                   cub_conn_read_early_data(conns[1], data, sizeof data, &n) == CUB_OK && n > 0)
                ;
        (void)cub_conn_do_handshake(conns[1]);
    }
    exchange(conns);
    if (cub_conn_get_session_reused(conns[1]) != way->resumed ||
        (cub_conn_get_early_data(conns[1]) == CUB_EARLY_DATA_ACCEPTED) != way->early)
        fail(conns[1]);
}

/* Without key exchange makes no difference here. */
static void measure_heap(const struct way *way)
{
    struct cub_wrap_options options[2] = {{.server_hostname = "server.example"},
                                          {.server_side = true}};
    cub_bio *bios[2];
    cub_conn *conns[2];

    memcpy(before, in_use, sizeof before);
    memcpy(most_in_use, in_use, sizeof most_in_use);
    cub_context_set_verify_mode(contexts[1], way->client_auth ? CUB_CERT_REQUIRED : CUB_CERT_NONE);
    owner = 2;
    cub_bio_new(&bios[0]);
    cub_bio_new(&bios[1]);
    for (owner = 0; owner < 2; owner++)
        if (cub_context_wrap_bio(contexts[owner], bios[owner], bios[!owner], &options[owner],
                                 &conns[owner]) != CUB_OK)
            fail(conns[owner]);
    connect_hosted(way, conns);
    owner = 2;
    if (!way->resumed && !way->client_auth)
        hosted_session = cub_session_ref(cub_conn_get_session(conns[0]));
    cub_conn_free(conns[0]);
    cub_conn_free(conns[1]);
    cub_bio_free(bios[0]);
    cub_bio_free(bios[1]);
}

static void print(const struct way *way)
{
    for (unsigned side = 0; side < 2; side++) {
        const struct count *c = &counts[side];

        printf("| %s | %s | %lu | %lu | %lu | %lu | %lu | %lu | %zu | %zu |\n", way->name,
               side == 0 ? "client" : "server", c->key_pairs, c->agreements, c->signatures,
               c->verifications, c->blocks, sent[side], stack_used(side),
               most_in_use[side] - before[side]);
    }
}

int main(void)
{
    uint8_t key[CUB_TICKET_KEY_SIZE];
    struct test_random state = {.state = 5};
    struct cub_random random = {test_random_fill, &state};

    cub_set_allocator(&(struct cub_allocator){allocate, resize, release, NULL});
    make_profile();
    make_contexts();
    memset(key, 'k', sizeof key);
    ticket_keys.aead = &cub_aes_128_gcm;
    ticket_keys.random = &random;
    cub_ticket_keys_rotate(&ticket_keys, key);
    printf("| connection | side | key pairs | agreements | signatures | verifications "
           "| SHA-256 blocks | bytes sent | stack | heap |\n"
           "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        prepare(&ways[i]);
        run();
        check(ways[i].resumed ? CUB_PSK_RESUMPTION : CUB_PSK_NONE, ways[i].early);
        measure_heap(&ways[i]);
        print(&ways[i]);
    }
    cub_session_free(hosted_session);
    cub_context_free(contexts[0]);
    cub_context_free(contexts[1]);
    return 0;
}
