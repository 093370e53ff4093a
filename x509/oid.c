#include "x509/oid.h"

uint32_t cub_oid_tail(const uint8_t *oid, size_t oid_len, const char *arc, size_t len)
{
    uint32_t tail = 1;

    if (oid_len <= len || oid_len > len + 3 || memcmp(oid, arc, len) != 0)
        return 0;
    for (; len < oid_len; len++)
        tail = tail << 8 | oid[len];
    return tail;
}
