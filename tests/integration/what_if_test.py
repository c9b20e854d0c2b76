#!/usr/bin/env python3
"""`milepost what-if` against running services: what it says of a deal before is what the services pay
for that deal afterwards, and asking writes nothing."""
import json
import unittest
from decimal import Decimal

from small import World, deal  # first: it finds tests/support

import kafka_reader

TIERS = ("{tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: nothing, "
         "table: [{from: 0, give: 4%}, {from: 10000, give: 6%}]}}")


def as_plan(text):
    return text.replace("pays: {rate: 10%}", f"pays: {TIERS}")


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from small import CONTROL, plan, roster
        cls.world = World("what-if", applied=False)
        cls.world.apply(cls.world.file("control.yaml", CONTROL),
                        cls.world.file("plan.yaml", as_plan(plan())),
                        cls.world.file("roster.yaml", roster("jo", "kim")))

    @classmethod
    def tearDownClass(cls):
        cls.world.end()
        cls.world.close()

    def payouts(self):
        return [self.world.schemas.decode("payout", message.value()) for message in
                kafka_reader.read(self.world.servers, self.world.topic("payouts"))]

    def ask(self, *arguments):
        done = self.world.cli("what-if", *arguments, "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_the_answer_stands_on_live_attainment_and_is_what_is_paid_then(self):
        world = self.world
        world.fact("deals", "D-1", deal("D-1", "9000"))
        world.until("the first deal to be paid", lambda: self.payouts())
        self.assertEqual([one["earned_total"] for one in self.payouts()], [Decimal(360)])

        # 9,000 stand. 3,000 more: 1,000 at 4 %, 2,000 at 6 %; the next 1,000 at 6 %.
        asked = self.ask("--participant", "person:jo", "--amount", "3000", "--date", "2026-02-05")
        self.assertEqual([(one["participant"], one["window"], one["pays"], one["before"]["earned"],
                           one["after"]["earned"], one["after"]["step_reached"],
                           one["next"]["pays"]) for one in asked],
                         [("person:jo", "2026-Q1", "160.00", "360.00", "520.00", "10000", "60.00")])

        # The same of somebody without a deal, and of a quarter without one.
        self.assertEqual([one["pays"] for one in self.ask(
            "--participant", "person:kim", "--amount", "3000", "--date", "2026-02-05")], ["120.00"])
        self.assertEqual([one["pays"] for one in self.ask(
            "--participant", "person:jo", "--amount", "3000", "--date", "2026-05-05")], ["120.00"])

        # What was paid for may be tried away: the deal goes to kim.
        moved = json.dumps({"type": "deal", "deal_id": "D-1", "revision": 1, "status": "CLOSED",
                            "closed_at": "2026-02-03T10:00:00Z", "amount": "9000",
                            "currency": "USD", "participants": [
                                {"participant": "person:kim", "role": "owner", "share": "100%"}]})
        self.assertEqual([(one["participant"], one["pays"]) for one in self.ask(moved, "--next", "0")],
                         [("person:jo", "-360.00"), ("person:kim", "360.00")])

        self.assertEqual(len(self.payouts()), 1)  # asking paid nothing
        world.fact("deals", "D-2", deal("D-2", "3000"))
        world.until("the second deal to be paid", lambda: len(self.payouts()) > 1)
        self.assertEqual([one["earned_delta"] for one in self.payouts()],
                         [Decimal(360), Decimal(160)])

    def test_who_is_not_in_the_roster_is_a_finding(self):
        done = self.world.cli("what-if", "--participant", "person:nobody", "--amount", "1",
                              check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("person:nobody is not in the roster", done.stderr)


if __name__ == "__main__":
    unittest.main()
