/* A list of rates that picks by row (PLAN-LANGUAGE section 4, `rates`): by line where a deal has
 * lines, else by deal.
 *
 * Rates are whole numbers of a denominator of the whole list, so that a window's pay is one sum of
 * value × rate, whatever the number of rows and rates. */
#ifndef MILEPOST_PLAN_RATE_LIST_H
#define MILEPOST_PLAN_RATE_LIST_H

#include "plan/condition.h"

enum { RATE_LIST_MAX = 64 };

/* A rate's bound, 100000 %, in 10^-9: with it no sum of products can leave 192 bits. */
#define RATE_UNITS_MAX INT64_C(1000000000000)

enum rate_match { MATCH_FIRST, MATCH_HIGHEST, MATCH_ALL };

struct rate_choice {
    const struct condition *conditions; /* all must hold */
    size_t condition_count;
    int64_t give; /* × the list's den; may be negative */
};

struct rate_list {
    enum rate_match match;
    const struct rate_choice *choices;
    size_t count;
    int64_t otherwise; /* for a row that fits none; 0 without `else` */
    int64_t den;       /* a power of ten, at most 10^9 */
};

/* The rate, × den, of a deal (`subject->line` NULL) or of one of its lines. */
int64_t rate_list_give(const struct rate_list *list, const struct condition_subject *subject);

#endif
