/* The fold's part of a task's small state, with its own memory, and the queue of large changes in
 * it.
 *
 * A large change (a plan, crediting rules …) waits in the queue until every book that it may move
 * has been reconciled, in byte order of books; its cursor is the last book done. The oldest is
 * drained first. Copies everything it is given. */
#ifndef MILEPOST_ENGINE_SMALL_STATE_H
#define MILEPOST_ENGINE_SMALL_STATE_H

#include "engine/row_io.h"

struct small_state {
    struct fold_state state;
    struct arena arenas[2]; /* the state lives in one; a changed copy is made in the other */
    int current;
};

void small_state_init(struct small_state *small);
void small_state_deinit(struct small_state *small);

/* Becomes a copy of `state`, whose text may lie in this very one. */
void small_state_set(struct small_state *small, const struct fold_state *state);

/* The queue: appends; looks at the oldest (NULL when there is none); notes that all books up to
 * `book` are done; removes the oldest. */
void changes_push(struct small_state *small, const struct change *change);
const struct change *changes_first(const struct small_state *small);
void changes_advance(struct small_state *small, struct slice book);
void changes_pop(struct small_state *small);

static inline size_t changes_count(const struct small_state *small)
{
    return small->state.row.changes.count;
}

static inline const struct change *changes_at(const struct small_state *small, size_t index)
{
    return (const struct change *)small->state.row.changes.items + index;
}

/* Whether draining `change` has yet to come to `book`. */
static inline bool change_is_ahead(const struct change *change, struct slice book)
{
    return slice_compare(book, change->cursor) > 0;
}

/* INVALID: a setting of this `topics` record cannot be. */
enum status small_state_check_topics(const struct control *control, char *detail) MUST_CHECK;

/* Takes over a `topics` record: N, attainment generation, epoch. Each setting is that of the
 * highest version that says it, in whatever order the records come; those that came are kept in
 * `io`. */
enum status small_state_topics(struct small_state *small, struct row_io *io,
                               const struct control *control, char *detail) MUST_CHECK;

#endif
