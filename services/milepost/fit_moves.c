#include "milepost/fit_moves.h"

#include <inttypes.h>

enum { GIVES_MAX = 512, ROUNDS_MAX = 8, FACTOR_ONE = 1000000, FACTOR_MOST = 1000 };

static enum status refuse(char *detail, const char *sentence)
{
    (void)snprintf(detail, DETAIL_BYTES, "%s", sentence);
    return STATUS_INVALID;
}

/* --- goals --- */

/* value × factor in whole `step`; to the side on which the goal is easier. */
static enum status moved(const struct node *node, struct rational factor, int64_t step,
                         bool goes_down, struct decimal *out, char *detail)
{
    struct decimal value;
    struct rational exact;
    int64_t steps;
    enum status status = decimal_parse(node->text, &value);
    if (!status)
        status = rational_multiply(rational_of_decimal(value), factor, &exact);
    if (!status)
        status = rational_round(exact, rational_of(step), ROUND_TOWARD_ZERO, &steps);
    if (status)
        return refuse(detail, "a goal does not fit");
    struct rational rounded = {(int128)steps * step, 1};
    if (!goes_down && rational_compare(rounded, exact) < 0)
        steps++;
    *out = decimal_of(steps * step);
    return steps > 0 ? STATUS_OK
                     : refuse(detail, "a goal would become 0: say a smaller --round, or a smaller "
                                      "share");
}

struct goal_move {
    struct fit *fit;
    struct rational factor;
    int64_t step;
    bool goes_down;
    int64_t count;
};

static enum status move_scalar(struct goal_move *move, struct yaml_edit *file,
                               const struct node *node, char *detail)
{
    struct decimal value;
    char text[DECIMAL_TEXT_BYTES];
    enum status status = moved(node, move->factor, move->step, move->goes_down, &value, detail);
    if (status)
        return status;
    move->count++;
    size_t length = decimal_format(value, text);
    return yaml_edit_set(file, node, (struct slice){text, length}, &move->fit->arena, detail);
}

/* {annual: N}, {window: N} or {by-window: {2026-Q1: N}}. */
static enum status move_form(struct goal_move *move, struct yaml_edit *file,
                             const struct node *form, char *detail)
{
    static const char *const plain[] = {"annual", "window"};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof plain / sizeof plain[0]; i++)
        if (node_find(form, plain[i]))
            status = move_scalar(move, file, node_find(form, plain[i]), detail);
    const struct node *windows = node_find(form, "by-window");
    for (const struct node *one = windows ? windows->first : NULL; !status && one; one = one->next)
        status = move_scalar(move, file, one, detail);
    return status;
}

static enum status move_person(struct goal_move *move, struct yaml_edit *file,
                               const struct node *person, const char *component, char *detail)
{
    const struct node *assignments = node_find(person, "assignments");
    enum status status = STATUS_OK;
    for (const struct node *one = assignments ? assignments->first : NULL; !status && one;
         one = one->next) {
        const struct node *plan = node_find(one, "plan");
        const struct node *form = node_find(node_find(one, "goals"), component);
        if (plan && form && slice_equal(plan->text, move->fit->plan))
            status = move_form(move, file, form, detail);
    }
    return status;
}

static enum status move_rosters(struct goal_move *move, char *detail)
{
    struct fit *fit = move->fit;
    char component[FACT_ID_BYTES_MAX + 1];
    (void)snprintf(component, sizeof component, "%.*s", SLICE_ARGS(fit->component));
    enum status status = STATUS_OK;
    for (size_t i = 0; i < fit->counts[FIT_ROSTERS]; i++) {
        struct yaml_edit *file = &fit->files[FIT_ROSTERS][i];
        const struct node *people = node_find(file->root, "participants");
        for (const struct node *one = people ? people->first : NULL; !status && one;
             one = one->next)
            status = move_person(move, file, one, component, detail);
    }
    return status;
}

/* The smallest count that is `share` of `count`, or the largest that is not more. */
static size_t part_of(struct rational share, size_t count, bool goes_up)
{
    int128 parts = share.num * (int128)count;
    return (size_t)((parts + (goes_up ? share.den - 1 : 0)) / share.den);
}

enum status fit_goals(struct fit *fit, const struct fit_outcome *now, struct rational share,
                      int64_t round, struct rational *out_factor, char *detail)
{
    const struct node *goal = node_find(fit->component_node, "goal");
    const struct node *fixed = node_find(goal, "fixed");
    size_t wanted = part_of(share, now->count, true);
    if (now->count == 0)
        return refuse(detail, "the history has no attainment of that component");
    struct goal_move move = {
        .fit = fit, .step = round, .goes_down = !node_is(node_find(goal, "direction"), "lower")};
    const struct fit_result *last = &now->results[wanted ? now->count - wanted : now->count - 1];
    if (last->measure.units <= 0 || last->goal.units <= 0 ||
        rational_of_ratio(last->measure.units, last->goal.units, &move.factor))
        return refuse(detail, "fewer results than that have anything to count: no goal above 0 "
                              "would be reached by that share");
    enum status status =
        fixed ? move_scalar(&move, fit->plan_file, fixed, detail) : move_rosters(&move, detail);
    if (!status && move.count == 0)
        return refuse(detail, "the rosters have no goal of that component");
    if (!status)
        *out_factor = move.factor;
    return status;
}

/* --- points --- */

static const struct node *points_of(const struct fit *fit)
{
    const struct node *curve = node_find(node_find(fit->component_node, "pays"), "curve");
    if (!node_is(node_find(curve, "on"), "attainment"))
        return NULL;
    return node_find(curve, "points");
}

static enum status set_percent(struct fit *fit, const struct node *node, int64_t percent,
                               char *detail)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64 "%%", percent);
    return yaml_edit_set(fit->plan_file, node, slice_of(text), &fit->arena, detail);
}

/* A ratio in whole percent, to the side that is said. */
static int64_t whole_percent(struct decimal ratio, bool goes_up)
{
    int128 one = decimal_power(10);
    return (int64_t)((ratio.units + (goes_up ? one - 1 : 0)) / one);
}

static bool read_x(const struct node *points, size_t index, struct rational *out)
{
    const struct node *x = node_at(node_at(points, index), 0);
    return x && rational_parse_share(x->text, out) == STATUS_OK;
}

/* Moves the point `index`, which must stay on its side of `neighbour`. */
static enum status move_point(struct fit *fit, const struct node *points, size_t index,
                              size_t neighbour, int64_t percent, char *detail)
{
    struct rational beside;
    if (!read_x(points, neighbour, &beside))
        return refuse(detail, "the curve's points cannot be read");
    int order = rational_compare((struct rational){percent, 100}, beside);
    if (index < neighbour ? order < 0 : order > 0)
        return set_percent(fit, node_at(node_at(points, index), 0), percent, detail);
    (void)snprintf(detail, DETAIL_BYTES,
                   "the curve would %s at %" PRId64 " %%, %s its %s point: fit the goals first "
                   "(--at-goal), or move that point",
                   index ? "end" : "begin", percent, index ? "not behind" : "not before",
                   index ? "last but one" : "second");
    return STATUS_INVALID;
}

static enum status check_curve(const struct fit_outcome *now, const struct node *points,
                               size_t left_out, char *detail)
{
    if (!points || points->count < 2)
        return refuse(detail, "--below and --above are for a curve on attainment with two points "
                              "or more");
    if (now->count <= left_out)
        return refuse(detail, "the history has too few attainments of that component");
    return STATUS_OK;
}

enum status fit_threshold(struct fit *fit, const struct fit_outcome *now, struct rational share,
                          char *detail)
{
    const struct node *points = points_of(fit);
    size_t below = part_of(share, now->count, false);
    enum status status = check_curve(now, points, below, detail);
    return status ? status
                  : move_point(fit, points, 0, 1,
                               whole_percent(now->results[below].attainment, false), detail);
}

enum status fit_excellence(struct fit *fit, const struct fit_outcome *now, struct rational share,
                           char *detail)
{
    const struct node *points = points_of(fit);
    size_t above = part_of(share, now->count, false);
    enum status status = check_curve(now, points, above, detail);
    return status ? status
                  : move_point(fit, points, points->count - 1, points->count - 2,
                               whole_percent(now->results[now->count - 1 - above].attainment, true),
                               detail);
}

/* --- cost --- */

/* A figure that is scaled, and what it was. */
struct give {
    const struct node *node;
    struct rational value;
    bool is_share;
    bool is_above_goal; /* only what exceeds 1 is scaled */
};

struct gives {
    struct give items[GIVES_MAX];
    size_t count;
};

static void add_give(struct gives *gives, const struct node *node, bool is_above_goal)
{
    if (!node || node->kind != NODE_SCALAR || gives->count == GIVES_MAX)
        return;
    struct give give = {.node = node, .is_above_goal = is_above_goal};
    give.is_share = node->text.length && node->text.bytes[node->text.length - 1] == '%';
    if (!(give.is_share ? rational_parse_share(node->text, &give.value)
                        : rational_parse(node->text, &give.value)))
        gives->items[gives->count++] = give;
}

static void add_rows(struct gives *gives, const struct node *rows)
{
    for (const struct node *row = rows ? rows->first : NULL; row; row = row->next) {
        add_give(gives, node_find(row, "give"), false);
        add_give(gives, node_find(row, "else"), false);
    }
}

/* Of a curve that gives percent of target, 100 % attained stay what they are. */
static void add_curve(struct gives *gives, const struct node *curve, enum fit_scale *out_scale)
{
    const struct node *points = node_find(curve, "points");
    bool is_linear = node_is(node_find(curve, "on"), "attainment") &&
                     node_is(node_find(curve, "gives"), "percent-of-target");
    for (size_t i = 0; points && i < points->count; i++) {
        struct rational x;
        const struct node *y = node_at(node_at(points, i), 1);
        if (!is_linear)
            add_give(gives, y, false);
        else if (read_x(points, i, &x) && rational_compare(x, RATIONAL_ONE) > 0)
            add_give(gives, y, true);
    }
    add_give(gives, node_find(node_find(curve, "above"), "slope"), false);
    *out_scale = is_linear ? FIT_SCALES_ABOVE_GOAL : FIT_SCALES_ALL;
}

static void find_gives(const struct fit *fit, struct gives *gives, enum fit_scale *out_scale)
{
    const struct node *pays = node_find(fit->component_node, "pays");
    *gives = (struct gives){.count = 0};
    *out_scale = FIT_SCALES_ALL;
    add_give(gives, node_find(pays, "rate"), false);
    add_give(gives, node_find(pays, "unit"), false);
    add_give(gives, node_find(node_find(pays, "bonus"), "each"), false);
    add_give(gives, node_find(node_find(pays, "level"), "give"), false);
    add_rows(gives, node_find(pays, "rates"));
    add_rows(gives, node_find(node_find(pays, "tiers"), "table"));
    add_rows(gives, node_find(node_find(pays, "milestones"), "table"));
    if (node_find(pays, "curve"))
        add_curve(gives, node_find(pays, "curve"), out_scale);
}

/* In hundredths of a percent point, or of money. */
static enum status scaled(const struct give *give, int64_t factor, char out[48], char *detail)
{
    struct rational by = {factor, FACTOR_ONE};
    struct rational base = give->is_above_goal ? RATIONAL_ONE : RATIONAL_ZERO;
    struct rational value;
    struct rational step = {1, give->is_share ? 10000 : 100};
    int64_t steps;
    enum status status = rational_subtract(give->value, base, &value);
    if (!status)
        status = rational_multiply(value, by, &value);
    if (!status)
        status = rational_add(value, base, &value);
    if (!status)
        status = rational_round(value, step, ROUND_HALF_EVEN, &steps);
    if (status)
        return refuse(detail, "what the component gives does not fit");
    struct decimal shown = {(int128)steps * 10000000};
    size_t length = decimal_format(shown, out);
    if (give->is_share)
        out[length++] = '%';
    out[length] = '\0';
    return STATUS_OK;
}

static enum status set_gives(struct fit *fit, const struct gives *gives, int64_t factor,
                             char *detail)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < gives->count; i++) {
        char text[DECIMAL_TEXT_BYTES];
        status = scaled(&gives->items[i], factor, text, detail);
        if (!status)
            status = yaml_edit_set(fit->plan_file, gives->items[i].node, slice_of(text),
                                   &fit->arena, detail);
    }
    return status;
}

/* What a factor came to. */
struct attempt {
    int64_t factor;
    int128 cost;
};

static enum status try_factor(struct fit *fit, const struct gives *gives, int64_t factor,
                              struct fit_outcome *now, struct attempt *out, char *detail)
{
    struct fit_outcome next;
    enum status status = set_gives(fit, gives, factor, detail);
    if (!status)
        status = fit_simulate(fit, &next, detail);
    if (status)
        return status;
    fit_outcome_deinit(now);
    *now = next;
    *out = (struct attempt){factor, now->cost.units};
    return STATUS_OK;
}

static int128 distance(const struct attempt *attempt, struct decimal cost)
{
    int128 off = attempt->cost - cost.units;
    return off < 0 ? -off : off;
}

/* Where the line through both attempts comes to the cost; -1: it goes nowhere. */
static int64_t next_factor(const struct attempt *a, const struct attempt *b, struct decimal cost)
{
    int128 rise = b->cost - a->cost;
    if (rise == 0)
        return -1;
    int128 off = cost.units - b->cost;
    int128 factor = b->factor + off * (b->factor - a->factor) / rise;
    int128 most = (int128)FACTOR_MOST * FACTOR_ONE;
    return (int64_t)(factor < 0 ? 0 : factor > most ? most : factor);
}

static enum status search(struct fit *fit, const struct gives *gives, struct fit_outcome *now,
                          struct decimal cost, char *detail)
{
    struct attempt before = {FACTOR_ONE, now->cost.units};
    struct attempt best = before;
    struct attempt last;
    enum status status = try_factor(fit, gives, FACTOR_ONE / 2, now, &last, detail);
    for (int round = 0; !status && round < ROUNDS_MAX; round++) {
        best = distance(&last, cost) < distance(&best, cost) ? last : best;
        int64_t factor = next_factor(&before, &last, cost);
        if (factor < 0 || factor == last.factor || factor == before.factor)
            break;
        before = last;
        status = try_factor(fit, gives, factor, now, &last, detail);
    }
    if (!status)
        best = distance(&last, cost) < distance(&best, cost) ? last : best;
    return status ? status : try_factor(fit, gives, best.factor, now, &last, detail);
}

enum status fit_cost(struct fit *fit, struct fit_outcome *now, struct decimal cost,
                     enum fit_scale *out_scale, char *detail)
{
    struct gives *gives = arena_take_array(&fit->arena, 1, sizeof *gives);
    if (!gives)
        return STATUS_EXHAUSTED;
    find_gives(fit, gives, out_scale);
    if (gives->count == 0)
        return refuse(detail,
                      "--cost scales a rate, unit, rates, tiers, milestones, bonus, level or "
                      "curve, of which what it gives above 100 %: here is nothing to scale");
    enum status status = search(fit, gives, now, cost, detail);
    int128 off = now->cost.units - cost.units;
    if (status || (off < 0 ? -off : off) * 100 <= cost.units)
        return status;
    char nearest[DECIMAL_TEXT_BYTES];
    decimal_format(now->cost, nearest);
    (void)snprintf(detail, DETAIL_BYTES,
                   "that cost cannot be had by scaling what the component gives%s: the nearest is "
                   "%s",
                   *out_scale == FIT_SCALES_ABOVE_GOAL ? " above 100 %" : "", nearest);
    return STATUS_INVALID;
}
