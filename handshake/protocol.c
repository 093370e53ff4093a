/*
 * The protocol. The first row whose state and trigger match and whose guard holds is taken; where
 * there is none, a message is unexpected. [RFC8446-A], [RFC5246-7.3]
 */
#include "handshake/actions.h"

/* clang-format off */

static const struct cub_row client13[] = {
    /* state          on    guard               action                          next           keys */
    { START,          STEP, NULL,               cub_send_client_hello,          SENT_CH,       K_NONE },
    { SENT_CH,        STEP, cub_early_ccs_due,  cub_send_ccs,                   SENT_CH,       K_NONE },
    { SENT_CH,        STEP, cub_early_offered,  cub_derive_early_secrets,       WAIT_SH,       K_W_EARLY },
    { SENT_CH,        STEP, NULL,               NULL,                           WAIT_SH,       K_NONE },
    { WAIT_SH,        SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE },
    { WAIT_SH,        HRR,  cub_early_offered,  cub_recv_hello_retry,           RETRY,         K_W_CLEAR },
    { WAIT_SH,        HRR,  NULL,               cub_recv_hello_retry,           RETRY,         K_NONE },
    { RETRY,          STEP, cub_ccs_due,        cub_send_ccs,                   RETRY_HELLO,   K_NONE },
    { RETRY,          STEP, NULL,               NULL,                           RETRY_HELLO,   K_NONE },
    { RETRY_HELLO,    STEP, NULL,               cub_send_client_hello,          WAIT_SH_AGAIN, K_NONE },
    { WAIT_SH_AGAIN,  SH,   NULL,               cub_recv_server_hello,          GOT_SH,        K_NONE },
    { GOT_SH,         STEP, cub_ccs_due,        cub_send_ccs,                   GOT_SH,        K_NONE },
    { GOT_SH,         STEP, cub_early_offered,  cub_accept_server_hello,        WAIT_EE,       K_R_HS },
    { GOT_SH,         STEP, NULL,               cub_accept_server_hello,        WAIT_EE,       K_RW_HS },
    { WAIT_EE,        EE,   cub_early_offered,  cub_recv_early_answer,          GOT_EE,        K_NONE },
    { WAIT_EE,        EE,   NULL,               cub_recv_encrypted_extensions,  GOT_EE,        K_NONE },
    { GOT_EE,         STEP, cub_early_offered,  cub_stop_early_data,            GOT_EE,        K_W_HS },
    { GOT_EE,         STEP, cub_using_psk,      NULL,                           WAIT_FINISHED, K_NONE },
    { GOT_EE,         STEP, NULL,               NULL,                           WAIT_CERT_CR,  K_NONE },
    { WAIT_CERT_CR,   CR,   NULL,               cub_recv_certificate_request,   WAIT_CERT,     K_NONE },
    { WAIT_CERT_CR,   CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE },
    { WAIT_CERT,      CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE },
    { GOT_CERT,       STEP, NULL,               cub_verify_chain,               WAIT_CV,       K_NONE },
    { WAIT_CV,        CV,   NULL,               cub_recv_certificate_verify,    WAIT_FINISHED, K_NONE },
    { WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE },
    { GOT_FINISHED,   STEP, NULL,               cub_derive_application_secrets, SEND_EOED,     K_R_APP },
    { SEND_EOED,      STEP, cub_early_accepted, cub_send_end_of_early_data,     SEND_CERT,     K_W_HS },
    { SEND_EOED,      STEP, NULL,               NULL,                           SEND_CERT,     K_NONE },
    { SEND_CERT,      STEP, cub_cert_requested, cub_send_certificate,           SEND_CV,       K_NONE },
    { SEND_CERT,      STEP, NULL,               NULL,                           SEND_FINISHED, K_NONE },
    { SEND_CV,        STEP, cub_has_credential, cub_send_certificate_verify,    SEND_FINISHED, K_NONE },
    { SEND_CV,        STEP, NULL,               NULL,                           SEND_FINISHED, K_NONE },
    { SEND_FINISHED,  STEP, NULL,               cub_send_finished,              SENT_FINISHED, K_NONE },
    { SENT_FINISHED,  STEP, NULL,               cub_derive_resumption_secret,   CONNECTED,     K_W_APP },
    { CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW },
    { CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW },
    { CONNECTED,      NST,  NULL,               cub_recv_new_session_ticket,    CONNECTED,     K_NONE },
};

static const struct cub_row server13[] = {
    /* state          on    guard               action                          next           keys */
    { START,          CH,   NULL,               cub_recv_client_hello,          GOT_CH,        K_NONE },
    { GOT_CH,         STEP, NULL,               cub_wait_hello,                 SELECT_PSK,    K_NONE },
    { SELECT_PSK,     STEP, cub_psk_possible,   cub_select_psk,                 NEGOTIATE,     K_NONE },
    { SELECT_PSK,     STEP, NULL,               NULL,                           NEGOTIATE,     K_NONE },
    { NEGOTIATE,      STEP, NULL,               cub_negotiate,                  NEGOTIATED,    K_NONE },
    { NEGOTIATED,     STEP, cub_needs_retry,    cub_send_hello_retry,           SENT_HRR,      K_NONE },
    { NEGOTIATED,     STEP, cub_early_possible, cub_consider_early_data,        NEGOTIATED,    K_NONE },
    { NEGOTIATED,     STEP, cub_early_accepted, cub_derive_early_secrets,       SEND_SH,       K_NONE },
    { NEGOTIATED,     STEP, NULL,               NULL,                           SEND_SH,       K_NONE },
    { SEND_SH,        STEP, NULL,               cub_send_server_hello,          SENT_SH,       K_NONE },
    { SENT_HRR,       STEP, cub_ccs_due,        cub_send_ccs,                   WAIT_CH_AGAIN, K_NONE },
    { SENT_HRR,       STEP, NULL,               NULL,                           WAIT_CH_AGAIN, K_NONE },
    { WAIT_CH_AGAIN,  CH,   NULL,               cub_recv_client_hello_again,    SELECT_PSK,    K_NONE },
    { SENT_SH,        STEP, cub_early_accepted, cub_derive_handshake_secrets,   SEND_CCS,      K_R_EARLY | K_W_HS },
    { SENT_SH,        STEP, NULL,               cub_derive_handshake_secrets,   SEND_CCS,      K_RW_HS },
    { SEND_CCS,       STEP, cub_ccs_due,        cub_send_ccs,                   SEND_EE,       K_NONE },
    { SEND_CCS,       STEP, NULL,               NULL,                           SEND_EE,       K_NONE },
    { SEND_EE,        STEP, cub_using_psk,      cub_send_encrypted_extensions,  SEND_FINISHED, K_NONE },
    { SEND_EE,        STEP, NULL,               cub_send_encrypted_extensions,  SEND_CR,       K_NONE },
    { SEND_CR,        STEP, cub_cert_requested, cub_send_certificate_request,   SEND_CERT,     K_NONE },
    { SEND_CR,        STEP, NULL,               NULL,                           SEND_CERT,     K_NONE },
    { SEND_CERT,      STEP, NULL,               cub_send_certificate,           SEND_CV,       K_NONE },
    { SEND_CV,        STEP, NULL,               cub_send_certificate_verify,    SEND_FINISHED, K_NONE },
    { SEND_FINISHED,  STEP, NULL,               cub_send_finished,              SENT_FINISHED, K_NONE },
    { SENT_FINISHED,  STEP, cub_early_accepted, cub_derive_application_secrets, WAIT_EOED,     K_W_APP },
    { SENT_FINISHED,  STEP, cub_cert_requested, cub_derive_application_secrets, WAIT_CERT,     K_W_APP },
    { SENT_FINISHED,  STEP, NULL,               cub_derive_application_secrets, WAIT_FINISHED, K_W_APP },
    { WAIT_EOED,      EOED, NULL,               cub_recv_end_of_early_data,     WAIT_FINISHED, K_R_HS },
    { WAIT_CERT,      CERT, NULL,               cub_recv_certificate,           GOT_CERT,      K_NONE },
    { GOT_CERT,       STEP, cub_peer_has_cert,  cub_verify_chain,               WAIT_CV,       K_NONE },
    { GOT_CERT,       STEP, NULL,               NULL,                           WAIT_FINISHED, K_NONE },
    { WAIT_CV,        CV,   NULL,               cub_recv_certificate_verify,    WAIT_FINISHED, K_NONE },
    { WAIT_FINISHED,  FIN,  NULL,               cub_recv_finished,              GOT_FINISHED,  K_NONE },
    { GOT_FINISHED,   STEP, NULL,               cub_derive_resumption_secret,   CONNECTED,     K_R_APP },
    { CONNECTED,      STEP, cub_ticket_due,     cub_send_new_session_ticket,    CONNECTED,     K_NONE },
    { CONNECTED,      STEP, cub_key_update_due, cub_send_key_update,            CONNECTED,     K_W_NEW },
    { CONNECTED,      KU,   NULL,               cub_recv_key_update,            CONNECTED,     K_R_NEW },
};

static const struct cub_row client12[] = {
    /* state          on    guard                action                           next           keys */
    { START,          STEP, NULL,                cub_send_client_hello,           WAIT_SH,       K_NONE },
    { WAIT_SH,        SH,   NULL,                cub_recv_server_hello,           GOT_SH,        K_NONE },
    { GOT_SH,         STEP, NULL,                cub_accept_server_hello12,       WAIT_CERT,     K_NONE },
    { WAIT_CERT,      CERT, NULL,                cub_recv_certificate,            WAIT_SKE_CS,   K_NONE },
    { WAIT_SKE_CS,    CS,   cub_status_expected, cub_recv_certificate_status,     WAIT_SKE,      K_NONE },
    { WAIT_SKE_CS,    SKE,  NULL,                cub_take_message,                GOT_SKE,       K_NONE },
    { WAIT_SKE,       SKE,  NULL,                cub_take_message,                GOT_SKE,       K_NONE },
    { GOT_SKE,        STEP, NULL,                cub_verify_chain,                VERIFIED,      K_NONE },
    { VERIFIED,       STEP, NULL,                cub_accept_server_key_exchange,  WAIT_CR_SHD,   K_NONE },
    { WAIT_CR_SHD,    CR,   NULL,                cub_recv_certificate_request12,  WAIT_SHD,      K_NONE },
    { WAIT_CR_SHD,    SHD,  NULL,                cub_take_empty,                  SEND_CERT,     K_NONE },
    { WAIT_SHD,       SHD,  NULL,                cub_take_empty,                  SEND_CERT,     K_NONE },
    { SEND_CERT,      STEP, cub_cert_requested,  cub_send_certificate,            SEND_CKE,      K_NONE },
    { SEND_CERT,      STEP, NULL,                NULL,                            SEND_CKE,      K_NONE },
    { SEND_CKE,       STEP, NULL,                cub_send_client_key_exchange,    SENT_CKE,      K_NONE },
    { SENT_CKE,       STEP, NULL,                cub_derive_master_secret,        SEND_CV,       K_NONE },
    { SEND_CV,        STEP, cub_has_credential,  cub_send_certificate_verify12,   SEND_CCS,      K_NONE },
    { SEND_CV,        STEP, NULL,                NULL,                            SEND_CCS,      K_NONE },
    { SEND_CCS,       STEP, NULL,                cub_send_ccs,                    SEND_FINISHED, K_W_12 },
    { SEND_FINISHED,  STEP, cub_ticket_expected, cub_send_finished12,             WAIT_TICKET,   K_NONE },
    { SEND_FINISHED,  STEP, NULL,                cub_send_finished12,             WAIT_CCS,      K_NONE },
    { WAIT_TICKET,    NST,  NULL,                cub_recv_new_session_ticket12,   WAIT_CCS,      K_NONE },
    { WAIT_CCS,       CCS,  NULL,                NULL,                            WAIT_FINISHED, K_R_12 },
    { WAIT_FINISHED,  FIN,  NULL,                cub_recv_finished12,             CONNECTED,     K_NONE },
    { CONNECTED,      HR,   NULL,                cub_refuse_renegotiation,        CONNECTED,     K_NONE },
};

static const struct cub_row server12[] = {
    /* state          on    guard                action                           next           keys */
    { START,          CH,   NULL,                cub_recv_client_hello,           GOT_CH,        K_NONE },
    { GOT_CH,         STEP, NULL,                cub_wait_hello,                  NEGOTIATE,     K_NONE },
    { NEGOTIATE,      STEP, NULL,                cub_negotiate12,                 NEGOTIATED,    K_NONE },
    { NEGOTIATED,     STEP, NULL,                cub_send_server_hello12,         SEND_CERT,     K_NONE },
    { SEND_CERT,      STEP, NULL,                cub_send_certificate,            SEND_STATUS,   K_NONE },
    { SEND_STATUS,    STEP, cub_status_due,      cub_send_certificate_status,     SEND_SKE,      K_NONE },
    { SEND_STATUS,    STEP, NULL,                NULL,                            SEND_SKE,      K_NONE },
    { SEND_SKE,       STEP, NULL,                cub_send_server_key_exchange,    SEND_CR,       K_NONE },
    { SEND_CR,        STEP, cub_cert_requested,  cub_send_certificate_request12,  SEND_SHD,      K_NONE },
    { SEND_CR,        STEP, NULL,                NULL,                            SEND_SHD,      K_NONE },
    { SEND_SHD,       STEP, NULL,                cub_send_server_hello_done,      SENT_FLIGHT,   K_NONE },
    { SENT_FLIGHT,    STEP, cub_cert_requested,  NULL,                            WAIT_CERT,     K_NONE },
    { SENT_FLIGHT,    STEP, NULL,                NULL,                            WAIT_CKE,      K_NONE },
    { WAIT_CERT,      CERT, NULL,                cub_recv_certificate,            GOT_CERT,      K_NONE },
    { GOT_CERT,       STEP, cub_peer_has_cert,   cub_verify_chain,                WAIT_CKE,      K_NONE },
    { GOT_CERT,       STEP, NULL,                NULL,                            WAIT_CKE,      K_NONE },
    { WAIT_CKE,       CKE,  NULL,                cub_recv_client_key_exchange,    GOT_CKE,       K_NONE },
    { GOT_CKE,        STEP, cub_peer_has_cert,   cub_derive_master_secret,        WAIT_CV,       K_NONE },
    { GOT_CKE,        STEP, NULL,                cub_derive_master_secret,        WAIT_CCS,      K_NONE },
    { WAIT_CV,        CV,   NULL,                cub_recv_certificate_verify12,   WAIT_CCS,      K_NONE },
    { WAIT_CCS,       CCS,  NULL,                NULL,                            WAIT_FINISHED, K_R_12 },
    { WAIT_FINISHED,  FIN,  NULL,                cub_recv_finished12,             SEND_CCS,      K_NONE },
    { SEND_CCS,       STEP, NULL,                cub_send_ccs,                    SEND_FINISHED, K_W_12 },
    { SEND_FINISHED,  STEP, NULL,                cub_send_finished12,             CONNECTED,     K_NONE },
    { CONNECTED,      CH,   NULL,                cub_refuse_renegotiation,        CONNECTED,     K_NONE },
};

/* clang-format on */

const struct cub_protocol cub_client13 = {client13, sizeof client13 / sizeof *client13};
const struct cub_protocol cub_server13 = {server13, sizeof server13 / sizeof *server13};
const struct cub_protocol cub_client12 = {client12, sizeof client12 / sizeof *client12};
const struct cub_protocol cub_server12 = {server12, sizeof server12 / sizeof *server12};
