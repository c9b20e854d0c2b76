#include "base/memory_parts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

struct log_reader {
    struct log_reader *next;
    struct memory_place place;
    struct log_record record; /* the last one given out */
};

struct memory_partition *memory_client_partition(const struct memory_client *client, int topic,
                                                 int32_t partition)
{
    assert(topic >= 0 && topic < client->topic_count);
    const struct memory_topic *found = client->topics[topic];
    if (partition < 0 || partition >= found->partition_count)
        return NULL;
    return &found->partitions[partition];
}

static enum status find_partition(const struct memory_client *client, int topic, int32_t partition,
                                  struct memory_partition **out, char *detail)
{
    struct memory_partition *found = memory_client_partition(client, topic, partition);
    if (!found) {
        (void)snprintf(detail, DETAIL_BYTES, "%s-%d: no such partition",
                       client->topics[topic]->name, (int)partition);
        return STATUS_REFUSED;
    }
    *out = found;
    return STATUS_OK;
}

static enum status out_of_range(const struct memory_client *client,
                                const struct memory_place *place, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES, "%s-%d: offset %lld is not in the log, %lld to %lld",
                   client->topics[place->topic]->name, (int)place->number, (long long)place->next,
                   (long long)place->partition->start, (long long)place->partition->end);
    return STATUS_OUT_OF_RANGE;
}

static bool is_in_range(const struct memory_place *place)
{
    return place->next >= place->partition->start && place->next <= place->partition->end;
}

/* --- held records --- */

void memory_client_drop(struct memory_client *client, size_t count)
{
    for (size_t i = 0; client->copies && i < count; i++)
        free(client->copies[client->held_first + i]);
    client->held_first += count;
    client->held_count -= count;
}

void memory_release(void *self, size_t count)
{
    struct memory_client *client = self;
    memory_client_drop(client, count < client->held_count ? count : client->held_count);
}

/* Room for `count` more behind those held, which move to the front. */
static void make_room(struct memory_client *client, size_t count)
{
    size_t held = client->held_count;
    if (client->held_first) {
        memmove(client->held, client->held + client->held_first, held * sizeof *client->held);
        if (client->copies)
            memmove(client->copies, client->copies + client->held_first,
                    held * sizeof *client->copies);
        client->held_first = 0;
    }
    if (client->held_capacity - held >= count)
        return;
    client->held_capacity = (held + count) * 2;
    client->held = memory_must(realloc(client->held, client->held_capacity * sizeof *client->held));
    if (client->broker->config.copies_polled)
        client->copies =
            memory_must(realloc(client->copies, client->held_capacity * sizeof *client->copies));
}

static void hold(struct memory_client *client, const struct memory_place *place,
                 const struct memory_entry *entry)
{
    size_t at = client->held_first + client->held_count++;
    struct log_record *record = &client->held[at];
    *record = entry->record;
    record->topic = place->topic;
    record->partition = place->number;
    if (!client->copies)
        return;
    client->copies[at] = memory_must(malloc(memory_record_bytes(record) + 1));
    memory_record_move(record, client->copies[at]);
}

/* Takes up to `count` committed records from `place` on, which moves on. */
static size_t take(struct memory_client *client, struct memory_place *place, size_t count)
{
    int64_t stable = memory_partition_stable(place->partition);
    size_t taken = 0;
    while (taken < count && place->next < stable) {
        const struct memory_entry *entry = memory_partition_at(place->partition, place->next++);
        if (entry->kind != MEMORY_DATA)
            continue;
        hold(client, place, entry);
        taken++;
    }
    return taken;
}

static size_t available(const struct memory_client *client, size_t records_max)
{
    size_t count = 0;
    for (size_t i = 0; i < client->place_count && count < records_max; i++) {
        const struct memory_place *place = &client->places[i];
        int64_t more = memory_partition_stable(place->partition) - place->next;
        count += more > 0 ? (size_t)more : 0;
    }
    return count < records_max ? count : records_max;
}

static size_t fill(struct memory_client *client, size_t records_max)
{
    size_t room = available(client, records_max);
    make_room(client, room);
    bool is_late = client->is_late && client->broker->faults.polls_late;
    client->is_late = false;
    if (!room || is_late)
        return 0;
    size_t taken = 0;
    size_t turn = client->place_turn++;
    if (client->broker->faults.polls_at_random) {
        turn = memory_broker_random(client->broker, client->place_count);
        room = 1 + memory_broker_random(client->broker, room);
        return take(client, &client->places[turn], room);
    }
    for (size_t i = 0; i < client->place_count && taken < room; i++)
        taken += take(client, &client->places[(turn + i) % client->place_count], room - taken);
    return taken;
}

/* --- reading --- */

enum status memory_poll(void *self, int timeout_ms, size_t records_max,
                        const struct log_record **out_records, size_t *out_count, char *detail)
{
    (void)timeout_ms;
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    if (!memory_client_take_part(client)) {
        (void)snprintf(detail, DETAIL_BYTES, "group %s: member %s was replaced by another",
                       client->group->name, client->instance);
        return STATUS_FENCED;
    }
    for (size_t i = 0; i < client->place_count; i++)
        if (!is_in_range(&client->places[i]))
            return out_of_range(client, &client->places[i], detail);
    *out_count = fill(client, records_max);
    *out_records =
        *out_count ? client->held + client->held_first + client->held_count - *out_count : NULL;
    return STATUS_OK;
}

enum status memory_assign(void *self, const struct log_position *positions, size_t count,
                          char *detail)
{
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    struct memory_place *places = memory_must(malloc((count + 1) * sizeof *places));
    for (size_t i = 0; i < count; i++) {
        assert(positions[i].offset >= 0);
        places[i] = (struct memory_place){.topic = positions[i].topic,
                                          .number = positions[i].partition,
                                          .next = positions[i].offset};
        status = find_partition(client, positions[i].topic, positions[i].partition,
                                &places[i].partition, detail);
        if (status) {
            free(places);
            return status;
        }
    }
    free(client->places);
    client->places = places;
    client->place_count = count;
    client->is_late = true;
    return STATUS_OK;
}

enum status memory_committed(void *self, struct log_position *positions, size_t count, char *detail)
{
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    for (size_t i = 0; i < count; i++) {
        struct memory_partition *partition;
        status =
            find_partition(client, positions[i].topic, positions[i].partition, &partition, detail);
        if (status)
            return status;
        const struct memory_topic *topic = client->topics[positions[i].topic];
        if (memory_group_offset(client->group, topic, positions[i].partition)->pending &&
            !client->broker->faults.shows_pending_offsets) {
            (void)snprintf(detail, DETAIL_BYTES, "%s-%d: a transaction with its offset is open",
                           topic->name, (int)positions[i].partition);
            return STATUS_UNAVAILABLE;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct memory_offset *entry = memory_group_offset(
            client->group, client->topics[positions[i].topic], positions[i].partition);
        positions[i].offset = entry->offset;
        memcpy(positions[i].metadata, entry->metadata, sizeof positions[i].metadata);
    }
    return STATUS_OK;
}

enum status memory_bounds(void *self, int topic, int32_t partition, int64_t *out_first,
                          int64_t *out_end, char *detail)
{
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    struct memory_partition *found;
    status = find_partition(client, topic, partition, &found, detail);
    if (status)
        return status;
    *out_first = found->start;
    *out_end = found->end;
    return STATUS_OK;
}

/* --- the second handle --- */

enum status memory_reader_open(void *self, int topic, int32_t partition, int64_t offset,
                               struct log_reader **out, char *detail)
{
    struct memory_client *client = self;
    assert(offset >= 0);
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    struct memory_partition *found;
    status = find_partition(client, topic, partition, &found, detail);
    if (status)
        return status;
    struct log_reader *reader = memory_must(calloc(1, sizeof *reader));
    reader->place = (struct memory_place){topic, found, partition, offset};
    reader->record.offset = INT64_MAX;
    reader->next = client->readers;
    client->readers = reader;
    *out = reader;
    return STATUS_OK;
}

enum status memory_reader_next(void *self, struct log_reader *reader, int timeout_ms,
                               const struct log_record **out, int64_t *out_end_offset, char *detail)
{
    (void)timeout_ms;
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    struct memory_place *place = &reader->place;
    if (!is_in_range(place))
        return out_of_range(client, place, detail);
    int64_t stable = memory_partition_stable(place->partition);
    while (place->next < stable) {
        const struct memory_entry *entry = memory_partition_at(place->partition, place->next++);
        if (entry->kind != MEMORY_DATA)
            continue;
        reader->record = entry->record;
        reader->record.topic = place->topic;
        reader->record.partition = place->number;
        *out = &reader->record;
        return STATUS_OK;
    }
    *out = NULL;
    *out_end_offset = place->next;
    return STATUS_OK;
}

void memory_reader_close(void *self, struct log_reader *reader)
{
    struct memory_client *client = self;
    struct log_reader **link = &client->readers;
    while (*link != reader)
        link = &(*link)->next;
    *link = reader->next;
    free(reader);
}

int64_t memory_clients_hold(const struct memory_broker *broker,
                            const struct memory_partition *partition)
{
    int64_t lowest = INT64_MAX;
    for (const struct memory_client *client = broker->clients; client; client = client->next) {
        for (size_t i = 0; i < client->held_count; i++) {
            const struct log_record *held = &client->held[client->held_first + i];
            if (held->offset < lowest &&
                memory_client_partition(client, held->topic, held->partition) == partition)
                lowest = held->offset;
        }
        for (const struct log_reader *reader = client->readers; reader; reader = reader->next)
            if (reader->place.partition == partition && reader->record.offset < lowest)
                lowest = reader->record.offset;
    }
    return lowest;
}

void memory_delete(struct memory_broker *broker, struct memory_partition *partition, int64_t before)
{
    if (before <= partition->start || before > partition->end)
        return;
    partition->start = before;
    int64_t held = memory_clients_hold(broker, partition);
    memory_partition_trim(partition, held < before ? held : before);
}

enum status memory_truncate(void *self, int topic, int32_t partition, int64_t before, char *detail)
{
    struct memory_client *client = self;
    enum status status = memory_client_call(client, detail);
    if (status)
        return status;
    struct memory_partition *found;
    status = find_partition(client, topic, partition, &found, detail);
    if (status)
        return status;
    memory_delete(client->broker, found, before);
    return STATUS_OK;
}
