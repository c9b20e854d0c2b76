#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_scene.h"
#include "plan/rate_list.h"
#include "support/case.h"

/* Category of the product xscan: scanners, which are devices. */
static const char categories[] = "{xscan: scanners, scanners: devices}";

struct pick {
    const char *label;
    const char *pays;
    const char *product;   /* of the line; NULL: the deal has no lines */
    const char *territory; /* of the deal */
    const char *rate;
};

#define V(match)                                                                                   \
    "    pays: {rates: [{when: {product: xscan}, give: 15%}, {when: {category: scanners}, give: "  \
    "5%}, {else: 1%}], match: " match "}\n"
#define NO_ELSE                                                                                    \
    "    pays: {match: highest, rates: [{when: {territory: DACH, product: [core, plus]}, give: "   \
    "-2.5%}, {when: {product: core}, give: -7%}]}\n"

static const struct pick picks[] = {
    {"first takes the first that fits", V("first"), "xscan", "", "15%"},
    {"first passes by what does not fit", V("first"), "scanners", "", "5%"},
    {"else is for a row that fits none", V("first"), "core", "", "1%"},
    {"a deal without lines has no product", V("first"), NULL, "", "1%"},
    {"highest takes the highest that fits", V("highest"), "xscan", "", "15%"},
    {"highest takes else when none fits", V("highest"), "core", "", "1%"},
    {"all adds up, without else", V("all"), "xscan", "", "20%"},
    {"all takes else when none fits", V("all"), "core", "", "1%"},
    {"of negative rates the highest is nearest to 0", NO_ELSE, "core", "DACH", "-2.5%"},
    {"every condition of a when must hold", NO_ELSE, "core", "US", "-7%"},
    {"a row that matches nothing pays nothing", NO_ELSE, "plus", "US", "0%"},
    {"highest looks at the rate, not at the place",
     "    pays: {rates: [{when: {product: a}, give: 1%}, {when: {product: a}, give: 3%}, {when: "
     "{product: a}, give: 2%}], match: highest}\n",
     "a", "", "3%"},
    {"the finest rate is exact",
     "    pays: {rates: [{when: {product: a}, give: 0.0000001%}, {else: 100000%}], match: first}\n",
     "a", "", "0.0000001%"},
    {"the highest rate is exact beside the finest",
     "    pays: {rates: [{when: {product: a}, give: 0.0000001%}, {else: 100000%}], match: first}\n",
     "b", "", "100000%"},
};

static void picks_by_row(void **state)
{
    const struct pick *row = *state;
    struct scene scene;
    struct categories tree;
    scene_init(&scene);
    const struct plan *plan = scene_plan(&scene, "sum: amount", "quarter", row->pays);
    const struct rate_list *rates = plan->components[0].rates;
    assert_non_null(rates);
    const struct node *node;
    assert_int_equal(
        node_read_yaml(slice_of(categories), NODE_BYTES_MAX, &scene.arena, &scene.reports, &node),
        STATUS_OK);
    assert_int_equal(categories_parse(node, &scene.arena, &scene.reports, &tree), STATUS_OK);
    struct deal_line line = {.product = slice_of(row->product ? row->product : "")};
    struct condition_subject subject = {.territory = slice_of(row->territory),
                                        .line = row->product ? &line : NULL,
                                        .categories = &tree};
    int128 expected = scene_decimal(row->rate).units;
    assert_true((int128)rate_list_give(rates, &subject) * (1000000000 / rates->den) == expected);
    scene_deinit(&scene);
}

/* The list's denominator is the lowest there is: sums of products have room. */
static void shares_the_lowest_denominator(void **state)
{
    (void)state;
    struct scene scene;
    scene_init(&scene);
    const struct plan *plan = scene_plan(&scene, "sum: amount", "quarter", V("first"));
    assert_int_equal(plan->components[0].rates->den, 100);
    assert_int_equal(plan->components[0].rates->choices[0].give, 15);
    assert_int_equal(plan->components[0].rates->otherwise, 1);
    scene_deinit(&scene);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(shares_the_lowest_denominator)};
    return RUN_CASES(picks, picks_by_row) +
           cmocka_run_group_tests_name("plan.mechanics.rates", tests, NULL, NULL);
}
