#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "plan/plan_scene.h"

/* Random tables against the words of the matrix, tier by tier, in fractions. TABLES in the
 * environment is how many are tried. */

enum { TIERS_MAX = 5 };

struct table {
    const char *on; /* amount or attainment */
    const char *method;
    const char *gives;
    bool is_higher;
    bool pays_negative;
    int count;
    int64_t edges[TIERS_MAX]; /* amounts, or whole percents */
    int64_t gives_of[TIERS_MAX];
    bool is_retroactive[TIERS_MAX];
};

static uint64_t random_state;

static int64_t draw(int64_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((random_state >> 33) % (uint64_t)below);
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static struct rational add(struct rational a, struct rational b)
{
    assert_int_equal(rational_add(a, b, &a), STATUS_OK);
    return a;
}

static struct rational subtract(struct rational a, struct rational b)
{
    return add(a, rational_negate(b));
}

static struct rational times(struct rational a, struct rational b)
{
    assert_int_equal(rational_multiply(a, b, &a), STATUS_OK);
    return a;
}

static struct rational over(struct rational a, struct rational b)
{
    assert_int_equal(rational_divide(a, b, &a), STATUS_OK);
    return a;
}

static struct table draw_table(void)
{
    static const char *const methods[] = {"marginal", "whole", "interpolated"};
    static const char *const gives[] = {"rate", "amount", "percent-of-target", "unit"};
    struct table table = {
        .on = draw(2) ? "amount" : "attainment",
        .method = methods[draw(3)],
        .is_higher = draw(2),
        .count = 2 + (int)draw(TIERS_MAX - 1),
    };
    table.gives = gives[draw(is(table.method, "interpolated") ? 3 : 4)];
    bool is_scaled = is(table.gives, "rate") || is(table.gives, "unit");
    table.pays_negative = is_scaled && draw(2);
    int64_t edge = draw(3) ? 0 : draw(50);
    for (int i = 0; i < table.count; i++) {
        table.edges[i] = edge;
        edge += 1 + draw(80);
        table.gives_of[i] = draw(40) - 5;
        table.is_retroactive[i] = is_scaled && is(table.method, "marginal") && draw(3) == 0;
    }
    return table;
}

static void write_table(const struct table *table, struct buffer *out)
{
    bool is_share = is(table->gives, "rate") || is(table->gives, "percent-of-target");
    buffer_printf(out,
                  SCENE_GOAL "    pays:\n      tiers: {on: %s, method: %s, gives: %s, "
                             "boundary: %s, negative: %s%s,\n        table: [",
                  table->on, table->method, table->gives, table->is_higher ? "higher" : "lower",
                  table->pays_negative ? "first-tier" : "nothing",
                  is(table->gives, "unit") ? ", units-of: quantity" : "");
    for (int i = 0; i < table->count; i++) {
        buffer_printf(out, "%s{from: %lld%s", i ? ", " : "", (long long)table->edges[i],
                      is(table->on, "amount") ? "" : "%");
        if (!is(table->method, "interpolated") || i + 1 < table->count)
            buffer_printf(out, ", give: %lld%s", (long long)table->gives_of[i],
                          is_share ? "%" : "");
        buffer_printf(out, "%s}", table->is_retroactive[i] ? ", retroactive: true" : "");
    }
    buffer_printf(out, "]}\n");
    buffer_append_byte(out, '\0');
}

static struct rational edge_of(const struct table *table, int i)
{
    struct rational edge = {table->edges[i], is(table->on, "amount") ? 1 : 100};
    return edge;
}

static struct rational give_of(const struct table *table, int i)
{
    bool is_share = is(table->gives, "rate") || is(table->gives, "percent-of-target");
    struct rational give = {table->gives_of[i], is_share ? 100 : 1};
    return give;
}

static int tier_of(const struct table *table, struct rational lead)
{
    int tier = -1;
    for (int i = 0; i < table->count; i++) {
        int order = rational_compare(lead, edge_of(table, i));
        if (order > 0 || (order == 0 && (table->is_higher || i == 0)))
            tier = i;
    }
    return tier;
}

/* Σ give × (part within the tier), a retroactive row giving everything below it its own. */
static struct rational slices(const struct table *table, struct rational lead, int tier)
{
    int retroactive = -1;
    for (int i = 0; i <= tier; i++)
        retroactive = table->is_retroactive[i] ? i : retroactive;
    struct rational sum = RATIONAL_ZERO;
    if (retroactive >= 0)
        sum = times(give_of(table, retroactive), edge_of(table, 0));
    for (int i = 0; i <= tier; i++) {
        struct rational end = i < tier ? edge_of(table, i + 1) : lead;
        struct rational part = subtract(end, edge_of(table, i));
        sum = add(sum, times(give_of(table, i < retroactive ? retroactive : i), part));
    }
    return sum;
}

static struct rational ramps(const struct table *table, struct rational lead, int tier)
{
    struct rational sum = RATIONAL_ZERO;
    for (int i = 0; i <= tier && i + 1 < table->count; i++) {
        struct rational part = RATIONAL_ONE;
        if (i == tier)
            part = over(subtract(lead, edge_of(table, i)),
                        subtract(edge_of(table, i + 1), edge_of(table, i)));
        sum = add(sum, times(give_of(table, i), part));
    }
    return sum;
}

static struct rational steps(const struct table *table, int tier)
{
    struct rational sum = RATIONAL_ZERO;
    for (int i = is(table->method, "whole") ? tier : 0; i <= tier; i++)
        sum = add(sum, give_of(table, i));
    return sum;
}

static struct rational obvious(const struct table *table, const struct pay_input *input)
{
    struct rational measure = rational_of_measure(input->measure);
    struct rational units = rational_of_measure(input->units);
    struct rational base = is(table->gives, "rate")                ? measure
                           : is(table->gives, "unit")              ? units
                           : is(table->gives, "percent-of-target") ? input->target
                                                                   : RATIONAL_ONE;
    if (input->measure < 0)
        return table->pays_negative ? times(give_of(table, 0), base) : RATIONAL_ZERO;
    bool is_amount = is(table->on, "amount");
    struct rational lead = is_amount ? measure : input->attainment;
    int tier = tier_of(table, lead);
    if (tier < 0)
        return RATIONAL_ZERO;
    if (is(table->method, "interpolated"))
        return times(ramps(table, lead, tier), base);
    if (is(table->method, "whole") || is(table->gives, "amount") ||
        is(table->gives, "percent-of-target"))
        return times(steps(table, tier), base);
    struct rational pay = slices(table, lead, tier);
    if (!is_amount)
        pay = times(pay, input->goal);
    if (is(table->gives, "rate") || input->measure == 0)
        return is(table->gives, "rate") ? pay : RATIONAL_ZERO;
    return over(times(pay, units), measure);
}

/* Often exactly on an edge, sometimes a millionth beside it. */
static struct pay_input draw_input(const struct table *table)
{
    static const int64_t goals[] = {100, 300, 7, 1000};
    int64_t goal = goals[draw(4)];
    int edge = (int)draw(table->count);
    int128 measure = draw(2) ? draw(500) : table->edges[edge];
    measure *= MEASURE_ONE;
    if (!is(table->on, "amount"))
        measure = measure / 100 * goal;
    measure += (draw(3) - 1) * (MEASURE_ONE / 1000000);
    struct pay_input input = {
        .measure = measure,
        .units = draw(50) * MEASURE_ONE,
        .goal = {goal, 1},
        .target = {draw(10000), 3},
    };
    input.attainment = over(rational_of_measure(measure), input.goal);
    return input;
}

static void check_table(const struct table *table)
{
    struct scene scene;
    struct buffer lines = {0};
    scene_init(&scene);
    write_table(table, &lines);
    const struct plan *plan = scene_plan(&scene, "sum: amount", "quarter", lines.bytes);
    const struct plan_component *component = &plan->components[0];
    for (int i = 0; i < 20; i++) {
        struct pay_input input = draw_input(table);
        struct pay_result result;
        assert_int_equal(component->mechanic->pay(component->terms, &input, &result), STATUS_OK);
        struct rational expected = obvious(table, &input);
        if (rational_compare(result.pay, expected) == 0)
            continue;
        char paid[RATIONAL_TEXT_BYTES];
        char wanted[RATIONAL_TEXT_BYTES];
        char measure[RATIONAL_TEXT_BYTES];
        rational_format(result.pay, 12, paid);
        rational_format(expected, 12, wanted);
        rational_format(rational_of_measure(input.measure), 12, measure);
        fail_msg("%s\nmeasure %s: expected %s, got %s", lines.bytes, measure, wanted, paid);
    }
    buffer_deinit(&lines);
    scene_deinit(&scene);
}

static void random_tables_pay_what_the_matrix_says(void **state)
{
    (void)state;
    const char *wanted = getenv("TABLES");
    long count = wanted ? strtol(wanted, NULL, 10) : 2000;
    random_state = 20261124;
    print_message("seed 20261124, %ld tables\n", count);
    for (long i = 0; i < count; i++) {
        struct table table = draw_table();
        check_table(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables_pay_what_the_matrix_says),
    };
    return cmocka_run_group_tests_name("plan.mechanics.tiers_obvious", tests, NULL, NULL);
}
