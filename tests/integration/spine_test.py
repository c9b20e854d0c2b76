#!/usr/bin/env python3
"""From a deal to a payout and back, and through restarts."""
import datetime
import unittest

from small import World, deal, plan


def judged(world, *arguments):
    """Nothing is left to read, and the judge finds no difference."""
    results = []

    def agrees():
        code, result = world.judge(*arguments)
        results.append(result)
        return code == 0
    try:
        world.until("the judge to agree", agrees, 120)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{results[-1:]}") from None


class Spine(unittest.TestCase):
    def test_one_deal_becomes_one_payout(self):
        world = World("one")
        world.send(deal("D-1", "1000.10"))
        world.until_paid(jo="100.01")
        (payout,) = world.records("payouts")
        for name, value in {
                "participant": "person:jo", "payee": "person:jo", "plan": "sales",
                "plan_version": 1, "component": "commission", "window": "2026-Q1", "sequence": 1,
                "kind": "EARNED", "currency": "USD",
                "pay_group": "us-monthly", "adjusts": None, "is_closed_marker": False}.items():
            self.assertEqual(payout[name], value, name)
        self.assertEqual(payout["cause"]["deal_id"], "D-1")
        self.assertEqual(payout["cause"]["event_id"], "E-D-1-0")
        self.assertEqual(payout["earned_delta"], payout["payable_total"])
        judged(world)
        world.end()
        world.close()

    def test_amendments_duplicates_and_cancellations_are_followed(self):
        world = World("amend")
        first = deal("D-1", "1000")
        world.send(first)
        world.until_paid(jo="1E+2")
        world.send(deal("D-1", "500", 1))
        world.until_paid(jo="5E+1")
        world.send(first)  # an older revision
        world.send(dict(deal("D-1", "500", 1), event_id="another"))  # a duplicate
        world.send(deal("D-1", "500", 2, [("jo", "owner", "0.25"), ("kim", "owner", "0.75")]))
        world.until_paid(jo="12.5", kim="37.5")
        world.send(deal("D-1", "500", 3, [("kim", "owner", "1")], status="CANCELLED",
                        cancelled_at=datetime.datetime(2026, 5, 1, tzinfo=datetime.timezone.utc)))
        world.until_paid()
        world.send(deal("D-1", "500", 4, [("kim", "owner", "1")]))
        world.until_paid(kim="5E+1")
        kinds = {payout["kind"] for payout in world.records("payouts")}
        self.assertEqual(kinds, {"EARNED", "CLAWBACK"})
        judged(world)
        world.end()
        world.close()

    def test_a_restart_goes_on_from_the_journal(self):
        world = World("restart")
        for number in range(20):
            world.send(deal(f"D-{number}", "100"))
        world.until_paid(jo="2E+2")
        for how in ("kill9", "stop"):
            for program in (world.crediting, world.incentives):
                getattr(program, how)()
                program.start()
            world.send(deal("D-3", "200", 1 if how == "kill9" else 2))
            world.until_paid(jo="2.1E+2")
        world.send(deal("D-20", "100"))
        world.until_paid(jo="2.2E+2")
        self.assertEqual([payout["sequence"] for payout in world.records("payouts")],
                         list(range(1, len(world.records("payouts")) + 1)))
        judged(world)
        world.end()
        world.close()

    def test_another_instance_takes_over(self):
        world = World("takeover")
        world.send(deal("D-1", "100"))
        world.until_paid(jo="1E+1")
        others = [world.service(name, f"{name[0]}2").start()
                  for name in ("crediting", "incentives")]
        world.crediting.kill9()
        world.incentives.kill9()
        for number in range(2, 12):
            world.send(deal(f"D-{number}", "100"))
        world.until_paid(jo="1.1E+2")
        judged(world)
        for program in others:
            self.assertEqual(program.stop(), 0)
        world.close()

    def test_a_plan_version_revalues_what_was_paid(self):
        world = World("version")
        world.send(deal("D-1", "100"))
        world.send(deal("D-2", "100", shares=[("kim", "owner", "1")]))
        world.until_paid(jo="1E+1", kim="1E+1")
        world.apply(world.file("plan-2.yaml", plan("12.5%", 2)))
        world.until_paid(jo="12.5", kim="12.5")
        self.assertEqual({payout["kind"] for payout in world.records("payouts")},
                         {"EARNED", "ADJUSTMENT"})
        judged(world)
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
