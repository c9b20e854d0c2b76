/* The crediting fold's parts, for its own files only: fold.h has what others use. */
#ifndef MILEPOST_ENGINE_CREDITING_FOLD_H
#define MILEPOST_ENGINE_CREDITING_FOLD_H

#include "engine/deal_counts.h"
#include "engine/deal_credits.h"
#include "engine/outcomes.h"
#include "engine/small_state.h"
#include "plan/fact_check.h"

struct crediting {
    struct fold fold;
    struct row_io io;
    struct small_state small;
    struct outcomes outcomes;
    struct deal_counts counts;
    struct deal_counts counts_before; /* as the turn found them */

    struct arena rules_arena; /* what control says, compiled; void when not rules_known */
    bool rules_known;
    bool has_rules;
    struct crediting_rules rules;
    struct fact_rules fact_rules; /* units that control declares */

    /* Whether some deal's book may have milestone events, so that most deals are spared the look.
     */
    bool has_events;
    bool events_known; /* false: to be found out first */

    struct buffer verified; /* the last book that the background check looked at */
};

/* Compiles the crediting rules and units in force unless they are known. CORRUPT: control's record
 * cannot be read. */
enum status crediting_learn_rules(struct crediting *crediting, char *detail) MUST_CHECK;

/* Applies a deal: accepts the fact, brings its book up to date, writes what changed. */
enum status crediting_apply_deal(struct crediting *crediting, const struct input *input,
                                 const struct outbox *outbox, char *detail) MUST_CHECK;

/* Writes what the deal's book should have written by now, under `change`; nothing when nothing
 * differs. */
enum status crediting_recredit(struct crediting *crediting, const struct row *row,
                               const struct change *change, const struct outbox *outbox,
                               char *detail) MUST_CHECK;

/* Checks that the deal's links are what it would write, unless a queued change has yet to come to
 * it, and holds the book when not. */
enum status crediting_check(struct crediting *crediting, const struct row *row,
                            char *detail) MUST_CHECK;

/* The deal's row, with what a queued change or a check would still do to it done; `*out_found` says
 * whether there is one. */
enum status crediting_settled_deal(struct crediting *crediting, struct slice deal_id,
                                   const struct outbox *outbox, struct deal_row *out,
                                   bool *out_found, char *detail) MUST_CHECK;

/* --- milestone_book.c --- */

/* Accepts a milestone event that is news: `before` is the one that stands, or NULL. */
enum status crediting_apply_event(struct crediting *crediting, const struct input *input,
                                  const struct milestone_row *before, const struct outbox *outbox,
                                  char *detail) MUST_CHECK;

/* Writes what the events of the deal's book should have written; nothing when nothing differs. */
enum status crediting_write_events(struct crediting *crediting, const struct deal *deal,
                                   const struct cause *cause, const struct outbox *outbox,
                                   char *detail) MUST_CHECK;

/* Whether the links of the deal's events are what they would write. */
enum status crediting_events_agree(struct crediting *crediting, const struct deal *deal,
                                   bool *out_agree, char *detail) MUST_CHECK;

/* Accepts the hold of the deal's book that an `acceptance` names (hold: deal:ID), when the deal's
 * amount is within its bound. */
enum status crediting_accept(struct crediting *crediting, const struct input *input,
                             const struct outbox *outbox, char *detail) MUST_CHECK;

#endif
