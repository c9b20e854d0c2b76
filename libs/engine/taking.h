/* What a window's pay comes to, and what cancellations take back of it: the last steps of worth.h.
 * Internal to libs/engine. */
#ifndef MILEPOST_ENGINE_TAKING_H
#define MILEPOST_ENGINE_TAKING_H

#include "engine/adjusting.h"
#include "engine/releasing.h"

/* Y' and its parts. */
struct window_pay {
    uint32_t waits;         /* bits of reasons: then nothing else is set */
    struct pay_result paid; /* Y by the mechanic, with the step that it came to */
    struct rational pay;    /* Y' */
    bool is_withheld;       /* by a gate */
    struct pay_parts parts; /* where has_parts */
    bool has_parts;
};

/* Pays and adjusts a window that has been measured and lacks nothing; `has_parts` says whether
 * parts are wanted. Fails as worth_of; window_pay_deinit in any case. */
enum status window_pay_find(struct valuation *valuation, bool has_parts, bool without_floors,
                            struct window_pay *out) MUST_CHECK;
void window_pay_deinit(struct window_pay *pay);

/* Adds what is taken back of rows of one window. Fails as worth_of. */
enum status take_rows(struct valuation *valuation, const struct take *takes, size_t count,
                      struct exact *earned, struct exact *payable) MUST_CHECK;

#endif
