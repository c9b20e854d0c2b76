/* `adjust`: the steps that a window's pay goes through, in the order written (PLAN-LANGUAGE
 * section 5).
 *
 * Where the page leaves room:
 *   - a yearly bound holds for the sum, over the windows of the year in which its condition holds,
 *     of what the step gets: a window's part is what that sum grows by within the bound. The year
 *     is then worth the sum within the bound, whichever window exceeds it, and one that falls back
 *     gives back only what counted;
 *   - a yearly bound of a share of target is one of the year's: the targets of its windows added
 *     up;
 *   - `by: {curve: …}` takes the last value of the result in the window. */
#ifndef MILEPOST_ENGINE_ADJUSTING_H
#define MILEPOST_ENGINE_ADJUSTING_H

#include "engine/surroundings.h"

struct pay_parts;

/* What the steps go by, beside the pay. */
struct adjusting {
    const struct plan_component *component;
    bool has_target;
    struct rational target;
    const struct rational *assigned;   /* by enum prorate, with ADJUST_PRORATE */
    const struct surroundings *around; /* NULL where no step looks around */
    struct pay_parts *parts;           /* follow the steps; NULL: nobody asks for them */
    bool without_floors;               /* as if the component had none */
};

struct adjusted {
    bool is_payable;   /* false: a gate keeps what is earned from ever being paid */
    bool lacks_target; /* a step was to be taken whose target is not there: the pay waits */
};

/* Takes `pay` through the steps. Fails as surroundings do. */
enum status adjust_pay(const struct adjusting *adjusting, struct rational *pay,
                       struct adjusted *out) MUST_CHECK;

#endif
