#include <string.h>

#include <criterion/criterion.h>

#include "crypto/ecdsa.h"
#include "tests/support/hex.h"

/* RFC 6979 sections A.2.5 to A.2.7: private key, r, s. */
/* clang-format off */
static const struct {
    const struct cub_curve *curve;
    uint8_t type;
    const struct cub_hash *hash;
    const char *message, *x, *r, *s;
} rfc6979[] = {
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha1, "sample",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "61340C88C3AAEBEB4F6D667F672CA9759A6CCAA9FA8811313039EE4A35471D32",
     "6D7F147DAC089441BB2E2FE8F7A3FA264B9C475098FDCF6E00D7C996E1B8B7EB"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha256, "sample",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716",
     "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha384, "sample",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "0EAFEA039B20E9B42309FB1D89E213057CBF973DC0CFC8F129EDDDC800EF7719",
     "4861F0491E6998B9455193E34E7B0D284DDD7149A74B95B9261F13ABDE940954"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha512, "sample",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "8496A60B5E9B47C825488827E0495B0E3FA109EC4568FD3F8D1097678EB97F00",
     "2362AB1ADBE2B8ADF9CB9EDAB740EA6049C028114F2460F96554F61FAE3302FE"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha1, "test",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "0CBCC86FD6ABD1D99E703E1EC50069EE5C0B4BA4B9AC60E409E8EC5910D81A89",
     "01B9D7B73DFAA60D5651EC4591A0136F87653E0FD780C3B1BC872FFDEAE479B1"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha256, "test",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367",
     "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha384, "test",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "83910E8B48BB0C74244EBDF7F07A1C5413D61472BD941EF3920E623FBCCEBEB6",
     "8DDBEC54CF8CD5874883841D712142A56A8D0F218F5003CB0296B6B509619F2C"},
    {&cub_curve_p256, CUB_KEY_EC_P256, &cub_sha512, "test",
     "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
     "461D93F31B6540894788FD206C07CFA0CC35F46FA3C91816FFF1040AD1581A04",
     "39AF9F15DE0DB8D97E72719C74820D304CE5226E32DEDAE67519E840D1194E55"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha1, "sample",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "EC748D839243D6FBEF4FC5C4859A7DFFD7F3ABDDF72014540C16D73309834FA37B9BA002899F6FDA3A4A9386790D"
     "4EB2",
     "A3BCFA947BEEF4732BF247AC17F71676CB31A847B9FF0CBC9C9ED4C1A5B3FACF26F49CA031D4857570CCB5CA4424"
     "A443"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha256, "sample",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33BDE1E888E63355D92FA2B3C36D8F"
     "B2CD",
     "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEBEFDC63ECCD1AC42EC0CB8668A4FA"
     "0AB0"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha384, "sample",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FA"
     "BE46",
     "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A3862"
     "8AC8"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha512, "sample",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "ED0959D5880AB2D869AE7F6C2915C6D60F96507F9CB3E047C0046861DA4A799CFE30F35CC900056D7C99CD788243"
     "3709",
     "512C8CCEEE3890A84058CE1E22DBC2198F42323CE8ACA9135329F03C068E5112DC7CC3EF3446DEFCEB01A45C2667"
     "FDD5"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha1, "test",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "4BC35D3A50EF4E30576F58CD96CE6BF638025EE624004A1F7789A8B8E43D0678ACD9D29876DAF46638645F7F404B"
     "11C7",
     "D5A6326C494ED3FF614703878961C0FDE7B2C278F9A65FD8C4B7186201A2991695BA1C84541327E966FA7B50F738"
     "2282"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha256, "test",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "6D6DEFAC9AB64DABAFE36C6BF510352A4CC27001263638E5B16D9BB51D451559F918EEDAF2293BE5B475CC8F0188"
     "636B",
     "2D46F3BECBCC523D5F1A1256BF0C9B024D879BA9E838144C8BA6BAEB4B53B47D51AB373F9845C0514EEFB1402478"
     "7265"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha384, "test",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF0"
     "23DB",
     "DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BA"
     "A5A5"},
    {&cub_curve_p384, CUB_KEY_EC_P384, &cub_sha512, "test",
     "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2"
     "EDF5",
     "A0D5D090C9980FAF3C2CE57B7AE951D31977DD11C775D314AF55F76C676447D06FB6495CD21B4B6E340FC236584F"
     "B277",
     "976984E59B4C77B0E8E4460DCA3D9F20E07B9BB1F63BEEFAF576F6B2E8B224634A2092CD3792E0159AD9CEE37659"
     "C736"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha1, "sample",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "00343B6EC45728975EA5CBA6659BBB6062A5FF89EEA58BE3C80B619F322C87910FE092F7D45BB0F8EEE01ED3F20B"
     "ABEC079D202AE677B243AB40B5431D497C55D75D",
     "00E7B0E675A9B24413D448B8CC119D2BF7B2D2DF032741C096634D6D65D0DBE3D5694625FB9E8104D3B842C1B0E2"
     "D0B98BEA19341E8676AEF66AE4EBA3D5475D5D16"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha256, "sample",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "01511BB4D675114FE266FC4372B87682BAECC01D3CC62CF2303C92B3526012659D16876E25C7C1E57648F23B7356"
     "4D67F61C6F14D527D54972810421E7D87589E1A7",
     "004A171143A83163D6DF460AAF61522695F207A58B95C0644D87E52AA1A347916E4F7A72930B1BC06DBE22CE3F58"
     "264AFD23704CBB63B29B931F7DE6C9D949A7ECFC"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha384, "sample",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "01EA842A0E17D2DE4F92C15315C63DDF72685C18195C2BB95E572B9C5136CA4B4B576AD712A52BE9730627D16054"
     "BA40CC0B8D3FF035B12AE75168397F5D50C67451",
     "01F21A3CEE066E1961025FB048BD5FE2B7924D0CD797BABE0A83B66F1E35EEAF5FDE143FA85DC394A7DEE7665233"
     "93784484BDF3E00114A1C857CDE1AA203DB65D61"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha512, "sample",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD15"
     "2B534931D7D4E8455CC91F9B15BF05EC36E377FA",
     "00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37F"
     "F0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha1, "test",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "013BAD9F29ABE20DE37EBEB823C252CA0F63361284015A3BF430A46AAA80B87B0693F0694BD88AFE4E661FC33B09"
     "4CD3B7963BED5A727ED8BD6A3A202ABE009D0367",
     "01E9BB81FF7944CA409AD138DBBEE228E1AFCC0C890FC78EC8604639CB0DBDC90F717A99EAD9D272855D00162EE9"
     "527567DD6A92CBD629805C0445282BBC916797FF"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha256, "test",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "000E871C4A14F993C6C7369501900C4BC1E9C7B0B4BA44E04868B30B41D8071042EB28C4C250411D0CE08CD197E4"
     "188EA4876F279F90B3D8D74A3C76E6F1E4656AA8",
     "00CD52DBAA33B063C3A6CD8058A1FB0A46A4754B034FCC644766CA14DA8CA5CA9FDE00E88C1AD60CCBA759025299"
     "079D7A427EC3CC5B619BFBC828E7769BCD694E86"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha384, "test",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "014BEE21A18B6D8B3C93FAB08D43E739707953244FDBE924FA926D76669E7AC8C89DF62ED8975C2D8397A65A49DC"
     "C09F6B0AC62272741924D479354D74FF6075578C",
     "0133330865C067A0EAF72362A65E2D7BC4E461E8C8995C3B6226A21BD1AA78F0ED94FE536A0DCA35534F0CD1510C"
     "41525D163FE9D74D134881E35141ED5E8E95B979"},
    {&cub_curve_p521, CUB_KEY_EC_P521, &cub_sha512, "test",
     "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D1"
     "6FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
     "013E99020ABF5CEE7525D16B69B229652AB6BDF2AFFCAEF38773B4B7D08725F10CDB93482FDCC54EDCEE91ECA416"
     "6B2A7C6265EF0CE2BD7051B7CEF945BABD47EE6D",
     "01FBD0013C674AA79CB39849527916CE301C66EA7CE8B80682786AD60F98F7E78A19CA69EFF5C57400E3B3A0AD66"
     "CE0978214D13BAF4E9AC60752F7B155E2DE4DCE3"},
};
/* clang-format on */

struct pair {
    struct cub_private_key private_key;
    struct cub_public_key public_key;
    uint8_t x[CUB_EC_MAX_SIZE], point[CUB_EC_MAX_POINT];
};

static void load(struct pair *pair, const struct cub_curve *curve, uint8_t type, const char *x)
{
    size_t size = test_unhex(x, pair->x, sizeof pair->x);

    pair->private_key = (struct cub_private_key){
        .type = type, .scalar = {pair->x, size}
    };
    cr_assert_eq(cub_ec_public(curve, pair->x, size, pair->point), E_OK);
    pair->public_key = (struct cub_public_key){
        .type = type, .point = {pair->point, 2 * size + 1}
    };
}

Test(ecdsa, rfc6979_signs_and_verifies)
{
    for (size_t i = 0; i < sizeof rfc6979 / sizeof rfc6979[0]; i++) {
        const struct cub_curve *curve = rfc6979[i].curve;
        const struct cub_hash *hash = rfc6979[i].hash;
        struct pair pair;
        uint8_t digest[CUB_HASH_MAX_SIZE], sig[CUB_ECDSA_MAX_DER], raw[CUB_ECDSA_MAX_RAW];
        size_t size = cub_ec_size(curve), len;

        load(&pair, curve, rfc6979[i].type, rfc6979[i].x);
        cub_hash_once(hash, rfc6979[i].message, strlen(rfc6979[i].message), digest);
        cr_assert_eq(cub_ecdsa_sign(curve, &pair.private_key, hash, digest, sig, &len), E_OK);
        cr_assert(len <= CUB_ECDSA_MAX_DER);
        cr_assert(cub_ecdsa_decode(sig, len, size, raw));
        test_expect_hex("r", raw, size, rfc6979[i].r);
        test_expect_hex("s", raw + size, size, rfc6979[i].s);
        cr_assert_eq(cub_ecdsa_verify(curve, &pair.public_key, digest, hash->size, sig, len), E_OK);
        cr_assert_eq(cub_ecdsa_verify_raw(curve, &pair.public_key, digest, hash->size, raw,
                                          2 * size),
                     E_OK);
        digest[0] ^= 1;
        cr_assert_eq(cub_ecdsa_verify(curve, &pair.public_key, digest, hash->size, sig, len),
                     E_CRYPTO_SIGNATURE);
    }
}

/* The rows of the schemes sign and verify with the key of their curve, and no other. */
Test(ecdsa, schemes)
{
    static const struct {
        uint16_t id;
        const struct cub_verify_scheme *verify;
        const struct cub_sign_scheme *sign;
    } schemes[] = {
        {0x0403, &cub_verify_ecdsa_secp256r1_sha256, &cub_sign_ecdsa_secp256r1_sha256},
        {0x0503, &cub_verify_ecdsa_secp384r1_sha384, &cub_sign_ecdsa_secp384r1_sha384},
        {0x0603, &cub_verify_ecdsa_secp521r1_sha512, &cub_sign_ecdsa_secp521r1_sha512},
    };
    static const uint8_t message[] = "message";

    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < sizeof rfc6979 / sizeof rfc6979[0]; k++) {
            struct pair pair;
            uint8_t sig[CUB_SIGNATURE_MAX_SIZE], digest[64] = {0};
            size_t len = 0;
            enum cub_error want;

            if (strcmp(rfc6979[k].message, "sample") != 0 || rfc6979[k].hash != &cub_sha512)
                continue;
            load(&pair, rfc6979[k].curve, rfc6979[k].type, rfc6979[k].x);
            want = pair.public_key.type == schemes[i].verify->key_type ? E_OK : E_CRYPTO_KEY;
            cr_assert_eq(schemes[i].verify->id, schemes[i].id);
            cr_assert_eq(schemes[i].sign->id, schemes[i].id);
            cr_assert_eq(schemes[i].verify->key_type, schemes[i].sign->key_type);
            cr_assert_eq(cub_sign_message(schemes[i].sign, &pair.private_key, NULL, message,
                                          sizeof message, sig, &len),
                         want);
            if (want)
                memcpy(sig, "\x30\x06\x02\x01\x01\x02\x01\x01", len = 8);
            cr_assert_eq(cub_verify_message(schemes[i].verify, &pair.public_key, message,
                                            sizeof message, sig, len),
                         want);
            cr_assert_eq(schemes[i].sign->sign(schemes[i].sign, &pair.private_key, NULL, digest, 20,
                                               sig, &len),
                         E_CRYPTO_KEY);
        }
    }
}

/* ecdsa_sha1 takes a key of any curve, and a row's curve verifies digests of other hashes. */
Test(ecdsa, schemes_for_older_certificates)
{
    for (size_t i = 0; i < sizeof rfc6979 / sizeof rfc6979[0]; i++) {
        const struct cub_verify_scheme *scheme = &cub_verify_ecdsa_sha1;
        struct pair pair;
        uint8_t sig[CUB_SIGNATURE_MAX_SIZE], digest[64];
        size_t len, size = rfc6979[i].hash->size;

        load(&pair, rfc6979[i].curve, rfc6979[i].type, rfc6979[i].x);
        cub_hash_once(rfc6979[i].hash, "m", 1, digest);
        cr_assert_eq(cub_ecdsa_sign(rfc6979[i].curve, &pair.private_key, rfc6979[i].hash, digest,
                                    sig, &len),
                     E_OK);
        cr_assert_eq(scheme->verify(scheme, &pair.public_key, digest, size, sig, len), E_OK);
        if (rfc6979[i].type == CUB_KEY_EC_P256) {
            scheme = &cub_verify_ecdsa_secp256r1_sha256;
            cr_assert_eq(scheme->verify(scheme, &pair.public_key, digest, size, sig, len), E_OK);
        }
        pair.public_key.type = CUB_KEY_RSA;
        scheme = &cub_verify_ecdsa_sha1;
        cr_assert_eq(scheme->verify(scheme, &pair.public_key, digest, size, sig, len),
                     E_CRYPTO_KEY);
    }
}

/* Strict DER, integers of at most two bytes: what is one change away from a good one is bad. */
/* clang-format off */
static const struct {
    const char *der, *raw; /* raw NULL: refused */
} encodings[] = {
    {"3006 020101 020102", "0001 0002"},
    {"3008 02020101 02027fff", "0101 7fff"},
    {"300a 0203008000 020300ffff", "8000 ffff"},
    {"", NULL},
    {"30", NULL},
    {"3000", NULL},
    {"3003 020101", NULL},
    {"3106 020101 020102", NULL},
    {"3006 030101 020102", NULL},
    {"3006 020101 030102", NULL},
    {"3005 020101 020102", NULL},
    {"3007 020101 020102", NULL},
    {"3006 020101 020102 00", NULL},
    {"3007 020101 020102 00", NULL},
    {"300b 020101 020102 0500 020101", NULL},
    {"308106 020101 020102", NULL},
    {"30820006 020101 020102", NULL},
    {"3080 020101 020102 0000", NULL},
    {"3005 0200 020102", NULL},
    {"3005 020101 0200", NULL},
    {"3006 020100 020102", NULL},
    {"3006 020101 020100", NULL},
    {"3006 020181 020102", NULL},
    {"3006 020101 0201ff", NULL},
    {"3007 02020001 020102", NULL},
    {"3007 0202007f 020102", NULL},
    {"3007 020101 02020002", NULL},
    {"3007 02810101 020102", NULL},
    {"3008 0203010000 020102", NULL},
    {"3009 020400800000 020102", NULL},
    {"3006 020501 020102", NULL},
    {"3006 020101 020202", NULL},
    {"3006 020101 02ff02", NULL},
};
/* clang-format on */

Test(ecdsa, strict_der)
{
    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        uint8_t der[32], raw[4], again[32];
        size_t len = test_unhex(encodings[i].der, der, sizeof der);

        cr_assert_eq(cub_ecdsa_decode(der, len, 2, raw), encodings[i].raw != NULL, "%s",
                     encodings[i].der);
        if (!encodings[i].raw)
            continue;
        test_expect_hex(encodings[i].der, raw, 4, encodings[i].raw);
        cr_assert_eq(cub_ecdsa_encode(raw, 2, again), len);
        cr_assert(memcmp(again, der, len) == 0);
    }
}

/* From 128 bytes of content on, the length takes two bytes: P-521 has both forms. */
Test(ecdsa, der_of_p521)
{
    for (size_t zeros = 0; zeros < 66; zeros++) {
        uint8_t raw[132], back[132], der[CUB_ECDSA_MAX_DER];
        size_t content = 2 * (66 - zeros) + 4, len;

        memset(raw, 0x7f, sizeof raw);
        memset(raw, 0, zeros);
        memset(raw + 66, 0, zeros);
        len = cub_ecdsa_encode(raw, 66, der);
        cr_assert_eq(len, content + (content < 128 ? 2 : 3));
        cr_assert(cub_ecdsa_decode(der, len, 66, back));
        cr_assert(memcmp(raw, back, sizeof raw) == 0);
        for (size_t cut = 0; cut < len; cut++)
            cr_assert_not(cub_ecdsa_decode(der, cut, 66, back));
    }
}

/* r and s lie in [1, n - 1]. */
Test(ecdsa, r_and_s_are_checked)
{
    static const char n[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    const struct cub_curve *curve = &cub_curve_p256;
    uint8_t digest[32] = {1}, good[64], raw[64];
    uint8_t sig[CUB_ECDSA_MAX_DER];
    size_t len;
    struct pair pair;

    load(&pair, curve, CUB_KEY_EC_P256, rfc6979[0].x);
    cr_assert_eq(cub_ecdsa_sign(curve, &pair.private_key, &cub_sha256, digest, sig, &len), E_OK);
    cr_assert(cub_ecdsa_decode(sig, len, 32, good));
    cr_assert_eq(cub_ecdsa_verify_raw(curve, &pair.public_key, digest, 32, good, 64), E_OK);
    for (size_t half = 0; half < 64; half += 32) {
        memcpy(raw, good, 64);
        memset(raw + half, 0, 32);
        cr_assert_eq(cub_ecdsa_verify_raw(curve, &pair.public_key, digest, 32, raw, 64),
                     E_CRYPTO_SIGNATURE);
        test_unhex(n, raw + half, 32);
        cr_assert_eq(cub_ecdsa_verify_raw(curve, &pair.public_key, digest, 32, raw, 64),
                     E_CRYPTO_SIGNATURE);
    }
    for (size_t cut = 0; cut < 64; cut++)
        cr_assert_eq(cub_ecdsa_verify_raw(curve, &pair.public_key, digest, 32, good, cut),
                     E_CRYPTO_SIGNATURE);
}

Test(ecdsa, keys_are_checked)
{
    struct pair pair;
    uint8_t digest[64] = {1}, sig[CUB_ECDSA_MAX_DER], zero[32] = {0};
    size_t len;

    load(&pair, &cub_curve_p256, CUB_KEY_EC_P256, rfc6979[0].x);
    cr_assert_eq(cub_ecdsa_sign(&cub_curve_p256, &pair.private_key, &cub_sha256, digest, sig, &len),
                 E_OK);

    /* another curve, no curve */
    cr_assert_eq(cub_ecdsa_verify(&cub_curve_p384, &pair.public_key, digest, 32, sig, len),
                 E_CRYPTO_KEY);
    cr_assert_eq(cub_ecdsa_sign(&cub_curve_p384, &pair.private_key, &cub_sha256, digest, sig, &len),
                 E_CRYPTO_KEY);
    cr_assert_null(cub_curve_of(CUB_KEY_RSA));
    for (size_t i = 0; i < sizeof rfc6979 / sizeof rfc6979[0]; i++)
        cr_assert_eq(cub_curve_of(rfc6979[i].type), rfc6979[i].curve);

    /* a point off the curve, of another form, of another length */
    for (size_t i = 0; i < 65; i += 64) {
        pair.point[i] ^= 1;
        cr_assert_eq(cub_ecdsa_verify(&cub_curve_p256, &pair.public_key, digest, 32, sig, len),
                     E_CRYPTO_SIGNATURE);
        pair.point[i] ^= 1;
    }
    pair.public_key.point.len--;
    cr_assert_eq(cub_ecdsa_verify(&cub_curve_p256, &pair.public_key, digest, 32, sig, len),
                 E_CRYPTO_SIGNATURE);

    /* no private value */
    pair.private_key.scalar.data = zero;
    cr_assert_eq(cub_ecdsa_sign(&cub_curve_p256, &pair.private_key, &cub_sha256, digest, sig, &len),
                 E_CRYPTO_KEY);
}
