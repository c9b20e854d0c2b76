/* `contest`: awards by rank, in the plan of a contest's book (PLAN-LANGUAGE section 4).
 *
 * "A prize needs a value above zero. Ranks are shown live; prizes reach the winners as rows of `of:
 * awards`, worth their amount, when the business date passes the window." */
#ifndef MILEPOST_PLAN_MECHANICS_CONTEST_H
#define MILEPOST_PLAN_MECHANICS_CONTEST_H

#include "base/decimal.h"
#include "base/slice.h"

enum { AWARDS_MAX = 1000 };

enum contest_by {
    CONTEST_BY_MEASURE,    /* rank-by: measure: what came over the entrants' edges */
    CONTEST_BY_ATTAINMENT, /* rank-by: {attainment-of: C}: the entrants' own, of a component of
                            * their plans */
    CONTEST_FIRST_TO,      /* first-to: N: in the order in which measures reach it */
};

/* symbol, word in plans */
#define CONTEST_TIES_LIST(ROW)                                                                     \
    ROW(TIES_SHARE, "share") /* tied ranks share the sum of their prizes, odd cents by id */       \
    ROW(TIES_EACH, "each")   /* both get the higher prize and the next rank is skipped */          \
    ROW(TIES_EARLIEST, "earliest")

#define CONTEST_TIES_SYMBOL(symbol, name) symbol,
enum contest_ties { CONTEST_TIES_LIST(CONTEST_TIES_SYMBOL) CONTEST_TIES_COUNT };
#undef CONTEST_TIES_SYMBOL

struct contest_terms {
    enum contest_by by;
    struct slice component; /* CONTEST_BY_ATTAINMENT: its name in the entrants' plans */
    int128 first_to;        /* in 10^-18, > 0 */
    const int64_t *awards;  /* by rank, in smallest units of the currency, > 0 */
    int32_t count;
    enum contest_ties ties;
    bool is_final; /* after-settling: final; otherwise recompute. It settles at the window's end */
};

#endif
