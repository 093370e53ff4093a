/*
 * Delegated credentials that a client gets: good ones, and those that are wrong in every way.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "handshake/handshake.h"
#include "tests/support/peer.h"

static struct peer p;

/* What the server sends; each test changes something. */
static struct {
    struct pki_cert leaf;
    bool may_delegate, no_key_usage;
    enum { USAGE_GOOD, USAGE_CRITICAL, USAGE_NOT_NULL } usage;
    enum pki_key_id leaf_key;
    bool no_key; /* the SubjectPublicKeyInfo is none */
    uint32_t valid_time;
    uint16_t scheme; /* of CertificateVerify, as the credential says */
    enum pki_key_id key;
    uint16_t algorithm; /* of the credential's signature */
    const struct cub_sign_scheme *signs;
    const struct pki_key *signer;
    const struct cub_sign_scheme *verify_scheme; /* that CertificateVerify is made with */
    size_t cut;                                  /* bytes that are missing at the end */
    uint8_t flip;                                /* into the last byte of the signature */
    unsigned entry;                              /* whose extension it is: 0 the leaf */
} dc;

static uint64_t now(void *owner)
{
    (void)owner;
    return (uint64_t)PKI_NOW * 1000;
}

static void issue_leaf(void)
{
    static const uint8_t good[] = {0x30, 0x0f, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
                                   0x82, 0xda, 0x4b, 0x2c, 0x04, 0x02, 0x05, 0x00};
    static const uint8_t critical[] = {0x30, 0x12, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82,
                                       0xda, 0x4b, 0x2c, 0x01, 0x01, 0xff, 0x04, 0x02, 0x05, 0x00};
    static const uint8_t not_null[] = {0x30, 0x0f, 0x06, 0x09, 0x2b, 0x06, 0x01, 0x04, 0x01,
                                       0x82, 0xda, 0x4b, 0x2c, 0x04, 0x02, 0x30, 0x00};
    static const struct cub_view usages[] = {
        {good,     sizeof good    },
        {critical, sizeof critical},
        {not_null, sizeof not_null},
    };
    struct pki_spec spec = {
        .subject = "server.example",
        .key = dc.leaf_key,
        .issuer = &pki_chain(PKI_P256)->certs[1],
        .not_before = PKI_NOW - 86400,
        .key_usage = dc.no_key_usage ? 0 : CUB_KU_DIGITAL_SIGNATURE,
        .dns = {"server.example"},
    };

    if (dc.may_delegate)
        spec.more = usages[dc.usage];
    pki_issue(&dc.leaf, &spec);
}

/* DelegatedCredential; returns its length. */
static size_t put_credential(uint8_t *out)
{
    static uint8_t content[8192];
    static const char context[] = "TLS, server delegated credentials";
    const struct pki_key *key = pki_key(dc.key);
    struct der_out spki = {out + 9, 600, 0};
    size_t cred, len = 64, sig_len;

    pki_spki(&spki, key);
    cub_store_be32(out, dc.valid_time);
    cub_store_be16(out + 4, dc.scheme);
    cub_store_be24(out + 6, (uint32_t)spki.len);
    cred = 9 + spki.len;
    if (dc.no_key)
        out[9 + 8] ^= 0x40; /* its algorithm */
    cub_store_be16(out + cred, dc.algorithm);
    memset(content, ' ', 64);
    memcpy(content + len, context, sizeof context);
    len += sizeof context;
    memcpy(content + len, dc.leaf.der, dc.leaf.len);
    len += dc.leaf.len;
    memcpy(content + len, out, cred + 2);
    len += cred + 2;
    cr_assert_eq(cub_sign_message(dc.signs, &dc.signer->private_key, &p.random, content, len,
                                  out + cred + 4, &sig_len),
                 E_OK);
    cub_store_be16(out + cred + 2, (uint32_t)sig_len);
    out[cred + 4 + sig_len - 1] ^= dc.flip;
    return cred + 4 + sig_len - dc.cut;
}

/* Certificate with the extension in one of its entries. */
static void put_certificate(struct peer *peer)
{
    static uint8_t extension[2048];
    size_t len = put_credential(extension + 4);
    struct wr w;
    size_t message, list;

    cub_store_be16(extension, 0x22);
    cub_store_be16(extension + 2, (uint32_t)len);
    wr_init(&w, peer->message, sizeof peer->message);
    message = cub_message_open(&w, CUB_CERTIFICATE);
    wr_uint(&w, 1, 0);
    list = wr_open(&w, 3);
    for (unsigned i = 0; i < 2; i++) {
        wr_view(&w, 3, peer->chain[i]);
        wr_view(&w, 2, (struct cub_view){extension, i == dc.entry ? len + 4 : 0});
    }
    wr_close(&w, list, 3);
    cub_message_close(&w, message);
    peer->message_len = w.pos;
}

static void delegate(struct peer *peer, enum peer_step step, enum peer_moment moment)
{
    if (step == PEER_CERTIFICATE && moment == PEER_BEFORE) {
        issue_leaf();
        peer->chain[0] = (struct cub_view){dc.leaf.der, dc.leaf.len};
    }
    if (step == PEER_CERTIFICATE && moment == PEER_ENCODED)
        put_certificate(peer);
    if (step == PEER_CERTIFICATE_VERIFY && moment == PEER_BEFORE) {
        peer->scheme = dc.verify_scheme;
        peer->key = &pki_key(dc.entry == 0 ? dc.key : PKI_KEY_P256)->private_key;
    }
}

static void init(void)
{
    memset(&dc, 0, sizeof dc);
    dc.may_delegate = true;
    dc.valid_time = 86400 + 3600; /* an hour from PKI_NOW */
    dc.scheme = 0x0503;
    dc.key = PKI_KEY_P384;
    dc.leaf_key = PKI_KEY_P256;
    dc.algorithm = 0x0403;
    dc.signs = &cub_sign_ecdsa_secp256r1_sha256;
    dc.signer = pki_key(PKI_KEY_P256);
    dc.verify_scheme = &cub_sign_ecdsa_secp384r1_sha384;
    peer_init(&p, false);
    p.victim.config.flags |= CUB_FLAG_DELEGATED_CREDENTIALS;
    p.victim.config.now = now;
    p.hook = delegate;
}

static void expect(enum cub_error expected)
{
    enum cub_error error;

    peer_run(&p);
    error = cub_engine_error(&p.victim.engine);
    cr_assert_eq(error, expected, "%s", cub_error_info(error)->name);
    if (expected != E_OK)
        cr_assert_eq(p.alert, cub_error_alert(expected));
    else
        cr_assert(cub_engine_connected(&p.victim.engine));
}

Test(delegated_client, good)
{
    init();
    expect(E_OK);
    cr_assert_eq(p.victim.engine.peer_scheme, 0x0503);
    cr_assert_eq(p.victim.engine.hs->peer_key.type, CUB_KEY_EC_P384);

    /* To the last second, and for as long as can be. */
    init();
    dc.valid_time = 86400;
    expect(E_OK);
    init();
    dc.valid_time = 86400 + 604800;
    expect(E_OK);
    /* The same type of key as the certificate's. */
    init();
    dc.key = PKI_KEY_CA;
    dc.scheme = 0x0403;
    dc.verify_scheme = &cub_sign_ecdsa_secp256r1_sha256;
    expect(E_OK);
}

/* Beside other certificates it is ignored. */
Test(delegated_client, not_the_leafs)
{
    init();
    dc.entry = 1;
    dc.verify_scheme = &cub_sign_ecdsa_secp256r1_sha256;
    expect(E_OK);
    cr_assert_eq(p.victim.engine.hs->peer_key.type, CUB_KEY_EC_P256);
}

Test(delegated_client, not_offered)
{
    static const struct cub_verify_scheme *const rsae[] = {&cub_verify_ecdsa_secp256r1_sha256,
                                                           &cub_verify_rsa_pss_rsae_sha256, NULL};

    init();
    p.victim.config.flags = 0;
    expect(E_DC_UNSOLICITED);
    init();
    p.victim.config.now = NULL;
    expect(E_DC_UNSOLICITED);
    /* Nothing that could be offered: no list at all. */
    init();
    p.victim.config.verify_schemes = rsae + 1;
    p.hook = NULL;
    end_start(&p.victim);
    cr_assert_eq(p.victim.engine.hs->offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL), 0);
    init();
    p.victim.config.verify_schemes = rsae;
    p.hook = NULL;
    end_start(&p.victim);
    cr_assert_neq(p.victim.engine.hs->offered & EXT_BIT(EXT_DELEGATED_CREDENTIAL), 0);
}

Test(delegated_client, time)
{
    init();
    dc.valid_time = 86399;
    expect(E_DC_TIME);
    init();
    dc.valid_time = 86400 + 604801;
    expect(E_DC_TIME);
    init();
    dc.valid_time = UINT32_MAX;
    expect(E_DC_TIME);
}

Test(delegated_client, usage)
{
    init();
    dc.may_delegate = false;
    expect(E_DC_USAGE);
    init();
    dc.no_key_usage = true;
    expect(E_DC_USAGE);
    /* It must be NULL, and not critical. */
    init();
    dc.usage = USAGE_CRITICAL;
    expect(E_X509_CRITICAL_EXTENSION);
    init();
    dc.usage = USAGE_NOT_NULL;
    expect(E_DC_USAGE);
}

/* A certificate's key that signs messages as they are. */
Test(delegated_client, by_ed25519)
{
    for (unsigned i = 0; i < 3; i++) {
        init();
        dc.leaf_key = PKI_KEY_ED25519;
        dc.signer = pki_key(PKI_KEY_ED25519);
        dc.signs = &cub_sign_ed25519;
        dc.algorithm = 0x0807;
        dc.flip = i == 1;
        if (i == 2)
            end_shrink(&p.victim, 16384, 16384, 520);
        if (i < 2)
            expect(i == 0 ? E_OK : E_DC_SIGNATURE);
        else
            expect(E_MESSAGE_BUFFER);
    }
}

/* Keys for what they are not for. */
Test(delegated_client, keys)
{
    static struct cub_sign_scheme as_pss;

    as_pss = cub_sign_rsa_pss_rsae_sha256;
    init();
    dc.no_key = true;
    expect(E_DC_KEY);
    /* With rsaEncryption, for signatures by id-RSASSA-PSS alone. */
    init();
    dc.key = PKI_KEY_RSA2048;
    dc.scheme = as_pss.id = 0x0809;
    dc.verify_scheme = &as_pss;
    peer_run(&p);
    cr_assert_eq(cub_engine_error(&p.victim.engine), E_CV_KEY_TYPE);
    cr_assert_eq(p.alert, ALERT_ILLEGAL_PARAMETER);
    init();
    dc.key = PKI_KEY_RSA_PSS;
    dc.scheme = 0x0809;
    dc.verify_scheme = &cub_sign_rsa_pss_pss_sha256;
    expect(E_OK);
}

Test(delegated_client, algorithms)
{
    static const uint16_t bad[] = {0x0401, 0x0804, 0x0806, 0x0203, 0xffff};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        init();
        dc.scheme = bad[i];
        expect(E_DC_ALGORITHM);
        init();
        dc.algorithm = bad[i];
        expect(E_DC_ALGORITHM);
    }
    init();
    dc.algorithm = 0x0503; /* not for the certificate's key */
    expect(E_DC_ALGORITHM);
    /* Another one than it says. */
    init();
    dc.scheme = 0x0603;
    expect(E_DC_VERIFY);
}

Test(delegated_client, signature)
{
    init();
    dc.flip = 1;
    expect(E_DC_SIGNATURE);
    init();
    dc.signer = pki_key(PKI_KEY_CA);
    expect(E_DC_SIGNATURE);
    /* CertificateVerify by the certificate's own key. */
    init();
    dc.verify_scheme = &cub_sign_ecdsa_secp256r1_sha256;
    dc.key = PKI_KEY_P256;
    expect(E_DC_VERIFY);
}

Test(delegated_client, malformed)
{
    for (size_t cut = 1; cut < 100; cut += 7) {
        init();
        dc.cut = cut;
        expect(E_DC_FORM);
    }
}

/* A chain that is not trusted is not, whatever it has signed. */
Test(delegated_client, untrusted)
{
    init();
    p.victim.setup.server_name = "other.example";
    expect(E_X509_HOSTNAME_MISMATCH);
}

/* In records as small as they may be, with the shortest tags. */
Test(delegated_client, small)
{
    static const struct cub_suite *const suites[] = {&cub_suite_aes_128_ccm_8_sha256, NULL};
    static const size_t contents[] = {512, 200, 64};

    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        init();
        p.suite = suites[0];
        p.limit = contents[i];
        p.victim.config.suites = suites;
        end_shrink(&p.victim, contents[i], 16384, 1500);
        expect(E_OK);
        cr_assert_eq(p.victim.engine.in.limit, contents[i] + 1);
    }
}
