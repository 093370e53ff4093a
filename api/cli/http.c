#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "api/cli/http.h"

/* What the fields of a head say, as far as it matters here. */
struct fields {
    int64_t length; /* Content-Length; -1: none */
    bool bad;       /* two lengths that differ, or one that is no number */
    bool chunked;
    bool other_coding; /* a transfer coding that is not chunked alone */
    bool close;
    bool keep_alive;
    int hosts;
    const char *location;
};

size_t cli_http_head_end(const char *data, size_t len)
{
    const char *at = memmem(data, len, "\r\n\r\n", 4);

    return at != NULL ? (size_t)(at - data) + 4 : 0;
}

/* Cuts the line at *head off, and moves *head behind it. NULL at the empty line. */
static char *next_line(char **head)
{
    char *line = *head;
    char *end = strstr(line, "\r\n");

    if (end == NULL || end == line)
        return NULL;
    *end = '\0';
    *head = end + 2;
    return line;
}

/* Whether a comma-separated list holds this word [RFC9110-5.6.1]. */
static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);

    while (*list != '\0') {
        size_t n;

        list += strspn(list, ", \t");
        n = strcspn(list, ", \t;");
        if (n == len && strncasecmp(list, word, n) == 0)
            return true;
        list += strcspn(list, ",");
    }
    return false;
}

/* Up to 18 digits; -1 for anything else. */
static int64_t read_length(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 18 || text[digits] != '\0')
        return -1;
    return strtoll(text, NULL, 10);
}

static void take_field(struct fields *fields, const char *name, const char *value)
{
    if (strcasecmp(name, "Content-Length") == 0) {
        int64_t length = read_length(value);

        /* Lengths that differ would let two readers see two messages [RFC9112-6.3]. */
        fields->bad |= length < 0 || (fields->length >= 0 && fields->length != length);
        fields->length = length;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        fields->other_coding |= fields->chunked || strcasecmp(value, "chunked") != 0;
        fields->chunked = true;
    } else if (strcasecmp(name, "Connection") == 0) {
        fields->close |= has_word(value, "close");
        fields->keep_alive |= has_word(value, "keep-alive");
    } else if (strcasecmp(name, "Host") == 0) {
        fields->hosts++;
    } else if (strcasecmp(name, "Location") == 0) {
        fields->location = value;
    }
}

/* Reads the field lines; false if one of them is none [RFC9112-5.1]. */
static bool read_fields(char *head, struct fields *fields)
{
    char *line;

    *fields = (struct fields){.length = -1};
    while ((line = next_line(&head)) != NULL) {
        size_t name = strcspn(line, ": \t\r\n");
        char *value, *end;

        /* White space before the colon, and lines that go on, are not to be guessed at. */
        if (name == 0 || line[name] != ':' || strpbrk(line + name, "\r\n") != NULL)
            return false;
        line[name] = '\0';
        value = line + name + 1;
        value += strspn(value, " \t");
        end = value + strlen(value);
        while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
            *--end = '\0';
        take_field(fields, line, value);
    }
    return head[0] == '\r';
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* The path of a request target, decoded [RFC3986-2.1]; false if it cannot be one. */
static bool read_target(const char *target, char path[static CLI_HTTP_MAX_PATH])
{
    size_t n = 0;

    if (strncasecmp(target, "https://", 8) == 0) /* absolute-form [RFC9112-3.2.2] */
        target += 8 + strcspn(target + 8, "/?");
    if (*target != '/')
        return false;
    for (; *target != '\0' && *target != '?' && *target != '#'; target++) {
        int c = (unsigned char)*target;

        if (c == '%') {
            int high = hex_digit(target[1]);
            int low = high >= 0 ? hex_digit(target[2]) : -1;

            if (low < 0)
                return false;
            c = high << 4 | low;
            target += 2;
        }
        if (c < ' ' || n == CLI_HTTP_MAX_PATH - 1)
            return false;
        path[n++] = (char)c;
    }
    path[n] = '\0';
    return true;
}

/* Splits "METHOD TARGET HTTP/1.x" [RFC9112-3]. */
static int read_request_line(char *line, struct cli_http_request *request, bool *is_1_1)
{
    char *target = strchr(line, ' ');
    char *version = target != NULL ? strchr(target + 1, ' ') : NULL;

    if (version == NULL || strchr(version + 1, ' ') != NULL)
        return 400;
    *target++ = '\0';
    *version++ = '\0';
    if (strncmp(version, "HTTP/", 5) != 0)
        return 400;
    if (strncmp(version, "HTTP/1.", 7) != 0 || strlen(version) != 8)
        return 505;
    *is_1_1 = version[7] != '0';
    request->head = strcmp(line, "HEAD") == 0;
    if (!request->head && strcmp(line, "GET") != 0)
        return 501;
    return read_target(target, request->path) ? 0 : 400;
}

int cli_http_read_request(char *head, size_t len, struct cli_http_request *request)
{
    struct fields fields;
    bool is_1_1;
    char *line;
    int status;

    if (memchr(head, '\0', len) != NULL)
        return 400;
    head[len - 1] = '\0'; /* the last "\n": the lines before are found by their own */
    line = next_line(&head);
    if (line == NULL)
        return 400;
    status = read_request_line(line, request, &is_1_1);
    if (status != 0)
        return status;
    if (!read_fields(head, &fields) || fields.bad)
        return 400;
    if (is_1_1 ? fields.hosts != 1 : fields.hosts > 1) /* [RFC9112-3.2] */
        return 400;
    if (fields.chunked || fields.length > 0)
        return 413; /* neither method has a use for content */
    request->keep_alive = !fields.close && (is_1_1 || fields.keep_alive);
    return 0;
}

static void copy(char *to, size_t size, const char *from)
{
    size_t len = strlen(from);

    if (len >= size)
        len = size - 1;
    memcpy(to, from, len);
    to[len] = '\0';
}

bool cli_http_read_response(char *head, size_t len, struct cli_http_response *response)
{
    struct fields fields;
    char *line;

    *response = (struct cli_http_response){0};
    if (memchr(head, '\0', len) != NULL)
        return false;
    head[len - 1] = '\0';
    line = next_line(&head);
    /* "HTTP/1.1 200 OK"; the reason may be missing, and its space too [RFC9112-4]. */
    if (line == NULL || strncmp(line, "HTTP/1.", 7) != 0 || strspn(line + 9, "0123456789") != 3 ||
        line[8] != ' ' || (line[12] != ' ' && line[12] != '\0'))
        return false;
    response->status = (int)strtol(line + 9, NULL, 10);
    copy(response->reason, sizeof response->reason, line[12] == ' ' ? line + 13 : "");
    if (!read_fields(head, &fields) || fields.bad || fields.other_coding)
        return false;
    response->chunked = fields.chunked;
    /* A length beside a transfer coding does not count [RFC9112-6.3]. */
    response->length = fields.chunked ? -1 : fields.length;
    response->keep_alive = !fields.close && (line[7] != '0' || fields.keep_alive);
    copy(response->location, sizeof response->location,
         fields.location != NULL ? fields.location : "");
    return true;
}

enum chunk_state {
    SIZE_START, /* before the first digit */
    SIZE,
    EXTENSION, /* until the end of the line with the size */
    DATA,
    DATA_END, /* the line end behind the data */
    TRAILER,  /* at the start of a line behind the last chunk */
    TRAILER_LINE,
};

/* One byte of what is not content; false if it must not be there. */
static bool chunk_byte(struct cli_http_chunks *chunks, char c)
{
    int digit = hex_digit(c);

    switch (chunks->state) {
    case SIZE_START:
    case SIZE:
        if (digit >= 0 && chunks->left < INT64_MAX / 32) {
            chunks->left = chunks->left * 16 + digit;
            chunks->state = SIZE;
            return true;
        }
        if (chunks->state == SIZE_START || digit >= 0 || strchr(" \t;\r\n", c) == NULL)
            return false;
        chunks->state = EXTENSION;
        /* fall through */
    case EXTENSION:
        if (c == '\n')
            chunks->state = chunks->left > 0 ? DATA : TRAILER;
        return true;
    case DATA_END:
        if (c == '\n')
            chunks->state = SIZE_START;
        return c == '\n' || c == '\r';
    case TRAILER:
        chunks->done = c == '\n';
        if (c != '\r' && c != '\n')
            chunks->state = TRAILER_LINE;
        return true;
    case TRAILER_LINE:
        if (c == '\n')
            chunks->state = TRAILER;
        return true;
    }
    return false;
}

int64_t cli_http_unchunk(struct cli_http_chunks *chunks, char *data, size_t len)
{
    size_t content = 0;

    for (size_t i = 0; i < len && !chunks->done;) {
        size_t n = len - i;

        if (chunks->state != DATA) {
            if (!chunk_byte(chunks, data[i++]))
                return -1;
            continue;
        }
        if (n > (uint64_t)chunks->left)
            n = (size_t)chunks->left;
        memmove(data + content, data + i, n);
        content += n;
        i += n;
        chunks->left -= (int64_t)n;
        if (chunks->left == 0)
            chunks->state = DATA_END;
    }
    return (int64_t)content;
}

const char *cli_http_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"                             },
        {400, "Bad Request"                    },
        {403, "Forbidden"                      },
        {404, "Not Found"                      },
        {408, "Request Timeout"                },
        {413, "Content Too Large"              },
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"          },
        {501, "Not Implemented"                },
        {505, "HTTP Version Not Supported"     },
    };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}

const char *cli_http_type(const char *path)
{
    static const struct {
        const char *suffix;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8" },
        {".txt",  "text/plain; charset=utf-8"},
        {".css",  "text/css"                 },
        {".js",   "text/javascript"          },
        {".json", "application/json"         },
        {".svg",  "image/svg+xml"            },
        {".png",  "image/png"                },
        {".jpg",  "image/jpeg"               },
        {".pdf",  "application/pdf"          },
    };
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcasecmp(dot, types[i].suffix) == 0)
            return types[i].type;
    return "application/octet-stream";
}
