#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/support/vectors.h"
#include "vectors/vectors.h"

/* Files with cases that the library can run: none may fail, and at least one must pass. */
#define SUPPORTED(X)                                                                               \
    X(aes_cbc_pkcs5)                                                                               \
    X(mlkem_768_encaps)                                                                            \
    X(mlkem_768_keygen_seed)                                                                       \
    X(mlkem_768_semi_expanded_decaps)                                                              \
    X(mlkem_768)                                                                                   \
    X(pbes2_hmacsha1_aes_128)                                                                      \
    X(pbes2_hmacsha1_aes_256)                                                                      \
    X(pbes2_hmacsha256_aes_128)                                                                    \
    X(pbes2_hmacsha256_aes_256)                                                                    \
    X(pbes2_hmacsha384_aes_256)                                                                    \
    X(pbes2_hmacsha512_aes_256)                                                                    \
    X(pbkdf2_hmacsha1)                                                                             \
    X(pbkdf2_hmacsha256)                                                                           \
    X(pbkdf2_hmacsha384)                                                                           \
    X(pbkdf2_hmacsha512)                                                                           \
    X(aes_ccm)                                                                                     \
    X(aes_gcm)                                                                                     \
    X(chacha20_poly1305)                                                                           \
    X(ecdh_secp256r1_ecpoint)                                                                      \
    X(ecdh_secp256r1_pem)                                                                          \
    X(ecdh_secp256r1)                                                                              \
    X(ecdh_secp384r1_ecpoint)                                                                      \
    X(ecdh_secp384r1_pem)                                                                          \
    X(ecdh_secp384r1)                                                                              \
    X(ecdh_secp521r1_ecpoint)                                                                      \
    X(ecdh_secp521r1_pem)                                                                          \
    X(ecdh_secp521r1)                                                                              \
    X(ecdsa_secp256r1_sha256_p1363)                                                                \
    X(ecdsa_secp256r1_sha256)                                                                      \
    X(ecdsa_secp256r1_sha512)                                                                      \
    X(ecdsa_secp384r1_sha256)                                                                      \
    X(ecdsa_secp384r1_sha384_p1363)                                                                \
    X(ecdsa_secp384r1_sha384)                                                                      \
    X(ecdsa_secp384r1_sha512)                                                                      \
    X(ecdsa_secp521r1_sha512)                                                                      \
    X(ed25519)                                                                                     \
    X(hkdf_sha256)                                                                                 \
    X(hkdf_sha384)                                                                                 \
    X(hkdf_sha512)                                                                                 \
    X(hmac_sha1)                                                                                   \
    X(hmac_sha256)                                                                                 \
    X(hmac_sha384)                                                                                 \
    X(hmac_sha512)                                                                                 \
    X(rsa_pkcs1_1024_sig_gen)                                                                      \
    X(rsa_pkcs1_1536_sig_gen)                                                                      \
    X(rsa_pkcs1_2048_sig_gen)                                                                      \
    X(rsa_pkcs1_3072_sig_gen)                                                                      \
    X(rsa_pkcs1_4096_sig_gen)                                                                      \
    X(rsa_pss_2048_sha256_mgf1_0_params)                                                           \
    X(rsa_pss_2048_sha256_mgf1_0)                                                                  \
    X(rsa_pss_2048_sha256_mgf1_32_params)                                                          \
    X(rsa_pss_2048_sha256_mgf1_32)                                                                 \
    X(rsa_pss_2048_sha384_mgf1_48)                                                                 \
    X(rsa_pss_2048_sha512_mgf1sha256_32_params)                                                    \
    X(rsa_pss_3072_sha256_mgf1_32_params)                                                          \
    X(rsa_pss_3072_sha256_mgf1_32)                                                                 \
    X(rsa_pss_4096_sha256_mgf1_32)                                                                 \
    X(rsa_pss_4096_sha384_mgf1_48)                                                                 \
    X(rsa_pss_4096_sha512_mgf1_32_params)                                                          \
    X(rsa_pss_4096_sha512_mgf1_32)                                                                 \
    X(rsa_pss_4096_sha512_mgf1_64_params)                                                          \
    X(rsa_pss_4096_sha512_mgf1_64)                                                                 \
    X(rsa_pss_misc_params)                                                                         \
    X(rsa_pss_misc)                                                                                \
    X(rsa_signature_2048_sha256)                                                                   \
    X(rsa_signature_2048_sha384)                                                                   \
    X(rsa_signature_2048_sha512)                                                                   \
    X(rsa_signature_3072_sha256)                                                                   \
    X(rsa_signature_3072_sha384)                                                                   \
    X(rsa_signature_3072_sha512)                                                                   \
    X(rsa_signature_4096_sha256)                                                                   \
    X(rsa_signature_4096_sha384)                                                                   \
    X(rsa_signature_4096_sha512)                                                                   \
    X(x25519)

/* Files whose cases are all about what the library does not offer. */
#define UNSUPPORTED(X)                                                                             \
    X(aes_gmac)                                                                                    \
    X(ec_prime_order_curves)                                                                       \
    X(ed448)                                                                                       \
    X(primality)                                                                                   \
    X(rsa_pkcs1_2048)                                                                              \
    X(rsa_pkcs1_3072)                                                                              \
    X(rsa_pkcs1_4096)                                                                              \
    X(rsa_signature_8192_sha256)                                                                   \
    X(x25519_asn)                                                                                  \
    X(x25519_pem)                                                                                  \
    X(x448)

/* Shows failures, and each reason for skipping once. */
static void report(void *context, const struct cub_vectors_case *c)
{
    char *last = context;

    if (c->result == CUB_VECTORS_FAIL)
        cr_log_error("%s %s: expected %s, %s: %s", c->file, c->id, c->expected, c->got, c->reason);
    if (c->result == CUB_VECTORS_SKIP && strcmp(last, c->reason) != 0)
        snprintf(last, 256, "%s", c->reason);
}

static void run(const char *name, bool supported)
{
    char file[128], last[256] = "";
    struct cub_vectors_counts counts = {0};
    const char *problem;

    snprintf(file, sizeof file, "wycheproof/%s_test.json", name);
    problem = cub_vectors_run(test_vectors_path(file), report, last, &counts);
    cr_assert_null(problem, "%s: %s", file, problem);
    cr_assert_eq(counts.failed, 0, "%s: %zu of %zu cases fail", file, counts.failed,
                 counts.failed + counts.passed + counts.skipped);
    cr_assert_eq(counts.passed > 0, supported, "%s: %zu cases pass", file, counts.passed);
    if (!supported)
        cr_skip_test("%s: %zu cases: %s", file, counts.skipped, last);
}

#define SUPPORTED_TEST(name)                                                                       \
    Test(wycheproof, name)                                                                         \
    {                                                                                              \
        run(#name, true);                                                                          \
    }
#define UNSUPPORTED_TEST(name)                                                                     \
    Test(wycheproof, name)                                                                         \
    {                                                                                              \
        run(#name, false);                                                                         \
    }
SUPPORTED(SUPPORTED_TEST)
UNSUPPORTED(UNSUPPORTED_TEST)

/* No file lies there that nobody runs. */
Test(wycheproof, every_file_has_its_test)
{
#define NAME(name) #name "_test.json",
    static const char *const names[] = {SUPPORTED(NAME) UNSUPPORTED(NAME)};
    DIR *dir = opendir(test_vectors_path("wycheproof"));
    const struct dirent *entry;

    cr_assert_not_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        size_t i = 0;

        if (!strstr(entry->d_name, ".json"))
            continue;
        while (i < sizeof names / sizeof names[0] && strcmp(names[i], entry->d_name) != 0)
            i++;
        cr_assert_lt(i, sizeof names / sizeof names[0], "%s has no test", entry->d_name);
    }
    closedir(dir);
}
