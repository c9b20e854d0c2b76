#include "engine/plans.h"

#include "engine/control_book.h"
#include "engine/semantics.h"
#include "engine/surroundings.h"
#include "engine/window_parts.h"

#include <stdlib.h>

enum { PLAN_BYTES_MAX = 64 * 1024 * 1024, RATES_BYTES_MAX = 1 << 30 };

void plans_init(struct plans *plans, struct interner *names)
{
    *plans = (struct plans){.names = names};
    arena_init_growing(&plans->categories_arena, PLAN_BYTES_MAX);
    arena_init_growing(&plans->rates_arena, RATES_BYTES_MAX);
    arena_init_growing(&plans->units_arena, PLAN_BYTES_MAX);
}

static void free_series(struct plan_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        arena_deinit(&series->versions[i]->arena);
        free(series->versions[i]);
    }
    free(series->versions);
    free(series);
}

void plans_drop(struct plans *plans)
{
    for (size_t i = 0; i < plans->count; i++)
        free_series(plans->series[i]);
    free(plans->series);
    plans->series = NULL;
    plans->count = 0;
    plans->categories = (struct categories){0};
    arena_reset(&plans->categories_arena);
    plans->rates = (struct rates){0};
    arena_reset(&plans->rates_arena);
    plans->is_known = false;
}

void plans_deinit(struct plans *plans)
{
    plans_drop(plans);
    arena_deinit(&plans->categories_arena);
    arena_deinit(&plans->rates_arena);
    arena_deinit(&plans->units_arena);
}

/* --- compiling --- */

/* The transitions that `apply` wrote beside the plan; UTC needs none. */
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
        struct zone_change *changes =
            arena_take_array(arena, table->transitions.count, sizeof *changes);
        if (!changes)
            return STATUS_EXHAUSTED;
        const struct zone_transition *from_row = table->transitions.items;
        for (size_t k = 0; k < table->transitions.count; k++)
            changes[k] = (struct zone_change){from_row[k].at, from_row[k].offset_s};
        *out = (struct zone){changes, table->transitions.count};
        return zone_is_valid(*out) ? STATUS_OK : STATUS_INVALID;
    }
    if (slice_equal(zone, SLICE("UTC"))) {
        *out = (struct zone){NULL, 0};
        return STATUS_OK;
    }
    say(detail, "the record has no transitions of %.*s", SLICE_ARGS(zone));
    return STATUS_INVALID;
}

static enum status cannot_read(const struct control *control, const struct reports *reports,
                               char *detail)
{
    const struct report *first = reports ? reports->first : NULL;
    say(detail, "control: %.*s %.*s version %lld cannot be read by this engine: line %d: %.*s",
        SLICE_ARGS(control->kind), SLICE_ARGS(control->id), (long long)control->version,
        first ? (int)first->line : 0, SLICE_ARGS(first ? first->sentence : SLICE("no room")));
    return STATUS_CORRUPT;
}

static uint32_t component_number(struct interner *names, const struct plan *plan, size_t index)
{
    struct buffer text = {0};
    buffer_append_slice(&text, plan->name);
    buffer_append_byte(&text, '\0');
    buffer_append_slice(&text, plan->components[index].name);
    uint32_t number = interner_number(names, buffer_slice(&text));
    buffer_deinit(&text);
    return number;
}

static enum status compile(struct plans *plans, const struct control *control,
                           struct plan_version *version, char *detail)
{
    struct arena *arena = &version->arena;
    struct slice document = arena_copy(arena, control->document);
    struct reports reports;
    reports_init(&reports, arena);
    struct control copy = *control;
    struct plan_sources sources = {.self = &copy,
                                   .zone = zone_of_control,
                                   .units = plans->units,
                                   .unit_count = plans->unit_count};
    if (!document.bytes ||
        plan_parse(document, control->id, arena, &sources, &reports, &version->plan))
        return cannot_read(control, &reports, detail);
    const struct plan *plan = version->plan;
    if (!slice_equal(plan->name, control->id) || plan->version != control->version)
        return cannot_read(control, NULL, detail);
    uint32_t *numbers = arena_take_array(arena, plan->component_count, sizeof *numbers);
    version->remembered =
        arena_take_array(arena, plan->component_count, sizeof *version->remembered);
    if (!numbers || !version->remembered)
        return cannot_read(control, NULL, detail);
    for (size_t i = 0; i < plan->component_count; i++)
        numbers[i] = component_number(plans->names, plan, i);
    version->components = numbers;
    return STATUS_OK;
}

static void *grown(void *items, size_t bytes)
{
    void *more = realloc(items, bytes);
    if (!more)
        abort();
    return more;
}

static struct plan_series *series_called(struct plans *plans, struct slice name)
{
    for (size_t i = 0; i < plans->count; i++) {
        if (slice_equal(plans->series[i]->name, name))
            return plans->series[i];
    }
    struct plan_series *series = calloc(1, sizeof *series);
    if (!series)
        abort();
    series->number = interner_number(plans->names, name);
    series->name = interner_text(plans->names, series->number);
    plans->series = grown(plans->series, (plans->count + 1) * sizeof *plans->series);
    series->index = plans->count;
    plans->series[plans->count++] = series;
    return series;
}

static void note_looks(struct plan_series *series, const struct plan *plan)
{
    for (size_t i = 0; i < plan->component_count; i++) {
        const struct plan_component *component = &plan->components[i];
        bool is_of_deals = component->over == WINDOW_DEAL || component->over == WINDOW_LINE;
        bool is_across = looks_across(component, series->has_parts);
        series->looks_across |= is_across;
        series->looks_across_from_deals |= is_of_deals && is_across;
        series->looks_at_results |= looks_at_results(component);
        series->moves_with_date |= component->moves_with_date;
        series->converts |= component->measure.convert != NULL;
    }
}

/* What the versions remember of windows goes by which versions there are. */
static void insert(struct plan_series *series, struct plan_version *version)
{
    version->series = series;
    series->has_parts |=
        version->plan->splits_windows || version->plan->mid_window == MID_WINDOW_SPLIT;
    series->versions = grown(series->versions, (series->count + 1) * sizeof *series->versions);
    size_t at = series->count++;
    for (; at > 0 && series->versions[at - 1]->plan->version > version->plan->version; at--)
        series->versions[at] = series->versions[at - 1];
    series->versions[at] = version;
    for (size_t i = 0; i < series->count; i++) {
        struct plan_version *one = series->versions[i];
        memset(one->remembered, 0, one->plan->component_count * sizeof *one->remembered);
        note_looks(series, one->plan);
    }
}

enum status plans_add(struct plans *plans, const struct control *control, char *detail)
{
    if (!semantics_is_known(control->semantics)) {
        say(detail,
            "control: plan %.*s version %lld was published with semantics %d, "
            "which this engine does not have",
            SLICE_ARGS(control->id), (long long)control->version, (int)control->semantics);
        return STATUS_CORRUPT;
    }
    struct plan_version *version = calloc(1, sizeof *version);
    if (!version)
        abort();
    arena_init_growing(&version->arena, PLAN_BYTES_MAX);
    enum status status = compile(plans, control, version, detail);
    if (status) {
        arena_deinit(&version->arena);
        free(version);
        return status;
    }
    insert(series_called(plans, control->id), version);
    return STATUS_OK;
}

enum status plans_set_categories(struct plans *plans, const struct control *control, char *detail)
{
    arena_reset(&plans->categories_arena);
    plans->categories = (struct categories){0};
    struct arena *arena = &plans->categories_arena;
    struct slice document = arena_copy(arena, control->document);
    struct reports reports;
    reports_init(&reports, arena);
    reports_read(&reports, control->id, document, 1);
    const struct node *section;
    if (!document.bytes || node_read_yaml(document, NODE_BYTES_MAX, arena, &reports, &section) ||
        categories_parse(section, arena, &reports, &plans->categories))
        return cannot_read(control, &reports, detail);
    return STATUS_OK;
}

enum status plans_learn_units(struct plans *plans, struct row_io *io, char *detail)
{
    arena_reset(&plans->units_arena);
    plans->units = NULL;
    plans->unit_count = 0;
    return control_units(io, &plans->units_arena, &plans->units, &plans->unit_count, detail);
}

/* --- rates --- */

struct rates_reading {
    struct plans *plans;
    struct arena texts; /* documents and their trees */
    struct rates *sections;
    size_t count;
};

static enum status read_rates(void *self, const struct control *control, char *detail)
{
    struct rates_reading *reading = self;
    struct slice document = arena_copy(&reading->texts, control->document);
    struct reports reports;
    reports_init(&reports, &reading->texts);
    struct rates rates;
    if (!document.bytes || rates_read(document, &reading->texts, &reports, &rates))
        return cannot_read(control, &reports, detail);
    reading->sections = grown(reading->sections, (reading->count + 1) * sizeof *reading->sections);
    reading->sections[reading->count++] = rates;
    return STATUS_OK;
}

/* Names of currencies are kept, the documents are not. */
static enum status keep_rates(struct rates_reading *reading, char *detail)
{
    struct plans *plans = reading->plans;
    struct rates rates;
    arena_reset(&plans->rates_arena);
    plans->rates = (struct rates){0};
    enum status status = rates_join(reading->sections, reading->count, &plans->rates_arena, &rates);
    if (status) {
        say(detail, "control: there are more rates than fit");
        return STATUS_CORRUPT;
    }
    struct rate *rows = (struct rate *)(uintptr_t)rates.rows;
    for (size_t i = 0; i < rates.count; i++) {
        rows[i].from = interner_text(plans->names, interner_number(plans->names, rows[i].from));
        rows[i].to = interner_text(plans->names, interner_number(plans->names, rows[i].to));
    }
    plans->rates = rates;
    return STATUS_OK;
}

enum status plans_learn_rates(struct plans *plans, struct row_io *io, char *detail)
{
    struct rates_reading reading = {.plans = plans};
    arena_init_growing(&reading.texts, RATES_BYTES_MAX);
    enum status status = control_each(io, SLICE("rates"), read_rates, &reading, detail);
    if (!status)
        status = keep_rates(&reading, detail);
    free(reading.sections);
    arena_deinit(&reading.texts);
    return status;
}

static enum status add_each(void *self, const struct control *control, char *detail)
{
    return plans_add(self, control, detail);
}

enum status plans_learn(struct plans *plans, struct row_io *io, char *detail)
{
    if (plans->is_known)
        return STATUS_OK;
    struct control categories;
    bool found;
    enum status status = plans_learn_units(plans, io, detail);
    if (!status)
        status = control_each(io, SLICE("plan"), add_each, plans, detail);
    if (!status)
        status = control_latest(io, SLICE("categories"), &categories, &found, detail);
    if (!status && found)
        status = plans_set_categories(plans, &categories, detail);
    if (!status)
        status = plans_learn_rates(plans, io, detail);
    if (status)
        plans_drop(plans);
    else
        plans->is_known = true;
    return status;
}

/* --- asking --- */

const struct plan_series *plans_find(const struct plans *plans, struct slice name)
{
    for (size_t i = 0; i < plans->count; i++) {
        if (slice_equal(plans->series[i]->name, name))
            return plans->series[i];
    }
    return NULL;
}

void plans_assign(const struct plans *plans, const struct list *assignments,
                  struct book_assignment *items)
{
    for (size_t i = 0; i < assignments->count; i++) {
        const struct assignment *from = (const struct assignment *)assignments->items + i;
        struct book_assignment *to = &items[i];
        to->plan = interner_number(plans->names, from->plan);
        to->series = plans_find(plans, from->plan);
        to->from = from->from;
        to->until = from->has_until ? from->until : INT32_MAX;
        to->is_first = true;
        for (size_t k = 0; k < i; k++)
            to->is_first &= items[k].plan != to->plan;
    }
}

const struct plan_version *series_version(const struct plan_series *series, int32_t from,
                                          int32_t until)
{
    const struct plan_version *later = NULL;
    for (size_t i = series->count; i-- > 0;) {
        const struct plan *plan = series->versions[i]->plan;
        if (plan->from <= from && from < plan->until)
            return series->versions[i];
        if (plan->from > from && plan->from < until && (!later || plan->from < later->plan->from))
            later = series->versions[i];
    }
    return later;
}

/* The window as a whole plan means it when versions differ in their range: from the first day that
 * any of them is effective, behind the last one up to this version that ends windows. */
static int32_t whole_plan_from(const struct plan_version *version)
{
    const struct plan_series *series = version->series;
    int32_t least = INT32_MIN;
    int32_t from = version->plan->from;
    for (size_t i = 0; i < series->count; i++) {
        const struct plan *plan = series->versions[i]->plan;
        if (plan->splits_windows && plan->from <= version->plan->from && plan->from > least)
            least = plan->from;
    }
    for (size_t i = 0; i < series->count; i++) {
        int32_t other = series->versions[i]->plan->from;
        if (other >= least && other < from)
            from = other;
    }
    return from;
}

static bool find_window(const struct plan_version *version, size_t index, int32_t date,
                        struct assigned assigned, struct interner *names, struct window_memory *out)
{
    const struct plan *plan = version->plan;
    enum window_over over = plan->components[index].over;
    struct window_span whole;
    if (window_containing(&plan->calendar, over, date, &whole))
        return false;
    struct window_span span = whole;
    if (version->series->has_parts)
        span = window_part_on(version->series, &whole, date, assigned);
    bool is_whole_plan = over == WINDOW_PLAN && span.from == whole.from;
    int32_t first = is_whole_plan ? whole_plan_from(version) : span.from;
    *out = (struct window_memory){
        .from = span.from,
        .until = span.until,
        .is_valued = series_version(version->series, first, span.until) == version,
    };
    if (over == WINDOW_LINE || over == WINDOW_DEAL)
        return true;
    char id[WINDOW_ID_BYTES];
    size_t length = window_id(&plan->calendar, &span, id);
    out->window = interner_number(names, (struct slice){id, length});
    return true;
}

bool version_window(const struct plan_version *version, size_t index, int32_t date,
                    struct assigned assigned, struct interner *names, struct window_memory *out)
{
    struct window_memory *memory = &version->remembered[index];
    bool is_found = true;
    if (version->series->has_parts || date < memory->from || date >= memory->until)
        is_found = find_window(version, index, date, assigned, names, memory);
    if (!is_found)
        *memory = (struct window_memory){0};
    *out = *memory;
    return memory->is_valued;
}

bool version_window_called(const struct plan_version *version, size_t index, struct slice id,
                           struct assigned assigned, struct interner *names,
                           struct window_memory *out)
{
    const struct plan *plan = version->plan;
    struct window_span whole;
    struct slice whole_id = id;
    (void)window_id_part(&whole_id);
    if (window_by_id(&plan->calendar, whole_id, &whole) ||
        whole.over != plan->components[index].over)
        return false;
    for (int32_t day = whole.from; day < whole.until; day = out->until) {
        (void)version_window(version, index, day, assigned, names, out);
        if (out->until <= day)
            return false;
        if (slice_equal(interner_text(names, out->window), id))
            return true;
    }
    return false;
}
