#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <zlib.h>

#include "vectors/vectors.h"

/* The runner itself: that it tells good from bad, so that a file without failures means something.
 */

struct seen {
    struct cub_vectors_counts counts;
    const char *problem;
    char text[4096]; /* a line a case */
};

static void note(void *context, const struct cub_vectors_case *c)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);

    snprintf(seen->text + used, sizeof seen->text - used, "%s %s %s %s\n", c->id,
             cub_vectors_result_name(c->result), c->got, c->reason);
}

static struct seen run(const char *json)
{
    char path[] = "/tmp/cub-vectors-XXXXXX";
    struct seen seen = {{0}, NULL, ""};
    int fd = mkstemp(path);

    cr_assert(fd >= 0 && write(fd, json, strlen(json)) == (ssize_t)strlen(json));
    close(fd);
    seen.problem = cub_vectors_run(path, note, &seen, &seen.counts);
    unlink(path);
    return seen;
}

static void expect(const char *json, size_t passed, size_t failed, size_t skipped, const char *line)
{
    struct seen seen = run(json);

    cr_assert_null(seen.problem, "%s", seen.problem);
    cr_assert(seen.counts.passed == passed && seen.counts.failed == failed &&
                  seen.counts.skipped == skipped && strstr(seen.text, line),
              "%zu passed, %zu failed, %zu skipped:\n%s", seen.counts.passed, seen.counts.failed,
              seen.counts.skipped, seen.text);
}

/* RFC 4231 section 4.3, with the last byte of the tag and the result as parameters. */
#define HMAC(last, result)                                                                         \
    "{\"algorithm\":\"HMACSHA256\",\"testGroups\":[{\"type\":\"MacTest\",\"tagSize\":256,"         \
    "\"tests\":[{\"tcId\":7,\"flags\":[\"Odd\"],\"key\":\"4a656665\",\"msg\":"                     \
    "\"7768617420646f2079612077616e7420666f72206e6f7468696e673f\",\"tag\":"                        \
    "\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec38" last                        \
    "\",\"result\":\"" result "\"}]}]}"

Test(vectors, expectations_are_compared_with_what_happens)
{
    expect(HMAC("43", "valid"), 1, 0, 0, "7 pass accepted");
    expect(HMAC("44", "valid"), 0, 1, 0, "7 fail refused tag does not match");
    expect(HMAC("43", "invalid"), 0, 1, 0, "7 fail accepted");
    expect(HMAC("44", "invalid"), 1, 0, 0, "7 pass refused");
    expect(HMAC("43", "acceptable"), 0, 1, 0, "no decision is written down");
}

Test(vectors, malformed_cases_fail)
{
    expect(HMAC("4", "invalid"), 0, 1, 0, "no proper \"tag\"");
    expect(HMAC("4x", "invalid"), 0, 1, 0, "no proper \"tag\"");
    expect("{\"algorithm\":\"HMACSHA256\",\"testGroups\":[{\"type\":\"MacTest\",\"tests\":[{}]}]}",
           0, 1, 0, "no proper \"key\"");
}

Test(vectors, wrong_values_fail)
{
    /* HKDF: RFC 5869 appendix A.3, its last byte wrong. */
    expect("{\"algorithm\":\"HKDF-SHA-256\",\"testGroups\":[{\"type\":\"HkdfTest\",\"tests\":[{"
           "\"tcId\":1,\"ikm\":\"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b\",\"salt\":\"\","
           "\"info\":\"\",\"size\":8,\"okm\":\"8da4e775a563c190\",\"result\":\"valid\"}]}]}",
           0, 1, 0, "1 fail wrong result");
}

Test(vectors, what_is_not_offered_is_skipped_with_a_reason)
{
    expect(
        "{\"algorithm\":\"x\",\"testGroups\":[{\"type\":\"PrimalityTest\",\"tests\":[{\"tcId\":1,"
        "\"result\":\"valid\"}]}]}",
        0, 0, 1, "not supported: a primality test");
    expect("{\"algorithm\":\"x\",\"testGroups\":[{\"type\":\"Newest\",\"tests\":[{\"tcId\":1,"
           "\"result\":\"valid\"}]}]}",
           0, 0, 1, "unknown type");
}

Test(vectors, files_that_cannot_be_run)
{
    struct cub_vectors_counts counts = {0};

    cr_assert_str_eq(cub_vectors_run("/nonexistent", NULL, NULL, &counts), "cannot be read");
    cr_assert_not_null(strstr(run("{").problem, "not JSON"));
    cr_assert_not_null(strstr(run("").problem, "not JSON"));
    cr_assert_str_eq(run("{}").problem, "of no known format");
    cr_assert_str_eq(run("[1]").problem, "of no known format");
    cr_assert_eq(counts.passed + counts.failed + counts.skipped, 0);
}

Test(vectors, gzipped_files_are_unpacked)
{
    char path[] = "/tmp/cub-vectors-XXXXXX";
    struct seen seen = {{0}, NULL, ""};
    int fd = mkstemp(path);
    gzFile file = gzdopen(fd, "wb");
    const char *json = HMAC("43", "valid");

    cr_assert_eq(gzwrite(file, json, (unsigned)strlen(json)), (int)strlen(json));
    gzclose(file);
    seen.problem = cub_vectors_run(path, note, &seen, &seen.counts);
    unlink(path);
    cr_assert_null(seen.problem);
    cr_assert_eq(seen.counts.passed, 1);
}
