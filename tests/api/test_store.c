#include <criterion/criterion.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/store.h"
#include "api/subject_hash.h"
#include "tests/api/pair.h"
#include "tests/support/process.h"
#include "x509/name.h"

/* A root of its own for each number. */
static void issue_root(struct pki_cert *cert, unsigned number, const char *subject)
{
    pki_issue(cert, &(struct pki_spec){
                        .subject = subject, .key = PKI_KEY_ROOT, .ca = 1, .serial = number + 1});
}

static const struct cub_path_cert *look_up(struct cub_store *store, const struct pki_cert *cert,
                                           size_t n)
{
    struct cub_path_store view = cub_store_view(store);
    uint8_t digest[32];

    cub_name_digest(cert->subject, digest);
    return view.trusted(view.context, cert->subject, digest, n);
}

Test(store, finds_by_subject_in_order)
{
    static struct pki_cert certs[300];
    struct cub_store *store = cub_store_new();

    /* Three certificates for each of a hundred names. */
    for (unsigned i = 0; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof name, "root %u", i / 3);
        issue_root(&certs[i], i, name);
        cr_assert_eq(cub_store_add(store, certs[i].der, certs[i].len), E_OK);
        cr_assert_eq(cub_store_add(store, certs[i].der, certs[i].len), E_OK, "counts once");
    }
    for (unsigned i = 0; i < 300; i++) {
        const struct cub_path_cert *found = look_up(store, &certs[i], i % 3);
        cr_assert_not_null(found);
        cr_assert_eq(found->cert.der.len, certs[i].len);
        cr_assert_arr_eq(found->cert.der.data, certs[i].der, certs[i].len);
        cr_assert_eq(cub_store_get(store, i), found);
        cr_assert_null(look_up(store, &certs[i], 3));
    }
    cr_expect_null(cub_store_get(store, 300));
    cub_store_free(store);
}

/* Writes a certificate as OpenSSL's rehash would link it. */
static void write_hashed(const struct pki_cert *cert, unsigned suffix)
{
    uint32_t hash;
    char name[32], text[8192] = "";

    cr_assert(cub_subject_hash(cert->subject, &hash));
    snprintf(name, sizeof name, "%08x.%u", (unsigned)hash, suffix);
    pki_pem(text, sizeof text, "CERTIFICATE", cert->der, cert->len);
    free(scratch_file(name, text));
}

Test(store, reads_directories_when_asked)
{
    struct pki_cert a, b, c, later;
    struct cub_store *store = cub_store_new();

    issue_root(&a, 1, "one");
    issue_root(&b, 2, "one");
    issue_root(&c, 3, "other");
    issue_root(&later, 4, "one");
    write_hashed(&a, 0);
    write_hashed(&b, 1);
    cr_assert_eq(cub_store_add_directory(store, "/nonexistent"), E_OK);
    cr_assert_eq(cub_store_add_directory(store, scratch_dir()), E_OK);
    cr_expect_null(cub_store_get(store, 0), "nothing is read yet");
    cr_expect_null(look_up(store, &c, 0));
    cr_expect_not_null(look_up(store, &a, 0));
    cr_expect_not_null(look_up(store, &a, 1));
    cr_expect_null(look_up(store, &a, 2));
    cr_expect_null(cub_store_get(store, 2));
    write_hashed(&later, 2);
    cr_expect_not_null(look_up(store, &a, 2), "a file that came later");
    write_hashed(&c, 0);
    cr_expect_not_null(look_up(store, &c, 0));
    cub_store_free(store);
}

/* As in SSL_CERT_DIR: several, and some that are not there. */
Test(store, directories_between_colons)
{
    struct pki_cert a;
    struct cub_store *store = cub_store_new();
    char list[1024];

    issue_root(&a, 1, "one");
    write_hashed(&a, 0);
    snprintf(list, sizeof list, ":/nonexistent:%s:", scratch_dir());
    cr_assert_eq(cub_store_add_directory(store, list), E_OK);
    cr_expect_not_null(look_up(store, &a, 0));
    cub_store_free(store);
}

static struct pki_cert shared[8];
static struct cub_store *shared_store;

static void *look_up_all(void *arg)
{
    for (int round = 0; round < 50; round++)
        for (unsigned i = 0; i < 8; i++)
            if (!look_up(shared_store, &shared[i], 0))
                return NULL;
    return arg;
}

Test(store, directories_are_read_by_many_threads)
{
    pthread_t threads[8];
    void *result;

    shared_store = cub_store_new();
    for (unsigned i = 0; i < 8; i++) {
        char name[16];
        snprintf(name, sizeof name, "root %u", i);
        issue_root(&shared[i], i, name);
        write_hashed(&shared[i], 0);
    }
    cr_assert_eq(cub_store_add_directory(shared_store, scratch_dir()), E_OK);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, look_up_all, shared), 0);
    for (int i = 0; i < 8; i++) {
        cr_assert_eq(pthread_join(threads[i], &result), 0);
        cr_expect_not_null(result);
    }
    cr_expect_not_null(cub_store_get(shared_store, 7));
    cr_expect_null(cub_store_get(shared_store, 8), "each was read once");
    cub_store_free(shared_store);
}

Test(store, certificates_that_do_not_parse_are_no_trust)
{
    struct cub_store *store = cub_store_new();
    static const uint8_t bad[] = {0x30, 0x03, 0x02, 0x01, 0x00};
    static uint8_t huge[CUB_CERT_MAX_SIZE + 1];

    cr_expect_neq(cub_store_add(store, bad, sizeof bad), E_OK);
    cr_expect_eq(cub_store_add(store, huge, sizeof huge), E_X509_CERT_TOO_LARGE);
    cr_expect_neq(cub_store_add_der(store, bad, sizeof bad - 1), E_OK);
    cr_expect_null(cub_store_get(store, 0));
    cub_store_free(store);
}
