/* The credits that a deal should have in participants' books: a function of the deal, what has
 * happened to it and the crediting rules alone. */
#ifndef MILEPOST_ENGINE_DEAL_CREDITS_H
#define MILEPOST_ENGINE_DEAL_CREDITS_H

#include "engine/deal_course.h"
#include "engine/row_io.h"
#include "plan/crediting_rules.h"

struct deal_credits {
    struct list credits; /* credit: one per (participant, role); none for an OPEN deal */
    struct slice waits;  /* optional: why they count for nothing (splits-differ, lines-differ), or
                          * why there are none (names-nobody) */
};

/* `course` NULL: nothing has happened. `rules` NULL: none are published, so every split is allowed.
 * Text is borrowed from deal, rules and `scratch`. EXHAUSTED: the scratch is full. */
enum status deal_credits(const struct deal *deal, const struct deal_course *course,
                         const struct cause *cause, const struct crediting_rules *rules,
                         struct arena *scratch, struct deal_credits *out) MUST_CHECK;

/* The row that takes a credit of this deal back, without target and row. */
struct credit deal_withdrawn_credit(const struct deal *deal, struct slice book,
                                    const struct cause *cause);

/* The row of a deal's participant `index`: its role, with `/2` behind it when it stands a second
 * time; bytes NULL when the scratch is full. */
struct slice participant_row(const struct deal_participant *participants, size_t index,
                             struct arena *scratch);

/* Why the deal counts for nothing when it is credited to `participants`, its own or an event's;
 * bytes NULL: it counts. `rules` NULL: every split is allowed. */
struct slice deal_waits(const struct deal *deal, const struct crediting_rules *rules,
                        const struct list *participants);

/* deal:ID; bytes NULL when the scratch is full. */
struct slice deal_book(struct slice deal_id, struct arena *scratch);

#endif
