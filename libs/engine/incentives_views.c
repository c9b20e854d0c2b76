#include "engine/incentives_fold.h"

#include "engine/row_keys.h"
#include "engine/window_parts.h"

/* --- the queue, from emitted rows --- */

static enum status collect(struct incentives *fold, char *detail)
{
    if (fold->views.is_known)
        return STATUS_OK;
    pending_views_drop(&fold->views);
    fold->held = 0;
    struct store_cursor cursor;
    const struct row *row = store_first(fold->io.store, SLICE(""), false, &cursor);
    for (; row; row = store_next(&cursor)) {
        if (row_key_parse(row_key(row)).letter != 'e')
            continue;
        struct emitted_row emitted;
        arena_reset(&fold->io.scratch);
        enum status status = row_decode(&fold->io, ROW_EMITTED, row, &emitted, detail);
        if (status)
            return status;
        fold->held += emitted.held.bytes != NULL;
        if (emitted.view != emitted.view_published)
            pending_views_add(&fold->views, emitted.pending_since, row_key(row));
    }
    fold->views.is_known = true;
    return STATUS_OK;
}

/* --- one key --- */

/* The days of a part are those of the participant's assignments, which the roster has. */
static enum status find_part(struct incentives *fold, const struct plan_version *version,
                             const struct key_name *name, struct window_span *out, char *detail)
{
    struct roster roster;
    struct window_memory window;
    bool found;
    const struct plan_component *component = plan_component_find(version->plan, name->component);
    struct slice key = key_of_roster(&fold->io.other_key, name->participant, SLICE("assignments"));
    enum status status = row_find(&fold->io, ROW_ROSTER, key, &roster, &found, detail);
    if (status || !found || !component)
        return status;
    struct book_assignment *items =
        arena_take_array(&fold->io.scratch, roster.assignments.count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    plans_assign(&fold->plans, &roster.assignments, items);
    struct assigned assigned = {items, roster.assignments.count};
    if (version_window_called(version, (size_t)component->index, name->window, assigned,
                              &fold->names, &window))
        *out = (struct window_span){.from = window.from, .until = window.until};
    return STATUS_OK;
}

/* The days of a window, where the plan still has it; else none. */
static enum status find_days(struct incentives *fold, const struct emitted_row *emitted,
                             const struct key_name *name, struct window_span *out, char *detail)
{
    const struct plan_series *series = plans_find(&fold->plans, name->plan);
    struct slice id = name->window;
    *out = (struct window_span){0};
    for (size_t i = 0; series && i < series->count; i++) {
        const struct plan *plan = series->versions[i]->plan;
        if (plan->version != emitted->plan_version)
            continue;
        if (!is_deal_window(id) && window_id_part(&id))
            return find_part(fold, series->versions[i], name, out, detail);
        if (window_by_id(&plan->calendar, name->window, out))
            *out = (struct window_span){0};
    }
    return STATUS_OK;
}

static struct attainment view_of(const struct incentives *fold, const struct emitted_row *emitted,
                                 const struct key_name *name, struct window_span span)
{
    bool has_days = span.from < span.until;
    return (struct attainment){
        .participant = name->participant,
        .plan = name->plan,
        .plan_version = emitted->plan_version,
        .component = name->component,
        .window = name->window,
        .has_window_from = has_days,
        .window_from = has_days ? span.from : 0,
        .has_window_until = has_days,
        .window_until = has_days ? span.until : 0,
        .measure = emitted->measure,
        .has_goal = emitted->has_goal,
        .goal = emitted->goal,
        .has_attainment = emitted->has_attainment,
        .attainment = emitted->attainment,
        .earned = emitted->earned,
        .payable = emitted->payable,
        .currency = emitted->currency,
        .sequence = emitted->sequence,
        .step_reached = emitted->step,
        .pending = emitted->pending,
        .held = emitted->held,
        .draw_balance = emitted->draw_balance,
        .as_of = emitted->as_of,
        .generation = fold->small.state.attainment_generation,
    };
}

static struct key_name name_of(struct slice key)
{
    struct row_key parsed = row_key_parse(key);
    struct slice parts[3];
    row_key_parts(parsed.id, parts, 3);
    return (struct key_name){parsed.book, parts[0], parts[1], parts[2]};
}

/* What memory holds of the key, if its book is there. */
static void note_view(struct incentives *fold, const struct key_name *name,
                      const struct emitted_row *emitted)
{
    struct book *book = books_find(&fold->books, name->participant);
    if (!book || is_deal_window(name->window))
        return;
    struct slice component = {name->plan.bytes, name->plan.length + 1 + name->component.length};
    uint32_t place = book_key_find(book, interner_number(&fold->names, component),
                                   interner_number(&fold->names, name->window));
    if (place == NO_KEY)
        return;
    struct shown *shown = &book->keys[place].shown;
    shown->view = emitted->view;
    shown->view_published = emitted->view_published;
    shown->pending_since = emitted->pending_since;
}

static enum status publish_key(struct incentives *fold, struct slice key,
                               const struct outbox *outbox, char *detail)
{
    struct emitted_row emitted;
    bool found;
    enum status status = row_find(&fold->io, ROW_EMITTED, key, &emitted, &found, detail);
    if (status || !found)
        return status;
    struct key_name name = name_of(key);
    struct window_span span;
    status = find_days(fold, &emitted, &name, &span, detail);
    if (status)
        return status;
    struct attainment view = view_of(fold, &emitted, &name, span);
    status = outbox->attainment(outbox->self, &view);
    if (status)
        return status;
    emitted.view_published = emitted.view;
    row_put(&fold->io, ROW_EMITTED, key, &emitted);
    note_view(fold, &name, &emitted);
    return STATUS_OK;
}

enum status incentives_publish(struct incentives *fold, size_t keys_max,
                               const struct outbox *outbox, bool *out_more, char *detail)
{
    enum status status = plans_learn(&fold->plans, &fold->io, detail);
    write_books(fold);
    if (!status)
        status = collect(fold, detail);
    for (size_t done = 0; !status && done < keys_max; done++) {
        const struct pending_view *first = pending_views_first(&fold->views);
        if (!first)
            break;
        arena_reset(&fold->io.scratch);
        status = publish_key(fold, first->key, outbox, detail);
        if (!status)
            pending_views_remove_first(&fold->views);
    }
    if (!status)
        *out_more = pending_views_count(&fold->views) > 0;
    return status;
}

/* --- all of them again --- */

static enum status make_pending(struct incentives *fold, struct slice key, const struct row *row,
                                char *detail)
{
    struct emitted_row emitted;
    enum status status = row_decode(&fold->io, ROW_EMITTED, row, &emitted, detail);
    if (status || emitted.view != emitted.view_published)
        return status;
    emitted.view++;
    emitted.pending_since = fold->small.state.turn;
    row_put(&fold->io, ROW_EMITTED, key, &emitted);
    struct key_name name = name_of(key);
    note_view(fold, &name, &emitted);
    if (fold->views.is_known)
        pending_views_add(&fold->views, emitted.pending_since, key);
    return STATUS_OK;
}

/* By seeking, since the rows change under the walk. */
enum status incentives_republish(struct incentives *fold, struct slice participant, char *detail)
{
    struct buffer prefix = {0};
    struct buffer key = {0};
    write_books(fold); /* the rows are read here */
    (void)key_of_book(&prefix, participant);
    buffer_append_byte(&prefix, 'e');
    struct slice from = buffer_slice(&prefix);
    enum status status = STATUS_OK;
    const struct row *row = store_seek(fold->io.store, from, false);
    while (!status && row && slice_starts_with(row_key(row), from)) {
        buffer_reset(&key);
        buffer_append_slice(&key, row_key(row));
        status = make_pending(fold, buffer_slice(&key), row, detail);
        row = store_seek(fold->io.store, buffer_slice(&key), true);
    }
    buffer_deinit(&prefix);
    buffer_deinit(&key);
    return status;
}
