#include "handshake/config.h"

const struct cub_suite cub_suite_aes_128_gcm_sha256 = {0x1301, CUB_TLS1_3, &cub_aes_128_gcm,
                                                       &cub_sha256};
const struct cub_suite cub_suite_aes_256_gcm_sha384 = {0x1302, CUB_TLS1_3, &cub_aes_256_gcm,
                                                       &cub_sha384};
const struct cub_suite cub_suite_chacha20_poly1305_sha256 = {0x1303, CUB_TLS1_3,
                                                             &cub_chacha20_poly1305, &cub_sha256};
const struct cub_suite cub_suite_aes_128_ccm_sha256 = {0x1304, CUB_TLS1_3, &cub_aes_128_ccm,
                                                       &cub_sha256};
const struct cub_suite cub_suite_aes_128_ccm_8_sha256 = {0x1305, CUB_TLS1_3, &cub_aes_128_ccm_8,
                                                         &cub_sha256};
