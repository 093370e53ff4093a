#include <criterion/criterion.h>

#include <string.h>

#include "tests/support/pki.h"
#include "x509/encrypted_key.h"
#include "x509/key.h"

/* Keys of pki_keys.c, encrypted by OpenSSL 3.0 with the password "secret". */
static const struct {
    const char *what;
    enum pki_key_id id;
    enum cub_error error;
    const char *pem;
} keys[] = {
    {"PBES2, AES-128",       PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjjkzR9gWb4pQICCAAw\n"
     "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEEBQq444KrXxmIHE/c6ONcsEgZC7\n"
     "f/J6Zy4+1CNk+78wGFpqKcFiz5vN/fZtqT1EuC2xuOEsc8iZnGqCPhKv0Ufyh5+c\n"
     "mZuhJdlFhc51SdNLWwBASvipG1lgNuZEba3pna2a/asecDKnEiJ4Ok5mL6m/e4Ym\n"
     "dmvvt8sHrhAUVDomRpAA6aQt+7YtCWsDUXmU6eUQPsT3lt5sN9XjXN1uOTSTSf8=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES2, AES-192",       PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAioRaCx5lDPeAICCAAw\n"
     "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEARYEEHHfNC9g6FZj1QsTUcYmlN8EgZCw\n"
     "PlbzT5pO5wU2rwzMiqo6LFxHfehz4sgr289LDdIdRFhieFDnPT7x5pA1cLnUTQPs\n"
     "d6IQMj1CfMN8D1E6qhzCsZUlBOEBQlIzZCIZ29HJp4heuYsWZ9tUEWiJEgy3V+/2\n"
     "nF2YByYufsde8DlHxkpBIhxRWFmX7UeweJq8yC90RIvuzbM+k/c031rrAWqjI7o=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES2, AES-256",       PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgE7JztAdHQ/gICCAAw\n"
     "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMtD9ZdCgDSNhAIch6e3wZQEgZCK\n"
     "aW/kTQVmO8bokKd8hjSkcPjDUUfbWEfkb4Up6QcPhC83zRLM6+fuVwr112B1NMPQ\n"
     "3c9XwdsHL5Wzw6FQ/KGK4MImiGtk0pMw0mzSucsRkT5LLWcgul1U/YTmNI7JUcF4\n"
     "pfgvYVdAFteppicSggyRvfuGgIByxX+FV+eRVbnmrteIObANRkg0JYDIOJSj8oo=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES2, HMAC-SHA-1",    PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHeMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAi4oZZVs40CfgICA+gw\n"
     "HQYJYIZIAWUDBAEqBBDcV60gpvjZ+V9oRIG1DfaEBIGQInrkMUncpDf7xORdeokf\n"
     "zQ32hdtWkMrMU56aqpN11HM7OAFiiyTuR992bORebOIH7OtdHZwKDTe98MJA8wzK\n"
     "+Dbhv0rjNRN0ajAVSS3QbPJVExutaS3KfBg4U/GX4v0+WE4qD0wBv6V3ktE5GcO1\n"
     "XsJN9qK1tH+px34mXb3mwRb5nY+vq/qeyPI4sSJDrWlo\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES2, HMAC-SHA-384",  PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgZ/3qjomBzSAICA+gw\n"
     "DAYIKoZIhvcNAgoFADAdBglghkgBZQMEASoEEK5HwjwvdcZE1DImMjF0RUkEgZDR\n"
     "KvkVwmH8ewBmOdrmKAovrZCE1UAM6SK46JDIA3bhhp1jnLRN13NRBaornIJf350i\n"
     "JtF8pGtkcNhgNdDTg5+n2LCFxrTNnXfKCph2NorIhxHL1ayeseDt1CEsNT1wUrlj\n"
     "rY88IJ3YcYNkfmSLOuRl36ipBCADvONnr11DwsljocunIGCdZKeEJp6J+3KO8UE=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES2, HMAC-SHA-512",  PKI_KEY_P256,    E_OK,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAi4HXQrDIWSDQICA+gw\n"
     "DAYIKoZIhvcNAgsFADAdBglghkgBZQMEASoEECJRFfAbSNvNtmK+XHrM1DMEgZCn\n"
     "PqJyI0608CnSQ7aNHECNOJKsADxfhs/T9Nn3DAZ6DQtN39D0LaobIqSvxeHqZzuy\n"
     "hGwRUeBh+xsJy1k+PE0qyIrqaZMLMEz4GzzEeus6ONgMI6E7nuVOSuwb3QDKyvnk\n"
     "ozMfjrD5E4OHzHd9ZAKTlmnPRfhIxFZaEhjpnelwqnHOfSh+Q0vH7jSIcuvXDRo=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"DEK-Info, AES-128",    PKI_KEY_RSA2048, E_OK,
     "-----BEGIN RSA PRIVATE KEY-----\n"
     "Proc-Type: 4,ENCRYPTED\n"
     "DEK-Info: AES-128-CBC,D341C0477D6F949B8D9EA7BB244C46D3\n"
     "\n"
     "pCXeCrekM75MxM/bGuzgdYUFki6DU0y/hlL4HWMPjLO6k/XrPnawZWSBAuf022MF\n"
     "5YkkBLRj4E/fEq2idYmM2JX5mS9KemHd+YW1U4G7W+P0dqSZQyF302D5e/mLJDD/\n"
     "w80AoPML19rreFF6LzGghzBZQPSByHVnFq1OxoJQ0XUoWna38mL72fW7Aa02HwWO\n"
     "CkXXSUOQitYYVoENTVt9PaZSgo0Dp0sGRTQ80+JxywXwmFNesICLHz97wYSksXoz\n"
     "Q6R4josmm7zOUxcVNa1V9dC2hg3nuwKr1MjUirCtF/jjNoDAXRKA+nHh7tTWVDiG\n"
     "P8WYcP12Rq6SCNw9hG1mPvXLm70s/sSYHXrtDu5fm6O2NEQlrg+vhPa7OOodIiXD\n"
     "vSRqvrOzeNC2fYBdiXtADkabf18vD/B8F17Jr1PC50Yl5cEgZGbYyy6esHXNrD4J\n"
     "vNyGT5tuqtkRU+C7ksBHotUU8KvwADCaTyGTQBTo1Ub0jspPsIGzA7/3ng051hSd\n"
     "Tng/WtwQweNGVZAmEXs1tLOPKzRzz2gY/PEd9BM3lyuJDHDaodbsemQ3EhgzwFWH\n"
     "Kk7N6HBUEIwQtQz7ZJvJdcVMh8UoaCBgh4JJmjVv7iFvVL4OMu6GEpus8YqbmEfA\n"
     "GnqQomrRDVU1eNB+GpCncLoT1rN1Dxc5bowkDXxId3b9qmtIVHyc1TlDD1A9jJJY\n"
     "xCezwAXeC9YOqcEiNkBdQqeBqSPV3w5XxIFd8sFs3tR0hoAEexEgbSQHtF54N7ZE\n"
     "aUg22Gxxp90l0E6373eu5eXvpXu4G61bFksEn6mifBNuh7XvS/nw8JLkk7YV/0vq\n"
     "GgKAehifm1Ih6Ojapv6/8Ix4mdWifcfRg9ZSW2gwmvQcNCQ74uqKQpXbZtoWUwVe\n"
     "vIo08DWZQriW0dQ73p3NwhT9C0SHRzFsuvdbwyeuGW7CJEHOuuwyN2seZufgjhKO\n"
     "8bXdHwRYjp5b12o458bOd14sRk55b/cmt3gCobGiHIk1PyoyaKmEmq9Qfj2kYSUg\n"
     "tWmT5YOSuOV4VcMUOGrOstgKDb8SISYQuIijRNhAM+4cr1jdWqKLTYwOvSmtVaFq\n"
     "TYyTSIdcWZBOPIIOnwJF2COiw95UuxFepVxemAKGpQYtssBVX31jKGqw251+SyEz\n"
     "n4dvfyTyjlmNhLiHzoZrJGMV8qEjre7ufL1budGA/IeB8OOvoxDSGspM3txrdEiJ\n"
     "OKmjkFUtwS+CKZjUL0AaNt6WExDy5/wkwMtATY+JO6mlqWVJgT2ew5Zc76LASrxd\n"
     "hHSZU63QzU+/PQtPFpEL/otSiyqGQbl8t47eoekgkWH7DumXi3HAfWwDvtyoWtzT\n"
     "UO90FUt8Uwpy+Sl4EpeB9lDWKkLByhIIAUsDsdUhQpKV1Y39r6GGRSLN0iycaPuL\n"
     "KzTIGjxX1Sh/oim2sBoZH7vOw1pLiy2gWAmktfOFI6X1N2+tYBfxykiLfIyrCyMy\n"
     "GzBUXSxSWhAH6ivQaomKSVEMw5sxqM9jm/2YFMIBqHjoyg7Zd9cOR3wPhVES042M\n"
     "e6WWhSOKh7oy6jfEIOmne0pbvm0Mhq01cBmc7lV7tuqtAvZNg1Ypxq7fXVg5RFAt\n"
     "-----END RSA PRIVATE KEY-----\n"      },
    {"DEK-Info, AES-192",    PKI_KEY_RSA2048, E_OK,
     "-----BEGIN RSA PRIVATE KEY-----\n"
     "Proc-Type: 4,ENCRYPTED\n"
     "DEK-Info: AES-192-CBC,6094C6141FE9E3C51542E391CCFF4C04\n"
     "\n"
     "nJnr0UWvk6g9O/kTbEpvmoFNbmUTHjtv8yg86sVVR42xO7X+n96GjZY8KWg1yfRe\n"
     "ueI1uFd4gPYtsZT8WOzjy9fN6p0R9Ms6xhsxiGvD/0dULH3SHDH7Irrh55rd6nIB\n"
     "sAWj2BwanpD4XROLn5+CErlIOgJs39clEf/Abu0Pg5pK8IxXpDvGrClzLcYJEMRL\n"
     "pHXJjy0CV+HfLyQ7MaDEK+VFbkbJ9FgRrNfULk/n6+0TVaDb6Z7uOvUnBVw8jhhU\n"
     "j5IxdOyM659epPXv2KoXffyWnRbcYKsaRgrDju9AaY+YCLCuLXpRhi8KPNjh69Zc\n"
     "HuHVUBT9j3dcyVeEY4hKDQCZl2b91zuCZyeHrx9rxOTo+Rc/Iv+n1i9eTmoIhWXA\n"
     "j4gKXPXosWaoSCY7bEM/1NGBZis3OQpu7yPN1TMpWTKuB8X8EO8cut8HhL313qrQ\n"
     "iEb0J5WYDTbgphurax7+/FM7rKMcola38Ju5GsALu4rmqrIe2iTkRO7UeVvxQYz4\n"
     "dfrwPxUJCAxIzhMArMrdF1JZ2dAr5ur8okCzRNvBcGgzNiCPVBJ7897bpJoDXrda\n"
     "rvlz4R1FxK0hBZDdNd8f4YW+dHpWFOa4xgkGapqpZVEIbX9WW7zp2LJMCXgdS2VA\n"
     "uTgOvVHqh0eku5U2BYDvYXKd0H9DlsJCtAL+bGePo7QydBypvbfPfHlay72ddgO3\n"
     "t1gyqEH8SnjESC3NVQtSspQdjCtuOirVaAxywRXNfEsU0+mTzTjrSSBbmUJrfhAh\n"
     "Ib+hRas6jC5T6YRdS1xtJQTFfhP5JbH1UvhiYPn6Akkq2moCd91Qe0O1vidUFz0M\n"
     "i3s/dj2KlezvOSdji0jLWSMDXGLf1wnGbT/3TzLqlp7dg5MDSSA7/J8AOBZXar+5\n"
     "gJ+rJdCQr7zG1WDf/n+E+Az4v1wDJq70SS+SYVFJGMBDQnhtx1PfvMbU04u/v/UC\n"
     "vVEAFZOxf9dNLuYxdywPXaVDLkK9Xdh4MAZGUZOlDqImxHy2D6KFI3hNFxxcMg+Y\n"
     "qFIONHYUk5Y5J+dPTaET4NzYgZgO4SzZZPFjAAiMIywlw8rGexqEDmm4r2Xl40XA\n"
     "gW6nBUaGX+9Ga6da8U6beshujFId7zesSUSdtHF2MyAbFONL96N9DYtTTAlDvmIe\n"
     "qDefKKoCN5/5za8NiAaS2Y2w/2laLG6FMJ2PGdxOPv5waM/wmqNsCJ0PgH2R/twQ\n"
     "yHRye9brzc8Soc+Lbpkbo7LuAFOm7JPD9CfEQXLCvGHb+V+p2YdnngxdQgcyQNyf\n"
     "bJZFAYg4wo3vYtVxbrGq20SQepoFvN6U4WI/LXXCxvI08Df3vT0n3uQY5XqyYHX6\n"
     "4mnCSs+BwRdQLLDXFtYViAABi+10vASKxoksNI7V/v4fsoo5n+PYjpFQrMkIxaLj\n"
     "3lZXrwPwyqseYqDUvYN8LXE0BO2QW293dBPkg9+C/H6zflc1mOaf+7qqvgtFaWXa\n"
     "9ozj2FKElqw2hOG4I0e6MMWNAPqZm1wdOaDfRfKsRuoNFqcyIoQlnG9UksBl6zkY\n"
     "tHVRJM1h1Rnfv1Dkhkota4sRPysk5pClIlrw32bVkGJLJmZpq1/P305a4h4uq4r5\n"
     "-----END RSA PRIVATE KEY-----\n"      },
    {"DEK-Info, AES-256",    PKI_KEY_RSA2048, E_OK,
     "-----BEGIN RSA PRIVATE KEY-----\n"
     "Proc-Type: 4,ENCRYPTED\n"
     "DEK-Info: AES-256-CBC,FB5F3D95995B4F6FF88C5D55AA4CFA7C\n"
     "\n"
     "PgIKb6V2mlZdRLqnEGV0Bi9D3n8kZGruAQ+oiyHAedQ8ZcKSvehhnM1KnlMVIaul\n"
     "hHw+8EdertyDlgxp7CXmKL9YP11NZ0hnVvffySgHn4y+oFoPR8syr0M9ZtTvMSij\n"
     "OwPIDIdNYdJjt+P4JKz4qJRWzoMUhz3sC1tuzilmILXZ8qhAFGa/MVJBxE/BHBjk\n"
     "Cdp7EA7bArLHPz+BP0vbxS3F2o1SEbZZnMtqFwuq9hPCo8H0htd2RrgUROTNSYPB\n"
     "hKUhZ2b27WW6FMnieGQ2J+qW447l5o+kocCT7gdSIjLWQnWd/NDeiQuHzNur08+7\n"
     "NajzqY33F0BSpZBW2O6v7cDm1/LmElTDaC44/TR2dDh8B88KxHVyboG9Yhu0MKeO\n"
     "K/PlZxWVc1MDUdA1BvGCwlfc4UQXdG0jI8zYk/ChjX7xoyXuF+mdRdF7TLwLT8kN\n"
     "m86E6ePB3UbK1Hl5Xp1NuTG9Fb96eit6gR1JX92Ji7oS6R5J6E9SRmL5O0YPWcbq\n"
     "C0nLgdEuYgzYLPanmGmHsYvQMnT8u68Jvu5W/leDCNXpuvepH/KjbZ8fb9dC4EoR\n"
     "cJtXb1U+HVo4Pzcnsfvj8ERbVgJv2NFdh2lSldegWbfCWtl2qJvtl2ADoglh9VPq\n"
     "/xMQrV4d5EJQsaLifpEvnlh4ZsvZDnvvQJGtKPPzMpjvReFRBT6rfk2goD8nzuw2\n"
     "h4b72TMUZUi5xxMudMjAjPOlXnIDe1BoDdsWvHl6PfrT5kCCG09FdnyyFJG1SnMh\n"
     "Np+KQf/e0krJeVsBSxUjZyf2FC/BtWdSw/aIJd10zZNPtsoAzodvamoTO04qddwF\n"
     "BVa0+mXljLqK0tZ4hzdiXMF8EMfUzSAh6p8Ikh55t26o0AZp4yFeL9DMvSD75bQO\n"
     "xCTXAw/bkatNrSRyxF9hEi2AFFtWcdgxKbsM2qS3nbHHBuTUcr4KLrlXFAjaRWpW\n"
     "Rifi0ygTNi1L75IpbM99i7rBgNFOE9MUf8rcIFGROetiaHLKXoOJsMyhTm0A5TAq\n"
     "xw5tkxlBzP4PWhxH2st5/jXwHN4x05m6FMW6Ao0Uka7RK61nBU/5aAxtkAr3AgU/\n"
     "wyb5yIuclKr0TaUDTWRD5UV/Aokonb7nuPfl4Lkq40BrDy0KD6tHRqhpiHFv2fiW\n"
     "h5IQA7XEaFDTW5NrIjf6MLyZ38vvjspuF46F8+qV7dvN0IfOwu6tvkvY9kPtglUD\n"
     "QLlU/cTtOw7pT+0cLhAvz27GDxjV4BMdNTBoNCGnii0p3PxpqXRtc5ouJZWcSRm8\n"
     "VepCb1lyhDPyS6Ch5847PDp5OuSD/BPWSu/57M4EhPJTRIIkCmVnF9aqaLk1Psku\n"
     "viUYCLHXvHnf74upsun13bsRcaiPwog6OjoXypRHRSOjgY9CfAk7vAIbsqB2I+Tw\n"
     "w6TbD2b8tJNeGgZTAGwjINefaEG5DyEvBC9mI7cupoDXllVCxrN7znwrgbxSxaTu\n"
     "qfU2p5w99qsbj/sEgp12OUnWJ3wG+bMJkwNsAvfbAQrAtWSHu4/hDyrAA+wwOU3T\n"
     "ObOPzDKFnF8jCngZjOw13idUsnM6ZFUe7rmP0c3ZzbFS6xxhhIls7bIa7wEwayHJ\n"
     "-----END RSA PRIVATE KEY-----\n"      },
    {"PBES2, Triple DES",    PKI_KEY_P256,    E_KEY_ENCRYPTION,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHjME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAjms63npbhjEAICCAAw\n"
     "DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQI6fFqo1lC9ToEgZAadi9JdAQzfqqx\n"
     "erFSRr6MwoX1tPAmyrIK+z9l4F//3Hd2pVhPy0MpKvrQqeOJ7FDcn5lGQIy01ej+\n"
     "k+iZwV467200oKdKNj46u+kbWp8EZwdpC7EDhjBXoeo1YALmREFufYKKSq1DAaZQ\n"
     "hxhGWuOVV3iSH2mjV/9QxyW7gLmdZezjpNd6v645EyzG9/G1rYA=\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"scrypt",               PKI_KEY_P256,    E_KEY_ENCRYPTION,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIHkME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAh/q+YZmHyG8QICQAAC\n"
     "AQgCAQEwHQYJYIZIAWUDBAEqBBA4QqWivoJ0v6OmzwK4ydq1BIGQq3B6pMgPIYpI\n"
     "YptS+YJc+zh0aQ86B2e31NbTtQTj1VLiJuHU4qRSkx4+RyVluf1wOwhTEPCAmH3V\n"
     "hv1KK3kamgsfymzoFqzTHtw5pRJ3ByVzx9xIwz+XbStCNpnYCvL1tZOoPqQPwv1K\n"
     "c9xpE+oV7Vx/rLRTrMRKp4qVoYNlPWR22ZGG7Hnw3n2kSRs69c9K\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"PBES1",                PKI_KEY_P256,    E_KEY_ENCRYPTION,
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
     "MIGxMBwGCiqGSIb3DQEMAQMwDgQILaQHk12CjssCAggABIGQ/cqXzq5Qa9xTOl2f\n"
     "kaLS6SzRvPlk1FzOHl9H/qqPqodxPEbzzNt0r7bKCFECHaPqc2jcjS+58sw4TU0w\n"
     "SJ5nLONKAD91AfeVwferdmQviWfXgx8v4iaTumdFYi2UnBDv1IYWyvmrega0qedE\n"
     "8FWjSq0JwCU0ZSix4NAQ5UFYpxcFL0Ip/3JwzQ4fjdCE2ZcP\n"
     "-----END ENCRYPTED PRIVATE KEY-----\n"},
    {"DEK-Info, Triple DES", PKI_KEY_RSA1024, E_KEY_ENCRYPTION,
     "-----BEGIN RSA PRIVATE KEY-----\n"
     "Proc-Type: 4,ENCRYPTED\n"
     "DEK-Info: DES-EDE3-CBC,B30E9B4FEB447E0F\n"
     "\n"
     "ODwe46Mpmq4VvFGxoTaTVdNLKqlpSpL67y+ZsIFL6856I829sDz3RvZxjFqXLyAm\n"
     "K2g7rkmIFaEb7ZCO35jehC+SPM8F48ioioW9mmmaXpvd9eepVMqEh1oXSQsAsMsb\n"
     "bmK447g6qDgtwz0B7CjPfAXKKJbTwSS7SvBCmoycW7H3whZFWVqHEP5rRU1eOyDM\n"
     "ZY4J7NUs34yfqbWnZKsNm6dDu/OSr42rsV7qeNZQKEV1OBAKqDmlQ6e6xDFPJDDz\n"
     "BVFvsBrOBfBP8alUDlzbYwIQDKwPr7ZAYwJGyo9qdJlsjupGAO3+k0qf/QqbtzQc\n"
     "9+SwdaL2UZiQ702O0C2cjyAFvnCtpRkTNDWhhjuZWZ8OdyIJOuvA561V57vlvWCy\n"
     "vWX6cshlC08lgw083RwKl3Oyr1plmmrRAl4fyN4nk7NO7fMKLivL/Z7M6uf/C7u2\n"
     "HpCgouCuLGEpKGgvWDfZE7jalw0DkairjOOspocg/OhrjI//LMdYf3xcz+0wuTLf\n"
     "bI6tzG3I2n4bC9Xo+Lk3I+Y6v8/uz+8Dc1MOpmmhnps1vl1nZKcOusFYWYi/Z4Qz\n"
     "7bcQrMBCua1TIxbTTmUOv/x5enxV+Uf5ViKI3MGObsBdXyUwHT6qqYP9rcZgBT40\n"
     "m9XetcKn7mfztslpJMLIhN0ok+7rkNxGThhlGpuZ78HdV03M2PEWYP9kkwsHhber\n"
     "2vVVHjpPgn9PJ46o0+JxAOPgcd+mouSdtaRDONDo2bT0+KwULLfSkI4DjQ+P7bPK\n"
     "HPgrb+ohVrYEStyzF+X7qEztTi9tHzpknijMHVIpJbwz8COG1Q2HLA==\n"
     "-----END RSA PRIVATE KEY-----\n"      },
};
#define COUNT (sizeof keys / sizeof keys[0])

struct contents {
    struct cub_pem_block block;
    uint8_t data[2500];
    size_t len;
};

static void load(struct contents *c, const char *text)
{
    struct cub_pem pem = {text, text + strlen(text)};

    cr_assert_eq(cub_pem_next(&pem, &c->block), E_OK);
    cr_assert_eq(cub_pem_decode(&c->block, c->data, sizeof c->data, &c->len), E_OK);
}

static enum cub_error decrypt(struct contents *c, const char *password, struct cub_view *plain)
{
    return cub_pem_key_decrypt(&c->block, c->data, c->len, (const uint8_t *)password,
                               strlen(password), plain);
}

Test(encrypted_key, with_the_password)
{
    for (size_t i = 0; i < COUNT; i++) {
        struct contents c;
        struct cub_view plain;
        struct cub_private_key key;
        struct cub_public_key pub;
        enum cub_error error;
        load(&c, keys[i].pem);
        cr_assert(cub_pem_is_private_key(&c.block) && cub_pem_is_encrypted(&c.block));
        error = decrypt(&c, "secret", &plain);
        cr_assert_eq(error, keys[i].error, "%s: %s", keys[i].what, cub_error_info(error)->name);
        if (error != E_OK)
            continue;
        cr_assert_eq(cub_private_key_decode(&key, &pub, plain.data, plain.len), E_OK);
        cr_assert(cub_view_equal(pub.point, pki_key(keys[i].id)->public_key.point));
        cr_assert(cub_view_equal(pub.modulus, pki_key(keys[i].id)->public_key.modulus));
    }
}

Test(encrypted_key, with_another)
{
    static const char *const wrong[] = {"", "Secret", "secret ", "x"};

    for (size_t i = 0; i < COUNT; i++) {
        for (size_t j = 0; j < sizeof wrong / sizeof wrong[0] && keys[i].error == E_OK; j++) {
            struct contents c;
            struct cub_view plain;
            load(&c, keys[i].pem);
            cr_assert_eq(decrypt(&c, wrong[j], &plain), E_KEY_WRONG_PASSWORD, "%s: %s",
                         keys[i].what, wrong[j]);
        }
    }
}

/* Damage anywhere is an error; one that asks for ages of computing is refused at once. */
Test(encrypted_key, damaged)
{
    struct contents c;
    struct cub_view plain;
    uint8_t *count;

    for (size_t i = 0; i < 60; i++) {
        load(&c, keys[4].pem);
        c.data[i] ^= 0x80;
        cr_assert_neq(decrypt(&c, "secret", &plain), E_OK, "%zu", i);
    }
    load(&c, keys[4].pem);
    for (size_t n = 0; n < c.len; n++)
        cr_assert_neq(cub_pkcs8_decrypt(c.data, n, (const uint8_t *)"secret", 6, &plain), E_OK);
    count = der_find(c.data, c.len, "\x02\x02\x03\xe8", 4); /* 1000 iterations */
    memcpy(count, "\x02\x02\x00\x80", 4);
    cr_assert_eq(decrypt(&c, "secret", &plain), E_KEY_WRONG_PASSWORD);
    load(&c, keys[2].pem);
    count = der_find(c.data, c.len, "\x02\x02\x08\x00", 4); /* 2048 */
    count[1] = 0;
    cr_assert_neq(decrypt(&c, "secret", &plain), E_OK);
}

Test(encrypted_key, iteration_limit)
{
    /* PBKDF2 with 2^31 - 1 iterations. */
    uint8_t der[] =
        "\x30\x4a\x30\x44\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d\x30\x37\x30\x16"
        "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c\x30\x09\x04\x01s\x02\x04\x7f\xff\xff\xff"
        "\x30\x1d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x01\x2a\x04\x10"
        "0123456789abcdef\x04\x02xx";
    struct cub_view plain;

    cr_assert_eq(cub_pkcs8_decrypt(der, sizeof der - 1, der, 1, &plain), E_KEY_KDF_LIMIT);
}

Test(encrypted_key, dek_info)
{
    static const struct {
        const char *headers;
        enum cub_error error;
    } cases[] = {
        {"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n", E_KEY_WRONG_PASSWORD},
        {"DEK-Info: AES-128-CBC,00112233445566778899aabbccddeeff\n", E_KEY_WRONG_PASSWORD},
        {"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEE",     E_KEY_ENCRYPTION    },
        {"DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFG",   E_KEY_ENCRYPTION    },
        {"DEK-Info: AES-128-CTR,00112233445566778899AABBCCDDEEFF",   E_KEY_ENCRYPTION    },
        {"DEK-Info: ",                                               E_KEY_ENCRYPTION    },
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cub_pem_block block = {
            .label = {(const uint8_t *)"RSA PRIVATE KEY", 15                      },
            .headers = {(const uint8_t *)cases[i].headers,  strlen(cases[i].headers)}
        };
        uint8_t data[32] = {0};
        struct cub_view plain;
        cr_assert_eq(cub_pem_key_decrypt(&block, data, sizeof data, (const uint8_t *)"x", 1,
                                         &plain),
                     cases[i].error, "%s", cases[i].headers);
    }
}

Test(encrypted_key, plain_blocks)
{
    const char *text = pki_key_pems[PKI_KEY_P256];
    struct cub_pem pem = {text, text + strlen(text)};
    struct cub_pem_block block;

    cr_assert_eq(cub_pem_next(&pem, &block), E_OK);
    cr_assert(cub_pem_is_private_key(&block));
    cr_assert_not(cub_pem_is_encrypted(&block));
}
