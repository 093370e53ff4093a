#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <stdio.h>

const char *cub(void)
{
    const char *path = getenv("CUB_TOOL");

    cr_assert_not_null(path, "CUB_TOOL does not say where cub is");
    return path;
}

struct run run(const char *input, const char *const arguments[])
{
    const char *argv[32] = {cub()};
    struct process p;
    struct run r;

    for (size_t i = 0; arguments[i] != NULL; i++)
        argv[i + 1] = arguments[i];
    r.status = process_run(&p, "cub", input, argv);
    r.out = process_stdout(&p);
    r.err = process_stderr(&p);
    return r;
}

void forget(struct run *r)
{
    free(r->out);
    free(r->err);
}

char *write_certs(const char *name, const struct pki_cert *const certs[])
{
    static char text[65536];

    *text = '\0';
    for (size_t i = 0; certs[i] != NULL; i++)
        pki_pem(text, sizeof text, "CERTIFICATE", certs[i]->der, certs[i]->len);
    return scratch_file(name, text);
}

char *write_chain(const char *name, enum pki_fixture fixture)
{
    const struct pki_chain *chain = pki_chain(fixture);

    return write_certs(name, (const struct pki_cert *[]){&chain->certs[0],
                                                         chain->count > 1 ? &chain->certs[1] : NULL,
                                                         NULL});
}

char *write_root(void)
{
    return write_certs("root.pem", (const struct pki_cert *[]){pki_root(), NULL});
}

char *write_key(const char *name, enum pki_fixture fixture)
{
    return scratch_file(name, pki_key_pems[pki_chain(fixture)->key_id]);
}

int start_server(struct process *p, const char *const options[])
{
    char *cert = write_chain("server.pem", PKI_P256), *key = write_key("server.key", PKI_P256);
    const char *argv[32] = {cub(), "server", "127.0.0.1:0", "--certfile", cert, "--keyfile", key};

    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        argv[7 + i] = options[i];
    process_start(p, "server", PROCESS_NO_PIPES, argv);
    free(cert);
    free(key);
    return process_number_after(p, "listening on 127.0.0.1:");
}

struct run run_client(int port, const char *input, const char *const options[])
{
    char *root = write_root();
    char address[32];
    const char *argv[32] = {"client",        address, "--cafile", root, "--server-hostname",
                            "server.example"};
    struct run r;

    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    for (size_t i = 0; options != NULL && options[i] != NULL; i++)
        argv[6 + i] = options[i];
    r = run(input, argv);
    free(root);
    return r;
}
