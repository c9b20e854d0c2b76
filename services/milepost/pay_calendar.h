/* Which pay period is open on a business date: pay groups and roster as they stand.
 *
 * "The first open pay period is the one in which the group's `open:` date, or else its earliest
 * assignment, lies", and "a date on a pay period's first day closes the periods before it"
 * (PLAN-LANGUAGE section 11). A group in which nobody is assigned has none open. */
#ifndef MILEPOST_MILEPOST_PAY_CALENDAR_H
#define MILEPOST_MILEPOST_PAY_CALENDAR_H

#include "milepost/control_log.h"
#include "plan/pay_groups.h"

struct pay_calendar {
    struct arena arena;
    struct pay_groups groups;
    struct pay_period *first; /* by group: the first open one; empty: none */
};

/* CORRUPT with `detail`: the pay groups cannot be read. */
enum status pay_calendar_read(struct pay_calendar *calendar, const struct standing *standing,
                              char *detail) MUST_CHECK;
void pay_calendar_deinit(struct pay_calendar *calendar); /* Accepts a zeroed one. */

/* The period of the group that is open on `date` (INT32_MIN: no date has come yet). False: the
 * group is not known, or has none. */
bool pay_calendar_open(const struct pay_calendar *calendar, struct slice group, int32_t date,
                       struct pay_period *out);

/* The first day after `date` (INT32_MIN: any) on which some group's period begins and another one
 * closes. False: there are no periods. */
bool pay_calendar_next(const struct pay_calendar *calendar, int32_t date, int32_t *out);

#endif
