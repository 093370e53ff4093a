#include "x509/time.h"

/* Days from 1970-01-01 to a date of the Gregorian calendar, year >= 0; years begin in March here.
 */
static int32_t days_from_civil(int32_t year, int32_t month, int32_t day)
{
    int32_t y = (month <= 2 ? year - 1 : year) + 400; /* not negative */
    int32_t m = month <= 2 ? month + 9 : month - 3;

    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468 - 146097;
}

static int32_t days_in_month(int32_t year, int32_t month)
{
    if (month == 2)
        return (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* n decimal digits at *p, -1 if they are not. */
static int32_t digits(const uint8_t **p, int n)
{
    int32_t value = 0;

    for (; n > 0; n--) {
        uint8_t c = *(*p)++;
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/* A time whose year has some digits: YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ. */
static int64_t read_time(struct cub_der *d, unsigned tag, int year_digits)
{
    static const uint8_t most[5] = {12, 31, 23, 59, 59}; /* month, day, hour, minute, second */
    struct cub_view v = cub_der_read(d, tag);
    const uint8_t *p = v.data;
    int32_t field[5] = {0};
    int32_t year = -1;
    bool valid = v.len == (size_t)year_digits + 11;

    if (valid)
        year = digits(&p, year_digits);
    if (year_digits == 2 && year >= 0) /* [RFC5280-4.1.2.5.1] */
        year += year < 50 ? 2000 : 1900;
    for (int i = 0; valid && i < 5; i++) {
        field[i] = digits(&p, 2);
        valid = field[i] >= (i < 2) && field[i] <= most[i];
    }
    if (!valid || year < 0 || *p != 'Z' || field[1] > days_in_month(year, field[0])) {
        cub_der_fail(d, E_DER_TIME);
        return 0;
    }
    return (int64_t)days_from_civil(year, field[0], field[1]) * 86400 +
           (field[2] * 60 + field[3]) * 60 + field[4];
}

int64_t cub_time_read_generalized(struct cub_der *d)
{
    return read_time(d, CUB_DER_GENERALIZED_TIME, 4);
}

int64_t cub_time_read(struct cub_der *d)
{
    return cub_der_peek(d) == CUB_DER_UTC_TIME ? read_time(d, CUB_DER_UTC_TIME, 2)
                                               : cub_time_read_generalized(d);
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
