#include "milepost/totals.h"

#include <inttypes.h>
#include <stdlib.h>

#include "engine/measure_row.h"
#include "engine/payment_rows.h"
#include "engine/redeeming.h"
#include "engine/results.h"
#include "engine/row_keys.h"
#include "engine/worth.h"
#include "milepost/pay_key.h"
#include "plan/assignment.h"
#include "plan/figures.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

/* One collection at work. */
struct collecting {
    struct simulation *simulation;
    struct totals *totals;
    struct arena scratch;
    size_t sorted; /* of the items, the first so many are sorted and can be searched */
    const struct list *assignments; /* that `assigned` is made from */
    struct book_assignment *items;
    char *detail;
};

static int by_key(const void *a, const void *b)
{
    const struct total *one = a;
    const struct total *other = b;
    return pay_key_compare(PAY_KEY_OF(one), PAY_KEY_OF(other));
}

static int by_key_and_order(const void *a, const void *b)
{
    int order = by_key(a, b);
    int64_t one = ((const struct total *)a)->order;
    int64_t other = ((const struct total *)b)->order;
    return order ? order : one < other ? -1 : one > other;
}

static void add(struct totals *totals, const struct total *total)
{
    if (totals->count == totals->capacity) {
        totals->capacity = totals->capacity ? totals->capacity * 2 : 256;
        totals->items = realloc(totals->items, totals->capacity * sizeof *totals->items);
        if (!totals->items)
            abort();
    }
    totals->items[totals->count++] = *total;
}

/* Sorts, and of each key keeps the last in order, with a row if any of them has one. */
static void sort(struct collecting *collecting)
{
    struct totals *totals = collecting->totals;
    if (totals->count > 0)
        qsort(totals->items, totals->count, sizeof *totals->items, by_key_and_order);
    size_t kept = 0;
    for (size_t i = 0; i < totals->count; i++) {
        bool is_same = kept > 0 && by_key(&totals->items[kept - 1], &totals->items[i]) == 0;
        bool has_row = is_same && totals->items[kept - 1].has_row;
        totals->items[is_same ? kept - 1 : kept++] = totals->items[i];
        totals->items[kept - 1].has_row |= has_row;
    }
    totals->count = collecting->sorted = kept;
}

static struct total *find(const struct collecting *collecting, const struct total *key)
{
    if (collecting->sorted == 0)
        return NULL;
    return bsearch(key, collecting->totals->items, collecting->sorted,
                   sizeof *collecting->totals->items, by_key);
}

/* --- what the stages published --- */

static enum status add_redeemed(const struct totals *totals, struct total *total, int64_t version)
{
    const struct plan *plan = standing_plans_find(&totals->plans, total->plan, version);
    if (!plan || !plan->redeem.is_given)
        return STATUS_OK;
    total->has_redeemed = true;
    total->redeem_currency = slice_of(plan->redeem.to.code);
    total->redeem_places = plan->redeem.to.exponent;
    return redeem_amount(plan, total->payable, &total->redeemed);
}

static enum status add_published(struct collecting *collecting, const struct log_record *record)
{
    struct attainment one;
    struct totals *totals = collecting->totals;
    enum status status = schemas_decode(collecting->simulation->schemas, SCHEMA_ATTAINMENT, record,
                                        &one, &totals->arena, 0, collecting->detail);
    if (status)
        return status;
    struct total total = {
        .participant = one.participant,
        .plan = one.plan,
        .component = one.component,
        .window = one.window,
        .measure = one.measure,
        .has_goal = one.has_goal,
        .goal = one.goal,
        .has_attainment = one.has_attainment,
        .attainment = one.attainment,
        .earned = one.earned,
        .payable = one.payable,
        .currency = one.currency,
        .places = standing_plans_places(&totals->plans, one.plan, one.plan_version, one.currency),
        .pending = one.pending,
        .held = one.held,
        .order = record->offset,
    };
    status = add_redeemed(totals, &total, one.plan_version);
    if (!status)
        add(totals, &total);
    return status;
}

static enum status read_published(struct collecting *collecting)
{
    const struct log_record *record = NULL;
    enum status status = STATUS_OK;
    while (!status && (record = simulation_next_view(collecting->simulation, record)) != NULL)
        status = add_published(collecting, record);
    return status;
}

/* --- keys that have a row --- */

static const struct list *assignments_of(const struct collecting *collecting,
                                         struct slice participant)
{
    const struct roster *roster =
        standing_roster(&collecting->simulation->standing, participant, SLICE("assignments"));
    return roster ? &roster->assignments : NULL;
}

/* As windows are split by them; made once for rows of one participant in a row. */
static struct assigned assigned_of(struct collecting *collecting, const struct list *assignments)
{
    if (collecting->assignments != assignments) {
        size_t bytes = (assignments->count + 1) * sizeof *collecting->items;
        collecting->items = realloc(collecting->items, bytes);
        if (!collecting->items)
            abort();
        plans_assign(&collecting->totals->plans.plans, assignments, collecting->items);
        collecting->assignments = assignments;
    }
    return (struct assigned){collecting->items, assignments->count};
}

static struct slice text_copy(struct collecting *collecting, struct slice text)
{
    struct slice copy = arena_copy(&collecting->totals->arena, text);
    if (!copy.bytes)
        abort();
    return copy;
}

/* Marks the key, or adds it: nothing was published for a row that is worth nothing. */
static void mark_row(struct collecting *collecting, struct slice participant,
                     const struct plan *plan, const struct plan_component *component,
                     struct slice window)
{
    struct total total = {
        .participant = participant,
        .plan = plan->name,
        .component = component->name,
        .window = window,
        .currency = slice_of(plan->currency.code),
        .places = plan->rounding_places,
        .has_row = true,
        .order = -1,
    };
    struct total *found = find(collecting, &total);
    if (found) {
        found->has_row = true;
        if (found->currency.length == 0) { /* held from the first row on */
            found->currency = total.currency;
            found->places = total.places;
        }
        return;
    }
    total.participant = text_copy(collecting, total.participant);
    total.window = text_copy(collecting, window);
    add(collecting->totals, &total);
}

/* Over deals and lines the window is named by the row. */
static void mark_deal(struct collecting *collecting, const struct credit *credit,
                      const struct plan *plan, const struct plan_component *component)
{
    if (component->over == WINDOW_DEAL) {
        mark_row(collecting, credit->target, plan, component, credit->book);
        return;
    }
    const struct deal_line *lines = credit->lines.items;
    struct measuring measuring = plans_measuring(&collecting->totals->plans.plans, 0);
    struct slice deal;
    struct slice id = slice_split(credit->book, ':', &deal);
    for (size_t i = 0; i < credit->lines.count; i++) {
        struct contribution contribution;
        struct buffer window = {0};
        measure_row(plan, component, &measuring, credit, &lines[i], &contribution);
        window_append_line_id(id, lines[i].line_id, &window);
        if (contribution.fits)
            mark_row(collecting, credit->target, plan, component, buffer_slice(&window));
        buffer_deinit(&window);
    }
}

static void mark_version(struct collecting *collecting, const struct credit *credit,
                         const struct list *assignments, const struct plan_series *series,
                         const struct plan_version *version)
{
    const struct plan *plan = version->plan;
    for (size_t i = 0; i < plan->component_count; i++) {
        const struct plan_component *component = &plan->components[i];
        struct window_memory window;
        struct contribution contribution;
        int32_t date;
        if (zone_date_at(plan->zone, row_instant(component, credit), &date) ||
            !assignment_covers(assignments, series->name, date) ||
            !version_window(version, i, date, assigned_of(collecting, assignments),
                            &collecting->totals->plans.names, &window))
            continue;
        struct measuring measuring =
            plans_measuring(&collecting->totals->plans.plans, window.until);
        measure_row(plan, component, &measuring, credit, NULL, &contribution);
        if (component->over == WINDOW_LINE || (component->over == WINDOW_DEAL && contribution.fits))
            mark_deal(collecting, credit, plan, component);
        else if (component->over != WINDOW_DEAL && contribution.fits)
            mark_row(collecting, credit->target, plan, component,
                     interner_text(&collecting->totals->plans.names, window.window));
    }
}

static void mark_credit(struct collecting *collecting, const struct credit *credit)
{
    const struct list *assignments = assignments_of(collecting, credit->target);
    const struct plans *plans = &collecting->totals->plans.plans;
    for (size_t s = 0; assignments && s < plans->count; s++) {
        const struct plan_series *series = plans->series[s];
        for (size_t v = 0; v < series->count; v++)
            mark_version(collecting, credit, assignments, series, series->versions[v]);
    }
}

static enum status mark_payments(struct collecting *collecting, const struct credit *credit)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < payment_rows_count(credit); i++) {
        struct credit payment;
        status = payment_row_of(credit, i, &collecting->scratch, &payment);
        if (!status)
            mark_credit(collecting, &payment);
    }
    return status;
}

static void mark_result_version(struct collecting *collecting, struct slice participant,
                                const struct list *assignments, struct slice name, int32_t day,
                                const struct plan_version *version)
{
    const struct plan *plan = version->plan;
    struct interner *names = &collecting->totals->plans.names;
    for (size_t i = 0; i < plan->component_count; i++) {
        struct window_memory window;
        if (result_counts(&plan->components[i], name) &&
            version_window(version, i, day, assigned_of(collecting, assignments), names, &window))
            mark_row(collecting, participant, plan, &plan->components[i],
                     interner_text(names, window.window));
    }
}

static void mark_result(struct collecting *collecting, struct slice participant, struct slice name,
                        const struct result *result)
{
    const struct list *assignments = assignments_of(collecting, participant);
    const struct plans *plans = &collecting->totals->plans.plans;
    for (size_t s = 0; assignments && s < plans->count; s++) {
        const struct plan_series *series = plans->series[s];
        for (size_t v = 0; v < series->count; v++) {
            const struct plan_version *version = series->versions[v];
            int32_t day;
            if (result_day(version->plan, result, &day) &&
                assignment_covers(assignments, series->name, day))
                mark_result_version(collecting, participant, assignments, name, day, version);
        }
    }
}

/* Credits and results are what counts. */
static enum status read_row(struct collecting *collecting, const struct row_codec *codec,
                            const struct row *row)
{
    struct row_key key = row_key_parse(row_key(row));
    union {
        struct credit credit;
        struct result_row result;
    } is;
    if (key.letter != 'c' && key.letter != 'r')
        return STATUS_OK;
    bool is_credit = key.letter == 'c';
    arena_reset(&collecting->scratch);
    enum status status =
        codec->decode(codec->self, is_credit ? ROW_CREDIT : ROW_RESULT, row_value(row), &is,
                      &collecting->scratch, collecting->detail);
    if (status)
        return status;
    struct slice first;
    struct slice rest = slice_split(key.id, '\0', &first);
    if (!is_credit) {
        mark_result(collecting, key.book, first, &is.result.result);
        return STATUS_OK;
    }
    is.credit.target = key.book;
    is.credit.book = first;
    is.credit.row = rest;
    mark_credit(collecting, &is.credit);
    return mark_payments(collecting, &is.credit);
}

static enum status mark_rows(struct collecting *collecting)
{
    const struct simulation *simulation = collecting->simulation;
    const struct task *task =
        worker_task(pipeline_worker(simulation->pipeline, &incentives_stage, 0), 0);
    struct row_codec codec = schemas_row_codec(simulation->schemas);
    struct store_cursor cursor;
    enum status status = STATUS_OK;
    const struct row *row = task ? store_first(task->store, SLICE(""), false, &cursor) : NULL;
    for (; !status && row; row = store_next(&cursor))
        status = read_row(collecting, &codec, row);
    return status;
}

/* --- windows with a goal only --- */

/* A window in which nothing counts yet: the engine's own answer. */
static enum status add_goal(struct collecting *collecting, struct slice participant,
                            const struct plan *plan, const struct plan_component *component,
                            const struct window_span *span, struct slice window,
                            struct rational goal)
{
    struct window_sums nothing = {0};
    struct window_figures figures = {
        .from = span->from, .until = span->until, .has_goal = true, .goal = goal};
    struct worth worth;
    enum status status =
        worth_of(plan, component, &nothing, &figures, &(struct given_pay){0}, NULL, &worth);
    if (status) {
        (void)snprintf(collecting->detail, DETAIL_BYTES,
                       "%.*s: the goal of %.*s in %.*s does not fit", SLICE_ARGS(participant),
                       SLICE_ARGS(component->name), SLICE_ARGS(window));
        return status;
    }
    add(collecting->totals, &(struct total){
                                .participant = participant,
                                .plan = plan->name,
                                .component = component->name,
                                .window = window,
                                .measure = worth.measure,
                                .has_goal = worth.has_goal,
                                .goal = worth.goal,
                                .has_attainment = worth.has_attainment,
                                .attainment = worth.attainment,
                                .currency = slice_of(plan->currency.code),
                                .places = plan->rounding_places,
                                .order = -1,
                            });
    return STATUS_OK;
}

static enum status add_window_goal(struct collecting *collecting, const struct roster *roster,
                                   const struct plan_version *version, size_t index,
                                   const struct window_memory *window)
{
    const struct plan *plan = version->plan;
    const struct plan_component *component = &plan->components[index];
    struct window_span span = {
        .over = component->over, .from = window->from, .until = window->until};
    struct total key = {
        .participant = roster->participant,
        .plan = plan->name,
        .component = component->name,
        .window = interner_text(&collecting->totals->plans.names, window->window),
    };
    struct goal_figures figures;
    if (!assignment_last(&roster->assignments, plan->name, span.from, span.until) ||
        find(collecting, &key))
        return STATUS_OK;
    enum status status =
        goal_figures(&roster->assignments, plan, component, &span, key.window, false, &figures);
    if (status || !figures.has_goal)
        return status;
    return add_goal(collecting, roster->participant, plan, component, &span, key.window,
                    figures.goal);
}

static enum status add_component_goals(struct collecting *collecting, const struct roster *roster,
                                       const struct plan_version *version, size_t index)
{
    const struct plan *plan = version->plan;
    const struct plan_component *component = &plan->components[index];
    struct assigned assigned = assigned_of(collecting, &roster->assignments);
    int32_t last;
    struct window_span first;
    if (!component->has_goal || component->over == WINDOW_DEAL || component->over == WINDOW_LINE ||
        !totals_last_day(collecting->totals, plan, &last) ||
        window_containing(&plan->calendar, component->over, plan->from, &first))
        return STATUS_OK;
    for (int32_t day = first.from; day <= last && day < plan->until;) {
        struct window_memory window;
        enum status status = STATUS_OK;
        if (version_window(version, index, day, assigned, &collecting->totals->plans.names,
                           &window))
            status = add_window_goal(collecting, roster, version, index, &window);
        if (status || window.until <= day)
            return status;
        day = window.until;
    }
    return STATUS_OK;
}

static enum status add_goals(struct collecting *collecting)
{
    const struct standing *standing = &collecting->simulation->standing;
    const struct plans *plans = &collecting->totals->plans.plans;
    enum status status = STATUS_OK;
    for (size_t r = 0; r < standing->roster_count; r++) {
        const struct roster *roster = &standing->rosters[r];
        if (!slice_equal(roster->aspect, SLICE("assignments")))
            continue;
        for (size_t s = 0; s < plans->count; s++)
            for (size_t v = 0; v < plans->series[s]->count; v++) {
                const struct plan_version *version = plans->series[s]->versions[v];
                for (size_t i = 0; !status && i < version->plan->component_count; i++)
                    status = add_component_goals(collecting, roster, version, i);
            }
    }
    return status;
}

/* What was published once and has neither row, goal nor pay any more. */
static void drop_empty(struct totals *totals)
{
    size_t kept = 0;
    for (size_t i = 0; i < totals->count; i++) {
        const struct total *one = &totals->items[i];
        if (one->has_row || one->has_goal || one->earned.units != 0 || one->payable.units != 0)
            totals->items[kept++] = *one;
    }
    totals->count = kept;
}

enum status totals_collect(struct simulation *simulation, struct totals *out, char *detail)
{
    *out = (struct totals){.last_ms = simulation->last_ms, .last_date = simulation->last_date};
    arena_init_growing(&out->arena, ARENA_BYTES_MAX);
    struct collecting collecting = {.simulation = simulation, .totals = out, .detail = detail};
    arena_init_growing(&collecting.scratch, ARENA_BYTES_MAX);
    enum status status =
        standing_plans_read(&out->plans, &simulation->standing, &simulation->rules, detail);
    if (!status)
        status = read_published(&collecting);
    sort(&collecting);
    if (!status)
        status = mark_rows(&collecting);
    sort(&collecting);
    if (!status)
        status = add_goals(&collecting);
    sort(&collecting);
    drop_empty(out);
    arena_deinit(&collecting.scratch);
    free(collecting.items);
    return status;
}

bool totals_last_day(const struct totals *totals, const struct plan *plan, int32_t *out)
{
    int32_t date = INT32_MIN;
    if (totals->last_ms != INT64_MIN && zone_date_at(plan->zone, totals->last_ms, &date))
        date = INT32_MIN;
    *out = date > totals->last_date ? date : totals->last_date;
    return *out != INT32_MIN;
}

void totals_deinit(struct totals *totals)
{
    standing_plans_deinit(&totals->plans);
    arena_deinit(&totals->arena);
    free(totals->items);
    *totals = (struct totals){0};
}
