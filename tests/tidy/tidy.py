#!/usr/bin/env python3
"""The rules that protect money and the architecture, as a test.

  tidy.py FOLDER      checks the source tree; prints every offence as file:line with the rule's reason
  tidy.py --prove     shows that every rule finds what it is there for, and nothing else
"""
import os
import re
import sys

LAYERS = "base money calendar plan engine lint schema kafka redis worker ops".split()
EXACT = "libs/(base|money|calendar|plan|engine|lint|worker)/"
PURE = "libs/(money|calendar|plan|engine|lint)/"
C_FILE = r".*\.[ch]$"
LEFT_FOR_LATER = r"\b(TO" + r"DO|FIX" + r"ME)\b"


class Rule:
    """A pattern that may not occur in the files whose path matches `where` and not `unless`.

    `see` says what of a file is looked at: its code without comments and texts, its code with
    texts, or all of it.
    """

    def __init__(self, name, pattern, where, reason, unless=None, see="code"):
        self.name, self.reason, self.see = name, reason, see
        self.pattern, self.where = re.compile(pattern), re.compile(where)
        self.unless = re.compile(unless) if unless else None

    def offences(self, path, views):
        if not self.where.match(path) or (self.unless and self.unless.match(path)):
            return
        for number, line in enumerate(views[self.see].split("\n"), 1):
            if self.pattern.search(line):
                yield path, number, self.name, self.reason


def calls(names):
    return r"(?<![\w.>])(" + names + r")\s*\("


RULES = [
    Rule("floating-point", r"\b(float|double)\b", EXACT + C_FILE,
         "money is exact: a binary fraction cannot hold a cent"),
    Rule("unbounded-copy", calls("strcpy|strcat|sprintf|vsprintf|gets|stpcpy"), C_FILE,
         "it writes past the end of its buffer when the text is longer than expected"),
    Rule("hidden-state", calls("strtok"), C_FILE,
         "it keeps its place in a global and writes into its input"),
    Rule("silent-number", calls("atoi|atol|atoll|atof"), C_FILE,
         "it turns what is no number into 0 and does not see overflow; use base/decimal.h"),
    Rule("shell", calls("system|popen"), C_FILE,
         "a name from outside would reach a shell"),
    Rule("stack", calls("alloca"), C_FILE,
         "a size from outside would overflow the stack"),
    Rule("time-zone", r"\b(tzset|localtime|localtime_r|mktime)\s*\(|\"TZ\"", C_FILE,
         "the process's zone is global and may differ between two workers; use libs/calendar",
         see="texts"),
    Rule("pure", calls("clock_gettime|gettimeofday|time|rand|random|getrandom|printf|fprintf|getenv"),
         PURE + C_FILE,
         "money, calendar, plan, engine and lint have no clock, no chance, no output: same input, same bytes"),
    Rule("kafka-client", r"#\s*include\s*[<\"]librdkafka/", C_FILE,
         "no librdkafka type crosses the log's interface: the worker runs on a simulated log too",
         unless="libs/kafka/|tests/", see="texts"),
    Rule("avro-client", r"#\s*include\s*[<\"]avro[./]", C_FILE,
         "avro-c only parses schemas and is the oracle in tests: it leaks on bad input",
         unless="libs/schema/|tests/", see="texts"),
    Rule("redis-client", r"#\s*include\s*[<\"]hiredis", C_FILE,
         "Redis is a read model behind libs/redis; nothing is ever computed from it",
         unless="libs/redis/|tests/", see="texts"),
    Rule("left-for-later", LEFT_FOR_LATER, ".*",
         "what is not done belongs in an issue, not in the code", unless="LICENSE", see="all"),
    Rule("line-comment", r"(?<!:)//", C_FILE, "comments are /* */ everywhere"),
]

INCLUDE = re.compile(r'#\s*include\s*"(\w+)/')
LAYER_REASON = "a library may include only those below it: " + " < ".join(LAYERS)
SERVICE_REASON = "a service stands on libraries, never on another service"


def layer_offences(path, code):
    parts = path.split("/")
    if parts[0] not in ("libs", "services") or len(parts) < 3 or not re.match(C_FILE, path):
        return
    own = parts[1]
    for number, line in enumerate(code.split("\n"), 1):
        found = INCLUDE.search(line)
        if not found or found[1] == own:
            continue
        target = found[1]
        if parts[0] == "services":
            if target not in LAYERS:
                yield path, number, "layers", SERVICE_REASON
        elif target not in LAYERS or LAYERS.index(target) > LAYERS.index(own):
            yield path, number, "layers", LAYER_REASON


TOKEN = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def blank(text, keep_texts):
    """The same lines without comments and, unless kept, without what stands in quotes."""

    def replaced(found):
        token = found[0]
        if token[0] == "/" or (not keep_texts and token[0] == '"'):
            return "".join("\n" if c == "\n" else " " for c in token)
        return token

    return TOKEN.sub(replaced, text)


def offences(path, text):
    views = {"all": text}
    if re.match(C_FILE, path):
        views["code"], views["texts"] = blank(text, False), blank(text, True)
    else:
        views["code"] = views["texts"] = text
    for rule in RULES:
        yield from rule.offences(path, views)
    yield from layer_offences(path, views["texts"])


SKIPPED = {".git", "build", "__pycache__", ".cache", ".venv"}
READ = re.compile(r".*(\.(c|h|py|sh|txt|cmake|md|avsc|json|yaml|yml|lua)|/run|/install|/broker)$")


def files(folder):
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(names):
            path = os.path.relpath(os.path.join(where, name), folder)
            if READ.match("/" + path):
                yield path


def check(folder):
    seen, bad = 0, 0
    for path in files(folder):
        with open(os.path.join(folder, path), encoding="utf-8", errors="replace") as file:
            text = file.read()
        seen += 1
        lines = text.split("\n")
        for name, number, rule, reason in sorted(set(offences(path, text))):
            bad += 1
            print(f"{name}:{number}: {rule}: {reason}\n    {lines[number - 1].strip()}")
    print(f"tidy: {seen} files, {bad} offences")
    return 1 if bad or seen == 0 else 0


PROOF = [  # path, text, the rule that must find it (None: nothing may)
    ("libs/money/a.c", "double x;", "floating-point"),
    ("libs/engine/a.c", "/* a double row */ int x;", None),
    ("libs/redis/a.c", "double score;", None),
    ("libs/base/a.c", "strcpy(a, b);", "unbounded-copy"),
    ("libs/base/a.c", "snprintf(a, 2, b); vsnprintf(a, 2, b, c);", None),
    ("tests/base/a.c", "sprintf (a, b);", "unbounded-copy"),
    ("libs/ops/a.c", "p = strtok(a, b);", "hidden-state"),
    ("libs/ops/a.c", "n = atoi(a);", "silent-number"),
    ("libs/ops/a.c", "system(a);", "shell"),
    ("libs/ops/a.c", "log->system(a); the_system(b);", None),
    ("libs/ops/a.c", "alloca(n);", "stack"),
    ("libs/ops/a.c", 'setenv("TZ", "UTC", 1);', "time-zone"),
    ("libs/ops/a.c", "localtime_r(&a, &b);", "time-zone"),
    ("libs/ops/a.c", "gmtime_r(&a, &b);", None),
    ("libs/engine/a.c", "time(NULL);", "pure"),
    ("libs/engine/a.c", "at_time(x); row->time(x);", None),
    ("libs/ops/a.c", "time(NULL);", None),
    ("libs/worker/a.c", "#include <librdkafka/rdkafka.h>", "kafka-client"),
    ("libs/kafka/a.c", "#include <librdkafka/rdkafka.h>", None),
    ("libs/worker/a.c", "#include <avro.h>", "avro-client"),
    ("services/x/a.c", "#include <hiredis/hiredis.h>", "redis-client"),
    ("libs/plan/a.c", '#include "engine/rows.h"', "layers"),
    ("libs/plan/a.c", '#include "money/money.h"', None),
    ("libs/engine/a.c", '/* #include "worker/turn.h" */', None),
    ("libs/base/a.c", '#include "services/x.h"', "layers"),
    ("services/crediting/a.c", '#include "incentives/main.h"', "layers"),
    ("services/crediting/a.c", '#include "worker/turn.h"', None),
    ("deploy/quickstart/run", "# TO" + "DO: all of it", "left-for-later"),
    ("libs/base/a.c", "int x; // no", "line-comment"),
    ("libs/base/a.c", 'f("redis://host");', None),
]


def prove():
    wrong = 0
    for path, text, expected in PROOF:
        found = sorted({rule for _, _, rule, _ in offences(path, text)})
        if found != ([expected] if expected else []):
            wrong += 1
            print(f"{path}: {text!r}: expected {expected}, found {found}")
    names = {rule.name for rule in RULES} | {"layers"}
    for name in sorted(names - {expected for _, _, expected in PROOF}):
        wrong += 1
        print(f"rule {name} has no proof")
    print(f"tidy: {len(PROOF)} proofs, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(prove() if sys.argv[1] == "--prove" else check(sys.argv[1]))
