#include "base/status.h"

#include <assert.h>

#define STATUS_ROW(symbol, name, dispose) {name, dispose},
static const struct {
    const char *name;
    enum disposition dispose;
} statuses[] = {STATUS_LIST(STATUS_ROW)};

_Static_assert(sizeof statuses / sizeof statuses[0] == STATUS_COUNT, "one row a status");

const char *status_name(enum status status)
{
    assert(status < STATUS_COUNT);
    return statuses[status].name;
}

enum disposition status_disposition(enum status status)
{
    assert(status < STATUS_COUNT);
    return statuses[status].dispose;
}
