#!/usr/bin/env python3
"""libs/plan/README.md, the language reference, is held against the program: every example in it runs.

A fenced block's info string says what it is:

  yaml file=NAME, csv file=NAME   a file, for the commands that follow
  console                         commands (`$ milepost …`) and exactly what they print
  yaml plan                       a whole plan
  yaml head                       keys of a plan's head
  yaml component                  components by their names
  yaml part                       keys of one component, called `example`
  yaml roster, control            such a file
  csv events, jsonl events        what happens to the plan above it; without a roster between them, to jo
  totals                          a table of what that comes to, in lines of `simulate --totals`; a first
                                  line `with effect: never` puts these words into the plan
  pays                            a table: deals that are closed (`60000 + 50000`), and what is earned for
                                  them under the part above; a column `boundary: lower` puts these
                                  words into the part, `earned` leaves it as it is

What a block leaves out is taken from the smallest plan (BASE). What feature.h calls LATER may be refused
as `not-here`, and for nothing else; such a block's figures are compared as soon as it is HERE.

The tables of what is read and not yet evaluated, and of what lint remarks, stand between two comments and
come from feature.h and lint_code.h.

  reference_test.py MILEPOST          checks
  reference_test.py MILEPOST --write  writes those tables anew, then checks
"""
import decimal
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = os.path.join(TOP, "libs", "plan", "README.md")

BASE_HEAD = {
    "milepost": "milepost: 1\n", "plan": "plan: example\n", "version": "version: 1\n",
    "currency": "currency: USD\n", "timezone": "timezone: UTC\n",
    "calendar": "calendar: {year-starts: 01-01}\n",
    "effective": "effective: {from: 2026-01-01, until: 2027-01-01}\n",
    "rounding": "rounding: {to: 0.01, mode: half-even}\n", "mid-window": "mid-window: last\n",
}
BASE_PART = {
    "measure": "measure: {of: deals, sum: amount}\n", "cancelled": "cancelled: {effect: recompute}\n",
    "over": "over: quarter\n", "pays": "pays: {rate: 10%}\n",
}
BASE_ASSIGNMENT = """\
  - participant: person:{name}
    assignments:
      - plan: example
        from: 2026-01-01
        goals: {{example: {{window: 100000}}}}
        target: {{window: 10000}}
"""


class Block:
    def __init__(self, line, section, info, text):
        self.line, self.section, self.text = line, section, text
        self.kind, self.words = info.split()[-1] if "file=" in info else info, None
        if self.kind == "totals" and text.startswith("with "):
            words, self.text = text.split("\n", 1)
            self.words = words.removeprefix("with ")


def blocks(page):
    found = []
    headings = re.sub(r"^```.*?^```$", lambda block: re.sub(r"[^\n]", " ", block.group(0)), page,
                      flags=re.M | re.S)
    for match in re.finditer(r"^```([^\n`]+)\n(.*?)^```$", page, re.M | re.S):
        line = page.count("\n", 0, match.start()) + 2
        section = headings.rfind("\n#", 0, match.start())
        found.append(Block(line, section, match.group(1).strip(), match.group(2)))
    return found


def top_level(text):
    """key → the lines of it, comments included; in the order written."""
    keys, current = {}, None
    for line in text.splitlines(keepends=True):
        start = re.match(r"([a-z-]+):", line)
        if start:
            current = start.group(1)
            keys[current] = ""
        if current:
            keys[current] += line
    return keys


def indent(text, by):
    return "".join(" " * by + line if line.strip() else line
                   for line in text.splitlines(keepends=True))


def merged(base, text, without=()):
    said = top_level(text)
    return "".join(value for key, value in base.items() if key not in said and key not in without) + text


def plan_of(kind, text):
    """The smallest plan around a block."""
    if kind == "yaml plan":
        return text
    if kind == "yaml head":
        rest = "" if "components" in top_level(text) else \
            "components:\n  example:\n" + indent("".join(BASE_PART.values()), 4)
        return merged(BASE_HEAD, text) + rest
    if kind == "yaml part":
        said = top_level(text)
        without = {"measure", "cancelled"} if "level:" in said.get("pays", "") else set()
        if "of: deals" not in said.get("measure", "of: deals") and \
                "milestones" not in said["measure"] and "downline-deals" not in said["measure"]:
            without.add("cancelled")
        text = "  example:\n" + indent(merged(BASE_PART, text, without), 4)
    else:
        text = indent(text, 2)
    return "".join(BASE_HEAD.values()) + "components:\n" + text


class Judge:
    def __init__(self, milepost, folder):
        self.milepost, self.folder, self.wrong = milepost, folder, []
        self.environment = {key: value for key, value in os.environ.items()
                            if not key.startswith("MILEPOST_")}
        self.environment["MILEPOST_SCHEMAS_FOLDER"] = os.path.join(TOP, "schemas")
        self.section = None
        self.forget()

    def forget(self):
        """What stood above no longer holds: a new heading, or a new plan."""
        self.plan = self.part = self.roster = self.control = self.events = None

    def find(self, block, text):
        self.wrong.append(f"libs/plan/README.md:{block.line}: {text.rstrip()}")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)
        return name

    def run(self, *arguments):
        return subprocess.run([self.milepost, *arguments], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)

    def reports(self, result):
        lines = (result.stdout + result.stderr).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and '"severity"' in line]

    def lint(self, block, plan):
        """False where the plan is refused; whatever else than `not-here` it says is wrong."""
        result = self.run("plan", "lint", "--json", self.write("plan.yaml", plan))
        reports = self.reports(result)
        for report in reports:
            if report["code"] != "not-here":
                self.find(block, f"{report['code']}: {report['sentence']}\n  {report['snippet']}")
        if result.returncode and not reports:
            self.find(block, result.stderr)
        return not reports

    def simulate(self, block, plan, roster, name, events, control=None):
        """The lines of --totals; None where something is not here yet."""
        arguments = ["simulate", "--json", "--totals", "--plan", self.write("plan.yaml", plan),
                     "--roster", self.write("roster.yaml", roster), "--events", self.write(name, events)]
        if control:
            arguments += ["--control", self.write("control.yaml", control)]
        result = self.run(*arguments)
        errors = [one for one in self.reports(result) if one["severity"] == "error"]
        for report in errors:
            if report["code"] != "not-here":
                self.find(block, f"{report['code']}: {report['sentence']}\n  {report['snippet']}")
        if result.returncode and not errors:
            self.find(block, result.stderr)
        if result.returncode:
            return None
        return [json.loads(line) for line in result.stdout.splitlines()]

    # --- what a block may be ---

    def plan_block(self, block):
        self.forget()
        self.plan = plan_of(block.kind, block.text)
        self.part = block.text if block.kind == "yaml part" else None
        if self.needs_unit(self.plan):
            return
        self.lint(block, self.plan)

    def needs_unit(self, plan):
        """A declared unit comes from control, which `plan lint` is given no file of."""
        return re.search(r"^currency: PTS", plan, re.M)

    def file_block(self, block):
        self.write(block.kind.split("=")[1], block.text)

    def console_block(self, block):
        for command, expected in re.findall(r"^\$ milepost (.*)\n((?:(?!\$ ).*\n?)*)", block.text, re.M):
            result = self.run(*command.split())
            printed = re.sub(r" +$", "", result.stdout + result.stderr, flags=re.M)
            if printed != expected:
                self.find(block, f"`milepost {command}` prints\n{printed}")

    def roster_block(self, block):
        self.roster = block.text
        plan = self.plan or plan_of("yaml part", "")
        self.simulate(block, plan, self.roster, "events.jsonl", "", self.control)

    def control_block(self, block):
        self.control = block.text
        self.simulate(block, plan_of("yaml part", ""), self.jo(), "events.jsonl", "", self.control)

    def jo(self, names=("jo",)):
        return "participants:\n" + "".join(BASE_ASSIGNMENT.format(name=name) for name in names)

    def events_block(self, block):
        self.events = ("events." + block.kind.split()[0], block.text)
        self.simulate_with(block, None)

    def simulate_with(self, block, words):
        plan = self.plan or plan_of("yaml part", "")
        if words:
            plan = self.put(block, plan, words)
        return self.simulate(block, plan, self.roster or self.jo(), *self.events, self.control)

    def put(self, block, text, words):
        """The text with each `key: word` in place of the key's own word."""
        for one in words.split(", "):
            key, value = one.split(": ")
            text, count = re.subn(rf"\b{key}: [\w-]+", f"{key}: {value}", text)
            if count != 1:
                self.find(block, f"`{key}` stands {count} times in the example above")
        return text

    def table(self, block):
        rows = [[cell.strip() for cell in line.split("|")] for line in block.text.splitlines()]
        return rows[0], rows[1:]

    def totals_block(self, block):
        columns, rows = self.table(block)
        if not self.events:
            self.find(block, "nothing happens above this table")
            return
        totals = self.simulate_with(block, block.words)
        if totals is None:
            return
        came = [[",".join(line[column]) if isinstance(line.get(column), list) else
                 "-" if line.get(column) is None else str(line[column]) for column in columns]
                for line in totals]
        if came != rows:
            self.find(block, "comes to\n" + "\n".join(" | ".join(row) for row in came))

    def pays_block(self, block):
        columns, rows = self.table(block)
        names = [f"p{number:03}" for number in range(len(rows))]
        events = "deal_id,status,closed_at,amount,currency,participant,role,share\n"
        for name, row in zip(names, rows):
            for day, amount in enumerate(row[0].replace(",", "").split("+"), 1):
                events += f"{name}-{day},CLOSED,2026-01-{day:02}T10:00:00Z,{amount.strip()},USD," \
                          f"person:{name},owner,100%\n"
        for column, words in enumerate(columns[1:], 1):
            part = self.part if words == "earned" else self.put(block, self.part, words)
            plan = plan_of("yaml part", part)
            self.lint(block, plan)
            lines = self.simulate(block, plan, self.jo(names), "events.csv", events)
            if lines is None:
                continue
            for name, row in zip(names, rows):
                earned = sum(decimal.Decimal(line["earned"]) for line in lines
                             if line["participant"] == "person:" + name)
                if f"{earned:,.2f}" != row[column]:
                    self.find(block, f"{row[0]} earns {earned:,.2f} with {words}, not {row[column]}")

    def check(self, block):
        if block.section != self.section:
            self.forget()
        self.section = block.section
        checks = {"yaml plan": self.plan_block, "yaml head": self.plan_block,
                  "yaml component": self.plan_block, "yaml part": self.plan_block,
                  "yaml roster": self.roster_block, "yaml control": self.control_block,
                  "csv events": self.events_block, "jsonl events": self.events_block,
                  "totals": self.totals_block, "pays": self.pays_block,
                  "console": self.console_block, "text": lambda block: None}
        if "file=" in block.kind:
            self.file_block(block)
        elif block.kind in checks:
            checks[block.kind](block)
        else:
            self.find(block, f"a block's info string cannot be `{block.kind}`")


# --- the page as a whole ---

def read(*names):
    with open(os.path.join(TOP, *names), encoding="utf-8") as file:
        return file.read()


def sources(folder):
    for parent, _, names in os.walk(os.path.join(TOP, folder)):
        for name in names:
            if name.endswith((".c", ".h")):
                yield read(os.path.relpath(os.path.join(parent, name), TOP))


def later_table():
    """The features that feature.h calls LATER, as the page lists them."""
    header = re.sub(r"\\\n", " ", read("libs", "plan", "feature.h"))
    rows = re.findall(r'ROW\(FEATURE_\w+,\s*"([^"]*)",\s*(NULL|"(?:[^"\\]|\\.)*"),\s*(HERE|LATER)\)',
                      header)
    if len(rows) != len(re.findall(r"ROW\(FEATURE_", header)):
        raise SystemExit("feature.h has rows that this test cannot read")
    text = "| what | meanwhile |\n|---|---|\n"
    for name, fix, where in rows:
        if where == "LATER":
            fix = "" if fix == "NULL" else "`" + re.sub(r"\s*#.*", "", fix.strip('"')) + "`" \
                if re.match(r'"[a-z-]+: ', fix) else fix.strip('"')
            text += f"| {name.rstrip(',')} | {fix} |\n"
    for key in sorted(set(re.findall(r'\{"([a-z-]+)", KEY_LATER', "".join(sources("libs/plan"))))):
        text += f"| the key `{key}` | |\n"
    return text.replace("|  |", "| |")


def lint_table():
    """The remarks of lint, as the page lists them: warnings, then notes."""
    header = re.sub(r"\\\n", " ", read("libs", "lint", "lint_code.h"))
    header = re.sub(r'"\s*"', "", header)
    rows = re.findall(r'ROW\(LINT_\w+,\s*"([a-z0-9-]+)",\s*REPORT_(\w+),\s*"([^"]*)"\)', header)
    if len(rows) != len(re.findall(r"ROW\(LINT_", header)):
        raise SystemExit("lint_code.h has rows that this test cannot read")
    return "| code | | what it says |\n|---|---|---|\n" + "".join(
        f"| `{code}` | {severity.lower()} | {summary} |\n" for code, severity, summary in rows)


GENERATED = {"feature.h": later_table, "lint_code.h": lint_table}


def generated(page):
    """The page with its tables as the headers have them now."""
    for header, table in GENERATED.items():
        begin, end = f"<!-- from {header}: begin -->\n", f"<!-- from {header}: end -->\n"
        if begin not in page or end not in page:
            raise SystemExit(f"the page has no place for the table from {header}")
        page = page[:page.index(begin) + len(begin)] + table() + page[page.index(end):]
    return page


def tables_wrong(page):
    if generated(page) == page:
        return []
    return ["feature.h or lint_code.h has changed; write the page's tables anew: "
            "tests/plan/reference_test.py build/dev/services/milepost/milepost --write"]


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links_wrong(page):
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)
    anchors = {anchor(one) for one in re.findall(r"^#+ (.*)$", prose, re.M)}
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        file, _, name = target.partition("#")
        if target.startswith("http"):
            continue
        if file and not os.path.exists(os.path.join(os.path.dirname(PAGE), file)):
            wrong.append(f"no file {file}")
        if not file and name not in anchors:
            wrong.append(f"no heading #{name}")
    return wrong


def words_wrong(page):
    """Every key of the language, every mechanic, every code of a finding and no other code."""
    keys = set(re.findall(r"(?:^|[{,\s])([a-z][a-z-]*):(?=\s)", re.sub(
        r"^ *#.*$", "", read("tests", "plan", "language.yaml"), flags=re.M), re.M))
    own = set(re.findall(r"^  ([a-z-]+):", read("tests", "plan", "language.yaml"), re.M))
    wrong = [f"the key `{key}` is missing" for key in sorted(keys - own)
             if not re.search(rf"(?<![\w-]){key}(?![\w-])", page)]
    mechanics = re.findall(r"^    ROW\((\w+)\)", read("libs", "plan", "mechanic_list.h"), re.M)
    wrong += [f"the mechanic `{one}` has no heading" for one in mechanics
              if one != "rates" and not re.search(rf"^#+ .*\b{one}\b", page, re.M)]
    texts = list(sources("libs/plan")) + list(sources("libs/lint"))
    calls = re.sub(r"node_find\([^()]*\)", "", "".join(texts))
    said = set(re.findall(r'report_(?:error|warning)\([^;"]*"([a-z0-9-]+)"', calls))
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \| (?:error|warning)", page, re.M))
    wrong += [f"the code `{code}` is not in the table of findings" for code in sorted(said - listed)]
    literals = set(re.findall(r'"([a-z0-9-]+)"', "".join(texts)))
    return wrong + [f"no finding has the code `{code}`" for code in sorted(listed - literals)]


def must_say_wrong(page):
    """Every key that readers demand because practice is divided stands in the section about that."""
    text = re.sub(r'"\s*"', "", "".join(sources("libs/plan")))
    keys = set(re.findall(r'\{\s*"([a-z-]+)",\s*KEY_MUST_SAY', text))
    keys |= set(re.findall(r"must say `([a-z-]+)`", text))
    keys |= set(re.findall(r'\{\s*"([a-z-]+)",\s*(?:"must-say",\s*)?"\1: ', text))
    section = re.search(r"^## What must be said\n(.*?)^## ", page, re.M | re.S)
    section = section.group(1) if section else ""
    return [f"`{key}` must be said, and the section about that lacks it"
            for key in sorted(keys) if f"`{key}`" not in section]


def reasons_wrong(page):
    reasons = re.findall(r'ROW\(REASON_\w+, "([a-z-]+)"', read("libs", "engine", "reasons.h"))
    return [f"the reason `{one}` is not in the table of what waits" for one in reasons
            if not re.search(rf"^\|[^|]*`{one}`[^|]*\|", page, re.M)]


def limits_wrong(page):
    """Every row of the table of limits is the constant that it names."""
    texts = "".join(sources("libs/plan"))
    wrong = []
    for said, name in re.findall(r"^\|[^|\n]*\| ([\d,]+)[^|\n]*\| `([A-Z_]+)` \|$", page, re.M):
        value = re.search(rf"\b{name} = ([\d *]+)", texts)
        value = int(eval(value.group(1))) if value else None
        if value != int(said.replace(",", "")):
            wrong.append(f"{name} is {value}, not {said}")
    return wrong


def choices_wrong(page):
    """`key: word` in the text is a key and a word that readers know."""
    texts = "".join(text for folder in ("libs/plan", "libs/calendar", "libs/money")
                    for text in sources(folder))
    literals = set(re.findall(r'"([a-z0-9-]+)"', texts)) | {"yes", "no", "true", "none"}
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)
    said = re.findall(r"`([a-z-]+): ([a-z][a-z-]+)`", prose)
    return [f"`{key}: {word}`: no reader knows `{one}`"
            for key, word in said for one in (key, word) if one not in literals]


def main(milepost, options):
    page = read("libs", "plan", "README.md")
    if "--write" in options:
        page = generated(page)
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page)
    with tempfile.TemporaryDirectory(prefix="milepost-reference-") as folder:
        judge = Judge(os.path.abspath(milepost), folder)
        found = blocks(page)
        for block in found:
            judge.check(block)
    wrong = judge.wrong + tables_wrong(page) + links_wrong(page) + words_wrong(page)
    wrong += must_say_wrong(page) + reasons_wrong(page)
    wrong += limits_wrong(page) + choices_wrong(page)
    for text in wrong:
        print(text, file=sys.stderr)
    print(f"{len(found)} blocks, {len(wrong)} wrong")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
