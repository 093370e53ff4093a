#include <criterion/criterion.h>

#include "x509/element.h"

struct parts {
    struct cub_view version;
    struct cub_view body;
    struct cub_view whole;
};

/* SEQUENCE { [0] EXPLICIT INTEGER OPTIONAL, SEQUENCE { OCTET STRING, BOOLEAN DEFAULT FALSE } } */
static const struct cub_step steps[] = {
    {CUB_DER_SEQUENCE,             CUB_STEP_IN | CUB_STEP_PASS                    },
    {CUB_DER_CONSTRUCTED(0),       CUB_STEP_IN | CUB_STEP_OPTIONAL | CUB_STEP_PASS},
    {CUB_DER_INTEGER,              CUB_STEP_FIELD(struct parts,                     version)},
    CUB_STEP_OUT,
    {CUB_DER_SEQUENCE,                            CUB_STEP_IN | CUB_STEP_WHOLE | CUB_STEP_FIELD(struct parts,                                                            whole)},
    {CUB_DER_OCTET_STRING,                      CUB_STEP_FIELD(struct parts,          body)},
    {CUB_DER_BOOLEAN,CUB_STEP_OPTIONAL | CUB_STEP_PASS            },
    CUB_STEP_OUT,
    CUB_STEP_OUT,
};

#define BYTES(s)                                                                                   \
    {                                                                                              \
        (const uint8_t *)(s), sizeof(s) - 1                                                        \
    }

Test(element, fields)
{
    struct cub_view all = BYTES("\x30\x0a\xa0\x03\x02\x01\x05\x30\x03\x04\x01\x78");
    struct cub_view without = BYTES("\x30\x05\x30\x03\x04\x01\x78");
    struct cub_view two = BYTES("\x30\x05\x30\x03\x04\x01\x78\x05\x00");
    struct parts parts = {0};

    cr_assert_eq(cub_der_all(all, steps, &parts), E_OK);
    cr_assert(parts.version.len == 1 && parts.version.data[0] == 5);
    cr_assert(parts.body.len == 1 && parts.body.data[0] == 'x');
    cr_assert(parts.whole.data == all.data + 7 && parts.whole.len == 5);
    parts = (struct parts){0};
    cr_assert_eq(cub_der_all(without, steps, &parts), E_OK);
    cr_assert(parts.version.data == NULL && parts.body.len == 1);
    cr_assert_eq(cub_der_all(two, steps, &parts), E_DER_TRAILING);
    cr_assert_eq(cub_der_take(&two, steps, &parts), E_OK);
    cr_assert_eq(two.len, 2);
}

Test(element, what_is_wrong)
{
    static const struct {
        struct cub_view der;
        enum cub_error error;
    } cases[] = {
        {BYTES("\x30\x08\x30\x06\x04\x01\x78\x01\x01\xff"), E_OK           },
        {BYTES("\x30\x08\x30\x06\x04\x01\x78\x01\x01\x00"), E_DER_BOOLEAN  },
        {BYTES("\x30\x07\x30\x03\x04\x01\x78\x05\x00"),     E_DER_TRAILING },
        {BYTES("\x30\x07\x30\x05\x04\x01\x78\x05\x00"),     E_DER_TRAILING },
        {BYTES("\x30\x05\x30\x03\x05\x01\x78"),             E_DER_TAG      },
        {BYTES("\x31\x05\x30\x03\x04\x01\x78"),             E_DER_TAG      },
        {BYTES("\x30\x05\x30\x04\x04\x01\x78"),             E_DER_TRUNCATED},
        {BYTES("\x30\x02\x30\x00"),                         E_DER_TRUNCATED},
        {BYTES("\x30\x00"),                                 E_DER_TRUNCATED},
        {BYTES(""),                                         E_DER_TRUNCATED},
        {BYTES("\x30\x81\x05\x30\x03\x04\x01\x78"),         E_DER_LENGTH   },
        {BYTES("\x30\x04\xa0\x00\x30\x00"),                 E_DER_TRUNCATED},
        {BYTES("\x30\x06\xa0\x04\x02\x02\x00\x05"),         E_DER_INTEGER  },
        {BYTES("\x30\x07\xa0\x05\x02\x01\x05\x05\x00"),     E_DER_TRAILING },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parts parts;
        cr_assert_eq(cub_der_all(cases[i].der, steps, &parts), cases[i].error, "%zu", i);
    }
}
