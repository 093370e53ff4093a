#include <string.h>

#include "crypto/signature.h"
#include "vectors/wycheproof.h"
#include "x509/key.h"

/* The key comes from its SubjectPublicKeyInfo. */
struct cub_outcome cub_wycheproof_eddsa(struct cub_wycheproof_test *t)
{
    struct cub_view der = cub_wycheproof_bytes(t, "publicKeyDer");
    struct cub_view msg = cub_wycheproof_bytes(t, "msg");
    struct cub_view sig = cub_wycheproof_bytes(t, "sig");
    const char *curve = cub_wycheproof_text(t, "publicKey.curve");
    struct cub_public_key key;
    enum cub_error error;

    if (strcmp(curve, "edwards25519") != 0)
        return cub_wycheproof_unsupported(t, "EdDSA over ", curve);
    error = cub_public_key_decode(&key, der.data, der.len);
    if (!error)
        error = cub_verify_message(&cub_verify_ed25519, &key, msg.data, msg.len, sig.data, sig.len);
    return cub_wycheproof_error(error);
}
