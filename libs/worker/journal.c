#include "worker/journal.h"

#include <assert.h>
#include <lz4.h>
#include <stdlib.h>

#include "base/varint.h"
#include "worker/envelope.h"
#include "worker/hazard.h"

/* LZ4's acceleration: the walk's bytes are read once in a restore and never for money, so packing
 * them fast is worth more than packing them small. */
enum { PACK_ACCELERATION = 8 };

/* Before the rows, for the small state and their count; a larger one moves them. */
enum { HEAD_ROOM = 1024 };

/* Before the packed body, for the envelope of a turn's only record; its cursor may be longer. */
enum { ENVELOPE_ROOM = 512 };

void journal_writer_deinit(struct journal_writer *writer)
{
    buffer_deinit(&writer->task);
    buffer_deinit(&writer->body);
    buffer_deinit(&writer->packed);
    buffer_deinit(&writer->envelope);
    *writer = (struct journal_writer){0};
}

static size_t rows_bytes(const struct journal_writer *writer)
{
    return writer->body.length - HEAD_ROOM;
}

static char *put_bytes(struct slice bytes, char *at)
{
    at += varint_put((int64_t)bytes.length, at);
    if (bytes.length)
        memcpy(at, bytes.bytes, bytes.length);
    return at + bytes.length;
}

/* An Avro JournalRow: the key, then the union of null and bytes. */
static void append_row(struct journal_writer *writer, struct slice key, const struct row *row)
{
    struct slice value = row ? row_value(row) : (struct slice){NULL, 0};
    size_t most = key.length + value.length + 3 * VARINT_BYTES_MAX;
    char *first = buffer_reserve(&writer->body, most);
    char *at = put_bytes(key, first);
    at += varint_put(row ? 1 : 0, at);
    if (row)
        at = put_bytes(value, at);
    writer->body.length += (size_t)(at - first);
    writer->row_count++;
}

static void begin_round(struct walk *walk)
{
    walk->round++;
    walk->round_begin = -1;
    walk->starts = true;
    walk->is_whole = false;
    walk->cursor_length = 0;
}

void journal_add_changed(struct journal_writer *writer, struct store *store, struct walk *walk)
{
    buffer_reset(&writer->body);
    buffer_reserve(&writer->body, HEAD_ROOM);
    writer->body.length = HEAD_ROOM;
    writer->row_count = 0;
    writer->slice_rows = 0;
    if (walk->is_whole)
        begin_round(walk);
    for (size_t i = 0; i < store_changed_count(store); i++) {
        struct slice key;
        const struct row *row = store_changed(store, i, &key);
        if (!row && hazard_is(HAZARD_GONE_NOT_WRITTEN))
            continue;
        append_row(writer, key, row);
        store_stamp(store, i, (uint32_t)walk->round);
    }
    writer->changed_bytes = rows_bytes(writer);
}

static void move_cursor(struct walk *walk, struct slice key)
{
    assert(key.length <= sizeof walk->cursor);
    memcpy(walk->cursor, key.bytes, key.length);
    walk->cursor_length = key.length;
}

void journal_add_slice(struct journal_writer *writer, const struct store *store, struct walk *walk)
{
    size_t changed = writer->row_count;
    size_t budget = rows_bytes(writer) + writer->changed_bytes + JOURNAL_ENVELOPE_BYTES;
    size_t passes = JOURNAL_PASS_MAX + JOURNAL_PASS_PER_CHANGED * changed;
    if (writer->slice_least > budget) {
        budget = writer->slice_least;
        passes = SIZE_MAX;
    }
    struct store_cursor cursor;
    struct slice from = {walk->cursor, walk->cursor_length};
    const struct row *row = store_first(store, from, walk->cursor_length > 0, &cursor);
    const struct row *last = NULL;
    while (row && rows_bytes(writer) < budget && passes > 0) {
        if (row->stamp == (uint32_t)walk->round)
            passes--;
        else
            append_row(writer, row_key(row), row);
        last = row;
        row = store_next(&cursor);
    }
    writer->slice_rows = writer->row_count - changed;
    walk->is_whole = row == NULL;
    if (last)
        move_cursor(walk, row_key(last));
}

/* Puts what the body begins with right before the rows. */
static void put_head(struct journal_writer *writer)
{
    struct buffer *body = &writer->body;
    char count[VARINT_BYTES_MAX];
    char length[VARINT_BYTES_MAX];
    size_t count_bytes = writer->row_count ? varint_put((int64_t)writer->row_count, count) : 0;
    size_t length_bytes = varint_put((int64_t)writer->task.length, length);
    size_t head = length_bytes + writer->task.length + count_bytes;
    size_t room = HEAD_ROOM;
    if (head > room) {
        buffer_reserve(body, head - room);
        memmove(body->bytes + head, body->bytes + room, rows_bytes(writer));
        body->length += head - room;
        room = head;
    }
    writer->body_from = room - head;
    char *at = body->bytes + writer->body_from;
    memcpy(at, length, length_bytes);
    memcpy(at + length_bytes, writer->task.bytes, writer->task.length);
    memcpy(at + length_bytes + writer->task.length, count, count_bytes);
}

static struct slice whole_body(const struct journal_writer *writer)
{
    return (struct slice){writer->body.bytes + writer->body_from,
                          writer->body.length - writer->body_from};
}

static void pack(struct journal_writer *writer)
{
    struct slice body = whole_body(writer);
    buffer_reset(&writer->packed);
    int bound = LZ4_compressBound((int)body.length);
    char *at = buffer_reserve(&writer->packed, ENVELOPE_ROOM + (size_t)bound) + ENVELOPE_ROOM;
    int length = LZ4_compress_fast(body.bytes, at, (int)body.length, bound, PACK_ACCELERATION);
    assert(length > 0);
    writer->packed.length = ENVELOPE_ROOM + (size_t)length;
}

enum status journal_pack(struct journal_writer *writer, const struct small *small,
                         const struct stage *stage, const struct fold_state *state,
                         struct schemas *schemas, struct arena *arena)
{
    struct task_row row;
    enum status status = small_to_row(small, stage, state, arena, &row);
    if (status)
        return status;
    buffer_reset(&writer->task);
    schemas_encode_row(schemas, SCHEMA_TASK_ROW, &row, &writer->task);
    varint_append(&writer->body, 0); /* the array's end */
    put_head(writer);
    if (whole_body(writer).length > LZ4_MAX_INPUT_SIZE)
        return STATUS_EXHAUSTED;
    pack(writer);
    return STATUS_OK;
}

size_t journal_packed_bytes(const struct journal_writer *writer)
{
    return writer->packed.length - ENVELOPE_ROOM;
}

int32_t journal_parts(const struct journal_writer *writer)
{
    return (int32_t)((journal_packed_bytes(writer) + JOURNAL_PART_BYTES - 1) / JOURNAL_PART_BYTES);
}

/* The bytes of part `part`. */
static struct slice body_of_part(const struct journal_writer *writer, int32_t part)
{
    size_t from = (size_t)(part - 1) * JOURNAL_PART_BYTES;
    size_t length = journal_packed_bytes(writer) - from;
    if (length > JOURNAL_PART_BYTES)
        length = JOURNAL_PART_BYTES;
    return (struct slice){writer->packed.bytes + ENVELOPE_ROOM + from, length};
}

struct slice journal_record(struct journal_writer *writer, const struct small *small,
                            const struct stage *stage, int32_t partition, int64_t previous_word,
                            int32_t part, const struct schemas *schemas, struct buffer *out)
{
    struct journal_record record = {
        .stage = slice_of(stage->name),
        .partition = partition,
        .partitions = small->partitions,
        .generation = small->generation,
        .turn = small->turn,
        .word = small->word,
        .previous_word = previous_word,
        .part = part,
        .parts = journal_parts(writer),
        .round = small->walk.round,
        .cursor = {small->walk.cursor, small->walk.is_whole ? 0 : small->walk.cursor_length},
        .level = STATE_LEVEL,
        .codec = SLICE("lz4"),
        .bytes = (int64_t)whole_body(writer).length,
        .body = SLICE(""),
    };
    struct slice value;
    if (record.parts == 1 &&
        envelope_put(schemas, SCHEMA_JOURNAL_RECORD, &record, &writer->envelope, &writer->packed,
                     ENVELOPE_ROOM, &value))
        return value;
    record.body = body_of_part(writer, part);
    schemas_encode_private(schemas, SCHEMA_JOURNAL_RECORD, &record, out);
    return buffer_slice(out);
}

void journal_committed(struct walk *walk, int64_t offset)
{
    if (walk->starts)
        walk->round_begin = offset;
    walk->starts = false;
    if (walk->is_whole)
        walk->begin = walk->round_begin;
}
