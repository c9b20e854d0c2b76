/* Counting credits into a book's sums, in and out again. */
#ifndef MILEPOST_ENGINE_TALLY_H
#define MILEPOST_ENGINE_TALLY_H

#include "engine/book.h"
#include "engine/measure_row.h"
#include "engine/outcomes.h"

struct tally {
    struct row_io *io;
    struct plans *plans;
    struct interner *names;
    struct books *books;
    struct book *book;
    struct outcomes *outcomes; /* NULL: the rows are no news */
};

/* Places of keys, each once, in the order they were touched. Zero-valid. */
struct touched {
    uint32_t *places;
    size_t count;
    size_t capacity;
};

void touched_deinit(struct touched *touched);
void touched_add(struct touched *touched, uint32_t place);

/* Counts `credit`, with its payments where the book counts those, in (by = 1) or out (by = -1).
 * Fails as rows are read. */
enum status tally_credit(const struct tally *tally, const struct credit *credit, int by,
                         struct touched *touched, char *detail) MUST_CHECK;

/* The same for an adjustment: a row of the component that it names where that measures adjustments,
 * else an amount that stands beside what the key's window earns (window_sums.by_hand). */
enum status tally_adjustment(const struct tally *tally, const struct result *adjustment, int by,
                             struct touched *touched, char *detail) MUST_CHECK;

/* What the roster says of a window of the component: goal and target of the assignment that is the
 * last one in it. */
enum status tally_figures(const struct tally *tally, const struct plan *plan,
                          const struct plan_component *component, int32_t from, int32_t until,
                          struct slice window, struct window_figures *out, char *detail) MUST_CHECK;

/* The place of the key of component `index` in `window`, which `version` values; added when it is
 * not there. */
enum status tally_place(const struct tally *tally, const struct plan_version *version, size_t index,
                        const struct window_memory *window, uint32_t *out_place,
                        char *detail) MUST_CHECK;

/* Makes `place` a key that `version` values. */
enum status tally_value_key(const struct tally *tally, uint32_t place,
                            const struct plan_version *version, size_t index, int32_t from,
                            int32_t until, char *detail) MUST_CHECK;

#endif
