#!/usr/bin/env python3
"""The judge can see: each kind of wrong output is planted once into topics that are right otherwise,
on a real Kafka and without Milepost, and must be found, by its name and alone."""
import copy
import datetime
import json
import os
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "support"))

import redis
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

import kafka_reader
import wire
from judge import GROUPS, fingerprint, group_name
from scene import Scene

PLAN = """milepost: 1
plan: p
version: 1
currency: USD
timezone: UTC
effective: {from: 2026-01-01, until: 2027-01-01}
rounding: {to: 0.01, mode: half-even}
mid-window: last
components:
  c:
    measure: {of: deals, sum: amount}
    cancelled: {effect: recompute}
    over: quarter
    pays: {rate: 10%}
"""
NOW = datetime.datetime(2026, 2, 3, 10, tzinfo=datetime.timezone.utc)
TOPICS = ["deals", "milestones", "payments", "results", "roster", "control", "credits",
          "attainment", "payouts", "dead-letters"]
CAUSE = {"event_id": "E-1", "deal_id": "D-1", "revision": 0, "topic": "deals", "partition": 0,
         "offset": 0, "at": NOW, "traceparent": None}


def deal(deal_id, amount, revision=0, status="CLOSED"):
    return {"event_id": f"E-{deal_id}-{revision}", "deal_id": deal_id, "revision": revision,
            "status": status, "closed_at": NOW, "currency": "USD", "amount": Decimal(amount),
            "participants": [{"participant": "person:jo", "role": "owner", "share": Decimal(1)}]}


def payout(sequence, delta, total):
    return {"payout_id": f"id-{sequence}", "participant": "person:jo", "payee": "person:jo",
            "plan": "p", "plan_version": 1, "component": "c", "window": "2026-Q1",
            "sequence": sequence, "kind": "EARNED", "earned_delta": Decimal(delta),
            "payable_delta": Decimal(delta), "currency": "USD", "earned_total": Decimal(total),
            "payable_total": Decimal(total), "posted_period": "2026-02", "cause": CAUSE}


def view(earned, measure, sequence, **more):
    return {"participant": "person:jo", "plan": "p", "plan_version": 1, "component": "c",
            "window": "2026-Q1", "measure": Decimal(measure), "earned": Decimal(earned),
            "payable": Decimal(earned), "currency": "USD", "sequence": sequence,
            "draw_balance": Decimal(0), "as_of": NOW, "generation": "g", **more}


# Right: D-1 of 100.00 is amended to 150.00 (sent twice), D-2 of 7.05 stands, D-3 is cancelled.
DEALS = [deal("D-1", "100"), deal("D-1", "150", 1), deal("D-1", "150", 1), deal("D-2", "7.05"),
         deal("D-3", "9"), deal("D-3", "9", 1, "CANCELLED"), deal("D-3", "9")]
PAYOUTS = [payout(1, "10", "10"), payout(2, "5", "15"), payout(3, "0.70", "15.70")]
VIEWS = [view("10", "100", 1), view("15.70", "157.05", 3)]


def change(entries, index, **more):
    changed = copy.deepcopy(entries)
    changed[index].update(more)
    return changed


FAULTS = [  # name, what is different from right, the kinds of finding it must give
    ("nothing", {}, set()),
    ("a cent too much", {"payouts": change(PAYOUTS, 2, earned_delta=Decimal("0.71"),
                                           payable_delta=Decimal("0.71"),
                                           earned_total=Decimal("15.71"),
                                           payable_total=Decimal("15.71")),
                         "views": [view("15.71", "157.05", 3)]}, {"earned"}),
    ("a payout lost", {"payouts": PAYOUTS[:2], "views": [view("15", "157.05", 2)]}, {"earned"}),
    ("a deal lost from the input", {"deals": DEALS[:3] + DEALS[4:]}, {"earned", "attainment"}),
    ("a payout twice", {"payouts": PAYOUTS + PAYOUTS[2:]},
     {"unique", "sequence", "earned", "attainment"}),
    ("a gap in the sequence", {"payouts": change(PAYOUTS, 2, sequence=4)}, {"sequence"}),
    ("totals that do not add up", {"payouts": change(PAYOUTS, 1, earned_total=Decimal("16"))},
     {"running"}),
    ("payable apart from earned", {"payouts": change(PAYOUTS, 1, payable_delta=Decimal("4"))},
     {"payable"}),
    ("a stale view", {"views": VIEWS[:1]}, {"attainment"}),
    ("no view", {"views": []}, {"attainment"}),
    ("a Redis that is behind", {"in_redis": VIEWS[:1]}, {"redis"}),
    ("a Redis that is empty", {"in_redis": []}, {"redis"}),
    ("a hold", {"views": [view("15.70", "157.05", 3, held="differs")]}, {"attainment"}),
    ("a dead letter nobody expected", {"dead": ("deals", 0, 3, "undecodable")}, {"dead letter"}),
    ("a fact nobody has read", {"uncommitted": "deals"}, {"unread"}),
    ("a payout that vanished", {"seen": [(0, 99, "id-99", 1)]}, {"vanished"}),
    ("a payout that changed", {"seen": [(0, 0, "id-1", 1)]}, {"vanished"}),
    ("a conflict of revisions", {"deals": DEALS + [deal("D-1", "151", 1)]}, {"input"}),
    ("an unread currency", {"deals": DEALS + [dict(deal("D-9", "1"), currency="XYZ")]}, {"input"}),
]


class Stage(Scene):
    def __init__(self, number):
        super().__init__(f"judge{number}", partitions=1)
        admin = AdminClient({"bootstrap.servers": self.servers, **kafka_reader.QUIET})
        for done in admin.create_topics([NewTopic(self.topic(name), 1, 1)
                                         for name in TOPICS]).values():
            done.result()

    def play(self, deals=DEALS, payouts=PAYOUTS, views=VIEWS, dead=None, uncommitted=None,
             seen=(), in_redis=None):
        self.append("control", "plan/p/1", self.schemas.encode("control", {
            "kind": "plan", "id": "p", "version": 1, "written_at": NOW, "document": PLAN}))
        self.append("roster", "person:jo/assignments", self.schemas.encode("roster", {
            "participant": "person:jo", "aspect": "assignments", "version": 1,
            "assignments": [{"plan": "p", "from": datetime.date(2026, 1, 1)}]}))
        for one in deals:
            self.fact("deals", one["deal_id"], one)
        for one in payouts:
            self.fact("payouts", one["participant"], one)
        for one in views:
            self.append("attainment", "k", self.schemas.encode("attainment", one))
        self.write_redis(views if in_redis is None else in_redis)
        if dead:
            headers = {"topic": self.topic(dead[0]), "partition": str(dead[1]),
                       "offset": str(dead[2]), "exception.class.name": dead[3]}
            self.append("dead-letters", "D", b"x", headers=[
                (f"__connect.errors.{name}", value.encode()) for name, value in headers.items()])
        self.commit_all(uncommitted)
        self.write_seen(seen)

    def write_redis(self, views):
        """As libs/redis/README.md has it; the last view of the one key stands."""
        with redis.Redis.from_url(self.redis_url) as client:
            key = f"{self.prefix}milepost:{{attainment:0}}"
            client.hset(key, "#header", f"g {len(views)}")
            for one in views:
                client.hset(key, "person:jo/p/c/2026-Q1", json.dumps({
                    "measure": str(one["measure"]), "goal": None, "attainment": None,
                    "earned": str(one["earned"]), "payable": str(one["payable"]),
                    "currency": "USD", "sequence": one["sequence"], "step": None, "pending": [],
                    "held": one.get("held"), "plan_version": 1,
                    "as_of": int(NOW.timestamp() * 1000)}))

    def commit_all(self, but):
        for service, names in GROUPS.items():
            group = kafka_reader.consumer(self.servers, group_name(self.prefix, service))
            for name in names:
                places = [TopicPartition(self.topic(name), 0)]
                _, end = group.get_watermark_offsets(places[0], timeout=60)
                places[0].offset = end - (1 if name == but else 0)
                group.commit(offsets=places, asynchronous=False)
            group.close()

    def write_seen(self, more):
        lines = [(one.partition(), one.offset(),
                  self.schemas.decode("payout", one.value())["payout_id"], fingerprint(one))
                 for one in kafka_reader.read(self.servers, self.topic("payouts"))]
        self.file("seen", "".join(f"{p} {o} {i} {m}\n" for p, o, i, m in [*lines, *more]))


class JudgeCanSee(unittest.TestCase):
    def test_each_fault_is_found_by_its_kind_and_nothing_else(self):
        for number, (name, different, kinds) in enumerate(FAULTS):
            with self.subTest(name):
                stage = Stage(number)
                stage.play(**different)
                code, result = stage.judge("--watched", stage.file("seen"))
                stage.close()
                self.assertEqual({one["kind"] for one in result["findings"]}, kinds, result)
                self.assertEqual(code, 1 if kinds else 0)

    def test_java_producers_choose_the_same_partition(self):
        for key, signed in [("21", -973932308), ("foobar", -790332482),
                            ("a-little-bit-long-string", -985981536),
                            ("a-little-bit-longer-string", -1486304829), ("abc", 479470107)]:
            self.assertEqual(wire.murmur2(key.encode()), signed & 0xFFFFFFFF)


if __name__ == "__main__":
    unittest.main()
