#include "lint/lint_parts.h"

#include "lint/check_list.h"

#include <stdarg.h>
#include <stdio.h>

#define FAMILY_EXTERN(name) extern const struct lint_family name##_family;
CHECK_LIST(FAMILY_EXTERN)

#define FAMILY_ROW(name) &name##_family,
static const struct lint_family *const families[] = {CHECK_LIST(FAMILY_ROW)};

enum { FAMILY_COUNT = sizeof families / sizeof families[0], SENTENCE_BYTES = 512 };

/* --- for checks --- */

static void find(struct linting *linting, struct place place, const char *fix, const char *format,
                 va_list list) __attribute__((format(printf, 4, 0)));

static void find(struct linting *linting, struct place place, const char *fix, const char *format,
                 va_list list)
{
    char sentence[SENTENCE_BYTES];
    (void)vsnprintf(sentence, sizeof sentence, format, list);
    report_finding(linting->reports, lint_code_severity(linting->code), place,
                   lint_code_name(linting->code), fix, "%s", sentence);
}

void lint_at(struct linting *linting, const struct node *node, const char *fix, const char *format,
             ...)
{
    va_list list;
    va_start(list, format);
    find(linting, node_place(node), fix, format, list);
    va_end(list);
}

void lint_at_key(struct linting *linting, const struct node *node, const char *fix,
                 const char *format, ...)
{
    va_list list;
    va_start(list, format);
    find(linting, node_key_place(node), fix, format, list);
    va_end(list);
}

const struct node *lint_step(const struct lint_component *component, size_t index)
{
    const struct node *step = node_at(node_find(component->node, "adjust"), index);
    return step && step->first ? step->first : step;
}

static bool when_looks_at(const struct when *when, const struct plan_component *component)
{
    for (int32_t i = 0; i < when->count; i++) {
        if (when->parts[i].kind == WHEN_ATTAINMENT &&
            when->parts[i].look.component == component->index)
            return true;
    }
    return false;
}

bool lint_is_looked_at(const struct plan *plan, const struct plan_component *component)
{
    for (size_t i = 0; i < plan->component_count; i++) {
        const struct plan_component *other = &plan->components[i];
        if ((other->needs & NEEDS_ATTAINMENT_OF) &&
            other->attainment_of.component == component->index)
            return true;
        for (size_t k = 0; k < other->adjustment_count; k++) {
            if (when_looks_at(&other->adjustments[k].when, component))
                return true;
        }
    }
    return when_looks_at(&plan->total.multiply_when, component);
}

bool lint_is_coarse(const struct plan_component *component, struct decimal goal, int32_t windows)
{
    enum measure_sum sum = component->measure.sum;
    return component->goal.precision != ATTAINMENT_EXACT &&
           (sum == SUM_QUANTITY || sum == SUM_COUNT) && goal.units > 0 &&
           goal.units < decimal_of(100).units * windows;
}

void lint_each_condition(struct linting *linting, const struct lint_component *component,
                         void (*look)(struct linting *linting, const struct node *conditions))
{
    const struct node *rates = node_find(component->pays, "rates");
    look(linting, node_find(node_find(component->node, "measure"), "where"));
    for (const struct node *row = rates ? rates->first : NULL; row; row = row->next)
        look(linting, node_find(row, "when"));
    look(linting, node_find(node_find(component->pays, "bonus"), "when"));
}

const struct node *lint_first(const struct node *value)
{
    return value->kind == NODE_LIST ? value->first : value;
}

const struct node *lint_next(const struct node *value, const struct node *one)
{
    return value->kind == NODE_LIST ? one->next : NULL;
}

/* --- running them --- */

static const struct node *value_or_self(const struct node *map, const char *key)
{
    const struct node *value = node_find(map, key);
    return value ? value : map;
}

static bool open_component(struct linting *linting, size_t index, struct lint_component *out)
{
    struct arena *arena = linting->reports->arena;
    const struct plan_component *component = &linting->plan->components[index];
    const struct node *node = node_at(node_find(linting->root, "components"), index);
    struct probe *probe = arena_take(arena, sizeof *probe);
    if (!probe)
        return false;
    *out = (struct lint_component){.component = component, .node = node};
    out->pays = node_find(node, "pays");
    out->terms = value_or_self(out->pays, component->mechanic->name);
    out->entries = probe_entries(component, out->pays);
    out->probe = probe_init(probe, linting->plan, component, node, arena) ? probe : NULL;
    return true;
}

static void run_checks(struct linting *linting, const struct lint_component *components,
                       bool wants_notes)
{
    for (int family = 0; family < FAMILY_COUNT; family++) {
        for (size_t i = 0; i < families[family]->count; i++) {
            const struct lint_check *check = &families[family]->checks[i];
            if ((lint_code_severity(check->code) == REPORT_NOTE) != wants_notes)
                continue;
            linting->code = check->code;
            for (size_t k = 0; check->component && k < linting->plan->component_count; k++)
                check->component(linting, &components[k]);
            if (check->plan)
                check->plan(linting);
        }
    }
}

/* By place, stably: reports are a list of at most REPORTS_MAX. */
static void sort(struct reports *reports)
{
    const struct report *all[REPORTS_MAX];
    size_t count = 0;
    for (const struct report *one = reports->first; one && count < REPORTS_MAX; one = one->next) {
        size_t place = count++;
        while (place > 0 && slice_equal(all[place - 1]->file, one->file) &&
               (all[place - 1]->line > one->line ||
                (all[place - 1]->line == one->line && all[place - 1]->column > one->column))) {
            all[place] = all[place - 1];
            place--;
        }
        all[place] = one;
    }
    struct report *last = NULL;
    reports->first = NULL;
    for (size_t i = 0; i < count; i++) {
        struct report *one = arena_take(reports->arena, sizeof *one);
        if (!one)
            return;
        *one = *all[i];
        one->next = NULL;
        if (last)
            last->next = one;
        else
            reports->first = one;
        last = one;
    }
    reports->last = last;
}

enum status lint_plan(const struct plan *plan, struct slice file, const struct lint_around *around,
                      bool has_notes, struct reports *reports)
{
    static const struct lint_around nothing;
    struct linting linting = {
        .plan = plan, .around = around ? around : &nothing, .reports = reports};
    struct lint_component *components =
        arena_take_array(reports->arena, plan->component_count, sizeof *components);
    if (!components)
        return STATUS_EXHAUSTED;
    reports_read(reports, file, plan->document, 1);
    enum status status =
        node_read_yaml(plan->document, NODE_BYTES_MAX, reports->arena, reports, &linting.root);
    for (size_t i = 0; !status && i < plan->component_count; i++)
        status = open_component(&linting, i, &components[i]) ? STATUS_OK : STATUS_EXHAUSTED;
    if (status)
        return status;
    run_checks(&linting, components, false);
    if (has_notes)
        run_checks(&linting, components, true);
    sort(reports);
    return STATUS_OK;
}
