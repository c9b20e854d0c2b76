"""What the input topics say at the end: the judge's reading of deals, roster and control."""
from decimal import Decimal
from fractions import Fraction

import yaml

from kafka_reader import partition_count, read
from wire import partition_of, topic
from worth import Plan

PLACES = {"USD": 2, "EUR": 2, "GBP": 2, "CHF": 2, "JPY": 0}  # currencies that the tests use


def exact(value):
    """Decimals as fractions, through lists and maps."""
    if isinstance(value, Decimal):
        return Fraction(value)
    if isinstance(value, dict):
        return {name: exact(one) for name, one in value.items()}
    if isinstance(value, list):
        return [exact(one) for one in value]
    return value


class Facts:
    """Deals as their books have them, plans, rosters; and what in the topics has no place there.

    `refused` are the places (topic, partition, offset) that are expected to end as dead letters.
    """

    def __init__(self, servers, prefix, schemas, refused):
        self.servers, self.prefix, self.schemas = servers, prefix, schemas
        self.partitions = partition_count(servers, topic(prefix, "deals"))
        self.refused, self.findings = refused, []
        self.deals, self.deal_records, self.duplicates = {}, 0, 0
        self.assignments, self.unpaid = {}, set()
        self.plans, self.splits, self.settings = {}, {}, {}
        self.read_deals()
        self.read_roster()
        self.read_control()

    def messages(self, name):
        return read(self.servers, topic(self.prefix, name))

    def read_deals(self):
        newest = {}
        for message in self.messages("deals"):
            self.deal_records += 1
            place = ("deals", message.partition(), message.offset())
            if place in self.refused:
                continue
            deal = self.schemas.decode("deal", message.value())
            deal.pop("event_id")
            self.check_place(deal, message)
            before = newest.get(deal["deal_id"])
            if before is None or before["revision"] < deal["revision"]:
                newest[deal["deal_id"]] = deal
            elif before["revision"] == deal["revision"]:
                if before == deal:
                    self.duplicates += 1
                else:
                    self.findings.append(f"{place}: a conflict that was not expected")
        self.deals = {name: exact(deal) for name, deal in newest.items()}

    def check_place(self, deal, message):
        """A fact the judge would have to refuse must have been expected, else it judges nothing."""
        place = f"deals/{message.partition()}/{message.offset()}"
        if (message.key() or b"").decode() != deal["deal_id"] or deal["revision"] < 0:
            self.findings.append(f"{place}: a wrong key or revision that was not expected")
        if partition_of(deal["deal_id"], self.partitions) != message.partition():
            self.findings.append(f"{place}: a wrong partition that was not expected")
        places = PLACES.get(deal["currency"])
        if places is None or deal["amount"] != round(deal["amount"], places):
            self.findings.append(f"{place}: an amount the judge does not know")

    def read_roster(self):
        newest = {}
        for message in self.messages("roster"):
            if message.value() is not None:
                record = self.schemas.decode("roster", message.value())
                newest[record["participant"], record["aspect"]] = record
        for (participant, aspect), record in newest.items():
            if aspect == "assignments":
                self.assignments[participant] = [self.assignment(one)
                                                 for one in record["assignments"]]
            if aspect == "profile" and record["is_unpaid"]:
                self.unpaid.add(participant)

    @staticmethod
    def assignment(one):
        one = exact(one)
        for name in ("goals", "targets", "baselines"):
            one[name] = {figure["component"]: figure for figure in one[name]}
        return one

    def read_control(self):
        newest, copies = {}, {}
        for message in self.messages("control"):
            if message.value() is None:
                continue
            record = self.schemas.decode("control", message.value())
            key = (record["kind"], record["id"], record["version"])
            newest[key] = record
            copies.setdefault(key, set()).add(message.partition())
        self.check_copies(copies)
        crediting = []
        for (kind, name, version), record in sorted(newest.items()):
            if kind == "plan":
                plan = Plan(yaml.load(record["document"], Loader=yaml.BaseLoader))
                if (plan.name, plan.version) != (name, version):
                    self.findings.append(f"control {name}/{version} holds another plan")
                self.plans.setdefault(plan.name, []).append(plan)
            elif kind == "crediting":
                crediting.append((version, record["document"]))
            elif kind == "topics":
                self.settings.update(record["settings"])
        if crediting:
            said = yaml.load(max(crediting)[1], Loader=yaml.BaseLoader) or {}
            self.splits = said.get("crediting", said).get("splits", {})

    def check_copies(self, copies):
        """Every control record stands in every partition: they are written in one transaction."""
        everywhere = set().union(*copies.values()) if copies else set()
        for key, where in copies.items():
            if where != everywhere:
                self.findings.append(f"control {key} is missing in {sorted(everywhere - where)}")
