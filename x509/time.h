/*
 * Time as certificates write it [RFC5280-4.1.2.5], without the C library's calendar.
 */
#ifndef CUB_X509_TIME_H
#define CUB_X509_TIME_H

#include <stdint.h>

#include "x509/der.h"

/*
 * Decodes a Time, an element with identifier and length: UTCTime (YYMMDDHHMMSSZ, years 1950 to
 * 2049) or GeneralizedTime (YYYYMMDDHHMMSSZ), seconds included, no fraction, zone Z, as the RFC
 * demands. Which form a year must use is not checked: authorities exist that write years before
 * 2050 in the long form. *seconds are since 1970-01-01T00:00:00Z. E_DER_TIME, and E_DER_TAG for
 * another type.
 */
enum cub_error cub_time_decode(const struct cub_view *time, int64_t *seconds);

/* The same from a reader; 0 after an error. */
int64_t cub_time_read(struct cub_der *d);

/* GeneralizedTime alone [RFC6960-4.2.2.1]. */
int64_t cub_time_read_generalized(struct cub_der *d);

struct cub_calendar {
    int32_t year;
    uint8_t month; /* 1..12 */
    uint8_t day;   /* 1..31 */
    uint8_t hour;
    uint8_t minute;
    uint8_t second;
};

/* The other way: the civil date, in UTC, of a number of seconds. */
struct cub_calendar cub_time_civil(int64_t seconds);

#endif
