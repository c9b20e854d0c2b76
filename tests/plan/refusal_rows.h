/* Plans that are refused, as rows: what is wrong, and where it is found. Include after cmocka.h. */
#ifndef MILEPOST_TESTS_REFUSAL_ROWS_H
#define MILEPOST_TESTS_REFUSAL_ROWS_H

#include "plan/plan_scene.h"
#include "support/case.h"

struct refusal {
    const char *label;
    const char *plan;
    const char *at; /* line:column */
    const char *code;
    const char *fix; /* a part of the offered fix; NULL: not looked at */
};

/* Lines 10 to 14 behind SCENE_HEAD; `goal` or `pays` follows in line 15. */
#define REFUSAL_MAIN                                                                               \
    "components:\n"                                                                                \
    "  main:\n"                                                                                    \
    "    measure: {of: deals, sum: amount}\n"                                                      \
    "    cancelled: {effect: recompute}\n"                                                         \
    "    over: quarter\n"

static inline void refuses(void **state)
{
    const struct refusal *row = *state;
    struct scene scene;
    const struct plan *plan = NULL;
    scene_init(&scene);
    enum status status = scene_read(&scene, slice_of(row->plan), &plan);
    assert_int_equal(status, STATUS_INVALID);
    char wanted[64];
    for (const struct report *report = scene.reports.first; report; report = report->next) {
        snprintf(wanted, sizeof wanted, "%d:%d", report->line, report->column);
        if (strcmp(wanted, row->at) == 0 && strcmp(report->code, row->code) == 0 &&
            (!row->fix || (report->fix.bytes && strstr(report->fix.bytes, row->fix)))) {
            scene_deinit(&scene);
            return;
        }
    }
    struct buffer out = {0};
    reports_append(&scene.reports, false, &out);
    print_message("%.*s", SLICE_ARGS(buffer_slice(&out)));
    fail_msg("no report %s at %s", row->code, row->at);
}

#endif
