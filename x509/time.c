#include "x509/time.h"

/*
 * Days from 0000-03-01 of a calendar that begins 400 years earlier to the first of a month, 1 to
 * 13, in the Gregorian calendar: years begin in March here, so that a leap day is their last.
 */
static uint32_t first_of(uint32_t year, uint32_t month)
{
    year += 400;
    if (month < 3) {
        month += 12;
        year--;
    }
    return year * 365 + year / 4 - year / 100 + year / 400 + (153 * month - 457) / 5;
}

enum { CENTURY, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FIELDS };

/* Two digits each up to the end; false if they are none, or more than there are of a thing. */
static bool read_fields(const uint8_t *p, unsigned i, uint8_t field[FIELDS])
{
    static const uint8_t most[FIELDS] = {99, 99, 12, 31, 23, 59, 59};

    for (; i < FIELDS; i++, p += 2) {
        unsigned tens = p[0] - (unsigned)'0', ones = p[1] - (unsigned)'0';
        unsigned value = tens * 10 + ones;
        if (tens > 9 || ones > 9 || value > most[i])
            return false;
        field[i] = (uint8_t)value;
    }
    return *p == 'Z';
}

enum cub_error cub_time_decode(const struct cub_view *time, int64_t *seconds)
{
    uint8_t field[FIELDS];
    uint32_t first, year;
    unsigned generalized = time->data[0] - CUB_DER_UTC_TIME; /* 1: it has a century */

    if (generalized > 1)
        return E_DER_TAG;
    if (time->len != 15 + 2 * generalized ||
        !read_fields(time->data + 2, YEAR - generalized, field))
        return E_DER_TIME;
    if (!generalized) /* [RFC5280-4.1.2.5.1] */
        field[CENTURY] = field[YEAR] < 50 ? 20 : 19;
    year = field[CENTURY] * 100u + field[YEAR];
    first = first_of(year, field[MONTH]);
    if (field[MONTH] == 0 || field[DAY] - 1u >= first_of(year, field[MONTH] + 1u) - first)
        return E_DER_TIME;
    /* 865565 days later is 1970. */
    *seconds = (int64_t)((int32_t)(first + field[DAY]) - 865566) * 86400 +
               (field[HOUR] * 60 + field[MINUTE]) * 60 + field[SECOND];
    return E_OK;
}

int64_t cub_time_read(struct cub_der *d)
{
    struct cub_view time = cub_der_element(d);
    int64_t seconds = 0;
    enum cub_error error = cub_der_ok(d) ? cub_time_decode(&time, &seconds) : E_OK;

    if (error != E_OK)
        cub_der_fail(d, error);
    return seconds;
}

int64_t cub_time_read_generalized(struct cub_der *d)
{
    if (cub_der_more(d) && cub_der_peek(d) != CUB_DER_GENERALIZED_TIME)
        cub_der_fail(d, E_DER_TAG);
    return cub_time_read(d);
}

struct cub_calendar cub_time_civil(int64_t seconds)
{
    int64_t days = seconds / 86400;
    int32_t left = (int32_t)(seconds % 86400);
    int32_t era, doe, yoe, doy, m;
    struct cub_calendar c;

    if (left < 0) {
        left += 86400;
        days--;
    }
    days += 719468; /* from 0000-03-01 */
    era = (int32_t)((days >= 0 ? days : days - 146096) / 146097);
    doe = (int32_t)(days - (int64_t)era * 146097);
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    m = (5 * doy + 2) / 153;
    c.day = (uint8_t)(doy - (153 * m + 2) / 5 + 1);
    c.month = (uint8_t)(m < 10 ? m + 3 : m - 9);
    c.year = yoe + era * 400 + (c.month <= 2);
    c.hour = (uint8_t)(left / 3600);
    c.minute = (uint8_t)(left / 60 % 60);
    c.second = (uint8_t)(left % 60);
    return c;
}
