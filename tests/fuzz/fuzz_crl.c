/* A CRL: parsed and searched. */
#include "tests/fuzz/fuzz.h"
#include "x509/crl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cub_crl crl;
    struct cub_crl_entry entry;
    struct cub_cert cert = {
        .serial = {(const uint8_t *)"\x07", 1}
    };

    if (cub_crl_parse(&crl, data, len) != E_OK)
        return 0;
    cert.issuer = crl.issuer;
    (void)cub_crl_find(&crl, &cert, &entry);
    return 0;
}
