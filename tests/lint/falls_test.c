/* Where pay falls, by lint, against what the table of a random plan says by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "lint/lint.h"
#include "plan/plan_scene.h"

enum { ROWS_MAX = 6, TABLES = 1500, FIRST_LINE = 18 };

/* A table of whole figures: edges rise, gives are money, or whole percents. */
struct table {
    int count;
    int64_t edges[ROWS_MAX];
    int64_t gives[ROWS_MAX];
    bool is_retroactive[ROWS_MAX];
};

/* How a table is written, and whether entry `index` of it earns less than what lies before it. */
struct form {
    const char *label;
    const char *head;
    const char *row; /* edge, give */
    const char *tail;
    bool can_be_retroactive;
    bool (*falls)(const struct table *table, int index);
};

static uint64_t random_state;

static int64_t draw(int64_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((random_state >> 33) % (uint64_t)below);
}

static struct table draw_table(const struct form *form)
{
    struct table table = {.count = 1 + (int)draw(ROWS_MAX)};
    int64_t edge = draw(2) * draw(1000);
    for (int i = 0; i < table.count; i++) {
        table.edges[i] = edge;
        table.gives[i] = draw(40);
        table.is_retroactive[i] = form->can_be_retroactive && draw(3) == 0;
        edge += 1 + draw(5000);
    }
    return table;
}

/* --- what the table says --- */

/* Whole tiers of a rate: everything is re-rated at the edge. */
static bool rate_falls(const struct table *table, int index)
{
    return index > 0 && table->edges[index] > 0 && table->gives[index] < table->gives[index - 1];
}

static bool amount_falls(const struct table *table, int index)
{
    return index > 0 && table->gives[index] < table->gives[index - 1];
}

/* Slices pay more for more, but for a row that gives everything below it a lower rate. */
static bool slices_fall(const struct table *table, int index)
{
    int64_t below = 0;
    int64_t at = 0;
    for (int i = 0; i <= index; i++) {
        below = i == 0 ? 0 : at + table->gives[i - 1] * (table->edges[i] - table->edges[i - 1]);
        at = table->is_retroactive[i] ? table->gives[i] * table->edges[i] : below;
    }
    return at < below;
}

/* A curve falls from the point on behind which a lower one stands. */
static bool curve_falls(const struct table *table, int index)
{
    return index + 1 < table->count && table->gives[index + 1] < table->gives[index];
}

#define MAIN                                                                                       \
    "components:\n  main:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: "        \
    "recompute}\n    over: month\n    pays:\n"
#define TIERS(method, gives)                                                                       \
    MAIN "      tiers: {on: amount, method: " method ", boundary: higher, gives: " gives           \
         ", negative: nothing, table:\n        [\n"

static const struct form forms[] = {
    {"whole rates", TIERS("whole", "rate"), "          {from: %d, give: %d%%%s},\n", "        ]}\n",
     false, rate_falls},
    {"whole amounts", TIERS("whole", "amount"), "          {from: %d, give: %d%s},\n",
     "        ]}\n", false, amount_falls},
    {"slices", TIERS("marginal", "rate"), "          {from: %d, give: %d%%%s},\n", "        ]}\n",
     true, slices_fall},
    {"a curve of amounts",
     MAIN "      curve: {on: amount, gives: amount, below: nothing, above: flat, points:\n        "
          "[\n",
     "          [%d, %d%s],\n", "        ]}\n", false, curve_falls},
};

/* --- lint --- */

static void write_plan(const struct form *form, const struct table *table, struct buffer *out)
{
    buffer_reset(out);
    buffer_printf(out, SCENE_HEAD "%s", form->head);
    for (int i = 0; i < table->count; i++) {
        char row[100];
        /* The formats are those of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void)snprintf(row, sizeof row, form->row, (int)table->edges[i], (int)table->gives[i],
                       table->is_retroactive[i] ? ", retroactive: true" : "");
#pragma GCC diagnostic pop
        buffer_append_slice(out, slice_of(row));
    }
    buffer_append_slice(out, slice_of(form->tail));
}

static bool is_found(const struct reports *reports, int index)
{
    for (const struct report *one = reports->first; one; one = one->next) {
        if (strcmp(one->code, "pay-falls") == 0 && one->line == FIRST_LINE + index)
            return true;
    }
    return false;
}

static void try_table(const struct form *form, const struct table *table)
{
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    write_plan(form, table, &scene.text);
    if (scene_parse(&scene, buffer_slice(&scene.text), &plan) ||
        lint_plan(plan, SLICE("f"), NULL, false, &scene.reports)) {
        struct buffer out = {0};
        reports_append(&scene.reports, false, &out);
        fail_msg("%.*s", SLICE_ARGS(buffer_slice(&out)));
    }
    for (int i = 0; i < table->count; i++) {
        if (is_found(&scene.reports, i) != form->falls(table, i))
            fail_msg("%s: row %d %s\n%.*s", form->label, i + 1,
                     form->falls(table, i) ? "falls and is not found" : "does not fall",
                     SLICE_ARGS(buffer_slice(&scene.text)));
    }
    scene_deinit(&scene);
}

static void pay_falls_where_the_table_says_so(void **state)
{
    (void)state;
    const char *seed = getenv("MILEPOST_SEED");
    random_state = seed ? strtoull(seed, NULL, 10) : 20261124;
    print_message("seed %llu\n", (unsigned long long)random_state);
    for (int i = 0; i < TABLES; i++) {
        const struct form *form = &forms[(size_t)i % (sizeof forms / sizeof forms[0])];
        struct table table = draw_table(form);
        try_table(form, &table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pay_falls_where_the_table_says_so)};
    return cmocka_run_group_tests_name("lint.falls", tests, NULL, NULL);
}
