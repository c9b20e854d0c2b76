/* From a polled record to what a fold applies. */
#ifndef MILEPOST_WORKER_INPUTS_H
#define MILEPOST_WORKER_INPUTS_H

#include "base/log.h"
#include "engine/fold.h"
#include "schema/schemas.h"
#include "worker/small.h"
#include "worker/topics.h"

/* Room for any fact. */
union fact {
    struct deal deal;
    struct milestone milestone;
    struct payment payment;
    struct result result;
    struct roster roster;
    struct control control;
    struct credit credit;
};

/* Decodes a fact, roster or control record into `fact` and describes it in `out`; lists are taken
 * from `scratch`. INVALID with `detail` `reason: sentence` (unknown-schema, undecodable,
 * wrong-partition, tombstone …): a dead letter. UNAVAILABLE: the registry does not answer. */
enum status input_decode(struct schemas *schemas, const struct log_record *record,
                         int32_t partitions, int64_t now_ms, union fact *fact,
                         struct arena *scratch, struct input *out, char *detail) MUST_CHECK;

/* One packed credits record being read row by row. */
struct credit_reader {
    struct credit_batch batch;
    struct slice rest;
    int32_t row; /* of the next one */
};

/* Opens it and checks that it is what its writer must send next (rule 14). CORRUPT: it cannot be
 * decoded, comes from a later release, or a turn of its writer is missing. */
enum status credit_reader_open(struct credit_reader *reader, struct schemas *schemas,
                               const struct log_record *record, const struct small *small,
                               struct arena *scratch, char *detail) MUST_CHECK;

/* The next row, with its version from the batch. `*out_more` false: there was none. */
enum status credit_reader_next(struct credit_reader *reader, struct schemas *schemas,
                               struct credit *out, bool *out_more, struct arena *scratch,
                               char *detail) MUST_CHECK;

/* The batch was read to its end: the writer's place moves on. */
void credit_reader_done(const struct credit_reader *reader, struct small *small);

#endif
