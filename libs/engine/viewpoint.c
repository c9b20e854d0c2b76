#include "engine/viewpoint.h"

#include "engine/events.h"
#include "engine/levels.h"
#include "engine/results.h"
#include "engine/row_keys.h"
#include "engine/taking.h"
#include "plan/assignment.h"

static const struct plan_component *component_of(const struct viewpoint *view)
{
    return &view->version->plan->components[view->index];
}

/* --- another window of the book --- */

static bool is_assigned_within(const struct viewpoint *view, int32_t from, int32_t until)
{
    const struct book *book = view->book;
    for (size_t i = 0; i < book->assignment_count; i++) {
        const struct book_assignment *one = &book->assignments[i];
        if (one->plan == view->version->series->number && one->from < until && one->until > from)
            return true;
    }
    return false;
}

/* The viewpoint of the component `name` with windows of `over`, in the one that `date` lies in. */
static bool find_window(const struct viewpoint *view, struct slice name, enum window_over over,
                        int32_t date, struct viewpoint *out)
{
    const struct plan_series *series = view->version->series;
    struct interner *names = &view->fold->names;
    for (size_t i = 0; i < series->count; i++) {
        const struct plan_version *version = series->versions[i];
        const struct plan_component *component = plan_component_find(version->plan, name);
        struct window_memory window;
        if (!component || component->over != over ||
            !version_window(version, (size_t)component->index, date, book_assigned(view->book),
                            names, &window))
            continue;
        *out = *view;
        out->version = version;
        out->index = (size_t)component->index;
        out->from = window.from;
        out->until = window.until;
        out->window = interner_text(names, window.window);
        out->deal = NULL;
        return is_assigned_within(view, window.from, window.until);
    }
    return false;
}

/* The window of component `index` around `date`, by the version's own calendar, whoever values it.
 */
static bool window_around(const struct viewpoint *view, size_t index, int32_t date,
                          struct window_memory *out)
{
    (void)version_window(view->version, index, date, book_assigned(view->book), &view->fold->names,
                         out);
    return out->until > date;
}

static bool find_looked_at(const struct viewpoint *view, struct look look, struct viewpoint *out)
{
    const struct plan_component *other = &view->version->plan->components[look.component];
    int32_t date = view->from;
    struct window_memory window;
    if (look.window == LOOK_PREVIOUS) {
        if (!window_around(view, (size_t)look.component, date, &window))
            return false;
        date = window.from - 1;
    }
    return find_window(view, other->name, other->over, date, out);
}

/* --- what is known of a window --- */

/* Its rows and the roster's figures, whether or not the book has a key for it. */
struct gathered {
    struct window_sums sums; /* borrowed from the key, if there is one */
    struct window_figures figures;
};

static enum status gather(const struct viewpoint *view, struct gathered *out)
{
    const struct book *book = view->book;
    uint32_t window = interner_number(&view->fold->names, view->window);
    uint32_t place = book_key_find(book, view->version->components[view->index], window);
    if (place != NO_KEY && book->keys[place].version == view->version) {
        *out = (struct gathered){book->keys[place].sums, book->keys[place].figures};
        return STATUS_OK;
    }
    struct tally tally = tally_of(view->fold, view->book);
    out->sums = (struct window_sums){0};
    return tally_figures(&tally, view->version->plan, component_of(view), view->from, view->until,
                         view->window, &out->figures, view->detail);
}

/* The months that have passed: each stands for a row. */
static void gather_months(const struct viewpoint *view, struct window_sums *sums,
                          struct window_figures *figures)
{
    const struct fold_row *small = &view->fold->small.state.row;
    figures->months = small->has_business_date ? level_months(view->book, view->version, view->from,
                                                              view->until, small->business_date)
                                               : 0;
    sums->rows = (uint32_t)figures->months;
}

/* Results and events stand in rows of their own and are read when they are asked for. */
static enum status gather_rows(const struct viewpoint *view, struct window_sums *sums,
                               struct window_figures *figures)
{
    struct tally tally = tally_of(view->fold, view->book);
    struct result_figure *results;
    struct result_rows rows;
    if (component_of(view)->needs & NEEDS_MONTHS)
        gather_months(view, sums, figures);
    if (component_of(view)->needs & NEEDS_EVENTS)
        return events_of_window(&tally, view->version, view->index, view->from, view->until,
                                &figures->events, view->detail);
    if (!component_of(view)->result_count)
        return STATUS_OK;
    enum status status =
        results_of_window(&tally, view->version, view->index, view->from, view->until, view->window,
                          &results, &rows, view->detail);
    if (status)
        return status;
    figures->results = results;
    sums->rows = rows.count;
    sums->unapproved = rows.unapproved;
    return STATUS_OK;
}

static enum status gather_all(const struct viewpoint *view, struct gathered *out)
{
    enum status status = gather(view, out);
    return status ? status : gather_rows(view, &out->sums, &out->figures);
}

/* --- valuing it --- */

enum status viewpoint_worth(struct viewpoint *view, const struct window_sums *sums,
                            const struct window_figures *figures, struct adjust_trace *trace,
                            struct worth *out)
{
    struct surroundings around = surroundings_of(view, trace);
    struct gathered gathered = {*sums, *figures};
    enum status status = gather_rows(view, &gathered.sums, &gathered.figures);
    if (status)
        return status;
    return worth_of(view->version->plan, component_of(view), &gathered.sums, &gathered.figures,
                    NULL, &around, out);
}

struct sight sight_of_worth(enum status status, const struct worth *worth, uint32_t rows,
                            struct adjust_trace trace)
{
    struct sight sight = {
        .status = status, .earned = RATIONAL_ZERO, .pay = RATIONAL_ZERO, .trace = trace};
    if (status)
        return sight;
    sight.has_steps = worth->has_pay;
    sight.has_earned = worth->has_pay || rows == 0;
    if (worth->has_pay)
        sight.pay = worth->pay;
    if (sight.has_earned && worth->is_exact)
        sight.earned = worth->exact;
    else if (sight.has_earned)
        sight.status = STATUS_OUT_OF_RANGE;
    return sight;
}

static bool take_trace(struct arena *arena, const struct plan_component *component,
                       struct adjust_trace *out)
{
    size_t count = component->adjustment_count;
    out->before = arena_take_array(arena, count ? count : 1, sizeof *out->before);
    out->holds = arena_take_array(arena, count ? count : 1, sizeof *out->holds);
    return out->before && out->holds;
}

static enum status value_sight(struct viewpoint *view, bool has_taken, struct sight *out)
{
    struct gathered gathered;
    struct worth worth = {0};
    struct adjust_trace trace;
    if (!take_trace(&view->fold->sights.arena, component_of(view), &trace))
        return STATUS_EXHAUSTED;
    enum status status = gather_all(view, &gathered);
    if (!status) {
        struct surroundings around = surroundings_of(view, &trace);
        if (!has_taken)
            around.taken = NULL;
        status = worth_of(view->version->plan, component_of(view), &gathered.sums,
                          &gathered.figures, NULL, &around, &worth);
    }
    if (status && status != STATUS_OUT_OF_RANGE)
        return status;
    *out = sight_of_worth(status, &worth, gathered.sums.rows, trace);
    return STATUS_OK;
}

/* Sights of what is earned, cancellations taken off, stand beside those of pay without. */
#define SIGHT_OF_EARNED (UINT32_C(1) << 31)

/* What the key at `view` is worth, valued once in a pass. Without what cancellations take back for
 * who asks about pay alone: that may hang on the very window that asks. */
static enum status see_pay(struct viewpoint *view, bool has_taken, struct sight *out)
{
    struct sights *sights = &view->fold->sights;
    uint32_t component = view->version->components[view->index];
    if (has_taken && view->book->take_count)
        component |= SIGHT_OF_EARNED;
    const struct sight *known = sights_find(sights, component, view->window);
    if (known) {
        *out = *known;
        return STATUS_OK;
    }
    enum status status = value_sight(view, has_taken, out);
    if (!status && !sights_keep(sights, component, view->window, out))
        status = STATUS_EXHAUSTED;
    return status;
}

/* --- what is asked --- */

static bool looks_at_deal(const struct viewpoint *view, struct look look)
{
    enum window_over over = view->version->plan->components[look.component].over;
    return over == WINDOW_DEAL || over == WINDOW_LINE;
}

static enum status attainment(void *self, struct look look, bool *out_found, struct attained *out)
{
    struct viewpoint *view = self;
    struct viewpoint other;
    struct gathered gathered;
    if (looks_at_deal(view, look)) {
        *out_found = view->deal != NULL;
        return view->deal ? view->deal->see(view->deal->self, (size_t)look.component, out, NULL)
                          : STATUS_OK;
    }
    *out_found = find_looked_at(view, look, &other);
    if (!*out_found)
        return STATUS_OK;
    struct surroundings around = surroundings_of(&other, NULL);
    enum status status = gather_all(&other, &gathered);
    if (status)
        return status;
    return attained_of(other.version->plan, component_of(&other), &gathered.sums, &gathered.figures,
                       &around, out);
}

static enum status earned(void *self, struct look look, bool *out_found, struct rational *out)
{
    struct viewpoint *view = self;
    struct viewpoint other;
    struct sight sight = {0};
    enum status status = STATUS_OK;
    if (looks_at_deal(view, look)) {
        *out_found = view->deal != NULL;
        if (view->deal)
            status = view->deal->see(view->deal->self, (size_t)look.component, NULL, &sight);
    } else {
        *out_found = find_looked_at(view, look, &other);
        if (*out_found)
            status = see_pay(&other, true, &sight);
    }
    if (status || !*out_found)
        return status;
    *out_found = sight.has_earned;
    *out = sight.earned;
    return sight.status;
}

static enum status result(void *self, const struct result_name *name, bool *out_found,
                          struct rational *out)
{
    struct viewpoint *view = self;
    struct tally tally = tally_of(view->fold, view->book);
    struct result_figure figure;
    enum status status = result_of_window(&tally, view->version, name->result, view->from,
                                          view->until, TAKE_LAST, &figure, view->detail);
    if (status)
        return status;
    *out_found = figure.is_there;
    *out = result_value(&figure);
    return STATUS_OK;
}

static enum status find_assignment(const struct viewpoint *view, const struct assignment **out)
{
    struct row_io *io = &view->fold->io;
    struct roster roster;
    bool found;
    *out = NULL;
    enum status status =
        row_find(io, ROW_ROSTER,
                 key_of_roster(&io->other_key, view->book->participant, SLICE("assignments")),
                 &roster, &found, view->detail);
    if (!status && found)
        *out = assignment_last(&roster.assignments, view->version->plan->name, view->from,
                               view->until);
    return status;
}

static enum status attributes(void *self, struct list *out)
{
    const struct assignment *assignment;
    enum status status = find_assignment(self, &assignment);
    if (!status)
        *out = assignment ? assignment->attributes : (struct list){0};
    return status;
}

/* --- last year, and this year's other windows --- */

/* The roster's figure for the window of last year. */
static bool baseline_figure(const struct viewpoint *view, const struct assignment *assignment,
                            const struct window_span *span, struct rational *out)
{
    char id[WINDOW_ID_BYTES];
    const struct plan *plan = view->version->plan;
    const struct figure *figure =
        assignment ? figure_find(&assignment->baselines, component_of(view)->name) : NULL;
    struct slice window = {id, window_id(&plan->calendar, span, id)};
    return figure && figure_value(figure, &plan->calendar, span, window, out);
}

static enum status baseline(void *self, struct rational *out)
{
    struct viewpoint *view = self;
    const struct plan *plan = view->version->plan;
    const struct assignment *assignment;
    struct window_span now;
    struct window_span before;
    struct viewpoint other;
    struct gathered gathered;
    *out = RATIONAL_ZERO;
    if (window_containing(&plan->calendar, component_of(view)->over, view->from, &now) ||
        !window_last_year(&plan->calendar, &now, &before))
        return STATUS_OK;
    enum status status = find_assignment(view, &assignment);
    if (status || baseline_figure(view, assignment, &before, out))
        return status;
    if (!find_window(view, component_of(view)->name, before.over, before.from, &other))
        return STATUS_OK;
    status = gather_all(&other, &gathered);
    if (status)
        return status;
    return measure_of_window(other.version->plan, component_of(&other), &gathered.sums,
                             &gathered.figures, out);
}

/* The viewpoint's year. False where its windows are no parts of one. */
static bool year_of(const struct viewpoint *view, struct window_span *out)
{
    return window_count_in_year(component_of(view)->over) > 0 &&
           !window_containing(&view->version->plan->calendar, WINDOW_YEAR, view->from, out);
}

/* What a window puts into a yearly bound; of another version, all that it earns by its own. */
static bool fills(const struct viewpoint *view, size_t step, const struct viewpoint *other,
                  const struct sight *sight, struct rational *out)
{
    if (!sight->has_steps)
        return false;
    *out = sight->pay;
    if (component_of(view) != component_of(other))
        return true;
    *out = sight->trace.before[step];
    return sight->trace.holds[step];
}

static enum status filled(void *self, size_t step, bool *out_found, struct rational *out)
{
    struct viewpoint *view = self;
    struct window_span year;
    struct window_memory window;
    *out_found = false;
    *out = RATIONAL_ZERO;
    if (!year_of(view, &year))
        return STATUS_OK;
    for (int32_t day = year.from;
         day < view->from && window_around(view, view->index, day, &window); day = window.until) {
        struct viewpoint other;
        struct sight sight;
        if (!find_window(view, component_of(view)->name, component_of(view)->over, day, &other))
            continue;
        enum status status = see_pay(&other, false, &sight);
        if (!status)
            status = sight.status;
        struct rational part;
        bool is_taken = !status && fills(view, step, &other, &sight, &part);
        if (is_taken)
            status = rational_add(*out, part, out);
        if (status)
            return status;
        *out_found |= is_taken;
    }
    return STATUS_OK;
}

static enum status year_target(void *self, struct rational *out)
{
    struct viewpoint *view = self;
    struct window_span year;
    struct window_memory window;
    *out = RATIONAL_ZERO;
    if (!year_of(view, &year))
        return STATUS_OK;
    for (int32_t day = year.from;
         day < year.until && window_around(view, view->index, day, &window); day = window.until) {
        struct viewpoint other;
        struct gathered gathered;
        if (!find_window(view, component_of(view)->name, component_of(view)->over, day, &other))
            continue;
        enum status status = gather(&other, &gathered);
        if (!status && gathered.figures.overflows)
            status = STATUS_OUT_OF_RANGE;
        if (!status && gathered.figures.has_target)
            status = rational_add(*out, gathered.figures.target, out);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* --- what cancellations take back --- */

/* The window in which `rows` of `takes` count. */
static enum status take_of_window(const struct viewpoint *view, uint32_t place,
                                  const struct take *takes, size_t count, struct exact *earned,
                                  struct exact *payable)
{
    const struct book_key *key = &view->book->keys[place];
    struct viewpoint other = *view;
    other.version = key->version;
    other.index = key->index;
    other.from = key->figures.from;
    other.until = key->figures.until;
    other.window = interner_text(&view->fold->names, key->window);
    struct surroundings around = surroundings_of(&other, NULL);
    struct window_sums sums = key->sums;
    struct window_figures figures = key->figures;
    enum status status = gather_rows(&other, &sums, &figures);
    struct valuation valuation =
        valuation_of(key->version->plan, component_of(&other), &sums, &figures, &around);
    return status ? status : take_rows(&valuation, takes, count, earned, payable);
}

/* Whether the take is the first of those between its two windows. */
static bool is_first(const struct book *book, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++) {
        if (book->takes[i].taken == book->takes[index].taken &&
            book->takes[i].closed == book->takes[index].closed)
            return false;
    }
    return true;
}

static size_t gather_takes(const struct book *book, uint32_t first, struct take *out)
{
    size_t count = 0;
    for (uint32_t i = first; i < book->take_count; i++) {
        const struct book_take *take = &book->takes[i];
        if (take->taken == book->takes[first].taken && take->closed == book->takes[first].closed)
            out[count++] = (struct take){take->row, take->share};
    }
    return count;
}

static enum status taken(void *self, struct exact *earned, struct exact *payable)
{
    struct viewpoint *view = self;
    const struct book *book = view->book;
    enum status status = STATUS_OK;
    if (view->deal)
        return view->deal->taken(view->deal->self, earned, payable);
    if (!book->take_count)
        return STATUS_OK;
    uint32_t window = interner_number(&view->fold->names, view->window);
    uint32_t place = book_key_find(book, view->version->components[view->index], window);
    struct take *takes = arena_take_array(&view->fold->io.scratch, book->take_count, sizeof *takes);
    if (!takes)
        return STATUS_EXHAUSTED;
    for (uint32_t i = 0; !status && i < book->take_count; i++) {
        if (book->takes[i].taken != place || !is_first(book, i))
            continue;
        size_t count = gather_takes(book, i, takes);
        status = take_of_window(view, book->takes[i].closed, takes, count, earned, payable);
    }
    return status;
}

struct surroundings surroundings_of(struct viewpoint *viewpoint, struct adjust_trace *trace)
{
    const struct fold_row *small = &viewpoint->fold->small.state.row;
    return (struct surroundings){
        .self = viewpoint,
        .has_business_date = small->has_business_date,
        .business_date = small->business_date,
        .taken = viewpoint->deal || viewpoint->book->take_count ? taken : NULL,
        .attainment = attainment,
        .earned = earned,
        .result = result,
        .attributes = attributes,
        .baseline = baseline,
        .filled = filled,
        .year_target = year_target,
        .trace = trace,
    };
}
