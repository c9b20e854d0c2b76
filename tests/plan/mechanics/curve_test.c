#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/mechanic_rows.h"

#define CURVE(ends, points)                                                                        \
    "    pays: {curve: {on: attainment, gives: percent-of-target, " ends ", points: [" points "]}" \
    "}"
#define WIDE      CURVE("below: nothing, above: {slope: 1}", "[50%, 0%], [100%, 100%], [150%, 300%]")
#define MIDDLE    CURVE("below: nothing, above: flat", "[75%, 25%], [100%, 100%], [125%, 200%]")
#define NARROW    CURVE("below: nothing, above: flat", "[80%, 50%], [100%, 100%], [120%, 200%]")
#define V18_CURVE CURVE("below: nothing, above: flat", "[70%, 0%], [100%, 100%], [150%, 200%]")
#define JUMP(boundary)                                                                             \
    CURVE("below: flat, above: flat, boundary: " boundary,                                         \
          "[50%, 10%], [100%, 20%], [100%, 60%], [120%, 100%]")
#define EDGE_JUMPS(boundary)                                                                       \
    CURVE("below: nothing, above: flat, boundary: " boundary,                                      \
          "[50%, 0%], [50%, 40%], [100%, 100%], [100%, 150%]")
#define WHOLE_DOWN                                                                                 \
    "    goal: {from: roster, attainment: whole-percent-down, zero: nothing, prorate: none}\n"
#define WHOLE_NEAREST                                                                              \
    "    goal: {from: roster, attainment: whole-percent-nearest, zero: nothing, prorate: none}\n"
#define TWO_STEP                                                                                   \
    "    pays: {curve: {on: amount, gives: amount, below: nothing, above: flat, "                  \
    "points: [[5.5, 5000], [6.0, 20000]]}}"
#define SLOPED_AMOUNT                                                                              \
    "    pays: {curve: {on: amount, gives: amount, below: flat, above: {slope: 2.5}, "             \
    "points: [[100, 10], [200, 60]]}}"
#define RATE_CURVE                                                                                 \
    "    pays: {curve: {on: amount, gives: rate, below: nothing, above: {slope: 0.01%}, "          \
    "points: [[1000, 1%], [3000, 5%]]}}"

static const struct mechanic_row rows[] = {
    {"PR3: pays nothing just below the threshold", WIDE, "49.999999999", "0", ""},
    {"PR3: the threshold itself pays what the curve says", WIDE, "50", "0", "50%"},
    {"PR3: slope 2 from threshold to goal", WIDE, "51", "200"},
    {"PR4: 75 pays 50", WIDE, "75", "5000", "50%"},
    {"PR4: 80 pays 60", WIDE, "80", "6000"},
    {"PR4: 90 pays 80", WIDE, "90", "8000"},
    {"PR4: 100 pays 100", WIDE, "100", "10000", "100%"},
    {"PR4: 110 pays 140", WIDE, "110", "14000"},
    {"PR4: 130 pays 220", WIDE, "130", "22000"},
    {"PR4: 150 pays 300", WIDE, "150", "30000", "150%"},
    {"PR4: 151 pays 301", WIDE, "151", "30100", "150%"},
    {"PR4: 200 pays 350", WIDE, "200", "35000"},
    {"PR2: 5.5 of 5 millions is 110 %", WIDE, "5500000", "14000", .goal = "5000000"},
    {"pays nothing for a negative measure under a threshold", WIDE, "-10", "0", ""},
    {"PR5: 75 pays 25", MIDDLE, "75", "2500"},
    {"PR5: nothing under 75", MIDDLE, "74.99", "0"},
    {"PR5: slope 3 below goal", MIDDLE, "76", "2800"},
    {"PR5: slope 4 above goal", MIDDLE, "101", "10400"},
    {"PR5: flat past 125", MIDDLE, "126", "20000", "125%"},
    {"PR6: 80 pays 50", NARROW, "80", "5000"},
    {"PR6: slope 2.5 below goal", NARROW, "81", "5250"},
    {"PR6: slope 5 above goal", NARROW, "101", "10500"},
    {"V18: 85 of 100 pays half the target", V18_CURVE, "85000", "5000", .goal = "100000"},
    {"V18: 120 pays twice as fast above goal", V18_CURVE, "120000", "14000", .goal = "100000"},
    {"V18: capped at 200 %", V18_CURVE, "151000", "20000", .goal = "100000"},
    {"V20: 95.1 of 95 to 100 is 2 %",
     CURVE("below: nothing, above: flat", "[95%, 0%], [100%, 100%]"), "95.1", "2", .target = "100"},
    {"V20: 95.177 is 3.54 %", CURVE("below: nothing, above: flat", "[95%, 0%], [100%, 100%]"),
     "95.177", "3.54", .target = "100"},
    {"V53: nothing below 5.5", TWO_STEP, "5.499999999", "0"},
    {"V53: 5,000 at 5.5", TWO_STEP, "5.5", "5000"},
    {"V53: 12,500 at 5.75", TWO_STEP, "5.75", "12500"},
    {"V53: 20,000 at 6", TWO_STEP, "6", "20000"},
    {"V53: 20,000 past 6", TWO_STEP, "7", "20000"},
    {"below: flat pays the first point under it", SLOPED_AMOUNT, "99", "10", ""},
    {"below: flat pays the first point for a negative measure", SLOPED_AMOUNT, "-1", "10"},
    {"a slope of money is per unit of the measure", SLOPED_AMOUNT, "201", "62.5"},
    {"a rate is taken of the measure", RATE_CURVE, "2000", "60"},
    {"a rate's slope adds share per unit", RATE_CURVE, "3001", "150.3501"},
    {"a rate below nothing pays nothing", RATE_CURVE, "999.99", "0"},
    {"on a jump, higher takes the second point", JUMP("higher"), "100", "6000", "100%"},
    {"on a jump, lower takes the first point", JUMP("lower"), "100", "2000", "100%"},
    {"just before a jump both take the line before", JUMP("higher"), "99.99", "1999.8"},
    {"just after a jump both take the line behind", JUMP("lower"), "100.01", "6002"},
    {"with lower, a point that is no jump is itself", JUMP("lower"), "50", "1000", "50%"},
    {"a jump at the first point, higher", EDGE_JUMPS("higher"), "50", "4000"},
    {"a jump at the first point, lower", EDGE_JUMPS("lower"), "50", "0"},
    {"a jump at the last point, higher", EDGE_JUMPS("higher"), "100", "15000"},
    {"a jump at the last point, lower", EDGE_JUMPS("lower"), "100", "10000"},
    {"past a last jump its second point stays", EDGE_JUMPS("lower"), "100.01", "15000"},
    {"S16: whole percents down: 99.99 is 99", WIDE, "99.99", "9800", .goal_line = WHOLE_DOWN},
    {"S16: whole percents down: 100 is 100", WIDE, "100", "10000", .goal_line = WHOLE_DOWN},
    {"S16: nearest: 99.49 is 99", WIDE, "99.49", "9800", .goal_line = WHOLE_NEAREST},
    {"S16: nearest: half a percent goes up", WIDE, "99.5", "10000", .goal_line = WHOLE_NEAREST},
    {"PR8: 16.6 of a goal of 20 is exact when exact", WIDE, "16.6", "6600", .goal = "20"},
    {"a goal of a third stays exact", WIDE, "30", "8000", .goal = "100/3"},
    {"an attribute leads on lines",
     "    pays: {curve: {on: line.attribute.margin, gives: rate, "
     "below: nothing, above: flat, points: [[10%, 2%], [30%, 6%]]}}",
     "1000", "40", .attribute = "20%", .over = "line"},
    {"a line without the attribute pays nothing",
     "    pays: {curve: {on: line.attribute.margin, gives: rate, "
     "below: flat, above: flat, points: [[10%, 2%], [30%, 6%]]}}",
     "1000", "0", .over = "line"},
    {"direction lower: half the goal is 200 %", WIDE, "50", "35000",
     .goal_line = "    goal: {fixed: 100, direction: lower}\n"
                  "    adjust: [{cap: {at: 400% of target, per: window}}]\n"},
    {"direction lower: twice the goal is 50 %", WIDE, "200", "0",
     .goal_line = "    goal: {fixed: 100, direction: lower}\n"
                  "    adjust: [{cap: {at: 400% of target, per: window}}]\n"},
};

int main(void)
{
    return RUN_CASES(rows, mechanic_pays);
}
