/* `phases`: milestone events of a project or contract, `over: deal` or `plan` (PLAN-LANGUAGE
 * section 4).
 *
 * "The contract value is the deal's amount unless the latest milestone states one; participants are
 * the milestone's own, else the deal's." A new contract value re-values what was earned.
 *
 * A phase of a table is paid once for each deal: for the first event of it, by their dates. With
 * `from milestones` each event is paid: the share of `of` that it states, or else its amount (with
 * `of: fixed` always that). Each participant is paid its share of the event. */
#ifndef MILEPOST_PLAN_MECHANICS_PHASES_H
#define MILEPOST_PLAN_MECHANICS_PHASES_H

#include "base/slice.h"
#include "calendar/duration.h"
#include "plan/approval.h"

#include "base/decimal.h"

enum { PHASES_MAX = 200 };

/* symbol, word in plans: what a phase is a part of */
#define PHASES_OF_LIST(ROW)                                                                        \
    ROW(PHASES_OF_CONTRACT_VALUE, "contract-value")                                                \
    ROW(PHASES_OF_FIXED, "fixed") /* phases give amounts */                                        \
    ROW(PHASES_OF_TARGET_INCENTIVE, "target-incentive")

#define PHASES_OF_SYMBOL(symbol, name) symbol,
enum phases_of { PHASES_OF_LIST(PHASES_OF_SYMBOL) PHASES_OF_COUNT };
#undef PHASES_OF_SYMBOL

struct phase {
    struct slice phase;  /* of the milestone event */
    struct decimal give; /* share of `of`; with PHASES_OF_FIXED an amount of money */
    bool has_by;         /* by: 4 weeks after closed: of the deal, the last day included */
    struct duration by;  /* after closed_at */
    struct decimal late; /* share of `give` that is paid when it is reached later; 0: nothing */
};

struct phases_terms {
    enum phases_of of;
    bool is_from_milestones; /* table: from milestones: the event carries its own share or amount */
    const struct phase *phases; /* otherwise; in the order written */
    int32_t count;
    bool is_partial; /* the shares need not total 100 % */
    struct approval approval;
};

#endif
