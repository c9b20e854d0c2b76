/* What became payable while a business date stood: sums over payouts, for `total`, which goes by
 * the pay period that was open. */
#ifndef MILEPOST_MILEPOST_PAID_LEDGER_H
#define MILEPOST_MILEPOST_PAID_LEDGER_H

#include "base/arena.h"
#include "base/decimal.h"
#include "engine/rows.h"

#include <uthash.h>

struct paid_sum {
    UT_hash_handle hh;
    struct slice participant;
    struct slice plan;
    struct slice currency;
    int32_t date; /* INT32_MIN: none had come */
    struct decimal payable;
};

/* Zero-valid. */
struct paid_ledger {
    struct paid_sum *table;
    struct arena arena;
    bool has_arena;
};

/* Adds what of the payout is payable, if it is anybody's; copies its texts. Out of memory ends the
 * process. */
void paid_ledger_add(struct paid_ledger *ledger, const struct payout *payout, int32_t date);
void paid_ledger_deinit(struct paid_ledger *ledger);

/* In the order of participant, plan, currency, date. */
void paid_ledger_sort(struct paid_ledger *ledger);

#endif
