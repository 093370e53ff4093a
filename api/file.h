/*
 * Files as a whole.
 */
#ifndef CUB_API_FILE_H
#define CUB_API_FILE_H

#include "api/cubtls.h"
#include "api/memory.h"

/* Appends a file's contents to *out, whose data is then not NULL. CUB_OSError, CUB_MemoryError;
 * details may be NULL. */
cub_result cub_file_read(const char *path, struct cub_buffer *out,
                         struct cub_error_details *details);

/* Whether a path can be opened for reading, as a directory or as anything else. */
bool cub_file_exists(const char *path, bool directory);

#endif
