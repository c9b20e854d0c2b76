/* One row for each family of checks: ROW(x) stands for check_x.c and its `x_family`. */
#ifndef MILEPOST_LINT_CHECK_LIST_H
#define MILEPOST_LINT_CHECK_LIST_H

#define CHECK_LIST(ROW)                                                                            \
    ROW(pay)                                                                                       \
    ROW(tables)                                                                                    \
    ROW(rates)                                                                                     \
    ROW(steps)                                                                                     \
    ROW(conditions)                                                                                \
    ROW(goals)                                                                                     \
    ROW(windows)                                                                                   \
    ROW(objectives)                                                                                \
    ROW(release)                                                                                   \
    ROW(figures)                                                                                   \
    ROW(control)                                                                                   \
    ROW(defaults)

#endif
