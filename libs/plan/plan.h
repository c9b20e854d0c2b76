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
#include "plan/condition.h"
#include "plan/mechanic.h"

enum {
    PLAN_NAME_BYTES_MAX = 64,
    PLAN_COMPONENTS_MAX = 64,
    PLAN_ROLES_MAX = 64,
    PLAN_HASH_BYTES = 33, /* 32 hexadecimal digits and a NUL */
};

enum measure_sum { SUM_AMOUNT, SUM_NAMED_AMOUNT, SUM_QUANTITY, SUM_COUNT };

struct measure {
    enum measure_sum sum;
    struct slice amount_name; /* SUM_NAMED_AMOUNT: amount.NAME */
    bool counts_credited;     /* SUM_COUNT: a deal counts as one; otherwise as its share */
    uint64_t roles;           /* bit i: plan.roles[i] counts; 0: every role counts */
    const struct condition *conditions; /* all must hold */
    size_t condition_count;
    bool has_line_condition; /* then lines count one by one, otherwise the deal as a whole */
    bool is_share_after;     /* share: after: X is taken whole, the pay is multiplied by the share
                              * before adjust; over: deal | line only */
    int128 plus;             /* added to the window's X, in 10^-18 */
};

/* symbol, word in plans */
#define GOAL_PRECISION_LIST(ROW)                                                                   \
    ROW(ATTAINMENT_EXACT, "exact")                                                                 \
    ROW(ATTAINMENT_WHOLE_DOWN, "whole-percent-down")                                               \
    ROW(ATTAINMENT_WHOLE_NEAREST, "whole-percent-nearest")

#define GOAL_ZERO_LIST(ROW)                                                                        \
    ROW(ZERO_FULL_TARGET, "full-target") /* a goal of 0: the target incentive is earned in full */ \
    ROW(ZERO_NOTHING, "nothing")         /* pays nothing */                                        \
    ROW(ZERO_PENDING, "pending")         /* waits for another goal */

#define GOAL_SYMBOL(symbol, name) symbol,
enum goal_precision { GOAL_PRECISION_LIST(GOAL_SYMBOL) GOAL_PRECISION_COUNT };
enum goal_zero { GOAL_ZERO_LIST(GOAL_SYMBOL) GOAL_ZERO_COUNT };
#undef GOAL_SYMBOL

struct goal {
    bool is_from_roster;  /* otherwise `fixed`, the same in every window */
    struct decimal fixed; /* > 0 */
    bool is_lower_better; /* direction: lower: attainment is goal / actual, and an actual of 0 earns
                           * what the component's first cap allows */
    enum goal_precision precision;
    enum goal_zero zero;
};

enum adjust_kind { ADJUST_CAP, ADJUST_FLOOR };

struct adjustment {
    enum adjust_kind kind;
    bool is_share;     /* of the target incentive of the window; otherwise an amount */
    struct decimal at; /* share (1 = 100 %) or amount */
};

struct plan_component {
    struct slice name;
    int32_t index; /* in plan.components, which is the order of the file */
    struct place place;
    struct measure measure;
    enum window_over over;
    bool has_goal;
    struct goal goal;
    const struct mechanic *mechanic;
    const void *terms;             /* the mechanic's */
    uint32_t needs;                /* enum mechanic_need, of the mechanic and of adjustments */
    struct slice attribute;        /* with NEEDS_LINE_ATTRIBUTE: of the line */
    const struct rate_list *rates; /* pays by row (rate_list.h); NULL: by the window's sums */
    const struct adjustment *adjustments; /* in the order written; each holds per window, which with
                                           * over: deal is the deal */
    size_t adjustment_count;
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
    const struct plan_component *components;
    size_t component_count;
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
