/* Looking at another component of the same participant and plan (PLAN-LANGUAGE sections 1, 4, 5).
 *
 * The component is known by its index; that it has what is looked at, that the window asked for
 * exists and that nobody looks at pay in a circle was checked when the plan was read. */
#ifndef MILEPOST_PLAN_LOOK_H
#define MILEPOST_PLAN_LOOK_H

#include <stdint.h>

/* symbol, word in plans: which window of the other component */
#define LOOK_LIST(ROW)                                                                             \
    ROW(LOOK_SAME, "same")             /* the same dates: both have the same `over` */             \
    ROW(LOOK_CONTAINING, "containing") /* the one that this window lies in; it may be as long */   \
    ROW(LOOK_PREVIOUS, "previous")     /* the one before the same or containing one */

#define LOOK_SYMBOL(symbol, name) symbol,
enum look_window { LOOK_LIST(LOOK_SYMBOL) LOOK_COUNT };
#undef LOOK_SYMBOL

struct look {
    int32_t component; /* in plan.components */
    enum look_window window;
};

#endif
