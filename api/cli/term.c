#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/cli/term.h"

int cli_is_terminal(FILE *out)
{
    const char *term = getenv("TERM");

    return fileno(out) >= 0 && isatty(fileno(out)) && term != NULL && strcmp(term, "dumb") != 0;
}

static int has_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    return (no_color == NULL || *no_color == '\0') && cli_is_terminal(out);
}

static int has_utf8(FILE *out)
{
    locale_t locale;
    int utf8;

    if (!cli_is_terminal(out) ||
        (locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0)) == (locale_t)0)
        return 0;
    utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

static const char *const codes[] = {"",         "\033[1m",  "\033[2m", "\033[31m",
                                    "\033[32m", "\033[33m", "\033[36m"};

static void begin(FILE *out, enum cli_style style)
{
    if (style != CLI_PLAIN && has_colour(out))
        fputs(codes[style], out);
}

static void end(FILE *out, enum cli_style style)
{
    if (style != CLI_PLAIN && has_colour(out))
        fputs("\033[0m", out);
}

void cli_print(FILE *out, enum cli_style style, const char *text)
{
    begin(out, style);
    fputs(text, out);
    end(out, style);
}

void cli_draw(FILE *out, enum cli_style style, enum cli_glyph glyph, int count)
{
    static const char *const ascii[] = {"-", "|", "<", ">", "ok", "!!"};
    static const char *const utf8[] = {"\u2500", "\u2502", "\u25c0", "\u25b6", "\u2714", "\u2718"};
    const char *text = has_utf8(out) ? utf8[glyph] : ascii[glyph];

    begin(out, style);
    while (count-- > 0)
        fputs(text, out);
    end(out, style);
}
