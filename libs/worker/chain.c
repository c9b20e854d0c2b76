#include "worker/chain.h"

#include <inttypes.h>
#include <lz4.h>
#include <stdio.h>

#include "base/varint.h"
#include "worker/hazard.h"

enum { SCRATCH_BYTES_MAX = 64 * 1024 * 1024 };

void chain_init(struct chain *chain, const struct stage *stage, int32_t partition,
                struct schemas *schemas, struct store *store, struct small *small)
{
    *chain = (struct chain){
        .stage = stage, .partition = partition, .schemas = schemas, .store = store, .small = small};
    arena_init_growing(&chain->arena, SCRATCH_BYTES_MAX);
}

void chain_deinit(struct chain *chain)
{
    buffer_deinit(&chain->task);
    buffer_deinit(&chain->packed);
    buffer_deinit(&chain->body);
    arena_deinit(&chain->arena);
    *chain = (struct chain){0};
}

static enum status corrupt(const struct chain *chain, int64_t offset, const char *what,
                           char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES,
                   "%s journal partition %" PRId32 " offset %" PRId64 ": %s; stop every worker of "
                   "the group, then run: milepost offsets repair",
                   chain->stage->name, chain->partition, offset, what);
    return STATUS_CORRUPT;
}

static enum status broken(const struct chain *chain, const struct journal_record *record,
                          int64_t offset, char *detail)
{
    char what[256];
    (void)snprintf(
        what, sizeof what,
        "turn %" PRId64 " word %" PRIx64 " part %" PRId32 " of %" PRId32 " follows on %" PRIx64
        ", but the last one read is turn %" PRId64 " word %" PRIx64,
        record->turn, (uint64_t)record->word, record->part, record->parts,
        (uint64_t)record->previous_word, chain->small->turn, (uint64_t)chain->small->word);
    return corrupt(chain, offset, what, detail);
}

static enum status check_task(const struct chain *chain, const struct journal_record *record,
                              int64_t offset, char *detail)
{
    if (record->level > STATE_LEVEL)
        return corrupt(chain, offset, "written by a later release (state level)", detail);
    if (!slice_equal(record->stage, slice_of(chain->stage->name)) ||
        record->partition != chain->partition)
        return corrupt(chain, offset, "belongs to another task", detail);
    if (record->partitions != chain->small->partitions)
        return corrupt(chain, offset, "was written with another number of partitions", detail);
    if (record->part < 1 || record->part > record->parts || record->bytes < 0 ||
        record->bytes > LZ4_MAX_INPUT_SIZE || record->cursor.length > sizeof chain->cursor)
        return corrupt(chain, offset, "has impossible sizes", detail);
    return STATUS_OK;
}

/* Whether `record` is what must come next: the next part, or the first one of the next turn. */
static bool follows(const struct chain *chain, const struct journal_record *record)
{
    if (chain->parts_seen > 0)
        return record->turn == chain->head.turn && record->word == chain->head.word &&
               record->parts == chain->head.parts && record->part == chain->parts_seen + 1;
    if (record->part != 1)
        return false;
    if (chain->first_turn == 0)
        return true;
    return record->turn == chain->small->turn + 1 && record->previous_word == chain->small->word;
}

static enum status load_rows(struct chain *chain, struct slice rest, char *detail)
{
    uint32_t stamp = (uint32_t)chain->head.round;
    int64_t count;
    while (varint_take(&rest, &count) && count > 0) {
        for (int64_t i = 0; i < count; i++) {
            struct slice key;
            struct slice value = {NULL, 0};
            int64_t branch;
            if (!varint_take_bytes(&rest, &key) || key.length == 0 || !varint_take(&rest, &branch))
                return corrupt(chain, chain->head_offset, "a row is cut short", detail);
            if (branch == 1 && !varint_take_bytes(&rest, &value))
                return corrupt(chain, chain->head_offset, "a row's value is cut short", detail);
            store_load(chain->store, key, value, stamp);
            chain->rows++;
        }
    }
    if (rest.length > 0)
        return corrupt(chain, chain->head_offset, "has bytes behind its rows", detail);
    return STATUS_OK;
}

static enum status unpack(struct chain *chain, char *detail)
{
    size_t bytes = (size_t)chain->head.bytes;
    buffer_reset(&chain->body);
    char *at = buffer_reserve(&chain->body, bytes + 1);
    int length =
        LZ4_decompress_safe(chain->packed.bytes, at, (int)chain->packed.length, (int)bytes);
    if (length < 0 || (size_t)length != bytes)
        return corrupt(chain, chain->head_offset, "does not unpack", detail);
    chain->body.length = bytes;
    return STATUS_OK;
}

/* All parts are there: the turn becomes part of the state. */
static enum status finish_turn(struct chain *chain, char *detail)
{
    enum status status = unpack(chain, detail);
    if (status)
        return status;
    struct slice rest = buffer_slice(&chain->body);
    struct slice task;
    if (!varint_take_bytes(&rest, &task))
        return corrupt(chain, chain->head_offset, "has no small state", detail);
    status = load_rows(chain, rest, detail);
    if (status)
        return status;
    buffer_reset(&chain->task);
    buffer_append_slice(&chain->task, task);
    struct walk *walk = &chain->small->walk;
    if (chain->first_turn == 0) {
        chain->first_turn = chain->head.turn;
        chain->first_round = chain->head.round;
        walk->round = chain->head.round;
        walk->round_begin = chain->head_offset;
    } else if (chain->head.round != walk->round) {
        walk->round = chain->head.round;
        walk->round_begin = chain->head_offset;
    }
    walk->is_whole = chain->cursor_length == 0;
    walk->starts = false;
    memcpy(walk->cursor, chain->cursor, chain->cursor_length);
    walk->cursor_length = chain->cursor_length;
    if (walk->is_whole && walk->round == chain->first_round)
        chain->is_round_seen_whole = true;
    chain->small->turn = chain->head.turn;
    chain->small->word = chain->head.word;
    chain->small->generation = chain->head.generation;
    chain->parts_seen = 0;
    return STATUS_OK;
}

enum status chain_add(struct chain *chain, const struct log_record *record, char *detail)
{
    arena_reset(&chain->arena);
    struct journal_record read;
    enum status status = schemas_decode_private(chain->schemas, SCHEMA_JOURNAL_RECORD,
                                                record->value, &read, &chain->arena, detail);
    if (status)
        return corrupt(chain, record->offset, "does not decode", detail);
    status = check_task(chain, &read, record->offset, detail);
    if (status)
        return status;
    if (!follows(chain, &read) && !hazard_is(HAZARD_NO_CHAIN) && !hazard_is(HAZARD_OFFSETS_OUTSIDE))
        return broken(chain, &read, record->offset, detail);
    if (read.part == 1) {
        chain->head = read;
        chain->head_offset = record->offset;
        chain->cursor_length = read.cursor.length;
        if (read.cursor.length)
            memcpy(chain->cursor, read.cursor.bytes, read.cursor.length);
        buffer_reset(&chain->packed);
    }
    buffer_append_slice(&chain->packed, read.body);
    chain->parts_seen = read.part;
    chain->bytes += (int64_t)record->value.length;
    return read.part == read.parts ? finish_turn(chain, detail) : STATUS_OK;
}

void chain_drop_torn(struct chain *chain)
{
    chain->parts_seen = 0;
}

enum status chain_end(const struct chain *chain, const struct turn_metadata *metadata, char *detail)
{
    const struct small *small = chain->small;
    if (hazard_is(HAZARD_NO_CHAIN) || hazard_is(HAZARD_RESTORE_TO_LSO) ||
        hazard_is(HAZARD_OFFSETS_OUTSIDE))
        return STATUS_OK;
    if (chain->first_turn != 0 && small->turn > metadata->turn)
        return STATUS_ABORTED;
    if (chain->first_turn == 0 || chain->parts_seen > 0 || small->turn != metadata->turn ||
        small->word != metadata->word || small->generation != metadata->generation) {
        char what[256];
        (void)snprintf(what, sizeof what,
                       "the chain ends in turn %" PRId64 " word %" PRIx64
                       ", the committed offsets name turn %" PRId64 " word %" PRIx64,
                       small->turn, (uint64_t)small->word, metadata->turn,
                       (uint64_t)metadata->word);
        return corrupt(chain, chain->head_offset, what, detail);
    }
    if (chain->first_turn != 1 && !chain->is_round_seen_whole)
        return corrupt(chain, chain->head_offset, "no whole round of the walk was read", detail);
    return STATUS_OK;
}

enum status chain_state(struct chain *chain, struct fold_state *out_state, char *detail)
{
    arena_reset(&chain->arena);
    struct task_row row;
    enum status status = schemas_decode_row(
        chain->schemas, SCHEMA_TASK_ROW, buffer_slice(&chain->task), &row, &chain->arena, detail);
    if (status)
        return corrupt(chain, chain->head_offset, "its small state does not decode", detail);
    struct walk walk = chain->small->walk;
    status = small_from_row(&row, chain->small, out_state, detail);
    chain->small->walk.round = walk.round;
    chain->small->walk.round_begin = walk.round_begin;
    return status;
}
