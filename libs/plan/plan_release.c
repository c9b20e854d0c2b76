#include "plan/plan_parts.h"

static const struct key_rule release_keys[] = {
    {"when", KEY_OPTIONAL, NULL},
    {"holdback", KEY_OPTIONAL, NULL},
    {"refund-before-payment", KEY_OPTIONAL, NULL},
    {"terms", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

/* --- when --- */

static bool counts(const struct plan_component *component, enum measure_of a, enum measure_of b,
                   enum measure_of c)
{
    enum measure_of of = component->measure.of;
    return component->has_measure && (of == a || of == b || of == c);
}

static const struct key_rule milestone_keys[] = {
    {"milestone", KEY_REQUIRED, "milestone: go-live"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_milestone(struct plan_reading *plan, const struct node *node,
                            const struct plan_component *component, struct release *release)
{
    release->when = RELEASE_MILESTONE;
    reading_feature(&plan->reading, FEATURE_RELEASE_MILESTONE, node);
    if (!reading_keys(&plan->reading, node, "`when`", milestone_keys) ||
        !reading_text(&plan->reading, node_find(node, "milestone"), "`milestone`",
                      &release->milestone))
        return false;
    return counts(component, OF_DEALS, OF_DOWNLINE_DEALS, OF_MILESTONES) ||
           reading_refuse(&plan->reading, node, "when: earned",
                          "a milestone releases pay for deals, and this "
                          "component counts none");
}

static const char *const when_words[] = {"earned",     "payment-received",     "approved",
                                         "window-end", "{milestone: go-live}", NULL};

static const struct {
    enum release_when when;
    enum feature feature; /* FEATURE_COUNT: always here */
} whens[] = {
    {RELEASE_EARNED, FEATURE_COUNT},
    {RELEASE_PAYMENT_RECEIVED, FEATURE_RELEASE_PAYMENT},
    {RELEASE_APPROVED, FEATURE_RELEASE_APPROVED},
    {RELEASE_WINDOW_END, FEATURE_RELEASE_WINDOW_END},
};

static bool parse_when(struct plan_reading *plan, const struct node *node,
                       const struct plan_component *component, struct release *release)
{
    int word;
    if (node->kind == NODE_MAP)
        return parse_milestone(plan, node, component, release);
    if (!reading_word(&plan->reading, node, "`when`", when_words, 4, &word))
        return false;
    release->when = whens[word].when;
    if (whens[word].feature != FEATURE_COUNT)
        reading_feature(&plan->reading, whens[word].feature, node);
    if (release->when == RELEASE_PAYMENT_RECEIVED &&
        !counts(component, OF_DEALS, OF_DOWNLINE_DEALS, OF_MILESTONES))
        return reading_refuse(&plan->reading, node, "when: earned",
                              "payments release pay for deals, and this component counts none");
    if (release->when == RELEASE_APPROVED &&
        !counts(component, OF_MILESTONES, OF_RESULTS, OF_RESULTS))
        return reading_refuse(
            &plan->reading, node, "when: earned",
            "milestones and results are approved, and this component counts none");
    return true;
}

/* --- hold-back --- */

static const struct key_rule holdback_keys[] = {
    {"share", KEY_REQUIRED, "share: 30%"},
    {"until", KEY_REQUIRED,
     "until: 90 days after closed       # of the deal\n"
     "until: 30 days after window-end\nuntil: 2027-03-31"},
    {NULL, KEY_OPTIONAL, NULL},
};

/* `DURATION after WHAT`. */
static bool read_after(struct slice text, struct slice what, struct duration *out)
{
    struct slice after = SLICE(" after ");
    size_t tail = after.length + what.length;
    if (text.length <= tail ||
        memcmp(text.bytes + text.length - what.length, what.bytes, what.length) != 0 ||
        memcmp(text.bytes + text.length - tail, after.bytes, after.length) != 0)
        return false;
    return !duration_parse((struct slice){text.bytes, text.length - tail}, out);
}

bool duration_after_closed(struct slice text, struct duration *out)
{
    return read_after(text, SLICE("closed"), out);
}

static bool parse_until(struct plan_reading *plan, const struct node *node,
                        const struct plan_component *component, struct release *release)
{
    struct slice text = node->kind == NODE_SCALAR ? node->text : SLICE("");
    if (duration_after_closed(text, &release->holdback_after))
        release->holdback = HOLDBACK_AFTER_CLOSED;
    else if (read_after(text, SLICE("window-end"), &release->holdback_after))
        release->holdback = HOLDBACK_AFTER_WINDOW_END;
    else if (!date_parse(text, &release->holdback_date))
        release->holdback = HOLDBACK_DATE;
    else
        return reading_refuse(&plan->reading, node, holdback_keys[1].fix,
                              "`until` is a duration after closed or window-end, or a date");
    if (release->holdback != HOLDBACK_AFTER_CLOSED ||
        counts(component, OF_DEALS, OF_DOWNLINE_DEALS, OF_MILESTONES))
        return true;
    return reading_refuse(&plan->reading, node, "until: 90 days after window-end",
                          "deals close, and this component counts none");
}

static bool parse_holdback(struct plan_reading *plan, const struct node *node,
                           const struct plan_component *component, struct release *release)
{
    reading_key_feature(&plan->reading, FEATURE_HOLDBACK, node);
    if (!reading_keys(&plan->reading, node, "`holdback`", holdback_keys))
        return false;
    const struct node *share = node_find(node, "share");
    bool is_right = reading_share(&plan->reading, share, "`share`", &release->holdback_share);
    if (is_right &&
        (release->holdback_share.units < 0 || release->holdback_share.units > ONE_SHARE))
        is_right = reading_refuse(&plan->reading, share, "share: 30%",
                                  "between 0 % and 100 % can be held back");
    return parse_until(plan, node_find(node, "until"), component, release) && is_right;
}

/* --- what is published, and when it is due --- */

static bool parse_refund(struct plan_reading *plan, const struct node *node,
                         const struct plan_component *component, struct release *release)
{
    static const char *const words[] = {"net", "both-due", NULL};
    int word;
    (void)component;
    reading_key_feature(&plan->reading, FEATURE_REFUND, node);
    if (!reading_word(&plan->reading, node, "`refund-before-payment`", words, 2, &word))
        return false;
    release->publishes_both = word == 1;
    return true;
}

static const struct key_rule terms_keys[] = {
    {"net", KEY_REQUIRED, "net: 30 days"},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool parse_terms(struct plan_reading *plan, const struct node *node,
                        const struct plan_component *component, struct release *release)
{
    (void)component;
    reading_key_feature(&plan->reading, FEATURE_TERMS, node);
    release->has_terms = plan->plan->has_terms = true;
    return reading_keys(&plan->reading, node, "`terms`", terms_keys) &&
           reading_duration(&plan->reading, node_find(node, "net"), "`net`", &release->net);
}

static const struct {
    const char *key;
    bool (*parse)(struct plan_reading *plan, const struct node *node,
                  const struct plan_component *component, struct release *release);
} steps[] = {
    {"when", parse_when},
    {"holdback", parse_holdback},
    {"refund-before-payment", parse_refund},
    {"terms", parse_terms},
};

bool release_parse(struct plan_reading *plan, const struct node *node,
                   struct plan_component *component)
{
    if (!reading_keys(&plan->reading, node, "`release`", release_keys))
        return false;
    bool is_right = true;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct node *value = node_find(node, steps[i].key);
        if (value)
            is_right &= steps[i].parse(plan, value, component, &component->release);
    }
    return is_right;
}

/* --- attribution --- */

bool attribution_parse(struct plan_reading *plan, const struct node *node,
                       struct plan_component *component)
{
    static const char *const words[] = {"slices", "pro-rata", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`attribution`", words, 2, &word))
        return false;
    component->attribution = word == 0 ? ATTRIBUTION_SLICES : ATTRIBUTION_PRO_RATA;
    reading_key_feature(&plan->reading, word == 0 ? FEATURE_SLICES : FEATURE_PRO_RATA, node);
    return true;
}
