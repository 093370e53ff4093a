/*
 * The command line of the shim: what BoringSSL's runner asks of one connection.
 */
#ifndef CUB_BOGO_FLAGS_H
#define CUB_BOGO_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#define EXIT_NOT_IMPLEMENTED 89
#define MAX_LIST             32
#define MAX_CREDENTIALS      8

/* CertificateType [RFC7250-7] */
#define TYPE_X509    0
#define TYPE_RAW_KEY 2

/* A flag that may come several times, in order. */
struct list {
    int items[MAX_LIST];
    size_t count;
};

/* Bytes that were given as base64; NULL: not given. */
struct blob {
    unsigned char *data;
    size_t len;
};

/* A certificate and what belongs to it. */
struct credential_options {
    const char *cert_file;
    const char *key_file;
    struct list signing_prefs;
    struct blob ocsp_response;
    struct blob scts;
    bool must_match_issuer;
    bool is_psk;           /* an imported pre-shared key [RFC9258] */
    bool is_raw;           /* a key alone [RFC7250] */
    struct blob delegated; /* the key is its, not the certificate's [RFC9345] */
    struct blob psk;
    struct blob psk_identity;
    struct blob psk_context;
    bool psk_sha256, psk_sha384;
};

/* The options of one connection, in the order of the flags' table. */
struct options {
    /* The default one is the first, and the last in the order of preference. */
    struct credential_options credentials[MAX_CREDENTIALS];
    size_t num_credentials; /* besides the default one */

    int port;
    const char *shim_id;
    bool ipv6;
    bool server;
    int resume_count;
    bool async;
    bool shim_writes_first;
    bool shim_shuts_down;
    bool check_close_notify;
    bool no_op_extra_handshake;
    bool key_update;
    bool send_alert;
    int read_size;
    int min_version;
    int max_version;
    bool no_tls12;
    bool no_tls13;
    bool no_tls11;
    bool no_tls1;
    int expect_version;
    int expect_cipher;
    int expect_cipher_aes;
    struct list curves;
    struct list curve_flags; /* 1: no better than the next */
    struct list key_shares;
    bool no_key_shares;
    struct list server_groups; /* client: what it believes that the server supports */
    int expect_curve_id;
    bool expect_hrr;
    bool expect_no_hrr;
    struct list verify_prefs;
    int expect_peer_signature_algorithm;
    const char *selected_credential; /* a number, -1 for the default one */
    bool reverify_on_resume;
    bool enable_ocsp_stapling;
    struct blob expected_ocsp_response;
    bool use_ocsp_callback;
    bool set_ocsp_in_callback;
    bool decline_ocsp_callback;
    bool fail_ocsp_callback;
    bool enable_scts;
    struct blob expected_scts;
    bool read_with_unfinished_write;
    bool verify_peer;
    bool require_any_client_certificate;
    bool verify_fail;
    bool use_custom_verify_callback;
    const char *host_name;
    const char *expect_server_name;
    bool no_server_name_ack;
    const char *advertise_alpn;
    const char *expect_alpn;
    const char *expect_advertised_alpn;
    const char *select_alpn;
    bool decline_alpn;
    bool select_empty_alpn;
    bool reject_alpn;
    bool allow_unknown_alpn;
    bool expect_extended_master_secret;
    bool expect_secure_renegotiation;
    bool expect_no_secure_renegotiation;
    int max_send_fragment;
    bool server_preference;
    bool expect_session_miss;
    bool no_ticket;
    const char *cipher; /* OpenSSL's language, for TLS 1.2 */
    const char *psk;    /* a key of TLS 1.2 */
    const char *psk_identity;
    const char *client_ca_list; /* names in hexadecimal, with commas between them */
    bool expect_session_id;
    bool expect_no_session_id;
    bool expect_ticket_renewal;
    bool tls_unique;
    bool fallback_scsv;
    const char *expected_log; /* of all messages, a line each */
    bool renegotiate_ignore;  /* the engine refuses; or else that is the end */
    struct list peer_verify_prefs;
    int export_keying_material;
    const char *export_label;
    const char *export_context;
    bool use_export_context;
    bool export_traffic_secrets;
    bool expect_no_peer_cert;
    const char *expect_peer_cert_file;
    int max_cert_list;
    bool ignore_rsa_key_usage;
    bool expect_key_usage_invalid;
    struct blob expected_certificate_types; /* of CertificateRequest, in TLS 1.2 */
    const char *expected_client_ca_list;    /* as client_ca_list */
    struct list accepted_types;             /* of the peer's certificate: TYPE_* */
    struct list offered_types;              /* client: of its own */
    int expected_type;                      /* of the peer's certificate; -1: any */
    struct blob expected_raw_key;           /* SHA-256 */
    bool expect_no_session;
    int resumption_delay;
    int age_skew;          /* seconds; 0: any */
    int early_write_after; /* type of the message; 0: at once */
    bool enable_early_data;
    bool false_start;
    bool false_start_without_alpn;
    bool handshake_twice; /* the whole of it before anything else */
    bool handshake_never_done;
    bool compress_certificates;
    struct list compression; /* one algorithm alone */
    bool expect_ticket_supports_early_data;
    bool expect_accept_early_data;
    bool expect_reject_early_data;
    bool expect_no_offer_early_data;
};

/* The three sets of options: first connection, later ones, and after rejected early data. */
struct flags {
    struct options initial, resume, retry;
};

/* Fills in flags, or ends the program with EXIT_NOT_IMPLEMENTED. */
void flags_parse(struct flags *flags, int argc, char **argv);

#endif
