/* `when:`: a condition on what a participant has reached (PLAN-LANGUAGE section 1).
 *
 *   {component: C, attainment: "< 80%", window: same}   {component: C, earned: ">= 1000"}
 *   {result: R, value: "< 30", of: team}   {attribute: A, is: x}   {all: […]} {any: […]} {not: …}
 *
 * "They compare exact values, never rounded ones (earned before rounding). What is missing (no
 * result, no previous window) makes a condition false", also under `not`: the one leaf is false and
 * `not` of it true. A condition is an array in the order written, each part followed by what stands
 * in it, so evaluators walk it without pointers. */
#ifndef MILEPOST_PLAN_WHEN_H
#define MILEPOST_PLAN_WHEN_H

#include "plan/condition.h"
#include "plan/look.h"

enum { WHEN_PARTS_MAX = 256, WHEN_DEPTH_MAX = 16 };

enum when_kind {
    WHEN_ALL, /* all of the parts in it hold */
    WHEN_ANY,
    WHEN_NOT,        /* the one part in it does not hold */
    WHEN_ATTAINMENT, /* of the component looked at; never a share of pay */
    WHEN_EARNED,     /* of another component, before rounding, in money */
    WHEN_RESULT,
    WHEN_ATTRIBUTE, /* of the assignment */
};

/* symbol, word in plans: whose result */
#define RESULT_OWNER_LIST(ROW)                                                                     \
    ROW(RESULT_OF_SELF, "self") /* when nothing is said */                                         \
    ROW(RESULT_OF_TEAM, "team") /* the book that the participant's `as: member` edge leads to */   \
    ROW(RESULT_OF_COMPANY, "company") /* company:ID's, broadcast through control */

#define RESULT_OWNER_SYMBOL(symbol, name) symbol,
enum result_owner { RESULT_OWNER_LIST(RESULT_OWNER_SYMBOL) RESULT_OWNER_COUNT };
#undef RESULT_OWNER_SYMBOL

struct result_name {
    struct slice result;
    enum result_owner owner;
};

struct when_part {
    enum when_kind kind;
    int32_t end;               /* index behind this part and all that stands in it */
    struct look look;          /* WHEN_ATTAINMENT, WHEN_EARNED */
    struct result_name result; /* WHEN_RESULT */
    enum comparator
        comparator; /* ATTAINMENT (1 = 100 %), EARNED, RESULT: value ‹comparator› bound */
    struct decimal bound;
    struct condition
        attribute; /* WHEN_ATTRIBUTE: field CONDITION_ATTRIBUTE with name and values or
                    * comparison; ask attribute_fits with the assignment's attributes */
};

/* Zero-valid: without parts it always holds. */
struct when {
    const struct when_part *parts;
    int32_t count;
};

#endif
