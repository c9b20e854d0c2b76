/* Every part of `milepost plan`: symbol of its `struct command`, whose name is `plan WORD`. The
 * order is that of --help. One file, plan_WORD.c, each. */
#define PLAN_COMMAND_LIST(ROW)                                                                     \
    ROW(plan_lint_command)                                                                         \
    ROW(plan_explain_command)                                                                      \
    ROW(plan_chart_command)                                                                        \
    ROW(plan_fit_command)
