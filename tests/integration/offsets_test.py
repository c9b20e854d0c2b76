#!/usr/bin/env python3
"""Committed offsets that were damaged: the service stops, `milepost offsets repair` writes them again
from the journals, and the totals are right."""
import io
import json
import os
import unittest

import fastavro
from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from small import World, deal  # first: it finds tests/support

import judge
import kafka_reader
import wire
from spine_test import judged

INPUTS = {"crediting": ["deals", "milestones", "payments", "control"],
          "incentives": ["credits", "results", "roster", "control"]}


class Damaged(World):
    """A world whose services were stopped in order behind some payouts."""

    def __init__(self, name, **more):
        super().__init__(name, **more)
        self.admin = AdminClient({"bootstrap.servers": self.servers})
        for number in range(20):
            self.send(deal(f"D-{number}", "100"))
        self.until_paid(jo="2E+2")
        self.end()

    def end(self):
        super().end()
        for program in self.programs:
            program.process = None  # it has ended as it was meant to

    def group(self, stage):
        return judge.group_name(self.prefix, stage)

    def until_empty(self, stage):
        def is_empty():
            group = self.admin.describe_consumer_groups([self.group(stage)])[self.group(stage)]
            return not group.result().members
        self.until(f"{stage}'s member to be gone", is_empty)

    def reset(self, stage, names, offset):
        """As kafka-consumer-groups --reset-offsets does."""
        places = [TopicPartition(self.topic(name), partition, offset)
                  for name in names for partition in range(self.partitions)]
        for done in self.admin.alter_consumer_group_offsets(
                [ConsumerGroupTopicPartitions(self.group(stage), places)]).values():
            done.result()

    def lose(self, stage):
        for done in self.admin.delete_consumer_groups([self.group(stage)]).values():
            done.result()

    def tear(self, stage):
        """Behind the journal of partition 0 stands the first half of a turn that never became
        whole, as a transaction leaves it of which one partition was aborted."""
        turns, schema = self.turns(stage)
        turn, frame = turns[0]
        turn.update(turn=turn["turn"] + 1, previous_word=turn["word"], word=12345, parts=2)
        out = io.BytesIO()
        out.write(frame)
        fastavro.schemaless_writer(out, schema, turn)
        self.append(f"{stage}-journal", None, out.getvalue(), partition=0)

    def expect_stop(self, stage):
        """It stops with code 5 and names the command."""
        program = getattr(self, stage).start()
        self.assert_equal(program.process.wait(120), 5, program)
        assert "milepost offsets repair" in program.tail(), program.tail()
        program.process = None

    @staticmethod
    def assert_equal(found, wanted, program):
        assert found == wanted, f"{program.name} ended with {found}:\n{program.tail()}"

    def repaired(self, stage):
        """{partition: row} of what repair found before it wrote."""
        self.until_empty(stage)
        done = self.cli("offsets", "repair", "--stage", stage, "--yes", "--json")
        return {row["partition"]: row for row in map(json.loads, done.stdout.splitlines())}

    def expect_right(self, stage):
        """They are committed with their metadata, and nothing is left to repair."""
        rows = self.repaired(stage).values()
        assert {row["state"] for row in rows} <= {"right", "fresh"}, rows

    def turns(self, stage):
        """{partition: the last record of its journal}, and the frame it stands in."""
        with open(os.path.join(wire.SCHEMAS, "journal_record.avsc"), encoding="utf-8") as file:
            schema = fastavro.parse_schema(json.load(file))
        found = {}
        for message in kafka_reader.read(self.servers, self.topic(f"{stage}-journal")):
            value = message.value()
            found[message.partition()] = (
                fastavro.schemaless_reader(io.BytesIO(value[9:]), schema, None), value[:9])
        return found, schema

    def goes_on(self):
        for program in (self.crediting, self.incentives):
            if not program.is_running():
                program.start()
        for number in range(20):
            self.send(deal(f"D-{number}", "150", 1))
        self.send(deal("D-new", "100"))
        self.until_paid(jo="3.1E+2")
        judged(self)


class Offsets(unittest.TestCase):
    def test_offsets_reset_by_hand_are_written_again(self):
        for stage, inputs in INPUTS.items():
            with self.subTest(stage):
                world = Damaged("reset")
                world.until_empty(stage)
                world.reset(stage, inputs[:1], 0)
                world.expect_stop(stage)
                rows = world.repaired(stage)
                self.assertEqual({row["state"] for row in rows.values()}, {"to repair"})
                world.expect_right(stage)
                turns, _ = world.turns(stage)
                self.assertEqual({turn["generation"] for turn, _ in turns.values()}, {2})
                world.goes_on()
                world.end()
                world.close()

    def test_a_group_that_was_deleted_is_made_again(self):
        for stage in INPUTS:
            with self.subTest(stage):
                world = Damaged("deleted")
                world.until_empty(stage)
                world.lose(stage)
                world.expect_stop(stage)
                self.assertIn("to repair", {row["state"] for row in world.repaired(stage).values()})
                world.expect_right(stage)
                world.goes_on()
                world.end()
                world.close()

    def test_behind_a_torn_turn_the_state_is_written_once_more(self):
        for stage in INPUTS:
            with self.subTest(stage):
                world = Damaged("torn", partitions=1)
                world.tear(stage)
                world.expect_stop(stage)
                self.assertEqual(world.repaired(stage)[0]["state"], "to repair")
                world.expect_right(stage)
                world.goes_on()
                world.end()
                world.goes_on()  # also after another restore
                world.end()
                world.close()

    def test_nothing_is_written_while_members_are_in_the_group_or_nothing_is_wrong(self):
        world = Damaged("members")
        world.crediting.start()
        world.incentives.start()
        done = world.until(
            "the members to be seen",
            lambda: (lambda one: one.returncode == 1 and one)(
                world.cli("offsets", "repair", "--yes", check=False)))
        self.assertRegex(done.stderr, r"group \S*milepost-crediting has 1 members \(c1-0\); stop")
        world.end()
        world.expect_right("crediting")
        world.expect_right("incentives")
        world.goes_on()
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
