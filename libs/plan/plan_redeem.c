#include "plan/plan_parts.h"

static const struct key_rule redeem_keys[] = {
    {"rate", KEY_REQUIRED, "rate: 0.05   # of the currency for one unit"},
    {"to", KEY_REQUIRED, "to: USD"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* Points and other declared units are redeemed; a currency is money already. */
bool redeem_parse(struct plan_reading *plan, const struct node *node)
{
    struct redeem *redeem = &plan->plan->redeem;
    struct currency to;
    reading_key_feature(&plan->reading, FEATURE_REDEEM, node);
    if (!reading_keys(&plan->reading, node, "`redeem`", redeem_keys))
        return false;
    const struct node *rate = node_find(node, "rate");
    bool is_right = reading_number(&plan->reading, rate, "`rate`", &redeem->rate);
    if (is_right && redeem->rate.units <= 0) {
        report_error(plan->reading.reports, node_place(rate), "bad-value", NULL,
                     "what one unit is redeemed for is above 0");
        is_right = false;
    }
    if (!currency_parse(plan, node_find(node, "to"), "`to`", &to))
        return false;
    redeem->is_given = true;
    redeem->to = to;
    if (!currency_find(slice_of(plan->plan->currency.code), NULL, 0))
        return is_right;
    report_error(plan->reading.reports, node_key_place(node), "bad-key", "currency: PTS",
                 "`redeem` is for plans in a declared unit; %s is money already",
                 plan->plan->currency.code);
    return false;
}
