/* Every record of schemas/: NAME.avsc, and NAME_shape is its shape.
 *
 * The shapes of the worker's own records lie above this library; the worker hands them in with
 * schemas_use_shape(). To add a record: a row here, a file there, a shape (schemas/README.md). */
#ifndef MILEPOST_SCHEMA_SCHEMA_KIND_LIST_H
#define MILEPOST_SCHEMA_SCHEMA_KIND_LIST_H

#include "engine/rows.h"

#define SCHEMA_KIND_LIST(ROW)                                                                      \
    ROW(SCHEMA_DEAL, deal)                                                                         \
    ROW(SCHEMA_MILESTONE, milestone)                                                               \
    ROW(SCHEMA_PAYMENT, payment)                                                                   \
    ROW(SCHEMA_RESULT, result)                                                                     \
    ROW(SCHEMA_ROSTER, roster)                                                                     \
    ROW(SCHEMA_CONTROL, control)                                                                   \
    ROW(SCHEMA_PAYOUT, payout)                                                                     \
    ROW(SCHEMA_ATTAINMENT, attainment)                                                             \
    ROW(SCHEMA_CREDIT, credit)                                                                     \
    ROW(SCHEMA_CREDIT_ROW, credit_row)                                                             \
    ROW(SCHEMA_DEAL_ROW, deal_row)                                                                 \
    ROW(SCHEMA_MILESTONE_ROW, milestone_row)                                                       \
    ROW(SCHEMA_PAYMENT_ROW, payment_row)                                                           \
    ROW(SCHEMA_RESULT_ROW, result_row)                                                             \
    ROW(SCHEMA_EMITTED_ROW, emitted_row)

#define SCHEMA_WORKER_KIND_LIST(ROW)                                                               \
    ROW(SCHEMA_CREDIT_BATCH, credit_batch)                                                         \
    ROW(SCHEMA_JOURNAL_RECORD, journal_record)                                                     \
    ROW(SCHEMA_TASK_ROW, task_row)                                                                 \
    ROW(SCHEMA_JOURNAL_ROW, journal_row)

#define SCHEMA_KIND_SYMBOL(symbol, name) symbol,
enum schema_kind {
    SCHEMA_KIND_LIST(SCHEMA_KIND_SYMBOL) SCHEMA_WORKER_KIND_LIST(SCHEMA_KIND_SYMBOL) SCHEMA_KINDS
};
#undef SCHEMA_KIND_SYMBOL

/* `deal`, `milestone` … */
const char *schema_kind_name(enum schema_kind kind);

#endif
