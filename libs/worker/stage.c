#include "worker/stage.h"

#include <stdio.h>

const struct stage crediting_stage = {
    .name = "crediting",
    .index = 0,
    .inputs = {TOPIC_DEALS, TOPIC_MILESTONES, TOPIC_PAYMENTS, TOPIC_CONTROL},
    .input_count = 4,
    .journal = TOPIC_CREDITING_JOURNAL,
    .new_fold = crediting_new,
};

const struct stage incentives_stage = {
    .name = "incentives",
    .index = 1,
    .inputs = {TOPIC_CREDITS, TOPIC_RESULTS, TOPIC_ROSTER, TOPIC_CONTROL},
    .input_count = 4,
    .journal = TOPIC_INCENTIVES_JOURNAL,
    .new_fold = incentives_new,
};

const struct stage *stage_of(struct slice name)
{
    const struct stage *stages[STAGE_COUNT] = {&crediting_stage, &incentives_stage};
    for (size_t i = 0; i < STAGE_COUNT; i++)
        if (slice_equal(name, slice_of(stages[i]->name)))
            return stages[i];
    return NULL;
}

void stage_group(const struct stage *stage, const char *prefix, char out[STAGE_GROUP_BYTES])
{
    (void)snprintf(out, STAGE_GROUP_BYTES, "%smilepost-%s", prefix, stage->name);
}

bool stage_reads(const struct stage *stage, int topic)
{
    for (size_t i = 0; i < stage->input_count; i++)
        if ((int)stage->inputs[i] == topic)
            return true;
    return false;
}
