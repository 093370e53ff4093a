/*
 * Credentials for those who name the authorities that they trust [RFC8446-4.2.4], [RFC5246-7.4.4].
 */
#include <string.h>

#include "handshake/config.h"
#include "handshake/wire.h"
#include "x509/cert.h"

static bool names(struct cub_view authorities, struct cub_view name)
{
    struct rd r;

    rd_init(&r, authorities.data, authorities.len);
    while (rd_more(&r)) {
        struct cub_view authority = rd_view(&r, 2, 1, 0xffff);

        if (authority.len == name.len && memcmp(authority.data, name.data, name.len) == 0)
            return true;
    }
    return false;
}

bool cub_credential_is_issued_by(const struct cub_engine *e,
                                 const struct cub_credential *credential,
                                 struct cub_accepted *accepted)
{
    struct cub_view authorities = accepted->authorities;
    struct cub_cert cert;

    (void)e;
    for (size_t i = 0; i < credential->chain_len; i++) {
        struct cub_view der = credential->chain[i];

        if (cub_cert_parse(&cert, der.data, der.len) == E_OK && names(authorities, cert.issuer))
            return true;
    }
    return authorities.len == 0;
}
