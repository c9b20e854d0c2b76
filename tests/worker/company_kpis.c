#include "worker/company_draft.h"

/* Components that measure no deals: results, with tiers, curves and scorecards, and milestones. */

static void write_score(struct draft *draft, bool is_lower)
{
    struct chance *chance = draft->chance;
    switch (chance_draw(chance, 4)) {
    case 0:
        buffer_printf(draft->out, "score: {binary: \"%s\"}", PICK(chance, ">= 100%", "> 80%"));
        return;
    case 1:
        buffer_printf(draft->out,
                      "score: {curve: {points: [[80%%, 0%%], [100%%, 100%%], [120%%, 150%%]], "
                      "below: %s, above: %s}}",
                      PICK(chance, "nothing", "flat"), PICK(chance, "flat", "{slope: 0.5}"));
        return;
    case 2:
        buffer_printf(draft->out,
                      "score: {tiers: {boundary: %s, table: [{from: 50%%, give: 40%%}, "
                      "{from: 100%%, give: 110%%}]}}",
                      PICK(chance, "higher", "lower"));
        return;
    default:
        buffer_printf(draft->out, "score: linear");
        if (is_lower || chance_one_in(chance, 3))
            buffer_printf(draft->out, ", cap: %s", PICK(chance, "120%", "100%"));
    }
}

static void write_objective(struct draft *draft, const char *name, const char *weight)
{
    struct chance *chance = draft->chance;
    bool is_lower = chance_one_in(chance, 4);
    buffer_printf(draft->out, "          - {name: %s, weight: %s, plan: %s, %s", name, weight,
                  PICK(chance, "90", "100", "87.5"), is_lower ? "direction: lower, " : "");
    write_score(draft, is_lower);
    buffer_printf(draft->out, "}\n");
}

static void write_scorecard(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out,
                  "    measure: {of: results%s}\n    over: %s\n    pays:\n      scorecard:\n"
                  "        of: %s\n        missing: %s\n        round-scores: %s\n"
                  "        objectives:\n",
                  PICK(chance, "", ", take: average", ", take: max"), draft->over,
                  PICK(chance, "target-incentive", "1000", "750.25"),
                  PICK(chance, "zero", "pending", "100%"), PICK(chance, "none", "whole-percent"));
    write_objective(draft, "csat", chance_one_in(chance, 2) ? "60%" : "50%");
    write_objective(draft, "nps", chance_one_in(chance, 2) ? "40%" : "50%");
}

static void write_kpi(struct draft *draft)
{
    struct chance *chance = draft->chance;
    buffer_printf(draft->out,
                  "    measure: {of: results, result: %s, sum: value, take: %s, missing: %s%s}\n"
                  "    over: %s\n",
                  PICK(chance, "csat", "nps", "cost"),
                  PICK(chance, "last", "average", "sum", "max"), PICK(chance, "zero", "pending"),
                  PICK(chance, "", "", ", plus: 3", ", plus: -2.5"), draft->over);
    write_goal(draft);
    if (chance_one_in(chance, 4))
        buffer_printf(draft->out, "    pays: %s\n",
                      PICK(chance, "nothing", "{unit: 1.25}", "{rate: 12.5%}"));
    else
        write_steps_of_pay(draft);
    write_adjust(draft);
}

void write_results(struct draft *draft)
{
    if (!draft->has_goal && chance_one_in(draft->chance, 2)) {
        write_scorecard(draft);
        write_adjust(draft);
        return;
    }
    write_kpi(draft);
}

/* --- milestones --- */

static void write_phases(struct draft *draft)
{
    struct chance *chance = draft->chance;
    const char *of = PICK(chance, "contract-value", "fixed", "target-incentive");
    bool is_fixed = of[0] == 'f';
    buffer_printf(draft->out, "    pays:\n      phases:\n        of: %s\n        table:", of);
    if (chance_one_in(chance, 4)) {
        buffer_printf(draft->out, " from milestones\n");
    } else {
        const char *by = PICK(chance, "", ", by: 4 weeks after closed",
                              ", by: 3 months after closed, late: 50%");
        buffer_printf(draft->out,
                      "\n          - {phase: design, give: %s%s}\n"
                      "          - {phase: build, give: %s}\n",
                      is_fixed ? "500" : "30%", by, is_fixed ? "250.55" : "70%");
    }
    buffer_printf(draft->out, "        requires: %s\n",
                  PICK(chance, "nothing", "approval\n        dated: reached",
                       "approval\n        dated: approved"));
}

void write_events(struct draft *draft)
{
    struct chance *chance = draft->chance;
    bool counts = chance_one_in(chance, 3);
    buffer_printf(draft->out, "    measure: {of: milestones%s%s%s}\n",
                  counts ? PICK(chance, ", sum: count, count: credited",
                                ", sum: count, count: shared", ", sum: amount")
                         : "",
                  PICK(chance, "", "", ", role: [owner]"),
                  PICK(chance, "", "", ", where: {milestone: golive}",
                       ", where: {phase: [design, build]}", ", where: {deal-type: new}",
                       ", where: {attribute.segment: smb}"));
    buffer_printf(draft->out, "    cancelled: {effect: %s}\n    over: %s\n",
                  PICK(chance, "recompute", "recompute", "never"), draft->over);
    if (counts) {
        write_goal(draft);
        write_steps_of_pay(draft);
    } else if (chance_one_in(chance, 2)) {
        write_phases(draft);
    } else {
        buffer_printf(
            draft->out, "    pays: {progress: {of: contract-value, requires: %s}}\n",
            PICK(chance, "nothing", "approval, dated: reached", "approval, dated: approved"));
    }
    write_adjust(draft);
}
