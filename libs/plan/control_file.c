#include "plan/control_file.h"

#include "plan/categories.h"
#include "plan/crediting_rules.h"
#include "plan/pay_groups.h"
#include "plan/rates.h"
#include "plan/reading.h"

/* --- units --- */

static const struct key_rule unit_keys[] = {
    {"decimals", KEY_REQUIRED, "decimals: 0"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_unit(struct reading *reading, const struct node *node, struct currency *out)
{
    int64_t decimals;
    if (!reading_keys(reading, node, "a unit", unit_keys) ||
        !reading_whole(reading, node_find(node, "decimals"), "`decimals`", 0, MONEY_EXPONENT_MAX,
                       &decimals))
        return false;
    if (!currency_declare(node->key, (int)decimals, out))
        return true;
    report_error(reading->reports, node_key_place(node), "bad-value", "units: {PTS: {decimals: 0}}",
                 "a unit is called by up to 15 capital letters, digits, `-` or `_`; a currency of "
                 "ISO 4217 may get more decimals, not fewer");
    return false;
}

enum status units_parse(const struct node *section, struct arena *arena, struct reports *reports,
                        const struct currency **out, size_t *out_count)
{
    struct reading reading = {.arena = arena, .reports = reports};
    if (!reading_map(&reading, section, "`units`"))
        return STATUS_INVALID;
    struct currency *units = reading_take(&reading, section->count, sizeof *units);
    if (!units)
        return STATUS_EXHAUSTED;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *value = section->first; value; value = value->next)
        is_right &= parse_unit(&reading, value, &units[count++]);
    if (!is_right)
        return STATUS_INVALID;
    *out = units;
    *out_count = count;
    return STATUS_OK;
}

enum status units_read(struct slice document, struct arena *arena, struct reports *reports,
                       const struct currency **out, size_t *out_count)
{
    const struct node *section;
    reports_read(reports, SLICE("units"), document, 1);
    enum status status = node_read_yaml(document, NODE_BYTES_MAX, arena, reports, &section);
    return status ? status : units_parse(section, arena, reports, out, out_count);
}

/* --- sections --- */

static enum status check_rates(const struct node *section, struct arena *arena,
                               struct reports *reports)
{
    struct rates rates;
    return rates_parse(section, arena, reports, &rates);
}

static enum status check_crediting(const struct node *section, struct arena *arena,
                                   struct reports *reports)
{
    struct crediting_rules rules;
    enum status status = crediting_rules_parse(section, arena, reports, &rules);
    if (status)
        return status;
    return features_refuse(&rules.features, reports) ? STATUS_OK : STATUS_INVALID;
}

static enum status check_categories(const struct node *section, struct arena *arena,
                                    struct reports *reports)
{
    struct categories categories;
    return categories_parse(section, arena, reports, &categories);
}

static enum status check_units(const struct node *section, struct arena *arena,
                               struct reports *reports)
{
    const struct currency *units;
    size_t count;
    return units_parse(section, arena, reports, &units, &count);
}

static enum status check_pay_groups(const struct node *section, struct arena *arena,
                                    struct reports *reports)
{
    struct pay_groups groups;
    return pay_groups_parse(section, arena, reports, &groups);
}

static const struct {
    const char *name;
    enum status (*check)(const struct node *section, struct arena *arena, struct reports *reports);
} sections[] = {
    {"crediting", check_crediting},   {"categories", check_categories}, {"rates", check_rates},
    {"pay-groups", check_pay_groups}, {"units", check_units},
};
enum { SECTIONS = sizeof sections / sizeof sections[0], BESIDE_MAX = 8 };

static bool check_names(struct reading *reading, const struct node *root, const char *const *beside)
{
    struct key_rule rules[SECTIONS + BESIDE_MAX + 2] = {{0}};
    size_t count = 0;
    for (; count < SECTIONS; count++)
        rules[count].key = sections[count].name;
    for (size_t i = 0; beside && beside[i] && i < BESIDE_MAX; i++)
        rules[count++].key = beside[i];
    rules[count++] =
        (struct key_rule){"limits", KEY_LATER, "changes are applied as they are asked for"};
    return reading_keys(reading, root, "a control file", rules);
}

static enum status make_record(const struct node *section, struct arena *arena, struct control *out)
{
    struct buffer document = {0};
    node_write_yaml(section, &document);
    *out = (struct control){
        .kind = section->key,
        .id = SLICE(CONTROL_SECTION_ID),
        .change = SLICE(""),
        .written_by = SLICE(""),
        .document = arena_copy(arena, buffer_slice(&document)),
    };
    buffer_deinit(&document);
    return out->document.bytes ? STATUS_OK : STATUS_EXHAUSTED;
}

enum status control_parse(const struct node *root, const char *const *beside, struct arena *arena,
                          struct reports *reports, struct list *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    bool is_right = check_names(&reading, root, beside);
    struct control *records = reading_take(&reading, SECTIONS, sizeof *records);
    size_t count = 0;
    if (!records)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < SECTIONS; i++) {
        const struct node *section = node_find(root, sections[i].name);
        if (!section)
            continue;
        enum status status = sections[i].check(section, arena, reports);
        if (!status)
            status = make_record(section, arena, &records[count++]);
        if (status == STATUS_EXHAUSTED)
            return status;
        is_right &= !status;
    }
    if (!is_right)
        return STATUS_INVALID;
    *out = (struct list){count > 0 ? records : NULL, count};
    return STATUS_OK;
}
