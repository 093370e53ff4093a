#include <criterion/criterion.h>

#include "tests/vectors/limbo.h"

Test(limbo, x509_limbo)
{
    limbo_run("x509-limbo.json", LIMBO_KNOWN_CASES, 98);
}
