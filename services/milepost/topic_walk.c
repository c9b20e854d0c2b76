#include "milepost/topic_walk.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WAIT_MS = 200, WAITS_MAX = 300 };

/* A client that has just connected may not know a partition's leader yet. */
static enum status ask_bounds(struct topic_walk *walk, int32_t partition, int64_t *out_first,
                              int64_t *out_end, char *detail)
{
    enum status status = STATUS_UNAVAILABLE;
    for (int waits = 0; status == STATUS_UNAVAILABLE && waits < WAITS_MAX; waits++) {
        if (waits > 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000}, NULL);
        status = kafka_reader_bounds(walk->reader, (int)walk->topic, partition, out_first, out_end,
                                     detail);
    }
    return status;
}

static enum status assign(struct topic_walk *walk, int64_t back, char *detail)
{
    size_t count = (size_t)walk->partitions;
    struct log_position *positions = calloc(count, sizeof *positions);
    if (!positions)
        abort();
    enum status status = STATUS_OK;
    for (int32_t p = 0; !status && p < walk->partitions; p++) {
        int64_t first;
        int64_t end;
        status = ask_bounds(walk, p, &first, &end, detail);
        if (status)
            break;
        int64_t start = end - first > back ? end - back : first;
        positions[p] =
            (struct log_position){.topic = (int)walk->topic, .partition = p, .offset = start};
        walk->ends[p] = start < end ? end : -1;
        walk->left += start < end;
        walk->total += end - start;
    }
    if (!status)
        status = kafka_reader_assign(walk->reader, positions, count, detail);
    free(positions);
    return status;
}

static enum status open_reader(struct topic_walk *walk, const struct connection *connection,
                               enum topic topic, int32_t partitions, char *detail)
{
    *walk = (struct topic_walk){.topic = topic, .partitions = partitions};
    for (int i = 0; i < TOPIC_COUNT; i++)
        walk->names[i] = connection->topics[i];
    walk->config = (struct kafka_reader_config){
        .endpoint = connection->endpoint, .topics = walk->names, .topic_count = TOPIC_COUNT};
    walk->ends = malloc((size_t)partitions * sizeof *walk->ends);
    if (!walk->ends)
        abort();
    for (int32_t p = 0; p < partitions; p++)
        walk->ends[p] = -1;
    return kafka_reader_new(&walk->config, &walk->reader, detail);
}

enum status topic_walk_open(struct topic_walk *walk, const struct connection *connection,
                            enum topic topic, int32_t partitions, int64_t back, char *detail)
{
    enum status status = open_reader(walk, connection, topic, partitions, detail);
    return status ? status : assign(walk, back, detail);
}

enum status topic_walk_open_at(struct topic_walk *walk, const struct connection *connection,
                               enum topic topic, int32_t partitions, int32_t partition,
                               int64_t offset, char *detail)
{
    struct log_position position = {.topic = (int)topic, .partition = partition, .offset = offset};
    int64_t first = 0;
    int64_t end = 0;
    enum status status = open_reader(walk, connection, topic, partitions, detail);
    if (!status && partition < partitions)
        status = ask_bounds(walk, partition, &first, &end, detail);
    if (status)
        return status;
    if (offset < first || offset >= end) {
        (void)snprintf(detail, DETAIL_BYTES, "%s has no record %" PRId32 "/%" PRId64,
                       walk->names[topic], partition, offset);
        return STATUS_INVALID;
    }
    walk->ends[partition] = end;
    walk->left = 1;
    walk->total = end - offset;
    return kafka_reader_assign(walk->reader, &position, 1, detail);
}

void topic_walk_close(struct topic_walk *walk)
{
    if (walk->reader)
        kafka_reader_free(walk->reader);
    free(walk->ends);
    *walk = (struct topic_walk){0};
}

static void note_read(struct topic_walk *walk, int32_t partition, int64_t next_offset)
{
    if (walk->ends[partition] < 0 || next_offset < walk->ends[partition])
        return;
    walk->ends[partition] = -1;
    walk->left--;
}

enum status topic_walk_next(struct topic_walk *walk, const struct log_record **out, char *detail)
{
    bool had_more = walk->left > 0;
    for (int waits = 0; waits < WAITS_MAX; waits++) {
        bool has;
        struct kafka_event event;
        enum status status = kafka_reader_next(walk->reader, WAIT_MS, &has, &event, detail);
        if (status)
            return status;
        if (has) {
            note_read(walk, event.partition,
                      event.record ? event.record->offset + 1 : event.end_offset);
            *out = event.record;
            return STATUS_OK;
        }
        if (!had_more) {
            *out = NULL;
            return STATUS_OK;
        }
    }
    (void)snprintf(detail, DETAIL_BYTES, "%s: no answer from the broker for a minute",
                   walk->names[walk->topic]);
    return STATUS_UNAVAILABLE;
}
