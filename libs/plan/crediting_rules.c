#include "plan/crediting_rules.h"

#include "plan/fact_check.h"
#include "plan/reading.h"

static const struct key_rule section_keys[] = {
    {"splits", KEY_OPTIONAL, NULL}, {"remainder", KEY_OPTIONAL, NULL},
    {"rules", KEY_OPTIONAL, NULL},  {"match", KEY_OPTIONAL, NULL},
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

/* --- rules for deals that name nobody --- */

static const struct key_rule rule_keys[] = {
    {"when", KEY_REQUIRED, "when: {territory: DACH}"},
    {"credit", KEY_REQUIRED, "credit: {territory: dach-core, role: owner}"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool is_kind(struct slice word)
{
    for (const char *const *kind = participant_kinds; *kind; kind++) {
        if (slice_equal(word, slice_of(*kind)))
            return true;
    }
    return false;
}

/* `territory: dach-core` is territory:dach-core. */
static bool read_participant(struct reading *reading, const struct node *node, struct slice *out)
{
    struct buffer text = {0};
    struct slice id;
    if (!reading_text(reading, node, "a participant", &id))
        return false;
    buffer_printf(&text, "%.*s:%.*s", SLICE_ARGS(node->key), SLICE_ARGS(id));
    *out = arena_copy(reading->arena, buffer_slice(&text));
    buffer_deinit(&text);
    reading->is_exhausted |= !out->bytes;
    if (!out->bytes || participant_is_valid(*out))
        return out->bytes != NULL;
    report_error(reading->reports, node_place(node), "bad-participant", NULL,
                 "`%.*s` is no participant", SLICE_ARGS(*out));
    return false;
}

static bool read_credit_key(struct reading *reading, const struct node *value,
                            struct deal_participant *out)
{
    if (slice_equal(value->key, SLICE("role")))
        return reading_text(reading, value, "`role`", &out->role);
    if (slice_equal(value->key, SLICE("share")))
        return reading_share(reading, value, "`share`", &out->share);
    if (is_kind(value->key) && out->participant.length == 0)
        return read_participant(reading, value, &out->participant);
    report_error(reading->reports, node_key_place(value), "unknown-key",
                 "credit: {territory: dach-core, role: owner, share: 100%}",
                 "`credit` names one participant by its kind, and a role; not `%.*s`",
                 SLICE_ARGS(value->key));
    return false;
}

static bool read_credit(struct reading *reading, const struct node *node,
                        struct deal_participant *out)
{
    out->share = decimal_of(1);
    out->role = SLICE("");
    if (!reading_map(reading, node, "`credit`"))
        return false;
    bool is_right = true;
    for (const struct node *value = node->first; value; value = value->next)
        is_right &= read_credit_key(reading, value, out);
    if (!is_right || (out->participant.length > 0 && out->role.length > 0))
        return is_right;
    return reading_refuse(reading, node, "credit: {territory: dach-core, role: owner}",
                          "`credit` needs a participant and a role");
}

static bool read_credits(struct reading *reading, const struct node *node, struct credit_rule *rule)
{
    bool is_list = node->kind == NODE_LIST;
    size_t count = is_list ? node->count : 1;
    if (count == 0 || count > FACT_PARTICIPANTS_MAX)
        return reading_refuse(reading, node, NULL, "a rule credits 1 to 200 participants");
    struct deal_participant *credits = reading_take(reading, count, sizeof *credits);
    if (!credits)
        return false;
    rule->credits = credits;
    if (!is_list)
        return read_credit(reading, node, &credits[rule->credit_count++]);
    bool is_right = true;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= read_credit(reading, item, &credits[rule->credit_count++]);
    return is_right;
}

static bool read_rule(struct reading *reading, const struct node *node, struct credit_rule *rule)
{
    if (!reading_keys(reading, node, "a rule", rule_keys))
        return false;
    bool is_right = condition_parse_all(reading, node_find(node, "when"),
                                        CONDITION_FIELDS_DEAL | CONDITION_FIELDS_LINE,
                                        &rule->conditions, &rule->condition_count);
    return read_credits(reading, node_find(node, "credit"), rule) && is_right;
}

static bool parse_rules(struct reading *reading, const struct node *node,
                        struct crediting_rules *out)
{
    reading_key_feature(reading, FEATURE_CREDITING_RULES, node);
    if (!reading_list(reading, node, "`rules`"))
        return false;
    if (node->count > CREDIT_RULES_MAX)
        return reading_refuse(reading, node, NULL, "there are at most 1000 rules");
    struct credit_rule *rules = reading_take(reading, node->count, sizeof *rules);
    if (!rules)
        return false;
    bool is_right = true;
    for (const struct node *item = node->first; item; item = item->next)
        is_right &= read_rule(reading, item, &rules[out->rule_count++]);
    out->rules = rules;
    return is_right;
}

static bool parse_match(struct reading *reading, const struct node *section,
                        struct crediting_rules *out)
{
    static const char *const words[] = {"first", "all", NULL};
    const struct node *rules = node_find(section, "rules");
    const struct node *match = node_find(section, "match");
    int word;
    if (!rules && !match)
        return true;
    if (!match) {
        report_error(reading->reports, node_key_place(rules), "must-say",
                     "match: first   # the first rule that fits credits\n"
                     "match: all     # every rule that fits does",
                     "`rules` must say `match`: which of them credit a deal that several fit");
        return false;
    }
    if (!reading_word(reading, match, "`match`", words, 2, &word))
        return false;
    out->takes_all = word == 1;
    if (rules)
        return parse_rules(reading, rules, out);
    report_error(reading->reports, node_key_place(match), "bad-key", NULL,
                 "`match` stands beside `rules`");
    return false;
}

static bool parse_remainder(struct reading *reading, const struct node *node,
                            struct crediting_rules *out)
{
    int word;
    if (!reading_word(reading, node, "`remainder`", remainder_words, SPLIT_REMAINDER_COUNT, &word))
        return false;
    out->has_remainder = true;
    out->remainder = (enum split_remainder)word;
    return true;
}

enum status crediting_rules_parse(const struct node *section, struct arena *arena,
                                  struct reports *reports, struct crediting_rules *out)
{
    struct reading reading = {.arena = arena, .reports = reports};
    struct crediting_rules rules = {0};
    bool is_right = reading_keys(&reading, section, "`crediting`", section_keys);
    const struct node *splits = node_find(section, "splits");
    const struct node *remainder = node_find(section, "remainder");
    if (splits)
        is_right &= parse_splits(&reading, splits, &rules);
    if (remainder)
        is_right &= parse_remainder(&reading, remainder, &rules);
    is_right &= parse_match(&reading, section, &rules);
    rules.features = reading.features;
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

/* --- deals that name nobody --- */

static bool rule_fits(const struct credit_rule *rule, const struct deal *deal,
                      struct condition_subject *subject)
{
    const struct deal_line *lines = deal->lines.items;
    bool fits = !conditions_ask_of_lines(rule->conditions, rule->condition_count);
    if (!conditions_fit(rule->conditions, rule->condition_count, false, subject))
        return false;
    for (size_t i = 0; i < deal->lines.count && !fits; i++) {
        subject->line = &lines[i];
        fits = conditions_fit(rule->conditions, rule->condition_count, true, subject);
    }
    subject->line = NULL;
    return fits;
}

static size_t count_credits(const struct crediting_rules *rules)
{
    size_t count = 0;
    for (size_t i = 0; i < rules->rule_count; i++)
        count += rules->rules[i].credit_count;
    return count;
}

enum status crediting_rules_name(const struct crediting_rules *rules, const struct deal *deal,
                                 const struct categories *categories, struct arena *arena,
                                 struct list *out)
{
    struct condition_subject subject = {
        .territory = deal->territory,
        .customer = deal->customer_id,
        .deal_type = deal->deal_type,
        .attributes = &deal->attributes,
        .categories = categories,
    };
    struct deal_participant *named = arena_take_array(arena, count_credits(rules), sizeof *named);
    size_t count = 0;
    if (!named)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct credit_rule *rule = &rules->rules[i];
        if (!rule_fits(rule, deal, &subject))
            continue;
        memcpy(named + count, rule->credits, rule->credit_count * sizeof *named);
        count += rule->credit_count;
        if (!rules->takes_all)
            break;
    }
    *out = (struct list){count ? named : NULL, count};
    return STATUS_OK;
}

bool crediting_rules_need_categories(const struct crediting_rules *rules)
{
    for (size_t i = 0; i < rules->rule_count; i++) {
        for (size_t c = 0; c < rules->rules[i].condition_count; c++) {
            if (rules->rules[i].conditions[c].field == CONDITION_CATEGORY)
                return true;
        }
    }
    return false;
}
