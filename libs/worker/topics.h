/* The topics, once for all programs: a log is opened with this table, and records name a topic by
 * its row. */
#ifndef MILEPOST_WORKER_TOPICS_H
#define MILEPOST_WORKER_TOPICS_H

#include "base/slice.h"

/* symbol, name (in causes and small state), cleanup policy */
#define TOPIC_LIST(ROW)                                                                            \
    ROW(TOPIC_DEALS, "deals", "delete")                                                            \
    ROW(TOPIC_MILESTONES, "milestones", "delete")                                                  \
    ROW(TOPIC_PAYMENTS, "payments", "delete")                                                      \
    ROW(TOPIC_RESULTS, "results", "delete")                                                        \
    ROW(TOPIC_ROSTER, "roster", "compact")                                                         \
    ROW(TOPIC_CONTROL, "control", "compact")                                                       \
    ROW(TOPIC_CREDITS, "credits", "delete")                                                        \
    ROW(TOPIC_CREDITING_JOURNAL, "crediting-journal", "delete")                                    \
    ROW(TOPIC_INCENTIVES_JOURNAL, "incentives-journal", "delete")                                  \
    ROW(TOPIC_ATTAINMENT, "attainment", "compact")                                                 \
    ROW(TOPIC_PAYOUTS, "payouts", "delete")                                                        \
    ROW(TOPIC_DEAD_LETTERS, "dead-letters", "delete")

#define TOPIC_SYMBOL(symbol, name, cleanup) symbol,
enum topic { TOPIC_LIST(TOPIC_SYMBOL) TOPIC_COUNT };
#undef TOPIC_SYMBOL

enum { TOPIC_NAME_BYTES = 250 };

/* `deals`; borrowed for ever. */
const char *topic_name(enum topic topic);
/* `delete` (kept for ever, by retention -1) or `compact`. */
const char *topic_cleanup(enum topic topic);
/* Whether the topic is private: its records are packed already and never leave Milepost. */
bool topic_is_private(enum topic topic);

/* The topic of that short name, or TOPIC_COUNT. */
enum topic topic_of(struct slice name);

/* `PREFIXmilepost.deals.v1` into `out`; false when it is too long. */
bool topic_full_name(enum topic topic, const char *prefix, char out[TOPIC_NAME_BYTES]);

#endif
