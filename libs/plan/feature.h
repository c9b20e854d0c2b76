/* What the plan language has, and which of it this version evaluates: the one table of that.
 *
 * Readers read and check the whole language and note what they met with feature_note; plan_parse
 * and control refuse at their end, by name and position, what was met and has no evaluation yet.
 * Whoever writes an evaluation turns the last word of its row from LATER into HERE; nothing else
 * changes. */
#ifndef MILEPOST_PLAN_FEATURE_H
#define MILEPOST_PLAN_FEATURE_H

#include "plan/report.h"

/* symbol, how the message names it, what to write instead (may be NULL), HERE or LATER */
#define FEATURE_LIST(ROW)                                                                          \
    ROW(FEATURE_BLEND, "`mid-window: blend`", "mid-window: last", HERE)                            \
    ROW(FEATURE_SPLIT, "`mid-window: split`", "mid-window: last", HERE)                            \
    ROW(FEATURE_SPLIT_WINDOWS, "`split-windows: yes`", "split-windows: no", HERE)                  \
    ROW(FEATURE_REDEEM, "`redeem`", NULL, HERE)                                                    \
    ROW(FEATURE_OF_MILESTONES, "`of: milestones`", NULL, HERE)                                     \
    ROW(FEATURE_OF_PAYMENTS, "`of: payments`", NULL, HERE)                                         \
    ROW(FEATURE_OF_RESULTS, "`of: results`", NULL, HERE)                                           \
    ROW(FEATURE_OF_AWARDS, "`of: awards`", NULL, LATER)                                            \
    ROW(FEATURE_OF_DOWNLINE_DEALS, "`of: downline-deals`", NULL, LATER)                            \
    ROW(FEATURE_OF_DOWNLINE_PAY, "`of: downline-pay`", NULL, LATER)                                \
    ROW(FEATURE_OF_ADJUSTMENTS, "`of: adjustments`", NULL, HERE)                                   \
    ROW(FEATURE_CONVERT, "`convert`", "convert: none   # a deal in another currency waits", HERE)  \
    ROW(FEATURE_CONVERT_PAID, "`rate-of: paid-date` but for deals", "rate-of: closed-date", LATER) \
    ROW(FEATURE_ORIGINAL_RATE, "`effect: original-rate`", "effect: recompute", HERE)               \
    ROW(FEATURE_PAID_ONLY, "`effect: paid-only`", "effect: recompute", HERE)                       \
    ROW(FEATURE_NEVER, "`effect: never`", "effect: recompute", HERE)                               \
    ROW(FEATURE_TAKE_SCHEDULE, "`take` by age", NULL, HERE)                                        \
    ROW(FEATURE_WEIGHTS, "`weights` of a goal",                                                    \
        "leave it out: a yearly goal falls on the windows in equal parts", HERE)                   \
    ROW(FEATURE_RAMP, "`ramp` of a goal", NULL, HERE)                                              \
    ROW(FEATURE_PRORATED_GOAL, "`prorate` of a goal", "prorate: none", HERE)                       \
    ROW(FEATURE_BASELINE, "`baseline` of a goal", NULL, HERE)                                      \
    ROW(FEATURE_ATTAINMENT_OF, "`on: {attainment-of: …}`", "on: attainment", HERE)                 \
    ROW(FEATURE_MILESTONES, "the mechanic `milestones`", NULL, HERE)                               \
    ROW(FEATURE_PHASES, "the mechanic `phases`", NULL, HERE)                                       \
    ROW(FEATURE_PROGRESS, "the mechanic `progress`", NULL, HERE)                                   \
    ROW(FEATURE_LEVEL, "the mechanic `level`", NULL, HERE)                                         \
    ROW(FEATURE_SCORECARD, "the mechanic `scorecard`", NULL, HERE)                                 \
    ROW(FEATURE_BONUS, "the mechanic `bonus`", NULL, HERE)                                         \
    ROW(FEATURE_CONTEST, "the mechanic `contest`", NULL, LATER)                                    \
    ROW(FEATURE_POOL, "the mechanic `pool`", NULL, LATER)                                          \
    ROW(FEATURE_GATE, "`gate` of adjust", NULL, HERE)                                              \
    ROW(FEATURE_MULTIPLY, "`multiply` of adjust", NULL, HERE)                                      \
    ROW(FEATURE_MULTIPLY_CURVE, "`by: {curve: …}`", NULL, HERE)                                    \
    ROW(FEATURE_ADD, "`add` of adjust", NULL, HERE)                                                \
    ROW(FEATURE_PRORATED_PAY, "`prorate` of adjust", NULL, HERE)                                   \
    ROW(FEATURE_BOUND_WHEN, "`when` of a cap or floor", NULL, HERE)                                \
    ROW(FEATURE_BOUND_PER_DEAL, "`per: deal` inside a longer window, or with lines,",              \
        "over: deal", HERE)                                                                        \
    ROW(FEATURE_BOUND_OTHER_YEAR, "`per: year` of a floor, or over deals or lines", "per: window", \
        LATER)                                                                                     \
    ROW(FEATURE_BOUND_PER_YEAR, "`per: year`", "per: window", HERE)                                \
    ROW(FEATURE_WHEN_ATTAINMENT, "`attainment` of a condition", NULL, HERE)                        \
    ROW(FEATURE_WHEN_EARNED, "`earned` of a condition", NULL, HERE)                                \
    ROW(FEATURE_WHEN_RESULT, "`result` of a condition", NULL, HERE)                                \
    ROW(FEATURE_RESULT_OF_OTHERS, "`of: company` (and `of: team`) of a result", "of: self", LATER) \
    ROW(FEATURE_WHEN_ATTRIBUTE, "`attribute` of a condition", NULL, HERE)                          \
    ROW(FEATURE_RELEASE_PAYMENT, "`when: payment-received`", "when: earned", HERE)                 \
    ROW(FEATURE_RELEASE_APPROVED, "`when: approved`", "when: earned", HERE)                        \
    ROW(FEATURE_RELEASE_MILESTONE, "`when: {milestone: …}`", "when: earned", HERE)                 \
    ROW(FEATURE_RELEASE_WINDOW_END, "`when: window-end`", "when: earned", HERE)                    \
    ROW(FEATURE_HOLDBACK, "`holdback` of release", NULL, HERE)                                     \
    ROW(FEATURE_REFUND, "`refund-before-payment`", NULL, HERE)                                     \
    ROW(FEATURE_TERMS, "`terms` of release", NULL, HERE)                                           \
    ROW(FEATURE_SLICES, "`attribution: slices`", NULL, HERE)                                       \
    ROW(FEATURE_PRO_RATA, "`attribution: pro-rata`", NULL, HERE)                                   \
    ROW(FEATURE_DRAW, "`draw` of total", NULL, HERE)                                               \
    ROW(FEATURE_TOTAL_MULTIPLY, "`multiply` of total", NULL, HERE)                                 \
    ROW(FEATURE_TOTAL_WHEN, "`when` of multiply of total", "leave `when` out: it always holds",    \
        LATER)                                                                                     \
    ROW(FEATURE_RESTATED_DRAWS, "`restate-draws: yes`", "restate-draws: no", LATER)                \
    ROW(FEATURE_TOTAL_CAP, "`cap` of total", NULL, HERE)                                           \
    ROW(FEATURE_MINIMUM_PAYMENT, "`minimum-payment` of total", NULL, HERE)                         \
    ROW(FEATURE_CREDITING_RULES, "`rules` of crediting", "name the participants on the deal", HERE)

#define FEATURE_SYMBOL(symbol, name, fix, is_here) symbol,
enum feature { FEATURE_LIST(FEATURE_SYMBOL) FEATURE_COUNT };
#undef FEATURE_SYMBOL

/* One place of a file where a feature stands. */
struct feature_place {
    enum feature feature;
    struct place place;
    struct feature_place *next;
};

/* The places met, in their order. Zero-valid; what it points to lives in the reading's arena. */
struct feature_places {
    struct feature_place *first;
    struct feature_place *last;
};

/* Whether this version evaluates it. */
bool feature_is_here(enum feature feature);

/* Notes that `feature` stands at `place`. False when the arena is full. */
bool feature_note(struct feature_places *places, struct arena *arena, enum feature feature,
                  struct place place);

/* Reports each place whose feature is not here, as `not-here`. True when all are here. */
bool features_refuse(const struct feature_places *places, struct reports *reports);

#endif
