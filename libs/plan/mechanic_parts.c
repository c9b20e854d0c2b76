#include "plan/mechanic_parts.h"

#include "plan/plan.h"

static bool refuse(struct mechanic_reading *reading, const struct node *node, const char *fix,
                   const char *sentence)
{
    report_error(reading->reading->reports, node_key_place(node), "bad-value", fix, "%s", sentence);
    return false;
}

bool late_parse(struct reading *reading, const struct node *node, struct decimal *out)
{
    if (node_is(node, "nothing"))
        return true;
    if (!reading_share(reading, node, "`late`, unless it is `nothing`,", out))
        return false;
    if (out->units >= 0)
        return true;
    report_error(reading->reports, node_place(node), "bad-value", "late: 50%",
                 "what comes late is paid in part, not taken away");
    return false;
}

bool milestone_rows_check(struct mechanic_reading *reading, const struct node *node)
{
    const struct plan_component *component = reading->component;
    if (component->measure.of != OF_MILESTONES)
        return refuse(reading, node, "measure: {of: milestones}",
                      "this mechanic pays for milestone events: its measure is `of: milestones`");
    if (component->over == WINDOW_DEAL || component->over == WINDOW_PLAN)
        return true;
    return refuse(reading, node, "over: deal",
                  "milestone events of a project are paid `over: deal` or `over: plan`");
}

bool downline_rows_check(struct mechanic_reading *reading, const struct node *node,
                         bool needs_measure)
{
    const struct plan_component *component = reading->component;
    enum measure_of of = component->measure.of;
    bool is_downline = of == OF_DOWNLINE_DEALS || of == OF_DOWNLINE_PAY;
    if (component->has_measure ? !is_downline : needs_measure)
        return refuse(reading, node, "measure: {of: downline-deals, sum: amount}",
                      "what members and entrants bring comes over their edges: the measure is `of: "
                      "downline-deals` or `downline-pay`");
    if (component->over != WINDOW_DEAL && component->over != WINDOW_LINE)
        return true;
    return refuse(reading, node, "over: quarter",
                  "this mechanic settles at a window's end, so it needs a window of time");
}

bool settling_parse(struct mechanic_reading *reading, const struct node *node, bool *out_is_final)
{
    static const char *const settles_words[] = {"window-end", NULL};
    static const char *const after_words[] = {"recompute", "final", NULL};
    int ignored;
    int word = 0;
    bool is_right = reading_word(reading->reading, node_find(node, "settles"), "`settles`",
                                 settles_words, 1, &ignored);
    is_right &= reading_word(reading->reading, node_find(node, "after-settling"),
                             "`after-settling`", after_words, 2, &word);
    *out_is_final = word == 1;
    return is_right;
}
