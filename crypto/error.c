#include "crypto/error.h"

enum cub_alert cub_error_alert(enum cub_error error)
{
    static const uint8_t alerts[CUB_ERROR_COUNT] = {
#define CUB_ERROR(name, alert, class, library, reason, verify_code, rfc, text) ALERT_##alert,
#include "crypto/errors.def"
#undef CUB_ERROR
    };

    return (enum cub_alert)alerts[error];
}
