#!/usr/bin/env python3
"""The independent judge: recomputes every participant's pay from the input topics and compares it
with what Milepost has published.

It reads committed records with confluent-kafka, decodes them with fastavro and computes with exact
fractions; nothing of it is Milepost's code. It is written from PLAN-LANGUAGE.md alone, and what it
does not know it refuses to judge. Run it when everything has been consumed.

Exit code 0: not one difference; 1: differences, listed; 2: wrong call.
"""
import argparse
import json
import os
import sys
import zlib
from fractions import Fraction

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "support"))

import read_model
from facts import Facts, exact
from kafka_reader import committed, read
from wire import Schemas, partition_of, topic
from worth import credited, valued

GROUPS = {  # the inputs of each service's group; all but control and roster end with facts
    "crediting": ["deals", "milestones", "payments", "control"],
    "incentives": ["credits", "results", "roster", "control"],
}
SHOWN = 20


def fingerprint(message):
    return zlib.crc32((message.key() or b"") + b"\0" + (message.value() or b""))


def money(value):
    whole = f"{float(value):.2f}"
    return whole if Fraction(whole) == value else str(value)


def on_the_wire(value, places):
    """As the schema's decimal of that scale carries it; round() is half-even."""
    return None if value is None else Fraction(round(value * 10**places), 10**places)


class Payouts:
    """The payouts topic, and by key what it adds up to."""

    def __init__(self, servers, prefix, schemas, find):
        self.by_key, self.places, self.count = {}, {}, 0
        self.partitions = 1
        ids = set()
        for message in read(servers, topic(prefix, "payouts")):
            payout = exact(schemas.decode("payout", message.value()))
            place = (message.partition(), message.offset())
            self.places[place] = (payout["payout_id"], fingerprint(message))
            self.partitions = max(self.partitions, message.partition() + 1)
            self.count += 1
            if payout["payout_id"] in ids:
                find("unique", f"payout {payout['payout_id']} stands twice, again at {place}")
            ids.add(payout["payout_id"])
            if message.key() != payout["participant"].encode():
                find("key", f"payout at {place} has key {message.key()}")
            key = (payout["participant"], payout["plan"], payout["component"], payout["window"])
            self.by_key.setdefault(key, []).append((place, payout))

    def check(self, unpaid, find):
        for key, entries in self.by_key.items():
            total, payable = Fraction(0), Fraction(0)
            if len({place[0] for place, _ in entries}) != 1:
                find("partition", f"{key} has payouts in several partitions")
            for expected, (place, payout) in enumerate(entries, 1):
                if payout["sequence"] != expected:
                    find("sequence", f"{key} at {place}: {payout['sequence']}, not {expected}")
                    break
                total += payout["earned_delta"]
                payable += payout["payable_delta"] or 0
                if payout["earned_total"] != total:
                    find("running", f"{key} at {place}: earned_total {payout['earned_total']}"
                                    f", sum {total}")
                    break
                self.check_payable(key, place, payout, unpaid, payable, find)

    @staticmethod
    def check_payable(key, place, payout, unpaid, payable, find):
        if key[0] in unpaid:
            if payout["payable_delta"] is not None or payout["payee"] is not None:
                find("unpaid", f"{key} at {place} pays somebody with `pay: none`")
        elif payout["payable_delta"] != payout["earned_delta"]:
            find("payable", f"{key} at {place}: without release, earned is payable")
        elif payout["payable_total"] != payable:
            find("payable", f"{key} at {place}: payable_total is not the sum")

    def earned(self, key):
        return sum((payout["earned_delta"] for _, payout in self.by_key.get(key, [])), Fraction(0))


class Judge:
    def __init__(self, arguments):
        self.said = arguments
        self.schemas = Schemas()
        self.findings, self.rows, self.counts = [], [], {}
        self.expected_dead = {}
        if arguments.expect_dead:
            with open(arguments.expect_dead, encoding="utf-8") as file:
                for name, partition, offset, reason in json.load(file):
                    self.expected_dead[name, partition, offset] = reason

    def find(self, kind, text):
        self.findings.append({"kind": kind, "what": text})

    def topic(self, name):
        return topic(self.said.prefix, name)

    def expected(self, facts):
        books = credited(facts.deals.values(), facts.splits)
        worth = {}
        for participant, rows in books.items():
            found = valued(rows, facts.assignments.get(participant, []), facts.plans)
            worth.update({(participant, *key): result for key, result in found.items()})
        return worth

    def run(self):
        said = self.said
        facts = Facts(said.servers, said.prefix, self.schemas, self.expected_dead)
        for finding in facts.findings:
            self.find("input", finding)
        worth = self.expected(facts)
        payouts = Payouts(said.servers, said.prefix, self.schemas, self.find)
        payouts.check(facts.unpaid, self.find)
        self.compare(worth, payouts)
        attainment = self.check_attainment(worth, payouts)
        self.check_redis(attainment, facts)
        self.check_dead_letters()
        if not said.skip_lag:
            self.check_consumed()
        self.check_watched(payouts)
        self.counts.update({
            "deal records": facts.deal_records, "deals": len(facts.deals),
            "duplicates": facts.duplicates, "participants": len(facts.assignments),
            "keys": len(worth), "payouts": payouts.count, "attainment keys": len(attainment),
            "earned": money(sum((one.earned for one in worth.values()), Fraction(0))),
        })
        if not worth and not said.allow_empty:
            self.find("input", "there is nothing to judge")

    def compare(self, worth, payouts):
        for key in sorted(set(worth) | set(payouts.by_key)):
            expected = worth[key].earned if key in worth else Fraction(0)
            emitted = payouts.earned(key)
            if expected != emitted:
                self.rows.append((key, expected, emitted))
                self.find("earned", f"{' '.join(key)}: earned {money(expected)}, "
                                    f"paid {money(emitted)}")
        wrong = [key for key in payouts.by_key
                 if key in worth and payouts.by_key[key][-1][1]["currency"] != worth[key].currency]
        for key in wrong:
            self.find("currency", str(key))

    def check_attainment(self, worth, payouts):
        newest, partitions = {}, 0
        for message in read(self.said.servers, self.topic("attainment")):
            if message.value() is None:
                self.find("attainment", f"a tombstone at {message.partition()}/{message.offset()}")
                continue
            record = exact(self.schemas.decode("attainment", message.value()))
            key = (record["participant"], record["plan"], record["component"], record["window"])
            newest[key] = record
            partitions = max(partitions, message.partition() + 1)
        for key in sorted(set(payouts.by_key) - set(newest)):
            self.find("attainment", f"{key} has payouts and no attainment")
        for key, record in newest.items():
            self.check_view(key, record, worth.get(key), payouts)
        return newest

    def check_view(self, key, record, result, payouts):
        entries = payouts.by_key.get(key, [])
        expected = {"earned": payouts.earned(key), "sequence": len(entries), "held": None}
        if result is not None and result.pending is None:
            expected.update(measure=on_the_wire(result.measure, 9),
                            goal=on_the_wire(result.goal, 9),
                            attainment=on_the_wire(result.attainment, 12))
        for name, value in expected.items():
            if record[name] != value:
                self.find("attainment", f"{key}: {name} is {record[name]}, not {value}")

    def check_redis(self, attainment, facts):
        if not self.said.redis:
            return
        stored = read_model.entries(self.said.redis, self.said.prefix, facts.settings, self.find)
        for key in sorted(set(stored) ^ set(attainment)):
            where = "Redis" if key in stored else "the attainment topic"
            self.find("redis", f"{key} is in {where} only")
        for key in set(stored) & set(attainment):
            for name, value in stored[key].items():
                if value != attainment[key][name]:
                    self.find("redis", f"{key}: {name} is {value} in Redis, "
                                       f"{attainment[key][name]} in the topic")

    def check_dead_letters(self):
        found = {}
        for message in read(self.said.servers, self.topic("dead-letters")):
            place, reason = dead_letter(message, self.said.prefix)
            if place in found:
                self.find("dead letter", f"{place} stands twice")
            found[place] = reason
        self.counts["dead letters"] = len(found)
        for place in sorted(set(found) | set(self.expected_dead), key=str):
            if found.get(place) != self.expected_dead.get(place):
                self.find("dead letter", f"{place}: {found.get(place)}, expected "
                                         f"{self.expected_dead.get(place)}")

    def check_consumed(self):
        for service, names in GROUPS.items():
            for name in names:
                left = left_to_read(self.said.servers, group_name(self.said.prefix, service),
                                    self.topic(name))
                if left:
                    self.find("unread", f"{service} has left {left} records of {name}")

    def check_watched(self, payouts):
        if not self.said.watched:
            return
        seen = 0
        with open(self.said.watched, encoding="utf-8") as file:
            for line in file:
                if not line.endswith("\n"):
                    break
                partition, offset, payout_id, mark = line.split()
                seen += 1
                if payouts.places.get((int(partition), int(offset))) != (payout_id, int(mark)):
                    self.find("vanished", f"payout {payout_id} was seen at {partition}/{offset} "
                                          "and is gone or changed")
        self.counts["payouts watched"] = seen
        if seen == 0 and payouts.count:
            self.find("vanished", "the watcher saw nothing: it was not there")


def group_name(prefix, service):
    return f"{prefix}milepost-{service}"


def left_to_read(servers, group, name):
    """How many committed records stand behind what the group has committed. Control records of
    transactions are none."""
    return sum(1 for _ in read(servers, name, begin=committed(servers, group, name)))


def dead_letter(message, prefix):
    """((topic, partition, offset) of the original, reason) from Kafka Connect's headers."""
    headers = {name: (value or b"").decode() for name, value in message.headers() or []}
    name = headers.get("__connect.errors.topic", "")
    short = name.removeprefix(f"{prefix}milepost.").removesuffix(".v1")
    return ((short, int(headers.get("__connect.errors.partition", -1)),
             int(headers.get("__connect.errors.offset", -1))),
            headers.get("__connect.errors.exception.class.name"))


def show(judge):
    width = max(len(name) for name in judge.counts)
    for name, value in judge.counts.items():
        print(f"{name:<{width}}  {value}")
    if judge.rows:
        print(f"\n{'participant plan component window':<70} {'earned':>18} {'paid':>18}")
        for key, expected, emitted in judge.rows[:SHOWN]:
            print(f"{' '.join(key):<70} {money(expected):>18} {money(emitted):>18}")
    by_kind = {}
    for finding in judge.findings:
        by_kind.setdefault(finding["kind"], []).append(finding["what"])
    for kind, texts in by_kind.items():
        print(f"\n{kind}: {len(texts)}")
        for text in texts[:SHOWN]:
            print(f"  {text}")
    print(f"\njudge: {'no difference' if not judge.findings else f'{len(judge.findings)} findings'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", required=True, help="host:port of the broker")
    parser.add_argument("--prefix", default="", help="before topics and groups")
    parser.add_argument("--redis", help="unix:///path; without it Redis is not compared")
    parser.add_argument("--watched", help="file of a watcher.py that ran meanwhile")
    parser.add_argument("--expect-dead", help="JSON: [[topic, partition, offset, reason], …]")
    parser.add_argument("--json", help="file for the result as JSON")
    parser.add_argument("--skip-lag", action="store_true", help="do not compare committed offsets")
    parser.add_argument("--allow-empty", action="store_true", help="nothing to judge is no finding")
    judge = Judge(parser.parse_args())
    judge.run()
    show(judge)
    if judge.said.json:
        with open(judge.said.json, "w", encoding="utf-8") as file:
            json.dump({"counts": judge.counts, "findings": judge.findings}, file, indent=1)
    return 1 if judge.findings else 0


if __name__ == "__main__":
    sys.exit(main())
