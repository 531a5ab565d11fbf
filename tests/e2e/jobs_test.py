"""Jobs from the file to the finished print: the real program against virtual printers that check what they are told to
print, over real FTPS and MQTT."""

import collections
import pathlib
import random
import shutil
import tempfile
import threading
import time
import unittest

import sliced
from harness import FAST_LINK, FAST_QUEUE, Farmwall, Sim, wait_for

OVER = ("completed", "failed", "canceled")
ACTIVE = ("PREPARE", "SLICING", "RUNNING", "PAUSE")
# Codes of the models in the order of the farm.
MODELS = ["p1s", "x1c", "a1", "p2s", "a1-mini", "h2s"]
CODES = {"p1s": "C12", "x1c": "BL-P001", "a1": "N2S", "p2s": "N7", "a1-mini": "N1", "h2s": "O1S"}


class People(threading.Thread):
    """Somebody who takes finished prints off the plates and says so."""

    def __init__(self, sim, farm, printers):
        super().__init__(daemon=True)
        self.sim, self.farm, self.printers = sim, farm, printers
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.failure = None
        self.start()

    def clear(self, printer):
        state = self.farm.now(printer).get("printer_state")
        desk = self.farm.desks.get(printer, {})
        if desk.get("plate") == "clear" or desk.get("job") or state not in ("IDLE", "FINISH", "FAILED"):
            return
        with self.lock:
            truth = self.sim.truth(printer)
            if truth["gcode_state"] in ACTIVE:
                return
            self.sim.set(printer, "plate_clean", True)
        self.farm.send(printer, "plate_cleared", good=True)
        if desk.get("flagged"):
            self.farm.send(printer, "unflag_printer")

    def run(self):
        while not self.stopped.wait(0.3):
            for printer in self.printers:
                try:
                    self.clear(printer)
                except (OSError, ValueError):
                    return  # the farm is being restarted
                except AssertionError as problem:
                    self.failure = problem

    def stop(self):
        self.stopped.set()
        self.join(5)
        if self.failure:
            raise self.failure


def of_printer(sim, printer):
    """A file that fits the printer as it is loaded: its first tray's material and colour."""
    truth = sim.truth(printer)
    for tray in truth["trays"]:
        if tray.get("type"):
            return tray["type"], tray["color"][:6]
    raise AssertionError(f"{printer} has no filament: {truth['trays']}")


def assert_safe(test, sim, printers):
    """What the printers themselves saw."""
    for printer in printers:
        truth = sim.truth(printer)
        test.assertEqual(truth["starts_on_dirty_plate"], 0, printer)
        test.assertEqual(truth["starts_while_active"], 0, printer)
        ids = [start["subtask_id"] for start in truth["starts"]]
        test.assertEqual(len(ids), len(set(ids)), f"{printer} was told to start one job twice: {ids}")


class OnePrinter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-files-"))
        cls.sim = Sim("--count", 2, "--models", "p1s,a1", "--initial", "idle", "--speed", 60, "--seed", 5, "--ftps",
                      "--no-cameras")
        cls.farm = Farmwall(FAST_QUEUE + FAST_LINK + cls.sim.config_text(), intents=True)
        cls.p1s, cls.a1 = cls.sim.printers
        wait_for(lambda: all(cls.farm.now(p).get("connected") for p in cls.sim.printers), 30, "the printers to be connected")

    @classmethod
    def tearDownClass(cls):
        cls.farm.close()
        cls.sim.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def file(self, printer, name="part.gcode.3mf", **more):
        material, color = of_printer(self.sim, printer)
        code = CODES["p1s" if printer == self.p1s else "a1"]
        more.setdefault("filaments", [(1, material, "#" + color, "", 5.0)])
        more.setdefault("seconds", 120)
        return sliced.make(self.folder / name, model_code=code, **more)

    def clear_plate(self, printer):
        self.sim.set(printer, "plate_clean", True)
        self.farm.send(printer, "plate_cleared")
        wait_for(lambda: self.farm.desks.get(printer, {}).get("plate") == "clear", 10, f"{printer} to have a clear plate")

    def phase(self, job, *phases, limit=60):
        try:
            return wait_for(lambda: self.farm.job(job).get("phase") in phases and self.farm.job(job), limit,
                            f"job {job} to be {phases}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}: {self.farm.job(job)}") from None

    def tearDown(self):
        for job in self.farm.all_jobs():
            self.farm.intent(do="cancel_job", job=job["id"])
        wait_for(lambda: all(j["phase"] in OVER for j in self.farm.all_jobs()), 60, "every job to be over")
        for printer in self.sim.printers:
            self.sim.clear(printer)
            self.sim.set(printer, "storage", True)
            self.farm.send(printer, "unflag_printer")
            wait_for(lambda: self.sim.truth(printer)["gcode_state"] not in ACTIVE, 30, "the printer to rest")
        assert_safe(self, self.sim, self.sim.printers)

    def test_a_job_waits_for_the_plate_and_then_prints(self):
        # No other test calls this printer's plate clear.
        job = self.farm.add(self.file(self.a1), printer_id=self.a1)["jobs"][0]
        self.assertIn("plate", wait_for(lambda: self.farm.job(job).get("waiting"), 10, "a reason to wait"))
        self.clear_plate(self.a1)
        self.phase(job, "running")
        truth = self.sim.truth(self.a1)
        self.assertEqual(truth["job"]["name"], "part")
        self.assertEqual(self.farm.desks[self.a1]["plate"], "occupied")
        done = self.phase(job, "completed", limit=120)
        self.assertEqual(done["status"], "completed")
        self.assertIsNone(done["error"])
        # The file of the job is not left on the card.
        wait_for(lambda: not self.sim.truth(self.a1)["files"], 20, "our file to be removed")
        self.assertEqual(self.farm.desks[self.a1]["plate"], "occupied")

    def test_a_file_for_another_model_starts_nowhere_else(self):
        self.clear_plate(self.p1s)
        answer = self.farm.add(self.file(self.a1, "other.gcode.3mf"), printer_id=self.p1s)
        job = answer["jobs"][0]
        waiting = wait_for(lambda: self.farm.job(job).get("waiting"), 10, "a reason to wait")
        self.assertEqual(waiting, "Its printer is another model.")

    def test_a_missing_material_is_named(self):
        self.clear_plate(self.p1s)
        path = self.file(self.p1s, "pei.gcode.3mf", filaments=[(1, "PEEK", "#000000", "", 3.0)])
        job = self.farm.add(path, printer_id=self.p1s)["jobs"][0]
        self.assertEqual(wait_for(lambda: self.farm.job(job).get("waiting"), 10, "a reason"), "Its printer lacks the filament.")

    def test_what_is_no_printable_file_is_refused_in_a_sentence(self):
        bad = self.folder / "broken.gcode.3mf"
        bad.write_bytes(b"PK\x03\x04 not an archive")
        answer = self.farm.add(bad)
        self.assertEqual(answer["jobs"], [])
        self.assertTrue(answer["error"])
        text = self.folder / "notes.txt"
        text.write_text("hello")
        self.assertIn(".gcode.3mf", self.farm.add(text)["error"])
        model = self.folder / "cube.stl"
        model.write_text("solid cube\nendsolid\n")
        self.assertIn("not sliced", self.farm.add(model)["error"])
        missing = self.farm.add(self.folder / "gone.gcode.3mf")
        self.assertTrue(missing["error"])
        self.assertEqual(self.farm.add(self.file(self.p1s), plate=7)["jobs"], [])

    def test_a_running_job_is_canceled_at_the_printer(self):
        self.clear_plate(self.p1s)
        job = self.farm.add(self.file(self.p1s, seconds=3600), printer_id=self.p1s)["jobs"][0]
        self.phase(job, "running")
        self.farm.intent(do="cancel_job", job=job)
        self.assertEqual(self.phase(job, "canceled")["error"], "Canceled by a person.")
        self.assertNotIn(self.sim.truth(self.p1s)["gcode_state"], ACTIVE)

    def test_a_stop_at_the_printer_is_no_failure(self):
        self.clear_plate(self.p1s)
        job = self.farm.add(self.file(self.p1s, seconds=3600), printer_id=self.p1s)["jobs"][0]
        self.phase(job, "running")
        self.sim.set(self.p1s, "stop", None)
        self.assertEqual(self.phase(job, "canceled")["error"], "Stopped at the printer.")

    def test_a_real_fault_fails_the_job(self):
        self.clear_plate(self.p1s)
        job = self.farm.add(self.file(self.p1s, seconds=3600), printer_id=self.p1s)["jobs"][0]
        self.phase(job, "running")
        self.sim.fault(self.p1s, "fail", value="0300-4001")
        self.assertIn("0300-4001", self.phase(job, "failed")["error"])

    def test_a_card_that_is_full_or_missing_is_told_and_the_job_is_kept(self):
        self.clear_plate(self.p1s)
        self.sim.fault(self.p1s, "ftps_full", value=1000)
        job = self.farm.add(self.file(self.p1s, size_kb=300), printer_id=self.p1s)["jobs"][0]
        waiting = wait_for(lambda: self.farm.job(job).get("waiting") or self.farm.job(job).get("error"), 60, "a reason")
        self.assertTrue(waiting)
        self.assertEqual(self.sim.truth(self.p1s)["gcode_state"] in ACTIVE, False)
        self.farm.send(self.p1s, "unflag_printer")

    def test_an_upload_that_is_cut_is_tried_again(self):
        self.clear_plate(self.p1s)
        self.sim.fault(self.p1s, "ftps_cut", value=20000)
        job = self.farm.add(self.file(self.p1s, size_kb=200), printer_id=self.p1s)["jobs"][0]
        self.phase(job, "running")
        uploads = [phase for one, phase in self.farm.job_log if one == job and phase == "uploading"]
        self.assertGreaterEqual(len(uploads), 2)

    def test_copies_go_one_after_the_other_in_order(self):
        self.clear_plate(self.p1s)
        jobs = self.farm.add(self.file(self.p1s, seconds=60), printer_id=self.p1s, copies=2)["jobs"]
        self.assertEqual(len(jobs), 2)
        self.phase(jobs[0], "completed", limit=120)
        self.assertEqual(self.farm.job(jobs[1])["phase"], "queued")
        self.clear_plate(self.p1s)
        self.phase(jobs[1], "running", "completed", limit=60)


class Farm(unittest.TestCase):
    def test_40_jobs_over_12_printers_reach_their_end_in_spite_of_faults(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-files-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        with Sim("--count", 12, "--models", ",".join(MODELS), "--initial", "idle", "--speed", 240, "--seed", 11, "--ftps",
                 "--no-cameras") as sim:
            farm = Farmwall(FAST_QUEUE + FAST_LINK + sim.config_text(), intents=True)
            self.addCleanup(farm.close)
            wait_for(lambda: all(farm.now(p).get("connected") for p in sim.printers), 40, "the printers to be connected")
            jobs = []
            for number in range(40):
                place = number % len(sim.printers)
                material, color = of_printer(sim, sim.printers[place])
                code = CODES[MODELS[place % len(MODELS)]]
                path = sliced.make(folder / f"part {number}.gcode.3mf", model_code=code, seconds=240, size_kb=40,
                                   filaments=[(1, material, "#" + color, "", 2.0)])
                jobs += farm.add(path)["jobs"]
            self.assertEqual(len(set(jobs)), 40)
            people = People(sim, farm, sim.printers)
            faults = [("ftps_cut", {"value": 9000}), ("drop_session", {}), ("echo_never", {"for_s": 5}), ("start_ignored", {"for_s": 8}),
                      ("fail", {"value": "0300-4001"}), ("soft_fail", {}), ("ftps_refuse", {"for_s": 3}), ("half_dead", {"for_s": 5}),
                      ("echo_twice", {"for_s": 10}), ("ftps_slow", {"value": 20000, "for_s": 5}), ("silent", {"for_s": 4})]
            random.seed(3)
            end = time.monotonic() + 240
            next_fault = time.monotonic() + 2
            while True:
                states = collections.Counter(farm.job(job).get("phase") for job in jobs)
                if states["completed"] == len(jobs):
                    break
                self.assertLess(time.monotonic(), end, f"{states}; {[farm.job(j) for j in jobs if farm.job(j)['phase'] != 'completed'][:4]}")
                for job in jobs:
                    now = farm.job(job)
                    if now["phase"] in ("held", "failed", "canceled"):
                        self.assertTrue(now["error"], now)
                        self.look_after(sim, farm, people, job, now)
                if faults and time.monotonic() > next_fault:
                    kind, more = faults.pop(0)
                    with people.lock:
                        sim.fault(random.choice(sim.printers), kind, **more)
                    next_fault = time.monotonic() + 1.5
                time.sleep(0.2)
            people.stop()
            self.assertEqual(faults, [], "every fault was tried")
            assert_safe(self, sim, sim.printers)

    def look_after(self, sim, farm, people, job, now):
        """As an operator would: look at the printer, and queue again what it does not print."""
        printer = now["assigned_printer_id"]
        if printer:
            with people.lock:
                if sim.truth(printer)["gcode_state"] in ACTIVE:
                    return
                if farm.now(printer).get("print_error_code"):
                    sim.clear(printer)
        farm.intent(do="retry_job", job=job)
        wait_for(lambda: farm.job(job)["phase"] not in ("held", "failed", "canceled"), 10, "the job to be queued again")


if __name__ == "__main__":
    unittest.main()
