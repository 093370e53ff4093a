/*
 * What a context is set to. Connections keep the settings that they were made with: a setter of a
 * context whose settings are in use makes a copy first, so nothing that a connection reads ever
 * changes.
 */
#ifndef CUB_API_SETTINGS_H
#define CUB_API_SETTINGS_H

#include <stdatomic.h>

#include "api/ciphers.h"
#include "api/cubtls.h"
#include "api/identity.h"
#include "api/staple.h"
#include "api/store.h"
#include "crypto/dh.h"
#include "handshake/config.h"

#define CUB_PSK_HINT_MAX     256 /* bytes of a psk_identity_hint: OpenSSL's limit */
#define CUB_MAX_COMPRESSIONS 3
#define CUB_MAX_IDENTITIES   24 /* for each type of key: a certificate, none, a delegated one */

struct cub_keylog;
struct cub_shared;
struct cub_tickets;

/* What load_dh_params read; p_len 0: nothing. */
struct cub_dh_params {
    uint8_t p[CUB_DH_MAX_SIZE], g[CUB_DH_MAX_SIZE];
    size_t p_len, g_len;
};

#define CUB_EMAIL_MAX  254 /* bytes of an address [RFC5321-4.5.3.1.3, with its erratum] */
#define CUB_POLICY_MAX 32  /* bytes of a policy's OID */
#define CUB_POLICIES   16

/* What the peer's certificate must be for, besides its host. No pointers: it is hashed as it is. */
struct cub_expected {
    char email[CUB_EMAIL_MAX + 1]; /* "": any */
    uint8_t policy_count;          /* 0: any */
    uint8_t policy_len[CUB_POLICIES];
    uint8_t policies[CUB_POLICIES][CUB_POLICY_MAX];
    int32_t depth; /* -1: any */
};

struct cub_settings {
    atomic_uint owners;
    /* As set. */
    uint64_t options;
    unsigned verify_flags;
    int minimum_version; /* enum cub_TLSVersion; 0: none was set */
    int maximum_version;
    uint8_t verify_mode; /* enum cub_VerifyMode */
    bool check_hostname;
    bool check_common_name;
    bool post_handshake_auth;
    bool delegated_credentials;
    uint8_t false_start; /* enum cub_FalseStart */
    uint8_t status_mode; /* enum cub_StatusMode */
    bool scts_requested;
    int num_tickets;
    uint32_t session_timeout;  /* seconds; 0: none was set */
    size_t session_cache_size; /* of servers: sessions of TLS 1.2 in ids */
    bool ticket_reuse;         /* clients: of tickets that were offered before */
    size_t record_size_limit;
    int64_t verify_time; /* INT64_MIN: now */
    struct cub_expected expected;
    cub_sni_callback *sni_callback;
    void *sni_arg;
    cub_psk_client_callback *psk_client_callback;
    void *psk_client_arg;
    cub_psk_server_callback *psk_server_callback;
    void *psk_server_arg;
    char psk_identity_hint[CUB_PSK_HINT_MAX + 1];
    cub_verify_callback *verify_callback;
    void *verify_arg;
    cub_ocsp_callback *ocsp_callback;
    void *ocsp_arg;
    cub_trace_callback *trace_callback;
    void *trace_arg;
    struct cub_store *store;
    struct cub_keylog *keylog; /* NULL: none */
    struct cub_tickets *tickets;
    struct cub_shared *sessions; /* the application's cache; NULL: there is none */
    struct cub_shared *ids;      /* our own in its place, for TLS 1.2; NULL: of a client */
    struct cub_shared *replays;  /* NULL: no 0-RTT data was ever allowed */
    uint32_t max_early_data;     /* of servers */
    double early_data_window;    /* seconds */
    struct cub_identity *identities[CUB_MAX_IDENTITIES];
    uint8_t (*raw_keys)[32]; /* SHA-256 of those that peers may have */
    size_t raw_key_count;
    uint8_t peer_types;                             /* CUB_CERTIFICATE_TYPE_*; 0: as the keys say */
    struct cub_staple *staples[CUB_MAX_IDENTITIES]; /* NULL: nothing */
    size_t identity_count;
    struct cub_dh_params dh;
    size_t last_identity; /* that was loaded */
    uint8_t *alpn;        /* ProtocolNameList without its length [RFC7301-3.1] */
    size_t alpn_len;
    struct cub_cert_compression compressions[CUB_MAX_COMPRESSIONS];
    size_t compression_count;
    int security_level;
    /* Lists; the first entry NULL: the profile's. */
    const struct cub_suite *suites13[CUB_LIST_MAX];
    const struct cub_suite *suites12[CUB_LIST_MAX];
    const struct cub_group *groups[CUB_LIST_MAX];
    const struct cub_verify_scheme *client_schemes[CUB_LIST_MAX];
    const struct cub_verify_scheme *server_schemes[CUB_LIST_MAX];
    /* What follows for the engine; made by cub_settings_apply. */
    const struct cub_suite *suites[2 * CUB_LIST_MAX];
    uint8_t binding[32];        /* of sessions, to what was verified and how */
    uint8_t client_binding[32]; /* the same of clients, and to their own identity */
    /* The same for either role, but for what it signs with. */
    struct cub_credential credentials[CUB_MAX_IDENTITIES];
    struct cub_credential client_credentials[CUB_MAX_IDENTITIES];
    const struct cub_sign_scheme *client_signers[CUB_LIST_MAX];
    const struct cub_sign_scheme *server_signers[CUB_LIST_MAX];
    struct cub_stapled stapled[CUB_MAX_IDENTITIES];
    struct cub_compression engine_compressions[CUB_MAX_COMPRESSIONS];
    const struct cub_compression *compression_list[CUB_MAX_COMPRESSIONS + 1];
    struct cub_dh_group dh_group;
    struct cub_config client;
    struct cub_config server;
};

/* Python's defaults for a protocol; NULL: out of memory. */
struct cub_settings *cub_settings_new(enum cub_SSLMethod protocol);
/* A copy with one owner; NULL: out of memory. */
struct cub_settings *cub_settings_copy(const struct cub_settings *settings);
struct cub_settings *cub_settings_ref(struct cub_settings *settings);
void cub_settings_free(struct cub_settings *settings);

/* The least bits of an RSA or Diffie-Hellman modulus for one of OpenSSL's security levels; none
 * below 1024 are ever taken. */
uint16_t cub_level_bits(int level);

/* The kinds of certificates that peers may have: CUB_CERTIFICATE_TYPE_*. */
unsigned cub_settings_peer_types(const struct cub_settings *settings);

/* Where sessions of TLS 1.2 are kept by their ids; NULL: nowhere. */
struct cub_shared *cub_settings_cache(const struct cub_settings *settings);

/* The suites that were asked for, whatever the security level; those of other versions may be among
 * them. */
const struct cub_suite *const *cub_settings_suites(const struct cub_settings *s, unsigned version);
/* Derives the engine's configurations after a change. */
void cub_settings_apply(struct cub_settings *settings);

/* The versions that are enabled, as wire values; false if there are none. */
bool cub_settings_versions(const struct cub_settings *settings, uint16_t *least, uint16_t *most);

/* A file that secrets are appended to. CUB_OSError, CUB_MemoryError. */
cub_result cub_keylog_open(const char *filename, struct cub_keylog **keylog,
                           struct cub_error_details *details);
struct cub_keylog *cub_keylog_ref(struct cub_keylog *keylog);
void cub_keylog_free(struct cub_keylog *keylog);
const char *cub_keylog_filename(const struct cub_keylog *keylog);
/* Appends one line, whole. */
void cub_keylog_write(const struct cub_keylog *keylog, const char *label,
                      const uint8_t client_random[32], const uint8_t *secret, size_t secret_len);

#endif
