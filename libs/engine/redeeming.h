/* `redeem`: "earned stays in the unit" (PLAN-LANGUAGE section 2). Payouts and attainment of a plan
 * in a declared unit are in that unit, earned and payable alike: a payout has one currency, and
 * points may be paid out as points. What they are worth in money is this function of what is
 * payable, and follows it to the cent. */
#ifndef MILEPOST_ENGINE_REDEEMING_H
#define MILEPOST_ENGINE_REDEEMING_H

#include "plan/plan.h"

/* What `payable`, rounded, is redeemed for: in smallest units of plan->redeem.to, by the plan's
 * mode. The plan has a `redeem`. OUT_OF_RANGE: it does not fit. */
enum status redeem_amount(const struct plan *plan, struct decimal payable,
                          struct decimal *out) MUST_CHECK;

#endif
