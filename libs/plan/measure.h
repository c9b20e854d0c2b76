/* `measure`: what a component counts (PLAN-LANGUAGE section 3, step 1 and 2 of section 10). */
#ifndef MILEPOST_PLAN_MEASURE_H
#define MILEPOST_PLAN_MEASURE_H

#include "money/money.h"
#include "plan/condition.h"

/* symbol, word in plans: the rows that are counted. Date of a row (section 1): deal and line
 * closed_at; milestone reached_at, or approved_at with `dated: approved`; payment received_at;
 * result its window's last instant, or its date; award the last instant of the window it settles;
 * downline pay the last instant of its window. */
#define MEASURE_OF_LIST(ROW)                                                                       \
    ROW(OF_DEALS, "deals")                                                                         \
    ROW(OF_MILESTONES, "milestones")                                                               \
    ROW(OF_PAYMENTS, "payments")                                                                   \
    ROW(OF_RESULTS, "results")                                                                     \
    ROW(OF_AWARDS, "awards")                                                                       \
    ROW(OF_DOWNLINE_DEALS, "downline-deals")                                                       \
    ROW(OF_DOWNLINE_PAY, "downline-pay")                                                           \
    ROW(OF_ADJUSTMENTS, "adjustments")

#define MEASURE_OF_SYMBOL(symbol, name) symbol,
enum measure_of { MEASURE_OF_LIST(MEASURE_OF_SYMBOL) MEASURE_OF_COUNT };
#undef MEASURE_OF_SYMBOL

enum measure_sum {
    SUM_AMOUNT, /* of the row: of awards, adjustments and pay their amount */
    SUM_NAMED_AMOUNT,
    SUM_QUANTITY,
    SUM_COUNT,
    SUM_VALUE, /* of results */
};

/* symbol, word in plans: which of a result's values in the window */
#define RESULT_TAKE_LIST(ROW)                                                                      \
    ROW(TAKE_LAST, "last")                                                                         \
    ROW(TAKE_AVERAGE, "average")                                                                   \
    ROW(TAKE_SUM, "sum")                                                                           \
    ROW(TAKE_MAX, "max")

/* symbol, word in plans: what a result counts that is not there. `100%` is for scorecards only. */
#define RESULT_MISSING_LIST(ROW)                                                                   \
    ROW(MISSING_ZERO, "zero")                                                                      \
    ROW(MISSING_PENDING, "pending") /* holds the component */                                      \
    ROW(MISSING_FULL, "100%")

/* symbol, word in plans: the date whose rate converts a row. `paid-date` values each cash part at
 * its own date. */
#define CONVERT_DATE_LIST(ROW)                                                                     \
    ROW(CONVERT_CLOSED_DATE, "closed-date")                                                        \
    ROW(CONVERT_PAID_DATE, "paid-date")                                                            \
    ROW(CONVERT_WINDOW_END, "window-end")                                                          \
    ROW(CONVERT_ATTRIBUTE, "attribute.NAME") /* a date on the deal, as text 2026-03-31 */

#define MEASURE_SYMBOL(symbol, name) symbol,
enum result_take { RESULT_TAKE_LIST(MEASURE_SYMBOL) RESULT_TAKE_COUNT };
enum result_missing { RESULT_MISSING_LIST(MEASURE_SYMBOL) RESULT_MISSING_COUNT };
enum convert_date { CONVERT_DATE_LIST(MEASURE_SYMBOL) CONVERT_DATE_COUNT };
#undef MEASURE_SYMBOL

/* "Only a published pair is used, never an inverse or a cross." */
struct convert {
    struct currency to;
    enum convert_date date;
    struct slice attribute; /* CONVERT_ATTRIBUTE: its name */
    int32_t previous_days;  /* missing: a rate may be this many days old; 0: the row is pending */
};

enum { LEVELS_MAX = 64 };

struct measure {
    enum measure_of of;
    enum measure_sum sum;
    struct slice amount_name; /* SUM_NAMED_AMOUNT: amount.NAME */
    bool counts_credited;     /* SUM_COUNT: a deal counts as one; otherwise as its share */
    uint64_t roles;           /* bit i: plan.roles[i] counts; 0: every role counts */
    const struct condition *conditions; /* all must hold */
    size_t condition_count;
    bool has_line_condition;   /* then lines count one by one, otherwise the deal as a whole */
    bool is_share_after;       /* share: after: X is taken whole, the pay is multiplied by the share
                                * before adjust; over: deal | line only */
    int128 plus;               /* added to the window's X, in 10^-18 */
    int32_t levels;            /* downline: edges up that a row may have come; 0: any number */
    bool is_minus_lower_level; /* downline: "take the pay of those one edge below, earned and
                                * rounded, for the rows that count, off the base" */
    struct slice result;       /* results: its name; empty for scorecards, which name their own */
    enum result_take take;
    enum result_missing missing;
    const struct convert *convert; /* NULL: a row in another currency waits, `currency-differs` */
};

/* The fields that conditions on this measure's rows may name: bits of CONDITION_FIELDS. */
uint32_t measure_condition_fields(const struct measure *measure);

#endif
