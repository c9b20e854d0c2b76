/* Every subcommand: symbol of its `struct command`. The order is that of --help. */
#define COMMAND_LIST(ROW)                                                                          \
    ROW(topics_command)                                                                            \
    ROW(apply_command)                                                                             \
    ROW(publish_command)                                                                           \
    ROW(tail_command)                                                                              \
    ROW(attainment_command)                                                                        \
    ROW(simulate_command)                                                                          \
    ROW(compare_command)                                                                           \
    ROW(what_if_command)                                                                           \
    ROW(plan_command)                                                                              \
    ROW(holds_command)                                                                             \
    ROW(dead_letters_command)                                                                      \
    ROW(audit_command)                                                                             \
    ROW(republish_command)                                                                         \
    ROW(manual_command)                                                                            \
    ROW(offsets_command)
