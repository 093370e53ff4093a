#include <string.h>

#include "api/cli/ladder.h"
#include "api/cli/term.h"

/* Columns: state, left rail, the rung, right rail, keys; 79 in all. */
#define STATE_WIDTH 14
#define RUNG_WIDTH  49

void cli_ladder_init(struct cli_ladder *ladder, FILE *out, bool is_server)
{
    *ladder = (struct cli_ladder){
        .out = out, .is_server = is_server, .keys = {"none", "none"}
    };
}

static void heading(struct cli_ladder *ladder)
{
    if (ladder->begun)
        return;
    ladder->begun = true;
    fprintf(ladder->out, "%-*s%-*s%s  %s\n", STATE_WIDTH - 3, "state", RUNG_WIDTH, "client",
            "server", "keys");
}

static enum cli_style style_of(const char *keys)
{
    if (strcmp(keys, "application") == 0)
        return CLI_GREEN;
    return strcmp(keys, "handshake") == 0 ? CLI_CYAN : CLI_YELLOW;
}

static void draw_keys(const struct cli_ladder *ladder, const char *keys, unsigned updates)
{
    cli_print(ladder->out, style_of(keys), keys);
    if (updates > 0)
        fprintf(ladder->out, " %u", updates + 1);
    fputc('\n', ladder->out);
}

/* One rung: what goes over the wire from us (outgoing) or to us, up to its keys. */
static void draw_rung(struct cli_ladder *ladder, const char *state, bool outgoing,
                      enum cli_style style, const char *name, size_t len)
{
    bool rightwards = outgoing != ladder->is_server;
    FILE *out = ladder->out;
    char bytes[24] = "";
    int line;

    heading(ladder);
    if (len > 0)
        snprintf(bytes, sizeof bytes, " %zu ", len);
    fprintf(out, "%-*s", STATE_WIDTH, state);
    cli_draw(out, CLI_DIM, CLI_RAIL, 1);
    line = RUNG_WIDTH - 5 - (int)strlen(name) - (int)strlen(bytes);
    if (rightwards) {
        fputc(' ', out);
        cli_print(out, style, name);
        fputc(' ', out);
        cli_draw(out, CLI_DIM, CLI_LINE, line);
        fputs(bytes, out);
        cli_draw(out, CLI_DIM, CLI_LINE, 2);
        cli_draw(out, CLI_PLAIN, CLI_RIGHT, 1);
    } else {
        cli_draw(out, CLI_PLAIN, CLI_LEFT, 1);
        cli_draw(out, CLI_DIM, CLI_LINE, 2);
        fputs(bytes, out);
        cli_draw(out, CLI_DIM, CLI_LINE, line);
        fputc(' ', out);
        cli_print(out, style, name);
        fputc(' ', out);
    }
    cli_draw(out, CLI_DIM, CLI_RAIL, 1);
    fputs("  ", out);
}

static void rung(struct cli_ladder *ladder, const char *state, bool outgoing, enum cli_style style,
                 const char *name, size_t len)
{
    draw_rung(ladder, state, outgoing, style, name, len);
    draw_keys(ladder, ladder->keys[outgoing], ladder->updates[outgoing]);
}

/* A dummy of TLS 1.3 is in the clear whatever else is not, and in TLS 1.2 it is the last that is.
 */
static void change_cipher_spec_rung(struct cli_ladder *ladder, const char *state, bool outgoing)
{
    draw_rung(ladder, state, outgoing, CLI_DIM, "ChangeCipherSpec", 1);
    draw_keys(ladder, "none", 0);
}

/* encrypted_extensions is the name of a number, EncryptedExtensions that of the message. */
static void message_name(const char *name, char text[static 32])
{
    size_t n = 0;
    bool upper = true;

    for (; *name != '\0' && n < 31; name++) {
        if (*name != '_')
            text[n++] = (char)(upper && *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
        upper = *name == '_';
    }
    text[n] = '\0';
}

static void alert_rung(struct cli_ladder *ladder, const struct cub_trace_event *event,
                       bool outgoing)
{
    bool harmless = event->type == CUB_ALERT_DESCRIPTION_CLOSE_NOTIFY;
    char name[48];

    snprintf(name, sizeof name, "Alert %s", event->name);
    rung(ladder, event->state, outgoing, harmless ? CLI_BOLD : CLI_RED, name, 2);
}

static void change_keys(struct cli_ladder *ladder, bool outgoing, const char *keys)
{
    char *now = ladder->keys[outgoing];

    if (strcmp(now, keys) == 0)
        ladder->updates[outgoing]++;
    snprintf(now, sizeof ladder->keys[0], "%s", keys);
}

void cli_ladder_event(struct cli_ladder *ladder, const struct cub_trace_event *event)
{
    bool outgoing = strcmp(event->direction, "write") == 0;
    char name[32];

    if (strcmp(event->kind, "message") == 0) {
        message_name(event->name, name);
        rung(ladder, event->state, outgoing, CLI_BOLD, name, event->len);
    } else if (strcmp(event->kind, "alert") == 0) {
        alert_rung(ladder, event, outgoing);
    } else if (strcmp(event->kind, "change_cipher_spec") == 0) {
        change_cipher_spec_rung(ladder, event->state, outgoing);
    } else if (strcmp(event->kind, "keys") == 0) {
        change_keys(ladder, outgoing, event->name);
    }
}

void cli_ladder_data(struct cli_ladder *ladder, const char *state, bool outgoing, size_t len)
{
    rung(ladder, state, outgoing, CLI_BOLD, "application data", len);
}
