/* The obvious evaluator against published examples: the figures are their sources', not ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/buffer.h"
#include "calendar/date.h"
#include "engine/obvious.h"
#include "support/case.h"

enum { DEALS_MAX = 16 };

struct vector {
    const char *label;
    const char *sum; /* what stands in `measure` behind `of` */
    const char *over;
    const char *lines;  /* goal, pays and adjust */
    const char *goal;   /* of the window; NULL: none */
    const char *target; /* likewise */
    const char *deals;  /* amounts, which are quantities too */
    const char *earned; /* of each window in order */
};

#define TIERS(on, method, gives, rest)                                                             \
    "    pays: {tiers: {on: " on ", method: " method ", boundary: higher, gives: " gives           \
    ", negative: nothing, " rest "}}\n"
#define RATES(method, table) TIERS("amount", method, "rate", table)
#define GOAL                 "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
#define CURVE_70                                                                                   \
    "    pays: {curve: {on: attainment, gives: percent-of-target, below: nothing, boundary: "      \
    "higher, points: [[70%, 0%], [100%, 100%], [150%, 200%]], above: flat}}\n"

static const struct vector vectors[] = {
    {"V01: a deal across the second edge pays both rates", "sum: amount", "quarter",
     RATES("marginal", "table: [{from: 0, give: 4%}, {from: 150000, give: 6%}, {from: 250000, "
                       "give: 8%}]"),
     NULL, NULL, "145000 20000", "6900.00"}, /* 145,000 at 4 % is 5,800; the deal adds 1,100 */
    {"V03: each transaction is sliced on its own", "sum: amount", "deal",
     RATES("marginal",
           "table: [{from: 0, give: 1%}, {from: 10000, give: 2%}, {from: 50000, give: 3%}]"),
     NULL, NULL, "15000 60000", "200.00 1200.00"},
    {"V04: step rates of six transactions", "sum: amount", "deal",
     RATES("marginal", "table: [{from: 0, give: 1%}, {from: 1000, give: 2%}, {from: 3000, give: "
                       "3%}, {from: 8000, give: 5%}]"),
     NULL, NULL, "200 300 1500 1200 2000 4500", "2.00 3.00 20.00 14.00 30.00 95.00"},
    {"V05: interpolated amounts of the same six", "sum: amount", "deal",
     TIERS("amount", "interpolated", "amount",
           "table: [{from: 0, give: 10}, {from: 1000, give: 40}, {from: 3000, give: 100}, "
           "{from: 8000, give: 2000}, {from: 20000}]"),
     NULL, NULL, "200 300 1500 1200 2000 4500", "2.00 3.00 20.00 14.00 30.00 80.00"},
    {"V07: marginal tiers pay slices", "sum: amount", "month",
     RATES("marginal", "table: [{from: 0, give: 2%}, {from: 200, give: 3%}, {from: 500, give: "
                       "4%}, {from: 1000, give: 5.5%}]"),
     NULL, NULL, "1200", "44.00"},
    {"V07: whole tiers re-rate everything", "sum: amount", "month",
     RATES("whole", "table: [{from: 0, give: 2%}, {from: 200, give: 3%}, {from: 500, give: 4%}, "
                    "{from: 1000, give: 5.5%}]"),
     NULL, NULL, "1200", "66.00"},
    {"V09: three marginal tiers", "sum: amount", "year",
     RATES("marginal",
           "table: [{from: 0, give: 5%}, {from: 10000, give: 7%}, {from: 25000, give: 10%}]"),
     NULL, NULL, "30000", "2050.00"},
    {"V10: an accelerator beyond the quota", "sum: amount", "quarter",
     GOAL TIERS("attainment", "marginal", "rate",
                "table: [{from: 0%, give: 5%}, {from: 100%, give: 8%}]"),
     "200000", NULL, "200000 60000", "14800.00"},
    {"V12: a decelerator below half the goal", "sum: amount", "quarter",
     GOAL "    pays: {curve: {on: attainment, gives: percent-of-target, below: flat, boundary: "
          "higher, points: [[0%, 0%], [50%, 25%], [50%, 50%], [100%, 100%]], above: flat}}\n",
     "1000", "100000", "400", "20000.00"},
    {"V16: the first edge re-rates, below it", "sum: amount", "quarter",
     GOAL TIERS("attainment", "marginal", "rate",
                "table: [{from: 0%, give: 5%}, {from: 50%, give: 10%, retroactive: true}, {from: "
                "100%, give: 20%}]"),
     "33000", NULL, "16499.99", "825.00"},
    {"V16: the first edge re-rates, at it", "sum: amount", "quarter",
     GOAL TIERS("attainment", "marginal", "rate",
                "table: [{from: 0%, give: 5%}, {from: 50%, give: 10%, retroactive: true}, {from: "
                "100%, give: 20%}]"),
     "33000", NULL, "16499.99 0.01", "1650.00"},
    {"V16: the second edge does not", "sum: amount", "quarter",
     GOAL TIERS("attainment", "marginal", "rate",
                "table: [{from: 0%, give: 5%}, {from: 50%, give: 10%, retroactive: true}, {from: "
                "100%, give: 20%}]"),
     "33000", NULL, "34000", "3500.00"},
    {"V18: a curve from its threshold", "sum: amount", "quarter", GOAL CURVE_70, "100000", "10000",
     "85000", "5000.00"},
    {"V18: a curve beyond the goal", "sum: amount", "quarter", GOAL CURVE_70, "100000", "10000",
     "120000", "14000.00"},
    {"V20: a narrow curve", "sum: amount", "month",
     GOAL "    pays: {curve: {on: attainment, gives: percent-of-target, below: nothing, points: "
          "[[95%, 0%], [100%, 100%]], above: flat}}\n",
     "100", "100", "95.1", "2.00"},
    {"V20: a narrow curve, exactly", "sum: amount", "month",
     GOAL "    pays: {curve: {on: attainment, gives: percent-of-target, below: nothing, points: "
          "[[95%, 0%], [100%, 100%]], above: flat}}\n",
     "100000", "100", "95177", "3.54"},
    {"V53: amounts between two points", "sum: amount", "deal",
     "    pays: {curve: {on: amount, gives: amount, below: nothing, boundary: higher, points: "
     "[[5.5, 5000], [6.0, 20000]], above: flat}}\n",
     NULL, NULL, "5.49 5.5 5.75 6 7", "0.00 5000.00 12500.00 20000.00 20000.00"},
    {"V63: no less than the floor, no more than the cap", "sum: amount", "deal",
     "    pays: {rate: 10%}\n    adjust: [{floor: {at: 200, per: deal}}, {cap: {at: 5000, per: "
     "deal}}]\n",
     NULL, NULL, "1000 30000 100000", "200.00 3000.00 5000.00"},
    {"V74: each line on its own tiers", "sum: amount", "line",
     RATES("marginal",
           "table: [{from: 0, give: 5%}, {from: 100, give: 10%}, {from: 350, give: 15%}]"),
     NULL, NULL, "60 200", "3.00 15.00"},
    {"V78: units by bracket", "sum: quantity", "deal",
     TIERS("amount", "marginal", "unit", "table: [{from: 0, give: 1}, {from: 100, give: 2}]"), NULL,
     NULL, "20 80 120", "20.00 80.00 140.00"},
    {"V86: the edge belongs to the higher tier", "sum: amount", "deal",
     RATES("whole", "table: [{from: 0, give: 1.75%}, {from: 1500000, give: 2.5%}]"), NULL, NULL,
     "1499999.99 1500000 1500000.01", "26250.00 37500.00 37500.00"},
    {"V86: the edge belongs to the lower tier", "sum: amount", "deal",
     "    pays: {tiers: {on: amount, method: whole, boundary: lower, gives: rate, negative: "
     "nothing, table: [{from: 0, give: 1.75%}, {from: 1500000, give: 2.5%}]}}\n",
     NULL, NULL, "1499999.99 1500000 1500000.01", "26250.00 26250.00 37500.00"},
};

struct scene {
    struct deal deals[DEALS_MAX];
    struct deal_line lines[DEALS_MAX];
    struct deal_participant owner;
    char ids[DEALS_MAX][8];
    size_t count;
};

static struct decimal read_decimal(struct slice text)
{
    struct decimal value = {0};
    assert_int_equal(decimal_parse(text, &value), STATUS_OK);
    return value;
}

/* One line each, all of 3 February. */
static void add_deals(struct scene *scene, const char *amounts)
{
    struct slice text = slice_of(amounts);
    scene->owner = (struct deal_participant){SLICE("person:jo"), SLICE("owner"), decimal_of(1)};
    while (text.length > 0) {
        struct slice amount;
        text = slice_split(text, ' ', &amount);
        size_t i = scene->count++;
        assert_true(i < DEALS_MAX);
        (void)snprintf(scene->ids[i], sizeof scene->ids[i], "D-%zu", i);
        scene->lines[i] = (struct deal_line){.line_id = SLICE("1"),
                                             .product = SLICE("core"),
                                             .has_quantity = true,
                                             .quantity = read_decimal(amount),
                                             .amount = read_decimal(amount)};
        scene->deals[i] = (struct deal){.deal_id = slice_of(scene->ids[i]),
                                        .status = DEAL_CLOSED,
                                        .closed_at = 20487 * DAY_MS,
                                        .currency = SLICE("USD"),
                                        .amount = read_decimal(amount),
                                        .has_quantity = true,
                                        .quantity = read_decimal(amount),
                                        .lines = {&scene->lines[i], 1},
                                        .participants = {&scene->owner, 1}};
    }
}

static void append_earned(struct buffer *out, struct decimal earned)
{
    assert_true(earned.units % 10000000 == 0);
    int64_t cents = (int64_t)(earned.units / 10000000);
    buffer_printf(out, "%s%lld.%02lld", out->length ? " " : "", (long long)(cents / 100),
                  (long long)(cents % 100));
}

static void pays_what_was_published(void **state)
{
    const struct vector *vector = *state;
    struct scene scene = {0};
    struct buffer document = {0};
    buffer_printf(&document,
                  "milepost: 1\nplan: ae\nversion: 1\ncurrency: USD\ntimezone: UTC\n"
                  "calendar: {year-starts: 01-01}\n"
                  "effective: {from: 2026-01-01, until: 2027-01-01}\n"
                  "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  main:\n"
                  "    measure: {of: deals, %s}\n    cancelled: {effect: recompute}\n"
                  "    over: %s\n%s",
                  vector->sum, vector->over, vector->lines);
    struct control plan = {.kind = SLICE("plan"),
                           .id = SLICE("ae"),
                           .version = 1,
                           .document = buffer_slice(&document)};
    struct figure goal = {.component = SLICE("main"), .has_window = true};
    struct figure target = {.component = SLICE(""), .has_window = true};
    struct assignment assignment = {.plan = SLICE("ae"), .from = 20454};
    if (vector->goal) {
        goal.window = read_decimal(slice_of(vector->goal));
        assignment.goals = (struct list){&goal, 1};
    }
    if (vector->target) {
        target.window = read_decimal(slice_of(vector->target));
        assignment.targets = (struct list){&target, 1};
    }
    struct roster roster = {.participant = SLICE("person:jo"),
                            .aspect = SLICE("assignments"),
                            .assignments = {&assignment, 1}};
    add_deals(&scene, vector->deals);
    struct obvious_facts facts = {.controls = &plan,
                                  .control_count = 1,
                                  .rosters = &roster,
                                  .roster_count = 1,
                                  .deals = scene.deals,
                                  .deal_count = scene.count};
    struct arena arena;
    struct obvious_total *totals = NULL;
    size_t count = 0;
    char detail[DETAIL_BYTES];
    arena_init_growing(&arena, 16 << 20);
    if (obvious_evaluate(&facts, &arena, &totals, &count, detail))
        fail_msg("%s", detail);
    struct buffer earned = {0};
    for (size_t i = 0; i < count; i++)
        append_earned(&earned, totals[i].earned);
    buffer_append_byte(&earned, '\0');
    assert_string_equal(earned.bytes, vector->earned);
    buffer_deinit(&earned);
    buffer_deinit(&document);
    arena_deinit(&arena);
}

int main(void)
{
    return RUN_CASES(vectors, pays_what_was_published);
}
