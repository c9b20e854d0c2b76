/* What is refused in tiers (PLAN-LANGUAGE section 4), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"tiers must say on",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {method: marginal, boundary: higher, gives: rate, negative: nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:7", "must-say", "line.attribute"},
    {"tiers must say method",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, boundary: higher, gives: rate, negative: nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:7", "must-say", "interpolated"},
    {"tiers must say boundary",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, gives: rate, negative: nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:7", "must-say", "lower"},
    {"tiers must say negative",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:7", "must-say", "first-tier"},
    {"tiers need gives",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, negative: nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:7", "missing-key", "percent-of-target"},
    {"tiers must rise",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 0, give: 6%}]}\n",
     "17:45", "bad-value", NULL},
    {"an edge of an amount carries no percent",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0%, give: 4%}]}\n",
     "17:24", "bad-number", NULL},
    {"an edge is not negative",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: -1, give: 4%}]}\n",
     "17:24", "bad-value", NULL},
    {"a rate in a tier carries its percent",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4}]}\n",
     "17:33", "bad-number", NULL},
    {"a tier needs give",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0}]}\n",
     "17:17", "missing-key", NULL},
    {"a tier's unknown key",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4%, until: 10}]}\n",
     "17:37", "unknown-key", NULL},
    {"an interpolated table needs its end",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: interpolated, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "17:38", "bad-value", "where the last tier ends"},
    {"interpolated units are refused",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: interpolated, boundary: higher, gives: unit, negative: "
     "nothing, units-of: quantity,\n"
     "        table: [{from: 0, give: 4}, {from: 10}]}\n",
     "16:35", "bad-value", NULL},
    {"retroactive is for marginal rates",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: nothing,\n"
     "        table: [{from: 0, give: 4%, retroactive: true}]}\n",
     "17:37", "bad-key", NULL},
    {"retroactive is a yes or no",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4%, retroactive: 1}]}\n",
     "17:50", "bad-word", NULL},
    {"first-tier is for rates and units",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: whole, boundary: higher, gives: amount, negative: "
     "first-tier,\n"
     "        table: [{from: 0, give: 4}]}\n",
     "16:85", "bad-value", NULL},
    {"units must say what they are",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: whole, boundary: higher, gives: unit, negative: nothing,\n"
     "        table: [{from: 0, give: 4}]}\n",
     "16:67", "must-say", "units-of: quantity"},
    {"units-of beside a rate",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing, units-of: quantity,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:95", "bad-key", NULL},
    {"an attribute leads only on lines",
     SCENE_HEAD REFUSAL_MAIN
     "    pays:\n"
     "      tiers: {on: line.attribute.m, method: whole, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0, give: 4%}, {from: 10, give: 6%}]}\n",
     "16:19", "bad-value", "over: line"},
    {"whole percents do not slice",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {fixed: 5, attainment: whole-percent-down}\n"
     "    pays:\n"
     "      tiers: {on: attainment, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0%, give: 4%}]}\n",
     "17:39", "bad-value", NULL},
    {"lower is better does not slice",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {fixed: 5, direction: lower}\n"
     "    pays:\n"
     "      tiers: {on: attainment, method: marginal, boundary: higher, gives: rate, negative: "
     "nothing,\n"
     "        table: [{from: 0%, give: 4%}]}\n",
     "17:39", "bad-value", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
