#!/usr/bin/env python3
"""Bad input: what no later fact can mend ends as a dead letter with its reason and the stream goes on;
what a later fact can mend waits and is paid when it is mended."""
import json
import struct
import unittest

from small import CONTROL, World, deal, line, plan, roster  # first: it finds tests/support
from judge import dead_letter
from spine_test import judged

import kafka_reader
import wire


class DeadLetters(unittest.TestCase):
    def setUp(self):
        self.world = World("bad")
        self.good = self.world.schemas.encode("deal", deal("D-good", "100"))

    def encoded(self, **more):
        return self.world.schemas.encode("deal", deal("D-bad", **{"amount": "100", **more}))

    def rows(self):
        """name, key, bytes, partition (None: as Java producers choose), reason"""
        good = self.encoded()
        other = (wire.partition_of("D-bad", 4) + 1) % 4
        return [
            ("no Avro at all", "D-bad", b"hello", None, "magic"),
            ("an empty value", "D-bad", b"", None, "magic"),
            ("an unknown schema id", "D-bad", b"\0" + struct.pack(">I", 999) + good[5:], None,
             "unknown-schema"),
            ("a truncated body", "D-bad", good[:-9], None, "undecodable"),
            ("an endless text", "D-bad", good[:5] + b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f", None,
             "undecodable"),
            ("an unknown currency", "D-bad", self.encoded(currency="XQX"), None,
             "unknown-currency"),
            ("a negative revision", "D-bad", self.encoded(revision=-1), None, "negative-revision"),
            ("a share above its range", "D-bad",
             self.encoded(shares=[("jo", "owner", "99999999999")]), None, "out-of-range"),
            ("more places than the currency", "D-bad", self.encoded(amount="1.001"),
             None, "too-precise"),
            ("a key and a value that disagree", "D-other", good, None, "wrong-key"),
            ("a key in the wrong partition", "D-bad", good, other, "wrong-partition"),
        ]

    def test_what_nothing_can_mend_is_a_dead_letter_with_its_reason(self):
        world, expected = self.world, {}
        world.send(deal("D-1", "100"))
        for name, key, value, partition, reason in self.rows():
            expected[world.append("deals", key, value, partition)] = (name, reason, value)
        world.send(deal("D-1", "150", 1))
        conflict = world.schemas.encode("deal", deal("D-1", "151", 1))
        expected[world.append("deals", "D-1", conflict)] = (
            "the same revision with other content", "id-conflict", conflict)
        world.send(deal("D-2", "50"))
        world.until_paid(jo="2E+1")
        letters = world.until("all dead letters", lambda: self.letters(len(expected)))
        for place, (name, reason, value) in expected.items():
            with self.subTest(name):
                self.assertIn(place, letters)
                self.assertEqual(letters[place][0], reason)
                self.assertEqual(letters[place][1], value, "the original bytes")
        self.assertEqual(set(letters), set(expected))
        self.check(expected)

    def letters(self, count):
        found = {}
        for message in kafka_reader.read(self.world.servers, self.world.topic("dead-letters")):
            place, reason = dead_letter(message, self.world.prefix)
            found[place] = (reason, message.value() or b"")
        return found if len(found) >= count else None

    def check(self, expected):
        file = self.world.file("dead.json", json.dumps(
            [[*place, reason] for place, (_, reason, _) in expected.items()]))
        judged(self.world, "--expect-dead", file)
        self.world.end()
        self.world.close()


class Waits(unittest.TestCase):
    def test_what_a_later_fact_can_mend_waits_and_is_paid_when_it_is_mended(self):
        world = World("waits", people=["jo"])
        world.send(deal("D-splits", "100", shares=[("jo", "owner", "0.9")]))
        world.send(deal("D-lines", "100", lines=[line("1", "60"), line("2", "30")]))
        world.send(deal("D-kim", "100", shares=[("kim", "owner", "1")]))
        world.send(deal("D-good", "100"))
        world.until_paid(jo="1E+1")
        world.send(deal("D-splits", "100", 1))
        world.until_paid(jo="2E+1")
        world.send(deal("D-lines", "100", 1, lines=[line("1", "60"), line("2", "40")]))
        world.until_paid(jo="3E+1")
        world.apply(world.file("kim.yaml", roster("jo", "kim")))
        world.until_paid(jo="3E+1", kim="1E+1")
        judged(world)
        world.end()
        world.close()

    def test_deals_wait_for_a_plan_and_roster_that_come_last(self):
        world = World("late", applied=False)
        world.send(deal("D-1", "100"))
        world.send(deal("D-2", "100", shares=[("kim", "owner", "1")]))
        world.apply(world.file("control.yaml", CONTROL), world.file("roster.yaml", roster("jo", "kim")))
        world.apply(world.file("plan.yaml", plan()))
        world.until_paid(jo="1E+1", kim="1E+1")
        judged(world)
        world.end()
        world.close()


class Refused(unittest.TestCase):
    def test_publish_and_apply_name_the_place_of_what_they_refuse(self):
        world = World("refused")
        rows = [
            ("apply", "plan.yaml", plan(version=2).replace("rate: 10%", "rate: 10 %"), 16),
            ("apply", "roster.yaml", roster("jo").replace("from:", "form:", 1), 5),
            ("publish", "events.jsonl", '{"type":"deal","deal_id":"D-1"}\n', 1),
        ]
        for command, name, text, where in rows:
            with self.subTest(name):
                path = world.file(name, text)
                done = world.cli(command, *(["--yes"] if command == "apply" else []), path,
                                 check=False)
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertRegex(done.stderr, rf"{name}:{where}:\d+")
        self.assertEqual(world.records("payouts"), [])
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
