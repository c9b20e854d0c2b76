/* Facts tried on copies of both stages' state: what they would move, said by the services' own
 * folds. Nothing is written anywhere. */
#ifndef MILEPOST_MILEPOST_TRIAL_H
#define MILEPOST_MILEPOST_TRIAL_H

#include "milepost/command.h"
#include "milepost/simulation.h"
#include "milepost/state_copy.h"

/* What stands of one key before and after a fact. Texts live in the trial's arena, those of the
 * rows too. */
struct trial_key {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    bool was_there;            /* false: `before` is empty */
    bool is_moved;             /* what attainment shows, or what is earned, is something else */
    struct emitted_row before; /* as it stood before the fact */
    struct emitted_row after;
};

struct trial {
    struct cli *cli;
    struct schemas *schemas;           /* borrowed */
    const struct state_source *source; /* live state, copied when it is first needed; NULL: of a
                                        * simulation */
    int32_t partitions;
    struct state_copy *crediting; /* by partition */
    struct state_copy *incentives;
    struct arena arena; /* of the keys */
    struct arena scratch;
    struct trial_key *keys; /* of every participant that the last fact came to */
    size_t key_count;
    size_t key_capacity;
    size_t sorted_count; /* of the keys, those that can be searched */
    int64_t turn;
    struct slice waits; /* of the last deal: why it is credited to nobody yet; empty otherwise */
};

/* On a simulation that has come to rest, which must outlive the trial. */
void trial_open_simulation(struct trial *trial, const struct simulation *simulation);
/* On the live state of the last committed turns. `source` must outlive the trial. */
void trial_open_live(struct trial *trial, struct cli *cli, const struct state_source *source);
void trial_deinit(struct trial *trial); /* Accepts a zeroed one. */

/* Applies a fact on top of those before it (one that moves from another deal is revoked there, as
 * `publish` does) and sets the keys, sorted by participant, plan,
 * component and window. INVALID: the services would refuse it, `detail` says why. UNAVAILABLE,
 * CORRUPT as a restore. */
enum status trial_put(struct trial *trial, const struct event *event, char *detail) MUST_CHECK;

/* The key of that name among the last fact's, or NULL. */
const struct trial_key *trial_find(const struct trial *trial, const struct trial_key *name);

#endif
