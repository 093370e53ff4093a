/*
 * Writes the certificates of the tests as PEM files into a directory: NAME.pem, the chain without
 * its root, NAME.key; root.pem; and a few that only side_by_side.sh needs.
 *
 *     certificates DIRECTORY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/pki.h"

static const char *directory;

static void write_file(const char *name, const char *ending, const char *text)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s.%s", directory, name, ending);
    f = fopen(path, "w");
    if (!f || fputs(text, f) == EOF || fclose(f) == EOF) {
        perror(path);
        exit(1);
    }
}

static void write_chain(const char *name, enum pki_fixture fixture)
{
    const struct pki_chain *chain = pki_chain(fixture);
    static char text[16384];

    *text = 0;
    for (size_t i = 0; i < chain->count; i++)
        pki_pem(text, sizeof text, "CERTIFICATE", chain->certs[i].der, chain->certs[i].len);
    write_file(name, "pem", text);
    write_file(name, "key", pki_key_pems[chain->key_id]);
}

static void write_cert(const char *name, const struct pki_cert *cert)
{
    static char text[16384];

    *text = 0;
    pki_pem(text, sizeof text, "CERTIFICATE", cert->der, cert->len);
    write_file(name, "pem", text);
}

/* A list that revokes the server of PKI_P256; its validity is the fixtures'. */
static void write_crl(void)
{
    static const uint32_t serials[] = {300};
    static uint8_t der[4096];
    static char text[8192];
    struct pki_crl_spec spec = {
        .issuer = &pki_chain(PKI_P256)->certs[1],
        .this_update = PKI_NOT_BEFORE,
        .next_update = PKI_NOT_AFTER,
        .serials = serials,
        .serial_count = 1,
    };
    size_t len = pki_crl(der, sizeof der, &spec);

    pki_pem(text, sizeof text, "X509 CRL", der, len);
    write_file("revoked", "crl", text);
    *text = 0;
    spec.serial_count = 0;
    len = pki_crl(der, sizeof der, &spec);
    pki_pem(text, sizeof text, "X509 CRL", der, len);
    write_file("good", "crl", text);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        enum pki_fixture fixture;
    } chains[] = {
        {"p256",          PKI_P256         },
        {"p384",          PKI_P384         },
        {"rsa",           PKI_RSA2048      },
        {"rsa_pss",       PKI_RSA_PSS      },
        {"expired",       PKI_EXPIRED      },
        {"not_yet_valid", PKI_NOT_YET_VALID},
        {"wrong_eku",     PKI_WRONG_EKU    },
        {"not_ca",        PKI_NOT_CA       },
        {"critical",      PKI_CRITICAL     },
        {"wrong_name",    PKI_WRONG_NAME   },
        {"client",        PKI_CLIENT       },
        {"self_signed",   PKI_SELF_SIGNED  },
        {"untrusted",     PKI_UNTRUSTED    },
        {"bad_signature", PKI_BAD_SIGNATURE},
        {"no_signing",    PKI_NO_SIGNING   },
    };

    if (argc != 2)
        return 2;
    directory = argv[1];
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++)
        write_chain(chains[i].name, chains[i].fixture);
    write_cert("root", pki_root());
    write_cert("leaf_only", &pki_chain(PKI_P256)->certs[0]);
    write_cert("ca", &pki_chain(PKI_P256)->certs[1]);
    write_crl();
    return 0;
}
