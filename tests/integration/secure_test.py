#!/usr/bin/env python3
"""Milepost on a broker with TLS, users and rights, and on a Redis with TLS and a password: settings from
a file, passwords from the environment and from files."""
import contextlib
import functools
import os
import re
import secrets
import time
import unittest

from small import CONTROL, World, deal, plan, roster  # first: it finds tests/support

import secure
from free_port import free_port
from scene import figure

TOPICS = ("READ", "WRITE", "DESCRIBE", "DESCRIBE_CONFIGS")
MISTAKEN = "a-mistaken-password"
TRUNCATED = ("crediting-journal", "incentives-journal", "credits")
FILE = """kafka.bootstrap.servers = {servers}
kafka.security.protocol = SASL_SSL
kafka.ssl.ca.location = {ca}
prefix = {prefix}
schemas.folder = {schemas}
redis.url = {redis}
redis.ssl.ca = {ca}
"""


@contextlib.contextmanager
def environment(**values):
    """Variables for what is started within; a value of None takes one away."""
    before = {name: os.environ.get(name) for name in values}
    put(values)
    try:
        yield
    finally:
        put(before)


def put(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class SecureWorld(World):
    """The services are one user, by SCRAM; whoever works with the CLI is another, by PLAIN."""

    def __init__(self, name):
        self.passwords = {user: secrets.token_hex(12) for user in ("services", "clerk", "redis")}
        start = functools.partial(secure.started, plain={"clerk": self.passwords["clerk"]},
                                  redis_password=self.passwords["redis"])
        self.said, self.ports = [], {"crediting": free_port(), "incentives": free_port()}
        super().__init__(name, applied=False, own_services=start, partitions=2)

    def create_topics(self):
        """All that comes before the first service: rights, settings, topics, plan."""
        self.broker.add_scram_user("services", self.passwords["services"])
        self.allow_all()
        self.config = self.file("milepost.conf", FILE.format(
            servers=self.broker.secure_servers, ca=self.broker.ca, prefix=self.prefix,
            schemas=super().reach()["schemas.folder"], redis=self.redis.secure_url))
        self.password_file = self.file("password", self.passwords["services"] + "\n")
        put(self.as_user("services"))
        super().create_topics()
        self.apply(self.file("control.yaml", CONTROL), self.file("plan.yaml", plan()),
                   self.file("roster.yaml", roster("jo", "kim")))

    def allow_all(self):
        """What the README says each needs."""
        ours = self.prefix + "milepost"
        self.broker.allow("services", "TOPIC", ours, *TOPICS)
        for name in TRUNCATED:
            self.broker.allow("services", "TOPIC", self.topic(name), "DELETE")
        self.broker.allow("clerk", "TOPIC", ours, *TOPICS, "CREATE")
        for user in ("services", "clerk"):
            self.broker.allow(user, "GROUP", ours, "READ", "DESCRIBE")
            self.broker.allow(user, "TRANSACTIONAL_ID", ours, "WRITE", "DESCRIBE")

    def as_user(self, user):
        said = {"MILEPOST_CONFIG": self.config, "MILEPOST_KAFKA_SASL_USERNAME": user,
                "MILEPOST_KAFKA_SASL_PASSWORD": None, "MILEPOST_KAFKA_SASL_PASSWORD_FILE": None,
                "MILEPOST_REDIS_PASSWORD": self.passwords["redis"]}
        if user == "clerk":
            return {**said, "MILEPOST_KAFKA_SASL_MECHANISM": "PLAIN",
                    "MILEPOST_KAFKA_SASL_PASSWORD": self.passwords["clerk"]}
        return {**said, "MILEPOST_KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
                "MILEPOST_KAFKA_SASL_PASSWORD_FILE": self.password_file}

    def reach(self):
        return {}  # it is in the file and in the environment

    def service(self, name, instance, **more):
        return super().service(name, instance, **{"admin.port": str(self.ports[name])}, **more)

    def cli(self, *arguments, **more):
        with environment(**self.as_user("clerk")):
            return self.cli_as_is(*arguments, check=True, **more)

    def cli_as_is(self, *arguments, check=False, **more):
        done = super().cli(*arguments, check=check, **more)
        self.said.append(done.stdout + done.stderr)
        return done

    def restarted(self, program, **variables):
        """Ended, and started again with other variables."""
        if program.is_running():
            program.stop()
        with environment(**variables):
            program.start()

    def since_start(self, program):
        return program.tail(10**6).rpartition("--- start ")[2]

    def until_says(self, program, pattern):
        return self.until(f"{program.name} to say {pattern}",
                          lambda: re.search(pattern, self.since_start(program)))

    def secrets_told(self):
        texts = self.said + [program.tail(10**6) for program in self.programs]
        return [password for password in [*self.passwords.values(), MISTAKEN]
                if any(password in text for text in texts)]


class Secure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = SecureWorld("secure")

    @classmethod
    def tearDownClass(cls):
        cls.world.end()
        cls.world.close()

    def tearDown(self):
        self.assertEqual(self.world.secrets_told(), [])

    def test_1_deals_are_paid_and_shown(self):
        world = self.world
        world.send(deal("D-1", "100"))
        world.send(deal("D-2", "50", shares=(("jo", "owner", "0.5"), ("kim", "owner", "0.5"))))
        world.until_paid(jo="12.5", kim="2.5")
        shown = world.until("Redis to show it",
                            lambda: "12.5" in (text := world.cli("attainment").stdout) and text)
        self.assertIn("kim", shown)
        self.assertIn("12.5", world.cli("tail", "payouts", "--from-start").stdout)
        self.assertEqual(world.cli("audit").returncode, 0)
        self.assertIn("All topics are as they should be.", world.cli("topics", "check").stdout)
        code, result = world.judge()
        self.assertEqual(code, 0, result)

    def test_2_what_does_not_let_it_in_is_said(self):
        world = self.world
        for name, variables, pattern in NOT_LET_IN:
            with self.subTest(name):
                program = world.incentives if "redis" in name else world.crediting
                world.restarted(program, **variables(world))
                world.until_says(program, pattern)
        world.restarted(world.incentives, **world.as_user("services"))
        world.restarted(world.crediting, **world.as_user("services"))
        world.send(deal("D-3", "100"))
        world.until_paid(jo="22.5", kim="2.5")

    def test_3_the_cli_says_it_too(self):
        world = self.world
        with environment(**{**world.as_user("clerk"), "MILEPOST_KAFKA_SASL_PASSWORD": MISTAKEN}):
            done = world.cli_as_is("topics", "check")
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stderr, world.broker.secure_servers + ".*Invalid username or password"
                         ".*; check kafka.sasl.mechanism, kafka.sasl.username and kafka.sasl.password")

    def test_4_without_the_right_to_truncate_a_service_ends(self):
        """JOURNAL.md rule 8: a DeleteRecords without effect proves right and policy, else refuse."""
        world = self.world
        for name, program in [("crediting-journal", world.crediting),
                              ("incentives-journal", world.incentives),
                              ("credits", world.incentives)]:
            topic = world.topic(name)
            world.broker.forbid("services", "TOPIC", topic, "DELETE")
            with self.subTest(name):
                world.restarted(program)
                self.assertEqual(program.process.wait(120), 3, program.tail())
                world.until_says(program, f'"error".*{topic}: .*Topic authorization failed.*; allow '
                                 f"it: kafka-acls.sh --bootstrap-server {world.broker.secure_servers} "
                                 f"--add --allow-principal User:NAME --operation Delete "
                                 f"--topic {topic}")
            world.broker.allow("services", "TOPIC", topic, "DELETE")
            program.start()
        world.send(deal("D-4", "100"))
        world.until_paid(jo="32.5", kim="2.5")

    def test_5_a_right_taken_from_a_running_service_is_an_alarm(self):
        world = self.world
        world.restarted(world.crediting, MILEPOST_TOPICS_CHECK_INTERVAL="1 s")
        world.send(deal("D-5", "100"))
        world.until_paid(jo="42.5", kim="2.5")
        topic = world.topic("crediting-journal")
        world.broker.forbid("services", "TOPIC", topic, "DELETE")
        world.until_says(world.crediting, f'"error".*{topic}.*; allow it: ')
        world.send(deal("D-6", "100"))
        world.until_paid(jo="52.5", kim="2.5")  # it goes on
        world.broker.allow("services", "TOPIC", topic, "DELETE")
        world.until_says(world.crediting, "topics are set as they must be again")

    def test_6_the_right_to_write_taken_and_given_back_costs_nothing(self):
        world, port = self.world, self.world.ports["crediting"]
        before = figure(port, "txn_aborts_total")
        began = time.monotonic()
        world.broker.forbid("services", "TOPIC", world.prefix + "milepost", "WRITE")
        world.send(deal("D-7", "100"))
        world.until_says(world.crediting, "Failed to add partition.*Topic authorization failed")
        world.until("tries", lambda: figure(port, "txn_aborts_total") - before >= 10)
        self.assertGreater(time.monotonic() - began, 2)  # 20 ms, 40 ms … between them
        world.broker.allow("services", "TOPIC", world.prefix + "milepost", "WRITE")
        world.until_paid(jo="62.5", kim="2.5")
        code, result = world.judge()
        self.assertEqual(code, 0, result)


def wrong_password(world):
    return {"MILEPOST_KAFKA_SASL_PASSWORD_FILE": world.file("wrong", MISTAKEN)}


def wrong_authority(name):
    return lambda world: {name: os.path.join(os.path.dirname(world.broker.ca), "stranger.pem")}


NOT_LET_IN = [
    ("a wrong password for kafka", wrong_password,
     "waiting: Kafka at localhost:.*SASL authentication error: .*invalid credentials.*; check "
     "kafka.sasl.mechanism, kafka.sasl.username and kafka.sasl.password"),
    ("a mechanism that kafka does not take",
     lambda world: {"MILEPOST_KAFKA_SASL_MECHANISM": "SCRAM-SHA-256"},
     "waiting: Kafka at localhost:.*supported mechanisms: SCRAM-SHA-512,PLAIN.*; check kafka.sasl"),
    ("another authority than kafka's", wrong_authority("MILEPOST_KAFKA_SSL_CA_LOCATION"),
     "waiting: Kafka at localhost:.*certificate verify failed.*; check kafka.ssl.ca.location"),
    ("no TLS to kafka", lambda world: {"MILEPOST_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"},
     "waiting: Kafka at localhost:.*incorrect security.protocol configuration"),
    ("a wrong password for redis", lambda world: {"MILEPOST_REDIS_PASSWORD": MISTAKEN},
     "read model: waiting: Redis at localhost:.*WRONGPASS.*; check user and password: redis.url"),
    ("another authority than redis's", wrong_authority("MILEPOST_REDIS_SSL_CA"),
     "read model: waiting: Redis at localhost:.*certificate.*; redis.ssl.ca must be its authority"),
    ("no TLS to redis", lambda world: {"MILEPOST_REDIS_URL": world.redis.plain_url},
     "read model: stops .*redis.ssl.* is set, but redis.url does not begin with rediss://"),
]


if __name__ == "__main__":
    unittest.main()
