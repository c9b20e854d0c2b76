#!/usr/bin/env python3
"""Attainment that is published again: when it is asked for, and when its topic was made anew."""
import unittest

import redis
from confluent_kafka.admin import AdminClient

from small import World, deal  # first: it finds tests/support

PEOPLE = tuple(f"p{number}" for number in range(12))


def generations(world):
    """Of the headers in Redis."""
    with redis.Redis.from_url(world.redis_url, decode_responses=True) as client:
        keys = client.scan_iter(f"{world.prefix}milepost:{{attainment:*}}")
        return {client.hget(key, "#header").split(" ")[0] for key in keys}


def published(world):
    """{key: [generation of each of its records]}."""
    found = {}
    for one in world.records("attainment"):
        key = one["participant"], one["window"]
        found.setdefault(key, []).append(one["generation"])
    return found


def drop_topic(world, name):
    admin = AdminClient({"bootstrap.servers": world.servers})
    for done in admin.delete_topics([world.topic(name)]).values():
        done.result()
    world.until("the topic to be gone",
                lambda: world.topic(name) not in admin.list_topics(timeout=30).topics)


class Republish(unittest.TestCase):
    def test_attainment_is_published_again_when_asked_for_and_when_its_topic_is_new(self):
        world = World("again", people=PEOPLE, partitions=3)
        for number, name in enumerate(PEOPLE):
            world.send(deal(f"D-{number}", "100", shares=((name, "owner", "1"),)))
        world.until_paid(**{name: "1E+1" for name in PEOPLE})
        world.until("every key", lambda: len(published(world)) == len(PEOPLE))
        before = published(world)

        self.assertIn("Asked for", world.cli("republish", "attainment").stdout)
        world.send(deal("D-fresh", "50", shares=((PEOPLE[0], "owner", "1"),)))
        world.until("every key again", lambda: all(
            len(records) > len(before[key]) for key, records in published(world).items()))
        self.assertEqual({one for records in published(world).values() for one in records},
                         generations(world))

        world.incentives.stop()
        old = generations(world)
        drop_topic(world, "attainment")
        world.cli("topics", "create", "--partitions", "3", "--replication", "1")
        world.incentives.start()
        world.until("every key in the new topic", lambda: len(published(world)) == len(PEOPLE))
        world.until("Redis to show the new topic", lambda: generations(world).isdisjoint(old))
        new, = {one for records in published(world).values() for one in records}
        self.assertEqual(generations(world), {new})
        world.until_paid(**{name: "15" if name == PEOPLE[0] else "1E+1" for name in PEOPLE})
        world.end()
        code, result = world.judge()
        self.assertEqual(code, 0, result)
        world.close()


if __name__ == "__main__":
    unittest.main()
