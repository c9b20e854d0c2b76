/* A small company on a pipeline: what tests of the worker build, feed and read back. */
#ifndef MILEPOST_WORKER_SPINE_H
#define MILEPOST_WORKER_SPINE_H

#include "worker/pipeline.h"

/* Schemas of the source tree, prepared for writing without a registry. Ends the test on failure. */
struct schemas *spine_schemas(void);

/* The same for a group of tests: its setup and teardown. */
extern struct schemas *spine_group_schemas;
int spine_open_schemas(void **state);
int spine_close_schemas(void **state);

/* What workers said: a pipeline_config's `say`, which keeps errors, and prints everything when
 * MILEPOST_SAY is set. */
struct spine_said {
    int errors;
    char last_error[2 * DETAIL_BYTES];
};
extern struct spine_said spine_said;
void spine_say(void *self, enum worker_level level, const char *sentence);

/* Runs until nothing moves. Ends the test on failure. */
void spine_settle(struct pipeline *pipeline);

/* Plan ae as version `version`: so many percent of each quarter's deals to their owners. */
void spine_publish_plan(struct pipeline *pipeline, int64_t version, int percent);

/* participant → plan, from 2026-01-01 on, with a yearly target incentive and quarterly goal. */
void spine_assign(struct pipeline *pipeline, const char *participant, const char *plan,
                  int64_t version);

struct spine_deal {
    const char *id;
    int64_t revision;
    const char *status; /* CLOSED, CANCELLED, OPEN */
    int64_t closed_at;  /* 0: 2026-02-03T10:00Z */
    const char *amount;
    const char *owner;
    const char *second;       /* NULL: the owner has it all */
    const char *second_share; /* 0.3 */
};

void spine_deal(struct pipeline *pipeline, const struct spine_deal *deal);

/* Sum of committed payouts' earned_delta of a participant, in 10^-9; also checks that no payout id
 * comes twice and that each key's sequences are 1, 2, 3 …. Ends the test on failure. */
int128 spine_paid(struct pipeline *pipeline, struct schemas *schemas, const char *participant);

/* How many committed payouts there are in all. */
size_t spine_payouts(struct pipeline *pipeline);

#endif
