#include "calendar/duration.h"

struct unit {
    const char *name; /* singular */
    int32_t days;
    int32_t months;
};

static const struct unit units[] = {
    {"day", 1, 0},
    {"week", 7, 0},
    {"month", 0, 1},
    {"year", 0, 12},
};

static const struct unit *find_unit(struct slice name)
{
    if (name.length && name.bytes[name.length - 1] == 's')
        name.length--;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slice_equal(name, slice_of(units[i].name)))
            return &units[i];
    }
    return NULL;
}

enum status duration_parse(struct slice text, struct duration *out)
{
    struct slice digits;
    const struct unit *unit = find_unit(slice_split(text, ' ', &digits));
    if (!unit || digits.length == 0)
        return STATUS_INVALID;
    int32_t count = 0;
    for (size_t i = 0; i < digits.length; i++) {
        char c = digits.bytes[i];
        if (c < '0' || c > '9')
            return STATUS_INVALID;
        count = count * 10 + (c - '0');
        if (count > DURATION_COUNT_MAX)
            return STATUS_INVALID;
    }
    *out = (struct duration){.days = count * unit->days, .months = count * unit->months};
    return STATUS_OK;
}

enum status duration_add(int32_t date, struct duration duration, int32_t *out)
{
    int32_t moved;
    enum status status = date_add_months(date, duration.months, &moved);
    return status ? status : date_add_days(moved, duration.days, out);
}
