/* What a task's turn writes, collected and encoded before its transaction begins: payouts,
 * attainment, packed credits, dead letters, the journal. */
#ifndef MILEPOST_WORKER_OUTGOING_H
#define MILEPOST_WORKER_OUTGOING_H

#include "base/arena.h"
#include "base/log.h"
#include "engine/fold.h"
#include "schema/schemas.h"
#include "worker/small.h"

enum {
    CREDIT_ROWS_MAX = 1000,         /* rows in one packed record (rule 15) */
    CREDIT_PART_BYTES = 512 * 1024, /* and bytes */
    OUTGOING_BYTES_MAX = 512 * 1024 * 1024,
    DEAD_LETTER_BYTES_MAX = 1900 * 1024, /* of key, value and headers; more is cut (rule 11) */
    DEAD_LETTER_KEPT_BYTES = 64 * 1024,
};

/* Rows on their way into one target partition. */
struct credit_pack {
    struct buffer rows;
    size_t *part_ends; /* end of each full part in `rows` */
    int32_t *part_rows;
    size_t part_count;
    size_t part_capacity;
    int32_t open_rows; /* in the part being filled */
};

struct outgoing {
    const struct stage *stage;
    int32_t partition;
    int32_t partitions;
    struct schemas *schemas;
    struct arena arena; /* bytes of all records */
    struct buffer scratch;
    struct log_outgoing *records;
    size_t count;
    size_t capacity;
    struct credit_pack *packs; /* [N] */
    struct slice source;       /* ce_source */
    int64_t payouts;
    int64_t attainments;
    int64_t dead_letters;
    int64_t credits;
};

void outgoing_init(struct outgoing *outgoing, const struct stage *stage, int32_t partition,
                   int32_t partitions, struct schemas *schemas);
void outgoing_deinit(struct outgoing *outgoing);
void outgoing_reset(struct outgoing *outgoing);

/* The outbox that a fold writes to. */
struct outbox outgoing_outbox(struct outgoing *outgoing);

/* The original record, unchanged, with Kafka Connect's headers naming place and reason (`detail` is
 * `reason: sentence`). */
enum status outgoing_dead_letter(struct outgoing *outgoing, const struct log_record *record,
                                 const char *topic_full_name, const char *detail) MUST_CHECK;

/* Packs the collected credits into records and notes in `small->written` what was written. */
enum status outgoing_pack_credits(struct outgoing *outgoing, struct small *small) MUST_CHECK;

/* Adds a record whose bytes are copied; `out_offset` as in log_outgoing. */
enum status outgoing_add(struct outgoing *outgoing, const struct log_outgoing *record) MUST_CHECK;

#endif
