#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/control_file.h"
#include "plan/crediting_rules.h"
#include "plan/input_file.h"
#include "plan/plan_scene.h"
#include "support/case.h"

static enum status read_file(struct scene *scene, const char *text, struct input_file *out)
{
    const struct plan_sources sources = {.zone = scene_zone};
    return input_file_read(slice_of(text), SLICE("f.yaml"), &scene->arena, &sources,
                           &scene->reports, out);
}

static const char roster[] =
    "pay-groups: {us-monthly: {periods: month, timezone: America/New_York}, us-biweekly: {periods: "
    "2 weeks, first: 2026-01-04}}\n"
    "participants:\n"
    "  - participant: person:jo\n"
    "    name: Jo Smith\n"
    "    pay: {group: us-monthly, currency: USD, code: \"1200\"}\n"
    "    employed: [{from: 2026-01-01}]\n"
    "    assignments:\n"
    "      - plan: account-executive\n"
    "        from: 2026-01-01\n"
    "        until: 2026-07-01\n"
    "        goals: {new-business: {annual: 1000000}, renewals: {by-window: {2026-Q1: 200000, "
    "2026-Q2: 300000}}}\n"
    "        target: {annual: 40000, weights: [20%, 20%, 20%, 40%]}\n"
    "        baseline: {renewals: {2025-Q1: 100000, 2025-Q2: 0}}\n"
    "        attributes: {role: ae, level: 3}\n"
    "      - {plan: account-executive, from: 2026-07-01, target: {new-business: {window: 1}}}\n"
    "    edges:\n"
    "      - {to: person:kim, as: manager, share: 100%, rows: each, from: 2026-01-01}\n"
    "  - {participant: team:north, pay: none, assignments: [], employed: []}\n";

static const struct roster *record(const struct input_file *file, size_t index)
{
    assert_true(index < file->rosters.count);
    return (const struct roster *)file->rosters.items + index;
}

static void reads_the_roster_by_aspects(void **state)
{
    (void)state;
    static const char *const aspects[] = {"profile", "employed", "assignments", "edges",
                                          "profile", "employed", "assignments"};
    struct scene scene;
    struct input_file file;
    scene_init(&scene);
    assert_int_equal(read_file(&scene, roster, &file), STATUS_OK);
    assert_int_equal(file.kind, DOCUMENT_ROSTER);
    assert_int_equal(file.rosters.count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_true(slice_equal(record(&file, i)->aspect, slice_of(aspects[i])));
    const struct roster *profile = record(&file, 0);
    assert_true(slice_equal(profile->participant, SLICE("person:jo")));
    assert_true(slice_equal(profile->pay_code, SLICE("1200")));
    assert_true(record(&file, 4)->is_unpaid);
    assert_int_equal(record(&file, 6)->assignments.count, 0);
    assert_int_equal(file.controls.count, 1);
    const struct control *groups = file.controls.items;
    assert_true(slice_equal(groups->kind, SLICE("pay-groups")));
    assert_int_equal(scene.reports.warning_count, 1); /* edges pass nothing yet */
    scene_deinit(&scene);
}

static void reads_an_assignment_whole(void **state)
{
    (void)state;
    struct scene scene;
    struct input_file file;
    scene_init(&scene);
    assert_int_equal(read_file(&scene, roster, &file), STATUS_OK);
    const struct assignment *first = record(&file, 2)->assignments.items;
    assert_int_equal(record(&file, 2)->assignments.count, 2);
    assert_int_equal(first->from, 20454);
    assert_true(first->has_until && !first[1].has_until);
    const struct figure *goals = first->goals.items;
    assert_true(goals[0].has_annual && goals[0].annual.units == decimal_of(1000000).units);
    assert_int_equal(goals[1].by_window.count, 2);
    const struct figure *target = first->targets.items;
    assert_int_equal(target->component.length, 0);
    assert_true(target->has_annual);
    assert_int_equal(target->weights.count, 4);
    assert_true(slice_equal(((const struct slice *)target->weights.items)[3], SLICE("40%")));
    const struct figure *baseline = first->baselines.items;
    assert_true(slice_equal(baseline->component, SLICE("renewals")));
    assert_int_equal(baseline->by_window.count, 2);
    const struct figure *second = first[1].targets.items;
    assert_true(slice_equal(second->component, SLICE("new-business")) && second->has_window);
    const struct attribute *attributes = first->attributes.items;
    assert_false(attributes[0].value.is_decimal);
    assert_true(attributes[1].value.is_decimal);
    const struct edge *edge = record(&file, 3)->edges.items;
    assert_true(slice_equal(edge->rows, SLICE("each")));
    scene_deinit(&scene);
}

static const char control[] = "crediting:\n"
                              "  splits: {owner: exactly 100%, overlay: any, sdr: at most 50%}\n"
                              "  remainder: largest-share\n"
                              "categories: {xscan: scanners, scanners: hardware}\n"
                              "rates: [{on: 2026-03-31, pair: EUR/USD, rate: 1.0815}]\n"
                              "units: {PTS: {decimals: 0}}\n";

static void a_section_of_control_reads_back_from_its_record(void **state)
{
    (void)state;
    struct scene scene;
    struct input_file file;
    scene_init(&scene);
    assert_int_equal(read_file(&scene, control, &file), STATUS_OK);
    assert_int_equal(file.kind, DOCUMENT_CONTROL);
    assert_int_equal(file.controls.count, 4);
    const struct control *records = file.controls.items;
    struct crediting_rules rules;
    assert_int_equal(
        crediting_rules_read(records[0].document, &scene.arena, &scene.reports, &rules), STATUS_OK);
    assert_int_equal(rules.count, 3);
    assert_int_equal(rules.remainder, REMAINDER_LARGEST_SHARE);
    const struct currency *units;
    size_t count;
    assert_int_equal(units_read(records[3].document, &scene.arena, &scene.reports, &units, &count),
                     STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(units[0].code, "PTS");
    scene_deinit(&scene);
}

static enum status zone_with_changes(void *self, struct slice zone, int32_t from, int32_t until,
                                     struct arena *arena, struct zone *out,
                                     char detail[DETAIL_BYTES])
{
    static const struct zone_change changes[] = {{-1000, -18000}, {5000, -14400}};
    (void)self, (void)zone, (void)from, (void)until, (void)arena, (void)detail;
    *out = (struct zone){changes, 2};
    return STATUS_OK;
}

static void a_plan_reads_back_from_its_record_with_its_zone(void **state)
{
    (void)state;
    struct scene scene;
    struct input_file file;
    const struct plan *plan = NULL;
    const struct plan_sources sources = {.zone = zone_with_changes};
    const char text[] =
        SCENE_HEAD "components:\n  main:\n    measure: {of: deals, sum: amount}\n"
                   "    cancelled: {effect: recompute}\n    over: quarter\n    pays: {rate: 10%}\n";
    scene_init(&scene);
    assert_int_equal(
        input_file_read(slice_of(text), SLICE("p"), &scene.arena, &sources, &scene.reports, &file),
        STATUS_OK);
    assert_int_equal(file.kind, DOCUMENT_PLAN);
    const struct control *one = file.controls.items;
    assert_true(slice_equal(one->kind, SLICE("plan")));
    assert_true(slice_equal(one->id, SLICE("account-executive")));
    assert_int_equal(one->version, 3);
    assert_int_equal(plan_read_control(one, NULL, 0, &scene.arena, &scene.reports, &plan),
                     STATUS_OK);
    assert_string_equal(plan->hash, file.plan->hash);
    assert_int_equal(plan->zone.count, 2);
    assert_int_equal(plan->zone.changes[1].offset_s, -14400);
    struct control bare = *one;
    bare.zones = (struct list){0};
    assert_int_equal(plan_read_control(&bare, NULL, 0, &scene.arena, &scene.reports, &plan),
                     STATUS_INVALID);
    scene_deinit(&scene);
}

struct refused {
    const char *label;
    const char *text;
    const char *at;
    const char *code;
};

#define RULE(rule) "crediting: {match: all, rules: [{" rule "}]}\n"
#define WHO        "participants:\n  - participant: person:jo\n"
#define PLAN       WHO "    assignments:\n      - {plan: p, from: 2026-01-01, "

static const struct refused rows[] = {
    {"an empty file", "", "1:1", "empty"},
    {"a key of nothing", "foo: 1\n", "1:1", "unknown-key"},
    {"limits come later", "limits: {}\n", "1:1", "not-here"},
    {"crediting rules must say match", "crediting:\n  rules: []\n", "2:3", "must-say"},
    {"a match without rules", "crediting:\n  match: first\n", "2:3", "bad-key"},
    {"a match that is none", "crediting: {rules: [], match: last}\n", "1:31", "bad-word"},
    {"a rule without when", RULE("credit: {person: jo, role: owner}"), "1:33", "missing-key"},
    {"a rule that credits nobody", RULE("when: {territory: DACH}"), "1:33", "missing-key"},
    {"a rule on a phase", RULE("when: {phase: a}, credit: {person: jo, role: owner}"), "1:41",
     "unknown-key"},
    {"a credit without a role", RULE("when: {}, credit: {person: jo}"), "1:52", "bad-value"},
    {"a credit without a participant", RULE("when: {}, credit: {role: owner}"), "1:52",
     "bad-value"},
    {"a credit of two", RULE("when: {}, credit: {person: jo, team: north, role: owner}"), "1:65",
     "unknown-key"},
    {"a credit of no kind", RULE("when: {}, credit: {persn: jo, role: owner}"), "1:53",
     "unknown-key"},
    {"a credited share carries its percent",
     RULE("when: {}, credit: {person: jo, role: owner, share: 0.5}"), "1:85", "bad-number"},
    {"a split without its bound", "crediting: {splits: {owner: 100%}}\n", "1:29", "bad-value"},
    {"a split without its percent", "crediting: {splits: {owner: exactly 1}}\n", "1:29",
     "bad-number"},
    {"a remainder that is none", "crediting: {remainder: lst}\n", "1:24", "bad-word"},
    {"categories in a circle", "categories: {a: b, b: a}\n", "1:14", "circle"},
    {"a rate beyond bounds", "rates: [{on: 2026-01-01, pair: EUR/USD, rate: 1000000000}]\n", "1:47",
     "bad-value"},
    {"a rate of 0", "rates: [{on: 2026-01-01, pair: EUR/USD, rate: 0}]\n", "1:47", "bad-value"},
    {"a pair that stands twice on a day",
     "rates: [{on: 2026-01-01, pair: EUR/USD, rate: 1}, {on: 2026-01-01, pair: EUR/USD, rate: "
     "1}]\n",
     "1:1", "twice"},
    {"a pair of one", "rates: [{on: 2026-01-01, pair: EUR, rate: 1}]\n", "1:32", "bad-value"},
    {"a unit in small letters", "units: {pts: {decimals: 0}}\n", "1:9", "bad-value"},
    {"weeks without their first day", "pay-groups: {a: {periods: 2 weeks}}\n", "1:14",
     "missing-key"},
    {"a roster with control in it", WHO "units: {}\n", "3:1", "unknown-key"},
    {"a participant without a kind", "participants:\n  - participant: jo\n", "2:18",
     "bad-participant"},
    {"a kind that is none", "participants:\n  - participant: persn:jo\n", "2:18",
     "bad-participant"},
    {"a participant that stands twice", WHO "  - participant: person:jo\n", "3:18", "twice"},
    {"an unknown key", WHO "    asignments: []\n", "3:5", "unknown-key"},
    {"an assignment without a plan", WHO "    assignments: [{from: 2026-01-01}]\n", "3:19",
     "missing-key"},
    {"a range that ends before it begins", PLAN "until: 2026-01-01}\n", "4:44", "bad-value"},
    {"weights that total 99 %", PLAN "target: {annual: 1, weights: [50%, 49%]}}\n", "4:66",
     "not-100-percent"},
    {"weights that total 101 %", PLAN "target: {annual: 1, weights: [50%, 51%]}}\n", "4:66",
     "not-100-percent"},
    {"weights of three windows", PLAN "target: {annual: 1, weights: [50%, 25%, 25%]}}\n", "4:66",
     "bad-value"},
    {"a negative weight", PLAN "target: {annual: 1, weights: [110%, -10%]}}\n", "4:73",
     "bad-value"},
    {"weights of a window's goal", PLAN "target: {window: 1, weights: [100%]}}\n", "4:45",
     "bad-value"},
    {"a baseline of another form", PLAN "baseline: {a: {annual: 5}}}\n", "4:52", "bad-window"},
    {"a negative baseline", PLAN "baseline: {a: {2025-Q1: -5}}}\n", "4:61", "bad-value"},
    {"a goal with two forms", PLAN "goals: {a: {annual: 1, window: 2}}}\n", "4:48", "bad-value"},
    {"a goal without a form", PLAN "goals: {a: 5}}\n", "4:48", "bad-value"},
    {"a negative goal", PLAN "goals: {a: {annual: -1}}}\n", "4:57", "bad-value"},
    {"a window that is none", PLAN "goals: {a: {by-window: {2026-Q5: 1}}}}\n", "4:61",
     "bad-window"},
    {"two assignments at once", PLAN "}\n      - {plan: p, from: 2026-06-01}\n", "5:9", "overlap"},
    {"an edge without rows",
     WHO "    edges: [{to: person:k, as: m, share: 1%, from: 2026-01-01}]\n", "3:13",
     "missing-key"},
};

static void refuses(void **state)
{
    const struct refused *row = *state;
    struct scene scene;
    struct input_file file;
    char at[32];
    scene_init(&scene);
    assert_int_equal(read_file(&scene, row->text, &file), STATUS_INVALID);
    for (const struct report *report = scene.reports.first; report; report = report->next) {
        snprintf(at, sizeof at, "%d:%d", report->line, report->column);
        if (strcmp(at, row->at) == 0 && strcmp(report->code, row->code) == 0) {
            scene_deinit(&scene);
            return;
        }
    }
    reports_append(&scene.reports, false, &scene.text);
    print_message("%.*s", SLICE_ARGS(buffer_slice(&scene.text)));
    fail_msg("no %s at %s", row->code, row->at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_roster_by_aspects),
        cmocka_unit_test(reads_an_assignment_whole),
        cmocka_unit_test(a_section_of_control_reads_back_from_its_record),
        cmocka_unit_test(a_plan_reads_back_from_its_record_with_its_zone),
    };
    return RUN_CASES(rows, refuses) +
           cmocka_run_group_tests_name("plan.input_file", tests, NULL, NULL);
}
