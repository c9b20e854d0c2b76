#!/usr/bin/env python3
"""`milepost plan lint` finds every planted mistake, and is silent where there is none.

A plant is a file of tests/plan/lint. Its first lines say what is wrong, which files are read with it, and
what must be found where:

  # The least is more than the most.
  # with: NAME.roster
  # expect: bounds-cross 18:59
  # expect: not-in-plan roster 5:18

A plant has exactly the errors and warnings expected, each once; notes only when one is expected, and then
among others. There is a plant for each code.

  lint_test.py MILEPOST           all
  lint_test.py MILEPOST NAME      what is found in one plant
"""
import collections
import functools
import json
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PLANTS = os.path.join(HERE, "lint")
FOLDERS = [os.path.join(TOP, "deploy", "examples"), os.path.join(TOP, "tests", "vectors")]
PLANTS_LEAST = 60
# Codes of events and files that are no plans: their tests are those of the readers.
ELSEWHERE = {"bad-json", "bad-csv", "bad-fact", "missing-field", "unknown-field", "unknown-column",
             "needs-revision", "rows-apart", "rows-differ", "too-large", "not-here"}
MILEPOST = None


@functools.lru_cache(maxsize=None)
def run(*arguments):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MILEPOST_")}
    environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")
    return subprocess.run([MILEPOST, "plan", "lint", *arguments], cwd=PLANTS, env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)


def findings(*arguments):
    """Every finding but `not-here`, which goes away as the language is built."""
    result = run("--json", *arguments)
    if result.stderr:
        raise AssertionError(result.stderr)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    return [one for one in found if one["code"] != "not-here"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Plant:
    def __init__(self, name):
        self.name, self.file = name, name + ".yaml"
        head = re.match(r"(#.*\n)*", read(os.path.join(PLANTS, self.file))).group(0)
        self.beside = re.findall(r"^# with: (\S+)$", head, re.M)
        self.expected = collections.Counter(
            (code, f"{name}.{kind.strip()}" if kind else self.file, int(line), int(column))
            for code, kind, line, column in re.findall(r"^# expect: (\S+) (\w+ )?(\d+):(\d+)$", head, re.M))

    def files(self):
        """Control comes first, as a plan may use the units that it declares."""
        return [one for one in self.beside if one.endswith("control")] + [self.file] + \
            [one for one in self.beside if not one.endswith("control")]


def plants():
    return [Plant(name[:-5]) for name in sorted(os.listdir(PLANTS)) if name.endswith(".yaml")]


def place(one):
    return one["code"], one["file"], one["line"], one["column"]


def plan_files(folder):
    """The folder's files, control first, rosters last."""
    names = sorted(name for name in os.listdir(folder) if name.endswith(".yaml"))
    return [os.path.join(folder, name)
            for name in sorted(names, key=lambda name: ("control" not in name, "roster" in name))]


class Lint(unittest.TestCase):
    maxDiff = None

    def test_every_plant_is_found_where_it_stands_and_nothing_else_is(self):
        severities = {code: severity for code, severity in lint_codes()}
        for plant in plants():
            with self.subTest(plant.name):
                found = findings("--notes", *plant.files())
                faults = collections.Counter(place(one) for one in found if one["severity"] != "note")
                notes = collections.Counter(place(one) for one in found if one["severity"] == "note")
                wanted = collections.Counter({one: count for one, count in plant.expected.items()
                                              if severities.get(one[0]) == "note"})
                self.assertTrue(plant.expected)
                self.assertEqual(faults, plant.expected - wanted)
                self.assertEqual(wanted - notes, collections.Counter())

    def test_there_are_plants_enough_and_one_for_each_code(self):
        planted = {code for plant in plants() for code, *_ in plant.expected}
        self.assertGreaterEqual(len(plants()), PLANTS_LEAST)
        self.assertEqual(planted - {code for code, _ in all_codes()}, set())
        self.assertEqual({code for code, _ in all_codes()} - planted - ELSEWHERE, set())

    def test_every_finding_has_a_place_a_sentence_and_no_error_lacks_its_exit_code(self):
        for plant in plants():
            with self.subTest(plant.name):
                result = run("--notes", "--json", *plant.files())
                found = [json.loads(line) for line in result.stdout.splitlines()]
                for one in found:
                    self.assertGreater(one["line"], 0)
                    self.assertGreater(one["column"], 0)
                    self.assertTrue(one["sentence"] and not one["sentence"].endswith("."))
                    if one["severity"] != "note" and one["code"] == "must-say":
                        self.assertTrue(one["fix"])
                worst = {one["severity"] for one in found}
                self.assertEqual(result.returncode, 1 if "error" in worst else 0)
                strict = run("--strict", *plant.files()).returncode
                self.assertEqual(strict, 1 if worst & {"error", "warning"} else 0)

    def test_examples_and_vectors_are_clean(self):
        count = 0
        for parent in FOLDERS:
            for name in sorted(os.listdir(parent)):
                folder = os.path.join(parent, name)
                if not os.path.isfile(os.path.join(folder, "events.jsonl")):
                    continue
                count += 1
                with self.subTest(name):
                    self.assertEqual(findings(*plan_files(folder)), [])
        self.assertGreater(count, 70)

    def test_notes_are_counted_and_shown_on_request_only(self):
        result = run("cliff.yaml")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^1 file, nothing to remark; \d+ notes \(--notes\)\.\n$")
        shown = run("--notes", "cliff.yaml").stdout
        self.assertIn("note: at 100000 one more unit moves 2000 USD, on top of 4000 USD [cliff]", shown)
        self.assertNotIn("--notes", shown)

    def test_findings_stand_in_the_order_of_the_file(self):
        found = findings("--notes", "same-percent.yaml")
        self.assertEqual([(one["line"], one["column"]) for one in found],
                         sorted((one["line"], one["column"]) for one in found))

    def test_what_lint_cannot_do_is_exit_2(self):
        for arguments in ((), ("--sarif", "--json", "cliff.yaml"), ("--loud", "cliff.yaml")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 2)
            self.assertIn("usage: milepost plan lint", result.stderr)


# --- SARIF ---

class Sarif(unittest.TestCase):
    """The log has what SARIF 2.1.0 requires, and means what the JSON means."""

    def check(self, log):
        self.assertEqual(set(log), {"$schema", "version", "runs"})
        self.assertEqual(log["version"], "2.1.0")
        (one,) = log["runs"]
        self.assertEqual(set(one), {"tool", "results", "columnKind"})
        self.assertIn(one["columnKind"], ("utf16CodeUnits", "unicodeCodePoints"))
        driver = one["tool"]["driver"]
        self.assertEqual(driver["name"], "milepost")
        rules = driver["rules"]
        self.assertEqual(len({rule["id"] for rule in rules}), len(rules))
        for rule in rules:
            self.assertTrue(rule["shortDescription"]["text"])
            self.assertIn(rule["defaultConfiguration"]["level"], ("none", "note", "warning", "error"))
        for result in one["results"]:
            self.assertEqual(set(result), {"ruleId", "ruleIndex", "level", "message", "locations"})
            self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
            self.assertTrue(result["message"]["text"])
            (location,) = result["locations"]
            physical = location["physicalLocation"]
            self.assertRegex(physical["artifactLocation"]["uri"], r"^[A-Za-z0-9\-._~/%]+$")
            self.assertGreater(physical["region"]["startLine"], 0)
            self.assertGreater(physical["region"]["startColumn"], 0)
        return one["results"]

    def test_every_plant_as_a_log(self):
        validator = published_schema()
        for plant in plants():
            with self.subTest(plant.name):
                result = run("--notes", "--sarif", *plant.files())
                log = json.loads(result.stdout)
                if validator:
                    self.assertEqual([error.message for error in validator.iter_errors(log)], [])
                came = [(one["ruleId"], one["level"], one["locations"][0]["physicalLocation"]["region"]["startLine"],
                         one["locations"][0]["physicalLocation"]["region"]["startColumn"])
                        for one in self.check(log)]
                lines = run("--notes", "--json", *plant.files()).stdout.splitlines()
                self.assertEqual(came, [(one["code"], one["severity"], one["line"], one["column"])
                                        for one in map(json.loads, lines)])

    def test_no_finding_is_a_log_without_results(self):
        result = run("--sarif", os.path.join(FOLDERS[0], "prosperio-linear", "plan.yaml"))
        self.assertEqual(self.check(json.loads(result.stdout)), [])


def published_schema():
    """A validator of the published schema, where MILEPOST_SARIF_SCHEMA names a copy of it."""
    path = os.environ.get("MILEPOST_SARIF_SCHEMA")
    if not path:
        return None
    import jsonschema
    schema = json.loads(read(path))
    return jsonschema.validators.validator_for(schema)(schema)


# --- codes ---

def lint_codes():
    header = re.sub(r'"\s*"', "", re.sub(r"\\\n", " ", read(os.path.join(TOP, "libs", "lint", "lint_code.h"))))
    return [(code, severity.lower())
            for code, severity in re.findall(r'ROW\(LINT_\w+,\s*"([a-z0-9-]+)",\s*REPORT_(\w+)', header)]


def all_codes():
    """As the language reference lists them, which reference_test.py holds against the sources."""
    page = read(os.path.join(TOP, "libs", "plan", "README.md"))
    return re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|note) ", page, re.M)


def main():
    global MILEPOST
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    MILEPOST = os.path.abspath(sys.argv.pop(1))
    if len(sys.argv) == 2 and os.path.exists(os.path.join(PLANTS, sys.argv[1] + ".yaml")):
        print(run("--notes", *Plant(sys.argv[1]).files()).stdout)
        return
    unittest.main()


if __name__ == "__main__":
    main()
