#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/condition.h"
#include "plan/crediting_rules.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

/* --- splits --- */

struct split_row {
    const char *label;
    const char *splits;
    const char *roles[3];
    const char *shares[3];
    bool is_allowed;
};

static const struct split_row splits[] = {
    {"exactly 100 %", "owner: exactly 100%", {"owner", "owner"}, {"60%", "40%"}, true},
    {"one hundredth of a percent below still is",
     "owner: exactly 100%",
     {"owner"},
     {"99.99%"},
     true},
    {"less than that is not", "owner: exactly 100%", {"owner"}, {"99.9899999%"}, false},
    {"one hundredth of a percent above still is",
     "owner: exactly 100%",
     {"owner"},
     {"100.01%"},
     true},
    {"more than that is not", "owner: exactly 100%", {"owner"}, {"100.0100001%"}, false},
    {"three thirds",
     "owner: exactly 100%",
     {"owner", "owner", "owner"},
     {"33.33%", "33.33%", "33.33%"},
     true},
    {"at most may be less", "sdr: at most 100%", {"sdr"}, {"5%"}, true},
    {"at most, to the hundredth", "sdr: at most 100%", {"sdr"}, {"100.01%"}, true},
    {"at most, past it", "sdr: at most 100%", {"sdr"}, {"100.0100001%"}, false},
    {"any may be anything", "overlay: any", {"overlay"}, {"1000%"}, true},
    {"roles are summed apart",
     "owner: exactly 100%, overlay: any",
     {"owner", "overlay"},
     {"100%", "50%"},
     true},
    {"a role without a rule is free",
     "owner: exactly 100%",
     {"owner", "x"},
     {"100%", "300%"},
     true},
    {"a missing owner breaks exactly", "owner: exactly 100%", {"overlay"}, {"100%"}, false},
    {"a missing role keeps at most", "sdr: at most 100%", {"owner"}, {"100%"}, true},
    {"a deal that names nobody breaks nothing", "owner: exactly 100%", {NULL}, {NULL}, true},
};

static void allows(void **state)
{
    const struct split_row *row = *state;
    struct scene scene;
    struct crediting_rules rules;
    struct deal_participant participants[3] = {{{0}}};
    struct list list = {participants, 0};
    scene_init(&scene);
    buffer_printf(&scene.text, "splits: {%s}\n", row->splits);
    assert_int_equal(
        crediting_rules_read(buffer_slice(&scene.text), &scene.arena, &scene.reports, &rules),
        STATUS_OK);
    for (; list.count < 3 && row->roles[list.count]; list.count++) {
        participants[list.count].participant = SLICE("person:jo");
        participants[list.count].role = slice_of(row->roles[list.count]);
        participants[list.count].share = scene_decimal(row->shares[list.count]);
    }
    const struct split_rule *broken = NULL;
    assert_int_equal(crediting_rules_allow(&rules, &list, &broken), row->is_allowed);
    assert_int_equal(broken != NULL, !row->is_allowed);
    scene_deinit(&scene);
}

/* --- conditions --- */

struct condition_row {
    const char *label;
    const char *where;
    bool fits;
};

/* The subject: territory DACH, customer c1, deal type new; attributes level 3, tier gold, code "3",
 * margin 0.15; its line: product xscan, attribute margin 0.3. */
static const struct condition_row conditions[] = {
    {"a value", "territory: DACH", true},
    {"another value", "territory: UK", false},
    {"one of a list", "territory: [UK, DACH]", true},
    {"none of a list", "territory: [UK, FR]", false},
    {"a customer", "customer: c1", true},
    {"a deal type", "deal-type: new", true},
    {"a product", "product: xscan", true},
    {"another product", "product: [core, plus]", false},
    {"a product is a category of its own", "category: xscan", true},
    {"the category above it", "category: scanners", true},
    {"the category above that", "category: [software, hardware]", true},
    {"another category", "category: software", false},
    {"an attribute's text", "attribute.tier: gold", true},
    {"an attribute's number", "attribute.level: 3", true},
    {"a number written otherwise", "attribute.level: 3.00", true},
    {"a quoted number is a text", "attribute.level: \"3\"", false},
    {"a text of digits", "attribute.code: \"3\"", true},
    {"a text of digits, written plain", "attribute.code: 3", true},
    {"a missing attribute", "attribute.none: x", false},
    {"a comparison", "attribute.level: \">= 3\"", true},
    {"just not", "attribute.level: \"> 3\"", false},
    {"less", "attribute.level: \"< 3.000000001\"", true},
    {"less or equal", "attribute.level: \"<= 2.999999999\"", false},
    {"equal", "attribute.level: \"= 3\"", true},
    {"not equal", "attribute.level: \"!= 3\"", false},
    {"a comparison with a share", "attribute.margin: \"< 15.1%\"", true},
    {"a comparison of a text is false", "attribute.tier: \"!= 3\"", false},
    {"a comparison of what is missing is false", "attribute.none: \"!= 3\"", false},
    {"a line's attribute", "line.attribute.margin: \">= 30%\"", true},
    {"the deal's attribute is another one", "attribute.margin: \">= 30%\"", false},
};

static bool all_fit(const struct condition *list, size_t count,
                    const struct condition_subject *subject)
{
    for (size_t i = 0; i < count; i++) {
        if (!condition_fits(&list[i], subject))
            return false;
    }
    return true;
}

static void fits(void **state)
{
    const struct condition_row *row = *state;
    struct scene scene;
    const struct node *root;
    const struct condition *list;
    size_t count;
    struct categories categories;
    struct attribute of_deal[] = {{SLICE("level"), {true, {0}, {(int128)3000000000}}},
                                  {SLICE("tier"), {false, SLICE("gold"), {0}}},
                                  {SLICE("code"), {false, SLICE("3"), {0}}},
                                  {SLICE("margin"), {true, {0}, {150000000}}}};
    struct attribute of_line[] = {{SLICE("margin"), {true, {0}, {300000000}}}};
    struct deal_line line = {.product = SLICE("xscan"), .attributes = {of_line, 1}};
    struct list attributes = {of_deal, 4};
    scene_init(&scene);
    struct slice tree = SLICE("{xscan: scanners, scanners: hardware}");
    assert_int_equal(node_read_yaml(tree, 100, &scene.arena, &scene.reports, &root), STATUS_OK);
    assert_int_equal(categories_parse(root, &scene.arena, &scene.reports, &categories), STATUS_OK);
    assert_int_equal(
        node_read_yaml(slice_of(row->where), 1000, &scene.arena, &scene.reports, &root), STATUS_OK);
    struct reading reading = {.arena = &scene.arena, .reports = &scene.reports};
    assert_true(condition_parse_all(&reading, root, CONDITION_FIELDS_DEAL | CONDITION_FIELDS_LINE,
                                    &list, &count));
    struct condition_subject subject = {SLICE("DACH"), SLICE("c1"), SLICE("new"),
                                        &attributes,   &line,       &categories};
    assert_int_equal(all_fit(list, count, &subject), row->fits);
    subject.line = NULL;
    if (list[0].is_line)
        assert_false(all_fit(list, count, &subject));
    scene_deinit(&scene);
}

static void a_deal_without_the_field_fits_no_condition_on_it(void **state)
{
    (void)state;
    struct scene scene;
    const struct node *root;
    const struct condition *list;
    size_t count;
    scene_init(&scene);
    struct reading reading = {.arena = &scene.arena, .reports = &scene.reports};
    assert_int_equal(
        node_read_yaml(SLICE("{territory: \"\", customer: x, deal-type: x, attribute.a: x}"), 100,
                       &scene.arena, &scene.reports, &root),
        STATUS_OK);
    assert_true(condition_parse_all(&reading, root, CONDITION_FIELDS_DEAL | CONDITION_FIELDS_LINE,
                                    &list, &count));
    assert_int_equal(count, 4);
    struct condition_subject subject = {0};
    for (size_t i = 0; i < count; i++)
        assert_false(condition_fits(&list[i], &subject));
    scene_deinit(&scene);
}

static void rules_credit_who_is_not_named(void **state)
{
    (void)state;
    struct scene scene;
    struct crediting_rules rules;
    scene_init(&scene);
    assert_int_equal(
        crediting_rules_read(
            SLICE(
                "match: all\nrules:\n  - {when: {territory: DACH, product: [core]}, credit: "
                "{territory: dach-core, role: owner}}\n  - {when: {}, credit: [{person: jo, role: "
                "sdr, share: 50%}, {team: north, role: overlay}]}\n"),
            &scene.arena, &scene.reports, &rules),
        STATUS_OK);
    assert_true(rules.takes_all);
    assert_int_equal(rules.rule_count, 2);
    assert_int_equal(rules.rules[0].condition_count, 2);
    assert_true(rules.rules[0].conditions[1].is_line);
    assert_true(slice_equal(rules.rules[0].credits[0].participant, SLICE("territory:dach-core")));
    assert_true(rules.rules[0].credits[0].share.units == decimal_of(1).units);
    assert_int_equal(rules.rules[1].condition_count, 0);
    assert_int_equal(rules.rules[1].credit_count, 2);
    assert_true(rules.rules[1].credits[0].share.units == scene_decimal("50%").units);
    assert_true(slice_equal(rules.rules[1].credits[1].role, SLICE("overlay")));
    assert_int_equal(rules.features.first->feature, FEATURE_CREDITING_RULES);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_credit_who_is_not_named),
        cmocka_unit_test(a_deal_without_the_field_fits_no_condition_on_it),
    };
    return RUN_CASES(splits, allows) + RUN_CASES(conditions, fits) +
           cmocka_run_group_tests_name("plan.rules", tests, NULL, NULL);
}
