#include "plan/plan_parts.h"

/* The order in which components are valued: each behind those whose pay it looks at. Attainment
 * does not hang on pay, so only conditions on what was `earned` count. */

struct sights {
    bool looks[PLAN_COMPONENTS_MAX][PLAN_COMPONENTS_MAX]; /* [who][at] */
    bool is_done[PLAN_COMPONENTS_MAX];
};

static void note_when(struct sights *sights, int32_t who, const struct when *when)
{
    for (int32_t i = 0; i < when->count; i++) {
        if (when->parts[i].kind == WHEN_EARNED)
            sights->looks[who][when->parts[i].look.component] = true;
    }
}

static void note_component(struct sights *sights, const struct plan_component *component)
{
    for (size_t i = 0; i < component->adjustment_count; i++)
        note_when(sights, component->index, &component->adjustments[i].when);
}

static bool is_ready(const struct sights *sights, int32_t who, int32_t count)
{
    for (int32_t at = 0; at < count; at++) {
        if (sights->looks[who][at] && !sights->is_done[at])
            return false;
    }
    return !sights->is_done[who];
}

/* The first in the file that can be valued now; -1: none. */
static int32_t next_ready(const struct sights *sights, int32_t count)
{
    for (int32_t who = 0; who < count; who++) {
        if (is_ready(sights, who, count))
            return who;
    }
    return -1;
}

/* Going on from one that is not done to one it waits for ends up in a circle. */
static int32_t find_circle(const struct sights *sights, int32_t count)
{
    int32_t who = 0;
    while (sights->is_done[who])
        who++;
    for (int32_t steps = 0; steps < count; steps++) {
        int32_t at = 0;
        while (!sights->looks[who][at] || sights->is_done[at])
            at++;
        who = at;
    }
    return who;
}

static bool refuse_circle(struct plan_reading *plan, const struct sights *sights, int32_t count)
{
    const struct plan_component *who = &plan->components[find_circle(sights, count)];
    report_error(plan->reading.reports, who->place, "circle",
                 "let one of them look at attainment instead of at what was earned",
                 "`%.*s` looks at pay that in the end hangs on its own", SLICE_ARGS(who->name));
    return false;
}

bool order_components(struct plan_reading *plan)
{
    int32_t count = (int32_t)plan->plan->component_count;
    int32_t *order = reading_take(&plan->reading, (size_t)count, sizeof *order);
    struct sights *sights = reading_take(&plan->reading, 1, sizeof *sights);
    if (!order || !sights)
        return false;
    for (int32_t i = 0; i < count; i++)
        note_component(sights, &plan->components[i]);
    for (int32_t i = 0; i < count; i++) {
        int32_t next = next_ready(sights, count);
        if (next < 0)
            return refuse_circle(plan, sights, count);
        sights->is_done[next] = true;
        order[i] = next;
    }
    plan->plan->order = order;
    return true;
}
