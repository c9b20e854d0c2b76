/* The steps of `adjust` and their conditions (PLAN-LANGUAGE sections 1 and 5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/plan_lines.h"

/* Line 17 is the step, from column 9 on. */
#define GATE(when) ADJUST("gate: {then: nothing, when: " when "}")
#define CURVE(more)                                                                                \
    ADJUST(                                                                                        \
        "multiply: {by: {curve: {points: [[30, 80%], [70, 120%]], below: flat, above: flat" more   \
        "}, of: {result: nps}}}")
#define COMPONENT(name, measure, over, more)                                                       \
    "  " name ":\n    measure: {of: deals, " measure "}\n    cancelled: {effect: recompute}\n"     \
    "    over: " over "\n" more
#define YEAR                                                                                       \
    COMPONENT("yearly", "sum: amount", "year", "    goal: {fixed: 100}\n    pays: nothing\n")
#define MONTH                                                                                      \
    COMPONENT("monthly", "sum: amount", "month", "    goal: {fixed: 100}\n    pays: nothing\n")
#define RANGE                                                                                      \
    COMPONENT("ranged", "sum: amount", "plan", "    goal: {fixed: 100}\n    pays: nothing\n")
#define GOALLESS COMPONENT("goalless", "sum: amount", "quarter", "    pays: {rate: 1%}\n")
#define LOOKS(name, at)                                                                            \
    COMPONENT(name, "sum: amount", "quarter",                                                      \
              "    pays: {rate: 1%}\n    adjust: [{gate: {when: {component: " at                   \
              ", earned: \"> 5\"}, then: nothing}}]\n")
#define RESULT(value) GATE("{result: nps, value: " value "}")

static const struct line_row rows[] = {
    /* --- gate --- */
    {"a gate that keeps a part",
     ADJUST("gate: {when: {result: nps, value: \"< 30\"}, then: {keep: 75%}}"), NULL, NULL, NULL},
    {"a gate that keeps pay back",
     ADJUST("gate: {when: {result: nps, value: \"< 30\"}, then: not-payable}"), NULL, NULL, NULL},
    {"a gate must say then", ADJUST("gate: {when: {result: nps, value: \"< 30\"}}"), "17:9",
     "must-say", "keep: 75%"},
    {"a gate needs when", ADJUST("gate: {then: nothing}"), "17:9", "missing-key", NULL},
    {"then that is none", ADJUST("gate: {when: {result: nps, value: \"< 30\"}, then: less}"),
     "17:58", "bad-word", NULL},
    {"what is kept carries its percent",
     ADJUST("gate: {when: {result: nps, value: \"< 30\"}, then: {keep: 0.75}}"), "17:65",
     "bad-number", NULL},
    /* --- conditions --- */
    {"a component's own attainment",
     GOAL("ramp-from: first-window, ramp: [1%]",
          "none") "    adjust: [{gate: {when: {component: main, attainment: \"< 50%\"}, then: "
                  "nothing}}]\n",
     NULL, NULL, NULL},
    {"a component's own pay",
     RATE "    adjust: [{gate: {when: {component: main, earned: \"< 50\"}, then: nothing}}]\n",
     "16:40", "circle", NULL},
    {"a component that is none", GATE("{component: othr, attainment: \"< 50%\"}") OTHER, "17:49",
     "unknown-component", "other"},
    {"attainment without a goal", GATE("{component: goalless, attainment: \"< 50%\"}") GOALLESS,
     "17:49", "no-goal", "goal:"},
    {"pay without a goal", GATE("{component: goalless, earned: \"< 50\"}") GOALLESS, NULL, NULL,
     NULL},
    {"attainment carries its percent", GATE("{component: other, attainment: \"< 0.5\"}") OTHER,
     "17:68", "bad-number", NULL},
    {"pay carries no percent", GATE("{component: other, earned: \"< 50%\"}") OTHER, "17:64",
     "bad-number", NULL},
    {"a comparison needs its sign", GATE("{component: other, attainment: 50%}") OTHER, "17:68",
     "bad-value", "80%"},
    {"every sign",
     GATE(
         "{all: [{result: a, value: \"< 1\"}, {result: a, value: \"<= 1\"}, {result: a, value: \"> "
         "-1\"}, {result: a, value: \">= 1\"}, {result: a, value: \"= 1%\"}, {result: a, value: "
         "\"!= 1\"}]}"),
     NULL, NULL, NULL},
    {"both attainment and pay",
     GATE("{component: other, attainment: \"< 5%\", earned: \"< 5\"}") OTHER, "17:37", "bad-value",
     NULL},
    {"neither attainment nor pay", GATE("{component: other}") OTHER, "17:37", "bad-value", NULL},
    {"the same window of another length", GATE("{component: yearly, attainment: \"< 5%\"}") YEAR,
     "17:49", "bad-window", "containing"},
    {"the containing window",
     GATE("{component: yearly, attainment: \"< 5%\", window: containing}") YEAR, NULL, NULL, NULL},
    {"the containing window of the same length",
     GATE("{component: other, attainment: \"< 5%\", window: containing}") OTHER, NULL, NULL, NULL},
    {"a shorter window contains nothing",
     GATE("{component: monthly, attainment: \"< 5%\", window: containing}") MONTH, "17:86",
     "bad-window", NULL},
    {"the previous window",
     GATE("{component: other, attainment: \"< 5%\", window: previous}") OTHER, NULL, NULL, NULL},
    {"the previous window of the whole plan",
     GATE("{component: ranged, attainment: \"< 5%\", window: previous}") RANGE, "17:85",
     "bad-window", NULL},
    {"a window that is none", GATE("{component: other, attainment: \"< 5%\", window: next}") OTHER,
     "17:84", "bad-word", NULL},
    {"whose result it is", GATE("{result: nps, value: \"< 30\", of: company}"), NULL, NULL, NULL},
    {"nobody's result", GATE("{result: nps, value: \"< 30\", of: boss}"), "17:70", "bad-word",
     NULL},
    {"a result needs its value", GATE("{result: nps}"), "17:31", "missing-key", NULL},
    {"an attribute is a value, a list or a comparison",
     GATE("{any: [{attribute: a, is: x}, {attribute: a, is: [x, 3]}, {attribute: a, is: \">= "
          "3\"}]}"),
     NULL, NULL, NULL},
    {"an attribute needs is", GATE("{attribute: a}"), "17:31", "missing-key", NULL},
    {"joined conditions",
     GATE("{all: [{not: {result: a, value: \"< 1\"}}, {any: [{result: b, value: \"> 1\"}]}]}"),
     NULL, NULL, NULL},
    {"joins stand alone", GATE("{all: [{result: a, value: \"< 1\"}], any: []}"), "17:37",
     "bad-value", NULL},
    {"an empty join", GATE("{any: []}"), "17:43", "bad-value", NULL},
    {"a join of no list", GATE("{any: {result: a, value: \"< 1\"}}"), "17:43", "bad-value", NULL},
    {"an empty condition", GATE("{}"), "17:37", "bad-value", NULL},
    {"a condition of nothing known", GATE("{colour: red}"), "17:37", "bad-value", NULL},
    {"two that look at each other's pay",
     SCENE_HEAD "components:\n" LOOKS("a", "b") LOOKS("b", "a"), "11:3", "circle", "attainment"},
    {"three in a circle",
     SCENE_HEAD "components:\n" LOOKS("a", "b") LOOKS("b", "c") LOOKS("c", "b"), "17:3", "circle",
     NULL},
    {"three in a row",
     SCENE_HEAD "components:\n" LOOKS("a", "b") LOOKS("b", "c")
         COMPONENT("c", "sum: amount", "quarter", "    pays: {rate: 1%}\n"),
     NULL, NULL, NULL},
    /* --- multiply --- */
    {"by more than all", ADJUST("multiply: {by: 200%}"), NULL, NULL, NULL},
    {"by a number", ADJUST("multiply: {by: 2}"), "17:24", "bad-number", NULL},
    {"between two shares", ADJUST("multiply: {by: 75%, between: [0%, 125%]}"), NULL, NULL, NULL},
    {"between equal shares", ADJUST("multiply: {by: 75%, between: [75%, 75%]}"), NULL, NULL, NULL},
    {"between falling shares", ADJUST("multiply: {by: 75%, between: [76%, 75%]}"), "17:38",
     "bad-value", NULL},
    {"between three shares", ADJUST("multiply: {by: 75%, between: [1%, 2%, 3%]}"), "17:38",
     "bad-value", NULL},
    {"by a curve", CURVE(""), NULL, NULL, NULL},
    {"by a curve from below 0",
     ADJUST(
         "multiply: {by: {curve: {points: [[-100, 80%], [100, 120%]], below: flat, above: {slope: "
         "0.1%}}, of: {result: nps, of: team}}}"),
     NULL, NULL, NULL},
    {"a curve needs a result",
     ADJUST("multiply: {by: {curve: {points: [[30, 80%]], below: flat, above: flat}}}"), "17:20",
     "missing-key", "of: {result"},
    {"a curve's factor carries its percent",
     ADJUST("multiply: {by: {curve: {points: [[30, 80]], below: flat, above: flat}, of: {result: "
            "nps}}}"),
     "17:47", "bad-number", NULL},
    /* --- cap, floor, add, prorate --- */
    {"a share of target", ADJUST("cap: {at: 200% of target, per: window}"), NULL, NULL, NULL},
    {"a cap for some", ADJUST("cap: {at: 5, per: window, when: {attribute: level, is: junior}}"),
     NULL, NULL, NULL},
    {"a cap for some is not the one that lower asks for",
     DEALS "    goal: {fixed: 5, direction: lower}\n    pays: {rate: 1%}\n    adjust: [{cap: {at: "
           "5, per: window, when: {attribute: a, is: b}}}]\n",
     "15:5", "must-say", "cap:"},
    {"a year's cap of the whole plan",
     MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: plan\n    pays: "
                                    "{rate: 1%}\n    adjust: [{cap: {at: 5, per: year}}]\n",
     "16:33", "bad-value", NULL},
    {"a deal's cap in a quarter must say attribution", ADJUST("cap: {at: 5, per: deal}"), "11:3",
     "must-say", "pro-rata"},
    {"a deal's cap over deals says none",
     MAIN("of: deals, sum: amount") "    cancelled: {effect: recompute}\n    over: deal\n    pays: "
                                    "{rate: 1%}\n    adjust: [{cap: {at: 5, per: deal}}]\n",
     NULL, NULL, NULL},
    {"a deal's cap of results",
     MAIN("of: results, result: a, take: last, missing: zero") "    over: quarter\n    pays: "
                                                               "{unit: 1}\n    adjust: [{cap: {at: "
                                                               "5, per: deal}}]\n",
     "15:33", "bad-value", NULL},
    {"what is added is a number", ADJUST("add: 5%"), "17:14", "bad-number", NULL},
    {"prorated pay", ADJUST("prorate: months"), NULL, NULL, NULL},
    {"pay that is not prorated", ADJUST("prorate: none"), "17:18", "bad-value", NULL},
    {"prorated twice", GOAL("decimals: 4", "days") "    adjust: [{prorate: days}]\n", "17:24",
     "bad-value", NULL},
    {"a step that is none", ADJUST("limit: 5"), "17:9", "unknown-key", NULL},
};

int main(void)
{
    return RUN_CASES(rows, says);
}
