#include <criterion/criterion.h>

#include "crypto/error.h"

/* A row of errors.def stands behind the CUB_ALERT of its own alert. */
Test(error, alerts)
{
    static const struct {
        const char *name;
        uint16_t error;
        uint8_t alert;
    } rows[] = {
#define CUB_ALERT(section, alert)
#define CUB_ERROR(name, alert, class, library, reason, verify_code, rfc, text)                     \
    {#name, E_##name, ALERT_##alert},
#include "crypto/errors.def"
#undef CUB_ALERT
#undef CUB_ERROR
    };

    cr_assert_eq(sizeof rows / sizeof *rows, CUB_ERROR_COUNT);
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert_eq(rows[i].error, i);
        cr_assert_eq(cub_error_alert((enum cub_error)i), rows[i].alert, "%s", rows[i].name);
    }
}
