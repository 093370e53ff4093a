#include <string.h>

#include "vectors/wycheproof.h"

/* The types of groups: who runs them, or why nobody does. */
static const struct {
    const char *type;
    cub_wycheproof_runner *run;
    const char *why_not;
} types[] = {
    {"AeadTest",                      cub_wycheproof_aead,           NULL                        },
    {"HkdfTest",                      cub_wycheproof_hkdf,           NULL                        },
    {"MacTest",                       cub_wycheproof_hmac,           NULL                        },
    {"XdhComp",                       cub_wycheproof_x25519,         NULL                        },
    {"XdhAsnComp",                    NULL,                          "X25519 keys in ASN.1"      },
    {"XdhPemComp",                    NULL,                          "X25519 keys in PEM"        },
    {"EcdhEcpointTest",               cub_wycheproof_ecdh_point,     NULL                        },
    {"EcdhTest",                      cub_wycheproof_ecdh_der,       NULL                        },
    {"EcdhPemTest",                   cub_wycheproof_ecdh_pem,       NULL                        },
    {"EcdsaVerify",                   cub_wycheproof_ecdsa_der,      NULL                        },
    {"EcdsaP1363Verify",              cub_wycheproof_ecdsa_raw,      NULL                        },
    {"EddsaVerify",                   cub_wycheproof_eddsa,          NULL                        },
    {"RsassaPkcs1Verify",             cub_wycheproof_rsa_verify,     NULL                        },
    {"RsassaPkcs1Generate",           cub_wycheproof_rsa_sign,       NULL                        },
    {"RsassaPssVerify",               cub_wycheproof_rsa_pss,        NULL                        },
    {"RsassaPssWithParametersVerify", cub_wycheproof_rsa_pss,        NULL                        },
    {"RsaesPkcs1Decrypt",             NULL,                          "RSA encryption"            },
    {"MLKEMTest",                     cub_wycheproof_mlkem_decaps,   NULL                        },
    {"MLKEMEncapsTest",               cub_wycheproof_mlkem_encaps,   NULL                        },
    {"MLKEMKeyGen",                   cub_wycheproof_mlkem_keygen,   NULL                        },
    {"MLKEMDecapsValidationTest",     cub_wycheproof_mlkem_expanded, NULL                        },
    {"PbeTest",                       cub_wycheproof_pbe,            NULL                        },
    {"PbkdfTest",                     cub_wycheproof_pbkdf2,         NULL                        },
    {"IndCpaTest",                    cub_wycheproof_cbc,            NULL                        },
    {"MacWithIvTest",                 NULL,                          "GMAC"                      },
    {"PrimalityTest",                 NULL,                          "a primality test"          },
    {"EcCurveTest",                   NULL,                          "curves given by parameters"},
};

/*
 * What is done in `acceptable` cases, by flag; the first row that a case has decides. The reasons
 * are in README.md.
 */
static const struct {
    const char *flag;
    enum cub_verdict verdict;
} policy[] = {
    {"ZeroSharedSecret",       CUB_REFUSED },
    {"CompressedPoint",        CUB_REFUSED },
    {"UnnamedCurve",           CUB_REFUSED },
    {"InvalidAsn",             CUB_REFUSED },
    {"InvalidPem",             CUB_REFUSED },
    {"MissingNull",            CUB_REFUSED },
    {"NonCanonicalPublic",     CUB_ACCEPTED},
    {"Twist",                  CUB_ACCEPTED},
    {"SpecialPublicKey",       CUB_ACCEPTED},
    {"EdgeCaseMultiplication", CUB_ACCEPTED},
    {"EdgeCaseShared",         CUB_ACCEPTED},
    {"SmallModulus",           CUB_ACCEPTED},
    {"SmallPublicKey",         CUB_ACCEPTED},
    {"WeakHash",               CUB_ACCEPTED},
};

static bool has_flag(const json_t *test, const char *flag)
{
    const json_t *flags = json_object_get(test, "flags");

    for (size_t i = 0; i < json_array_size(flags); i++) {
        const char *name = json_string_value(json_array_get(flags, i));

        if (name && strcmp(name, flag) == 0)
            return true;
    }
    return false;
}

/* What must come of a test; WRONG if the file asks for what we have no policy for. */
static enum cub_verdict wanted(const json_t *test, const char *expected)
{
    if (strcmp(expected, "valid") == 0)
        return CUB_ACCEPTED;
    if (strcmp(expected, "invalid") == 0)
        return CUB_REFUSED;
    for (size_t i = 0; i < sizeof policy / sizeof policy[0]; i++)
        if (has_flag(test, policy[i].flag))
            return policy[i].verdict;
    return CUB_WRONG;
}

static void judge(struct cub_vectors_run *run, struct cub_wycheproof_test *t,
                  struct cub_outcome outcome)
{
    static const char *const got[] = {"accepted", "refused", "wrong result", "not run"};
    const char *expected = cub_wycheproof_text(t, "result");
    const char *id = cub_vectors_arena_print(t->arena, "%zu", cub_wycheproof_number(t, "tcId"));
    enum cub_verdict want = wanted(t->test, expected);
    const char *reason = outcome.detail;

    if (t->missing) {
        reason = cub_vectors_arena_print(t->arena, "the case has no proper \"%s\"", t->missing);
        cub_vectors_case(run, id, expected, "not run", CUB_VECTORS_FAIL, reason);
    } else if (outcome.verdict == CUB_UNSUPPORTED) {
        cub_vectors_case(run, id, expected, "not run", CUB_VECTORS_SKIP, reason);
    } else if (want == CUB_WRONG) {
        cub_vectors_case(run, id, expected, got[outcome.verdict], CUB_VECTORS_FAIL,
                         "no decision is written down for its flags");
    } else {
        cub_vectors_case(run, id, expected, got[outcome.verdict],
                         outcome.verdict == want ? CUB_VECTORS_PASS : CUB_VECTORS_FAIL, reason);
    }
}

static void run_group(struct cub_vectors_run *run, const json_t *root, const json_t *group)
{
    const char *type = json_string_value(json_object_get(group, "type"));
    const json_t *tests = json_object_get(group, "tests");
    size_t row = 0;
    size_t rows = sizeof types / sizeof types[0];

    while (row < rows && (!type || strcmp(types[row].type, type) != 0))
        row++;
    for (size_t i = 0; i < json_array_size(tests); i++) {
        struct cub_vectors_arena arena = {NULL};
        struct cub_wycheproof_test t = {root, group, json_array_get(tests, i), &arena, NULL};
        struct cub_outcome outcome = {CUB_UNSUPPORTED, "unknown type of test group"};

        if (row < rows && types[row].run)
            outcome = types[row].run(&t);
        else if (row < rows)
            outcome = cub_wycheproof_unsupported(&t, types[row].why_not, "");
        judge(run, &t, outcome);
        cub_vectors_arena_free(&arena);
    }
}

static void run(struct cub_vectors_run *r, const json_t *root)
{
    const json_t *groups = json_object_get(root, "testGroups");

    for (size_t i = 0; i < json_array_size(groups); i++)
        run_group(r, root, json_array_get(groups, i));
}

static bool recognises(const json_t *root)
{
    return json_is_string(json_object_get(root, "algorithm")) &&
           json_is_array(json_object_get(root, "testGroups"));
}

const struct cub_vectors_format cub_vectors_wycheproof = {"Wycheproof", recognises, run};
