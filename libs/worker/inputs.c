#include "worker/inputs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/partition.h"
#include "base/varint.h"
#include "worker/headers.h"

struct topic_input {
    enum schema_kind schema;
    enum input_kind kind;
};

static const struct topic_input topic_inputs[TOPIC_COUNT] = {
    [TOPIC_DEALS] = {SCHEMA_DEAL, INPUT_DEAL},
    [TOPIC_MILESTONES] = {SCHEMA_MILESTONE, INPUT_MILESTONE},
    [TOPIC_PAYMENTS] = {SCHEMA_PAYMENT, INPUT_PAYMENT},
    [TOPIC_RESULTS] = {SCHEMA_RESULT, INPUT_RESULT},
    [TOPIC_ROSTER] = {SCHEMA_ROSTER, INPUT_ROSTER},
    [TOPIC_CONTROL] = {SCHEMA_CONTROL, INPUT_CONTROL},
};

static void name_cause(const struct input *input, const union fact *fact, struct cause *cause)
{
    switch (input->kind) {
    case INPUT_DEAL:
        cause->event_id = fact->deal.event_id;
        cause->deal_id = fact->deal.deal_id;
        cause->revision = fact->deal.revision;
        return;
    case INPUT_MILESTONE:
        cause->event_id = fact->milestone.event_id;
        cause->deal_id = fact->milestone.deal_id;
        cause->revision = fact->milestone.revision;
        return;
    case INPUT_PAYMENT:
        cause->event_id = fact->payment.event_id;
        cause->deal_id = fact->payment.deal_id;
        cause->revision = fact->payment.revision;
        return;
    case INPUT_RESULT:
        cause->event_id = fact->result.event_id;
        cause->revision = fact->result.revision;
        return;
    case INPUT_ROSTER:
        cause->event_id = fact->roster.change;
        cause->revision = fact->roster.version;
        return;
    case INPUT_CONTROL:
        cause->event_id = fact->control.change;
        cause->revision = fact->control.version;
        return;
    case INPUT_CREDIT:
        return;
    }
}

/* The part of the key that decides the partition: all of it, but of a roster's the participant. */
static struct slice deciding_key(const struct input *input, const union fact *fact)
{
    return input->kind == INPUT_ROSTER ? fact->roster.participant : input->key;
}

static enum status check_partition(const struct input *input, const union fact *fact,
                                   const struct log_record *record, int32_t partitions,
                                   char *detail)
{
    if (input->kind == INPUT_CONTROL)
        return STATUS_OK;
    int32_t right = partition_of(deciding_key(input, fact), partitions);
    if (right == record->partition)
        return STATUS_OK;
    (void)snprintf(detail, DETAIL_BYTES,
                   "wrong-partition: key %.*s belongs in partition %" PRId32
                   " (murmur2 of the key, mod %" PRId32 "), not in %" PRId32,
                   SLICE_ARGS(deciding_key(input, fact)), right, partitions, record->partition);
    return STATUS_INVALID;
}

enum status input_decode(struct schemas *schemas, const struct log_record *record,
                         int32_t partitions, int64_t now_ms, union fact *fact,
                         struct arena *scratch, struct input *out, char *detail)
{
    const struct topic_input *how = &topic_inputs[record->topic];
    if (!record->value.bytes) {
        (void)snprintf(detail, DETAIL_BYTES,
                       "tombstone: a record without a value says nothing; "
                       "cancel or revoke by a record instead");
        return STATUS_INVALID;
    }
    enum status status =
        schemas_decode(schemas, how->schema, record, fact, scratch, now_ms, detail);
    if (status)
        return status;
    *out = (struct input){
        .kind = how->kind,
        .fact = fact,
        .key = record->key,
        .cause = {.topic = slice_of(topic_name((enum topic)record->topic)),
                  .partition = record->partition,
                  .offset = record->offset,
                  .at = record->timestamp_ms,
                  .traceparent = record->header_count ? header_find(record, SLICE("traceparent"))
                                                      : (struct slice){NULL, 0}},
    };
    name_cause(out, fact, &out->cause);
    return check_partition(out, fact, record, partitions, detail);
}

static enum status corrupt(const struct log_record *record, const char *what, char *detail)
{
    (void)snprintf(detail, DETAIL_BYTES, "credits partition %" PRId32 " offset %" PRId64 ": %s",
                   record->partition, record->offset, what);
    return STATUS_CORRUPT;
}

/* Rule 14: turns of one writer into one partition follow on each other, unless its generation rose.
 */
static enum status check_chain(const struct credit_batch *batch, const struct small *small,
                               const struct log_record *record, char *detail)
{
    const struct stage *writer = stage_of(batch->stage);
    if (!writer || batch->partition < 0 || batch->partition >= small->partitions ||
        batch->partitions != small->partitions)
        return corrupt(record, "its writer is outside the number of partitions", detail);
    const struct writer_place *seen =
        &small->writers[writer->index * small->partitions + batch->partition];
    if (batch->generation > seen->generation || batch->turn <= seen->turn || batch->part > 1 ||
        batch->previous_turn == seen->turn)
        return STATUS_OK;
    char what[256];
    (void)snprintf(what, sizeof what,
                   "%s task %" PRId32 " wrote turn %" PRId64 " after turn %" PRId64
                   ", but the last one read is %" PRId64 "; run: milepost restate",
                   writer->name, batch->partition, batch->turn, batch->previous_turn, seen->turn);
    return corrupt(record, what, detail);
}

enum status credit_reader_open(struct credit_reader *reader, struct schemas *schemas,
                               const struct log_record *record, const struct small *small,
                               struct arena *scratch, char *detail)
{
    struct credit_batch *batch = &reader->batch;
    char cause[DETAIL_BYTES];
    if (!record->value.bytes ||
        schemas_decode_private(schemas, SCHEMA_CREDIT_BATCH, record->value, batch, scratch, cause))
        return corrupt(record, "it does not decode", detail);
    if (batch->level > STATE_LEVEL)
        return corrupt(record, "written by a later release (state level)", detail);
    reader->rest = batch->rows;
    reader->row = 0;
    enum status status = check_chain(batch, small, record, detail);
    while (!status && reader->row < small->positions[TOPIC_CREDITS].row) {
        struct slice skipped;
        if (!varint_take_bytes(&reader->rest, &skipped))
            return corrupt(record, "it has fewer rows than were applied", detail);
        reader->row++;
    }
    return status;
}

enum status credit_reader_next(struct credit_reader *reader, struct schemas *schemas,
                               struct credit *out, bool *out_more, struct arena *scratch,
                               char *detail)
{
    *out_more = reader->row < reader->batch.row_count;
    if (!*out_more)
        return STATUS_OK;
    struct slice row;
    if (!varint_take_bytes(&reader->rest, &row)) {
        (void)snprintf(detail, DETAIL_BYTES, "a credits record is cut short at row %" PRId32,
                       reader->row);
        return STATUS_CORRUPT;
    }
    if (schemas_decode_row(schemas, SCHEMA_CREDIT, row, out, scratch, detail))
        return STATUS_CORRUPT;
    out->generation = reader->batch.generation;
    out->turn = reader->batch.turn;
    reader->row++;
    return STATUS_OK;
}

void credit_reader_done(const struct credit_reader *reader, struct small *small)
{
    const struct stage *writer = stage_of(reader->batch.stage);
    assert(writer);
    struct writer_place *seen =
        &small->writers[writer->index * small->partitions + reader->batch.partition];
    if (reader->batch.generation == seen->generation && reader->batch.turn <= seen->turn)
        return;
    seen->generation = reader->batch.generation;
    seen->turn = reader->batch.turn;
}
