/* Host names, addresses, mailboxes and URIs: a text, and another one after the first line feed. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "x509/hostname.h"
#include "x509/idna.h"
#include "x509/name_forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const uint8_t *feed = len ? memchr(data, '\n', len) : NULL;
    size_t first = feed ? (size_t)(feed - data) : len;
    struct cub_view presented = {data, first};
    const char *host = (const char *)(feed ? feed + 1 : data);
    size_t host_len = feed ? len - first - 1 : len;
    struct cub_view local, rest;
    uint8_t ip[16];
    char out[CUB_HOSTNAME_MAX + 2];
    char *text = malloc(len + 1);

    (void)cub_hostname_match(presented, host, host_len);
    (void)cub_ip_parse(host, host_len, ip);
    (void)cub_ip_is_canonical(host, host_len);
    (void)cub_mailbox_split(presented, &local, &rest);
    (void)cub_uri_host(presented, &rest);
    (void)cub_is_dns_pattern(presented);
    if (text) {
        memcpy(text, data, len);
        text[len] = 0;
        (void)cub_hostname_to_ascii(text, out, sizeof out);
    }
    free(text);
    return 0;
}
