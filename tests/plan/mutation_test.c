#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "plan/event_file.h"
#include "plan/input_file.h"
#include "plan/plan_scene.h"

/* Every reader, on good files in which a few bytes were changed: it never crashes (the sanitizers
 * watch), and what it refuses has a place. MUTATIONS in the environment is how many are tried. */

static const char *const pieces[] = {"%",    "\"", "'",    "{",    "}",
                                     "[",    "]",  ": ",   "- ",   "\n",
                                     "-1",   "0",  "&",    "*",    "9999999999999999999999999999",
                                     "!",    ",",  "#",    "~",    "",
                                     "null", "\t", "\xff", "from", "\u00e4"};

static const char plan[] = SCENE_HEAD
    "components:\n  a:\n    measure: {of: deals, sum: amount.net, role: [owner], where: {product: "
    "[core], attribute.x: \">= 3\"}, plus: 5}\n    cancelled: {effect: recompute}\n    over: "
    "quarter\n" SCENE_GOAL
    "    pays:\n      tiers: {on: attainment, method: marginal, boundary: higher, gives: rate, "
    "negative: first-tier,\n        table: [{from: 0%, give: 4%}, {from: 50%, give: 6%, "
    "retroactive: true}, {from: 100%, give: 8%}]}\n    adjust:\n      - cap: {at: 200% of target, "
    "per: window}\n  b:\n    measure: {of: deals, sum: count, count: shared}\n    cancelled: "
    "{effect: recompute}\n    over: deal\n    goal: {fixed: 3}\n    pays:\n      curve: {on: "
    "attainment, gives: percent-of-target, below: flat, above: {slope: 2}, boundary: lower,\n      "
    "  points: [[50%, 0%], [100%, 50%], [100%, 100%]]}\n";

static const char roster[] =
    "pay-groups: {m: {periods: month}}\nparticipants:\n  - participant: person:jo\n    name: Jo\n  "
    " "
    " pay: {group: m, currency: USD}\n    employed: [{from: 2026-01-01}]\n    assignments:\n      "
    "- "
    "{plan: p, from: 2026-01-01, goals: {a: {annual: 10}, b: {by-window: {2026-Q1: 3}}}, target: "
    "{window: 5}}\n    edges: [{to: team:n, as: member, share: 50%, rows: sums, from: "
    "2026-01-01}]\n";

static const char control[] = "crediting: {splits: {owner: exactly 100%}, remainder: last}\n"
                              "categories: {a: b, b: c}\nunits: {PTS: {decimals: 2}}\n"
                              "rates: [{on: 2026-01-01, pair: EUR/USD, rate: 1.1}]\n";

static const char events[] =
    "{\"type\":\"deal\",\"deal_id\":\"D\",\"status\":\"CLOSED\",\"closed_at\":\"2026-02-03T10:00:"
    "00Z\","
    "\"amount\":20000,\"currency\":\"USD\",\"lines\":[{\"line_id\":\"1\",\"product\":\"x\","
    "\"amount\":\"20000\"}],"
    "\"participants\":[{\"participant\":\"person:jo\",\"role\":\"owner\",\"share\":\"100%\"}],"
    "\"attributes\":{\"a\":1,\"b\":\"\\u00e9\"}}\n"
    "{\"type\":\"result\",\"participant\":\"person:jo\",\"result\":\"r\",\"window\":\"2026-Q1\","
    "\"value\":1}\n"
    "{\"type\":\"apply\",\"files\":[\"x\"]}\n{\"type\":\"date\",\"date\":\"2026-04-01\"}\n";

static const char table[] =
    "deal_id,status,closed_at,amount,currency,participant,role,share,attribute.a,amounts.net\n"
    "D,CLOSED,2026-02-03T10:00:00Z,20000,USD,person:jo,owner,60%,\"x\"\"y\",5\n"
    "D,CLOSED,2026-02-03T10:00:00Z,20000,USD,person:k,owner,40%,\"x\"\"y\",5\n"
    "E,OPEN,2026-02-03T10:00:00Z,20000,USD,,,,,\n";

/* Every key of the plan language. */
static struct slice read_language(struct buffer *out)
{
    FILE *file = fopen(SOURCE_FOLDER "/tests/plan/language.yaml", "rb");
    char piece[4096];
    assert_non_null(file);
    for (size_t length; (length = fread(piece, 1, sizeof piece, file)) > 0;)
        buffer_append(out, piece, length);
    (void)fclose(file);
    return buffer_slice(out);
}

static uint64_t random_state;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static void mutate(struct buffer *out, struct slice text)
{
    buffer_reset(out);
    buffer_append_slice(out, text);
    for (uint32_t changes = 1 + draw(3); changes > 0 && out->length > 0; changes--) {
        size_t at = draw((uint32_t)out->length);
        size_t gone = draw(3) == 0 ? draw(12) : draw(2);
        struct slice piece = slice_of(pieces[draw(sizeof pieces / sizeof pieces[0])]);
        if (gone > out->length - at)
            gone = out->length - at;
        struct buffer tail = {0};
        buffer_append(&tail, out->bytes + at + gone, out->length - at - gone);
        out->length = at;
        buffer_append_slice(out, piece);
        buffer_append_slice(out, buffer_slice(&tail));
        buffer_deinit(&tail);
    }
}

/* A refusal says where; only whole-file and whole-line remarks have no column. */
static void check_places(const struct reports *reports)
{
    for (const struct report *report = reports->first; report; report = report->next) {
        assert_true(report->line > 0);
        assert_true(report->column >= 0);
        assert_true(report->sentence.length > 0);
        assert_non_null(report->code);
    }
}

static void read_yaml(struct scene *scene, struct slice text)
{
    static const struct currency units[] = {{"PTS", 0}};
    const struct plan_sources sources = {
        .zone = scene_zone, .units = units, .unit_count = 1, .reads_all = true};
    struct input_file file;
    enum status status =
        input_file_read(text, SLICE("f"), &scene->arena, &sources, &scene->reports, &file);
    assert_true(status == STATUS_OK || status == STATUS_INVALID);
    assert_int_equal(status == STATUS_INVALID, scene->reports.error_count > 0);
}

static enum status read_bytes(void *self, char *into, size_t capacity, size_t *out_length)
{
    struct slice *rest = self;
    size_t length = rest->length < 100 ? rest->length : 100;
    assert_true(length <= capacity);
    if (length > 0)
        memcpy(into, rest->bytes, length);
    rest->bytes += length;
    rest->length -= length;
    *out_length = length;
    return STATUS_OK;
}

static void read_events(struct scene *scene, struct slice text, enum event_format format)
{
    struct slice rest = text;
    const struct event *event = NULL;
    struct event_reader *reader = event_reader_new(
        format, SLICE("f"), (struct event_source){&rest, read_bytes}, NULL, &scene->reports);
    enum status status;
    do {
        size_t errors = scene->reports.error_count;
        status = event_reader_next(reader, &event);
        assert_true(status == STATUS_OK || status == STATUS_INVALID);
        if (status == STATUS_INVALID)
            assert_true(scene->reports.error_count >= errors && scene->reports.error_count > 0);
    } while (status || event);
    event_reader_free(reader);
}

static void never_crashes_and_always_says_where(void **state)
{
    (void)state;
    struct buffer language = {0};
    const struct slice files[] = {slice_of(plan),           slice_of(roster), slice_of(control),
                                  read_language(&language), slice_of(events), slice_of(table)};
    enum { FILES = sizeof files / sizeof files[0], YAML_FILES = 4 };
    const char *wanted = getenv("MUTATIONS");
    long count = wanted ? strtol(wanted, NULL, 10) : 4000;
    struct buffer text = {0};
    struct buffer shown = {0};
    random_state = 20261124;
    print_message("seed 20261124, %ld mutations\n", count);
    for (long i = 0; i < count; i++) {
        struct scene scene;
        scene_init(&scene);
        size_t file = (size_t)i % FILES;
        mutate(&text, files[file]);
        char *exact = malloc(text.length ? text.length : 1); /* so that reading past it is seen */
        assert_non_null(exact);
        memcpy(exact, text.bytes, text.length);
        struct slice bytes = {exact, text.length};
        if (file < YAML_FILES)
            read_yaml(&scene, bytes);
        else
            read_events(&scene, bytes, file == YAML_FILES ? EVENT_JSON_LINES : EVENT_CSV);
        check_places(&scene.reports);
        buffer_reset(&shown);
        reports_append(&scene.reports, true, &shown);
        free(exact);
        scene_deinit(&scene);
    }
    buffer_deinit(&text);
    buffer_deinit(&shown);
    buffer_deinit(&language);
}

static void the_files_are_good_before_they_are_changed(void **state)
{
    (void)state;
    struct scene scene;
    struct buffer language = {0};
    scene_init(&scene);
    read_yaml(&scene, read_language(&language));
    read_yaml(&scene, slice_of(plan));
    read_yaml(&scene, slice_of(roster));
    read_yaml(&scene, slice_of(control));
    read_events(&scene, slice_of(events), EVENT_JSON_LINES);
    read_events(&scene, slice_of(table), EVENT_CSV);
    reports_append(&scene.reports, false, &scene.text);
    if (scene.reports.error_count > 0)
        fail_msg("%.*s", SLICE_ARGS(buffer_slice(&scene.text)));
    buffer_deinit(&language);
    scene_deinit(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_files_are_good_before_they_are_changed),
        cmocka_unit_test(never_crashes_and_always_says_where),
    };
    return cmocka_run_group_tests_name("plan.mutation", tests, NULL, NULL);
}
