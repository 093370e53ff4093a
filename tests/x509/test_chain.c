#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/pki.h"
#include "x509/cert.h"
#include "x509/chain.h"

struct verifier {
    struct cub_chain chain;
    uint8_t buffer[CUB_CHAIN_BUFFER_ANY];
};

static const struct cub_verifier *verifier = &cub_chain_verifier;

/* Runs some certificates through it. */
static enum cub_error run(struct verifier *v, const struct cub_chain_config *config,
                          const struct cub_verify_request *request,
                          const struct pki_cert *const *certs, size_t count, unsigned usage,
                          struct cub_public_key *key)
{
    enum cub_error error;

    v->chain.config = config;
    v->chain.buffer = v->buffer;
    if (!v->chain.buffer_size)
        v->chain.buffer_size = sizeof v->buffer;
    error = verifier->start(&v->chain, request);
    for (size_t i = 0; i < count && error == E_OK; i++) {
        uint8_t copy[sizeof certs[i]->der]; /* valid during the call only */
        memcpy(copy, certs[i]->der, certs[i]->len);
        error = verifier->certificate(&v->chain, copy, certs[i]->len);
        memset(copy, 0xee, sizeof copy);
    }
    return error == E_OK ? verifier->finish(&v->chain, usage, key) : error;
}

static const struct cub_verify_request server = {1, 0, "server.example"};
static const struct cub_verify_request nameless = {1, 0, NULL};
static const struct cub_verify_request client = {0, 0, NULL};

static enum cub_error run_fixture(enum pki_fixture fixture,
                                  const struct cub_verify_request *request,
                                  struct cub_public_key *key)
{
    static struct verifier v;
    const struct pki_chain *chain = pki_chain(fixture);
    const struct pki_cert *certs[2] = {&chain->certs[0], &chain->certs[1]};

    return run(&v, pki_chain_config(), request, certs, chain->count, CUB_KU_DIGITAL_SIGNATURE, key);
}

Test(chain, key_types)
{
    for (int fixture = PKI_P256; fixture <= PKI_ED25519; fixture++) {
        const struct cub_public_key *expected =
            &pki_chain((enum pki_fixture)fixture)->key->public_key;
        struct cub_public_key key;
        enum cub_error error = run_fixture((enum pki_fixture)fixture, &server, &key);
        cr_assert_eq(error, E_OK, "%d: %s", fixture, cub_error_info(error)->name);
        cr_assert_eq(key.type, expected->type);
        cr_assert(cub_view_equal(key.point, expected->point));
        cr_assert(cub_view_equal(key.modulus, expected->modulus));
        cr_assert(cub_view_equal(key.exponent, expected->exponent));
    }
}

Test(chain, ecdsa_alone)
{
    static const struct cub_verify_request addressed = {1, 0, "192.0.2.1"};
    static const struct cub_verify_request elsewhere = {1, 0, "other.example"};
    struct cub_public_key key;

    cr_assert_eq(run_fixture(PKI_P256, &addressed, &key), E_X509_IP_MISMATCH);
    verifier = &cub_chain_verifier_ecdsa;
    cr_assert_eq(run_fixture(PKI_P256, &server, &key), E_OK);
    cr_assert_eq(run_fixture(PKI_P256, &nameless, &key), E_OK);
    cr_assert_eq(run_fixture(PKI_P256, &elsewhere, &key), E_X509_HOSTNAME_MISMATCH);
    cr_assert_eq(run_fixture(PKI_P256, &addressed, &key), E_X509_HOSTNAME_INVALID);
    cr_assert_eq(run_fixture(PKI_EXPIRED, &server, &key), E_X509_EXPIRED);
    cr_assert_eq(run_fixture(PKI_RSA2048, &server, &key), E_X509_KEY_UNSUPPORTED);
    cr_assert_eq(run_fixture(PKI_RSA_PSS, &server, &key), E_X509_KEY_UNSUPPORTED);
}

/* Ed25519 signs certificates themselves, of which nothing but a digest is kept. */
Test(chain, signed_by_ed25519)
{
    static struct verifier v;
    static struct pki_cert root, leaf;
    const struct pki_cert *certs[] = {&leaf};
    struct cub_public_key key;

    pki_issue(&root, &(struct pki_spec){.subject = "root", .key = PKI_KEY_ED25519, .ca = 1});
    pki_issue(&leaf, &(struct pki_spec){.subject = "leaf",
                                        .key = PKI_KEY_P256,
                                        .issuer = &root,
                                        .dns = {"server.example"}});
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 1, CUB_KU_DIGITAL_SIGNATURE, &key),
                 E_X509_SIGNATURE_ALGORITHM);
}

Test(chain, what_must_fail)
{
    static const struct {
        enum pki_fixture fixture;
        const struct cub_verify_request *request;
        enum cub_error error;
        enum cub_alert alert;
        int verify_code;
    } cases[] = {
        {PKI_EXPIRED,       &server,   E_X509_EXPIRED,              ALERT_CERTIFICATE_EXPIRED,     10},
        {PKI_NOT_YET_VALID, &server,   E_X509_NOT_YET_VALID,        ALERT_CERTIFICATE_EXPIRED,     9 },
        {PKI_WRONG_EKU,     &server,   E_X509_PURPOSE,              ALERT_UNSUPPORTED_CERTIFICATE, 26},
        {PKI_WRONG_EKU,     &client,   E_OK,                        ALERT_NONE,                    0 },
        {PKI_NOT_CA,        &server,   E_X509_INVALID_CA,           ALERT_UNKNOWN_CA,              79},
        {PKI_CRITICAL,      &server,   E_X509_CRITICAL_EXTENSION,   ALERT_UNSUPPORTED_CERTIFICATE, 34},
        {PKI_WRONG_NAME,    &server,   E_X509_HOSTNAME_MISMATCH,    ALERT_BAD_CERTIFICATE,         62},
        {PKI_WRONG_NAME,    &nameless, E_OK,                        ALERT_NONE,                    0 },
        {PKI_CLIENT,        &client,   E_OK,                        ALERT_NONE,                    0 },
        {PKI_CLIENT,        &nameless, E_X509_PURPOSE,              ALERT_UNSUPPORTED_CERTIFICATE, 26},
        {PKI_SELF_SIGNED,   &server,   E_X509_SELF_SIGNED_LEAF,     ALERT_UNKNOWN_CA,              18},
        {PKI_UNTRUSTED,     &server,   E_X509_SELF_SIGNED_IN_CHAIN, ALERT_UNKNOWN_CA,              19},
        {PKI_BAD_SIGNATURE, &server,   E_X509_SIGNATURE,            ALERT_BAD_CERTIFICATE,         7 },
        {PKI_NO_SIGNING,    &server,   E_X509_NO_DIGITAL_SIGNATURE, ALERT_UNSUPPORTED_CERTIFICATE, 39},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_public_key key;
        enum cub_error error = run_fixture(cases[i].fixture, cases[i].request, &key);
        cr_assert_eq(error, cases[i].error, "fixture %d: %s", cases[i].fixture,
                     cub_error_info(error)->name);
        cr_assert_eq(cub_error_alert(error), cases[i].alert);
        cr_assert_eq(cub_error_info(error)->verify_code, cases[i].verify_code);
    }
}

Test(chain, every_flipped_bit_of_a_leaf_fails)
{
    struct verifier v = {0};
    struct pki_cert leaf = pki_chain(PKI_P256)->certs[0];
    const struct pki_cert *certs[2] = {&leaf, &pki_chain(PKI_P256)->certs[1]};
    struct cub_public_key key;

    for (size_t i = 0; i < leaf.len; i++) {
        leaf.der[i] ^= (uint8_t)(1 << i % 8);
        cr_assert_neq(run(&v, pki_chain_config(), &nameless, certs, 2, 0, &key), E_OK, "%zu", i);
        leaf.der[i] ^= (uint8_t)(1 << i % 8);
    }
    cr_assert_eq(run(&v, pki_chain_config(), &nameless, certs, 2, 0, &key), E_OK);
}

Test(chain, strangers_are_passed_over)
{
    struct verifier v = {0};
    const struct pki_chain *chain = pki_chain(PKI_P256);
    const struct pki_cert *certs[] = {&chain->certs[0],
                                      &pki_chain(PKI_CLIENT)->certs[0],
                                      &pki_chain(PKI_UNTRUSTED)->certs[1],
                                      &chain->certs[1],
                                      pki_root(),
                                      &chain->certs[0]};
    struct cub_public_key key;

    /* The third bears the issuer's name and even its key, but leads nowhere. */
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 2, 0, &key), E_X509_NO_ISSUER);
    certs[2] = certs[1];
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 6, 0, &key), E_OK);
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 0, 0, &key), E_X509_NO_ISSUER);
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 1, 0, &key), E_X509_NO_ISSUER);
}

Test(chain, list_without_end)
{
    struct verifier v = {0};
    const struct pki_cert *certs[CUB_CHAIN_MAX_LIST + 1];
    struct cub_public_key key;

    for (size_t i = 0; i <= CUB_CHAIN_MAX_LIST; i++)
        certs[i] = &pki_chain(PKI_P256)->certs[0];
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, CUB_CHAIN_MAX_LIST, 0, &key),
                 E_X509_NO_ISSUER);
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, CUB_CHAIN_MAX_LIST + 1, 0, &key),
                 E_X509_CHAIN_TOO_LONG);
}

/* Chains of CA certificates, made by a list of specs from the root down. */
static enum cub_error run_line(const struct pki_spec *specs, size_t count)
{
    static struct pki_cert certs[12];
    struct verifier v = {0};
    const struct pki_cert *list[12];
    const struct pki_cert *issuer = pki_root();
    struct cub_public_key key;

    for (size_t i = 0; i < count; i++) {
        struct pki_spec spec = specs[i];
        spec.issuer = issuer;
        spec.serial = (uint32_t)i + 1;
        pki_issue(&certs[i], &spec);
        issuer = &certs[i];
        list[count - 1 - i] = &certs[i];
    }
    return run(&v, pki_chain_config(), &nameless, list, count, 0, &key);
}

#define CA(name, ...)                                                                              \
    {                                                                                              \
        .subject = name, .key = PKI_KEY_CA, .ca = 1, ##__VA_ARGS__                                 \
    }
#define LEAF                                                                                       \
    {                                                                                              \
        .subject = "leaf", .key = PKI_KEY_P256                                                     \
    }

Test(chain, path_length)
{
    const struct pki_spec two[] = {CA("A", .path_len = 2), CA("B"), LEAF};
    const struct pki_spec three[] = {CA("A", .path_len = 2), CA("B"), CA("C"), LEAF};
    const struct pki_spec self_issued[] = {CA("A", .path_len = 2), CA("A"), CA("B"), LEAF};
    const struct pki_spec zero[] = {CA("A", .path_len = 1), LEAF};
    const struct pki_spec none_below[] = {CA("A", .path_len = 1), CA("B"), LEAF};

    cr_assert_eq(run_line(two, 3), E_OK);
    cr_assert_eq(run_line(three, 4), E_X509_PATH_LENGTH);
    cr_assert_eq(run_line(self_issued, 4), E_OK);
    cr_assert_eq(run_line(zero, 2), E_OK);
    cr_assert_eq(run_line(none_below, 3), E_X509_PATH_LENGTH);
}

Test(chain, depth)
{
    struct pki_spec specs[CUB_CHAIN_MAX_DEPTH + 2];
    static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I"};

    for (size_t i = 0; i <= CUB_CHAIN_MAX_DEPTH; i++)
        specs[i] = (struct pki_spec)CA(names[i]);
    specs[CUB_CHAIN_MAX_DEPTH] = (struct pki_spec)LEAF;
    cr_assert_eq(run_line(specs, CUB_CHAIN_MAX_DEPTH + 1), E_OK);
    specs[CUB_CHAIN_MAX_DEPTH] = (struct pki_spec)CA("I");
    specs[CUB_CHAIN_MAX_DEPTH + 1] = (struct pki_spec)LEAF;
    cr_assert_eq(run_line(specs, CUB_CHAIN_MAX_DEPTH + 2), E_X509_CHAIN_TOO_LONG);
}

static void constrain(struct der_out *extensions, const struct pki_spec *spec)
{
    (void)spec;
    pki_extension(extensions, "2.5.29.30", 1, "\x30\x07\xa0\x05\x30\x03\x82\x01x", 9);
}

static void disagree(struct der_out *extensions, const struct pki_spec *spec)
{
    (void)spec;
    pki_extension(extensions, "1.2.3", 1, "", 0);
}

Test(chain, rules_for_issuers)
{
    const struct pki_spec no_sign[] = {CA("A", .key_usage = CUB_KU_CRL_SIGN), LEAF};
    const struct pki_spec eku[] = {CA("A", .eku = {"1.3.6.1.5.5.7.3.2"}), LEAF};
    const struct pki_spec any[] = {CA("A", .eku = {"2.5.29.37.0"}), LEAF};
    const struct pki_spec expired[] = {CA("A", .not_after = PKI_NOW - 1), LEAF};
    const struct pki_spec last_second[] = {CA("A", .not_after = PKI_NOW), LEAF};
    const struct pki_spec early[] = {CA("A", .not_before = PKI_NOW + 1), LEAF};
    const struct pki_spec first_second[] = {CA("A", .not_before = PKI_NOW), LEAF};
    const struct pki_spec v1[] = {CA("A", .version = 1), LEAF};
    const struct pki_spec constrained[] = {CA("A", .break_extensions = constrain), LEAF};
    const struct pki_spec critical[] = {CA("A", .break_extensions = disagree), LEAF};
    const struct pki_spec weak[] = {
        {.subject = "A", .key = PKI_KEY_RSA1024, .ca = 1},
        LEAF
    };

    cr_assert_eq(run_line(no_sign, 2), E_X509_NO_CERT_SIGN);
    cr_assert_eq(run_line(eku, 2), E_X509_PURPOSE);
    cr_assert_eq(run_line(any, 2), E_OK);
    cr_assert_eq(run_line(expired, 2), E_X509_EXPIRED);
    cr_assert_eq(run_line(last_second, 2), E_OK);
    cr_assert_eq(run_line(early, 2), E_X509_NOT_YET_VALID);
    cr_assert_eq(run_line(first_second, 2), E_OK);
    cr_assert_eq(run_line(v1, 2), E_X509_INVALID_CA);
    cr_assert_eq(run_line(constrained, 2), E_X509_CONSTRAINTS_UNSUPPORTED);
    cr_assert_eq(run_line(critical, 2), E_X509_CRITICAL_EXTENSION);
    cr_assert_eq(run_line(weak, 2), E_X509_CA_KEY_TOO_SMALL);
}

Test(chain, rules_for_leaves)
{
    const struct pki_spec weak[] = {
        {.subject = "x", .key = PKI_KEY_RSA1024}
    };
    const struct pki_spec outer[] = {
        {.subject = "x", .key = PKI_KEY_P256, .outer_algorithm = "1.2.840.10045.4.3.3"}
    };
    const struct pki_spec other_hash[] = {
        {.subject = "x", .key = PKI_KEY_P256, .scheme = &cub_sign_ecdsa_secp256r1_sha256}
    };

    cr_assert_eq(run_line(weak, 1), E_X509_LEAF_KEY_TOO_SMALL);
    cr_assert_eq(run_line(outer, 1), E_X509_ALGORITHM_INCONSISTENT);
    cr_assert_eq(run_line(other_hash, 1), E_OK);
}

Test(chain, serial_numbers)
{
    struct verifier v = {0};
    struct pki_cert leaf;
    const struct pki_cert *certs[] = {&leaf};
    struct cub_public_key key;
    uint8_t octets[CUB_CERT_MAX_SERIAL + 1] = {1};

    for (size_t n = CUB_CERT_MAX_SERIAL; n <= CUB_CERT_MAX_SERIAL + 1; n++) {
        pki_issue(&leaf, &(struct pki_spec){
                             .subject = "x",
                             .key = PKI_KEY_P256,
                             .issuer = pki_root(),
                             .wide_serial = {octets, n}
        });
        cr_assert_eq(run(&v, pki_chain_config(), &nameless, certs, 1, 0, &key),
                     n == CUB_CERT_MAX_SERIAL ? E_OK : E_X509_SERIAL);
    }
}

Test(chain, buffer_too_small)
{
    struct verifier v = {0};
    const struct pki_cert *certs[] = {&pki_chain(PKI_P256)->certs[0],
                                      &pki_chain(PKI_P256)->certs[1]};
    struct cub_public_key key;

    v.chain.buffer_size = CUB_CHAIN_BUFFER_P256;
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 2, 0, &key), E_OK);
    v.chain.buffer_size = 64;
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 2, 0, &key), E_X509_CHAIN_BUFFER);
    v.chain.buffer_size = 65 + 60;
    cr_assert_eq(run(&v, pki_chain_config(), &server, certs, 2, 0, &key), E_X509_CHAIN_BUFFER);
}

static enum cub_error no_clock(void *context, int64_t *seconds)
{
    (void)context;
    (void)seconds;
    return E_X509_NO_TIME;
}

Test(chain, clocks)
{
    struct cub_chain_config config = *pki_chain_config();
    struct verifier v = {0};
    const struct pki_cert *certs[] = {&pki_chain(PKI_EXPIRED)->certs[0],
                                      &pki_chain(PKI_EXPIRED)->certs[1]};
    struct cub_public_key key;

    config.now = no_clock;
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_NO_TIME);
    cr_assert_eq(cub_chain_verifier.finish(&v.chain, 0, &key), E_X509_NO_TIME);
    config.now = NULL;
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_OK);
}

Test(chain, schemes_that_are_not_linked)
{
    static const struct cub_verify_scheme *const p384[] = {&cub_verify_ecdsa_secp384r1_sha384};
    static const struct cub_verify_scheme *const mixed[] = {&cub_verify_ecdsa_secp384r1_sha384,
                                                            &cub_verify_rsa_pkcs1_sha256};
    struct cub_chain_config config = *pki_chain_config();
    struct verifier v = {0};
    const struct pki_cert *certs[] = {&pki_chain(PKI_P256)->certs[0],
                                      &pki_chain(PKI_P256)->certs[1]};
    struct cub_public_key key;

    config.schemes = (struct cub_scheme_list){p384, 1};
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_SIGNATURE_ALGORITHM);
    config.schemes = (struct cub_scheme_list){mixed, 2};
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_ALGORITHM_KEY_MISMATCH);
}

Test(chain, anchors)
{
    struct cub_cert root;
    struct cub_anchor anchor = {0};
    struct cub_chain_config config = *pki_chain_config();
    struct verifier v = {0};
    const struct pki_chain *chain = pki_chain(PKI_P256);
    const struct pki_cert *certs[] = {&chain->certs[0], &chain->certs[1]};
    struct pki_cert old;
    struct cub_public_key key;

    config.anchors = &anchor;
    config.anchor_count = 1;
    /* name and key */
    cr_assert_eq(cub_cert_parse(&root, pki_root()->der, pki_root()->len), E_OK);
    anchor = (struct cub_anchor){.subject = root.subject, .key = root.key};
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_OK);
    /* the right name, another key */
    anchor.key = pki_key(PKI_KEY_CA)->public_key;
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_SIGNATURE);
    /* the intermediate */
    anchor = (struct cub_anchor){
        .certificate = {chain->certs[1].der, chain->certs[1].len}
    };
    cr_assert_eq(run(&v, &config, &server, certs, 1, 0, &key), E_OK);
    /* the leaf itself */
    anchor.certificate = (struct cub_view){chain->certs[0].der, chain->certs[0].len};
    cr_assert_eq(run(&v, &config, &server, certs, 1, 0, &key), E_OK);
    /* a root that has expired */
    pki_issue(&old, &(struct pki_spec){.subject = "Test Root",
                                       .key = PKI_KEY_ROOT,
                                       .ca = 1,
                                       .not_after = PKI_NOW - 1});
    anchor.certificate = (struct cub_view){old.der, old.len};
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_EXPIRED);
    /* an anchor that is no certificate */
    anchor.certificate.len--;
    cr_assert_neq(run(&v, &config, &server, certs, 2, 0, &key), E_OK);
    config.anchor_count = 0;
    cr_assert_eq(run(&v, &config, &server, certs, 2, 0, &key), E_X509_NO_ISSUER);
}

Test(chain, size)
{
    cr_log_info("struct cub_chain: %zu bytes", sizeof(struct cub_chain));
    cr_assert_leq(sizeof(struct cub_chain), 400);
}
