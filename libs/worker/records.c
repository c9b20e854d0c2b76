#include "worker/records.h"

static const struct shape_field credit_batch_fields[] = {
    SHAPE_FIELD(struct credit_batch, stage, SHAPE_TEXT),
    SHAPE_FIELD(struct credit_batch, partition, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, partitions, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, generation, SHAPE_LONG),
    SHAPE_FIELD(struct credit_batch, turn, SHAPE_LONG),
    SHAPE_FIELD(struct credit_batch, word, SHAPE_LONG),
    SHAPE_FIELD(struct credit_batch, previous_turn, SHAPE_LONG),
    SHAPE_FIELD(struct credit_batch, part, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, parts, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, level, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, row_count, SHAPE_INT),
    SHAPE_FIELD(struct credit_batch, rows, SHAPE_BYTES),
};
const struct shape credit_batch_shape = SHAPE_OF(credit_batch, "CreditBatch", credit_batch_fields);

static const struct shape_field journal_record_fields[] = {
    SHAPE_FIELD(struct journal_record, stage, SHAPE_TEXT),
    SHAPE_FIELD(struct journal_record, partition, SHAPE_INT),
    SHAPE_FIELD(struct journal_record, partitions, SHAPE_INT),
    SHAPE_FIELD(struct journal_record, generation, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, turn, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, word, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, previous_word, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, part, SHAPE_INT),
    SHAPE_FIELD(struct journal_record, parts, SHAPE_INT),
    SHAPE_FIELD(struct journal_record, round, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, cursor, SHAPE_BYTES),
    SHAPE_FIELD(struct journal_record, level, SHAPE_INT),
    SHAPE_FIELD(struct journal_record, codec, SHAPE_TEXT),
    SHAPE_FIELD(struct journal_record, bytes, SHAPE_LONG),
    SHAPE_FIELD(struct journal_record, body, SHAPE_BYTES),
};
const struct shape journal_record_shape =
    SHAPE_OF(journal_record, "JournalRecord", journal_record_fields);

static const struct shape_field input_position_fields[] = {
    SHAPE_FIELD(struct input_position, topic, SHAPE_TEXT),
    SHAPE_FIELD(struct input_position, offset, SHAPE_LONG),
    SHAPE_FIELD(struct input_position, row, SHAPE_INT),
};
static const struct shape input_position_shape =
    SHAPE_OF(input_position, "InputPosition", input_position_fields);

static const struct shape_field writer_seen_fields[] = {
    SHAPE_FIELD(struct writer_seen, stage, SHAPE_TEXT),
    SHAPE_FIELD(struct writer_seen, partition, SHAPE_INT),
    SHAPE_FIELD(struct writer_seen, generation, SHAPE_LONG),
    SHAPE_FIELD(struct writer_seen, turn, SHAPE_LONG),
    SHAPE_FIELD(struct writer_seen, complete_generation, SHAPE_LONG),
};
static const struct shape writer_seen_shape =
    SHAPE_OF(writer_seen, "WriterSeen", writer_seen_fields);

static const struct shape_field written_into_fields[] = {
    SHAPE_FIELD(struct written_into, partition, SHAPE_INT),
    SHAPE_FIELD(struct written_into, turn, SHAPE_LONG),
};
static const struct shape written_into_shape =
    SHAPE_OF(written_into, "WrittenInto", written_into_fields);

static const struct shape_field task_row_fields[] = {
    SHAPE_FIELD(struct task_row, generation, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, turn, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, word, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, round, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, round_begin, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, begin, SHAPE_LONG),
    SHAPE_FIELD(struct task_row, level, SHAPE_INT),
    SHAPE_FIELD(struct task_row, partitions, SHAPE_INT),
    SHAPE_FIELD(struct task_row, epoch, SHAPE_TEXT),
    SHAPE_FIELD(struct task_row, attainment_generation, SHAPE_TEXT),
    SHAPE_NESTED(struct task_row, positions, SHAPE_LIST, &input_position_shape),
    SHAPE_NESTED(struct task_row, writers, SHAPE_LIST, &writer_seen_shape),
    SHAPE_NESTED(struct task_row, written, SHAPE_LIST, &written_into_shape),
    SHAPE_NESTED(struct task_row, fold, SHAPE_RECORD, &fold_row_shape),
};
const struct shape task_row_shape = SHAPE_OF(task_row, "TaskRow", task_row_fields);

static const struct shape_field journal_row_fields[] = {
    SHAPE_FIELD(struct journal_row, key, SHAPE_BYTES),
    SHAPE_OPTIONAL_BYTES(struct journal_row, value),
};
const struct shape journal_row_shape = SHAPE_OF(journal_row, "JournalRow", journal_row_fields);

enum status records_use_shapes(struct schemas *schemas, char *detail)
{
    static const struct {
        enum schema_kind kind;
        const struct shape *shape;
    } uses[] = {
        {SCHEMA_CREDIT_BATCH, &credit_batch_shape},
        {SCHEMA_JOURNAL_RECORD, &journal_record_shape},
        {SCHEMA_TASK_ROW, &task_row_shape},
        {SCHEMA_JOURNAL_ROW, &journal_row_shape},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof uses / sizeof uses[0]; i++)
        status = schemas_use_shape(schemas, uses[i].kind, uses[i].shape, detail);
    return status;
}
