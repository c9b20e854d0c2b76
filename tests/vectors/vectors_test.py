#!/usr/bin/env python3
"""Examples with the figures they must come to. A folder is one example:

  plan*.yaml    the plan, or several      roster.yaml    who is on it
  control.yaml  where it needs one        events.jsonl   what happened
  expected.tsv  the totals                payouts.tsv    the payouts, in order; either or both

Every expected row is a line of `milepost simulate --json`, every line is a row, in the same order; the first row
names the columns (`cause.deal_id` for a field within a field). `null` is JSON's, `-` a field that the
line lacks, a list is joined by commas.

awaits.tsv lists the words that an example uses and this version of Milepost still refuses: (folder,
code of the finding, word). Such an example must be refused for exactly those words; every other
must give its figures. So who builds a word deletes its rows, and a row that no longer holds fails.

  vectors_test.py MILEPOST FOLDER    one example
  vectors_test.py MILEPOST --lists   every published example has a folder, every row of a list an example
  vectors_test.py MILEPOST --awaits  prints what awaits.tsv would have to say now
"""
import difflib
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
EXAMPLES = os.path.join(TOP, "deploy", "examples")
AWAITS = os.path.join(HERE, "awaits.tsv")
SYSTEMS = {"PA": 14, "CO": 8, "PE": 8, "PR": 14, "UP": 14}  # how many ids each has
FIGURES = {"expected.tsv": "--totals", "payouts.tsv": "--payouts"}


def rows(path):
    with open(path, encoding="utf-8") as table:
        return [line.rstrip("\n").split("\t") for line in table if line.strip() and line[0] != "#"]


def name(folder):
    """As awaits.tsv has it: V01, or examples/PR3-four-points."""
    return os.path.basename(folder) if os.path.dirname(folder) == HERE \
        else "examples/" + os.path.basename(folder)


def examples():
    found = []
    for parent in (HERE, EXAMPLES):
        for entry in sorted(os.listdir(parent)) if os.path.isdir(parent) else []:
            folder = os.path.join(parent, entry)
            if os.path.isfile(os.path.join(folder, "events.jsonl")):
                found.append(folder)
    return found


def awaited():
    """folder → the set of (code, word) that it awaits."""
    listed = {}
    for folder, code, word in rows(AWAITS):
        listed.setdefault(folder, set()).add((code, word))
    return listed


def simulate(milepost, folder, figures):
    files = sorted(os.listdir(folder))
    command = [milepost, "simulate", "--json", figures]
    for option, names in (("--plan", [one for one in files if re.fullmatch(r"plan.*\.yaml", one)]),
                          ("--roster", ["roster.yaml"]),
                          ("--control", ["control.yaml"] if "control.yaml" in files else []),
                          ("--events", ["events.jsonl"])):
        for file in names:
            command += [option, os.path.join(folder, file)]
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("MILEPOST_")}
    environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=600)


def word_at(report):
    """The word that a finding is about: what its sentence quotes first, else what stands at its place."""
    quoted = re.search(r"`([^`]+)`(?: `([^`]+)`)?", report["sentence"])
    if quoted:
        return ": ".join(part for part in quoted.groups() if part)
    at = report["column"] - 1
    here = re.match(r"[\w-]+", report["snippet"][at:])
    before = re.search(r"([\w-]+):\s*$", report["snippet"][:at])
    return (here or before or re.match("()", "")).group(0).rstrip(": ") or "?"


def refusals(result):
    """What a run was refused for: a set of (code, word)."""
    found = set()
    for line in result.stderr.splitlines():
        report = json.loads(line) if line.startswith("{") else {}
        if report.get("severity") == "error":
            found.add((report["code"], word_at(report)))
    return found


def field(line, column):
    value = line
    for part in column.split("."):
        if not isinstance(value, dict) or part not in value:
            return "-"
        value = value[part]
    if isinstance(value, list):
        return ",".join(value)
    return "null" if value is None else str(value)


def differences(folder, table, output):
    """Between a table and the lines that came out, as a diff of rows; empty where there are none."""
    columns, *expected = rows(os.path.join(folder, table))
    lines = [json.loads(line) for line in output.splitlines()]
    came = [[field(line, column) for column in columns] for line in lines]
    if came == expected:
        return ""
    texts = [["\t".join(row) for row in one] for one in (expected, came)]
    return "\n".join([table + ": " + " ".join(columns)] + list(
        difflib.unified_diff(*texts, "published", "simulate", lineterm="", n=99)))


def tables(folder):
    return [table for table in FIGURES if os.path.isfile(os.path.join(folder, table))]


def judge(milepost, folder, awaits):
    """What is wrong with an example, given the words that it awaits; an empty list when it is right."""
    wrong = []
    for table in tables(folder):
        result = simulate(milepost, folder, FIGURES[table])
        refused = refusals(result)
        if refused != awaits:
            wrong += [f"awaits.tsv must lose: {name(folder)}\t{code}\t{word}"
                      for code, word in sorted(awaits - refused)]
            wrong += [f"refused, and not awaited: {name(folder)}\t{code}\t{word}"
                      for code, word in sorted(refused - awaits)]
        if refused or result.returncode:
            wrong += [result.stderr] if refused != awaits or not refused else []
            break
        wrong += [text for text in [differences(folder, table, result.stdout)] if text]
    return wrong


def check_shown():
    """The README of the examples names every id of the five systems and every folder, and no others."""
    with open(os.path.join(EXAMPLES, "README.md"), encoding="utf-8") as readme:
        text = readme.read()
    ids = [f"{system}{n}" for system, count in SYSTEMS.items() for n in range(1, count + 1)]
    wrong = [f"deploy/examples/README.md does not say where {one} is shown"
             for one in ids if not re.search(rf"\b{one}\b", text)]
    named = {"examples/" + one for row in re.findall(r"^\| [A-Z]{2}\d+ .*$", text, re.M)
             for one in re.findall(r"`([a-z0-9-]+)`", row)}
    there = {name(folder) for folder in examples() if name(folder).startswith("examples/")}
    return wrong + [f"named in one place only: {one}" for one in sorted(named ^ there)]


def check_lists():
    """Every published id is a folder, every folder is complete, every await names a folder."""
    with open(os.path.join(HERE, "published.json"), encoding="utf-8") as published:
        ids = [one["id"] for one in json.load(published)]
    known = {name(folder) for folder in examples()}
    wrong = [f"no folder for the published example {one}" for one in ids if one not in known]
    wrong += [f"not published: {one}" for one in sorted(known)
              if not one.startswith("examples/") and one not in ids]
    wrong += [f"awaits.tsv names no example: {one}" for one in sorted(set(awaited()) - known)]
    for folder in examples():
        if not tables(folder):
            wrong.append(f"{name(folder)} states no figures")
        wrong += [f"{name(folder)}/{file} opens with no comment that says what is shown"
                  for file in os.listdir(folder)
                  if re.fullmatch(r"plan.*\.yaml", file)
                  and not open(os.path.join(folder, file), encoding="utf-8").read().startswith("# ")]
    return wrong + check_shown()


def main(milepost, what):
    if what == "--awaits":
        for folder in examples():
            refused = refusals(simulate(milepost, folder, "--totals"))
            for code, word in sorted(refused):
                print(name(folder), code, word, sep="\t")
        return 0
    if what == "--lists":
        wrong = check_lists()
    else:
        folder = os.path.join(EXAMPLES if what.startswith("examples/") else HERE,
                              os.path.basename(what))
        wrong = judge(milepost, folder, awaited().get(what, set()))
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
