/* Payments and milestones that move to another deal.
 *
 * A fact's revisions count within its book, so a payment that is stated under another deal would
 * count under both. Whoever publishes it revokes it under the old deal first, at the revision of
 * the new statement: a payment with the amount 0, a milestone with the status REVOKED. Which deals
 * a fact stands under is read from its topic, and kept for what is published meanwhile. Only what
 * has been seen under more than one deal is kept whole; of all else a few bytes. */
#ifndef MILEPOST_MILEPOST_MOVED_FACTS_H
#define MILEPOST_MILEPOST_MOVED_FACTS_H

#include "milepost/console.h"
#include "milepost/event_input.h"
#include "ops/connect.h"
#include "plan/event_file.h"

struct moved_facts;

struct moved_facts *moved_facts_new(void);
void moved_facts_free(struct moved_facts *moved); /* NULL does nothing */

/* `event` will be published: what stands of it is looked for. Deals and results never move. */
void moved_facts_want(struct moved_facts *moved, const struct event *event);
/* Whether there was anything to look for. */
bool moved_facts_any(const struct moved_facts *moved);

/* Reads the topics of what is wanted. UNAVAILABLE, REFUSED: the broker, or the registry. */
enum status moved_facts_read(struct moved_facts *moved, const struct connection *connection,
                             struct schemas *schemas, int32_t partitions,
                             const struct console *console, char *detail) MUST_CHECK;

/* The same of a fact that stands in a state: as if it had been read. */
void moved_facts_stand(struct moved_facts *moved, struct schemas *schemas,
                       const struct event *event);

enum move {
    MOVE_SEND,     /* the revocations first */
    MOVE_OUTDATED, /* a later revision stands under another deal: not to be sent */
    MOVE_CLASH,    /* this revision stands under another deal: a higher one is needed */
};

/* Borrowed until the next call. */
struct moved {
    enum move move;
    struct slice deal_id;      /* the other deal that decided; empty: of a milestone without one */
    int64_t revision;          /* its revision */
    const struct event *items; /* revocations under other deals */
    size_t count;
};

/* What publishing `event` needs; when it is to be sent, it and its revocations stand from now on.
 */
enum status moved_facts_judge(struct moved_facts *moved, struct schemas *schemas,
                              const struct event *event, struct moved *out,
                              char *detail) MUST_CHECK;

/* Reports MOVE_CLASH at the event's line. */
void moved_facts_refuse(struct event_input *input, const struct event *event,
                        const struct moved *moved);

/* Only what was read stands again: for going through the same events once more. */
void moved_facts_rewind(struct moved_facts *moved);

#endif
