/* What a simulation comes to: one total per participant, plan, component and window (PLAN-LANGUAGE
 * section 11). */
#ifndef MILEPOST_MILEPOST_TOTALS_H
#define MILEPOST_MILEPOST_TOTALS_H

#include "milepost/simulation.h"
#include "milepost/standing_plans.h"

struct total {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct decimal measure;
    bool has_goal;
    struct decimal goal;
    bool has_attainment;
    struct decimal attainment; /* ratio */
    struct decimal earned;
    struct decimal payable;
    struct slice currency;
    int places;        /* that money is shown with */
    bool has_redeemed; /* of a plan with `redeem` (engine/redeeming.h), as the next three */
    struct decimal redeemed;
    struct slice redeem_currency;
    int redeem_places;
    struct list pending; /* slice each, sorted */
    struct slice held;
    bool has_row;
    int64_t order; /* of the record it comes from; the last one of a key counts */
};

struct totals {
    struct arena arena;
    struct standing_plans plans; /* all that stood at the end */
    struct total *items;         /* sorted by participant, plan, component, window */
    size_t count;
    size_t capacity;
    int64_t last_ms;   /* latest instant of a fact; INT64_MIN: none */
    int32_t last_date; /* latest date of a result or `date` line; INT32_MIN: none */
};

/* Everything that has a row, a goal or pay; windows with a goal only up to that of the last fact.
 * Text is borrowed from the simulation. CORRUPT with `detail`: what the stages wrote cannot be
 * read.
 */
enum status totals_collect(struct simulation *simulation, struct totals *out,
                           char *detail) MUST_CHECK;
/* The day of the last fact or `date` line in the plan's zone. False: there is none. */
bool totals_last_day(const struct totals *totals, const struct plan *plan, int32_t *out);
void totals_deinit(struct totals *totals); /* Accepts a zeroed one. */

/* Prints them as a table or as JSON Lines. */
void totals_print(const struct totals *totals, const struct console *console);

#endif
