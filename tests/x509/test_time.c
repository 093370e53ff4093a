#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "x509/time.h"

static enum cub_error read_time(unsigned tag, const char *text, int64_t *seconds)
{
    uint8_t bytes[64] = {(uint8_t)tag, (uint8_t)strlen(text)};
    enum cub_error error = E_OK;
    struct cub_der d;

    memcpy(bytes + 2, text, strlen(text));
    d = cub_der_open(bytes, 2 + strlen(text), &error);
    *seconds = cub_time_read(&d);
    return cub_der_done(&d);
}

Test(time, known_instants)
{
    static const struct {
        unsigned tag;
        const char *text;
        int64_t seconds;
    } cases[] = {
        {CUB_DER_UTC_TIME,         "700101000000Z",   0           },
        {CUB_DER_UTC_TIME,         "491231235959Z",   2524607999  },
        {CUB_DER_UTC_TIME,         "500101000000Z",   -631152000  },
        {CUB_DER_UTC_TIME,         "000229120000Z",   951825600   },
        {CUB_DER_UTC_TIME,         "240401000001Z",   1711929601  },
        {CUB_DER_GENERALIZED_TIME, "20500101000000Z", 2524608000  },
        {CUB_DER_GENERALIZED_TIME, "19700101000000Z", 0           },
        {CUB_DER_GENERALIZED_TIME, "99991231235959Z", 253402300799},
        {CUB_DER_GENERALIZED_TIME, "00000101000000Z", -62167219200},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds;
        cr_assert_eq(read_time(cases[i].tag, cases[i].text, &seconds), E_OK, "%s", cases[i].text);
        cr_assert_eq(seconds, cases[i].seconds, "%s", cases[i].text);
    }
}

Test(time, malformed)
{
    static const struct {
        unsigned tag;
        const char *text;
    } cases[] = {
        {CUB_DER_UTC_TIME,         "7001010000Z"      }, /* no seconds */
        {CUB_DER_UTC_TIME,         "700101000000"     }, /* no zone */
        {CUB_DER_UTC_TIME,         "700101000000+0000"}, /* another zone */
        {CUB_DER_UTC_TIME,         "7001010000000"    }, /* digit for Z */
        {CUB_DER_UTC_TIME,         "701301000000Z"    }, /* month 13 */
        {CUB_DER_UTC_TIME,         "700001000000Z"    }, /* month 0 */
        {CUB_DER_UTC_TIME,         "700100000000Z"    }, /* day 0 */
        {CUB_DER_UTC_TIME,         "700431000000Z"    }, /* 31 April */
        {CUB_DER_UTC_TIME,         "010229000000Z"    }, /* no leap year */
        {CUB_DER_UTC_TIME,         "700101240000Z"    }, /* hour 24 */
        {CUB_DER_UTC_TIME,         "700101006000Z"    }, /* minute 60 */
        {CUB_DER_UTC_TIME,         "700101000060Z"    }, /* second 60 */
        {CUB_DER_UTC_TIME,         "70010100000 Z"    }, /* blank */
        {CUB_DER_UTC_TIME,         ""                 }, /* nothing */
        {CUB_DER_GENERALIZED_TIME, "20500101000000.5Z"}, /* fraction */
        {CUB_DER_GENERALIZED_TIME, "205001010000Z"    }, /* no seconds */
        {CUB_DER_GENERALIZED_TIME, "21000229000000Z"  }, /* no leap year */
        {CUB_DER_GENERALIZED_TIME, "-0500101000000Z"  }, /* sign */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t seconds;
        cr_assert_eq(read_time(cases[i].tag, cases[i].text, &seconds), E_DER_TIME, "%s",
                     cases[i].text);
    }
}

Test(time, civil_is_the_inverse)
{
    /* A step that is prime to a day's seconds meets all hours, months and leap years. */
    for (int64_t t = -62167219200; t < 253402300800; t += 86400 * 13 + 7919) {
        struct cub_calendar c = cub_time_civil(t);
        char text[40];
        int64_t seconds;
        snprintf(text, sizeof text, "%04d%02u%02u%02u%02u%02uZ", (int)c.year, c.month, c.day,
                 c.hour, c.minute, c.second);
        cr_assert_eq(read_time(CUB_DER_GENERALIZED_TIME, text, &seconds), E_OK, "%s", text);
        cr_assert_eq(seconds, t, "%s", text);
    }
}
