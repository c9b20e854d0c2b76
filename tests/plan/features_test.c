/* Everything the language has, and whether this version evaluates it: what has no evaluation is
 * read, checked and then refused by name and position; what has one is accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/input_file.h"
#include "plan/plan_lines.h"

struct feature_row {
    const char *label;
    enum feature feature;
    const char *at; /* line:column of the feature */
    const char *file;
};

#define PAID_MILESTONES                                                                            \
    MAIN("of: milestones, sum: amount, convert: {to: USD, rate-of: paid-date, missing: pending}")  \
    "    cancelled: {effect: recompute}\n    over: quarter\n    pays: {rate: 1%}\n"

static const struct feature_row rows[] = {
    {"mid-window: blend", FEATURE_BLEND, "9:13", HEAD("mid-window: blend\n")},
    {"mid-window: split", FEATURE_SPLIT, "9:13", HEAD("mid-window: split\n")},
    {"split-windows", FEATURE_SPLIT_WINDOWS, "10:16",
     HEAD("mid-window: last\nsplit-windows: yes\n")},
    {"redeem", FEATURE_REDEEM, "10:1", HEAD("mid-window: last\nredeem: {rate: 0.05, to: USD}\n")},
    {"of: milestones", FEATURE_OF_MILESTONES, "12:19",
     MAIN("of: milestones, sum: count, count: credited") "    cancelled: {effect: recompute}\n    "
                                                         "over: quarter\n    pays: {unit: 10}\n"},
    {"of: payments", FEATURE_OF_PAYMENTS, "12:19",
     MAIN("of: payments, sum: amount") "    over: quarter\n    pays: {rate: 10%}\n"},
    {"of: results", FEATURE_OF_RESULTS, "12:19",
     MAIN("of: results, result: csat, take: average, missing: zero") "    over: quarter\n    pays: "
                                                                     "{unit: 10}\n"},
    {"of: awards", FEATURE_OF_AWARDS, "12:19",
     MAIN("of: awards, sum: amount") "    over: quarter\n    pays: {rate: 100%}\n"},
    {"of: downline-deals", FEATURE_OF_DOWNLINE_DEALS, "12:19",
     MAIN("of: downline-deals, sum: amount, levels: 2, minus-lower-level: yes") "    cancelled: "
                                                                                "{effect: "
                                                                                "recompute}\n    "
                                                                                "over: quarter\n   "
                                                                                " pays: {rate: "
                                                                                "1%}\n"},
    {"of: downline-pay", FEATURE_OF_DOWNLINE_PAY, "12:19",
     MAIN("of: downline-pay, sum: amount") "    over: quarter\n    pays: {rate: 8%}\n"},
    {"of: adjustments", FEATURE_OF_ADJUSTMENTS, "12:19",
     MAIN("of: adjustments, sum: amount") "    over: quarter\n    pays: {rate: 100%}\n"},
    {"convert", FEATURE_CONVERT, "12:48",
     MAIN("of: deals, sum: amount, convert: {to: USD, rate-of: closed-date, missing: "
          "previous-up-to 5 days}") "    cancelled: {effect: recompute}\n    over: quarter\n    "
                                    "pays: {rate: 1%}\n"},
    {"convert milestones at the paid date", FEATURE_CONVERT_PAID, "12:72", PAID_MILESTONES},
    {"original-rate", FEATURE_ORIGINAL_RATE, "13:25", CANCELLED("effect: original-rate")},
    {"paid-only", FEATURE_PAID_ONLY, "13:25", CANCELLED("effect: paid-only")},
    {"never", FEATURE_NEVER, "13:25", CANCELLED("effect: never")},
    {"a schedule of taking back", FEATURE_TAKE_SCHEDULE, "13:46",
     CANCELLED("effect: original-rate, take: [{until: 12 months, take: 100%}, {until: 18 months, "
               "take: 50%}]")},
    {"weights", FEATURE_WEIGHTS, "15:75", GOAL("weights: [20%, 20%, 20%, 40%]", "none")},
    {"ramp", FEATURE_RAMP, "15:75", GOAL("ramp: [0%, 50%, 100%]", "none")},
    {"a prorated goal", FEATURE_PRORATED_GOAL, "15:69", GOAL("decimals: 4", "days")},
    {"baseline", FEATURE_BASELINE, "15:75", GOAL("baseline: {same-window: last-year}", "none")},
    {"attainment-of", FEATURE_ATTAINMENT_OF, "16:19",
     DEALS
     "    pays:\n      tiers: {on: {attainment-of: other, window: same}, method: whole, "
     "boundary: higher, gives: rate, negative: nothing, table: [{from: 0%, give: 4%}]}\n" OTHER},
    {"milestones", FEATURE_MILESTONES, "15:12",
     DEALS "    pays: {milestones: {award: each, boundary: reached, table: [{name: a, reach: 100, "
           "by: end of month 1, give: 5}]}}\n"},
    {"phases", FEATURE_PHASES, "15:12",
     MILESTONES("phases: {of: contract-value, table: [{phase: design, give: 100%}]}")},
    {"progress", FEATURE_PROGRESS, "15:12", MILESTONES("progress: {of: contract-value}")},
    {"level", FEATURE_LEVEL, "13:12",
     SCENE_HEAD "components:\n  main:\n    over: quarter\n    pays: {level: {give: 2000, each: "
                "month}}\n"},
    {"scorecard", FEATURE_SCORECARD, "14:12",
     RESULTS("scorecard: {of: 1000, missing: zero, objectives: [{name: csat, weight: 100%, plan: "
             "90, score: linear}]}")},
    {"bonus", FEATURE_BONUS, "15:12",
     DEALS "    pays: {bonus: {each: 250, when: {quantity: \">= 10\"}, once: window, limit: 3}}\n"},
    {"contest", FEATURE_CONTEST, "15:12",
     DOWNLINE("contest: {rank-by: measure, awards: [5000, 3000, 1000], ties: share, settles: "
              "window-end, after-settling: final}")},
    {"pool", FEATURE_POOL, "15:12",
     DOWNLINE("pool: {budget: 100000, share: pro-rata, settles: window-end, after-settling: "
              "recompute}")},
    {"gate", FEATURE_GATE, "17:9",
     ADJUST("gate: {when: {component: other, attainment: \"< 80%\", window: same}, then: nothing}")
         OTHER},
    {"multiply", FEATURE_MULTIPLY, "17:9", ADJUST("multiply: {by: 75%}")},
    {"multiply by a curve", FEATURE_MULTIPLY_CURVE, "17:20",
     ADJUST("multiply: {by: {curve: {points: [[30, 80%], [70, 120%]], below: flat, above: flat}, "
            "of: {result: nps}}, between: [0%, 125%]}")},
    {"add", FEATURE_ADD, "17:9", ADJUST("add: -100")},
    {"prorated pay", FEATURE_PRORATED_PAY, "17:9", ADJUST("prorate: days")},
    {"a cap with a condition", FEATURE_BOUND_WHEN, "17:35",
     ADJUST("cap: {at: 5, per: window, when: {result: nps, value: \"< 30\"}}")},
    {"a cap per deal in a quarter", FEATURE_BOUND_PER_DEAL, "17:27",
     ADJUST("cap: {at: 5, per: deal}") SLICES},
    {"a cap per year of deals", FEATURE_BOUND_OTHER_YEAR, "17:27",
     MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: deal\n    pays: "
                                    "{rate: 10%}\n    adjust:\n      - cap: {at: 5, per: year}\n"},
    {"a cap per year", FEATURE_BOUND_PER_YEAR, "17:27", ADJUST("cap: {at: 5, per: year}")},
    {"a condition on attainment", FEATURE_WHEN_ATTAINMENT, "17:26",
     ADJUST("multiply: {when: {component: other, attainment: \">= 100%\"}, by: 2%}") OTHER},
    {"a condition on pay", FEATURE_WHEN_EARNED, "17:26",
     ADJUST("multiply: {when: {component: other, earned: \">= 100\"}, by: 2%}") OTHER},
    {"a condition on a result", FEATURE_WHEN_RESULT, "17:26",
     ADJUST("multiply: {when: {result: nps, value: \">= 100\"}, by: 2%}")},
    {"a condition on the result of another", FEATURE_RESULT_OF_OTHERS, "17:61",
     ADJUST("multiply: {when: {result: nps, value: \">= 100\", of: team}, by: 2%}")},
    {"a condition on an attribute", FEATURE_WHEN_ATTRIBUTE, "17:26",
     ADJUST("multiply: {when: {attribute: level, is: senior}, by: 2%}")},
    {"release by cash", FEATURE_RELEASE_PAYMENT, "16:21",
     RATE "    release: {when: payment-received}\n" SLICES},
    {"release by approval", FEATURE_RELEASE_APPROVED, "15:21",
     MAIN("of: results, result: csat, take: last, missing: zero") "    over: quarter\n    pays: "
                                                                  "{unit: 10}\n    release: {when: "
                                                                  "approved}\n"},
    {"release at a milestone", FEATURE_RELEASE_MILESTONE, "16:21",
     RATE "    release: {when: {milestone: go-live}}\n" SLICES},
    {"release at the window's end", FEATURE_RELEASE_WINDOW_END, "16:21",
     RATE "    release: {when: window-end}\n"},
    {"holdback", FEATURE_HOLDBACK, "16:15",
     RATE "    release: {holdback: {share: 30%, until: 90 days after closed}}\n" SLICES},
    {"refund-before-payment", FEATURE_REFUND, "16:15",
     RATE "    release: {refund-before-payment: both-due}\n"},
    {"terms", FEATURE_TERMS, "16:15", RATE "    release: {terms: {net: 30 days}}\n"},
    {"attribution by slices", FEATURE_SLICES, "16:5", RATE SLICES},
    {"attribution pro rata", FEATURE_PRO_RATA, "16:5", RATE "    attribution: pro-rata\n"},
    {"draw", FEATURE_DRAW, "16:9",
     TOTAL("draw: {amount: 2000, kind: recoverable, recover: surplus, recovery-starts: period 4, "
           "pay: period-end}")},
    {"multiply of total", FEATURE_TOTAL_MULTIPLY, "16:9", TOTAL("multiply: {by: 200%}")},
    {"when of multiply of total", FEATURE_TOTAL_WHEN, "16:30",
     TOTAL("multiply: {by: 200%, when: {attribute: role, is: ae}}")},
    {"restate-draws", FEATURE_RESTATED_DRAWS, "16:82",
     TOTAL("draw: {amount: 2000, kind: recoverable, recover: surplus, restate-draws: yes}")},
    {"cap of total", FEATURE_TOTAL_CAP, "16:9", TOTAL("cap: {at: 50000, per: year}")},
    {"minimum-payment", FEATURE_MINIMUM_PAYMENT, "16:9", TOTAL("minimum-payment: 50")},
    {"rules of crediting", FEATURE_CREDITING_RULES, "3:3",
     "crediting:\n  match: first\n  rules: [{when: {territory: DACH}, credit: {person: jo, role: "
     "owner}}]\n"},
};
_Static_assert(sizeof rows / sizeof rows[0] == FEATURE_COUNT, "a row for each feature");

/* Nothing else is wrong with the file. */
static void check_otherwise(const struct reports *reports)
{
    for (const struct report *report = reports->first; report; report = report->next) {
        if (strcmp(report->code, "not-here") == 0)
            continue;
        show_reports(reports);
        fail_msg("there is more to it: %s", report->code);
    }
}

static void is_refused_where_it_stands(void **state)
{
    static const struct currency units[] = {{"PTS", 0}};
    const struct plan_sources sources = {.zone = scene_zone, .units = units, .unit_count = 1};
    const struct feature_row *row = *state;
    struct scene scene;
    struct input_file file;
    scene_init(&scene);
    enum status status = input_file_read(slice_of(row->file), SLICE("f.yaml"), &scene.arena,
                                         &sources, &scene.reports, &file);
    check_otherwise(&scene.reports);
    bool is_refused = find_report(&scene.reports, row->at, "not-here") != NULL;
    if (is_refused == feature_is_here(row->feature)) {
        show_reports(&scene.reports);
        fail_msg("at %s: %s", row->at, is_refused ? "refused though here" : "not refused");
    }
    assert_int_equal(status, scene.reports.error_count > 0 ? STATUS_INVALID : STATUS_OK);
    scene_deinit(&scene);
}

static const struct feature_row *find_row(enum feature feature)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].feature == feature)
            return &rows[i];
    }
    return NULL;
}

static void every_feature_has_its_row(void **state)
{
    (void)state;
    for (int i = 0; i < FEATURE_COUNT; i++)
        assert_non_null(find_row((enum feature)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_feature_has_its_row)};
    return RUN_CASES(rows, is_refused_where_it_stands) +
           cmocka_run_group_tests_name("plan.features", tests, NULL, NULL);
}
