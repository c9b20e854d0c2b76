#include "lint/probe.h"

#include "engine/adjusting.h"

#include <stdio.h>

/* --- what pay is counted in --- */

static enum probe_unit unit_of(const struct probe *probe, const struct node *terms)
{
    const struct node *gives = node_find(terms, "gives");
    bool is_part_of_measure = node_is(gives, "rate") || node_is(gives, "unit");
    if (node_is(gives, "percent-of-target"))
        return PROBE_TARGETS;
    if (is_part_of_measure && probe->lead == LEAD_ATTAINMENT)
        return probe->component->goal.is_from_roster ? PROBE_GOALS : PROBE_MONEY;
    if (is_part_of_measure && probe->lead != LEAD_AMOUNT)
        return PROBE_MEASURES;
    return PROBE_MONEY;
}

static enum lead lead_of(const struct plan_component *component)
{
    if (component->needs & NEEDS_ATTAINMENT)
        return LEAD_ATTAINMENT;
    if (component->needs & NEEDS_LINE_ATTRIBUTE)
        return LEAD_ATTRIBUTE;
    return component->needs & NEEDS_ATTAINMENT_OF ? LEAD_ATTAINMENT_OF : LEAD_AMOUNT;
}

/* --- steps that can be told --- */

static bool knows_attainment(const struct probe *probe)
{
    const struct plan_component *component = probe->component;
    return component->has_goal && (probe->lead == LEAD_ATTAINMENT ||
                                   (probe->lead == LEAD_AMOUNT && !component->goal.is_from_roster &&
                                    !component->goal.is_lower_better));
}

static bool can_tell_when(const struct probe *probe, const struct when *when)
{
    for (int32_t i = 0; i < when->count; i++) {
        const struct when_part *part = &when->parts[i];
        bool is_joint = part->kind == WHEN_ALL || part->kind == WHEN_ANY || part->kind == WHEN_NOT;
        bool is_own = part->kind == WHEN_ATTAINMENT && part->look.window == LOOK_SAME &&
                      part->look.component == probe->component->index && knows_attainment(probe);
        if (!is_joint && !is_own)
            return false;
    }
    return true;
}

static bool can_tell_step(const struct probe *probe, const struct adjustment *step)
{
    enum window_over over = probe->component->over;
    bool is_bound = step->kind == ADJUST_CAP || step->kind == ADJUST_FLOOR;
    if (!can_tell_when(probe, &step->when) || step->kind == ADJUST_PRORATE || step->curve)
        return false;
    if (is_bound && step->per == PER_DEAL && over > WINDOW_DEAL)
        return false;
    if (is_bound && step->per == PER_YEAR && over != WINDOW_YEAR)
        return false;
    if (is_bound || step->kind == ADJUST_ADD)
        return probe->unit == (step->is_share ? PROBE_TARGETS : PROBE_MONEY);
    return true;
}

static bool keep_steps(struct probe *probe, struct arena *arena)
{
    const struct plan_component *component = probe->component;
    struct adjustment *kept = arena_take_array(arena, component->adjustment_count, sizeof *kept);
    if (!kept)
        return false;
    probe->told = *component;
    probe->told.adjustments = kept;
    probe->told.adjustment_count = 0;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        if (!can_tell_step(probe, &component->adjustments[i]))
            continue;
        kept[probe->told.adjustment_count] = component->adjustments[i];
        kept[probe->told.adjustment_count++].per = PER_WINDOW;
    }
    probe->is_whole = probe->told.adjustment_count == component->adjustment_count;
    return true;
}

/* --- edges --- */

static void add_edge(struct probe *probe, struct rational at, const struct node *node,
                     bool is_of_table)
{
    if (probe->edge_count == PROBE_EDGES_MAX)
        return;
    size_t place = probe->edge_count++;
    while (place > 0 && rational_compare(probe->edges[place - 1].at, at) > 0) {
        probe->edges[place] = probe->edges[place - 1];
        place--;
    }
    probe->edges[place] = (struct probe_edge){at, node, is_of_table};
}

/* Where the landmarks of a mechanic are written: a list under its name, and in each entry a figure;
 * without a key the first one of the entry. */
static const struct {
    const char *mechanic;
    const char *list;
    const char *figure;
} tables[] = {
    {"tiers", "table", "from"},
    {"curve", "points", NULL},
    {"milestones", "table", "reach"},
};

enum { TABLE_COUNT = sizeof tables / sizeof tables[0] };

static int table_of(const struct mechanic *mechanic)
{
    int table = 0;
    while (table < TABLE_COUNT && strcmp(tables[table].mechanic, mechanic->name) != 0)
        table++;
    return table;
}

const struct node *probe_entries(const struct plan_component *component, const struct node *pays)
{
    int table = table_of(component->mechanic);
    return table == TABLE_COUNT
               ? NULL
               : node_find(node_find(pays, component->mechanic->name), tables[table].list);
}

/* The entry whose figure is `at`: of two ends of a jump the second. */
static const struct node *entry_at(const struct node *entries, const char *figure,
                                   struct rational at)
{
    const struct node *found = NULL;
    for (const struct node *entry = entries->first; entry; entry = entry->next) {
        const struct node *node = figure ? node_find(entry, figure) : entry->first;
        struct decimal value;
        if (node && !decimal_parse_share(node->text, &value) &&
            rational_compare(rational_of_decimal(value), at) == 0)
            found = entry;
    }
    return found;
}

/* Landmarks are written in a table, or in the one figure beside the mechanic. */
static bool add_landmarks(struct probe *probe, const struct node *pays, struct arena *arena)
{
    const struct plan_component *component = probe->component;
    const struct node *entries = probe_entries(component, pays);
    const struct node *beside =
        component->mechanic->beside ? node_find(pays, component->mechanic->beside) : NULL;
    struct landmarks *landmarks = arena_take(arena, sizeof *landmarks);
    if (!landmarks)
        return false;
    landmarks->calendar = &probe->plan->calendar;
    landmarks->window = probe->window;
    if (component->mechanic->landmarks)
        component->mechanic->landmarks(component->terms, landmarks);
    for (size_t i = 0; i < landmarks->count; i++) {
        struct rational at = landmarks->items[i].at;
        const struct node *node =
            entries ? entry_at(entries, tables[table_of(component->mechanic)].figure, at)
            : rational_is_zero(at) ? NULL
                                   : beside;
        if (node)
            add_edge(probe, at, node, true);
    }
    return true;
}

/* Attainments that conditions on the component's own turn at. */
static void add_conditions(struct probe *probe, const struct node *adjust)
{
    const struct plan_component *component = probe->component;
    for (size_t i = 0; i < component->adjustment_count; i++) {
        const struct adjustment *step = &component->adjustments[i];
        if (!step->when.count || !can_tell_step(probe, step))
            continue;
        for (int32_t k = 0; k < step->when.count; k++) {
            struct rational at = rational_of_decimal(step->when.parts[k].bound);
            if (step->when.parts[k].kind != WHEN_ATTAINMENT)
                continue;
            if (probe->lead == LEAD_AMOUNT && rational_multiply(at, probe->goal, &at))
                continue;
            add_edge(probe, at, node_at(adjust, i), false);
        }
    }
}

/* --- setting up --- */

static void take_figures(struct probe *probe)
{
    const struct goal *goal = &probe->component->goal;
    probe->goal = RATIONAL_ONE;
    if (probe->component->has_goal && !goal->is_from_roster)
        probe->goal = rational_of_decimal(goal->fixed);
    probe->target = probe->unit == PROBE_TARGETS ? RATIONAL_ONE : RATIONAL_ZERO;
}

/* The window at the plan's beginning, for deadlines that count from it. */
static bool take_window(struct probe *probe)
{
    const struct plan *plan = probe->plan;
    return !window_containing(&plan->calendar, probe->component->over, plan->from, &probe->window);
}

bool probe_init(struct probe *probe, const struct plan *plan,
                const struct plan_component *component, const struct node *node,
                struct arena *arena)
{
    const uint32_t cannot = NEEDS_EVENTS | NEEDS_MONTHS;
    const struct mechanic *mechanic = component->mechanic;
    const struct node *pays = node_find(node, "pays");
    if (!mechanic->pay || (component->needs & cannot) || component->rates || component->bonus ||
        (component->result_count > 0 && !component->measure.result.length))
        return false;
    *probe = (struct probe){.plan = plan, .component = component, .lead = lead_of(component)};
    probe->unit = unit_of(probe, node_find(pays, mechanic->name));
    take_figures(probe);
    if (!keep_steps(probe, arena) || !take_window(probe) || !add_landmarks(probe, pays, arena))
        return false;
    add_conditions(probe, node_find(node, "adjust"));
    return true;
}

/* --- asking --- */

/* One question: where somebody stands. */
struct stand {
    const struct probe *probe;
    struct rational total; /* X */
    struct attained attained;
};

/* The rows are thought of as many and small, all before any deadline: a threshold is reached with
 * exactly itself. */
static enum status first_row(const void *self, int128 least, bool is_passed, bool *found,
                             struct pay_reached *out)
{
    const struct stand *stand = self;
    struct rational threshold = rational_of_measure(least);
    int order = rational_compare(stand->total, threshold);
    *found = is_passed ? order > 0 : order >= 0;
    if (*found)
        *out = (struct pay_reached){stand->probe->window.from, threshold};
    return STATUS_OK;
}

static enum status ask_attainment(void *self, struct look look, bool *out_found,
                                  struct attained *out)
{
    const struct stand *stand = self;
    (void)look;
    *out_found = stand->attained.is_there;
    *out = stand->attained;
    return STATUS_OK;
}

/* X for the x asked. */
static enum status measure_at(const struct probe *probe, struct rational x, struct rational *out)
{
    *out = probe->lead == LEAD_AMOUNT ? x : RATIONAL_ONE;
    if (probe->lead != LEAD_ATTAINMENT)
        return STATUS_OK;
    if (!probe->component->goal.is_lower_better)
        return rational_multiply(x, probe->goal, out);
    *out = RATIONAL_ZERO;
    return rational_is_zero(x) ? STATUS_OK : rational_divide(probe->goal, x, out);
}

static enum status attained_at(const struct probe *probe, struct rational x, struct attained *out)
{
    *out = (struct attained){.exact = x};
    if (!knows_attainment(probe))
        return STATUS_OK;
    out->is_there = true;
    enum status status =
        probe->lead == LEAD_AMOUNT ? rational_divide(x, probe->goal, &out->exact) : STATUS_OK;
    out->attainment = out->exact;
    return status;
}

/* In 10^-18; what is finer is left out. */
static enum status whole_measure(struct rational value, int128 *out)
{
    struct rational scaled;
    enum status status = rational_multiply(value, (struct rational){MEASURE_ONE, 1}, &scaled);
    if (!status)
        *out = scaled.num / scaled.den;
    return status;
}

static enum status stand_at(const struct probe *probe, struct rational x, struct stand *stand,
                            struct pay_input *input)
{
    *stand = (struct stand){.probe = probe};
    enum status status = measure_at(probe, x, &stand->total);
    if (!status)
        status = attained_at(probe, x, &stand->attained);
    *input = (struct pay_input){
        .attainment = x,
        .goal = probe->goal,
        .target = probe->target,
        .rated = RATIONAL_ZERO,
        .attribute = x,
        .has_attribute = true,
    };
    if (!status)
        status = whole_measure(stand->total, &input->measure);
    input->units = input->measure;
    return status;
}

static enum status run(const struct stand *stand, struct pay_input *input, struct rational *out)
{
    const struct probe *probe = stand->probe;
    const struct pay_rows rows = {
        .self = stand,
        .first = first_row,
        .calendar = &probe->plan->calendar,
        .window = probe->window,
    };
    struct pay_result result;
    input->rows = &rows;
    enum status status = probe->component->mechanic->pay(probe->component->terms, input, &result);
    if (!status)
        *out = result.pay;
    return status;
}

enum status probe_raw(const struct probe *probe, struct rational x, struct rational *out)
{
    struct stand stand;
    struct pay_input input;
    enum status status = stand_at(probe, x, &stand, &input);
    return status ? status : run(&stand, &input, out);
}

enum status probe_pay(const struct probe *probe, struct rational x, struct rational *out)
{
    struct stand stand;
    struct pay_input input;
    struct adjusted adjusted;
    struct rational pay;
    const struct surroundings around = {.self = &stand, .attainment = ask_attainment};
    const struct adjusting adjusting = {
        .component = &probe->told,
        .has_target = probe->unit == PROBE_TARGETS,
        .target = probe->target,
        .around = &around,
    };
    enum status status = stand_at(probe, x, &stand, &input);
    if (!status)
        status = run(&stand, &input, &pay);
    if (!status)
        status = adjust_pay(&adjusting, &pay, &adjusted);
    if (!status)
        *out = adjusted.is_payable ? pay : RATIONAL_ZERO;
    return status;
}

/* From two points near `at` in a line with it: 2 f(at ± d) − f(at ± 2d). */
static enum status near(const struct probe *probe, struct rational at, int sign,
                        struct rational *out)
{
    struct rational points[2];
    struct rational pays[2];
    for (int i = 0; i < 2; i++) {
        const struct rational step = {(int128)sign * (i + 1), 1000000};
        enum status status = rational_add(at, step, &points[i]);
        if (!status)
            status = probe_pay(probe, points[i], &pays[i]);
        if (status)
            return status;
    }
    enum status status = rational_add(pays[0], pays[0], &pays[0]);
    return status ? status : rational_subtract(pays[0], pays[1], out);
}

enum status probe_below(const struct probe *probe, struct rational at, struct rational *out)
{
    if (rational_sign(at) <= 0) {
        *out = RATIONAL_ZERO;
        return STATUS_OK;
    }
    return near(probe, at, -1, out);
}

enum status probe_above(const struct probe *probe, struct rational at, struct rational *out)
{
    return near(probe, at, 1, out);
}

bool probe_matters(const struct probe *probe, struct rational difference)
{
    const struct plan *plan = probe->plan;
    struct rational step = {1, 100000};
    if (probe->unit == PROBE_MONEY)
        step = rational_of_units(plan->rounding_step, plan->currency.exponent);
    if (rational_sign(difference) < 0)
        difference = rational_negate(difference);
    return rational_compare(difference, step) >= 0;
}

/* --- in words --- */

static void percent_text(struct rational value, char out[RATIONAL_TEXT_BYTES])
{
    struct rational percent = value;
    if (rational_multiply(value, rational_of(100), &percent))
        percent = value;
    rational_format(percent, 2, out);
}

void probe_pay_text(const struct probe *probe, struct rational pay, char out[PROBE_TEXT_BYTES])
{
    static const char *const of[] = {[PROBE_TARGETS] = "the target incentive",
                                     [PROBE_GOALS] = "the goal",
                                     [PROBE_MEASURES] = "the measure"};
    char figure[RATIONAL_TEXT_BYTES];
    if (probe->unit == PROBE_MONEY) {
        rational_format(pay, probe->plan->currency.exponent, figure);
        (void)snprintf(out, PROBE_TEXT_BYTES, "%s %s", figure, probe->plan->currency.code);
        return;
    }
    percent_text(pay, figure);
    (void)snprintf(out, PROBE_TEXT_BYTES, "%s %% of %s", figure, of[probe->unit]);
}

void probe_x_text(const struct probe *probe, struct rational x, char out[PROBE_TEXT_BYTES])
{
    bool is_share = probe->lead == LEAD_ATTAINMENT || probe->lead == LEAD_ATTAINMENT_OF;
    char figure[RATIONAL_TEXT_BYTES];
    if (is_share)
        percent_text(x, figure);
    else
        rational_format(x, DECIMAL_SCALE, figure);
    (void)snprintf(out, PROBE_TEXT_BYTES, is_share ? "%s %%" : "%s", figure);
}
