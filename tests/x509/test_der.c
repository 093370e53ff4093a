#include <criterion/criterion.h>

#include <string.h>

#include "x509/der.h"

struct der_case {
    const char *bytes;
    size_t len;
    enum cub_error expected;
};
#define BYTES(s) (s), sizeof(s) - 1

static struct cub_der open_case(const struct der_case *c, enum cub_error *error)
{
    *error = E_OK;
    return cub_der_open((const uint8_t *)c->bytes, c->len, error);
}

Test(der, header_forms)
{
    static const struct der_case cases[] = {
        {BYTES("\x04\x00"),                     E_OK           },
        {BYTES("\x04\x01x"),                    E_OK           },
        {BYTES(""),                             E_DER_TRUNCATED},
        {BYTES("\x04"),                         E_DER_TRUNCATED},
        {BYTES("\x04\x01"),                     E_DER_TRUNCATED},
        {BYTES("\x04\x80"),                     E_DER_LENGTH   }, /* indefinite */
        {BYTES("\x04\x80\x00\x00"),             E_DER_LENGTH   }, /* indefinite */
        {BYTES("\x04\x81\x01x"),                E_DER_LENGTH   }, /* short form was enough */
        {BYTES("\x04\x82\x00\x80x"),            E_DER_LENGTH   },
        {BYTES("\x04\x81\x80x"),                E_DER_TRUNCATED},
        {BYTES("\x04\x84\xff\xff\xff\xff"),     E_DER_TRUNCATED},
        {BYTES("\x04\x85\x01\x00\x00\x00\x00"), E_DER_LENGTH   },
        {BYTES("\x04\xff"),                     E_DER_LENGTH   },
        {BYTES("\x04\x82\x01"),                 E_DER_LENGTH   },
        {BYTES("\x1f\x20\x00"),                 E_DER_TAG      },
        {BYTES("\x05\x00"),                     E_DER_TAG      },
        {BYTES("\x04\x00\x00"),                 E_DER_TRAILING },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error;
        struct cub_der d = open_case(&cases[i], &error);
        (void)cub_der_read(&d, CUB_DER_OCTET_STRING);
        cr_assert_eq(cub_der_done(&d), cases[i].expected, "case %zu: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(der, long_lengths)
{
    static uint8_t bytes[3 + 0x80 + 70000] = {0x04, 0x81, 0x80};
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(bytes, 3 + 0x80, &error);

    cr_assert_eq(cub_der_read(&d, CUB_DER_OCTET_STRING).len, 0x80);
    cr_assert_eq(cub_der_done(&d), E_OK);
    memcpy(bytes, "\x04\x83\x01\x00\x00", 5);
    d = cub_der_open(bytes, 5 + 0x10000, &error);
    cr_assert_eq(cub_der_read(&d, CUB_DER_OCTET_STRING).len, 0x10000);
    cr_assert_eq(cub_der_done(&d), E_OK);
}

static void read_boolean(struct cub_der *d)
{
    (void)cub_der_boolean(d);
}
static void read_default(struct cub_der *d)
{
    (void)cub_der_default_false(d);
}
static void read_integer(struct cub_der *d)
{
    (void)cub_der_integer(d);
}
static void read_unsigned(struct cub_der *d)
{
    (void)cub_der_unsigned(d);
}
static void read_small(struct cub_der *d)
{
    (void)cub_der_small(d, CUB_DER_INTEGER, 1000);
}
static void read_octet_bits(struct cub_der *d)
{
    (void)cub_der_octet_bits(d);
}
static void read_named_bits(struct cub_der *d)
{
    (void)cub_der_named_bits(d, CUB_DER_BIT_STRING);
}
static void read_oid(struct cub_der *d)
{
    (void)cub_der_oid(d);
}

Test(der, primitive_forms)
{
    static const struct {
        void (*read)(struct cub_der *);
        struct der_case c;
    } cases[] = {
        {read_boolean,    {BYTES("\x01\x01\xff"), E_OK}                         },
        {read_boolean,    {BYTES("\x01\x01\x00"), E_OK}                         },
        {read_boolean,    {BYTES("\x01\x01\x01"), E_DER_BOOLEAN}                },
        {read_boolean,    {BYTES("\x01\x02\xff\xff"), E_DER_BOOLEAN}            },
        {read_boolean,    {BYTES("\x01\x00"), E_DER_BOOLEAN}                    },
        {read_default,    {BYTES(""), E_OK}                                     },
        {read_default,    {BYTES("\x01\x01\xff"), E_OK}                         },
        {read_default,    {BYTES("\x01\x01\x00"), E_DER_BOOLEAN}                },
        {read_integer,    {BYTES("\x02\x01\x80"), E_OK}                         },
        {read_integer,    {BYTES("\x02\x02\x00\x80"), E_OK}                     },
        {read_integer,    {BYTES("\x02\x00"), E_DER_INTEGER}                    },
        {read_integer,    {BYTES("\x02\x02\x00\x7f"), E_DER_INTEGER}            },
        {read_integer,    {BYTES("\x02\x02\xff\x80"), E_DER_INTEGER}            },
        {read_unsigned,   {BYTES("\x02\x01\x00"), E_OK}                         },
        {read_unsigned,   {BYTES("\x02\x01\xff"), E_DER_INTEGER}                },
        {read_small,      {BYTES("\x02\x02\x03\xe8"), E_OK}                     },
        {read_small,      {BYTES("\x02\x02\x03\xe9"), E_DER_INTEGER}            },
        {read_small,      {BYTES("\x02\x05\x01\x00\x00\x00\x00"), E_DER_INTEGER}},
        {read_octet_bits, {BYTES("\x03\x02\x00x"), E_OK}                        },
        {read_octet_bits, {BYTES("\x03\x01\x00"), E_OK}                         },
        {read_octet_bits, {BYTES("\x03\x00"), E_DER_BIT_STRING}                 },
        {read_octet_bits, {BYTES("\x03\x02\x01\x80"), E_DER_BIT_STRING}         },
        {read_named_bits, {BYTES("\x03\x02\x07\x80"), E_OK}                     },
        {read_named_bits, {BYTES("\x03\x01\x00"), E_OK}                         },
        {read_named_bits, {BYTES("\x03\x02\x06\x80"), E_OK}                     }, /* trailing zero bit */
        {read_named_bits, {BYTES("\x03\x02\x07\xc0"), E_DER_BIT_STRING}         }, /* unused bit set */
        {read_named_bits, {BYTES("\x03\x02\x08\x80"), E_DER_BIT_STRING}         },
        {read_named_bits, {BYTES("\x03\x01\x01"), E_DER_BIT_STRING}             },
        {cub_der_null,    {BYTES("\x05\x00"), E_OK}                             },
        {cub_der_null,    {BYTES("\x05\x01\x00"), E_DER_LENGTH}                 },
        {read_oid,        {BYTES("\x06\x03\x55\x1d\x0f"), E_OK}                 },
        {read_oid,        {BYTES("\x06\x00"), E_DER_OID}                        },
        {read_oid,        {BYTES("\x06\x03\x55\x80\x0f"), E_DER_OID}            }, /* arc not minimal */
        {read_oid,        {BYTES("\x06\x02\x55\x8f"), E_DER_OID}                }, /* arc not complete */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum cub_error error;
        struct cub_der d = open_case(&cases[i].c, &error);
        cases[i].read(&d);
        cr_assert_eq(cub_der_done(&d), cases[i].c.expected, "case %zu: %s", i,
                     cub_error_info(error)->name);
    }
}

Test(der, values)
{
    static const uint8_t bytes[] = "\x30\x0f\x02\x01\x05\x02\x02\x00\x80\x03\x02\x05\xa0"
                                   "\xa1\x02\x05\x00";
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(bytes, sizeof bytes - 1, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);
    struct cub_der inner;
    struct cub_view v;

    cr_assert_eq(cub_der_small(&seq, CUB_DER_INTEGER, 5), 5);
    v = cub_der_unsigned(&seq);
    cr_assert(v.len == 1 && v.data[0] == 0x80);
    cr_assert_eq(cub_der_named_bits(&seq, CUB_DER_BIT_STRING), 0x5);
    cr_assert_not(cub_der_optional(&seq, CUB_DER_CONSTRUCTED(0), &inner));
    cr_assert(cub_der_optional(&seq, CUB_DER_CONSTRUCTED(1), &inner));
    cub_der_null(&inner);
    cr_assert_eq(cub_der_done(&inner), E_OK);
    cr_assert_eq(cub_der_done(&seq), E_OK);
    cr_assert_eq(cub_der_done(&d), E_OK);
}

Test(der, error_is_sticky_and_shared)
{
    static const uint8_t bytes[] = "\x30\x03\x01\x01\x01\x04\x01x";
    enum cub_error error = E_OK;
    struct cub_der d = cub_der_open(bytes, sizeof bytes - 1, &error);
    struct cub_der seq = cub_der_enter(&d, CUB_DER_SEQUENCE);

    cr_assert_not(cub_der_boolean(&seq));
    cr_assert_not(cub_der_more(&d));
    cr_assert_eq(cub_der_peek(&d), 0);
    cr_assert_eq(cub_der_element(&d).len, 0);
    cr_assert_eq(cub_der_read(&d, CUB_DER_OCTET_STRING).len, 0);
    cr_assert_eq(cub_der_done(&d), E_DER_BOOLEAN);
}
