#include "plan/attainment.h"

#include "money/rounding.h"

#include <assert.h>

enum status whole_percent(struct rational value, bool is_nearest, struct rational *out)
{
    const struct rational percent = {1, 100};
    int64_t percents;
    if (is_nearest) {
        enum status status = rational_add(value, (struct rational){1, 200}, &value);
        if (status)
            return status;
    }
    enum status status = rational_floor(value, percent, &percents);
    if (status)
        return status;
    *out = (struct rational){percents, 100};
    return STATUS_OK;
}

enum status attainment_of(const struct goal *terms, struct rational actual, struct rational goal,
                          struct rational *out)
{
    struct rational exact;
    assert(!rational_is_zero(goal));
    assert(!terms->is_lower_better || !rational_is_zero(actual));
    enum status status = terms->is_lower_better ? rational_divide(goal, actual, &exact)
                                                : rational_divide(actual, goal, &exact);
    if (status)
        return status;
    if (terms->precision != ATTAINMENT_EXACT)
        return whole_percent(exact, terms->precision == ATTAINMENT_WHOLE_NEAREST, out);
    *out = exact;
    return STATUS_OK;
}

enum status adjustment_apply(const struct adjustment *adjustment, struct rational pay,
                             struct rational target, struct rational *out)
{
    struct rational bound = rational_of_decimal(adjustment->at);
    if (adjustment->is_share) {
        enum status status = rational_multiply(bound, target, &bound);
        if (status)
            return status;
    }
    *out = adjustment->kind == ADJUST_CAP ? rational_min(pay, bound) : rational_max(pay, bound);
    return STATUS_OK;
}
