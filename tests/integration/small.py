"""A small world for scenarios: two people, one plan that pays 10 % of each quarter's deals, and deals
as an independent producer writes them."""
import datetime
import os
import sys
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                                "support"))

import judge
from scene import Scene

PLAN = """milepost: 1
plan: sales
version: {version}
title: Sales 2026
currency: USD
timezone: America/New_York
calendar: {{year-starts: 01-01}}
effective: {{from: 2026-01-01, until: 2027-01-01}}
rounding: {{to: 0.01, mode: half-even}}
mid-window: last
components:
  commission:
    measure: {{of: deals, sum: amount}}
    cancelled: {{effect: recompute}}
    over: quarter
    pays: {{rate: {rate}}}
"""
PAY_GROUPS = "pay-groups: {us-monthly: {periods: month, timezone: America/New_York}}\n"
PERSON = """  - participant: person:{name}
    pay: {{group: us-monthly, currency: USD}}
    employed: [{{from: 2026-01-01}}]
    assignments:
      - plan: sales
        from: 2026-01-01
"""
CONTROL = """crediting:
  splits: {owner: exactly 100%, overlay: any}
  remainder: largest-share
"""
CLOSED = datetime.datetime(2026, 2, 3, 10, tzinfo=datetime.timezone.utc)


def plan(rate="10%", version=1):
    return PLAN.format(rate=rate, version=version)


def roster(*names):
    return PAY_GROUPS + "participants:\n" + "".join(PERSON.format(name=name) for name in names)


def deal(deal_id, amount, revision=0, shares=(("jo", "owner", "1"),), **more):
    return {
        "event_id": f"E-{deal_id}-{revision}", "deal_id": deal_id, "revision": revision,
        "status": "CLOSED", "closed_at": CLOSED, "currency": "USD", "amount": Decimal(amount),
        "participants": [{"participant": f"person:{name}", "role": role, "share": Decimal(share)}
                         for name, role, share in shares], **more}


def line(line_id, amount, product="core"):
    return {"line_id": line_id, "product": product, "amount": Decimal(amount)}


class World(Scene):
    """A scene with topics, the small plan and its people applied, and both services running."""

    def __init__(self, name, people=("jo", "kim"), applied=True, settings=None, **more):
        super().__init__(name, **more)
        self.create_topics()
        if applied:
            self.apply(self.file("control.yaml", CONTROL), self.file("plan.yaml", plan()),
                       self.file("roster.yaml", roster(*people)))
        self.crediting = self.service("crediting", "c1", **(settings or {})).start()
        self.incentives = self.service("incentives", "i1", **(settings or {})).start()
        if applied:
            self.until("plan and roster to be read", self.has_read_what_was_applied)

    def has_read_what_was_applied(self):
        """Deals that come before their plan are paid all the same, but then the plan is the cause."""
        return not any(self.left(service, name) for service, name in [
            ("crediting", "control"), ("incentives", "control"), ("incentives", "roster")])

    def left(self, service, name):
        """How many records of the topic the service has yet to read."""
        return judge.left_to_read(self.servers, judge.group_name(self.prefix, service),
                                  self.topic(name))

    def send(self, one, **more):
        return self.fact("deals", one["deal_id"], one, **more)

    def paid(self):
        """{participant: sum of earned_delta} of what is not zero."""
        sums = {}
        for payout in self.records("payouts"):
            name = payout["participant"].removeprefix("person:")
            sums[name] = sums.get(name, 0) + payout["earned_delta"]
        return {name: str(value.normalize()) for name, value in sums.items() if value}

    def until_is(self, wanted, what, now):
        """Until `now()` is what is wanted; when it does not come to that, says what it is."""
        try:
            self.until(f"{what} of {wanted}", lambda: now() == wanted)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{what}: {now()}") from None

    def until_paid(self, **expected):
        self.until_is(expected, "payouts", self.paid)

    def end(self):
        """Stops the services in order."""
        for program in self.programs:
            if program.is_running():
                code = program.stop()
                assert code == 0, f"{program.name} ended with {code}:\n{program.tail()}"
