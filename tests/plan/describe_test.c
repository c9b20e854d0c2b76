/* What plans say of themselves, word by word: each mechanic, each step of adjust, each release,
 * each cancellation. The sentences were written down by hand from what libs/plan/README.md says
 * that the lines mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "plan/describe.h"
#include "plan/plan_scene.h"
#include "support/case.h"

#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct told {
    const char *label;
    enum describe_topic topic;
    const char *pays;    /* lines of the component from there on, 4 blanks in front */
    const char *said;    /* exactly these sentences */
    const char *measure; /* NULL: {of: deals, sum: amount} */
    const char *over;    /* NULL: quarter */
    const char *head;    /* lines before `components`; NULL: those of the scene */
};

#define RATE "    pays: {rate: 10%}\n"

static void tells(const struct told *row)
{
    struct scene scene;
    struct buffer said = {0};
    const struct plan *plan = NULL;
    bool is_counted = !row->measure || !strstr(row->measure, "results");
    scene_init(&scene);
    buffer_printf(&scene.text, "%scomponents:\n  main:\n", row->head ? row->head : SCENE_HEAD);
    if (!row->measure || row->measure[0])
        buffer_printf(&scene.text, "    measure: %s\n",
                      row->measure ? row->measure : "{of: deals, sum: amount}");
    if (is_counted && !strstr(row->pays, "cancelled:") && !strstr(row->pays, "level:"))
        buffer_printf(&scene.text, "    cancelled: {effect: recompute}\n");
    buffer_printf(&scene.text, "    over: %s\n%s", row->over ? row->over : "quarter", row->pays);
    enum status status = scene_read(&scene, buffer_slice(&scene.text), &plan);
    if (status) {
        reports_append(&scene.reports, false, &said);
        fail_msg("%.*s", SLICE_ARGS(buffer_slice(&said)));
    }
    describe_component(plan, &plan->components[0], row->topic, &said);
    buffer_append_byte(&said, '\0');
    assert_string_equal(said.bytes, row->said);
    buffer_deinit(&said);
    scene_deinit(&scene);
}

static void test_tells(void **state)
{
    tells(*state);
}

/* --- mechanics --- */

static const struct told mechanics[] = {
    {"nothing", DESCRIBE_PAYS, "    pays: nothing\n",
     "It pays nothing itself: it is there for others to look at.\n"},
    {"rate", DESCRIBE_PAYS, "    pays: {rate: 12.5%}\n",
     "12.5 % of the measure, and of what comes back likewise.\n"},
    {"rates", DESCRIBE_PAYS,
     "    pays: {rates: [{when: {territory: DACH, deal-type: [new, renewal]}, give: 2%}, {when: "
     "{product: core}, give: 5%}, {else: 1%}], match: highest}\n",
     "Each deal, or each of its lines, is paid at the highest of these that fit:\n"
     "2 % where the territory is DACH and the deal type is new or renewal.\n"
     "5 % where the product is core.\n"
     "1 % where none of them fits.\n"},
    {"unit with free units", DESCRIBE_PAYS, "    pays: {unit: 2.50, after: 3000}\n",
     "2.50 USD for each unit beyond the first 3,000, which pay nothing.\n"
     "A negative measure pays nothing.\n",
     "{of: deals, sum: quantity}"},
    {"marginal tiers of a rate", DESCRIBE_PAYS,
     "    pays:\n      tiers: {on: amount, method: marginal, boundary: lower, gives: rate, "
     "negative: first-tier, table: [{from: 10000, give: 4%}, {from: 150000, give: 6%, "
     "retroactive: true}]}\n",
     "Tiers of the measure: each tier pays a share of its own slice of the measure.\n"
     "From 10,000 USD to 150,000 USD it is 4 %.\n"
     "From 150,000 USD on it is 6 %, and once that tier is reached everything below it gets the "
     "same.\n"
     "Exactly on an edge the lower tier holds.\n"
     "Below 10,000 USD nothing is paid.\n"
     "A negative measure is taken back at the first tier's rate.\n"},
    {"marginal tiers of an amount", DESCRIBE_PAYS,
     "    pays:\n      tiers: {on: amount, method: marginal, boundary: higher, gives: amount, "
     "negative: nothing, table: [{from: 25000, give: 250}, {from: 50000, give: 750}]}\n",
     "Tiers of the measure: what the tiers reached pay is added up.\n"
     "Reaching 25,000 USD adds 250 USD.\n"
     "Reaching 50,000 USD adds 750 USD.\n"
     "Exactly on an edge the higher tier holds.\n"
     "Below 25,000 USD nothing is paid.\n"
     "A negative measure pays nothing.\n"},
    {"whole tiers of a share of target", DESCRIBE_PAYS,
     SCENE_GOAL
     "    pays:\n      tiers: {on: attainment, method: whole, boundary: higher, gives: "
     "percent-of-target, negative: nothing, table: [{from: 0%, give: 0%}, {from: 100%, give: "
     "100%}]}\n",
     "Tiers of attainment: the tier reached pays, and no other.\n"
     "From 0 % to 100 % it is 0 % of the target incentive.\n"
     "From 100 % on it is 100 % of the target incentive.\n"
     "Exactly on an edge the higher tier holds.\n"
     "A negative measure pays nothing.\n"},
    {"interpolated tiers", DESCRIBE_PAYS,
     "    pays:\n      tiers: {on: amount, method: interpolated, boundary: higher, gives: amount, "
     "negative: nothing, table: [{from: 0, give: 1000}, {from: 100000, give: 3000}, {from: "
     "200000}]}\n",
     "Tiers of the measure: tiers add up, the last one by the part of it that is reached.\n"
     "From 0 USD to 100,000 USD adds 1,000 USD, evenly.\n"
     "From 100,000 USD to 200,000 USD adds 3,000 USD, evenly.\n"
     "Past 200,000 USD nothing more is added.\n"
     "A negative measure pays nothing.\n"},
    {"a curve with a jump and a slope", DESCRIBE_PAYS,
     SCENE_GOAL
     "    pays:\n      curve: {on: attainment, gives: percent-of-target, points: [[75%, 0%], [75%, "
     "25%], [100%, 100%]], boundary: lower, below: nothing, above: {slope: 2}}\n",
     "A share of the target incentive that hangs on attainment.\n"
     "Below 75 % it is nothing.\n"
     "At 75 % it jumps from 0 % to 25 % of the target incentive; exactly there it is the former.\n"
     "From 75 % to 100 % it rises evenly from 25 % to 100 % of the target incentive.\n"
     "Past 100 % each further 1 % adds 2 % of the target incentive.\n"},
    {"a flat curve of rates over an amount", DESCRIBE_PAYS,
     "    pays:\n      curve: {on: amount, gives: rate, points: [[1000, 2%], [2000, 4%], [3000, "
     "3%]], below: flat, above: flat}\n",
     "A rate on the whole measure that hangs on the measure.\n"
     "Below 1,000 USD it is 2 %.\n"
     "From 1,000 USD to 2,000 USD it rises evenly from 2 % to 4 %.\n"
     "From 2,000 USD to 3,000 USD it falls evenly from 4 % to 3 %.\n"
     "Past 3,000 USD it stays at 3 %: that is the most.\n"},
    {"a measure in another currency than the pay", DESCRIBE_PAYS,
     "    pays:\n      milestones: {award: each, boundary: reached, table: [{name: one, reach: "
     "1000, give: 50}]}\n",
     "Milestones of the running total: each one reached pays, one after the other.\n"
     "one: reaching 1,000 USD pays 50 PTS.\n"
     "Exactly the threshold is enough.\n"
     "What was reached stays reached when something comes back later.\n",
     "{of: deals, sum: amount, convert: {to: USD, rate-of: closed-date, missing: pending}}", NULL,
     "milepost: 1\nplan: points\nversion: 1\ncurrency: PTS\ntimezone: UTC\n"
     "calendar: {year-starts: 01-01}\neffective: {from: 2026-01-01}\n"
     "rounding: {to: 1, mode: half-even}\nmid-window: last\n"},
    {"milestones with deadlines", DESCRIBE_PAYS,
     "    pays:\n      milestones: {award: each, boundary: reached, late: 50%, table: [{name: "
     "first, reach: 100000, by: end of month 1, give: 1000}, {name: second, reach: 250000, by: "
     "2026-03-31, give: 2%}, {name: third, reach: 500000, by: end of window, give: 5000}]}\n",
     "Milestones of the running total: each one reached pays, one after the other.\n"
     "first: reaching 100,000 USD by the end of month 1 pays 1,000 USD.\n"
     "second: reaching 250,000 USD by 31 March 2026 pays 2 % of the total at that moment.\n"
     "third: reaching 500,000 USD by the end of the window pays 5,000 USD.\n"
     "Exactly the threshold is enough.\n"
     "Reached later, it pays 50 % of that; the dates of the deals decide, not when they became "
     "known.\n"
     "What was reached stays reached when something comes back later.\n"},
    {"a lump sum that must be passed", DESCRIBE_PAYS,
     "    pays:\n      milestones: {award: highest, boundary: passed, table: [{reach: 1, give: "
     "5}]}\n",
     "Milestones of the running total: the highest one reached pays, as one lump sum.\n"
     "1: passing 1 deal pays 5 USD.\n"
     "Exactly the threshold is not enough.\n"
     "What was reached stays reached when something comes back later.\n",
     "{of: deals, sum: count, count: credited}"},
    {"phases", DESCRIBE_PAYS,
     "    pays:\n      phases: {of: contract-value, requires: approval, dated: approved, table: "
     "[{phase: design, give: 30%, by: 4 weeks after closed, late: 50%}, {phase: build, give: "
     "70%}]}\n",
     "Each phase of a contract pays a share of the contract's value.\n"
     "design: 30 %, within 4 weeks of the deal being closed; later 50 % of that.\n"
     "build: 70 %.\n"
     "A phase counts when it is approved; its date is that on which it was approved.\n"
     "When the contract's value changes, what was earned is valued anew and the difference is "
     "paid or taken back.\n",
     "{of: milestones}", "deal"},
    {"phases of a fixed sum, as the event says", DESCRIBE_PAYS,
     "    pays: {phases: {of: fixed, table: from milestones}}\n",
     "Each phase of a contract pays a fixed sum, as the milestone event itself says.\n"
     "A phase counts as soon as it is reached; its date is that on which it was reached.\n",
     "{of: milestones}", "deal"},
    {"progress", DESCRIBE_PAYS, "    pays: {progress: {of: contract-value}}\n",
     "The part of a contract's value that is complete, by its latest milestone; approval is not "
     "needed.\n",
     "{of: milestones}", "deal"},
    {"level", DESCRIBE_PAYS, "    pays: {level: {give: 2000, each: month}}\n",
     "2,000 USD for every whole month of the assignment, when the month is over.\n", "", "year"},
    {"scorecard", DESCRIBE_PAYS,
     "    pays:\n      scorecard: {of: 5000, missing: pending, round-scores: whole-percent, "
     "objectives: [{name: csat, weight: 50%, plan: 90, score: linear, cap: 120%}, {name: cost, "
     "weight: 30%, plan: {from: roster}, direction: lower, score: {curve: {points: [[80%, 0%], "
     "[100%, 100%]], below: nothing, above: flat}}}, {name: launch, weight: 20%, score: {binary: "
     "\">= 100%\"}}]}\n",
     "A scorecard pays 5,000 USD times the sum of weight times score.\n"
     "csat weighs 50 % and scores its value against a plan of 90, at most 120 %.\n"
     "cost weighs 30 % and scores by its plan of the roster's against its value, so that less is "
     "better.\n"
     "Below 80 % it is nothing.\n"
     "From 80 % to 100 % it rises evenly from 0 % to 100 %.\n"
     "Past 100 % it stays at 100 %: that is the most.\n"
     "launch weighs 20 % and scores 100 % when its value is at least 100 %, else 0 %.\n"
     "Each score is rounded to whole percents, half a percent going up.\n"
     "An objective without a result makes the whole scorecard wait.\n",
     "{of: results}"},
    {"bonus", DESCRIBE_PAYS,
     "    pays: {bonus: {each: 250, when: {quantity: \">= 10\"}, limit: 3}}\n",
     "250 USD for each one where the quantity is at least 10, at most 3 in a window: the "
     "earliest.\n"
     "A shared one is divided by share.\n"},
    {"contest by rank", DESCRIBE_PAYS,
     "    pays: {contest: {rank-by: measure, awards: [5000, 3000, 1000], ties: share, settles: "
     "window-end, after-settling: final}}\n",
     "Entrants are ranked by their measure; the first win: 5,000 USD, 3,000 USD, and then 1,000 "
     "USD.\n"
     "Those who are level share the sum of their prizes.\n"
     "A prize needs a value above zero.\n"
     "It is settled when the window ends; later changes move nothing.\n",
     "{of: downline-deals, sum: amount}"},
    {"contest to be first", DESCRIBE_PAYS,
     "    pays: {contest: {first-to: 50, awards: [500], settles: window-end, after-settling: "
     "recompute}}\n",
     "The first to reach 50 units win, in that order: 500 USD.\n"
     "A prize needs a value above zero.\n"
     "It is settled when the window ends; later changes move it.\n",
     "{of: downline-deals, sum: quantity}"},
    {"pool", DESCRIBE_PAYS,
     "    pays: {pool: {budget: 100000, share: {scale-down: {claim: 2%}}, settles: window-end, "
     "after-settling: final}}\n",
     "A budget of 100,000 USD, of which each member gets 2 % of their measure, scaled down when "
     "that is more than there is.\n"
     "It is settled when the window ends; later changes move nothing.\n",
     "{of: downline-deals, sum: amount}"},
};

/* --- adjust --- */

static const struct told steps[] = {
    {"a cap at a share of target", DESCRIBE_ADJUST,
     RATE "    adjust: [{cap: {at: 200% of target, per: window}}]\n",
     "No more than 200 % of the target incentive is earned for a window.\n"},
    {"a cap that holds while, per year", DESCRIBE_ADJUST,
     SCENE_GOAL RATE "    adjust: [{cap: {at: 5000, per: year, when: {component: main, attainment: "
                     "\"< 100%\"}}}]\n",
     "No more than 5,000 USD is earned for the windows of a year together, which fill in order, "
     "while attainment is below 100 %.\n"},
    {"a floor for each deal", DESCRIBE_ADJUST, RATE "    adjust: [{floor: {at: 200, per: deal}}]\n",
     "At least 200 USD is earned for each deal.\n", NULL, "deal"},
    {"what a gate does, in order", DESCRIBE_ADJUST,
     SCENE_GOAL RATE
     "    adjust:\n"
     "      - gate: {when: {component: main, attainment: \"< 80%\"}, then: nothing}\n"
     "      - gate: {when: {result: csat, value: \"< 90\", of: team}, then: not-payable}\n"
     "      - gate: {when: {attribute: level, is: [junior, trainee]}, then: {keep: 75%}}\n",
     "1. While attainment is below 80 %, nothing is earned.\n"
     "2. While the team's result csat is below 90, it is earned and never paid.\n"
     "3. While the assignment's level is junior or trainee, only 75 % of it stays.\n"},
    {"conditions that are joined", DESCRIBE_ADJUST,
     RATE "    adjust: [{gate: {when: {all: [{any: [{result: safety, value: \"> 3\", of: company}, "
          "{attribute: grade, is: \">= 4\"}]}, {not: {result: csat, value: \">= 90\"}}]}, then: "
          "nothing}}]\n",
     "While (the company's result safety is above 3 or the assignment's grade is at least 4) and "
     "it is not so that the result csat is at least 90, nothing is earned.\n"},
    {"a factor", DESCRIBE_ADJUST,
     RATE "    adjust: [{multiply: {by: 75%, when: {result: nps, value: \"< 30\"}}}]\n",
     "It is multiplied by 75 % while the result nps is below 30.\n"},
    {"a factor by a curve, within bounds", DESCRIBE_ADJUST,
     RATE "    adjust: [{multiply: {by: {curve: {points: [[30, 80%], [70, 120%]], below: flat, "
          "above: flat}, of: {result: nps}}, between: [0%, 125%]}}]\n",
     "It is multiplied by a factor that hangs on the result nps; without that result by 100 %.\n"
     "Below 30 it is 80 %.\n"
     "From 30 to 70 it rises evenly from 80 % to 120 %.\n"
     "Past 70 it stays at 120 %: that is the most.\n"
     "The factor is at least 0 % and at most 125 %.\n"},
    {"what is taken off, and a part of a window", DESCRIBE_ADJUST,
     RATE "    adjust: [{add: -100}, {prorate: days}]\n",
     "1. 100 USD is taken off each window's pay.\n"
     "2. Who is there for a part of a window is paid the same part of it, by days.\n"},
};

/* --- release, cancellation, attribution --- */

static const struct told payings[] = {
    {"without release", DESCRIBE_RELEASE, RATE, "What is earned is payable at once.\n"},
    {"as cash comes, with a hold-back", DESCRIBE_RELEASE,
     RATE "    release: {when: payment-received, holdback: {share: 30%, until: 90 days after "
          "closed}, refund-before-payment: both-due, terms: {net: 30 days}}\n",
     "What is earned for a deal becomes payable as the deal is paid for: in proportion to the cash "
     "received.\n"
     "30 % of what is released is held back until 90 days after the deal is closed.\n"
     "When a refund comes before the payment, the release and its reversal are both published.\n"
     "A payout is due after 30 days.\n",
     NULL, "deal"},
    {"when it is approved", DESCRIBE_RELEASE,
     "    pays: {unit: 10}\n    release: {when: approved, holdback: {share: 5%, until: 2 weeks "
     "after window-end}}\n",
     "What is earned becomes payable when it is approved.\n"
     "5 % of what is released is held back until 2 weeks after the window ends.\n",
     "{of: results, result: csat, sum: value, take: last, missing: zero}"},
    {"at a milestone of the deal", DESCRIBE_RELEASE,
     RATE "    release: {when: {milestone: go-live}, holdback: {share: 10%, until: 2026-12-31}}\n",
     "What is earned for a deal becomes payable when the deal reaches the milestone go-live.\n"
     "10 % of what is released is held back until 31 December 2026.\n",
     NULL, "deal"},
    {"when the window ends", DESCRIBE_RELEASE, RATE "    release: {when: window-end}\n",
     "What is earned becomes payable when the window ends.\n"},
    {"never taken back", DESCRIBE_CANCELLED, "    cancelled: {effect: never}\n" RATE,
     "What was earned for a deal stays when it is cancelled.\n"},
    {"taken back at its own rate, by age", DESCRIBE_CANCELLED,
     "    cancelled: {effect: original-rate, take: [{until: 12 months, take: 100%}, {until: 18 "
     "months, take: 50%}]}\n    attribution: slices\n" RATE,
     "A cancelled deal keeps its place, so that other deals keep their rate; what it earned itself "
     "is taken back in the window in which it is cancelled.\n"
     "Cancelled within 12 months of being closed, 100 % of it is taken back.\n"
     "Later, within 18 months of being closed, 50 % of it is taken back.\n"
     "After that nothing is.\n"},
    {"what was paid, by days, a floor stays", DESCRIBE_CANCELLED,
     "    cancelled: {effect: paid-only, linear: 2 years, basis: rate}\n" RATE
     "    adjust: [{floor: {at: 200, per: deal}}]\n",
     "A cancelled deal keeps its place, so that other deals keep their rate; what had been "
     "released for it up to then is taken back at once, in the window in which it is cancelled, "
     "and nothing more is released for it.\n"
     "What is taken back falls by the day, from 100 % when the deal is closed to nothing after 2 "
     "years.\n"
     "What a floor had added to it stays.\n",
     NULL, "deal"},
    {"a result cannot be cancelled", DESCRIBE_CANCELLED, "    pays: {unit: 10}\n", "",
     "{of: results, result: csat, sum: value, take: last, missing: zero}"},
    {"a deal's part by what it added", DESCRIBE_ATTRIBUTION, RATE "    attribution: slices\n",
     "A deal's part of a window's pay is what it added: the pay with the deals up to it, less the "
     "pay with those before it.\n"},
    {"a deal's part by its measure", DESCRIBE_ATTRIBUTION, RATE "    attribution: pro-rata\n",
     "A deal's part of a window's pay is in proportion to its measure.\n"},
};

/* --- what counts, over what, against what --- */

static const struct told countings[] = {
    {"roles and conditions", DESCRIBE_MEASURE, RATE,
     "The margin of deals in which the participant has credit as owner or overlay is added up.\n"
     "Only lines count where the product is core or plus and the territory is DACH.\n"
     "10,000 USD is taken off each window's sum.\n",
     "{of: deals, sum: amount.margin, role: [owner, overlay], where: {product: [core, plus], "
     "territory: DACH}, plus: -10000}"},
    {"a count of shares", DESCRIBE_MEASURE, "    pays: {unit: 5}\n",
     "The deals in which the participant has credit are counted.\n"
     "A shared one counts as each one's share of it.\n",
     "{of: deals, sum: count, count: shared}"},
    {"the share after the pay, converted", DESCRIBE_MEASURE, RATE,
     "The amounts of deals in which the participant has credit are added up.\n"
     "Pay is worked out for the whole deal, and each participant's share is taken of that pay.\n"
     "Other currencies become USD at the rate of the day the deal was closed, or the last one "
     "before it, at most 5 days old; without one the row waits.\n",
     "{of: deals, sum: amount, share: after, convert: {to: USD, rate-of: closed-date, missing: "
     "previous-up-to 5 days}}",
     "deal"},
    {"a result", DESCRIBE_MEASURE, "    pays: {unit: 10}\n",
     "The measure is the average of the values of the result csat in the window.\n"
     "Without one the component waits for it.\n",
     "{of: results, result: csat, sum: value, take: average, missing: pending}"},
    {"what lies below", DESCRIBE_MEASURE, RATE,
     "The amounts of pay of those below are added up.\n"
     "They come from at most 1 level below.\n",
     "{of: downline-pay, sum: amount, levels: 1}"},
    {"a window", DESCRIBE_OVER, RATE, "It adds up over a quarter; each quarter begins at zero.\n"},
    {"a deal", DESCRIBE_OVER, RATE,
     "Each deal stands alone: nothing adds up from one to the next.\n", NULL, "deal"},
    {"a goal of one's own", DESCRIBE_GOAL,
     "    goal: {from: roster, attainment: whole-percent-nearest, zero: full-target, prorate: "
     "days, decimals: 4, weights: [20%, 20%, 20%, 40%], ramp: [50%, 75%], ramp-from: "
     "next-window}\n    pays: {curve: {on: attainment, gives: amount, points: [[0%, 0]], below: "
     "nothing, above: flat}}\n",
     "Everybody has a goal of their own, in the roster.\n"
     "Attainment is the measure divided by the goal, in whole percents, half a percent going up.\n"
     "A yearly goal falls on the windows of the year as 20 %, 20 %, 20 % and 40 %.\n"
     "Whoever begins has 50 % and 75 % of the goal in the first windows, a partial first one not "
     "counted, then all of it.\n"
     "Who is there for a part of a window has the same part of goal and target incentive, by days, "
     "the part rounded to 4 places.\n"
     "A goal of 0 pays the target incentive in full.\n"},
    {"less is better", DESCRIBE_GOAL,
     "    goal: {fixed: 500000, direction: lower}\n" RATE
     "    adjust: [{cap: {at: 1000, per: window}}]\n",
     "The goal is 500,000 USD for everybody, in every window.\n"
     "Attainment is the goal divided by the measure, so that less is better, exactly.\n"
     "A measure of 0 earns what the first cap allows.\n"},
    {"growth", DESCRIBE_GOAL,
     "    goal: {baseline: {same-window: last-year, negative: count}}\n" RATE,
     "Only growth over the same window of the year before counts; a decline counts as a negative "
     "measure.\n"},
};

/* --- the plan --- */

static void says_what_holds_for_the_plan(void **state)
{
    (void)state;
    struct scene scene;
    struct buffer said = {0};
    const struct plan *plan = NULL;
    scene_init(&scene);
    struct slice text =
        SLICE(SCENE_HEAD "components:\n  main:\n    measure: {of: deals, sum: amount}\n"
                         "    cancelled: {effect: recompute}\n    over: quarter\n" RATE
                         "total:\n  cap: {at: 50000, per: year}\n"
                         "  draw: {amount: 2000, kind: recoverable, recover: surplus, "
                         "recovery-starts: period 4, pay: period-start}\n"
                         "  minimum-payment: 50\n");
    assert_int_equal(scene_read(&scene, text, &plan), STATUS_OK);
    describe_plan(plan, &said);
    describe_total(plan, &said);
    buffer_append_byte(&said, '\0');
    assert_string_equal(
        said.bytes,
        "The plan account-executive, version 3, pays in USD.\n"
        "It holds from 1 January 2026 to 31 December 2026; days begin and end in "
        "America/New_York.\n"
        "What a component has earned in a window is rounded once, in steps of 0.01 USD, to the "
        "nearest, a tie to the even one.\n"
        "When an assignment, goal or target changes inside a window, the last one of the window "
        "holds for all of it.\n"
        "Of a person's components together, by pay period:\n"
        "No more than 50,000 USD is paid for a year.\n"
        "A draw of 2,000 USD tops up a pay period that earns less, and is taken back later.\n"
        "Taking back never takes pay below the draw.\n"
        "Taking back begins in pay period 4.\n"
        "The draw is advanced when the period starts.\n"
        "A late change leaves closed periods' draws as they are and counts in the open period.\n"
        "Less than 50 USD is carried over to the next pay period.\n");
    buffer_deinit(&said);
    scene_deinit(&scene);
}

static void every_mechanic_has_words(void **state)
{
    (void)state;
    size_t count;
    const struct mechanic *const *all = mechanic_table(&count);
    for (size_t i = 0; i < count; i++)
        assert_non_null(all[i]->describe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_holds_for_the_plan),
        cmocka_unit_test(every_mechanic_has_words),
    };
    return RUN_CASES(mechanics, test_tells) + RUN_CASES(steps, test_tells) +
           RUN_CASES(payings, test_tells) + RUN_CASES(countings, test_tells) +
           cmocka_run_group_tests(tests, NULL, NULL);
}
