/* A PEM file: all its blocks are decoded, and taken for what their labels say. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "x509/cert.h"
#include "x509/encrypted_key.h"
#include "x509/key.h"

static void use(const struct cub_pem_block *block, uint8_t *der, size_t len)
{
    struct cub_private_key key;
    struct cub_view plain = {der, len};
    struct cub_cert cert;

    if (!cub_pem_is_private_key(block)) {
        (void)cub_cert_parse(&cert, der, len);
        return;
    }
    /* PBES2 has a target of its own, as its iterations take time. */
    if (cub_pem_is_encrypted(block) &&
        (cub_pem_is(block, "ENCRYPTED PRIVATE KEY") ||
         cub_pem_key_decrypt(block, der, len, (const uint8_t *)"x", 1, &plain) != E_OK))
        return;
    (void)cub_private_key_decode(&key, NULL, plain.data, plain.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct cub_pem pem = {(const char *)data, (const char *)data + len};
    struct cub_pem_block block;

    while (cub_pem_next(&pem, &block) == E_OK) {
        size_t max = cub_pem_decoded_max(&block);
        uint8_t *der = malloc(max);
        if (der && cub_pem_decode(&block, der, max, &max) == E_OK)
            use(&block, der, max);
        free(der);
    }
    return 0;
}
