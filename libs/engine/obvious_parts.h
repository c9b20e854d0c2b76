/* What the files of the obvious evaluator share.
 *
 * The order of thought is the page's: documents are read, facts become rows of participants, rows
 * fall into windows, a window of a component is a book, and a book is measured, held against its
 * goal, paid, adjusted, attributed to its rows and released. Each step has a file. */
#ifndef MILEPOST_ENGINE_OBVIOUS_PARTS_H
#define MILEPOST_ENGINE_OBVIOUS_PARTS_H

#include "calendar/duration.h"
#include "calendar/window.h"
#include "calendar/zone.h"
#include "engine/obvious.h"
#include "engine/obvious_number.h"
#include "plan/node.h"

enum { OBVIOUS_DEPTH_MAX = 24, OBVIOUS_TOUCHING_MAX = 64 };

/* --- what is read --- */

/* One version of one plan, as its document stands. */
struct obvious_plan {
    struct slice name;
    int64_t version;
    const struct node *root;
    const struct node *components;
    struct slice currency;
    struct calendar calendar;
    struct zone zone;
    int32_t from;
    int32_t until; /* exclusive */
};

enum obvious_of { OF_DEALS, OF_MILESTONES, OF_PAYMENTS, OF_RESULTS, OF_ADJUSTMENTS, OF_NOTHING };

/* What counts for a participant: their part of a deal, milestone or payment, or a result or an
 * adjustment of their own. */
struct obvious_row {
    enum obvious_of of;
    struct slice participant;
    struct slice role; /* empty for results and adjustments, as `deal` is NULL */
    struct decimal share;
    const struct deal_participant *part; /* of its list that the row is; NULL where there is none */
    const struct deal *deal; /* also of a milestone or payment; NULL where it has none */
    const struct milestone *milestone;
    const struct payment *payment;
    const struct result *result;
};

/* A participant with what the roster says and all rows, of any kind. */
struct obvious_person {
    struct slice participant;
    const struct roster *roster; /* assignments; NULL: none */
    const struct roster *edges;  /* NULL: none */
    const struct obvious_row *rows;
    size_t row_count;
};

struct obvious {
    const struct obvious_facts *facts;
    struct arena *arena;
    struct numbers numbers;
    struct obvious_plan *plans; /* by name, then version */
    size_t plan_count;
    const struct node *splits;     /* role: rule; NULL where control has none */
    const struct node *rules;      /* for deals that name nobody, likewise */
    bool takes_all;                /* `match: all` */
    struct slice remainder;        /* of crediting; empty: none said */
    const struct node *categories; /* child: parent; likewise */
    const struct node **rates;     /* lists of {on, pair, rate}: all that were published, … */
    size_t rates_count;            /* … the newest version first */
    const struct roster **rosters; /* the newest of each participant and aspect, in that order */
    size_t roster_count;
    struct obvious_row *rows; /* by participant; grown and freed by obvious_evaluate */
    size_t row_count;
    size_t row_capacity;
    const struct payment **payments; /* the latest of each */
    size_t payment_count;
    const struct milestone **milestones; /* likewise */
    size_t milestone_count;
    int depth;          /* of components that look at components */
    enum status status; /* the first failure; nothing counts after it */
    char *detail;
};

/* --- windows and books --- */

/* A window of one component for one participant, and the version that values it. */
struct obvious_window {
    const struct obvious_plan *plan;
    enum window_over over;
    struct window_span whole; /* as the calendar has it */
    struct window_span span;  /* as it counts: a part of it where windows are split */
    const struct deal *deal;  /* of line and deal; otherwise NULL */
    const struct deal_line *line;
};

/* A row as it counts in one window. */
struct obvious_entry {
    const struct obvious_row *row;
    const struct deal_line *line; /* with `over: line` only */
    int64_t at;                   /* the date that counts */
    int32_t date;                 /* the same in the plan's zone */
    mpq_srcptr value;             /* of the whole deal, line …, converted */
    mpq_srcptr units;             /* the quantity likewise */
    mpq_srcptr credit;            /* what is taken of both: the share, or 1 */
    mpq_srcptr exchange;          /* what amounts were multiplied with */
};

/* All that one key is valued from, and what is found on the way. */
struct obvious_book {
    struct obvious *all;
    struct numbers *numbers;
    size_t mark; /* numbers made before it was opened */
    const struct obvious_person *person;
    const struct obvious_plan *plan;
    const struct node *component;
    struct obvious_window window;
    struct slice id;
    const struct assignment *assignment; /* the window's last; NULL: none */
    struct obvious_entry *entries;       /* of one window, in the total order of rows */
    size_t count;
    const char *pending[OBVIOUS_PENDING_MAX]; /* why rows are left out, or all of it waits */
    size_t pending_count;
    const char *waits; /* why all of it is worth 0 */

    /* Of the first `measured` entries. */
    size_t measured;
    mpq_srcptr plus;   /* what belongs to no row: `plus`, less the baseline */
    mpq_srcptr gross;  /* the measure before a baseline is taken off */
    mpq_srcptr x;      /* the measure */
    mpq_srcptr units;  /* the quantity of what counts */
    mpq_srcptr share;  /* of the pay: 1 unless `share: after` */
    mpq_srcptr goal;   /* NULL: none */
    mpq_srcptr exact;  /* attainment before `attainment:` rounds it; NULL: none */
    mpq_srcptr a;      /* attainment as `goal` says; NULL: none */
    mpq_srcptr target; /* NULL: none */
};

/* What is earned, and which of it belongs to which row. */
struct obvious_worth {
    mpq_srcptr pay;    /* Y', before rounding and without what is taken back; NULL: it waits */
    mpq_srcptr *parts; /* of each entry */
    mpq_srcptr rest;   /* of pay that belongs to no row */
    bool has_parts;    /* false: nobody asked for them, and all of it is `rest` */
    bool is_withheld;  /* a gate made it not payable */
};

/* What cancellations take back in a window, of the pay of their own. */
struct obvious_take {
    mpq_srcptr earned;  /* > 0 is taken back */
    mpq_srcptr payable; /* likewise */
};

/* --- documents (obvious_documents.c) --- */

/* Notes that a document says what is not known here; returns NULL for callers that want a number.
 */
mpq_srcptr obvious_refuse(struct obvious *all, const struct obvious_plan *plan,
                          const struct node *at, const char *what);

/* Reads all plans, the crediting rules, the categories and the rates. */
void obvious_read_documents(struct obvious *all);

/* Whether a switch says `yes` or `true`. */
static inline bool obvious_flag(const struct node *node)
{
    return node_is(node, "yes") || node_is(node, "true");
}

/* The number that stands under `key`; NULL and refused when there is none. */
mpq_srcptr obvious_number_at(struct obvious *all, const struct obvious_plan *plan,
                             const struct node *map, const char *key);

/* One document's tree; NULL and refused where it does not read. */
const struct node *obvious_read_document(struct obvious *all, struct slice document);

/* Fills in the calendar, but for the plan's range. */
void obvious_read_calendar(struct obvious *all, struct obvious_plan *plan);

/* The component called `name`; NULL: none. */
const struct node *obvious_component(const struct obvious_plan *plan, struct slice name);

/* --- the roster (obvious_roster.c) --- */

void obvious_read_rosters(struct obvious *all);
struct obvious_person obvious_person_of(struct obvious *all, struct slice participant);

/* Whether any assignment to `plan` holds on `date`. */
bool obvious_is_assigned(const struct obvious_person *person, struct slice plan, int32_t date);

/* The assignments to `plan` that hold on a day of [from, until), by their first day. */
size_t obvious_touching(const struct obvious_person *person, struct slice plan, int32_t from,
                        int32_t until, const struct assignment *out[OBVIOUS_TOUCHING_MAX]);

/* The book that the participant's `as: member` edge leads to on `date`; empty: none. */
struct slice obvious_team(const struct obvious_person *person, int32_t date);

/* --- rows (obvious_rows.c) --- */

/* Credits the latest revision of every fact by the rules. */
void obvious_credit(struct obvious *all);

/* --- conditions on rows (obvious_where.c) --- */

struct obvious_subject {
    const struct deal *deal;           /* NULL: none of its fields holds */
    const struct deal_line *line;      /* NULL: the deal as a whole */
    const struct milestone *milestone; /* NULL: no milestone */
};

/* Whether one of `list`'s items, or the scalar itself, is `text`. */
bool obvious_lists(const struct node *list, struct slice text);

/* Whether the number is as a text like `>= 10` or `>= 80%` says. */
bool obvious_compares(struct obvious *all, const struct node *text, mpq_srcptr number);

/* Whether all conditions of `when` hold; the keys in `except` (may be NULL) are passed by. */
bool obvious_holds(struct obvious *all, const struct node *when,
                   const struct obvious_subject *subject, const char *const *except);

/* Whether `where` has a condition on a line's field. */
bool obvious_asks_about_lines(const struct node *where);

/* The named attribute; NULL when there is none. */
const struct text_or_decimal *obvious_attribute(const struct list *attributes, struct slice name);

/* Whether a value is one of those wanted, or as a comparison says. */
bool obvious_matches(struct obvious *all, const struct node *wanted,
                     const struct text_or_decimal *value);

/* --- windows (obvious_windows.c) --- */

/* The version that values [from, until); NULL: none. */
const struct obvious_plan *obvious_version(const struct obvious *all, struct slice plan,
                                           int32_t from, int32_t until);

/* The window of kind `over` that `date` lies in by the calendar of `plan`; `deal` and `line` are
 * those it is of. False where there is none; `out->plan` is the version that values it, or NULL. */
bool obvious_window_on(const struct obvious *all, const struct obvious_person *person,
                       const struct obvious_plan *plan, enum window_over over, int32_t date,
                       struct obvious_window *out);

/* The window of the component called `name` that `date` lies in, in whichever version of the plan
 * values it. False: none does. */
bool obvious_window_of(struct obvious *all, const struct obvious_person *person, struct slice plan,
                       struct slice name, int32_t date, const struct deal *deal,
                       const struct deal_line *line, struct obvious_window *out,
                       const struct node **out_component);

/* The window of a deal, for a component of what comes after the deal's day, which is its first:
 * milestones and payments. Where no version is effective on it the next one values it. */
void obvious_window_await(const struct obvious *all, const struct node *component,
                          struct slice plan, struct obvious_window *window);

bool obvious_same_window(const struct obvious_window *a, const struct obvious_window *b);

struct slice obvious_window_name(struct obvious *all, const struct obvious_window *window);

/* The kind of window that the component is over; refuses what is none. */
bool obvious_over(struct obvious *all, const struct obvious_plan *plan,
                  const struct node *component, enum window_over *out);

/* --- books (obvious_book.c) --- */

enum obvious_of obvious_of(const struct node *component);

/* The instant and the date that count for a row. False where it has none. */
bool obvious_date(const struct obvious_plan *plan, const struct node *component,
                  const struct obvious_row *row, int64_t *out_at, int32_t *out_date);

/* Whether a row is of the kind that the component measures and fits the measure. */
bool obvious_fits(struct obvious *all, const struct node *component, const struct obvious_row *row,
                  const struct deal_line *line);

/* The window that a row, or the line of it, counts in where this version values it. */
bool obvious_window_of_row(struct obvious *all, const struct obvious_person *person,
                           const struct obvious_plan *plan, const struct node *component,
                           const struct obvious_row *row, const struct deal_line *line,
                           struct obvious_window *out);

/* Opens the book of one window with all rows that count in it, measured over all of them. */
void obvious_open(struct obvious *all, const struct obvious_person *person,
                  const struct obvious_window *window, const struct node *component,
                  struct obvious_book *out);
void obvious_close(struct obvious_book *book);

/* Closes it and makes a number that was found in it anew. */
mpq_srcptr obvious_close_with(struct obvious_book *book, mpq_srcptr value);

/* Opens the book of the component called `name` that a key of the plan looks at: `same`,
 * `containing` or `previous`. False: there is none. */
bool obvious_open_other(const struct obvious_book *book, struct slice name,
                        const struct node *which, struct obvious_book *out);

void obvious_wait(struct obvious_book *book, const char *reason);
void obvious_pend(struct obvious_book *book, const char *reason);

/* --- measure (obvious_measure.c, obvious_convert.c) --- */

/* What one line, or the deal when `line` is NULL, is worth in `sum`. */
mpq_srcptr obvious_amount(struct obvious *all, const struct deal *deal,
                          const struct deal_line *line, struct slice sum);

/* What an entry adds before its share is taken, unconverted. */
mpq_srcptr obvious_value(struct obvious_book *book, const struct obvious_entry *entry,
                         struct slice sum);

/* Whether line `index` of the entry's deal counts. */
bool obvious_counts_line(struct obvious_book *book, const struct obvious_entry *entry,
                         size_t index);

/* Fills in an entry's value, units, credit and exchange; false: the row waits, which is noted. */
bool obvious_value_entry(struct obvious_book *book, struct obvious_entry *entry);

/* `share: after`: X is taken whole, and the pay is multiplied by the share. */
bool obvious_is_share_after(const struct obvious_book *book);

/* What an entry adds to X. */
mpq_srcptr obvious_contribution(struct obvious_book *book, const struct obvious_entry *entry);

/* X, units and share of the first `count` entries. */
void obvious_measure(struct obvious_book *book, size_t count);

/* How one unit of the row's currency counts in the plan's. NULL: the row waits, which is noted. */
mpq_srcptr obvious_exchange(struct obvious_book *book, const struct obvious_entry *entry);

/* Whether the milestone states money in another currency than its deal's, or, of no deal, in none:
 * it waits, and says nothing of the contract. */
bool obvious_is_foreign(const struct milestone *milestone, const struct deal *deal);

/* The share of a deal's amount that has been paid by payments received up to `until`. */
mpq_srcptr obvious_cash(struct obvious *all, const struct deal *deal, int64_t until);

/* --- goal (obvious_goal.c, obvious_figure.c) --- */

/* Goal and target of the window; then, of the measured entries, the attainment. */
void obvious_set_goal(struct obvious_book *book);
void obvious_attain(struct obvious_book *book);

/* A figure of the roster for the book's window; NULL: it says nothing. */
mpq_srcptr obvious_figure(struct obvious_book *book, const struct assignment *assignment,
                          const struct list *figures, struct slice name,
                          const struct node *weights);

/* The part of the window's days, or months, that the participant is assigned, as `by` says. */
mpq_srcptr obvious_proration(struct obvious_book *book, const struct node *by,
                             const struct node *decimals);

/* What the baseline takes off X; NULL: it waits, which is noted. */
mpq_srcptr obvious_baseline(struct obvious_book *book, const struct node *baseline);

/* --- pay (obvious_pay.c and a file for each mechanic) --- */

/* Whether the measure is of a result that is not there and has to be. */
bool obvious_awaits_result(const struct obvious_book *book);

/* Y of the first `count` entries, `share: after` included; NULL when it waits or was refused. */
mpq_srcptr obvious_pays(struct obvious_book *book, size_t count);

/* The target incentive; without one the book waits and it is NULL. */
mpq_srcptr obvious_target(struct obvious_book *book);

/* A figure as plans write it, `500` or `200% of target`. */
mpq_srcptr obvious_limit(struct obvious_book *book, const struct node *at);

/* The value that `on` names: NULL and nothing noted when a line lacks it. */
mpq_srcptr obvious_on(struct obvious_book *book, const struct node *on);

/* The height of a curve's points over x, with `below` and `above`. */
mpq_srcptr obvious_height(struct obvious_book *book, const struct node *curve, mpq_srcptr x);

/* What the tier that x is in gives; NULL below the first edge. */
mpq_srcptr obvious_whole_tier(struct obvious_book *book, const struct node *tiers, mpq_srcptr x);

/* The mechanics: `pays` is the map around, the other the value under the mechanic's name. */
mpq_srcptr obvious_rates(struct obvious_book *book, const struct node *pays);
mpq_srcptr obvious_tiers(struct obvious_book *book, const struct node *tiers);
mpq_srcptr obvious_curve(struct obvious_book *book, const struct node *curve);
mpq_srcptr obvious_milestones(struct obvious_book *book, const struct node *milestones);
mpq_srcptr obvious_phases(struct obvious_book *book, const struct node *phases);
mpq_srcptr obvious_progress(struct obvious_book *book, const struct node *progress);
mpq_srcptr obvious_level(struct obvious_book *book, const struct node *level);
/* How many months it pays for. */
long obvious_months(struct obvious_book *book, const struct node *level);
mpq_srcptr obvious_scorecard(struct obvious_book *book, const struct node *scorecard);
mpq_srcptr obvious_bonus(struct obvious_book *book, const struct node *bonus);

/* --- adjust, attribution, cancelled, release (a file each) --- */

/* Whether a condition on components, results and attributes holds. */
bool obvious_condition(struct obvious_book *book, const struct node *when);

/* The last value of a result of the participant, the team or the company in the book's window. */
mpq_srcptr obvious_result(struct obvious_book *book, struct slice name, const struct node *of);

/* Y' with the parts of all entries. `until`: after the steps of adjust before it (NULL: all);
 * `without_floors`: as if no floor lifted it. Give the worth back with obvious_worth_deinit. */
void obvious_value_book(struct obvious_book *book, const struct node *until, bool without_floors,
                        struct obvious_worth *out);
void obvious_worth_deinit(struct obvious_worth *worth);

/* The parts of Y before adjust. */
void obvious_attribute_pay(struct obvious_book *book, mpq_srcptr pay, struct obvious_worth *out);

/* Runs adjust over the parts and the rest. */
void obvious_adjust(struct obvious_book *book, const struct node *until, bool without_floors,
                    struct obvious_worth *worth);

/* What a yearly cap lets through of the book's pay. */
mpq_srcptr obvious_year_cap(struct obvious_book *book, const struct node *step, mpq_srcptr pay);

/* What cancellations take back in the book's window. */
void obvious_take_back(struct obvious_book *book, struct obvious_take *out);

/* Earned before rounding; NULL: it waits. */
mpq_srcptr obvious_earned(struct obvious_book *book);

/* The window in which a cancelled deal's taking-back lies, and the component that values it; false
 * where nothing is taken back for the row. `closed` is the window that the row counts in. */
bool obvious_take_window(struct obvious *all, const struct obvious_person *person,
                         const struct obvious_window *closed, const struct node *component,
                         const struct obvious_row *row, struct obvious_window *out,
                         const struct node **out_component);

/* The share of one entry's pay that has been released. `until`: by what happened up to then. */
mpq_srcptr obvious_released(struct obvious_book *book, const struct obvious_entry *entry,
                            bool is_withheld, int64_t until);

/* Payable before rounding. */
mpq_srcptr obvious_release(struct obvious_book *book, const struct obvious_worth *worth,
                           const struct obvious_take *take);

#endif
