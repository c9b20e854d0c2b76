#!/usr/bin/env python3
"""`milepost simulate`, `publish --dry-run` and `plan lint` as their user meets them: files in, bytes
out. No broker, no Redis. Each case states a rule; figures are worked out by hand beside it."""
import json
import os
import random
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLE = os.path.join(TOP, "deploy", "quickstart", "example")
MILEPOST = None  # the program under test, from the command line

PLAN = """milepost: 1
plan: {plan}
version: {version}
title: Sales
currency: {currency}
timezone: {zone}
calendar: {{year-starts: 01-01}}
effective: {{from: 2026-01-01, until: 2027-01-01}}
rounding: {{to: {to}, mode: half-even}}
mid-window: last
components:
  commission:
    measure: {{of: deals, sum: amount}}
    cancelled: {{effect: recompute}}
    over: {over}
    {goal}pays: {pays}
"""
GOAL = ("goal: {from: roster, direction: higher, attainment: exact, prorate: none, "
        "zero: full-target}\n    ")


def plan(**changes):
    values = dict(plan="sales", version=1, currency="USD", zone="UTC", to="0.01", over="quarter",
                  goal="", pays="{rate: 10%}")
    values.update(changes)
    return PLAN.format(**values)


def roster(*people, goal=None, plan_name="sales", pay="USD"):
    text = "pay-groups: {monthly: {periods: month, timezone: UTC}}\nparticipants:\n"
    for person in people or ("jo",):
        goals = f", goals: {{commission: {goal}}}" if goal else ""
        text += (f"  - {{participant: 'person:{person}', pay: {{group: monthly, currency: {pay}}}, "
                 f"employed: [{{from: 2026-01-01}}], assignments: [{{plan: {plan_name}, "
                 f"from: 2026-01-01{goals}}}]}}\n")
    return text


def deal(name, amount, at="2026-02-03T10:00:00Z", to=(("jo", "100%"),), **more):
    event = {"type": "deal", "deal_id": name, "status": "CLOSED", "closed_at": at,
             "amount": amount, "currency": "USD",
             "participants": [{"participant": f"person:{who}", "role": "owner", "share": share}
                              for who, share in to]}
    event.update(more)
    return event


def run(*arguments):
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("MILEPOST_")}
    environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")
    return subprocess.run([MILEPOST, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600)


class Case(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = self.holder.name

    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            if isinstance(content, str):
                out.write(content)
            else:
                out.writelines(json.dumps(event) + "\n" for event in content)
        return path

    def simulate(self, events, *more, plans=None, people=None, control=None, expect=0):
        arguments = ["simulate"]
        for i, text in enumerate(plans or [plan()]):
            arguments += ["--plan", self.file(f"plan{i}.yaml", text)]
        arguments += ["--roster", self.file("roster.yaml", people or roster())]
        if control:
            arguments += ["--control", self.file("control.yaml", control)]
        arguments += ["--events", self.file("events.jsonl", events)]
        result = run(*arguments, "--json", *more)
        self.assertEqual(result.returncode, expect, result.stderr)
        return result

    def totals(self, events, **options):
        return [json.loads(line) for line in self.simulate(events, **options).stdout.splitlines()]

    def columns(self, events, *names, **options):
        return [tuple(line[name] for name in names) for line in self.totals(events, **options)]


class Totals(Case):
    def test_a_line_is_written_exactly_as_the_language_says(self):
        result = self.simulate(
            [deal("D-1", "20000")], people=roster(goal="{window: 250000}"),
            plans=[plan(goal=GOAL, pays="{rate: 4%}")])
        self.assertEqual(
            result.stdout,
            '{"participant":"person:jo","plan":"sales","component":"commission",'
            '"window":"2026-Q1","measure":"20000","goal":"250000","attainment":"0.08",'
            '"earned":"800.00","payable":"800.00","currency":"USD","pending":[]}\n')

    def test_the_example_comes_to_its_expected_figures_step_by_step(self):
        steps = ["deals", "amendment", "cancellation", "closed-again"]
        expected = {}
        with open(os.path.join(EXAMPLE, "expected.tsv")) as table:
            for line in table:
                if not line.startswith("#"):
                    who, *figures = line.rstrip("\n").split("\t")
                    expected[who] = figures
        events = ""
        for at, step in enumerate(steps):
            with open(os.path.join(EXAMPLE, step + ".jsonl")) as more:
                events += more.read()
            result = run("simulate", "--json", "--plan", os.path.join(EXAMPLE, "plan.yaml"),
                         "--roster", os.path.join(EXAMPLE, "roster.yaml"),
                         "--control", os.path.join(EXAMPLE, "crediting.yaml"),
                         "--events", self.file("events.jsonl", events))
            self.assertEqual(result.returncode, 0, result.stderr)
            lines = [json.loads(line) for line in result.stdout.splitlines()]
            self.assertEqual({line["participant"]: line["earned"] for line in lines},
                             {who: figures[at] for who, figures in expected.items()}, step)

    def test_attainment_is_half_even_to_12_places_and_then_canonical(self):
        rows = [("1", "3", "0.333333333333"), ("2", "3", "0.666666666667"), ("1", "4", "0.25"),
                ("3", "3", "1"), ("1", "2000000000000", "0"), ("3", "2000000000000", "0.000000000002")]
        for amount, goal, expected in rows:
            got = self.columns([deal("D-1", amount)], "attainment", plans=[plan(goal=GOAL)],
                               people=roster(goal=f"{{window: {goal}}}"))
            self.assertEqual(got, [(expected,)], f"{amount} of {goal}")

    def test_money_has_the_places_of_the_rounding_and_the_rest_is_canonical(self):
        for to, expected in [("0.01", "12.35"), ("0.1", "12.3"), ("1", "12")]:
            got = self.columns([deal("D-1", "123.45")], "earned", "payable", "measure",
                               plans=[plan(to=to)])
            self.assertEqual(got, [(expected, expected, "123.45")] if to != "0.01"
                             else [("12.34", "12.34", "123.45")], to)

    def test_goal_and_attainment_are_null_without_a_goal(self):
        self.assertEqual(self.columns([deal("D-1", "10")], "goal", "attainment"), [(None, None)])

    def test_lines_are_in_byte_order_of_participant_plan_component_window(self):
        people = ("b", "B", "a", "a-1")
        events = [deal(f"D-{i}", "10", at=at, to=((who, "100%"),))
                  for i, (who, at) in enumerate((who, at) for who in people for at in
                                                ("2026-05-01T00:00:00Z", "2026-01-01T00:00:00Z"))]
        got = self.columns(events, "participant", "window", people=roster(*people))
        self.assertEqual(got, [(f"person:{who}", window) for who in ("B", "a", "a-1", "b")
                               for window in ("2026-Q1", "2026-Q2")])

    def test_the_same_files_give_the_same_bytes_and_order_does_not_matter(self):
        people = [f"p{i}" for i in range(20)]
        seed = random.randrange(1 << 32)
        draw = random.Random(seed)
        events = [deal(f"D-{i}", str(draw.randrange(1, 100000)),
                       at=f"2026-{draw.randrange(1, 13):02}-03T00:00:00Z",
                       to=((draw.choice(people), "100%"),), revision=revision)
                  for i in range(300) for revision in range(draw.randrange(1, 3))]
        options = dict(people=roster(*people, goal="{annual: 400000}"), plans=[plan(goal=GOAL)])
        first = self.simulate(events, **options).stdout
        self.assertEqual(first, self.simulate(events, **options).stdout, f"seed {seed}")
        draw.shuffle(events)
        self.assertEqual(first, self.simulate(events, **options).stdout, f"seed {seed}")


class Listed(Case):
    """One line per key that has a row, a goal or pay."""

    def test_windows_with_a_goal_only_are_listed_up_to_that_of_the_last_fact(self):
        for at, last in [("2026-06-30T23:59:59Z", 2), ("2026-07-01T00:00:00Z", 3)]:
            got = self.columns([deal("D-1", "10", at=at, to=(("kim", "100%"),))],
                               "participant", "window", plans=[plan(goal=GOAL)],
                               people=roster("jo", "kim", goal="{window: 100}"))
            self.assertEqual(got, [(f"person:{who}", f"2026-Q{n}") for who in ("jo", "kim")
                                   for n in range(1, last + 1)])

    def test_the_last_fact_lies_on_the_day_that_the_plan_s_zone_has(self):
        got = self.columns([deal("D-1", "10", at="2026-07-01T03:00:00Z")], "window",
                           plans=[plan(goal=GOAL, zone="America/New_York")],
                           people=roster(goal="{window: 100}"))
        self.assertEqual(got, [("2026-Q1",), ("2026-Q2",)])

    def test_a_payment_or_result_may_be_the_last_fact(self):
        late = [{"type": "payment", "payment_id": "P-1", "deal_id": "D-1", "amount": "5",
                 "currency": "USD", "received_at": "2026-04-01T00:00:00Z"},
                {"type": "milestone", "milestone_id": "M-1", "deal_id": "D-1", "milestone": "live",
                 "status": "REACHED", "reached_at": "2026-04-01T00:00:00Z"},
                {"type": "result", "participant": "person:jo", "result": "csat",
                 "date": "2026-04-01", "value": "92"}]
        for fact in late:
            got = self.columns([deal("D-1", "10"), fact], "window", plans=[plan(goal=GOAL)],
                               people=roster(goal="{window: 100}"))
            self.assertEqual(got, [("2026-Q1",), ("2026-Q2",)], fact["type"])

    def test_a_goal_by_window_lists_the_windows_that_it_names(self):
        got = self.columns([deal("D-1", "10", at="2026-11-01T00:00:00Z", to=(("kim", "100%"),))],
                           "window", "goal", "measure", "attainment", "earned",
                           plans=[plan(goal=GOAL)],
                           people=roster(goal="{by-window: {2026-Q2: 50, 2026-Q3: 60}}"))
        self.assertEqual(got, [("2026-Q2", "50", "0", "0", "0.00"),
                               ("2026-Q3", "60", "0", "0", "0.00")])

    def test_a_row_that_is_worth_nothing_is_listed(self):
        self.assertEqual(self.columns([deal("D-1", "0")], "window", "measure", "earned"),
                         [("2026-Q1", "0", "0.00")])

    def test_a_result_that_is_worth_nothing_is_listed(self):
        scored = plan(pays="{tiers: {on: amount, method: whole, gives: amount, boundary: higher, "
                           "table: [{from: 90, give: 100}]}}").replace(
            "measure: {of: deals, sum: amount}\n    cancelled: {effect: recompute}",
            "measure: {of: results, result: csat, take: last, missing: zero}")
        results = [{"type": "result", "participant": "person:jo", "result": name, "value": value,
                    **at}
                   for name, value, at in (("csat", "80", {"date": "2026-02-01"}),
                                           ("csat", "95", {"date": "2026-05-01"}),
                                           ("nps", "80", {"date": "2026-07-01"}),
                                           ("csat", "89", {"window": "2026-Q4"}))]
        self.assertEqual(self.columns(results, "window", "measure", "earned", plans=[scored]),
                         [("2026-Q1", "80", "0.00"), ("2026-Q2", "95", "100.00"),
                          ("2026-Q4", "89", "0.00")])

    def test_a_phase_dated_by_its_approval_is_a_row_of_that_day(self):
        phases = plan(over="plan", pays="{phases: {of: contract-value, requires: approval, "
                                        "dated: approved, table: [{phase: build, give: 100%}]}}"
                      ).replace("{of: deals, sum: amount}", "{of: milestones}")
        reached = {"type": "milestone", "milestone_id": "M-1", "deal_id": "D-1",
                   "milestone": "built", "phase": "build", "status": "APPROVED",
                   "reached_at": "2025-12-15T00:00:00Z", "approved_at": "2026-02-01T00:00:00Z"}
        signed = deal("D-1", "0", at="2025-12-01T00:00:00Z")
        self.assertEqual(self.columns([signed, reached], "window", "earned", plans=[phases]),
                         [("plan", "0.00")])

    def test_what_has_no_row_any_more_is_not_listed(self):
        moved = [deal("D-1", "100", revision=1),
                 deal("D-1", "100", revision=2, to=(("kim", "100%"),))]
        cancelled = [deal("D-1", "100", revision=1),
                     deal("D-1", "100", revision=2, status="CANCELLED",
                          cancelled_at="2026-03-01T00:00:00Z")]
        people = roster("jo", "kim")
        self.assertEqual(self.columns(moved, "participant", people=people), [("person:kim",)])
        self.assertEqual(self.columns(cancelled, "participant", people=people), [])

    def test_over_deals_each_deal_has_its_line(self):
        got = self.columns([deal("D-1", "100"), deal("D-2", "0")], "window", "earned",
                           plans=[plan(over="deal")])
        self.assertEqual(got, [("deal:D-1", "10.00"), ("deal:D-2", "0.00")])

    def test_pending_codes_are_sorted(self):
        got = self.columns(
            [deal("D-1", "100"), deal("D-2", "100", to=(("jo", "50%"),)),
             deal("D-3", "100", currency="EUR")],
            "pending", "earned",
            plans=[plan(goal=GOAL, pays="{curve: {on: attainment, gives: percent-of-target, "
                        "points: [[50%, 0%], [100%, 100%]], below: nothing, above: flat}}")],
            control="crediting:\n  splits: {owner: exactly 100%}\n  remainder: largest-share\n")
        self.assertEqual(got, [(["currency-differs", "no-goal", "no-target", "splits-differ"],
                                "0.00")])


class Files(Case):
    def test_an_apply_line_is_applied_where_it_stands_from_beside_the_events(self):
        self.file("later.yaml", plan(version=2, pays="{rate: 20%}"))
        events = [deal("D-1", "100"), {"type": "apply", "files": ["later.yaml"]}]
        self.assertEqual(self.columns(events, "earned"), [("20.00",)])
        payouts = [json.loads(line)
                   for line in self.simulate(events, "--payouts").stdout.splitlines()]
        self.assertEqual([(one["kind"], one["earned_delta"]) for one in payouts],
                         [("EARNED", "10.00"), ("ADJUSTMENT", "10.00")])

    def test_what_is_wrong_in_an_applied_file_is_shown_with_both_places(self):
        self.file("later.yaml", plan(version=2, pays="{ramp: 3}"))
        result = self.simulate([deal("D-1", "1"), {"type": "apply", "files": ["later.yaml"]}],
                               expect=1)
        self.assertEqual(result.stdout, "")
        self.assertIn('later.yaml","line":16', result.stderr)
        self.assertIn("events.jsonl:2: in this `apply` line", result.stderr)

    def test_a_long_history_is_counted_whole_though_little_of_it_stays_in_memory(self):
        people = [f"p{number}" for number in range(500)]
        count = 50 * len(people)  # more than twice what is kept
        given = {"people": roster(*people)}
        events = [deal(f"D-{number}", "10", to=((people[number % 500], "100%"),))
                  for number in range(count)]
        events += [deal("D-0", "20", to=(("p0", "100%"),), revision=1)]
        events[0]["revision"] = 0
        totals = {one["participant"]: one["earned"] for one in self.totals(events, **given)}
        self.assertEqual(totals, {f"person:{one}": "51.00" if one == "p0" else "50.00"
                                  for one in people})
        shown = self.simulate(events, "--payouts", **given).stdout.splitlines()
        payouts = [json.loads(line) for line in shown]
        self.assertEqual(len(payouts), count + 1)
        self.assertEqual(payouts[-1]["earned_total"], "51.00")

    def test_payouts_come_one_an_event_without_the_positions_of_the_cause(self):
        events = [deal("D-1", "100"), deal("D-2", "50")]
        payouts = [json.loads(line)
                   for line in self.simulate(events, "--payouts").stdout.splitlines()]
        self.assertEqual([(one["sequence"], one["earned_delta"], one["earned_total"])
                          for one in payouts], [(1, "10.00", "10.00"), (2, "5.00", "15.00")])
        self.assertEqual([one["cause"]["deal_id"] for one in payouts], ["D-1", "D-2"])
        for one in payouts:
            self.assertNotIn("offset", one["cause"])
            self.assertNotIn("partition", one["cause"])

    def test_units_that_control_declares_may_be_paid_and_measured(self):
        got = self.columns([deal("D-1", "120", currency="PTS")], "earned", "currency",
                           plans=[plan(currency="PTS", to="1")], people=roster(pay="PTS"),
                           control="units: {PTS: {decimals: 0}}\n")
        self.assertEqual(got, [("12", "PTS")])

    def test_a_bad_line_is_shown_with_its_place_and_nothing_else(self):
        rows = [({"type": "dael"}, "must be one of", 10),
                (deal("D-2", "1", currency="XXQ"), "unknown-currency", 1)]
        for event, sentence, column in rows:
            result = self.simulate([deal("D-1", "100"), event], expect=1)
            self.assertEqual(result.stdout, "")
            report = json.loads(result.stderr.splitlines()[0])
            self.assertEqual((report["line"], report["column"]), (2, column), event)
            self.assertIn(sentence, report["sentence"])

    def test_the_business_date_does_not_go_back(self):
        dates = [{"type": "date", "date": day}
                 for day in ("2026-04-01", "2026-04-01", "2026-03-31")]
        result = self.simulate([deal("D-1", "100"), *dates], expect=1)
        self.assertEqual(result.stdout, "")
        report = json.loads(result.stderr.splitlines()[0])
        self.assertEqual((report["line"], report["code"]), (4, "date-goes-back"))
        self.assertEqual(self.columns([deal("D-1", "100"), *dates[:2]], "earned"), [("10.00",)])

    def test_a_payout_is_posted_to_the_pay_period_that_is_open_when_it_is_made(self):
        dates = [None, "2026-02-28", "2026-03-01", "2026-03-16", "2026-06-20"]
        rows = [("periods: month", ["2026-01", "2026-02", "2026-03", "2026-03", "2026-06"]),
                ("periods: month, open: 2026-03-09",
                 ["2026-03", "2026-03", "2026-03", "2026-03", "2026-06"]),
                ("periods: semi-month",
                 ["2026-01-A", "2026-02-B", "2026-03-A", "2026-03-B", "2026-06-B"]),
                ("periods: 2 weeks, first: 2026-03-01",
                 ["2025-12-21", "2026-02-15", "2026-03-01", "2026-03-15", "2026-06-07"])]
        for periods, want in rows:
            events = []
            for number, day in enumerate(dates):
                events += [{"type": "date", "date": day}] if day else []
                events.append(deal(f"D-{number}", "100"))
            people = roster().replace("periods: month, timezone: UTC", periods)
            lines = self.simulate(events, "--payouts", people=people).stdout.splitlines()
            self.assertEqual([json.loads(line)["posted_period"] for line in lines], want, periods)

    def periods(self, events, total, plans=None, **options):
        text = plan(over="month") + f"total: {total}\n"
        lines = [json.loads(line)
                 for line in self.simulate(events, plans=[text, *(plans or [])],
                                           **options).stdout.splitlines()]
        return [(one["pay_period"], one["payable"], one["draw_paid"], one["draw_owed"])
                for one in lines if "pay_period" in one]

    def test_draws_go_by_the_pay_periods_that_date_lines_close(self):
        events = [deal("D-1", "5000", at="2026-01-05T00:00:00Z"),
                  {"type": "date", "date": "2026-02-01"},
                  deal("D-2", "18000", at="2026-02-05T00:00:00Z")]
        draw = "{draw: {amount: 1000, kind: recoverable, recover: surplus%s}}"
        january = ("2026-01", "1000.00", "500.00", "500.00")
        self.assertEqual(self.periods(events, draw % ""),
                         [january, ("2026-02", "1800.00", "0.00", "500.00")])
        self.assertEqual(self.periods(events, draw % ", pay: period-start"),
                         [january, ("2026-02", "1000.00", "1000.00", "1500.00")])
        events += [{"type": "date", "date": "2026-03-31"}]
        self.assertEqual(self.periods(events, draw % ", pay: period-start")[:2],
                         [january, ("2026-02", "1300.00", "-500.00", "0.00")])
        self.assertEqual(self.periods(events, draw % ""),
                         [january, ("2026-02", "1300.00", "-500.00", "0.00")])

    def test_a_late_change_enters_the_open_period(self):
        events = [deal("D-1", "5000", at="2026-01-05T00:00:00Z", revision=1),
                  {"type": "date", "date": "2026-02-01"},
                  deal("D-1", "8000", at="2026-01-05T00:00:00Z", revision=2),
                  {"type": "date", "date": "2026-03-01"}]
        self.assertEqual(
            self.periods(events, "{draw: {amount: 1000, kind: recoverable, recover: surplus}}"),
            [("2026-01", "1000.00", "500.00", "500.00"),
             ("2026-02", "1000.00", "700.00", "1200.00")])

    def test_a_period_holds_what_plans_without_total_pay_too(self):
        bonus = plan(plan="extra", pays="{rate: 1%}")
        people = roster().replace("assignments: [",
                                  "assignments: [{plan: extra, from: 2026-01-01}, ")
        events = [deal("D-1", "5000", at="2026-01-05T00:00:00Z"),
                  {"type": "date", "date": "2026-03-01"}]
        self.assertEqual(self.periods(events, "{minimum-payment: 600}", plans=[bonus],
                                      people=people),
                         [("2026-01", "50.00", "0.00", "0.00"), ("2026-02", "0.00", "0.00", "0.00")])

    def test_points_are_redeemed(self):
        got = self.columns([deal("D-1", "333", currency="PTS")], "payable", "redeemed",
                           "redeemed_currency",
                           plans=[plan(currency="PTS", to="1", pays="{rate: 100%}") +
                                  "redeem: {rate: 0.05, to: USD}\n"], people=roster(pay="PTS"),
                           control="units: {PTS: {decimals: 0}}\n")
        self.assertEqual(got, [("333", "16.65", "USD")])

    def test_of_two_facts_that_disagree_the_first_counts_and_the_other_is_told(self):
        result = self.simulate([deal("D-1", "100", revision=1), deal("D-1", "200", revision=1)])
        self.assertEqual(json.loads(result.stdout)["earned"], "10.00")
        self.assertIn("not counted: D-1: id-conflict", result.stderr)

    def test_a_file_that_is_not_there_is_a_finding(self):
        result = run("simulate", "--plan", "nowhere.yaml", "--roster", "r.yaml", "--events", "e")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("nowhere.yaml: No such file", result.stderr)

    def test_usage_is_exit_2(self):
        for arguments in [[], ["--plan", "p"], ["--totals", "--payouts"], ["--nonsense"],
                          ["--plan", "p", "--roster", "r", "--events", "e", "extra"]]:
            self.assertEqual(run("simulate", *arguments).returncode, 2, arguments)


class Moved(Case):
    """What is stated under another deal counts there alone, as publish sees to it."""
    PHASES = plan(over="deal", pays="{phases: {of: fixed, requires: nothing, "
                                    "table: [{phase: build, give: 100}]}}"
                  ).replace("{of: deals, sum: amount}", "{of: milestones}")

    @staticmethod
    def reached(deal_id, revision, **more):
        return {"type": "milestone", "milestone_id": "M-1", "deal_id": deal_id,
                "milestone": "built", "phase": "build", "status": "REACHED", "revision": revision,
                "reached_at": "2026-02-10T00:00:00Z", **more}

    def earned(self, *milestones, **more):
        return self.columns([deal("D-1", "500"), deal("D-2", "500"), *milestones], "window",
                            "earned", plans=[self.PHASES], **more)

    def test_a_milestone_that_moves_to_another_deal_is_paid_there_alone(self):
        self.assertEqual(self.earned(self.reached("D-1", 1)), [("deal:D-1", "100.00")])
        self.assertEqual(self.earned(self.reached("D-1", 1), self.reached("D-2", 2)),
                         [("deal:D-2", "100.00")])
        self.assertEqual(self.earned(self.reached("D-1", 1), self.reached("D-2", 2),
                                     self.reached("D-1", 3)), [("deal:D-1", "100.00")])

    def test_an_earlier_statement_under_another_deal_does_not_count(self):
        self.assertEqual(self.earned(self.reached("D-2", 2), self.reached("D-1", 1)),
                         [("deal:D-2", "100.00")])

    def test_one_revision_under_two_deals_is_refused_with_its_place(self):
        result = self.simulate([deal("D-1", "500"), self.reached("D-1", 1),
                                self.reached("D-2", 1)], plans=[self.PHASES], expect=1)
        report = json.loads(result.stderr.splitlines()[0])
        self.assertEqual((report["code"], report["line"], report["fix"]),
                         ("needs-revision", 3, '"revision": 2'))

    def test_a_payment_that_moves_counts_for_whom_it_came_to_alone(self):
        # 10 % of what is paid in: 500 are jo's at first, then kim's
        cash = plan().replace("measure: {of: deals, sum: amount}\n    cancelled: "
                              "{effect: recompute}", "measure: {of: payments, sum: amount}")

        def paid(deal_id, revision):
            return {"type": "payment", "payment_id": "P-1", "deal_id": deal_id, "amount": "500",
                    "currency": "USD", "received_at": "2026-03-01T00:00:00Z", "revision": revision}
        deals = [deal("D-1", "500"), deal("D-2", "500", to=(("kim", "100%"),))]
        for facts, who in [([paid("D-1", 1)], "jo"), ([paid("D-1", 1), paid("D-2", 2)], "kim"),
                           ([paid("D-2", 2), paid("D-1", 1)], "kim")]:
            got = self.columns(deals + facts, "participant", "earned", plans=[cash],
                               people=roster("jo", "kim"))
            self.assertEqual([one for one in got if one[1] != "0.00"],
                             [(f"person:{who}", "50.00")], facts)

    def test_the_move_is_told(self):
        result = self.simulate([deal("D-1", "500"), self.reached("D-1", 1),
                                self.reached("D-2", 2)], plans=[self.PHASES])
        self.assertIn("taken off the deals that they stood under: 1", result.stderr)


class Comfort(Case):
    CSV = ("deal_id,status,closed_at,amount,currency,participant,role,share\n"
           "D-1,CLOSED,2026-02-03T10:00:00Z,100,USD,person:jo,owner,60%\n"
           "D-1,CLOSED,2026-02-03T10:00:00Z,100,USD,person:kim,owner,40%\n")

    def test_events_may_be_csv_by_their_name(self):
        result = run("simulate", "--json", "--plan", self.file("plan.yaml", plan()), "--roster",
                     self.file("roster.yaml", roster("jo", "kim")), "--events",
                     self.file("deals.csv", self.CSV))
        self.assertEqual([json.loads(line)["earned"] for line in result.stdout.splitlines()],
                         ["6.00", "4.00"], result.stderr)

    def test_a_chart_shows_how_attainment_is_spread(self):
        # 40, 120 and 130 of a goal of 100: two of three at goal or above
        events = [deal(f"D-{i}", amount, to=((who, "100%"),))
                  for i, (who, amount) in enumerate([("jo", "40"), ("kim", "120"), ("lu", "130")])]
        files = ["--plan", self.file("plan.yaml", plan(goal=GOAL)), "--roster",
                 self.file("roster.yaml", roster("jo", "kim", "lu", goal="{window: 100}")),
                 "--events", self.file("events.jsonl", events)]
        plain = run("simulate", *files).stdout
        shown = run("simulate", *files, "--chart").stdout
        self.assertTrue(shown.startswith(plain))
        self.assertNotIn("█", plain)
        self.assertRegex(shown, r"25–50 %  █+ +1\n")
        self.assertRegex(shown, r"at goal or above +66.7 %  about 60 %")

    def test_stats_name_the_shares_of_time_and_change_no_figure(self):
        events = [deal(f"D-{i}", "10") for i in range(3000)]
        plain = self.simulate(events)
        result = self.simulate(events, "--stats")
        stats = json.loads(result.stderr.splitlines()[-1])
        self.assertEqual(result.stdout, plain.stdout)
        self.assertEqual(stats["events"], 3000)
        self.assertEqual(set(stats["per_thousand"]),
                         {"reading", "applying", "evaluating", "writing", "other"})
        self.assertGreater(stats["peak_bytes"], 0)


class Publish(Case):
    def test_a_dry_run_counts_each_kind_and_needs_no_broker(self):
        events = [deal("D-1", "100"), deal("D-2", "100"),
                  {"type": "payment", "payment_id": "P-1", "deal_id": "D-1", "amount": "5",
                   "currency": "USD", "received_at": "2026-04-01T00:00:00Z"}]
        result = run("publish", "--dry-run", "--json", self.file("events.jsonl", events))
        self.assertEqual(json.loads(result.stdout), {
            "deals": 2, "milestones": 0, "payments": 1, "results": 0, "adjustments": 0,
            "revoked": 0, "outdated": 0, "sent": False})

    def test_a_payment_that_moves_within_the_files_wants_a_higher_revision(self):
        def payment(deal_id, **more):
            return {"type": "payment", "payment_id": "P-1", "deal_id": deal_id, "amount": "5",
                    "currency": "USD", "received_at": "2026-04-01T00:00:00Z", **more}

        first = self.file("first.jsonl", [payment("D-1", revision=3)])
        for revision, code in [(2, 0), (3, 1), (4, 0)]:  # outdated, a clash, a move
            second = self.file("second.jsonl", [payment("D-2", revision=revision)])
            result = run("publish", "--dry-run", first, second)
            self.assertEqual(result.returncode, code, result.stderr)
            if code:
                self.assertIn(f"{second}:1:1: error: payment `P-1` stands with revision 3 under "
                              "deal D-1", result.stderr)
                self.assertIn('"revision": 4', result.stderr)

    def test_what_is_for_simulate_only_is_refused_by_name(self):
        for event, word in [({"type": "apply", "files": ["x"]}, "`apply`"),
                            ({"type": "date", "date": "2026-04-01"}, "`date`")]:
            path = self.file("events.jsonl", [deal("D-1", "1"), event])
            result = run("publish", "--dry-run", path)
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn(f"{path}:2:1: error: {word}", result.stderr)

    def test_csv_is_known_by_its_name(self):
        path = self.file("deals.csv", "deal_id,status,closed_at,amount,currency,participant,role,"
                         "share\nD-1,CLOSED,2026-02-03T10:00:00Z,100,USD,person:jo,owner,100%\n")
        result = run("publish", "--dry-run", path)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stdout, "Checked, not sent: 1 deal.\n")


class Lint(Case):
    def test_good_files_are_exit_0_and_errors_exit_1_with_their_place(self):
        good = self.file("good.yaml", plan())
        bad = self.file("bad.yaml", plan(pays="{ramp: 3}"))
        self.assertEqual(run("plan", "lint", good, self.file("r.yaml", roster())).returncode, 0)
        result = run("plan", "lint", "--json", good, bad)
        report = json.loads(result.stdout)
        self.assertEqual(result.returncode, 1)
        self.assertEqual((report["code"], report["file"], report["line"], report["column"]),
                         ("unknown-mechanic", bad, 16, 12))
        self.assertTrue(report["fix"] and report["snippet"])

    def test_what_plan_cannot_do_is_exit_2_and_says_what_it_can(self):
        for arguments, expected in [(["plan"], "usage: milepost plan COMMAND"),
                                    (["plan", "diff"], "usage: milepost plan COMMAND"),
                                    (["plan", "lint"], "usage: milepost plan lint")]:
            result = run(*arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn(expected, result.stderr)


if __name__ == "__main__":
    MILEPOST = sys.argv.pop(1)
    unittest.main(verbosity=1)
