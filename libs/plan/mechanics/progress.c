#include "plan/mechanics/progress.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"

static const struct key_rule progress_keys[] = {
    {"of", KEY_REQUIRED, "of: contract-value"},
    {"requires", KEY_OPTIONAL, NULL},
    {"dated", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    static const char *const words[] = {"contract-value", NULL};
    int word;
    reading_key_feature(reading->reading, FEATURE_PROGRESS, node);
    if (!reading_keys(reading->reading, node, "`progress`", progress_keys))
        return NULL;
    struct progress_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = milestone_rows_check(reading, node);
    is_right &= reading_word(reading->reading, node_find(node, "of"), "`of`", words, 1, &word);
    return approval_parse(reading->reading, node, &terms->approval) && is_right ? terms : NULL;
}

const struct mechanic progress_mechanic = {
    .name = "progress",
    .summary = "The part of a contract that is complete.",
    .measure = MEASURE_ROWS,
    .parse = parse,
};
