#include "api/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/random.h>
#include <sys/types.h>
#include <unistd.h>

#include "api/cubtls.h"
#include "api/result.h"
#include "crypto/bytes.h"

#define SEED_SIZE    48
#define BYTES_A_SEED (UINT64_C(1) << 24) /* after these the system is asked again */

/* One generator for all threads. A child process of fork must never continue its parent's. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct cub_drbg drbg;
static pid_t seeded_in; /* the process that asked for the seed; 0: none */
static uint64_t used;   /* bytes since then */

static void before_fork(void)
{
    (void)pthread_mutex_lock(&lock);
}

static void in_parent(void)
{
    (void)pthread_mutex_unlock(&lock);
}

static void in_child(void)
{
    seeded_in = 0;
    (void)pthread_mutex_unlock(&lock);
}

static void watch_forks(void)
{
    (void)pthread_atfork(before_fork, in_parent, in_child);
}

/* For kernels without getrandom. */
static bool read_device(uint8_t *out, size_t len)
{
    size_t got = 0;
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

    while (fd >= 0 && got < len) {
        ssize_t n = read(fd, out + got, len - got);
        if (n > 0)
            got += (size_t)n;
        else if (n == 0 || errno != EINTR)
            break;
    }
    if (fd >= 0)
        (void)close(fd);
    return got == len;
}

static bool read_system(uint8_t *out, size_t len)
{
    size_t got = 0;

    while (got < len) {
        ssize_t n = getrandom(out + got, len - got, 0);
        if (n > 0)
            got += (size_t)n;
        else if (n == 0 || errno != EINTR)
            return read_device(out, len);
    }
    return true;
}

/* Seeds if that is due; the lock is held. */
static enum cub_error keep_seeded(void)
{
    uint8_t seed[SEED_SIZE];
    pid_t self = getpid(); /* a child that was made without fork's handlers */

    if (seeded_in == self && used < BYTES_A_SEED)
        return E_OK;
    if (!read_system(seed, sizeof seed))
        return E_CRYPTO_RANDOM;
    cub_drbg_update(&drbg, seed, sizeof seed);
    cub_wipe(seed, sizeof seed);
    seeded_in = self;
    used = 0;
    return E_OK;
}

static void begin(void)
{
    (void)pthread_once(&once, watch_forks);
    (void)pthread_mutex_lock(&lock);
}

static enum cub_error fill(void *context, uint8_t *out, size_t len)
{
    enum cub_error error;

    (void)context;
    begin();
    error = keep_seeded();
    if (error == E_OK)
        error = cub_drbg_fill(&drbg, out, len);
    used += len;
    (void)pthread_mutex_unlock(&lock);
    return error;
}

const struct cub_random cub_system_random = {fill, NULL};

cub_result cub_RAND_bytes(void *out, size_t n)
{
    return cub_report(NULL, cub_random_fill(&cub_system_random, out, n));
}

void cub_RAND_add(const void *bytes, size_t n, double entropy)
{
    (void)entropy;
    begin();
    /* Never the only seed. */
    if (keep_seeded() == E_OK)
        cub_drbg_update(&drbg, bytes, n);
    (void)pthread_mutex_unlock(&lock);
}

bool cub_RAND_status(void)
{
    bool seeded;

    begin();
    seeded = keep_seeded() == E_OK;
    (void)pthread_mutex_unlock(&lock);
    return seeded;
}

cub_result cub_RAND_pseudo_bytes(void *out, size_t n, bool *is_cryptographic)
{
    *is_cryptographic = true;
    return cub_RAND_bytes(out, n);
}

cub_result cub_RAND_egd(const char *path)
{
    (void)path;
    return cub_report(NULL, E_NO_EGD);
}
