#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/support/graph.h"

#define expect(got, wanted)                                                                        \
    do {                                                                                           \
        enum cub_error error_ = (got);                                                             \
        cr_assert_eq(error_, wanted, "%s", cub_error_info(error_)->name);                          \
    } while (0)

Test(path, one_root_one_intermediate)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *ca = graph_ca(g, "CA", PKI_KEY_CA, root);

    expect(graph_build_under(g, ca, CUB_PATH_STRICT), E_OK);
    cr_assert_eq(g->result.count, 3);
    cr_assert_eq(g->result.path[1], &g->parsed[ca - g->certs]);
    cr_assert_eq(g->result.path[2], &g->parsed[root - g->certs]);
    cr_assert_eq(g->result.signatures, 2);
}

/* The ready chains, judged like the chain verifier judges them. */
Test(path, fixtures)
{
    static const struct {
        enum pki_fixture fixture;
        enum cub_error error;
        unsigned depth;
    } cases[] = {
        {PKI_P384,          E_OK,                        0},
        {PKI_P521,          E_OK,                        0},
        {PKI_RSA2048,       E_OK,                        0},
        {PKI_RSA4096,       E_OK,                        0},
        {PKI_RSA_PSS,       E_OK,                        0},
        {PKI_ED25519,       E_OK,                        0},
        {PKI_EXPIRED,       E_X509_EXPIRED,              0},
        {PKI_NOT_YET_VALID, E_X509_NOT_YET_VALID,        0},
        {PKI_WRONG_EKU,     E_X509_PURPOSE,              0},
        {PKI_NOT_CA,        E_X509_INVALID_CA,           1},
        {PKI_CRITICAL,      E_X509_CRITICAL_EXTENSION,   0},
        {PKI_WRONG_NAME,    E_X509_HOSTNAME_MISMATCH,    0},
        {PKI_SELF_SIGNED,   E_X509_SELF_SIGNED_LEAF,     0},
        {PKI_UNTRUSTED,     E_X509_SELF_SIGNED_IN_CHAIN, 1},
        {PKI_BAD_SIGNATURE, E_X509_SIGNATURE,            2},
        {PKI_NO_SIGNING,    E_X509_NO_DIGITAL_SIGNATURE, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct graph *g = graph_new();
        const struct pki_chain *chain = pki_chain(cases[i].fixture);
        g->certs[0] = *pki_root();
        for (size_t j = 0; j < chain->count; j++)
            g->certs[1 + j] = chain->certs[j];
        for (size_t j = 0; j <= chain->count; j++)
            expect(cub_path_cert_parse(&g->parsed[j], g->certs[j].der, g->certs[j].len), E_OK);
        graph_trust(g, &g->certs[0]);
        if (chain->count > 1)
            graph_offer(g, &g->certs[2]);
        g->request.host = "server.example";
        g->request.usage = CUB_KU_DIGITAL_SIGNATURE;
        expect(graph_build(g, &g->certs[1], CUB_PATH_STRICT), cases[i].error);
        cr_assert_eq(g->result.error_depth, cases[i].depth, "case %zu", i);
    }
}

/* Signed by Ed25519 all the way [RFC8410]. */
Test(path, ed25519)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "root", PKI_KEY_ED25519);
    const struct pki_cert *leaf =
        graph_issue(g, &(struct pki_spec){.subject = "leaf", .key = PKI_KEY_P256, .issuer = root});
    const struct pki_cert *broken = graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                                                      .key = PKI_KEY_P256,
                                                                      .issuer = root,
                                                                      .break_signature = 1});
    const struct pki_cert *stranger =
        graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                          .key = PKI_KEY_P256,
                                          .issuer = root,
                                          .signer = pki_key(PKI_KEY_P384)});
    const struct cub_verify_scheme *const others[] = {&cub_verify_ecdsa_secp256r1_sha256};

    expect(graph_build(g, leaf, 0), E_OK);
    expect(graph_build(g, broken, 0), E_X509_SIGNATURE);
    expect(graph_build(g, stranger, 0), E_X509_ALGORITHM_KEY_MISMATCH);
    g->request.schemes = (struct cub_scheme_list){others, 1};
    expect(graph_build(g, leaf, 0), E_X509_SIGNATURE_ALGORITHM);
}

Test(path, order_and_superfluous_certificates_do_not_matter)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *a = graph_issue(
        g, &(struct pki_spec){.subject = "A", .key = PKI_KEY_MADE, .issuer = root, .ca = 1});
    const struct pki_cert *b = graph_issue(
        g, &(struct pki_spec){.subject = "B", .key = PKI_KEY_MADE + 1, .issuer = a, .ca = 1});
    const struct pki_cert *c = graph_issue(
        g, &(struct pki_spec){.subject = "C", .key = PKI_KEY_MADE + 2, .issuer = b, .ca = 1});

    graph_offer(g, a);
    graph_ca(g, "Stranger", PKI_KEY_MADE + 3, root);
    graph_offer(g, root);
    graph_offer(g, c);
    graph_offer(g, c);
    graph_offer(g, b);
    expect(graph_build_under(g, c, 0), E_OK);
    cr_assert_eq(g->result.count, 5);
}

/* leaf - A - (A <-> B) - nothing, and A - root on the last try. */
Test(path, loops_are_left)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *b0 =
        graph_issue(g, &(struct pki_spec){.subject = "B", .key = PKI_KEY_MADE + 1, .ca = 1});
    const struct pki_cert *a_by_b = graph_ca(g, "A", PKI_KEY_MADE, b0);
    const struct pki_cert *leaf_issuer = a_by_b;

    graph_ca(g, "B", PKI_KEY_MADE + 1, a_by_b);
    expect(graph_build_under(g, leaf_issuer, 0), E_X509_NO_ISSUER);
    graph_ca(g, "A", PKI_KEY_MADE, root);
    expect(graph_build_under(g, leaf_issuer, 0), E_OK);
    cr_assert_eq(g->result.count, 3);
}

Test(path, twins)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *good;

    /* One has expired, one has another key. */
    graph_offer(g, graph_issue(g, &(struct pki_spec){.subject = "CA",
                                                     .key = PKI_KEY_CA,
                                                     .issuer = root,
                                                     .ca = 1,
                                                     .not_after = PKI_NOW - 1}));
    graph_ca(g, "CA", PKI_KEY_MADE, root);
    good = graph_issue(
        g, &(struct pki_spec){.subject = "CA", .key = PKI_KEY_CA, .issuer = root, .ca = 1});
    expect(graph_build_under(g, good, 0), E_X509_EXPIRED);
    cr_assert_eq(g->result.error_depth, 1);
    graph_offer(g, good);
    expect(graph_build_under(g, good, 0), E_OK);
}

Test(path, roots_of_one_name)
{
    struct graph *g = graph_new();
    const struct pki_cert *root;

    graph_root(g, "Root", PKI_KEY_MADE);
    root = graph_root(g, "Root", PKI_KEY_ROOT);
    graph_root(g, "Root", PKI_KEY_MADE + 1);
    expect(graph_build_under(g, root, 0), E_OK);
    cr_assert_eq(g->result.signatures, 1, "the key identifier tells which");
}

Test(path, partial_chain)
{
    struct graph *g = graph_new();
    const struct pki_cert *root =
        graph_issue(g, &(struct pki_spec){.subject = "Root", .key = PKI_KEY_ROOT, .ca = 1});
    const struct pki_cert *ca = graph_issue(
        g, &(struct pki_spec){.subject = "CA", .key = PKI_KEY_CA, .issuer = root, .ca = 1});
    const struct pki_cert *leaf =
        graph_issue(g, &(struct pki_spec){.subject = "leaf", .key = PKI_KEY_P256, .issuer = ca});

    graph_trust(g, ca);
    expect(graph_build(g, leaf, 0), E_X509_NO_ISSUER_OF_TRUSTED);
    expect(graph_build(g, leaf, CUB_PATH_PARTIAL_CHAIN), E_OK);
    cr_assert_eq(g->result.count, 2);
    /* In the store it may still be an intermediate. */
    graph_trust(g, root);
    expect(graph_build(g, leaf, 0), E_OK);
    cr_assert_eq(g->result.count, 3);
}

Test(path, leaf_in_the_store)
{
    struct graph *g = graph_new();
    const struct pki_cert *self =
        graph_issue(g, &(struct pki_spec){.subject = "leaf", .key = PKI_KEY_P256});
    const struct pki_cert *root =
        graph_issue(g, &(struct pki_spec){.subject = "Root", .key = PKI_KEY_ROOT, .ca = 1});
    const struct pki_cert *leaf =
        graph_issue(g, &(struct pki_spec){.subject = "leaf", .key = PKI_KEY_P256, .issuer = root});

    expect(graph_build(g, self, 0), E_X509_SELF_SIGNED_LEAF);
    graph_trust(g, self);
    expect(graph_build(g, self, 0), E_OK);
    cr_assert_eq(g->result.count, 1);
    cr_assert_eq(g->result.signatures, 0);
    graph_trust(g, leaf);
    expect(graph_build(g, leaf, 0), E_X509_NO_ISSUER);
    expect(graph_build(g, leaf, CUB_PATH_PARTIAL_CHAIN), E_OK);
    g->request.host = "elsewhere.example";
    expect(graph_build(g, self, 0), E_X509_HOSTNAME_MISMATCH);
}

Test(path, trusted_first)
{
    struct graph *g = graph_new();
    const struct pki_cert *old = graph_root(g, "Old", PKI_KEY_MADE);
    const struct pki_cert *cross = graph_ca(g, "New", PKI_KEY_ROOT, old);
    const struct pki_cert *root = graph_root(g, "New", PKI_KEY_ROOT);

    (void)cross;
    g->request.flags = 0;
    expect(graph_build_under(g, root, 0), E_OK);
    cr_assert_eq(g->result.count, 3);
    expect(graph_build_under(g, root, CUB_PATH_TRUSTED_FIRST), E_OK);
    cr_assert_eq(g->result.count, 2);
}

Test(path, depth)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *a = graph_ca(g, "A", PKI_KEY_MADE, root);
    const struct pki_cert *b = graph_ca(g, "B", PKI_KEY_MADE + 1, a);
    const struct pki_cert *same = graph_issue(
        g, &(struct pki_spec){.subject = "A", .key = PKI_KEY_MADE + 2, .issuer = a, .ca = 1});

    graph_offer(g, same);
    g->request.has_max_depth = 1;
    g->request.max_depth = 0;
    expect(graph_build_under(g, root, 0), E_OK);
    expect(graph_build_under(g, a, 0), E_X509_CHAIN_TOO_LONG);
    g->request.max_depth = 1;
    expect(graph_build_under(g, a, 0), E_OK);
    expect(graph_build_under(g, same, 0), E_OK); /* self-issued: not counted */
    expect(graph_build_under(g, b, 0), E_X509_CHAIN_TOO_LONG);
}

Test(path, longest)
{
    struct graph *g = graph_new();
    const struct pki_cert *ca = graph_root(g, "Root", PKI_KEY_ROOT);
    char name[16];

    for (int i = 0; i < CUB_PATH_MAX - 2; i++) {
        snprintf(name, sizeof name, "CA %d", i);
        ca = graph_ca(g, name, PKI_KEY_MADE + (unsigned)i, ca);
    }
    expect(graph_build_under(g, ca, 0), E_OK);
    cr_assert_eq(g->result.count, CUB_PATH_MAX);
    ca = graph_ca(g, "one more", PKI_KEY_MADE + CUB_PATH_MAX, ca);
    expect(graph_build_under(g, ca, 0), E_X509_CHAIN_TOO_LONG);
}

Test(path, path_length_of_an_anchor_counts)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_issue(
        g, &(struct pki_spec){.subject = "Root", .key = PKI_KEY_ROOT, .ca = 1, .path_len = 1});

    graph_trust(g, root);
    expect(graph_build_under(g, root, 0), E_OK);
    expect(graph_build_under(g, graph_ca(g, "CA", PKI_KEY_CA, root), 0), E_X509_PATH_LENGTH);
    cr_assert_eq(g->result.error_depth, 2);
}

Test(path, old_anchors)
{
    struct graph *g = graph_new();
    const struct pki_cert *root =
        graph_issue(g, &(struct pki_spec){.subject = "Root", .key = PKI_KEY_ROOT, .version = 1});

    graph_trust(g, root);
    expect(graph_build_under(g, root, 0), E_OK);
    expect(graph_build_under(g, root, CUB_PATH_STRICT), E_X509_INVALID_CA);
}

Test(path, times)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_issue(g, &(struct pki_spec){.subject = "Root",
                                                                    .key = PKI_KEY_ROOT,
                                                                    .ca = 1,
                                                                    .not_after = PKI_NOW - 1});

    graph_trust(g, root);
    expect(graph_build_under(g, root, 0), E_X509_EXPIRED);
    expect(graph_build_under(g, root, CUB_PATH_NO_CHECK_TIME), E_OK);
    g->request.now = PKI_NOW - 1;
    expect(graph_build_under(g, root, 0), E_OK);
}

Test(path, weak_digests)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_RSA2048);
    const struct pki_cert *sha1 =
        graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                          .key = PKI_KEY_P256,
                                          .issuer = root,
                                          .algorithm = "1.2.840.113549.1.1.5"});
    const struct pki_cert *md5 =
        graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                          .key = PKI_KEY_P256,
                                          .issuer = root,
                                          .algorithm = "1.2.840.113549.1.1.4"});

    /* No scheme of the list has them; a list that has SHA-1 needs the flag besides. */
    expect(graph_build(g, sha1, CUB_PATH_ALLOW_SHA1), E_X509_SIGNATURE_ALGORITHM);
    expect(graph_build(g, md5, CUB_PATH_ALLOW_SHA1), E_X509_SIGNATURE_ALGORITHM);
    graph_trust(g, sha1);
    expect(graph_build(g, sha1, CUB_PATH_PARTIAL_CHAIN), E_OK);
    expect(graph_build_under(g,
                             graph_issue(g,
                                         &(struct pki_spec){.subject = "CA",
                                                            .key = PKI_KEY_CA,
                                                            .issuer = root,
                                                            .ca = 1,
                                                            .algorithm = "1.2.840.113549.1.1.5"}),
                             0),
           E_X509_NO_ISSUER);
    graph_offer(g, &g->certs[g->count - 2]);
    expect(graph_build_under(g, &g->certs[g->count - 2], 0), E_X509_DIGEST_TOO_WEAK);
}

Test(path, keys_that_are_not_for_us)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *weak = graph_ca(g, "Weak", PKI_KEY_RSA1024, root);

    expect(graph_build_under(g, weak, 0), E_X509_CA_KEY_TOO_SMALL);
    g->request.min_rsa_bits = 1024;
    expect(graph_build_under(g, weak, 0), E_OK);
    g->request.schemes.count = 1; /* ECDSA with P-256 alone */
    expect(graph_build_under(g, weak, 0), E_X509_ALGORITHM_KEY_MISMATCH);
}

Test(path, purposes)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *leaf =
        graph_issue(g, &(struct pki_spec){.subject = "leaf",
                                          .key = PKI_KEY_P256,
                                          .issuer = root,
                                          .key_usage = CUB_KU_KEY_AGREEMENT,
                                          .eku = {"1.3.6.1.5.5.7.3.2"}});

    expect(graph_build(g, leaf, 0), E_X509_PURPOSE);
    g->request.purpose = CUB_PURPOSE_CLIENT;
    expect(graph_build(g, leaf, 0), E_OK);
    g->request.purpose = CUB_PURPOSE_ANY;
    expect(graph_build(g, leaf, 0), E_OK);
    g->request.usage = CUB_KU_KEY_ENCIPHERMENT;
    expect(graph_build(g, leaf, 0), E_X509_KEY_USAGE);
    g->request.usage = CUB_KU_KEY_AGREEMENT;
    expect(graph_build(g, leaf, 0), E_OK);
}

Test(path, identities)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *cn = graph_issue(g, &(struct pki_spec){.subject = "cn.example",
                                                                  .key = PKI_KEY_P256,
                                                                  .issuer = root});
    const struct pki_cert *both = graph_issue(g, &(struct pki_spec){.subject = "cn.example",
                                                                    .key = PKI_KEY_P256,
                                                                    .issuer = root,
                                                                    .dns = {"san.example"}});
    const struct pki_cert *mail = graph_issue(g, &(struct pki_spec){.subject = "x",
                                                                    .key = PKI_KEY_P256,
                                                                    .issuer = root,
                                                                    .email = {"Me@A.example"}});

    g->request.host = "cn.example";
    expect(graph_build(g, cn, 0), E_X509_HOSTNAME_MISMATCH);
    expect(graph_build(g, cn, CUB_PATH_COMMON_NAME), E_OK);
    expect(graph_build(g, both, CUB_PATH_COMMON_NAME), E_X509_HOSTNAME_MISMATCH);
    expect(graph_build(g, mail, CUB_PATH_COMMON_NAME), E_X509_HOSTNAME_MISMATCH);
    g->request.host = NULL;
    g->request.email = "Me@a.EXAMPLE";
    expect(graph_build(g, mail, 0), E_OK);
    g->request.email = "me@a.example"; /* the case of local parts counts */
    expect(graph_build(g, mail, 0), E_X509_EMAIL_MISMATCH);
    expect(graph_build(g, cn, 0), E_X509_EMAIL_MISMATCH);
}

/* A mesh of layers, every name certified under every name of the layer above, no root. */
Test(path, exponential_mesh_ends_within_the_budget)
{
    struct graph *g = graph_new();
    const struct pki_cert *above[4] = {NULL};
    const struct pki_cert *here[4];
    char name[16];
    enum cub_error error;

    for (unsigned layer = 0; layer < 7; layer++) {
        for (unsigned i = 0; i < 4; i++) {
            snprintf(name, sizeof name, "%u.%u", layer, i);
            for (unsigned j = 0; j < (layer ? 4 : 1); j++)
                here[i] = graph_ca(g, name, PKI_KEY_MADE + 4 * layer + i, above[j]);
        }
        memcpy(above, here, sizeof above);
    }
    error = graph_build_under(g, above[0], 0);
    cr_assert_neq(error, E_OK);
    cr_assert_leq(g->result.signatures, CUB_PATH_SIGNATURES + 1);
    cr_assert_leq(g->result.steps, CUB_PATH_STEPS + 1);
}

Test(path, budget_of_signatures)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *good = NULL;

    /* Many of one name, without key identifiers, and none of them has the right key. */
    for (unsigned i = 0; i < PKI_KEY_MADE_COUNT; i++)
        graph_offer(g, graph_issue(g, &(struct pki_spec){.subject = "CA",
                                                         .key = PKI_KEY_MADE + i,
                                                         .issuer = root,
                                                         .ca = 1,
                                                         .no_key_ids = 1}));
    good = graph_issue(g, &(struct pki_spec){.subject = "CA",
                                             .key = PKI_KEY_CA,
                                             .issuer = root,
                                             .ca = 1,
                                             .no_key_ids = 1});
    expect(graph_build_under(g, good, 0), E_X509_SIGNATURE);
    cr_assert_eq(g->result.signatures, CUB_PATH_SIGNATURES);
    graph_offer(g, good);
    expect(graph_build_under(g, good, 0), E_X509_BUDGET_SIGNATURES);
}

/* A hundred certificates of one name and one key cost one signature check. */
Test(path, one_key_is_checked_once)
{
    struct graph *g = graph_new();
    const struct pki_cert *ca = NULL;

    for (unsigned i = 0; i < 100; i++)
        ca = graph_ca(g, "CA", PKI_KEY_CA, NULL);
    expect(graph_build_under(g, ca, 0), E_X509_SELF_SIGNED_IN_CHAIN);
    cr_assert_eq(g->result.signatures, 1);
}

static const struct cub_path_cert *endless(void *context, struct cub_view subject,
                                           const uint8_t digest[32], size_t n)
{
    (void)subject;
    (void)digest;
    (void)n;
    return context;
}

Test(path, budget_of_steps)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    const struct pki_cert *other = graph_root(g, "Other", PKI_KEY_CA);

    g->store = (struct cub_path_store){endless, NULL, (void *)&g->parsed[other - g->certs]};
    expect(graph_build_under(g, root, 0), E_X509_BUDGET_STEPS);
}

Test(path, must_staple)
{
    struct graph *g = graph_new();
    const struct pki_cert *root = graph_root(g, "Root", PKI_KEY_ROOT);
    uint8_t bytes[64];
    struct der_out o = {bytes, sizeof bytes, 0};
    const struct pki_cert *leaf;

    pki_extension(&o, "1.3.6.1.5.5.7.1.24", 0, "\x30\x03\x02\x01\x05", 5);
    leaf = graph_issue(
        g, &(struct pki_spec){
               .subject = "leaf", .key = PKI_KEY_P256, .issuer = root, .more = {o.bytes, o.len}
    });
    expect(graph_build(g, leaf, 0), E_OK); /* nobody has asked for a response */
    g->request.status_expected = 1;
    expect(graph_build(g, leaf, 0), E_OCSP_REQUIRED);
    expect(graph_build_under(g, root, 0), E_OK);
}
