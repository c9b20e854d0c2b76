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
     "11:3", "must-say", "effect: never"},
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
