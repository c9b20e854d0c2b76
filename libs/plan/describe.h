/* A plan in plain sentences: what is counted, against which goal, what that pays, what is done to
 * it, when it is released, what a cancellation does (`milepost plan explain`).
 *
 * Every sentence comes from the compiled plan, not from its text, so it says what evaluators do. A
 * mechanic brings its own words (mechanic.h, `describe`); every other step has a row below. */
#ifndef MILEPOST_PLAN_DESCRIBE_H
#define MILEPOST_PLAN_DESCRIBE_H

#include "base/buffer.h"
#include "plan/plan.h"

/* symbol, its name in JSON, its heading; the order is that of the pipeline */
#define DESCRIBE_LIST(ROW)                                                                         \
    ROW(DESCRIBE_MEASURE, "measure", "What counts")                                                \
    ROW(DESCRIBE_OVER, "over", "Over")                                                             \
    ROW(DESCRIBE_CANCELLED, "cancelled", "Cancelled")                                              \
    ROW(DESCRIBE_GOAL, "goal", "Goal")                                                             \
    ROW(DESCRIBE_PAYS, "pays", "Pays")                                                             \
    ROW(DESCRIBE_ADJUST, "adjust", "Then")                                                         \
    ROW(DESCRIBE_RELEASE, "release", "Released")                                                   \
    ROW(DESCRIBE_ATTRIBUTION, "attribution", "Deal's part")

#define DESCRIBE_SYMBOL(symbol, name, heading) symbol,
enum describe_topic { DESCRIBE_LIST(DESCRIBE_SYMBOL) DESCRIBE_COUNT };
#undef DESCRIBE_SYMBOL

const char *describe_name(enum describe_topic topic);
const char *describe_heading(enum describe_topic topic);

/* Appends the sentences of one step of a component, each ending with a newline; none where there is
 * nothing to say. */
void describe_component(const struct plan *plan, const struct plan_component *component,
                        enum describe_topic topic, struct buffer *out);

/* Appends what holds for the whole plan: dates, rounding, windows; and `total`, by itself. */
void describe_plan(const struct plan *plan, struct buffer *out);
void describe_total(const struct plan *plan, struct buffer *out);

#endif
