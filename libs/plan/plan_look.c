#include "plan/plan_parts.h"

#include <stdio.h>

static const char *const look_words[] = {
#define LOOK_WORD(symbol, name) name,
    LOOK_LIST(LOOK_WORD)
#undef LOOK_WORD
        NULL,
};

static bool find_component(struct plan_reading *plan, const struct node *name, int32_t *out)
{
    const char *names[PLAN_COMPONENTS_MAX + 1];
    size_t count = plan->plan->component_count;
    char fix[2 * PLAN_NAME_BYTES_MAX] = "";
    struct slice text;
    if (!reading_text(&plan->reading, name, "a component", &text))
        return false;
    for (size_t i = 0; i < count; i++) {
        names[i] = plan->components[i].name.bytes; /* NUL-terminated, as all text of nodes */
        if (!slice_equal(plan->components[i].name, text))
            continue;
        *out = (int32_t)i;
        return true;
    }
    names[count] = NULL;
    const char *nearest = report_nearest(text, names);
    if (nearest)
        snprintf(fix, sizeof fix, "did you mean `%s`?", nearest);
    report_error(plan->reading.reports, node_place(name), "unknown-component", fix,
                 "this plan has no component `%.*s`", SLICE_ARGS(text));
    return false;
}

static bool refuse_window(struct plan_reading *plan, const struct node *at, const char *fix,
                          const char *sentence, const struct plan_component *other)
    __attribute__((format(printf, 4, 0)));

static bool refuse_window(struct plan_reading *plan, const struct node *at, const char *fix,
                          const char *sentence, const struct plan_component *other)
{
    report_error(plan->reading.reports, node_place(at), "bad-window", fix, sentence,
                 SLICE_ARGS(other->name), window_over_name(other->over));
    return false;
}

/* For `total` the window of the other component is the one that the pay period lies in. */
static bool check_total(struct plan_reading *plan, const struct plan_component *other,
                        const struct node *at)
{
    return (other->over != WINDOW_DEAL && other->over != WINDOW_LINE) ||
           refuse_window(plan, at, NULL,
                         "`%.*s` has windows of `over: %s`, and a pay period lies in none of them",
                         other);
}

/* Lengths rise with the enum: line, deal, month … plan. */
static bool check_lengths(struct plan_reading *plan, const struct plan_component *component,
                          const struct plan_component *other, const struct node *at,
                          enum look_window look)
{
    if (look == LOOK_SAME && other->over != component->over)
        return refuse_window(plan, at, "window: containing",
                             "`%.*s` has windows of `over: %s`, so there is no same one", other);
    return other->over >= component->over ||
           refuse_window(plan, at, NULL,
                         "`%.*s` has windows of `over: %s`, which are shorter than this "
                         "component's",
                         other);
}

static bool check_window(struct plan_reading *plan, const struct plan_component *component,
                         const struct plan_component *other, const struct node *at,
                         enum look_window look)
{
    bool is_right =
        component ? check_lengths(plan, component, other, at, look) : check_total(plan, other, at);
    if (!is_right || look != LOOK_PREVIOUS || window_count_in_year(other->over) > 0)
        return is_right;
    return refuse_window(plan, at, NULL,
                         "`%.*s` has windows of `over: %s`, and there is no previous one", other);
}

bool look_parse(struct plan_reading *plan, const struct plan_component *component,
                const struct node *name, const struct node *window, int window_words,
                struct look *out)
{
    int word = LOOK_SAME;
    bool is_right = find_component(plan, name, &out->component);
    if (window &&
        !reading_word(&plan->reading, window, "`window`", look_words, window_words, &word))
        return false;
    out->window = (enum look_window)word;
    if (!is_right || !plan->has_begun[out->component])
        return is_right;
    return check_window(plan, component, &plan->components[out->component], window ? window : name,
                        out->window);
}

bool look_check_goal(struct plan_reading *plan, const struct node *name, struct look look)
{
    const struct plan_component *other = &plan->components[look.component];
    if (other->has_goal || !plan->has_begun[look.component])
        return true;
    report_error(plan->reading.reports, node_place(name), "no-goal",
                 "goal: {from: roster, direction: higher, attainment: exact, zero: nothing, "
                 "prorate: none}\ngoal: {fixed: 500000}",
                 "`%.*s` has no goal, so it has no attainment", SLICE_ARGS(other->name));
    return false;
}
