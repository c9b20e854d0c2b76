#include "plan/mechanic.h"
#include "plan/words.h"

struct unit_terms {
    struct rational each; /* money per unit of the measure */
    bool has_after;
    int128 after; /* free units, in 10^-18 */
};

static bool parse_after(struct mechanic_reading *reading, const struct node *node,
                        struct unit_terms *terms)
{
    struct decimal after;
    if (!reading_number(reading->reading, node, "`after`", &after) ||
        !reading_scale(reading->reading, node, after, &terms->after))
        return false;
    terms->has_after = true;
    if (after.units >= 0)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", NULL,
                 "`after` is a number of free units and cannot be negative");
    return false;
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    const struct node *after = node_find(reading->pays, "after");
    struct decimal each;
    if (!reading_number(reading->reading, node, "`unit`", &each))
        return NULL;
    struct unit_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    terms->each = rational_reduce(rational_of_decimal(each));
    return after && !parse_after(reading, after, terms) ? NULL : terms;
}

/* With free units a negative measure pays nothing; without, each unit that came back is taken back.
 */
static enum status pay(const void *data, const struct pay_input *input, struct pay_result *out)
{
    const struct unit_terms *terms = data;
    struct rational units = measure_of(input);
    struct rational pay;
    enum status status = STATUS_OK;
    if (terms->has_after)
        status = rational_subtract(units, rational_of_measure(terms->after), &units);
    if (!status && terms->has_after)
        units = rational_max(units, RATIONAL_ZERO);
    if (!status)
        status = rational_multiply(terms->each, units, &pay);
    if (status)
        return status;
    *out = (struct pay_result){.pay = pay, .step = -1};
    return STATUS_OK;
}

/* --- in words --- */

static void describe(const void *data, const struct words *words)
{
    const struct unit_terms *terms = data;
    words_money(words, terms->each);
    buffer_printf(words->out, " for each %s", words_one(words));
    if (terms->has_after) {
        buffer_printf(words->out, " beyond the first ");
        words_number(words->out, rational_of_measure(terms->after));
        buffer_printf(words->out, ", which pay nothing");
    }
    buffer_printf(words->out, ".\n");
    if (terms->has_after)
        buffer_printf(words->out, "A negative measure pays nothing.\n");
}

static void landmarks(const void *data, struct landmarks *landmarks)
{
    const struct unit_terms *terms = data;
    landmarks->of = LANDMARKS_MEASURE;
    landmarks_add(landmarks, (struct landmark){.at = RATIONAL_ZERO});
    if (terms->has_after)
        landmarks_add(landmarks, (struct landmark){.at = rational_of_measure(terms->after)});
}

const struct mechanic unit_mechanic = {
    .name = "unit",
    .summary = "A fixed sum for each unit, above a free quantity.",
    .beside = "after",
    .parse = parse,
    .pay = pay,
    .describe = describe,
    .landmarks = landmarks,
};
