/*
 * ServerHello of TLS 1.2 as a whole, to be taken apart, changed and put together again: the library
 * takes and writes its extensions one by one.
 */
#ifndef CUB_TESTS_HANDSHAKE_SERVER_HELLO12_H
#define CUB_TESTS_HANDSHAKE_SERVER_HELLO12_H

#include "handshake/server_hello.h"

/* The extensions of a ServerHello of TLS 1.2. */
struct server_hello12 {
    uint32_t present;
    uint16_t record_size_limit;
    uint8_t max_fragment_length;
    struct cub_view alpn;                    /* the one name */
    struct cub_view renegotiated_connection; /* [RFC5746-3.2] */
    struct cub_view ec_point_formats;
    struct cub_view scts; /* [RFC6962-3.3.1] */
};
/* Decodes the block that cub_server_hello_decode found. E_EXT_*, E_DECODE_SERVER_HELLO. */
enum cub_error server_hello12_extensions(struct cub_view block, uint32_t offered,
                                         struct server_hello12 *extensions);
/* Writes a whole ServerHello; the version is hello->legacy_version. */
void server_hello12_encode(struct wr *w, const struct cub_server_hello *hello,
                           const struct server_hello12 *extensions);

#endif
