#include "plan/plan_parts.h"

/* `result`, `take` and `missing` of a measure of results. A scorecard names its results itself and
 * says itself what a missing one scores. */

static const char *const take_words[] = {
#define TAKE_WORD(symbol, name) name,
    RESULT_TAKE_LIST(TAKE_WORD)
#undef TAKE_WORD
        NULL,
};

static const struct {
    const char *key;
    const char *code;
    const char *fix;
    const char *what;
} said[] = {
    {"result", "missing-key", "result: csat", "which result"},
    {"take", "must-say", "take: last   # or average, sum, max",
     "which of its values in the window count"},
    {"missing", "must-say",
     "missing: zero      # a window without the result counts 0\n"
     "missing: pending   # … waits for it",
     "what a window without the result counts"},
};

static bool check_said(struct plan_reading *plan, const struct node *node)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (node_find(node, said[i].key))
            continue;
        report_error(plan->reading.reports, node_key_place(node), said[i].code, said[i].fix,
                     "a measure of results must say `%s`: %s", said[i].key, said[i].what);
        is_right = false;
    }
    return is_right;
}

static bool refuse_named(struct plan_reading *plan, const struct node *node, const char *key,
                         const char *sentence)
{
    const struct node *value = node_find(node, key);
    if (!value)
        return true;
    report_error(plan->reading.reports, node_key_place(value), "bad-key", "leave it out", "%s",
                 sentence);
    return false;
}

static bool parse_take(struct plan_reading *plan, const struct node *node, enum result_take *out)
{
    int word;
    if (!reading_word(&plan->reading, node, "`take`", take_words, RESULT_TAKE_COUNT, &word))
        return false;
    *out = (enum result_take)word;
    return true;
}

static bool parse_missing(struct plan_reading *plan, const struct node *node,
                          enum result_missing *out)
{
    static const char *const words[] = {"zero", "pending", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`missing`", words, 2, &word))
        return false;
    *out = word == 0 ? MISSING_ZERO : MISSING_PENDING;
    return true;
}

bool result_measure_parse(struct plan_reading *plan, const struct node *node,
                          enum mechanic_measure wants, struct plan_component *component)
{
    struct measure *measure = &component->measure;
    const struct node *result = node_find(node, "result");
    const struct node *take = node_find(node, "take");
    const struct node *missing = node_find(node, "missing");
    bool is_right = true;
    if (wants == MEASURE_ROWS) {
        is_right &=
            refuse_named(plan, node, "result", "the objectives of a scorecard name results");
        is_right &= refuse_named(plan, node, "missing", "a scorecard says `missing` itself");
    } else {
        is_right &= check_said(plan, node);
    }
    if (take)
        is_right &= parse_take(plan, take, &measure->take);
    if (result)
        is_right &= reading_text(&plan->reading, result, "`result`", &measure->result);
    if (missing)
        is_right &= parse_missing(plan, missing, &measure->missing);
    return is_right;
}
