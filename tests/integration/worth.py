"""What a participant has earned, computed from PLAN-LANGUAGE.md alone, slowly and plainly.

This is the judge's own arithmetic: it shares nothing with Milepost's code. Whatever it does not know
it refuses with NotCovered, so that a plan outside its language can never be judged by accident.
"""
import bisect
import datetime
import zoneinfo
from fractions import Fraction


class NotCovered(Exception):
    """The plan or fact uses something that the judge does not know."""


class Pending(Exception):
    """Waits for something that a later fact can bring: earns nothing yet."""



def number(text):
    """A decimal or a share, exactly: `4%` is 1/25."""
    text = text.strip()
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def known(mapping, *names):
    extra = set(mapping) - set(names)
    if extra:
        raise NotCovered(f"keys {sorted(extra)}")
    return mapping


def as_list(value):
    return value if isinstance(value, list) else [value]


def rounded(value, to, mode):
    """`value` to a multiple of `to`; every mode is symmetric about zero."""
    units = abs(value) / to
    whole, rest = divmod(units, 1)
    up = {
        "half-even": rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1),
        "half-up": rest >= Fraction(1, 2),
        "toward-zero": False,
        "away-from-zero": rest > 0,
    }[mode]
    result = (whole + (1 if up else 0)) * to
    return -result if value < 0 else result


# --- windows ---


class Window:
    def __init__(self, name, first, until, parts_of_year):
        self.name, self.first, self.until = name, first, until
        self.parts_of_year = parts_of_year  # an annual figure falls on them in equal parts

    def holds(self, day):
        return self.first <= day < self.until


MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def window_of(over, day, plan, deal_id):
    if over == "deal":
        return Window(f"deal:{deal_id}", day, day + datetime.timedelta(days=1), None)
    if over == "plan":
        return Window("plan", plan.starts, plan.ends, None)
    if over not in MONTHS:
        raise NotCovered(f"over: {over}")
    length = MONTHS[over]
    index = (day.month - 1) // length
    first = datetime.date(day.year, index * length + 1, 1)
    after = index * length + 1 + length
    until = datetime.date(day.year + (after > 12), after - 12 if after > 12 else after, 1)
    name = {
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}-Q{index + 1}",
        "half": f"{day.year:04}-H{index + 1}",
        "year": f"{day.year:04}",
    }[over]
    return Window(name, first, until, 12 // length)


# --- plans ---


class Plan:
    """One version of a plan, as its file says it."""

    def __init__(self, document):
        known(document, "milepost", "plan", "version", "title", "currency", "timezone", "calendar",
              "effective", "rounding", "mid-window", "components")
        self.name, self.version = document["plan"], int(document["version"])
        self.currency = document["currency"]
        self.zone = zoneinfo.ZoneInfo(document["timezone"])
        calendar = document.get("calendar", {"year-starts": "01-01"})
        if calendar != {"year-starts": "01-01"}:
            raise NotCovered(f"calendar: {calendar}")
        self.starts = datetime.date.fromisoformat(document["effective"]["from"])
        self.ends = datetime.date.fromisoformat(document["effective"].get("until", "9999-12-31"))
        self.round_to = Fraction(document["rounding"]["to"])
        self.round_mode = document["rounding"]["mode"]
        if document.get("mid-window", "last") != "last":
            raise NotCovered("mid-window")
        self.components = {name: Component(name, said, self)
                           for name, said in document["components"].items()}

    def is_effective(self, day):
        return self.starts <= day < self.ends


class Component:
    def __init__(self, name, said, plan):
        known(said, "measure", "cancelled", "over", "goal", "pays", "adjust")
        self.name, self.plan = name, plan
        self.measure = known(said["measure"], "of", "sum", "count", "share", "role", "where",
                             "plus", "convert")
        if self.measure["of"] != "deals":
            raise NotCovered(f"of: {self.measure['of']}")
        if self.measure.get("convert", "none") != "none":
            raise NotCovered("convert")
        cancelled = said["cancelled"]
        if (cancelled if isinstance(cancelled, str) else cancelled.get("effect")) != "recompute":
            raise NotCovered(f"cancelled: {cancelled}")
        self.over, self.pays = said["over"], said["pays"]
        self.goal = said.get("goal", "none")
        self.adjust = said.get("adjust", [])
        if self.measure.get("share") == "after" and self.over != "deal":
            raise NotCovered("share: after")

    @property
    def has_goal(self):
        return self.goal != "none"


def governing(versions, window):
    """The version that values a window: the highest effective at its first day, else the first that
    becomes effective in it, else None."""
    effective = [plan for plan in versions if plan.is_effective(window.first)]
    if effective:
        return max(effective, key=lambda plan: plan.version)
    later = [plan for plan in versions if window.holds(plan.starts)]
    return min(later, key=lambda plan: (plan.starts, -plan.version)) if later else None


# --- rows and what of them a component counts ---


class Row:
    """One participant's part in one deal: the deal as its highest revision has it, role, share."""

    __slots__ = ("deal", "role", "share")

    def __init__(self, deal, role, share):
        self.deal, self.role, self.share = deal, role, share


LINE_FIELDS = ("product", "category")
DEAL_FIELDS = {"territory": "territory", "customer": "customer_id", "deal-type": "deal_type"}
COMPARISONS = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, "<": lambda a, b: a < b, "=": lambda a, b: a == b,
}


def fits(value, wanted):
    """A value, a list, or a comparison (`>= 10`)."""
    if value is None:
        return False
    for one in as_list(wanted):
        sign, _, rest = one.partition(" ")
        if sign in COMPARISONS and rest:
            if not isinstance(value, str) and COMPARISONS[sign](value, number(rest)):
                return True
        elif isinstance(value, str):
            if value == one:
                return True
        elif value == number(one):
            return True
    return False


def line_fits(line, where):
    if "category" in where:
        raise NotCovered("category")
    return "product" not in where or fits(line["product"], where["product"])


def deal_fits(deal, where):
    for key, wanted in where.items():
        if key in LINE_FIELDS:
            continue
        if key.startswith("attribute."):
            value = deal["attributes"].get(key[len("attribute."):])
        elif key in DEAL_FIELDS:
            value = deal[DEAL_FIELDS[key]]
        else:
            raise NotCovered(f"where: {key}")
        if not fits(value, wanted):
            return False
    return True


def parts(deal, where):
    """What of the deal counts: [the deal] or its matching lines; empty when it does not fit."""
    if not deal_fits(deal, where):
        return []
    if any(key in LINE_FIELDS for key in where):
        return [line for line in deal["lines"] if line_fits(line, where)]
    return [deal]


def figure(part, what):
    if what == "amount":
        return part["amount"]
    value = part["quantity"] if what == "quantity" else part["amounts"].get(what[len("amount."):])
    if value is None:
        raise NotCovered(f"a deal without {what}")
    return value


class Counted:
    """The rows that a component counts in one window, and what they add up to."""

    def __init__(self, component, rows):
        self.component, self.rows = component, []
        measure = component.measure
        self.where = measure.get("where", {})
        self.is_after = measure.get("share") == "after"
        roles = as_list(measure["role"]) if "role" in measure else None
        for row in rows:
            if row.deal["currency"] != component.plan.currency:
                continue  # waits as currency-differs
            if roles is None or row.role in roles:
                found = parts(row.deal, self.where)
                if found:
                    self.rows.append((row, found))
        self.total = self.sum(measure["sum"]) + number(measure.get("plus", "0"))

    def sum(self, what):
        if what == "count":
            return self.count()
        if not (what in ("amount", "quantity") or what.startswith("amount.")):
            raise NotCovered(f"sum: {what}")
        if self.is_after:
            deals = {row.deal["deal_id"]: found for row, found in self.rows}
            return sum((figure(part, what) for found in deals.values() for part in found),
                       Fraction(0))
        total = Fraction(0)
        for row, found in self.rows:
            value = figure(found[0], what) if len(found) == 1 else sum(
                figure(part, what) for part in found)
            total += row.share * value
        return total

    def count(self):
        if self.component.measure["count"] == "credited" or self.is_after:
            return Fraction(len({row.deal["deal_id"] for row, _ in self.rows}))
        return sum((row.share for row, _ in self.rows), Fraction(0))


# --- goals ---


def spread(said, window):
    """A figure of the roster for one window: annual, per window, or by window id; else None."""
    if said is None:
        return None
    if window.name in said.get("by_window", {}):
        return said["by_window"][window.name]
    if said.get("window") is not None:
        return said["window"]
    if said.get("annual") is None:
        return None
    if said.get("weights"):
        raise NotCovered("weights")
    if window.parts_of_year is None:
        raise NotCovered("an annual figure over a plan or deal")
    return said["annual"] / window.parts_of_year


def goal_of(component, assignment, window):
    said = component.goal
    if said == "none":
        return None
    if "fixed" in said:
        return number(said["fixed"])
    known(said, "from", "attainment", "direction", "zero", "prorate")
    if said.get("from") != "roster" or said.get("prorate", "none") != "none":
        raise NotCovered(f"goal: {said}")
    goal = spread(assignment["goals"].get(component.name), window)
    if goal is None:
        raise Pending("goal-missing")
    if goal == 0:
        raise NotCovered("a goal of zero")
    return goal


def attainment_of(component, total, goal):
    if goal is None:
        return None
    said = component.goal
    if said.get("direction", "higher") == "lower":
        if total == 0:
            raise NotCovered("an actual of zero where lower is better")
        exact = goal / total
    else:
        exact = total / goal
    precision = said.get("attainment", "exact")
    if precision == "exact":
        return exact
    percents = exact * 100
    if precision == "whole-percent-nearest":
        percents += Fraction(1, 2)
    elif precision != "whole-percent-down":
        raise NotCovered(f"attainment: {precision}")
    return Fraction(percents // 1, 100)


# --- mechanics ---


def pay_rate(said, case):
    if "rate" in said:
        return number(said["rate"]) * case.total
    total, match = Fraction(0), said["match"]
    for row, found in case.counted.rows:
        lines = [line for line in row.deal["lines"] if line_fits(line, case.counted.where)]
        for part in lines or found:
            share = Fraction(1) if case.counted.is_after else row.share
            total += share * figure(part, case.component.measure["sum"]) * picked(
                said["rates"], row.deal, part, match)
    return total


def picked(rates, deal, part, match):
    found = []
    for one in rates:
        if "else" in one:
            if not found:
                found.append(number(one["else"]))
            continue
        when = one["when"]
        is_line = part is not deal
        if deal_fits(deal, when) and (
                line_fits(part, when) if is_line else not set(when) & set(LINE_FIELDS)):
            found.append(number(one["give"]))
    if not found:
        return Fraction(0)
    return {"first": found[0], "highest": max(found), "all": sum(found)}[match]


def pay_unit(said, case):
    known(said, "unit", "after")
    if "after" not in said:
        return number(said["unit"]) * case.total
    return number(said["unit"]) * max(Fraction(0), case.total - number(said["after"]))


class Tiers:
    def __init__(self, said, case):
        known(said, "on", "method", "boundary", "gives", "table", "negative", "units-of")
        self.said, self.case = said, case
        self.edges = [number(row["from"]) for row in said["table"]]
        self.gives = [number(row["give"]) if "give" in row else None for row in said["table"]]
        self.retroactive = [row.get("retroactive") == "true" for row in said["table"]]
        if said["on"] == "amount":
            self.x, self.scale = case.total, Fraction(1)
        elif said["on"] == "attainment":
            self.x, self.scale = case.attainment, case.goal
        else:
            raise NotCovered(f"on: {said['on']}")

    def reached(self):
        """The index of the tier that x is in; -1 below the first edge."""
        if self.x < self.edges[0]:
            return -1
        if self.said["boundary"] == "higher":
            return bisect.bisect_right(self.edges, self.x) - 1
        return max(0, bisect.bisect_left(self.edges, self.x) - 1)

    def part(self, index):
        """How much of x lies within tier `index`."""
        low = self.edges[index]
        high = self.edges[index + 1] if index + 1 < len(self.edges) else None
        top = self.x if high is None else min(self.x, high)
        return max(Fraction(0), top - low)

    def units(self):
        if self.said.get("units-of") == "quantity":
            return self.case.counted.sum("quantity")
        return self.case.total

    def base(self):
        """What a rate or unit of this table multiplies: X, or the units."""
        return self.units() if self.said["gives"] == "unit" else self.case.total

    def worth(self, given):
        return given * self.case.target if self.said["gives"] == "percent-of-target" else given

    def pay(self):
        gives, method = self.said["gives"], self.said["method"]
        if gives not in ("rate", "unit", "amount", "percent-of-target"):
            raise NotCovered(f"gives: {gives}")
        if self.x < 0 and self.said.get("negative") == "first-tier":
            return self.gives[0] * self.base()
        reached = self.reached()
        if reached < 0:
            return Fraction(0)
        return {"marginal": self.marginal, "whole": self.whole,
                "interpolated": self.interpolated}[method](reached)

    def whole(self, reached):
        if self.said["gives"] in ("rate", "unit"):
            return self.gives[reached] * self.base()
        return self.worth(self.gives[reached])

    def marginal(self, reached):
        gives = list(self.gives)
        for index in range(reached + 1):
            if self.retroactive[index]:
                gives[:index] = [gives[index]] * index
        if self.said["gives"] in ("amount", "percent-of-target"):
            return self.worth(sum(gives[:reached + 1]))
        slices = sum(gives[index] * self.part(index) for index in range(reached + 1)) * self.scale
        if self.said["gives"] == "rate" or "units-of" not in self.said \
                or self.case.component.measure["sum"] in ("quantity", "count"):
            return slices
        return slices * self.units() / self.case.total if self.case.total else Fraction(0)

    def interpolated(self, reached):
        last = len(self.edges) - 1
        full = min(reached, last)
        given = sum(self.gives[:full], Fraction(0))
        if reached < last:
            given += self.gives[reached] * self.part(reached) / (
                self.edges[reached + 1] - self.edges[reached])
        if self.said["gives"] == "rate":
            return given * self.case.total
        if self.said["gives"] == "unit":
            raise NotCovered("interpolated units")
        return self.worth(given)


def pay_tiers(said, case):
    return Tiers(said["tiers"], case).pay()


def pay_curve(said, case):
    curve = known(said["curve"], "on", "gives", "points", "below", "above", "boundary")
    points = [(number(x), number(y)) for x, y in curve["points"]]
    if curve["on"] not in ("attainment", "amount"):
        raise NotCovered(f"on: {curve['on']}")
    x = case.attainment if curve["on"] == "attainment" else case.total
    given = height(points, x, curve)
    return {
        "percent-of-target": lambda: given * case.target,
        "rate": lambda: given * case.total,
        "amount": lambda: given,
    }[curve["gives"]]()


def height(points, x, curve):
    if x < points[0][0]:
        return points[0][1] if curve["below"] == "flat" else Fraction(0)
    here = [y for at, y in points if at == x]
    if here:
        return here[-1] if curve.get("boundary", "higher") == "higher" else here[0]
    if x > points[-1][0]:
        if curve["above"] == "flat":
            return points[-1][1]
        return points[-1][1] + number(curve["above"]["slope"]) * (x - points[-1][0])
    right = next(index for index, (at, _) in enumerate(points) if at > x)
    (x0, y0), (x1, y1) = points[right - 1], points[right]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


MECHANICS = {"rate": pay_rate, "rates": pay_rate, "unit": pay_unit, "tiers": pay_tiers,
             "curve": pay_curve}


# --- one window ---


class Result:
    """What one key is worth: earned, and what attainment shows beside it."""

    def __init__(self, plan, pending=None, measure=None, goal=None, attainment=None,
                 earned=Fraction(0)):
        self.plan_version, self.currency, self.pending = plan.version, plan.currency, pending
        self.measure, self.goal, self.attainment, self.earned = measure, goal, attainment, earned


class Case:
    """One (participant, plan version, component, window), with its rows."""

    def __init__(self, component, window, assignment, rows):
        self.component, self.window = component, window
        self.counted = Counted(component, rows)
        self.total = self.counted.total
        self.assignment = assignment
        self.goal = goal_of(component, assignment, window)
        self.attainment = attainment_of(component, self.total, self.goal)

    @property
    def target(self):
        targets = self.assignment["targets"]
        target = spread(targets.get(self.component.name, targets.get("")), self.window)
        if target is None:
            raise Pending("target-missing")
        return target

    def limit(self, text):
        share, of, _ = text.partition(" of target")
        return number(share) * self.target if of else number(text)

    def adjusted(self, pay):
        per = "deal" if self.component.over == "deal" else "window"
        for step in self.component.adjust:
            (name, said), = step.items()
            if name not in ("cap", "floor") or said.get("per", per) not in (per, "window"):
                raise NotCovered(f"adjust: {step}")
            known(said, "at", "per")
            pay = (min if name == "cap" else max)(pay, self.limit(said["at"]))
        return pay

    def earned(self):
        pays = self.component.pays
        if pays == "nothing":
            return Fraction(0)
        name = next((key for key in pays if key in MECHANICS), None)
        if name is None:
            raise NotCovered(f"pays: {pays}")
        pay = MECHANICS[name](pays, self)
        if self.counted.is_after:
            pay *= sum(row.share for row, _ in self.counted.rows)
        plan = self.component.plan
        return rounded(self.adjusted(pay), plan.round_to, plan.round_mode)

    def result(self):
        return Result(self.component.plan, None, self.total, self.goal, self.attainment,
                      self.earned())


def assigned(assignments, plan_name):
    """Periods of one participant's assignments to one plan, by their first day."""
    return sorted((one for one in assignments if one["plan"] == plan_name),
                  key=lambda one: one["from"])


def holds(assignment, day):
    return assignment["from"] <= day and (assignment["until"] is None or day < assignment["until"])


def last_in(periods, window):
    """The last of the window, which gives goal and target (`mid-window: last`)."""
    touching = [one for one in periods if one["from"] < window.until
                and (one["until"] is None or one["until"] > window.first)]
    return touching[-1] if touching else None


def valued(rows, assignments, plans):
    """{(plan, component, window): Result} of one participant with `rows`, `assignments` and all
    published versions of `plans` ({name: [Plan]}). Windows without a row are left out."""
    cases = {}
    for plan_name, versions in plans.items():
        periods = assigned(assignments, plan_name)
        if not periods:
            continue
        for plan in versions:
            buckets = bucketed(rows, periods, plan, versions)
            for (name, _), (window, found) in buckets.items():
                try:
                    case = Case(plan.components[name], window, last_in(periods, window), found)
                    if not case.counted.rows and case.component.over == "deal":
                        continue
                    cases[plan_name, name, window.name] = case.result()
                except Pending as pending:
                    cases[plan_name, name, window.name] = Result(plan, str(pending))
    return cases


def bucketed(rows, periods, plan, versions):
    buckets = {}
    governs = {}
    overs = {name: component.over for name, component in plan.components.items()}
    for row in rows:
        day = row.deal["closed_at"].astimezone(plan.zone).date()
        if not any(holds(period, day) for period in periods):
            continue
        windows = {}
        for name, over in overs.items():
            window = windows.get(over)
            if window is None:
                window = windows[over] = window_of(over, day, plan, row.deal["deal_id"])
            key = (over, window.name)
            if key not in governs:
                governs[key] = governing(versions, window) is plan
            if governs[key]:
                buckets.setdefault((name, window.name), (window, []))[1].append(row)
    return buckets


# --- crediting ---

TOLERANCE = Fraction(1, 10000)


def splits_hold(deal, splits):
    """Whether the deal's shares keep every rule of `crediting: splits`."""
    for role, rule in splits.items():
        total = sum((one["share"] for one in deal["participants"] if one["role"] == role),
                    Fraction(0))
        if rule == "any":
            continue
        kind, _, limit = rule.rpartition(" ")
        over = total - number(limit)
        if kind == "exactly" and abs(over) > TOLERANCE:
            return False
        if kind == "at most" and over > TOLERANCE:
            return False
        if kind not in ("exactly", "at most"):
            raise NotCovered(f"splits: {rule}")
    return True


def lines_hold(deal):
    return not deal["lines"] or sum(line["amount"] for line in deal["lines"]) == deal["amount"]


def credited(deals, splits):
    """{participant: [Row]} of the deals that count: closed, not cancelled, no rule broken."""
    books = {}
    for deal in deals:
        if deal["status"] != "CLOSED" or not lines_hold(deal) or not splits_hold(deal, splits):
            continue
        for one in deal["participants"]:
            books.setdefault(one["participant"], []).append(Row(deal, one["role"], one["share"]))
    return books
