/* The credits that milestone events should have in participants' books: a function of the events of
 * one book, their deal and the crediting rules alone.
 *
 * An event is credited while it is REACHED or APPROVED; one of a deal, while the deal is there and
 * not OPEN (a CANCELLED deal's rows say so). "Participants are the milestone's own, else the
 * deal's": its own are not asked for the deal's splits; that the deal's lines do not total it makes
 * both wait, as money in another currency than the deal's does. Attributes are the event's own, and
 * the deal's where it has none of that name. Who is not on the deal has its course and amount on
 * the event's row, since there is no other. */
#ifndef MILEPOST_ENGINE_MILESTONE_CREDITS_H
#define MILEPOST_ENGINE_MILESTONE_CREDITS_H

#include "engine/deal_credits.h"

/* Whether it is REACHED or APPROVED. */
bool milestone_stands(const struct milestone *milestone);

/* All events of one book, in their order: (reached_at, milestone_id). */
struct milestone_events {
    const struct deal *deal;          /* NULL: of no deal, or the deal is not there yet */
    const struct deal_course *course; /* what has happened to it; NULL: nothing, or no deal */
    struct slice book;                /* deal:ID or milestone:ID */
    struct milestone_row *rows;
    size_t count;
};

/* Puts the events into their order. */
void milestone_events_sort(struct milestone_events *events);

/* The credits (list of credit) of event `index`.
 *
 * "The contract value is the deal's amount unless the latest milestone states one": the latest
 * event that counts and states one in the deal's currency. The participant's last row of the book
 * carries that value; each earlier one carries what was agreed up to its own event, so that a new
 * value changes no row that is not the last. Readers take it from the last row.
 *
 * `rules` NULL: none are published. Text is borrowed from the events, rules and `scratch`.
 * EXHAUSTED: the scratch is full. */
enum status milestone_credits(const struct milestone_events *events, size_t index,
                              const struct cause *cause, const struct crediting_rules *rules,
                              struct arena *scratch, struct list *out) MUST_CHECK;

/* The row that takes a credit of event `index` back, without target and row: its status is
 * CANCELLED where the event was revoked or its deal cancelled. */
struct credit milestone_withdrawn_credit(const struct milestone_events *events, size_t index,
                                         const struct cause *cause);

/* Whether the event is credited for as long as its book is as it is. */
bool milestone_counts(const struct milestone_events *events, size_t index);

/* `milestone`, its id and the role, with 0x1f between them, which ids do not hold: no role of a
 * deal is called so. And the id in a row's name; empty for another row. */
struct slice event_row_name(struct slice milestone_id, struct slice role, struct arena *scratch);
struct slice event_row_id(struct slice row);

#endif
