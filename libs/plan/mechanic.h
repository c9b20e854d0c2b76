/* Mechanics: how a measure becomes pay. One file in mechanics/, one row in mechanic_list.h, one
 * test. Where a file would be too long, x.c keeps what pays and the row, and reading and sentences
 * stand in x_read.c and x_words.c.
 *
 * pay() is pure and exact: same input, same fraction; no floating point, no rounding. It does not
 * allocate, except inside libs/money's way out to GMP when 128 bits are too few.
 * STATUS_OUT_OF_RANGE when the result itself does not fit; outputs are then untouched. */
#ifndef MILEPOST_PLAN_MECHANIC_H
#define MILEPOST_PLAN_MECHANIC_H

#include "calendar/window.h"
#include "money/rational.h"
#include "plan/approval.h"
#include "plan/look.h"
#include "plan/node.h"
#include "plan/reading.h"

/* Sums of a measure are whole numbers of 10^-18: a decimal (10^-9) times a share (10^-9). */
enum { MEASURE_SCALE = 18 };
#define MEASURE_ONE ((int128)1000000000000000000)

struct plan_component;
struct plan_reading;
struct rate_list;
struct words;
struct bonus_terms;

/* What a component's terms need beside the measure; whoever evaluates supplies it or waits for it.
 */
enum mechanic_need {
    NEEDS_ATTAINMENT = 1,     /* pay_input.attainment and goal */
    NEEDS_TARGET = 2,         /* pay_input.target */
    NEEDS_UNITS = 4,          /* pay_input.units: the quantities, where the measure is not units */
    NEEDS_LINE_ATTRIBUTE = 8, /* pay_input.attribute: over: line only */
    NEEDS_ATTAINMENT_OF = 16, /* pay_input.attribute: the attainment of another component */
    NEEDS_ROWS = 32,          /* pay_input.rows: what was reached when */
    NEEDS_EVENTS = 64,        /* pay_input.events: the milestone events that count */
    NEEDS_TARGET_WHEN = 128,  /* as NEEDS_TARGET, while the condition of a step holds */
    NEEDS_EARLIEST = 512,     /* of the rows that are paid only the first so many count */
    NEEDS_MONTHS = 256,       /* pay_input.months: what the assignment has behind it */
};

/* Where a running total first came to something. */
struct pay_reached {
    int32_t date;          /* of the row that did it, in the plan's time zone */
    struct rational total; /* with that row, `plus` included */
};

/* What a window has of one result that the component names. */
struct result_figure {
    bool is_there;
    int128 value;    /* Σ of the values taken, in 10^-9 … */
    int64_t divisor; /* … to be divided by this: the count, for an average; else 1 */
    bool has_goal;   /* the roster has a goal of that name */
    struct rational goal;
};

static inline struct rational result_value(const struct result_figure *figure)
{
    return (struct rational){figure->value, (int128)figure->divisor * 1000000000};
}

/* The rows of the window in their order, as a mechanic asks for them. */
struct pay_rows {
    const void *self;
    /* The first row with which the running total is `least` (10^-18) or more, or with `is_passed`
     * more than it; `out` is untouched when none is. OUT_OF_RANGE: that total does not fit. */
    enum status (*first)(const void *self, int128 least, bool is_passed, bool *found,
                         struct pay_reached *out);
    const struct calendar *calendar;
    struct window_span window; /* the whole, also of a part: months are counted from its start */
};

/* A milestone event that counts, for one role of the participant. */
struct pay_event {
    struct slice deal;  /* its book */
    struct slice event; /* milestone_id */
    struct slice phase; /* may be empty */
    struct slice role;  /* of the participant … */
    struct slice row;   /* … and its row in the deal's book */
    int64_t at;         /* the row's own instant … */
    int32_t date;       /* … and day, in the plan's time zone */
    bool has_closed;
    int32_t closed; /* the day on which its deal was closed */
    struct decimal share;
    struct decimal contract_value; /* of the deal now; 0 where nothing states one */
    bool has_own_share;
    struct decimal own_share; /* of the contract, as the event says */
    struct decimal amount;    /* as the event says, else 0 */
    struct rational exchange; /* of contract value and amount, into the plan's money */
    bool has_percent_complete;
    struct decimal percent_complete;
};

struct pay_events {
    const struct pay_event *items; /* by (deal, phase, at, event) */
    size_t count;
};

struct pay_input {
    int128 measure;             /* X, `plus` included, in 10^-18 … */
    int64_t divisor;            /* … divided by this; 0 and 1: not, as for all but averages */
    int128 units;               /* Σ of the quantity that counts (× share), in 10^-18 */
    struct rational attainment; /* A as `goal` says: exact or in whole percents; 1 = 100 % */
    struct rational goal;       /* of the window */
    struct rational target;     /* T, the target incentive of the window, in money */
    struct rational rated; /* Σ of value × rate by a list of rates, or of bounties, in money */
    struct rational attribute; /* value of the line's attribute, or another's attainment */
    bool has_attribute;        /* false: there is none, or it is text: pays nothing */
    const struct pay_rows *rows;
    const struct result_figure *results; /* of the component's `results`, in their order */
    struct pay_events events;
    int32_t months; /* whole ones of the assignment that the business date has passed */
};

/* What pay waits for. */
enum pay_wait { PAY_WAITS_FOR_NOTHING, PAY_WAITS_FOR_RESULT, PAY_WAITS_FOR_GOAL };

struct pay_result {
    struct rational pay; /* Y, in money (1 = one dollar, not one cent) */
    int32_t step;        /* the tier or point reached, from 0; -1: none */
    struct slice name; /* of the step: the tier's or point's edge as the plan writes it, or empty */
    enum pay_wait waits; /* then nothing else is set */
};

/* What a mechanic's reader gets. Reports are made through it; terms are taken from its arena. */
struct mechanic_reading {
    struct reading *reading;
    struct plan_reading *plan;              /* the whole, for plan_parts.h */
    const struct plan_component *component; /* measure, over and goal are read */
    const struct node *pays;                /* the map around; NULL for a word */
    uint32_t needs;                         /* out: enum mechanic_need */
    struct slice attribute;                 /* out: with NEEDS_LINE_ATTRIBUTE, its name */
    struct look attainment_of;              /* out: with NEEDS_ATTAINMENT_OF */
    const struct rate_list *rates;          /* out: rows are rated one by one */
    const struct bonus_terms *bonus;        /* out: rows are paid one by one */
    const struct slice *results;            /* out: the results it looks at, beside the measure's */
    size_t result_count;
    struct approval approval; /* out: what it says of milestone events */
};

/* What a mechanic wants of `measure`. */
enum mechanic_measure {
    MEASURE_SUMMED,   /* a sum of its rows */
    MEASURE_ROWS,     /* its rows; `sum` may be left out */
    MEASURE_OPTIONAL, /* a sum, or no measure at all */
    MEASURE_NONE,     /* no measure */
};

/* What a mechanic's edges are edges of: how a table or chart of it is laid out. */
enum landmark_of {
    LANDMARKS_NONE,    /* nothing to lay out */
    LANDMARKS_MEASURE, /* X */
    LANDMARKS_ATTAINMENT,
    LANDMARKS_OTHER,    /* pay_input.attribute: another's attainment, or the line's attribute */
    LANDMARKS_RATES,    /* a kind of row each: `index` counts the list's choices, then `else` */
    LANDMARKS_RESULTS,  /* `at` is the value of result `index` */
    LANDMARKS_PHASES,   /* the phase `name` of a contract */
    LANDMARKS_COMPLETE, /* `at` is how much of a contract is complete */
    LANDMARKS_MONTHS,   /* `at` is how many months of the assignment have passed */
    LANDMARKS_ROWS,     /* `at` is how many rows are paid, each by itself */
};

/* A place where a table or chart of a mechanic has something to show. */
struct landmark {
    struct rational at;
    bool is_jump; /* pay may jump here; otherwise it goes on, perhaps in another direction */
    int32_t index;
    struct slice name; /* as the plan writes it, or empty */
    bool has_until;
    int32_t until; /* what comes on this day or later is late */
};

enum { LANDMARKS_MAX = 512 };

struct landmarks {
    /* In: for deadlines, the window; for results, the goals of that name (den 0: none). */
    const struct calendar *calendar;
    struct window_span window;
    const struct rational *goals;
    /* Out. What finds no more room is left out. */
    enum landmark_of of;
    size_t count;
    struct landmark items[LANDMARKS_MAX];
};

/* Adds a landmark, unless there is no more room. */
void landmarks_add(struct landmarks *landmarks, struct landmark landmark);

struct mechanic {
    const char *name; /* the key under `pays:`, or the word itself */
    const char *summary;
    const char *beside; /* the one key that may stand beside it under `pays:`; NULL: none */
    enum mechanic_measure measure;
    /* Reads the value under the name (for `nothing`, the word) into terms. What is wrong goes to
     * the reports, NULL is returned then; also when the arena is full, which the reading remembers.
     */
    const void *(*parse)(struct mechanic_reading *reading, const struct node *node);
    /* NULL: pay does not come from a window's sums; its own header says how it is valued. */
    enum status (*pay)(const void *terms, const struct pay_input *input, struct pay_result *out);
    /* Appends the sentences that say what it pays (words.h). */
    void (*describe)(const void *terms, const struct words *words);
    /* Lays out a table of it. NULL: there is none to lay out. */
    void (*landmarks)(const void *terms, struct landmarks *landmarks);
};

/* The mechanic that a plan calls `name`; NULL when there is none here. */
const struct mechanic *mechanic_find(struct slice name);

/* The mechanic among the keys or in the word of `pays`; NULL when there is none. */
const struct mechanic *mechanic_of(const struct node *pays);

/* All of them, in the order of mechanic_list.h. */
const struct mechanic *const *mechanic_table(size_t *out_count);

/* Reads `pays:`. NULL when something was reported or the arena is full. */
const struct mechanic *mechanic_parse(struct mechanic_reading *reading, const struct node *pays,
                                      const void **out_terms);

/* X is a whole number of 10^-18. */
static inline bool is_measure_whole(const struct pay_input *input)
{
    return input->divisor <= 1;
}

/* X as a fraction. */
static inline struct rational measure_of(const struct pay_input *input)
{
    return (struct rational){input->measure,
                             is_measure_whole(input) ? MEASURE_ONE : MEASURE_ONE * input->divisor};
}

/* Any figure in 10^-18 as a fraction. */
static inline struct rational rational_of_measure(int128 value)
{
    return (struct rational){value, MEASURE_ONE};
}

#endif
