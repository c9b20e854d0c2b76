#include "engine/obvious_parts.h"

/* The rows of one objective's result, by the `take` of the measure, `last` where it says none. */
static mpq_srcptr value_of(struct obvious_book *book, const struct node *objective)
{
    struct numbers *numbers = book->numbers;
    const struct node *name = node_find(objective, "name");
    const struct node *take = node_find(node_find(book->component, "measure"), "take");
    mpq_srcptr sum = number_of(numbers, 0);
    mpq_srcptr last = NULL;
    mpq_srcptr most = NULL;
    long count = 0;
    for (size_t i = 0; name && i < book->measured; i++) {
        const struct result *result = book->entries[i].row->result;
        if (!slice_equal(result->result, name->text))
            continue;
        last = number_decimal(numbers, result->value);
        most = most ? number_most(most, last) : last;
        sum = number_add(numbers, sum, last);
        count++;
    }
    if (!last || !take || node_is(take, "last"))
        return last;
    if (node_is(take, "average"))
        return number_divide(numbers, sum, number_of(numbers, count));
    return node_is(take, "sum") ? sum : most;
}

/* "`plan` may come `from: roster`": the goal called as the objective. Without one the value itself
 * is the ratio. */
static mpq_srcptr plan_of(struct obvious_book *book, const struct node *objective)
{
    const struct node *plan = node_find(objective, "plan");
    mpq_srcptr figure = NULL;
    if (!plan)
        return number_of(book->numbers, 1);
    if (plan->kind == NODE_SCALAR && !node_is(plan, "from-roster"))
        return obvious_number_at(book->all, book->plan, objective, "plan");
    if (book->assignment)
        figure = obvious_figure(book, book->assignment, &book->assignment->goals,
                                node_find(objective, "name")->text, NULL);
    if (!figure)
        obvious_wait(book, "goal-missing");
    return figure;
}

static mpq_srcptr capped(struct obvious_book *book, const struct node *objective, mpq_srcptr score)
{
    if (!score || !node_find(objective, "cap"))
        return score;
    mpq_srcptr cap = obvious_number_at(book->all, book->plan, objective, "cap");
    return cap ? number_least(score, cap) : NULL;
}

/* "`linear` is value / plan (plan / value for lower). `binary` compares that with its condition.
 * `score: {tiers: …}` gives bands." */
static mpq_srcptr score_ratio(struct obvious_book *book, const struct node *objective,
                              mpq_srcptr ratio)
{
    struct numbers *numbers = book->numbers;
    const struct node *score = node_find(objective, "score");
    if (!score || node_is(score, "linear"))
        return ratio;
    if (node_find(score, "binary"))
        return number_of(numbers,
                         obvious_compares(book->all, node_find(score, "binary"), ratio) ? 1 : 0);
    if (node_find(score, "curve"))
        return obvious_height(book, node_find(score, "curve"), ratio);
    if (!node_find(score, "tiers"))
        return obvious_refuse(book->all, book->plan, score, "a score that is not known here");
    mpq_srcptr band = obvious_whole_tier(book, node_find(score, "tiers"), ratio);
    return band ? band : number_of(numbers, 0);
}

/* "an actual of 0 scores the cap, which is then required": plan / 0 is more than any number, so
 * that a curve that ends level gives its end, bands the last one, and `binary` compares with more
 * than its bound. */
static mpq_srcptr score_of_nothing(struct obvious_book *book, const struct node *objective)
{
    const struct node *score = node_find(objective, "score");
    const struct node *binary = node_find(score, "binary");
    const struct node *curve = node_find(score, "curve");
    const struct node *points = node_find(curve, "points");
    const struct node *bands = node_find(node_find(score, "tiers"), "table");
    if (binary)
        return number_of(book->numbers, slice_starts_with(binary->text, SLICE(">")) ||
                                            slice_starts_with(binary->text, SLICE("!")));
    if (bands && bands->count > 0)
        return obvious_number_at(book->all, book->plan, node_at(bands, bands->count - 1), "give");
    if (node_is(node_find(curve, "above"), "flat") && points && points->count > 0) {
        const struct node *height = node_at(node_at(points, points->count - 1), 1);
        return height ? number_read(book->numbers, height->text) : NULL;
    }
    if (node_find(objective, "cap"))
        return obvious_number_at(book->all, book->plan, objective, "cap");
    obvious_wait(book, "result-missing");
    return NULL;
}

/* "`round-scores`: none | whole-percent: each score, before its weight"; half a percent goes up. */
static mpq_srcptr rounded(struct obvious_book *book, const struct node *scorecard, mpq_srcptr score)
{
    struct numbers *numbers = book->numbers;
    if (!score || !node_is(node_find(scorecard, "round-scores"), "whole-percent"))
        return score;
    mpq_srcptr percent = number_multiply(numbers, score, number_of(numbers, 100));
    percent =
        number_floor(numbers, number_add(numbers, percent, number_read(numbers, SLICE("0.5"))));
    return number_divide(numbers, percent, number_of(numbers, 100));
}

/* "`missing`: zero | pending | 100%. `missing: pending` holds the component." */
static mpq_srcptr score_of_missing(struct obvious_book *book, const struct node *scorecard)
{
    const struct node *missing = node_find(scorecard, "missing");
    if (node_is(missing, "zero"))
        return number_of(book->numbers, 0);
    if (node_is(missing, "100%"))
        return number_of(book->numbers, 1);
    obvious_wait(book, "result-missing");
    return NULL;
}

static mpq_srcptr score_of(struct obvious_book *book, const struct node *scorecard,
                           const struct node *objective)
{
    bool is_lower = node_is(node_find(objective, "direction"), "lower");
    mpq_srcptr value = value_of(book, objective);
    if (!value)
        return score_of_missing(book, scorecard);
    mpq_srcptr plan = plan_of(book, objective);
    if (!plan)
        return NULL;
    mpq_srcptr divisor = is_lower ? value : plan;
    if (mpq_sgn(divisor) == 0)
        return rounded(book, scorecard, capped(book, objective, score_of_nothing(book, objective)));
    mpq_srcptr ratio = number_divide(book->numbers, is_lower ? plan : value, divisor);
    return rounded(book, scorecard, capped(book, objective, score_ratio(book, objective, ratio)));
}

/* "weighted objectives": `of` × Σ weight × score. */
mpq_srcptr obvious_scorecard(struct obvious_book *book, const struct node *scorecard)
{
    struct numbers *numbers = book->numbers;
    const struct node *objectives = node_find(scorecard, "objectives");
    mpq_srcptr sum = number_of(numbers, 0);
    mpq_srcptr base = node_is(node_find(scorecard, "of"), "target-incentive")
                          ? obvious_target(book)
                          : obvious_number_at(book->all, book->plan, scorecard, "of");
    for (const struct node *one = objectives ? objectives->first : NULL; one; one = one->next) {
        mpq_srcptr weight = obvious_number_at(book->all, book->plan, one, "weight");
        mpq_srcptr score = score_of(book, scorecard, one);
        if (!weight || !score)
            return NULL;
        sum = number_add(numbers, sum, number_multiply(numbers, weight, score));
    }
    return base ? number_multiply(numbers, base, sum) : NULL;
}
