#include "crypto/error.h"

const struct cub_error_info *cub_error_info(enum cub_error error)
{
    static const struct cub_error_info rows[CUB_ERROR_COUNT] = {
#define CUB_ALERT(section, alert)
#define CUB_ERROR(name, alert, class, library, reason, verify_code, rfc, text)                     \
    {#name, library, reason, rfc, text, CLASS_##class, verify_code},
#include "crypto/errors.def"
#undef CUB_ALERT
#undef CUB_ERROR
    };

    return &rows[error];
}
