#include "worker/journal.h"

#include <assert.h>
#include <lz4.h>
#include <stdlib.h>

#include "base/varint.h"
#include "worker/hazard.h"

/* LZ4's acceleration: the walk's bytes are read once in a restore and never for money, so packing
 * them fast is worth more than packing them small. */
enum { PACK_ACCELERATION = 8 };

void journal_writer_deinit(struct journal_writer *writer)
{
    buffer_deinit(&writer->rows);
    buffer_deinit(&writer->task);
    buffer_deinit(&writer->body);
    buffer_deinit(&writer->packed);
    *writer = (struct journal_writer){0};
}

/* An Avro JournalRow: the key, then the union of null and bytes. */
static void append_row(struct journal_writer *writer, struct slice key, const struct row *row)
{
    varint_append_bytes(&writer->rows, key);
    varint_append(&writer->rows, row ? 1 : 0);
    if (row)
        varint_append_bytes(&writer->rows, row_value(row));
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
    buffer_reset(&writer->rows);
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
    writer->changed_bytes = writer->rows.length;
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
    size_t budget = writer->rows.length + writer->changed_bytes + JOURNAL_ENVELOPE_BYTES;
    size_t passes = JOURNAL_PASS_MAX + JOURNAL_PASS_PER_CHANGED * changed;
    if (writer->slice_least > budget) {
        budget = writer->slice_least;
        passes = SIZE_MAX;
    }
    struct store_cursor cursor;
    struct slice from = {walk->cursor, walk->cursor_length};
    const struct row *row = store_first(store, from, walk->cursor_length > 0, &cursor);
    const struct row *last = NULL;
    while (row && writer->rows.length < budget && passes > 0) {
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

static void pack(struct journal_writer *writer)
{
    buffer_reset(&writer->packed);
    assert(writer->body.length <= LZ4_MAX_INPUT_SIZE);
    int bound = LZ4_compressBound((int)writer->body.length);
    char *at = buffer_reserve(&writer->packed, (size_t)bound);
    int length = LZ4_compress_fast(writer->body.bytes, at, (int)writer->body.length, bound,
                                   PACK_ACCELERATION);
    assert(length > 0);
    writer->packed.length = (size_t)length;
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
    buffer_reset(&writer->body);
    varint_append_bytes(&writer->body, buffer_slice(&writer->task));
    if (writer->row_count > 0) {
        varint_append(&writer->body, (int64_t)writer->row_count);
        buffer_append_slice(&writer->body, buffer_slice(&writer->rows));
    }
    varint_append(&writer->body, 0);
    if (writer->body.length > LZ4_MAX_INPUT_SIZE)
        return STATUS_EXHAUSTED;
    pack(writer);
    return STATUS_OK;
}

int32_t journal_parts(const struct journal_writer *writer)
{
    return (int32_t)((writer->packed.length + JOURNAL_PART_BYTES - 1) / JOURNAL_PART_BYTES);
}

void journal_record_append(const struct journal_writer *writer, const struct small *small,
                           const struct stage *stage, int32_t partition, int64_t previous_word,
                           int32_t part, struct schemas *schemas, struct buffer *out)
{
    size_t from = (size_t)(part - 1) * JOURNAL_PART_BYTES;
    size_t length = writer->packed.length - from;
    if (length > JOURNAL_PART_BYTES)
        length = JOURNAL_PART_BYTES;
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
        .bytes = (int64_t)writer->body.length,
        .body = {writer->packed.bytes + from, length},
    };
    schemas_encode_private(schemas, SCHEMA_JOURNAL_RECORD, &record, out);
}

void journal_committed(struct walk *walk, int64_t offset)
{
    if (walk->starts)
        walk->round_begin = offset;
    walk->starts = false;
    if (walk->is_whole)
        walk->begin = walk->round_begin;
}
