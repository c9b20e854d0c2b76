/* What a window's pay comes to, and what cancellations take back of it: the last steps of worth.h.
 * Internal to libs/engine. */
#ifndef MILEPOST_ENGINE_TAKING_H
#define MILEPOST_ENGINE_TAKING_H

#include "engine/adjusting.h"
#include "engine/releasing.h"

/* Y'. */
struct window_pay {
    uint32_t waits;         /* bits of reasons: then nothing else counts */
    bool is_withheld;       /* by a gate */
    struct pay_result paid; /* Y by the mechanic, with the step that it came to */
    struct rational pay;
};

/* Pays and adjusts a window that has been measured and lacks nothing. `parts` (NULL: nobody asks)
 * are begun unless it waits, and ended with pay_parts_deinit by the caller, who gives a zeroed
 * struct. Fails as worth_of. */
enum status window_pay_find(struct valuation *valuation, struct pay_parts *parts,
                            bool without_floors, struct window_pay *out) MUST_CHECK;

/* Adds what is taken back of rows of one window. Fails as worth_of. */
enum status take_rows(struct valuation *valuation, const struct take *takes, size_t count,
                      struct exact *earned, struct exact *payable) MUST_CHECK;

#endif
