#include "milepost/control_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/partition.h"
#include "kafka/kafka_client.h"
#include "plan/control_file.h"

enum { STANDING_BYTES_MAX = 1 << 30, WAIT_MS = 200, WAITS_MAX = 300 };

struct reading {
    struct standing *standing;
    struct schemas *schemas;
    size_t control_capacity;
    size_t roster_capacity;
};

static void *grow(void *items, size_t *capacity, size_t size)
{
    *capacity = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(items, *capacity * size);
    if (!grown)
        abort();
    return grown;
}

static enum status take_control(struct reading *reading, const struct log_record *record,
                                char *detail)
{
    struct standing *standing = reading->standing;
    struct control read;
    enum status status = schemas_decode(reading->schemas, SCHEMA_CONTROL, record, &read,
                                        &standing->arena, 0, detail);
    if (status)
        return status;
    for (size_t i = 0; i < standing->control_count; i++) {
        struct control *one = &standing->controls[i];
        if (!slice_equal(one->kind, read.kind) || !slice_equal(one->id, read.id) ||
            one->version != read.version)
            continue;
        *one = read;
        return STATUS_OK;
    }
    if (standing->control_count == reading->control_capacity)
        standing->controls =
            grow(standing->controls, &reading->control_capacity, sizeof *standing->controls);
    standing->controls[standing->control_count++] = read;
    return STATUS_OK;
}

/* Compaction may not have run: of one aspect the highest version stands. Sorted and thinned at the
 * end. */
static enum status take_roster(struct reading *reading, const struct log_record *record,
                               char *detail)
{
    struct standing *standing = reading->standing;
    struct roster read;
    enum status status =
        schemas_decode(reading->schemas, SCHEMA_ROSTER, record, &read, &standing->arena, 0, detail);
    if (status)
        return status;
    if (standing->roster_count == reading->roster_capacity)
        standing->rosters =
            grow(standing->rosters, &reading->roster_capacity, sizeof *standing->rosters);
    standing->rosters[standing->roster_count++] = read;
    return STATUS_OK;
}

/* The record's bytes live only until the next one: what is kept is a copy. */
static enum status take_record(struct reading *reading, const struct log_record *record,
                               char *detail)
{
    if (!record->value.bytes)
        return STATUS_OK;
    struct log_record kept = *record;
    kept.value = arena_copy(&reading->standing->arena, record->value);
    if (!kept.value.bytes)
        return STATUS_EXHAUSTED;
    reading->standing->records++;
    return record->topic == TOPIC_CONTROL ? take_control(reading, &kept, detail)
                                          : take_roster(reading, &kept, detail);
}

static int compare_rosters(const void *a, const void *b)
{
    const struct roster *one = a;
    const struct roster *other = b;
    int order = slice_compare(one->participant, other->participant);
    if (order == 0)
        order = slice_compare(one->aspect, other->aspect);
    if (order == 0)
        order = one->version > other->version ? -1 : one->version < other->version;
    return order;
}

static bool same_aspect(const struct roster *a, const struct roster *b)
{
    return slice_equal(a->participant, b->participant) && slice_equal(a->aspect, b->aspect);
}

void standing_keep_newest(struct standing *standing)
{
    if (standing->roster_count == 0)
        return;
    qsort(standing->rosters, standing->roster_count, sizeof *standing->rosters, compare_rosters);
    size_t kept = 1;
    for (size_t i = 1; i < standing->roster_count; i++)
        if (!same_aspect(&standing->rosters[i], &standing->rosters[kept - 1]))
            standing->rosters[kept++] = standing->rosters[i];
    standing->roster_count = kept;
}

static enum status read_to_ends(struct kafka_reader *reader, struct reading *reading,
                                size_t open_partitions, char *detail)
{
    bool *ended = calloc(open_partitions, sizeof *ended);
    if (!ended)
        abort();
    enum status status = STATUS_OK;
    size_t left = open_partitions;
    for (int waits = 0; !status && left > 0 && waits < WAITS_MAX;) {
        bool has;
        struct kafka_event event;
        status = kafka_reader_next(reader, WAIT_MS, &has, &event, detail);
        if (!status && !has) {
            waits++;
            continue;
        }
        if (status)
            break;
        size_t index = event.topic == TOPIC_CONTROL ? 0 : 1 + (size_t)event.partition;
        if (event.record) {
            status = take_record(reading, event.record, detail);
        } else if (!ended[index]) {
            ended[index] = true;
            left--;
        }
    }
    free(ended);
    if (!status && left > 0) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "control and roster could not be read to their ends: "
                       "no answer from the broker");
        return STATUS_UNAVAILABLE;
    }
    return status;
}

/* A client that has just connected may not know a partition's leader yet. */
static enum status find_start(struct kafka_reader *reader, struct log_position *position,
                              char *detail)
{
    enum status status = STATUS_UNAVAILABLE;
    for (int waits = 0; status == STATUS_UNAVAILABLE && waits < WAITS_MAX; waits++) {
        int64_t end;
        if (waits > 0)
            (void)nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000}, NULL);
        status = kafka_reader_bounds(reader, position->topic, position->partition,
                                     &position->offset, &end, detail);
    }
    return status;
}

static enum status assign_starts(struct kafka_reader *reader, int32_t partitions, char *detail)
{
    size_t count = 1 + (size_t)partitions;
    struct log_position *positions = calloc(count, sizeof *positions);
    if (!positions)
        abort();
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < count; i++) {
        positions[i].topic = i == 0 ? TOPIC_CONTROL : TOPIC_ROSTER;
        positions[i].partition = i == 0 ? 0 : (int32_t)i - 1;
        status = find_start(reader, &positions[i], detail);
    }
    if (!status)
        status = kafka_reader_assign(reader, positions, count, detail);
    free(positions);
    return status;
}

enum status standing_read(const struct connection *connection, struct schemas *schemas,
                          struct standing *out, char *detail)
{
    *out = (struct standing){0};
    arena_init_growing(&out->arena, STANDING_BYTES_MAX);
    enum status status = connection_partitions(connection, &out->partitions, detail);
    if (status)
        return status;
    const char *names[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        names[topic] = connection->topics[topic];
    struct kafka_reader_config config = {
        .endpoint = connection->endpoint, .topics = names, .topic_count = TOPIC_COUNT};
    struct kafka_reader *reader = NULL;
    status = kafka_reader_new(&config, &reader, detail);
    if (!status)
        status = assign_starts(reader, out->partitions, detail);
    struct reading reading = {.standing = out, .schemas = schemas};
    if (!status)
        status = read_to_ends(reader, &reading, 1 + (size_t)out->partitions, detail);
    kafka_reader_free(reader);
    standing_keep_newest(out);
    return status;
}

void standing_deinit(struct standing *standing)
{
    free(standing->controls);
    free(standing->rosters);
    arena_deinit(&standing->arena);
    *standing = (struct standing){0};
}

const struct control *standing_control(const struct standing *standing, struct slice kind,
                                       struct slice id)
{
    const struct control *newest = NULL;
    for (size_t i = 0; i < standing->control_count; i++) {
        const struct control *one = &standing->controls[i];
        if (slice_equal(one->kind, kind) && slice_equal(one->id, id) &&
            (!newest || one->version > newest->version))
            newest = one;
    }
    return newest;
}

const struct control *standing_units(const struct standing *standing)
{
    return standing_control(standing, SLICE("units"), slice_of(CONTROL_SECTION_ID));
}

enum status standing_units_read(const struct standing *standing, struct arena *arena,
                                const struct currency **out_units, size_t *out_count, char *detail)
{
    const struct control *units = standing_units(standing);
    if (!units)
        return STATUS_OK;
    struct reports reports; /* about no file of the caller's */
    reports_init(&reports, arena);
    struct slice document = arena_copy(arena, units->document);
    if (document.bytes && units_read(document, arena, &reports, out_units, out_count) == STATUS_OK)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES, "the units in control cannot be read");
    return STATUS_REFUSED;
}

const struct roster *standing_roster(const struct standing *standing, struct slice participant,
                                     struct slice aspect)
{
    size_t low = 0;
    size_t high = standing->roster_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct roster *one = &standing->rosters[middle];
        int order = slice_compare(one->participant, participant);
        if (order == 0)
            order = slice_compare(one->aspect, aspect);
        if (order == 0)
            return one;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* --- writing --- */

struct writing {
    struct kafka_writer *writer;
    struct schemas *schemas;
    struct buffer key;
    struct buffer value;
    int32_t partitions;
};

static enum status write_one(struct writing *writing, int topic, int32_t partition, char *detail)
{
    struct log_outgoing record = {.topic = topic,
                                  .partition = partition,
                                  .key = buffer_slice(&writing->key),
                                  .value = buffer_slice(&writing->value)};
    return kafka_writer_produce(writing->writer, &record, detail);
}

static enum status write_control(struct writing *writing, const struct control *control,
                                 char *detail)
{
    buffer_reset(&writing->key);
    buffer_reset(&writing->value);
    buffer_printf(&writing->key, "%.*s/%.*s/%" PRId64, SLICE_ARGS(control->kind),
                  SLICE_ARGS(control->id), control->version);
    schemas_encode(writing->schemas, SCHEMA_CONTROL, control, &writing->value);
    enum status status = STATUS_OK;
    for (int32_t p = 0; !status && p < writing->partitions; p++)
        status = write_one(writing, TOPIC_CONTROL, p, detail);
    return status;
}

static enum status write_roster(struct writing *writing, const struct roster *roster, char *detail)
{
    buffer_reset(&writing->key);
    buffer_reset(&writing->value);
    buffer_printf(&writing->key, "%.*s/%.*s", SLICE_ARGS(roster->participant),
                  SLICE_ARGS(roster->aspect));
    schemas_encode(writing->schemas, SCHEMA_ROSTER, roster, &writing->value);
    return write_one(writing, TOPIC_ROSTER, partition_of(roster->participant, writing->partitions),
                     detail);
}

enum status control_write(const struct connection *connection, struct schemas *schemas,
                          const struct control *controls, size_t control_count,
                          const struct roster *rosters, size_t roster_count, int32_t partitions,
                          char *detail)
{
    const char *names[TOPIC_COUNT];
    for (int topic = 0; topic < TOPIC_COUNT; topic++)
        names[topic] = connection->topics[topic];
    char id[TOPIC_NAME_BYTES];
    (void)snprintf(id, sizeof id, "%smilepost-apply", connection->prefix);
    struct kafka_writer_config config = {.endpoint = connection->endpoint,
                                         .topics = names,
                                         .topic_count = TOPIC_COUNT,
                                         .transactional_id = id};
    struct writing writing = {.schemas = schemas, .partitions = partitions};
    enum status status = kafka_writer_new(&config, &writing.writer, detail);
    if (!status)
        status = kafka_writer_begin(writing.writer, detail);
    for (size_t i = 0; !status && i < control_count; i++)
        status = write_control(&writing, &controls[i], detail);
    for (size_t i = 0; !status && i < roster_count; i++)
        status = write_roster(&writing, &rosters[i], detail);
    if (!status)
        status = kafka_writer_commit(writing.writer, detail);
    if (writing.writer)
        kafka_writer_free(writing.writer);
    buffer_deinit(&writing.key);
    buffer_deinit(&writing.value);
    return status;
}
