#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanic_rows.h"

static const struct mechanic_row rows[] = {
    {"pays nothing for anything", "    pays: nothing", "1000", "0", ""},
    {"takes nothing back", "    pays: nothing", "-1000", "0", ""},
};

int main(void)
{
    return RUN_CASES(rows, mechanic_pays);
}
