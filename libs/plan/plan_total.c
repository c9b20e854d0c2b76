#include "plan/plan_parts.h"

static const struct key_rule total_keys[] = {
    {"draw", KEY_OPTIONAL, NULL},          {"multiply", KEY_OPTIONAL, NULL},
    {"cap", KEY_OPTIONAL, NULL},           {"minimum-payment", KEY_OPTIONAL, NULL},
    {"restate-draws", KEY_OPTIONAL, NULL}, {NULL, KEY_OPTIONAL, NULL},
};

static bool read_positive(struct plan_reading *plan, const struct node *node, const char *what,
                          struct decimal *out)
{
    if (!reading_number(&plan->reading, node, what, out))
        return false;
    return out->units > 0 ||
           reading_refuse(&plan->reading, node, NULL, "this amount must be above 0");
}

/* --- draw --- */

static const struct key_rule draw_keys[] = {
    {"amount", KEY_REQUIRED, "amount: 2000"},
    {"kind", KEY_MUST_SAY,
     "kind: recoverable       # tops pay up to the amount and takes it back later\n"
     "kind: non-recoverable   # tops up for good\n"
     "kind: loan              # is paid on top and taken back from the next periods' pay"},
    {"recover", KEY_OPTIONAL, NULL},
    {"recovery-starts", KEY_OPTIONAL, NULL},
    {"pay", KEY_OPTIONAL, NULL},
    {"restate-draws", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

bool money_parse_above_zero(struct plan_reading *plan, const struct node *node, const char *what,
                            int64_t *out)
{
    struct decimal amount;
    int64_t units;
    if (!read_positive(plan, node, what, &amount))
        return false;
    if (!money_from_decimal(amount, plan->plan->currency.exponent, &units)) {
        *out = units;
        return true;
    }
    report_error(plan->reading.reports, node_place(node), "too-precise", NULL,
                 "%s must be a whole number of smallest units of %s, which has %d decimals", what,
                 plan->plan->currency.code, plan->plan->currency.exponent);
    return false;
}

static bool parse_kind(struct plan_reading *plan, const struct node *node, struct draw *draw)
{
    static const char *const words[] = {"recoverable", "non-recoverable", "loan", NULL};
    static const enum draw_kind kinds[] = {DRAW_RECOVERABLE, DRAW_NON_RECOVERABLE, DRAW_LOAN};
    int word;
    if (!reading_word(&plan->reading, node, "`kind`", words, 3, &word))
        return false;
    draw->kind = kinds[word];
    return true;
}

static bool parse_recover(struct plan_reading *plan, const struct node *draw_node,
                          struct draw *draw)
{
    static const char *const words[] = {"surplus", "all", NULL};
    const struct node *node = node_find(draw_node, "recover");
    int word = 1;
    if (!node && draw->kind == DRAW_RECOVERABLE) {
        report_error(plan->reading.reports, node_key_place(draw_node), "must-say",
                     "recover: surplus   # never takes pay below the draw\n"
                     "recover: all       # takes everything above zero",
                     "a recoverable draw must say `recover`: how much of later pay it takes");
        return false;
    }
    if (node && draw->kind == DRAW_NON_RECOVERABLE)
        return reading_refuse(&plan->reading, node, "leave it out",
                              "a non-recoverable draw is not taken back");
    if (node && !reading_word(&plan->reading, node, "`recover`", words, 2, &word))
        return false;
    draw->recovers_all = word == 1;
    return true;
}

static bool parse_starts(struct plan_reading *plan, const struct node *draw_node, struct draw *draw)
{
    struct slice lead = SLICE("period ");
    const struct node *node = node_find(draw_node, "recovery-starts");
    int64_t period = 1;
    if (node && draw->kind == DRAW_NON_RECOVERABLE)
        return reading_refuse(&plan->reading, node, "leave it out",
                              "a non-recoverable draw is not taken back");
    if (node) {
        struct node number = *node;
        if (node->kind != NODE_SCALAR || !slice_starts_with(node->text, lead))
            return reading_refuse(&plan->reading, node, "recovery-starts: period 4",
                                  "`recovery-starts` is `period` and its number, counted from 1");
        number.text.bytes += lead.length;
        number.text.length -= lead.length;
        if (!reading_whole(&plan->reading, &number, "the period", 1, 1200, &period))
            return false;
    }
    draw->recovery_starts = (int32_t)period;
    return true;
}

static bool parse_pay(struct plan_reading *plan, const struct node *node, struct draw *draw)
{
    static const char *const words[] = {"period-end", "period-start", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`pay`", words, 2, &word))
        return false;
    draw->is_paid_at_start = word == 1;
    return true;
}

static bool parse_draw(struct plan_reading *plan, const struct node *node, struct plan_total *total)
{
    struct draw *draw = &total->draw;
    reading_key_feature(&plan->reading, FEATURE_DRAW, node);
    if (!reading_keys(&plan->reading, node, "`draw`", draw_keys))
        return false;
    const struct node *pay = node_find(node, "pay");
    const struct node *restate = node_find(node, "restate-draws");
    bool is_right =
        money_parse_above_zero(plan, node_find(node, "amount"), "`amount`", &draw->amount);
    if (!parse_kind(plan, node_find(node, "kind"), draw))
        return false;
    is_right &= parse_recover(plan, node, draw);
    is_right &= parse_starts(plan, node, draw);
    if (pay)
        is_right &= parse_pay(plan, pay, draw);
    if (restate)
        is_right &= reading_flag(&plan->reading, restate, "`restate-draws`", &draw->is_restated);
    if (draw->is_restated)
        reading_feature(&plan->reading, FEATURE_RESTATED_DRAWS, restate);
    return is_right;
}

static bool parse_restate(struct plan_reading *plan, const struct node *node,
                          struct plan_total *total)
{
    if (!reading_flag(&plan->reading, node, "`restate-draws`", &total->draw.is_restated))
        return false;
    if (total->draw.is_restated)
        reading_feature(&plan->reading, FEATURE_RESTATED_DRAWS, node);
    if (total->draw.kind != DRAW_NONE)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "bad-key", NULL,
                 "`restate-draws` is about a draw, and this plan has none");
    return false;
}

/* --- multiply, cap, minimum --- */

static bool read_money(struct plan_reading *plan, const struct node *node, const char *what,
                       struct decimal *out)
{
    int64_t units;
    if (!money_parse_above_zero(plan, node, what, &units))
        return false;
    *out = money_to_decimal(units, plan->plan->currency.exponent);
    return true;
}

static const struct key_rule multiply_keys[] = {
    {"by", KEY_REQUIRED, "by: 200%"},
    {"when", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_multiply(struct plan_reading *plan, const struct node *node,
                           struct plan_total *total)
{
    reading_key_feature(&plan->reading, FEATURE_TOTAL_MULTIPLY, node);
    if (!reading_keys(&plan->reading, node, "`multiply`", multiply_keys))
        return false;
    const struct node *when = node_find(node, "when");
    total->has_multiply = true;
    if (when)
        reading_key_feature(&plan->reading, FEATURE_TOTAL_WHEN, when);
    bool is_right = reading_share(&plan->reading, node_find(node, "by"), "`by`", &total->factor);
    return (!when || when_parse(plan, NULL, when, &total->multiply_when)) && is_right;
}

static const struct key_rule cap_keys[] = {
    {"at", KEY_REQUIRED, "at: 50000"},
    {"per", KEY_REQUIRED, "per: year   # or period"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_cap(struct plan_reading *plan, const struct node *node, struct plan_total *total)
{
    static const char *const words[] = {"year", "period", NULL};
    int word;
    reading_key_feature(&plan->reading, FEATURE_TOTAL_CAP, node);
    if (!reading_keys(&plan->reading, node, "`cap`", cap_keys))
        return false;
    total->has_cap = true;
    bool is_right = read_money(plan, node_find(node, "at"), "`at`", &total->cap);
    if (!reading_word(&plan->reading, node_find(node, "per"), "`per`", words, 2, &word))
        return false;
    total->cap_per = word == 0 ? TOTAL_PER_YEAR : TOTAL_PER_PERIOD;
    return is_right;
}

static bool parse_minimum(struct plan_reading *plan, const struct node *node,
                          struct plan_total *total)
{
    reading_key_feature(&plan->reading, FEATURE_MINIMUM_PAYMENT, node);
    total->has_minimum = true;
    return read_money(plan, node, "`minimum-payment`", &total->minimum);
}

/* In the order in which the steps run; `restate-draws` comes behind the draw. */
static const struct {
    const char *key;
    bool (*parse)(struct plan_reading *plan, const struct node *node, struct plan_total *total);
} steps[] = {
    {"multiply", parse_multiply},
    {"cap", parse_cap},
    {"draw", parse_draw},
    {"restate-draws", parse_restate},
    {"minimum-payment", parse_minimum},
};

bool total_parse(struct plan_reading *plan, const struct node *node, struct plan_total *total)
{
    if (!reading_keys(&plan->reading, node, "`total`", total_keys))
        return false;
    bool is_right = true;
    total->is_given = true;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct node *value = node_find(node, steps[i].key);
        if (value)
            is_right &= steps[i].parse(plan, value, total);
    }
    return is_right;
}
