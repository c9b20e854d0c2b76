/* How a function says that it could not do its work, and what the worker does about it.
 *
 * Outcomes of the business (duplicate, no plan, below threshold) are data, not statuses; our own
 * bugs are assertions. A status is for the rest, and each says its consequence. */
#ifndef MILEPOST_BASE_STATUS_H
#define MILEPOST_BASE_STATUS_H

/* The result must be looked at. */
#define MUST_CHECK __attribute__((warn_unused_result))

/* symbol, name in logs, what the worker does */
#define STATUS_LIST(ROW)                                                                           \
    ROW(STATUS_OK, "ok", DISPOSE_COMMIT)                                                           \
    ROW(STATUS_INVALID, "invalid", DISPOSE_REJECT)           /* Content breaks its contract. */    \
    ROW(STATUS_OUT_OF_RANGE, "out-of-range", DISPOSE_REJECT) /* A figure left its type. */         \
    ROW(STATUS_EXHAUSTED, "exhausted", DISPOSE_SPLIT)        /* A fixed budget is full. */         \
    ROW(STATUS_UNAVAILABLE, "unavailable", DISPOSE_RETRY)    /* A dependency did not answer. */    \
    ROW(STATUS_ABORTED, "aborted", DISPOSE_RETRY)            /* Undo the turn, run it again. */    \
    ROW(STATUS_FENCED, "fenced", DISPOSE_RETAKE)             /* Drop memory, take again. */        \
    ROW(STATUS_CORRUPT, "corrupt", DISPOSE_STOP)             /* State cannot be trusted. */        \
    ROW(STATUS_REFUSED, "refused", DISPOSE_STOP)             /* Configuration cannot work. */

enum disposition {
    DISPOSE_COMMIT,
    DISPOSE_REJECT,
    DISPOSE_SPLIT,
    DISPOSE_RETRY,
    DISPOSE_RETAKE,
    DISPOSE_STOP,
};

#define STATUS_SYMBOL(symbol, name, dispose) symbol,
enum status { STATUS_LIST(STATUS_SYMBOL) STATUS_COUNT };
#undef STATUS_SYMBOL

/* The name of `status` as logs and dead letters show it; borrowed for ever. */
const char *status_name(enum status status);

/* What the worker does when a turn ends with `status`. */
enum disposition status_disposition(enum status status);

/* Room for one sentence that explains a failure, supplied by the caller where a function takes
 * `detail`. Always NUL-terminated after a failure. */
#define DETAIL_BYTES 512

#endif
