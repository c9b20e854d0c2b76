#include "worker/topics.h"

#include <assert.h>
#include <stdio.h>

#define TOPIC_ROW(symbol, name, cleanup) {name, cleanup},
static const struct {
    const char *name;
    const char *cleanup;
} topics[] = {TOPIC_LIST(TOPIC_ROW)};

const char *topic_name(enum topic topic)
{
    assert(topic < TOPIC_COUNT);
    return topics[topic].name;
}

const char *topic_cleanup(enum topic topic)
{
    assert(topic < TOPIC_COUNT);
    return topics[topic].cleanup;
}

bool topic_is_private(enum topic topic)
{
    return topic == TOPIC_CREDITS || topic == TOPIC_CREDITING_JOURNAL ||
           topic == TOPIC_INCENTIVES_JOURNAL;
}

enum topic topic_of(struct slice name)
{
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        if (slice_equal(name, slice_of(topics[topic].name)))
            return (enum topic)topic;
    return TOPIC_COUNT;
}

bool topic_full_name(enum topic topic, const char *prefix, char out[TOPIC_NAME_BYTES])
{
    int length = snprintf(out, TOPIC_NAME_BYTES, "%smilepost.%s.v1", prefix, topic_name(topic));
    return length > 0 && length < TOPIC_NAME_BYTES;
}
