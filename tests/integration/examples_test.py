#!/usr/bin/env python3
"""Every programme of deploy/examples through a real Kafka: applied and published with the CLI, what
the payouts add up to is what the example says, and `milepost audit` finds nothing to say.

Payouts are looked at after everything has been read, so that none that is one too many comes later.
Left out are examples that await a word of the language, and those that apply files or pass dates
between their events, which `milepost simulate` alone does."""
import json
import os
import sys
import unittest
from decimal import Decimal

from small import World  # first: it finds tests/support

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "vectors"))

import kafka_reader
import vectors_test as vectors

READ = [("crediting", "deals"), ("crediting", "milestones"), ("crediting", "payments"),
        ("incentives", "results"), ("incentives", "credits")]  # credits come of the rest


def is_simulated_only(folder):
    with open(os.path.join(folder, "events.jsonl"), encoding="utf-8") as events:
        return any(json.loads(line)["type"] in ("apply", "date") for line in events if line.strip())


def chosen():
    awaits = vectors.awaited()
    return [folder for folder in vectors.examples()
            if os.path.dirname(folder) == vectors.EXAMPLES and vectors.name(folder) not in awaits
            and os.path.isfile(os.path.join(folder, "expected.tsv"))
            and not is_simulated_only(folder)]


def expected(folder):
    """The columns that make the key, and {key: what it earned} of what is not zero."""
    columns, *table = vectors.rows(os.path.join(folder, "expected.tsv"))
    keys = [one for one in columns if one in ("participant", "plan", "component", "window")]
    sums = {}
    for row in table:
        cells = dict(zip(columns, row))
        if cells["earned"] in ("-", "null"):
            continue
        key = tuple(cells[one] for one in keys)
        sums[key] = sums.get(key, 0) + Decimal(cells["earned"])
    return keys, {key: value for key, value in sums.items() if value}


def paid(world, keys):
    sums = {}
    for payout in world.records("payouts"):
        key = tuple(payout[one] for one in keys)
        sums[key] = sums.get(key, 0) + payout["earned_delta"]
    return {key: value for key, value in sums.items() if value}


class Examples(unittest.TestCase):
    def through_kafka(self, folder):
        keys, wanted = expected(folder)
        self.assertTrue(wanted, "an example that pays nothing shows nothing here")
        world = World(os.path.basename(folder), applied=False)
        try:
            files = [one for one in sorted(os.listdir(folder)) if one.endswith(".yaml")]
            world.apply(*[os.path.join(folder, one) for one in files])
            world.until("plan and roster to be read", world.has_read_what_was_applied)
            world.cli("publish", os.path.join(folder, "events.jsonl"))
            world.until("every fact and credit to be read", lambda: not any(
                world.left(service, name) for service, name in READ))
            world.until_is(wanted, "payouts", lambda: paid(world, keys))
            letters = kafka_reader.read(world.servers, world.topic("dead-letters"))
            self.assertEqual([letter.headers() for letter in letters], [])
            done = world.cli("audit", check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            world.end()
        finally:
            world.close()

    def test_what_is_paid_is_what_the_example_says(self):
        folders = chosen()
        self.assertGreater(len(folders), 20)
        for folder in folders:
            with self.subTest(example=os.path.basename(folder)):
                self.through_kafka(folder)


if __name__ == "__main__":
    unittest.main()
