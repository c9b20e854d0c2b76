#include "plan/input_file.h"

#include "plan/control_file.h"
#include "plan/roster_file.h"

#include <stdio.h>

static bool is_plan(const struct node *root)
{
    return node_find(root, "milepost") || node_find(root, "components") || node_find(root, "plan");
}

enum status plan_control(const struct plan *plan, struct arena *arena, struct control *out)
{
    struct zone_table *table = arena_take(arena, sizeof *table);
    struct zone_transition *rows = arena_take_array(arena, plan->zone.count, sizeof *rows);
    if (!table || !rows)
        return STATUS_EXHAUSTED;
    for (size_t i = 0; i < plan->zone.count; i++)
        rows[i] =
            (struct zone_transition){plan->zone.changes[i].at_ms, plan->zone.changes[i].offset_s};
    table->zone = plan->zone_name;
    table->transitions = (struct list){plan->zone.count > 0 ? rows : NULL, plan->zone.count};
    *out = (struct control){
        .kind = SLICE("plan"),
        .id = plan->name,
        .version = plan->version,
        .change = SLICE(""),
        .written_by = SLICE(""),
        .document = plan->document,
        .zones = {table, 1},
    };
    return STATUS_OK;
}

static enum status zone_of_control(void *self, struct slice zone, int32_t from, int32_t until,
                                   struct arena *arena, struct zone *out, char detail[DETAIL_BYTES])
{
    const struct control *control = self;
    (void)from;
    (void)until;
    for (size_t i = 0; i < control->zones.count; i++) {
        const struct zone_table *table = (const struct zone_table *)control->zones.items + i;
        if (!slice_equal(table->zone, zone))
            continue;
        struct zone_change *rows = arena_take_array(arena, table->transitions.count, sizeof *rows);
        if (!rows)
            return STATUS_EXHAUSTED;
        const struct zone_transition *given = table->transitions.items;
        for (size_t j = 0; j < table->transitions.count; j++)
            rows[j] = (struct zone_change){given[j].at, given[j].offset_s};
        *out = (struct zone){rows, table->transitions.count};
        return STATUS_OK;
    }
    snprintf(detail, DETAIL_BYTES, "the control record has no transitions of it");
    return STATUS_INVALID;
}

enum status plan_read_control(const struct control *control, const struct currency *units,
                              size_t unit_count, struct arena *arena, struct reports *reports,
                              const struct plan **out)
{
    struct control copy = *control;
    const struct plan_sources sources = {
        .self = &copy, .zone = zone_of_control, .units = units, .unit_count = unit_count};
    return plan_parse(control->document, control->id, arena, &sources, reports, out);
}

static enum status read_plan(struct slice text, struct slice file, struct arena *arena,
                             const struct plan_sources *sources, struct reports *reports,
                             struct input_file *out)
{
    struct control *record = arena_take(arena, sizeof *record);
    if (!record)
        return STATUS_EXHAUSTED;
    enum status status = plan_parse(text, file, arena, sources, reports, &out->plan);
    if (!status)
        status = plan_control(out->plan, arena, record);
    out->kind = DOCUMENT_PLAN;
    out->controls = (struct list){record, 1};
    return status;
}

static enum status read_roster(const struct node *root, struct arena *arena,
                               struct reports *reports, struct input_file *out)
{
    static const struct key_rule keys[] = {
        {"participants", KEY_REQUIRED, NULL},
        {"pay-groups", KEY_OPTIONAL, NULL},
        {NULL, KEY_OPTIONAL, NULL},
    };
    static const char *const beside[] = {"participants", NULL};
    struct reading reading = {.arena = arena, .reports = reports};
    out->kind = DOCUMENT_ROSTER;
    if (!reading_keys(&reading, root, "a roster file", keys))
        return STATUS_INVALID;
    enum status of_groups = control_parse(root, beside, arena, reports, &out->controls);
    enum status of_people =
        roster_parse(node_find(root, "participants"), arena, reports, &out->rosters);
    return of_groups ? of_groups : of_people;
}

enum status input_file_read(struct slice text, struct slice file, struct arena *arena,
                            const struct plan_sources *sources, struct reports *reports,
                            struct input_file *out)
{
    struct input_file read = {0};
    const struct node *root;
    reports_read(reports, file, text, 1);
    enum status status = node_read_yaml(text, ROSTER_BYTES_MAX, arena, reports, &root);
    if (status)
        return status;
    if (is_plan(root)) {
        status = read_plan(text, file, arena, sources, reports, &read);
    } else if (node_find(root, "participants")) {
        status = read_roster(root, arena, reports, &read);
    } else if (root->count == 0) {
        report_error(reports, node_place(root), "empty", NULL,
                     "the file is neither a plan, nor a roster, nor control: it says nothing");
        status = STATUS_INVALID;
    } else {
        read.kind = DOCUMENT_CONTROL;
        status = control_parse(root, NULL, arena, reports, &read.controls);
    }
    if (status)
        return status;
    *out = read;
    return STATUS_OK;
}
