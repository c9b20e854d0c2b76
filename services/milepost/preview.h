/* What a change would move, computed from copies of both stages' state before anything is written.
 */
#ifndef MILEPOST_MILEPOST_PREVIEW_H
#define MILEPOST_MILEPOST_PREVIEW_H

#include "milepost/command.h"
#include "plan/fact.h"

/* One (participant, plan, component, window) that would change. Texts live in the preview's arena.
 */
struct effect {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
    struct slice currency;
    struct decimal before; /* earned */
    struct decimal after;
};

struct preview {
    struct arena arena;
    struct effect *effects; /* sorted by participant, plan, component, window */
    size_t count;
    size_t capacity;
    int64_t books; /* participants that would change */
};

/* Restores every task of both stages from its journal, applies the records and collects what would
 * be paid. Progress goes to the console. UNAVAILABLE, CORRUPT as a restore. */
enum status preview_run(struct cli *cli, const struct connection *connection,
                        struct schemas *schemas, const struct control *controls,
                        size_t control_count, const struct roster *rosters, size_t roster_count,
                        int32_t partitions, struct preview *out, char *detail) MUST_CHECK;
void preview_deinit(struct preview *preview); /* Accepts a zeroed one. */

#endif
