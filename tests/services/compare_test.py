#!/usr/bin/env python3
"""`milepost compare`: two plans over one history. Figures are worked out by hand beside each case."""
import json
import sys
import unittest

import simulate_test
from simulate_test import GOAL, Case, deal, plan, roster, run

STEPPED = ("{tiers: {on: amount, method: whole, boundary: higher, gives: rate, negative: nothing, "
           "table: [{from: 0, give: 8%}, {from: 1000, give: 12%}]}}")
CURVE = ("{curve: {on: attainment, gives: percent-of-target, points: [[50%%, 0%%], [100%%, 100%%], "
         "[%s, 300%%]], below: nothing, above: flat}}")
PEOPLE = ("jo", "kim", "lu")


class Compare(Case):
    def compare(self, first, second, events, *arguments, people=None, other_people=None, expect=0):
        given = ["--plan", self.file("first.yaml", first), "--against",
                 self.file("second.yaml", second), "--roster",
                 self.file("roster.yaml", people or roster(*PEOPLE)), "--events",
                 self.file("events.jsonl", events)]
        if other_people:
            given += ["--against-roster", self.file("other.yaml", other_people)]
        result = run("compare", *given, *arguments)
        self.assertEqual(result.returncode, expect, result.stderr)
        return result

    def lines(self, what, *arguments, **options):
        shown = self.compare(*arguments[:3], "--json", *arguments[3:], **options).stdout
        found = [json.loads(line) for line in shown.splitlines()]
        return [one for one in found if one.pop("what") == what]

    # A 10 %: jo 50, kim 200, lu 0. B: 500 x 8 % = 40, 2,000 x 12 % = 240, 0.
    EVENTS = [deal("D-1", "500"), deal("D-2", "2000", to=(("kim", "100%"),)),
              deal("D-3", "0", to=(("lu", "100%"),))]
    SIDES = (plan(), plan(version=2, pays=STEPPED), EVENTS)

    def test_what_changes_in_all_and_by_component(self):
        self.assertEqual(self.lines("total", *self.SIDES), [
            {"currency": "USD", "earned": "250.00", "against": "280.00", "difference": "30.00",
             "change": "0.12"}])
        self.assertEqual(self.lines("component", *self.SIDES), [
            {"plan": "sales", "component": "commission", "currency": "USD", "earned": "250.00",
             "against": "280.00", "difference": "30.00", "change": "0.12"}])

    def test_who_wins_and_who_loses(self):
        self.assertEqual(self.lines("people", *self.SIDES), [
            {"currency": "USD", "winners": 1, "won": "40.00", "losers": 1, "lost": "-10.00",
             "unchanged": 1}])
        self.assertEqual([(one["participant"], one["difference"], one["change"])
                          for one in self.lines("participant", *self.SIDES)],
                         [("person:kim", "40.00", "0.2"), ("person:lu", "0.00", None),
                          ("person:jo", "-10.00", "-0.2")])

    def test_components_of_one_side_alone_are_shown_with_what_they_cost_there(self):
        renamed = plan(version=2).replace("  commission:\n", "  fees:\n")
        self.assertEqual([(one["component"], one["earned"], one["against"], one["change"])
                          for one in self.lines("component", plan(), renamed, self.EVENTS)],
                         [("commission", "250.00", "0.00", "-1"), ("fees", "0.00", "250.00", None)])

    def test_attainment_is_counted_on_both_sides_of_threshold_goal_and_excellence(self):
        amounts = ["499.99", "500", "999.99", "1000", "1500", "1500.01"]
        people = [f"p{i}" for i in range(len(amounts))]
        events = [deal(f"D-{i}", amount, to=((people[i], "100%"),), at="2026-03-31T12:00:00Z")
                  for i, amount in enumerate(amounts)]
        sides = [plan(goal=GOAL, pays=CURVE % end, version=version)
                 for version, end in [(1, "150%"), (2, "140%")]]
        given = dict(people=roster(*people, goal="{window: 1000}"))
        got = self.lines("attainment", *sides, events, **given)
        self.assertEqual([(one["side"], one["results"], one["threshold"], one["excellence"],
                           one["below_threshold"], one["at_goal"], one["above_excellence"],
                           one["running"]) for one in got],
                         [("plan", 6, "0.5", "1.5", 1, 3, 1, 0),
                          ("against", 6, "0.5", "1.4", 1, 3, 2, 0)])
        # bands of 25 %: 499.99 | 500 | 999.99 | 1000 | 1500 and 1500.01
        self.assertEqual(got[0]["bands"], [0, 1, 1, 1, 1, 0, 2, 0])
        for until, results in [("2026-04-01", 6), ("2026-03-31", 0)]:
            got = self.lines("attainment", *sides, events, "--until", until, **given)
            self.assertEqual(sum(one["results"] for one in got), 2 * results)

    def test_tiers_have_a_threshold_and_no_excellence(self):
        tiers = ("{tiers: {on: %s, method: whole, boundary: higher, gives: amount, negative: "
                 "nothing, table: [{from: %s, give: 1}, {from: %s, give: 2}]}}")
        sides = [plan(goal=GOAL, pays=tiers % edges, version=version) for version, edges in
                 [(1, ("attainment", "50%", "100%")), (2, ("amount", "500", "1000"))]]
        got = self.lines("attainment", *sides, [deal("D-1", "499.99")],
                         people=roster(goal="{window: 1000}"))
        self.assertEqual([(one["threshold"], one["below_threshold"], one["excellence"],
                           one["above_excellence"]) for one in got],
                         [("0.5", 1, None, 0), (None, 0, None, 0)])

    def test_windows_that_go_on_after_the_last_fact_are_told(self):
        for at, running in [("2026-03-30T12:00:00Z", 1), ("2026-03-31T12:00:00Z", 0)]:
            got = self.lines("attainment", plan(goal=GOAL), plan(goal=GOAL, version=2),
                             [deal("D-1", "10", at=at)], people=roster(goal="{window: 100}"))
            self.assertEqual([one["running"] for one in got], [running, running])

    def test_a_plan_of_another_name_needs_its_own_assignments(self):
        other = plan(plan="other", pays="{rate: 20%}")
        result = self.compare(plan(), other, self.EVENTS, expect=1)
        self.assertIn("nobody in the roster is assigned to plan `other` (--against): give the "
                      "assignments to it with --against-roster", result.stderr)
        got = self.lines("total", plan(), other, self.EVENTS,
                         other_people=roster(*PEOPLE, plan_name="other"))
        self.assertEqual([(one["earned"], one["against"]) for one in got], [("250.00", "500.00")])

    def test_goals_may_be_what_differs(self):
        given = self.compare(plan(goal=GOAL), plan(goal=GOAL), [deal("D-1", "100")], "--json",
                             people=roster(goal="{window: 100}"),
                             other_people=roster(goal="{window: 200}"))
        got = [json.loads(line) for line in given.stdout.splitlines()]
        self.assertEqual([(one["side"], one["at_goal"]) for one in got
                          if one["what"] == "attainment"], [("plan", 1), ("against", 0)])

    def test_tables_and_bars_are_for_people(self):
        shown = self.compare(plan(goal=GOAL), plan(goal=GOAL, version=2, pays=STEPPED), self.EVENTS,
                             people=roster(*PEOPLE, goal="{window: 1000}")).stdout
        self.assertIn("1 win 40.00 USD, 1 lose -10.00, 1 are paid the same.", shown)
        self.assertIn("█", shown)
        self.assertIn("about 60 %", shown)
        self.assertNotIn("person:lu", shown)  # neither wins nor loses; --all shows everybody
        self.assertIn("person:lu", self.compare(*self.SIDES, "--all").stdout)

    def test_what_is_missing_is_exit_2_and_what_is_wrong_exit_1(self):
        for arguments in [[], ["--plan", "p", "--roster", "r", "--events", "e"], ["--nonsense"],
                          ["--plan", "p", "--roster", "r", "--events", "e", "--against", "q",
                           "--until", "soon"]]:
            self.assertEqual(run("compare", *arguments).returncode, 2, arguments)
        result = self.compare(plan(), plan(pays="{ramp: 3}"), self.EVENTS, expect=1)
        self.assertEqual(result.stdout, "")
        self.assertIn("second.yaml:16", result.stderr)


if __name__ == "__main__":
    simulate_test.MILEPOST = sys.argv.pop(1)
    unittest.main(verbosity=1)
