#include "engine/incentives_fold.h"

#include "engine/events.h"
#include "engine/row_keys.h"
#include "engine/tally.h"
#include "engine/viewpoint.h"

#include <stdlib.h>

/* --- the rows of one deal in a book --- */

struct deal_rows {
    struct credit *items;
    size_t count;
};

/* All that are in the book now, from the deal scratch. */
static enum status read_deal(struct incentives *fold, struct slice participant,
                             struct slice deal_book, struct deal_rows *out, char *detail)
{
    struct slice prefix = key_of_credits(&fold->io.other_key, participant, deal_book);
    struct store_cursor cursor;
    const struct row *row = store_first(fold->io.store, prefix, false, &cursor);
    size_t count = 0;
    for (; row && slice_starts_with(row_key(row), prefix); row = store_next(&cursor))
        count++;
    struct credit *items = arena_take_array(&fold->deal_scratch, count, sizeof *items);
    if (!items)
        return STATUS_EXHAUSTED;
    *out = (struct deal_rows){items, count};
    row = store_first(fold->io.store, prefix, false, &cursor);
    for (size_t i = 0; i < count; i++, row = store_next(&cursor)) {
        enum status status = fold->io.codec.decode(fold->io.codec.self, ROW_CREDIT, row_value(row),
                                                   &items[i], &fold->deal_scratch, detail);
        if (status)
            return status;
        credit_identify(&items[i], row_key(row));
    }
    return STATUS_OK;
}

/* --- valuing one key from them --- */

/* A key whose window is a deal, or with `line_id` a line of it. */
struct deal_key {
    const struct plan_series *series;
    const struct plan_version *version;
    size_t index;
    struct slice window; /* deal:D-1, line:D-1/1 */
    bool is_line;
    struct slice line_id;   /* when is_line */
    struct slice deal_book; /* deal:D-1 */
    int32_t day;            /* on which it was closed */
};

static const struct deal_line *find_line(const struct credit *credit, struct slice line_id)
{
    const struct deal_line *lines = credit->lines.items;
    for (size_t i = 0; i < credit->lines.count; i++) {
        if (slice_equal(lines[i].line_id, line_id))
            return &lines[i];
    }
    return NULL;
}

/* Whether the key's version values the deal's window, and the day that is its first: the deal's,
 * whenever its milestones were reached. They may come while a version is effective that came later;
 * where none was on the first day, the first of those values the window. */
static bool is_window_valued(struct incentives *fold, const struct deal_key *key,
                             const struct credit *credit, int32_t *out_day,
                             struct window_memory *out)
{
    const struct zone zone = key->version->plan->zone;
    if (credit->kind != CREDIT_MILESTONE || !credit->has_deal_closed_at)
        return zone_date_at(zone, credit->closed_at, out_day) == STATUS_OK &&
               version_window(key->series, key->version, key->index, *out_day, &fold->names, out);
    return zone_date_at(zone, credit->deal_closed_at, out_day) == STATUS_OK &&
           series_version(key->series, *out_day, INT32_MAX) == key->version;
}

static void read_attribute(const struct plan_component *component, const struct deal_line *line,
                           struct window_figures *figures)
{
    const struct attribute *attributes = line ? line->attributes.items : NULL;
    for (size_t i = 0; line && i < line->attributes.count; i++) {
        if (!slice_equal(attributes[i].name, component->attribute) ||
            !attributes[i].value.is_decimal)
            continue;
        figures->has_attribute = true;
        figures->attribute = rational_of_decimal(attributes[i].value.decimal);
    }
}

struct valuing {
    struct incentives *fold;
    struct book *book;
    const struct deal_key *key;
    const struct deal_rows *rows;
    struct viewpoint view;
    struct deal_view deal;
    struct surroundings around;
    char *detail;
    struct window_sums sums;
    struct window_figures figures;
    bool has_figures;
    struct event_list events; /* of a component with NEEDS_EVENTS */
    struct decimal contract;
    struct given_pay given;
    bool is_measured;
    bool
        is_unpaid; /* only how far it has come is asked: what rows pay may look back at the asker */
    enum status overflow; /* of the pay of one row */
};

static void add_contribution(const struct valuing *valuing, const struct credit *credit,
                             const struct contribution *contribution, struct window_sums *sums)
{
    const struct plan_component *component =
        &valuing->key->version->plan->components[valuing->key->index];
    if (component->needs & NEEDS_ROWS) {
        struct row_place place = place_of_credit(credit, NULL);
        ordered_add(&sums->ordered, &place, contribution->measure);
    }
    wide_sum_add(&sums->measure, contribution->measure);
    wide_sum_add(&sums->units, contribution->units);
    wide_sum_give(&sums->rated, &contribution->rated);
}

static enum status add_share_after(struct valuing *valuing, const struct credit *credit,
                                   const struct contribution *contribution)
{
    const struct plan_component *component =
        &valuing->key->version->plan->components[valuing->key->index];
    struct rational pay;
    struct window_sums row = {.rows = 1};
    add_contribution(valuing, credit, contribution, &row);
    enum status status =
        worth_of_row(component, &row, credit->share, &valuing->figures, &valuing->around, &pay);
    ordered_deinit(&row.ordered);
    if (status == STATUS_INVALID) /* the key waits for goal or target: nothing is paid */
        return STATUS_OK;
    struct rational so_far = valuing->given.is_given ? valuing->given.pay : RATIONAL_ZERO;
    if (!status)
        status = rational_add(so_far, pay, &valuing->given.pay);
    valuing->given.is_given = true;
    return status;
}

static void count_row(struct valuing *valuing, const struct credit *credit,
                      const struct contribution *contribution)
{
    const struct plan *plan = valuing->key->version->plan;
    const struct plan_component *component = &plan->components[valuing->key->index];
    const struct measure *measure = &component->measure;
    if (contribution->waits) {
        window_sums_wait(&valuing->sums, contribution->reason, 1);
        return;
    }
    valuing->sums.rows++;
    if (contribution->overflows) {
        valuing->sums.overflows++;
        return;
    }
    if (component->needs & NEEDS_EVENTS) { /* each with its share */
        if (!valuing->overflow)
            valuing->overflow =
                events_add(&valuing->events, plan, component, credit, valuing->contract);
        add_contribution(valuing, credit, contribution, &valuing->sums);
        return;
    }
    /* With the share taken of the pay, each row carries the whole measure. */
    if (!measure->is_share_after || !valuing->is_measured) {
        add_contribution(valuing, credit, contribution, &valuing->sums);
        valuing->is_measured = true;
    }
    if (measure->is_share_after && !valuing->is_unpaid && !valuing->overflow)
        valuing->overflow = add_share_after(valuing, credit, contribution);
}

static enum status value_row(struct valuing *valuing, const struct credit *credit, char *detail)
{
    const struct deal_key *key = valuing->key;
    const struct plan *plan = key->version->plan;
    const struct plan_component *component = &plan->components[key->index];
    const struct deal_line *line = key->is_line ? find_line(credit, key->line_id) : NULL;
    int32_t date;
    int32_t first;
    struct window_memory day;
    if ((key->is_line && !line) ||
        zone_date_at(plan->zone, row_instant(component, credit), &date) ||
        !book_is_assigned(valuing->book, key->series->number, date) ||
        !is_window_valued(valuing->fold, key, credit, &first, &day))
        return STATUS_OK;
    struct contribution contribution;
    measure_row(plan, component, &valuing->fold->plans.categories, credit, line, &contribution);
    if (!contribution.fits)
        return STATUS_OK;
    if (!valuing->has_figures) {
        struct incentives *fold = valuing->fold;
        struct tally tally = tally_of(fold, valuing->book);
        enum status status = tally_figures(&tally, plan, component, date, date + 1, key->window,
                                           &valuing->figures, detail);
        if (status)
            return status;
        read_attribute(component, line, &valuing->figures);
        valuing->has_figures = true;
    }
    count_row(valuing, credit, &contribution);
    return STATUS_OK;
}

static enum status see_neighbour(void *self, size_t index, struct attained *out_attained,
                                 struct sight *out_pay);

/* The key's own day is that of the deal, whatever rows fit. */
static void begin_valuing(struct incentives *fold, struct book *book, const struct deal_rows *rows,
                          const struct deal_key *key, struct valuing *out, char *detail)
{
    *out = (struct valuing){.fold = fold, .book = book, .key = key, .rows = rows, .detail = detail};
    out->deal = (struct deal_view){out, see_neighbour};
    out->view = (struct viewpoint){
        .fold = fold,
        .book = book,
        .version = key->version,
        .index = key->index,
        .from = key->day,
        .until = key->day + 1,
        .window = key->window,
        .deal = &out->deal,
        .detail = detail,
    };
    out->around = surroundings_of(&out->view, NULL);
}

static enum status value_rows(struct valuing *valuing)
{
    const struct deal_rows *rows = valuing->rows;
    const struct deal_key *key = valuing->key;
    enum status status = STATUS_OK;
    if (key->version->plan->components[key->index].needs & NEEDS_EVENTS) {
        valuing->contract = events_contract(rows->items, rows->count);
        valuing->events.items = arena_take_array(&valuing->fold->deal_scratch, rows->count,
                                                 sizeof *valuing->events.items);
        if (!valuing->events.items)
            return STATUS_EXHAUSTED;
    }
    for (size_t i = 0; !status && i < rows->count; i++)
        status = value_row(valuing, &rows->items[i], valuing->detail);
    valuing->figures.events = events_sorted(&valuing->events);
    return status;
}

/* From the rows of the deal; `out` must stay where it is. */
static enum status value_key(struct incentives *fold, struct book *book,
                             const struct deal_rows *rows, const struct deal_key *key,
                             struct valuing *out, char *detail)
{
    begin_valuing(fold, book, rows, key, out, detail);
    return value_rows(out);
}

static enum status worth_of_deal(const struct valuing *valuing, struct worth *out)
{
    const struct deal_key *key = valuing->key;
    const struct plan *plan = key->version->plan;
    if (valuing->overflow)
        return valuing->overflow;
    return worth_of(plan, &plan->components[key->index], &valuing->sums, &valuing->figures,
                    &valuing->given, &valuing->around, out);
}

/* --- what one of them sees of another --- */

/* Where no row fits, the roster's figures are those of the day. */
static enum status find_figures(struct valuing *valuing)
{
    const struct deal_key *key = valuing->key;
    const struct plan *plan = key->version->plan;
    struct tally tally = tally_of(valuing->fold, valuing->book);
    if (valuing->has_figures)
        return STATUS_OK;
    return tally_figures(&tally, plan, &plan->components[key->index], key->day, key->day + 1,
                         key->window, &valuing->figures, valuing->detail);
}

static enum status see(struct valuing *other, struct attained *out_attained, struct sight *out_pay)
{
    const struct deal_key *key = other->key;
    const struct plan *plan = key->version->plan;
    struct worth worth = {0};
    enum status status = find_figures(other);
    if (status)
        return status;
    if (out_attained)
        return attained_of(plan, &plan->components[key->index], &other->sums, &other->figures,
                           &other->around, out_attained);
    status = worth_of_deal(other, &worth);
    if (status && status != STATUS_OUT_OF_RANGE)
        return status;
    *out_pay = sight_of_worth(status, &worth, other->sums.rows, (struct adjust_trace){0});
    return STATUS_OK;
}

/* Another component's key in the same deal: of the same line, or of the deal. */
static enum status see_neighbour(void *self, size_t index, struct attained *out_attained,
                                 struct sight *out_pay)
{
    const struct valuing *valuing = self;
    struct deal_key key = *valuing->key;
    struct valuing other;
    key.index = index;
    key.is_line = valuing->key->version->plan->components[index].over == WINDOW_LINE;
    key.window = key.is_line ? key.window : key.deal_book;
    begin_valuing(valuing->fold, valuing->book, valuing->rows, &key, &other, valuing->detail);
    other.is_unpaid = out_attained != NULL;
    enum status status = value_rows(&other);
    if (!status)
        status = see(&other, out_attained, out_pay);
    ordered_deinit(&other.sums.ordered);
    return status;
}

static enum status emit_valued(struct incentives *fold, struct book *book,
                               const struct valuing *valuing, const struct mover *mover,
                               const struct outbox *outbox, char *detail)
{
    const struct deal_key *key = valuing->key;
    const struct plan *plan = key->version->plan;
    const struct plan_component *component = &plan->components[key->index];
    struct key_name name = {book->participant, plan->name, component->name, key->window};
    struct slice row_key =
        key_of_emitted(&fold->io.key, name.participant, name.plan, name.component, name.window);
    struct emitted_row emitted;
    const struct row *found = store_find(fold->io.store, row_key);
    enum status status = STATUS_OK;
    if (found)
        status =
            row_decode_into(&fold->io, ROW_EMITTED, found, &fold->deal_scratch, &emitted, detail);
    if (status)
        return status;
    struct shown shown = found ? shown_of_row(&emitted, &fold->names) : shown_nothing();
    struct worth worth;
    enum status fit = worth_of_deal(valuing, &worth);
    if (fit && fit != STATUS_OUT_OF_RANGE)
        return fit;
    bool is_empty = !fit && valuing->sums.rows == 0 && !worth.pending;
    if (is_empty && !found)
        return STATUS_OK;
    /* As a key that no row leads to any more, so that both ways to it show the same. */
    if (is_empty)
        worth = (struct worth){0};
    status = emit_key(fold, book, &name, is_empty ? NULL : plan, fit ? NULL : &worth, &shown, mover,
                      outbox);
    write_shown(fold, &name, &shown);
    return status;
}

/* --- a set of keys: added, sorted once, asked --- */

struct key_set {
    struct slice *items; /* owned */
    size_t count;
    size_t capacity;
};

static void key_set_add(struct key_set *set, struct slice key)
{
    if (set->count == set->capacity) {
        set->capacity = set->capacity ? set->capacity * 2 : 64;
        set->items = realloc(set->items, set->capacity * sizeof *set->items);
    }
    char *copy = malloc(key.length);
    if (!set->items || !copy)
        abort();
    memcpy(copy, key.bytes, key.length);
    set->items[set->count++] = (struct slice){copy, key.length};
}

static int by_bytes(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void key_set_sort(struct key_set *set)
{
    if (set->count)
        qsort(set->items, set->count, sizeof *set->items, by_bytes);
}

static bool key_set_has(const struct key_set *set, struct slice key)
{
    return set->count && bsearch(&key, set->items, set->count, sizeof *set->items, by_bytes);
}

static void key_set_deinit(struct key_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free((void *)(uintptr_t)set->items[i].bytes);
    free(set->items);
}

/* --- which keys a deal has --- */

/* Called for each key; `version` is the one whose plan values rows of that day. */
struct visit {
    struct incentives *fold;
    struct key_set *visited; /* NULL, or where the emitted rows' keys are noted */
    struct book *book;
    const struct deal_rows *rows;
    const struct mover *mover;
    const struct outbox *outbox;
    struct slice deal_book;
    char *detail;
};

static void note_visit(const struct visit *visit, const struct deal_key *key)
{
    const struct plan *plan = key->version->plan;
    key_set_add(visit->visited,
                key_of_emitted(&visit->fold->io.key, visit->book->participant, plan->name,
                               plan->components[key->index].name, key->window));
}

static enum status visit_key(const struct visit *visit, const struct deal_key *key)
{
    if (visit->visited)
        note_visit(visit, key);
    struct valuing valuing;
    enum status status =
        value_key(visit->fold, visit->book, visit->rows, key, &valuing, visit->detail);
    if (!status)
        status = emit_valued(visit->fold, visit->book, &valuing, visit->mover, visit->outbox,
                             visit->detail);
    ordered_deinit(&valuing.sums.ordered);
    return status;
}

static struct slice line_window(struct incentives *fold, struct slice deal_book,
                                struct slice line_id)
{
    struct slice deal_id = {deal_book.bytes + 5, deal_book.length - 5};
    struct buffer *text = &fold->text;
    buffer_reset(text);
    window_append_line_id(deal_id, line_id, text);
    return arena_copy(&fold->deal_scratch, buffer_slice(text));
}

static enum status visit_lines(const struct visit *visit, struct deal_key *key,
                               const struct credit *credit)
{
    const struct deal_line *lines = credit->lines.items;
    key->is_line = true;
    for (size_t i = 0; i < credit->lines.count; i++) {
        key->line_id = lines[i].line_id;
        key->window = line_window(visit->fold, visit->deal_book, lines[i].line_id);
        if (!key->window.bytes)
            return STATUS_EXHAUSTED;
        enum status status = visit_key(visit, key);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* Whether this version values the component's windows on the day of the credit, which it notes. */
static bool is_valued(const struct visit *visit, struct deal_key *key, const struct credit *credit)
{
    struct window_memory day;
    return is_window_valued(visit->fold, key, credit, &key->day, &day);
}

/* The keys of one component that `credit` may have given, as it is now or was. */
static enum status visit_component(const struct visit *visit, struct deal_key *key,
                                   const struct credit *credit)
{
    const struct plan_component *component = &key->version->plan->components[key->index];
    if (!is_valued(visit, key, credit))
        return STATUS_OK;
    if (!is_deal_window(visit->deal_book)) /* an event of no deal has no such window */
        return STATUS_OK;
    if (component->over == WINDOW_LINE)
        return visit_lines(visit, key, credit);
    key->is_line = false;
    key->window = visit->deal_book;
    return visit_key(visit, key);
}

static enum status visit_credit(const struct visit *visit, const struct credit *credit)
{
    for (size_t i = 0; i < visit->book->assignment_count; i++) {
        const struct book_assignment *assignment = &visit->book->assignments[i];
        const struct plan_series *series = assignment->is_first ? assignment->series : NULL;
        for (size_t v = 0; series && v < series->count; v++) {
            const struct plan *plan = series->versions[v]->plan;
            for (size_t c = 0; c < plan->component_count; c++) {
                enum window_over over = plan->components[c].over;
                if (over != WINDOW_DEAL && over != WINDOW_LINE)
                    continue;
                struct deal_key key = {.series = series,
                                       .version = series->versions[v],
                                       .index = c,
                                       .deal_book = visit->deal_book};
                enum status status = visit_component(visit, &key, credit);
                if (status)
                    return status;
            }
        }
    }
    return STATUS_OK;
}

static enum status reconcile_rows(struct incentives *fold, struct book *book,
                                  struct slice deal_book, const struct credit *before,
                                  struct key_set *visited, const struct mover *mover,
                                  const struct outbox *outbox, char *detail)
{
    struct deal_rows rows;
    arena_reset(&fold->deal_scratch);
    enum status status = read_deal(fold, book->participant, deal_book, &rows, detail);
    if (status)
        return status;
    struct visit visit = {fold, visited, book, &rows, mover, outbox, deal_book, detail};
    if (before && !before->is_withdrawn)
        status = visit_credit(&visit, before);
    for (size_t i = 0; !status && i < rows.count; i++) {
        if (!rows.items[i].is_withdrawn)
            status = visit_credit(&visit, &rows.items[i]);
    }
    return status;
}

enum status reconcile_deal(struct incentives *fold, struct book *book, struct slice deal_book,
                           const struct credit *before, const struct mover *mover,
                           const struct outbox *outbox, char *detail)
{
    return reconcile_rows(fold, book, deal_book, before, NULL, mover, outbox, detail);
}

/* --- all deals of a book --- */

/* The first row behind `from` (not at it) in the book whose kind is `letter`; NULL when none. */
static const struct row *next_row(struct incentives *fold, const struct book *book, char letter,
                                  struct slice from)
{
    const struct row *row = store_seek(fold->io.store, from, true);
    if (!row)
        return NULL;
    struct row_key key = row_key_parse(row_key(row));
    return key.letter == letter && slice_equal(key.book, book->participant) ? row : NULL;
}

static void begin_rows(struct buffer *at, const struct book *book, char letter)
{
    (void)key_of_book(at, book->participant);
    buffer_append_byte(at, letter);
}

static enum status reconcile_present(struct incentives *fold, struct book *book,
                                     struct key_set *visited, const struct mover *mover,
                                     const struct outbox *outbox, char *detail)
{
    struct buffer at = {0};
    enum status status = STATUS_OK;
    begin_rows(&at, book, 'c');
    for (;;) {
        const struct row *row = next_row(fold, book, 'c', buffer_slice(&at));
        if (status || !row)
            break;
        struct slice deal;
        (void)slice_split(row_key_parse(row_key(row)).id, '\0', &deal);
        begin_rows(&at, book, 'c');
        buffer_append_slice(&at, deal);
        size_t length = at.length;
        status =
            reconcile_rows(fold, book, (struct slice){at.bytes + length - deal.length, deal.length},
                           NULL, visited, mover, outbox, detail);
        buffer_append_byte(&at, '\1'); /* behind all rows of the deal */
    }
    buffer_deinit(&at);
    return status;
}

static enum status reconcile_absent(struct incentives *fold, struct book *book,
                                    const struct key_set *visited, const struct mover *mover,
                                    const struct outbox *outbox, char *detail)
{
    struct buffer at = {0};
    enum status status = STATUS_OK;
    begin_rows(&at, book, 'e');
    for (;;) {
        const struct row *row = next_row(fold, book, 'e', buffer_slice(&at));
        if (status || !row)
            break;
        buffer_reset(&at);
        buffer_append_slice(&at, row_key(row));
        struct slice parts[3];
        row_key_parts(row_key_parse(buffer_slice(&at)).id, parts, 3);
        if (!is_deal_window(parts[2]) || key_set_has(visited, buffer_slice(&at)))
            continue;
        struct emitted_row emitted;
        arena_reset(&fold->deal_scratch);
        status =
            row_decode_into(&fold->io, ROW_EMITTED, row, &fold->deal_scratch, &emitted, detail);
        if (status)
            break;
        struct shown shown = shown_of_row(&emitted, &fold->names);
        struct key_name name = {book->participant, parts[0], parts[1], parts[2]};
        status = emit_key(fold, book, &name, NULL, &(struct worth){0}, &shown, mover, outbox);
        write_shown(fold, &name, &shown);
    }
    buffer_deinit(&at);
    return status;
}

enum status reconcile_deals(struct incentives *fold, struct book *book, const struct mover *mover,
                            const struct outbox *outbox, char *detail)
{
    struct key_set visited = {0};
    enum status status = STATUS_OK;
    if (book->has_deal_keys)
        status = reconcile_present(fold, book, &visited, mover, outbox, detail);
    key_set_sort(&visited);
    if (!status && (book->has_deal_keys || book->has_deal_rows))
        status = reconcile_absent(fold, book, &visited, mover, outbox, detail);
    key_set_deinit(&visited);
    return status;
}
