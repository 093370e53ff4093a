/*
 * Does with CubTLS what it is told on stdin, as agent.py does with Python's ssl.
 *
 * A request is a line: a verb and its arguments, separated by tabs; "-" is None, bytes are
 * hexadecimal. The answer is a line of JSON: "result" is OK or the exception, the rest what it
 * says.
 */
#include "agent.h"

#include <stdlib.h>
#include <string.h>

struct slot {
    char name[32];
    void *object;
};

static struct slot contexts[MAX_SLOTS], conns[MAX_SLOTS], bios[MAX_SLOTS];

static void *find(const struct slot *slots, const char *name)
{
    for (int i = 0; i < MAX_SLOTS; i++)
        if (strcmp(slots[i].name, name) == 0)
            return slots[i].object;
    return NULL;
}

/* Puts an object in the slot of that name; what stood there is the caller's to free. */
static void *keep(struct slot *slots, const char *name, void *object)
{
    for (int i = 0; i < MAX_SLOTS; i++)
        if (!*slots[i].name || strcmp(slots[i].name, name) == 0) {
            void *old = slots[i].object;
            strncpy(slots[i].name, name, sizeof slots[i].name - 1);
            slots[i].object = object;
            return old;
        }
    abort();
}

cub_context *agent_context(const char *name)
{
    return find(contexts, name);
}

cub_conn *agent_conn(const char *name)
{
    return find(conns, name);
}

struct agent_bios *agent_bios(const char *name)
{
    return find(bios, name);
}

void agent_keep_context(const char *name, cub_context *context)
{
    cub_context_free(keep(contexts, name, context));
}

void agent_keep_conn(const char *name, cub_conn *conn)
{
    cub_conn_free(keep(conns, name, conn));
}

static void free_bios(struct agent_bios *b)
{
    if (!b)
        return;
    cub_bio_free(b->incoming);
    cub_bio_free(b->outgoing);
    free(b);
}

void agent_keep_bios(const char *name, struct agent_bios *b)
{
    free_bios(keep(bios, name, b));
}

cub_result agent_reset(char **a, json_t *answer, struct cub_error_details *d)
{
    (void)a;
    (void)answer;
    (void)d;
    for (int i = 0; i < MAX_SLOTS; i++) {
        cub_conn_free(conns[i].object);
        cub_context_free(contexts[i].object);
        free_bios(bios[i].object);
    }
    memset(conns, 0, sizeof conns);
    memset(contexts, 0, sizeof contexts);
    memset(bios, 0, sizeof bios);
    return CUB_OK;
}

const char *agent_text(const char *argument)
{
    return strcmp(argument, "-") == 0 ? NULL : argument;
}

json_t *agent_string(const char *s)
{
    return s ? json_string(s) : json_null();
}

json_t *agent_hex(const void *data, size_t len)
{
    const uint8_t *p = data;
    char *text = malloc(2 * len + 1);
    json_t *json;

    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02x", p[i]);
    text[2 * len] = 0;
    json = json_string(text);
    free(text);
    return json;
}

size_t agent_unhex(const char *hex, uint8_t *out)
{
    size_t n = strcmp(hex, "-") == 0 ? 0 : strlen(hex) / 2;

    for (size_t i = 0; i < n; i++) {
        unsigned byte;
        sscanf(hex + 2 * i, "%2x", &byte);
        out[i] = (uint8_t)byte;
    }
    return n;
}

static void say_failure(json_t *answer, const struct cub_error_details *d)
{
    bool ssl = d->result <= CUB_SSLCertVerificationError;

    json_object_set_new(answer, "text", json_string(d->message));
    if (ssl) {
        json_object_set_new(answer, "library", json_string(d->library));
        json_object_set_new(answer, "reason", json_string(d->reason));
        json_object_set_new(answer, "errno", json_integer(d->number));
        json_object_set_new(answer, "verify_code", json_integer(d->verify_code));
        json_object_set_new(answer, "verify_message", json_string(d->verify_message));
    }
    if (d->result == CUB_OSError) {
        json_object_set_new(answer, "os_errno", json_integer(d->os_errno));
        json_object_set_new(answer, "text", json_string(strerror(d->os_errno)));
    }
}

static void obey(char *line)
{
    char *arguments[MAX_ARGUMENTS] = {0}, *p = line;
    int count = 0;
    json_t *answer = json_object();
    struct cub_error_details d = {0};
    const struct agent_verb *verb = agent_verbs;
    char *text;

    while (p && count < MAX_ARGUMENTS) {
        arguments[count++] = p;
        p = strchr(p, '\t');
        if (p)
            *p++ = 0;
    }
    while (verb->name && strcmp(verb->name, arguments[0]) != 0)
        verb++;
    if (!verb->name || verb->arguments != count - 1) {
        json_object_set_new(answer, "result", json_string("no such verb"));
    } else {
        cub_result result = verb->run(arguments + 1, answer, &d);
        json_object_set_new(answer, "result", json_string(cub_result_name(result)));
        if (result != CUB_OK)
            say_failure(answer, &d);
    }
    text = json_dumps(answer, 0);
    puts(text);
    fflush(stdout);
    free(text);
    json_decref(answer);
}

int main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    while ((len = getline(&line, &size, stdin)) > 0) {
        line[len - 1] = 0;
        obey(line);
    }
    free(line);
    agent_reset(NULL, NULL, NULL);
    return 0;
}
