#!/usr/bin/env python3
"""Reads payouts as committed while everything else is being killed, and writes down what it saw, one
line `partition offset payout_id checksum` each, so that the judge can say whether any of it later
disappeared or changed. Ends on SIGTERM."""
import argparse
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "support"))

from confluent_kafka import OFFSET_BEGINNING, TopicPartition

from judge import fingerprint
from kafka_reader import consumer, partitions_of
from wire import Schemas, topic


def watch(arguments, is_ended):
    schemas = Schemas()
    name = topic(arguments.prefix, "payouts")
    reader = consumer(arguments.servers, "milepost-watcher")
    count = partitions_of(reader, name)
    reader.assign([TopicPartition(name, one, OFFSET_BEGINNING) for one in range(count)])
    with open(arguments.out, "w", encoding="utf-8", buffering=1) as out:
        while not is_ended():
            for message in reader.consume(1000, timeout=0.5):
                if message.error() is None:
                    payout = schemas.decode("payout", message.value())
                    out.write(f"{message.partition()} {message.offset()} {payout['payout_id']} "
                              f"{fingerprint(message)}\n")
    reader.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", required=True)
    parser.add_argument("--prefix", default="")
    parser.add_argument("--out", required=True)
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    watch(parser.parse_args(), lambda: bool(ended))


if __name__ == "__main__":
    main()
