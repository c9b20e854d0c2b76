#include "plan/crediting_rules.h"

#include "plan/reading.h"

static const struct key_rule section_keys[] = {
    {"splits", KEY_OPTIONAL, NULL},
    {"remainder", KEY_OPTIONAL, NULL},
    {"rules", KEY_LATER, "name the participants on the deal"},
    {"match", KEY_LATER, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const remainder_words[] = {
#define REMAINDER_WORD(symbol, name) name,
    SPLIT_REMAINDER_LIST(REMAINDER_WORD)
#undef REMAINDER_WORD
        NULL,
};

/* Behind which share stands: `exactly 100%`. */
static const struct {
    const char *lead;
    enum split_bound bound;
} bounds[] = {{"exactly ", SPLIT_EXACTLY}, {"at most ", SPLIT_AT_MOST}};

static bool parse_bound(struct reading *reading, const struct node *node, struct split_rule *rule)
{
    if (node_is(node, "any")) {
        rule->bound = SPLIT_ANY;
        return true;
    }
    for (size_t i = 0; node->kind == NODE_SCALAR && i < sizeof bounds / sizeof bounds[0]; i++) {
        struct slice lead = slice_of(bounds[i].lead);
        struct node share = *node;
        if (!slice_starts_with(node->text, lead))
            continue;
        share.text.bytes += lead.length;
        share.text.length -= lead.length;
        rule->bound = bounds[i].bound;
        return reading_share(reading, &share, "a split", &rule->share);
    }
    report_error(reading->reports, node_place(node), "bad-value",
                 "splits: {owner: exactly 100%, overlay: any, sdr: at most 100%}",
                 "the shares of a role are `exactly SHARE`, `at most SHARE` or `any`");
    return false;
}

static bool parse_splits(struct reading *reading, const struct node *node,
                         struct crediting_rules *out)
{
    if (!reading_map(reading, node, "`splits`"))
        return false;
    struct split_rule *rules = reading_take(reading, node->count, sizeof *rules);
    if (!rules)
        return false;
    bool is_right = true;
    for (const struct node *value = node->first; value; value = value->next) {
        rules[out->count].role = value->key;
        is_right &= parse_bound(reading, value, &rules[out->count++]);
    }
    out->splits = rules;
    return is_right;
}

enum status crediting_rules_parse(const struct node *section, struct arena *arena,
                                  struct reports *reports, struct crediting_rules *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    struct crediting_rules rules = {0};
    int word;
    bool is_right = reading_keys(&reading, section, "`crediting`", section_keys);
    const struct node *splits = node_find(section, "splits");
    const struct node *remainder = node_find(section, "remainder");
    if (splits)
        is_right &= parse_splits(&reading, splits, &rules);
    if (remainder && reading_word(&reading, remainder, "`remainder`", remainder_words,
                                  SPLIT_REMAINDER_COUNT, &word)) {
        rules.has_remainder = true;
        rules.remainder = (enum split_remainder)word;
    } else if (remainder) {
        is_right = false;
    }
    if (reading.is_exhausted)
        return STATUS_EXHAUSTED;
    if (!is_right)
        return STATUS_INVALID;
    *out = rules;
    return STATUS_OK;
}

enum status crediting_rules_read(struct slice document, struct arena *arena,
                                 struct reports *reports, struct crediting_rules *out)
{
    const struct node *section;
    reports_read(reports, SLICE("crediting"), document, 1);
    enum status status = node_read_yaml(document, NODE_BYTES_MAX, arena, reports, &section);
    return status ? status : crediting_rules_parse(section, arena, reports, out);
}

/* 0.01 % of 100 %. */
static const int128 tolerance = 100000;

static bool keeps(const struct split_rule *rule, int128 sum)
{
    if (rule->bound == SPLIT_ANY)
        return true;
    int128 over = sum - rule->share.units;
    return over <= tolerance && (rule->bound == SPLIT_AT_MOST || over >= -tolerance);
}

static int128 sum_of(const struct list *participants, struct slice role)
{
    int128 sum = 0;
    for (size_t i = 0; i < participants->count; i++) {
        const struct deal_participant *one =
            (const struct deal_participant *)participants->items + i;
        if (slice_equal(one->role, role))
            sum += one->share.units; /* at most 200 shares of at most 10,000 % */
    }
    return sum;
}

bool crediting_rules_allow(const struct crediting_rules *rules, const struct list *participants,
                           const struct split_rule **out_broken)
{
    for (size_t i = 0; participants->count > 0 && i < rules->count; i++) {
        const struct split_rule *rule = &rules->splits[i];
        if (keeps(rule, sum_of(participants, rule->role)))
            continue;
        if (out_broken)
            *out_broken = rule;
        return false;
    }
    return true;
}
