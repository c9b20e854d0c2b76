/* Plans of one component around a line, and rows that say whether such a plan is accepted. Include
 * after cmocka.h.
 *
 * The whole language is read, evaluated or not: what these rows say stays true when a feature gets
 * its evaluation (features_test.c has that side). */
#ifndef MILEPOST_TESTS_PLAN_LINES_H
#define MILEPOST_TESTS_PLAN_LINES_H

#include "plan/plan_scene.h"
#include "support/case.h"

/* Lines 10 to 12; `measure` stands in line 12. */
#define MAIN(measure) SCENE_HEAD "components:\n  main:\n    measure: {" measure "}\n"
/* Lines 10 to 14; what is looked at follows in line 15. */
#define DEALS                                                                                      \
    MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: quarter\n"
/* … line 16. */
#define RATE         DEALS "    pays: {rate: 10%}\n"
#define ADJUST(step) RATE "    adjust:\n      - " step "\n"
#define SLICES       "    attribution: slices\n"
#define HEAD(lines)                                                                                \
    "milepost: 1\nplan: p\nversion: 3\ncurrency: PTS\ntimezone: America/New_York\n"                \
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01, until: 2027-01-01}\n"           \
    "rounding: {to: 1, mode: half-even}\n" lines                                                   \
    "components:\n  main:\n    measure: {of: deals, sum: amount}\n"                                \
    "    cancelled: {effect: recompute}\n    over: quarter\n    pays: {rate: 10%}\n"
#define CANCELLED(terms)                                                                           \
    MAIN("of: deals, sum: amount")                                                                 \
    "    cancelled: {" terms "}\n    over: quarter\n    pays: {rate: 10%}\n" SLICES
#define GOAL(more, prorate)                                                                        \
    DEALS "    goal: {from: roster, attainment: exact, zero: nothing, prorate: " prorate ", " more \
          "}\n    pays: {rate: 10%}\n"
#define MILESTONES(pays)                                                                           \
    MAIN("of: milestones")                                                                         \
    "    cancelled: {effect: recompute}\n    over: deal\n    pays: {" pays "}\n"
#define RESULTS(pays) MAIN("of: results") "    over: quarter\n    pays: {" pays "}\n"
#define DOWNLINE(pays)                                                                             \
    MAIN("of: downline-deals, sum: amount")                                                        \
    "    cancelled: {effect: recompute}\n    over: quarter\n    pays: {" pays "}\n"
#define OTHER                                                                                      \
    "  other:\n    measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}\n"        \
    "    over: quarter\n    goal: {fixed: 100}\n    pays: nothing\n"
#define TOTAL(step) RATE "total: {" step "}\n"

struct line_row {
    const char *label;
    const char *plan;
    const char *at; /* line:column of what is refused; NULL: the plan is accepted without a word */
    const char *code; /* of the error or warning; a warning is accepted */
    const char *fix;  /* a part of the offered fix; NULL: not looked at */
};

static inline const struct report *find_report(const struct reports *reports, const char *at,
                                               const char *code)
{
    char is[64];
    for (const struct report *report = reports->first; report; report = report->next) {
        snprintf(is, sizeof is, "%d:%d", report->line, report->column);
        if (strcmp(is, at) == 0 && strcmp(report->code, code) == 0)
            return report;
    }
    return NULL;
}

static inline void show_reports(const struct reports *reports)
{
    struct buffer out = {0};
    reports_append(reports, false, &out);
    print_message("%.*s", SLICE_ARGS(buffer_slice(&out)));
    buffer_deinit(&out);
}

static inline void judge(const struct line_row *row, enum status status,
                         const struct reports *reports)
{
    if (!row->at) {
        if (reports->count > 0)
            show_reports(reports);
        assert_int_equal(status, STATUS_OK);
        assert_int_equal(reports->count, 0);
        return;
    }
    const struct report *report = find_report(reports, row->at, row->code);
    if (!report || (row->fix && !(report->fix.bytes && strstr(report->fix.bytes, row->fix)))) {
        show_reports(reports);
        fail_msg("no report %s at %s", row->code, row->at);
        return;
    }
    assert_int_equal(status, report->severity == REPORT_ERROR ? STATUS_INVALID : STATUS_OK);
    assert_int_equal(reports->count, 1);
}

/* One mistake, one report: nothing else is said about the plan. */
static inline void says(void **state)
{
    const struct line_row *row = *state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    enum status status = scene_read(&scene, slice_of(row->plan), &plan);
    judge(row, status, &scene.reports);
    scene_deinit(&scene);
}

/* The plan of these lines, all of the language read. */
static inline const struct plan *plan_of(struct scene *scene, const char *text)
{
    const struct plan *plan = NULL;
    enum status status = scene_read(scene, slice_of(text), &plan);
    if (status) {
        show_reports(&scene->reports);
        fail_msg("the plan is refused: %s", status_name(status));
    }
    return plan;
}

#endif
