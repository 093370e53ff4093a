/*
 * Certificates as bytes: PEM and DER, and the functions of the ssl module for them.
 */
#include "api/cubtls.h"

#include <stdio.h>
#include <string.h>

#include "api/file.h"
#include "api/memory.h"
#include "api/result.h"
#include "x509/der.h"
#include "x509/pem.h"

/* Certificates that are collected into memory of a size that is known before. */
struct collection {
    struct cub_bytes *list;
    size_t count;
    uint8_t *bytes; /* behind the list */
    size_t used;
};

static bool is_certificate(const struct cub_pem_block *block)
{
    return cub_pem_is(block, "CERTIFICATE") || cub_pem_is(block, "X509 CERTIFICATE") ||
           cub_pem_is(block, "TRUSTED CERTIFICATE");
}

/* Decodes one block behind what is there. */
static enum cub_error take_block(struct collection *c, const struct cub_pem_block *block)
{
    size_t len;
    uint8_t *at = c->bytes + c->used;
    enum cub_error error = cub_pem_decode(block, at, cub_pem_decoded_max(block), &len);
    struct cub_der d;
    struct cub_view first;

    if (error != E_OK)
        return error;
    /* Behind a TRUSTED CERTIFICATE more follows. */
    d = cub_der_open(at, len, &error);
    first = cub_der_element_of(&d, CUB_DER_SEQUENCE);
    if (error != E_OK)
        return error;
    c->list[c->count++] = (struct cub_bytes){first.data, first.len};
    c->used += first.len;
    return E_OK;
}

static enum cub_error read_pem(const char *text, size_t len, struct collection *c)
{
    struct cub_pem pem = {text, text + len};
    struct cub_pem_block block;
    size_t count = 0, room = 0;
    enum cub_error error = E_OK;

    while (cub_pem_next(&pem, &block) == E_OK) {
        if (!is_certificate(&block))
            continue;
        count++;
        room += cub_pem_decoded_max(&block);
    }
    if (count == 0)
        return E_NO_CERT_IN_PEM;
    c->list = cub_alloc(count * sizeof *c->list + room);
    if (!c->list)
        return E_MEMORY;
    c->bytes = (uint8_t *)(c->list + count);
    pem.at = text;
    while (error == E_OK && c->count < count && cub_pem_next(&pem, &block) == E_OK)
        if (is_certificate(&block))
            error = take_block(c, &block);
    return error;
}

static enum cub_error read_der(const uint8_t *data, size_t len, struct collection *c)
{
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(data, len, &error);
    size_t count = 0;

    for (; cub_der_more(&d); count++)
        (void)cub_der_element_of(&d, CUB_DER_SEQUENCE);
    if (error != E_OK || count == 0)
        return error != E_OK ? error : E_NO_CERT_IN_DER;
    c->list = cub_alloc(count * sizeof *c->list + len);
    if (!c->list)
        return E_MEMORY;
    c->bytes = (uint8_t *)(c->list + count);
    memcpy(c->bytes, data, len);
    d = cub_der_open(c->bytes, len, &error);
    while (c->count < count) {
        struct cub_view one = cub_der_element_of(&d, CUB_DER_SEQUENCE);
        c->list[c->count++] = (struct cub_bytes){one.data, one.len};
    }
    return error;
}

cub_result cub_read_certs(const void *data, size_t len, struct cub_bytes **certs, size_t *count,
                          struct cub_error_details *details)
{
    struct collection c = {0};
    const uint8_t *bytes = data;
    enum cub_error error =
        len && bytes[0] == CUB_DER_SEQUENCE ? read_der(data, len, &c) : read_pem(data, len, &c);

    if (error != E_OK) {
        cub_free(c.list);
        c = (struct collection){0};
    }
    *certs = c.list;
    *count = c.count;
    return cub_report(details, error);
}

cub_result cub_read_certs_file(const char *filename, struct cub_bytes **certs, size_t *count,
                               struct cub_error_details *details)
{
    struct cub_buffer text = {0};
    cub_result result = cub_file_read(filename, &text, details);

    *certs = NULL;
    *count = 0;
    if (result == CUB_OK)
        result = cub_read_certs(text.data, text.len, certs, count, details);
    cub_buffer_free(&text);
    return result;
}

#define PEM_LINE 64 /* characters [RFC7468-2] */

static const char pem_begin[] = "-----BEGIN CERTIFICATE-----";
static const char pem_end[] = "-----END CERTIFICATE-----";

/* Writes base64 in lines; returns the end. */
static char *put_base64(char *p, const uint8_t *data, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < len; i += 3) {
        uint32_t v = (uint32_t)data[i] << 16 | (i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0) |
                     (i + 2 < len ? data[i + 2] : 0);
        for (unsigned shift = 18, k = 0; k < 4; k++, shift -= 6)
            *p++ = i + k > len ? '=' : digits[v >> shift & 63];
        if (i + 3 < len && (i + 3) % (PEM_LINE / 4 * 3) == 0)
            *p++ = '\n';
    }
    return p;
}

cub_result cub_DER_cert_to_PEM_cert(const void *der, size_t len, char **pem)
{
    size_t body = (len + 2) / 3 * 4;
    char *p = len > SIZE_MAX / 4 ? NULL : cub_alloc(body + body / PEM_LINE + 64);

    *pem = p;
    if (!p)
        return CUB_MemoryError;
    p += sprintf(p, "%s\n", pem_begin);
    p = put_base64(p, der, len);
    (void)sprintf(p, "%s%s\n", len ? "\n" : "", pem_end);
    return CUB_OK;
}

cub_result cub_PEM_cert_to_DER_cert(const char *text, uint8_t **der, size_t *len)
{
    struct cub_pem pem = {text, text + strlen(text)};
    struct cub_pem_block block;
    enum cub_error error;

    *der = NULL;
    *len = 0;
    if (strncmp(text, pem_begin, sizeof pem_begin - 1) != 0)
        return cub_report(NULL, E_PEM_HEADER);
    error = cub_pem_next(&pem, &block);
    if (error != E_OK)
        return cub_report(NULL, E_PEM_HEADER);
    *der = cub_alloc(cub_pem_decoded_max(&block));
    if (!*der)
        return CUB_MemoryError;
    error = cub_pem_decode(&block, *der, cub_pem_decoded_max(&block), len);
    if (error != E_OK) {
        cub_free(*der);
        *der = NULL;
    }
    return cub_report(NULL, error == E_OK ? E_OK : E_PEM_HEADER);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar. */
static int64_t days_since_epoch(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year; /* years begin in March: the leap day is the last */
    int m = month <= 2 ? month + 9 : month - 3;

    return 365 * (int64_t)y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

cub_result cub_cert_time_to_seconds(const char *cert_time, int64_t *seconds)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char month[4] = "", zone[4] = "", extra;
    int day, hour, minute, second, year;
    const char *found;

    *seconds = 0;
    if (sscanf(cert_time, "%3s %2d %2d:%2d:%2d %4d %3s%c", month, &day, &hour, &minute, &second,
               &year, zone, &extra) != 7 ||
        strlen(month) != 3 || strcmp(zone, "GMT") != 0)
        return cub_report(NULL, E_CERT_TIME);
    for (char *p = month; *p; p++)
        *p = (char)(*p | 0x20);
    found = strstr(months, month);
    if (!found || (found - months) % 3 != 0 || day < 1 || day > 31 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 61 || year < 1)
        return cub_report(NULL, E_CERT_TIME);
    *seconds = 86400 * days_since_epoch(year, (int)(found - months) / 3 + 1, day) +
               3600 * (int64_t)hour + 60 * (int64_t)minute + second;
    return CUB_OK;
}
