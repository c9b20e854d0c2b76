#include "plan/plan_parts.h"

static const struct key_rule convert_keys[] = {
    {"to", KEY_REQUIRED, "to: USD"},
    {"rate-of", KEY_MUST_SAY,
     "rate-of: closed-date   # or paid-date, window-end, attribute.NAME (a date on the deal)"},
    {"missing", KEY_MUST_SAY,
     "missing: pending                  # the row waits for a rate of that very date\n"
     "missing: previous-up-to 5 days    # … takes the newest one that is at most 5 days older"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const char *const date_words[] = {
#define DATE_WORD(symbol, name) name,
    CONVERT_DATE_LIST(DATE_WORD)
#undef DATE_WORD
        NULL,
};

static bool parse_date(struct plan_reading *plan, const struct node *node, enum measure_of of,
                       struct convert *convert)
{
    struct slice prefix = SLICE("attribute.");
    int word;
    if (node->kind == NODE_SCALAR && slice_starts_with(node->text, prefix) &&
        node->text.length > prefix.length) {
        convert->date = CONVERT_ATTRIBUTE;
        convert->attribute =
            (struct slice){node->text.bytes + prefix.length, node->text.length - prefix.length};
        return true;
    }
    if (!reading_word(&plan->reading, node, "`rate-of`", date_words, CONVERT_DATE_COUNT, &word))
        return false;
    convert->date = (enum convert_date)word;
    if (convert->date == CONVERT_PAID_DATE && of != OF_DEALS)
        reading_feature(&plan->reading, FEATURE_CONVERT_PAID, node);
    return true;
}

static bool parse_missing(struct plan_reading *plan, const struct node *node,
                          struct convert *convert)
{
    struct slice lead = SLICE("previous-up-to ");
    struct duration age = {0};
    if (node_is(node, "pending"))
        return true;
    if (node->kind == NODE_SCALAR && slice_starts_with(node->text, lead)) {
        struct slice text = {node->text.bytes + lead.length, node->text.length - lead.length};
        if (!duration_parse(text, &age) && age.days > 0) {
            convert->previous_days = age.days;
            return true;
        }
    }
    report_error(plan->reading.reports, node_place(node), "bad-value",
                 "missing: pending\nmissing: previous-up-to 5 days",
                 "`missing` of `convert` must be pending, or previous-up-to and a number of days");
    return false;
}

static bool check_sum(struct plan_reading *plan, const struct node *node,
                      const struct measure *measure)
{
    if (measure->sum == SUM_AMOUNT || measure->sum == SUM_NAMED_AMOUNT)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "bad-key", "leave it out",
                 "`convert` is for sums of money; this measure sums none");
    return false;
}

bool convert_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component)
{
    if (node_is(node, "none"))
        return true;
    reading_feature(&plan->reading, FEATURE_CONVERT, node);
    if (!reading_keys(&plan->reading, node, "`convert`", convert_keys))
        return false;
    struct convert *convert = reading_take(&plan->reading, 1, sizeof *convert);
    if (!convert)
        return false;
    bool is_right = currency_parse(plan, node_find(node, "to"), "`to`", &convert->to);
    is_right &= parse_date(plan, node_find(node, "rate-of"), component->measure.of, convert);
    is_right &= parse_missing(plan, node_find(node, "missing"), convert);
    component->measure.convert = convert;
    return check_sum(plan, node, &component->measure) && is_right;
}
