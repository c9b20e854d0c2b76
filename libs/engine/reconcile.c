#include "engine/incentives_fold.h"

#include "engine/releasing.h"
#include "engine/viewpoint.h"

#include <stdlib.h>

static struct key_name name_of(const struct incentives *fold, const struct book *book,
                               const struct book_key *key)
{
    struct key_name name = {.participant = book->participant};
    name.component = slice_split(interner_text(&fold->names, key->component), '\0', &name.plan);
    name.window = interner_text(&fold->names, key->window);
    return name;
}

/* Whether its sums and figures are not all that the key is valued by. */
static bool is_looking(const struct plan_component *component)
{
    return component->result_count || component->looks_around || component->moves_with_date ||
           component->divides_pay || is_releasing(component) || (component->needs & NEEDS_EVENTS);
}

static enum status worth_of_key(struct incentives *fold, struct book *book,
                                const struct book_key *key, struct worth *out, char *detail)
{
    const struct plan *plan = key->version->plan;
    const struct plan_component *component = &plan->components[key->index];
    if (!is_looking(component) && !book->take_count)
        return worth_of(plan, component, &key->sums, &key->figures, NULL, NULL, out);
    struct viewpoint view = {
        .fold = fold,
        .book = book,
        .version = key->version,
        .index = key->index,
        .from = key->figures.from,
        .until = key->figures.until,
        .window = interner_text(&fold->names, key->window),
        .detail = detail,
    };
    return viewpoint_worth(&view, &key->sums, &key->figures, NULL, out);
}

enum status reconcile_key(struct incentives *fold, struct book *book, uint32_t place,
                          const struct mover *mover, const struct outbox *outbox, char *detail)
{
    struct book_key *key = &book->keys[place];
    struct key_name name = name_of(fold, book, key);
    const struct plan *plan = key->version ? key->version->plan : NULL;
    struct worth worth = {0};
    enum status status = STATUS_OK;
    enum doing before = doing_say(fold->fold.doing, DOING_EVALUATING);
    if (plan)
        status = worth_of_key(fold, book, key, &worth, detail);
    (void)doing_say(fold->fold.doing, before);
    if (status && status != STATUS_OUT_OF_RANGE)
        return status;
    status = emit_key(fold, book, &name, plan, status ? NULL : &worth, &key->shown, mover, outbox);
    if (key->shown.is_unwritten)
        books_note_unwritten(&fold->books, book);
    return status;
}

/* --- the keys that a row came to, and those that look at them --- */

/* Keys of one plan in the order in which they are valued: components behind those they look at,
 * windows ascending. */
struct ranked_key {
    int32_t rank; /* of the component in plan->order */
    int32_t from;
    struct slice component;
    struct slice window;
    uint32_t place;
};

static int32_t rank_of(const struct book_key *key)
{
    const struct plan *plan = key->version->plan;
    int32_t rank = 0;
    while (plan->order[rank] != (int32_t)key->index)
        rank++;
    return rank;
}

static int by_rank(const void *a, const void *b)
{
    const struct ranked_key *first = a;
    const struct ranked_key *second = b;
    if (first->rank != second->rank)
        return first->rank < second->rank ? -1 : 1;
    if (first->from != second->from)
        return first->from < second->from ? -1 : 1;
    int order = slice_compare(first->component, second->component);
    return order ? order : slice_compare(first->window, second->window);
}

static const struct plan_series *series_of(const struct book_key *key)
{
    return key->version ? key->version->series : NULL;
}

/* Whether the row came to a key that others may look at. */
static bool is_looked_at(const struct book *book, const struct touched *touched)
{
    for (size_t i = 0; i < touched->count; i++) {
        const struct plan_series *series = series_of(&book->keys[touched->places[i]]);
        if (series && series->looks_across)
            return true;
    }
    return false;
}

static bool is_touched(const struct touched *touched, uint32_t place)
{
    for (size_t i = 0; i < touched->count; i++) {
        if (touched->places[i] == place)
            return true;
    }
    return false;
}

static enum status reconcile_plan(struct incentives *fold, struct book *book,
                                  const struct plan_series *series, const struct touched *touched,
                                  const struct mover *mover, const struct outbox *outbox,
                                  char *detail)
{
    struct ranked_key *ranked =
        arena_take_array(&fold->io.scratch, book->key_count, sizeof *ranked);
    size_t count = 0;
    if (!ranked)
        return STATUS_EXHAUSTED;
    for (uint32_t i = 0; i < book->key_count; i++) {
        const struct book_key *key = &book->keys[i];
        if (series_of(key) == series)
            ranked[count++] = (struct ranked_key){rank_of(key), key->figures.from,
                                                  interner_text(&fold->names, key->component),
                                                  interner_text(&fold->names, key->window), i};
    }
    qsort(ranked, count, sizeof *ranked, by_rank);
    struct mover onlooker = *mover; /* lets go of no hold that is about rows of its own */
    onlooker.is_newer_row = false;
    for (size_t i = 0; i < count; i++) {
        bool is_own = is_touched(touched, ranked[i].place);
        enum status status =
            reconcile_key(fold, book, ranked[i].place, is_own ? mover : &onlooker, outbox, detail);
        if (status)
            return status;
    }
    return STATUS_OK;
}

static enum status reconcile_looked_at(struct incentives *fold, struct book *book,
                                       const struct touched *touched, const struct mover *mover,
                                       const struct outbox *outbox, char *detail)
{
    bool looks_from_deals = false;
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < touched->count; i++) {
        const struct plan_series *series = series_of(&book->keys[touched->places[i]]);
        bool is_first = true;
        for (size_t k = 0; k < i; k++)
            is_first &= series_of(&book->keys[touched->places[k]]) != series;
        if (!series || !series->looks_across) {
            status = reconcile_key(fold, book, touched->places[i], mover, outbox, detail);
            continue;
        }
        looks_from_deals |= series->looks_across_from_deals;
        if (is_first)
            status = reconcile_plan(fold, book, series, touched, mover, outbox, detail);
    }
    struct mover onlooker = *mover;
    onlooker.is_newer_row = false;
    if (!status && looks_from_deals)
        status = reconcile_deals(fold, book, &onlooker, outbox, detail);
    return status;
}

/* What is taken back of a window's rows moves with the window. */
static void touch_takes(const struct book *book, struct touched *touched)
{
    for (uint32_t i = 0; i < book->take_count; i++) {
        if (is_touched(touched, book->takes[i].closed))
            touched_add(touched, book->takes[i].taken);
    }
}

enum status reconcile_touched(struct incentives *fold, struct book *book, struct touched *touched,
                              const struct mover *mover, const struct outbox *outbox, char *detail)
{
    enum status status = STATUS_OK;
    sights_reset(&fold->sights);
    touch_takes(book, touched);
    if (!mover->hold.bytes && is_looked_at(book, touched))
        return reconcile_looked_at(fold, book, touched, mover, outbox, detail);
    for (size_t i = 0; !status && i < touched->count; i++)
        status = reconcile_key(fold, book, touched->places[i], mover, outbox, detail);
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
    sights_reset(&fold->sights);
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
