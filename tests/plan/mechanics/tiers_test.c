#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanic_rows.h"

#define TIERS(head, table) "    pays: {tiers: {" head ", table: [" table "]}}"
#define HEAD(on, method, gives)                                                                    \
    "on: " on ", method: " method ", boundary: higher, gives: " gives ", negative: nothing"
#define LOWER(on, method, gives)                                                                   \
    "on: " on ", method: " method ", boundary: lower, gives: " gives ", negative: nothing"
#define FIRST(on, method, gives)                                                                   \
    "on: " on ", method: " method ", boundary: higher, gives: " gives ", negative: first-tier"

#define T01      "{from: 0, give: 4%}, {from: 150000, give: 6%}, {from: 250000, give: 8%}"
#define MARGINAL TIERS(HEAD("amount", "marginal", "rate"), T01)
#define WHOLE    TIERS(HEAD("amount", "whole", "rate"), T01)
#define T04                                                                                        \
    "{from: 0, give: 1%}, {from: 1000, give: 2%}, {from: 3000, give: 3%}, {from: 8000, give: 5%}"
#define V04_TIERS TIERS(HEAD("amount", "marginal", "rate"), T04)
#define V05_TIERS                                                                                  \
    TIERS(HEAD("amount", "interpolated", "amount"),                                                \
          "{from: 0, give: 10}, {from: 1000, give: 40}, {from: 3000, give: 100}, "                 \
          "{from: 8000, give: 2000}, {from: 20000}")
#define T07                                                                                        \
    "{from: 0, give: 2%}, {from: 200, give: 3%}, {from: 500, give: 4%}, "                          \
    "{from: 1000, give: 5.5%}"
#define T86 "{from: 0, give: 1.75%}, {from: 1500000, give: 2.5%}"
#define T16                                                                                        \
    "{from: 0%, give: 5%}, {from: 50%, give: 10%, retroactive: true}, {from: 100%, give: 20%}"
#define V16_TIERS TIERS(HEAD("attainment", "marginal", "rate"), T16)
#define V16_LOWER TIERS(LOWER("attainment", "marginal", "rate"), T16)
#define T78       "{from: 0, give: 1}, {from: 100, give: 2}"
#define SPREAD                                                                                     \
    TIERS(HEAD("amount", "marginal", "unit") ", units-of: quantity",                               \
          "{from: 0, give: 1}, {from: 1000, give: 3}")
#define STEPS      "{from: 80%, give: 100}, {from: 100%, give: 250}"
#define SHARES     "{from: 80%, give: 40%}, {from: 100%, give: 60%}"
#define HIGH_START "{from: 1000, give: 5%}, {from: 2000, give: 10%}"

static const struct mechanic_row rows[] = {
    {"V01: 145,000 before", MARGINAL, "145000", "5800", "0"},
    {"V01: 165,000 after: the deal adds 1,100", MARGINAL, "165000", "6900", "150000"},
    {"marginal: the last cent of the first tier", MARGINAL, "149999.99", "5999.9996", "0"},
    {"marginal: exactly on the edge", MARGINAL, "150000", "6000", "150000"},
    {"marginal: the first cent of the second tier", MARGINAL, "150000.01", "6000.0006", "150000"},
    {"marginal: in the last tier", MARGINAL, "300000", "16000", "250000"},
    {"marginal: zero is the first tier", MARGINAL, "0", "0", "0"},
    {"negative: nothing", MARGINAL, "-100", "0", ""},
    {"negative: first-tier takes back at the first rate",
     TIERS(FIRST("amount", "marginal", "rate"), T01), "-100", "-4", ""},
    {"negative: first-tier of whole tiers", TIERS(FIRST("amount", "whole", "rate"), T01), "-100",
     "-4"},
    {"negative: first-tier of interpolated tiers is the first rate of the measure",
     TIERS(FIRST("amount", "interpolated", "rate"), "{from: 0, give: 10%}, {from: 100}"), "-100",
     "-10"},
    {"V04: 200", V04_TIERS, "200", "2"},
    {"V04: 300", V04_TIERS, "300", "3"},
    {"V04: 1,500", V04_TIERS, "1500", "20"},
    {"V04: 1,200", V04_TIERS, "1200", "14"},
    {"V04: 2,000", V04_TIERS, "2000", "30"},
    {"V04: 4,500", V04_TIERS, "4500", "95"},
    {"V05: 200", V05_TIERS, "200", "2", "0"},
    {"V05: 300", V05_TIERS, "300", "3"},
    {"V05: 1,500", V05_TIERS, "1500", "20", "1000"},
    {"V05: 1,200", V05_TIERS, "1200", "14"},
    {"V05: 2,000", V05_TIERS, "2000", "30"},
    {"V05: 4,500", V05_TIERS, "4500", "80"},
    {"interpolated: the end of the last tier pays in full", V05_TIERS, "20000", "2150", "8000"},
    {"interpolated: past the end the full amounts", V05_TIERS, "20000.01", "2150", "8000"},
    {"interpolated: a thousandth before the end", V05_TIERS, "19988", "2148", "8000"},
    {"V07: marginal 44", TIERS(HEAD("amount", "marginal", "rate"), T07), "1200", "44"},
    {"V07: whole 66", TIERS(HEAD("amount", "whole", "rate"), T07), "1200", "66"},
    {"V09: 2,050",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 0, give: 5%}, {from: 10000, give: 7%}, {from: 25000, give: 10%}"),
     "30000", "2050"},
    {"V10: base 10,000 and accelerated 4,800",
     TIERS(HEAD("attainment", "marginal", "rate"), "{from: 0%, give: 5%}, {from: 100%, give: 8%}"),
     "260000", "14800", "100%", .goal = "200000"},
    {"V10: a quota of a third keeps slices exact",
     TIERS(HEAD("attainment", "marginal", "rate"), "{from: 0%, give: 5%}, {from: 100%, give: 8%}"),
     "100", "7", "100%", .goal = "100/3"},
    {"V16: half a cent short of half the quota", V16_TIERS, "16499.99", "824.9995", "0%",
     .goal = "33000"},
    {"V16: at half the quota everything is re-rated", V16_TIERS, "16500", "1650", "50%",
     .goal = "33000"},
    {"V16: boundary lower re-rates only past the edge", V16_LOWER, "16500", "825", "0%",
     .goal = "33000"},
    {"V16: boundary lower, a cent past it", V16_LOWER, "16500.01", "1650.001", "50%",
     .goal = "33000"},
    {"V16: the second boundary does not re-rate", V16_TIERS, "43000", "5300", "100%",
     .goal = "33000"},
    {"V74: 60 in the first tier",
     TIERS(HEAD("amount", "whole", "rate"),
           "{from: 0, give: 5%}, {from: 100, give: 10%}, {from: 350, give: 15%}"),
     "60", "3"},
    {"V74: 200 across two, each part at its rate",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 0, give: 5%}, {from: 100, give: 10%}, {from: 350, give: 15%}"),
     "200", "15"},
    {"V78: 20 units", TIERS(HEAD("amount", "marginal", "unit"), T78), "20", "20",
     .sum = "sum: quantity"},
    {"V78: 80 units", TIERS(HEAD("amount", "marginal", "unit"), T78), "80", "80",
     .sum = "sum: quantity"},
    {"V78: 120 units", TIERS(HEAD("amount", "marginal", "unit"), T78), "120", "140",
     .sum = "sum: quantity"},
    {"unit, whole: the tier reached pays for every unit",
     TIERS(HEAD("amount", "whole", "unit"), T78), "120", "240",
     .sum = "sum: count, count: credited"},
    {"unit, whole, of a quantity beside an amount",
     TIERS(HEAD("amount", "whole", "unit") ", units-of: quantity", T78), "150", "14", .units = "7"},
    {"unit, marginal: units are spread over the slices", SPREAD, "3000", "70", .units = "30"},
    {"unit, units-of: quantity of a measure that is the quantity changes nothing",
     TIERS(HEAD("amount", "marginal", "unit") ", units-of: quantity", T78), "120", "140",
     .sum = "sum: quantity"},
    {"unit, marginal: no measure, no units", SPREAD, "0", "0", .units = "30"},
    {"unit, marginal: all in the first slice", SPREAD, "1000", "30", .units = "30"},
    {"V86: 1,500,000 in the higher tier", TIERS(HEAD("amount", "whole", "rate"), T86), "1500000",
     "37500", "1500000"},
    {"V86: 1,500,000 in the lower tier", TIERS(LOWER("amount", "whole", "rate"), T86), "1500000",
     "26250", "0"},
    {"V86: a cent above, lower", TIERS(LOWER("amount", "whole", "rate"), T86), "1500000.01",
     "37500.00025", "1500000"},
    {"V86: a cent below, higher", TIERS(HEAD("amount", "whole", "rate"), T86), "1499999.99",
     "26249.999825", "0"},
    {"the first edge belongs to the first tier, also with lower",
     TIERS(LOWER("amount", "whole", "rate"), HIGH_START), "1000", "50", "1000"},
    {"below the first edge nothing is paid", TIERS(HEAD("amount", "whole", "rate"), HIGH_START),
     "999.99", "0", ""},
    {"whole tiers pay for everything, below the first edge too",
     TIERS(HEAD("amount", "whole", "rate"), HIGH_START), "1500", "75"},
    {"marginal tiers pay only above the first edge",
     TIERS(HEAD("amount", "marginal", "rate"), HIGH_START), "1500", "25"},
    {"V14: a threshold of 10,000 leaves 1,000 of 11,000",
     TIERS(HEAD("amount", "marginal", "rate"), "{from: 10000, give: 4%}"), "11000", "40"},
    {"a retroactive row pays everything below it, below the first edge too",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 1000, give: 5%}, {from: 2000, give: 10%, retroactive: true}"),
     "2000", "200", "2000"},
    {"rows behind a retroactive one stay marginal",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 0, give: 5%}, {from: 100, give: 10%, retroactive: true}, "
           "{from: 200, give: 1%}"),
     "300", "21"},
    {"the last retroactive row reached decides",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 0, give: 5%}, {from: 100, give: 10%, retroactive: true}, "
           "{from: 200, give: 1%, retroactive: true}"),
     "300", "3"},
    {"amount, marginal: the amounts of the tiers reached add up",
     TIERS(HEAD("attainment", "marginal", "amount"), STEPS), "100", "350", "100%"},
    {"amount, marginal, lower: on the edge only the first",
     TIERS(LOWER("attainment", "marginal", "amount"), STEPS), "100", "100", "80%"},
    {"amount, whole: the amount of the tier", TIERS(HEAD("attainment", "whole", "amount"), STEPS),
     "100", "250", "100%"},
    {"amount, whole: below the first edge nothing",
     TIERS(HEAD("attainment", "whole", "amount"), STEPS), "79.99", "0", ""},
    {"percent-of-target, marginal",
     TIERS(HEAD("attainment", "marginal", "percent-of-target"), SHARES), "100", "10000"},
    {"percent-of-target, whole", TIERS(HEAD("attainment", "whole", "percent-of-target"), SHARES),
     "99", "4000"},
    {"percent-of-target, interpolated",
     TIERS(HEAD("attainment", "interpolated", "percent-of-target"),
           "{from: 80%, give: 40%}, {from: 100%, give: 60%}, {from: 110%}"),
     "105", "7000"},
    {"rate, interpolated: the sum of rates reached, of the whole measure",
     TIERS(HEAD("amount", "interpolated", "rate"),
           "{from: 0, give: 2%}, {from: 1000, give: 4%}, {from: 2000}"),
     "1500", "60"},
    {"rate, interpolated on attainment",
     TIERS(HEAD("attainment", "interpolated", "rate"),
           "{from: 0%, give: 2%}, {from: 100%, give: 4%}, {from: 200%}"),
     "150", "6"},
    {"V12: 40 % of target times a half below 50 %",
     "    pays: {curve: {on: attainment, gives: percent-of-target, below: nothing, above: flat, "
     "boundary: higher, points: [[0%, 0%], [50%, 25%], [50%, 50%], [100%, 100%]]}}",
     "40", "20000", .target = "100000"},
    {"whole percents go with whole tiers: 99.5 is 100",
     TIERS(HEAD("attainment", "whole", "amount"), STEPS), "99.5", "250",
     .goal_line = "    goal: {fixed: 100, attainment: whole-percent-nearest}\n"},
    {"whole percents down: 99.99 is 99", TIERS(HEAD("attainment", "whole", "amount"), STEPS),
     "99.99", "100", .goal_line = "    goal: {fixed: 100, attainment: whole-percent-down}\n"},
    {"a line's attribute leads",
     TIERS(HEAD("line.attribute.margin", "whole", "rate"),
           "{from: 10%, give: 1%}, {from: 30%, give: 3%}"),
     "1000", "30", "30%", .attribute = "0.3", .over = "line"},
    {"a line without the attribute pays nothing",
     TIERS(HEAD("line.attribute.margin", "whole", "rate"), "{from: 0%, give: 1%}"), "1000", "0", "",
     .over = "line"},
    {"negative edges are for attributes",
     TIERS(HEAD("line.attribute.margin", "whole", "rate"),
           "{from: -10%, give: 1%}, {from: 0%, give: 3%}"),
     "1000", "10", "-10%", .attribute = "-0.05", .over = "line"},
    {"rates of many places stay exact",
     TIERS(HEAD("amount", "marginal", "rate"),
           "{from: 0, give: 0.1234567%}, {from: 0.01, give: 0.0000001%}"),
     "0.02", "0.00001234568"},
    {"a measure of the largest amounts does not overflow",
     TIERS(HEAD("amount", "marginal", "rate"), "{from: 0, give: 12.3456789%}, {from: 1, give: 1%}"),
     "92233720368547758.07", "922337203685477.694156789"},
};

int main(void)
{
    return RUN_CASES(rows, mechanic_pays);
}
