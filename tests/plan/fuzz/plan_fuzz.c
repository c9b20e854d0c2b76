/* libFuzzer on plan, roster and control files: any bytes are read, and what is a plan or a roster
 * is linted. Every message has a place; what is refused has a message. Built by clang with
 * -DMILEPOST_FUZZ=ON; run as `plan_fuzz -max_len=1048576 -max_total_time=600 CORPUS
 * tests/plan/lint`. */
#include <stdlib.h>

#include "lint/lint.h"
#include "lint/sarif.h"
#include "plan/input_file.h"

enum { ARENA_BYTES_MAX = 1 << 28 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every zone is UTC, but for one that is not there. */
static enum status find_zone(void *self, struct slice zone, int32_t from, int32_t until,
                             struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self;
    (void)from;
    (void)until;
    (void)arena;
    *out = (struct zone){NULL, 0};
    detail[0] = '\0';
    return slice_equal(zone, SLICE("America/Gotham")) ? STATUS_INVALID : STATUS_OK;
}

static void check(bool is_right)
{
    if (!is_right)
        abort();
}

static void check_places(const struct reports *reports)
{
    for (const struct report *one = reports->first; one; one = one->next) {
        check(one->line > 0 && one->column >= 0);
        check(one->sentence.length > 0 && one->code);
    }
}

static void show(const struct reports *reports)
{
    struct buffer out = {0};
    reports_append(reports, true, &out);
    sarif_append(&reports, 1, &out);
    for (const struct report *one = reports->first; one; one = one->next)
        report_append_json(one, &out);
    buffer_deinit(&out);
}

/* What a roster points at. */
static const char known_text[] =
    "milepost: 1\nplan: planted\nversion: 1\ncurrency: USD\ntimezone: UTC\n"
    "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01, until: 2027-01-01}\n"
    "rounding: {to: 0.01, mode: half-even}\nmid-window: last\ncomponents:\n  main:\n"
    "    measure: {of: deals, sum: count, count: credited}\n    cancelled: {effect: recompute}\n"
    "    over: quarter\n    goal: {from: roster, attainment: whole-percent-down, zero: nothing, "
    "prorate: none}\n    pays:\n      curve: {on: attainment, gives: percent-of-target, below: "
    "nothing, above: flat,\n        points: [[50%, 0%], [100%, 100%]]}\n";

static void lint(const struct input_file *file, struct slice text, struct reports *reports)
{
    const struct node *root;
    enum status status = STATUS_OK;
    if (file->plan)
        status = lint_plan(file->plan, SLICE("f"), NULL, true, reports);
    else if (file->kind == DOCUMENT_ROSTER &&
             !node_read_yaml(text, NODE_BYTES_MAX, reports->arena, reports, &root)) {
        struct input_file known = {0};
        const struct plan_sources sources = {.zone = find_zone};
        check(!input_file_read(slice_of(known_text), SLICE("k"), reports->arena, &sources, reports,
                               &known));
        status = lint_roster(root, SLICE("f"), text, &known.plan, 1, reports);
    }
    check(status == STATUS_OK || status == STATUS_EXHAUSTED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct currency units[] = {{"PTS", 0}};
    const struct plan_sources sources = {
        .zone = find_zone, .units = units, .unit_count = 1, .reads_all = true};
    struct slice text = {(const char *)data, size};
    struct input_file file = {0};
    struct reports reports;
    struct arena arena;
    arena_init_growing(&arena, ARENA_BYTES_MAX);
    reports_init(&reports, &arena);
    enum status status = input_file_read(text, SLICE("f"), &arena, &sources, &reports, &file);
    check(status == STATUS_OK || status == STATUS_EXHAUSTED || reports.error_count > 0);
    if (!status)
        lint(&file, text, &reports);
    check_places(&reports);
    show(&reports);
    arena_deinit(&arena);
    return 0;
}
