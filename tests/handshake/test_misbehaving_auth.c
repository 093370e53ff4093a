/*
 * Certificate, CertificateVerify and Finished, wrong in every way: before a client, and before a
 * server that asked for them.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "tests/handshake/misdeeds.h"

#define CERT  PEER_CERTIFICATE, PEER_BEFORE
#define CERT2 PEER_CERTIFICATE, PEER_ENCODED
#define CV    PEER_CERTIFICATE_VERIFY, PEER_BEFORE
#define CV2   PEER_CERTIFICATE_VERIFY, PEER_ENCODED
#define FIN2  PEER_FINISHED, PEER_ENCODED

/* Certificate */

MISDEED(cert_empty, CERT)
{
    p->chain_len = 0;
}
MISDEED(cert_context, CERT)
{
    p->request_context = (struct cub_view){p->session_id, 2};
}
MISDEED(cert_no_entry, CERT2)
{
    /* One entry, of an empty certificate. */
    memcpy(p->message + 4, "\0\0\0\5\0\0\0\0\0", 9);
    p->message_len = 13;
    peer_fix_length(p);
}
MISDEED(cert_no_body, CERT2)
{
    p->message_len = 4;
    peer_fix_length(p);
}
MISDEED(cert_list_short, CERT2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(cert_list_long, CERT2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}
MISDEED(cert_entry_long, CERT2)
{
    p->message[8]++;
}
MISDEED(cert_too_long, CERT2)
{
    p->message[1] = 2;
    p->message[5] = 1;
}
MISDEED(cert_status_unasked, CERT2)
{
    /* The last entry's extensions, which are none so far, stand at the end. */
    size_t list = cub_load_be24(p->message + 5) + 5;

    cub_store_be16(p->message + p->message_len - 2, 5);
    memcpy(p->message + p->message_len, "\0\5\0\1x", 5);
    p->message_len += 5;
    cub_store_be16(p->message + 6, (uint32_t)list);
    peer_fix_length(p);
}
MISDEED(cert_untrusted, CERT)
{
    const struct pki_chain *chain = pki_chain(PKI_UNTRUSTED);

    for (size_t i = 0; i < chain->count; i++)
        p->chain[i] = (struct cub_view){chain->certs[i].der, chain->certs[i].len};
}
MISDEED(cert_wrong_name, CERT)
{
    const struct pki_chain *chain = pki_chain(PKI_WRONG_NAME);

    p->chain[0] = (struct cub_view){chain->certs[0].der, chain->certs[0].len};
}
MISDEED(cert_garbage, CERT)
{
    p->chain[0] = (struct cub_view){(const uint8_t *)"\2\1\1", 3};
}

static void without_verifier(struct peer *p)
{
    with_client_auth(p);
    p->victim.config.verifier = NULL;
}

static void nothing(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    (void)p;
    (void)step;
    (void)moment;
}

/* CertificateVerify */

MISDEED(cv_flipped, CV2)
{
    p->message[p->message_len - 1] ^= 1;
}
MISDEED(cv_empty_signature, CV2)
{
    p->message_len = 8;
    cub_store_be16(p->message + 6, 0);
    peer_fix_length(p);
}
MISDEED(cv_short, CV2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(cv_long, CV2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}
MISDEED(cv_other_role, CV)
{
    p->is_server = !p->is_server;
}
MISDEED(cv_role_back, CV2)
{
    p->is_server = !p->is_server;
}
MISDEED(cv_scheme_pkcs1, CV2)
{
    cub_store_be16(p->message + 4, 0x0401);
}
MISDEED(cv_scheme_legacy, CV2)
{
    cub_store_be16(p->message + 4, 0x0420);
}
MISDEED(cv_scheme_sha1, CV2)
{
    cub_store_be16(p->message + 4, 0x0203);
}
MISDEED(cv_scheme_pkcs1_sha1, CV2)
{
    cub_store_be16(p->message + 4, 0x0201);
}
MISDEED(cv_scheme_unknown, CV2)
{
    cub_store_be16(p->message + 4, 0x2a2a);
}
MISDEED(cv_scheme_none, CV2)
{
    cub_store_be16(p->message + 4, 0);
}
MISDEED(cv_scheme_other_key, CV2)
{
    cub_store_be16(p->message + 4, 0x0804);
}
MISDEED(cv_scheme_other_curve, CV2)
{
    cub_store_be16(p->message + 4, 0x0503);
}
/* Signed before the last message was said. */
MISDEED(cv_early, CV)
{
    p->transcript_len -= 1;
}
MISDEED(cv_early_back, CV2)
{
    p->transcript_len += 1;
}

/* Signs as the other role would. */
static void cv_as_other_role(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    cv_other_role(p, step, moment);
    cv_role_back(p, step, moment);
}

static void cv_transcript(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    cv_early(p, step, moment);
    cv_early_back(p, step, moment);
}

/* The other P-256 key there is. */
static void cv_with_ca_key(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    if (step == PEER_CERTIFICATE_VERIFY && moment == PEER_BEFORE)
        p->key = &pki_key(PKI_KEY_CA)->private_key;
}

/* Finished */

MISDEED(fin_flipped, FIN2)
{
    p->message[4] ^= 0x80;
}
MISDEED(fin_last_bit, FIN2)
{
    p->message[p->message_len - 1] ^= 1;
}
MISDEED(fin_short, FIN2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(fin_long, FIN2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}
MISDEED(fin_tls12, FIN2)
{
    p->message_len = 4 + 12;
    peer_fix_length(p);
}
MISDEED(fin_empty, FIN2)
{
    p->message_len = 4;
    peer_fix_length(p);
}
/* The victim's own Finished, sent back to it, or one by the victim's key. */
MISDEED(fin_reflected, FIN2)
{
    memcpy(p->message, p->last, p->last_len);
    p->message_len = p->last_len;
}

#define BOTH_ROLES                                                                                 \
    {"context", cert_context, E_CERT_CONTEXT, ALERT_ILLEGAL_PARAMETER, with_client_auth},          \
        {"empty certificate", cert_no_entry, E_DECODE_CERTIFICATE, ALERT_DECODE_ERROR,             \
         with_client_auth},                                                                        \
        {"no body", cert_no_body, E_DECODE_CERTIFICATE, ALERT_DECODE_ERROR, with_client_auth},     \
        {"short list", cert_list_short, E_DECODE_CERTIFICATE, ALERT_DECODE_ERROR,                  \
         with_client_auth},                                                                        \
        {"long list", cert_list_long, E_DECODE_CERTIFICATE, ALERT_DECODE_ERROR, with_client_auth}, \
        {"entry beyond list", cert_entry_long, E_DECODE_CERTIFICATE, ALERT_DECODE_ERROR,           \
         with_client_auth},                                                                        \
        {"endless", cert_too_long, E_CERT_TOO_LONG, ALERT_ILLEGAL_PARAMETER, with_client_auth},    \
        {"status unasked", cert_status_unasked, E_EXT_UNSOLICITED, ALERT_UNSUPPORTED_EXTENSION,    \
         with_client_auth},                                                                        \
        {"nobody to verify", nothing, E_NO_VERIFIER, ALERT_INTERNAL_ERROR, without_verifier},      \
        {"flipped signature", cv_flipped, E_CRYPTO_SIGNATURE, ALERT_DECRYPT_ERROR,                 \
         with_client_auth},                                                                        \
        {"empty signature", cv_empty_signature, E_CRYPTO_SIGNATURE, ALERT_DECRYPT_ERROR,           \
         with_client_auth},                                                                        \
        {"short CV", cv_short, E_DECODE_CERTIFICATE_VERIFY, ALERT_DECODE_ERROR, with_client_auth}, \
        {"long CV", cv_long, E_DECODE_CERTIFICATE_VERIFY, ALERT_DECODE_ERROR, with_client_auth},   \
        {"other key", cv_with_ca_key, E_CRYPTO_SIGNATURE, ALERT_DECRYPT_ERROR, with_client_auth},  \
        {"other role", cv_as_other_role, E_CRYPTO_SIGNATURE, ALERT_DECRYPT_ERROR,                  \
         with_client_auth},                                                                        \
        {"other transcript", cv_transcript, E_CRYPTO_SIGNATURE, ALERT_DECRYPT_ERROR,               \
         with_client_auth},                                                                        \
        {"rsa_pkcs1_sha256", cv_scheme_pkcs1, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER,             \
         with_client_auth},                                                                        \
        {"not asked for", cv_scheme_legacy, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER,               \
         with_client_auth},                                                                        \
        {"ecdsa_sha1", cv_scheme_sha1, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER, with_client_auth}, \
        {"rsa_pkcs1_sha1", cv_scheme_pkcs1_sha1, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER,          \
         with_client_auth},                                                                        \
        {"unknown scheme", cv_scheme_unknown, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER,             \
         with_client_auth},                                                                        \
        {"scheme 0", cv_scheme_none, E_CV_ALGORITHM, ALERT_ILLEGAL_PARAMETER, with_client_auth},   \
        {"scheme of RSA", cv_scheme_other_key, E_CV_KEY_TYPE, ALERT_ILLEGAL_PARAMETER,             \
         with_client_auth},                                                                        \
        {"scheme of P-384", cv_scheme_other_curve, E_CV_KEY_TYPE, ALERT_ILLEGAL_PARAMETER,         \
         with_client_auth},                                                                        \
        {"Finished, first bit", fin_flipped, E_FINISHED, ALERT_DECRYPT_ERROR, 0},                  \
        {"Finished, last bit", fin_last_bit, E_FINISHED, ALERT_DECRYPT_ERROR, 0},                  \
        {"short Finished", fin_short, E_DECODE_FINISHED, ALERT_DECRYPT_ERROR, 0},                  \
        {"long Finished", fin_long, E_DECODE_FINISHED, ALERT_DECRYPT_ERROR, 0},                    \
        {"Finished of TLS 1.2", fin_tls12, E_DECODE_FINISHED, ALERT_DECRYPT_ERROR, 0},             \
    {                                                                                              \
        "empty Finished", fin_empty, E_DECODE_FINISHED, ALERT_DECRYPT_ERROR, 0                     \
    }

/* Though the client's list names it. */
static void with_legacy(struct peer *p)
{
    static const struct cub_verify_scheme *const schemes[] = {&cub_verify_rsa_pkcs1_sha256_legacy,
                                                              &cub_verify_ecdsa_secp256r1_sha256,
                                                              NULL};

    p->victim.config.verify_schemes = schemes;
}

Test(misbehaving_auth, before_client)
{
    static const struct misdeed rows[] = {
        BOTH_ROLES,
        {"for clients alone", cv_scheme_legacy, E_CV_ALGORITHM,              ALERT_ILLEGAL_PARAMETER,
          with_legacy                                                                                   },
        {"empty list",        cert_empty,       E_CERT_EMPTY,                ALERT_DECODE_ERROR,      0},
        {"untrusted",         cert_untrusted,   E_X509_SELF_SIGNED_IN_CHAIN, ALERT_UNKNOWN_CA,        0},
        {"wrong name",        cert_wrong_name,  E_X509_HOSTNAME_MISMATCH,    ALERT_BAD_CERTIFICATE,   0},
        {"garbage",           cert_garbage,     E_DER_TAG,                   ALERT_BAD_CERTIFICATE,   0},
    };

    DO_MISDEEDS(rows, false);
}

Test(misbehaving_auth, before_server)
{
    static const struct misdeed rows[] = {
        BOTH_ROLES,
        {"no certificate",     cert_empty,     E_CERT_REQUIRED,             ALERT_CERTIFICATE_REQUIRED,
          with_client_auth                                                                                },
        {"untrusted",          cert_untrusted, E_X509_SELF_SIGNED_IN_CHAIN, ALERT_UNKNOWN_CA,
          with_client_auth                                                                                },
        {"Finished sent back", fin_reflected,  E_FINISHED,                  ALERT_DECRYPT_ERROR,        0},
    };

    DO_MISDEEDS(rows, true);
}

/* A CertificateVerify without a certificate, and no CertificateVerify with one. */

MISDEED(no_verify, CV)
{
    p->skip = true;
}
MISDEED(no_certificate, CERT)
{
    p->skip = true;
}
MISDEED(no_finished, PEER_FINISHED, PEER_BEFORE)
{
    p->skip = true;
    peer_send(p, CUB_APPLICATION_DATA, "data", 4);
}
MISDEED(verify_without_certificate, PEER_FINISHED, PEER_BEFORE)
{
    peer_send_message(p, CUB_CERTIFICATE_VERIFY, "\4\3\0\1x", 5);
}

Test(misbehaving_auth, left_out)
{
    static const struct misdeed rows[] = {
        {"no CertificateVerify",  no_verify,                  E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE,
         with_client_auth                                                                                      },
        {"no Certificate",        no_certificate,             E_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE,
         with_client_auth                                                                                      },
        {"no Finished",           no_finished,                E_UNEXPECTED_DATA,    ALERT_UNEXPECTED_MESSAGE, 0},
        {"two CertificateVerify", verify_without_certificate, E_UNEXPECTED_MESSAGE,
         ALERT_UNEXPECTED_MESSAGE,                                                                            0},
    };

    DO_MISDEEDS(rows, false);
    DO_MISDEEDS(rows, true);
}

static void empty_then_verify(struct peer *p, enum peer_step step, enum peer_moment moment)
{
    cert_empty(p, step, moment);
    verify_without_certificate(p, step, moment);
}

static void with_optional_auth(struct peer *p)
{
    p->victim.config.verify_mode = CUB_VERIFY_OPTIONAL;
}

Test(misbehaving_auth, optional)
{
    static const struct misdeed rows[] = {
        {"CertificateVerify for nothing", empty_then_verify, E_UNEXPECTED_MESSAGE,
         ALERT_UNEXPECTED_MESSAGE,                                                                                  with_optional_auth},
        {"no CertificateVerify",          no_verify,         E_UNEXPECTED_MESSAGE,        ALERT_UNEXPECTED_MESSAGE,
         with_optional_auth                                                                                                           },
        {"flipped signature",             cv_flipped,        E_CRYPTO_SIGNATURE,          ALERT_DECRYPT_ERROR,
         with_optional_auth                                                                                                           },
        {"untrusted",                     cert_untrusted,    E_X509_SELF_SIGNED_IN_CHAIN, ALERT_UNKNOWN_CA,
         with_optional_auth                                                                                                           },
    };
    static const struct harmless fine[] = {
        {"no certificate", cert_empty, with_optional_auth},
        {"a certificate",  nothing,    with_optional_auth},
    };

    DO_MISDEEDS(rows, true);
    DO_HARMLESS(fine, true);
}
