/* The two stages: which topics a task of each reads, where its journal is, and its fold. */
#ifndef MILEPOST_WORKER_STAGE_H
#define MILEPOST_WORKER_STAGE_H

#include "engine/fold.h"
#include "worker/topics.h"

enum { STAGE_INPUTS_MAX = 6, STAGE_COUNT = 2, STAGE_GROUP_BYTES = TOPIC_NAME_BYTES };

struct stage {
    const char *name; /* crediting; also the group's name, behind `milepost-` */
    int index;        /* 0 … STAGE_COUNT − 1 */
    enum topic inputs[STAGE_INPUTS_MAX];
    size_t input_count;
    enum topic journal;
    struct fold *(*new_fold)(struct store *store, const struct fold_config *config);
};

extern const struct stage crediting_stage, incentives_stage;

/* The stage of that name, or NULL. */
const struct stage *stage_of(struct slice name);

/* The name of the stage's group, with `prefix` before it as before topics (so that it fits):
 * `PREFIXmilepost-crediting`. */
void stage_group(const struct stage *stage, const char *prefix, char out[STAGE_GROUP_BYTES]);

/* Whether `topic` is an input of `stage`. */
bool stage_reads(const struct stage *stage, int topic);

#endif
