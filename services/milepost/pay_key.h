/* What pay is counted under: a participant's component of a plan in a window. */
#ifndef MILEPOST_MILEPOST_PAY_KEY_H
#define MILEPOST_MILEPOST_PAY_KEY_H

#include "base/slice.h"

struct pay_key {
    struct slice participant;
    struct slice plan;
    struct slice component;
    struct slice window;
};

/* Of anything that has these four fields. */
#define PAY_KEY_OF(thing)                                                                          \
    ((struct pay_key){(thing)->participant, (thing)->plan, (thing)->component, (thing)->window})

/* By participant, plan, component, window: negative, 0, positive. */
static inline int pay_key_compare(struct pay_key a, struct pay_key b)
{
    int order = slice_compare(a.participant, b.participant);
    if (order == 0)
        order = slice_compare(a.plan, b.plan);
    if (order == 0)
        order = slice_compare(a.component, b.component);
    return order ? order : slice_compare(a.window, b.window);
}

#endif
