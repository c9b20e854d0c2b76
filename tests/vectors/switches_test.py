#!/usr/bin/env python3
"""The switches S1–S20, questions on which practice is divided: what each position pays for the same history.

A file of switches/ is one switch: the question, what all positions share, and the positions:

  part            keys of one component, called `example`; or, instead of it,
  components      several components by their names
  head            keys of the plan's head; what is left out is the reference's smallest plan
  roster, control, events   the files around it, events as CSV or JSON Lines
  positions       a list; each may have any of the above for itself, and
    name, source  the position, and who takes it
    says          what its plan says differently, `key: value`: in place of that key, wherever it stands,
                  else as a key more
    totals        the lines of `simulate --totals`, all of them; the first row names the columns
    payouts       those of `--payouts`; either or both
    sum           what `earned` comes to in all
    why           the arithmetic
    same-as       another position that pays the same, where the reason is in `why`
    awaits        words, joined by `; `, that this version still refuses: it must be refused for exactly these
  refused         a list: `without` a key, or with what it `says`, the first position's plan (or that of
                  `position`) is refused with `code` (must-say), and `offers` these words; or `row` names the
                  row of tests/plan/refusals that shows it
  unsayable       a list: name, source and reason of a position that the language has no words for

Figures come from the sources or by hand. Positions must differ in their figures unless one says `same-as`.

  switches_test.py MILEPOST S01      one switch
  switches_test.py MILEPOST --lists  every switch of the language reference has a file
"""
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
FILES = os.path.join(HERE, "switches")
sys.path[:0] = [HERE, os.path.join(TOP, "tests", "plan")]

import reference_test as reference  # noqa: E402  the smallest plan, and its parts
import vectors_test as vectors  # noqa: E402  how a line is read, what a run was refused for

FIGURES = {"totals": "--totals", "payouts": "--payouts"}
SHARED = ("head", "part", "components", "roster", "control", "events")
HEAD_KEYS = {*reference.BASE_HEAD, "total", "redeem", "split-windows"}
KEYS = {
    "": {"switch", "question", *SHARED, "positions", "refused", "unsayable"},
    "positions": {"name", "source", "says", *SHARED, *FIGURES, "sum", "why", "same-as", "awaits"},
    "refused": {"position", "without", "says", "code", "offers", "row"},
    "unsayable": {"name", "source", "reason"},
}


# --- reading: the part of YAML that these files are written in ---

class Reader:
    """Maps of scalars, of literal blocks and of lists of such maps; every scalar is a text."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.lines = file.read().splitlines()
        self.at, self.path = 0, path

    def fail(self, sentence):
        raise SystemExit(f"{self.path}:{self.at + 1}: {sentence}")

    def depth(self):
        """How far the next line that says something is indented; -1 at the end."""
        while self.at < len(self.lines) and re.match(r" *(#|$)", self.lines[self.at]):
            self.at += 1
        return len(self.lines[self.at]) - len(self.lines[self.at].lstrip()) \
            if self.at < len(self.lines) else -1

    def block(self, depth):
        """A literal block below a key at `depth`."""
        lines, start = [], self.at
        while self.at < len(self.lines) and re.match(rf" {{{depth + 1},}}|\s*$", self.lines[self.at]):
            lines.append(self.lines[self.at])
            self.at += 1
        inner = len(self.lines[start]) - len(self.lines[start].lstrip())
        return "\n".join(line[inner:] for line in lines).rstrip("\n") + "\n"

    def items(self, kind):
        found, depth = [], self.depth()
        while self.depth() == depth and self.lines[self.at].lstrip().startswith("- "):
            self.lines[self.at] = self.lines[self.at].replace("- ", "  ", 1)
            found.append(self.map(depth + 2, kind))
        return found

    def map(self, depth, kind):
        found = {}
        while self.depth() == depth and not self.lines[self.at].lstrip().startswith("- "):
            match = re.fullmatch(r" *([a-z-]+):(?: (.*))?", self.lines[self.at])
            if not match or match[1] not in KEYS[kind] or match[1] in found:
                self.fail("a key of this list is meant, once: " + ", ".join(sorted(KEYS[kind])))
            key, value = match[1], (match[2] or "").strip()
            quoted = re.fullmatch(r'"([^"\\]*)"', value)
            if not quoted and re.search(r"^[^\w|(]|: | #|^\|.", value):
                self.fail("a text with `: `, ` #` or a sign at its beginning stands in quotes")
            self.at += 1
            found[key] = self.block(depth) if value == "|" else \
                quoted[1] if quoted else value or self.items(key)
        return found

    def read(self):
        found = self.map(0, "")
        return found if self.depth() < 0 else self.fail("a key was expected here")


# --- a position's plan ---

def value_end(text, at):
    """Where the value that begins at `at` ends: at a comma, bracket or line's end that is not within it."""
    depth = 0
    while at < len(text):
        if text[at] in "}],\n" and depth == 0:
            return at
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(text[at], 0)
        at += 1
    return at


def places(text, key):
    return [match.start() for match in re.finditer(rf"(?<![\w-]){key}:(?= )", text)]


def put(text, key, lines):
    """The text with `lines`, which give `key` its value, in place of what the key says there."""
    top = reference.top_level(text)
    found = places(text, key)
    if key in top or not found:
        top[key] = lines
        return "".join(top.values())
    if len(found) > 1:
        raise SystemExit(f"`{key}` stands {len(found)} times in\n{text}")
    return text[:found[0]] + lines.strip() + text[value_end(text, found[0]):]


def without(text, key):
    top = reference.top_level(text)
    if top.pop(key, None) is not None:
        return "".join(top.values())
    found = places(text, key)
    if len(found) != 1:
        raise SystemExit(f"`{key}` stands {len(found)} times in\n{text}")
    at, end = found[0], value_end(text, found[0])
    if text[end:end + 1] == ",":
        return text[:at] + text[end + 1:].lstrip()
    if text[:at].rstrip().endswith(","):
        return text[:at].rstrip()[:-1] + text[end:]
    if text[at - 1] == "{":
        return text[:at] + text[end:]
    return text[:text.rfind("\n", 0, at) + 1] + text[end + 1:]


def plan_of(shared, says="", leave_out=None):
    kind = "part" if "part" in shared else "components"
    texts = {"head": shared.get("head", ""), kind: shared[kind]}

    def where(key):
        return "head" if key in HEAD_KEYS or places(texts["head"], key) else kind

    for key, lines in reference.top_level(says).items():
        texts[where(key)] = put(texts[where(key)], key, lines)
    if leave_out and leave_out not in HEAD_KEYS:
        texts[where(leave_out)] = without(texts[where(leave_out)], leave_out)
    whole = reference.plan_of("yaml part" if kind == "part" else "yaml component", texts[kind])
    components = whole[whole.index("components:\n"):]
    head = {**reference.BASE_HEAD, **reference.top_level(texts["head"])}
    head.pop(leave_out, None)
    return "".join(head.values()) + components


# --- running ---

class Runner:
    def __init__(self, milepost, folder):
        self.milepost, self.folder = os.path.abspath(milepost), folder
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith("MILEPOST_")}
        self.environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")

    def run(self, *arguments):
        return subprocess.run([self.milepost, *arguments], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def lint(self, plan):
        result = self.run("plan", "lint", "--json", self.write("plan.yaml", plan))
        return [json.loads(line) for line in (result.stdout + result.stderr).splitlines()
                if line.startswith("{")]

    def simulate(self, files, figures):
        events = files["events"]
        name = "events.jsonl" if events.startswith("{") else "events.csv"
        command = ["simulate", "--json", figures, "--plan", self.write("plan.yaml", files["plan"]),
                   "--roster", self.write("roster.yaml", files["roster"]),
                   "--events", self.write(name, events)]
        if "control" in files:
            command += ["--control", self.write("control.yaml", files["control"])]
        return self.run(*command)


def table(text):
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    return rows[0], rows[1:]


def shared_by(switch, position):
    files = {key: position.get(key, switch.get(key)) for key in SHARED}
    own = {"part", "components"} & set(position)
    for key in ({"part", "components"} - own if own else set()):
        files[key] = None
    return {key: value for key, value in files.items() if value is not None}


def judge_figures(position, kind, output):
    """(what is wrong, what came) of one table of a position."""
    columns, expected = table(position[kind])
    lines = [json.loads(line) for line in output.splitlines()]
    came = [[vectors.field(line, column) for column in columns] for line in lines]
    wrong = [] if came == expected else [f"{position['name']}: {kind} are not what is written"]
    if kind == "totals" and "sum" in position:
        total = sum(decimal.Decimal(line["earned"]) for line in lines if "earned" in line)
        if str(total) != position["sum"]:
            wrong.append(f"{position['name']}: earned is {total} in all, not {position['sum']}")
    return wrong, came


def judge_position(runner, switch, position):
    """(what is wrong, kind of table → rows that came)."""
    shared = shared_by(switch, position)
    files = {**shared, "plan": plan_of(shared, position.get("says", ""))}
    awaits = {("not-here", word) for word in position.get("awaits", "").split("; ") if word}
    wrong, came = [], {}
    for kind, option in FIGURES.items():
        if kind not in position:
            continue
        result = runner.simulate(files, option)
        refused = vectors.refusals(result)
        wrong += [f"{position['name']}: awaits no longer: {word}" for _, word in sorted(awaits - refused)]
        wrong += [f"{position['name']}: refused, and not awaited: {code} {word}"
                  for code, word in sorted(refused - awaits)]
        if refused or result.returncode:
            return wrong + ([result.stderr] if refused != awaits or not refused else []), came
        found, came[kind] = judge_figures(position, kind, result.stdout)
        wrong += found
    return wrong, came


def figures_differ(one, other):
    """Whether two positions state different figures, in the columns that both have."""
    for kind in FIGURES:
        if kind not in one or kind not in other:
            continue
        (columns, rows), (others, other_rows) = table(one[kind]), table(other[kind])
        common = [column for column in columns if column in others]
        if [[row[columns.index(column)] for column in common] for row in rows] != \
                [[row[others.index(column)] for column in common] for row in other_rows]:
            return True
        return False
    return True


def judge_form(switch):
    """A file is complete, and its positions state figures that tell them apart."""
    wrong, positions = [], switch["positions"]
    for position in positions:
        wrong += [f"{position.get('name')}: no `{key}`" for key in ("name", "source", "why")
                  if key not in position]
        if not set(FIGURES) & set(position):
            wrong.append(f"{position.get('name')}: no figures")
    names = {position["name"]: position for position in positions}
    for number, one in enumerate(positions):
        twin = one.get("same-as")
        if twin and (twin not in names or figures_differ(one, names[twin])):
            wrong.append(f"{one['name']}: is not the same as {twin}")
        for other in positions[:number]:
            if not twin and "same-as" not in other and not figures_differ(one, other):
                wrong.append(f"{one['name']} and {other['name']} state the same figures")
    for one in switch.get("unsayable", []):
        wrong += [f"unsayable: no `{key}`" for key in KEYS["unsayable"] if key not in one]
    return wrong


def judge_refused(runner, switch, one):
    if "row" in one:
        file, _, row = one["row"].partition(" ")
        with open(os.path.join(TOP, file), encoding="utf-8") as rows:
            return [] if f'"{row}"' in rows.read() else [f"{file} has no row \"{row}\""]
    position = next((each for each in switch["positions"] if each["name"] == one.get("position")),
                    switch["positions"][0])
    says = position.get("says", "") + one.get("says", "")
    reports = runner.lint(plan_of(shared_by(switch, position), says, one.get("without")))
    errors = [each for each in reports if each["severity"] == "error"]
    code, offers = one.get("code", "must-say"), one.get("offers", "").split(", ")
    about = one.get("without") or next(iter(reference.top_level(one["says"])))
    for report in errors:
        text = report["sentence"] + " " + report["fix"]
        if report["code"] == code and all(word in text for word in offers) and \
                (code != "must-say" or about in text):
            return []
    return [f"without or with `{about}` it is not refused with {code}, offering {', '.join(offers)}: "
            f"{json.dumps(errors, ensure_ascii=False)}"]


# --- side by side ---

def label(columns, row, number):
    named = [row[columns.index(column)] for column in ("participant", "component", "window", "pay_period")
             if column in columns and row[columns.index(column)] != "-"]
    return " ".join(named) if named else f"#{number + 1}"


def side_by_side(switch, cames):
    """A table: a line for each figure of each row, a column for each position; `expected / came` where
    they differ."""
    cells, names = {}, [position["name"] for position in switch["positions"]]
    for position, came in zip(switch["positions"], cames):
        for kind in FIGURES:
            columns, expected = table(position[kind]) if kind in position else ([], [])
            rows = came.get(kind, expected)
            for number in range(max(len(expected), len(rows))):
                written = expected[number] if number < len(expected) else ["-"] * len(columns)
                printed = rows[number] if number < len(rows) else ["-"] * len(columns)
                where = label(columns, written if number < len(expected) else printed, number)
                where = f"#{number + 1} {where}" if kind == "payouts" and where[0] != "#" else where
                for column, one, other in zip(columns, written, printed):
                    cell = one if one == other else f"{one} / {other}"
                    cells.setdefault((kind, where, column), {})[position["name"]] = cell
    lines = [[switch["switch"], *names]]
    for (kind, where, column), found in cells.items():
        if column not in ("participant", "component", "window", "pay_period"):
            lines.append([f"{where} {column}", *(found.get(name, "") for name in names)])
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)


def judge(milepost, name):
    switch = Reader(os.path.join(FILES, name + ".yaml")).read()
    wrong, cames = judge_form(switch), []
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(milepost, folder)
        for position in switch["positions"]:
            found, came = judge_position(runner, switch, position)
            wrong += found
            cames.append(came)
        shown = side_by_side(switch, cames)
        for one in switch.get("refused", []):
            wrong += judge_refused(runner, switch, one)
    return wrong + [f"{name}: {switch['question']}  (written / came)\n{shown}"] if wrong else []


def check_lists():
    """Every switch of the language reference has a file, and a file is that of a switch."""
    with open(reference.PAGE, encoding="utf-8") as page:
        numbers = re.findall(r"^\| S(\d+) \|", page.read(), re.M)
    asked = {f"S{int(number):02}.yaml" for number in numbers}
    there = set(os.listdir(FILES))
    wrong = [f"in one place only, the language reference or tests/vectors/switches: {one}"
             for one in sorted(asked ^ there)]
    for one in sorted(asked & there):
        switch = Reader(os.path.join(FILES, one)).read()["switch"]
        if switch != f"S{int(one[1:3])}":
            wrong.append(f"{one} is about {switch}")
    return wrong


def main(milepost, what):
    wrong = check_lists() if what == "--lists" else judge(milepost, what)
    for text in wrong:
        print(text, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
