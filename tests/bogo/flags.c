#include "flags.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "x509/pem.h"

enum kind { BOOL, INT, STRING, LIST, BLOB, CREDENTIAL, PSK, RAW_KEY, IGNORE, IGNORE_VALUE };

struct flag {
    const char *name;
    enum kind kind;
    size_t offset;
    bool of_credential; /* offset is in the credential begun last */
};

#define FLAG(name, kind, member)                                                                   \
    {                                                                                              \
        name, kind, offsetof(struct options, member), false                                        \
    }
#define OF_CREDENTIAL(name, kind, member)                                                          \
    {                                                                                              \
        name, kind, offsetof(struct credential_options, member), true                              \
    }

static const struct flag table[] = {
    FLAG("port", INT, port),
    FLAG("shim-id", STRING, shim_id),
    FLAG("ipv6", BOOL, ipv6),
    FLAG("server", BOOL, server),
    FLAG("resume-count", INT, resume_count),
    FLAG("async", BOOL, async),
    FLAG("shim-writes-first", BOOL, shim_writes_first),
    FLAG("shim-shuts-down", BOOL, shim_shuts_down),
    FLAG("check-close-notify", BOOL, check_close_notify),
    FLAG("no-op-extra-handshake", BOOL, no_op_extra_handshake),
    FLAG("key-update", BOOL, key_update),
    FLAG("send-alert", BOOL, send_alert),
    FLAG("read-size", INT, read_size),
    FLAG("min-version", INT, min_version),
    FLAG("max-version", INT, max_version),
    FLAG("no-tls1", BOOL, no_tls1),
    FLAG("no-tls11", BOOL, no_tls11),
    FLAG("no-tls12", BOOL, no_tls12),
    FLAG("no-tls13", BOOL, no_tls13),
    FLAG("expect-version", INT, expect_version),
    FLAG("expect-cipher", INT, expect_cipher),
    FLAG("expect-cipher-aes", INT, expect_cipher_aes),
    FLAG("curves", LIST, curves),
    FLAG("curves-flags", LIST, curve_flags),
    FLAG("key-shares", LIST, key_shares),
    FLAG("no-key-shares", BOOL, no_key_shares),
    FLAG("server-supported-groups-hint", LIST, server_groups),
    FLAG("expect-curve-id", INT, expect_curve_id),
    FLAG("expect-hrr", BOOL, expect_hrr),
    FLAG("expect-no-hrr", BOOL, expect_no_hrr),
    OF_CREDENTIAL("signing-prefs", LIST, signing_prefs),
    FLAG("verify-prefs", LIST, verify_prefs),
    FLAG("expect-peer-signature-algorithm", INT, expect_peer_signature_algorithm),
    OF_CREDENTIAL("cert-file", STRING, cert_file),
    OF_CREDENTIAL("key-file", STRING, key_file),
    OF_CREDENTIAL("ocsp-response", BLOB, ocsp_response),
    OF_CREDENTIAL("signed-cert-timestamps", BLOB, scts),
    {"new-x509-credential",          CREDENTIAL,   0, false},
    {"new-psk-credential",           PSK,          0, false},
    {"new-rpk-credential",           RAW_KEY,      0, false},
    {"new-delegated-credential",     CREDENTIAL,   0, false},
    OF_CREDENTIAL("delegated-credential", BLOB, delegated),
    OF_CREDENTIAL("psk-importer-key", BLOB, psk),
    OF_CREDENTIAL("psk-importer-identity", BLOB, psk_identity),
    OF_CREDENTIAL("psk-importer-context", BLOB, psk_context),
    OF_CREDENTIAL("psk-importer-sha256", BOOL, psk_sha256),
    OF_CREDENTIAL("psk-importer-sha384", BOOL, psk_sha384),
    FLAG("expect-selected-credential", STRING, selected_credential),
    FLAG("reverify-on-resume", BOOL, reverify_on_resume),
    FLAG("install-cert-compression-algs", BOOL, compress_certificates),
    FLAG("install-one-cert-compression-alg", LIST, compression),
    FLAG("enable-ocsp-stapling", BOOL, enable_ocsp_stapling),
    FLAG("expect-ocsp-response", BLOB, expected_ocsp_response),
    FLAG("use-ocsp-callback", BOOL, use_ocsp_callback),
    FLAG("set-ocsp-in-callback", BOOL, set_ocsp_in_callback),
    FLAG("decline-ocsp-callback", BOOL, decline_ocsp_callback),
    FLAG("fail-ocsp-callback", BOOL, fail_ocsp_callback),
    FLAG("enable-signed-cert-timestamps", BOOL, enable_scts),
    FLAG("expect-signed-cert-timestamps", BLOB, expected_scts),
    FLAG("read-with-unfinished-write", BOOL, read_with_unfinished_write),
    FLAG("verify-peer", BOOL, verify_peer),
    FLAG("require-any-client-certificate", BOOL, require_any_client_certificate),
    FLAG("verify-fail", BOOL, verify_fail),
    FLAG("use-custom-verify-callback", BOOL, use_custom_verify_callback),
    FLAG("host-name", STRING, host_name),
    FLAG("expect-server-name", STRING, expect_server_name),
    FLAG("no-server-name-ack", BOOL, no_server_name_ack),
    FLAG("advertise-alpn", STRING, advertise_alpn),
    FLAG("allow-unknown-alpn-protos", BOOL, allow_unknown_alpn),
    FLAG("expect-alpn", STRING, expect_alpn),
    FLAG("expect-advertised-alpn", STRING, expect_advertised_alpn),
    FLAG("select-alpn", STRING, select_alpn),
    FLAG("decline-alpn", BOOL, decline_alpn),
    FLAG("select-empty-alpn", BOOL, select_empty_alpn),
    FLAG("reject-alpn", BOOL, reject_alpn),
    FLAG("expect-extended-master-secret", BOOL, expect_extended_master_secret),
    FLAG("expect-secure-renegotiation", BOOL, expect_secure_renegotiation),
    FLAG("expect-no-secure-renegotiation", BOOL, expect_no_secure_renegotiation),
    FLAG("max-send-fragment", INT, max_send_fragment),
    FLAG("server-preference", BOOL, server_preference),
    FLAG("expect-session-miss", BOOL, expect_session_miss),
    FLAG("no-ticket", BOOL, no_ticket),
    FLAG("cipher", STRING, cipher),
    FLAG("psk", STRING, psk),
    FLAG("psk-identity", STRING, psk_identity),
    OF_CREDENTIAL("must-match-issuer", BOOL, must_match_issuer),
    FLAG("use-client-ca-list", STRING, client_ca_list),
    FLAG("expect-session-id", BOOL, expect_session_id),
    FLAG("expect-no-session-id", BOOL, expect_no_session_id),
    FLAG("expect-ticket-renewal", BOOL, expect_ticket_renewal),
    FLAG("export-keying-material", INT, export_keying_material),
    FLAG("export-label", STRING, export_label),
    FLAG("export-context", STRING, export_context),
    FLAG("use-export-context", BOOL, use_export_context),
    FLAG("export-traffic-secrets", BOOL, export_traffic_secrets),
    FLAG("expect-no-peer-cert", BOOL, expect_no_peer_cert),
    FLAG("expect-peer-cert-file", STRING, expect_peer_cert_file),
    FLAG("max-cert-list", INT, max_cert_list),
    FLAG("ignore-rsa-key-usage", BOOL, ignore_rsa_key_usage),
    FLAG("expect-key-usage-invalid", BOOL, expect_key_usage_invalid),
    FLAG("expect-certificate-types", BLOB, expected_certificate_types),
    FLAG("expect-client-ca-list", STRING, expected_client_ca_list),
    FLAG("expect-peer-verify-pref", LIST, peer_verify_prefs),
    FLAG("accepted-peer-cert-types", LIST, accepted_types),
    FLAG("available-client-cert-types", LIST, offered_types),
    FLAG("expect-peer-certificate-type", INT, expected_type),
    FLAG("expect-peer-rpk-sha256", BLOB, expected_raw_key),
    FLAG("expect-no-session", BOOL, expect_no_session),
    FLAG("resumption-delay", INT, resumption_delay),
    FLAG("expect-ticket-age-skew", INT, age_skew),
    FLAG("early-write-after-message", INT, early_write_after),
    FLAG("tls-unique", BOOL, tls_unique),
    FLAG("fallback-scsv", BOOL, fallback_scsv),
    FLAG("expect-msg-callback", STRING, expected_log),
    FLAG("renegotiate-ignore", BOOL, renegotiate_ignore),
    FLAG("enable-early-data", BOOL, enable_early_data),
    FLAG("false-start", BOOL, false_start),
    FLAG("allow-false-start-without-alpn", BOOL, false_start_without_alpn),
    FLAG("handshake-twice", BOOL, handshake_twice),
    FLAG("handshake-never-done", BOOL, handshake_never_done),
    FLAG("expect-ticket-supports-early-data", BOOL, expect_ticket_supports_early_data),
    FLAG("expect-accept-early-data", BOOL, expect_accept_early_data),
    FLAG("expect-reject-early-data", BOOL, expect_reject_early_data),
    FLAG("expect-no-offer-early-data", BOOL, expect_no_offer_early_data),
 /* The shim has nothing to do for these: the handshake runs by itself, callbacks have one form,
  * chains are not judged. */
    {"implicit-handshake",           IGNORE,       0, false},
    {"use-early-callback",           IGNORE,       0, false},
    {"use-old-client-cert-callback", IGNORE,       0, false},
    {"wait-for-debugger",            IGNORE,       0, false},
    {"trust-cert",                   IGNORE_VALUE, 0, false},
    {"expect-verify-result",         IGNORE,       0, false},
    {"expect-early-data-reason",     IGNORE_VALUE, 0, false},
    {"expect-cipher-no-aes",         IGNORE_VALUE, 0, false},
};

static const struct flag *find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    }
    fprintf(stderr, "flag -%s is not implemented\n", name);
    exit(EXIT_NOT_IMPLEMENTED);
}

/* Base64 is what the inside of a PEM block is. */
static struct blob decode(const char *text)
{
    struct cub_pem_block block = {0};
    struct blob blob;
    size_t size;

    block.body = (struct cub_view){(const uint8_t *)text, strlen(text)};
    size = cub_pem_decoded_max(&block);
    blob.data = malloc(size + 1);
    blob.len = 0;
    if (blob.data == NULL || cub_pem_decode(&block, blob.data, size, &blob.len) != E_OK) {
        fprintf(stderr, "not base64: %s\n", text);
        exit(1);
    }
    return blob;
}

static void new_credential(struct options *options)
{
    if (++options->num_credentials == MAX_CREDENTIALS)
        exit(EXIT_NOT_IMPLEMENTED);
}

static void store(struct options *options, const struct flag *flag, const char *value)
{
    char *base = flag->of_credential ? (char *)&options->credentials[options->num_credentials]
                                     : (char *)options;
    char *member = base + flag->offset;
    struct list *list = (struct list *)(void *)member;

    switch (flag->kind) {
    case BOOL:
        *(bool *)member = true;
        break;
    case INT:
        *(int *)(void *)member = atoi(value);
        break;
    case STRING:
        *(const char **)(void *)member = value;
        break;
    case LIST:
        if (list->count == MAX_LIST)
            exit(EXIT_NOT_IMPLEMENTED);
        list->items[list->count++] = atoi(value);
        break;
    case BLOB:
        *(struct blob *)(void *)member = decode(value);
        break;
    case CREDENTIAL:
    case PSK:
    case RAW_KEY:
        new_credential(options);
        options->credentials[options->num_credentials].is_psk = flag->kind == PSK;
        options->credentials[options->num_credentials].is_raw = flag->kind == RAW_KEY;
        break;
    default:
        break;
    }
}

/* A flag that no value follows. */
static bool is_alone(const struct flag *flag)
{
    return flag->kind == BOOL || flag->kind == IGNORE || flag->kind == CREDENTIAL ||
           flag->kind == PSK || flag->kind == RAW_KEY;
}

/* Cuts a prefix off name; false if it has another. */
static bool cut(const char **name, const char *prefix)
{
    size_t len = strlen(prefix);

    if (strncmp(*name, prefix, len) != 0)
        return false;
    *name += len;
    return true;
}

void flags_parse(struct flags *flags, int argc, char **argv)
{
    struct options *sets[] = {&flags->initial, &flags->resume, &flags->retry};

    memset(flags, 0, sizeof *flags);
    for (int set = 0; set < 3; set++)
        sets[set]->expected_type = -1;
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i] + 1;
        const char *value = NULL;
        bool wanted[3] = {true, true, true};
        const struct flag *flag;

        cut(&name, "on-shim-");
        if (cut(&name, "on-initial-"))
            wanted[1] = wanted[2] = false;
        else if (cut(&name, "on-resume-"))
            wanted[0] = wanted[2] = false;
        else if (cut(&name, "on-retry-"))
            wanted[0] = wanted[1] = false;
        flag = find(name);
        if (!is_alone(flag)) {
            if (++i == argc)
                exit(EXIT_NOT_IMPLEMENTED);
            value = argv[i];
        }
        for (int set = 0; set < 3; set++) {
            if (wanted[set])
                store(sets[set], flag, value);
        }
    }
}
