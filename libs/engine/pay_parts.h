/* Which part of a window's pay belongs to which row (PLAN-LANGUAGE section 7), before and behind
 * adjust. Internal to libs/engine.
 *
 * "A row's part is pays(rows up to and with it) − pays(rows before it), before adjust": parts of
 * rows beside each other telescope, so that a run of rows that are released alike takes two calls
 * of the mechanic, whatever its length. "adjust's effect is spread in proportion": all parts, and
 * what belongs to no row, have one factor, which is kept beside them. Only a cap or floor per deal
 * in a longer window has every row's part taken down.
 *
 * Where the page leaves room:
 *   - pays(no row), `plus` and `add` belong to no row, as what adjust makes of 0;
 *   - pro rata, a baseline takes its part as `plus` does; where rows and `plus` measure 0 in all,
 *     nothing belongs to a row. With `share: after` the deal measures whole, since the share is of
 *     the pay and so of both parts alike;
 *   - a window that is a deal, or a line, belongs to its rows without `attribution`: by slices to
 *     events, otherwise to its first row;
 *   - a bound per deal holds for the sum of the deal's rows. Where that is 0 and is lifted, the
 *     first row has it;
 *   - what is of no deal, an event, has no bound per deal. */
#ifndef MILEPOST_ENGINE_PAY_PARTS_H
#define MILEPOST_ENGINE_PAY_PARTS_H

#include "engine/valuation.h"
#include "money/exact.h"

enum pay_parts_by {
    PARTS_NONE,  /* nobody asks: nothing belongs to a row */
    PARTS_WHOLE, /* all of it belongs to the first row */
    PARTS_SLICES,
    PARTS_PRO_RATA,
};

/* What belongs to one row, or to a run of rows that are released alike. */
struct part {
    const struct ordered_row *row; /* the last of them */
    struct rational pay;           /* to be multiplied by the parts' scale */
    struct rational share;         /* of its release */
    bool is_held;
};

/* Ended with pay_parts_deinit. */
struct pay_parts {
    const struct valuation *valuation; /* measured; lives as long */
    enum pay_parts_by by;
    struct rational pay;      /* Y */
    struct rational no_rows;  /* what of Y belongs to no row */
    struct rational measured; /* PARTS_PRO_RATA: by all rows and `plus` */
    int32_t date;             /* the business date */
    struct exact scale;       /* what adjust has made of parts so far */
    struct exact rest;        /* what belongs to no row now */
    struct part *taken_down;  /* each row's, once a bound per deal has run; NULL before */
    size_t count;
};

/* How pay of the component is divided. */
enum pay_parts_by pay_parts_by_of(const struct plan_component *component);

/* The parts of `pay`, which is Y of the whole window. Fails as worth_of; deinit in any case. */
enum status pay_parts_begin(struct pay_parts *parts, const struct valuation *valuation,
                            struct rational pay) MUST_CHECK;
void pay_parts_deinit(struct pay_parts *parts);

/* A step of adjust has made `to` of `from`. */
void pay_parts_change(struct pay_parts *parts, struct rational from, struct rational to);

/* `add`. */
void pay_parts_add(struct pay_parts *parts, struct rational amount);

/* A cap or floor of `at` for each deal; `*pay` becomes what that comes to. Fails as worth_of. */
enum status pay_parts_bound(struct pay_parts *parts, const struct adjustment *step,
                            struct rational at, struct rational *pay) MUST_CHECK;

/* Calls `visit` for part after part, in the rows' order, and ends with its first failure.
 * `is_by_row`: each row has its own. Fails as worth_of. */
enum status pay_parts_each(const struct pay_parts *parts, bool is_by_row, void *self,
                           enum status (*visit)(void *self, const struct part *part)) MUST_CHECK;

/* Makes `*out`, which is none yet, the part of `row`, which is there. Fails as worth_of. */
enum status pay_parts_of_row(const struct pay_parts *parts, const struct ordered_row *row,
                             struct exact *out) MUST_CHECK;

#endif
