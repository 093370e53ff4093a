#include "handshake/extension.h"

#include "crypto/bytes.h"

#define CH   IN_CH
#define SH   IN_SH
#define HRR  IN_HRR
#define EE   IN_EE
#define CT   IN_CT
#define CR   IN_CR
#define NST  IN_NST
#define SH12 IN_SH12

/* The table of [RFC8446-4.2] with the rows of its successors and of TLS 1.2, in the order of enum
 * cub_extension. */
static const struct {
    uint8_t type; /* its low byte */
    uint8_t places;
} table[EXT_COUNT] = {
  /* server_name                  */ {0x00, CH | EE | SH12     }, /* [RFC6066-3] */
  /* max_fragment_length          */
    {0x01, CH | EE | SH12     }, /* [RFC6066-4] */
  /* status_request               */
    {0x05, CH | CR | CT | SH12}, /* [RFC6066-8] */
  /* supported_groups             */
    {0x0a, CH | EE | SH12     }, /* [RFC8446-4.2.7] */
  /* ec_point_formats             */
    {0x0b, CH | SH12          }, /* [RFC8422-5.1.2] */
  /* signature_algorithms         */
    {0x0d, CH | CR            }, /* [RFC8446-4.2.3] */
  /* alpn                         */
    {0x10, CH | EE | SH12     }, /* [RFC7301-3.1] */
  /* signed_certificate_timestamp */
    {0x12, CH | CR | CT | SH12}, /* [RFC6962-3.3.1] */
  /* client_certificate_type      */
    {0x13, CH | EE | SH12     }, /* [RFC7250-3] */
  /* server_certificate_type      */
    {0x14, CH | EE | SH12     }, /* [RFC7250-3] */
  /* padding                      */
    {0x15, CH                 }, /* [RFC7685-3] */
  /* encrypt_then_mac             */
    {0x16, CH | SH12          }, /* [RFC7366-2] */
  /* extended_master_secret       */
    {0x17, CH | SH12          }, /* [RFC7627-5.1] */
  /* compress_certificate         */
    {0x1b, CH | CR            }, /* [RFC8879-3] */
  /* record_size_limit            */
    {0x1c, CH | EE | SH12     }, /* [RFC8449-4] */
  /* delegated_credential         */
    {0x22, CH | CR | CT       }, /* [RFC9345-4.1.1] */
  /* session_ticket               */
    {0x23, CH | SH12          }, /* [RFC5077-3.2] */
  /* pre_shared_key               */
    {0x29, CH | SH            }, /* [RFC8446-4.2.11] */
  /* early_data                   */
    {0x2a, CH | EE | NST      }, /* [RFC8446-4.2.10] */
  /* supported_versions           */
    {0x2b, CH | SH | HRR      }, /* [RFC8446-4.2.1] */
  /* cookie                       */
    {0x2c, CH | HRR           }, /* [RFC8446-4.2.2] */
  /* psk_key_exchange_modes       */
    {0x2d, CH                 }, /* [RFC8446-4.2.9] */
  /* certificate_authorities      */
    {0x2f, CH | CR            }, /* [RFC8446-4.2.4] */
  /* oid_filters                  */
    {0x30, CR                 }, /* [RFC8446-4.2.5] */
  /* post_handshake_auth          */
    {0x31, CH                 }, /* [RFC8446-4.2.6] */
  /* signature_algorithms_cert    */
    {0x32, CH | CR            }, /* [RFC8446-4.2.3] */
  /* key_share                    */
    {0x33, CH | SH | HRR      }, /* [RFC8446-4.2.8] */
  /* renegotiation_info           */
    {0x01, CH | SH12          }, /* [RFC5746-3.2] */
};

/* Messages whose extensions answer to those of another [RFC8446-4.2]. */
#define ANSWERS (SH | HRR | EE | CT | SH12)

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

/* Looks at the first CUB_MAX_EXTENSIONS of a block; its reader is a copy. */
static bool has_duplicates(struct rd r)
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
    if (has_duplicates(*r))
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
