#include "milepost/pay_lines.h"

#include <stdlib.h>

#include "engine/pay_chain.h"
#include "milepost/pay_calendar.h"
#include "milepost/shape_json.h"
#include "plan/assignment.h"

enum { ARENA_BYTES_MAX = 1 << 30 };

struct collecting {
    const struct simulation *simulation;
    const struct standing_plans *plans;
    struct pay_calendar calendar;
    struct pay_lines *lines;
    /* the participant at hand */
    const struct roster *profile;
    const struct pay_group *group;
    const struct list *assignments;
    const struct paid_sum *sums; /* the first of theirs, in order; NULL: nothing was paid */
    struct pay_period last;      /* the open one */
};

/* --- lines --- */

static int by_key(const void *a, const void *b)
{
    const struct pay_line *one = a;
    const struct pay_line *other = b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = one->from < other->from ? -1 : one->from > other->from;
    return order ? order : slice_compare(one->currency, other->currency);
}

static struct pay_line *line_of(struct collecting *collecting, const struct pay_line *key)
{
    struct pay_lines *lines = collecting->lines;
    for (size_t i = lines->count; i-- > 0;) { /* the participant's are the last ones */
        if (!slice_equal(lines->items[i].participant, key->participant))
            break;
        if (by_key(&lines->items[i], key) == 0)
            return &lines->items[i];
    }
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? lines->capacity * 2 : 64;
        lines->items = realloc(lines->items, lines->capacity * sizeof *lines->items);
        if (!lines->items)
            abort();
    }
    lines->items[lines->count] = *key;
    return &lines->items[lines->count++];
}

static void add(struct collecting *collecting, const struct plan *plan,
                const struct pay_period *period, const struct chain_pay *pay)
{
    char name[PAY_PERIOD_BYTES];
    int places = plan->currency.exponent;
    struct slice text = {name, pay_period_name(collecting->group, period, name)};
    struct pay_line key = {.participant = collecting->profile->participant,
                           .from = period->from,
                           .period = arena_copy(&collecting->lines->arena, text),
                           .currency = slice_of(plan->currency.code),
                           .places = plan->rounding_places};
    if (!key.period.bytes)
        abort();
    struct pay_line *line = line_of(collecting, &key);
    line->payable.units += money_to_decimal(pay->payable, places).units;
    line->draw_paid.units += money_to_decimal(pay->draw_paid, places).units;
    line->draw_owed.units += money_to_decimal(pay->draw_owed, places).units;
}

/* --- what was paid --- */

static bool is_posted_in(const struct collecting *collecting, const struct paid_sum *sum,
                         const struct pay_period *period)
{
    struct pay_period open;
    return pay_calendar_open(&collecting->calendar, collecting->group->name, sum->date, &open) &&
           open.from == period->from;
}

static bool has_total(const struct plan_series *series)
{
    for (size_t i = 0; series && i < series->count; i++) {
        if (series->versions[i]->plan->total.is_given)
            return true;
    }
    return false;
}

/* Of one plan, or with `plan` empty of all that have no `total`. */
static enum status paid_in(const struct collecting *collecting, struct slice plan,
                           const struct currency *currency, const struct pay_period *period,
                           int64_t *out)
{
    struct decimal sum = {0};
    for (const struct paid_sum *one = collecting->sums;
         one && slice_equal(one->participant, collecting->profile->participant);
         one = one->hh.next) {
        bool is_asked = plan.length ? slice_equal(one->plan, plan)
                                    : !has_total(plans_find(&collecting->plans->plans, one->plan));
        if (is_asked && slice_equal(one->currency, slice_of(currency->code)) &&
            is_posted_in(collecting, one, period))
            sum.units += one->payable.units;
    }
    return money_from_decimal(sum, currency->exponent, out);
}

/* --- one plan of a participant --- */

static bool is_assigned(const struct collecting *collecting, struct slice plan,
                        const struct pay_period *period)
{
    return assignment_last(collecting->assignments, plan, period->from, period->until) != NULL;
}

/* The first open period in which the participant is assigned to the plan. */
static bool find_first(const struct collecting *collecting, struct slice plan,
                       struct pay_period *out)
{
    const struct assignment *assignments = collecting->assignments->items;
    int32_t from = INT32_MAX;
    for (size_t i = 0; i < collecting->assignments->count; i++) {
        if (slice_equal(assignments[i].plan, plan) && assignments[i].from < from)
            from = assignments[i].from;
    }
    if (from == INT32_MAX ||
        !pay_calendar_open(&collecting->calendar, collecting->group->name, INT32_MIN, out))
        return false;
    if (from >= out->until)
        *out = pay_period_of(collecting->group, from);
    return true;
}

static enum status collect_plan(struct collecting *collecting, const struct plan_series *series)
{
    struct pay_chain chain = {0};
    struct pay_period period;
    if (!find_first(collecting, series->name, &period))
        return STATUS_OK;
    for (; period.from <= collecting->last.from;
         period = pay_period_of(collecting->group, period.until)) {
        const struct plan_version *version = series_version(series, period.from, period.until);
        struct chain_pay pay;
        if (!version)
            continue;
        const struct plan *plan = version->plan;
        struct chain_period now = {.from = period.from,
                                   .is_closed = period.from < collecting->last.from,
                                   .is_assigned = is_assigned(collecting, series->name, &period)};
        enum status status =
            paid_in(collecting, series->name, &plan->currency, &period, &now.earned);
        if (!status)
            status = pay_chain_next(&chain, plan, &now, &pay);
        if (status)
            return status;
        if (now.is_closed || now.earned || pay.draw_paid)
            add(collecting, plan, &period, &pay);
    }
    return STATUS_OK;
}

/* What plans without `total` pay belongs to the periods' lines too. */
static enum status add_others(struct collecting *collecting, size_t first)
{
    for (size_t i = first; i < collecting->lines->count; i++) {
        struct pay_line *line = &collecting->lines->items[i];
        const struct pay_period period = pay_period_of(collecting->group, line->from);
        const struct currency *currency = currency_find(
            line->currency, collecting->plans->plans.units, collecting->plans->plans.unit_count);
        int64_t paid = 0;
        enum status status =
            currency ? paid_in(collecting, SLICE(""), currency, &period, &paid) : STATUS_OK;
        if (status)
            return status;
        if (currency)
            line->payable.units += money_to_decimal(paid, currency->exponent).units;
    }
    return STATUS_OK;
}

/* --- all of them --- */

static const struct paid_sum *first_of(const struct paid_sum *sums, struct slice participant)
{
    while (sums && slice_compare(sums->participant, participant) < 0)
        sums = sums->hh.next;
    return sums;
}

static enum status collect_participant(struct collecting *collecting, const struct roster *profile)
{
    const struct standing *standing = &collecting->simulation->standing;
    const struct roster *roster =
        standing_roster(standing, profile->participant, SLICE("assignments"));
    collecting->profile = profile;
    collecting->group = pay_group_find(&collecting->calendar.groups, profile->pay_group);
    if (!roster || !collecting->group || profile->is_unpaid ||
        !pay_calendar_open(&collecting->calendar, profile->pay_group,
                           collecting->simulation->business_date, &collecting->last))
        return STATUS_OK;
    collecting->assignments = &roster->assignments;
    collecting->sums = first_of(collecting->sums, profile->participant);
    size_t first = collecting->lines->count;
    const struct plans *plans = &collecting->plans->plans;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < plans->count; i++) {
        if (has_total(plans->series[i]))
            status = collect_plan(collecting, plans->series[i]);
    }
    return status ? status : add_others(collecting, first);
}

enum status pay_lines_collect(struct simulation *simulation, const struct standing_plans *plans,
                              struct pay_lines *out, char *detail)
{
    *out = (struct pay_lines){0};
    if (!simulation->keeps_paid)
        return STATUS_OK;
    struct collecting collecting = {.simulation = simulation, .plans = plans, .lines = out};
    arena_init_growing(&out->arena, ARENA_BYTES_MAX);
    enum status status = simulation_take_paid(simulation, detail);
    if (!status)
        status = pay_calendar_read(&collecting.calendar, &simulation->standing, detail);
    paid_ledger_sort(&simulation->paid);
    collecting.sums = simulation->paid.table;
    const struct standing *standing = &simulation->standing;
    for (size_t i = 0; !status && i < standing->roster_count; i++) {
        if (slice_equal(standing->rosters[i].aspect, SLICE("profile")))
            status = collect_participant(&collecting, &standing->rosters[i]);
    }
    if (!status && out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_key);
    if (status == STATUS_OUT_OF_RANGE)
        (void)snprintf(detail, DETAIL_BYTES, "the pay of a period is beyond what money can be");
    pay_calendar_deinit(&collecting.calendar);
    return status;
}

void pay_lines_deinit(struct pay_lines *lines)
{
    arena_deinit(&lines->arena);
    free(lines->items);
    *lines = (struct pay_lines){0};
}

/* --- printing --- */

enum { FIGURES = 3 };

struct line_texts {
    char text[FIGURES][DECIMAL_TEXT_BYTES];
};

static void format_figures(const struct pay_line *line, struct line_texts *texts,
                           struct slice out[FIGURES])
{
    out[0] = places_format(line->payable, line->places, texts->text[0]);
    out[1] = places_format(line->draw_paid, line->places, texts->text[1]);
    out[2] = places_format(line->draw_owed, line->places, texts->text[2]);
}

static void print_json(const struct pay_line *line)
{
    static const char *const names[FIGURES] = {"payable", "draw_paid", "draw_owed"};
    struct buffer out = {0};
    struct line_texts texts;
    struct slice figures[FIGURES];
    format_figures(line, &texts, figures);
    buffer_append_byte(&out, '{');
    json_append_field(&out, "participant", line->participant);
    json_append_field(&out, "pay_period", line->period);
    for (int i = 0; i < FIGURES; i++)
        json_append_field(&out, names[i], figures[i]);
    json_append_field(&out, "currency", line->currency);
    (void)printf("%.*s}\n", SLICE_ARGS(buffer_slice(&out)));
    buffer_deinit(&out);
}

void pay_lines_print(const struct pay_lines *lines, const struct console *console)
{
    static const char *const heads[] = {"participant", "pay period", ">payable",
                                        ">draw paid",  ">draw owed", "currency"};
    struct table table;
    table_init(&table, heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < lines->count; i++) {
        const struct pay_line *line = &lines->items[i];
        struct line_texts texts;
        struct slice figures[FIGURES];
        if (console->is_json) {
            print_json(line);
            continue;
        }
        format_figures(line, &texts, figures);
        table_add_slice(&table, line->participant);
        table_add_slice(&table, line->period);
        for (int k = 0; k < FIGURES; k++)
            table_add_slice(&table, figures[k]);
        table_add_slice(&table, line->currency);
    }
    if (!console->is_json && lines->count > 0) {
        (void)printf("\n");
        table_print(&table, console);
    }
    table_deinit(&table);
}
