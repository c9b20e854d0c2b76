/* Facts as users write them, read for the obvious evaluator. Include after cmocka.h. */
#ifndef MILEPOST_TESTS_OBVIOUS_SCENE_H
#define MILEPOST_TESTS_OBVIOUS_SCENE_H

#include <stdlib.h>

#include "calendar/zone_file.h"
#include "engine/obvious.h"
#include "plan/control_file.h"
#include "plan/event_file.h"
#include "plan/input_file.h"

enum {
    EVENTS_MAX = 2000,
    CONTROLS_MAX = 32,
    ROSTERS_MAX = 512,
};

struct example {
    const char *name; /* for messages: a folder, or a row's label */
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

static void fail_with_reports(const struct example *example, const char *name)
{
    struct buffer out = {0};
    report_append(example->reports.first, false, &out);
    fail_msg("%s/%s: %.*s", example->name, name, SLICE_ARGS(buffer_slice(&out)));
}

/* A plan, a roster or control; nothing when `text` is empty. */
static void read_input(struct example *example, const char *name, struct slice text)
{
    struct input_file input = {0};
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
static void read_events(struct example *example, struct slice text)
{
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

static struct example *example_new(const char *name)
{
    struct example *example = calloc(1, sizeof *example);
    assert_non_null(example);
    struct obvious_facts *facts = &example->facts;
    example->name = name;
    arena_init_growing(&example->arena, (size_t)64 << 20);
    reports_init(&example->reports, &example->arena);
    facts->controls = example->controls;
    facts->rosters = example->rosters;
    facts->deals = example->deals;
    facts->milestones = example->milestones;
    facts->payments = example->payments;
    facts->results = example->results;
    return example;
}

static void example_free(struct example *example)
{
    for (size_t i = 0; i < example->reader_count; i++)
        event_reader_free(example->readers[i]);
    arena_deinit(&example->arena);
    free(example);
}

/* Control comes first, since it declares units. */
static void read_control(struct example *example, struct slice text)
{
    read_input(example, "control.yaml", text);
    for (size_t i = 0; i < example->facts.control_count; i++)
        if (slice_equal(example->controls[i].kind, SLICE("units")) &&
            units_read(example->controls[i].document, &example->arena, &example->reports,
                       &example->units, &example->unit_count))
            fail_with_reports(example, "control.yaml");
}

static void evaluate(struct example *example)
{
    char detail[DETAIL_BYTES];
    if (obvious_evaluate(&example->facts, &example->arena, &example->totals, &example->total_count,
                         detail))
        fail_msg("%s: %s", example->name, detail);
}

#endif
