"""A hundred virtual printers on one broker for a minute: no state is lost."""

import os
import time
import unittest

from harness import FAST_LINK, Farmwall, Sim, wait_for

SECONDS = float(os.environ.get("FARMWALL_HUNDRED_SECONDS", "60"))


class Hundred(unittest.TestCase):
    def test_a_minute_without_a_lost_state(self):
        with Sim("--count", 100, "--seed", 3, "--speed", 20, ready_limit=90) as sim:
            # Long limits: this is about load, not about silence.
            with Farmwall(sim.config_text()) as wall:
                for printer in sim.printers:
                    wall.until_online(printer, 60)
                started = time.monotonic()
                sessions = {p: wall.now(p)["stats"]["connects"] for p in sim.printers}
                while time.monotonic() - started < SECONDS:
                    self.assertIsNone(wall.process.poll(), wall.err.text()[-2000:])
                    time.sleep(1)
                for printer in sim.printers:
                    status = wall.now(printer)
                    with self.subTest(printer):
                        self.assertIn(status["link"], ("online", "quiet"))
                        self.assertEqual(status["stats"]["connects"], sessions[printer], "no session was lost")
                        self.assertEqual(status["stats"]["bad_messages"], 0)
                        self.assertEqual(status["stats"]["lost_fields"], 0)
                        self.assertEqual(sim.truth(printer)["connections"]["max"], 1)
                # Every printer is forced into a state of its own and back: each change must arrive.
                for state in ("IDLE", "RUNNING", "IDLE"):
                    for printer in sim.printers:
                        sim.set(printer, "gcode_state", state)
                    wait_for(lambda: all(wall.now(p)["printer_state"] == state for p in sim.printers), 30,
                             f"all hundred in {state}")
                self.assertEqual(wall.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
