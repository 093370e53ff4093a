/* An OCSP response whose signatures are taken for good, so that what lies behind them is reached.
 */
#include "tests/fuzz/fuzz.h"
#include "x509/ocsp.h"

static enum cub_error accept(const struct cub_verify_scheme *scheme,
                             const struct cub_public_key *key, const uint8_t *digest,
                             size_t digest_len, const uint8_t *sig, size_t sig_len)
{
    (void)scheme, (void)key, (void)digest, (void)digest_len, (void)sig, (void)sig_len;
    return E_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const struct cub_verify_scheme scheme = {0x0403,      CUB_KEY_EC_P256, CUB_USE_ALL,
                                                    &cub_sha256, accept,          NULL};
    static const struct cub_verify_scheme *const schemes[] = {&scheme};
    static const uint8_t name[] = "\x30\x14\x31\x12\x30\x10\x06\x03\x55\x04\x03\x0c\x09Test Root";
    static const uint8_t spki[] = "\x30\x06\x30\x00\x03\x02\x00\x04";
    struct cub_cert cert = {
        .serial = {(const uint8_t *)"\x01", 1}
    };
    struct cub_ocsp_request request = {
        .cert = &cert, .issuer = &cert, .schemes = {schemes, 1}
    };
    struct cub_ocsp_status status;

    cert.subject = cert.issuer = (struct cub_view){name, sizeof name - 1};
    cert.spki = (struct cub_view){spki, sizeof spki - 1};
    cert.key.type = CUB_KEY_EC_P256;
    (void)cub_ocsp_check(data, len, &request, &status);
    return 0;
}
