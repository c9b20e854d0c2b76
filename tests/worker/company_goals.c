#include "worker/company_draft.h"

#include <stdio.h>

/* Weights, ramp and proration of a goal from the roster. */
static void draw_goal_terms(struct draft *draft, char out[160])
{
    struct chance *chance = draft->chance;
    const char *weights = "";
    if (strcmp(draft->over, "quarter") == 0 && chance_one_in(chance, 3))
        weights = PICK(chance, ", weights: [20%, 20%, 20%, 40%]", ", weights: [0%, 50%, 50%, 0%]");
    if (strcmp(draft->over, "half") == 0 && chance_one_in(chance, 3))
        weights = ", weights: [33.3%, 66.7%]";
    const char *ramp =
        draft->is_alone || !chance_one_in(chance, 3)
            ? ""
            : PICK(chance, ", ramp: [0%, 25%, 50%]", ", ramp: [12.5%], ramp-from: next-window",
                   ", ramp: [40%, 80%], ramp-from: next-window");
    const char *prorate =
        draft->is_alone
            ? ", prorate: none"
            : PICK(chance, ", prorate: none", ", prorate: days", ", prorate: days, decimals: 4",
                   ", prorate: months, decimals: exact", ", prorate: months, decimals: 2");
    if (strcmp(draft->over, "plan") == 0) /* its range may have no end, and so no count of months */
        prorate = PICK(chance, ", prorate: none", ", prorate: days");
    draft->is_prorated = strstr(prorate, "none") == NULL;
    const char *baseline = draft->is_alone || !chance_one_in(chance, 6)
                               ? ""
                               : PICK(chance, ", baseline: {same-window: last-year}",
                                      ", baseline: {same-window: last-year, negative: count}");
    draft->has_baseline = baseline[0] != '\0';
    (void)snprintf(out, 160, "%s%s%s%s", weights, ramp, prorate, baseline);
}

void write_goal(struct draft *draft)
{
    struct chance *chance = draft->chance;
    if (!draft->has_goal) {
        if (chance_one_in(chance, 4))
            buffer_printf(draft->out, "    goal: none\n");
        return;
    }
    bool is_fixed = chance_one_in(chance, 3);
    char terms[160] = "";
    if (!is_fixed)
        draw_goal_terms(draft, terms);
    buffer_printf(draft->out, "    goal: {%s%s, attainment: %s%s%s%s}\n",
                  is_fixed ? PICK(chance, "fixed: 2000", "fixed: 750.25") : "from: roster", terms,
                  draft->is_whole_percent
                      ? PICK(chance, "whole-percent-down", "whole-percent-nearest")
                      : "exact",
                  is_fixed ? "" : ", zero: ",
                  is_fixed ? "" : PICK(chance, "full-target", "nothing", "pending"),
                  draft->is_lower ? ", direction: lower" : "");
}
