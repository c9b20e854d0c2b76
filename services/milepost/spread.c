#include "milepost/spread.h"

#include <inttypes.h>
#include <stdlib.h>

#include "calendar/window.h"
#include "milepost/shape_json.h"
#include "plan/mechanic.h"

enum { BAND_PERCENT = 25, BAR_COLUMNS = 30 };

/* --- what the plan says --- */

static const struct plan *plan_of(const struct totals *totals, struct slice name)
{
    const struct plan_series *series = plans_find(&totals->plans.plans, name);
    return series ? series->versions[series->count - 1]->plan : NULL;
}

/* Edges of what pays, where they are of attainment; of a curve the last one is where it ends. */
static void find_ends(const struct totals *totals, struct spread *spread)
{
    const struct plan *plan = plan_of(totals, spread->plan);
    const struct plan_component *component =
        plan ? plan_component_find(plan, spread->component) : NULL;
    if (!component || !component->mechanic->landmarks)
        return;
    struct landmarks *landmarks = calloc(1, sizeof *landmarks);
    if (!landmarks)
        abort();
    landmarks->calendar = &plan->calendar;
    component->mechanic->landmarks(component->terms, landmarks);
    if (landmarks->of == LANDMARKS_ATTAINMENT && landmarks->count > 0) {
        spread->has_threshold = true;
        spread->threshold = landmarks->items[0].at;
        spread->has_excellence = strcmp(component->mechanic->name, "curve") == 0;
        spread->excellence = landmarks->items[landmarks->count - 1].at;
    }
    free(landmarks);
}

/* --- counting --- */

static bool window_of(const struct totals *totals, const struct total *total,
                      struct window_span *out)
{
    const struct plan *plan = plan_of(totals, total->plan);
    return plan && window_by_id(&plan->calendar, total->window, out) == STATUS_OK;
}

bool spread_counts(const struct totals *totals, const struct total *total, int32_t until)
{
    struct window_span span;
    return total->has_attainment &&
           (until == INT32_MAX || !window_of(totals, total, &span) || span.until <= until);
}

static bool is_running(const struct totals *totals, const struct total *total)
{
    struct window_span span;
    int32_t last;
    const struct plan *plan = plan_of(totals, total->plan);
    return plan && totals_last_day(totals, plan, &last) && window_of(totals, total, &span) &&
           span.until > last + 1;
}

static struct rational attainment_of(const struct total *total)
{
    return (struct rational){total->attainment.units, decimal_power(12)};
}

static void count(const struct totals *totals, const struct total *total, struct spread *spread)
{
    struct rational attainment = attainment_of(total);
    int128 percent = total->attainment.units / decimal_power(10);
    int128 band = percent < 0 ? 0 : percent / BAND_PERCENT;
    spread->results++;
    spread->below += spread->has_threshold && rational_compare(attainment, spread->threshold) < 0;
    spread->above += spread->has_excellence && rational_compare(attainment, spread->excellence) > 0;
    spread->at_goal += rational_compare(attainment, RATIONAL_ONE) >= 0;
    spread->running += is_running(totals, total);
    spread->bands[band < SPREAD_BANDS ? band : SPREAD_BANDS - 1]++;
}

static struct spread *spread_of(struct spreads *spreads, const struct totals *totals,
                                const struct total *total)
{
    for (size_t i = 0; i < spreads->count; i++)
        if (slice_equal(spreads->items[i].plan, total->plan) &&
            slice_equal(spreads->items[i].component, total->component))
            return &spreads->items[i];
    spreads->items = realloc(spreads->items, (spreads->count + 1) * sizeof *spreads->items);
    if (!spreads->items)
        abort();
    struct spread *spread = &spreads->items[spreads->count++];
    *spread = (struct spread){.plan = total->plan, .component = total->component};
    find_ends(totals, spread);
    return spread;
}

static int by_name(const void *a, const void *b)
{
    const struct spread *one = a;
    const struct spread *other = b;
    int order = slice_compare(one->plan, other->plan);
    return order ? order : slice_compare(one->component, other->component);
}

void spreads_collect(const struct totals *totals, int32_t until, struct spreads *out)
{
    *out = (struct spreads){0};
    for (size_t i = 0; i < totals->count; i++)
        if (spread_counts(totals, &totals->items[i], until))
            count(totals, &totals->items[i], spread_of(out, totals, &totals->items[i]));
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_name);
}

void spreads_deinit(struct spreads *spreads)
{
    free(spreads->items);
    *spreads = (struct spreads){0};
}

const struct spread *spreads_find(const struct spreads *spreads, struct slice plan,
                                  struct slice component)
{
    for (size_t i = 0; i < spreads->count; i++)
        if (slice_equal(spreads->items[i].plan, plan) &&
            slice_equal(spreads->items[i].component, component))
            return &spreads->items[i];
    return NULL;
}

/* --- showing --- */

/* `12.5 %`, the last place rounded half up. */
static void append_share(struct buffer *out, int64_t part, int64_t whole)
{
    int64_t tenths = whole ? (part * 2000 + whole) / (2 * whole) : 0;
    buffer_printf(out, "%" PRId64 ".%" PRId64 " %%", tenths / 10, tenths % 10);
}

static int64_t largest_band(const struct spread *spread)
{
    int64_t largest = 1;
    for (int i = 0; i < SPREAD_BANDS; i++)
        largest = spread->bands[i] > largest ? spread->bands[i] : largest;
    return largest;
}

static void append_bar(struct buffer *out, int64_t part, int64_t largest)
{
    int64_t columns = (part * BAR_COLUMNS + largest - 1) / largest;
    for (int64_t i = 0; i < BAR_COLUMNS; i++)
        buffer_printf(out, "%s", i < columns ? "█" : " ");
}

static void print_band(const struct spread *spread, const struct spread *other, int band,
                       const struct console *console)
{
    struct buffer line = {0};
    char name[32];
    if (band + 1 < SPREAD_BANDS)
        (void)snprintf(name, sizeof name, "%d–%d %%", band * BAND_PERCENT,
                       (band + 1) * BAND_PERCENT);
    else
        (void)snprintf(name, sizeof name, "%d %% …", band * BAND_PERCENT);
    /* A dash, or an ellipsis, is one column in three bytes. */
    buffer_printf(&line, "  %13s  %s", name,
                  console_colour(console, band * BAND_PERCENT >= 100 ? COLOUR_GREEN : COLOUR_DIM));
    append_bar(&line, spread->bands[band], largest_band(spread));
    buffer_printf(&line, "%s %7" PRId64, console_plain(console), spread->bands[band]);
    if (other) {
        buffer_printf(
            &line, "   %s",
            console_colour(console, band * BAND_PERCENT >= 100 ? COLOUR_GREEN : COLOUR_DIM));
        append_bar(&line, other->bands[band], largest_band(other));
        buffer_printf(&line, "%s %7" PRId64, console_plain(console), other->bands[band]);
    }
    (void)printf("%.*s\n", SLICE_ARGS(buffer_slice(&line)));
    buffer_deinit(&line);
}

/* A share of the results that there is advice for, of both sides. */
struct share_row {
    const char *name;
    const char *advice;
    bool has[2];
    bool is_goal; /* the edge is the goal itself */
    struct rational edges[2];
    int64_t parts[2];
};

static void add_share(struct table *table, bool has, int64_t part, int64_t whole)
{
    struct buffer cell = {0};
    if (has)
        append_share(&cell, part, whole);
    else
        buffer_printf(&cell, "-");
    table_add_slice(table, buffer_slice(&cell));
    buffer_deinit(&cell);
}

static void append_percent(struct buffer *out, struct rational edge)
{
    struct decimal ratio;
    char shown[DECIMAL_TEXT_BYTES];
    if (!ratio_round(edge, &ratio))
        buffer_append_slice(out, ratio_percent(ratio, shown));
}

/* `below the threshold (50.00%)`, and where the other side has another one, both. */
static void add_edge(struct buffer *out, const char *text, const struct share_row *row)
{
    buffer_printf(out, "%s", text);
    if (!row->has[0] || row->is_goal)
        return;
    buffer_printf(out, " (");
    append_percent(out, row->edges[0]);
    if (row->has[1] && rational_compare(row->edges[0], row->edges[1]) != 0) {
        buffer_printf(out, ", ");
        append_percent(out, row->edges[1]);
    }
    buffer_printf(out, ")");
}

static void print_shares(const struct spread *spread, const struct spread *other,
                         const char *const *names, const struct console *console)
{
    char first[64];
    char second[64];
    const char *heads[] = {"results", first, "advice", second};
    (void)snprintf(first, sizeof first, ">%s", names[0]);
    (void)snprintf(second, sizeof second, ">%s", other ? names[1] : "");
    const struct spread none = {0};
    const struct spread *beside = other ? other : &none;
    const struct share_row rows[] = {
        {"below the threshold",
         "about 10 %",
         {spread->has_threshold, beside->has_threshold},
         false,
         {spread->threshold, beside->threshold},
         {spread->below, beside->below}},
        {"at goal or above",
         "about 60 %",
         {true, true},
         true,
         {RATIONAL_ONE, RATIONAL_ONE},
         {spread->at_goal, beside->at_goal}},
        {"above excellence",
         "about 10 %",
         {spread->has_excellence, beside->has_excellence},
         false,
         {spread->excellence, beside->excellence},
         {spread->above, beside->above}},
    };
    struct table table;
    table_init(&table, heads, other ? 4 : 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer name = {0};
        add_edge(&name, rows[i].name, &rows[i]);
        table_add_slice(&table, buffer_slice(&name));
        add_share(&table, rows[i].has[0], rows[i].parts[0], spread->results);
        table_add(&table, rows[i].advice);
        if (other)
            add_share(&table, rows[i].has[1], rows[i].parts[1], other->results);
        buffer_deinit(&name);
    }
    table_print(&table, console);
    table_deinit(&table);
}

void spread_print(const struct spread *spread, const struct spread *other, const char *const *names,
                  const struct console *console)
{
    (void)printf("\n%sAttainment of %.*s %.*s%s: %" PRId64 " results",
                 console_colour(console, COLOUR_BOLD), SLICE_ARGS(spread->plan),
                 SLICE_ARGS(spread->component), console_plain(console), spread->results);
    if (other && other->results != spread->results)
        (void)printf(" and %" PRId64, other->results);
    if (spread->running)
        (void)printf(", %" PRId64 " of windows that go on after the last fact", spread->running);
    (void)printf("\n");
    for (int band = 0; band < SPREAD_BANDS; band++)
        print_band(spread, other, band, console);
    print_shares(spread, other, names, console);
}

static void append_edge(struct buffer *out, const char *name, bool has, struct rational edge)
{
    struct decimal ratio;
    char text[DECIMAL_TEXT_BYTES];
    if (has && !ratio_round(edge, &ratio))
        json_append_field(out, name, (struct slice){text, ratio_format(ratio, text)});
    else
        json_append_raw(out, name, "null");
}

void spread_append_json(const struct spread *spread, struct buffer *out)
{
    json_append_field(out, "plan", spread->plan);
    json_append_field(out, "component", spread->component);
    json_append_number(out, "results", spread->results);
    append_edge(out, "threshold", spread->has_threshold, spread->threshold);
    append_edge(out, "excellence", spread->has_excellence, spread->excellence);
    json_append_number(out, "below_threshold", spread->below);
    json_append_number(out, "at_goal", spread->at_goal);
    json_append_number(out, "above_excellence", spread->above);
    json_append_number(out, "running", spread->running);
    json_append_raw(out, "bands", "[");
    for (int i = 0; i < SPREAD_BANDS; i++)
        buffer_printf(out, "%s%" PRId64, i ? "," : "", spread->bands[i]);
    buffer_append_byte(out, ']');
}
