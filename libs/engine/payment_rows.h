/* `of: payments`: the payments of a deal as rows of a participant's book.
 *
 * They are not written: each row of a deal carries the deal's cash, and each payment in it is a row
 * beside it, of the same participant, role and share, dated when it was received. What has happened
 * to the deal is on it as on a milestone's row. A cancelled deal's payments count as they are. */
#ifndef MILEPOST_ENGINE_PAYMENT_ROWS_H
#define MILEPOST_ENGINE_PAYMENT_ROWS_H

#include "base/arena.h"
#include "engine/rows.h"

/* How many rows of payments stand beside `credit`: none but beside a deal's. */
static inline size_t payment_rows_count(const struct credit *credit)
{
    return credit->kind == CREDIT_DEAL && !credit->is_withdrawn ? credit->cash.count : 0;
}

/* Row `index` of them, of CREDIT_PAYMENT. Its name is from `scratch`: the payment's id, 0x1f, and
 * the name of the deal's row. EXHAUSTED: that is full. */
enum status payment_row_of(const struct credit *deal, size_t index, struct arena *scratch,
                           struct credit *out) MUST_CHECK;

#endif
