/* The plans that control has published, compiled, and which version values which window.
 *
 * Derived from the rows of control's books. A version that was added stays where it is until
 * everything is dropped, so books may point at it. */
#ifndef MILEPOST_ENGINE_PLANS_H
#define MILEPOST_ENGINE_PLANS_H

#include "engine/interner.h"
#include "engine/measure_row.h"
#include "engine/row_io.h"
#include "plan/plan.h"

/* The window that a component last counted a row in; saves most of the calendar's work. Where there
 * may be parts nothing is remembered. */
struct window_memory {
    int32_t from;
    int32_t until;   /* from = until: nothing remembered */
    uint32_t window; /* number of the id */
    bool is_valued;  /* this version values it */
};

/* An assignment of a participant, as its book has it. */
struct book_assignment {
    const struct plan_series *series; /* NULL: the plan is not published */
    uint32_t plan;                    /* number of its name */
    int32_t from;
    int32_t until; /* exclusive */
    bool is_first; /* of those to its plan, so that each plan is walked once */
};

/* All of a participant's, which windows are split by. */
struct assigned {
    const struct book_assignment *items;
    size_t count;
};

struct plan_version {
    const struct plan *plan;
    const uint32_t *components;       /* by index: number of (plan, component) */
    struct window_memory *remembered; /* by index */
    const struct plan_series *series; /* that it is one of */
    struct arena arena;
};

struct plan_series {
    struct slice name;
    uint32_t number;                /* of the name */
    struct plan_version **versions; /* ascending */
    size_t count;
    size_t index;                 /* among the plans */
    bool has_parts;               /* some version may split windows (window_parts.h) */
    bool looks_across;            /* some component of some version does (surroundings.h) */
    bool looks_across_from_deals; /* … that is over deals or lines */
    bool looks_at_results;
    bool converts;        /* some component of some version does */
    bool moves_with_date; /* some component of some version does (plan.h) */
};

struct plans {
    struct interner *names;
    struct plan_series **series;
    size_t count;
    struct arena categories_arena;
    struct categories categories;
    struct arena rates_arena;
    struct rates rates; /* all that have been published */
    struct arena units_arena;
    const struct currency *units; /* that control declares */
    size_t unit_count;
    bool is_known; /* false: to be read from the store first */
};

void plans_init(struct plans *plans, struct interner *names);
void plans_deinit(struct plans *plans);

/* Forgets all versions; every pointer to one is void. */
void plans_drop(struct plans *plans);

/* Reads every plan and the categories from the store unless they are known. CORRUPT: a plan cannot
 * be read by this engine, or was published with semantics that it does not have. */
enum status plans_learn(struct plans *plans, struct row_io *io, char *detail) MUST_CHECK;

/* Compiles and adds the plan of a control record. CORRUPT as above. */
enum status plans_add(struct plans *plans, const struct control *control, char *detail) MUST_CHECK;

/* Replaces the categories by those of a control record. CORRUPT: they cannot be read. */
enum status plans_set_categories(struct plans *plans, const struct control *control,
                                 char *detail) MUST_CHECK;

/* Takes over all rates that have been published. CORRUPT: some cannot be read. */
enum status plans_learn_rates(struct plans *plans, struct row_io *io, char *detail) MUST_CHECK;

/* What rows are measured by that count in a window until `until`. */
static inline struct measuring plans_measuring(const struct plans *plans, int32_t until)
{
    return (struct measuring){&plans->categories, &plans->rates, until};
}

/* Takes over the units that control declares now, for plans that are added from now on. CORRUPT:
 * they cannot be read. */
enum status plans_learn_units(struct plans *plans, struct row_io *io, char *detail) MUST_CHECK;

/* The versions of the plan called `name`; NULL when none is published. */
const struct plan_series *plans_find(const struct plans *plans, struct slice name);

/* Writes the roster's `assignments` (list of struct assignment) as books have them into `items`,
 * which has room for all. */
void plans_assign(const struct plans *plans, const struct list *assignments,
                  struct book_assignment *items);

/* The version that values a window of the days [from, until): the highest that is effective on its
 * first day, else the first that becomes effective in it (of equals the highest); NULL: none. */
const struct plan_version *series_version(const struct plan_series *series, int32_t from,
                                          int32_t until);

/* The window of component `index`, or the participant's part of it, that `date` lies in. False when
 * there is none (an empty range in `out`), or when this version does not value it. For line and
 * deal the window is the day, and its number 0. */
bool version_window(const struct plan_version *version, size_t index, int32_t date,
                    struct assigned assigned, struct interner *names, struct window_memory *out);

/* The window of component `index`, or the participant's part of it, with the id `id`, whoever
 * values it. False: there is none. */
bool version_window_called(const struct plan_version *version, size_t index, struct slice id,
                           struct assigned assigned, struct interner *names,
                           struct window_memory *out);

#endif
