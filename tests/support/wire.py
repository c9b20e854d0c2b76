"""Milepost's topics as anybody outside sees them: Confluent's wire format, the schemas' files with
their fixed ids, keys and partitions as Java producers make them. No Milepost code."""
import io
import json
import os
import struct

import fastavro

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCHEMAS = os.path.join(TOP, "schemas")


def topic(prefix, name):
    return f"{prefix}milepost.{name}.v1"


def murmur2(data):
    """Java's org.apache.kafka.common.utils.Utils.murmur2, as an unsigned 32-bit number."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    length = len(data)
    h = (0x9747B28C ^ length) & mask
    whole = length & ~3
    for (k,) in struct.iter_unpack("<I", data[:whole]):
        k = (k * m) & mask
        k ^= k >> 24
        k = (k * m) & mask
        h = ((h * m) & mask) ^ k
    rest = data[whole:]
    if rest:
        h ^= int.from_bytes(rest, "little")
        h = (h * m) & mask
    h ^= h >> 13
    h = (h * m) & mask
    return h ^ (h >> 15)


def partition_of(key, partitions):
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


class Schemas:
    """Every published version by its id, as written: the writer's schema is the reader's."""

    def __init__(self):
        with open(os.path.join(SCHEMAS, "ids.json"), encoding="utf-8") as file:
            self.ids = json.load(file)["ids"]
        self.by_id = {}
        for name, number in self.ids.items():
            path = os.path.join(SCHEMAS, "history", name + ".avsc")
            with open(path, encoding="utf-8") as file:
                self.by_id[number] = (name.rpartition(".")[0], json.load(file))
        self.parsed = {}

    def newest(self, name):
        versions = [(int(key.rpartition(".")[2]), number) for key, number in self.ids.items()
                    if key.rpartition(".")[0] == name]
        return max(versions)[1]

    def schema(self, number):
        if number not in self.parsed:
            self.parsed[number] = fastavro.parse_schema(self.by_id[number][1], named_schemas={})
        return self.parsed[number]

    def encode(self, name, value):
        number = self.newest(name)
        out = io.BytesIO()
        out.write(struct.pack(">bI", 0, number))
        fastavro.schemaless_writer(out, self.schema(number), value)
        return out.getvalue()

    def decode(self, name, data):
        """The record, or ValueError with what is wrong with the bytes."""
        if data is None or len(data) < 5 or data[0] != 0:
            raise ValueError("no Confluent frame")
        number = struct.unpack(">I", data[1:5])[0]
        if number not in self.by_id or self.by_id[number][0] != name:
            raise ValueError(f"schema id {number} is no {name}")
        stream = io.BytesIO(data)
        stream.seek(5)
        try:
            value = fastavro.schemaless_reader(stream, self.schema(number), None)
        except Exception as error:
            raise ValueError(f"undecodable: {error!r}") from error
        if stream.read(1):
            raise ValueError("bytes after the record")
        return value
