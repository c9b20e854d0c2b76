/* What a task's turn writes, collected and encoded before its transaction begins: payouts,
 * attainment, packed credits, dead letters, the journal. */
#ifndef MILEPOST_WORKER_OUTGOING_H
#define MILEPOST_WORKER_OUTGOING_H

#include "base/arena.h"
#include "base/log.h"
#include "engine/fold.h"
#include "schema/schemas.h"
#include "worker/headers.h"
#include "worker/reason_counts.h"
#include "worker/small.h"

enum {
    CREDIT_ROWS_MAX = 1000,         /* rows in one packed record (rule 15) */
    CREDIT_PART_BYTES = 512 * 1024, /* and bytes */
    OUTGOING_BYTES_MAX = 512 * 1024 * 1024,
    DEAD_LETTER_BYTES_MAX = 1900 * 1024, /* of key, value and headers; more is cut (rule 11) */
    DEAD_LETTER_KEPT_BYTES = 64 * 1024,
};

/* A row of a pack; a later one of the same identity in the same turn takes its place, since a
 * version is a turn and may stand for one content only. */
struct packed_row {
    size_t offset; /* in the pack's bytes: its length, then the row */
    uint32_t length;
    uint8_t prefix; /* bytes of its length; they count in `length` */
    bool is_superseded;
};

/* Rows on their way into one target partition. */
struct credit_pack {
    /* Credits, encoded, one after another, each behind its length; before them room for the
     * envelope of the pack's only record. */
    struct buffer bytes;
    struct packed_row *rows;
    size_t count;
    size_t superseded;
    size_t capacity;
};

/* Finds the row of the same target, book and row id that this turn has written already. */
struct credit_seen {
    uint64_t hash;
    uint64_t turn; /* of `outgoing`; another one: the place is free */
    int32_t target;
    uint32_t row;
};

struct outgoing {
    const struct stage *stage;
    int32_t partition;
    int32_t partitions;
    struct schemas *schemas;
    struct arena arena;     /* bytes of all records but packed ones */
    struct buffer *packed;  /* values of packed records; kept from turn to turn */
    size_t packed_count;    /* used in this turn */
    size_t packed_capacity; /* made */
    struct buffer scratch;
    struct buffer part; /* rows of the packed record being made, when not all go */
    struct log_outgoing *records;
    size_t count;
    size_t capacity;
    struct credit_pack *packs; /* [N] */
    struct credit_seen *seen;  /* open addressing, a power of two of places */
    size_t seen_capacity;
    size_t seen_count;
    uint64_t turn;   /* counts resets */
    char source[64]; /* ce_source: /milepost/STAGE/PARTITION */
    int64_t payouts;
    int64_t attainments;
    struct reason_counts dead_letters;
    int64_t credits;
    struct header_time time;
};

void outgoing_init(struct outgoing *outgoing, const struct stage *stage, int32_t partition,
                   int32_t partitions, struct schemas *schemas);
void outgoing_deinit(struct outgoing *outgoing);
void outgoing_reset(struct outgoing *outgoing);

/* An empty buffer for the value of a packed record, which holds until the next reset. */
struct buffer *outgoing_packed(struct outgoing *outgoing);
/* Adds a record whose value stays where it is, at least until the turn's end, and need not be
 * copied; it has no key. */
void outgoing_add_packed(struct outgoing *outgoing, struct log_outgoing record, struct slice value);

/* The outbox that a fold writes to. */
struct outbox outgoing_outbox(struct outgoing *outgoing);

/* The original record, unchanged, with Kafka Connect's headers naming place and reason (`detail` is
 * `reason: sentence`). */
enum status outgoing_dead_letter(struct outgoing *outgoing, const struct log_record *record,
                                 const char *topic_full_name, const char *detail) MUST_CHECK;

/* Packs the collected credits into records and notes in `small->written` what was written. */
void outgoing_pack_credits(struct outgoing *outgoing, struct small *small);

/* Adds a record whose bytes are copied; `out_offset` as in log_outgoing. */
enum status outgoing_add(struct outgoing *outgoing, const struct log_outgoing *record) MUST_CHECK;

#endif
