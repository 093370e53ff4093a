/*
 * Does it take longer? Statistics in the manner of dudect: two kinds of input in random order, the
 * time of each, and Welch's t-test on the means. A benchmark, not a test: what it says depends on
 * the machine and on what else the machine does. |t| above 5 is a reason to look, above 10 a leak.
 *
 *   timing [MEASUREMENTS]      for each line; RSA takes a hundredth of that
 *
 * The first line is the method itself: a comparison that stops at the first difference.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "crypto/bytes.h"
#include "crypto/cbc.h"
#include "crypto/rsa.h"
#include "record/record_in.h"
#include "tests/crypto/rsa_keys.h"
#include "tests/support/random.h"

static struct test_random state;
static volatile int sink;

static void random_bytes(void *out, size_t len)
{
    (void)test_random_fill(&state, out, len);
}

static double now(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One thing to measure. Inputs are made before the clock runs, into memory that both kinds share.
 */
struct subject {
    const char *name;
    const char *kinds; /* what is compared with what */
    void (*prepare)(int kind);
    void (*run)(void);
    unsigned divisor; /* of the number of measurements */
};

/* Comparison with early exit. */

static uint8_t ours[4096], theirs[4096];

static void naive_prepare(int kind)
{
    random_bytes(ours, sizeof ours);
    memcpy(theirs, ours, sizeof ours);
    theirs[kind == 0 ? 0 : sizeof ours - 1] ^= 1;
}

static void naive_run(void)
{
    size_t i = 0;

    while (i < sizeof ours && ours[i] == theirs[i])
        i++;
    sink = (int)i;
}

/* Records with the MAC inside. */

#define PLAIN 320 /* content, MAC and padding */

static const struct cub_cbc *cbc;
static struct cub_protection protection;
static uint8_t record[CUB_RECORD_HEADER + CUB_CBC_BLOCK + PLAIN];

/* A record of random bytes whose padding is of this length, right or wrong; the MAC is wrong. */
static void make_record(uint8_t *out, unsigned padding, unsigned is_right)
{
    uint8_t *data = out + CUB_RECORD_HEADER + CUB_CBC_BLOCK;

    random_bytes(out + CUB_RECORD_HEADER, CUB_CBC_BLOCK + PLAIN);
    memset(data + PLAIN - padding, (int)(padding - 1), padding);
    data[PLAIN - padding] ^= (uint8_t)(1 - is_right);
    cub_record_header(out, CUB_APPLICATION_DATA, CUB_CBC_BLOCK + PLAIN);
    cub_cbc_encrypt(cbc, &protection.key, out + CUB_RECORD_HEADER, data, PLAIN);
}

/* Both kinds are made each time, and one is taken: else the clock would see traces of the making.
 */
static void make_records(int kind, const unsigned paddings[2], unsigned second_is_right)
{
    static uint8_t both[2][sizeof record];

    make_record(both[0], paddings[0], 1);
    make_record(both[1], paddings[1], second_is_right);
    for (size_t i = 0; i < sizeof record; i++)
        record[i] = (uint8_t)cub_ct_select(0u - (uint32_t)kind, both[1][i], both[0][i]);
}

static void begin_cbc(const struct cub_cbc *which)
{
    static const uint8_t iv[CUB_AEAD_NONCE_SIZE];
    uint8_t key[80];

    cbc = which;
    memset(key, 0x21, sizeof key);
    cub_protection_set(&protection, &cub_record_tls12_cbc, &cbc->aead, key, iv);
}

static void open_record(void)
{
    struct cub_record_in in = {.type = record[0],
                               .content = record + CUB_RECORD_HEADER,
                               .content_len = CUB_CBC_BLOCK + PLAIN,
                               .limit = CUB_RECORD_MAX_PLAINTEXT + 1,
                               .protection = protection};

    sink = (int)protection.format->open(&in);
    protection = in.protection;
}

/* Lucky Thirteen: how much the MAC covers depends on the padding. */
static void lengths_prepare(int kind)
{
    make_records(kind, (const unsigned[]){1, 256}, 1);
}

/* Vaudenay: whether the padding is right. */
static void padding_prepare(int kind)
{
    make_records(kind, (const unsigned[]){16, 16}, 0);
}

/* Where the MAC would stand, in memory. */
static void position_prepare(int kind)
{
    make_records(kind, (const unsigned[]){64, 65}, 1);
}

/* Bleichenbacher. */

static struct cub_private_key key;
static uint8_t message[256], encrypted[256];

static struct cub_view part(const char *hex)
{
    static uint8_t memory[6][256];
    static unsigned used;
    uint8_t *out = memory[used++];
    size_t n = strlen(hex) / 2;

    for (size_t i = 0; i < n; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    return (struct cub_view){out, n};
}

static void load_key(void)
{
    static const uint8_t e[] = {1, 0, 1};
    const struct rsa_key_hex *hex = &rsa_keys[1];

    key = (struct cub_private_key){
        .type = CUB_KEY_RSA, .exponent = {e, sizeof e}
    };
    key.modulus = part(hex->n);
    key.p = part(hex->p);
    key.q = part(hex->q);
    key.dp = part(hex->dp);
    key.dq = part(hex->dq);
    key.iq = part(hex->iq);
}

static void encrypt(void)
{
    (void)cub_rsa_public(key.modulus, key.exponent, message, sizeof message, encrypted);
}

/* Padding and all, or anything else below the modulus. */
static void rsa_prepare(int kind)
{
    random_bytes(message, sizeof message);
    message[0] = 0;
    if (kind == 0) {
        message[1] = 2;
        for (size_t i = 2; i < sizeof message - 49; i++)
            message[i] |= 1;
        message[sizeof message - 49] = 0;
    }
    encrypt();
}

/* The right beginning, or not: what the attack of 1998 asks. */
static void rsa_begin_prepare(int kind)
{
    rsa_prepare(0);
    message[1] = kind == 0 ? 2 : 3;
    encrypt();
}

static void rsa_run(void)
{
    uint8_t premaster[CUB_RSA_PREMASTER] = {0};

    (void)cub_rsa_decrypt_premaster(&key, encrypted, sizeof encrypted, premaster);
    sink = premaster[7];
}

/* Statistics. */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Welch's t of the times below a limit, which leaves out what was interrupted. */
static double welch(const double *times, const uint8_t *kinds, size_t n, double limit,
                    double means[2])
{
    double count[2] = {0}, sum[2] = {0}, squares[2] = {0}, variance[2];

    for (size_t i = 0; i < n; i++) {
        if (times[i] > limit)
            continue;
        count[kinds[i]]++;
        sum[kinds[i]] += times[i];
    }
    for (int k = 0; k < 2; k++)
        means[k] = sum[k] / count[k];
    for (size_t i = 0; i < n; i++) {
        double d = times[i] - means[kinds[i]];
        squares[kinds[i]] += times[i] > limit ? 0 : d * d;
    }
    for (int k = 0; k < 2; k++)
        variance[k] = squares[k] / (count[k] - 1) / count[k];
    return (means[0] - means[1]) / sqrt(variance[0] + variance[1]);
}

static void measure(const struct subject *s, size_t n)
{
    double *times, *sorted, means[2], t;
    uint8_t *kinds;

    n /= s->divisor;
    times = malloc(2 * n * sizeof *times);
    kinds = malloc(n);
    if (times == NULL || kinds == NULL)
        exit(1);
    sorted = times + n;
    for (size_t i = 0; i < n; i++) {
        double start;

        random_bytes(&kinds[i], 1);
        kinds[i] &= 1;
        s->prepare(kinds[i]);
        start = now();
        s->run();
        times[i] = now() - start;
    }
    memcpy(sorted, times, n * sizeof *times);
    qsort(sorted, n, sizeof *sorted, by_size);
    t = welch(times, kinds, n, sorted[n - 1 - n / 20], means);
    printf("%-22s %-44s %8zu %10.1f %+8.2f %8.2f\n", s->name, s->kinds, n, means[0],
           means[1] - means[0], t);
    fflush(stdout);
    free(times);
    free(kinds);
}

int main(int argc, char **argv)
{
    static const struct subject naive = {"naive comparison", "first byte, last byte", naive_prepare,
                                         naive_run, 1};
    static const struct subject cbc_subjects[] = {
        {"", "padding of 1, of 256 bytes", lengths_prepare,  open_record, 1},
        {"", "padding right, wrong",       padding_prepare,  open_record, 1},
        {"", "padding of 64, of 65 bytes", position_prepare, open_record, 1},
    };
    static const struct subject rsa_subjects[] = {
        {"RSA-2048 decryption", "premaster secret, random bytes", rsa_prepare,       rsa_run, 100},
        {"RSA-2048 decryption", "begins with 2, with 3",          rsa_begin_prepare, rsa_run, 100},
    };
    static const struct {
        const char *name;
        const struct cub_cbc *cbc;
    } ciphers[] = {
        {"AES-128-CBC SHA-1",   &cub_aes_128_cbc_sha1  },
        {"AES-256-CBC SHA-256", &cub_aes_256_cbc_sha256},
        {"AES-256-CBC SHA-384", &cub_aes_256_cbc_sha384},
    };
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 300000;

    printf("%-22s %-44s %8s %10s %8s %8s\n", "what", "one kind of input, the other", "number", "ns",
           "more", "t");
    measure(&naive, n);
    for (size_t c = 0; c < sizeof ciphers / sizeof *ciphers; c++) {
        begin_cbc(ciphers[c].cbc);
        for (size_t i = 0; i < sizeof cbc_subjects / sizeof *cbc_subjects; i++) {
            struct subject s = cbc_subjects[i];

            s.name = ciphers[c].name;
            measure(&s, n);
        }
    }
    load_key();
    for (size_t i = 0; i < sizeof rsa_subjects / sizeof *rsa_subjects; i++)
        measure(&rsa_subjects[i], n);
    return 0;
}
