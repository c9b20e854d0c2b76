/* What is refused in a component and its measure (PLAN-LANGUAGE section 3), and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/refusal_rows.h"

static const struct refusal rows[] = {
    {"a component's name is a name",
     SCENE_HEAD "components:\n"
                "  new business:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "11:3", "bad-value", NULL},
    {"cancelled must be said",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "11:3", "must-say", "effect: recompute"},
    {"cancelled: original-rate comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: original-rate}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "13:25", "not-here", NULL},
    {"cancelled: paid-only comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: paid-only}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "13:25", "not-here", NULL},
    {"cancelled: never comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: never}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "13:25", "not-here", NULL},
    {"a schedule of taking back comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute, take: 50%}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "13:36", "not-here", NULL},
    {"over must be given",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    pays: {rate: 10%}\n",
     "11:3", "missing-key", "over:"},
    {"over that is none",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quater\n"
                "    pays: {rate: 10%}\n",
     "14:11", "bad-word", "quarter"},
    {"release comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    release: {when: payment-received}\n",
     "16:5", "not-here", NULL},
    {"attribution comes later",
     SCENE_HEAD REFUSAL_MAIN "    pays: {rate: 10%}\n"
                             "    attribution: slices\n",
     "16:5", "not-here", NULL},
    {"measuring milestones comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: milestones, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring payments comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: payments, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring results comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: results, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring awards comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: awards, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring downline-deals comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: downline-deals, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring downline-pay comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: downline-pay, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"measuring adjustments comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: adjustments, sum: amount}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:19", "not-here", NULL},
    {"sum: value comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: value}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:31", "not-here", NULL},
    {"sum: count must say count",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: count}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:31", "must-say", "count: shared"},
    {"count beside another sum",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, count: shared}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:39", "bad-key", NULL},
    {"share: after needs single deals",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, share: after}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:46", "bad-value", NULL},
    {"converting comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, convert: {to: USD}}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:48", "not-here", "convert: none"},
    {"levels come later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, levels: 1}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:39", "not-here", NULL},
    {"a plus with a comma",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, plus: \"1,500\"}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:45", "bad-number", "1500.00"},
    {"a plus with a percent",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, plus: 5%}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:45", "bad-number", NULL},
    {"an empty list of roles",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, role: []}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:45", "bad-value", NULL},
    {"where a milestone comes later",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, where: {phase: x}}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:47", "not-here", NULL},
    {"where an unknown field",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, where: {produkt: x}}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:47", "unknown-key", "product"},
    {"a product compared with a number",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, where: {product: \"> 3\"}}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:56", "bad-value", NULL},
    {"a comparison without a number",
     SCENE_HEAD "components:\n"
                "  main:\n"
                "    measure: {of: deals, sum: amount, where: {attribute.x: \"> a\"}}\n"
                "    cancelled: {effect: recompute}\n"
                "    over: quarter\n"
                "    pays: {rate: 10%}\n",
     "12:60", "bad-number", NULL},
};

int main(void)
{
    return RUN_CASES(rows, refuses);
}
