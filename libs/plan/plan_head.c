#include "calendar/zone_file.h"
#include "plan/plan_parts.h"

#include <stdio.h>

static const struct key_rule head_keys[] = {
    {"milepost", KEY_REQUIRED, "milepost: 1"},
    {"plan", KEY_REQUIRED, "plan: account-executive"},
    {"version", KEY_REQUIRED, "version: 1"},
    {"title", KEY_OPTIONAL, NULL},
    {"currency", KEY_REQUIRED, "currency: USD"},
    {"timezone", KEY_REQUIRED, "timezone: America/New_York"},
    {"calendar", KEY_OPTIONAL, NULL},
    {"effective", KEY_REQUIRED, "effective: {from: 2026-01-01, until: 2027-01-01}"},
    {"rounding", KEY_MUST_SAY,
     "rounding: {to: 0.01, mode: half-even}\n"
     "mode is one of half-even, half-up, toward-zero, away-from-zero"},
    {"mid-window", KEY_OPTIONAL, NULL},
    {"split-windows", KEY_OPTIONAL, NULL},
    {"components", KEY_REQUIRED, NULL},
    {"total", KEY_OPTIONAL, NULL},
    {"redeem", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_language(struct plan_reading *plan, const struct node *node)
{
    if (node_is(node, "1"))
        return true;
    report_error(plan->reading.reports, node_place(node), "bad-value", "milepost: 1",
                 "this is version 1 of the plan language; another one is not known");
    return false;
}

bool currency_parse(struct plan_reading *plan, const struct node *node, const char *what,
                    struct currency *out)
{
    struct slice code;
    if (!reading_text(&plan->reading, node, what, &code))
        return false;
    const struct currency *currency =
        currency_find(code, plan->sources->units, plan->sources->unit_count);
    if (!currency) {
        report_error(plan->reading.reports, node_place(node), "unknown-currency",
                     "an ISO 4217 code such as USD, or a unit that control declares",
                     "there is no currency `%.*s`", SLICE_ARGS(code));
        return false;
    }
    *out = *currency;
    return true;
}

static bool parse_currency(struct plan_reading *plan, const struct node *node)
{
    return currency_parse(plan, node, "`currency`", &plan->plan->currency);
}

static const struct key_rule effective_keys[] = {
    {"from", KEY_REQUIRED, "from: 2026-01-01"},
    {"until", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_effective(struct plan_reading *plan, const struct node *node)
{
    struct reading *reading = &plan->reading;
    if (!reading_keys(reading, node, "`effective`", effective_keys))
        return false;
    const struct node *until = node_find(node, "until");
    plan->plan->until = DATE_MAX + 1;
    bool is_right = reading_date(reading, node_find(node, "from"), "`from`", &plan->plan->from);
    if (until)
        is_right &= reading_date(reading, until, "`until`", &plan->plan->until);
    if (!is_right)
        return false;
    if (plan->plan->from < plan->plan->until)
        return true;
    report_error(reading->reports, node_place(until), "bad-value", NULL,
                 "`until` is the first day after the range and must come after `from`");
    return false;
}

static const struct key_rule calendar_keys[] = {
    {"year-starts", KEY_REQUIRED, "year-starts: 01-01"},
    {"weeks", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_calendar(struct plan_reading *plan, const struct node *node)
{
    struct reading *reading = &plan->reading;
    if (!reading_keys(reading, node, "`calendar`", calendar_keys))
        return false;
    const struct node *weeks = node_find(node, "weeks");
    struct slice pattern = {NULL, 0};
    struct slice starts;
    if (weeks && !reading_text(reading, weeks, "`weeks`", &pattern))
        return false;
    if (!reading_text(reading, node_find(node, "year-starts"), "`year-starts`", &starts))
        return false;
    if (!calendar_make(pattern, starts, &plan->plan->calendar))
        return true;
    report_error(reading->reports, node_place(node), "bad-value",
                 "calendar: {year-starts: 01-01}\n"
                 "calendar: {weeks: 4-4-5, year-starts: 2026-02-01}",
                 "this is no calendar: a year starts on a day, or with weeks of 4-4-5, 4-5-4 or "
                 "5-4-4 on a date");
    return false;
}

static const struct key_rule rounding_keys[] = {
    {"to", KEY_REQUIRED, "to: 0.01"},
    {"mode", KEY_MUST_SAY, "mode: half-even   # or half-up, toward-zero, away-from-zero"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const rounding_words[] = {
#define ROUNDING_WORD(symbol, name) name,
    ROUNDING_LIST(ROUNDING_WORD)
#undef ROUNDING_WORD
        NULL,
};

static int places_of(struct slice number)
{
    const char *point = memchr(number.bytes, '.', number.length);
    return point ? (int)(number.bytes + number.length - point - 1) : 0;
}

static bool parse_rounding(struct plan_reading *plan, const struct node *node)
{
    struct reading *reading = &plan->reading;
    struct plan *read = plan->plan;
    if (!reading_keys(reading, node, "`rounding`", rounding_keys))
        return false;
    const struct node *to = node_find(node, "to");
    struct decimal step;
    int mode = 0;
    bool is_right = reading_number(reading, to, "`to`", &step);
    is_right &= reading_word(reading, node_find(node, "mode"), "`mode`", rounding_words,
                             ROUNDING_COUNT, &mode);
    if (!is_right)
        return false;
    read->rounding_mode = (enum rounding_mode)mode;
    read->rounding_places = places_of(to->text);
    if (step.units > 0 && read->rounding_places <= read->currency.exponent &&
        !money_from_decimal(step, read->currency.exponent, &read->rounding_step))
        return true;
    report_error(reading->reports, node_place(to), "too-precise", NULL,
                 "`to` is a positive number of smallest units of %s, which has %d decimals",
                 read->currency.code, read->currency.exponent);
    return false;
}

static bool parse_zone(struct plan_reading *plan, const struct node *node)
{
    struct plan *read = plan->plan;
    char detail[DETAIL_BYTES] = "";
    if (!reading_text(&plan->reading, node, "`timezone`", &read->zone_name))
        return false;
    if (!zone_name_is_valid(read->zone_name)) {
        report_error(plan->reading.reports, node_place(node), "unknown-timezone", NULL,
                     "`%.*s` is no name of a time zone, such as Europe/Berlin",
                     SLICE_ARGS(read->zone_name));
        return false;
    }
    enum status status = plan->sources->zone(plan->sources->self, read->zone_name, read->from,
                                             read->until, plan->reading.arena, &read->zone, detail);
    if (!status && zone_is_valid(read->zone))
        return true;
    plan->reading.is_exhausted |= status == STATUS_EXHAUSTED;
    report_error(plan->reading.reports, node_place(node), "unknown-timezone", NULL,
                 "the time zone `%.*s` cannot be read: %s", SLICE_ARGS(read->zone_name),
                 status ? detail : "its transitions are out of order");
    return false;
}

static const char *const mid_window_words[] = {
#define MID_WINDOW_WORD(symbol, name) name,
    MID_WINDOW_LIST(MID_WINDOW_WORD)
#undef MID_WINDOW_WORD
        NULL,
};

static bool parse_mid_window(struct plan_reading *plan, const struct node *node)
{
    int word;
    if (!reading_word(&plan->reading, node, "`mid-window`", mid_window_words, MID_WINDOW_COUNT,
                      &word))
        return false;
    plan->plan->mid_window = (enum mid_window)word;
    if (word == MID_WINDOW_BLEND)
        reading_feature(&plan->reading, FEATURE_BLEND, node);
    if (word == MID_WINDOW_SPLIT)
        reading_feature(&plan->reading, FEATURE_SPLIT, node);
    return true;
}

static bool parse_split_windows(struct plan_reading *plan, const struct node *node)
{
    if (!reading_flag(&plan->reading, node, "`split-windows`", &plan->plan->splits_windows))
        return false;
    if (plan->plan->splits_windows)
        reading_feature(&plan->reading, FEATURE_SPLIT_WINDOWS, node);
    return true;
}

static bool parse_names(struct plan_reading *plan, const struct node *root)
{
    struct reading *reading = &plan->reading;
    const struct node *title = node_find(root, "title");
    bool is_right = parse_language(plan, node_find(root, "milepost"));
    is_right &= reading_name(reading, node_find(root, "plan"), "`plan`", &plan->plan->name);
    is_right &= reading_whole(reading, node_find(root, "version"), "`version`", 1, INT32_MAX,
                              &plan->plan->version);
    if (title)
        is_right &= reading_text(reading, title, "`title`", &plan->plan->title);
    return is_right;
}

struct head_step {
    const char *key;
    bool (*parse)(struct plan_reading *plan, const struct node *node);
};

/* In this order: rounding needs the currency, the zone needs the range. */
static const struct head_step steps[] = {
    {"currency", parse_currency}, {"effective", parse_effective}, {"rounding", parse_rounding},
    {"timezone", parse_zone},     {"calendar", parse_calendar},   {"redeem", redeem_parse},
};

/* These need nothing. */
static const struct head_step switches[] = {
    {"mid-window", parse_mid_window},
    {"split-windows", parse_split_windows},
};

bool head_parse(struct plan_reading *plan, const struct node *root)
{
    bool is_right = reading_keys(&plan->reading, root, "a plan", head_keys);
    if (!node_find(root, "components"))
        return false;
    if (is_right)
        is_right = parse_names(plan, root);
    bool is_known = true;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct node *node = node_find(root, steps[i].key);
        if (node && is_known)
            is_known = steps[i].parse(plan, node);
    }
    for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        const struct node *node = node_find(root, switches[i].key);
        if (node)
            is_right &= switches[i].parse(plan, node);
    }
    plan->plan->calendar.plan_from = plan->plan->from;
    plan->plan->calendar.plan_until = plan->plan->until;
    return is_right && is_known;
}
