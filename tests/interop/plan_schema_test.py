#!/usr/bin/env python3
"""schemas/plan.schema.json, which editors complete and check plans with: an independent validator
accepts every plan of the project, refuses what is no plan, and the schema knows the keys that the
readers know, no more and no fewer."""
import glob
import json
import os
import re
import unittest

import jsonschema
import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WHOLE = os.path.join(TOP, "tests", "plan", "language.yaml")


class Yaml12(yaml.SafeLoader):
    """Scalars as YAML 1.2 has them: `yes`, `on` and dates are texts."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"^(?:true|false)$", "tf"),
        ("null", r"^(?:~|null|)$", ["~", "n", ""]),
        ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
        ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")):
    Yaml12.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile(pattern), list(first))
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=Yaml12)


def plans():
    """Every plan file of the project, but for those that a test refuses on purpose."""
    found = [WHOLE]
    for pattern in ("deploy/**/*.yaml", "tests/vectors/**/*.yaml"):
        found += [path for path in sorted(glob.glob(os.path.join(TOP, pattern), recursive=True))
                  if isinstance(read(path), dict) and "milepost" in read(path)]
    return found


def schema():
    with open(os.path.join(TOP, "schemas", "plan.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def properties(node):
    """All names of properties anywhere in a schema."""
    found = set()
    if isinstance(node, dict):
        found |= set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
        for value in node.values():
            found |= properties(value)
    elif isinstance(node, list):
        for value in node:
            found |= properties(value)
    return found


def keys_of_readers():
    """The keys in the tables of the plan's readers, in C."""
    folder = os.path.join(TOP, "libs", "plan")
    found = set()
    for path in glob.glob(folder + "/plan_*.c") + glob.glob(folder + "/mechanics/*.c") + \
            [folder + "/" + name for name in ("lead.c", "points.c", "points.h")]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        found |= set(re.findall(r'\{"([a-z-]+)",\s*KEY_', text))
        found |= set(re.findall(r'\.name = "([a-z]+)"', text)) - {"nothing"}
        found |= set(re.findall(r'\.beside = "([a-z]+)"', text))
        if path.endswith("plan_when.c"):
            found |= set(re.findall(r'\{"([a-z]+)", WHEN_', text))
        if path.endswith("scorecard.c"):
            found |= set(re.findall(r'\{"([a-z]+)", parse_(?:curve|tiers|binary)\}', text))
    for name, pattern in (("condition.h", r'ROW\(CONDITION_\w+, "([a-z-]+)",'),
                          ("adjust.h", r'ROW\(ADJUST_\w+, "([a-z-]+)"\)')):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found |= set(re.findall(pattern, file.read()))
    return found


def small(**changes):
    """A plan of one component, changed at paths written with `__` between their parts."""
    plan = yaml.load("""
milepost: 1
plan: p
version: 1
currency: USD
timezone: UTC
calendar: {year-starts: 01-01}
effective: {from: 2026-01-01}
rounding: {to: 0.01, mode: half-even}
mid-window: last
components:
  c:
    measure: {of: deals, sum: amount}
    cancelled: {effect: recompute}
    over: quarter
    pays: {rate: 10%}
""", Loader=Yaml12)
    for path, value in changes.items():
        node = plan
        *parents, last = path.split("__")
        for parent in parents:
            node = node[parent]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return plan


class PlanSchema(unittest.TestCase):
    def setUp(self):
        self.validator = jsonschema.Draft7Validator(schema())

    def test_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(schema())

    def test_accepts_every_plan_of_the_project(self):
        found = plans()
        self.assertGreater(len(found), 60)
        for path in found:
            with self.subTest(os.path.relpath(path, TOP)):
                errors = [f"{list(one.absolute_path)}: {one.message[:200]}"
                          for one in self.validator.iter_errors(read(path))]
                self.assertEqual(errors, [])

    def test_the_whole_language_stands_in_one_file(self):
        def keys(node):
            if isinstance(node, dict):
                return set(node).union(*map(keys, node.values()))
            return set().union(*map(keys, node)) if isinstance(node, list) else set()
        self.assertEqual(keys_of_readers() - keys(read(WHOLE)), set())

    def test_knows_the_keys_that_the_readers_know(self):
        self.assertEqual(properties(schema()), keys_of_readers())

    def test_refuses_what_is_no_plan(self):
        self.assertTrue(self.validator.is_valid(small()))
        for changes in (
                {"milepost": 2}, {"plan": "a b"}, {"version": 0}, {"version": None},
                {"currency": "usd"}, {"curency": "USD"}, {"mid-window": "first"},
                {"rounding__mode": "half-evn"}, {"effective__from": "01.01.2026"},
                {"components": {}}, {"components__c__over": None},
                {"components__c__over": "quater"}, {"components__c__pays": None},
                {"components__c__pays": {"rate": 0.1}}, {"components__c__pays": {"rate": "10"}},
                {"components__c__pays": {"rate": "10%", "unit": 3}},
                {"components__c__pays": {"tier": {}}}, {"components__c__pays": {"rates": []}},
                {"components__c__measure__of": "orders"}, {"components__c__measure__sum": "total"},
                {"components__c__measure__where": {"colour": "red"}},
                {"components__c__measure__where": {"quantity": ">= 3"}},
                {"components__c__measure__convert": {"to": "USD"}},
                {"components__c__cancelled": {"effect": "recompte"}},
                {"components__c__goal": {"from": "roster"}}, {"components__c__goal": {"fixed": 0}},
                {"components__c__goal": {"fixed": 5, "zero": "nothing"}},
                {"components__c__adjust": [{"cap": {"at": "200%", "per": "window"}}]},
                {"components__c__adjust": [{"cap": {"at": 5}}]},
                {"components__c__adjust": [{"gate": {"when": {"attribute": "a"},
                                                     "then": "nothing"}}]},
                {"components__c__release": {"when": "paid"}},
                {"components__c__release": {"holdback": {"share": "30%", "until": "90 days"}}},
                {"total": {"cap": {"at": 5, "per": "deal"}}}):
            with self.subTest(changes):
                self.assertFalse(self.validator.is_valid(small(**changes)))


if __name__ == "__main__":
    unittest.main()
