/* The rows of one window in their order, with running totals: for what is paid by when a total is
 * reached, and by what came first (PLAN-LANGUAGE section 4, milestones), and for which part of the
 * window's pay belongs to which row (section 7).
 *
 * A treap over the rows' order that keeps, for every subtree, its sum and the highest running total
 * within it. Counting a row in or out, and finding where a total is first reached, take
 * O(log rows). Its shape hangs on the rows alone, not on the order in which they came.
 *
 * Rows of a component that divides its pay carry more: what else they add up, and what is released
 * of them. Every subtree then knows whether all of it is released alike, so that a walk over runs
 * of rows that are takes O(runs × log rows). */
#ifndef MILEPOST_ENGINE_ORDERED_H
#define MILEPOST_ENGINE_ORDERED_H

#include "engine/rows.h"
#include "engine/sums.h"
#include "plan/plan.h"

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

/* A credit's, or that of a line of it; `at` is the row's own instant (row_instant). */
struct row_place place_of_credit(const struct credit *credit, const struct deal_line *line,
                                 int64_t at);

/* Counts a row in: what it adds to the total, in 10^-18. It is not there yet. Out of memory ends
 * the process. */
void ordered_add(struct ordered *rows, const struct row_place *place, int128 part);

/* What a row has of its release: a share, less what is held back of it until a day. */
struct row_release {
    struct rational share; /* 0 … 1, in lowest terms */
    int32_t held_until;    /* HELD_NOT, HELD_FOR_EVER or the first day on which nothing is held */
};

#define HELD_NOT      INT32_MIN
#define HELD_FOR_EVER INT32_MAX

/* Whether rows of the component have more than their part: it divides its pay, or pays the earliest
 * of them. */
static inline bool has_more_rows(const struct plan_component *component)
{
    return component->divides_pay || (component->needs & NEEDS_EARLIEST);
}

/* What a row of such a component adds up beside its part. */
struct row_more {
    int128 units; /* as contribution's, as is the next */
    struct wide_sum rated;
    struct row_release release;
    bool has_foreign_cash; /* a payment of its deal in another currency is left out */
};

/* As ordered_add, with what the row adds beside. All rows of a tree have it, or none. Returns the
 * row, which stays where it is until it is counted out. */
const struct ordered_row *ordered_add_more(struct ordered *rows, const struct row_place *place,
                                           int128 part, const struct row_more *more);

/* The row that is there under `place`. */
const struct ordered_row *ordered_find(const struct ordered *rows, const struct row_place *place);

/* Counts out a row that is there. */
void ordered_remove(struct ordered *rows, const struct row_place *place);

void ordered_deinit(struct ordered *rows);

/* A running total from its first row on. */
struct ordered_reached {
    const struct ordered_row *row; /* that reached it */
    int64_t at;                    /* of that row */
    struct wide_sum total;         /* with that row and `base` */
};

/* The first row with which `base` and the rows up to it come to `least` or more (`is_passed`: to
 * more than it). False when none does. */
bool ordered_first(const struct ordered *rows, const struct wide_sum *base, int128 least,
                   bool is_passed, struct ordered_reached *out);

/* --- rows with more --- */

/* The sums over the rows up to and with `last`. */
struct ordered_sums {
    const struct ordered_row *last; /* NULL: no row */
    struct wide_sum measure;
    struct wide_sum units;
    struct wide_sum rated;
};

/* Of the rows before `row`, which is there. */
struct ordered_sums ordered_before(const struct ordered *rows, const struct ordered_row *row);

/* Of the rows up to and with it. */
struct ordered_sums ordered_with(const struct ordered *rows, const struct ordered_row *row);

/* Up to and with the row with which their units come to `least` or more, of rows whose units are
 * none below 0; of all where they never do. */
struct ordered_sums ordered_earliest(const struct ordered *rows, int128 least);

/* Rows beside each other that are released alike. */
struct ordered_run {
    struct ordered_sums until; /* the run's last row and all before it */
    struct rational share;     /* of each row's release */
    bool is_held;              /* the hold-back of each is not over on the day asked for */
};

/* Calls `visit` for run after run, in the rows' order, and ends with its first failure. `date`: the
 * day by which hold-backs are over or not. `is_by_row`: each row is a run of its own. */
enum status ordered_runs(const struct ordered *rows, int32_t date, bool is_by_row, void *self,
                         enum status (*visit)(void *self,
                                              const struct ordered_run *run)) MUST_CHECK;

/* What the row has beside its part. */
const struct row_more *ordered_row_more(const struct ordered_row *row);

/* The book of the deal, or of the event of no deal, that the row is of. */
struct slice ordered_book(const struct ordered_row *row);

/* Whether `row` stands before `other` or is it. */
bool ordered_reaches(const struct ordered_row *row, const struct ordered_row *other);

/* Whether `place` is that of `row` or of one before it. */
bool ordered_covers(const struct ordered_row *row, const struct row_place *place);

#endif
