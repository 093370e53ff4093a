/*
 * Compressed certificates: what the application gives, as the engine wants it.
 */
#ifndef CUB_API_COMPRESSION_H
#define CUB_API_COMPRESSION_H

#include "api/settings.h"

/* Fills in the engine's list after a change. */
void cub_compressions_apply(struct cub_settings *settings);

#endif
