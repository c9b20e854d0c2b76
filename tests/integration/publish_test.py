#!/usr/bin/env python3
"""The quickstart's example, sent by `milepost publish`: its files are what newcomers meet first."""
import os
import unittest
from decimal import Decimal

from small import World

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "deploy", "quickstart",
                       "example")
SENT = ["deals.jsonl", "amendment.jsonl", "cancellation.jsonl", "closed-again.jsonl"]


def example(name):
    return os.path.join(EXAMPLE, name)


def expected(column):
    with open(example("expected.tsv"), encoding="utf-8") as lines:
        rows = [line.split() for line in lines if not line.startswith("#")]
    return {row[0].removeprefix("person:"): str(Decimal(row[column]).normalize())
            for row in rows if Decimal(row[column])}


class Publish(unittest.TestCase):
    def test_what_the_files_say_is_paid_file_after_file(self):
        world = World("publish", applied=False)
        world.apply(*[example(name) for name in ("plan.yaml", "crediting.yaml", "roster.yaml")])
        for column, name in enumerate(SENT, 1):
            world.cli("publish", example(name))
            world.until_paid(**expected(column))
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
