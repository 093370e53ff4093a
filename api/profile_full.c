#include "crypto/dh.h"
#include "crypto/recorder.h"
#include "handshake/config.h"

/* All that there is. */
static const struct cub_suite *const all_suites[] = {
#define SUITE(suite, name) &cub_suite_##suite,
#include "api/suite_names.def"
#undef SUITE
    NULL,
};

/* What nobody should have to ask for: forward secrecy, AEAD, certificates. */
static const struct cub_suite *const suites[] = {
    &cub_suite_aes_256_gcm_sha384,
    &cub_suite_chacha20_poly1305_sha256,
    &cub_suite_aes_128_gcm_sha256,
    &cub_suite_aes_128_ccm_sha256,
    &cub_suite_ecdhe_ecdsa_aes_256_gcm_sha384,
    &cub_suite_ecdhe_rsa_aes_256_gcm_sha384,
    &cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256,
    &cub_suite_ecdhe_rsa_aes_128_gcm_sha256,
    &cub_suite_ecdhe_ecdsa_chacha20_poly1305_sha256,
    &cub_suite_ecdhe_rsa_chacha20_poly1305_sha256,
    &cub_suite_ecdhe_ecdsa_aes_256_ccm,
    &cub_suite_ecdhe_ecdsa_aes_128_ccm,
    NULL,
};

static const struct cub_group *const groups[] = {
    &cub_group_x25519mlkem768, &cub_group_x25519,    &cub_group_secp256r1,
    &cub_group_secp384r1,      &cub_group_secp521r1, NULL,
};

static const struct cub_group *const all_groups[] = {
    &cub_group_x25519mlkem768,
    &cub_group_x25519,
    &cub_group_secp256r1,
    &cub_group_secp384r1,
    &cub_group_secp521r1,
    &cub_group_mlkem1024,
    NULL,
};

static const struct cub_verify_scheme *const verify_schemes[] = {
    &cub_verify_ecdsa_secp256r1_sha256, &cub_verify_ecdsa_secp384r1_sha384,
    &cub_verify_ecdsa_secp521r1_sha512, &cub_verify_ed25519,
    &cub_verify_rsa_pss_rsae_sha256,    &cub_verify_rsa_pss_rsae_sha384,
    &cub_verify_rsa_pss_rsae_sha512,    &cub_verify_rsa_pss_pss_sha256,
    &cub_verify_rsa_pss_pss_sha384,     &cub_verify_rsa_pss_pss_sha512,
    &cub_verify_rsa_pkcs1_sha256,       &cub_verify_rsa_pkcs1_sha384,
    &cub_verify_rsa_pkcs1_sha512,       NULL,
};

static const struct cub_sign_scheme *const sign_schemes[] = {
    &cub_sign_ecdsa_secp256r1_sha256,
    &cub_sign_ecdsa_secp384r1_sha384,
    &cub_sign_ecdsa_secp521r1_sha512,
    &cub_sign_ed25519,
    &cub_sign_rsa_pss_rsae_sha256,
    &cub_sign_rsa_pss_rsae_sha384,
    &cub_sign_rsa_pss_rsae_sha512,
    &cub_sign_rsa_pss_pss_sha256,
    &cub_sign_rsa_pss_pss_sha384,
    &cub_sign_rsa_pss_pss_sha512,
    &cub_sign_rsa_pkcs1_sha256,
    &cub_sign_rsa_pkcs1_sha384,
    &cub_sign_rsa_pkcs1_sha512,
    /* Any hash with any curve: TLS 1.2. */
    &cub_sign_ecdsa_secp256r1_sha384,
    &cub_sign_ecdsa_secp256r1_sha512,
    &cub_sign_ecdsa_secp384r1_sha256,
    &cub_sign_ecdsa_secp384r1_sha512,
    &cub_sign_ecdsa_secp521r1_sha256,
    &cub_sign_ecdsa_secp521r1_sha384,
    /* For credentials that name them. */
    &cub_sign_rsa_pkcs1_sha256_legacy,
    &cub_sign_rsa_pkcs1_sha384_legacy,
    &cub_sign_rsa_pkcs1_sha512_legacy,
    NULL,
};

static const struct cub_dh_group *const dh_groups[] = {&cub_dh_ffdhe2048, &cub_dh_ffdhe3072,
                                                       &cub_dh_ffdhe4096, NULL};

/* What both have; they differ in what a configuration may choose of. */
#define EVERYTHING                                                                                 \
    .client = &cub_client13, .server = &cub_server13, .client12 = &cub_client12,                   \
    .server12 = &cub_server12, .verify_schemes = verify_schemes, .sign_schemes = sign_schemes,     \
    .psk_client = &cub_psk_client13, .session_client = &cub_session_client13,                      \
    .session_client12 = &cub_session_client12, .recorder = &cub_recorder,                          \
    .offer_early_data = cub_offer_early_data, .post_handshake_auth = true, .extras = &cub_extras13

const struct cub_profile cub_profile_full = {
    EVERYTHING,
    .suites = suites,
    .groups = groups,
};

const struct cub_profile cub_profile_all = {
    EVERYTHING,
    .suites = all_suites,
    .groups = all_groups,
    .dh_groups = dh_groups,
};
