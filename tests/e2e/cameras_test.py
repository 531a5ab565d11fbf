"""The headless program against virtual cameras of both kinds: the picture that it hands out is the right
printer's and advances, every fault of a camera is published as what it is and heals, no camera ever sees
a second connection from us, and a fault of a print leaves a clip that shows it."""

import json
import pathlib
import re
import shutil
import tempfile
import unittest

from harness import Farmwall, Sim, wait_for
from pictures import size_of, strips

# Silence in seconds instead of half minutes, so that a test sees the rules at work.
FAST_CAMERA = """
[camera]
rtsps_silence_sec = 5
jpeg_silence_sec = 7
frozen_after_sec = 6
clip_before_sec = 8
clip_after_sec = 3
ring_sec = 60
"""
RTSPS = ("x1c", "p2s", "h2s", "h2d")
JPEG = ("p1s", "p1p", "a1", "a1-mini")
NOW = ("LIVE", "SLOW")


class Cameras(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 27, "--seed", 5, "--speed", 30, "--camera-size", "640x360", "--camera-fps", 8,
                      "--jpeg-fps", 2)
        cls.pictures = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-pictures-"))
        cls.foreign = "h2d-03"
        cls.wall = Farmwall(FAST_CAMERA + cls.with_foreign(cls.sim.config_text()), "--snapshots", cls.pictures)
        cls.free = [printer for printer in cls.sim.printers if printer != cls.foreign]
        cls.number = {printer: index for index, printer in enumerate(cls.sim.printers)}
        for printer in cls.sim.printers:
            cls.until_shown(printer, 60)
            file = cls.pictures / f"{printer}.jpg"
            wait_for(file.exists, 20, "a picture of " + printer)

    @classmethod
    def tearDownClass(cls):
        second = [p for p in cls.sim.printers if cls.sim.truth(p)["camera"]["connections"]["max"] > 1]
        code = cls.wall.stop()
        text = cls.wall.out.text() + cls.wall.err.text()
        codes = cls.sim.access_codes()
        cls.wall.close()
        cls.sim.close()
        shutil.rmtree(cls.pictures, ignore_errors=True)
        assert code == 0, f"farmwall ended with {code}: {text[-2000:]}"
        assert not second, f"these cameras saw a second connection: {second}"
        for access_code in codes:
            assert access_code not in text, "an access code was printed"

    @classmethod
    def with_foreign(cls, config):
        """One camera is read by its whole address, as a camera of another make would be."""
        entry = next(e for e in config.split("[[printers]]") if f'id = "{cls.foreign}"' in e)
        value = {key: re.search(rf'^{key} = "?([^"\n]+)"?$', entry, re.MULTILINE).group(1)
                 for key in ("printer_ip", "camera_port", "access_code")}
        url = f'rtsps://bblp:{value["access_code"]}@{value["printer_ip"]}:{value["camera_port"]}/streaming/live/1'
        return config.replace(entry, entry.rstrip("\n") + f'\ncamera_url = "{url}"\n\n')

    @classmethod
    def until_shown(cls, printer, limit=25):
        return cls.wall.until(printer, lambda s: s["camera"]["truth"] in NOW, limit, printer + " to have a picture")

    def until_truth(self, printer, truth, limit=25):
        return self.wall.until(printer, lambda s: s["camera"]["truth"] == truth, limit, f"{printer} to be {truth}")

    def printer(self, kinds):
        """One that no other test uses, of one of these models."""
        for candidate in self.free:
            if self.wall.now(candidate)["model"] in kinds:
                self.free.remove(candidate)
                return candidate
        self.fail(f"no free printer of {kinds}")
        return None

    def read(self, printer):
        """(printer's number, picture's number) out of the newest picture handed out; None without a strip."""
        file = self.pictures / f"{printer}.jpg"
        return strips(file)[0] if file.exists() else None

    def frames(self, printer):
        """The number of the newest picture that the camera took."""
        return self.sim.truth(printer)["camera"]["frames"]

    def counter(self, printer):
        found = self.read(printer)
        self.assertIsNotNone(found, f"{printer} has a picture with a strip")
        self.assertEqual(found[0], self.number[printer], "the picture is this printer's")
        return found[1]

    def assert_advances(self, printer, limit=15):
        before = self.counter(printer)
        wait_for(lambda: self.counter(printer) > before, limit, printer + "'s picture to advance")
        # What is shown is what the camera shows now, not something old that moves.
        newest = self.frames(printer)
        self.assertLess(newest - self.counter(printer), 8 * 4, "at most some seconds behind the camera")

    def assert_heals(self, printer, limit=25):
        self.sim.clear(printer)
        self.until_shown(printer, limit)
        self.assert_advances(printer)

    def test_every_picture_is_its_printers_and_advances(self):
        for printer in self.free[:8]:  # that no other test has touched
            self.assert_advances(printer)

    def test_a_jpeg_is_handed_out_as_the_camera_sent_it(self):
        printer = self.printer(JPEG)
        self.assertEqual(size_of(self.pictures / f"{printer}.jpg"), (640, 360))

    def test_a_camera_by_its_address_shows_too_and_comes_back(self):
        self.assert_advances(self.foreign)
        self.sim.fault(self.foreign, "camera_cut")
        self.assert_heals(self.foreign)

    def check_stall(self, kinds, fault, limit):
        printer = self.printer(kinds)
        self.sim.fault(printer, fault)
        self.until_truth(printer, "STALE", limit)
        self.assert_heals(printer)

    def test_stall_rtsps(self):
        self.check_stall(RTSPS, "camera_stall", 8)

    def test_stall_jpeg(self):
        self.check_stall(JPEG, "camera_stall", 12)

    def check_cut(self, kinds):
        printer = self.printer(kinds)
        before = self.sim.truth(printer)["camera"]["connections"]["ever"]
        self.sim.fault(printer, "camera_cut")
        wait_for(lambda: self.sim.truth(printer)["camera"]["connections"]["ever"] > before, 10, "a new connection")
        self.assert_heals(printer)

    def test_cut_rtsps(self):
        self.check_cut(RTSPS)

    def test_cut_jpeg(self):
        self.check_cut(JPEG)

    def check_refuse(self, kinds):
        printer = self.printer(kinds)
        self.sim.fault(printer, "camera_refuse")
        status = self.wall.until(printer, lambda s: s["camera"]["problem"] is not None, 20, "a problem")
        self.assertIn("port", status["camera"]["problem"])
        self.until_truth(printer, "STALE", 15)
        self.assert_heals(printer, 40)

    def test_refuse_rtsps(self):
        self.check_refuse(RTSPS)

    def test_refuse_jpeg(self):
        self.check_refuse(JPEG)

    def check_login(self, kinds):
        printer = self.printer(kinds)
        self.sim.fault(printer, "camera_refuse_login")
        self.sim.fault(printer, "camera_cut")
        status = self.wall.until(printer, lambda s: "access code" in (s["camera"]["problem"] or ""), 20,
                                 "the access code to be refused")
        self.assertNotIn(status["camera"]["truth"], NOW)

    def test_refused_login_rtsps(self):
        self.check_login(RTSPS)

    def test_refused_login_jpeg(self):
        self.check_login(JPEG)

    def check_frozen(self, kinds):
        printer = self.printer(kinds)
        self.sim.set(printer, "start", {"name": "bracket", "minutes": 600, "layers": 400})
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 40, "a print")
        self.sim.fault(printer, "camera_freeze")
        self.until_truth(printer, "FROZEN", 40)
        self.assert_heals(printer)

    def test_frozen_while_printing_rtsps(self):
        self.check_frozen(RTSPS)

    def test_frozen_while_printing_jpeg(self):
        self.check_frozen(JPEG)

    def check_dark(self, kinds):
        printer = self.printer(kinds)
        # Dark is what was looked at: a picture that nobody sees is looked at while the printer prints.
        self.sim.set(printer, "start", {"name": "bracket", "minutes": 600, "layers": 400})
        self.sim.fault(printer, "camera_dark")
        self.until_truth(printer, "DARK", 40)
        self.assert_heals(printer)

    def test_dark_rtsps(self):
        self.check_dark(RTSPS)

    def test_dark_jpeg(self):
        self.check_dark(JPEG)

    def test_timestamps_that_stand_still_are_survived(self):
        printer = self.printer(RTSPS)
        self.sim.fault(printer, "camera_timestamps")
        before = self.counter(printer)
        wait_for(lambda: self.counter(printer) > before + 20, 20, "pictures with timestamps that stand still")
        self.assertIn(self.wall.now(printer)["camera"]["truth"], NOW)
        self.sim.clear(printer)

    def test_lost_packets_are_survived(self):
        printer = self.printer(RTSPS)
        self.sim.fault(printer, "camera_loss", value=0.02)
        before = self.frames(printer)
        wait_for(lambda: self.frames(printer) > before + 40, 20, "pictures with losses")
        self.assertIn(self.wall.now(printer)["camera"]["truth"], NOW)
        self.sim.clear(printer)
        self.assert_advances(printer)

    def test_another_certificate_is_refused(self):
        printer = self.printer(RTSPS)
        self.sim.fault(printer, "camera_wrong_certificate")
        self.sim.fault(printer, "camera_cut")
        status = self.wall.until(printer, lambda s: "certificate" in (s["camera"]["problem"] or ""), 20,
                                 "the certificate to be refused")
        self.assertIsNotNone(status["camera"]["new_certificate"])
        self.assertNotIn(status["camera"]["truth"], NOW)

    def test_no_tls(self):
        printer = self.printer(JPEG)
        self.sim.fault(printer, "camera_plain")
        self.sim.fault(printer, "camera_cut")
        self.wall.until(printer, lambda s: "not a printer's camera" in (s["camera"]["problem"] or ""), 20,
                        "something that speaks no TLS")
        self.assert_heals(printer, 40)

    def test_liveview_that_is_off_is_said(self):
        printer = self.printer(RTSPS)
        self.sim.fault(printer, "liveview_off")
        status = self.until_truth(printer, "OFF", 20)
        self.assertIn("liveview is off", status["camera"]["problem"])
        self.assert_heals(printer, 30)

    def test_a_failed_print_leaves_a_clip_that_shows_it(self):
        for kinds, ending in ((RTSPS, "mp4"), (JPEG, "mkv")):
            printer = self.printer(kinds)
            self.sim.set(printer, "start", {"name": "bracket", "minutes": 600, "layers": 400})
            self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 40, "a print")
            began = self.frames(printer)
            wait_for(lambda p=printer, b=began: self.frames(p) > b + 4, 10, "something to be seen before the fault")
            at_fault = self.frames(printer)
            self.sim.fault(printer, "fail", value="0300-4001")
            folder = self.wall.root / "clips" / printer
            [video] = wait_for(lambda f=folder, e=ending: list(f.glob("*." + e)), 25, "a clip of " + printer)
            told = json.loads(video.with_suffix(".json").read_text())
            found = strips(video)
            self.assertNotIn(None, found, "every picture is whole")
            self.assertEqual({n[0] for n in found}, {self.number[printer]})
            counters = [n[1] for n in found]
            self.assertEqual(counters, sorted(counters), "the pictures are in order")
            self.assertLess(counters[0], at_fault, "it begins before the fault")
            self.assertGreater(counters[-1], at_fault + 2, "it goes on after the fault")
            self.assertEqual(told["printer"], printer)
            self.assertEqual(told["pictures"], len(counters))
            self.assertEqual(told["telemetry"]["status"]["id"], printer)
            self.assertGreater(told["fault_at_sec"], 1)
            self.sim.clear(printer)


if __name__ == "__main__":
    unittest.main(verbosity=2)
