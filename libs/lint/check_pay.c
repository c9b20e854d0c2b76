/* Pay as a function of what is reached: where it falls, jumps, begins and ends. */
#include "lint/lint_parts.h"

/* Pay on both sides of an edge. */
struct step {
    struct rational below;
    struct rational above;
    struct rational by; /* above − below */
};

static bool step_at(const struct probe *probe, struct rational at, struct step *out)
{
    return !probe_below(probe, at, &out->below) && !probe_above(probe, at, &out->above) &&
           !rational_subtract(out->above, out->below, &out->by);
}

/* The last of the edges that stand at one place. */
static bool is_last_there(const struct probe *probe, size_t index)
{
    return index + 1 == probe->edge_count ||
           rational_compare(probe->edges[index].at, probe->edges[index + 1].at) != 0;
}

/* Where more is better: not by an attribute (a discount), not of a result (a cost). */
static bool is_more_better(const struct probe *probe)
{
    const struct plan_component *component = probe->component;
    if (probe->lead == LEAD_ATTRIBUTE)
        return false;
    if (component->has_goal && component->goal.is_lower_better)
        return probe->lead == LEAD_ATTAINMENT && probe->unit == PROBE_TARGETS;
    return component->measure.of != OF_RESULTS || probe->lead == LEAD_ATTAINMENT;
}

/* --- falling --- */

static bool falls(const struct probe *probe, struct rational before, struct rational after)
{
    struct rational by;
    return rational_sign(before) > 0 && !rational_subtract(after, before, &by) &&
           rational_sign(by) < 0 && probe_matters(probe, by);
}

static void report_fall(struct linting *linting, const struct probe *probe,
                        const struct probe_edge *edge, const struct step *step)
{
    char at[PROBE_TEXT_BYTES];
    char below[PROBE_TEXT_BYTES];
    char above[PROBE_TEXT_BYTES];
    probe_x_text(probe, edge->at, at);
    probe_pay_text(probe, step->below, below);
    probe_pay_text(probe, step->above, above);
    lint_at(linting, edge->node, "let pay rise, or stay, with what is reached",
            "just below %s it pays %s, just above it %s: one more unit earns less", at, below,
            above);
}

/* Where the stretch behind an edge ends: at the next one, or far out. */
static bool stretch_end(const struct probe *probe, size_t index, struct rational *out)
{
    const struct rational far = rational_of(10);
    if (index + 1 < probe->edge_count) {
        *out = probe->edges[index + 1].at;
        return true;
    }
    return !rational_multiply(probe->edges[index].at, far, out) && !rational_add(*out, far, out);
}

/* Whether pay is lower at the end of the stretch than somewhere before in it. */
static bool falls_within(const struct probe *probe, size_t index, struct rational *out_begin,
                         struct rational *out_end)
{
    struct rational begin = probe->edges[index].at;
    struct rational end;
    struct rational middle;
    struct rational half;
    if (!stretch_end(probe, index, &end) || rational_add(begin, end, &middle) ||
        rational_multiply(middle, (struct rational){1, 2}, &middle) ||
        probe_above(probe, begin, out_begin) || probe_below(probe, end, out_end) ||
        probe_pay(probe, middle, &half))
        return false;
    if (falls(probe, *out_begin, *out_end))
        return true;
    *out_begin = half;
    return falls(probe, half, *out_end);
}

static void check_falls(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    for (size_t i = 0; probe && is_more_better(probe) && i < probe->edge_count; i++) {
        const struct probe_edge *edge = &probe->edges[i];
        struct step step;
        if (!is_last_there(probe, i))
            continue;
        if (step_at(probe, edge->at, &step) && falls(probe, step.below, step.above)) {
            report_fall(linting, probe, edge, &step);
            continue;
        }
        if (!falls_within(probe, i, &step.below, &step.above))
            continue;
        char at[PROBE_TEXT_BYTES];
        char to[PROBE_TEXT_BYTES];
        probe_x_text(probe, edge->at, at);
        probe_pay_text(probe, step.above, to);
        lint_at(linting, edge->node, "let pay rise, or stay, with what is reached",
                "beyond %s pay falls, to %s: who reaches more earns less", at, to);
    }
}

/* --- beginning and jumping --- */

static bool is_first_pay(const struct probe *probe, const struct step *step)
{
    return !probe_matters(probe, step->below);
}

static void check_cliffs(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    for (size_t i = 0; probe && i < probe->edge_count; i++) {
        const struct probe_edge *edge = &probe->edges[i];
        struct step step;
        if (!is_last_there(probe, i) || !step_at(probe, edge->at, &step) ||
            is_first_pay(probe, &step) || !probe_matters(probe, step.by) ||
            rational_sign(step.by) < 0)
            continue;
        char at[PROBE_TEXT_BYTES];
        char by[PROBE_TEXT_BYTES];
        char below[PROBE_TEXT_BYTES];
        probe_x_text(probe, edge->at, at);
        probe_pay_text(probe, step.by, by);
        probe_pay_text(probe, step.below, below);
        lint_at(linting, edge->node, NULL, "at %s one more unit moves %s, on top of %s", at, by,
                below);
    }
}

static void check_threshold(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    for (size_t i = 0; probe && i < probe->edge_count; i++) {
        const struct probe_edge *edge = &probe->edges[i];
        struct step step;
        if (!is_last_there(probe, i) || rational_sign(edge->at) <= 0 ||
            !step_at(probe, edge->at, &step) || !is_first_pay(probe, &step))
            continue;
        char at[PROBE_TEXT_BYTES];
        char pay[PROBE_TEXT_BYTES];
        probe_x_text(probe, edge->at, at);
        probe_pay_text(probe, step.by, pay);
        if (probe_matters(probe, step.by))
            lint_at(linting, edge->node, NULL, "below %s nothing is paid, from there on %s at once",
                    at, pay);
        else if (probe->unit == PROBE_TARGETS)
            lint_at(linting, edge->node, "advice is to pay at least 25 % of the target there",
                    "the threshold of %s itself pays nothing", at);
        else
            continue;
        if (probe_matters(probe, step.by))
            return;
    }
}

/* --- nothing at all --- */

static void check_nothing(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    struct rational pay = RATIONAL_ONE;
    struct rational x = rational_of(1000000);
    if (!probe || node_is(component->pays, "nothing"))
        return;
    bool is_nothing = !probe_raw(probe, x, &pay) && rational_is_zero(pay);
    for (size_t i = 0; is_nothing && i < probe->edge_count; i++) {
        is_nothing = !probe_raw(probe, probe->edges[i].at, &pay) && rational_is_zero(pay) &&
                     stretch_end(probe, i, &x) && !probe_raw(probe, x, &pay) &&
                     rational_is_zero(pay);
    }
    if (is_nothing)
        lint_at_key(linting, component->pays, "pays: nothing",
                    "whatever is reached, this pays nothing");
}

/* --- the most --- */

/* The last cap that holds whatever happens; NULL: none. */
static const struct node *cap_of(const struct lint_component *component)
{
    const struct plan_component *one = component->component;
    const struct node *at = NULL;
    for (size_t i = 0; i < one->adjustment_count; i++) {
        const struct adjustment *step = &one->adjustments[i];
        bool is_of_window = step->per != PER_DEAL || one->over <= WINDOW_DEAL;
        if (step->kind == ADJUST_CAP && !step->when.count && is_of_window)
            at = node_find(lint_step(component, i), "at");
    }
    return at;
}

static void report_open(struct linting *linting, const struct lint_component *component)
{
    const struct node *at = cap_of(component);
    if (at)
        lint_at(linting, at, NULL, "a window pays %.*s at most, which is its cap",
                SLICE_ARGS(at->text));
    else
        lint_at_key(linting, component->pays, "adjust: [{cap: {at: 10000, per: window}}]",
                    "nothing bounds what a window can pay");
}

/* Whether pay still rises far beyond the last edge; `out` is what is paid there otherwise. */
static bool rises_for_ever(const struct probe *probe, struct rational *out)
{
    struct rational x = rational_of(1000000000);
    struct rational far;
    struct rational more;
    *out = RATIONAL_ZERO;
    if (probe->edge_count > 0 && !stretch_end(probe, probe->edge_count - 1, &x))
        return false;
    if (rational_multiply(x, rational_of(2), &far) || probe_pay(probe, x, out) ||
        probe_pay(probe, far, &more))
        return false;
    return rational_compare(more, *out) > 0;
}

static void check_worst(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    char most[PROBE_TEXT_BYTES];
    struct rational pay;
    struct rational more;
    if (component->component->rates)
        report_open(linting, component);
    if (!probe || node_is(component->pays, "nothing"))
        return;
    if (rises_for_ever(probe, &pay)) {
        report_open(linting, component);
        return;
    }
    for (size_t i = 0; i < probe->edge_count; i++) {
        if (!probe_above(probe, probe->edges[i].at, &more))
            pay = rational_max(pay, more);
    }
    probe_pay_text(probe, pay, most);
    lint_at_key(linting, component->pays, NULL, "a window pays %s at most%s", most,
                probe->is_whole ? "" : ", before the steps of adjust that hang on something else");
}

/* --- on target --- */

static void check_target(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    struct rational pay;
    char text[PROBE_TEXT_BYTES];
    if (!probe || probe->unit != PROBE_TARGETS || probe->lead != LEAD_ATTAINMENT ||
        probe_pay(probe, RATIONAL_ONE, &pay) || rational_compare(pay, RATIONAL_ONE) == 0)
        return;
    probe_pay_text(probe, pay, text);
    lint_at(linting, component->entries ? component->entries : component->pays, NULL,
            "at 100 %% of goal it pays %s", text);
}

static bool is_same_at(const struct probe *probe, struct rational x)
{
    struct rational pay;
    return !probe_raw(probe, x, &pay) && rational_compare(pay, x) == 0;
}

static void check_same(struct linting *linting, const struct lint_component *component)
{
    const struct probe *probe = component->probe;
    if (!probe || probe->unit != PROBE_TARGETS || probe->lead != LEAD_ATTAINMENT ||
        !node_find(component->pays, "curve"))
        return;
    for (size_t i = 0; i < probe->edge_count; i++) {
        if (probe->edges[i].is_of_table && !is_same_at(probe, probe->edges[i].at))
            return;
    }
    if (!is_same_at(probe, (struct rational){9, 10}) || !is_same_at(probe, RATIONAL_ONE))
        return;
    lint_at(linting, component->entries, "points: [[50%, 0%], [100%, 100%], [150%, 300%]]",
            "the percent paid is the percent attained: nothing is gained by going beyond the goal "
            "that was not gained below it");
}

/* --- how it is evaluated --- */

static void check_evaluation(struct linting *linting, const struct lint_component *component)
{
    uint32_t needs = component->component->needs;
    bool is_ordered = (needs & (NEEDS_ROWS | NEEDS_EVENTS | NEEDS_EARLIEST)) ||
                      component->component->attribution == ATTRIBUTION_SLICES;
    lint_at_key(linting, component->node, NULL, "%s",
                is_ordered ? "pay follows from the rows in their order"
                           : "pay follows from sums alone, whatever the order of the rows");
}

static const struct lint_check checks[] = {
    {.code = LINT_PAY_FALLS, .component = check_falls},
    {.code = LINT_CLIFF, .component = check_cliffs},
    {.code = LINT_THRESHOLD, .component = check_threshold},
    {.code = LINT_PAYS_NOTHING, .component = check_nothing},
    {.code = LINT_WORST_CASE, .component = check_worst},
    {.code = LINT_OFF_TARGET, .component = check_target},
    {.code = LINT_SAME_PERCENT, .component = check_same},
    {.code = LINT_EVALUATION, .component = check_evaluation},
};

LINT_FAMILY(pay);
