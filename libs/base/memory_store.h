/* One partition's records in memory, for base/memory_log.h: appended once, never moved.
 *
 * Records live in segments of equally many; their bytes in the segment's chunks. Trimming frees
 * whole segments. What a transaction has written is open until its marker is written here. */
#ifndef MILEPOST_BASE_MEMORY_STORE_H
#define MILEPOST_BASE_MEMORY_STORE_H

#include "base/log.h"

enum memory_kind { MEMORY_DATA, MEMORY_ABORTED, MEMORY_MARKER };

struct memory_entry {
    struct log_record record; /* topic is -1 */
    int64_t transaction;      /* 0: none */
    enum memory_kind kind;
};

struct memory_segment;

struct memory_open {
    int64_t transaction;
    int64_t first; /* offset of its first record here */
};

struct memory_partition {
    struct memory_segment **segments;
    size_t segment_count;
    size_t segment_capacity;
    int64_t segment_first; /* number of segments[0]: offset / records per segment */
    int64_t start;         /* the log's first offset; what is kept may begin earlier */
    int64_t end;
    struct memory_open *open; /* by first offset */
    size_t open_count;
    size_t open_capacity;
    size_t chunk_bytes; /* size of the next segment's first chunk */
    bool forgets;       /* records take their places without their bytes: nobody reads them */
};

void memory_partition_deinit(struct memory_partition *partition);

/* Appends a copy of `record` (its place apart) and returns its offset. `transaction` 0: none. */
int64_t memory_partition_append(struct memory_partition *partition, const struct log_record *record,
                                int64_t timestamp_ms, int64_t transaction);

/* Ends `transaction` here, which has written here: its records count as decided and a marker takes
 * an offset. */
void memory_partition_mark(struct memory_partition *partition, int64_t transaction,
                           bool is_committed, int64_t timestamp_ms);

/* Whether `transaction` has written here and has no marker yet. */
bool memory_partition_has_open(const struct memory_partition *partition, int64_t transaction);

/* Offset up to which all is decided. */
int64_t memory_partition_stable(const struct memory_partition *partition);

/* start ≤ offset < end, or at least the first of what is kept. */
const struct memory_entry *memory_partition_at(const struct memory_partition *partition,
                                               int64_t offset);

/* Frees whole segments below `offset`. */
void memory_partition_trim(struct memory_partition *partition, int64_t offset);

/* Bytes that a copy of the record's key, value and headers takes, alignment included. */
size_t memory_record_bytes(const struct log_record *record);

/* Copies the record's bytes to `at` (aligned for pointers) and points `record` there. */
void memory_record_move(struct log_record *record, char *at);

#endif
