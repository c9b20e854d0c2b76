#include "plan/rate_list.h"

#include "plan/plan.h"
#include "plan/words.h"

#include <stdlib.h>

/* --- asking --- */

static bool choice_fits(const struct rate_choice *choice, const struct condition_subject *subject)
{
    for (size_t i = 0; i < choice->condition_count; i++) {
        if (!condition_fits(&choice->conditions[i], subject))
            return false;
    }
    return true;
}

int64_t rate_list_give(const struct rate_list *list, const struct condition_subject *subject)
{
    int64_t give = 0;
    bool is_found = false;
    for (size_t i = 0; i < list->count; i++) {
        const struct rate_choice *choice = &list->choices[i];
        if (!choice_fits(choice, subject))
            continue;
        if (list->match == MATCH_FIRST)
            return choice->give;
        if (list->match == MATCH_ALL)
            give += choice->give;
        else if (!is_found || choice->give > give)
            give = choice->give;
        is_found = true;
    }
    return is_found ? give : list->otherwise;
}

/* The sum of value × rate is the pay, in the list's denominator already. */
static enum status pay(const void *terms, const struct pay_input *input, struct pay_result *out)
{
    (void)terms;
    *out = (struct pay_result){.pay = input->rated, .step = -1};
    return STATUS_OK;
}

/* --- reading --- */

static const struct key_rule choice_keys[] = {
    {"when", KEY_REQUIRED, "when: {product: core}"},
    {"give", KEY_REQUIRED, "give: 5%"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule else_keys[] = {
    {"else", KEY_REQUIRED, "else: 1%"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool read_rate(struct reading *reading, const struct node *node, const char *what,
                      int64_t *out)
{
    struct decimal rate;
    if (!reading_share(reading, node, what, &rate))
        return false;
    if (rate.units > RATE_UNITS_MAX || rate.units < -RATE_UNITS_MAX)
        return reading_refuse(reading, node, NULL, "a rate of a list is at most 100000 %");
    *out = (int64_t)rate.units;
    return true;
}

static bool read_else(struct reading *reading, const struct node *row, struct rate_list *list)
{
    if (!reading_keys(reading, row, "the last of `rates`", else_keys) ||
        !read_rate(reading, node_find(row, "else"), "`else`", &list->otherwise))
        return false;
    return !row->next || reading_refuse(reading, row, NULL, "`else` is the last of `rates`");
}

static bool read_choice(struct reading *reading, const struct node *row, uint32_t fields,
                        struct rate_choice *out)
{
    if (!reading_keys(reading, row, "one of `rates`", choice_keys))
        return false;
    const struct node *when = node_find(row, "when");
    bool is_right =
        condition_parse_all(reading, when, fields, &out->conditions, &out->condition_count);
    if (is_right && out->condition_count == 0)
        is_right =
            reading_refuse(reading, when, "else: 5%",
                           "an empty `when` fits every row; say `else` for the rows that fit no "
                           "other");
    return read_rate(reading, node_find(row, "give"), "`give`", &out->give) && is_right;
}

static bool read_rows(struct reading *reading, const struct node *node, uint32_t fields,
                      struct rate_list *list)
{
    if (!reading_list(reading, node, "`rates`"))
        return false;
    if (node->count == 0)
        return reading_refuse(reading, node,
                              "rates: [{when: {product: core}, give: 5%}, {else: 1%}]",
                              "an empty list of rates pays nothing; say `pays: nothing`");
    if (node->count > RATE_LIST_MAX)
        return reading_refuse(reading, node, NULL, "a list has at most 64 rates");
    struct rate_choice *choices = reading_take(reading, node->count, sizeof *choices);
    if (!choices)
        return false;
    bool is_right = true;
    for (const struct node *row = node->first; row; row = row->next) {
        if (row->kind == NODE_MAP && node_find(row, "else"))
            is_right &= read_else(reading, row, list);
        else
            is_right &= read_choice(reading, row, fields, &choices[list->count++]);
    }
    /* The lowest denominator that all rates have in common. */
    int64_t spare = 1000000000;
    while (spare > 1 && list->otherwise % spare != 0)
        spare /= 10;
    for (size_t i = 0; i < list->count; i++)
        while (spare > 1 && choices[i].give % spare != 0)
            spare /= 10;
    for (size_t i = 0; i < list->count; i++)
        choices[i].give /= spare;
    list->otherwise /= spare;
    list->den = 1000000000 / spare;
    list->choices = choices;
    return is_right;
}

static bool read_match(struct mechanic_reading *reading, const struct node *node,
                       struct rate_list *list)
{
    static const char *const words[] = {"first", "highest", "all", NULL};
    const struct node *match = node_find(reading->pays, "match");
    int word;
    if (!match) {
        report_error(reading->reading->reports, node_key_place(node), "must-say",
                     "match: first     # the first of the list that fits\n"
                     "match: highest   # the highest of those that fit\n"
                     "match: all       # the sum of those that fit",
                     "`rates` must say `match`: which rate a row gets that several fit");
        return false;
    }
    if (!reading_word(reading->reading, match, "`match`", words, 3, &word))
        return false;
    list->match = (enum rate_match)word;
    return true;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    struct rate_list *list = reading_take(reading->reading, 1, sizeof *list);
    if (!list)
        return NULL;
    bool is_right = read_rows(reading->reading, node,
                              measure_condition_fields(&reading->component->measure), list);
    is_right &= read_match(reading, node, list);
    reading->rates = is_right ? list : NULL;
    return reading->rates;
}

/* --- in words --- */

static struct rational rate_of(const struct rate_list *list, int64_t give)
{
    return (struct rational){give, list->den};
}

static void describe(const void *data, const struct words *words)
{
    static const char *const matches[] = {
        [MATCH_FIRST] = "the first of these that fits",
        [MATCH_HIGHEST] = "the highest of these that fit",
        [MATCH_ALL] = "the sum of all these that fit",
    };
    const struct rate_list *list = data;
    buffer_printf(words->out, "Each deal, or each of its lines, is paid at %s:\n",
                  matches[list->match]);
    for (size_t i = 0; i < list->count; i++) {
        words_share(words->out, rate_of(list, list->choices[i].give));
        buffer_printf(words->out, " where ");
        words_conditions(words->out, list->choices[i].conditions, list->choices[i].condition_count);
        buffer_printf(words->out, ".\n");
    }
    words_share(words->out, rate_of(list, list->otherwise));
    buffer_printf(words->out, " where none of them fits.\n");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct rate_list *list = data;
    landmarks->of = LANDMARKS_RATES;
    for (size_t i = 0; i <= list->count; i++)
        landmarks_add(landmarks, (struct landmark){.at = RATIONAL_ZERO, .index = (int32_t)i});
}

const struct mechanic rates_mechanic = {
    .name = "rates",
    .summary = "A list of rates, picked by row.",
    .beside = "match",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
