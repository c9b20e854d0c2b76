#include "plan/mechanics/pool.h"

#include "plan/mechanic_parts.h"
#include "plan/plan_parts.h"
#include "plan/words.h"

static const struct key_rule pool_keys[] = {
    {"budget", KEY_REQUIRED, "budget: 100000"},
    {"share", KEY_MUST_SAY,
     "share: pro-rata                     # the whole budget, by the members' measures\n"
     "share: {scale-down: {claim: 2%}}   # each its claim, scaled down when they exceed the "
     "budget"},
    {"settles", KEY_MUST_SAY, "settles: window-end"},
    {"after-settling", KEY_MUST_SAY,
     "after-settling: final       # later changes move no share\n"
     "after-settling: recompute   # … move shares"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule share_keys[] = {
    {"scale-down", KEY_REQUIRED, "scale-down: {claim: 2%}"},
    {NULL, KEY_OPTIONAL, NULL},
};

static const struct key_rule claim_keys[] = {
    {"claim", KEY_REQUIRED, "claim: 2%"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_claim(struct mechanic_reading *reading, const struct node *node,
                        struct pool_terms *terms)
{
    if (!reading_share(reading->reading, node, "`claim`", &terms->claim))
        return false;
    if (terms->claim.units > 0)
        return true;
    report_error(reading->reading->reports, node_place(node), "bad-value", "claim: 2%",
                 "a claim is a share above 0 %%");
    return false;
}

static bool parse_share(struct mechanic_reading *reading, const struct node *node,
                        struct pool_terms *terms)
{
    static const char *const words[] = {"pro-rata", "{scale-down: {claim: SHARE}}", NULL};
    int word;
    terms->is_scaled_down = node->kind == NODE_MAP;
    if (!terms->is_scaled_down)
        return reading_word(reading->reading, node, "`share`", words, 1, &word);
    if (!reading_keys(reading->reading, node, "`share`", share_keys))
        return false;
    const struct node *scale = node_find(node, "scale-down");
    return reading_keys(reading->reading, scale, "`scale-down`", claim_keys) &&
           parse_claim(reading, node_find(scale, "claim"), terms);
}

static const void *parse(struct mechanic_reading *reading, const struct node *node)
{
    reading_key_feature(reading->reading, FEATURE_POOL, node);
    if (!reading_keys(reading->reading, node, "`pool`", pool_keys))
        return NULL;
    struct pool_terms *terms = reading_take(reading->reading, 1, sizeof *terms);
    if (!terms)
        return NULL;
    bool is_right = downline_rows_check(reading, node, true);
    is_right &= money_parse_above_zero(reading->plan, node_find(node, "budget"), "`budget`",
                                       &terms->budget);
    is_right &= parse_share(reading, node_find(node, "share"), terms);
    return settling_parse(reading, node, &terms->is_final) && is_right ? terms : NULL;
}

/* --- in words --- */

static void describe(const void *data, const struct words *words)
{
    const struct pool_terms *terms = data;
    struct buffer *out = words->out;
    buffer_printf(out, "A budget of ");
    words_money(words, rational_of_units(terms->budget, words->plan->currency.exponent));
    if (terms->is_scaled_down) {
        buffer_printf(out, ", of which each member gets ");
        words_share(out, rational_of_decimal(terms->claim));
        buffer_printf(out, " of their measure, scaled down when that is more than there is.\n");
    } else {
        buffer_printf(out, " is divided among the members in proportion to their measures.\n");
    }
    words_settling(words, terms->is_final);
}

const struct mechanic pool_mechanic = {
    .name = "pool",
    .summary = "A budget divided by the members' measures.",
    .parse = parse,
    .describe = describe,
};
