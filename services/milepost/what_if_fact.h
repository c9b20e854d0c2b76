/* The fact that `what-if` tries: written as JSON, read from a file, or put together from options.
 *
 * However it was given, it becomes a line of an event file and is read as one. */
#ifndef MILEPOST_MILEPOST_WHAT_IF_FACT_H
#define MILEPOST_MILEPOST_WHAT_IF_FACT_H

#include "milepost/control_log.h"
#include "milepost/standing_plans.h"
#include "plan/event_file.h"

enum { WHAT_IF_ATTRIBUTES_MAX = 32 };

/* A deal in options; NULL: left out. */
struct what_if_deal {
    const char *participant;
    const char *amount;
    const char *currency;
    const char *quantity;
    const char *date; /* a day, or an instant */
    const char *role;
    const char *share;
    const char *product;
    const char *territory;
    const char *customer;
    const char *deal_type;
    const char *attributes[WHAT_IF_ATTRIBUTES_MAX]; /* NAME=VALUE */
    size_t attribute_count;
};

/* Appends the deal as one line of JSON. What is left out is filled in from the plan that the
 * participant is assigned to: its currency, and noon of `last_ms` (or of the plan's first day) in
 * its zone. INVALID with `detail`: that says nothing. */
enum status what_if_deal_line(const struct what_if_deal *deal, const struct standing *standing,
                              const struct standing_plans *plans, int64_t last_ms,
                              struct buffer *out, char *detail) MUST_CHECK;

/* A further deal of the same kind: of `amount`, a moment later. Its other amounts follow in
 * proportion, in whole units of its currency; of its lines the first remains, with that amount;
 * quantities are left out. `ids` has room for the ids and lives as long as the deal. OUT_OF_RANGE:
 * an amount does not fit. */
enum status what_if_next(const struct deal *deal, struct decimal amount,
                         const struct currency *currency, struct arena *ids,
                         struct event *out) MUST_CHECK;

#endif
