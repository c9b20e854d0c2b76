/* A plan, compiled: what a plan file says, in the form that evaluators walk.
 *
 * Made once by plan_parse and never changed; everything it points to lives in the arena it was read
 * into. Two workers that read the same document with the same transitions hold the same plan. */
#ifndef MILEPOST_PLAN_PLAN_H
#define MILEPOST_PLAN_PLAN_H

#include "calendar/window.h"
#include "calendar/zone.h"
#include "money/money.h"
#include "money/rounding.h"
#include "plan/adjust.h"
#include "plan/cancelled.h"
#include "plan/goal.h"
#include "plan/measure.h"
#include "plan/mechanic.h"
#include "plan/release.h"
#include "plan/total.h"

enum {
    PLAN_NAME_BYTES_MAX = 64,
    PLAN_COMPONENTS_MAX = 64,
    PLAN_ROLES_MAX = 64,
    PLAN_HASH_BYTES = 33, /* 32 hexadecimal digits and a NUL */
};

/* symbol, word in plans: "when an assignment or goal changes inside a window" */
#define MID_WINDOW_LIST(ROW)                                                                       \
    ROW(MID_WINDOW_LAST, "last")   /* the last of the window holds for all of it */                \
    ROW(MID_WINDOW_BLEND, "blend") /* goals and targets weigh by days among the days assigned */   \
    ROW(MID_WINDOW_SPLIT, "split") /* part-windows 2026-Q1.1, 2026-Q1.2 */

#define MID_WINDOW_SYMBOL(symbol, name) symbol,
enum mid_window { MID_WINDOW_LIST(MID_WINDOW_SYMBOL) MID_WINDOW_COUNT };
#undef MID_WINDOW_SYMBOL

struct plan_component {
    struct slice name;
    int32_t index; /* in plan.components, which is the order of the file */
    struct place place;
    bool has_measure; /* false: `level`, and a contest by its entrants' own attainment */
    struct measure measure;
    struct cancelled cancelled; /* recompute where the measure has no cancellations */
    enum window_over over;
    bool has_goal;
    struct goal goal;
    struct baseline baseline; /* also where has_goal is false */
    const struct mechanic *mechanic;
    const void *terms;           /* the mechanic's */
    uint32_t needs;              /* enum mechanic_need, of the mechanic and of adjustments */
    struct slice attribute;      /* with NEEDS_LINE_ATTRIBUTE: of the line */
    struct look attainment_of;   /* with NEEDS_ATTAINMENT_OF: same or containing */
    struct approval approval;    /* what the mechanic says of milestone events */
    const struct slice *results; /* names of the results that its measure and mechanic look at */
    size_t result_count;
    const struct rate_list *rates;   /* pays by row (rate_list.h); NULL: by the window's sums */
    const struct bonus_terms *bonus; /* likewise, a sum for each row (mechanics/bonus.h) */
    const struct adjustment *adjustments; /* in the order written */
    size_t adjustment_count;
    bool looks_around; /* cannot be valued by its own sums: conditions, factors by results, yearly
                        * bounds, a baseline, another's attainment */
    bool moves_with_date; /* its worth can change when the business date moves: `level`, releases
                           * that wait for a day */
    struct release release;
    bool divides_pay; /* somebody needs which of its pay belongs to which row: a release by rows, a
                       * cancellation that takes back, a bound per deal in a longer window */
    enum attribution attribution; /* ATTRIBUTION_NONE: nothing needs a deal's part, or over: deal
                                   * and line, where a window is its deal */
};

struct plan {
    struct slice document;      /* as read */
    char hash[PLAN_HASH_BYTES]; /* of the document's bytes */
    struct slice name;
    int64_t version; /* ≥ 1 */
    struct slice title;
    struct currency currency;
    struct slice zone_name;
    struct zone zone;
    struct calendar calendar; /* plan_from and plan_until are set */
    int32_t from;             /* effective range */
    int32_t until;            /* exclusive; DATE_MAX + 1 when it has no end */
    int64_t rounding_step;    /* in smallest units of the currency, > 0 */
    int rounding_places;      /* that money is shown with */
    enum rounding_mode rounding_mode;
    enum mid_window mid_window;
    bool has_terms;      /* some component has terms of payment */
    bool splits_windows; /* split-windows: yes: the version ends windows where it begins */
    struct redeem redeem;
    struct plan_total total;
    const struct plan_component *components;
    size_t component_count;
    const int32_t *order;      /* indices of components: each behind those whose pay it looks at */
    const struct slice *roles; /* that measures name; a bit each */
    size_t role_count;
};

/* What a plan file needs that is not in it. */
struct plan_sources {
    void *self;
    /* The transitions of `zone` for the days [from, until), in the plan's arena. Workers take them
     * from the control record, the CLI from zone_file.h. STATUS_INVALID with a sentence in
     * `detail`. */
    enum status (*zone)(void *self, struct slice zone, int32_t from, int32_t until,
                        struct arena *arena, struct zone *out, char detail[DETAIL_BYTES]);
    const struct currency *units; /* declared by control; may be NULL */
    size_t unit_count;
    bool reads_all; /* also what has no evaluation here (feature.h): for whom only reads plans */
};

/* Reads and checks a plan file. STATUS_INVALID with everything that is wrong in `reports`;
 * STATUS_EXHAUSTED when the arena is full. Warnings alone do not fail it. */
enum status plan_parse(struct slice text, struct slice file, struct arena *arena,
                       const struct plan_sources *sources, struct reports *reports,
                       const struct plan **out) MUST_CHECK;

/* The hash that plan_parse writes: 32 hexadecimal digits of the document. */
void plan_hash(struct slice document, char out[PLAN_HASH_BYTES]);

/* The component called `name`; NULL when there is none. */
const struct plan_component *plan_component_find(const struct plan *plan, struct slice name);

/* The bit of `role` in measure.roles; 0 when no measure names it. */
uint64_t plan_role_bit(const struct plan *plan, struct slice role);

/* Whether a measure counts credits of `role`. */
static inline bool measure_counts_role(const struct measure *measure, uint64_t role_bit)
{
    return measure->roles == 0 || (measure->roles & role_bit) != 0;
}

#endif
