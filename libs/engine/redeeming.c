#include "engine/redeeming.h"

#include "money/rational.h"

enum status redeem_amount(const struct plan *plan, struct decimal payable, struct decimal *out)
{
    const struct redeem *redeem = &plan->redeem;
    struct rational money;
    int64_t units;
    enum status status =
        rational_multiply(rational_of_decimal(payable), rational_of_decimal(redeem->rate), &money);
    if (!status)
        status = rational_round(money, rational_of_units(1, redeem->to.exponent),
                                plan->rounding_mode, &units);
    if (!status)
        *out = money_to_decimal(units, redeem->to.exponent);
    return status;
}
