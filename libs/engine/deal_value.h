/* What one key is worth whose window is a deal or a line of one: valued from the deal's few rows in
 * the participant's book, each time it is asked for. */
#ifndef MILEPOST_ENGINE_DEAL_VALUE_H
#define MILEPOST_ENGINE_DEAL_VALUE_H

#include "engine/events.h"
#include "engine/releasing.h"
#include "engine/viewpoint.h"

/* The rows of one deal in a book, those of payments too where its plans count them. */
struct deal_rows {
    struct credit *items;
    size_t count;
};

/* All that are in the book now, from the fold's deal scratch. Fails as rows are read. */
enum status deal_rows_read(struct incentives *fold, const struct book *book, struct slice deal_book,
                           struct deal_rows *out, char *detail) MUST_CHECK;

/* Those that `credit` is or gives, whether it is in the book or was; likewise. */
enum status deal_rows_of(struct incentives *fold, const struct book *book,
                         const struct credit *credit, struct deal_rows *out) MUST_CHECK;

/* A key whose window is a deal, or with `is_line` a line of it. */
struct deal_key {
    const struct plan_series *series;
    const struct plan_version *version;
    size_t index;        /* of the component in it */
    struct slice window; /* deal:D-1, line:D-1/1 */
    bool is_line;
    struct slice line_id;   /* when is_line */
    struct slice deal_book; /* deal:D-1 */
    int32_t day;            /* on which it was closed */
};

/* Whether the key's version values the deal's window, and the day that is its first: the deal's,
 * whenever its milestones were reached or its payments received. They may come while a version is
 * effective that came later; where none was on the first day, the first of those values the window.
 */
bool deal_key_is_valued(struct incentives *fold, const struct deal_key *key,
                        const struct credit *credit, int32_t *out_day);

/* A key and what has been found of it; stays where it is, since it looks at itself. */
struct deal_value {
    struct incentives *fold;
    struct book *book;
    const struct deal_key *key;
    const struct deal_rows *rows;
    struct viewpoint view;
    struct deal_view deal;
    struct surroundings around;
    char *detail;
    struct window_sums sums; /* of the rows that fit */
    struct window_figures figures;
    bool has_figures;
    struct event_list events; /* of a component with NEEDS_EVENTS */
    struct decimal contract;
    struct given_pay given;
    struct take *takes; /* of its rows; room for each */
    size_t take_count;
    bool is_measured;
    /* Only how far it has come is asked: what rows pay may look back at who asks. */
    bool is_unpaid;
    enum status overflow; /* of the pay of one row */
};

/* Finds the sums and figures of `key` from `rows`, which stay where they are as long as `out`; to
 * be ended with deal_value_deinit, whatever it returns. Fails as rows are read. */
enum status deal_value_find(struct incentives *fold, struct book *book,
                            const struct deal_rows *rows, const struct deal_key *key,
                            struct deal_value *out, char *detail) MUST_CHECK;
void deal_value_deinit(struct deal_value *value);

/* What it is worth. Fails as worth_of. */
enum status deal_value_worth(const struct deal_value *value, struct worth *out) MUST_CHECK;

#endif
