/* Scorecards, phases, contests and pools. */
#include "lint/lint_parts.h"

#include "plan/mechanics/contest.h"
#include "plan/mechanics/phases.h"
#include "plan/mechanics/scorecard.h"

static const struct scorecard_terms *scorecard_of(const struct lint_component *component)
{
    return node_find(component->pays, "scorecard") ? component->component->terms : NULL;
}

static const struct node *objective_node(const struct lint_component *component, int32_t index)
{
    return node_at(node_find(component->terms, "objectives"), (size_t)index);
}

/* --- scores --- */

/* The most that points come to; false: no bound. */
static bool most_of(const struct points *points, struct rational *out)
{
    *out = points->at[0].y;
    for (int32_t i = 1; i < points->count; i++)
        *out = rational_max(*out, points->at[i].y);
    return points->is_flat_above || rational_sign(points->at[points->count - 1].slope) <= 0;
}

static bool best_score(const struct objective *objective, struct rational *out)
{
    bool is_bounded = objective->score != SCORE_LINEAR;
    *out = RATIONAL_ONE;
    if (objective->score == SCORE_POINTS)
        is_bounded = most_of(&objective->points, out);
    if (!objective->has_cap)
        return is_bounded;
    struct rational cap = rational_of_decimal(objective->cap);
    *out = is_bounded ? rational_min(*out, cap) : cap;
    return true;
}

static void check_score(struct linting *linting, const struct lint_component *component)
{
    const struct scorecard_terms *terms = scorecard_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        const struct node *node = objective_node(component, i);
        struct rational best;
        char percent[RATIONAL_TEXT_BYTES];
        if (!best_score(&terms->objectives[i], &best) ||
            rational_compare(best, RATIONAL_ONE) >= 0 ||
            rational_multiply(best, rational_of(100), &best))
            continue;
        rational_format(best, 2, percent);
        lint_at(linting, node_find(node, terms->objectives[i].has_cap ? "cap" : "score"),
                "let the score come to 100 % at least",
                "`%.*s` scores %s %% at most, so the target is never earned in full",
                SLICE_ARGS(terms->objectives[i].name), percent);
    }
}

static void check_weight(struct linting *linting, const struct lint_component *component)
{
    const struct scorecard_terms *terms = scorecard_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        if (terms->objectives[i].weight.units == 0)
            lint_at(linting, node_find(objective_node(component, i), "weight"),
                    "leave the objective out", "an objective without weight decides nothing");
    }
}

static bool points_fall(const struct points *points, int32_t index)
{
    return index > 0 && rational_compare(points->at[index].y, points->at[index - 1].y) < 0;
}

/* Entry of the list that point `index` was read from: a band is two points, but for the first. */
static const struct node *point_node(const struct node *score, int32_t index)
{
    const struct node *bands = node_find(node_find(score, "tiers"), "table");
    if (bands)
        return node_at(bands, (size_t)(index + 1) / 2);
    return node_at(node_find(node_find(score, "curve"), "points"), (size_t)index);
}

static void check_points(struct linting *linting, const struct lint_component *component)
{
    const struct scorecard_terms *terms = scorecard_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        const struct objective *objective = &terms->objectives[i];
        if (objective->score != SCORE_POINTS)
            continue;
        for (int32_t k = 1; k < objective->points.count; k++) {
            if (!points_fall(&objective->points, k))
                continue;
            lint_at(linting, point_node(node_find(objective_node(component, i), "score"), k),
                    "let the score rise with the ratio: `direction: lower` turns the ratio round",
                    "a better result of `%.*s` scores less here", SLICE_ARGS(objective->name));
            break;
        }
    }
}

static void check_rounding(struct linting *linting, const struct lint_component *component)
{
    const struct scorecard_terms *terms = scorecard_of(component);
    bool is_all_binary = terms && terms->rounds_scores;
    for (int32_t i = 0; is_all_binary && i < terms->count; i++)
        is_all_binary = terms->objectives[i].score == SCORE_BINARY;
    if (is_all_binary)
        lint_at_key(linting, node_find(component->terms, "round-scores"), "round-scores: none",
                    "scores of 0 or 100 %% are whole percents already");
}

static void check_open_score(struct linting *linting, const struct lint_component *component)
{
    const struct scorecard_terms *terms = scorecard_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        struct rational best;
        if (!best_score(&terms->objectives[i], &best))
            lint_at(linting, node_find(objective_node(component, i), "score"), "cap: 120%",
                    "nothing bounds the score of `%.*s`", SLICE_ARGS(terms->objectives[i].name));
    }
}

/* --- phases --- */

static const struct phases_terms *phases_of(const struct lint_component *component)
{
    const struct phases_terms *terms = component->component->terms;
    return node_find(component->pays, "phases") && !terms->is_from_milestones ? terms : NULL;
}

static int128 total_of(const struct phases_terms *terms)
{
    int128 total = 0;
    for (int32_t i = 0; i < terms->count; i++)
        total += terms->phases[i].give.units;
    return total;
}

static void check_total(struct linting *linting, const struct lint_component *component)
{
    const struct phases_terms *terms = phases_of(component);
    if (terms && terms->of != PHASES_OF_FIXED && total_of(terms) > ONE_SHARE)
        lint_at_key(linting, node_find(component->terms, "table"), "let the shares total 100 %",
                    "the phases together pay more than the whole, which `partial` hides");
}

static void check_partial(struct linting *linting, const struct lint_component *component)
{
    const struct phases_terms *terms = phases_of(component);
    const struct node *partial = node_find(component->terms, "partial");
    if (terms && partial && terms->is_partial &&
        (terms->of == PHASES_OF_FIXED || total_of(terms) == ONE_SHARE))
        lint_at_key(linting, partial, "leave it out",
                    terms->of == PHASES_OF_FIXED ? "amounts need not total anything"
                                                 : "the shares total 100 %% as it is");
}

static void check_phase(struct linting *linting, const struct lint_component *component)
{
    const struct phases_terms *terms = phases_of(component);
    const struct node *table = node_find(component->terms, "table");
    for (int32_t i = 0; terms && i < terms->count; i++) {
        if (terms->phases[i].give.units == 0)
            lint_at(linting, node_find(node_at(table, (size_t)i), "give"), "leave the phase out",
                    "the phase `%.*s` pays nothing", SLICE_ARGS(terms->phases[i].phase));
    }
}

/* --- contests and pools --- */

static void check_awards(struct linting *linting, const struct lint_component *component)
{
    const struct contest_terms *terms = component->component->terms;
    const struct node *awards = node_find(component->terms, "awards");
    if (!node_find(component->pays, "contest"))
        return;
    for (int32_t i = 1; i < terms->count; i++) {
        if (terms->awards[i] > terms->awards[i - 1])
            lint_at(linting, node_at(awards, (size_t)i), "list awards from the first rank down",
                    "rank %d wins more than the rank above it", i + 1);
    }
}

static void check_claim(struct linting *linting, const struct lint_component *component)
{
    const struct node *share = node_find(node_find(component->pays, "pool"), "share");
    const struct node *claim = node_find(node_find(share, "scale-down"), "claim");
    struct decimal value;
    if (claim && !decimal_parse_share(claim->text, &value) && value.units > ONE_SHARE)
        lint_at(linting, claim, NULL, "a claim above 100 %% is more than the member's measure");
}

static const struct lint_check checks[] = {
    {.code = LINT_CANNOT_REACH_TARGET, .component = check_score},
    {.code = LINT_NO_EFFECT, .component = check_weight},
    {.code = LINT_PAY_FALLS, .component = check_points},
    {.code = LINT_NO_EFFECT, .component = check_rounding},
    {.code = LINT_WORST_CASE, .component = check_open_score},
    {.code = LINT_OVER_100, .component = check_total},
    {.code = LINT_NO_EFFECT, .component = check_partial},
    {.code = LINT_PAYS_NOTHING, .component = check_phase},
    {.code = LINT_AWARDS_RISE, .component = check_awards},
    {.code = LINT_ODD_FIGURE, .component = check_claim},
};

LINT_FAMILY(objectives);
