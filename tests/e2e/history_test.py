"""What the real program keeps in <root>/jobs/history.db: prints, commands, events, alarms and samples; it
goes on with it after a stop and after a kill, and begins anew when the file is damaged."""

import sqlite3
import unittest

from harness import FAST_LINK, Farmwall, Sim, wait_for

ALARMS = """
[alarms]
sound = false
settle_sec = 0.5
"""


class History(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 5, "--seed", 3, "--models", "p1s,x1c", "--speed", 30, "--initial", "idle", "--no-loop",
                      "--no-cameras")
        cls.addClassCleanup(cls.sim.close)

    def setUp(self):
        for printer in self.sim.printers:
            self.sim.clear(printer)
            self.sim.set(printer, "gcode_state", "IDLE")
        self.wall = Farmwall(FAST_LINK + ALARMS + self.sim.config_text(), intents=True)
        self.addCleanup(self.wall.close)
        self.file = self.wall.root / "jobs" / "history.db"
        for printer in self.sim.printers:
            self.wall.until(printer, lambda s: s["printer_state"] == "IDLE", 40)

    def rows(self, sql, *values):
        database = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=5)
        database.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in database.execute(sql, values)]
        finally:
            database.close()

    def prints(self, printer):
        return self.rows("SELECT * FROM prints WHERE printer = ? ORDER BY id", printer)

    def running(self, printer, name="Cube"):
        self.sim.set(printer, "start", {"name": name, "minutes": 600, "layers": 100, "subtask_id": "7001"})
        self.until_running(printer)

    def until_running(self, printer):
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 60)

    def finish(self, printer):
        self.sim.set(printer, "finish", True)
        self.wall.until(printer, lambda s: s["printer_state"] == "FINISH", 30)

    def confirmed(self, printer, do, **more):
        steps = self.wall.do(printer, do, **more)
        self.assertEqual(steps[-1]["phase"], "confirmed", steps)

    def stopped(self):
        self.assertEqual(self.wall.stop(10), 0, self.wall.err.text())

    def test_all_that_happened_is_kept(self):
        first, second, third, *_ = self.sim.printers
        self.running(first)
        self.confirmed(first, "pause")
        self.confirmed(first, "resume")
        self.assertEqual(self.wall.do(first, "home")[-1]["phase"], "refused")
        self.running(second, "Vase")
        self.sim.fault(second, "runout")
        wait_for(lambda: self.wall.alarm(second, "runout"), 20, "the alarm")
        self.wall.send(second, "acknowledge_alarm", alarm="runout")
        wait_for(lambda: self.wall.alarm(second, "runout")["acknowledged"], 20, "the answer to it")
        self.running(third, "Ring")
        self.confirmed(third, "stop")
        self.finish(first)
        wait_for(lambda: len({row["printer"] for row in self.rows("SELECT printer FROM samples")}) == 5, 30,
                 "a sample of each printer")
        self.stopped()

        done, = self.prints(first)
        self.assertEqual((done["name"], done["subtask_id"], done["outcome"], done["percent"], done["ours"]),
                         ("Cube", "7001", "completed", 100, 0))
        self.assertGreater(done["ended"], done["started"])
        waits, = self.prints(second)
        self.assertEqual((waits["name"], waits["ended"], waits["outcome"]), ("Vase", None, None))
        canceled, = self.prints(third)
        self.assertEqual((canceled["name"], canceled["outcome"]), ("Ring", "canceled"))

        commands = self.rows("SELECT printer, action, phase, origin, reason FROM commands ORDER BY id")
        self.assertEqual([(c["printer"], c["action"], c["phase"]) for c in commands],
                         [(first, "pause", "confirmed"), (first, "resume", "confirmed"), (first, "home", "refused"),
                          (third, "stop", "confirmed")])
        self.assertEqual({c["origin"] for c in commands}, {"script"})
        self.assertTrue(commands[2]["reason"])

        kinds = [row["kind"] for row in self.rows("SELECT kind FROM events WHERE printer = ? ORDER BY id", first)]
        for kind in ("link_up", "print_started", "paused", "resumed", "command", "print_finished"):
            self.assertIn(kind, kinds)
        self.assertEqual(kinds.count("print_started"), 1)

        alarms = self.rows("SELECT * FROM alarms WHERE printer = ? AND kind = 'runout' ORDER BY id", second)
        self.assertEqual([(a["what"], a["by_whom"]) for a in alarms], [("raised", ""), ("acknowledged", "script")])
        self.assertIn("Filament ran out", alarms[0]["text"])
        self.assertGreaterEqual(alarms[1]["at"], alarms[0]["at"])

        for sample in self.rows("SELECT * FROM samples"):
            self.assertIsNotNone(sample["nozzle"], sample)
            self.assertTrue(sample["state"], sample)

    def goes_on(self, end):
        """The program ends in mid-print and starts again: the same row of the same print."""
        printer = self.sim.printers[0]
        self.running(printer)
        before, = wait_for(lambda: self.prints(printer), 20, "the print in the history")
        end()
        self.wall.restart()
        self.until_running(printer)
        newest = self.rows("SELECT max(at) AS at FROM samples")[0]["at"] or 0
        wait_for(lambda: self.rows("SELECT 1 FROM samples WHERE at > ?", newest), 20, "the history to go on")
        row, = self.prints(printer)
        self.assertEqual((row["id"], row["started"], row["ended"]), (before["id"], before["started"], None))
        self.finish(printer)
        self.stopped()
        row, = self.prints(printer)
        self.assertEqual((row["id"], row["started"], row["outcome"]), (before["id"], before["started"], "completed"))
        self.assertEqual(self.rows("PRAGMA integrity_check"), [{"integrity_check": "ok"}])
        self.assertNotIn("damaged", self.wall.err.text())

    def test_a_print_goes_on_after_a_stop(self):
        self.goes_on(self.stopped)

    def test_a_print_goes_on_after_a_kill(self):
        self.goes_on(self.wall.kill)

    def test_a_print_that_ended_meanwhile_gets_no_outcome_made_up(self):
        printer = self.sim.printers[1]
        self.running(printer)
        wait_for(lambda: self.prints(printer), 20, "the print in the history")
        self.wall.kill()
        self.sim.set(printer, "start", {"name": "Another", "minutes": 600, "layers": 100, "subtask_id": "7002"})
        self.wall.restart()
        self.until_running(printer)
        wait_for(lambda: len(self.prints(printer)) == 2, 20, "both prints")
        self.stopped()
        lost, other = self.prints(printer)
        self.assertEqual((lost["subtask_id"], lost["outcome"]), ("7001", None))
        self.assertIsNotNone(lost["ended"])
        self.assertEqual((other["subtask_id"], other["name"], other["ended"]), ("7002", "Another", None))

    def test_a_damaged_file_is_set_aside(self):
        printer = self.sim.printers[0]
        self.stopped()
        garbage = bytes(range(256)) * 256
        self.file.write_bytes(garbage)
        self.wall.restart()
        self.wall.until_online(printer, 40)
        told = [line for line in self.wall.err.text().splitlines() if "damaged" in line]
        self.assertEqual(len(told), 1, self.wall.err.text())
        aside, = self.file.parent.glob("history.db.damaged-*")
        self.assertEqual(aside.read_bytes(), garbage)
        self.assertIn(f"it was set aside as {aside.name} and a new one begun.", told[0])
        self.running(printer)
        self.confirmed(printer, "pause")
        self.stopped()
        self.assertEqual([row["name"] for row in self.prints(printer)], ["Cube"])
        self.assertEqual(self.rows("SELECT action, phase FROM commands"), [{"action": "pause", "phase": "confirmed"}])


if __name__ == "__main__":
    unittest.main(verbosity=2)
