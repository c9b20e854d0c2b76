/* What lint finds, beyond what the readers of plan files refuse (README.md in libs/plan lists
 * those too): one row for each code.
 *
 * symbol, code, severity, what it says of a plan. Warnings are what nobody means; notes are what a
 * plan does, and are shown on request only. */
#ifndef MILEPOST_LINT_LINT_CODE_H
#define MILEPOST_LINT_LINT_CODE_H

#include "plan/report.h"

#define LINT_CODE_LIST(ROW)                                                                        \
    ROW(LINT_PAY_FALLS, "pay-falls", REPORT_WARNING, "one more unit earns less")                   \
    ROW(LINT_PAYS_NOTHING, "pays-nothing", REPORT_WARNING,                                         \
        "what is written never pays anything; say `pays: nothing`, or an amount")                  \
    ROW(LINT_UNREACHABLE, "unreachable", REPORT_WARNING,                                           \
        "a tier, point, milestone or rate that nothing can come to, or that decides nothing")      \
    ROW(LINT_NO_EFFECT, "no-effect", REPORT_WARNING,                                               \
        "what is written changes nothing; leave it out")                                           \
    ROW(LINT_ODD_FIGURE, "odd-figure", REPORT_WARNING,                                             \
        "a figure that is most likely written a hundred times too large or too small")             \
    ROW(LINT_OPEN_NEGATIVE, "open-negative", REPORT_WARNING,                                       \
        "the measure can be negative and the tiers do not say what that pays")                     \
    ROW(LINT_CANNOT_REACH_TARGET, "cannot-reach-target", REPORT_WARNING,                           \
        "no result earns the target incentive in full")                                            \
    ROW(LINT_NEVER_HOLDS, "never-holds", REPORT_WARNING, "a condition that nothing can fulfil")    \
    ROW(LINT_ALWAYS_HOLDS, "always-holds", REPORT_WARNING,                                         \
        "a condition that holds whatever the figure is")                                           \
    ROW(LINT_COARSE_GOAL, "coarse-goal", REPORT_WARNING,                                           \
        "whole percents, and a goal of fewer than 100 units: not every percent can occur; tiers "  \
        "pay such measures better")                                                                \
    ROW(LINT_WAITS_FOR_EVER, "waits-for-ever", REPORT_WARNING,                                     \
        "a window whose goal is 0 by the plan itself waits (`zero: pending`) for another one")     \
    ROW(LINT_RAMP_FALLS, "ramp-falls", REPORT_WARNING, "a later step of a ramp is lower")          \
    ROW(LINT_NO_WHOLE_WINDOW, "no-whole-window", REPORT_WARNING,                                   \
        "no whole window of this kind lies in the plan's effective range")                         \
    ROW(LINT_BOUNDS_CROSS, "bounds-cross", REPORT_WARNING,                                         \
        "a least amount above the most that is allowed")                                           \
    ROW(LINT_CAP_EXCEEDED, "cap-exceeded", REPORT_WARNING,                                         \
        "a step behind a cap can pay more than the cap")                                           \
    ROW(LINT_DEADLINES_CROSS, "deadlines-cross", REPORT_WARNING,                                   \
        "a higher threshold has the earlier deadline")                                             \
    ROW(LINT_OVER_100, "over-100-percent", REPORT_WARNING,                                         \
        "shares of one whole total more than it, and `partial` lets them")                         \
    ROW(LINT_TAKE_RISES, "take-rises", REPORT_WARNING,                                             \
        "an older deal is taken back by a larger share")                                           \
    ROW(LINT_AWARDS_RISE, "awards-rise", REPORT_WARNING, "a lower rank wins more")                 \
    ROW(LINT_FINER_THAN_ROUNDING, "finer-than-rounding", REPORT_WARNING,                           \
        "an amount that rounding will change")                                                     \
    ROW(LINT_NOT_IN_PLAN, "not-in-plan", REPORT_WARNING,                                           \
        "the roster has a figure for a component that the plan does not have")                     \
    ROW(LINT_NOT_IN_ROSTER, "not-in-roster", REPORT_WARNING,                                       \
        "an assignment lacks the goal or target incentive that the plan takes from it")            \
    ROW(LINT_UNUSED_FIGURE, "unused-figure", REPORT_WARNING,                                       \
        "a figure of the roster that no window of the plan asks for")                              \
    ROW(LINT_NOT_IN_CONTROL, "not-in-control", REPORT_WARNING,                                     \
        "a role, category or exchange rate that the control given does not have")                  \
    ROW(LINT_CLIFF, "cliff", REPORT_NOTE, "how much money one more unit moves")                    \
    ROW(LINT_THRESHOLD, "threshold", REPORT_NOTE, "where pay begins, and with how much")           \
    ROW(LINT_WORST_CASE, "worst-case", REPORT_NOTE,                                                \
        "the most that a window can pay, or that nothing bounds it")                               \
    ROW(LINT_OFF_TARGET, "off-target", REPORT_NOTE,                                                \
        "at 100 % of goal another sum than the target incentive is paid")                          \
    ROW(LINT_SAME_PERCENT, "same-percent", REPORT_NOTE,                                            \
        "the percent paid is the percent attained: the common mistake, says Prosperio")            \
    ROW(LINT_EVALUATION, "evaluation", REPORT_NOTE,                                                \
        "whether pay follows from sums alone or from the rows in their order")                     \
    ROW(LINT_UNUSED_GOAL, "unused-goal", REPORT_NOTE,                                              \
        "a goal that no pay and no condition looks at: it is for people to see")                   \
    ROW(LINT_TWO_PRECISIONS, "two-precisions", REPORT_NOTE,                                        \
        "pay goes by whole percents, a condition by exact attainment")                             \
    ROW(LINT_PARTIAL_WINDOW, "partial-window", REPORT_NOTE,                                        \
        "the plan begins or ends inside a window")                                                 \
    ROW(LINT_ONE_WINDOW_ONLY, "one-window-only", REPORT_NOTE,                                      \
        "a date by which only the plan's earlier windows can be in time")                          \
    ROW(LINT_DEFAULT, "default", REPORT_NOTE,                                                      \
        "practice is divided here, and the language has an answer where the plan has none")

#define LINT_CODE_SYMBOL(symbol, code, severity, summary) symbol,
enum lint_code { LINT_CODE_LIST(LINT_CODE_SYMBOL) LINT_CODE_COUNT };
#undef LINT_CODE_SYMBOL

const char *lint_code_name(enum lint_code code);
enum report_severity lint_code_severity(enum lint_code code);
const char *lint_code_summary(enum lint_code code);

/* The one called `name`; LINT_CODE_COUNT for codes of the readers. */
enum lint_code lint_code_find(struct slice name);

#endif
