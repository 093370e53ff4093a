#include "x509/oid.h"

uint32_t cub_oid_tail(struct cub_view oid, const char *arc, size_t len)
{
    uint32_t tail = 1;

    if (oid.len <= len || oid.len > len + 3 || memcmp(oid.data, arc, len) != 0)
        return 0;
    for (; len < oid.len; len++)
        tail = tail << 8 | oid.data[len];
    return tail;
}
