/* `scorecard`: weighted objectives (PLAN-LANGUAGE section 4): MBO/SSO, KPI/IPM, executive.
 *
 * Pay = `of` × Σ weight × score. "`linear` is value / plan (plan / value for lower). `binary`
 * compares that with its condition." Results are taken by the measure's `take`. */
#ifndef MILEPOST_PLAN_MECHANICS_SCORECARD_H
#define MILEPOST_PLAN_MECHANICS_SCORECARD_H

#include "plan/measure.h"
#include "plan/points.h"

enum { OBJECTIVES_MAX = 100 };

enum score_kind {
    SCORE_LINEAR, /* the ratio itself */
    SCORE_POINTS, /* curve and tiers: a share by the ratio */
    SCORE_BINARY, /* 1 where the ratio ‹comparator› bound holds, else 0 */
};

struct objective {
    struct slice name; /* of the result, and of the goal in the roster */
    struct decimal weight;
    bool is_plan_from_roster; /* plan: {from: roster}: the goal called `name` */
    struct decimal plan;      /* > 0; 1 where none is written: the value is the ratio */
    bool is_lower_better;     /* the ratio is plan / value; a value of 0 scores the cap, or the end
                               * of points that end level; without either the component waits */
    enum score_kind score;
    struct points points;
    enum comparator comparator;
    struct decimal bound;
    bool has_cap; /* of the score */
    struct decimal cap;
};

struct scorecard_terms {
    bool is_of_target;     /* of the window's target incentive; otherwise `amount` */
    struct decimal amount; /* money */
    const struct objective *objectives;
    int32_t count;
    enum result_missing missing; /* of one objective's result; pending holds the component */
    bool rounds_scores;          /* round-scores: whole-percent: each score, before its weight */
};

#endif
