#include "crypto/error.h"

#define NONE 127 /* in 7 bits */

_Static_assert(CUB_ERROR_COUNT <= 1 << 9, "an error has 9 bits in groups");

/* Each group of rows in errors.def: its first error, and the alert. */
static const uint16_t groups[] = {
    E_OK << 7 | NONE,
#define CUB_ALERT(section, alert) ERROR_##section##_##alert << 7 | (ALERT_##alert & 127),
#define CUB_ERROR(name, alert, class, library, reason, verify_code, rfc, text)
#include "crypto/errors.def"
#undef CUB_ALERT
#undef CUB_ERROR
};

enum cub_alert cub_error_alert(enum cub_error error)
{
    const uint16_t *group = groups + sizeof groups / sizeof *groups;
    unsigned alert;

    while (*--group >> 7 > (unsigned)error) {
    }
    alert = *group & 127;
    return alert == NONE ? ALERT_NONE : (enum cub_alert)alert;
}
