/* What librdkafka's error codes mean for the worker. Pure: a code and what the error object says of
 * itself go in, a status comes out. Codes are those of rd_kafka_resp_err_t. */
#ifndef MILEPOST_KAFKA_ERROR_H
#define MILEPOST_KAFKA_ERROR_H

#include <stdbool.h>

#include "base/status.h"

/* What an error of the transactional calls says of itself. */
enum kafka_error_flag {
    KAFKA_ERROR_FATAL = 1,
    KAFKA_ERROR_RETRIABLE = 2,
    KAFKA_ERROR_REQUIRES_ABORT = 4,
};

/* begin, send_offsets, commit, abort. UNAVAILABLE: the same call with the same arguments again;
 * ABORTED; FENCED: fatal, or an outcome nobody knows. */
enum status kafka_transaction_status(int code, unsigned flags);

/* init_transactions. UNAVAILABLE: again; REFUSED: not authorised or not configured for it. */
enum status kafka_init_status(int code, unsigned flags);

/* A refused produce, or a delivery report. UNAVAILABLE: the queue is full, poll and try again;
 * EXHAUSTED: this record can never be sent; FENCED; ABORTED: all else. */
enum status kafka_produce_status(int code);

/* An error that arrives among consumed messages. OK: information only; CORRUPT: records were
 * skipped; OUT_OF_RANGE: the position is outside the log; FENCED: replaced by a namesake. */
enum status kafka_consume_status(int code);

/* What would help against such a code, to follow its text: "; check …"; "" when nothing is known.
 */
const char *kafka_advice(int code);

/* The code says only that no answer came: why, the client's own last error tells. */
bool kafka_is_silence(int code);

/* Any other request (metadata, offsets, administration): UNAVAILABLE or REFUSED. */
enum status kafka_request_status(int code);

#endif
