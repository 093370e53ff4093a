/*
 * OpenSSL's cipher strings, as ciphers(1) describes them: "ECDHE+AESGCM:!aNULL:@STRENGTH".
 */
#include <stdlib.h>
#include <string.h>

#include "api/ciphers.h"

/* What a word selects by; all zero selects everything. */
struct criterion {
    uint8_t key_exchange;   /* enum cub_key_exchange, or 0 */
    uint8_t authentication; /* enum cub_authentication, or 0 */
    uint8_t key_bytes;      /* 16 or 32, or 0 */
    const char *symmetric;  /* what the symmetric cipher's name begins and ends with, or NULL */
    bool short_tags;        /* CCM_8 alone */
    bool no_ccm;            /* which is not on by default */
    bool nothing;           /* selects none of our suites */
    const char *digest;     /* of the MAC, or NULL */
    const char *protocol;   /* as the suite's description has it, or NULL */
};

static const struct {
    const char *word;
    struct criterion criterion;
} words[] = {
    {"ALL",                 {0}                                      },
    {"DEFAULT",             {.no_ccm = true}                         },
    {"COMPLEMENTOFDEFAULT", {.symmetric = "-ccm"}                    },
    {"HIGH",                {0}                                      },
    {"TLSv1.2",             {.protocol = "TLSv1.2"}                  },
    {"ECDHE",               {.key_exchange = CUB_KX_ECDHE}           },
    {"EECDH",               {.key_exchange = CUB_KX_ECDHE}           },
    {"ECDH",                {.key_exchange = CUB_KX_ECDHE}           },
    {"kECDHE",              {.key_exchange = CUB_KX_ECDHE}           },
    {"kEECDH",              {.key_exchange = CUB_KX_ECDHE}           },
    {"DHE",                 {.key_exchange = CUB_KX_DHE}             },
    {"EDH",                 {.key_exchange = CUB_KX_DHE}             },
    {"DH",                  {.key_exchange = CUB_KX_DHE}             },
    {"kDHE",                {.key_exchange = CUB_KX_DHE}             },
    {"kEDH",                {.key_exchange = CUB_KX_DHE}             },
    {"kRSA",                {.key_exchange = CUB_KX_RSA}             },
    {"kPSK",                {.key_exchange = CUB_KX_PSK}             },
    {"kECDHEPSK",           {.key_exchange = CUB_KX_ECDHE_PSK}       },
    {"PSK",                 {.authentication = CUB_AUTH_PSK}         },
    {"aPSK",                {.authentication = CUB_AUTH_PSK}         },
    {"aECDSA",              {.authentication = CUB_AUTH_ECDSA}       },
    {"ECDSA",               {.authentication = CUB_AUTH_ECDSA}       },
    {"aRSA",                {.authentication = CUB_AUTH_RSA}         },
    {"RSA",                 {.key_exchange = CUB_KX_RSA}             },
    {"AES",                 {.symmetric = "aes-"}                    },
    {"AES128",              {.symmetric = "aes-", .key_bytes = 16}   },
    {"AES256",              {.symmetric = "aes-", .key_bytes = 32}   },
    {"AESGCM",              {.symmetric = "-gcm"}                    },
    {"AESCCM",              {.symmetric = "-ccm"}                    },
    {"AESCCM8",             {.symmetric = "-ccm", .short_tags = true}},
    {"CHACHA20",            {.symmetric = "chacha20"}                },
    {"SHA256",              {.digest = "sha256"}                     },
    {"SHA384",              {.digest = "sha384"}                     },
    {"SHA",                 {.digest = "sha1"}                       },
    {"SHA1",                {.digest = "sha1"}                       },
    {"MD5",                 {.nothing = true}                        },
    {"aNULL",               {.nothing = true}                        },
    {"eNULL",               {.nothing = true}                        },
    {"NULL",                {.nothing = true}                        },
    {"ADH",                 {.nothing = true}                        },
    {"AECDH",               {.nothing = true}                        },
    {"aDSS",                {.nothing = true}                        },
    {"DSS",                 {.nothing = true}                        },
    {"LOW",                 {.nothing = true}                        },
    {"MEDIUM",              {.nothing = true}                        },
    {"EXP",                 {.nothing = true}                        },
    {"EXPORT",              {.nothing = true}                        },
    {"RC4",                 {.nothing = true}                        },
    {"3DES",                {.nothing = true}                        },
    {"DES",                 {.nothing = true}                        },
    {"IDEA",                {.nothing = true}                        },
    {"SEED",                {.nothing = true}                        },
    {"ARIA",                {.nothing = true}                        },
    {"ARIAGCM",             {.nothing = true}                        },
    {"CAMELLIA",            {.nothing = true}                        },
    {"CAMELLIA128",         {.nothing = true}                        },
    {"CAMELLIA256",         {.nothing = true}                        },
    {"SRP",                 {.nothing = true}                        },
    {"kDHEPSK",             {.nothing = true}                        },
    {"kRSAPSK",             {.nothing = true}                        },
    {"GOST94",              {.nothing = true}                        },
    {"SSLv3",               {.protocol = "SSLv3"}                    },
    {"TLSv1",               {.protocol = "TLSv1.0"}                  },
    {"TLSv1.0",             {.protocol = "TLSv1.0"}                  },
};

/* A suite of TLS 1.2 while a string is worked through. */
struct entry {
    const struct cub_suite *suite;
    struct cub_cipher_info info;
    bool active;
    bool killed; /* by "!": never comes back */
};

struct list {
    struct entry entries[CUB_LIST_MAX];
    size_t count;
    int level;
};

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
    size_t n = strlen(text), m = strlen(with);

    return n >= m && strcmp(text + n - m, with) == 0;
}

static bool matches(const struct entry *e, const struct criterion *c)
{
    const struct cub_suite *s = e->suite;

    return !c->nothing && (!c->key_exchange || s->key_exchange == c->key_exchange) &&
           (!c->authentication || s->authentication == c->authentication) &&
           (!c->key_bytes || e->info.alg_bits == 8 * c->key_bytes) &&
           (!c->digest || (e->info.digest && strcmp(e->info.digest, c->digest) == 0)) &&
           (!c->protocol || strcmp(e->info.protocol, c->protocol) == 0) &&
           (!c->symmetric || begins(e->info.symmetric, c->symmetric) ||
            ends(e->info.symmetric, c->symmetric)) &&
           (!c->no_ccm || !ends(e->info.symmetric, "-ccm")) &&
           (!c->short_tags || s->aead->tag_size == 8);
}

/* Whether a suite is meant by one word: a name, or something that many have. -1: no such word. */
static int is_meant(const struct entry *e, const char *word, size_t len)
{
    if (strlen(e->info.name) == len && memcmp(e->info.name, word, len) == 0)
        return 1;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i].word) == len && memcmp(words[i].word, word, len) == 0)
            return matches(e, &words[i].criterion);
    return -1;
}

/* The same for words joined by "+", all of which must hold. */
static bool is_selected(const struct entry *e, const char *item, size_t len)
{
    while (len) {
        const char *plus = memchr(item, '+', len);
        size_t n = plus ? (size_t)(plus - item) : len;
        if (is_meant(e, item, n) <= 0)
            return false;
        item += n + (plus != NULL);
        len -= n + (plus != NULL);
    }
    return true;
}

/* Moves an entry behind all others. */
static void move_to_end(struct list *list, size_t i)
{
    struct entry moved = list->entries[i];

    memmove(&list->entries[i], &list->entries[i + 1],
            (list->count - i - 1) * sizeof list->entries[0]);
    list->entries[list->count - 1] = moved;
}

/* Applies an item: operation 0 adds, "-" takes away, "!" for ever, "+" moves to the end. */
static void apply(struct list *list, char operation, const char *item, size_t len)
{
    size_t i = 0;

    /* Those that are moved come behind what is still to be looked at. */
    for (size_t left = list->count; left; left--) {
        struct entry *e = &list->entries[i];
        if (e->killed || !is_selected(e, item, len) || (operation == 0 && e->active) ||
            (operation == '+' && !e->active)) {
            i++;
            continue;
        }
        if (operation == '!')
            e->killed = true;
        e->active = operation == 0 || operation == '+';
        if (e->active)
            move_to_end(list, i);
        else
            i++;
    }
}

/* @STRENGTH: by the length of the key, otherwise as it was. */
static void sort_by_strength(struct list *list)
{
    for (int bits = 256; bits >= 128; bits -= 128) {
        size_t i = 0;
        for (size_t left = list->count; left; left--) {
            if (list->entries[i].active && list->entries[i].info.strength_bits == bits)
                move_to_end(list, i);
            else
                i++;
        }
    }
}

static void command(struct list *list, const char *item, size_t len)
{
    static const char level[] = "SECLEVEL=";

    if (len == 8 && memcmp(item, "STRENGTH", 8) == 0)
        sort_by_strength(list);
    else if (len == sizeof level && memcmp(item, level, sizeof level - 1) == 0)
        list->level = item[len - 1] - '0';
}

static void begin(struct list *list)
{
    const struct cub_suite *suite;

    *list = (struct list){.level = -1};
    for (size_t i = 0; (suite = cub_suite_get(i)) != NULL; i++)
        if (suite->version == CUB_TLS1_2) {
            struct entry *e = &list->entries[list->count++];
            e->suite = suite;
            (void)cub_suite_describe(suite, &e->info);
        }
}

enum cub_error cub_cipher_string_parse(const char *string,
                                       const struct cub_suite *out[CUB_LIST_MAX], int *level)
{
    static const char separators[] = ":, ;";
    struct list list;
    size_t count = 0;

    begin(&list);
    for (string += strspn(string, separators); *string; string += strspn(string, separators)) {
        size_t len = strcspn(string, separators);
        if (*string == '@')
            command(&list, string + 1, len - 1);
        else if (*string == '!' || *string == '-' || *string == '+')
            apply(&list, *string, string + 1, len - 1);
        else
            apply(&list, 0, string, len);
        string += len;
    }
    for (size_t i = 0; i < list.count; i++)
        if (list.entries[i].active)
            out[count++] = list.entries[i].suite;
    out[count] = NULL;
    if (list.level >= 0)
        *level = list.level;
    return count ? E_OK : E_CIPHERS;
}
