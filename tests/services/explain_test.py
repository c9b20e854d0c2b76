#!/usr/bin/env python3
"""`milepost plan explain` as its user meets it. What its sentences say is tested word by word in
tests/plan/describe_test.c; here its tables are held against `simulate`: for every component of every
example and published vector that one row can price, a book with that one row is worth what the table
says, whichever row of the table it is."""
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MILEPOST = None  # the program under test, from the command line
DEALS_MAX = 120  # a count of more deals than that is not tried
PRICED_MIN = 60  # so many components must have been tried, or the test tests nothing
FIELDS = {"territory": "territory", "customer": "customer_id", "deal-type": "deal_type"}


def run(*arguments):
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("MILEPOST_")}
    environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")
    return subprocess.run([MILEPOST, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=600)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def people(roster):
    """What stands before the first participant, and the text of each by its id."""
    head, *parts = re.split(r"(?m)^(?=\s*- (?:\{)?\s*participant:)", roster)
    return head, {re.search(r"participant:\s*['\"]?([^\s,'\"}]+)", part)[1]: part for part in parts}


def measure_of(plan, component):
    """The lines of a component's measure as one."""
    lines = read(plan).split("\n")
    start = lines.index(f"  {component}:")
    text = ""
    for line in lines[start + 1:]:
        if re.match(r"    \S", line) and text:
            break
        if text or line.startswith("    measure:"):
            text += " " + line.strip()
    return text


def component_text(plan, component):
    text = read(plan)
    start = text.index(f"\n  {component}:\n")
    end = re.search(r"\n  \S|\n\S", text[start + len(component) + 4:])
    return text[start:start + len(component) + 4 + (end.start() if end else len(text))]


def conditions(text):
    """(field, value) of the equalities in a `where`."""
    return re.findall(r"\b(product|category|territory|customer|deal-type|attribute\.[\w-]+):\s*"
                      r"\[?\"?([\w.-]+)\"?", text)


def without_splits(control):
    """Whoever shares a deal with whom: rows here have one participant each."""
    return "".join(part for part in re.split(r"(?m)^(?=\S)", control)
                   if not part.startswith("crediting:"))


class Row:
    """What a row of a component looks like: made from its measure."""

    def __init__(self, plan, component):
        text = measure_of(plan, component)
        of = re.search(r"\bof: ([\w-]+)", text)
        self.of = of[1] if of else None
        summed = re.search(r"\bsum: ([\w.-]+)", text)
        self.sum = summed[1] if summed else None
        role = re.search(r"\brole: \[?([\w-]+)", text)
        self.role = role[1] if role else "owner"
        result = re.search(r"\bresult: ([\w-]+)", text)
        self.result = result[1] if result else None
        self.where = conditions(text)
        self.needs_lines = "over: line" in component_text(plan, component)
        self.currency = re.search(r"(?m)^currency: (\w+)", read(plan))[1]
        self.is_strange = "plus:" in text or '">' in text or '"<' in text or "line.attribute" in text

    def is_priced_by_one(self):
        if self.is_strange:
            return False
        if self.of == "results":
            return self.result is not None
        return self.of == "deals" and self.sum is not None

    def fields(self, more):
        """The fields of a deal that conditions ask for; a product is a line's."""
        deal, product = {}, None
        for field, value in self.where + more:
            if field in ("product", "category"):
                product = value
            elif field.startswith("attribute."):
                deal.setdefault("attributes", {})[field[len("attribute."):]] = value
            else:
                deal[FIELDS[field]] = value
        return deal, product

    def events(self, who, measure, at, more=()):
        if self.of == "results":
            return [{"type": "result", "participant": who, "result": self.result,
                     "date": at[:10], "value": measure}]
        count = int(measure) if self.sum == "count" else 1
        return [self.deal(who, f"{who.replace(':', '-')}-{i}", measure, at, list(more))
                for i in range(count)]

    def deal(self, who, name, measure, at, more):
        amount = measure if self.sum == "amount" else "1"
        quantity = measure if self.sum == "quantity" else "1"
        amounts = {self.sum[len("amount."):]: measure} if self.sum.startswith("amount.") else {}
        fields, product = self.fields(more)
        deal = {"type": "deal", "deal_id": name, "status": "CLOSED", "closed_at": at,
                "amount": amount, "quantity": quantity, "amounts": amounts,
                "currency": self.currency, "participants":
                    [{"participant": who, "role": self.role, "share": "100%"}], **fields}
        if product or self.needs_lines:
            deal["lines"] = [{"line_id": "1", "product": product or "other", "amount": amount,
                              "quantity": quantity, "amounts": amounts}]
        return deal


def day_of(column, table):
    """On which day everything comes, in that column; None where that is not a matter of the row."""
    if column == "":
        return table["from"]
    found = re.fullmatch(r"all by (\d+ \w+ \d+)", column)
    if found:
        return datetime.datetime.strptime(found[1], "%d %B %Y").date().isoformat()
    return None


class Case(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.folder = self.holder.name

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def explain(self, plan, *more):
        result = run("plan", "explain", plan, "--json", *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        lines = [json.loads(line) for line in result.stdout.splitlines()]
        return lines[0], {line["component"]: line for line in lines[1:]}


class Tables(Case):
    """Each row and column of a table is a participant of its own with the same assignments."""

    def tries(self, row, table):
        """(participant, measure, day, more conditions, expected, payable)."""
        for r, one in enumerate(table["rows"]):
            for c, column in enumerate(table["columns"]):
                day = day_of(column, table)
                measure = one.get("measure")
                more = conditions(one["at"].replace("the deal type is", "deal-type:")
                                  .replace("the ", "").replace(" is", ":")) if "at" in one else []
                if measure is None and (more or one.get("at") == "any other"):
                    measure = "100000" if row.sum.startswith("amount") else "100"
                if day is None or measure is None or one["pays"][c] is None:
                    continue
                if row.sum == "count" and (float(measure) != int(float(measure)) or
                                           not 0 < int(measure) <= DEALS_MAX):
                    continue
                yield f"person:r{r}c{c}", measure, day, more, one["pays"][c], one["payable"][c]

    def check(self, folder, plan, roster, person, component, table):
        row = Row(plan, component)
        text = component_text(plan, component)
        others = {name for name in re.findall(r"(?:component|attainment-of): ([\w-]+)", text)}
        if "baseline:" in text:  # a table of growth; the row would be last year's and that
            return 0
        if not row.is_priced_by_one() or others - {component} or table["target_is"] == "share":
            return 0
        tries = list(self.tries(row, table))
        if not tries:
            return 0
        head, known = people(roster)
        one = known[person]
        roster = head + "".join(one.replace(person, who, 1) for who, *_ in tries)
        events = [event for who, measure, day, more, _, _ in tries
                  for event in row.events(who, measure, day + "T17:00:00Z", more)]
        arguments = ["simulate", "--json", "--plan", plan,
                     "--roster", self.file("roster.yaml", roster),
                     "--events", self.file("events.jsonl",
                                           "".join(json.dumps(event) + "\n" for event in events))]
        for control in map(without_splits, map(read, glob.glob(os.path.join(folder,
                                                                            "control.yaml")))):
            if re.search(r"(?m)^\w", control):
                arguments += ["--control", self.file("control.yaml", control)]
        result = run(*arguments)
        self.assertEqual(result.returncode, 0, (plan, component, result.stderr))
        totals = {}
        for line in map(json.loads, result.stdout.splitlines()):
            deal = line["participant"].replace(":", "-") + "-0"
            if line.get("component") == component and line["window"] in (
                    table["window"], f"deal:{deal}", f"line:{deal}/1"):
                totals[line["participant"]] = line
        for who, measure, day, _, pays, payable in tries:
            came = totals.get(who, {"earned": None, "payable": None, "pending": ["nothing came"]})
            if "    release:" in text:  # the table takes it as released
                came["payable"] = payable
            self.assertEqual((came["earned"], came["payable"]), (pays, payable),
                             (plan, component, measure, day, came["pending"]))
        return 1

    def test_every_value_is_what_a_book_with_that_row_is_worth(self):
        priced = 0
        folders = glob.glob(os.path.join(TOP, "deploy", "examples", "*", "")) + \
            glob.glob(os.path.join(TOP, "tests", "vectors", "V*", ""))
        for plan in sorted(path for folder in folders
                           for path in glob.glob(os.path.join(folder, "plan*.yaml"))):
            folder = os.path.dirname(plan)
            controls = [word for path in glob.glob(os.path.join(folder, "control.yaml"))
                        for word in ("--control", path)]
            roster = os.path.join(folder, "roster.yaml")
            name = re.search(r"(?m)^plan: (\S+)", read(plan))[1]
            on_it = [who for who, text in people(read(roster))[1].items()
                     if re.search(rf"plan: {name}\b", text)]
            for person in on_it[:1]:
                _, tables = self.explain(plan, "--participant", person, "--roster", roster,
                                         *controls)
                for component, table in tables.items():
                    priced += self.check(folder, plan, read(roster), person, component, table)
        print(f"{priced} components priced")
        self.assertGreaterEqual(priced, PRICED_MIN)


class Months(Case):
    def test_a_window_has_as_many_months_as_it_has(self):
        plan = os.path.join(TOP, "deploy", "examples", "upland-level-billing", "plan.yaml")
        over = re.search(r"over: (\w+)", read(plan))[1]
        for window, months in (("month", 1), ("quarter", 3), ("half", 6), ("year", 12)):
            text = read(plan).replace(f"over: {over}", f"over: {window}")
            if "mid-window" not in text:
                text = text.replace("components:", "mid-window: last\ncomponents:")
            _, tables = self.explain(self.file("plan.yaml", text))
            (table,) = tables.values()
            self.assertEqual([row["pays"] for row in table["rows"]],
                             [[f"{2000 * i}.00"] for i in range(1, months + 1)])


if __name__ == "__main__":
    MILEPOST = sys.argv.pop(1)
    unittest.main()
