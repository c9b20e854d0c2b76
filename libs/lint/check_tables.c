/* Rows of tiers, curves and milestones: those that nothing comes to, that decide nothing, and
 * figures that look like slips. */
#include "lint/lint_parts.h"

#include "plan/mechanics/milestones.h"

/* --- rows that no figure falls into --- */

/* The smallest step of what the table goes by; 0: any figure can be. */
static struct rational grain_of(const struct probe *probe)
{
    const struct plan_component *component = probe->component;
    if (probe->lead == LEAD_ATTAINMENT && component->goal.precision != ATTAINMENT_EXACT)
        return (struct rational){1, 100};
    if (probe->lead == LEAD_AMOUNT && component->measure.of == OF_DEALS &&
        component->measure.sum == SUM_COUNT && component->measure.counts_credited &&
        component->measure.plus == 0)
        return RATIONAL_ONE;
    return RATIONAL_ZERO;
}

/* How many whole grains lie below `at`, or up to it. */
static int128 grains(struct rational at, struct rational grain)
{
    struct rational count;
    if (rational_divide(at, grain, &count))
        return 0;
    return count.num / count.den + (count.num % count.den != 0 && count.num > 0);
}

static void check_grain(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    if (!probe || !node_find(component->pays, "tiers"))
        return;
    struct rational grain = grain_of(probe);
    for (size_t i = 0; !rational_is_zero(grain) && i + 1 < probe->edge_count; i++) {
        const struct probe_edge *edge = &probe->edges[i];
        if (!edge->is_of_table || grains(edge->at, grain) < grains(edge[1].at, grain))
            continue;
        char at[PROBE_TEXT_BYTES];
        char next[PROBE_TEXT_BYTES];
        probe_x_text(probe, edge->at, at);
        probe_x_text(probe, edge[1].at, next);
        lint_at(linting, edge->node, "leave the row out", "nothing lies from %s up to %s: %s", at,
                next,
                probe->lead == LEAD_ATTAINMENT ? "attainment goes in whole percents"
                                               : "deals are counted whole");
    }
}

/* --- rows that the steps of adjust leave nothing to --- */

static bool pay_differs(const struct probe *probe, struct rational a, struct rational b)
{
    struct rational by;
    return rational_subtract(a, b, &by) || probe_matters(probe, by);
}

/* Where what an entry says begins to count: a tier at its edge, a point of a curve at the point
 * before it. */
static struct rational begin_of(const struct probe *probe, size_t index)
{
    bool is_line = strcmp(probe->component->mechanic->name, "curve") == 0;
    return is_line && index > 0 ? probe->edges[index - 1].at : probe->edges[index].at;
}

/* Whether pay, as adjusted, is one and the same wherever the entry counts, while the table itself
 * says different. */
static bool is_flattened(const struct probe *probe, size_t index, struct rational *out_pay)
{
    struct rational at = probe->edges[index].at;
    struct rational end;
    struct rational pays[4];
    struct rational raw[2];
    if (index + 1 < probe->edge_count)
        end = probe->edges[index + 1].at;
    else if (rational_multiply(at, rational_of(2), &end))
        return false;
    if (rational_compare(at, end) >= 0 || probe_below(probe, at, &pays[0]) ||
        probe_above(probe, at, &pays[1]) || probe_below(probe, end, &pays[2]) ||
        probe_above(probe, begin_of(probe, index), &pays[3]) || probe_raw(probe, at, &raw[0]) ||
        probe_raw(probe, end, &raw[1]))
        return false;
    *out_pay = pays[1];
    return !pay_differs(probe, pays[0], pays[1]) && !pay_differs(probe, pays[1], pays[2]) &&
           !pay_differs(probe, pays[1], pays[3]) &&
           (pay_differs(probe, raw[0], pays[1]) && pay_differs(probe, raw[1], pays[1]));
}

static void check_flattened(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    if (!probe || probe->told.adjustment_count == 0)
        return;
    for (size_t i = 0; i < probe->edge_count; i++) {
        struct rational pay;
        if (!probe->edges[i].is_of_table || rational_sign(probe->edges[i].at) <= 0 ||
            !is_flattened(probe, i, &pay))
            continue;
        char at[PROBE_TEXT_BYTES];
        char text[PROBE_TEXT_BYTES];
        probe_x_text(probe, probe->edges[i].at, at);
        probe_pay_text(probe, pay, text);
        lint_at(linting, probe->edges[i].node, "leave the row out, or change the step of adjust",
                "at %s nothing changes: the steps of adjust leave %s on both sides", at, text);
    }
}

/* --- rows that say what the one before says --- */

/* Whether the table pays on in one straight line through `at`. */
static bool same_line(const struct probe *probe, struct rational at)
{
    struct rational pays[4];
    struct rational before;
    struct rational after;
    if (probe_below(probe, at, &pays[0]) || probe_above(probe, at, &pays[1]) ||
        pay_differs(probe, pays[0], pays[1]) ||
        rational_subtract(at, (struct rational){1, 1000}, &before) ||
        rational_add(at, (struct rational){1, 1000}, &after) ||
        probe_raw(probe, before, &pays[2]) || probe_raw(probe, after, &pays[3]))
        return false;
    struct rational sum;
    struct rational twice;
    return !rational_add(pays[2], pays[3], &sum) && !probe_raw(probe, at, &twice) &&
           !rational_add(twice, twice, &twice) && rational_compare(sum, twice) == 0;
}

static void check_idle_rows(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    const struct node *tiers = node_find(component->pays, "tiers");
    if (!probe || !tiers || node_is(node_find(tiers, "method"), "interpolated"))
        return;
    for (size_t i = 1; i < probe->edge_count; i++) {
        const struct probe_edge *edge = &probe->edges[i];
        if (!edge->is_of_table || !same_line(probe, edge->at))
            continue;
        char at[PROBE_TEXT_BYTES];
        probe_x_text(probe, edge->at, at);
        lint_at(linting, edge->node, "leave the row out",
                "the tier from %s pays as the one before it", at);
    }
}

static void check_slope(struct linting *linting, const struct lint_component *component)
{
    const struct node *above = node_find(node_find(component->pays, "curve"), "above");
    const struct node *slope = node_find(above, "slope");
    struct decimal value;
    if (slope && !decimal_parse_share(slope->text, &value) && value.units == 0)
        lint_at(linting, slope, "above: flat", "a slope of 0 is `flat`: a cap");
}

static void check_retroactive(struct linting *linting, const struct lint_component *component)
{
    if (!node_find(component->pays, "tiers") || !component->entries)
        return;
    const struct node *first = node_find(component->entries->first, "retroactive");
    const struct node *from = node_find(component->entries->first, "from");
    struct decimal at;
    if ((node_is(first, "true") || node_is(first, "yes")) &&
        !decimal_parse_share(from->text, &at) && at.units == 0)
        lint_at_key(linting, first, "leave it out", "below 0 there is nothing to re-rate");
}

/* --- milestones --- */

static const struct milestones_terms *milestones_of(const struct lint_component *component)
{
    return node_find(component->pays, "milestones") ? component->component->terms : NULL;
}

static const struct node *step_node(const struct lint_component *component, int32_t index,
                                    const char *key)
{
    return node_find(node_at(component->entries, (size_t)index), key);
}

static void check_ladder(struct linting *linting, const struct lint_component *component)
{
    const struct milestones_terms *terms = milestones_of(component);
    for (int32_t i = 0; terms && terms->is_highest && i < terms->count; i++) {
        for (int32_t k = 0; k < i; k++) {
            if (terms->steps[k].reach != terms->steps[i].reach ||
                terms->steps[k].by != DEADLINE_NONE)
                continue;
            lint_at(linting, node_at(component->entries, (size_t)i), "leave it out",
                    "`award: highest` pays one award, and `%.*s` has the same threshold",
                    SLICE_ARGS(terms->steps[k].name));
            break;
        }
    }
}

static void check_dates(struct linting *linting, const struct lint_component *component)
{
    const struct milestones_terms *terms = milestones_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        const struct milestone_step *step = &terms->steps[i];
        if (step->by == DEADLINE_DATE && step->until <= linting->plan->from)
            lint_at(linting, step_node(component, i, "by"), "by: end of window",
                    "the deadline is over before the plan begins: nobody can be in time");
    }
}

static void check_late_dates(struct linting *linting, const struct lint_component *component)
{
    const struct milestones_terms *terms = milestones_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        const struct milestone_step *step = &terms->steps[i];
        if (step->by == DEADLINE_DATE && step->until >= linting->plan->until)
            lint_at(linting, step_node(component, i, "by"), "leave it out",
                    "the deadline lies behind the plan's last day: nobody can be late");
    }
}

static void check_one_window(struct linting *linting, const struct lint_component *component)
{
    const struct plan *plan = linting->plan;
    const struct milestones_terms *terms = milestones_of(component);
    struct window_span first;
    if (!terms ||
        window_containing(&plan->calendar, component->component->over, plan->from, &first) ||
        first.until >= plan->until)
        return;
    for (int32_t i = 0; i < terms->count; i++) {
        const struct milestone_step *step = &terms->steps[i];
        if (step->by == DEADLINE_DATE && step->until > plan->from && step->until < plan->until)
            lint_at(linting, step_node(component, i, "by"), "by: end of window",
                    "windows that begin after this day cannot be in time");
    }
}

static bool is_sooner(const struct milestone_step *a, const struct milestone_step *b)
{
    if (a->by != b->by)
        return false;
    return (a->by == DEADLINE_DATE && a->until < b->until) ||
           (a->by == DEADLINE_MONTH_END && a->month < b->month);
}

static void check_deadlines(struct linting *linting, const struct lint_component *component)
{
    const struct milestones_terms *terms = milestones_of(component);
    for (int32_t i = 0; terms && i < terms->count; i++) {
        for (int32_t k = 0; k < terms->count; k++) {
            const struct milestone_step *higher = &terms->steps[i];
            const struct milestone_step *lower = &terms->steps[k];
            if (higher->reach <= lower->reach || !is_sooner(higher, lower))
                continue;
            lint_at(linting, step_node(component, i, "by"),
                    "give the higher threshold the later deadline",
                    "`%.*s` is the higher threshold and is due before `%.*s`",
                    SLICE_ARGS(higher->name), SLICE_ARGS(lower->name));
            break;
        }
    }
}

static void check_empty_awards(struct linting *linting, const struct lint_component *component)
{
    const struct milestones_terms *terms = milestones_of(component);
    for (int32_t i = 0; terms && terms->count > 1 && i < terms->count; i++) {
        if (terms->steps[i].give.units == 0)
            lint_at(linting, step_node(component, i, "give"), "leave the milestone out",
                    "`%.*s` awards nothing", SLICE_ARGS(terms->steps[i].name));
    }
}

/* --- slips --- */

/* Attainment that ends at a few percent was meant as 1 = 100 %. */
static void check_small_edges(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    const struct rational least = {1, 10};
    bool is_share = probe && (probe->lead == LEAD_ATTAINMENT || probe->lead == LEAD_ATTAINMENT_OF);
    if (!is_share || probe->edge_count == 0)
        return;
    const struct probe_edge *last = &probe->edges[probe->edge_count - 1];
    char at[PROBE_TEXT_BYTES];
    probe_x_text(probe, last->at, at);
    if (rational_sign(last->at) > 0 && rational_compare(last->at, least) < 0)
        lint_at(linting, last->node, "from: 100%   # shares carry their %",
                "the highest edge is at %s of the goal", at);
}

/* Ten times the goal is beyond every edge. */
static void check_large_edges(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    bool is_share = probe && (probe->lead == LEAD_ATTAINMENT || probe->lead == LEAD_ATTAINMENT_OF);
    for (size_t i = 0; is_share && i < probe->edge_count; i++) {
        char at[PROBE_TEXT_BYTES];
        if (rational_compare(probe->edges[i].at, rational_of(10)) < 0)
            continue;
        probe_x_text(probe, probe->edges[i].at, at);
        lint_at(linting, probe->edges[i].node, "from: 100%",
                "an edge at %s of the goal is more than anybody reaches", at);
        return;
    }
}

/* More than the whole amount, from one row of a list, tiers or a rate. */
static void report_rate(struct linting *linting, const struct node *give)
{
    struct decimal rate;
    if (give && give->kind == NODE_SCALAR && !decimal_parse_share(give->text, &rate) &&
        rate.units > ONE_SHARE)
        lint_at(linting, give, NULL, "a rate above 100 %% pays more than the whole measure");
}

static void check_rate(struct linting *linting, const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    if (one->measure.sum != SUM_AMOUNT) /* one and a half times a monthly fee is usual */
        return;
    report_rate(linting, node_find(component->pays, "rate"));
    const struct node *rates = node_find(component->pays, "rates");
    for (const struct node *row = rates ? rates->first : NULL; row; row = row->next)
        report_rate(linting, node_find(row, "give"));
    const struct node *tiers = node_find(component->pays, "tiers");
    if (!node_is(node_find(tiers, "gives"), "rate"))
        return;
    for (const struct node *row = component->entries->first; row; row = row->next)
        report_rate(linting, node_find(row, "give"));
}

/* --- what a negative measure pays --- */

static void check_negative(struct linting *linting, const struct lint_component *component)
{
    const struct node *tiers = node_find(component->pays, "tiers");
    const struct measure *measure = &component->component->measure;
    bool can_be = measure->plus < 0 || measure->of == OF_PAYMENTS || measure->of == OF_DOWNLINE_PAY;
    if (tiers && can_be && !node_find(tiers, "negative"))
        lint_at_key(linting, tiers,
                    "negative: nothing      # a negative measure pays nothing\n"
                    "negative: first-tier   # … is taken back at the first tier's rate",
                    "%s can leave a negative measure, and `tiers` does not say what that pays",
                    measure->plus < 0 ? "`plus`" : "what is taken back");
}

static const struct lint_check checks[] = {
    {.code = LINT_UNREACHABLE, .component = check_grain},
    {.code = LINT_UNREACHABLE, .component = check_flattened},
    {.code = LINT_UNREACHABLE, .component = check_ladder},
    {.code = LINT_UNREACHABLE, .component = check_dates},
    {.code = LINT_NO_EFFECT, .component = check_late_dates},
    {.code = LINT_NO_EFFECT, .component = check_idle_rows},
    {.code = LINT_NO_EFFECT, .component = check_slope},
    {.code = LINT_NO_EFFECT, .component = check_retroactive},
    {.code = LINT_ONE_WINDOW_ONLY, .component = check_one_window},
    {.code = LINT_DEADLINES_CROSS, .component = check_deadlines},
    {.code = LINT_PAYS_NOTHING, .component = check_empty_awards},
    {.code = LINT_ODD_FIGURE, .component = check_small_edges},
    {.code = LINT_ODD_FIGURE, .component = check_large_edges},
    {.code = LINT_ODD_FIGURE, .component = check_rate},
    {.code = LINT_OPEN_NEGATIVE, .component = check_negative},
};

LINT_FAMILY(tables);
