"""Hands on the real window: a click on a tile opens the printer's page, and its buttons, held where they must be,
reach the printer; an alarm is acknowledged. Buttons are found by their colours."""

import sqlite3
import time
import unittest

from display import HEIGHT, WIDTH, WallWindow, filled
from harness import FAST_LINK, Sim, wait_for

ALARMS = """
[alarms]
sound = false
settle_sec = 0.5
"""
HEADER = 60  # assets/theme.toml, header_height
BETWEEN = 8  # src/ui/control_flow.cpp
HOLD = 0.8   # src/ui/control_card.cpp, hold_to_stop
BELOW_HEADER = (0, HEADER, WIDTH, HEIGHT)
TABS = (0, 0, WIDTH * 6 // 10, HEADER)


class Hands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 1, "--seed", 5, "--models", "p1s", "--speed", 30, "--initial", "idle", "--no-loop",
                      "--no-cameras")
        cls.printer, = cls.sim.printers
        cls.wall = WallWindow(FAST_LINK + ALARMS + cls.sim.config_text())
        wait_for(lambda: cls.truth()["pushall_count"] > 0, 30, "the printer to be asked")

    @classmethod
    def tearDownClass(cls):
        cls.wall.close()
        cls.sim.close()

    @classmethod
    def truth(cls):
        return cls.sim.truth(cls.printer)

    def until_state(self, *states):
        wait_for(lambda: self.truth()["gcode_state"] in states, 20, f"the printer to be one of {states}")

    def sent(self):
        return [command["command"] for command in self.truth()["commands"]
                if command["command"] in ("pause", "resume", "stop")]

    def start(self):
        self.sim.set(self.printer, "start", {"name": "Cube", "minutes": 600, "layers": 100, "subtask_id": "7001"})
        self.until_state("RUNNING")

    def stop_button(self):
        """The only red box on the page; (left, top, right, bottom), once it is there and stays."""
        seen = []

        def found():
            self.wall.point(WIDTH - 2, HEADER + 2)  # what is pointed at has another colour
            seen.append(filled(self.wall.picture(), "failed", 90, 30, BELOW_HEADER))
            return len(seen) > 1 and len(seen[-1]) == 1 and seen[-1] == seen[-2]
        wait_for(found, 20, "the button Stop")
        return seen[-1][0]

    def point_at_job_button(self, which):
        """Pause, Resume and Stop stand side by side."""
        left, top, right, bottom = self.stop_button()
        step = right - left + 1 + BETWEEN
        self.wall.point((left + right) / 2 - step * (2 - which), (top + bottom) / 2)

    def press_until(self, which, state):
        """A button that is not yet enabled takes no press: a person would press again."""
        def done():
            self.point_at_job_button(which)
            self.wall.do("click", 1)
            end = time.monotonic() + 4
            while time.monotonic() < end and self.truth()["gcode_state"] != state:
                time.sleep(0.05)
            return self.truth()["gcode_state"] == state
        wait_for(done, 30, f"the printer to be {state}")

    def history(self, sql):
        database = sqlite3.connect(f"file:{self.wall.root / 'jobs' / 'history.db'}?mode=ro", uri=True, timeout=5)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def test_1_pause_resume_and_stop_with_the_mouse(self):
        self.start()
        self.wall.settle()
        self.assertEqual(filled(self.wall.picture(), "failed", 90, 30, BELOW_HEADER), [], "no page yet")
        self.wall.point(WIDTH / 2, HEIGHT / 2)
        self.wall.do("click", 1)

        # A short press of Stop: the presses that follow show that it did nothing.
        self.point_at_job_button(2)
        self.wall.do("click", 1)
        self.wall.do("mousedown", 1)
        time.sleep(HOLD / 4)
        self.wall.do("mouseup", 1)
        self.press_until(0, "PAUSE")
        self.press_until(1, "RUNNING")
        self.assertEqual(self.sent(), ["pause", "resume"])

        # Sliding off the button lets go of it.
        self.point_at_job_button(2)
        self.wall.do("mousedown", 1)
        time.sleep(HOLD / 4)
        self.wall.point(WIDTH - 2, HEADER + 2)
        time.sleep(HOLD)
        self.wall.do("mouseup", 1)
        self.assertEqual(self.truth()["gcode_state"], "RUNNING")

        self.point_at_job_button(2)
        begun = time.monotonic()
        self.wall.do("mousedown", 1)
        self.until_state("FAILED", "IDLE", "FINISH")
        self.assertGreaterEqual(time.monotonic() - begun, HOLD)
        time.sleep(HOLD)  # held on: it counts once
        self.wall.do("mouseup", 1)
        self.assertEqual(self.sent(), ["pause", "resume", "stop"])
        wait_for(lambda: self.history("SELECT action, origin, phase FROM commands ORDER BY id") ==
                 [("pause", "screen", "confirmed"), ("resume", "screen", "confirmed"), ("stop", "screen", "confirmed")],
                 20, "the commands in the history")

    def test_2_an_alarm_is_acknowledged_with_the_mouse(self):
        self.start()
        self.sim.fault(self.printer, "fail", value="0300-4006")
        badge = wait_for(lambda: filled(self.wall.picture(), "failed", 10, 18, TABS), 20,
                         "the number at the Alarms tab")
        def accents():
            return filled(self.wall.picture(), "accent", 120, 36, BELOW_HEADER)
        before = accents()  # the page of the printer asks about its plate
        left, top, right, bottom = badge[0]
        self.wall.point((left + right) / 2, (top + bottom) / 2)
        self.wall.do("click", 1)
        button = wait_for(lambda: (found := accents()) != before and found, 20, "the button Acknowledge")
        self.assertEqual(len(button), 1)
        left, top, right, bottom = button[0]
        self.wall.point((left + right) / 2, (top + bottom) / 2)
        self.wall.do("click", 1)
        wait_for(lambda: self.history("SELECT kind, by_whom FROM alarms WHERE what = 'acknowledged'") ==
                 [("print_failed", "screen")], 20, "who acknowledged")
        wait_for(lambda: not filled(self.wall.picture(), "failed", 10, 18, TABS), 20, "the number to be away")


if __name__ == "__main__":
    unittest.main(verbosity=2)
