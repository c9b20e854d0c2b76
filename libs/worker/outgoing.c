#include "worker/outgoing.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/partition.h"
#include "base/varint.h"
#include "calendar/date.h"
#include "worker/headers.h"

void outgoing_init(struct outgoing *outgoing, const struct stage *stage, int32_t partition,
                   int32_t partitions, struct schemas *schemas)
{
    *outgoing = (struct outgoing){.stage = stage,
                                  .partition = partition,
                                  .partitions = partitions,
                                  .schemas = schemas,
                                  .packs = calloc((size_t)partitions, sizeof *outgoing->packs)};
    if (!outgoing->packs)
        abort();
    arena_init_growing(&outgoing->arena, OUTGOING_BYTES_MAX);
}

void outgoing_deinit(struct outgoing *outgoing)
{
    for (int32_t p = 0; outgoing->packs && p < outgoing->partitions; p++) {
        buffer_deinit(&outgoing->packs[p].rows);
        free(outgoing->packs[p].part_ends);
        free(outgoing->packs[p].part_rows);
    }
    free(outgoing->packs);
    free(outgoing->records);
    arena_deinit(&outgoing->arena);
    buffer_deinit(&outgoing->scratch);
    *outgoing = (struct outgoing){0};
}

static void reset_pack(struct credit_pack *pack)
{
    buffer_reset(&pack->rows);
    pack->part_count = 0;
    pack->open_rows = 0;
}

void outgoing_reset(struct outgoing *outgoing)
{
    for (int32_t p = 0; p < outgoing->partitions; p++)
        reset_pack(&outgoing->packs[p]);
    arena_reset(&outgoing->arena);
    outgoing->count = 0;
    outgoing->payouts = 0;
    outgoing->attainments = 0;
    outgoing->dead_letters = 0;
    outgoing->credits = 0;
}

static void push(struct outgoing *outgoing, const struct log_outgoing *record)
{
    if (outgoing->count == outgoing->capacity) {
        outgoing->capacity = outgoing->capacity ? outgoing->capacity * 2 : 256;
        outgoing->records =
            realloc(outgoing->records, outgoing->capacity * sizeof *outgoing->records);
        if (!outgoing->records)
            abort();
    }
    outgoing->records[outgoing->count++] = *record;
}

enum status outgoing_add(struct outgoing *outgoing, const struct log_outgoing *record)
{
    struct log_outgoing copy = *record;
    if (record->key.bytes) {
        copy.key = arena_copy(&outgoing->arena, record->key);
        if (!copy.key.bytes)
            return STATUS_EXHAUSTED;
    }
    if (record->value.bytes) {
        copy.value = arena_copy(&outgoing->arena, record->value);
        if (!copy.value.bytes)
            return STATUS_EXHAUSTED;
    }
    push(outgoing, &copy);
    return STATUS_OK;
}

/* --- credits --- */

static void close_part(struct credit_pack *pack)
{
    if (pack->part_count == pack->part_capacity) {
        pack->part_capacity = pack->part_capacity ? pack->part_capacity * 2 : 4;
        pack->part_ends = realloc(pack->part_ends, pack->part_capacity * sizeof *pack->part_ends);
        pack->part_rows = realloc(pack->part_rows, pack->part_capacity * sizeof *pack->part_rows);
        if (!pack->part_ends || !pack->part_rows)
            abort();
    }
    pack->part_ends[pack->part_count] = pack->rows.length;
    pack->part_rows[pack->part_count] = pack->open_rows;
    pack->part_count++;
    pack->open_rows = 0;
}

static enum status add_credit(void *self, const struct credit *credit)
{
    struct outgoing *outgoing = self;
    int32_t target = partition_of(credit->target, outgoing->partitions);
    struct credit_pack *pack = &outgoing->packs[target];
    buffer_reset(&outgoing->scratch);
    schemas_encode_body(outgoing->schemas, SCHEMA_CREDIT, credit, &outgoing->scratch);
    size_t open_from = pack->part_count ? pack->part_ends[pack->part_count - 1] : 0;
    size_t open_bytes = pack->rows.length - open_from;
    if (pack->open_rows == CREDIT_ROWS_MAX ||
        (pack->open_rows > 0 && open_bytes + outgoing->scratch.length > CREDIT_PART_BYTES))
        close_part(pack);
    varint_append_bytes(&pack->rows, buffer_slice(&outgoing->scratch));
    pack->open_rows++;
    outgoing->credits++;
    return STATUS_OK;
}

static enum status pack_into(struct outgoing *outgoing, struct small *small, int32_t target)
{
    struct credit_pack *pack = &outgoing->packs[target];
    close_part(pack);
    for (size_t part = 0; part < pack->part_count; part++) {
        size_t from = part ? pack->part_ends[part - 1] : 0;
        struct credit_batch batch = {
            .stage = slice_of(outgoing->stage->name),
            .partition = outgoing->partition,
            .partitions = outgoing->partitions,
            .generation = small->generation,
            .turn = small->turn,
            .word = small->word,
            .previous_turn = small->written[target],
            .part = (int32_t)part + 1,
            .parts = (int32_t)pack->part_count,
            .level = STATE_LEVEL,
            .row_count = pack->part_rows[part],
            .rows = {pack->rows.bytes + from, pack->part_ends[part] - from},
        };
        buffer_reset(&outgoing->scratch);
        schemas_encode_private(outgoing->schemas, SCHEMA_CREDIT_BATCH, &batch, &outgoing->scratch);
        struct log_outgoing record = {
            .topic = TOPIC_CREDITS, .partition = target, .value = buffer_slice(&outgoing->scratch)};
        enum status status = outgoing_add(outgoing, &record);
        if (status)
            return status;
    }
    small->written[target] = small->turn;
    return STATUS_OK;
}

enum status outgoing_pack_credits(struct outgoing *outgoing, struct small *small)
{
    for (int32_t target = 0; target < outgoing->partitions; target++) {
        if (outgoing->packs[target].open_rows == 0 && outgoing->packs[target].part_count == 0)
            continue;
        enum status status = pack_into(outgoing, small, target);
        if (status)
            return status;
    }
    return STATUS_OK;
}

/* --- public records --- */

static enum status add_public(struct outgoing *outgoing, int topic, struct slice key,
                              const struct public_headers *about)
{
    struct log_outgoing record = {.topic = topic,
                                  .partition = outgoing->partition,
                                  .key = key,
                                  .value = buffer_slice(&outgoing->scratch)};
    enum status status = headers_public(about, outgoing->stage->name, outgoing->partition,
                                        &outgoing->arena, &record);
    return status ? status : outgoing_add(outgoing, &record);
}

static enum status add_payout(void *self, const struct payout *payout)
{
    struct outgoing *outgoing = self;
    buffer_reset(&outgoing->scratch);
    schemas_encode(outgoing->schemas, SCHEMA_PAYOUT, payout, &outgoing->scratch);
    outgoing->payouts++;
    struct public_headers about = {.type = SLICE("milepost.payout.v1"),
                                   .id = payout->payout_id,
                                   .subject = payout->participant,
                                   .at_ms = payout->cause.at,
                                   .traceparent = payout->cause.traceparent};
    return add_public(outgoing, TOPIC_PAYOUTS, payout->participant, &about);
}

static enum status add_attainment(void *self, const struct attainment *attainment)
{
    struct outgoing *outgoing = self;
    char key[4 * (FACT_ID_BYTES_MAX + 1)];
    int length = snprintf(key, sizeof key, "%.*s/%.*s/%.*s/%.*s",
                          SLICE_ARGS(attainment->participant), SLICE_ARGS(attainment->plan),
                          SLICE_ARGS(attainment->component), SLICE_ARGS(attainment->window));
    assert(length > 0 && (size_t)length < sizeof key);
    buffer_reset(&outgoing->scratch);
    schemas_encode(outgoing->schemas, SCHEMA_ATTAINMENT, attainment, &outgoing->scratch);
    outgoing->attainments++;
    struct slice id = {key, (size_t)length};
    struct public_headers about = {.type = SLICE("milepost.attainment.v1"),
                                   .id = id,
                                   .sequence = attainment->sequence,
                                   .subject = attainment->participant,
                                   .at_ms = attainment->as_of};
    return add_public(outgoing, TOPIC_ATTAINMENT, id, &about);
}

struct outbox outgoing_outbox(struct outgoing *outgoing)
{
    return (struct outbox){outgoing, add_credit, add_payout, add_attainment};
}

enum status outgoing_dead_letter(struct outgoing *outgoing, const struct log_record *record,
                                 const char *topic_full_name, const char *detail)
{
    struct log_outgoing letter = {.topic = TOPIC_DEAD_LETTERS,
                                  .partition = outgoing->partition,
                                  .key = record->key,
                                  .value = record->value};
    enum status status = headers_dead_letter(record, topic_full_name, outgoing->stage->name, detail,
                                             &outgoing->arena, &letter);
    if (status)
        return status;
    if (record->key.length + record->value.length > DEAD_LETTER_BYTES_MAX) {
        if (letter.key.length > DEAD_LETTER_KEPT_BYTES)
            letter.key.length = DEAD_LETTER_KEPT_BYTES;
        if (letter.value.length > DEAD_LETTER_KEPT_BYTES)
            letter.value.length = DEAD_LETTER_KEPT_BYTES;
    }
    outgoing->dead_letters++;
    return outgoing_add(outgoing, &letter);
}
