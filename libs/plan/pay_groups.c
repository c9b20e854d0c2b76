#include "plan/pay_groups.h"

#include "calendar/zone_file.h"
#include "plan/reading.h"

static const struct key_rule group_keys[] = {
    {"periods", KEY_REQUIRED, "periods: month   # semi-month, 2 weeks, 4 weeks"},
    {"timezone", KEY_OPTIONAL, NULL},
    {"first", KEY_OPTIONAL, NULL},
    {"open", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const period_words[] = {
#define PAY_PERIODS_WORD(symbol, name, days) name,
    PAY_PERIODS_LIST(PAY_PERIODS_WORD)
#undef PAY_PERIODS_WORD
        NULL,
};

static const int32_t period_days[] = {
#define PAY_PERIODS_DAYS(symbol, name, days) days,
    PAY_PERIODS_LIST(PAY_PERIODS_DAYS)
#undef PAY_PERIODS_DAYS
};

enum { SECOND_HALF = 16 };

/* --- reading --- */

static bool check_zone(struct reading *reading, const struct node *node)
{
    struct slice zone;
    if (!reading_text(reading, node, "`timezone`", &zone))
        return false;
    if (zone_name_is_valid(zone))
        return true;
    report_error(reading->reports, node_place(node), "unknown-timezone", NULL,
                 "`%.*s` is no name of a time zone, such as Europe/Berlin", SLICE_ARGS(zone));
    return false;
}

static bool parse_group(struct reading *reading, const struct node *node, struct pay_group *out)
{
    int word = 0;
    if (!reading_keys(reading, node, "a pay group", group_keys))
        return false;
    const struct node *zone = node_find(node, "timezone");
    const struct node *first = node_find(node, "first");
    const struct node *open = node_find(node, "open");
    bool is_right = reading_word(reading, node_find(node, "periods"), "`periods`", period_words,
                                 INT32_MAX, &word);
    *out = (struct pay_group){
        .name = node->key, .periods = (enum pay_periods)word, .has_open = open != NULL};
    if (zone)
        is_right &= check_zone(reading, zone);
    if (first)
        is_right &= reading_date(reading, first, "`first`", &out->first);
    if (open)
        is_right &= reading_date(reading, open, "`open`", &out->open);
    if (!is_right || first || period_days[word] == 0)
        return is_right;
    report_error(reading->reports, node_key_place(node), "missing-key", "first: 2026-01-04",
                 "periods of weeks need `first`: the first day of one of them");
    return false;
}

enum status pay_groups_parse(const struct node *section, struct arena *arena,
                             struct reports *reports, struct pay_groups *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    if (!reading_map(&reading, section, "`pay-groups`"))
        return STATUS_INVALID;
    struct pay_group *groups = reading_take(&reading, section->count, sizeof *groups);
    if (!groups)
        return STATUS_EXHAUSTED;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = section->first; value; value = value->next)
        is_right &= parse_group(&reading, value, &groups[count++]);
    if (!is_right)
        return STATUS_INVALID;
    *out = (struct pay_groups){groups, count};
    return STATUS_OK;
}

enum status pay_groups_read(struct slice document, struct arena *arena, struct reports *reports,
                            struct pay_groups *out)
{
    const struct node *section;
    enum status status = node_read_yaml(document, NODE_BYTES_MAX, arena, reports, &section);
    return status ? status : pay_groups_parse(section, arena, reports, out);
}

/* --- asking --- */

const struct pay_group *pay_group_find(const struct pay_groups *groups, struct slice name)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (slice_equal(groups->items[i].name, name))
            return &groups->items[i];
    }
    return NULL;
}

static struct pay_period weeks_of(const struct pay_group *group, int32_t day)
{
    int32_t days = period_days[group->periods];
    int32_t behind = (day - group->first) % days;
    int32_t from = day - (behind < 0 ? behind + days : behind);
    return (struct pay_period){from, from + days};
}

struct pay_period pay_period_of(const struct pay_group *group, int32_t day)
{
    if (period_days[group->periods])
        return weeks_of(group, day);
    struct date_parts parts = date_to_parts(day);
    int32_t number = parts.year * 12 + parts.month - 1;
    struct pay_period period = {date_of_month_number(number, 1),
                                date_of_month_number(number + 1, 1)};
    int32_t middle = period.from + SECOND_HALF - 1;
    if (group->periods == PAY_SEMI_MONTH && day < middle)
        period.until = middle;
    else if (group->periods == PAY_SEMI_MONTH)
        period.from = middle;
    return period;
}

size_t pay_period_name(const struct pay_group *group, const struct pay_period *period,
                       char out[PAY_PERIOD_BYTES])
{
    enum { MONTH_BYTES = 7 };
    size_t length = date_format(period->from, out);
    if (period_days[group->periods])
        return length;
    if (group->periods == PAY_MONTH)
        return MONTH_BYTES;
    out[MONTH_BYTES + 1] = date_to_parts(period->from).day == 1 ? 'A' : 'B';
    return MONTH_BYTES + 2;
}
