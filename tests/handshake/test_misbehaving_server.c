/*
 * A server that misbehaves, before a client: what it may not say in its flight.
 */
#include <criterion/criterion.h>

#include <string.h>

#include "crypto/bytes.h"
#include "tests/handshake/misdeeds.h"

#define HELLO  PEER_SERVER_HELLO, PEER_BEFORE
#define HELLO2 PEER_SERVER_HELLO, PEER_ENCODED
#define RETRY  PEER_RETRY, PEER_BEFORE
#define RETRY2 PEER_RETRY, PEER_ENCODED

/* ServerHello */

MISDEED(sh_future_version, HELLO)
{
    p->server_hello.version = 0x0305;
}
MISDEED(sh_selects_tls12, HELLO)
{
    p->server_hello.version = 0x0303;
}
MISDEED(sh_draft_version, HELLO)
{
    p->server_hello.version = 0x7f1c;
}
MISDEED(sh_old, HELLO2)
{
    peer_remove_extension(p, 43);
}
MISDEED(sh_legacy_version, HELLO)
{
    p->server_hello.legacy_version = 0x0302;
}
MISDEED(sh_ssl3, HELLO2)
{
    p->message[5] = 0;
    peer_remove_extension(p, 43);
}
MISDEED(sh_version_malformed, HELLO2)
{
    peer_remove_extension(p, 43);
    peer_add_extension(p, 43, "\3", 1);
}

/* The last 8 bytes of a random say that a better version was possible [RFC8446-4.1.3]. */
MISDEED(sh_downgrade12, HELLO2)
{
    memcpy(p->message + 6 + 24, "DOWNGRD\1", 8);
    peer_remove_extension(p, 43);
}
MISDEED(sh_downgrade11, HELLO2)
{
    memcpy(p->message + 6 + 24, "DOWNGRD\0", 8);
    p->message[5] = 2;
    peer_remove_extension(p, 43);
}

MISDEED(sh_no_session_id, HELLO)
{
    p->server_hello.legacy_session_id_echo.len = 0;
}
MISDEED(sh_short_session_id, HELLO)
{
    p->server_hello.legacy_session_id_echo.len = 31;
}
MISDEED(sh_other_session_id, HELLO)
{
    p->session_id[31] ^= 1;
}
MISDEED(sh_session_id_unasked, HELLO)
{
    p->server_hello.legacy_session_id_echo = (struct cub_view){(const uint8_t *)"x", 1};
}
MISDEED(sh_compression, HELLO)
{
    p->server_hello.legacy_compression_method = 1;
}
MISDEED(sh_suite_unknown, HELLO)
{
    p->server_hello.cipher_suite = 0x1399;
}
MISDEED(sh_suite_grease, HELLO)
{
    p->server_hello.cipher_suite = 0x0a0a;
}
MISDEED(sh_suite_tls12, HELLO)
{
    p->server_hello.cipher_suite = 0xc02b;
}
MISDEED(sh_suite_disabled, HELLO)
{
    p->server_hello.cipher_suite = 0x1305;
}
MISDEED(sh_no_key_share, HELLO2)
{
    peer_remove_extension(p, 51);
}
MISDEED(sh_group_without_share, HELLO)
{
    p->server_hello.key_share.group = 0x0017;
}
MISDEED(sh_group_unknown, HELLO)
{
    p->server_hello.key_share.group = 0x1a1a;
}
MISDEED(sh_share_short, HELLO)
{
    p->server_hello.key_share.key_exchange = (struct cub_view){p->client_share, 31};
}
MISDEED(sh_share_zero, HELLO)
{
    static const uint8_t zeros[32];

    p->server_hello.key_share.key_exchange = (struct cub_view){zeros, 32};
}
MISDEED(sh_share_empty, HELLO2)
{
    peer_remove_extension(p, 51);
    peer_add_extension(p, 51, "\0\x1d\0\0", 4);
}
MISDEED(sh_cookie, HELLO2)
{
    peer_add_extension(p, 44, "\0\1a", 3);
}
MISDEED(sh_server_name, HELLO2)
{
    peer_add_extension(p, 0, NULL, 0);
}
MISDEED(sh_alpn, HELLO2)
{
    peer_add_extension(p, 16, "\0\2\1a", 4);
}
MISDEED(sh_unknown_extension, HELLO2)
{
    peer_add_extension(p, 0x0a0a, NULL, 0);
}
MISDEED(sh_psk, HELLO2)
{
    peer_add_extension(p, 41, "\0\0", 2);
}
MISDEED(sh_twice_key_share, HELLO2)
{
    size_t len;
    uint8_t *body = peer_find_extension(p, 51, &len);

    peer_add_extension(p, 51, body, len);
}
MISDEED(sh_trailing, HELLO2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}
MISDEED(sh_short, HELLO2)
{
    p->message_len--;
    peer_fix_length(p);
}

static void without_compat(struct peer *p)
{
    p->no_compat = true;
    p->victim.config.flags |= CUB_FLAG_NO_COMPAT;
}

Test(misbehaving_server, server_hello)
{
    static const struct misdeed rows[] = {
        {"future version",      sh_future_version,      E_SH_SELECTED_VERSION, ALERT_ILLEGAL_PARAMETER,     0},
        {"selects 1.2",         sh_selects_tls12,       E_SH_SELECTED_VERSION, ALERT_ILLEGAL_PARAMETER,     0},
        {"draft version",       sh_draft_version,       E_SH_SELECTED_VERSION, ALERT_ILLEGAL_PARAMETER,     0},
        {"old",                 sh_old,                 E_SH_VERSION,          ALERT_PROTOCOL_VERSION,      0},
        {"SSL 3",               sh_ssl3,                E_SH_VERSION,          ALERT_PROTOCOL_VERSION,      0},
        {"version malformed",   sh_version_malformed,   E_DECODE_SERVER_HELLO, ALERT_DECODE_ERROR,          0},
        {"downgrade to 1.2",    sh_downgrade12,         E_SH_DOWNGRADE,        ALERT_ILLEGAL_PARAMETER,     0},
        {"downgrade to 1.1",    sh_downgrade11,         E_SH_DOWNGRADE,        ALERT_ILLEGAL_PARAMETER,     0},
        {"legacy version",      sh_legacy_version,      E_SH_LEGACY_VERSION,   ALERT_ILLEGAL_PARAMETER,     0},
        {"no session id",       sh_no_session_id,       E_SH_SESSION_ID_ECHO,  ALERT_ILLEGAL_PARAMETER,     0},
        {"short session id",    sh_short_session_id,    E_SH_SESSION_ID_ECHO,  ALERT_ILLEGAL_PARAMETER,     0},
        {"other session id",    sh_other_session_id,    E_SH_SESSION_ID_ECHO,  ALERT_ILLEGAL_PARAMETER,     0},
        {"session id unasked",  sh_session_id_unasked,  E_SH_SESSION_ID_ECHO,  ALERT_ILLEGAL_PARAMETER,
         without_compat                                                                                      },
        {"compression",         sh_compression,         E_DECODE_SERVER_HELLO, ALERT_DECODE_ERROR,          0},
        {"unknown suite",       sh_suite_unknown,       E_SH_CIPHER_SUITE,     ALERT_ILLEGAL_PARAMETER,     0},
        {"GREASE suite",        sh_suite_grease,        E_SH_CIPHER_SUITE,     ALERT_ILLEGAL_PARAMETER,     0},
        {"suite of 1.2",        sh_suite_tls12,         E_SH_CIPHER_SUITE,     ALERT_ILLEGAL_PARAMETER,     0},
        {"suite not enabled",   sh_suite_disabled,      E_SH_CIPHER_SUITE,     ALERT_ILLEGAL_PARAMETER,     0},
        {"no share",            sh_no_key_share,        E_SH_NO_KEY_SHARE,     ALERT_MISSING_EXTENSION,     0},
        {"group without share", sh_group_without_share, E_SH_GROUP,            ALERT_ILLEGAL_PARAMETER,     0},
        {"unknown group",       sh_group_unknown,       E_SH_GROUP,            ALERT_ILLEGAL_PARAMETER,     0},
        {"short share",         sh_share_short,         E_CRYPTO_SHARE,        ALERT_ILLEGAL_PARAMETER,     0},
        {"share of zeros",      sh_share_zero,          E_CRYPTO_SHARE,        ALERT_ILLEGAL_PARAMETER,     0},
        {"empty share",         sh_share_empty,         E_DECODE_SERVER_HELLO, ALERT_DECODE_ERROR,          0},
        {"cookie",              sh_cookie,              E_EXT_PLACE,           ALERT_ILLEGAL_PARAMETER,     0},
        {"server_name",         sh_server_name,         E_EXT_PLACE,           ALERT_ILLEGAL_PARAMETER,     0},
        {"alpn",                sh_alpn,                E_EXT_PLACE,           ALERT_ILLEGAL_PARAMETER,     0},
        {"unknown extension",   sh_unknown_extension,   E_EXT_UNSOLICITED,     ALERT_UNSUPPORTED_EXTENSION,
         0                                                                                                   },
        {"pre_shared_key",      sh_psk,                 E_EXT_UNSOLICITED,     ALERT_UNSUPPORTED_EXTENSION, 0},
        {"two shares",          sh_twice_key_share,     E_EXT_DUPLICATE_HELLO, ALERT_DECODE_ERROR,          0},
        {"a byte more",         sh_trailing,            E_DECODE_SERVER_HELLO, ALERT_DECODE_ERROR,          0},
        {"a byte less",         sh_short,               E_DECODE_SERVER_HELLO, ALERT_DECODE_ERROR,          0},
    };

    DO_MISDEEDS(rows, false);
}

/* HelloRetryRequest */

MISDEED(hrr_no_change, RETRY)
{
    p->server_hello.present &= ~(uint32_t)(EXT_BIT(EXT_KEY_SHARE) | EXT_BIT(EXT_COOKIE));
}
MISDEED(hrr_group_unknown, RETRY)
{
    p->server_hello.selected_group = 0x2a2a;
}
MISDEED(hrr_group_not_offered, RETRY)
{
    p->server_hello.selected_group = 0x0018;
}
MISDEED(hrr_group_offered, RETRY)
{
    p->server_hello.selected_group = 0x001d;
}
MISDEED(hrr_session_id, RETRY)
{
    p->session_id[0] ^= 1;
}
MISDEED(hrr_compression, RETRY)
{
    p->server_hello.legacy_compression_method = 1;
}
MISDEED(hrr_suite, RETRY)
{
    p->server_hello.cipher_suite = 0x1305;
}
MISDEED(hrr_version, RETRY)
{
    p->server_hello.version = 0x0303;
}
MISDEED(hrr_no_version, RETRY2)
{
    peer_remove_extension(p, 43);
}
MISDEED(hrr_legacy_version, RETRY)
{
    p->server_hello.legacy_version = 0x0301;
}
MISDEED(hrr_psk, RETRY2)
{
    peer_add_extension(p, 41, "\0\0", 2);
}
MISDEED(hrr_alpn, RETRY2)
{
    peer_add_extension(p, 16, "\0\2\1a", 4);
}
MISDEED(hrr_unknown_extension, RETRY2)
{
    peer_add_extension(p, 0xfafa, NULL, 0);
}
MISDEED(hrr_empty_cookie, RETRY2)
{
    peer_add_extension(p, 44, "\0\0", 2);
}
MISDEED(hrr_two_cookies, RETRY2)
{
    peer_add_extension(p, 44, "\0\1a", 3);
}
MISDEED(hrr_share, RETRY2)
{
    peer_remove_extension(p, 51);
    peer_add_extension(p, 51, "\0\x17\0\1a", 5);
}
MISDEED(hrr_again, PEER_SERVER_HELLO, PEER_BEFORE)
{
    struct wr w;

    wr_init(&w, p->message, sizeof p->message);
    p->server_hello.selected_group = 0x0018;
    cub_server_hello_encode(&w, &p->server_hello, IN_HRR);
    peer_send(p, CUB_HANDSHAKE, p->message, w.pos);
}

/* And a ServerHello that goes back on it. */
MISDEED(sh_suite_changed, HELLO)
{
    p->server_hello.cipher_suite = 0x1303;
}
MISDEED(sh_group_changed, HELLO)
{
    p->server_hello.key_share.group = 0x001d;
}
MISDEED(sh_version_changed, HELLO2)
{
    peer_remove_extension(p, 43);
}

Test(misbehaving_server, hello_retry_request)
{
    static const struct misdeed rows[] = {
        {"no change",            hrr_no_change,         E_HRR_NO_CHANGE,           ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"unknown group",        hrr_group_unknown,     E_HRR_GROUP,               ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"other group",          hrr_group_not_offered, E_HRR_GROUP,               ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"same group",           hrr_group_offered,     E_HRR_GROUP_OFFERED,       ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"session id",           hrr_session_id,        E_SH_SESSION_ID_ECHO,      ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"compression",          hrr_compression,       E_DECODE_SERVER_HELLO,     ALERT_DECODE_ERROR,          with_retry },
        {"suite",                hrr_suite,             E_SH_CIPHER_SUITE,         ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"version",              hrr_version,           E_SH_SELECTED_VERSION,     ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"no version",           hrr_no_version,        E_SH_VERSION,              ALERT_PROTOCOL_VERSION,      with_retry },
        {"legacy version",       hrr_legacy_version,    E_SH_LEGACY_VERSION,       ALERT_ILLEGAL_PARAMETER,
         with_retry                                                                                                        },
        {"pre_shared_key",       hrr_psk,               E_EXT_PLACE,               ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"alpn",                 hrr_alpn,              E_EXT_PLACE,               ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"unknown extension",    hrr_unknown_extension, E_EXT_UNSOLICITED,         ALERT_UNSUPPORTED_EXTENSION,
         with_retry                                                                                                        },
        {"empty cookie",         hrr_empty_cookie,      E_DECODE_SERVER_HELLO,     ALERT_DECODE_ERROR,          with_retry },
        {"two cookies",          hrr_two_cookies,       E_EXT_DUPLICATE,           ALERT_ILLEGAL_PARAMETER,     with_cookie},
        {"a whole share",        hrr_share,             E_DECODE_SERVER_HELLO,     ALERT_DECODE_ERROR,          with_retry },
        {"twice",                hrr_again,             E_UNEXPECTED_MESSAGE,      ALERT_UNEXPECTED_MESSAGE,    with_retry },
        {"then another suite",   sh_suite_changed,      E_SH_CIPHER_SUITE_CHANGED, ALERT_ILLEGAL_PARAMETER,
         with_retry                                                                                                        },
        {"then another group",   sh_group_changed,      E_SH_GROUP,                ALERT_ILLEGAL_PARAMETER,     with_retry },
        {"then another version", sh_version_changed,    E_SH_VERSION,              ALERT_PROTOCOL_VERSION,
         with_retry                                                                                                        },
    };

    DO_MISDEEDS(rows, false);
}

/* EncryptedExtensions */

#define EE  PEER_ENCRYPTED_EXTENSIONS, PEER_BEFORE
#define EE2 PEER_ENCRYPTED_EXTENSIONS, PEER_ENCODED

static void with_alpn(struct peer *p)
{
    p->victim.config.alpn = (struct cub_view){(const uint8_t *)"\2h2\3foo", 7};
}

MISDEED(ee_alpn_unasked, EE2)
{
    peer_add_extension(p, 16, "\0\2\1a", 4);
}
MISDEED(ee_alpn_other, EE2)
{
    peer_add_extension(p, 16, "\0\3\2h3", 5);
}
MISDEED(ee_alpn_part, EE2)
{
    peer_add_extension(p, 16, "\0\3\2fo", 5);
}
MISDEED(ee_alpn_two, EE2)
{
    peer_add_extension(p, 16, "\0\7\2h2\3foo", 9);
}
MISDEED(ee_key_share, EE2)
{
    peer_add_extension(p, 51, "\0\x1d\0\1a", 5);
}
MISDEED(ee_unknown, EE2)
{
    peer_add_extension(p, 0x3a3a, NULL, 0);
}
MISDEED(ee_early_data, EE2)
{
    peer_add_extension(p, 42, NULL, 0);
}
MISDEED(ee_server_name_twice, EE2)
{
    peer_add_extension(p, 0, NULL, 0);
    peer_add_extension(p, 0, NULL, 0);
}
MISDEED(ee_server_name_full, EE2)
{
    peer_add_extension(p, 0, "\0\4\0\0\1a", 6);
}
MISDEED(ee_limit_63, EE2)
{
    peer_add_extension(p, 28, "\0\77", 2);
}
MISDEED(ee_limit_large, EE2)
{
    peer_add_extension(p, 28, "\100\2", 2);
}
MISDEED(ee_short, EE2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(ee_trailing, EE2)
{
    p->message[p->message_len++] = 0;
    peer_fix_length(p);
}

Test(misbehaving_server, encrypted_extensions)
{
    static const struct misdeed rows[] = {
        {"alpn unasked",            ee_alpn_unasked,      E_EXT_UNSOLICITED,             ALERT_UNSUPPORTED_EXTENSION, 0        },
        {"alpn not offered",        ee_alpn_other,        E_EE_ALPN,                     ALERT_ILLEGAL_PARAMETER,     with_alpn},
        {"part of an alpn",         ee_alpn_part,         E_EE_ALPN,                     ALERT_ILLEGAL_PARAMETER,     with_alpn},
        {"two names",               ee_alpn_two,          E_DECODE_ENCRYPTED_EXTENSIONS, ALERT_DECODE_ERROR,          with_alpn},
        {"key_share",               ee_key_share,         E_EXT_PLACE,                   ALERT_ILLEGAL_PARAMETER,     0        },
        {"unknown",                 ee_unknown,           E_EXT_UNSOLICITED,             ALERT_UNSUPPORTED_EXTENSION, 0        },
        {"early_data unasked",      ee_early_data,        E_EXT_UNSOLICITED,             ALERT_UNSUPPORTED_EXTENSION, 0        },
        {"server_name twice",       ee_server_name_twice, E_EXT_DUPLICATE_HELLO,         ALERT_DECODE_ERROR,          0        },
        {"server_name with a name", ee_server_name_full,  E_DECODE_ENCRYPTED_EXTENSIONS,
         ALERT_DECODE_ERROR,                                                                                          0        },
        {"limit 63",                ee_limit_63,          E_RECORD_SIZE_LIMIT,           ALERT_ILLEGAL_PARAMETER,     0        },
        {"limit 2^14 + 2",          ee_limit_large,       E_RECORD_SIZE_LIMIT,           ALERT_ILLEGAL_PARAMETER,     0        },
        {"a byte less",             ee_short,             E_DECODE_ENCRYPTED_EXTENSIONS, ALERT_DECODE_ERROR,          0        },
        {"a byte more",             ee_trailing,          E_DECODE_ENCRYPTED_EXTENSIONS, ALERT_DECODE_ERROR,          0        },
    };

    DO_MISDEEDS(rows, false);
}

/* CertificateRequest */

#define REQUEST  PEER_CERTIFICATE_REQUEST, PEER_BEFORE
#define REQUEST2 PEER_CERTIFICATE_REQUEST, PEER_ENCODED

MISDEED(cr_context, REQUEST)
{
    p->certificate_request.certificate_request_context = (struct cub_view){p->session_id, 1};
}
MISDEED(cr_no_schemes, REQUEST2)
{
    peer_remove_extension(p, 13);
}
MISDEED(cr_empty_schemes, REQUEST2)
{
    peer_remove_extension(p, 13);
    peer_add_extension(p, 13, "\0\0", 2);
}
MISDEED(cr_key_share, REQUEST2)
{
    peer_add_extension(p, 51, "\0\x1d", 2);
}
MISDEED(cr_unknown_twice, REQUEST2)
{
    peer_add_extension(p, 0x7777, "a", 1);
    peer_add_extension(p, 0x7777, "a", 1);
}
MISDEED(cr_short, REQUEST2)
{
    p->message_len--;
    peer_fix_length(p);
}
MISDEED(cr_twice, PEER_CERTIFICATE, PEER_BEFORE)
{
    peer_send(p, CUB_HANDSHAKE, p->message, p->message_len);
}

Test(misbehaving_server, certificate_request)
{
    static const struct misdeed rows[] = {
        {"context",       cr_context,       E_CR_CONTEXT,                 ALERT_ILLEGAL_PARAMETER,  with_client_auth},
        {"no schemes",    cr_no_schemes,    E_CR_NO_SIGNATURE_ALGORITHMS, ALERT_MISSING_EXTENSION,
         with_client_auth                                                                                           },
        {"empty schemes", cr_empty_schemes, E_DECODE_CERTIFICATE_REQUEST, ALERT_DECODE_ERROR,
         with_client_auth                                                                                           },
        {"key_share",     cr_key_share,     E_EXT_PLACE,                  ALERT_ILLEGAL_PARAMETER,  with_client_auth},
        {"two unknown",   cr_unknown_twice, E_EXT_DUPLICATE,              ALERT_ILLEGAL_PARAMETER,
         with_client_auth                                                                                           },
        {"a byte less",   cr_short,         E_DECODE_CERTIFICATE_REQUEST, ALERT_DECODE_ERROR,
         with_client_auth                                                                                           },
        {"twice",         cr_twice,         E_UNEXPECTED_MESSAGE,         ALERT_UNEXPECTED_MESSAGE, with_client_auth},
    };

    DO_MISDEEDS(rows, false);
}

/* What a client does not mind: GREASE [RFC8701-3.2], and what it may ignore. */

MISDEED(grease_in_request, REQUEST2)
{
    peer_remove_extension(p, 13);
    peer_add_extension(p, 0x4a4a, NULL, 0);
    peer_add_extension(p, 13, "\0\6\x5a\x5a\4\3\x6a\x6a", 8);
    peer_add_extension(p, 0x5a5a, "x", 1);
}
MISDEED(request_extras, REQUEST2)
{
    peer_add_extension(p, 48, "\0\0", 2);       /* oid_filters */
    peer_add_extension(p, 5, "\1\0\0\0\0", 5);  /* status_request */
    peer_add_extension(p, 50, "\0\2\4\3", 4);   /* signature_algorithms_cert */
    peer_add_extension(p, 47, "\0\4\0\2ab", 6); /* certificate_authorities */
}
/* Nothing that we can sign: then the client has no certificate to show. */
MISDEED(request_of_others, REQUEST2)
{
    peer_remove_extension(p, 13);
    peer_add_extension(p, 13, "\0\4\x08\x07\x6a\x6a", 6);
}
MISDEED(ee_groups, EE2)
{
    peer_add_extension(p, 10, "\0\4\x7a\x7a\0\x18", 6);
}
MISDEED(ee_server_name, EE2)
{
    peer_add_extension(p, 0, NULL, 0);
}
MISDEED(sh_reordered, HELLO2)
{
    uint8_t body[256];
    size_t len;

    memcpy(body, peer_find_extension(p, 51, &len), sizeof body);
    peer_remove_extension(p, 51);
    peer_add_extension(p, 51, body, len);
}

Test(misbehaving_server, harmless)
{
    static const struct harmless rows[] = {
        {"GREASE in CertificateRequest", grease_in_request, with_client_auth},
        {"extras in CertificateRequest", request_extras,    with_client_auth},
        {"nothing to sign with",         request_of_others, with_client_auth},
        {"groups",                       ee_groups,         0               },
        {"server_name confirmed",        ee_server_name,    0               },
        {"another order",                sh_reordered,      0               },
    };

    DO_HARMLESS(rows, false);
}
