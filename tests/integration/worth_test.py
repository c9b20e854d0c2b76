#!/usr/bin/env python3
"""The judge's arithmetic against figures that others have published or that a hand can check."""
import datetime
import os
import sys
import unittest
from fractions import Fraction

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from worth import Plan, credited, rounded, valued

HEAD = """
plan: p
version: {version}
currency: USD
timezone: {zone}
effective: {{from: {starts}, until: 2027-01-01}}
rounding: {{to: 0.01, mode: {mode}}}
mid-window: last
components:
  c:
    measure: {measure}
    cancelled: {{effect: recompute}}
    over: {over}
    goal: {goal}
    pays: {pays}
    adjust: {adjust}
"""
CURVE = ("{curve: {on: attainment, gives: percent-of-target, points: [[50%, 0%], [100%, 100%], "
         "[150%, 300%]], below: nothing, above: {slope: 1}}}")
TIERS = "[{from: 0, give: 4%}, {from: 150000, give: 6%}, {from: 250000, give: 8%}]"
BANDS = "[{from: 50%, give: 100}, {from: 80%, give: 400}, {from: 100%, give: 1000}]"


def tiers(method, gives="rate", on="amount", table=TIERS, boundary="higher", more=""):
    return (f"{{tiers: {{on: {on}, method: {method}, boundary: {boundary}, gives: {gives}, "
            f"table: {table}, negative: nothing{more}}}}}")


def plan(pays, measure="{of: deals, sum: amount}", over="quarter", goal="none", adjust="[]",
         mode="half-even", zone="UTC", version=1, starts="2026-01-01"):
    return Plan(yaml.load(HEAD.format(pays=pays, measure=measure, over=over, goal=goal,
                                      adjust=adjust, mode=mode, zone=zone, version=version,
                                      starts=starts), Loader=yaml.BaseLoader))


def deal(amount, name="D", closed="2026-02-03T10:00:00+00:00", share="1", **more):
    return {"deal_id": name, "status": "CLOSED", "currency": "USD", "amount": Fraction(amount),
            "closed_at": datetime.datetime.fromisoformat(closed), "amounts": {}, "lines": [],
            "quantity": None, "attributes": {}, "territory": None, "customer_id": None,
            "deal_type": None, "participants": [
                {"participant": "person:jo", "role": "owner", "share": Fraction(share)}], **more}


ASSIGNED = [{"plan": "p", "from": datetime.date(2026, 1, 1), "until": None,
             "goals": {"c": {"window": Fraction(100000)}},
             "targets": {"": {"window": Fraction(10000)}}}]
ROSTER_GOAL = "{from: roster, attainment: exact, direction: higher, zero: nothing, prorate: none}"


def earned(plans, deals, splits=None):
    plans = plans if isinstance(plans, list) else [plans]
    rows = credited(deals, splits or {}).get("person:jo", [])
    return {window: str(one.earned)
            for (_, _, window), one in valued(rows, ASSIGNED, {"p": plans}).items()}


class Worth(unittest.TestCase):
    def rows(self, rows):
        for pays, amount, expected, more in rows:
            with self.subTest(pays=pays, amount=amount):
                found = earned(plan(pays, **more), [deal(amount)])
                self.assertEqual(found, {"2026-Q1": str(Fraction(expected))})

    def test_the_published_curve_pays_what_was_published(self):
        self.rows([(CURVE, x * 1000, pay, {"goal": ROSTER_GOAL}) for x, pay in [
            (49, 0), (50, 0), (75, 5000), (80, 6000), (90, 8000), (100, 10000), (110, 14000),
            (130, 22000), (150, 30000), (151, 30100), (200, 35000)]])

    def test_each_method_of_tiers_pays_by_its_own_rule(self):
        self.rows([
            (tiers("marginal"), 150000, 6000, {}), (tiers("marginal"), 200000, 9000, {}),
            (tiers("marginal"), 300000, 16000, {}), (tiers("whole"), 149999, "5999.96", {}),
            (tiers("whole"), 150000, 9000, {}),
            (tiers("whole", boundary="lower"), 150000, 6000, {}),
            (tiers("marginal", table="[{from: 0, give: 4%}, {from: 150000, give: 6%, "
                   "retroactive: true}]"), 150000, 9000, {}),
            (tiers("marginal", "amount", "attainment", BANDS), 85000, 500, {"goal": ROSTER_GOAL}),
            (tiers("whole", "amount", "attainment", BANDS), 85000, 400, {"goal": ROSTER_GOAL}),
            (tiers("whole", "amount", "attainment", BANDS, "lower"), 50000, 100,
             {"goal": ROSTER_GOAL}),
            (tiers("interpolated", "amount", "attainment",
                   "[{from: 50%, give: 100}, {from: 100%, give: 1000}, {from: 200%}]"), 150000,
             600, {"goal": ROSTER_GOAL}),
            (tiers("marginal", table="[{from: 0, give: 1%}, {from: 50%, give: 2%}]",
                   on="attainment"), 80000, 1100, {"goal": ROSTER_GOAL}),
        ])

    def test_caps_and_floors_work_in_the_order_written(self):
        self.rows([
            ("{rate: 10%}", 1000, 50, {"adjust": "[{cap: {at: 50, per: window}}]"}),
            ("{rate: 10%}", 1000, 200, {"adjust": "[{floor: {at: 200, per: window}}]"}),
            ("{rate: 10%}", 900000, 20000, {"adjust": "[{cap: {at: 200% of target, "
                                                      "per: window}}]"}),
            ("{unit: 10.00, after: 3000}", 3100, 1000, {}), ("{unit: 10.00, after: 3000}", 1, 0, {}),
        ])

    def test_windows_go_by_the_day_in_the_plans_zone(self):
        late = "2026-04-01T03:59:59.999+00:00"
        self.assertEqual(earned(plan("{rate: 10%}"), [deal(100, closed=late)]), {"2026-Q2": "10"})
        self.assertEqual(earned(plan("{rate: 10%}", zone="America/New_York"),
                                [deal(100, closed=late)]), {"2026-Q1": "10"})

    def test_a_window_is_valued_by_the_highest_version_effective_at_its_first_day(self):
        versions = [plan("{rate: 10%}"), plan("{rate: 20%}", version=2, starts="2026-04-01")]
        found = earned(versions, [deal(100), deal(100, "E", "2026-04-01T00:00:00+00:00")])
        self.assertEqual(found, {"2026-Q1": "10", "2026-Q2": "20"})

    def test_a_deal_whose_shares_break_a_rule_is_credited_to_nobody(self):
        for share, pays in [("1", "10"), ("0.9999", "9999/1000"), ("0.9998", None)]:
            found = earned(plan("{rate: 10%}", over="year"), [deal(100, share=share)],
                           {"owner": "exactly 100%"})
            self.assertEqual(found, {"2026": str(rounded(Fraction(pays), Fraction("0.01"),
                                                         "half-even"))} if pays else {})

    def test_rounding_is_symmetric(self):
        cent = Fraction("0.01")
        for mode, value, expected in [
                ("half-even", "0.005", "0"), ("half-even", "0.015", "0.02"),
                ("half-even", "-0.015", "-0.02"), ("half-up", "0.005", "0.01"),
                ("half-up", "-0.005", "-0.01"), ("toward-zero", "-0.019", "-0.01"),
                ("away-from-zero", "-0.011", "-0.02"), ("away-from-zero", "0.02", "0.02")]:
            self.assertEqual(rounded(Fraction(value), cent, mode), Fraction(expected), (mode, value))

    def test_counts_and_conditions(self):
        deals = [deal(1, "A", deal_type="x", share="0.5"), deal(1, "B", deal_type="y"),
                 deal(1, "C", deal_type="x")]
        for count, expected in [("credited", "20"), ("shared", "15")]:
            measure = f"{{of: deals, sum: count, count: {count}, where: {{deal-type: x}}}}"
            self.assertEqual(earned(plan("{unit: 10}", measure), deals), {"2026-Q1": expected})


if __name__ == "__main__":
    unittest.main()
