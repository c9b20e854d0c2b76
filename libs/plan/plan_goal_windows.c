#include "plan/plan_parts.h"

/* What a goal says of windows one after another: weights, ramp, baseline. */

/* --- lists of shares --- */

static bool read_shares(struct plan_reading *plan, const struct node *node, const char *what,
                        size_t count_max, const struct decimal **out, size_t *out_count)
{
    if (!reading_list(&plan->reading, node, what))
        return false;
    if (node->count == 0 || node->count > count_max) {
        report_error(plan->reading.reports, node_place(node), "bad-value", NULL,
                     "%s has 1 to %zu shares, not %zu", what, count_max, node->count);
        return false;
    }
    struct decimal *shares = reading_take(&plan->reading, node->count, sizeof *shares);
    if (!shares)
        return false;
    bool is_right = true;
    size_t count = 0;
    for (const struct node *item = node->first; item; item = item->next) {
        struct decimal *share = &shares[count++];
        if (!reading_share(&plan->reading, item, what, share)) {
            is_right = false;
        } else if (share->units < 0) {
            report_error(plan->reading.reports, node_place(item), "bad-value", NULL,
                         "a share in %s cannot be negative", what);
            is_right = false;
        }
    }
    *out = shares;
    *out_count = count;
    return is_right;
}

static bool check_weights(struct plan_reading *plan, const struct node *node,
                          const struct plan_component *component)
{
    const struct goal *goal = &component->goal;
    size_t windows = (size_t)window_count_in_year(component->over);
    int128 total = 0;
    for (size_t i = 0; i < goal->weight_count; i++)
        total += goal->weights[i].units;
    if (goal->weight_count != windows) {
        report_error(plan->reading.reports, node_place(node), "bad-value", NULL,
                     "a year has %zu windows of `over: %s`, and `weights` %zu shares", windows,
                     window_over_name(component->over), goal->weight_count);
        return false;
    }
    if (total == ONE_SHARE)
        return true;
    report_total(plan, node, "`weights`", total);
    return false;
}

static bool read_weights(struct plan_reading *plan, const struct node *node,
                         struct plan_component *component)
{
    struct goal *goal = &component->goal;
    reading_key_feature(&plan->reading, FEATURE_WEIGHTS, node);
    if (window_count_in_year(component->over) == 0) {
        report_error(plan->reading.reports, node_key_place(node), "bad-key", NULL,
                     "`weights` divide a year, and `over: %s` does not",
                     window_over_name(component->over));
        return false;
    }
    if (!goal->is_from_roster) {
        report_error(plan->reading.reports, node_key_place(node), "bad-key", "from: roster",
                     "`weights` divide yearly goals from the roster; a fixed one is the same in "
                     "every window");
        return false;
    }
    return read_shares(plan, node, "`weights`", WEIGHTS_MAX, &goal->weights, &goal->weight_count) &&
           check_weights(plan, node, component);
}

static bool read_ramp(struct plan_reading *plan, const struct node *node,
                      struct plan_component *component)
{
    struct goal *goal = &component->goal;
    reading_key_feature(&plan->reading, FEATURE_RAMP, node);
    if (component->over == WINDOW_DEAL || component->over == WINDOW_LINE ||
        component->over == WINDOW_PLAN) {
        report_error(plan->reading.reports, node_key_place(node), "bad-key", NULL,
                     "`ramp` goes window by window, and `over: %s` has no next one",
                     window_over_name(component->over));
        return false;
    }
    return read_shares(plan, node, "`ramp`", RAMP_MAX, &goal->ramp, &goal->ramp_count);
}

static bool read_ramp_from(struct plan_reading *plan, const struct node *node,
                           struct plan_component *component)
{
    static const char *const words[] = {"first-window", "next-window", NULL};
    int word;
    if (!reading_word(&plan->reading, node, "`ramp-from`", words, 2, &word))
        return false;
    component->goal.is_ramp_from_next = word == 1;
    if (component->goal.ramp_count > 0)
        return true;
    report_error(plan->reading.reports, node_key_place(node), "bad-key",
                 "ramp: [25%, 50%, 75%, 100%]", "`ramp-from` stands beside `ramp`");
    return false;
}

/* --- baseline --- */

static const struct key_rule baseline_keys[] = {
    {"same-window", KEY_REQUIRED, "same-window: last-year"},
    {"negative", KEY_OPTIONAL, NULL},
    {NULL, KEY_OPTIONAL, NULL},
};

static bool read_baseline(struct plan_reading *plan, const struct node *node,
                          struct plan_component *component)
{
    static const char *const window_words[] = {"last-year", NULL};
    static const char *const negative_words[] = {"nothing", "count", NULL};
    int word = 0;
    reading_key_feature(&plan->reading, FEATURE_BASELINE, node);
    if (!reading_keys(&plan->reading, node, "`baseline`", baseline_keys))
        return false;
    const struct node *negative = node_find(node, "negative");
    bool is_right = reading_word(&plan->reading, node_find(node, "same-window"), "`same-window`",
                                 window_words, 1, &word);
    if (negative)
        is_right &= reading_word(&plan->reading, negative, "`negative`", negative_words, 2, &word);
    component->baseline.is_given = true;
    component->baseline.counts_negative = negative && word == 1;
    if (window_count_in_year(component->over) > 0)
        return is_right;
    report_error(plan->reading.reports, node_key_place(node), "bad-key", NULL,
                 "`baseline` looks at the same window a year before, and `over: %s` has none",
                 window_over_name(component->over));
    return false;
}

/* `ramp-from` comes behind `ramp`. */
static const struct {
    const char *key;
    bool (*read)(struct plan_reading *plan, const struct node *node,
                 struct plan_component *component);
} by_window[] = {
    {"weights", read_weights},
    {"ramp", read_ramp},
    {"ramp-from", read_ramp_from},
    {"baseline", read_baseline},
};

bool goal_windows_parse(struct plan_reading *plan, const struct node *node,
                        struct plan_component *component)
{
    bool is_right = true;
    for (size_t i = 0; i < sizeof by_window / sizeof by_window[0]; i++) {
        const struct node *value = node_find(node, by_window[i].key);
        if (value)
            is_right &= by_window[i].read(plan, value, component);
    }
    return is_right;
}

bool baseline_parse(struct plan_reading *plan, const struct node *node,
                    struct plan_component *component)
{
    static const struct key_rule keys[] = {
        {"baseline", KEY_REQUIRED, NULL},
        {NULL, KEY_OPTIONAL, NULL},
    };
    return reading_keys(&plan->reading, node, "`goal` without a goal", keys) &&
           read_baseline(plan, node_find(node, "baseline"), component);
}
