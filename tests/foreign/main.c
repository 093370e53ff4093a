/*
 * Runs the tests that are linked: those of the suites named as arguments, or all. Prints those
 * that fail and how many did not.
 */
#include <criterion/criterion.h>

#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77
#define SECONDS 240 /* for one test */

static struct foreign_test *tests;

void foreign_register(struct foreign_test *test)
{
    test->next = tests;
    tests = test;
}

void foreign_skip(void)
{
    _exit(SKIPPED);
}

void foreign_fail(const char *file, int line, const char *what, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%d: %s:", file, line, what);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    _exit(1);
}

static bool is_wanted(const struct foreign_test *test, int argc, char **argv)
{
    bool wanted = argc == 1;

    for (int i = 1; i < argc; i++)
        wanted = wanted || strcmp(argv[i], test->suite) == 0;
    return wanted;
}

/* Its exit status, or that of a process that died. */
static int run(const struct foreign_test *test)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        alarm(SECONDS);
        test->run();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0, skipped = 0;

    for (const struct foreign_test *test = tests; test != NULL; test = test->next) {
        int status;

        if (!is_wanted(test, argc, argv))
            continue;
        status = run(test);
        passed += status == 0;
        skipped += status == SKIPPED;
        if (status == 0 || status == SKIPPED)
            continue;
        failed++;
        printf("failed: %s/%s\n", test->suite, test->name);
        fflush(stdout);
    }
    printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
    return failed > 0 || passed == 0;
}
