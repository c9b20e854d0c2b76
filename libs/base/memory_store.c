#include "base/memory_store.h"

#include <assert.h>
#include <stdlib.h>

#include "base/copy.h"

enum { SEGMENT_RECORDS = 128, CHUNK_BYTES_MIN = 1024, CHUNK_BYTES_MAX = 1 << 20, ALIGNMENT = 8 };

struct chunk {
    struct chunk *next;
    size_t used;
    size_t size;
    _Alignas(16) char bytes[];
};

struct memory_segment {
    struct chunk *chunks; /* newest first */
    size_t bytes;         /* taken in all */
    struct memory_entry entries[SEGMENT_RECORDS];
};

static void *must_allocate(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

size_t memory_record_bytes(const struct log_record *record)
{
    size_t bytes =
        record->header_count * sizeof *record->headers + record->key.length + record->value.length;
    for (size_t i = 0; i < record->header_count; i++)
        bytes += record->headers[i].name.length + record->headers[i].value.length;
    return aligned(bytes);
}

/* Moves the text to `at`; returns where it ends there. */
static inline char *move(struct slice *text, char *at)
{
    if (!text->bytes)
        return at;
    copy_short(at, text->bytes, text->length);
    text->bytes = at;
    return at + text->length;
}

void memory_record_move(struct log_record *record, char *at)
{
    struct log_header *headers = (struct log_header *)(void *)at;
    at += record->header_count * sizeof *headers;
    at = move(&record->key, at);
    at = move(&record->value, at);
    for (size_t i = 0; i < record->header_count; i++) {
        headers[i] = record->headers[i];
        at = move(&headers[i].name, at);
        at = move(&headers[i].value, at);
    }
    record->headers = record->header_count ? headers : NULL;
}

static void free_segment(struct memory_segment *segment)
{
    for (struct chunk *chunk = segment->chunks; chunk;) {
        struct chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(segment);
}

void memory_partition_deinit(struct memory_partition *partition)
{
    for (size_t i = 0; i < partition->segment_count; i++)
        free_segment(partition->segments[i]);
    free(partition->segments);
    free(partition->open);
    *partition = (struct memory_partition){0};
}

static char *take(struct memory_partition *partition, struct memory_segment *segment, size_t bytes)
{
    struct chunk *chunk = segment->chunks;
    if (!chunk || chunk->size - chunk->used < bytes) {
        size_t size = chunk ? chunk->size : partition->chunk_bytes;
        size = size < CHUNK_BYTES_MIN ? CHUNK_BYTES_MIN : size;
        size = size > CHUNK_BYTES_MAX ? CHUNK_BYTES_MAX : size;
        size = size < bytes ? bytes : size;
        chunk = must_allocate(malloc(sizeof *chunk + size));
        *chunk = (struct chunk){.next = segment->chunks, .size = size};
        segment->chunks = chunk;
    }
    char *at = chunk->bytes + chunk->used;
    chunk->used += bytes;
    segment->bytes += bytes;
    return at;
}

static struct memory_segment *add_segment(struct memory_partition *partition)
{
    if (partition->segment_count == partition->segment_capacity) {
        partition->segment_capacity = partition->segment_capacity * 2 + 4;
        partition->segments = must_allocate(
            realloc(partition->segments, partition->segment_capacity * sizeof(void *)));
    }
    if (partition->segment_count) /* Records come in similar sizes: a little above the last. */
        partition->chunk_bytes = partition->segments[partition->segment_count - 1]->bytes * 9 / 8;
    struct memory_segment *segment = must_allocate(malloc(sizeof *segment));
    segment->chunks = NULL;
    segment->bytes = 0;
    partition->segments[partition->segment_count++] = segment;
    return segment;
}

/* The place of the record at the end, whose segment is added when it is the first of one. */
static struct memory_entry *next_entry(struct memory_partition *partition,
                                       struct memory_segment **out_segment)
{
    size_t number = (size_t)(partition->end / SEGMENT_RECORDS - partition->segment_first);
    *out_segment =
        number == partition->segment_count ? add_segment(partition) : partition->segments[number];
    return &(*out_segment)->entries[partition->end % SEGMENT_RECORDS];
}

static void open_transaction(struct memory_partition *partition, int64_t transaction)
{
    if (partition->open_count == partition->open_capacity) {
        partition->open_capacity = partition->open_capacity * 2 + 4;
        partition->open = must_allocate(
            realloc(partition->open, partition->open_capacity * sizeof *partition->open));
    }
    partition->open[partition->open_count++] = (struct memory_open){transaction, partition->end};
}

int64_t memory_partition_append(struct memory_partition *partition, const struct log_record *record,
                                int64_t timestamp_ms, int64_t transaction)
{
    if (transaction && !memory_partition_has_open(partition, transaction))
        open_transaction(partition, transaction);
    if (partition->forgets)
        memory_partition_trim(partition, partition->end);
    struct memory_segment *segment;
    struct memory_entry *entry = next_entry(partition, &segment);
    entry->record =
        partition->forgets ? (struct log_record){.partition = record->partition} : *record;
    entry->record.topic = -1;
    entry->record.offset = partition->end;
    entry->record.timestamp_ms = timestamp_ms;
    memory_record_move(&entry->record,
                       take(partition, segment, memory_record_bytes(&entry->record)));
    entry->transaction = transaction;
    entry->kind = MEMORY_DATA;
    return partition->end++;
}

static size_t find_open(const struct memory_partition *partition, int64_t transaction)
{
    size_t i = 0;
    while (i < partition->open_count && partition->open[i].transaction != transaction)
        i++;
    return i;
}

bool memory_partition_has_open(const struct memory_partition *partition, int64_t transaction)
{
    return find_open(partition, transaction) < partition->open_count;
}

static struct memory_entry *entry_at(const struct memory_partition *partition, int64_t offset)
{
    size_t number = (size_t)(offset / SEGMENT_RECORDS - partition->segment_first);
    assert(offset < partition->end && number < partition->segment_count);
    return &partition->segments[number]->entries[offset % SEGMENT_RECORDS];
}

const struct memory_entry *memory_partition_at(const struct memory_partition *partition,
                                               int64_t offset)
{
    return entry_at(partition, offset);
}

static void forget(struct memory_partition *partition, int64_t first, int64_t transaction)
{
    int64_t kept = partition->segment_first * SEGMENT_RECORDS;
    for (int64_t at = first > kept ? first : kept; at < partition->end; at++) {
        struct memory_entry *entry = entry_at(partition, at);
        if (entry->transaction == transaction)
            entry->kind = MEMORY_ABORTED;
    }
}

void memory_partition_mark(struct memory_partition *partition, int64_t transaction,
                           bool is_committed, int64_t timestamp_ms)
{
    size_t i = find_open(partition, transaction);
    assert(i < partition->open_count);
    if (!is_committed)
        forget(partition, partition->open[i].first, transaction);
    partition->open_count--;
    memmove(partition->open + i, partition->open + i + 1,
            (partition->open_count - i) * sizeof *partition->open);
    struct memory_segment *segment;
    struct memory_entry *entry = next_entry(partition, &segment);
    *entry = (struct memory_entry){
        .record = {.topic = -1, .offset = partition->end, .timestamp_ms = timestamp_ms},
        .transaction = transaction,
        .kind = MEMORY_MARKER};
    partition->end++;
}

int64_t memory_partition_stable(const struct memory_partition *partition)
{
    if (!partition->open_count)
        return partition->end;
    int64_t first = partition->open[0].first;
    return first > partition->start ? first : partition->start;
}

void memory_partition_trim(struct memory_partition *partition, int64_t offset)
{
    int64_t segments = offset / SEGMENT_RECORDS - partition->segment_first;
    if (segments <= 0)
        return;
    size_t count =
        (size_t)segments < partition->segment_count ? (size_t)segments : partition->segment_count;
    for (size_t i = 0; i < count; i++)
        free_segment(partition->segments[i]);
    partition->segment_count -= count;
    memmove(partition->segments, partition->segments + count,
            partition->segment_count * sizeof(void *));
    partition->segment_first += (int64_t)count;
}
