#include "ops/config_value.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *unit;
    int64_t ms;
} units[] = {{"", 1}, {"ms", 1}, {"s", 1000}, {"min", 60000}, {"h", 3600000}};

static const char *const descriptions[] = {
    [CONFIG_TEXT] = "a text",        [CONFIG_SECRET] = "a secret",
    [CONFIG_INTEGER] = "an integer", [CONFIG_DURATION] = "a duration (500 ms, 30 s, 2 min, 1 h)",
    [CONFIG_BOOL] = "true or false",
};

bool config_value_number(enum config_type type, const char *text, int64_t *out)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || isspace((unsigned char)*text))
        return false;
    if (type == CONFIG_INTEGER) {
        if (*end)
            return false;
        *out = number;
        return true;
    }
    while (*end == ' ')
        end++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end, units[i].unit) == 0)
            return !__builtin_mul_overflow(number, units[i].ms, out);
    return false;
}

static bool has_range(const struct config_key *key)
{
    return key->min != 0 || key->max != 0;
}

bool config_value_is_valid(const struct config_key *key, const char *text)
{
    if (key->type == CONFIG_TEXT || key->type == CONFIG_SECRET)
        return true;
    if (key->type == CONFIG_BOOL)
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    int64_t number;
    if (!config_value_number(key->type, text, &number))
        return false;
    return !has_range(key) || (number >= key->min && number <= key->max);
}

void config_value_describe(const struct config_key *key, char out[DETAIL_BYTES])
{
    const char *unit = key->type == CONFIG_DURATION ? " ms" : "";
    if (has_range(key))
        (void)snprintf(out, DETAIL_BYTES, "%s from %" PRId64 "%s to %" PRId64 "%s",
                       descriptions[key->type], key->min, unit, key->max, unit);
    else
        (void)snprintf(out, DETAIL_BYTES, "%s", descriptions[key->type]);
}
