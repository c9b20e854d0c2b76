#!/usr/bin/env python3
"""Payments and milestones that `milepost publish` states under another deal: they count once, and
never under two, whichever publish they came with."""
import json
import unittest
from decimal import Decimal

from small import World  # first: it finds tests/support

import kafka_reader


def payment(deal_id, amount="500", **more):
    return {"type": "payment", "payment_id": "P-1", "deal_id": deal_id, "amount": amount,
            "currency": "USD", "received_at": "2026-04-01T00:00:00Z", **more}


def milestone(deal_id=None, status="REACHED", **more):
    place = {"deal_id": deal_id} if deal_id else {}
    return {"type": "milestone", "milestone_id": "M-1", "milestone": "go-live", "status": status,
            "reached_at": "2026-04-01T00:00:00Z", **place, **more}


class Moved(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World("moved")

    @classmethod
    def tearDownClass(cls):
        cls.world.end()
        cls.world.close()

    def stated(self, kind):
        """[(book, revision, fact)], as a partition has them; partitions one after another."""
        found = []
        for message in kafka_reader.read(self.world.servers, self.world.topic(f"{kind}s")):
            fact = self.world.schemas.decode(kind, message.value())
            key = message.key().decode()
            self.assertEqual(key, fact["deal_id"] or fact[f"{kind}_id"])
            found.append((key, fact["revision"], fact))
        return found

    def counting(self, kind):
        """{book: the fact that counts there}: the highest revision, of equal ones the first."""
        latest = {}
        for book, revision, fact in self.stated(kind):
            if book not in latest or revision > latest[book]["revision"]:
                latest[book] = fact
        return latest

    def paid_to(self):
        return {book: fact["amount"] for book, fact in self.counting("payment").items()
                if fact["amount"]}

    def publish(self, *events, code=0):
        path = self.world.file("events.jsonl", "".join(json.dumps(one) + "\n" for one in events))
        done = self.world.cli("publish", path, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def expect_no_dead_letters(self):
        self.world.until("crediting to read it all", lambda: all(
            not self.world.left("crediting", name) for name in ("payments", "milestones")))
        letters = kafka_reader.read(self.world.servers, self.world.topic("dead-letters"))
        self.assertEqual([letter.headers() for letter in letters], [])

    def test_a_payment_counts_under_the_deal_of_its_highest_revision_alone(self):
        self.publish(payment("D-1"))
        self.assertEqual(self.paid_to(), {"D-1": Decimal(500)})

        before = len(self.stated("payment"))
        done = self.publish(payment("D-2"), code=1)  # the revision that stands, another deal
        self.assertIn("events.jsonl:1:1: error: payment `P-1` stands with revision 0 under deal D-1",
                      done.stderr)
        self.assertIn("nothing was sent", done.stderr)
        self.assertEqual(len(self.stated("payment")), before)

        done = self.publish(payment("D-2", revision=1))
        self.assertIn("Taken off the deals that they stood under: 1.", done.stdout)
        self.assertEqual(self.paid_to(), {"D-2": Decimal(500)})
        self.assertEqual(self.counting("payment")["D-1"]["revision"], 1)
        self.assertEqual(self.counting("payment")["D-1"]["currency"], "USD")

        done = self.publish(payment("D-2", revision=1))  # once more: counts once, revokes nothing
        self.assertNotIn("Taken off", done.stdout)
        self.assertEqual(self.paid_to(), {"D-2": Decimal(500)})

        before = len(self.stated("payment"))
        done = self.publish(payment("D-3", revision=0))  # older than what stands
        self.assertIn("Not sent, because a later revision stands under another deal: 1.",
                      done.stdout)
        self.assertEqual(len(self.stated("payment")), before)

        self.publish(payment("D-3", revision=2), payment("D-1", "400", revision=3))
        self.assertEqual(self.paid_to(), {"D-1": Decimal(400)})
        self.publish(payment("D-1", "450", revision=4))  # no move
        self.assertEqual(self.paid_to(), {"D-1": Decimal(450)})
        self.expect_no_dead_letters()

    def test_a_milestone_is_revoked_where_it_stood_also_without_a_deal(self):
        self.publish(milestone(attributes={"phase": "2"}))
        self.publish(milestone("D-1", revision=1))
        self.publish(milestone("D-2", revision=2))
        counting = self.counting("milestone")
        self.assertEqual({book: fact["status"] for book, fact in counting.items()},
                         {"M-1": "REVOKED", "D-1": "REVOKED", "D-2": "REACHED"})
        self.assertEqual(counting["M-1"]["attributes"], {"phase": "2"})
        self.expect_no_dead_letters()

        done = self.publish(milestone("D-2", "REVOKED", revision=3))
        self.assertNotIn("Taken off", done.stdout)
        self.publish(milestone("D-3", revision=3))  # nothing stands any more: no revision is in the way
        self.assertEqual(self.counting("milestone")["D-3"]["status"], "REACHED")
        self.expect_no_dead_letters()


if __name__ == "__main__":
    unittest.main()
