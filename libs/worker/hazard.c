#include "worker/hazard.h"

#if MILEPOST_HAZARDS

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum hazard hazard_planted;

static const char *const names[HAZARD_COUNT] = {
    [HAZARD_NONE] = "none",
    [HAZARD_OFFSETS_OUTSIDE] = "offsets-outside",
    [HAZARD_STATE_BEFORE_COMMIT] = "state-before-commit",
    [HAZARD_RESTORE_TO_LSO] = "restore-to-lso",
    [HAZARD_LATE_SLICE] = "late-slice",
    [HAZARD_CURSOR_NOT_UNDONE] = "cursor-not-undone",
    [HAZARD_NO_CHAIN] = "no-chain",
    [HAZARD_GONE_NOT_WRITTEN] = "gone-not-written",
    [HAZARD_UNCHECKED_PRODUCE] = "unchecked-produce",
    [HAZARD_NO_FENCE] = "no-fence",
};

/* Before main(): a service knows nothing of hazards. */
__attribute__((constructor)) static void plant(void)
{
    const char *wanted = getenv("MILEPOST_HAZARD");
    if (!wanted)
        return;
    for (int hazard = 0; hazard < HAZARD_COUNT; hazard++)
        if (strcmp(names[hazard], wanted) == 0) {
            hazard_planted = (enum hazard)hazard;
            (void)fprintf(stderr, "test build, planted on purpose: %s\n", wanted);
            return;
        }
    (void)fprintf(stderr, "MILEPOST_HAZARD: there is no hazard %s\n", wanted);
    exit(2);
}

#endif
