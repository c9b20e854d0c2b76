#include "engine/incentives_fold.h"

#include "engine/results.h"

#include <stdlib.h>

static struct key_name name_of(const struct incentives *fold, const struct book *book,
                               const struct book_key *key)
{
    struct key_name name = {.participant = book->participant};
    name.component = slice_split(interner_text(&fold->names, key->component), '\0', &name.plan);
    name.window = interner_text(&fold->names, key->window);
    return name;
}

/* What the key is worth where it looks at results, which stand in rows of their own. Other failures
 * than STATUS_OUT_OF_RANGE are of reading them. */
static enum status worth_by_results(struct incentives *fold, struct book *book,
                                    const struct book_key *key, struct worth *out, char *detail)
{
    struct tally tally = tally_of(fold, book);
    const struct plan *plan = key->version->plan;
    struct window_sums sums = key->sums;
    struct window_figures figures = key->figures;
    struct result_figure *results;
    enum status status =
        results_of_window(&tally, key->version, key->index, figures.from, figures.until,
                          interner_text(&fold->names, key->window), &results, &sums.rows, detail);
    if (status)
        return status;
    figures.results = results;
    return worth_of(plan, &plan->components[key->index], &sums, &figures, &(struct given_pay){0},
                    out);
}

static enum status worth_of_key(struct incentives *fold, struct book *book,
                                const struct book_key *key, struct worth *out, char *detail)
{
    const struct plan *plan = key->version->plan;
    const struct plan_component *component = &plan->components[key->index];
    if (component->result_count)
        return worth_by_results(fold, book, key, out, detail);
    return worth_of(plan, component, &key->sums, &key->figures, &(struct given_pay){0}, out);
}

enum status reconcile_key(struct incentives *fold, struct book *book, uint32_t place,
                          const struct mover *mover, const struct outbox *outbox, char *detail)
{
    struct book_key *key = &book->keys[place];
    struct key_name name = name_of(fold, book, key);
    const struct plan *plan = key->version ? key->version->plan : NULL;
    struct worth worth = {0};
    enum status status = STATUS_OK;
    if (plan)
        status = worth_of_key(fold, book, key, &worth, detail);
    if (status && status != STATUS_OUT_OF_RANGE)
        return status;
    status = emit_key(fold, book, &name, plan, status ? NULL : &worth, &key->shown, mover, outbox);
    if (key->shown.is_unwritten)
        books_note_unwritten(&fold->books, book);
    return status;
}

void write_books(struct incentives *fold)
{
    for (struct book *book; (book = fold->books.unwritten) != NULL;) {
        for (uint32_t i = 0; i < book->key_count; i++) {
            if (!book->keys[i].shown.is_unwritten)
                continue;
            struct key_name name = name_of(fold, book, &book->keys[i]);
            write_shown(fold, &name, &book->keys[i].shown);
        }
        books_note_written(&fold->books, book);
    }
}

struct sorted_key {
    struct slice component; /* plan and component: in byte order as the emitted row's key */
    struct slice window;
    uint32_t place;
};

static int by_name(const void *a, const void *b)
{
    const struct sorted_key *first = a;
    const struct sorted_key *second = b;
    int order = slice_compare(first->component, second->component);
    return order ? order : slice_compare(first->window, second->window);
}

enum status reconcile_book(struct incentives *fold, struct book *book, const struct mover *mover,
                           const struct outbox *outbox, char *detail)
{
    size_t count = book->key_count;
    struct sorted_key *sorted = arena_take_array(&fold->io.scratch, count, sizeof *sorted);
    if (!sorted)
        return STATUS_EXHAUSTED;
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (struct sorted_key){interner_text(&fold->names, book->keys[i].component),
                                        interner_text(&fold->names, book->keys[i].window), i};
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 0; i < count; i++) {
        enum status status = reconcile_key(fold, book, sorted[i].place, mover, outbox, detail);
        if (status)
            return status;
    }
    return reconcile_deals(fold, book, mover, outbox, detail);
}
