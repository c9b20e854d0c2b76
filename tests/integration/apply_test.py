#!/usr/bin/env python3
"""What apply knows of what stands in Kafka already."""
import unittest

from small import plan  # first: it finds tests/support
from scene import Scene

UNITS = "units: {PTS: {decimals: 2}, USD: {decimals: 4}}\n"


def points(to="0.01", version=1):
    return plan(version=version).replace("currency: USD", "currency: PTS").replace(
        "to: 0.01", f"to: {to}")


class Apply(unittest.TestCase):
    def setUp(self):
        self.scene = Scene("apply")
        self.scene.create_topics()

    def tearDown(self):
        self.scene.close()

    def refuses(self, text, code):
        done = self.scene.cli("apply", "--yes", "--no-preview", self.scene.file("plan.yaml", text),
                              check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(f"[{code}]", done.stderr)

    def test_units_that_stand_in_control_hold_for_the_files_after_them(self):
        apply, file = self.scene.apply, self.scene.file
        self.refuses(points(), "unknown-currency")
        apply(file("units.yaml", UNITS))
        apply(file("points.yaml", points()))
        self.refuses(points("0.001", 2), "too-precise")

        fine = plan().replace("plan: sales", "plan: fine").replace("to: 0.01", "to: 0.0001")
        apply(file("fine.yaml", fine))
        standing = [record for record in self.scene.records("control")
                    if record["kind"] == "plan"]
        self.assertEqual({record["id"] for record in standing}, {"sales", "fine"})

    def test_units_among_the_files_come_before_those_that_stand(self):
        apply, file = self.scene.apply, self.scene.file
        apply(file("units.yaml", UNITS))
        apply(file("units.yaml", "units: {PTS: {decimals: 3}}\n"),
              file("points.yaml", points("0.001")))
        self.refuses(points("0.0001", 2), "too-precise")

    def test_what_is_wrong_whatever_stands_needs_no_broker(self):
        self.scene.servers = "127.0.0.1:1"
        self.refuses(plan().replace("over: quarter", "over: decade"), "bad-word")


if __name__ == "__main__":
    unittest.main()
