#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/cli/cli.h"
#include "api/cli/options.h"
#include "api/cubtls.h"

/* What an option's argument is, and so how it is read. */
enum kind {
    FLAG,    /* none: a bool */
    TEXT,    /* const char * */
    NUMBER,  /* int64_t, not negative */
    SECONDS, /* double, more than 0 */
    WORD,    /* int, one of .words */
    BITS,    /* int64_t, names of .words or numbers, joined by commas */
    SERVE,   /* int, what the option's own name means in .words; the argument is the root */
    HELP,
};

/* --help shows the options under these headings. */
enum group {
    TRUST,
    IDENTITY,
    PROTOCOL,
    SERVICE,
    WATCH,
    LAST,
};

static const char *const headings[] = {
    [TRUST] = "Who is trusted:",   [IDENTITY] = "Who we are:", [PROTOCOL] = "What is spoken:",
    [SERVICE] = "What is served:", [WATCH] = "What is seen:",  [LAST] = NULL,
};

struct word {
    const char *name;
    int64_t value;
};

struct row {
    enum group group;
    const char *name;
    enum kind kind;
    size_t offset; /* in struct cli_options */
    const struct word *words;
    unsigned commands;
    const char *arg; /* NULL: none */
    const char *text;
};

static const struct word yes_no[] = {
    {"yes", 1},
    {"no",  0},
    {NULL,  0}
};
static const struct word verify_modes[] = {
    {"none",     CUB_CERT_NONE    },
    {"optional", CUB_CERT_OPTIONAL},
    {"required", CUB_CERT_REQUIRED},
    {NULL,       0                }
};
static const struct word status_modes[] = {
    {"none",     CUB_STATUS_NONE    },
    {"optional", CUB_STATUS_OPTIONAL},
    {"required", CUB_STATUS_REQUIRED},
    {NULL,       0                  }
};
static const struct word purposes[] = {
    {"server", 0},
    {"client", 1},
    {NULL,     0}
};
static const struct word versions[] = {
    {"TLSv1.2", CUB_TLSVersion_TLSv1_2},
    {"TLSv1.3", CUB_TLSVersion_TLSv1_3},
    {NULL,      0                     }
};
static const struct word psk_hashes[] = {
    {"sha256", 0},
    {"sha384", 1},
    {NULL,     0}
};
static const struct word verify_flags[] = {
    {"default",            CUB_VERIFY_DEFAULT           },
    {"x509_strict",        CUB_VERIFY_X509_STRICT       },
    {"x509_trusted_first", CUB_VERIFY_X509_TRUSTED_FIRST},
    {"x509_partial_chain", CUB_VERIFY_X509_PARTIAL_CHAIN},
    {"crl_check_leaf",     CUB_VERIFY_CRL_CHECK_LEAF    },
    {"crl_check_chain",    CUB_VERIFY_CRL_CHECK_CHAIN   },
    {"explicit_policy",    CUB_VERIFY_EXPLICIT_POLICY   },
    {"inhibit_any",        CUB_VERIFY_INHIBIT_ANY       },
    {"inhibit_map",        CUB_VERIFY_INHIBIT_MAP       },
    {NULL,                 0                            }
};
static const struct word services[] = {
    {"echo", CLI_ECHO},
    {"www",  CLI_WWW },
    {"root", CLI_ROOT},
    {NULL,   0       }
};

static const struct row table[] = {
#define OPTION(group, name, kind, member, words, commands, arg, text)                              \
    {group, name, kind, offsetof(struct cli_options, member), words, commands, arg, text},
#include "api/cli/options.def"
#undef OPTION
};

enum {
    NUM_OPTIONS = sizeof table / sizeof table[0],
    MAX_LIST = NUM_OPTIONS + LAST + 1, /* with headings and an end */
    FIRST_KEY = 0x100,                 /* argp takes keys below as letters */
};

struct parse {
    const struct cli_command *command;
    struct cli_options *options;
    struct argp *argp;
    char *const *argv;
    int *status;
};

/* Says what is wrong and where to read on; the result ends argp. */
static error_t usage(const struct parse *parse, const char *reason, const char *what,
                     const char *about)
{
    *parse->status = (int)cli_fail(CLI_USAGE, "USAGE", reason, "%s: %s %s (see cub %s --help)",
                                   parse->command->name, what, about, parse->command->name);
    return EINVAL;
}

static error_t bad_argument(const struct parse *parse, const struct row *option, const char *text)
{
    char what[80];

    snprintf(what, sizeof what, "--%s wants %s, not", option->name, option->arg);
    return usage(parse, "BAD_ARGUMENT", what, text);
}

/* Whether text is a whole number from 0 to 2^62. */
static bool read_number(const char *text, int64_t *value)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *value = strtoll(text, &end, 0);
    return errno == 0 && *end == '\0' && *value <= INT64_MAX / 2;
}

static bool read_seconds(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value > 0 && *value <= 1e6;
}

static bool read_word(const struct word *words, const char *text, size_t len, int64_t *value)
{
    for (; words->name != NULL; words++)
        if (strlen(words->name) == len && strncasecmp(words->name, text, len) == 0) {
            *value = words->value;
            return true;
        }
    return false;
}

/* A flag's name may be written as Python writes it, VERIFY_ and all. */
static bool read_bits(const struct word *words, const char *text, int64_t *value)
{
    *value = 0;
    for (;;) {
        char part[40];
        size_t len = strcspn(text, ",");
        int64_t bit;
        const char *name = part;

        if (len == 0 || len >= sizeof part)
            return false;
        memcpy(part, text, len);
        part[len] = '\0';
        if (strncasecmp(part, "VERIFY_", 7) == 0)
            name += 7;
        if (!read_word(words, name, strlen(name), &bit) && !read_number(part, &bit))
            return false;
        *value |= bit;
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}

static error_t set(const struct parse *parse, const struct row *option, char *text)
{
    char *at = (char *)parse->options + option->offset;
    int64_t number = 0;

    switch (option->kind) {
    case FLAG:
        *(bool *)at = true;
        return 0;
    case TEXT:
        *(const char **)at = text;
        return 0;
    case NUMBER:
        return read_number(text, (int64_t *)at) ? 0 : bad_argument(parse, option, text);
    case SECONDS:
        return read_seconds(text, (double *)at) ? 0 : bad_argument(parse, option, text);
    case WORD:
        if (!read_word(option->words, text, strlen(text), &number))
            return bad_argument(parse, option, text);
        *(int *)at = (int)number;
        return 0;
    case BITS:
        return read_bits(option->words, text, (int64_t *)at) ? 0
                                                             : bad_argument(parse, option, text);
    case SERVE:
        read_word(option->words, option->name, strlen(option->name), &number);
        *(int *)at = (int)number;
        parse->options->root = text;
        return 0;
    case HELP:
        break;
    }
    argp_help(parse->argp, stdout, ARGP_HELP_SHORT_USAGE | ARGP_HELP_LONG | ARGP_HELP_DOC,
              parse->argv[0]);
    *parse->status = CLI_DONE;
    return ECANCELED;
}

/* argp cannot say by itself what it could not read and print only that: it is the word before the
 * next one, and if the table knows it, its argument is what is wrong. */
static error_t unreadable(const struct parse *parse, const struct argp_state *state)
{
    const char *word = state->next > 0 ? state->argv[state->next - 1] : "";
    size_t len = strcspn(word, "=");

    for (size_t i = 0; i < NUM_OPTIONS; i++)
        if (strncmp(word, "--", 2) == 0 && strlen(table[i].name) == len - 2 &&
            strncmp(table[i].name, word + 2, len - 2) == 0 &&
            (table[i].commands & parse->command->bit) != 0)
            return usage(parse, "BAD_ARGUMENT",
                         table[i].arg != NULL ? "an argument is missing after"
                                              : "no argument wanted in",
                         word);
    return usage(parse, "UNKNOWN_OPTION", "there is no option", word);
}

static error_t parse_one(int key, char *text, struct argp_state *state)
{
    const struct parse *parse = state->input;

    if (key >= FIRST_KEY && key < FIRST_KEY + NUM_OPTIONS)
        return set(parse, &table[key - FIRST_KEY], text);
    switch (key) {
    case ARGP_KEY_ARGS:
        parse->options->args = state->argv + state->next;
        parse->options->num_args = state->argc - state->next;
        return 0;
    case ARGP_KEY_END:
        if (parse->options->num_args < parse->command->min_args)
            return usage(parse, "MISSING_ARGUMENT", "what is missing is", parse->command->args);
        if (parse->options->num_args > parse->command->max_args)
            return usage(parse, "TOO_MANY_ARGUMENTS", "there is one too many,",
                         parse->options->args[parse->command->max_args]);
        return 0;
    case ARGP_KEY_ERROR:
        if (*parse->status < 0)
            return unreadable(parse, state);
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

/* The rows of the table that are for this command, as argp wants them. */
static void select_options(unsigned command, struct argp_option list[static MAX_LIST])
{
    const char *heading = NULL;
    size_t n = 0;

    for (size_t i = 0; i < NUM_OPTIONS; i++) {
        const struct row *row = &table[i];

        if ((row->commands & command) == 0)
            continue;
        if (headings[row->group] != NULL && headings[row->group] != heading) {
            heading = headings[row->group];
            list[n++] = (struct argp_option){.doc = heading, .group = (int)row->group + 1};
        }
        list[n++] = (struct argp_option){
            .name = row->name,
            .key = FIRST_KEY + (int)i,
            .arg = row->arg,
            .doc = row->text,
            .group = row->group == LAST ? -1 : (int)row->group + 1,
        };
    }
    list[n] = (struct argp_option){0};
}

int cli_options_parse(const struct cli_command *command, int argc, char **argv,
                      struct cli_options *options, int *status)
{
    struct argp_option list[MAX_LIST];
    struct argp argp = {.options = list, .parser = parse_one, .args_doc = command->args};
    struct parse parse = {command, options, &argp, argv, status};
    char name[32], text[4096];

    *options = (struct cli_options){
        .check_hostname = -1,
        .verify_mode = -1,
        .status_mode = -1,
        .verify_flags = -1,
        .attime = -1,
        .depth = -1,
        .minimum_version = -1,
        .maximum_version = -1,
        .hours = -1,
        .num_tickets = -1,
        .max_early_data = -1,
        .record_size_limit = -1,
        .key_update_after = -1,
        .timeout = -1,
    };
    *status = -1;
    select_options(command->bit, list);
    snprintf(name, sizeof name, "cub %s", command->name);
    snprintf(text, sizeof text, "%s\v%s", command->summary, command->text);
    argp.doc = text;
    argv[0] = name;
    if (argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP | ARGP_NO_EXIT, NULL, &parse) ==
        0)
        return 0;
    if (*status < 0)
        *status = CLI_USAGE;
    return -1;
}
