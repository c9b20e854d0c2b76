#include "plan/mechanics/bonus.h"

#include "plan/plan_parts.h"
#include "plan/words.h"

enum { ROWS_SHOWN = 5 };

static const struct key_rule bonus_keys[] = {
    {"each", KEY_REQUIRED, "each: 250"}, {"when", KEY_OPTIONAL, NULL}, {"once", KEY_OPTIONAL, NULL},
    {"limit", KEY_OPTIONAL, NULL},       {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_limit(struct mechanic_reading *reading, const struct node *node,
                        struct bonus_terms *terms)
{
    static const char *const words[] = {"window", NULL};
    const struct node *once = node_find(node, "once");
    const struct node *limit = node_find(node, "limit");
    int64_t count = 0;
    int word;
    if (limit && !reading_whole(reading->reading, limit, "`limit`", 1, INT32_MAX, &count))
        return false;
    if (once && !reading_word(reading->reading, once, "`once`", words, 1, &word))
        return false;
    terms->limit = once ? 1 : (int32_t)count;
    return true;
}

static bool check_rows(struct mechanic_reading *reading, const struct node *node)
{
    enum measure_of of = reading->component->measure.of;
    if (of == OF_DEALS || of == OF_MILESTONES || of == OF_PAYMENTS || of == OF_DOWNLINE_DEALS)
        return true;
    report_error(reading->reading->reports, node_key_place(node), "bad-value",
                 "measure: {of: deals, sum: count, count: credited}",
                 "a bonus is paid for each deal, milestone or payment, and this component counts "
                 "none");
    return false;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    uint32_t fields =
        measure_condition_fields(&reading->component->measure) | CONDITION_FIELDS_QUANTITY;
    reading_key_feature(reading->reading, FEATURE_BONUS, node);
    if (!reading_keys(reading->reading, node, "`bonus`", bonus_keys))
        return NULL;
    struct bonus_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    const struct node *when = node_find(node, "when");
    if (!terms)
        return NULL;
    bool is_right = check_rows(reading, node);
    is_right &= reading_number(reading->reading, node_find(node, "each"), "`each`", &terms->each);
    is_right &= parse_limit(reading, node, terms);
    if (when)
        is_right &= condition_parse_all(reading->reading, when, fields, &terms->conditions,
                                        &terms->condition_count);
    reading->bonus = terms;
    reading->needs = terms->limit ? NEEDS_EARLIEST : 0;
    return is_right ? terms : NULL;
}

static void describe(const void *data, const struct words *words)
{
    const struct bonus_terms *terms = data;
    words_money(words, rational_of_decimal(terms->each));
    buffer_printf(words->out, " for each one");
    if (terms->condition_count) {
        buffer_printf(words->out, " where ");
        words_conditions(words->out, terms->conditions, terms->condition_count);
    }
    if (terms->limit == 1)
        buffer_printf(words->out, ", once in a window: for the earliest");
    if (terms->limit > 1)
        buffer_printf(words->out, ", at most %d in a window: the earliest", terms->limit);
    buffer_printf(words->out, ".\nA shared one is divided by share.\n");
}

/* To one more than the limit, which adds nothing. */
static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct bonus_terms *terms = data;
    int32_t limit = terms->limit && terms->limit < ROWS_SHOWN ? terms->limit : 0;
    landmarks->of = LANDMARKS_ROWS;
    for (int32_t rows = 1; rows <= (limit ? limit + 1 : ROWS_SHOWN); rows++)
        landmarks_add(landmarks, (struct landmark){.at = rational_of(rows)});
    if (terms->limit >= ROWS_SHOWN) {
        landmarks_add(landmarks, (struct landmark){.at = rational_of(terms->limit)});
        landmarks_add(landmarks, (struct landmark){.at = rational_of((int64_t)terms->limit + 1)});
    }
}

/* The rows have been paid one by one. */
static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    (void)data;
    *out = (struct pay_result){.pay = input->rated, .step = -1};
    return STATUS_OK;
}

const struct mechanic bonus_mechanic = {
    .name = "bonus",
    .summary = "A fixed sum for each deal that fits.",
    .measure = MEASURE_ROWS,
    .parse = parse,
    .describe = describe,
    .landmarks = landmarks,
    .pay = pay,
};
