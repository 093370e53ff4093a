#include <stdio.h>
#include <string.h>

#include "tests/vectors/replay.h"

static const struct {
    uint16_t type;
    const char *name;
} names[] = {
    {0x0000, "server_name"           },
    {0x000a, "supported_groups"      },
    {0x000d, "signature_algorithms"  },
    {0x0015, "padding"               },
    {0x001c, "record_size_limit"     },
    {0x0023, "session_ticket"        },
    {0x0029, "pre_shared_key"        },
    {0x002a, "early_data"            },
    {0x002b, "supported_versions"    },
    {0x002c, "cookie"                },
    {0x002d, "psk_key_exchange_modes"},
    {0x0033, "key_share"             },
    {0xff01, "renegotiation_info"    },
};

static void append(char *text, size_t size, char mark, uint16_t type)
{
    size_t len = strlen(text), i = 0;

    while (i < sizeof names / sizeof names[0] && names[i].type != type)
        i++;
    if (i < sizeof names / sizeof names[0])
        snprintf(text + len, size - len, " %c%s", mark, names[i].name);
    else
        snprintf(text + len, size - len, " %c%04x", mark, type);
}

/* The extensions of a message, which has none if it has no place for them; *fields: what is before.
 */
static struct cub_view extensions(struct cub_view message, size_t *fields)
{
    struct cub_view block = {NULL, 0};
    struct rd r;

    rd_init(&r, message.data + CUB_MESSAGE_HEADER, message.len - CUB_MESSAGE_HEADER);
    switch (message.data[0]) {
    case CUB_CLIENT_HELLO:
        rd_bytes(&r, 2 + 32);
        rd_view(&r, 1, 0, 32);
        rd_view(&r, 2, 0, 0xffff);
        rd_view(&r, 1, 0, 255);
        break;
    case CUB_SERVER_HELLO:
        rd_bytes(&r, 2 + 32);
        rd_view(&r, 1, 0, 32);
        rd_bytes(&r, 3);
        break;
    case CUB_CERTIFICATE_REQUEST:
        rd_view(&r, 1, 0, 255);
        break;
    case CUB_NEW_SESSION_TICKET:
        rd_bytes(&r, 8);
        rd_view(&r, 1, 0, 255);
        rd_view(&r, 2, 0, 0xffff);
        break;
    case CUB_ENCRYPTED_EXTENSIONS:
        break;
    default:
        rd_rest(&r);
    }
    *fields = (size_t)(r.p - message.data);
    if (rd_more(&r))
        block = rd_view(&r, 2, 0, 0xffff);
    return block;
}

/* The next extension of a block. */
static bool next(struct rd *r, uint16_t *type, struct cub_view *body)
{
    if (!rd_more(r))
        return false;
    *type = rd_u16(r);
    *body = rd_view(r, 2, 0, 0xffff);
    return true;
}

static bool find(struct cub_view block, uint16_t wanted, struct cub_view *body)
{
    uint16_t type;
    struct rd r;

    rd_init(&r, block.data, block.len);
    while (next(&r, &type, body))
        if (type == wanted)
            return true;
    return false;
}

/* Marks what of one block is missing in the other or, if changed is not 0, is not the same. */
static void mark(struct cub_view from, struct cub_view in, char missing, char changed, char *text,
                 size_t size)
{
    struct cub_view body, other;
    uint16_t type;
    struct rd r;

    rd_init(&r, from.data, from.len);
    while (next(&r, &type, &body)) {
        if (!find(in, type, &other))
            append(text, size, missing, type);
        else if (changed && (body.len != other.len || memcmp(body.data, other.data, body.len) != 0))
            append(text, size, changed, type);
    }
}

void replay_compare(struct cub_view message, struct cub_view wanted, char *text, size_t size)
{
    size_t fields, wanted_fields, before = strlen(text);
    struct cub_view block = extensions(message, &fields);
    struct cub_view wanted_block = extensions(wanted, &wanted_fields);

    mark(wanted_block, block, '+', '~', text, size);
    mark(block, wanted_block, '-', 0, text, size);
    if (fields != wanted_fields ||
        memcmp(message.data + CUB_MESSAGE_HEADER, wanted.data + CUB_MESSAGE_HEADER,
               fields - CUB_MESSAGE_HEADER) != 0)
        strncat(text, " fields", size - strlen(text) - 1);
    if (strlen(text) == before)
        strncat(text, " order", size - strlen(text) - 1);
}
