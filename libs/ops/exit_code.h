/* What a program tells its supervisor (DESIGN.md section 7). */
#ifndef MILEPOST_OPS_EXIT_CODE_H
#define MILEPOST_OPS_EXIT_CODE_H

enum exit_code {
    EXIT_CODE_DONE = 0,
    EXIT_CODE_FINDING = 1, /* lint, audit; an invalid plan, roster or event file */
    EXIT_CODE_USAGE = 2,
    EXIT_CODE_CONFIGURATION = 3, /* do not restart */
    EXIT_CODE_UNREACHABLE = 4,   /* a dependency does not answer (CLI only: services wait) */
    EXIT_CODE_STATE = 5,         /* a task's state cannot be trusted */
};

#endif
