"""Reading whole topics as committed, with confluent-kafka."""
import time

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka import OFFSET_BEGINNING

QUIET = {"log_level": 2, "socket.nagle.disable": True, "allow.auto.create.topics": False}


def consumer(servers, group="milepost-reader", **more):
    return Consumer({
        "bootstrap.servers": servers, "group.id": group, "isolation.level": "read_committed",
        "enable.auto.commit": False, "enable.partition.eof": True, "auto.offset.reset": "error",
        "fetch.wait.max.ms": 50, **QUIET, **more})


def partitions_of(reader, name, limit_s=60):
    end = time.monotonic() + limit_s
    while True:
        topic = reader.list_topics(name, timeout=limit_s).topics[name]
        if topic.error is None and topic.partitions:
            return len(topic.partitions)
        if time.monotonic() > end:
            raise KafkaException(topic.error)
        time.sleep(0.2)


def partition_count(servers, name):
    reader = consumer(servers)
    try:
        return partitions_of(reader, name)
    finally:
        reader.close()


def read(servers, name, begin=None, limit_s=300):
    """All committed records of `name`, from `begin` ({partition: offset}; the log's beginning where
    it has none) to the end. The end is where the partition reports it, so nothing that was committed
    before the call is missed."""
    reader = consumer(servers)
    try:
        count = partitions_of(reader, name)
        begin = begin or {}
        reader.assign([TopicPartition(name, partition, begin.get(partition, OFFSET_BEGINNING))
                       for partition in range(count)])
        yield from until_ends(reader, name, set(range(count)), limit_s)
    finally:
        reader.close()


def until_ends(reader, name, open_partitions, limit_s):
    last = time.monotonic()
    while open_partitions:
        messages = reader.consume(10000, timeout=0.05)
        if messages:
            last = time.monotonic()
        elif time.monotonic() - last > limit_s:
            raise TimeoutError(f"{name}: no end of partitions {sorted(open_partitions)}: an open "
                               "transaction, or the broker does not answer")
        for message in messages:
            error = message.error()
            if error is None:
                yield message
            elif error.code() == KafkaError._PARTITION_EOF:
                open_partitions.discard(message.partition())
            elif error.fatal() or not error.retriable() and error.code() not in TRANSIENT:
                raise KafkaException(error)


TRANSIENT = {KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._TIMED_OUT,
             KafkaError._RESOLVE}


MOVING = {KafkaError.NOT_COORDINATOR, KafkaError.COORDINATOR_NOT_AVAILABLE,
          KafkaError.COORDINATOR_LOAD_IN_PROGRESS}


def asked(question, limit_s=120):
    """The answer, asked for again while a restarted broker is still finding its coordinators."""
    end = time.monotonic() + limit_s
    while True:
        try:
            return question()
        except KafkaException as failure:
            error = failure.args[0]
            again = error.retriable() or error.code() in TRANSIENT | MOVING
            if not again or time.monotonic() > end:
                raise
            time.sleep(0.2)


def committed(servers, group, name):
    """{partition: offset} that `group` has committed; what it has not is left out."""
    reader = consumer(servers, group)
    try:
        wanted = [TopicPartition(name, partition)
                  for partition in range(partitions_of(reader, name))]
        found = asked(lambda: reader.committed(wanted, timeout=60))
        return {place.partition: place.offset for place in found if place.offset >= 0}
    finally:
        reader.close()
