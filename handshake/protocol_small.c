/*
 * The tables of handshake/protocol.c without the rows of what a small profile leaves out, so that
 * the linker can leave out the rest, and without states of which nothing is left but the step to
 * the next. Nothing else differs, but that a client without certificates chooses none when it is
 * asked for one, that who does not resume passes over tickets, derives no secret for them and asks
 * for no OCSP response and no SCTs, and that nobody traces; alerts mean what they say in TLS 1.3,
 * whatever their level, and clients have no names for what strangers send.
 */
#include "handshake/actions.h"
#include "handshake/key_share.h"
#include "handshake/offers.h"

/* clang-format off */

/* A client that knows its servers by pre-shared keys alone. */
static const struct cub_row client13_psk[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          STEP, NULL,               cub_send_client_hello,          WAIT_SH,       K_NONE),
    R(WAIT_SH,        SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(WAIT_SH,        HRR,  NULL,               cub_recv_hello_retry,           RETRY,         K_NONE),
    R(RETRY,          STEP, cub_ccs_due,        cub_send_ccs,                   RETRY,         K_NONE),
    R(RETRY,          STEP, NULL,               cub_send_client_hello,          WAIT_SH_AGAIN, K_NONE),
    R(WAIT_SH_AGAIN,  SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, cub_ccs_due,        cub_send_ccs,                   GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, NULL,               cub_accept_server_hello,        WAIT_EE,       K_RW_HS),
    R(WAIT_EE,        EE,   NULL,               cub_recv_encrypted_extensions,  WAIT_FINISHED, K_NONE),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE),
    R(GOT_FINISHED,   STEP, NULL,               cub_derive_application_secrets, SEND_FINISHED, K_R_APP),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              CONNECTED,     K_W_APP),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
    R(CONNECTED,      NST,  NULL,               cub_pass_over_ticket,           CONNECTED,     K_APART),
};

/* The same without middlebox compatibility mode. */
static const struct cub_row client13_psk_ke[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          STEP, NULL,               cub_send_client_hello,          WAIT_SH,       K_NONE),
    R(WAIT_SH,        SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(WAIT_SH,        HRR,  NULL,               cub_recv_hello_retry,           RETRY,         K_NONE),
    R(RETRY,          STEP, NULL,               cub_send_client_hello,          WAIT_SH_AGAIN, K_NONE),
    R(WAIT_SH_AGAIN,  SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, NULL,               cub_accept_server_hello,        WAIT_EE,       K_RW_HS),
    R(WAIT_EE,        EE,   NULL,               cub_recv_encrypted_extensions,  WAIT_FINISHED, K_NONE),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE),
    R(GOT_FINISHED,   STEP, NULL,               cub_derive_application_secrets, SEND_FINISHED, K_R_APP),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              CONNECTED,     K_W_APP),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
    R(CONNECTED,      NST,  NULL,               cub_pass_over_ticket,           CONNECTED,     K_APART),
};

/* A client without resumption and pre-shared keys, and without a certificate of its own. */
static const struct cub_row client13_cert[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          STEP, NULL,               cub_send_client_hello,          WAIT_SH,       K_NONE),
    R(WAIT_SH,        SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(WAIT_SH,        HRR,  NULL,               cub_recv_hello_retry,           RETRY,         K_NONE),
    R(RETRY,          STEP, cub_ccs_due,        cub_send_ccs,                   RETRY,         K_NONE),
    R(RETRY,          STEP, NULL,               cub_send_client_hello,          WAIT_SH_AGAIN, K_NONE),
    R(WAIT_SH_AGAIN,  SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, cub_ccs_due,        cub_send_ccs,                   GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, NULL,               cub_accept_server_hello,        WAIT_EE,       K_RW_HS),
    R(WAIT_EE,        EE,   NULL,               cub_recv_encrypted_extensions,  WAIT_CERT_CR,  K_NONE),
    R(WAIT_CERT_CR,   CR,   NULL,               cub_decline_certificate_request, WAIT_CERT,    K_NONE),
    R(WAIT_CERT_CR,   CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE),
    R(WAIT_CERT,      CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE),
    R(GOT_CERT,       STEP, NULL,               cub_verify_chain,               WAIT_CV,       K_NONE),
    R(WAIT_CV,        CV,   NULL,               cub_recv_certificate_verify,    WAIT_FINISHED, K_NONE),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE),
    R(GOT_FINISHED,   STEP, NULL,               cub_derive_application_secrets, SEND_CERT,     K_R_APP),
    R(SEND_CERT,      STEP, cub_cert_requested, cub_send_no_certificate,        SEND_FINISHED, K_LONG),
    R(SEND_CERT,      STEP, NULL,               NULL,                           SEND_FINISHED, K_NONE),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              CONNECTED,     K_W_APP),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
    R(CONNECTED,      NST,  NULL,               cub_pass_over_ticket,           CONNECTED,     K_APART),
};

/* A client with resumption and pre-shared keys, without a certificate of its own and 0-RTT. */
static const struct cub_row client13_session[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          STEP, NULL,               cub_send_client_hello,          WAIT_SH,       K_NONE),
    R(WAIT_SH,        SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(WAIT_SH,        HRR,  NULL,               cub_recv_hello_retry,           RETRY,         K_NONE),
    R(RETRY,          STEP, cub_ccs_due,        cub_send_ccs,                   RETRY,         K_NONE),
    R(RETRY,          STEP, NULL,               cub_send_client_hello,          WAIT_SH_AGAIN, K_NONE),
    R(WAIT_SH_AGAIN,  SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, cub_ccs_due,        cub_send_ccs,                   GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, NULL,               cub_accept_server_hello,        WAIT_EE,       K_RW_HS),
    R(WAIT_EE,        EE,   NULL,               cub_recv_encrypted_extensions,  GOT_EE,        K_NONE),
    R(GOT_EE,         STEP, cub_using_psk,      NULL,                           WAIT_FINISHED, K_NONE),
    R(GOT_EE,         STEP, NULL,               NULL,                           WAIT_CERT_CR,  K_NONE),
    R(WAIT_CERT_CR,   CR,   NULL,               cub_decline_certificate_request, WAIT_CERT,    K_NONE),
    R(WAIT_CERT_CR,   CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE),
    R(WAIT_CERT,      CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE),
    R(GOT_CERT,       STEP, NULL,               cub_verify_chain,               WAIT_CV,       K_NONE),
    R(WAIT_CV,        CV,   NULL,               cub_recv_certificate_verify,    WAIT_FINISHED, K_NONE),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE),
    R(GOT_FINISHED,   STEP, NULL,               cub_derive_application_secrets, SEND_CERT,     K_R_APP),
    R(SEND_CERT,      STEP, cub_cert_requested, cub_send_no_certificate,        SEND_FINISHED, K_LONG),
    R(SEND_CERT,      STEP, NULL,               NULL,                           SEND_FINISHED, K_NONE),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              SENT_FINISHED, K_NONE),
    R(SENT_FINISHED,  STEP, NULL,               cub_derive_resumption_secret,   CONNECTED,     K_W_APP),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
    R(CONNECTED,      NST,  NULL,               cub_recv_new_session_ticket,    CONNECTED,     K_APART),
};

/* A server that knows its clients by pre-shared keys alone. */
static const struct cub_row server13_psk[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          CH,   NULL,               cub_recv_client_hello,          GOT_CH,        K_APART),
    R(GOT_CH,         STEP, NULL,               cub_wait_hello,                 SELECT_PSK,    K_NONE),
    R(SELECT_PSK,     STEP, cub_psk_possible,   cub_select_psk,                 NEGOTIATE,     K_NONE),
    R(SELECT_PSK,     STEP, NULL,               NULL,                           NEGOTIATE,     K_NONE),
    R(NEGOTIATE,      STEP, NULL,               cub_negotiate,                  NEGOTIATED,    K_NONE),
    R(NEGOTIATED,     STEP, cub_needs_retry,    cub_send_hello_retry,           SENT_HRR,      K_NONE),
    R(NEGOTIATED,     STEP, NULL,               NULL,                           SEND_SH,       K_NONE),
    R(SEND_SH,        STEP, NULL,               cub_send_server_hello,          SENT_SH,       K_NONE),
    R(SENT_HRR,       STEP, cub_ccs_due,        cub_send_ccs,                   WAIT_CH_AGAIN, K_NONE),
    R(SENT_HRR,       STEP, NULL,               NULL,                           WAIT_CH_AGAIN, K_NONE),
    R(WAIT_CH_AGAIN,  CH,   NULL,               cub_recv_client_hello_again,    SELECT_PSK,    K_APART),
    R(SENT_SH,        STEP, NULL,               cub_derive_handshake_secrets,   SEND_CCS,      K_RW_HS),
    R(SEND_CCS,       STEP, cub_ccs_due,        cub_send_ccs,                   SEND_EE,       K_NONE),
    R(SEND_CCS,       STEP, NULL,               NULL,                           SEND_EE,       K_NONE),
    R(SEND_EE,        STEP, cub_using_psk,      cub_send_encrypted_extensions,  SEND_FINISHED, K_NONE),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              SENT_FINISHED, K_NONE),
    R(SENT_FINISHED,  STEP, NULL,               cub_derive_application_secrets, WAIT_FINISHED, K_W_APP),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE),
    R(GOT_FINISHED,   STEP, NULL,               cub_derive_resumption_secret,   CONNECTED,     K_R_APP),
    R(CONNECTED,      STEP, cub_ticket_due,     cub_send_new_session_ticket,    CONNECTED,     K_APART),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
};

/* A server without resumption and without pre-shared keys. */
static const struct cub_row server13_cert[] = {
    /* state         on    guard               action                          next           keys */
    R(START,          CH,   NULL,               cub_recv_client_hello,          GOT_CH,        K_APART),
    R(GOT_CH,         STEP, NULL,               cub_wait_hello,                 NEGOTIATE,     K_NONE),
    R(NEGOTIATE,      STEP, NULL,               cub_negotiate,                  NEGOTIATED,    K_NONE),
    R(NEGOTIATED,     STEP, cub_needs_retry,    cub_send_hello_retry,           SENT_HRR,      K_NONE),
    R(NEGOTIATED,     STEP, NULL,               NULL,                           SEND_SH,       K_NONE),
    R(SEND_SH,        STEP, NULL,               cub_send_server_hello,          SENT_SH,       K_NONE),
    R(SENT_HRR,       STEP, cub_ccs_due,        cub_send_ccs,                   WAIT_CH_AGAIN, K_NONE),
    R(SENT_HRR,       STEP, NULL,               NULL,                           WAIT_CH_AGAIN, K_NONE),
    R(WAIT_CH_AGAIN,  CH,   NULL,               cub_recv_client_hello_again,    NEGOTIATE,     K_APART),
    R(SENT_SH,        STEP, NULL,               cub_derive_handshake_secrets,   SEND_CCS,      K_RW_HS),
    R(SEND_CCS,       STEP, cub_ccs_due,        cub_send_ccs,                   SEND_EE,       K_NONE),
    R(SEND_CCS,       STEP, NULL,               NULL,                           SEND_EE,       K_NONE),
    R(SEND_EE,        STEP, NULL,               cub_send_encrypted_extensions,  SEND_CR,       K_NONE),
    R(SEND_CR,        STEP, cub_cert_requested, cub_send_certificate_request,   SEND_CERT,     K_NONE),
    R(SEND_CR,        STEP, NULL,               NULL,                           SEND_CERT,     K_NONE),
    R(SEND_CERT,      STEP, NULL,               cub_send_certificate,           SEND_CV,       K_LONG),
    R(SEND_CV,        STEP, NULL,               cub_send_certificate_verify,    SEND_FINISHED, K_NONE),
    R(SEND_FINISHED,  STEP, NULL,               cub_send_finished,              SENT_FINISHED, K_NONE),
    R(SENT_FINISHED,  STEP, cub_cert_requested, cub_derive_application_secrets, WAIT_CERT,     K_W_APP),
    R(SENT_FINISHED,  STEP, NULL,               cub_derive_application_secrets, WAIT_FINISHED, K_W_APP),
    R(WAIT_CERT,      CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE),
    R(GOT_CERT,       STEP, cub_peer_has_cert,  cub_verify_chain,               WAIT_CV,       K_NONE),
    R(GOT_CERT,       STEP, NULL,               NULL,                           WAIT_FINISHED, K_NONE),
    R(WAIT_CV,        CV,   NULL,               cub_recv_certificate_verify,    WAIT_FINISHED, K_NONE),
    R(WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              CONNECTED,     K_R_APP),
    R(CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW | K_APART),
    R(CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW | K_APART),
};

/* TLS 1.2: a client without resumption, for suites with ECDHE and certificates. */
static const struct cub_row client12_cert[] = {
    /* state         on    guard                action                           next           keys */
    R(START,          STEP, NULL,                cub_send_client_hello,           WAIT_SH,       K_NONE),
    R(WAIT_SH,        SH,   NULL,                cub_recv_server_hello12,         GOT_SH,        K_NONE),
    R(GOT_SH,         STEP, NULL,                cub_accept_server_hello12,       WAIT_CERT,     K_NONE),
    R(WAIT_CERT,      CERT, NULL,                cub_recv_certificate,            WAIT_SKE_CS,   K_NONE),
    R(WAIT_SKE_CS,    SKE,  NULL,                cub_take_message,                GOT_SKE,       K_NONE),
    R(WAIT_SKE,       SKE,  NULL,                cub_take_message,                GOT_SKE,       K_NONE),
    R(GOT_SKE,        STEP, NULL,                cub_verify_chain,                VERIFIED,      K_NONE),
    R(VERIFIED,       STEP, NULL,                cub_accept_server_key_exchange,  WAIT_CR_SHD,   K_NONE),
    R(WAIT_CR_SHD,    CR,   NULL,                cub_recv_certificate_request12,  WAIT_SHD,      K_NONE),
    R(WAIT_CR_SHD,    SHD,  NULL,                cub_take_empty,                  SEND_CERT,     K_NONE),
    R(WAIT_SHD,       SHD,  NULL,                cub_take_empty,                  SEND_CERT,     K_NONE),
    R(SEND_CERT,      STEP, cub_cert_requested,  cub_send_certificate,            SEND_CKE,      K_LONG),
    R(SEND_CERT,      STEP, NULL,                NULL,                            SEND_CKE,      K_NONE),
    R(SEND_CKE,       STEP, NULL,                cub_send_client_key_exchange,    SENT_CKE,      K_NONE),
    R(SENT_CKE,       STEP, NULL,                cub_derive_master_secret,        SEND_CV,       K_NONE),
    R(SEND_CV,        STEP, cub_has_credential,  cub_send_certificate_verify12,   SEND_CCS,      K_NONE),
    R(SEND_CV,        STEP, NULL,                NULL,                            SEND_CCS,      K_NONE),
    R(SEND_CCS,       STEP, NULL,                cub_send_ccs,                    SEND_FINISHED, K_W_APP),
    R(SEND_FINISHED,  STEP, NULL,                cub_send_finished12,             WAIT_CCS,      K_NONE),
    R(WAIT_CCS,       CCS,  NULL,                NULL,                            WAIT_FINISHED, K_R_APP),
    R(WAIT_FINISHED,  FIN,  NULL,                cub_recv_finished12,             CONNECTED,     K_NONE),
    R(CONNECTED,      HR,   NULL,                cub_refuse_renegotiation,        CONNECTED,     K_APART),
};

/* A server of the same. */
static const struct cub_row server12_cert[] = {
    /* state         on    guard                action                           next           keys */
    R(START,          CH,   NULL,                cub_recv_client_hello,           GOT_CH,        K_APART),
    R(GOT_CH,         STEP, NULL,                cub_wait_hello,                  NEGOTIATE,     K_NONE),
    R(NEGOTIATE,      STEP, NULL,                cub_negotiate12,                 NEGOTIATED,    K_NONE),
    R(NEGOTIATED,     STEP, NULL,                cub_send_server_hello12,         SEND_CERT,     K_NONE),
    R(SEND_CERT,      STEP, NULL,                cub_send_certificate,            SEND_STATUS,   K_LONG),
    R(SEND_STATUS,    STEP, cub_status_due,      cub_send_certificate_status,     SEND_SKE,      K_LONG),
    R(SEND_STATUS,    STEP, NULL,                NULL,                            SEND_SKE,      K_NONE),
    R(SEND_SKE,       STEP, cub_ske_due,         cub_send_server_key_exchange,    SEND_CR,       K_NONE),
    R(SEND_CR,        STEP, cub_cert_requested,  cub_send_certificate_request12,  SEND_SHD,      K_NONE),
    R(SEND_CR,        STEP, NULL,                NULL,                            SEND_SHD,      K_NONE),
    R(SEND_SHD,       STEP, NULL,                cub_send_server_hello_done,      SENT_FLIGHT,   K_NONE),
    R(SENT_FLIGHT,    STEP, cub_cert_requested,  NULL,                            WAIT_CERT,     K_NONE),
    R(SENT_FLIGHT,    STEP, NULL,                NULL,                            WAIT_CKE,      K_NONE),
    R(WAIT_CERT,      CERT, NULL,                cub_recv_certificate,            GOT_CERT,      K_NONE),
    R(GOT_CERT,       STEP, cub_peer_has_cert,   cub_verify_chain,                WAIT_CKE,      K_NONE),
    R(GOT_CERT,       STEP, NULL,                NULL,                            WAIT_CKE,      K_NONE),
    R(WAIT_CKE,       CKE,  NULL,                cub_take_message,                GOT_CKE,       K_NONE),
    R(GOT_CKE,        STEP, NULL,                cub_accept_client_key_exchange,  KEYS_AGREED,   K_NONE),
    R(KEYS_AGREED,    STEP, cub_peer_has_cert,   cub_derive_master_secret,        WAIT_CV,       K_NONE),
    R(KEYS_AGREED,    STEP, NULL,                cub_derive_master_secret,        WAIT_CCS,      K_NONE),
    R(WAIT_CV,        CV,   NULL,                cub_recv_certificate_verify12,   WAIT_CCS,      K_NONE),
    R(WAIT_CCS,       CCS,  NULL,                NULL,                            WAIT_FINISHED, K_R_APP),
    R(WAIT_FINISHED,  FIN,  NULL,                cub_recv_finished12,             SEND_CCS,      K_NONE),
    R(SEND_CCS,       STEP, NULL,                cub_send_ccs,                    SEND_FINISHED, K_W_APP),
    R(SEND_FINISHED,  STEP, NULL,                cub_send_finished12,             CONNECTED,     K_NONE),
    R(CONNECTED,      CH,   NULL,                cub_refuse_renegotiation,        CONNECTED,     K_APART),
};

#define ROWS(table) .rows = table, .count = sizeof table / sizeof *table

const struct cub_protocol cub_client13_psk = {
    ROWS(client13_psk),
    .install = cub_install13,
    .memory = cub_memory13,
    .prepare = cub_prepare13,
    .offers = cub_offers13_psk,
    .shares = &cub_key_shares,
};
const struct cub_protocol cub_client13_psk_ke = {
    ROWS(client13_psk_ke),
    .install = cub_install13,
    .offers = cub_offers13_psk_ke,
};
const struct cub_protocol cub_client13_cert = {
    ROWS(client13_cert),
    .install = cub_install13,
    .unit = cub_certificate_unit,
    .memory = cub_memory13,
    .prepare = cub_prepare13,
    .offers = cub_offers13_cert,
    .shares = &cub_key_shares,
};
const struct cub_protocol cub_client13_session = {
    ROWS(client13_session),
    .install = cub_install13,
    .unit = cub_certificate_unit,
    .memory = cub_memory13,
    .prepare = cub_prepare13,
    .offers = cub_offers13_session,
    .shares = &cub_key_shares,
    .stapled = cub_take_stapled,
};
const struct cub_protocol cub_server13_psk = {
    ROWS(server13_psk),
    .install = cub_install13,
    .memory = cub_memory13,
    .judge = cub_explain_record,
};
const struct cub_protocol cub_server13_cert = {
    ROWS(server13_cert),
    .install = cub_install13,
    .unit = cub_certificate_unit,
    .memory = cub_memory13,
    .judge = cub_explain_record,
    .anonymous = cub_client_may_be_anonymous,
};
const struct cub_protocol cub_client12_cert = {
    ROWS(client12_cert),
    .install = cub_install12,
    .unit = cub_certificate_unit,
    .memory = cub_memory12,
    .judge = cub_judge_record,
    .recv_hello = cub_recv_server_hello12,
    .put_suites = cub_put_suites12,
    .offers = cub_offers12_cert,
};
const struct cub_protocol cub_server12_cert = {
    ROWS(server12_cert),
    .install = cub_install12,
    .unit = cub_certificate_unit,
    .memory = cub_memory12,
    .judge = cub_judge_record,
    .anonymous = cub_client_may_be_anonymous,
};

/* clang-format on */
