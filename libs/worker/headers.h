/* Record headers: CloudEvents on public records, Kafka Connect's on dead letters. */
#ifndef MILEPOST_WORKER_HEADERS_H
#define MILEPOST_WORKER_HEADERS_H

#include "base/arena.h"
#include "base/log.h"
#include "calendar/date.h"

/* The last instant written: records that follow on each other mostly share it. */
struct header_time {
    int64_t ms;
    size_t length; /* 0: none yet */
    char text[INSTANT_TEXT_BYTES];
};

struct public_headers {
    struct slice type;        /* ce_type */
    struct slice id;          /* ce_id … */
    int64_t sequence;         /* … with `-SEQUENCE` behind it when > 0 */
    struct slice subject;     /* ce_subject */
    int64_t at_ms;            /* ce_time */
    struct slice traceparent; /* optional */
};

/* CloudEvents 1.0, binary mode: fills the headers of `record` from `arena`; `source` (ce_source)
 * must live as long as the record; `time` is the writer's, zeroed before its first. A trace goes on
 * under a new span id, derived from the old one and the id. A key that is the subject itself lives
 * in the arena afterwards. EXHAUSTED: the arena is full. */
enum status headers_public(const struct public_headers *about, struct slice source,
                           struct header_time *time, struct arena *arena,
                           struct log_outgoing *record) MUST_CHECK;

/* The original's headers and, behind them, `__connect.errors.*`: topic, partition, offset, stage,
 * exception.class.name (the reason) and exception.message. Headers beyond the limit are left out.
 */
enum status headers_dead_letter(const struct log_record *original, const char *topic_full_name,
                                const char *stage, const char *detail, struct arena *arena,
                                struct log_outgoing *letter) MUST_CHECK;

/* The value of the last header of that name; bytes NULL without one. */
struct slice header_find(const struct log_record *record, struct slice name);

#endif
