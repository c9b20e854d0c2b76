#!/usr/bin/env python3
"""A transaction that somebody left open in a journal: the restore that waits for it says which one it
is, and the command that it names ends it."""
import glob
import os
import re
import subprocess
import unittest

from small import World, deal  # first: it finds tests/support
from spine_test import judged

from confluent_kafka import Producer

import scene

TOOL = "org.apache.kafka.tools.TransactionsCommand"  # what kafka-transactions.sh runs


def jars():
    found = subprocess.run([os.path.join(scene.SUPPORT, "broker"), "jars"], check=True,
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return glob.escape(found.stdout.strip().splitlines()[-1])


def run_named(command):
    """The words behind kafka-transactions.sh, run as it would."""
    done = subprocess.run(["java", "-Xmx256m", "-cp", f"{jars()}/*", TOOL, *command.split()],
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


class Hanging(unittest.TestCase):
    def test_a_restore_names_the_open_transaction_and_how_to_abort_it(self):
        world = World("hanging", partitions=1, settings={"transaction.timeout.ms": "1000"})
        world.send(deal("D-1", "100"))
        world.until_paid(jo="1E+1")
        world.incentives.stop()
        producer = Producer({"bootstrap.servers": world.servers, "transactional.id":
                             f"{world.prefix}outside", "transaction.timeout.ms": 800000})
        producer.init_transactions(60)
        producer.begin_transaction()
        producer.produce(world.topic("incentives-journal"), b"half done", partition=0)
        producer.flush()
        world.incentives.start()
        told = world.until("the open transaction to be told", lambda: re.search(
            r'"error".*incentives-journal.v1 partition 0: a transaction that begins at offset \d+ '
            r'.*abort it: kafka-transactions.sh ([^"]*)"', world.incentives.tail()))
        run_named(told.group(1))
        world.send(deal("D-2", "100"))
        world.until_paid(jo="2E+1")
        judged(world)
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
