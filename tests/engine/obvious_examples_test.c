/* Every published example (tests/vectors) and every example of deploy/examples, valued by the
 * obvious evaluator alone: their expected figures are others'. Columns that the evaluator does not
 * give, and lines of pay periods, are left to simulate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "calendar/zone_file.h"
#include "engine/obvious.h"
#include "plan/control_file.h"
#include "plan/event_file.h"
#include "plan/input_file.h"

enum {
    EVENTS_MAX = 2000,
    CONTROLS_MAX = 32,
    ROSTERS_MAX = 512,
    FOLDERS_MAX = 200,
    COLUMNS_MAX = 16
};

struct example {
    char folder[512];
    struct arena arena;
    struct reports reports;
    struct control controls[CONTROLS_MAX];
    struct roster rosters[ROSTERS_MAX];
    struct deal deals[EVENTS_MAX];
    struct milestone milestones[EVENTS_MAX];
    struct payment payments[EVENTS_MAX];
    struct result results[EVENTS_MAX];
    struct event_reader *readers[EVENTS_MAX]; /* hold what the facts point to */
    size_t reader_count;
    const struct currency *units;
    size_t unit_count;
    struct obvious_facts facts;
    struct obvious_total *totals;
    size_t total_count;
};

static enum status find_zone(void *self, struct slice zone, int32_t from, int32_t until,
                             struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    (void)self;
    return zone_file_read(ZONE_FOLDER, zone, (struct zone_range){from, until}, arena, out, detail);
}

static struct slice file_text(struct example *example, const char *name)
{
    char path[1024];
    struct buffer text = {0};
    char piece[4096];
    size_t length;
    (void)snprintf(path, sizeof path, "%s/%s", example->folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return (struct slice){0};
    while ((length = fread(piece, 1, sizeof piece, file)) > 0)
        buffer_append(&text, piece, length);
    (void)fclose(file);
    struct slice copy = arena_copy(&example->arena, buffer_slice(&text));
    buffer_deinit(&text);
    return copy;
}

static void fail_with_reports(const struct example *example, const char *name)
{
    struct buffer out = {0};
    report_append(example->reports.first, false, &out);
    fail_msg("%s/%s: %.*s", example->folder, name, SLICE_ARGS(buffer_slice(&out)));
}

static void read_input(struct example *example, const char *name)
{
    struct input_file input = {0};
    struct slice text = file_text(example, name);
    struct plan_sources sources = {.zone = find_zone,
                                   .reads_all = true,
                                   .units = example->units,
                                   .unit_count = example->unit_count};
    if (text.length == 0)
        return;
    reports_init(&example->reports, &example->arena);
    if (input_file_read(text, slice_of(name), &example->arena, &sources, &example->reports, &input))
        fail_with_reports(example, name);
    const struct control *controls = input.controls.items;
    const struct roster *rosters = input.rosters.items;
    for (size_t i = 0; i < input.controls.count; i++)
        example->controls[example->facts.control_count++] = controls[i];
    for (size_t i = 0; i < input.rosters.count; i++)
        example->rosters[example->facts.roster_count++] = rosters[i];
}

/* --- events --- */

static enum status read_line(void *self, char *into, size_t capacity, size_t *out_length)
{
    struct slice *left = self;
    *out_length = left->length < capacity ? left->length : capacity;
    memcpy(into, left->bytes, *out_length);
    left->bytes += *out_length;
    left->length -= *out_length;
    return STATUS_OK;
}

static void keep_event(struct example *example, const struct event *event)
{
    struct obvious_facts *facts = &example->facts;
    if (event->kind == EVENT_DEAL)
        example->deals[facts->deal_count++] = event->deal;
    if (event->kind == EVENT_MILESTONE)
        example->milestones[facts->milestone_count++] = event->milestone;
    if (event->kind == EVENT_PAYMENT)
        example->payments[facts->payment_count++] = event->payment;
    if (event->kind == EVENT_RESULT)
        example->results[facts->result_count++] = event->result;
    if (event->kind == EVENT_DATE) {
        facts->has_business_date = true;
        facts->business_date = event->date;
    }
}

/* A reader for each line, so that all events stay valid. */
static void read_events(struct example *example)
{
    struct slice text = file_text(example, "events.jsonl");
    while (text.length > 0) {
        struct slice *line = arena_take(&example->arena, sizeof *line);
        text = slice_split(text, '\n', line);
        if (line->length == 0)
            continue;
        struct fact_rules *rules = arena_take(&example->arena, sizeof *rules);
        *rules = (struct fact_rules){example->units, example->unit_count};
        const struct event *event;
        struct event_reader *reader =
            event_reader_new(EVENT_JSON_LINES, SLICE("events.jsonl"),
                             (struct event_source){line, read_line}, rules, &example->reports);
        assert_true(example->reader_count < EVENTS_MAX);
        example->readers[example->reader_count++] = reader;
        if (event_reader_next(reader, &event))
            fail_with_reports(example, "events.jsonl");
        if (event)
            keep_event(example, event);
    }
}

/* --- figures --- */

/* A fraction with 12 places, half-even, then canonical, as simulate writes it; long division on
 * text, since figures here are small. */
static void append_fraction(struct slice fraction, struct buffer *out)
{
    struct slice whole;
    char text[64] = "";
    struct slice rest = slice_split(fraction, '/', &whole);
    long long den = rest.length ? strtoll(rest.bytes, NULL, 10) : 1;
    long long num = strtoll(whole.bytes, NULL, 10);
    bool is_negative = num < 0;
    __extension__ __int128 units = is_negative ? -(__int128)num : num;
    units *= 1000000000000;
    __extension__ __int128 scaled = units / den;
    __extension__ __int128 twice = units % den * 2;
    if (twice > den || (twice == den && scaled % 2 == 1))
        scaled++;
    (void)snprintf(text, sizeof text, "%s%lld.%012lld", is_negative && scaled ? "-" : "",
                   (long long)(scaled / 1000000000000), (long long)(scaled % 1000000000000));
    size_t length = strlen(text);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    buffer_append(out, text, length);
}

/* Money is compared as numbers: expected files write the places of `rounding.to`. */
static bool is_money(struct slice text, struct decimal value)
{
    struct decimal expected;
    return !decimal_parse(text, &expected) && expected.units == value.units;
}

static bool is_pending(struct slice text, const struct obvious_total *total)
{
    struct buffer codes = {0};
    for (size_t i = 0; i < total->pending_count; i++)
        buffer_printf(&codes, "%s%s", i ? "," : "", total->pending[i]);
    bool is_same = slice_equal(text, buffer_slice(&codes));
    buffer_deinit(&codes);
    return is_same;
}

static bool is_figure(struct slice text, bool has, struct slice fraction)
{
    struct buffer out = {0};
    if (!has)
        return slice_equal(text, SLICE("null"));
    append_fraction(fraction, &out);
    bool is_same = slice_equal(text, buffer_slice(&out));
    buffer_deinit(&out);
    return is_same;
}

/* Whether a total is as a column of an expected row says; columns not given here always are. */
static bool is_as(struct slice column, struct slice text, const struct obvious_total *total)
{
    if (slice_equal(column, SLICE("participant")))
        return slice_equal(text, total->participant);
    if (slice_equal(column, SLICE("plan")))
        return slice_equal(text, total->plan);
    if (slice_equal(column, SLICE("component")))
        return slice_equal(text, total->component);
    if (slice_equal(column, SLICE("window")))
        return slice_equal(text, total->window);
    if (slice_equal(column, SLICE("measure")))
        return is_figure(text, true, total->measure);
    if (slice_equal(column, SLICE("goal")))
        return is_figure(text, total->has_goal, total->goal);
    if (slice_equal(column, SLICE("attainment")))
        return is_figure(text, total->has_attainment, total->attainment);
    if (slice_equal(column, SLICE("earned")))
        return is_money(text, total->earned);
    if (slice_equal(column, SLICE("payable")))
        return is_money(text, total->payable) || total->has_redeemed;
    if (slice_equal(column, SLICE("pending")))
        return is_pending(text, total);
    return true;
}

static size_t split_row(struct slice row, struct slice out[COLUMNS_MAX])
{
    size_t count = 0;
    while (row.bytes && count < COLUMNS_MAX)
        row = slice_split(row, '\t', &out[count++]);
    return count;
}

/* A row with `-` where the window stands is of a pay period; one that says nothing was earned may
 * be a window that has a goal only. */
static bool is_for_simulate(const struct slice *columns, const struct slice *fields, size_t count)
{
    bool is_nothing = false;
    bool has_measure = false;
    for (size_t i = 0; i < count; i++) {
        if (slice_equal(columns[i], SLICE("window")) && slice_equal(fields[i], SLICE("-")))
            return true;
        if (slice_equal(columns[i], SLICE("measure")))
            has_measure = !slice_equal(fields[i], SLICE("0"));
        if (slice_equal(columns[i], SLICE("earned")))
            is_nothing = is_money(fields[i], (struct decimal){0});
    }
    return is_nothing && !has_measure;
}

static void describe(const struct example *example, struct buffer *out)
{
    for (size_t i = 0; i < example->total_count; i++) {
        const struct obvious_total *total = &example->totals[i];
        char earned[DECIMAL_TEXT_BYTES];
        char payable[DECIMAL_TEXT_BYTES];
        size_t earned_length = decimal_format(total->earned, earned);
        size_t payable_length = decimal_format(total->payable, payable);
        buffer_printf(out, "\n  %.*s %.*s %.*s X %.*s A %.*s earned %.*s payable %.*s %s",
                      SLICE_ARGS(total->participant), SLICE_ARGS(total->component),
                      SLICE_ARGS(total->window), SLICE_ARGS(total->measure),
                      SLICE_ARGS(total->attainment), (int)earned_length, earned,
                      (int)payable_length, payable, total->waits ? total->waits : "");
    }
}

static size_t compare(const struct example *example, struct slice table)
{
    struct slice columns[COLUMNS_MAX];
    struct slice fields[COLUMNS_MAX];
    struct slice row;
    size_t compared = 0;
    table = slice_split(table, '\n', &row);
    size_t count = split_row(row, columns);
    while (table.length > 0) {
        table = slice_split(table, '\n', &row);
        if (row.length == 0 || row.bytes[0] == '#')
            continue;
        assert_int_equal(split_row(row, fields), count);
        bool is_found = is_for_simulate(columns, fields, count);
        for (size_t i = 0; i < example->total_count && !is_found; i++) {
            is_found = true;
            for (size_t k = 0; k < count; k++)
                is_found = is_found && is_as(columns[k], fields[k], &example->totals[i]);
        }
        if (!is_found) {
            struct buffer out = {0};
            describe(example, &out);
            fail_msg("%s: no total is as %.*s%.*s", example->folder, SLICE_ARGS(row),
                     SLICE_ARGS(buffer_slice(&out)));
        }
        compared++;
    }
    return compared;
}

static void open_example(struct example *example)
{
    struct obvious_facts *facts = &example->facts;
    facts->controls = example->controls;
    facts->rosters = example->rosters;
    facts->deals = example->deals;
    facts->milestones = example->milestones;
    facts->payments = example->payments;
    facts->results = example->results;
    read_input(example, "control.yaml");
    for (size_t i = 0; i < facts->control_count; i++)
        if (slice_equal(example->controls[i].kind, SLICE("units")) &&
            units_read(example->controls[i].document, &example->arena, &example->reports,
                       &example->units, &example->unit_count))
            fail_with_reports(example, "control.yaml");
    DIR *folder = opendir(example->folder);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (strncmp(entry->d_name, "plan", 4) == 0)
            read_input(example, entry->d_name);
    (void)closedir(folder);
    read_input(example, "roster.yaml");
    read_events(example);
}

static bool is_of_several_books(const char *folder)
{
    static const char *const names[] = {"V45", "V47"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(strrchr(folder, '/') + 1, names[i]) == 0)
            return true;
    return false;
}

static void earns_what_the_example_says(void **state)
{
    const char *folder = *state;
    struct example *example = calloc(1, sizeof *example);
    char detail[DETAIL_BYTES];
    assert_non_null(example);
    (void)snprintf(example->folder, sizeof example->folder, "%s", folder);
    arena_init_growing(&example->arena, (size_t)64 << 20);
    reports_init(&example->reports, &example->arena);
    open_example(example);
    struct slice table = file_text(example, "expected.tsv");
    if (obvious_evaluate(&example->facts, &example->arena, &example->totals, &example->total_count,
                         detail))
        fail_msg("%s: %s", folder, detail);
    if (table.length > 0)
        (void)compare(example, table);
    for (size_t i = 0; i < example->reader_count; i++)
        event_reader_free(example->readers[i]);
    arena_deinit(&example->arena);
    free(example);
}

static void add_folders(const char *parent, struct CMUnitTest *tests, size_t *count)
{
    DIR *folder = opendir(parent);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) && *count < FOLDERS_MAX;) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s/events.jsonl", parent, entry->d_name);
        FILE *events = fopen(path, "rb");
        if (!events)
            continue;
        (void)fclose(events);
        path[strlen(path) - strlen("/events.jsonl")] = '\0';
        char *name = strdup(path);
        assert_non_null(name);
        if (!is_of_several_books(name))
            tests[(*count)++] = (struct CMUnitTest){.name = strrchr(name, '/') + 1,
                                                    .test_func = earns_what_the_example_says,
                                                    .initial_state = name};
        else
            free(name);
    }
    (void)closedir(folder);
}

int main(void)
{
    struct CMUnitTest tests[FOLDERS_MAX];
    size_t count = 0;
    add_folders(SOURCE_FOLDER "/tests/vectors", tests, &count);
    add_folders(SOURCE_FOLDER "/deploy/examples", tests, &count);
    int failed = _cmocka_run_group_tests("engine.obvious_examples", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++)
        free(tests[i].initial_state);
    return failed + (count == 0);
}
