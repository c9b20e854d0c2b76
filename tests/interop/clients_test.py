#!/usr/bin/env python3
"""Others' clients on both ends: Confluent's producer, partitioner and AvroSerializer with a schema of
their own going in, Confluent's consumer and AvroDeserializer with a narrower schema coming out, over
a schema registry; and plain fastavro with the ids of schemas/ids.json."""
import atexit
import datetime
import json
import os
import subprocess
import sys
import unittest
import urllib.request
import warnings
from decimal import Decimal

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, "support"), os.path.join(TESTS, "integration")]
warnings.simplefilter("ignore")  # deprecations inside Confluent's client

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

import kafka_reader
import wire
from small import CLOSED, World, deal
from spine_test import judged

# What a CRM's team might write: another order, an int for a long, another scale, an alias of nothing,
# fields of its own, and none of the optional ones.
CRM_DEAL = json.dumps({"type": "record", "name": "Deal", "namespace": "milepost", "fields": [
    {"name": "crm_stage", "type": {"type": "record", "name": "Stage", "fields": [
        {"name": "name", "type": "string"}, {"name": "history", "type": {
            "type": "array", "items": ["null", "long", "string"]}}]}},
    {"name": "deal_id", "type": "string"},
    {"name": "revision", "type": "int"},
    {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12,
                                "scale": 2}},
    {"name": "currency", "type": "string"},
    {"name": "probability", "type": "double"},
    {"name": "status", "type": {"type": "enum", "name": "DealStatus",
                                "symbols": ["CLOSED", "OPEN", "CANCELLED"]}},
    {"name": "closed_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "participants", "type": {"type": "array", "items": {
        "type": "record", "name": "DealParticipant", "fields": [
            {"name": "share", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38,
                                       "scale": 9}},
            {"name": "participant", "type": "string"},
            {"name": "role", "type": "string"}]}}},
    {"name": "event_id", "type": "string"},
]})
# What a payroll wants to know of a payout, and a field that no writer has.
PAYROLL_PAYOUT = json.dumps({"type": "record", "name": "Payout", "namespace": "milepost", "fields": [
    {"name": "payout_id", "type": "string"},
    {"name": "payee", "type": ["null", "string"]},
    {"name": "payable_delta", "type": ["null", {"type": "bytes", "logicalType": "decimal",
                                                "precision": 38, "scale": 9}]},
    {"name": "currency", "type": "string"},
    {"name": "batch", "type": "string", "default": "none"},
]})


class Registry:
    """The stub registry, with the published ids imported as the README asks."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(TESTS, "support", "stub_registry.py")],
            stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        atexit.register(self.end)
        _, port, _, control = self.process.stdout.readline().split()
        self.url, self.control = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{control}"
        for number, (name, _) in wire.Schemas().by_id.items():
            path = os.path.join(wire.SCHEMAS, "history", f"{name}.1.avsc")
            with open(path, encoding="utf-8") as file:
                self.post("/add", {"id": number, "schema": file.read()})

    def post(self, path, body):
        request = urllib.request.Request(self.control + path, json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def end(self):
        atexit.unregister(self.end)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def crm_deal(deal_id, amount, revision=0, share="1"):
    return {"crm_stage": {"name": "won", "history": [None, 3, "won"]}, "deal_id": deal_id,
            "revision": revision, "amount": Decimal(amount), "currency": "USD",
            "probability": 1.0, "status": "CLOSED", "closed_at": CLOSED, "event_id": "crm-1",
            "participants": [{"participant": "person:jo", "role": "owner",
                              "share": Decimal(share)}]}


def by_confluent(world, client, deals):
    """Produced by Confluent's producer: its partitioner decides, not ours."""
    serializer = AvroSerializer(client, CRM_DEAL)
    producer = Producer({"bootstrap.servers": world.servers, "partitioner": "murmur2_random",
                         **kafka_reader.QUIET})
    context = SerializationContext(world.topic("deals"), MessageField.VALUE)
    for one in deals:
        producer.produce(world.topic("deals"), key=one["deal_id"], value=serializer(one, context))
    producer.flush()


class Clients(unittest.TestCase):
    def test_confluents_serializer_in_and_deserializer_out(self):
        registry = Registry()
        world = World("interop", settings={
            "schema.registry.url": registry.url, "auto.register.schemas": "true"})
        client = SchemaRegistryClient({"url": registry.url})
        by_confluent(world, client, [crm_deal(f"CRM-{number}", "10.50") for number in range(8)])
        by_confluent(world, client, [crm_deal("CRM-3", "21", 1)])
        world.until_paid(jo="9.45")

        deserializer = AvroDeserializer(client, PAYROLL_PAYOUT)
        context = SerializationContext(world.topic("payouts"), MessageField.VALUE)
        ledger = {}
        for message in kafka_reader.read(world.servers, world.topic("payouts")):
            payout = deserializer(message.value(), context)
            self.assertEqual(payout["batch"], "none")
            ledger[payout["payout_id"]] = payout
        self.assertEqual(sum(one["payable_delta"] for one in ledger.values()), Decimal("9.45"))
        self.assertEqual({one["payee"] for one in ledger.values()}, {"person:jo"})
        self.assertEqual(list(kafka_reader.read(world.servers, world.topic("dead-letters"))), [])
        world.end()
        world.close()
        registry.end()

    def test_fastavro_with_the_ids_of_the_files(self):
        world = World("files")
        world.send(deal("D-1", "100", attributes={"source": "web", "margin": Decimal("0.25")},
                        amounts={"net": Decimal("80")}, quantity=Decimal(3), territory="DACH",
                        customer_id="C-1", deal_type="new"))
        world.until_paid(jo="1E+1")
        judged(world)
        world.end()
        world.close()

    def test_public_records_are_cloud_events(self):
        world = World("events")
        trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        world.send(deal("D-1", "100"), headers=[("traceparent", trace.encode())])
        world.until_paid(jo="1E+1")
        (message,) = kafka_reader.read(world.servers, world.topic("payouts"))
        headers = {name: value.decode() for name, value in message.headers()}
        payout = world.schemas.decode("payout", message.value())
        self.assertEqual(headers["ce_specversion"], "1.0")
        self.assertEqual(headers["content-type"], "application/avro")
        self.assertEqual(headers["ce_id"].partition(":")[0], payout["payout_id"])
        for name in ("ce_type", "ce_source"):
            self.assertTrue(headers[name], name)
        datetime.datetime.fromisoformat(headers["ce_time"].replace("Z", "+00:00"))
        self.assertEqual(headers["traceparent"].split("-")[1], trace.split("-")[1])
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
