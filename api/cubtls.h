/*
 * CubTLS: the API of Python's ssl module, in C.
 *
 *     Python                                  C
 *     ssl.NAME, ssl.NAME(...)                 CUB_NAME, cub_NAME(...)
 *     ssl.Enum.MEMBER                         CUB_Enum_MEMBER
 *     SSLContext, MemoryBIO, SSLSession       cub_context, cub_bio, cub_session
 *     SSLSocket, SSLObject                    cub_conn
 *     SSLContext.method(...)                  cub_context_method(context, ...)
 *     context.attribute                       cub_context_get_attribute, cub_context_set_attribute
 *     an exception                            a cub_result, and details: cub_conn_error(connection)
 *
 * What is not said here is as the documentation of Python 3.13 says. api/README.md lists every
 * name.
 *
 * Functions that can fail return a cub_result, CUB_OK or the exception that Python would raise;
 * values come back through pointers, last in the list. Strings are UTF-8 and end with a zero byte.
 * What a function is given is copied, unless it says otherwise. What a getter returns belongs to
 * the object and lives as long as it does, or until the next call of the same getter.
 *
 * A context may be used by any number of threads at once when it is set up, which means that no
 * setter runs any more. A connection, and a cub_bio, is used by one thread at a time.
 */
#ifndef CUBTLS_H
#define CUBTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default)

#define CUB_VERSION        "0.1.0"
#define CUB_VERSION_NUMBER 0x000100 /* major, minor, patch: a byte each */
/* What stands where Python has OpenSSL. */
#define CUB_OPENSSL_VERSION "CubTLS " CUB_VERSION
#define CUB_OPENSSL_VERSION_INFO                                                                   \
    {                                                                                              \
        0, 1, 0, 0, 0                                                                              \
    }
#define CUB_OPENSSL_VERSION_NUMBER CUB_VERSION_NUMBER

#define CUB_HAS_ALPN                    1
#define CUB_HAS_ECDH                    1
#define CUB_HAS_NEVER_CHECK_COMMON_NAME 1
#define CUB_HAS_NPN                     0
#define CUB_HAS_PHA                     1 /* of Python 3.14 */
#define CUB_HAS_PSK                     1
#define CUB_HAS_PSK_TLS13               1 /* of Python 3.15 */
#define CUB_HAS_SNI                     1
#define CUB_HAS_SSLv2                   0
#define CUB_HAS_SSLv3                   0
#define CUB_HAS_TLSv1                   0
#define CUB_HAS_TLSv1_1                 0
#define CUB_HAS_TLSv1_2                 1
#define CUB_HAS_TLSv1_3                 1

typedef struct cub_context cub_context;     /* SSLContext */
typedef struct cub_conn cub_conn;           /* SSLSocket, SSLObject */
typedef struct cub_bio cub_bio;             /* MemoryBIO */
typedef struct cub_ssl_session cub_session; /* SSLSession */

/* Bytes that belong to somebody else. */
struct cub_bytes {
    const uint8_t *data;
    size_t len;
};

/* ---- Errors ---------------------------------------------------------------------------------- */

/* Python's exceptions. */
typedef enum cub_result {
    CUB_OK = 0,
    CUB_SSLError = 1,
    CUB_SSLWantReadError = 2,  /* nothing to read now: call again when the peer has sent more */
    CUB_SSLWantWriteError = 3, /* no room to write now: call again when there is */
    CUB_SSLSyscallError = 5,
    CUB_SSLZeroReturnError = 6, /* the connection was closed cleanly */
    CUB_SSLEOFError = 8,        /* the connection ended without close_notify */
    CUB_SSLCertVerificationError = 16,
    CUB_OSError = 17, /* the operating system's refusal; os_errno tells */
    CUB_TimeoutError = 18,
    CUB_ValueError = 19, /* or TypeError: an argument, or a call at the wrong time */
    CUB_MemoryError = 20,
    CUB_NotImplementedError = 21,
    CUB_CertificateError = CUB_SSLCertVerificationError, /* its name before Python 3.7 */
} cub_result;

/* enum SSLErrorNumber: OpenSSL's numbers. */
enum cub_SSLErrorNumber {
    CUB_SSL_ERROR_NONE = 0,
    CUB_SSL_ERROR_SSL = 1,
    CUB_SSL_ERROR_WANT_READ = 2,
    CUB_SSL_ERROR_WANT_WRITE = 3,
    CUB_SSL_ERROR_WANT_X509_LOOKUP = 4,
    CUB_SSL_ERROR_SYSCALL = 5,
    CUB_SSL_ERROR_ZERO_RETURN = 6,
    CUB_SSL_ERROR_WANT_CONNECT = 7,
    CUB_SSL_ERROR_EOF = 8,
    CUB_SSL_ERROR_INVALID_ERROR_CODE = 10,
};

/* What an exception would say. Strings are constants; "" and 0 where there is nothing to say. */
struct cub_error_details {
    cub_result result;
    int number;               /* SSLError.errno: CUB_SSL_ERROR_* */
    const char *library;      /* SSLError.library: "SSL", "X509", "PEM" ... */
    const char *reason;       /* SSLError.reason: "CERTIFICATE_VERIFY_FAILED" ... */
    int verify_code;          /* SSLCertVerificationError.verify_code: OpenSSL's X509_V_ERR */
    int verify_depth;         /* the certificate at fault: 0 is the leaf; -1: not known */
    const char *name;         /* what failed, as finely as it is known: "X509_EXPIRED" */
    const char *text;         /* the same in words */
    const char *rfc;          /* the rule that was broken: "RFC5280-6.1.3" */
    int alert_sent;           /* AlertDescription that was sent because of it; -1: none */
    int alert_received;       /* AlertDescription that the peer sent; -1: none */
    int os_errno;             /* OSError.errno */
    char verify_message[128]; /* SSLCertVerificationError.verify_message */
    char message[320];        /* str(exception), without the place in Python's source */
};

/* The name of a result: "SSLWantReadError"; "OK". */
const char *cub_result_name(cub_result result);
/* The name of an AlertDescription: "handshake_failure"; "unknown". */
const char *cub_alert_name(int alert);

/* ---- Memory and randomness ------------------------------------------------------------------- */

/* Where all memory comes from: malloc, realloc and free unless told otherwise. */
struct cub_allocator {
    void *(*allocate)(void *arg, size_t size);
    void *(*reallocate)(void *arg, void *p, size_t size); /* p may be NULL */
    void (*release)(void *arg, void *p);                  /* p may be NULL */
    void *arg;
};

/* Replaces the allocator (NULL: the C library's). Before anything else, or while nothing is alive.
 */
void cub_set_allocator(const struct cub_allocator *allocator);
/* Releases what a function said is to be released with it. */
void cub_free(void *p);

/* Fills out with n bytes from the library's generator, seeded by the operating system. */
cub_result cub_RAND_bytes(void *out, size_t n);
/* Mixes n bytes into the generator; it trusts its own entropy whatever they are. */
void cub_RAND_add(const void *bytes, size_t n, double entropy);
/* Whether the generator is seeded. */
bool cub_RAND_status(void);
/* Of old: the same as cub_RAND_bytes; *is_cryptographic becomes true. */
cub_result cub_RAND_pseudo_bytes(void *out, size_t n, bool *is_cryptographic);
/* Of old, an entropy daemon: CUB_NotImplementedError. The operating system seeds. */
cub_result cub_RAND_egd(const char *path);

/* ---- Constants ------------------------------------------------------------------------------- */

enum cub_Purpose {
    CUB_Purpose_SERVER_AUTH, /* the peer is a server */
    CUB_Purpose_CLIENT_AUTH, /* the peer is a client */
};

enum cub_VerifyMode {
    CUB_CERT_NONE = 0,
    CUB_CERT_OPTIONAL = 1,
    CUB_CERT_REQUIRED = 2,
};

enum cub_SSLMethod {
    CUB_PROTOCOL_SSLv2 = 0,
    CUB_PROTOCOL_SSLv3 = 1,
    CUB_PROTOCOL_TLS = 2,
    CUB_PROTOCOL_SSLv23 = CUB_PROTOCOL_TLS,
    CUB_PROTOCOL_TLSv1 = 3,
    CUB_PROTOCOL_TLSv1_1 = 4,
    CUB_PROTOCOL_TLSv1_2 = 5,
    CUB_PROTOCOL_TLS_CLIENT = 16,
    CUB_PROTOCOL_TLS_SERVER = 17,
};

enum cub_TLSVersion {
    CUB_TLSVersion_MINIMUM_SUPPORTED = -2,
    CUB_TLSVersion_MAXIMUM_SUPPORTED = -1,
    CUB_TLSVersion_SSLv3 = 0x0300,
    CUB_TLSVersion_TLSv1 = 0x0301,
    CUB_TLSVersion_TLSv1_1 = 0x0302,
    CUB_TLSVersion_TLSv1_2 = 0x0303,
    CUB_TLSVersion_TLSv1_3 = 0x0304,
};

/* Options, as OpenSSL 3 numbers them. */
#define CUB_OP_ALL                      UINT64_C(0x80000050)
#define CUB_OP_SINGLE_DH_USE            UINT64_C(0)
#define CUB_OP_SINGLE_ECDH_USE          UINT64_C(0)
#define CUB_OP_LEGACY_SERVER_CONNECT    UINT64_C(0x00000004)
#define CUB_OP_ENABLE_KTLS              UINT64_C(0x00000008)
#define CUB_OP_IGNORE_UNEXPECTED_EOF    UINT64_C(0x00000080)
#define CUB_OP_ALLOW_NO_DHE_KEX         UINT64_C(0x00000400) /* psk_ke [RFC8446-4.2.9]; OpenSSL's */
#define CUB_OP_NO_TICKET                UINT64_C(0x00004000)
#define CUB_OP_NO_COMPRESSION           UINT64_C(0x00020000)
#define CUB_OP_ENABLE_MIDDLEBOX_COMPAT  UINT64_C(0x00100000)
#define CUB_OP_CIPHER_SERVER_PREFERENCE UINT64_C(0x00400000)
#define CUB_OP_NO_SSLv2                 UINT64_C(0)
#define CUB_OP_NO_SSLv3                 UINT64_C(0x02000000)
#define CUB_OP_NO_TLSv1                 UINT64_C(0x04000000)
#define CUB_OP_NO_TLSv1_1               UINT64_C(0x10000000)
#define CUB_OP_NO_TLSv1_2               UINT64_C(0x08000000)
#define CUB_OP_NO_TLSv1_3               UINT64_C(0x20000000)
#define CUB_OP_NO_RENEGOTIATION         UINT64_C(0x40000000)

/* VerifyFlags. */
#define CUB_VERIFY_DEFAULT            0x00000u
#define CUB_VERIFY_CRL_CHECK_LEAF     0x00004u
#define CUB_VERIFY_CRL_CHECK_CHAIN    0x0000cu
#define CUB_VERIFY_X509_STRICT        0x00020u
#define CUB_VERIFY_ALLOW_PROXY_CERTS  0x00040u
#define CUB_VERIFY_X509_TRUSTED_FIRST 0x08000u
#define CUB_VERIFY_X509_PARTIAL_CHAIN 0x80000u
/* Beyond Python, by OpenSSL's numbers: initial-explicit-policy, initial-any-policy-inhibit and
 * initial-policy-mapping-inhibit [RFC5280-6.1.1]. */
#define CUB_VERIFY_EXPLICIT_POLICY 0x00100u
#define CUB_VERIFY_INHIBIT_ANY     0x00200u
#define CUB_VERIFY_INHIBIT_MAP     0x00400u

/* AlertDescription. */
enum cub_AlertDescription {
    CUB_ALERT_DESCRIPTION_CLOSE_NOTIFY = 0,
    CUB_ALERT_DESCRIPTION_UNEXPECTED_MESSAGE = 10,
    CUB_ALERT_DESCRIPTION_BAD_RECORD_MAC = 20,
    CUB_ALERT_DESCRIPTION_RECORD_OVERFLOW = 22,
    CUB_ALERT_DESCRIPTION_DECOMPRESSION_FAILURE = 30,
    CUB_ALERT_DESCRIPTION_HANDSHAKE_FAILURE = 40,
    CUB_ALERT_DESCRIPTION_BAD_CERTIFICATE = 42,
    CUB_ALERT_DESCRIPTION_UNSUPPORTED_CERTIFICATE = 43,
    CUB_ALERT_DESCRIPTION_CERTIFICATE_REVOKED = 44,
    CUB_ALERT_DESCRIPTION_CERTIFICATE_EXPIRED = 45,
    CUB_ALERT_DESCRIPTION_CERTIFICATE_UNKNOWN = 46,
    CUB_ALERT_DESCRIPTION_ILLEGAL_PARAMETER = 47,
    CUB_ALERT_DESCRIPTION_UNKNOWN_CA = 48,
    CUB_ALERT_DESCRIPTION_ACCESS_DENIED = 49,
    CUB_ALERT_DESCRIPTION_DECODE_ERROR = 50,
    CUB_ALERT_DESCRIPTION_DECRYPT_ERROR = 51,
    CUB_ALERT_DESCRIPTION_PROTOCOL_VERSION = 70,
    CUB_ALERT_DESCRIPTION_INSUFFICIENT_SECURITY = 71,
    CUB_ALERT_DESCRIPTION_INTERNAL_ERROR = 80,
    CUB_ALERT_DESCRIPTION_USER_CANCELLED = 90,
    CUB_ALERT_DESCRIPTION_NO_RENEGOTIATION = 100,
    CUB_ALERT_DESCRIPTION_UNSUPPORTED_EXTENSION = 110,
    CUB_ALERT_DESCRIPTION_CERTIFICATE_UNOBTAINABLE = 111,
    CUB_ALERT_DESCRIPTION_UNRECOGNIZED_NAME = 112,
    CUB_ALERT_DESCRIPTION_BAD_CERTIFICATE_STATUS_RESPONSE = 113,
    CUB_ALERT_DESCRIPTION_BAD_CERTIFICATE_HASH_VALUE = 114,
    CUB_ALERT_DESCRIPTION_UNKNOWN_PSK_IDENTITY = 115,
};

/* A keyword argument that is true by default in Python: zero is that default. */
enum cub_choice {
    CUB_DEFAULT = 0,
    CUB_YES = 1,
    CUB_NO = -1,
};

/* ---- Contexts -------------------------------------------------------------------------------- */

/*
 * create_default_context: verifies the peer's certificate and, as a client, its host name, against
 * the given certificates or, without any, the system's. cadata is PEM or DER, of any number of
 * certificates. After a failure *context is an object that only tells why (cub_last_error), and so
 * do the connections that are made with it; NULL if there is no memory.
 */
cub_result cub_create_default_context(enum cub_Purpose purpose, const char *cafile,
                                      const char *capath, const void *cadata, size_t cadata_len,
                                      cub_context **context);
/* SSLContext(protocol). Fails as cub_create_default_context does. */
cub_result cub_context_new(enum cub_SSLMethod protocol, cub_context **context);
/* One more owner. */
cub_context *cub_context_ref(cub_context *context);
/* One owner less; connections that were made with it keep what they need. NULL is fine. */
void cub_context_free(cub_context *context);
/* Details of the last failure of a function of this context. */
const struct cub_error_details *cub_last_error(const cub_context *context);

/* Trust, and revocation lists (VERIFY_CRL_CHECK_LEAF, VERIFY_CRL_CHECK_CHAIN), in PEM or DER.
 * capath is a directory as OpenSSL's rehash lays it out, or several between colons; it is read when
 * an issuer is missing. */
cub_result cub_context_load_verify_locations(cub_context *context, const char *cafile,
                                             const char *capath, const void *cadata,
                                             size_t cadata_len);
cub_result cub_context_load_default_certs(cub_context *context, enum cub_Purpose purpose);
/*
 * A server's own group for DHE, from a file with DH PARAMETERS (PEM), for clients that do not name
 * a group of RFC 7919; without it they get ffdhe2048. DHE suites are off unless set_ciphers asks
 * for them. SSLError: the modulus has less bits than the security level asks for, or more than
 * 4096.
 */
cub_result cub_context_load_dh_params(cub_context *context, const char *dhfile);
/* SSL_CERT_FILE and SSL_CERT_DIR, else the system's own places. */
cub_result cub_context_set_default_verify_paths(cub_context *context);

struct cub_default_verify_paths {
    const char *cafile; /* the file that is used; NULL: does not exist */
    const char *capath;
    const char *openssl_cafile_env; /* "SSL_CERT_FILE" */
    const char *openssl_cafile;     /* without that variable */
    const char *openssl_capath_env; /* "SSL_CERT_DIR" */
    const char *openssl_capath;
};
void cub_get_default_verify_paths(struct cub_default_verify_paths *paths);

struct cub_cert_store_stats {
    size_t x509;
    size_t crl;
    size_t x509_ca;
};
void cub_context_cert_store_stats(const cub_context *context, struct cub_cert_store_stats *stats);
/*
 * session_stats. number and cache_full are of the context's own cache; who has a store can count
 * them there. Nothing is ever renegotiated.
 */
struct cub_session_stats {
    unsigned long number;
    unsigned long connect;
    unsigned long connect_good;
    unsigned long connect_renegotiate;
    unsigned long accept;
    unsigned long accept_good;
    unsigned long accept_renegotiate;
    unsigned long hits;
    unsigned long misses;
    unsigned long timeouts;
    unsigned long cache_full;
};
void cub_context_session_stats(const cub_context *context, struct cub_session_stats *stats);
/*
 * get_ca_certs(binary_form=True): the CA certificates that are loaded. The array belongs to the
 * caller (cub_free), what it points to belongs to the context.
 */
cub_result cub_context_get_ca_certs(cub_context *context, struct cub_bytes **certs, size_t *count);

/*
 * Own certificate: PEM files. keyfile NULL: the key is in certfile. password NULL: none. Can be
 * called more than once for keys of different types; the peer's abilities decide. SSLError with
 * EE_KEY_TOO_SMALL, CA_KEY_TOO_SMALL, CA_MD_TOO_WEAK: not by the security level, which
 * set_ciphers("@SECLEVEL=...") lowers.
 */
cub_result cub_context_load_cert_chain(cub_context *context, const char *certfile,
                                       const char *keyfile, const char *password);
/*
 * The same with a function for the password, which is called if the key is encrypted: it puts at
 * most size bytes into password and says how many in *len. false: there is none, and the load
 * fails.
 */
#define CUB_PASSWORD_MAX 1024 /* bytes of a password */
typedef bool cub_password_callback(char *password, size_t size, size_t *len, void *arg);
cub_result cub_context_load_cert_chain_password(cub_context *context, const char *certfile,
                                                const char *keyfile,
                                                cub_password_callback *callback, void *arg);
/* The same from memory. key NULL: it is in cert. */
cub_result cub_context_load_cert_chain_data(cub_context *context, const void *cert, size_t cert_len,
                                            const void *key, size_t key_len, const char *password);

/* Attributes, with Python's defaults and Python's rules about which go together. */
enum cub_SSLMethod cub_context_get_protocol(const cub_context *context);
int cub_context_get_minimum_version(const cub_context *context);
cub_result cub_context_set_minimum_version(cub_context *context, int version);
int cub_context_get_maximum_version(const cub_context *context);
cub_result cub_context_set_maximum_version(cub_context *context, int version);
enum cub_VerifyMode cub_context_get_verify_mode(const cub_context *context);
cub_result cub_context_set_verify_mode(cub_context *context, enum cub_VerifyMode mode);
bool cub_context_get_check_hostname(const cub_context *context);
cub_result cub_context_set_check_hostname(cub_context *context, bool check);
unsigned cub_context_get_verify_flags(const cub_context *context);
cub_result cub_context_set_verify_flags(cub_context *context, unsigned flags);
uint64_t cub_context_get_options(const cub_context *context);
cub_result cub_context_set_options(cub_context *context, uint64_t options);
int cub_context_get_num_tickets(const cub_context *context);
cub_result cub_context_set_num_tickets(cub_context *context, int num_tickets);
int cub_context_get_security_level(const cub_context *context);
bool cub_context_get_post_handshake_auth(const cub_context *context);
cub_result cub_context_set_post_handshake_auth(cub_context *context, bool on);
/* Whether a certificate without names of hosts in subjectAltName is judged by its common name: so
 * by default, as in Python. RFC 9525 advises against it. */
bool cub_context_get_hostname_checks_common_name(const cub_context *context);
cub_result cub_context_set_hostname_checks_common_name(cub_context *context, bool check);
/* NULL: no log. Set: secrets of all connections are appended to this file. */
const char *cub_context_get_keylog_filename(const cub_context *context);
cub_result cub_context_set_keylog_filename(cub_context *context, const char *filename);

/* Offered, or accepted, in this order of preference; at most 255 bytes each. */
cub_result cub_context_set_alpn_protocols(cub_context *context, const char *const *protocols,
                                          size_t count);
/* Names between colons: "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256". */
cub_result cub_context_set_ciphersuites(cub_context *context, const char *ciphersuites);
/* OpenSSL's cipher string, see ciphers(1): for TLS 1.2, does not concern TLS 1.3. */
cub_result cub_context_set_ciphers(cub_context *context, const char *ciphers);
/*
 * "X25519MLKEM768:x25519:secp256r1"; P-256, prime256v1 and X25519 are known too. Clients send a
 * share of the first group, and one of the first of the other kind, post-quantum or not.
 */
cub_result cub_context_set_groups(cub_context *context, const char *groups);
/* Of old, before ALPN: CUB_NotImplementedError. */
cub_result cub_context_set_npn_protocols(cub_context *context, const char *const *protocols,
                                         size_t count);
/* One group alone. */
cub_result cub_context_set_ecdh_curve(cub_context *context, const char *curve);
/*
 * What a client may sign with to show that its certificate is its own:
 * "ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256". For RSA keys that cannot do PSS, as some TPMs and
 * cards, there is rsa_pkcs1_sha256_legacy (sha384, sha512) in TLS 1.3, to be named by both sides
 * [RFC9963].
 */
cub_result cub_context_set_client_sigalgs(cub_context *context, const char *sigalgs);
/* The same for the server's. A role's own list limits what it signs with. */
cub_result cub_context_set_server_sigalgs(cub_context *context, const char *sigalgs);

/* get_sigalgs, of Python 3.15: what those take by default, in order; as cub_context_get_ciphers. */
size_t cub_get_sigalgs(const char **list, size_t max);

struct cub_cipher_info {
    uint32_t id; /* as OpenSSL has it: 0x03000000 | CipherSuite */
    const char *name;
    const char *protocol;
    char description[112];
    int strength_bits;
    int alg_bits;
    bool aead;
    const char *symmetric;
    const char *digest; /* NULL: none */
    const char *kea;
    const char *auth;
};
/* The enabled cipher suites in order: the first max of them go to list; returns how many there are.
 */
size_t cub_context_get_ciphers(const cub_context *context, struct cub_cipher_info *list,
                               size_t max);
/* The enabled groups in order, as cub_context_get_ciphers. */
size_t cub_context_get_groups(const cub_context *context, const char **list, size_t max);

/*
 * sni_callback: called by a server with the name that the client asks for (NULL: none). It may give
 * the connection another context (cub_conn_set_context). Returns 0 to go on, or the
 * AlertDescription to refuse with; any other number stands for internal_error. NULL: no callback.
 */
typedef int cub_sni_callback(cub_conn *conn, const char *server_name, cub_context *context,
                             void *arg);
cub_result cub_context_set_sni_callback(cub_context *context, cub_sni_callback *callback,
                                        void *arg);

/* A pre-shared key, filled by a callback. */
struct cub_psk_key {
    char identity[257]; /* the client's answer, at most 256 bytes; a server leaves it */
    uint8_t key[256];
    size_t key_len;
    bool sha384; /* TLS 1.3: the key is for SHA-384, not SHA-256 */
};
/*
 * set_psk_client_callback: a client's key. hint is what the server says (NULL: nothing, as in
 * TLS 1.3). false: there is none. The connection wipes what it was given. TLS 1.2 needs suites with
 * pre-shared keys besides: set_ciphers("PSK"). Where both versions are enabled, the callback may be
 * asked once for each.
 */
typedef bool cub_psk_client_callback(cub_conn *conn, const char *hint, struct cub_psk_key *psk,
                                     void *arg);
cub_result cub_context_set_psk_client_callback(cub_context *context,
                                               cub_psk_client_callback *callback, void *arg);
/*
 * set_psk_server_callback: the key of a client that says this identity; false: it has none. The
 * hint is for clients of TLS 1.2 (NULL: none).
 */
typedef bool cub_psk_server_callback(cub_conn *conn, const char *identity, struct cub_psk_key *psk,
                                     void *arg);
cub_result cub_context_set_psk_server_callback(cub_context *context,
                                               cub_psk_server_callback *callback,
                                               const char *identity_hint, void *arg);

/* The older name: the same, A-labels included, as in Python itself. */
cub_result cub_context_set_servername_callback(cub_context *context, cub_sni_callback *callback,
                                               void *arg);

/* Beyond Python. */

/* Largest record content to receive, 64 to 16384: the peer is told so [RFC8449]. */
cub_result cub_context_set_record_size_limit(cub_context *context, size_t limit);
/*
 * Raw public keys instead of certificates [RFC7250], for peers that know each other's keys: nothing
 * but the key is shown and checked, no name, no dates, no issuer.
 *
 * Own: a public key, PEM or DER, or a certificate for the key in it, and the private key as for
 * cub_context_load_cert_chain. It is shown to peers that take it, a certificate that was loaded too
 * to the others; of both to those that take both, the one that was loaded first.
 */
cub_result cub_context_load_raw_key(cub_context *context, const char *public_key_file,
                                    const char *keyfile, const char *password);
cub_result cub_context_load_raw_key_data(cub_context *context, const void *public_key,
                                         size_t public_key_len, const void *key, size_t key_len,
                                         const char *password);
/* Keys that the peer may have, of which it must have one: any number of them, in the same forms. */
cub_result cub_context_load_peer_raw_keys(cub_context *context, const char *file);
cub_result cub_context_load_peer_raw_keys_data(cub_context *context, const void *data, size_t len);
/*
 * What peers may show: CUB_CERTIFICATE_TYPE_*. By default, and with 0, raw keys alone if some were
 * loaded, else certificates alone. Raw keys that nobody loaded are accepted with CERT_NONE only.
 */
#define CUB_CERTIFICATE_TYPE_X509           1u
#define CUB_CERTIFICATE_TYPE_RAW_PUBLIC_KEY 2u
unsigned cub_context_get_peer_certificate_types(const cub_context *context);
cub_result cub_context_set_peer_certificate_types(cub_context *context, unsigned types);
/* The SubjectPublicKeyInfo that the peer showed instead of certificates, also in the connection
 * that is resumed now; empty: none. Belongs to the connection. */
cub_result cub_conn_get_peer_raw_key(cub_conn *conn, struct cub_bytes *key);

/*
 * How many seconds sessions are good for, at most; by OpenSSL's name, SSL_CTX_set_timeout. 0, the
 * default: two hours for servers, and for clients what the server says. No session of TLS 1.3 is
 * good for more than a week, none of TLS 1.2 for more than a day. CUB_ValueError.
 */
int64_t cub_context_get_session_timeout(const cub_context *context);
cub_result cub_context_set_session_timeout(cub_context *context, int64_t seconds);
/*
 * Servers: how many sessions of TLS 1.2 the context keeps by itself, 4096 by default; 0: none.
 * Those that it has are forgotten. OpenSSL's SSL_CTX_sess_set_cache_size.
 */
size_t cub_context_get_session_cache_size(const cub_context *context);
cub_result cub_context_set_session_cache_size(cub_context *context, size_t sessions);
/*
 * Clients: whether a ticket of TLS 1.3 is offered again when its session has no other left. No by
 * default: who watches would know that it is the same client [RFC8446-C.4].
 */
bool cub_context_get_ticket_reuse(const cub_context *context);
cub_result cub_context_set_ticket_reuse(cub_context *context, bool reuse);
/*
 * Keys of tickets, for servers that resume each other's sessions: 1 to 3 keys of 48 random bytes,
 * the first seals. Without them a context makes its own, and replaces them twice a day.
 */
cub_result cub_context_set_ticket_keys(cub_context *context, const void *keys, size_t len);

/*
 * What servers share, be they contexts, processes or machines: sessions of clients that come back,
 * and which 0-RTT data was accepted already. The functions are the application's; threads call them
 * at the same time. What arg points to must outlive the contexts and their connections.
 */
struct cub_shared_store {
    /* Keeps a value, which is secret, under a key for so many seconds, or less. false: it does not.
     */
    bool (*put)(void *arg, const void *key, size_t key_len, const void *value, size_t len,
                unsigned seconds);
    /* Copies the value of a key to out, where there are size bytes. false: there is none. The key
     * of one connection may be asked for twice [RFC8446-4.1.4]. */
    bool (*get)(void *arg, const void *key, size_t key_len, void *out, size_t size, size_t *len);
    /*
     * Notes a key of at least 32 bytes for so many seconds. true: it was not noted before, by
     * anyone that shares the store; of any number of calls at the same time one gets true. false
     * too if there is no room or no answer, or if the store does not remember everything since a
     * time (in ms since 1970): 0-RTT data is refused then, and nothing else.
     */
    bool (*claim)(void *arg, const void *key, size_t key_len, int64_t since, unsigned seconds);
    void *arg;
};

/* Servers: where sessions are kept, by put and get: those of TLS 1.2 for clients without tickets,
 * by their ids, and with OP_NO_TICKET those of TLS 1.3, whose tickets are keys of this store
 * instead of holding the session themselves. A session of TLS 1.2 that must be forgotten is put
 * again, empty and for 0 seconds. NULL: the default, a cache of 4096 sessions of TLS 1.2 in the
 * context's memory.
 */
cub_result cub_context_set_session_cache(cub_context *context,
                                         const struct cub_shared_store *store);
/* Servers: what keeps 0-RTT data from being accepted twice, by claim. Servers that can open each
 * other's tickets must share it. NULL: a register in the context's memory, the default. */
cub_result cub_context_set_replay_store(cub_context *context, const struct cub_shared_store *store);

/*
 * A store in memory, for the contexts of one process: so many sessions at most, of which new ones
 * push out old ones, and so many claims, beyond which there is no room until the oldest are over.
 * Entries are found by hash, so the last of the places may stay empty.
 */
typedef struct cub_memory_store cub_memory_store;
cub_result cub_memory_store_new(size_t sessions, size_t claims, cub_memory_store **store);
/* Not before the last context that uses it. */
void cub_memory_store_free(cub_memory_store *store);
struct cub_shared_store cub_memory_store_functions(cub_memory_store *store);

/*
 * 0-RTT data [RFC8446-2.3], which a client sends with its first flight when it resumes a session.
 * It is not forward secret, and whoever sees it can send it again: the server accepts it once, but
 * the client that was refused will repeat it. So it is for requests that may be made twice.
 *
 * Servers: how many bytes of it tickets allow; 0, the default, none.
 */
uint32_t cub_context_get_max_early_data(const cub_context *context);
cub_result cub_context_set_max_early_data(cub_context *context, uint32_t bytes);
/* Servers: how many seconds a first flight may be early or late by the client's clock
 * [RFC8446-8.3]; 10 by default. */
double cub_context_get_early_data_window(const cub_context *context);
cub_result cub_context_set_early_data_window(cub_context *context, double seconds);
/* The time at which certificates are judged; INT64_MIN: the system's clock. */
cub_result cub_context_set_verify_time(cub_context *context, int64_t seconds);
/* An e-mail address that the peer's certificate must be for, as those of clients may be; NULL, the
 * default: none. Another one is refused with verify_code 63. */
cub_result cub_context_set_verify_email(cub_context *context, const char *address);
/*
 * Policies, as OIDs ("2.23.140.1.2.1"), of which the whole chain must have one if
 * CUB_VERIFY_EXPLICIT_POLICY is set or a CA demands it [RFC5280-6.1.1 (c)]; else verify_code 43.
 * count 0, the default: any.
 */
cub_result cub_context_set_verify_policies(cub_context *context, const char *const *oids,
                                           size_t count);
/* Intermediate certificates in a chain at most, those that are self-issued not counted; negative,
 * the default: any number. verify_code 22. */
cub_result cub_context_set_verify_depth(cub_context *context, int depth);

/*
 * What the application thinks of the peer's certificates, besides what was found (CUB_OK, or the
 * failure with its details). chain is what the peer sent. Returns CUB_OK to accept the peer, be it
 * against what was found, or anything else to refuse it: with what was found, if that is a failure.
 */
typedef cub_result cub_verify_callback(cub_conn *conn, const struct cub_error_details *found,
                                       const struct cub_bytes *chain, size_t count, void *arg);
cub_result cub_context_set_verify_callback(cub_context *context, cub_verify_callback *callback,
                                           void *arg);

/*
 * An own certificate whose private key lives elsewhere. sign makes a signature of the message with
 * a scheme (its number in TLS), in at most *signature_len bytes. CUB_SSLWantReadError: not yet; the
 * handshake then says the same, with reason WANT_PRIVATE_KEY_OPERATION, and asks again when it is
 * called again.
 */
typedef cub_result cub_sign_callback(void *arg, uint16_t scheme, const void *message,
                                     size_t message_len, void *signature, size_t *signature_len);
cub_result cub_context_load_cert_chain_sign(cub_context *context, const void *cert, size_t cert_len,
                                            cub_sign_callback *sign, void *arg);

/*
 * OCSP stapling [RFC6066-8]: a server sends with its certificate what the authority says of it
 * now. Whether a client asks for that, and needs it. A response that came is checked as far as
 * certificates are (verify_mode), and must be good: a failure is a CUB_SSLCertVerificationError,
 * with verify_code 23 for a revoked certificate, 73 for a missing response, 74 and 75 for one that
 * is of no use. A certificate that demands a response [RFC7633] is refused without.
 */
enum cub_StatusMode {
    CUB_STATUS_NONE,     /* not asked for */
    CUB_STATUS_OPTIONAL, /* asked for: contexts of cub_create_default_context do */
    CUB_STATUS_REQUIRED, /* and a server without is refused */
};
enum cub_StatusMode cub_context_get_status_mode(const cub_context *context);
cub_result cub_context_set_status_mode(cub_context *context, enum cub_StatusMode mode);
/* Whether a client asks for the certificate's SCTs [RFC6962-3.3], which are not judged. No by
 * default. */
bool cub_context_get_scts_requested(const cub_context *context);
cub_result cub_context_set_scts_requested(cub_context *context, bool requested);

/*
 * Certificates are sent compressed to peers that say they know how [RFC8879]: by functions of the
 * application, in order of preference; count 0, the default: not at all. Of the two functions of
 * one either may be missing. At most three.
 */
struct cub_cert_compression {
    uint16_t algorithm; /* 1: zlib, 2: brotli, 3: zstd */
    /* Compresses len bytes to out, where there are size; returns how many it took, 0: it did not
     * work, or is not worth it. */
    size_t (*compress)(void *arg, const void *in, size_t len, void *out, size_t size);
    /* The other way. false unless the result is len bytes: it must not be taken for less, nor
     * written any further. */
    bool (*decompress)(void *arg, const void *in, size_t in_len, void *out, size_t len);
    void *arg;
};
cub_result cub_context_set_cert_compression(cub_context *context,
                                            const struct cub_cert_compression *list, size_t count);
/*
 * Clients: false starts in TLS 1.2 [RFC7918], which save a round trip. cub_conn_do_handshake
 * returns as soon as data may be written, though the server's Finished has not come: its
 * certificate is verified, but not yet that nobody has changed what both said before. The first
 * read, the end, or cub_conn_do_handshake once more sees the handshake through, and tells of its
 * failure. Only with ECDHE, AEAD and no certificate of the client's; by default never.
 */
enum cub_FalseStart {
    CUB_FALSE_START_OFF,
    CUB_FALSE_START_ALPN, /* with servers that agree on a protocol by ALPN, who put up with it */
    CUB_FALSE_START_ANY,  /* with all */
};
enum cub_FalseStart cub_context_get_false_start(const cub_context *context);
cub_result cub_context_set_false_start(cub_context *context, enum cub_FalseStart mode);
/* Whether data may be written while the handshake is not over. Until then all that there is to know
 * of the connection is its protocol, and keys that are exported. */
bool cub_conn_get_false_started(const cub_conn *conn);
/*
 * Delegated credentials [RFC9345], of TLS 1.3: a server signs with a key that its certificate
 * vouches for, for a week at most, so that the certificate's own key need not be where the server
 * is. The certificate must have the DelegationUsage extension.
 *
 * Clients: whether servers may. No by default.
 */
bool cub_context_get_delegated_credentials(const cub_context *context);
cub_result cub_context_set_delegated_credentials(cub_context *context, bool accepted);
/*
 * Servers: a credential that the first certificate of certfile has signed, PEM (DELEGATED
 * CREDENTIAL) or as it is sent, and its private key. It is for clients that ask for such, as long
 * as it is not over, and comes before the certificates that cub_context_load_cert_chain loads,
 * which are for all others. One that is loaded later takes the place of one with a key of the same
 * type. What clients would refuse is refused here: DC_* and KEY_* are the reasons.
 */
cub_result cub_context_load_delegated_credential(cub_context *context, const char *certfile,
                                                 const char *delegatedfile, const char *keyfile,
                                                 const char *password);
cub_result cub_context_load_delegated_credential_data(cub_context *context, const void *cert,
                                                      size_t cert_len, const void *delegated,
                                                      size_t delegated_len, const void *key,
                                                      size_t key_len, const char *password);
/*
 * Makes one for a public key (PEM or DER) and so many seconds from now, 604800 at most: by the
 * first certificate of the context that may delegate, whose key may live elsewhere
 * (cub_context_load_cert_chain_sign). Keys with rsaEncryption are not possible [RFC9345-4].
 */
struct cub_delegated_credential {
    size_t len;
    uint8_t bytes[2048]; /* as it is sent */
};
cub_result cub_context_delegate(cub_context *context, const void *public_key, size_t len,
                                uint32_t seconds, struct cub_delegated_credential *out);
/* Whether the server signed with such a key in this connection's handshake. */
bool cub_conn_get_delegated_credential(const cub_conn *conn);

#define CUB_STAPLE_MAX 16384 /* bytes of a response or of a list */
/*
 * What a server staples to the certificate that was loaded last: an OCSPResponse in DER, and a
 * SignedCertificateTimestampList. len 0: nothing any more. For responses that are renewed while
 * the context is in use there is the callback.
 */
cub_result cub_context_load_ocsp_response(cub_context *context, const char *filename);
cub_result cub_context_load_ocsp_response_data(cub_context *context, const void *der, size_t len);
cub_result cub_context_load_scts_data(cub_context *context, const void *list, size_t len);
/*
 * Called by a server for each client that asks, with each of the context's certificates (its leaf
 * in DER): *response is the OCSPResponse to staple, of at most CUB_STAPLE_MAX bytes, copied when
 * the callback returns. false: what was loaded, or nothing.
 */
typedef bool cub_ocsp_callback(cub_conn *conn, const struct cub_bytes *certificate,
                               struct cub_bytes *response, void *arg);
cub_result cub_context_set_ocsp_callback(cub_context *context, cub_ocsp_callback *callback,
                                         void *arg);

/* What happens in a handshake. */
struct cub_trace_event {
    const char *direction; /* "read" or "write" */
    const char *kind;      /* "message", "alert", "change_cipher_spec", "keys" or "state" */
    const char *name;      /* "client_hello"; "close_notify"; "application"; "WAIT_SH" */
    int type;              /* HandshakeType, AlertDescription; else 0 */
    size_t len;            /* of a message, with its header */
    const char *state;     /* of the connection */
};
typedef void cub_trace_callback(cub_conn *conn, const struct cub_trace_event *event, void *arg);
cub_result cub_context_set_trace_callback(cub_context *context, cub_trace_callback *callback,
                                          void *arg);

/* ---- Connections ----------------------------------------------------------------------------- */

/* Keyword arguments of wrap_socket and wrap_bio; all zero are Python's defaults. */
struct cub_wrap_options {
    bool server_side;
    const char *server_hostname;             /* host name or IP address */
    enum cub_choice do_handshake_on_connect; /* wrap_socket: CUB_YES by default */
    enum cub_choice suppress_ragged_eofs;    /* wrap_socket: CUB_YES by default */
    cub_session *session;                    /* to resume */
};

/* The caller's own transport. Both functions may wait, or say that they would. */
struct cub_io {
    /* Up to len bytes; *n = 0 with CUB_OK is the end. CUB_SSLWantReadError, CUB_OSError (errno). */
    cub_result (*read)(void *arg, void *buffer, size_t len, size_t *n);
    /* Takes 1 to len bytes. CUB_SSLWantWriteError, CUB_OSError (errno). */
    cub_result (*write)(void *arg, const void *data, size_t len, size_t *n);
    void *arg;
};

/*
 * wrap_socket: a connection on a connected stream socket, which stays the caller's. The handshake
 * is made at once, unless told otherwise; the timeout is 0 if the socket is non-blocking, else
 * none. After a failure *conn can be asked (cub_conn_error) and must be freed; NULL if there is no
 * memory. A listening socket gives a connection that can only cub_conn_accept.
 */
cub_result cub_context_wrap_socket(cub_context *context, int fd,
                                   const struct cub_wrap_options *options, cub_conn **conn);
/* wrap_bio. The BIOs get one more owner each. Fails as wrap_socket does. */
cub_result cub_context_wrap_bio(cub_context *context, cub_bio *incoming, cub_bio *outgoing,
                                const struct cub_wrap_options *options, cub_conn **conn);
/* The same over the caller's functions; io is copied. */
cub_result cub_context_wrap_io(cub_context *context, const struct cub_io *io,
                               const struct cub_wrap_options *options, cub_conn **conn);
/* Frees the connection; sends nothing and leaves the socket open. NULL is fine. */
void cub_conn_free(cub_conn *conn);
/* close: the same, and closes the socket. */
void cub_conn_close(cub_conn *conn);
/* detach: the same as free, and gives the socket back. */
int cub_conn_detach(cub_conn *conn);
/* accept on a listening socket: a new connection, on a socket that cub_conn_close closes. */
cub_result cub_conn_accept(cub_conn *listener, cub_conn **conn);
/* Details of the last failure; conn NULL: that there was no memory for it. */
const struct cub_error_details *cub_conn_error(const cub_conn *conn);

cub_result cub_conn_do_handshake(cub_conn *conn);
/*
 * read: at least one byte, at most len. CUB_OK and *n = 0: the peer has closed (close_notify, or,
 * with suppress_ragged_eofs, a mere end of the stream).
 */
cub_result cub_conn_read(cub_conn *conn, void *buffer, size_t len, size_t *n);
/* write: all of it on a blocking socket, else *n says how much was taken, at least one byte. */
cub_result cub_conn_write(cub_conn *conn, const void *data, size_t len, size_t *n);
/* sendall: writes all within the timeout, or fails. */
cub_result cub_conn_sendall(cub_conn *conn, const void *data, size_t len);
/* recv, recv_into: cub_conn_read; flags must be 0. send: cub_conn_write, likewise. */
cub_result cub_conn_recv(cub_conn *conn, void *buffer, size_t len, int flags, size_t *n);
cub_result cub_conn_send(cub_conn *conn, const void *data, size_t len, int flags, size_t *n);
/* sendfile: count bytes (0: all) of an open file from an offset; *sent says how many went out. With
 * OP_ENABLE_KTLS, where the kernel has TLS, they are not copied. */
cub_result cub_conn_sendfile(cub_conn *conn, int file, uint64_t offset, size_t count, size_t *sent);
/* Beyond Python: whether OP_ENABLE_KTLS has put the sending half into the kernel: TLS 1.3 alone,
 * and not for peers that want small records. Such a connection cannot change its keys. */
bool cub_conn_get_ktls_send(const cub_conn *conn);
/* unwrap: sends close_notify and waits for the peer's. Unread data is lost. */
cub_result cub_conn_unwrap(cub_conn *conn);
/* Beyond Python: sends close_notify and goes on reading [RFC8446-6.1]. */
cub_result cub_conn_close_write(cub_conn *conn);
/* Data that is decrypted and waits to be read. */
size_t cub_conn_pending(const cub_conn *conn);

/* connect: connects the socket, and makes the handshake unless told otherwise. */
cub_result cub_conn_connect(cub_conn *conn, const char *host, uint16_t port);
/* shutdown(2) of the socket, with SHUT_RD ...; says nothing to the peer's TLS. */
cub_result cub_conn_shutdown(cub_conn *conn, int how);
/* The addresses of the socket's ends: host, at most 64 bytes with its end, and port. */
cub_result cub_conn_getpeername(cub_conn *conn, char host[64], uint16_t *port);
cub_result cub_conn_getsockname(cub_conn *conn, char host[64], uint16_t *port);

/* Seconds for a whole operation; negative: no limit; 0: never wait. */
cub_result cub_conn_settimeout(cub_conn *conn, double seconds);
double cub_conn_gettimeout(const cub_conn *conn);
cub_result cub_conn_setblocking(cub_conn *conn, bool blocking);
int cub_conn_fileno(const cub_conn *conn); /* -1: no socket */

/* "TLSv1.3"; NULL before the handshake is over. */
const char *cub_conn_version(const cub_conn *conn);
struct cub_cipher {
    const char *name;
    const char *protocol;
    int secret_bits;
};
/* false (None) before the handshake is over. */
bool cub_conn_cipher(const cub_conn *conn, struct cub_cipher *cipher);
const char *cub_conn_selected_alpn_protocol(const cub_conn *conn); /* NULL: none */
/* shared_ciphers: of a server, what the client offered too, as cub_context_get_ciphers. None of a
 * session that was resumed. */
size_t cub_conn_shared_ciphers(const cub_conn *conn, struct cub_cipher *list, size_t max);
/*
 * get_channel_binding: at most max bytes; *len = 0 (None) if there is none, which tls-unique has in
 * TLS 1.3 and without extended master secret, tls-exporter in the latter case. CUB_ValueError: a
 * type that is not one of CUB_CHANNEL_BINDING_TYPES.
 */
#define CUB_CHANNEL_BINDING_TYPES                                                                  \
    {                                                                                              \
        "tls-unique", "tls-server-end-point", "tls-exporter"                                       \
    }
cub_result cub_conn_get_channel_binding(cub_conn *conn, const char *type, void *out, size_t max,
                                        size_t *len);
const char *cub_conn_selected_npn_protocol(const cub_conn *conn); /* always NULL: none */
const char *cub_conn_compression(const cub_conn *conn);           /* always NULL: none */
/* The group of the key exchange, and the signatures' schemes, by their registered names; NULL:
 * none. */
const char *cub_conn_group(const cub_conn *conn);
const char *cub_conn_client_sigalg(const cub_conn *conn);
const char *cub_conn_server_sigalg(const cub_conn *conn);

bool cub_conn_get_server_side(const cub_conn *conn);
const char *cub_conn_get_server_hostname(const cub_conn *conn); /* NULL: none */
cub_context *cub_conn_get_context(const cub_conn *conn);
/* Another context: in an sni_callback only. */
cub_result cub_conn_set_context(cub_conn *conn, cub_context *context);
/*
 * session: what the connection leaves for later ones; the latest ticket's, where there is one. With
 * TLS 1.3 tickets come after the handshake: read something first. Belongs to the connection. NULL
 * before the handshake is over.
 */
cub_session *cub_conn_get_session(cub_conn *conn);
/*
 * A session to resume: before the handshake, of the same context. It can be set for any number of
 * connections. In TLS 1.3 each takes one of its tickets: those of its connection, and of those that
 * resumed it, as far as they were read. Without a ticket left the handshake is a full one
 * (cub_context_set_ticket_reuse).
 */
cub_result cub_conn_set_session(cub_conn *conn, cub_session *session);
bool cub_conn_get_session_reused(const cub_conn *conn);

struct cub_cert_info;
/*
 * getpeercert(): what the peer's certificate says. NULL: the peer has none. If it was not verified,
 * a struct with nothing in it. CUB_ValueError before the handshake is over.
 */
cub_result cub_conn_getpeercert(cub_conn *conn, const struct cub_cert_info **cert);
/* getpeercert(binary_form=True), verified or not; NULL and 0 without certificate. */
cub_result cub_conn_getpeercert_der(cub_conn *conn, struct cub_bytes *der);
/* The chain as verified, leaf first, anchor last; the array belongs to the connection. If nothing
 * was verified, the chain as the peer sent it. */
cub_result cub_conn_get_verified_chain(cub_conn *conn, const struct cub_bytes **chain,
                                       size_t *count);
/* The chain as the peer sent it. */
cub_result cub_conn_get_unverified_chain(cub_conn *conn, const struct cub_bytes **chain,
                                         size_t *count);

/*
 * verify_client_post_handshake: a server of TLS 1.3 asks its client for a certificate; both must
 * have post_handshake_auth set, and the server a verify_mode. Returns at once: the request goes out
 * with the next operation that sends, the answer comes in with those that read, and what is wrong
 * with it fails them. What cub_conn_getpeercert gave before is not valid any more then. Reasons of
 * a refusal: NOT_SERVER, STILL_IN_INIT, WRONG_SSL_VERSION, INVALID_CONFIG, EXTENSION_NOT_RECEIVED,
 * REQUEST_PENDING.
 */
cub_result cub_conn_verify_client_post_handshake(cub_conn *conn);

/* Beyond Python: what the server stapled to its certificate, an OCSPResponse; NULL and 0: nothing.
 */
cub_result cub_conn_get_ocsp_response(cub_conn *conn, struct cub_bytes *response);
/* The same for SCTs, a SignedCertificateTimestampList. */
cub_result cub_conn_get_scts(cub_conn *conn, struct cub_bytes *list);

/*
 * Beyond Python: sends data before the handshake is over. A client calls it first of all, with a
 * session set: *n bytes went out as 0-RTT data, less than len if the session or the server's ticket
 * allow no more, 0 if they allow none; then the handshake follows, and with the rest, or all of it
 * if it was rejected, cub_conn_write. A server that has accepted 0-RTT data may answer it with this
 * function. EARLY_DATA_LATE: the handshake is over.
 */
cub_result cub_conn_write_early_data(cub_conn *conn, const void *data, size_t len, size_t *n);
/*
 * Server: reads 0-RTT data, before anything else is done with the connection; who does not call it
 * accepts none. *n 0: there is none, or no more, and the handshake can go on. The data may be a
 * replay.
 */
cub_result cub_conn_read_early_data(cub_conn *conn, void *buffer, size_t len, size_t *n);
/* What became of 0-RTT data. */
enum cub_EarlyData {
    CUB_EARLY_DATA_NOT_SENT, /* neither sent nor offered */
    CUB_EARLY_DATA_PENDING,  /* client: offered; the server has not answered */
    CUB_EARLY_DATA_ACCEPTED,
    CUB_EARLY_DATA_REJECTED, /* the server did not look at it: to be sent again, or not */
};
enum cub_EarlyData cub_conn_get_early_data(const cub_conn *conn);

/* Beyond Python: new keys for sending [RFC8446-4.6.3], and for the peer if it is asked too. */
cub_result cub_conn_key_update(cub_conn *conn, bool request_peer);
/* Keying material for the application [RFC8446-7.5]. context NULL: none. */
cub_result cub_conn_export_keying_material(cub_conn *conn, const char *label, const void *context,
                                           size_t context_len, void *out, size_t out_len);
/* A pointer of the caller's own. */
void cub_conn_set_user_data(cub_conn *conn, void *data);
void *cub_conn_get_user_data(const cub_conn *conn);

/* ---- Memory BIOs ----------------------------------------------------------------------------- */

cub_result cub_bio_new(cub_bio **bio);
cub_bio *cub_bio_ref(cub_bio *bio);
void cub_bio_free(cub_bio *bio);
/* Up to len bytes; *n = 0 if there are none. */
cub_result cub_bio_read(cub_bio *bio, void *buffer, size_t len, size_t *n);
/* All of it. CUB_SSLError after cub_bio_write_eof. */
cub_result cub_bio_write(cub_bio *bio, const void *data, size_t len);
/* Nothing more will be written. */
void cub_bio_write_eof(cub_bio *bio);
size_t cub_bio_get_pending(const cub_bio *bio);
/* The end was written, and all before it read. */
bool cub_bio_get_eof(const cub_bio *bio);

/* ---- Sessions -------------------------------------------------------------------------------- */

cub_session *cub_session_ref(cub_session *session);
void cub_session_free(cub_session *session);
void cub_session_get_id(const cub_session *session, struct cub_bytes *id);
int64_t cub_session_get_time(const cub_session *session); /* of its beginning, since 1970 */
int64_t cub_session_get_timeout(const cub_session *session);
int64_t cub_session_get_ticket_lifetime_hint(const cub_session *session);
bool cub_session_get_has_ticket(const cub_session *session);
/*
 * Beyond Python: sessions as bytes (cub_free), for later processes. They hold a secret: who has
 * them can resume. In TLS 1.3 they are one ticket, which this process can still offer, too.
 * CUB_ValueError for a session without ticket, or none that was not offered yet.
 */
cub_result cub_session_save(const cub_session *session, uint8_t **bytes, size_t *len);
cub_result cub_session_load(const void *bytes, size_t len, cub_session **session);

/* ---- Certificates ---------------------------------------------------------------------------- */

struct cub_name_value {
    const char *name; /* "commonName" ..., or the dotted OID */
    const char *value;
};
/* A RelativeDistinguishedName. */
struct cub_rdn {
    const struct cub_name_value *attributes;
    size_t count;
};
struct cub_alt_name {
    const char *name;  /* "DNS", "IP Address", "URI", "email", "DirName" ... */
    const char *value; /* NULL for a DirName, which is: */
    const struct cub_rdn *directory;
    size_t directory_count;
};
struct cub_string_list {
    const char *const *strings;
    size_t count;
};

/* What getpeercert() gives, field for field. */
struct cub_cert_info {
    const struct cub_rdn *subject;
    size_t subject_count;
    const struct cub_rdn *issuer;
    size_t issuer_count;
    int version;              /* 3 */
    const char *serialNumber; /* hexadecimal, capital */
    const char *notBefore;    /* "Jan  5 09:34:43 2018 GMT" */
    const char *notAfter;
    int64_t not_before; /* the same in seconds since 1970-01-01T00:00:00Z */
    int64_t not_after;
    const struct cub_alt_name *subjectAltName;
    size_t subjectAltName_count;
    struct cub_string_list OCSP;
    struct cub_string_list caIssuers;
    struct cub_string_list crlDistributionPoints;
    /* Beyond Python. */
    struct cub_bytes der;   /* the whole certificate */
    const char *public_key; /* "rsaEncryption", "prime256v1" ... */
    int public_key_bits;
    const char *signature_algorithm; /* "sha256WithRSAEncryption" ... */
};

/* Describes a certificate in DER. details may be NULL. Freed by cub_cert_info_free. */
cub_result cub_cert_info_new(const void *der, size_t len, struct cub_cert_info **info,
                             struct cub_error_details *details);
void cub_cert_info_free(struct cub_cert_info *info);

/*
 * All certificates of a PEM text, or of certificates in DER one after the other, as DER. One piece
 * of memory, freed by cub_free. details may be NULL.
 */
cub_result cub_read_certs(const void *data, size_t len, struct cub_bytes **certs, size_t *count,
                          struct cub_error_details *details);
/* The same from a file. */
cub_result cub_read_certs_file(const char *filename, struct cub_bytes **certs, size_t *count,
                               struct cub_error_details *details);

/*
 * Builds and checks a path for certs[0]; the rest are candidates. Trust, flags and time are the
 * context's. hostname NULL: no name is checked. After CUB_OK *path is the path, leaf first, anchor
 * last: one piece of memory, freed by cub_free. details may be NULL.
 */
cub_result cub_context_verify_certs(cub_context *context, const struct cub_bytes *certs,
                                    size_t count, enum cub_Purpose purpose, const char *hostname,
                                    struct cub_bytes **path, size_t *path_count,
                                    struct cub_error_details *details);

/*
 * match_hostname, of old: whether a certificate is for a host. Connections do that by themselves
 * (check_hostname). details may be NULL.
 */
cub_result cub_match_hostname(const struct cub_cert_info *cert, const char *hostname,
                              struct cub_error_details *details);

/* One certificate: PEM with lines of 64 characters, freed by cub_free. */
cub_result cub_DER_cert_to_PEM_cert(const void *der, size_t len, char **pem);
/* The other way; freed by cub_free. */
cub_result cub_PEM_cert_to_DER_cert(const char *pem, uint8_t **der, size_t *len);
/* "Jan  5 09:34:43 2018 GMT" in seconds since the epoch. */
cub_result cub_cert_time_to_seconds(const char *cert_time, int64_t *seconds);

/* ---- Sockets --------------------------------------------------------------------------------- */

/*
 * socket.create_connection: a TCP connection to one of the host's addresses. timeout in seconds,
 * for each address; negative: the system's. The socket is blocking. CUB_OSError (errno, or
 * os_errno 0 and a name that cannot be resolved), CUB_TimeoutError. details may be NULL.
 */
cub_result cub_create_connection(const char *host, uint16_t port, double timeout, int *fd,
                                 struct cub_error_details *details);
/* socket.create_server: a listening TCP socket. address NULL or "": all; port 0: any. */
cub_result cub_create_server(const char *address, uint16_t port, int *fd,
                             struct cub_error_details *details);

/*
 * get_server_certificate: the certificate of a server as PEM (cub_free), verified against ca_certs
 * (a file) unless that is NULL; then it is not verified at all. details may be NULL.
 */
cub_result cub_get_server_certificate(const char *host, uint16_t port, const char *ca_certs,
                                      double timeout, char **pem,
                                      struct cub_error_details *details);

/* Keyword arguments of ssl.wrap_socket, of old; all zero are its defaults. */
struct cub_wrap_socket_options {
    const char *keyfile;
    const char *certfile;
    bool server_side;
    enum cub_VerifyMode cert_reqs;
    const char *ca_certs;
    enum cub_choice do_handshake_on_connect;
    enum cub_choice suppress_ragged_eofs;
    const char *ciphers;
};
/* ssl.wrap_socket, of old: neither SNI nor host names; for new programs cub_context_wrap_socket. */
cub_result cub_wrap_socket(int fd, const struct cub_wrap_socket_options *options, cub_conn **conn);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
