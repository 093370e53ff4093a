#define _GNU_SOURCE
#include "tests/support/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Between two looks at a file, a port or a process. */
static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
}

/* Remembers memory that nobody need free, so that it does not count as lost. */
static void *keep(void *p)
{
    static void **kept;
    static size_t count;

    cr_assert_not_null(kept = realloc(kept, (count + 1) * sizeof *kept));
    return kept[count++] = p;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

const char *scratch_dir(void)
{
    static char dir[256];
    const char *root = getenv("CUB_SCRATCH");

    if (dir[0])
        return dir;
    if (!root)
        root = "/tmp/cubtls-tests";
    mkdir(root, 0777);
    snprintf(dir, sizeof dir, "%s/%s.%s", root, criterion_current_suite->name,
             criterion_current_test->name);
    nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    cr_assert(mkdir(dir, 0777) == 0, "%s: %s", dir, strerror(errno));
    return dir;
}

char *scratch_path(const char *name)
{
    char *path = NULL;

    cr_assert(asprintf(&path, "%s/%s", scratch_dir(), name) > 0);
    return keep(path);
}

char *scratch_file(const char *name, const char *text)
{
    char *path = scratch_path(name);
    FILE *f = fopen(path, "w");

    cr_assert(f && fputs(text, f) >= 0 && fclose(f) == 0, "%s: %s", path, strerror(errno));
    return path;
}

/* A whole file as a string, which the caller frees. */
static char *slurp(const char *path, size_t *len)
{
    size_t n = 0;
    size_t room = 4096;
    char *text = malloc(room);
    FILE *f = fopen(path, "r");

    cr_assert(f && text, "%s: %s", path, strerror(errno));
    for (size_t got; (got = fread(text + n, 1, room - n - 1, f)) > 0;) {
        n += got;
        if (n == room - 1)
            cr_assert_not_null(text = realloc(text, room *= 2));
    }
    fclose(f);
    text[n] = '\0';
    if (len)
        *len = n;
    return text;
}

char *read_file(const char *path, size_t *len)
{
    return keep(slurp(path, len));
}

/* process_stdout and process_stderr, but the caller frees. */
static char *slurp_stdout(const struct process *p)
{
    return p->out < 0 && access(p->out_path, F_OK) == 0 ? slurp(p->out_path, NULL) : strdup("");
}

static char *slurp_stderr(const struct process *p)
{
    return slurp(p->err_path, NULL);
}

char *process_stdout(const struct process *p)
{
    return keep(slurp_stdout(p));
}

char *process_stderr(const struct process *p)
{
    return keep(slurp_stderr(p));
}

static int tcp_socket(int port, struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert(fd >= 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return fd;
}

int free_port(void)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int fd = tcp_socket(0, &address);

    cr_assert(bind(fd, (struct sockaddr *)&address, len) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    close(fd);
    return ntohs(address.sin_port);
}

static bool port_answers(int port)
{
    struct sockaddr_in address;
    int fd = tcp_socket(port, &address);
    bool ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    close(fd);
    return ok;
}

/* Ends the test, with what the process said. */
static void complain(const struct process *p, const char *what)
{
    char *out = process_stdout(p);
    char *err = process_stderr(p);

    cr_assert_fail("%s\n%s:\n%s\n%s:\n%s", what, p->out_path, out, p->err_path, err);
}

/* Notes the end of the process if it has come. */
static bool has_ended(struct process *p)
{
    int status;

    if (p->pid && waitpid(p->pid, &status, WNOHANG) == p->pid) {
        p->pid = 0;
        p->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    return p->pid == 0;
}

void wait_for_port(struct process *p, int port)
{
    for (double end = now() + PROCESS_TIMEOUT; !port_answers(port); pause_briefly()) {
        if (has_ended(p))
            complain(p, "ended before it listened");
        if (now() > end)
            complain(p, "does not listen");
    }
}

const char *find_program(const char *name)
{
    static char path[512];
    const char *peers = getenv("CUB_PEERS");
    const char *dirs = getenv("PATH");
    char *all = NULL;

    /* Daemons stand where the path of an ordinary user does not lead. */
    cr_assert(asprintf(&all, "%s:/usr/sbin:/usr/local/sbin:/sbin:%s/usr/sbin:%s/usr/bin",
                       dirs ? dirs : "", peers ? peers : "", peers ? peers : "") > 0);
    for (char *dir = strtok(all, ":"); dir; dir = strtok(NULL, ":")) {
        snprintf(path, sizeof path, "%s/%s", dir, name);
        if (access(path, X_OK) == 0) {
            free(all);
            return path;
        }
    }
    free(all);
    return NULL;
}

static int open_for_writing(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

    cr_assert(fd >= 0, "%s: %s", path, strerror(errno));
    return fd;
}

/* In the child: never returns. */
static void become(const char *const argv[], const int fds[3], pid_t parent)
{
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    for (int i = 0; i < 3; i++)
        dup2(fds[i], i);
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

void process_start(struct process *p, const char *name, unsigned pipes, const char *const argv[])
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    pid_t parent = getpid();

    signal(SIGPIPE, SIG_IGN);
    *p = (struct process){.in = -1, .out = -1};
    snprintf(p->out_path, sizeof p->out_path, "%s/%s.out", scratch_dir(), name);
    snprintf(p->err_path, sizeof p->err_path, "%s/%s.err", scratch_dir(), name);
    if (pipes & PROCESS_IN)
        cr_assert(pipe2(in, O_CLOEXEC) == 0);
    else
        in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (pipes & PROCESS_OUT)
        cr_assert(pipe2(out, O_CLOEXEC) == 0);
    else
        out[1] = open_for_writing(p->out_path);
    int err = open_for_writing(p->err_path);

    fflush(NULL);
    p->pid = fork();
    cr_assert(p->pid >= 0, "fork: %s", strerror(errno));
    if (p->pid == 0)
        become(argv, (int[3]){in[0], out[1], err}, parent);
    close(in[0]);
    close(out[1]);
    close(err);
    p->in = in[1];
    p->out = out[0];
}

void process_write(struct process *p, const char *text)
{
    for (size_t left = strlen(text); left;) {
        ssize_t n = write(p->in, text, left);

        if (n < 0)
            complain(p, "does not take its input");
        text += n;
        left -= (size_t)n;
    }
}

void process_close_input(struct process *p)
{
    if (p->in >= 0)
        close(p->in);
    p->in = -1;
}

/* Where text begins in its output; the whole output is in *owner, which the caller frees. */
static char *find_said(const struct process *p, const char *text, char **owner)
{
    char *out = slurp_stdout(p);
    char *err = slurp_stderr(p);
    char *found = strstr(out, text);

    *owner = found ? out : err;
    free(found ? err : out);
    return found ? found : strstr(*owner, text);
}

/* How often text stands in its output. */
static unsigned count_said(const struct process *p, const char *text)
{
    char *outputs[] = {slurp_stdout(p), slurp_stderr(p)};
    unsigned count = 0;

    for (size_t i = 0; i < 2; i++) {
        for (char *at = outputs[i]; (at = strstr(at, text)) != NULL; at += strlen(text))
            count++;
        free(outputs[i]);
    }
    return count;
}

static bool says_times(struct process *p, const char *text, unsigned times)
{
    for (double end = now() + PROCESS_TIMEOUT; now() < end; pause_briefly()) {
        bool ended = has_ended(p);

        if (count_said(p, text) >= times)
            return true;
        if (ended)
            break;
    }
    return false;
}

bool process_says(struct process *p, const char *text)
{
    return says_times(p, text, 1);
}

void process_expect_times(struct process *p, const char *text, unsigned times)
{
    if (!says_times(p, text, times)) {
        char what[256];

        snprintf(what, sizeof what, "says \"%s\" %u times, not %u", text, count_said(p, text),
                 times);
        complain(p, what);
    }
}

void process_expect(struct process *p, const char *text)
{
    process_expect_times(p, text, 1);
}

int process_number_after(struct process *p, const char *text)
{
    for (double end = now() + PROCESS_TIMEOUT; now() < end; pause_briefly()) {
        bool ended = has_ended(p);
        char *owner;
        char *found = find_said(p, text, &owner);
        char *after = found;
        long number = found ? strtol(found + strlen(text), &after, 10) : 0;
        /* The rest of the number may be still to come. */
        bool whole = found && after > found + strlen(text) && *after != '\0';

        free(owner);
        if (whole)
            return (int)number;
        if (ended)
            break;
    }
    process_expect(p, text);
    complain(p, "says no number");
    return 0;
}

/* What a sanitizer finds in a program of ours fails the test, whatever the program's status. */
static void check_sanitizers(const struct process *p)
{
    char *err = slurp_stderr(p);

    if (strstr(err, "Sanitizer: ") || strstr(err, "runtime error: "))
        complain(p, "a sanitizer complains");
    free(err);
}

int process_wait(struct process *p, unsigned seconds)
{
    double end = now() + (seconds ? seconds : PROCESS_TIMEOUT);

    for (; !has_ended(p); pause_briefly()) {
        if (now() > end)
            complain(p, "does not end");
    }
    process_stop(p);
    return p->status;
}

void process_kill(struct process *p)
{
    if (!has_ended(p)) {
        kill(p->pid, SIGKILL);
        while (!has_ended(p))
            pause_briefly();
    }
}

void process_stop(struct process *p)
{
    process_close_input(p);
    if (p->out >= 0)
        close(p->out);
    p->out = -1;
    if (!has_ended(p)) {
        kill(p->pid, SIGTERM);
        for (double end = now() + 2; !has_ended(p) && now() < end;)
            pause_briefly();
    }
    process_kill(p);
    check_sanitizers(p);
}

int process_run(struct process *p, const char *name, const char *input, const char *const argv[])
{
    process_start(p, name, input ? PROCESS_IN : PROCESS_NO_PIPES, argv);
    if (input)
        process_write(p, input);
    process_close_input(p);
    return process_wait(p, 0);
}
