#include <criterion/criterion.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/cubtls.h"
#include "api/subject_hash.h"
#include "tests/support/hex.h"
#include "x509/cert.h"

#define CERTS "/etc/ssl/certs"

/* Against the names that OpenSSL gave the system's roots. */
Test(subject_hash, names_of_the_systems_roots)
{
    DIR *dir = opendir(CERTS);
    struct dirent *entry;
    unsigned count = 0;

    while (dir && (entry = readdir(dir)) != NULL) {
        char path[300];
        struct cub_bytes *certs;
        struct cub_cert cert;
        uint32_t hash;
        size_t n;
        if (strlen(entry->d_name) != 10 || entry->d_name[8] != '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", CERTS, entry->d_name);
        if (cub_read_certs_file(path, &certs, &n, NULL) != CUB_OK)
            continue;
        /* Whether all of them parse is another test's question. */
        if (cub_cert_parse(&cert, certs[0].data, certs[0].len) == E_OK) {
            cr_assert(cub_subject_hash(cert.subject, &hash));
            cr_expect_eq(hash, strtoul(entry->d_name, NULL, 16), "%s: %08x", path, (unsigned)hash);
            count++;
        }
        cub_free(certs);
    }
    if (dir)
        closedir(dir);
    if (!count)
        cr_skip_test("no hashed directory of certificates on this system");
}

/* Names in DER with what OpenSSL's X509_NAME_hash_ex makes of them. */
static const struct {
    const char *what;
    const char *name;
    uint32_t hash;
} known[] = {
    {"empty",                                        "3000",                                                               0xeea339da},
    {"PrintableString",                              "301f310b30090603550406130244453110300e06035504031307536f6d65204341",
     0x6504162b                                                                                                                      },
    {"case and spaces",                              "30183116301406035504030c0d2020534f4d4520092020636120",               0x2709036b},
    {"letters beyond ASCII stay",                    "30123110300e06035504030c07c384c39620c39c",                           0xa5f53077},
    {"Latin-1 in a TeletexString",                   "3011310f300d060355040a14064dfc6c6c6572",                             0x6be6e6fd},
    {"BMPString",                                    "301d311b3019060355040a1e12017d006c0075016500200020004100540079",     0x873fa79d},
    {"UniversalString",                              "30133111300f060355040a1c0800000041000020ac",                         0x66e7f81b},
    {"NumericString is left alone",                  "30123110300e0603550403120731322020333420",                           0xfc53c33f},
    {"IA5String",
     "303831173015060a0992268993f22c64011916074558414d504c45311d301b06092a864886f70d010901160e"
     "4d65404578616d706c652e4f5247",                                                                                       0xf1be5442},
    {"an RDN of several, sorted anew after folding",
     "302b3129300b060355040b13045a657461300c06035504031305416c706861300c060355040a1305414c5048"
     "41",                                                                                                                 0xf09c7346},
    {"the same type twice in an RDN",                "301631143008060355040b1301413008060355040b130162",
     0xd37c6ef1                                                                                                                      },
    {"more than 127 octets",
     "3082011d3181d33081d006035504030c81c87878787878787878787878787878787878787878787878787878"
     "7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878"
     "7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878"
     "7878787878787878787878787878787878787878787878787878787878787878787878787878787878787878"
     "7878787878787878787878787878787878787878787878787878787878787878787878787878787878783145"
     "3043060355040a0c3c5959595959595959595959595959595959595959595959595959595959595959595959"
     "59595959595959595959595959595959595959595959595959",                                                                 0x8f74dcfe},
    {"nothing but spaces",                           "300e310c300a06035504031303202020",                                   0x5da78770},
};

Test(subject_hash, odd_names)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        uint8_t der[512];
        struct cub_view name = {der, test_unhex(known[i].name, der, sizeof der)};
        uint32_t hash;
        cr_assert(cub_subject_hash(name, &hash));
        cr_expect_eq(hash, known[i].hash, "%s: %08x", known[i].what, (unsigned)hash);
    }
}
