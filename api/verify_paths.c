/*
 * Where the system keeps the certificates that it trusts.
 */
#include "api/cubtls.h"

#include <stdlib.h>

#include "api/file.h"

/* By distribution; the first that exists is used. */
static const char *const files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Arch, Gentoo */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* the same, older */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine, OpenBSD, macOS */
    "/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD */
};
static const char *const directories[] = {
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
};

static const char *first_of(const char *const *paths, size_t count, bool directory)
{
    for (size_t i = 0; i < count; i++)
        if (cub_file_exists(paths[i], directory))
            return paths[i];
    return paths[0];
}

/* What an environment variable says, or else the system's place; NULL if that does not exist. */
static const char *effective(const char *variable, const char *path, bool directory)
{
    const char *value = getenv(variable);

    if (!value)
        value = path;
    return cub_file_exists(value, directory) ? value : NULL;
}

void cub_get_default_verify_paths(struct cub_default_verify_paths *paths)
{
    const char *file = first_of(files, sizeof files / sizeof files[0], false);
    const char *directory = first_of(directories, sizeof directories / sizeof directories[0], true);

    *paths = (struct cub_default_verify_paths){
        .cafile = effective("SSL_CERT_FILE", file, false),
        .capath = effective("SSL_CERT_DIR", directory, true),
        .openssl_cafile_env = "SSL_CERT_FILE",
        .openssl_cafile = file,
        .openssl_capath_env = "SSL_CERT_DIR",
        .openssl_capath = directory,
    };
}
