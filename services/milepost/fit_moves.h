/* What `plan fit` moves so that a history comes out as wanted. Each sets values in the files; the
 * proof is the next simulation. */
#ifndef MILEPOST_MILEPOST_FIT_MOVES_H
#define MILEPOST_MILEPOST_FIT_MOVES_H

#include "milepost/fit_run.h"

/* All goals of the component by one factor, which is the measure by the goal of the result that has
 * to be the last one at goal; to whole `round`, down (up where lower is better), so that it stays
 * there. INVALID with `detail`: it cannot be had. */
enum status fit_goals(struct fit *fit, const struct fit_outcome *now, struct rational share,
                      int64_t round, struct rational *out_factor, char *detail) MUST_CHECK;

/* Where the curve begins: the highest whole percent under which at most `share` of the results lie.
 * And where it ends: the lowest over which at most `share` lie. INVALID as above. */
enum status fit_threshold(struct fit *fit, const struct fit_outcome *now, struct rational share,
                          char *detail) MUST_CHECK;
enum status fit_excellence(struct fit *fit, const struct fit_outcome *now, struct rational share,
                           char *detail) MUST_CHECK;

/* What is scaled for the cost. */
enum fit_scale {
    FIT_SCALES_ALL,       /* everything that the component gives */
    FIT_SCALES_ABOVE_GOAL /* of a curve that gives percent of target: what it gives above 100 % */
};

/* Scales what the component gives until it costs as near to `cost` as its figures allow, with 0.01
 * (percent or money) as the smallest step; `now` is the last simulation and becomes the new one.
 * INVALID as above; other statuses as fit_simulate(). */
enum status fit_cost(struct fit *fit, struct fit_outcome *now, struct decimal cost,
                     enum fit_scale *out_scale, char *detail) MUST_CHECK;

#endif
