"""The program is killed at random moments while it gives jobs to printers: no job is lost, none is started twice, no plate
is forgotten."""

import os
import pathlib
import random
import shutil
import tempfile
import time
import unittest

import sliced
from harness import FAST_LINK, FAST_QUEUE, Farmwall, Sim, wait_for
from jobs_test import ACTIVE, CODES, assert_safe, of_printer

# More by FARMWALL_KILLS=200.
KILLS = int(os.environ.get("FARMWALL_KILLS", "100"))
MODELS = ["p1s", "x1c", "a1", "p2s"]


class Killed(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-files-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.sim = Sim("--count", 4, "--models", ",".join(MODELS), "--initial", "idle", "--speed", 600, "--seed", 21, "--ftps",
                       "--no-cameras")
        self.addCleanup(self.sim.close)
        self.files = []
        for place, printer in enumerate(self.sim.printers):
            material, color = of_printer(self.sim, printer)
            self.files.append(sliced.make(self.folder / f"part {place}.gcode.3mf", model_code=CODES[MODELS[place]], seconds=60,
                                          size_kb=30, filaments=[(1, material, "#" + color, "", 2.0)]))
        self.farm = Farmwall(FAST_QUEUE + FAST_LINK + self.sim.config_text(), intents=True)
        self.addCleanup(self.farm.close)
        self.known = set()

    def clear_plates(self):
        for printer in self.sim.printers:
            desk = self.farm.desks.get(printer)
            state = self.farm.now(printer).get("printer_state")
            if not desk or desk["plate"] == "clear" or desk["job"] or state not in ("IDLE", "FINISH", "FAILED"):
                continue
            if self.sim.truth(printer)["gcode_state"] in ACTIVE:
                continue
            self.sim.set(printer, "plate_clean", True)
            self.farm.send(printer, "plate_cleared")
            if desk["flagged"]:
                self.farm.send(printer, "unflag_printer")

    def feed(self):
        if len(self.farm.desks) < len(self.sim.printers):
            return  # what is in the queue is not known yet
        waiting = [j for j in self.farm.all_jobs() if j["phase"] == "queued"]
        if len(waiting) < 3:
            self.farm.tickets += 1
            self.farm.intent(do="add_job", source=str(random.choice(self.files)), ticket=self.farm.tickets)

    def at_work(self):
        return all(self.farm.now(printer).get("connected") for printer in self.sim.printers)

    def remember(self):
        for answer in list(self.farm.answers.values()):
            self.known.update(answer["jobs"])

    def test_no_job_is_lost_or_started_twice(self):
        random.seed(9)
        for kill in range(KILLS):
            # Every other time it is let come to its work first.
            begins = time.monotonic()
            working = begins if kill % 2 else None
            moment = random.uniform(0.05, 0.9)
            while working is None or time.monotonic() < working + moment:
                if working is None and self.at_work():
                    working = time.monotonic()
                self.assertLess(time.monotonic(), begins + 30, "the printers are not connected")
                try:
                    self.clear_plates()
                    self.feed()
                except BrokenPipeError:
                    self.fail(f"the program ended by itself: {self.farm.err.text()[-2000:]}")
                time.sleep(0.05)
            self.farm.kill()
            self.remember()
            self.farm.restart()
            if kill % 20 == 19:
                self.check_known()
        self.check_known()
        self.finish()
        assert_safe(self, self.sim, self.sim.printers)
        starts = sum(len(self.sim.truth(printer)["starts"]) for printer in self.sim.printers)
        self.assertGreater(starts, min(KILLS, 20) // 4, "the kills met no starts")

    def check_known(self):
        wait_for(lambda: self.known <= set(self.farm.jobs), 20, "every job that was answered for to be there")
        self.assertEqual(self.farm.problems, [])

    def finish(self):
        """With nobody killing it any more, everything comes to an end; what is uncertain is settled by a look."""
        def done():
            self.clear_plates()
            for job in self.farm.all_jobs():
                if job["phase"] not in ("held", "failed", "canceled"):
                    continue
                self.assertTrue(job["error"], job)
                printer = job["assigned_printer_id"]
                if printer and self.sim.truth(printer)["gcode_state"] in ACTIVE:
                    continue
                self.farm.intent(do="complete_job" if job["phase"] == "held" else "remove_job", job=job["id"])
            time.sleep(0.3)
            return all(job["phase"] == "completed" for job in self.farm.all_jobs())
        try:
            wait_for(done, 150, "every job to be completed")
        except AssertionError as problem:
            left = [job for job in self.farm.all_jobs() if job["phase"] != "completed"]
            printers = {p: (self.sim.truth(p)["gcode_state"], self.farm.now(p).get("available"), self.farm.desks.get(p))
                        for p in self.sim.printers}
            raise AssertionError(f"{problem}: {left}; {printers}") from None


if __name__ == "__main__":
    unittest.main()
