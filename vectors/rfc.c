#include <stdio.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/kdf.h"
#include "handshake/schedule12.h"
#include "vectors/format.h"

/* Test vectors of RFCs, a list of independent computations. A case is one value that comes out. */

struct test {
    struct cub_vectors_run *run;
    struct cub_vectors_arena *arena;
    const json_t *json;
};

static const char *text(const struct test *t, const char *name)
{
    const char *value = json_string_value(json_object_get(t->json, name));

    return value ? value : "";
}

static struct cub_view bytes(const struct test *t, const char *name)
{
    struct cub_view view;

    if (!cub_vectors_unhex(t->arena, text(t, name), &view))
        view.len = 0;
    return view;
}

static void report(const struct test *t, const char *name, const char *got,
                   enum cub_vectors_result result, const char *reason)
{
    char id[64];

    snprintf(id, sizeof id, "%s %s", text(t, "section"), name);
    cub_vectors_case(t->run, id, text(t, name), got, result, reason);
}

/* Compares len bytes with a member of the test. */
static void compare(const struct test *t, const char *name, const uint8_t *data, size_t len)
{
    char *got = cub_vectors_arena_alloc(t->arena, 2 * len + 1);
    bool same;

    *got = '\0';
    for (size_t i = 0; i < len; i++)
        snprintf(got + 2 * i, 3, "%02x", data[i]);
    same = strcmp(got, text(t, name)) == 0;
    report(t, name, got, same ? CUB_VECTORS_PASS : CUB_VECTORS_FAIL, same ? "" : "differs");
}

static const struct cub_hash *hash_of(const char *name)
{
    if (strcmp(name, "SHA-1") == 0)
        return &cub_sha1;
    if (strcmp(name, "SHA-384") == 0)
        return &cub_sha384;
    return strcmp(name, "SHA-256") == 0 ? &cub_sha256 : NULL;
}

static void hkdf(const struct test *t)
{
    const struct cub_hash *hash = hash_of(text(t, "hash"));
    struct cub_view ikm = bytes(t, "ikm"), salt = bytes(t, "salt"), info = bytes(t, "info");
    size_t len = strlen(text(t, "okm")) / 2;
    uint8_t *okm = cub_vectors_arena_alloc(t->arena, len);
    uint8_t prk[CUB_HASH_MAX_SIZE];

    if (!hash) {
        report(t, "prk", "not run", CUB_VECTORS_FAIL, "unknown hash");
        return;
    }
    if (!json_object_get(t->json, "salt"))
        salt.data = NULL;
    cub_hkdf_extract(hash, salt.data, salt.len, ikm.data, ikm.len, prk);
    compare(t, "prk", prk, hash->size);
    if (len > cub_hkdf_max(hash))
        len = 0;
    cub_hkdf_expand(hash, prk, hash->size, info.data, info.len, okm, len);
    compare(t, "okm", okm, len);
}

/* Whether a test has key and nonce for ChaCha20-Poly1305; a case fails if not. */
static bool has_key(const struct test *t, struct cub_aead_key *key)
{
    struct cub_view given = bytes(t, "key");

    if (given.len != 32 || bytes(t, "nonce").len != 12) {
        report(t, "ciphertext", "not run", CUB_VECTORS_FAIL, "no proper key or nonce");
        return false;
    }
    cub_chacha20_poly1305.init(key, given.data);
    return true;
}

static void aead(const struct test *t)
{
    struct cub_view nonce = bytes(t, "nonce"), aad = bytes(t, "aad");
    struct cub_view plain = bytes(t, "plaintext"), sealed = bytes(t, "ciphertext");
    struct cub_view sent = bytes(t, "tag");
    uint8_t *data = cub_vectors_arena_alloc(t->arena, plain.len + sealed.len);
    struct cub_aead_key key;
    uint8_t tag[CUB_AEAD_MAX_TAG];

    if (!has_key(t, &key))
        return;
    memcpy(data, plain.data, plain.len);
    cub_chacha20_poly1305.seal(&key, nonce.data, aad.data, aad.len, data, plain.len, tag);
    compare(t, "ciphertext", data, plain.len);
    compare(t, "tag", tag, sizeof tag);
    memcpy(data, sealed.data, sealed.len);
    if (sent.len == sizeof tag && cub_chacha20_poly1305.open(&key, nonce.data, aad.data, aad.len,
                                                             data, sealed.len, sent.data))
        compare(t, "plaintext", data, sealed.len);
    else
        report(t, "plaintext", "refused", CUB_VECTORS_FAIL, "tag does not match");
}

/* The cipher alone, by what the AEAD makes of data: that is encrypted from counter 1 on. */
static void chacha20(const struct test *t)
{
    json_int_t counter = json_integer_value(json_object_get(t->json, "counter"));
    struct cub_view nonce = bytes(t, "nonce"), plain = bytes(t, "plaintext");
    size_t before = counter > 0 && counter < 1000 ? 64 * ((size_t)counter - 1) : 0;
    uint8_t *data = cub_vectors_arena_alloc(t->arena, before + plain.len);
    struct cub_aead_key key;
    uint8_t tag[CUB_AEAD_MAX_TAG];

    if (counter == 0) {
        report(t, "ciphertext", "not run", CUB_VECTORS_SKIP,
               "the first block is the key of Poly1305, which nobody sees");
        return;
    }
    if (!has_key(t, &key))
        return;
    memset(data, 0, before);
    memcpy(data + before, plain.data, plain.len);
    cub_chacha20_poly1305.seal(&key, nonce.data, NULL, 0, data, before + plain.len, tag);
    compare(t, "ciphertext", data + before, plain.len);
}

static void poly1305(const struct test *t)
{
    report(t, "tag", "not run", CUB_VECTORS_SKIP, "Poly1305 is offered within the AEAD only");
}

static void poly1305_key(const struct test *t)
{
    report(t, "otk", "not run", CUB_VECTORS_SKIP, "Poly1305 is offered within the AEAD only");
}

/* ClientHello.random and ServerHello.random; false if they are not 32 bytes each. */
static bool randoms_of(const struct test *t, uint8_t randoms[64])
{
    struct cub_view client = bytes(t, "client_random"), server = bytes(t, "server_random");

    if (client.len != 32 || server.len != 32)
        return false;
    memcpy(randoms, client.data, 32);
    memcpy(randoms + 32, server.data, 32);
    return true;
}

/* [RFC5246-8.1], or [RFC7627-4] if there is a session_hash. */
static void master_secret12(const struct test *t)
{
    const struct cub_hash *hash = hash_of(text(t, "hash"));
    struct cub_view premaster = bytes(t, "pre_master_secret"), session = bytes(t, "session_hash");
    uint8_t randoms[64], master[CUB_MASTER_SECRET];

    if (hash && session.len == hash->size)
        cub_extended_master_secret(hash, premaster.data, premaster.len, session.data, master);
    else if (hash && randoms_of(t, randoms))
        cub_master_secret(hash, premaster.data, premaster.len, randoms, master);
    else {
        report(t, "master_secret", "not run", CUB_VECTORS_FAIL, "no proper hash or input");
        return;
    }
    compare(t, "master_secret", master, sizeof master);
}

/* [RFC5246-6.3] */
static void key_block12(const struct test *t)
{
    const struct cub_hash *hash = hash_of(text(t, "hash"));
    struct cub_view master = bytes(t, "master_secret");
    size_t len = strlen(text(t, "key_block")) / 2;
    uint8_t randoms[64], *block = cub_vectors_arena_alloc(t->arena, len);

    if (!hash || master.len != CUB_MASTER_SECRET || !randoms_of(t, randoms)) {
        report(t, "key_block", "not run", CUB_VECTORS_FAIL, "no proper hash or input");
        return;
    }
    cub_key_block(hash, master.data, randoms, block, len);
    compare(t, "key_block", block, len);
}

/* [RFC5246-7.4.9] */
static void finished12(const struct test *t)
{
    const struct cub_hash *hash = hash_of(text(t, "hash"));
    struct cub_view master = bytes(t, "master_secret"), transcript = bytes(t, "handshake_hash");
    bool by_client = strcmp(text(t, "sender"), "client") == 0;
    uint8_t verify_data[CUB_VERIFY_DATA12];

    if (!hash || master.len != CUB_MASTER_SECRET || transcript.len != hash->size ||
        (!by_client && strcmp(text(t, "sender"), "server") != 0)) {
        report(t, "verify_data", "not run", CUB_VECTORS_FAIL, "no proper hash or input");
        return;
    }
    cub_verify_data12(hash, master.data, by_client, transcript.data, verify_data);
    compare(t, "verify_data", verify_data, sizeof verify_data);
}

static const struct {
    const char *type;
    void (*run)(const struct test *t);
} types[] = {
    {"HKDF",                           hkdf           },
    {"AEAD",                           aead           },
    {"ChaCha20",                       chacha20       },
    {"Poly1305",                       poly1305       },
    {"Poly1305 key",                   poly1305_key   },
    {"TLS 1.2 master secret",          master_secret12},
    {"TLS 1.2 extended master secret", master_secret12},
    {"TLS 1.2 key block",              key_block12    },
    {"TLS 1.2 Finished",               finished12     },
};

static void run(struct cub_vectors_run *r, const json_t *root)
{
    const json_t *tests = json_object_get(root, "tests");

    for (size_t i = 0; i < json_array_size(tests); i++) {
        struct cub_vectors_arena arena = {NULL};
        const struct test t = {r, &arena, json_array_get(tests, i)};
        const char *type = text(&t, "type");
        size_t n = 0;

        while (n < sizeof types / sizeof types[0] && strcmp(types[n].type, type) != 0)
            n++;
        if (n < sizeof types / sizeof types[0])
            types[n].run(&t);
        else
            report(&t, "type", "not run", CUB_VECTORS_FAIL, "unknown");
        cub_vectors_arena_free(&arena);
    }
}

static bool recognises(const json_t *root)
{
    const char *source = json_string_value(json_object_get(root, "source"));

    return source && strncmp(source, "RFC ", 4) == 0 &&
           json_is_array(json_object_get(root, "tests"));
}

const struct cub_vectors_format cub_vectors_rfc = {"RFC", recognises, run};
