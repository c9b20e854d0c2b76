#!/usr/bin/env python3
"""A load for the fire test: deals with amendments, duplicates, cancellations and splits, all from one
seed, and the roster and plans that value them.

  load.py files OUT …      writes roster.yaml, control.yaml, plan-1.yaml and plan-2.yaml for
                           `milepost apply`; version 2 of the plan re-values everybody
  load.py produce …        appends the deals, evenly over --seconds
"""
import argparse
import datetime
import os
import random
import sys
import time
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "support"))

from confluent_kafka import Producer

from kafka_reader import QUIET, partition_count
from wire import Schemas, partition_of, topic

AMENDED, DUPLICATED, CANCELLED, SPLIT, LATE = 0.05, 0.02, 0.02, 0.30, 0.2
YEAR_BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
PRODUCTS = ["core", "plus", "service"]
SPLITS = [("0.5", "0.5"), ("0.6", "0.4"), ("0.75", "0.25"), ("0.333333333", "0.666666667")]

PLAN = """milepost: 1
plan: account-executive
version: {version}
title: Account executives 2026
currency: USD
timezone: America/New_York
calendar: {{year-starts: 01-01}}
effective: {{from: 2026-01-01, until: 2027-01-01}}
rounding: {{to: 0.01, mode: half-even}}
mid-window: last
components:
  new-business:
    measure: {{of: deals, sum: amount, role: [owner]}}
    cancelled: {{effect: recompute}}
    over: quarter
    pays:
      tiers:
        on: amount
        method: marginal
        boundary: higher
        gives: rate
        table: {tiers}
        negative: nothing
  quota:
    measure: {{of: deals, sum: amount, role: [owner, overlay]}}
    cancelled: {{effect: recompute}}
    over: year
    goal: {{from: roster, prorate: none, direction: higher, attainment: exact, zero: full-target}}
    pays:
      curve:
        on: attainment
        gives: percent-of-target
        points: [[50%, 0%], [100%, 100%], [150%, {top}]]
        below: nothing
        above: {{slope: 1}}
    adjust:
      - cap: {{at: 500% of target, per: window}}
  services:
    measure: {{of: deals, sum: count, count: shared, role: [owner], where: {{deal-type: service}}}}
    cancelled: {{effect: recompute}}
    over: month
    pays: {{unit: {unit}}}
"""
VERSIONS = {
    1: {"tiers": "[{from: 0, give: 4%}, {from: 20000, give: 6%}, {from: 60000, give: 8%}]",
        "top": "300%", "unit": "12.50"},
    2: {"tiers": "[{from: 0, give: 4.5%}, {from: 20000, give: 6%}, "
                 "{from: 50000, give: 9%, retroactive: true}]",
        "top": "250%", "unit": "13.335"},
}
CONTROL = """crediting:
  splits: {owner: exactly 100%, overlay: any}
  remainder: largest-share
"""


def person(index):
    return f"person:p{index:06}"


def write_files(out, people, deals):
    """Goals lie where the load's totals fall, so that every part of the curve is met."""
    os.makedirs(out, exist_ok=True)
    each = deals * 2750 / people
    with open(os.path.join(out, "roster.yaml"), "w", encoding="utf-8") as file:
        file.write("pay-groups: {us-monthly: {periods: month, timezone: America/New_York}}\n"
                   "participants:\n")
        for index in range(people):
            goal = max(1000, int(each * (50 + index % 150) / 100))
            file.write(f"""  - participant: {person(index)}
    pay: {{group: us-monthly, currency: USD}}
    employed: [{{from: 2026-01-01}}]
    assignments:
      - plan: account-executive
        from: 2026-01-01
        goals: {{quota: {{annual: {goal}}}}}
        target: {{annual: {1000 + index % 7 * 333}}}
""")
    with open(os.path.join(out, "control.yaml"), "w", encoding="utf-8") as file:
        file.write(CONTROL)
    for version, figures in VERSIONS.items():
        with open(os.path.join(out, f"plan-{version}.yaml"), "w", encoding="utf-8") as file:
            file.write(PLAN.format(version=version, **figures))


class Deals:
    """The same records for the same seed, in an order that mixes revisions of different deals."""

    def __init__(self, seed, deals, people):
        self.chance, self.deals, self.people = random.Random(seed), deals, people

    def participants(self):
        chance = self.chance
        first = chance.randrange(self.people)
        if chance.random() < SPLIT:
            second = (first + 1 + chance.randrange(self.people - 1)) % self.people
            shares = chance.choice(SPLITS)
            return [self.part(first, "owner", shares[0]), self.part(second, "owner", shares[1])]
        found = [self.part(first, "owner", "1")]
        if chance.random() < 0.05:
            found.append(self.part(chance.randrange(self.people), "overlay", "0.25"))
        return found

    @staticmethod
    def part(index, role, share):
        return {"participant": person(index), "role": role, "share": Decimal(share)}

    def deal(self, index):
        chance = self.chance
        closed = YEAR_BEGIN + datetime.timedelta(milliseconds=chance.randrange(365 * 86400000))
        return {
            "deal_id": f"D-{index:08}", "revision": 0, "status": "CLOSED", "closed_at": closed,
            "cancelled_at": None, "currency": "USD",
            "amount": Decimal(chance.randrange(5000, 500000)) / 100, "amounts": {},
            "quantity": None, "customer_id": f"C-{chance.randrange(10000):05}", "territory": None,
            "deal_type": chance.choice(["new", "new", "service"]), "lines": [],
            "participants": self.participants(), "attributes": {}, "replaces": None,
        }

    def amended(self, deal):
        chance = self.chance
        changed = dict(deal, revision=deal["revision"] + 1)
        kind = chance.randrange(3)
        if kind != 1:
            changed["amount"] = Decimal(chance.randrange(5000, 500000)) / 100
        if kind != 0:
            changed["participants"] = self.participants()
        return changed

    @staticmethod
    def cancelled(deal):
        return dict(deal, revision=deal["revision"] + 1, status="CANCELLED",
                    cancelled_at=deal["closed_at"] + datetime.timedelta(days=40))

    def records(self):
        """Each deal once, and what follows it some way behind; an amendment may also come before
        the revision that it amends."""
        chance = self.chance
        later = {}
        for index in range(self.deals):
            deal = self.deal(index)
            first = deal
            if chance.random() < AMENDED:
                amended = self.amended(deal)
                if chance.random() < LATE:
                    first, follows = amended, deal
                else:
                    first, follows = deal, amended
                self.put(later, index, follows)
                deal = amended
            if chance.random() < CANCELLED:
                self.put(later, index, self.cancelled(deal))
            if chance.random() < DUPLICATED:
                self.put(later, index, first)
            yield first
            yield from later.pop(index, [])
        for index in sorted(later):
            yield from later[index]

    def put(self, later, index, record):
        later.setdefault(index + 1 + self.chance.randrange(2000), []).append(record)


class Outlet:
    """Appends facts with explicit partitions; a broker that is away is waited for."""

    def __init__(self, servers, prefix):
        self.schemas, self.failures, self.count = Schemas(), [], 0
        self.topic = topic(prefix, "deals")
        self.partitions = partition_count(servers, self.topic)
        self.producer = Producer({
            "bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 20,
            "message.timeout.ms": 900000, "compression.type": "lz4", **QUIET})

    def delivered(self, error, _):
        if error is not None:
            self.failures.append(str(error))

    def append(self, deal):
        self.count += 1
        value = self.schemas.encode("deal", dict(deal, event_id=f"E-{self.count:09}"))
        key = deal["deal_id"]
        while True:
            try:
                self.producer.produce(self.topic, value=value, key=key.encode(),
                                      partition=partition_of(key, self.partitions),
                                      on_delivery=self.delivered)
                break
            except BufferError:
                self.producer.poll(0.1)
        self.producer.poll(0)

    def finish(self):
        self.producer.flush()
        if self.failures:
            raise SystemExit(f"load: {len(self.failures)} not delivered: {self.failures[0]}")


def produce(arguments):
    outlet = Outlet(arguments.servers, arguments.prefix)
    begin = time.monotonic()
    total = arguments.deals * (1 + AMENDED + DUPLICATED + CANCELLED)
    for record in Deals(arguments.seed, arguments.deals, arguments.people).records():
        outlet.append(record)
        ahead = arguments.seconds * outlet.count / total - (time.monotonic() - begin)
        if ahead > 0.05:
            outlet.producer.poll(ahead)
    outlet.finish()
    print(f"load: {outlet.count} records of {arguments.deals} deals in "
          f"{time.monotonic() - begin:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["files", "produce"])
    parser.add_argument("out", nargs="?", help="folder for `files`")
    parser.add_argument("--deals", type=int, default=20000)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0, help="0: as fast as it goes")
    parser.add_argument("--servers", default="127.0.0.1:19092")
    parser.add_argument("--prefix", default="")
    arguments = parser.parse_args()
    if arguments.command == "files":
        write_files(arguments.out or ".", arguments.people, arguments.deals)
    else:
        produce(arguments)


if __name__ == "__main__":
    main()
