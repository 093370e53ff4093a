/*
 * Profiles for firmware, smallest first. Each list names what it must and nothing else: what no
 * list of the profile in use names is not linked.
 */
#include "api/cub_engine.h"

static const struct cub_suite *const aes13[] = {&cub_suite_aes_128_gcm_sha256, NULL};
static const struct cub_suite *const chacha13[] = {&cub_suite_chacha20_poly1305_sha256, NULL};
static const struct cub_suite *const aes_both[] = {&cub_suite_aes_128_gcm_sha256,
                                                   &cub_suite_ecdhe_ecdsa_aes_128_gcm_sha256, NULL};

static const struct cub_group *const no_group[] = {NULL};
static const struct cub_group *const p256[] = {&cub_group_secp256r1, NULL};
static const struct cub_group *const x25519[] = {&cub_group_x25519, NULL};

static const struct cub_verify_scheme *const verify_none[] = {NULL};
static const struct cub_verify_scheme *const verify_ecdsa[] = {&cub_verify_ecdsa_secp256r1_sha256,
                                                               NULL};
static const struct cub_verify_scheme *const verify_rsa[] = {&cub_verify_ecdsa_secp256r1_sha256,
                                                             &cub_verify_rsa_pss_rsae_sha256,
                                                             &cub_verify_rsa_pkcs1_sha256, NULL};

static const struct cub_sign_scheme *const sign_none[] = {NULL};
static const struct cub_sign_scheme *const sign_ecdsa[] = {&cub_sign_ecdsa_secp256r1_sha256, NULL};

const struct cub_profile cub_profile_psk_client = {
    .client = &cub_client13_psk_ke,
    .suites = aes13,
    .groups = no_group,
    .verify_schemes = verify_none,
    .sign_schemes = sign_none,
    .psk_client = &cub_psk_client13_alone,
};

const struct cub_profile cub_profile_psk_client_chacha20 = {
    .client = &cub_client13_psk_ke,
    .suites = chacha13,
    .groups = no_group,
    .verify_schemes = verify_none,
    .sign_schemes = sign_none,
    .psk_client = &cub_psk_client13_alone,
};

const struct cub_profile cub_profile_ecdsa_client = {
    .client = &cub_client13_cert,
    .suites = aes13,
    .groups = p256,
    .verify_schemes = verify_ecdsa,
    .sign_schemes = sign_none,
};

const struct cub_profile cub_profile_ecdsa_client_resuming = {
    .client = &cub_client13_session,
    .suites = aes13,
    .groups = p256,
    .verify_schemes = verify_ecdsa,
    .sign_schemes = sign_none,
    .psk_client = &cub_psk_client13,
    .session_client = &cub_session_client13,
};

const struct cub_profile cub_profile_ecdsa_client_x25519 = {
    .client = &cub_client13_cert,
    .suites = chacha13,
    .groups = x25519,
    .verify_schemes = verify_ecdsa,
    .sign_schemes = sign_none,
};

const struct cub_profile cub_profile_rsa_client = {
    .client = &cub_client13_cert,
    .suites = aes13,
    .groups = p256,
    .verify_schemes = verify_rsa,
    .sign_schemes = sign_none,
};

const struct cub_profile cub_profile_server = {
    .server = &cub_server13_cert,
    .suites = aes13,
    .groups = p256,
    .verify_schemes = verify_none,
    .sign_schemes = sign_ecdsa,
};

const struct cub_profile cub_profile_small = {
    .client = &cub_client13_cert,
    .server = &cub_server13_cert,
    .client12 = &cub_client12_cert,
    .server12 = &cub_server12_cert,
    .suites = aes_both,
    .groups = p256,
    .verify_schemes = verify_ecdsa,
    .sign_schemes = sign_ecdsa,
};
