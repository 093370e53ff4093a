/*
 * Memory BIOs.
 */
#ifndef CUB_API_BIO_H
#define CUB_API_BIO_H

#include "api/cubtls.h"

/* A transport that reads from one BIO and writes to another. */
struct cub_bio_pair {
    cub_bio *incoming;
    cub_bio *outgoing;
};

/* The functions of struct cub_io over a struct cub_bio_pair as arg. */
cub_result cub_bio_pair_read(void *arg, void *buffer, size_t len, size_t *n);
cub_result cub_bio_pair_write(void *arg, const void *data, size_t len, size_t *n);

#endif
