#!/usr/bin/env python3
"""`milepost plan chart` as its user meets it: pictures whose points are what the plan pays. Expected
points are worked out by hand from the plans' lines."""
import fcntl
import json
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
import xml.etree.ElementTree as ET

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLE = os.path.join(TOP, "deploy", "quickstart", "example")
EXAMPLES = os.path.join(TOP, "deploy", "examples")
PICTURE = os.path.join(EXAMPLE, "payout-curve.svg")
SVG = "{http://www.w3.org/2000/svg}"
MILEPOST = None  # the program under test, from the command line

PLAN = """milepost: 1
plan: sales
version: 1
title: Sales <& more>
currency: USD
timezone: UTC
calendar: {year-starts: 01-01}
effective: {from: 2026-01-01, until: 2027-01-01}
rounding: {to: 0.01, mode: half-even}
mid-window: last
components:
  main:
    measure: {of: deals, sum: %s}
    cancelled: {effect: recompute}
    over: quarter
    pays:
      %s
"""
TIERS = ("tiers: {on: amount, method: whole, boundary: %s, gives: amount, negative: nothing, "
         "table: [{from: 0, give: 100}, {from: 1000, give: 500}]}")


def run(*arguments, locale="C.UTF-8", out=subprocess.PIPE):
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith("MILEPOST_")}
    environment.update(MILEPOST_SCHEMAS_FOLDER=os.path.join(TOP, "schemas"), LC_ALL=locale)
    return subprocess.run([MILEPOST, "plan", "chart", *arguments], env=environment,
                          stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, text=True,
                          timeout=600)


def value(text):
    """A tick's text as a number."""
    number = float(text.replace(",", "").replace(" %", ""))
    return number / 100 if text.endswith("%") else number


class Picture:
    """What can be read off an SVG: its ticks say which place is which value."""

    def __init__(self, text):
        self.text = text
        self.root = ET.fromstring(text)
        ticks = [one for one in self.root.iter(SVG + "text") if one.get("class") == "small soft" and
                 re.fullmatch(r"-?[\d,.]+( %)?", one.text or "")]
        self.x = self.scale([(float(one.get("x")), value(one.text)) for one in ticks
                             if one.get("text-anchor") == "middle"])
        self.y = self.scale([(float(one.get("y")) - 4, value(one.text)) for one in ticks
                             if one.get("text-anchor") == "end"])

    @staticmethod
    def scale(places):
        (p0, v0), (p1, v1) = places[0], places[-1]
        return lambda place: v0 + (place - p0) / (p1 - p0) * (v1 - v0)

    def lines(self, series=0):
        """Of each unbroken line its corners, in the figures of the axes."""
        path = [one for one in self.root.iter(SVG + "path")
                if one.get("class") == f"line s{series}"][0].get("d")
        return [[(self.x(float(a)), self.y(float(b))) for a, b in
                 (pair.split(" ") for pair in re.split("[ML]", line) if pair)]
                for line in re.findall(r"M[^M]*", path)]

    def ends(self, which):
        return sorted((self.x(float(one.get("cx"))), self.y(float(one.get("cy"))))
                      for one in self.root.iter(SVG + "circle")
                      if one.get("class").startswith(which))


class Case(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)

    def file(self, name, text):
        path = os.path.join(self.holder.name, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def draw(self, plan, *more):
        out = os.path.join(self.holder.name, "out.svg")
        result = run(plan, "--svg", out, *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(out, encoding="utf-8") as file:
            return Picture(file.read())

    def near(self, found, expected):
        """Within a pixel or two of a plot of 300."""
        self.assertEqual(len(found), len(expected), found)
        reach = max(abs(y) for _, y in expected) or 1
        width = max(abs(x) for x, _ in expected) or 1
        for (x, y), (wanted_x, wanted_y) in zip(found, expected):
            self.assertTrue(math.isclose(x, wanted_x, abs_tol=width / 200) and
                            math.isclose(y, wanted_y, abs_tol=reach / 200),
                            f"({x}, {y}) is not ({wanted_x}, {wanted_y})")


class Svg(Case):
    def test_a_curve_has_its_corners_and_nothing_else(self):
        picture = self.draw(os.path.join(EXAMPLE, "plan.yaml"))
        (line,) = picture.lines()
        self.near(line, [(0, 0), (0.5, 0), (1, 1), (1.5, 3), (2, 3.5)])

    def test_a_jump_breaks_the_line_and_its_paid_end_is_filled(self):
        for boundary, filled, empty in (("higher", 500, 100), ("lower", 100, 500)):
            plan = self.file("plan.yaml", PLAN % ("amount", TIERS % boundary))
            picture = self.draw(plan)
            low, high = picture.lines()
            self.near(low, [(0, 100), (1000, 100)])
            self.near(high, [(1000, 500), (2000, 500)])
            self.near(picture.ends("held"), [(1000, filled)])
            self.near(picture.ends("open"), [(1000, empty)])

    def test_a_ladder_has_a_line_for_each_deadline(self):
        picture = self.draw(os.path.join(EXAMPLES, "cobrief-contract", "plan.yaml"))
        # 1,000 at 100,000; 1 % at 250,000; 5,000 at 500,000, each by its own day
        self.near([line[0] for line in picture.lines(0)],
                  [(0, 0), (100000, 1000), (250000, 3500), (500000, 11000)])
        self.near([line[0] for line in picture.lines(1)],
                  [(0, 0), (250000, 2500), (500000, 10000)])
        self.near([line[0] for line in picture.lines(2)], [(0, 0), (500000, 5000)])
        for name in ("first", "second", "third", "all by 31 January 2026"):
            self.assertIn(f">{name}<", picture.text)

    def test_it_is_a_document_that_stands_alone(self):
        picture = self.draw(self.file("plan.yaml", PLAN % ("amount", TIERS % "higher")))
        self.assertEqual(picture.root.find(SVG + "title").text, "Sales <& more>")
        self.assertIn("main: pays (USD) over amount (USD)", picture.root.find(SVG + "desc").text)
        self.assertEqual(picture.root.get("role"), "img")
        self.assertIn("@media (prefers-color-scheme:dark)", picture.text)
        self.assertNotRegex(picture.text, r"href|<script|<image|url\(|nan|inf\b")
        _, _, width, height = map(float, picture.root.get("viewBox").split())
        for one in picture.root.iter(SVG + "text"):
            self.assertTrue(0 <= float(one.get("x")) <= width and
                            0 <= float(one.get("y")) <= height, one.text)

    def test_a_long_name_is_cut_between_its_characters(self):
        with open(os.path.join(EXAMPLE, "roster.yaml"), encoding="utf-8") as file:
            people = file.read()
        for name, shown in (("n" * 29 + "üü", "n" * 29 + "ü"), ("ü" * 31, "ü" * 30),
                            ("ü" * 30, "ü" * 30), ("🎯" * 31, "🎯" * 30)):
            roster = self.file("roster.yaml", people.replace("Gus Hooper", name))
            more = ["--roster" if one == PICTURE_OF[3] else roster if one == PICTURE_OF[4] else one
                    for one in PICTURE_OF[1:]]
            self.assertIn(f">{shown}: 130 %", self.draw(PICTURE_OF[0], *more).text)

    def test_every_example_that_can_be_drawn_is_well_formed(self):
        drawn = 0
        for name in sorted(os.listdir(EXAMPLES)):
            folder = os.path.join(EXAMPLES, name)
            if not os.path.isdir(folder):
                continue
            for plan in sorted(one for one in os.listdir(folder) if one.startswith("plan")):
                out = os.path.join(self.holder.name, "out.svg")
                control = os.path.join(folder, "control.yaml")
                more = ["--control", control] if os.path.isfile(control) else []
                result = run(os.path.join(folder, plan), "--svg", out, *more)
                self.assertIn(result.returncode, (0, 1), (plan, result.stderr))
                if result.returncode == 0:
                    ET.parse(out)
                    drawn += 1
        self.assertGreater(drawn, 20)

    def test_the_picture_of_the_readme_is_true(self):
        """To draw it anew: chart_test.py MILEPOST --write."""
        drawn = self.draw(*PICTURE_OF)
        with open(PICTURE, encoding="utf-8") as file:
            self.assertEqual(file.read(), drawn.text)
        (place,) = drawn.ends("you")
        self.near([place], [(1.3, 22000)])


PICTURE_OF = (os.path.join(EXAMPLE, "plan.yaml"), "--participant", "person:gus",
              "--roster", os.path.join(EXAMPLE, "roster.yaml"),
              "--control", os.path.join(EXAMPLE, "crediting.yaml"),
              "--events", os.path.join(EXAMPLE, "deals.jsonl"))


class Terminal(Case):
    def test_it_fits_eighty_columns_without_colour(self):
        for name in ("cobrief-contract", "palette-project-phases", "performio-rebates"):
            for locale in ("C.UTF-8", "C"):
                result = run(os.path.join(EXAMPLES, name, "plan.yaml"), locale=locale)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertNotIn("\033", result.stdout)
                for line in result.stdout.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_bars_have_room_on_the_narrowest_terminal(self):
        mine, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
        with open(mine, encoding="utf-8", errors="strict") as shown:
            result = run(os.path.join(EXAMPLES, "palette-project-phases", "plan.yaml"), out=theirs)
            os.close(theirs)
            self.assertEqual(result.returncode, 0, result.stderr)
            bars = {}
            try:
                for line in shown:
                    if "│" in line:
                        name, bar = re.sub("\033\\[[0-9]*m", "", line.rstrip("\n")).split("│")
                        self.assertLessEqual(len(name) + 1 + len(bar), 40, line)
                        bars[name.split()[0].rstrip(",…")] = bar.count("█")
            except OSError:  # how a terminal ends whose other side is closed
                pass
        # 8,000, 20,000 and 12,000 of 40,000 on ten columns
        self.assertEqual(bars, {"design": 2, "build": 5, "launch": 3})

    def test_it_is_plain_where_the_locale_is(self):
        plan = os.path.join(EXAMPLE, "plan.yaml")
        self.assertTrue(run(plan, locale="C").stdout.isascii())
        self.assertFalse(run(plan).stdout.isascii())

    def test_a_long_name_of_a_bar_is_cut_between_its_characters(self):
        rates = "{rates: [{when: {territory: %s}, give: 2%%}, {else: 1%%}], match: first}"
        plan = self.file("plan.yaml", (PLAN % ("amount", "RATES")).replace(
            "pays:\n      RATES", "pays: " + rates % ("x" + "ü" * 40)))
        self.assertIn("ü…", run(plan).stdout)
        self.assertTrue(run(plan, locale="C").stdout.replace("ü", "u").isascii())

    def test_points_are_told_to_programs(self):
        result = run(*PICTURE_OF, "--json")
        chart = json.loads(result.stdout)
        points = {round(x, 4): y for x, y in chart["series"][0]["points"]}
        # PR4: 75 → 50, 100 → 100, 125 → 200, 150 → 300, 200 → 350
        self.assertEqual([points[x] for x in (0.5, 0.75, 1, 1.25, 1.5, 2)],
                         [0, 5000, 10000, 20000, 30000, 35000])
        self.assertEqual(chart["place"], [1.3, 22000])

    def test_what_cannot_be_drawn_is_said(self):
        plan = self.file("plan.yaml", PLAN.replace("%s\n", "nothing\n").replace(
            "pays:\n      ", "pays: ").replace("sum: %s", "sum: amount"))
        result = run(plan)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("plan explain", result.stderr)

    def test_mistakes_of_the_command_line_are_usage(self):
        plan = os.path.join(EXAMPLE, "plan.yaml")
        for arguments in ([], [plan, plan], [plan, "--participant", "person:ann"],
                          [plan, "--events", "x"], [plan, "--nonsense"]):
            self.assertEqual(run(*arguments).returncode, 2, arguments)
        for arguments, word in (
                ([plan, "--component", "x"], "revenue"),
                ([plan, "--participant", "ann", "--roster", os.path.join(EXAMPLE, "roster.yaml")],
                 "person:"), (["no-such-file"], "no-such-file"), ([plan, "--window", "x"], "2026-Q1")):
            result = run(*arguments)
            self.assertEqual(result.returncode, 1, arguments)
            self.assertIn(word, result.stderr)


if __name__ == "__main__":
    MILEPOST = sys.argv.pop(1)
    if sys.argv[1:] == ["--write"]:
        sys.exit(run(*PICTURE_OF, "--svg", PICTURE).returncode)
    unittest.main()
