#include <criterion/criterion.h>

#include "tests/vectors/limbo.h"

Test(bettertls, all)
{
    limbo_run("bettertls.json.gz", 0, 4823);
}
