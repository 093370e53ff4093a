/*
 * How failures are told: the details that a Python exception would have, made from a row of
 * crypto/errors.def and what is known beside it.
 */
#ifndef CUB_API_RESULT_H
#define CUB_API_RESULT_H

#include "api/cubtls.h"
#include "crypto/error.h"

/*
 * Each fills *details (which may be NULL) and returns its result class. Every report starts from
 * scratch, so alerts are added after it.
 */

/* A failure that is a row. E_OK gives CUB_OK and details that say nothing. */
cub_result cub_report(struct cub_error_details *details, enum cub_error error);
/*
 * The same with words of its own instead of the row's. text is copied; of a failed verification it
 * is the verify_message.
 */
cub_result cub_report_text(struct cub_error_details *details, enum cub_error error,
                           const char *text);
/* A failed verification of a certificate for a host name or address (NULL: none was asked for). */
cub_result cub_report_verify(struct cub_error_details *details, enum cub_error error,
                             const char *hostname);
/* The peer ended the connection with an alert. */
cub_result cub_report_alert(struct cub_error_details *details, int alert);
/* The operating system refused, for the reason of errno. */
cub_result cub_report_os(struct cub_error_details *details, int os_errno);

/* The text of an errno, copied to buffer. */
void cub_os_text(int os_errno, char *buffer, size_t size);

#endif
