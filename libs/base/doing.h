/* What a program is doing at the moment, for somebody who looks now and then: who samples it learns
 * the shares of time without a clock being read. Nobody acts upon it. */
#ifndef MILEPOST_BASE_DOING_H
#define MILEPOST_BASE_DOING_H

#include <stdatomic.h>
#include <stddef.h>

/* Symbol, name. */
#define DOING_LIST(ROW)                                                                            \
    ROW(DOING_OTHER, "other")                                                                      \
    ROW(DOING_READING, "reading")       /* events from a file, up to their records */              \
    ROW(DOING_APPLYING, "applying")     /* decoding records, rows into books, sums */              \
    ROW(DOING_EVALUATING, "evaluating") /* what books are worth */                                 \
    ROW(DOING_WRITING, "writing")       /* records and journals, encoded and committed */

#define DOING_SYMBOL(symbol, name) symbol,
enum doing { DOING_LIST(DOING_SYMBOL) DOING_COUNT };
#undef DOING_SYMBOL

/* Where it is said. */
struct doing_now {
    atomic_int doing;
};

/* Says it; `now` NULL: nobody looks. Returns what was said before, to be said again afterwards. */
static inline enum doing doing_say(struct doing_now *now, enum doing doing)
{
    if (!now)
        return DOING_OTHER;
    enum doing before = (enum doing)atomic_load_explicit(&now->doing, memory_order_relaxed);
    atomic_store_explicit(&now->doing, (int)doing, memory_order_relaxed);
    return before;
}

#endif
