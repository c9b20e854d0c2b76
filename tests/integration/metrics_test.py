#!/usr/bin/env python3
"""/metrics of both services on a real Kafka and a real Redis: every figure that operators are promised
is there under its name and labels, and says what is so, after a restart too."""
import re
import unittest
import urllib.request

from small import World, deal  # first: it finds tests/support

from free_port import free_port

PLACE = {"service", "consumergroup", "topic", "partition"}
BOTH = {  # name: labels
    "events_consumed_total": PLACE, "last_processed_timestamp_seconds": PLACE,
    "consumer_lag_records": PLACE, "events_processed_total": {"service", "plan", "outcome"},
    "payouts_published_total": {"service"}, "duplicates_dropped_total": {"service"},
    "event_time_lag_seconds": {"service", "loop"},
    "txn_commit_duration_seconds_count": {"service"}, "txn_records_count": {"service"},
    "txn_aborts_total": {"service"}, "process_duration_seconds_count": {"service"},
    "assigned_partitions": {"service"}, "rebalances_total": {"service"},
    "state_restore_seconds": {"service", "loop"}, "state_keys": {"service"},
    "schema_cache_entries": {"service"},
    "schema_registry_request_duration_seconds_count": {"service"},
    "rdkafka_rtt_seconds": {"service", "loop"}, "rdkafka_outbuf_requests": {"service", "loop"},
    "rdkafka_batch_bytes": {"service", "loop"},
    "build_info": {"service", "version", "librdkafka"},
}
INCENTIVES = {"redis_up": {"service"}, "redis_pipeline_duration_seconds_count": {"service"}}
SAMPLE = re.compile(r"^milepost_(\w+)\{(.*)\} (\S+)$")


def scrape(port):
    """{name: [(labels, value)]}."""
    found = {}
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = SAMPLE.match(line).groups()
            labels = dict(re.findall(r'(\w+)="([^"]*)"', labels))
            found.setdefault(name, []).append((labels, float(value)))
    return found


class Watched(World):
    def __init__(self, name, **more):
        self.ports = {"crediting": free_port(), "incentives": free_port()}
        super().__init__(name, **more)

    def service(self, name, instance, **more):
        return super().service(name, instance, **{"admin.port": str(self.ports[name])}, **more)

    def sum(self, service, name, **labels):
        return sum(value for given, value in scrape(self.ports[service]).get(name, [])
                   if labels.items() <= given.items())


class Metrics(unittest.TestCase):
    def test_every_promised_figure_is_there_and_true_after_a_restart(self):
        world = Watched("metrics", people=("jo",), partitions=3)
        for number in range(20):
            world.send(deal(f"D-{number}", "10", shares=(("jo", "owner", "1"),)))
        world.send(deal("D-0", "10", shares=(("jo", "owner", "1"),)))  # known already
        world.send(deal("D-al", "10", shares=(("al", "owner", "1"),)))  # has no plan
        world.send(deal("D-wrong", "10", shares=(("jo", "owner", "0.9"),)))
        world.until_paid(jo="2E+1")
        world.until("deals to be read", lambda: not world.left("crediting", "deals"))
        world.until("both that wait",
                    lambda: world.sum("incentives", "rows_waiting") == 2)

        topic = world.topic("deals")
        for service, promised in (("crediting", BOTH), ("incentives", {**BOTH, **INCENTIVES})):
            found = world.until(f"all figures of {service}", lambda: (
                lambda seen: seen if promised.keys() <= seen.keys() else None)(
                    scrape(world.ports[service])))  # librdkafka's statistics come later
            for name, labels in promised.items():
                for given, _ in found[name]:
                    self.assertEqual(given.keys(), labels, name)
        self.assertEqual(world.sum("crediting", "events_consumed_total", topic=topic), 23)
        self.assertEqual(world.sum("crediting", "duplicates_dropped_total"), 1)
        self.assertEqual(world.sum("crediting", "events_processed_total", outcome="valued"), 21)
        self.assertEqual(world.sum("crediting", "events_processed_total", outcome="waiting"), 1)
        self.assertEqual(world.sum("incentives", "events_processed_total", plan="sales",
                                   outcome="valued"), 20)
        self.assertEqual(world.sum("incentives", "payouts_published_total"), 20)
        world.until("Redis to be written",
                    lambda: world.sum("incentives", "redis_pipeline_duration_seconds_count") > 0)

        gauges = {"crediting": ("state_books", "rows_waiting", "state_keys"),
                  "incentives": ("state_books", "rows_waiting", "state_keys", "keys_held")}
        before = {(service, name): world.sum(service, name)
                  for service, names in gauges.items() for name in names}
        self.assertEqual(before["crediting", "state_books"], 22)
        self.assertEqual(before["crediting", "rows_waiting"], 1)
        for program in world.programs:
            program.kill9()
            program.start()
        for service, names in gauges.items():
            world.until(f"{service} to know it all again", lambda: self.is_up(world, service) and (
                not world.sum(service, "unread_partitions") and
                all(world.sum(service, name) == before[service, name] for name in names)))
        world.end()
        world.close()

    @staticmethod
    def is_up(world, service):
        try:
            return world.sum(service, "assigned_partitions") == 3
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
