#define _GNU_SOURCE
#include "tests/interop/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/support/pki.h"

#define PSS_SHA256                                                                                 \
    "-pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256 "                    \
    "-pkeyopt rsa_pss_keygen_saltlen:32"

const struct identity_key_type identity_key_types[] = {
    {"P-256",           "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"              },
    {"P-384",           "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"              },
    {"P-521",           "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"              },
    {"RSA-2048",        "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"                },
    {"RSA-4096",        "-algorithm RSA -pkeyopt rsa_keygen_bits:4096"                },
    {"RSA-PSS",         "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048"            },
    {"RSA-PSS-SHA-256", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 " PSS_SHA256},
    {"Ed25519",         "-algorithm ED25519"                                          },
};
const size_t identity_key_type_count = sizeof identity_key_types / sizeof *identity_key_types;

static const char ca_extensions[] = "basicConstraints = critical, CA:TRUE\n"
                                    "keyUsage = critical, keyCertSign, cRLSign\n"
                                    "subjectKeyIdentifier = hash\n"
                                    "authorityKeyIdentifier = keyid\n";
static const char leaf_extensions[] = "basicConstraints = CA:FALSE\n"
                                      "keyUsage = critical, digitalSignature\n"
                                      "extendedKeyUsage = serverAuth, clientAuth\n"
                                      "subjectAltName = DNS:localhost, IP:127.0.0.1\n"
                                      "subjectKeyIdentifier = hash\n"
                                      "authorityKeyIdentifier = keyid\n";

/* Runs an openssl command, given as printf would make it, without quoting: no spaces in words. */
__attribute__((format(printf, 1, 2))) static void openssl(const char *format, ...)
{
    struct process p;
    char *line = NULL;
    const char *argv[64];
    size_t n = 0;
    va_list ap;

    va_start(ap, format);
    cr_assert(vasprintf(&line, format, ap) > 0);
    va_end(ap);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
        cr_assert(n < sizeof argv / sizeof *argv - 1);
        argv[n++] = word;
    }
    argv[n] = NULL;
    int status = process_run(&p, "openssl", NULL, argv);
    cr_assert(status == 0, "%s %s: %s", argv[0], argv[1], process_stderr(&p));
    free(line);
}

/* A path of the scratch directory: <name>.<suffix>. */
static char *path_of(const char *name, const char *suffix)
{
    char file[128];

    snprintf(file, sizeof file, "%s.%s", name, suffix);
    return scratch_path(file);
}

static void set_paths(struct identity *identity, const char *name, const char *key_type)
{
    identity->pss = key_type && strncmp(key_type, "RSA-PSS", 7) == 0;
    identity->cert = path_of(name, "pem");
    identity->key = path_of(name, "key");
    identity->chain = path_of(name, "chain");
}

static void make_key(struct identity *identity, const char *name, const char *key_type)
{
    const char *options = NULL;

    for (size_t i = 0; i < identity_key_type_count; i++) {
        if (strcmp(identity_key_types[i].name, key_type ? key_type : "P-256") == 0)
            options = identity_key_types[i].options;
    }
    cr_assert_not_null(options, "%s is no key type", key_type);
    set_paths(identity, name, key_type);
    openssl("openssl genpkey %s -out %s", options, identity->key);
}

/* RSA keys take long to find, so leaves share some that are ready. */
static const struct {
    const char *name;
    enum pki_key_id id;
} ready_keys[] = {
    {"RSA-2048", PKI_KEY_RSA2048},
    {"RSA-4096", PKI_KEY_RSA4096},
    {"RSA-PSS",  PKI_KEY_RSA_PSS},
};

static void make_leaf_key(struct identity *identity, const char *name, const char *key_type)
{
    for (size_t i = 0; key_type && i < sizeof ready_keys / sizeof *ready_keys; i++) {
        if (strcmp(key_type, ready_keys[i].name) == 0) {
            char file[128];

            snprintf(file, sizeof file, "%s.key", name);
            set_paths(identity, name, key_type);
            free(scratch_file(file, pki_key_pems[ready_keys[i].id]));
            return;
        }
    }
    make_key(identity, name, key_type);
}

/* OpenSSL's salts are as long as fits, unless told otherwise; those of TLS are as long as the hash
 * [RFC8446-4.2.3]. */
static const char *sign_options(const struct identity *signer)
{
    return signer->pss ? "-sigopt rsa_pss_saltlen:digest" : "";
}

/* Writes what `openssl ca` needs to issue in the name of identity. */
static void make_ca_config(struct identity *identity, const char *name)
{
    char file[128];
    char *text = NULL;
    char *database;

    snprintf(file, sizeof file, "%s.index", name);
    database = scratch_file(file, "");
    cr_assert(
        asprintf(&text,
                 "[ca]\ndefault_ca = me\n[me]\ndatabase = %s\nrand_serial = yes\n"
                 "certificate = %s\nprivate_key = %s\nnew_certs_dir = %s\nunique_subject = no\n"
                 "default_md = sha256\npolicy = any\ndefault_crl_days = 2\n"
                 "[any]\ncommonName = supplied\n",
                 database, identity->cert, identity->key, scratch_dir()) > 0);
    snprintf(file, sizeof file, "%s.cnf", name);
    identity->config = scratch_file(file, text);
    free(text);
    identity->database = database;
}

void identity_root(struct identity *root, const char *name, const char *key_type)
{
    char file[128];
    char *text = NULL;

    make_key(root, name, key_type);
    snprintf(file, sizeof file, "%s.ext", name);
    cr_assert(asprintf(&text, "[req]\ndistinguished_name = dn\n[dn]\n[ca]\n%s", ca_extensions) > 0);
    char *config = scratch_file(file, text);
    openssl("openssl req -x509 -config %s -extensions ca -new -key %s -subj /CN=%s -days 36500 "
            "-out %s %s",
            config, root->key, name, root->cert, sign_options(root));
    make_ca_config(root, name);
    free(config);
    free(text);
    char *none = scratch_file("root.chain", "");
    free(root->chain);
    root->chain = none;
}

/* issued.chain = issued.cert + issuer.chain */
static void write_chain(const struct identity *issuer, const struct identity *issued)
{
    char *first = read_file(issued->cert, NULL);
    char *rest = read_file(issuer->chain, NULL);
    FILE *f = fopen(issued->chain, "w");

    cr_assert(f && fputs(first, f) >= 0 && fputs(rest, f) >= 0 && fclose(f) == 0);
    free(first);
    free(rest);
}

void identity_issue(struct identity *issuer, struct identity *cert, const char *name,
                    const struct identity_request *request)
{
    char file[128];
    char *csr = path_of(name, "csr");

    make_leaf_key(cert, name, request->key_type);
    snprintf(file, sizeof file, "%s.ext", name);
    char *ext = scratch_file(file, request->extensions ? request->extensions : leaf_extensions);
    openssl("openssl req -new -key %s -subj %s -out %s", cert->key,
            request->subject ? request->subject : "/CN=localhost", csr);
    openssl("openssl ca -batch -notext -config %s -in %s -out %s -extfile %s -md %s -startdate %s "
            "-enddate %s %s",
            issuer->config, csr, cert->cert, ext, request->digest ? request->digest : "sha256",
            request->start ? request->start : "20200101000000Z",
            request->end ? request->end : "20991231235959Z", sign_options(issuer));
    write_chain(issuer, cert);
    free(csr);
    free(ext);
}

void identity_intermediate(struct identity *issuer, struct identity *cert, const char *name,
                           const struct identity_request *request)
{
    char subject[128];
    struct identity_request ca = *request;

    snprintf(subject, sizeof subject, "/CN=%s", name);
    if (!ca.extensions)
        ca.extensions = ca_extensions;
    if (!ca.subject)
        ca.subject = subject;
    identity_issue(issuer, cert, name, &ca);
    make_ca_config(cert, name);
}

void identity_revoke(const struct identity *issuer, const struct identity *cert)
{
    openssl("openssl ca -config %s -revoke %s", issuer->config, cert->cert);
}

char *identity_crl(const struct identity *issuer, const char *name)
{
    char *path = path_of(name, "crl");

    openssl("openssl ca -config %s -gencrl -out %s", issuer->config, path);
    return path;
}

char *identity_ocsp(const struct identity *issuer, const struct identity *cert, const char *name)
{
    char *request = path_of(name, "ocsp-request"), *response = path_of(name, "ocsp");

    openssl("openssl ocsp -issuer %s -cert %s -no_nonce -reqout %s", issuer->cert, cert->cert,
            request);
    openssl("openssl ocsp -index %s -CA %s -rsigner %s -rkey %s -reqin %s -respout %s -ndays 2",
            issuer->database, issuer->cert, issuer->cert, issuer->key, request, response);
    free(request);
    return response;
}
