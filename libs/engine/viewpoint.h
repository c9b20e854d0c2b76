/* A key of a book that looks around (surroundings.h), and what it sees: the fold's side of it.
 *
 * Another component is found by its name in whichever version of the plan values the window looked
 * at; a window that none values, or in which the participant is not assigned to the plan, is
 * missing. One that is there without any row is as it would be by its roster figures. */
#ifndef MILEPOST_ENGINE_VIEWPOINT_H
#define MILEPOST_ENGINE_VIEWPOINT_H

#include "engine/incentives_fold.h"

struct viewpoint;

/* How components over deals and lines see one another: by the rows of the one deal. `see` gives
 * component `index` of the viewpoint's version, in the same deal or line; the pay where `out_pay`
 * is not NULL, otherwise how far it came. */
struct deal_view {
    void *self;
    enum status (*see)(void *self, size_t index, struct attained *out_attained,
                       struct sight *out_pay);
    /* Adds what is taken back in the viewpoint's own window. */
    enum status (*taken)(void *self, struct exact *earned, struct exact *payable);
};

struct viewpoint {
    struct incentives *fold;
    struct book *book;
    const struct plan_version *version;
    size_t index; /* of the component in it */
    int32_t from; /* the window; for deals and lines the day */
    int32_t until;
    struct slice window;
    const struct deal_view *deal; /* NULL where windows are not deals or lines */
    char *detail;
};

/* What the viewpoint sees; borrows it. */
struct surroundings surroundings_of(struct viewpoint *viewpoint, struct adjust_trace *trace);

/* What a key of windows that are not deals is worth, with `sums` and `figures` as its book has
 * them. Fails as worth_of. */
enum status viewpoint_worth(struct viewpoint *viewpoint, const struct window_sums *sums,
                            const struct window_figures *figures, struct adjust_trace *trace,
                            struct worth *out) MUST_CHECK;

/* A worth as others see it, with the steps in `trace`. */
struct sight sight_of_worth(enum status status, const struct worth *worth, uint32_t rows,
                            struct adjust_trace trace);

#endif
