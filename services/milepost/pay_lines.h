/* What each participant is paid for each pay period, where a plan of theirs has `total`
 * (PLAN-LANGUAGE sections 8 and 11).
 *
 * A period is listed when it has closed, and the open one when something is earned or advanced in
 * it. Each plan has its own chain, from the first open period in which the participant is assigned
 * to it, by the version that is effective on the period's first day, else the first that becomes
 * effective in it; what plans without `total` pay in the same currency is added. */
#ifndef MILEPOST_MILEPOST_PAY_LINES_H
#define MILEPOST_MILEPOST_PAY_LINES_H

#include "milepost/simulation.h"
#include "milepost/standing_plans.h"

struct pay_line {
    struct slice participant;
    int32_t from; /* the period's first day */
    struct slice period;
    struct slice currency;
    int places; /* that money is shown with */
    struct decimal payable;
    struct decimal draw_paid;
    struct decimal draw_owed;
};

struct pay_lines {
    struct arena arena;
    struct pay_line *items; /* by participant, period, currency */
    size_t count;
    size_t capacity;
};

/* Text is borrowed from the simulation and the plans. CORRUPT with `detail`: control cannot be
 * read; OUT_OF_RANGE: an amount does not fit. */
enum status pay_lines_collect(struct simulation *simulation, const struct standing_plans *plans,
                              struct pay_lines *out, char *detail) MUST_CHECK;
void pay_lines_deinit(struct pay_lines *lines); /* Accepts a zeroed one. */

/* Prints them as a table or as JSON Lines; nothing where there are none. */
void pay_lines_print(const struct pay_lines *lines, const struct console *console);

#endif
