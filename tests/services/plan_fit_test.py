#!/usr/bin/env python3
"""`milepost plan fit`: what it proposes, and that it proves it. Figures are worked out by hand beside
each case."""
import json
import os
import sys
import unittest
from decimal import Decimal

import simulate_test
from simulate_test import GOAL, Case, deal, plan, roster, run

CURVE = ("{curve: {on: attainment, gives: percent-of-target, points: [[50%, 0%], [100%, 100%], "
         "[150%, 300%]], below: nothing, above: {slope: 1}}}")
FIXED = "goal: {fixed: 1000, direction: higher, attainment: exact}  # for all\n    "
AMOUNTS = {"a": "400", "b": "600", "c": "800", "d": "1000", "e": "1500"}
PEOPLE = roster(*AMOUNTS, goal="{window: 1000}").replace("}}, ", "}}, ").replace(
    "{window: 1000}}", "{window: 1000}}, target: {window: 1000}")
EVENTS = [deal(f"D-{who}", amount, to=((who, "100%"),), at="2026-03-31T12:00:00Z")
          for who, amount in AMOUNTS.items()]


class Fit(Case):
    def fit(self, *wanted, text=None, people=PEOPLE, events=EVENTS, expect=0):
        given = ["--plan", self.file("plan.yaml", text or plan(goal=GOAL, pays=CURVE)),
                 "--roster", self.file("roster.yaml", people),
                 "--events", self.file("events.jsonl", events)]
        result = run("plan", "fit", *given, *wanted)
        self.assertEqual(result.returncode, expect, result.stderr)
        return result

    def lines(self, *wanted, **options):
        found = {}
        for line in self.fit(*wanted, "--json", **options).stdout.splitlines():
            one = json.loads(line)
            found.setdefault(one.pop("what"), []).append(one)
        return found

    def after(self, found):
        return next(one for one in found["attainment"] if one["side"] == "after")

    def test_goals_move_until_that_share_is_at_goal(self):
        # the best three of five have 1,500, 1,000 and 800; 50 % of five are three too
        for share, goal, reached in [("60%", "800", 3), ("50%", "800", 3), ("20%", "1500", 1),
                                     ("100%", "400", 5), ("40%", "1000", 2)]:
            found = self.lines("--at-goal", share, text=plan(goal=FIXED, pays=CURVE))
            self.assertEqual(self.after(found)["at_goal"], reached, share)
            if goal == "1000":
                self.assertNotIn("line", found)
                continue
            self.assertEqual([(one["line"], one["after"].strip()) for one in found["line"]],
                             [(16, FIXED.strip().replace("1000", goal))], share)

    def test_goals_of_the_roster_move_where_they_stand(self):
        found = self.lines("--at-goal", "60%")
        self.assertEqual(len(found["line"]), 5)
        self.assertTrue(all("{commission: {window: 800}}" in one["after"] and
                            "target: {window: 1000}" in one["after"] for one in found["line"]))
        self.assertEqual(self.after(found)["at_goal"], 3)

    def test_a_goal_that_is_better_lower_rises_until_that_share_keeps_within_it(self):
        # 400, 600 and 777.5 keep within 778 of the claims; the others do not
        lower = FIXED.replace("higher", "lower")
        events = [dict(one, amount="777.5") if one["deal_id"] == "D-c" else one for one in EVENTS]
        found = self.lines("--at-goal", "60%", events=events,
                           text=plan(goal=lower, pays=CURVE) +
                           "    adjust: [{cap: {at: 200% of target, per: window}}]\n")
        self.assertIn("{fixed: 778,", found["line"][0]["after"])
        self.assertEqual(self.after(found)["at_goal"], 3)

    def test_goals_are_rounded_to_where_who_is_to_reach_them_still_does(self):
        # 777.5 of 1,000 is to be the last one at goal: 777 in whole 1, 775 in whole 25
        events = [deal("D-1", "777.5"), deal("D-2", "100", to=(("b", "100%"),))]
        people = roster("jo", "b", goal="{window: 1000}")
        for step, goal in [("1", "777"), ("25", "775"), ("500", "500")]:
            found = self.lines("--at-goal", "50%", "--round", step, people=people, events=events)
            self.assertIn(f"{{window: {goal}}}", found["line"][0]["after"])
            self.assertEqual(self.after(found)["at_goal"], 1)
        result = self.fit("--at-goal", "50%", "--round", "1000", people=people, events=events,
                          expect=1)
        self.assertIn("a goal would become 0", result.stderr)

    def test_yearly_goals_and_goals_by_window_move_by_the_same_factor(self):
        # 800 of a quarter's 1,000: yearly 4,000 become 3,200; by window 1,000 and 2,000
        events = [deal("D-1", "800", at="2026-03-31T12:00:00Z")]
        for form, after in [("{annual: 4000}", "{annual: 3200}"),
                            ("{by-window: {2026-Q1: 1000, 2026-Q2: 2000}}",
                             "{by-window: {2026-Q1: 800, 2026-Q2: 1600}}")]:
            found = self.lines("--at-goal", "100%", people=roster(goal=form), events=events)
            self.assertIn(after, found["line"][0]["after"])
            self.assertEqual(self.after(found)["at_goal"], 1)

    def test_the_curve_begins_and_ends_where_those_shares_lie_outside(self):
        # 40, 60, 80, 100 and 150 %: one of five may lie below, then two; none above, one above
        for share, x, below in [("20%", "60%", 1), ("39%", "60%", 1), ("40%", "80%", 2)]:
            found = self.lines("--below", share)
            self.assertIn(f"points: [[{x}, 0%], [100%", found["line"][0]["after"])
            self.assertEqual(self.after(found)["below_threshold"], below)
        found = self.lines("--above", "0%", text=plan(goal=GOAL, pays=CURVE.replace("[150", "[120")))
        self.assertIn("[150%, 300%]]", found["line"][0]["after"])
        self.assertEqual(self.after(found)["above_excellence"], 0)

    def test_points_that_would_pass_each_other_are_refused(self):
        result = self.fit("--above", "20%", expect=1)
        self.assertIn("the curve would end at 100 %, not behind its last but one point",
                      result.stderr)
        result = self.fit("--below", "60%", expect=1)
        self.assertIn("the curve would begin at 100 %, not before its second point", result.stderr)

    def test_a_cost_is_met_by_one_factor_on_what_is_given(self):
        # 10 % of 4,300 is 430; 645 is half as much again
        found = self.lines("--cost", "645", text=plan())
        self.assertEqual((found["result"][0]["cost_before"], found["result"][0]["cost_after"]),
                         ("430.00", "645.00"))
        self.assertEqual([one["after"].strip() for one in found["line"]], ["pays: {rate: 15%}"])
        # 43 units of 100 at 10: 5 people, 4 + 6 + 8 + 10 + 15; 344 is 8 a unit
        units = [dict(one, quantity=one["amount"][:-2]) for one in EVENTS]
        found = self.lines("--cost", "344", events=units, text=plan(pays="{unit: 10.00}").replace(
            "sum: amount", "sum: quantity"))
        self.assertEqual([one["after"].strip() for one in found["line"]], ["pays: {unit: 8}"])

    def test_of_a_linear_curve_what_is_paid_up_to_goal_stays(self):
        # of 1,000 each: 0 + 200 + 600 + 1,000 + 3,000 = 4,800, of which 2,000 above 100 %.
        # 3,800 leaves 1,000 above: 150 % attained pay 200 %, and the slope behind is half.
        found = self.lines("--cost", "3800")
        self.assertEqual((found["result"][0]["cost_before"], found["result"][0]["cost_after"]),
                         ("4800.00", "3800.00"))
        self.assertIn("points: [[50%, 0%], [100%, 100%], [150%, 200%]], below: nothing, "
                      "above: {slope: 0.5}", found["line"][0]["after"])
        result = self.fit("--cost", "2000", expect=1)  # 2,800 are paid up to goal
        self.assertIn("above 100 %: the nearest is 2800", result.stderr)

    def test_what_is_wanted_together_is_fitted_one_after_the_other(self):
        # goals 800: 50, 75, 100, 125, 187.5 %; at most one below: the curve begins at 75 %
        found = self.lines("--at-goal", "60%", "--below", "20%")
        after = self.after(found)
        self.assertEqual((after["at_goal"], after["below_threshold"], after["threshold"]),
                         (3, 1, "0.75"))

    def test_windows_that_go_on_are_told_and_may_be_left_out(self):
        later = EVENTS + [deal("D-9", "10", at="2026-05-01T00:00:00Z", to=(("a", "100%"),))]
        said = [one["sentence"] for one in self.lines("--at-goal", "20%", events=later)["assumed"]]
        self.assertTrue(any("5 of them count as they stand" in one for one in said), said)
        found = self.lines("--at-goal", "60%", "--until", "2026-04-01", events=later)
        self.assertEqual((self.after(found)["results"], self.after(found)["at_goal"]), (5, 3))

    def test_it_shows_people_the_lines_and_the_distribution_and_changes_no_file(self):
        result = self.fit("--at-goal", "60%", text=plan(goal=FIXED, pays=CURVE))
        self.assertIn("fixed: 800", result.stdout)
        self.assertIn("Simulated: sales commission costs", result.stdout)
        self.assertRegex(result.stdout, r"at goal or above +40.0 %  about 60 %  60.0 %")
        with open(os.path.join(self.folder, "plan.yaml")) as file:
            self.assertEqual(file.read(), plan(goal=FIXED, pays=CURVE))

    def test_the_proposal_pasted_comes_to_what_it_said(self):
        text = plan(goal=FIXED, pays=CURVE)
        found = self.lines("--at-goal", "60%", "--cost", "6000", text=text)
        rows = text.split("\n")
        for one in found["line"]:
            self.assertEqual(rows[one["line"] - 1], one["before"])
            rows[one["line"] - 1] = one["after"]
        totals = self.totals(EVENTS, plans=["\n".join(rows)], people=PEOPLE)
        self.assertEqual(sum(Decimal(one["earned"]) for one in totals),
                         Decimal(found["result"][0]["cost_after"]))
        self.assertEqual(sum(float(one["attainment"]) >= 1 for one in totals), 3)

    def test_a_component_may_be_named_with_its_plan(self):
        two = plan(goal=GOAL) + plan(goal=GOAL).split("components:\n")[1].replace(
            "commission:", "second:")
        for name in ("commission", "sales/commission"):
            found = self.lines("--at-goal", "60%", "--component", name, text=two)
            self.assertEqual(found["result"][0]["component"], "commission")

    def test_what_cannot_be_asked_says_why(self):
        two = plan(goal=GOAL) + plan(goal=GOAL).split("components:\n")[1].replace(
            "commission:", "second:")
        rows = [(["--at-goal", "60%"], two, 1,
                 "say with --component which one is meant: sales/commission sales/second"),
                (["--at-goal", "60%", "--component", "none"], two, 1, "the plans have no component none"),
                (["--at-goal", "60%"], plan(), 1, "the plans have no component with a goal"),
                (["--below", "10%"], plan(goal=GOAL), 1, "for a curve on attainment"),
                (["--cost", "10"], plan(pays="{ramp: 3}"), 1, "plan.yaml:16"),
                ([], plan(), 2, "say what is wanted"),
                (["--at-goal", "160%"], plan(), 2, "a share is from 0% to 100%"),
                (["--cost", "0"], plan(), 2, "--cost is an amount above 0"),
                (["--at-goal", "5%", "--round", "x"], plan(), 2, "--round is a whole number")]
        for wanted, text, code, sentence in rows:
            result = self.fit(*wanted, text=text, expect=code)
            self.assertEqual(result.stdout, "")
            self.assertIn(sentence, result.stderr)


if __name__ == "__main__":
    simulate_test.MILEPOST = sys.argv.pop(1)
    unittest.main(verbosity=1)
