/* What stands around a key of a book, for a component that looks at more than its own sums: other
 * components of the same participant and plan, results, the assignment, other windows of the year
 * (PLAN-LANGUAGE sections 1, 3 and 5).
 *
 * Whoever values the key implements it over the book and answers from the rows as they are now, so
 * that the order in which keys are valued decides nothing. Each call fails as rows are read, and
 * with STATUS_OUT_OF_RANGE where a figure does not fit: then this key cannot be valued either.
 * `*out_found` false: it is missing, which makes a condition false. */
#ifndef MILEPOST_ENGINE_SURROUNDINGS_H
#define MILEPOST_ENGINE_SURROUNDINGS_H

#include "plan/plan.h"

/* How the steps of `adjust` went, for those who look back at them: an entry for each. */
struct adjust_trace {
    struct rational *before; /* the pay that the step got */
    bool *holds;             /* its condition held */
};

/* How far a component has come in a window. */
struct attained {
    bool is_there;              /* it has a goal that is not 0, and something to hold against it */
    struct rational attainment; /* as its `goal` says */
    struct rational exact;      /* before whole percents */
};

struct exact;

struct surroundings {
    void *self;
    bool has_business_date; /* false: none has come yet, so that no day has been reached */
    int32_t business_date;
    /* Adds what cancellations take back in this window, before rounding; NULL: nothing is. */
    enum status (*taken)(void *self, struct exact *earned, struct exact *payable);
    enum status (*attainment)(void *self, struct look look, bool *out_found, struct attained *out);
    /* Before rounding; 0 in a window in which no row counts. Missing where pay itself waits. */
    enum status (*earned)(void *self, struct look look, bool *out_found, struct rational *out);
    /* The last value in this window. */
    enum status (*result)(void *self, const struct result_name *name, bool *out_found,
                          struct rational *out);
    /* Of the assignment that is the last one in this window: list of struct attribute. */
    enum status (*attributes)(void *self, struct list *out);
    /* The measure of the same window last year, or the roster's figure for it; 0 without either. */
    enum status (*baseline)(void *self, struct rational *out);
    /* The pay that step `step` got in the earlier windows of this year in which it was taken. */
    enum status (*filled)(void *self, size_t step, bool *out_found, struct rational *out);
    /* The target incentives of the windows of this year, added up. */
    enum status (*year_target)(void *self, struct rational *out);
    struct adjust_trace *trace; /* written while the steps run; NULL: nobody looks back */
};

/* Whether its pay can move when a row that is not its own comes: a key of such a plan is valued
 * again whenever any key of the plan is touched. `has_parts`: windows may be split, so that a year
 * has several of any length. */
bool looks_across(const struct plan_component *component, bool has_parts);

/* Whether the business date has come to `day`. Components that ask have `moves_with_date`. */
static inline bool day_is_reached(const struct surroundings *around, int32_t day)
{
    return around->has_business_date && around->business_date >= day;
}

/* Whether a condition or factor of `adjust` looks at results. */
bool looks_at_results(const struct plan_component *component);

/* Whether `when` holds; it does without parts. */
enum status when_holds(const struct when *when, const struct surroundings *around,
                       bool *out) MUST_CHECK;

#endif
