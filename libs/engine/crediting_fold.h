/* The crediting fold's parts, for its own files only: fold.h has what others use. */
#ifndef MILEPOST_ENGINE_CREDITING_FOLD_H
#define MILEPOST_ENGINE_CREDITING_FOLD_H

#include "engine/deal_counts.h"
#include "engine/deal_credits.h"
#include "engine/milestone_credits.h"
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
    struct categories categories;
    struct fact_rules fact_rules; /* units that control declares */

    /* Whether some deal's book may have milestone events or payments, so that deals of those who
     * have none are spared the look. */
    bool has_events;
    bool has_payments;
    bool kinds_known; /* false: to be found out first */

    struct buffer verified; /* the last book that the background check looked at */
};

/* Compiles the crediting rules and units in force unless they are known. CORRUPT: control's record
 * cannot be read. */
enum status crediting_learn_rules(struct crediting *crediting, char *detail) MUST_CHECK;

/* What is known of how deals are credited; NULL: nothing that a credit hangs on. */
static inline const struct crediting_rules *
crediting_rules_in_force(const struct crediting *crediting)
{
    bool is_said = crediting->has_rules || crediting->rules.divides_bounties;
    return is_said ? &crediting->rules : NULL;
}

/* The cause of a fact that came as `input`: its record, under the fact's own names. */
static inline struct cause crediting_cause(const struct input *input, struct slice event_id,
                                           struct slice deal_id, int64_t revision)
{
    struct cause cause = input->cause;
    if (!cause.event_id.length)
        cause.event_id = event_id;
    cause.deal_id = deal_id;
    cause.revision = revision;
    return cause;
}

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

/* Writes what the deal's book should have written by now, under `cause`; `takes_back`: that is a
 * refund, or takes a payment or milestone away. */
enum status crediting_move_deal(struct crediting *crediting, const struct deal_row *present,
                                const struct cause *cause, bool takes_back,
                                const struct outbox *outbox, char *detail) MUST_CHECK;

/* Whether a fact of `revision` is news beside the one that stands; counts duplicates. INVALID: it
 * has that one's revision and other content. */
enum status crediting_is_news(struct crediting *crediting, const struct shape *shape,
                              const void *present, int64_t present_revision, const void *fact,
                              int64_t revision, bool *out_is_news, char *detail) MUST_CHECK;

/* --- deal_facts.c --- */

/* The deal with whom it is credited to: itself where it names somebody or no rule is for it, else
 * a copy of it in `*copy` with those that the rules name. Fails as crediting_rules_name. */
enum status crediting_name(struct crediting *crediting, const struct deal *deal, struct deal *copy,
                           const struct deal **out) MUST_CHECK;

/* What stands in a deal's book beside the deal. */
struct deal_facts {
    struct milestone_events events;
    struct deal_course course;
};

/* Whether there may be any for some deal. */
static inline bool crediting_has_facts(const struct crediting *crediting)
{
    return crediting->has_events || crediting->has_payments || !crediting->kinds_known;
}

/* All of it, from the scratch. */
enum status crediting_read_facts(struct crediting *crediting, const struct deal *deal,
                                 struct deal_facts *out, char *detail) MUST_CHECK;

/* Before a new fact of a deal is put: INVALID when `most` of its kind (`what`) stand, whose keys
 * begin with `prefix`. */
enum status crediting_check_room(const struct crediting *crediting, struct slice prefix,
                                 size_t most, const char *what, char *detail) MUST_CHECK;

/* --- payment_book.c --- */

/* Accepts a payment of checked form: puts it, and re-credits its deal. */
enum status crediting_apply_payment(struct crediting *crediting, const struct input *input,
                                    const struct outbox *outbox, char *detail) MUST_CHECK;

/* --- milestone_book.c --- */

/* Accepts a milestone event that is news: `before` is the one that stands, or NULL. */
enum status crediting_apply_event(struct crediting *crediting, const struct input *input,
                                  const struct milestone_row *before, const struct outbox *outbox,
                                  char *detail) MUST_CHECK;

/* Writes what a milestone of no deal should have written by now, under `change`. */
enum status crediting_recredit_event(struct crediting *crediting, const struct row *row,
                                     const struct change *change, const struct outbox *outbox,
                                     char *detail) MUST_CHECK;

/* Writes what the events of a book should have written; nothing when nothing differs. */
enum status crediting_write_events(struct crediting *crediting,
                                   const struct milestone_events *events, const struct cause *cause,
                                   const struct outbox *outbox) MUST_CHECK;

/* Whether the links of the events are what they would write. */
enum status crediting_events_agree(struct crediting *crediting,
                                   const struct milestone_events *events,
                                   bool *out_agree) MUST_CHECK;

/* Accepts the hold of the deal's book that an `acceptance` names (hold: deal:ID), when the deal's
 * amount is within its bound. */
enum status crediting_accept(struct crediting *crediting, const struct input *input,
                             const struct outbox *outbox, char *detail) MUST_CHECK;

#endif
