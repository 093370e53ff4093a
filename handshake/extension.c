#include "handshake/extension.h"

#include "crypto/bytes.h"

/* In the order of enum cub_extension. */
static const struct {
    uint8_t type; /* its low byte */
    uint8_t places;
} table[EXT_COUNT] = {
#define X(name, type, places) {type & 0xff, places},
    CUB_EXTENSIONS(X)
#undef X
};

/* Messages whose extensions answer to those of another [RFC8446-4.2]. */
#define ANSWERS (IN_SH | IN_HRR | IN_EE | IN_CT | IN_SH12)

static uint16_t type_of(unsigned extension)
{
    return (uint16_t)(extension == EXT_RENEGOTIATION_INFO ? 0xff00 | table[extension].type
                                                          : table[extension].type);
}

static unsigned find(uint16_t type)
{
    unsigned i = 0;

    while (i < EXT_COUNT && type_of(i) != type)
        i++;
    return i;
}

/* Whether type stands in the block [p, end), which was read before. */
static bool seen(const uint8_t *p, const uint8_t *end, uint16_t type)
{
    while (p < end) {
        if (cub_load_be16(p) == type)
            return true;
        p += 4 + cub_load_be16(p + 2);
    }
    return false;
}

bool cub_extension_twice(struct rd r)
{
    const uint8_t *start = r.p;
    const uint8_t *end = r.end;

    for (unsigned n = 0; n < CUB_MAX_EXTENSIONS && end - r.p >= 4; n++) {
        const uint8_t *here = r.p;
        size_t len = 4 + cub_load_be16(here + 2);

        if (seen(start, here, (uint16_t)cub_load_be16(here)))
            return true;
        if ((size_t)(end - here) < len)
            return false;
        r.p += len;
    }
    return false;
}

static enum cub_error check(unsigned extension, uint8_t place, uint32_t offered)
{
    if (extension == EXT_COUNT)
        return (place & ANSWERS) ? E_EXT_UNSOLICITED : E_OK;
    /* Known, but not to stand here: illegal_parameter [RFC8446-4.2]. */
    if (!(table[extension].places & place))
        return E_EXT_PLACE;
    /* The cookie needs no request [RFC8446-4.2.2]. */
    if ((place & ANSWERS) && !(offered & EXT_BIT(extension)) && extension != EXT_COOKIE)
        return extension == EXT_DELEGATED_CREDENTIAL ? E_DC_UNSOLICITED : E_EXT_UNSOLICITED;
    return E_OK;
}

enum cub_error cub_extensions_read(struct rd *r, struct cub_extensions *extensions)
{
    uint8_t place = extensions->place;
    unsigned count = 0;

    /* No two of one type, the unknown ones included [RFC8446-4.2]. */
    if (cub_extension_twice(*r))
        return (place & (IN_CH | IN_SH | IN_EE | IN_SH12)) ? E_EXT_DUPLICATE_HELLO
                                                           : E_EXT_DUPLICATE;
    extensions->present = 0;
    extensions->last = EXT_COUNT;
    while (rd_more(r)) {
        unsigned extension = find(rd_u16(r));
        struct rd body = rd_vec(r, 2, 0, 0xffff);
        enum cub_error err;

        if (r->root->bad)
            break;
        if (++count > CUB_MAX_EXTENSIONS)
            return E_EXT_TOO_MANY;
        err = check(extension, place, extensions->offered);
        if (err != E_OK)
            return err;
        extensions->last = (uint8_t)extension;
        if (extension < EXT_COUNT) {
            extensions->present |= (uint32_t)EXT_BIT(extension);
            extensions->read(extensions->out, extension, &body);
            rd_done(&body);
        }
    }
    return E_OK;
}

struct cub_view cub_extension_protocol(struct rd *body)
{
    struct rd list = rd_vec(body, 2, 2, 0xffff);
    struct cub_view name = rd_view(&list, 1, 1, 255);

    rd_done(&list);
    return name;
}

void cub_extension_head(struct wr *w, enum cub_extension extension, size_t len)
{
    wr_uint(w, 2, type_of(extension));
    wr_uint(w, 2, (uint32_t)len);
}

size_t cub_extension_open(struct wr *w, enum cub_extension extension)
{
    wr_uint(w, 2, type_of(extension));
    return wr_open(w, 2);
}
