/* `adjust`: what is done to a window's pay, step by step in the order written (PLAN-LANGUAGE
 * section 5). */
#ifndef MILEPOST_PLAN_ADJUST_H
#define MILEPOST_PLAN_ADJUST_H

#include "plan/goal.h"
#include "plan/points.h"
#include "plan/when.h"

/* symbol, key in plans */
#define ADJUST_LIST(ROW)                                                                           \
    ROW(ADJUST_CAP, "cap")                                                                         \
    ROW(ADJUST_FLOOR, "floor")                                                                     \
    ROW(ADJUST_GATE, "gate")                                                                       \
    ROW(ADJUST_MULTIPLY, "multiply")                                                               \
    ROW(ADJUST_ADD, "add")                                                                         \
    ROW(ADJUST_PRORATE, "prorate")

#define ADJUST_SYMBOL(symbol, name) symbol,
enum adjust_kind { ADJUST_LIST(ADJUST_SYMBOL) ADJUST_COUNT };
#undef ADJUST_SYMBOL

/* What a cap or floor holds for. */
enum bound_per {
    PER_WINDOW,
    PER_DEAL, /* each deal's attributed part; with over: deal that is the window */
    PER_YEAR, /* of the calendar; "windows fill in order" */
};

/* What a gate does while its condition holds. */
enum gate_then {
    GATE_NOTHING,
    GATE_NOT_PAYABLE, /* earned, never released */
    GATE_KEEP,        /* `factor` of the pay stays */
};

struct adjustment {
    enum adjust_kind kind;
    bool is_share;     /* cap, floor: of the target incentive of the window; otherwise an amount */
    struct decimal at; /* cap, floor: share (1 = 100 %) or amount; add: what is added, in money */
    enum bound_per per;
    struct when when;      /* gate: always there; cap, floor, multiply: without parts, always */
    enum gate_then then;   /* gate */
    struct decimal factor; /* GATE_KEEP; multiply without a curve */
    const struct points *curve; /* multiply: factor by the value of `result`; missing: 1. Or NULL */
    struct result_name result;
    bool has_between; /* multiply: the factor lies from `least` to `most`, both included */
    struct decimal least;
    struct decimal most;
    enum prorate prorate; /* ADJUST_PRORATE: days or months */
};

#endif
