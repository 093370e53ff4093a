#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors/format.h"

struct cub_vectors_arena_chunk {
    struct cub_vectors_arena_chunk *next;
    max_align_t data[];
};

void *cub_vectors_arena_alloc(struct cub_vectors_arena *arena, size_t size)
{
    struct cub_vectors_arena_chunk *chunk = malloc(sizeof *chunk + size + 1);

    if (!chunk) {
        fputs("out of memory\n", stderr);
        abort();
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk->data;
}

char *cub_vectors_arena_print(struct cub_vectors_arena *arena, const char *format, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = cub_vectors_arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

void cub_vectors_arena_free(struct cub_vectors_arena *arena)
{
    while (arena->chunks) {
        struct cub_vectors_arena_chunk *next = arena->chunks->next;

        free(arena->chunks);
        arena->chunks = next;
    }
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *p = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

    return p ? (int)(p - digits) : -1;
}

bool cub_vectors_unhex(struct cub_vectors_arena *arena, const char *hex, struct cub_view *out)
{
    size_t len = strlen(hex);
    uint8_t *data = cub_vectors_arena_alloc(arena, len / 2);

    for (size_t i = 0; i < len / 2; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        data[i] = (uint8_t)(high << 4 | low);
    }
    *out = (struct cub_view){data, len / 2};
    return len % 2 == 0;
}
