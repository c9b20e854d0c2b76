#!/usr/bin/env python3
"""`milepost what-if` on files: what a fact pays, moves and makes of the next 1,000. Figures are
worked out by hand beside each case."""
import json
import sys
import unittest

import simulate_test
from simulate_test import Case, deal, plan, roster, run

TIERS = ("{tiers: {on: amount, method: %s, boundary: higher, gives: rate, negative: nothing, "
         "table: [{from: 0, give: 4%%}, {from: 10000, give: 6%%}, {from: 25000, give: 8%%}]}}")


class WhatIf(Case):
    def ask(self, *arguments, events=(), expect=0, **files):
        where = ["--plan", self.file("plan.yaml", files.get("plan", plan(pays=TIERS % "marginal"))),
                 "--roster", self.file("roster.yaml", files.get("people", roster("jo", "kim")))]
        if "control" in files:
            where += ["--control", self.file("control.yaml", files["control"])]
        if events:
            where += ["--events", self.file("events.jsonl", events)]
        result = run("what-if", *where, *arguments)
        self.assertEqual(result.returncode, expect, result.stderr)
        return result

    def lines(self, *arguments, **files):
        return [json.loads(line)
                for line in self.ask(*arguments, "--json", **files).stdout.splitlines()]

    def test_a_deal_pays_the_difference_that_it_makes(self):
        # 8,000 stand (320). With 5,000: 400 + 3,000 x 6 % = 580. The next 1,000: 60.
        # 16,000 more instead lie in the second tier: 400 + 14,000 x 6 % = 1,240; then 14,000 to
        # 25,000 is 1,000 short: 24,000 + 1,000 = 25,000, all at 6 %.
        rows = [("5000", "260.00", "0", "10000", "60.00", "10000"),
                ("2000", "80.00", "0", "10000", "60.00", "10000"),
                ("1999.99", "80.00", "0", "0", "60.00", "10000"),
                ("16000", "920.00", "0", "10000", "60.00", "25000"),
                ("16999", "979.94", "0", "10000", "79.98", "25000")]
        for amount, pays, before, after, following, reached in rows:
            got = self.lines("--participant", "person:jo", "--amount", amount,
                             events=[deal("D-1", "8000")])
            self.assertEqual([(one["pays"], one["before"]["step_reached"],
                               one["after"]["step_reached"], one["next"]["pays"],
                               one["next"]["step_reached"]) for one in got],
                             [(pays, before, after, following, reached)], amount)

    def test_a_retroactive_tier_pays_on_everything_at_once(self):
        # whole tiers: 8,000 at 4 % = 320; 10,000 at 6 % = 600; the next 1,000: 60.
        got = self.lines("--participant", "person:jo", "--amount", "2000",
                         events=[deal("D-1", "8000")], plan=plan(pays=TIERS % "whole"))
        self.assertEqual([(one["pays"], one["next"]["pays"]) for one in got],
                         [("280.00", "60.00")])

    def test_what_is_left_out_comes_from_the_plan_and_the_last_fact(self):
        # the day of the last fact in the plan's zone is 31 March, though UTC has April
        got = self.lines("--participant", "person:jo", "--amount", "100",
                         plan=plan(zone="America/New_York"),
                         events=[deal("D-1", "100", at="2026-04-01T02:00:00Z")])
        self.assertEqual([(one["window"], one["at"], one["currency"], one["pays"]) for one in got],
                         [("2026-Q1", "2026-03-31T16:00:00Z", "USD", "10.00")])
        for date, window in [("2026-03-31", "2026-Q1"), ("2026-04-01", "2026-Q2"),
                             ("2026-04-01T03:59:59Z", "2026-Q1")]:
            got = self.lines("--participant", "person:jo", "--amount", "100", "--date", date,
                             plan=plan(zone="America/New_York"))
            self.assertEqual([one["window"] for one in got], [window])

    def test_every_option_of_a_deal_reaches_the_measure(self):
        measured = ("measure: {of: deals, sum: amount, role: [sdr], where: {product: [core], "
                    "territory: dach, customer: c-1, deal-type: new, attribute.level: 3}}")
        narrow = plan().replace("measure: {of: deals, sum: amount}", measured)
        options = {"--product": "core", "--territory": "dach", "--customer": "c-1",
                   "--deal-type": "new", "--attribute": "level=3", "--role": "sdr"}
        said = [word for pair in options.items() for word in pair]
        given = ["--participant", "person:jo", "--amount", "100", "--share", "50%", *said]
        self.assertEqual([one["pays"] for one in self.lines(*given, plan=narrow)], ["5.00"])
        for left_out in options:
            fewer = [word for pair in options.items() if pair[0] != left_out for word in pair]
            result = self.ask("--participant", "person:jo", "--amount", "100", *fewer, plan=narrow)
            self.assertEqual(result.stdout, "")
            self.assertIn("deal what-if at 2026-01-01T12:00:00Z moves nothing", result.stderr)

    def test_quantities_count_and_the_next_amount_has_none(self):
        units = plan(pays="{unit: 10}").replace("sum: amount", "sum: quantity")
        got = self.lines("--participant", "person:jo", "--amount", "100", "--quantity", "7",
                         plan=units)
        self.assertEqual([(one["pays"], one["next"]["pays"]) for one in got], [("70.00", "0.00")])

    def test_other_amounts_of_the_next_deal_follow_in_proportion(self):
        # margin 300 of 1,000; the next 1,000 have 300 again, the next 500 150
        margin = plan().replace("sum: amount", "sum: amount.margin")
        fact = json.dumps(deal("D-9", "1000", amounts={"margin": "300"}))
        for step, pays in [("1000", "30.00"), ("500", "15.00")]:
            got = self.lines(fact, "--next", step, plan=margin)
            self.assertEqual([(one["pays"], one["next"]["pays"]) for one in got],
                             [("30.00", pays)])

    def test_amounts_of_the_next_deal_are_whole_in_its_currency(self):
        # margin 1,000 of 3,000 yen; the next 1,000 have 333, 10 % of 1,333 are 133
        margin = plan(currency="JPY", to="1").replace("sum: amount", "sum: amount.margin")
        fact = json.dumps(deal("D-9", "3000", amounts={"margin": "1000"}, currency="JPY"))
        got = self.lines(fact, plan=margin, people=roster(pay="JPY"))
        self.assertEqual([(one["pays"], one["next"]["pays"]) for one in got], [("100", "33")])

    def test_an_amendment_moves_everybody_that_it_touches(self):
        # D-1 of 1,000 was jo's; with kim's 40 %: jo 60, kim 40
        shared = json.dumps(deal("D-1", "1000", to=(("jo", "60%"), ("kim", "40%")), revision=1))
        got = self.lines(shared, "--next", "0", plan=plan(),
                         events=[deal("D-1", "1000", revision=0)])
        self.assertEqual([(one["participant"], one["pays"], one["after"]["earned"], one["next"])
                          for one in got],
                         [("person:jo", "-40.00", "60.00", None),
                          ("person:kim", "40.00", "40.00", None)])

    def test_a_cancellation_takes_back_and_has_no_next(self):
        gone = json.dumps(deal("D-1", "1000", revision=1, status="CANCELLED",
                               cancelled_at="2026-03-01T00:00:00Z"))
        got = self.lines(gone, plan=plan(), events=[deal("D-1", "1000", revision=0)])
        self.assertEqual([(one["pays"], one["next"]) for one in got], [("-100.00", None)])

    def test_results_may_be_tried(self):
        scored = plan(pays="{tiers: {on: amount, method: whole, gives: amount, boundary: higher, "
                           "table: [{from: 90, give: 100}]}}").replace(
            "measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}",
            "measure: {of: results, result: csat, take: last, missing: zero}")
        for value, paid in [("89", "0.00"), ("90", "100.00")]:
            fact = {"type": "result", "participant": "person:jo", "result": "csat",
                    "date": "2026-02-01", "value": value}
            got = self.lines(json.dumps(fact), plan=scored)
            self.assertEqual([(one["fact"], one["pays"], one["next"]) for one in got],
                             [("result csat", paid, None)])

    def test_a_milestone_that_moves_is_taken_back_where_it_stood(self):
        phases = plan(over="deal", pays="{phases: {of: fixed, requires: nothing, "
                                        "table: [{phase: build, give: 100}]}}"
                      ).replace("{of: deals, sum: amount}", "{of: milestones}")

        def reached(deal_id, revision):
            return {"type": "milestone", "milestone_id": "M-1", "deal_id": deal_id,
                    "milestone": "built", "phase": "build", "status": "REACHED",
                    "revision": revision, "reached_at": "2026-02-10T00:00:00Z"}
        history = [deal("D-1", "500"), deal("D-2", "500", to=(("kim", "100%"),)), reached("D-1", 1)]
        got = self.lines(json.dumps(reached("D-2", 2)), plan=phases, events=history)
        self.assertEqual([(one["participant"], one["window"], one["pays"]) for one in got],
                         [("person:jo", "deal:D-1", "-100.00"),
                          ("person:kim", "deal:D-2", "100.00")])
        for revision in (0, 1):
            result = self.ask(json.dumps(reached("D-2", revision)), plan=phases, events=history,
                              expect=1)
            self.assertIn("it stands under deal D-1 with revision 1: a higher one moves it",
                          result.stderr)

    def test_facts_of_a_file_stand_on_those_before_them(self):
        # 8,000: 320; then 4,000: 80 + 120 = 200; the next 1,000 after both: 60
        facts = self.file("facts.jsonl", [deal("D-1", "8000"), deal("D-2", "4000")])
        got = self.lines(facts)
        self.assertEqual([(one["fact"], one["pays"], one["next"] and one["next"]["pays"])
                          for one in got],
                         [("deal D-1", "320.00", None), ("deal D-2", "200.00", "60.00")])

    def test_what_waits_says_for_what(self):
        control = "crediting:\n  splits: {owner: exactly 100%}\n  remainder: largest-share\n"
        result = self.ask("--participant", "person:jo", "--amount", "100", "--share", "90%",
                          plan=plan(), control=control)
        self.assertIn("deal what-if is credited to nobody yet: splits-differ", result.stderr)
        got = self.lines("--participant", "person:jo", "--amount", "100", "--currency", "EUR",
                         plan=plan())
        self.assertEqual([(one["pays"], one["pending"]) for one in got],
                         [("0.00", ["currency-differs"])])

    def test_a_table_and_a_sentence_are_for_people(self):
        shown = self.ask("--participant", "person:jo", "--amount", "5000",
                         events=[deal("D-1", "8000")]).stdout
        self.assertIn("deal what-if pays person:jo 260.00 USD; the next 1000 are worth 60.00.",
                      shown)
        self.assertIn("0 → 10000", shown)

    def test_the_answer_is_what_simulate_makes_of_the_deal(self):
        history = [deal("D-1", "8000"), deal("D-2", "17000", to=(("kim", "100%"),))]
        fact = deal("D-3", "12345.67", to=(("jo", "70%"), ("kim", "30%")))
        asked = {one["participant"]: one["after"]["earned"]
                 for one in self.lines(json.dumps(fact), events=history)}
        totals = self.totals(history + [fact], plans=[plan(pays=TIERS % "marginal")],
                             people=roster("jo", "kim"))
        self.assertEqual(asked, {one["participant"]: one["earned"] for one in totals})

    def test_what_cannot_be_tried_says_why(self):
        rows = [(["--participant", "jo", "--amount", "1"], 1, "jo is not in the roster"),
                (["--participant", "person:jo", "--amount", "1,0"], 1, "FACT:1:"),
                (["--participant", "person:jo", "--amount", "1", "--date", "soon"], 1,
                 "--date is a day"),
                (["--participant", "person:jo", "--amount", "1", "--attribute", "x"], 1,
                 "NAME=VALUE"),
                (['{"type":"date","date":"2026-04-01"}'], 1, "what-if tries facts"),
                (["nowhere.jsonl"], 1, "nowhere.jsonl"),
                (["--participant", "person:jo"], 2, "--participant and --amount"),
                (["{}", "--amount", "1"], 2, "not both"),
                (["{}", "{}"], 2, "one fact"),
                (["--nonsense"], 2, "not known"),
                (["{}", "--next", "-1"], 2, "--next")]
        for arguments, code, sentence in rows:
            result = self.ask(*arguments, expect=code)
            self.assertEqual(result.stdout, "")
            self.assertIn(sentence, result.stderr)

    def test_a_fact_that_the_services_would_refuse_is_refused(self):
        twice = json.dumps(deal("D-1", "200", revision=1))
        result = self.ask(twice, events=[deal("D-1", "100", revision=1)], expect=1)
        self.assertIn("id-conflict", result.stderr)


if __name__ == "__main__":
    simulate_test.MILEPOST = sys.argv.pop(1)
    unittest.main(verbosity=1)
