#include "lint/lint_code.h"

static const struct {
    const char *name;
    enum report_severity severity;
    const char *summary;
} codes[] = {
#define CODE_ROW(symbol, name, severity, summary) {name, severity, summary},
    LINT_CODE_LIST(CODE_ROW)
#undef CODE_ROW
};

const char *lint_code_name(enum lint_code code)
{
    return codes[code].name;
}

enum report_severity lint_code_severity(enum lint_code code)
{
    return codes[code].severity;
}

const char *lint_code_summary(enum lint_code code)
{
    return codes[code].summary;
}

enum lint_code lint_code_find(struct slice name)
{
    int code = 0;
    while (code < LINT_CODE_COUNT && !slice_equal(name, slice_of(codes[code].name)))
        code++;
    return (enum lint_code)code;
}
