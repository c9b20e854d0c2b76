/* What the files of the obvious evaluator share. */
#ifndef MILEPOST_ENGINE_OBVIOUS_PARTS_H
#define MILEPOST_ENGINE_OBVIOUS_PARTS_H

#include "calendar/window.h"
#include "calendar/zone.h"
#include "engine/obvious.h"
#include "engine/obvious_number.h"
#include "plan/node.h"

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

/* A participant's part of a deal that counts. */
struct obvious_row {
    struct slice participant;
    struct slice role;
    struct decimal share;
    const struct deal *deal;
};

struct obvious {
    const struct obvious_facts *facts;
    struct arena *arena;
    struct numbers numbers;
    struct obvious_plan *plans; /* by name, then version */
    size_t plan_count;
    const struct node *splits;     /* role: rule; NULL where control has none */
    const struct node *categories; /* child: parent; likewise */
    const struct roster **rosters; /* assignments, the newest of each, by participant */
    size_t roster_count;
    struct obvious_row *rows; /* by participant, then deal */
    size_t row_count;
    enum status status; /* the first failure; nothing counts after it */
    char *detail;
};

/* A row as it counts in one window; `line` with `over: line` only. */
struct obvious_entry {
    const struct obvious_row *row;
    const struct deal_line *line;
    struct slice window;
    struct window_span span;
};

/* All that one key is valued from, and what is found on the way. */
struct obvious_book {
    struct obvious *all;
    struct numbers *numbers;
    const struct obvious_plan *plan;
    const struct node *component;
    enum window_over over;
    const struct assignment *assignment; /* the window's last */
    const struct obvious_entry *entries; /* of one window, at least one */
    size_t count;
    mpq_srcptr x;      /* the measure */
    mpq_srcptr units;  /* the quantity of what counts */
    mpq_srcptr share;  /* of the pay: 1 unless `share: after` */
    mpq_srcptr goal;   /* NULL: none */
    mpq_srcptr a;      /* attainment; NULL: none */
    mpq_srcptr target; /* NULL: none */
    const char *waits;
};

/* Notes that a document says what is not known here; returns NULL for callers that want a number.
 */
mpq_srcptr obvious_refuse(struct obvious *all, const struct obvious_plan *plan,
                          const struct node *at, const char *what);

/* Reads all plans, the crediting rules and the categories. */
void obvious_read_documents(struct obvious *all);

/* Credits the latest revision of every deal by the rules. */
void obvious_credit(struct obvious *all);

/* Whether one of `list`'s items, or the scalar itself, is `text`. */
bool obvious_lists(const struct node *list, struct slice text);

/* Whether the row is of a role that the measure counts, and the deal, or one of its lines, or with
 * `over: line` this one, meets every condition of its `where`. */
bool obvious_fits(struct obvious *all, const struct node *component,
                  const struct obvious_entry *entry);

/* Whether `when` holds for a deal and one of its lines (NULL: for the deal as a whole). */
bool obvious_holds(struct obvious *all, const struct node *when, const struct deal *deal,
                   const struct deal_line *line);

/* What an entry adds before its share is taken: of its own line, of the lines that meet the
 * conditions, or of the whole deal. `sum` is amount, amount.NAME, quantity or count. */
mpq_srcptr obvious_value(struct obvious_book *book, const struct obvious_entry *entry,
                         struct slice sum);

/* Whether line `index` of the entry's deal counts. */
bool obvious_counts_line(struct obvious_book *book, const struct obvious_entry *entry,
                         size_t index);

/* What one line, or the deal when `line` is NULL, is worth in `sum`. */
mpq_srcptr obvious_amount(struct obvious *all, const struct deal *deal,
                          const struct deal_line *line, struct slice sum);

/* Fills in x, units, share, goal, a and target. */
void obvious_measure(struct obvious_book *book);

/* pays and adjust, before rounding; NULL when it waits or was refused. */
mpq_srcptr obvious_pay(struct obvious_book *book);

/* Whether the component's mechanic goes by attainment. */
bool obvious_uses_attainment(const struct node *component);

/* A list of rates that picks by row; before `share: after`. */
mpq_srcptr obvious_rates(struct obvious_book *book, const struct node *pays);

/* The tiers and curve mechanics. */
mpq_srcptr obvious_tiers(struct obvious_book *book, const struct node *tiers);
mpq_srcptr obvious_curve(struct obvious_book *book, const struct node *curve);

/* The value that `on` names: NULL and nothing noted when a line lacks it. */
mpq_srcptr obvious_on(struct obvious_book *book, const struct node *on);

/* The target incentive; without one the book waits and it is NULL. */
mpq_srcptr obvious_target(struct obvious_book *book);

#endif
