#include "engine/deal_value.h"

#include "engine/events.h"
#include "engine/row_keys.h"

#include <stdlib.h>

static enum status emit_valued(struct incentives *fold, struct book *book,
                               const struct deal_value *value, const struct mover *mover,
                               const struct outbox *outbox, char *detail)
{
    const struct deal_key *key = value->key;
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
    enum status fit = deal_value_worth(value, &worth);
    if (fit && fit != STATUS_OUT_OF_RANGE)
        return fit;
    bool is_empty = !fit && value->sums.rows == 0 && !worth.pending;
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
    struct deal_value value;
    enum status status =
        deal_value_find(visit->fold, visit->book, visit->rows, key, &value, visit->detail);
    if (!status)
        status = emit_valued(visit->fold, visit->book, &value, visit->mover, visit->outbox,
                             visit->detail);
    deal_value_deinit(&value);
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

/* The keys of one component that `credit` may have given, as it is now or was. */
static enum status visit_component(const struct visit *visit, struct deal_key *key,
                                   const struct credit *credit)
{
    const struct plan_component *component = &key->version->plan->components[key->index];
    if (!deal_key_is_valued(visit->fold, key, credit, &key->day))
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

static enum status visit_rows(const struct visit *visit, const struct deal_rows *rows)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < rows->count; i++) {
        if (!rows->items[i].is_withdrawn)
            status = visit_credit(visit, &rows->items[i]);
    }
    return status;
}

static enum status reconcile_rows(struct incentives *fold, struct book *book,
                                  struct slice deal_book, const struct credit *before,
                                  struct key_set *visited, const struct mover *mover,
                                  const struct outbox *outbox, char *detail)
{
    struct deal_rows rows;
    arena_reset(&fold->deal_scratch);
    struct deal_rows were = {NULL, 0};
    enum status status = deal_rows_read(fold, book, deal_book, &rows, detail);
    if (!status && before)
        status = deal_rows_of(fold, book, before, &were);
    if (status)
        return status;
    struct visit visit = {fold, visited, book, &rows, mover, outbox, deal_book, detail};
    status = visit_rows(&visit, &were);
    return status ? status : visit_rows(&visit, &rows);
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
