/* The rows of one window in their order, with running totals: for what is paid by when a total is
 * reached, and by what came first (PLAN-LANGUAGE section 4, milestones).
 *
 * A treap over the rows' order that keeps, for every subtree, its sum and the highest running total
 * within it. Counting a row in or out, and finding where a total is first reached, take
 * O(log rows). Its shape hangs on the rows alone, not on the order in which they came. */
#ifndef MILEPOST_ENGINE_ORDERED_H
#define MILEPOST_ENGINE_ORDERED_H

#include "engine/rows.h"
#include "engine/sums.h"

struct ordered_row;

/* Zero-valid: no rows. */
struct ordered {
    struct ordered_row *root;
};

/* Where a row stands: "Rows of every kind have one total order: (instant, deal id, line id, role,
 * row id)" (section 1). */
struct row_place {
    int64_t at; /* the row's own instant */
    struct slice deal;
    struct slice line; /* empty: the row is the whole deal */
    struct slice role;
    struct slice row;
};

struct row_place place_of_credit(const struct credit *credit, const struct deal_line *line);

/* Counts a row in: what it adds to the total, in 10^-18. It is not there yet. Out of memory ends
 * the process. */
void ordered_add(struct ordered *rows, const struct row_place *place, int128 part);

/* Counts out a row that is there. */
void ordered_remove(struct ordered *rows, const struct row_place *place);

void ordered_deinit(struct ordered *rows);

/* A running total from its first row on. */
struct ordered_reached {
    int64_t at;            /* of the row that reached it */
    struct wide_sum total; /* with that row and `base` */
};

/* The first row with which `base` and the rows up to it come to `least` or more (`is_passed`: to
 * more than it). False when none does. */
bool ordered_first(const struct ordered *rows, const struct wide_sum *base, int128 least,
                   bool is_passed, struct ordered_reached *out);

#endif
