/* What is refused in a curve (PLAN-LANGUAGE section 4), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"a curve must say below",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, above: flat,\n"
     "        points: [[50%, 0%], [100%, 100%]]}\n",
     "17:7", "must-say", "below: flat"},
    {"a curve must say above",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: flat,\n"
     "        points: [[50%, 0%], [100%, 100%]]}\n",
     "17:7", "must-say", "slope: 1"},
    {"a jump must say boundary",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: nothing, above: flat,\n"
     "        points: [[50%, 0%], [50%, 100%]]}\n",
     "18:9", "must-say", "boundary: higher"},
    {"three points in one place",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: flat, above: flat, boundary: "
     "lower,\n"
     "        points: [[50%, 0%], [50%, 1%], [50%, 2%]]}\n",
     "18:40", "bad-value", NULL},
    {"points stand in order",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: nothing, above: flat,\n"
     "        points: [[50%, 0%], [40%, 100%]]}\n",
     "18:29", "bad-value", NULL},
    {"a point is a pair",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: nothing, above: flat,\n"
     "        points: [[50%]]}\n",
     "18:18", "bad-value", NULL},
    {"a curve does not give units",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: unit, below: nothing, above: flat,\n"
     "        points: [[50%, 0%], [100%, 100%]]}\n",
     "17:38", "bad-value", NULL},
    {"a slope of shares per unit carries its percent",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: amount, gives: percent-of-target, below: flat, above: {slope: 1},\n"
     "        points: [[50, 0%]]}\n",
     "17:81", "bad-number", NULL},
    {"a slope per share point carries none",
     SCENE_HEAD REFUSAL_MAIN
     "    goal: {from: roster, attainment: exact, zero: nothing, prorate: none}\n"
     "    pays:\n"
     "      curve: {on: attainment, gives: percent-of-target, below: flat, above: {slope: 1%},\n"
     "        points: [[50%, 0%], [100%, 100%]]}\n",
     "17:85", "bad-number", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
