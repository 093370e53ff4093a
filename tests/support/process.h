/*
 * Other programs as peers: started with their output captured in files of the test's scratch
 * directory, waited for by what they say or by their end, never longer than a time limit. A process
 * does not outlive the test that started it.
 *
 * Strings that functions return last until the end of the test; they may be freed, and need not be.
 *
 * Everything here fails the running test when it cannot do what it says, and shows what the process
 * has written.
 */
#ifndef CUB_TESTS_SUPPORT_PROCESS_H
#define CUB_TESTS_SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define PROCESS_TIMEOUT 30 /* seconds that anything that ought to happen may take */

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Pipes to the process. Without PROCESS_IN its stdin is empty; stdout goes to a file without
 * PROCESS_OUT. */
enum process_pipes { PROCESS_NO_PIPES = 0, PROCESS_IN = 1, PROCESS_OUT = 2 };

struct process {
    pid_t pid;          /* 0: ended */
    int in;             /* writes to its stdin, or -1 */
    int out;            /* reads its stdout, or -1 */
    int status;         /* once ended: exit status, or 128 + signal */
    char out_path[512]; /* what it wrote to stdout (without PROCESS_OUT) and to stderr */
    char err_path[512];
};

/* The directory of the running test, empty when it starts. */
const char *scratch_dir(void);
/* A path in it. */
char *scratch_path(const char *name);
/* Writes text to a file in it and returns the path. */
char *scratch_file(const char *name, const char *text);
/* A whole file as a C string. len may be NULL. */
char *read_file(const char *path, size_t *len);

/* A TCP port of 127.0.0.1 that is free now, for programs that cannot choose one. */
int free_port(void);
/* Waits until something accepts connections on that port. */
void wait_for_port(struct process *p, int port);

/* The path of a program, in PATH, where daemons are, or where run.sh unpacked it ($CUB_PEERS); NULL
 * if there is none. A static buffer. */
const char *find_program(const char *name);

/* name: of the files that take its output, <name>.out and <name>.err. argv[0] is looked up in PATH.
 */
void process_start(struct process *p, const char *name, unsigned pipes, const char *const argv[]);
void process_write(struct process *p, const char *text);
void process_close_input(struct process *p);
/* What it has written so far. */
char *process_stdout(const struct process *p);
char *process_stderr(const struct process *p);
/* Waits until its stdout or stderr contains text; false if it ended without, or if time is up. */
bool process_says(struct process *p, const char *text);
/* As process_says, but fails the test instead of false. */
void process_expect(struct process *p, const char *text);
/* The same for text that it says so many times. */
void process_expect_times(struct process *p, const char *text, unsigned times);
/* The decimal number that follows text in its output, once it is there. */
int process_number_after(struct process *p, const char *text);
/* Waits for its end, at most seconds (0: PROCESS_TIMEOUT), and returns the exit status. */
int process_wait(struct process *p, unsigned seconds);
/* Kills it, so that it can neither say nor clean up anything. */
void process_kill(struct process *p);
/* Ends it if it has not ended. */
void process_stop(struct process *p);
/* Runs a program to its end with input (NULL: none) on its stdin; exit status. */
int process_run(struct process *p, const char *name, const char *input, const char *const argv[]);

#endif
