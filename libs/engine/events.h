/* The milestone events that a component with NEEDS_EVENTS pays for (mechanics phases and progress).
 */
#ifndef MILEPOST_ENGINE_EVENTS_H
#define MILEPOST_ENGINE_EVENTS_H

#include "engine/tally.h"

/* Room for events; made for as many credits as may come. */
struct event_list {
    struct pay_event *items;
    size_t count;
};

/* The value of a deal's contract, from all of a participant's rows of its book, whatever a
 * component counts: the last one of them has it (milestone_credits.h). 0 where there is none. */
struct decimal events_contract(const struct credit *credits, size_t count);

/* Adds the event of a credit that counts, of a deal whose contract is worth `contract`.
 * OUT_OF_RANGE: a date of it is none. */
enum status events_add(struct event_list *list, const struct plan *plan,
                       const struct plan_component *component, const struct credit *credit,
                       const struct contribution *contribution, struct decimal contract) MUST_CHECK;

/* Puts them into the order that mechanics expect. */
struct pay_events events_sorted(struct event_list *list);

/* Those of the book that count in the window [from, until) of component `index`. `out` lives in the
 * tally's scratch. Fails as rows are read; OUT_OF_RANGE as above. */
enum status events_of_window(const struct tally *tally, const struct plan_version *version,
                             size_t index, int32_t from, int32_t until, struct pay_events *out,
                             char *detail) MUST_CHECK;

/* Touches every key of the book that pays for events: a row that does not count in it may still say
 * what the contract is worth. */
void events_touch(const struct book *book, struct touched *touched);

#endif
