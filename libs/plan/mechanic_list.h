/* One row for each mechanic: ROW(x) stands for mechanics/x.c and its `x_mechanic`. */
#ifndef MILEPOST_PLAN_MECHANIC_LIST_H
#define MILEPOST_PLAN_MECHANIC_LIST_H

#define MECHANIC_LIST(ROW)                                                                         \
    ROW(nothing)                                                                                   \
    ROW(rate)                                                                                      \
    ROW(rates)                                                                                     \
    ROW(unit)                                                                                      \
    ROW(tiers)                                                                                     \
    ROW(curve)                                                                                     \
    ROW(milestones)                                                                                \
    ROW(phases)                                                                                    \
    ROW(progress)                                                                                  \
    ROW(level)                                                                                     \
    ROW(scorecard)                                                                                 \
    ROW(bonus)                                                                                     \
    ROW(contest)                                                                                   \
    ROW(pool)

#endif
