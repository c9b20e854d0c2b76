/* `milepost plan`: what can be done with plan files before they are applied. */
#include "milepost/command.h"
#include "milepost/plan_command_list.h"

#define COMMAND_EXTERN(symbol) extern const struct command symbol;
PLAN_COMMAND_LIST(COMMAND_EXTERN)

#define COMMAND_ROW(symbol) &symbol,
static const struct command *const parts[] = {PLAN_COMMAND_LIST(COMMAND_ROW) NULL};

const struct command plan_command = {
    .name = "plan",
    .summary = "what plan files say and leave open",
    .parts = parts,
};
