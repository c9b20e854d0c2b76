#!/usr/bin/env python3
"""What `milepost tail --json` prints: a record's own fields, however its bytes are arranged."""
import json
import unittest

from small import World, deal


class Tail(unittest.TestCase):
    def test_a_credit_is_shown_with_the_fields_that_it_has_and_its_whole_cause(self):
        world = World("tail", people=("jo",), partitions=1)
        _, _, offset = world.send(deal("D-1", "100"))
        world.until_paid(jo="1E+1")
        shown = world.cli("tail", "credits", "--from-start", "--json").stdout.splitlines()
        credit, = [json.loads(one) for one in shown]
        self.assertNotIn("body", credit)
        self.assertEqual(
            {name: credit[name] for name in ("target", "book", "kind", "role", "share", "status",
                                             "currency", "amount", "waits", "closed_at", "level")},
            {"target": "person:jo", "book": "deal:D-1", "kind": "DEAL", "role": "owner",
             "share": "1", "status": "CLOSED", "currency": "USD", "amount": "100", "waits": None,
             "closed_at": "2026-02-03T10:00:00Z", "level": None})
        self.assertEqual(
            {name: credit["cause"][name] for name in ("event_id", "deal_id", "topic", "offset")},
            {"event_id": "E-D-1-0", "deal_id": "D-1", "topic": "deals", "offset": offset})
        world.end()
        world.close()


if __name__ == "__main__":
    unittest.main()
