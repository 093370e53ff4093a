/*
 * Terminals: colour and line drawing where they are understood, plain ASCII elsewhere.
 */
#ifndef CUB_CLI_TERM_H
#define CUB_CLI_TERM_H

#include <stdio.h>

enum cli_style {
    CLI_PLAIN,
    CLI_BOLD,
    CLI_DIM,
    CLI_RED,
    CLI_GREEN,
    CLI_YELLOW,
    CLI_CYAN,
};

enum cli_glyph {
    CLI_LINE,  /* - */
    CLI_RAIL,  /* | */
    CLI_LEFT,  /* < */
    CLI_RIGHT, /* > */
    CLI_GOOD,
    CLI_BAD,
};

/* Text in a style, if out is a terminal that has colours and NO_COLOR is not set. */
void cli_print(FILE *out, enum cli_style style, const char *text);
/* A glyph count times: line drawing on a terminal that knows UTF-8, else ASCII. */
void cli_draw(FILE *out, enum cli_style style, enum cli_glyph glyph, int count);
/* Whether out is a terminal that understands colour and cursor movement. */
int cli_is_terminal(FILE *out);

#endif
