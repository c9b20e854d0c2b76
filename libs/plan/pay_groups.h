/* Pay groups, and the pay periods that belong to them: "Pay periods (when it is paid) belong to pay
 * groups (monthly, semi-monthly, two- or four-weekly), not to plans" (DESIGN section 4,
 * PLAN-LANGUAGE sections 8 and 11). */
#ifndef MILEPOST_PLAN_PAY_GROUPS_H
#define MILEPOST_PLAN_PAY_GROUPS_H

#include "calendar/date.h"
#include "plan/node.h"

/* symbol, word in files, days (0: by the calendar) */
#define PAY_PERIODS_LIST(ROW)                                                                      \
    ROW(PAY_MONTH, "month", 0)                                                                     \
    ROW(PAY_SEMI_MONTH, "semi-month", 0) /* until the 15th, and from the 16th on */                \
    ROW(PAY_TWO_WEEKS, "2 weeks", 14)                                                              \
    ROW(PAY_FOUR_WEEKS, "4 weeks", 28)

#define PAY_PERIODS_SYMBOL(symbol, name, days) symbol,
enum pay_periods { PAY_PERIODS_LIST(PAY_PERIODS_SYMBOL) PAY_PERIODS_COUNT };
#undef PAY_PERIODS_SYMBOL

struct pay_group {
    struct slice name;
    enum pay_periods periods;
    int32_t first; /* periods of weeks: the first day of one of them */
    bool has_open;
    int32_t open; /* the first open period is the one that this day lies in */
};

struct pay_groups {
    const struct pay_group *items; /* in the order of the file */
    size_t count;
};

struct pay_period {
    int32_t from;
    int32_t until; /* exclusive */
};

enum { PAY_PERIOD_BYTES = DATE_TEXT_BYTES };

/* Reads the map under `pay-groups:`. STATUS_INVALID with reports; EXHAUSTED when the arena is full.
 */
enum status pay_groups_parse(const struct node *section, struct arena *arena,
                             struct reports *reports, struct pay_groups *out) MUST_CHECK;

/* The same from the document of a control record of kind `pay-groups`. */
enum status pay_groups_read(struct slice document, struct arena *arena, struct reports *reports,
                            struct pay_groups *out) MUST_CHECK;

/* NULL: there is none of that name. */
const struct pay_group *pay_group_find(const struct pay_groups *groups, struct slice name);

/* The period that a valid day lies in. */
struct pay_period pay_period_of(const struct pay_group *group, int32_t day);

/* Writes its name, `2026-03`, `2026-03-A` and `-B`, or its first day, and returns the length. */
size_t pay_period_name(const struct pay_group *group, const struct pay_period *period,
                       char out[PAY_PERIOD_BYTES]);

#endif
