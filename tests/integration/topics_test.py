#!/usr/bin/env python3
"""Services look at their topics: at start, when a difference ends them, and while they run."""
import unittest

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource,
                                   ResourceType)

from small import World, deal  # first: it finds tests/support

from free_port import free_port
from scene import figure

KEEPS = "604800000"


def alter(world, name, setting, value):
    resource = ConfigResource(ResourceType.TOPIC, world.topic(name), incremental_configs=[
        ConfigEntry(setting, value, incremental_operation=AlterConfigOpType.SET)])
    admin = AdminClient({"bootstrap.servers": world.servers})
    for done in admin.incremental_alter_configs([resource]).values():
        done.result()


def bounds(world, name):
    consumer = Consumer({"bootstrap.servers": world.servers, "group.id": "bounds"})
    found = consumer.get_watermark_offsets(TopicPartition(world.topic(name), 0), timeout=30)
    consumer.close()
    return found


def delete_all(world, name):
    admin = AdminClient({"bootstrap.servers": world.servers})
    place = TopicPartition(world.topic(name), 0, bounds(world, name)[1])
    for done in admin.delete_records([place]).values():
        done.result()


class Topics(unittest.TestCase):
    def test_a_setting_that_deletes_facts_ends_a_service_and_names_the_repair(self):
        world = World("setting")
        world.send(deal("D-1", "100"))
        world.until_paid(jo="1E+1")
        world.end()
        alter(world, "crediting-journal", "retention.ms", KEEPS)
        code = world.crediting.start().process.wait(120)
        self.assertEqual(code, 3, world.crediting.tail())
        self.assertRegex(world.crediting.tail(3), "retention.ms is " + KEEPS + " and must be -1; run: "
                         r"kafka-configs.sh .* --entity-name \S*crediting-journal.v1 "
                         "--add-config retention.ms=-1")
        checked = world.cli("topics", "check", check=False)
        self.assertEqual(checked.returncode, 1)
        self.assertIn("--add-config retention.ms=-1", checked.stdout)
        world.incentives.start()  # does not read that journal
        alter(world, "crediting-journal", "retention.ms", "-1")
        world.crediting.start()
        world.send(deal("D-2", "100"))
        world.until_paid(jo="2E+1")
        self.assertIn("All topics are as they should be.", world.cli("topics", "check").stdout)
        world.end()
        world.close()

    def test_a_setting_changed_under_a_running_service_is_an_alarm(self):
        port = free_port()
        world = World("alarm", settings={"topics.check.interval": "1 s"})
        world.crediting.stop()
        world.programs.remove(world.crediting)
        world.crediting = world.service("crediting", "c2", **{
            "topics.check.interval": "1 s", "admin.port": str(port)}).start()
        world.send(deal("D-1", "100"))
        world.until_paid(jo="1E+1")
        self.assertEqual(figure(port, "topic_settings_wrong"), 0)
        alter(world, "deals", "retention.ms", KEEPS)
        world.until("the alarm", lambda: figure(port, "topic_settings_wrong") == 1)
        self.assertRegex(world.crediting.tail(),
                         '"error".*deals.v1: retention.ms is ' + KEEPS + " and must be -1; run: ")
        world.send(deal("D-2", "100"))
        world.until_paid(jo="2E+1")  # it goes on
        alter(world, "deals", "retention.ms", "-1")
        world.until("its end", lambda: figure(port, "topic_settings_wrong") == 0)
        world.end()
        world.close()

    def test_journals_deleted_under_a_running_service_are_written_again(self):
        port = free_port()
        world = World("deleted", partitions=1, applied=True)
        world.incentives.stop()
        world.programs.remove(world.incentives)
        world.incentives = world.service("incentives", "i2", **{"admin.port": str(port)}).start()
        for number in range(20):
            world.send(deal(f"D-{number}", "100"))
        world.until_paid(jo="2E+2")
        delete_all(world, "incentives-journal")
        world.until("the alarm", lambda: figure(port, "journal_alarms_total") == 1)
        self.assertIn("somebody else deleted records of it", world.incentives.tail())
        # Two turns, each with its marker: the whole round, and the one that names it.
        world.until("the whole round to be named", lambda: (lambda first, end: end - first >= 4)(
            *bounds(world, "incentives-journal")))
        world.incentives.kill9()
        world.incentives.start()
        world.send(deal("D-3", "200", 1))
        world.until_paid(jo="2.1E+2")
        self.assertIn("restored task 0", world.incentives.tail())
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
