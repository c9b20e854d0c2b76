"""What the benchmarks share: a release build, a scene whose company is the benchmark's (quarterly
window, four marginal tiers), the load, and what /proc says about a process."""
import os
import statistics
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
TOP = os.path.dirname(TESTS)
sys.path.insert(0, os.path.join(TESTS, "support"))
os.environ.setdefault("MILEPOST_BUILD", os.path.join(TOP, "build", "release"))

import kafka_reader
import scene as scenes
from confluent_kafka import Consumer, TopicPartition
from scene import Scene, say

BUILD = os.environ["MILEPOST_BUILD"]
PARTITIONS = 12
TICKS = os.sysconf("SC_CLK_TCK")
TARGETS = ("milepost", "milepost-crediting", "milepost-incentives", "bench_raw", "bench_hops",
           "bench_load")
SERVICE = {"session.timeout.ms": "30000", "transaction.timeout.ms": "15000"}  # the defaults

PLAN = """milepost: 1
plan: ae
version: 1
title: Benchmark
currency: USD
timezone: UTC
calendar: {year-starts: 01-01}
effective: {from: 2026-01-01, until: 2027-01-01}
rounding: {to: 0.01, mode: half-even}
mid-window: last
components:
  deals:
    measure: {of: deals, sum: amount}
    cancelled: {effect: recompute}
    over: quarter
    pays:
      tiers: {on: amount, method: marginal, boundary: higher, gives: rate, negative: nothing, table: [{from: 0, give: 4%}, {from: 10000, give: 6%}, {from: 25000, give: 8%}, {from: 50000, give: 10%}]}
"""
PERSON = """  - participant: person:p{index:06}
    pay: {{group: monthly, currency: USD}}
    employed: [{{from: 2026-01-01}}]
    assignments: [{{plan: ae, from: 2026-01-01}}]
"""


def build():
    """The release build of what is measured; MILEPOST_BUILD names another."""
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        subprocess.run(["cmake", "--preset", "release", "-B", BUILD], cwd=TOP, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", BUILD, "--target", *TARGETS], check=True,
                   stdout=subprocess.DEVNULL)


def program(name):
    return os.path.join(BUILD, "tests", f"bench_{name}")


def people_for(deals):
    """100,000 participants for two million deals, in proportion for fewer."""
    return max(20, deals // 20)


def company(name, people):
    """A scene with its topics, its plan and its roster."""
    scene = Scene(f"bench-{name}", PARTITIONS)
    scene.create_topics()
    scene.file("plan.yaml", PLAN)
    scene.file("roster.yaml", "pay-groups: {monthly: {periods: month, timezone: UTC}}\n"
               "participants:\n" + "".join(PERSON.format(index=i) for i in range(people)))
    say(f"{scene.prefix}: applying plan and roster of {people}")
    scene.apply(scene.file("plan.yaml"), scene.file("roster.yaml"))
    return scene


def load(scene, deals, people, per_second=0, first=0, topic=None):
    """A load that runs; `finished` waits for it."""
    return subprocess.Popen(
        [program("load"), scene.servers, topic or scene.topic("deals"), str(deals), str(people),
         str(per_second), str(first)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)


def finished(process):
    """The number of records that a load appended."""
    out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"load ended with {process.returncode}")
    return int(out)


def services(scene):
    return [scene.service(name, "bench", **SERVICE) for name in ("crediting", "incentives")]


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))


def broker_pid(scene):
    """The broker on this machine that listens on the scene's port; None for one elsewhere."""
    port = int(scene.servers.rpartition(":")[2])
    found = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], capture_output=True, text=True,
                           check=False).stdout
    _, _, rest = found.partition("pid=")
    return int(rest.split(",")[0]) if rest else None


class Lag:
    """How far a group is behind the end of a topic, as committed; clients are kept open."""

    def __init__(self, scene, group, name):
        self.reader = kafka_reader.consumer(scene.servers, group)
        self.places = [TopicPartition(scene.topic(name), p) for p in range(PARTITIONS)]

    def left(self):
        """Records and control records between what is committed and the last stable offset."""
        left = 0
        for place in kafka_reader.asked(lambda: self.reader.committed(self.places, timeout=60)):
            low, high = self.reader.get_watermark_offsets(TopicPartition(place.topic,
                                                                         place.partition),
                                                          timeout=60)
            left += high - max(place.offset, low)
        return left

    def close(self):
        self.reader.close()


def drained(scene, limit_s=3600):
    """Waits until both stages have committed everything. A transaction's own marker follows the
    last credits of a partition, so up to two of those do not count."""
    deals = Lag(scene, f"{scene.prefix}milepost-crediting", "deals")
    credits = Lag(scene, f"{scene.prefix}milepost-incentives", "credits")
    scene.until("deals drained", lambda: deals.left() == 0, limit_s)
    still = [None]

    def is_still():
        left, before = credits.left(), still[0]
        still[0] = left
        return left <= PARTITIONS * 2 and left == before
    scene.until("credits drained", is_still, limit_s)
    deals.close()
    credits.close()


def dump_payouts(scene, path):
    """The payouts as bench/raw wants them; returns how many."""
    count = 0
    with open(path, "wb") as out:
        for message in kafka_reader.read(scene.servers, scene.topic("payouts")):
            key, value = message.key() or b"", message.value()
            headers = message.headers() or []
            out.write(struct.pack("=4I", message.partition(), len(key), len(value), len(headers)))
            out.write(key + value)
            for name, text in headers:
                out.write(struct.pack("=2I", len(name), len(text)) + name.encode() + text)
            count += 1
    return count


def create_topics(scene, names):
    from confluent_kafka.admin import AdminClient, NewTopic
    admin = AdminClient({"bootstrap.servers": scene.servers, **kafka_reader.QUIET})
    for made in admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names]).values():
        made.result()


def median(values):
    return statistics.median(values)
