"""A scene for a test on a real Kafka and a real Redis: topics of its own behind a prefix, Milepost's
programs as processes, facts by an independent producer, and the judge.

Broker and Redis are those of MILEPOST_TEST_KAFKA and MILEPOST_TEST_REDIS when set (tests/run), else
the scene starts its own."""
import atexit
import functools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from confluent_kafka import KafkaException, Producer

import kafka_reader
import wire
from free_port import free_port

TESTS = os.path.join(wire.TOP, "tests")
SUPPORT = os.path.join(TESTS, "support")
BUILD = os.environ.get("MILEPOST_BUILD", os.path.join(wire.TOP, "build", "dev"))
SETTINGS = {  # short enough for tests that kill; no test waits for a default
    "session.timeout.ms": "10000",
    "transaction.timeout.ms": "10000",
    "admin.port": "0",
}
PATIENCE_S = 240  # for what must come: the machine may stall, so nothing is ever asserted on time


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)


def support(name, *arguments):
    subprocess.run([os.path.join(SUPPORT, name), *arguments], check=True,
                   stdin=subprocess.DEVNULL)


def words(settings):
    return [word for name, value in settings.items() for word in ("-X", f"{name}={value}")]


def figure(port, name):
    """One of /metrics, None when it is not there."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        found = re.search(rf"^milepost_{name}{{.*}} (\d+)$", answer.read().decode(), re.M)
    return int(found.group(1)) if found else None


class Broker:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.servers = f"127.0.0.1:{self.port}"

    def start(self):
        support("broker", "start", self.folder, str(self.port))

    def restart(self):
        support("broker", "restart", self.folder)

    def kill9(self):
        support("broker", "kill9", self.folder)

    def stop(self):
        support("broker", "stop", self.folder)


class Redis:
    def __init__(self, folder):
        self.folder = folder
        self.url = f"unix://{folder}/redis.sock"

    def start(self):
        support("redis", "start", self.folder)

    def restart(self):
        support("redis", "restart", self.folder)

    def flush(self):
        support("redis", "flush", self.folder)

    def stop(self):
        support("redis", "stop", self.folder)


def started(folder):
    broker, redis = Broker(os.path.join(folder, "kafka")), Redis(os.path.join(folder, "redis"))
    broker.start()
    redis.start()
    return broker, redis


@functools.cache
def shared_services():
    """One broker and one Redis for all scenes of this process, until it ends."""
    folder = tempfile.mkdtemp(prefix="milepost-services.")
    broker, redis = started(folder)

    def end():
        broker.stop()
        redis.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return broker.servers, redis.url


class Program:
    """One process of a service, with the signals that a fire test sends."""

    def __init__(self, name, command, log):
        self.name, self.command, self.log = name, command, log
        self.environment = {}  # beside this process's
        self.process = None
        self.starts = 0

    def start(self):
        self.starts += 1
        with open(self.log, "ab") as out:
            out.write(f"--- start {self.starts} of {self.name}\n".encode())
            out.flush()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=subprocess.STDOUT,
                                            env={**os.environ, **self.environment})
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def send(self, what):
        if self.is_running():
            self.process.send_signal(what)

    def kill9(self):
        self.send(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """In order, by SIGTERM; returns the exit code."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise AssertionError(f"{self.name} does not end on SIGTERM; see {self.log}") from None

    def tail(self, lines=15):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-lines:])


class Scene:
    def __init__(self, name, partitions=4, own_services=False, keep=False):
        self.name, self.partitions, self.keep = name, partitions, keep
        self.folder = tempfile.mkdtemp(prefix=f"milepost-{name}.")
        self.prefix = f"{name}-{random.randrange(16**6):06x}."
        self.broker = self.redis = None
        self.programs = []
        servers, redis = (os.environ.get(f"MILEPOST_TEST_{one}") for one in ("KAFKA", "REDIS"))
        if own_services:
            start = own_services if callable(own_services) else started
            self.broker, self.redis = start(self.folder)
            servers, redis = self.broker.servers, self.redis.url
        elif not servers or not redis:
            servers, redis = shared_services()
        atexit.register(self.close)  # after the services, so that it is called before they end
        self.servers, self.redis_url = servers, redis
        self.schemas = wire.Schemas()
        self.producer = Producer({
            "bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 0,
            **kafka_reader.QUIET})

    def close(self):
        atexit.unregister(self.close)
        for program in self.programs:
            if program.is_running():
                program.send(signal.SIGCONT)
                program.kill9()
        self.producer.flush(10)
        self.producer = None  # gone before its broker is, so that it does not complain
        if self.broker:
            self.broker.stop()
            self.redis.stop()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def topic(self, name):
        return wire.topic(self.prefix, name)

    def file(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        return path

    # --- Milepost's programs ---

    def reach(self):
        """What every program is told on its command line."""
        return {"kafka.bootstrap.servers": self.servers, "prefix": self.prefix,
                "schemas.folder": wire.SCHEMAS, "redis.url": self.redis_url}

    def service(self, name, instance, **more):
        said = {**self.reach(), **SETTINGS, "instance": instance, **more}
        command = [os.path.join(BUILD, "services", name, f"milepost-{name}"), *words(said)]
        log = os.path.join(self.folder, f"{name}-{instance}.log")
        program = Program(f"{name}/{instance}", command, log)
        self.programs.append(program)
        return program

    def cli(self, *arguments, check=True, stdin=None):
        command = [os.path.join(BUILD, "services", "milepost", "milepost"), *arguments,
                   *words(self.reach())]
        done = subprocess.run(command, capture_output=True, text=True, check=False, input=stdin,
                              timeout=PATIENCE_S * 2,
                              **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))
        if check and done.returncode != 0:
            raise AssertionError(f"milepost {' '.join(arguments)} ended with {done.returncode}:\n"
                                 f"{done.stdout}{done.stderr}")
        return done

    def create_topics(self):
        self.cli("topics", "create", "--partitions", str(self.partitions), "--replication", "1")

    def apply(self, *files):
        return self.cli("apply", "--yes", *files)

    # --- facts, by an independent producer ---

    def append(self, name, key, value, partition=None, headers=None):
        """Raw bytes to a topic; returns the record's (topic, partition, offset)."""
        found = []

        def delivered(error, message):
            found.append((error, message.partition(), message.offset()))

        self.producer.produce(
            self.topic(name), key=key, value=value, headers=headers, on_delivery=delivered,
            partition=wire.partition_of(key, self.partitions) if partition is None else partition)
        self.producer.flush()
        (error, partition, offset), = found
        if error is not None:
            raise KafkaException(error)
        return name, partition, offset

    def fact(self, name, key, value, **more):
        return self.append(name, key, self.schemas.encode(name.removesuffix("s"), value), **more)

    # --- what has come out ---

    def records(self, name):
        kind = {"payouts": "payout", "attainment": "attainment", "control": "control"}[name]
        return [self.schemas.decode(kind, message.value())
                for message in kafka_reader.read(self.servers, self.topic(name))]

    def until(self, what, condition, limit_s=PATIENCE_S):
        """Waits for an event. Returns what the condition returned; a limit is a failure."""
        end = time.monotonic() + limit_s
        while True:
            found = condition()
            if found:
                return found
            for program in self.programs:
                if program.process is not None and program.process.poll() not in (None, -9):
                    raise AssertionError(f"{program.name} ended with {program.process.returncode} "
                                         f"while waiting for {what}:\n{program.tail()}")
            if time.monotonic() > end:
                logs = "".join(f"\n{one.name}:\n{one.tail()}" for one in self.programs)
                raise AssertionError(f"waited {limit_s} s for {what}{logs}")
            time.sleep(0.3)

    def judge(self, *arguments, quiet=True):
        """The independent judge: (exit code, result)."""
        result = self.file("judge.json")
        arguments = ("--redis", self.redis_url, *arguments)
        done = subprocess.run(
            [sys.executable, os.path.join(TESTS, "integration", "judge.py"),
             "--servers", self.servers, "--prefix", self.prefix, "--json", result, *arguments],
            capture_output=quiet, text=True, check=False)
        if done.returncode not in (0, 1) or not os.path.exists(result):
            raise AssertionError(f"the judge failed: {done.stdout}{done.stderr}")
        with open(result, encoding="utf-8") as file:
            return done.returncode, json.load(file)
