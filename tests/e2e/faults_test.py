"""The headless program against virtual printers on a real broker: every fault is published as what
it is, and heals. Each test has a printer of its own, so that they do not disturb each other."""

import unittest

from harness import FAST_LINK, Farmwall, Sim, wait_for


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 32, "--seed", 11, "--speed", 30)
        cls.wall = Farmwall(FAST_LINK + cls.sim.config_text())
        cls.free = list(cls.sim.printers)
        for printer in cls.sim.printers:
            cls.wall.until_online(printer, 40)

    @classmethod
    def tearDownClass(cls):
        code = cls.wall.stop()
        text = cls.wall.out.text() + cls.wall.err.text()
        codes = cls.sim.access_codes()
        cls.wall.close()
        cls.sim.close()
        assert code == 0, f"farmwall ended with {code}: {text[-2000:]}"
        assert len(codes) == 32
        for access_code in codes:
            assert access_code not in text, "an access code was printed"

    def printer(self, *kinds):
        """One that no other test uses, of one of these models where given."""
        for candidate in self.free:
            model = self.wall.now(candidate)["model"]
            if not kinds or model in kinds:
                self.free.remove(candidate)
                return candidate
        self.fail(f"no free printer of {kinds}")
        return None

    def healed(self, printer, limit=25):
        self.sim.clear(printer)
        return self.wall.until_online(printer, limit)

    def test_every_printer_reports_what_is_true(self):
        for printer in self.sim.printers:
            truth = self.sim.truth(printer)
            self.assertEqual(truth["connections"]["max"], 1, "one connection a printer, never two")
        printer = self.printer("x1c")
        self.sim.set(printer, "gcode_state", "IDLE")
        self.wall.until(printer, lambda s: s["printer_state"] == "IDLE", 20)
        truth = self.sim.truth(printer)
        status = self.wall.now(printer)
        self.assertAlmostEqual(status["bed_temp"], truth["bed"], delta=3)
        self.assertAlmostEqual(status["nozzle_temp"], truth["nozzle"], delta=10)

    def test_refused_login(self):
        printer = self.printer()
        self.sim.fault(printer, "refuse_login")
        status = self.wall.until(printer, lambda s: s["link"] == "refused", 20)
        self.assertIn("access code", status["last_error"])
        self.assertFalse(status["connected"])
        self.assertFalse(status["available"])
        self.healed(printer)

    def test_refused_connection(self):
        printer = self.printer()
        self.sim.fault(printer, "refuse_connection")
        status = self.wall.until(printer, lambda s: s["link"] == "offline", 20)
        self.assertEqual(status["condition"], "OFFLINE")
        self.wall.until_event(printer, "link_down")
        self.healed(printer)
        self.wall.until_event(printer, "link_up")

    def test_silence(self):
        printer = self.printer()
        self.sim.fault(printer, "silent")
        self.wall.until(printer, lambda s: s["link"] == "offline", 25)
        self.healed(printer, 30)

    def test_muted_reports_and_answers(self):
        printer = self.printer()
        self.sim.fault(printer, "mute_reports")
        self.wall.until(printer, lambda s: s["link"] in ("quiet", "offline", "half-dead"), 25)
        self.wall.until(printer, lambda s: s["link"] in ("offline", "connecting", "half-dead", "refused"), 25)
        self.healed(printer, 30)

    def test_dropped_session(self):
        printer = self.printer()
        before = self.wall.now(printer)["stats"]["connects"]
        self.sim.fault(printer, "drop_session")
        self.wall.until(printer, lambda s: s["stats"]["connects"] > before, 20)
        self.wall.until_online(printer)
        self.assertEqual(self.sim.truth(printer)["connections"]["max"], 1)

    def test_half_dead_session_gets_a_new_one(self):
        printer = self.printer()
        self.sim.set(printer, "start", "bracket")  # so that reports flow
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 30)
        before = self.wall.now(printer)["stats"]["connects"]
        self.sim.fault(printer, "half_dead")
        self.wall.until_event(printer, "half_dead", 30)
        self.wall.until(printer, lambda s: s["stats"]["connects"] > before and s["connected"], 30)
        self.assertEqual(self.sim.truth(printer)["connections"]["max"], 1)

    def test_malformed_json_changes_only_the_counter(self):
        printer = self.printer()
        self.sim.set(printer, "start", "bracket")  # so that reports flow
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 30)
        before = self.wall.now(printer)
        self.sim.fault(printer, "malformed_json")
        after = self.wall.until(printer, lambda s: s["stats"]["bad_messages"] > before["stats"]["bad_messages"], 20)
        self.assertTrue(after["connected"])
        self.assertEqual(after["printer_state"], "RUNNING")
        self.assertEqual(after["stats"]["connects"], before["stats"]["connects"], "the session stays")
        self.sim.clear(printer)

    def test_huge_message_is_dropped_and_counted(self):
        printer = self.printer()
        before = self.wall.now(printer)["stats"]["oversized"]
        self.sim.fault(printer, "huge_message")
        after = self.wall.until(printer, lambda s: s["stats"]["oversized"] > before, 20)
        self.assertTrue(after["connected"])
        self.sim.clear(printer)

    def test_changed_certificate_is_refused(self):
        printer = self.printer()
        self.sim.fault(printer, "wrong_certificate")
        status = self.wall.until(printer, lambda s: s["link"] == "refused" and s["new_certificate"], 30)
        self.assertIn("certificate", status["last_error"])
        self.assertRegex(status["new_certificate"], "^[0-9a-f]{64}$")
        self.wall.until_event(printer, "certificate_changed")
        self.healed(printer, 30)

    def test_certificate_of_another_serial_is_refused(self):
        printer = self.printer()
        self.sim.fault(printer, "wrong_serial_certificate")
        status = self.wall.until(printer, lambda s: s["link"] == "refused", 30)
        self.assertIn("serial", status["last_error"])
        self.healed(printer, 30)

    def test_changed_address_heals_by_discovery(self):
        printer = self.printer()
        before = self.wall.now(printer)["address"]
        self.sim.fault(printer, "changed_address")
        status = self.wall.until(printer, lambda s: s["connected"] and s["address"] != before, 40)
        self.assertEqual(status["address"], self.sim.truth(printer)["address"])
        self.wall.until_event(printer, "address_changed")

    def test_failed_print(self):
        printer = self.printer()
        self.sim.set(printer, "start", "bracket")
        self.wall.until(printer, lambda s: s["printer_state"] in ("PREPARE", "RUNNING"), 20)
        self.sim.fault(printer, "fail", value=0x03004000)
        status = self.wall.until(printer, lambda s: s["condition"] == "FAILED", 20)
        self.assertEqual(status["print_error_code"], 0x03004000)
        self.assertFalse(status["available"])
        self.wall.until_event(printer, "print_failed")

    def test_runout_is_a_pause_that_needs_hands(self):
        printer = self.printer("p1s", "x1c", "p1p", "a1")
        self.sim.set(printer, "start", "bracket")
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 30)
        self.sim.fault(printer, "runout")
        status = self.wall.until(printer, lambda s: s["filament_runout"], 20)
        self.assertEqual(status["condition"], "RUN OUT")
        self.assertEqual(status["printer_state"], "PAUSE")
        self.wall.until_event(printer, "runout")

    def test_soft_fail_is_a_stop_and_leaves_the_printer_available(self):
        printer = self.printer()
        self.sim.set(printer, "start", "bracket")
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 30)
        self.sim.fault(printer, "soft_fail")
        status = self.wall.until(printer, lambda s: s["printer_state"] == "FAILED", 20)
        self.assertEqual(status["condition"], "STOPPED")
        self.assertTrue(status["available"])
        self.wall.until_event(printer, "print_canceled")

    def test_health_message(self):
        printer = self.printer()
        self.sim.fault(printer, "hms")
        status = self.wall.until(printer, lambda s: s["hms"], 20)
        self.assertTrue(status["hms"][0]["code"])
        self.wall.until_event(printer, "hms_raised")
        self.sim.clear(printer)

    def test_developer_mode_off_is_seen(self):
        printer = self.printer("x1c", "p2s", "h2d")
        self.sim.fault(printer, "developer_mode_off", value="reason")
        self.wall.until(printer, lambda s: s["developer_mode"] is False, 20)
        self.sim.clear(printer)
        self.wall.until(printer, lambda s: s["developer_mode"] is True, 20)

    def test_print_goes_from_start_to_finish(self):
        printer = self.printer("a1", "a1-mini", "p1s")
        self.sim.set(printer, "gcode_state", "IDLE")
        self.wall.until(printer, lambda s: s["printer_state"] == "IDLE", 20)
        self.sim.set(printer, "start", "vase")
        self.wall.until_event(printer, "print_started", 20)
        status = self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING" and s["print_status"], 60)
        self.assertEqual(status["subtask_name"], "vase")
        self.sim.set(printer, "finish", True)
        self.wall.until_event(printer, "print_finished", 30)
        status = self.wall.until(printer, lambda s: s["printer_state"] == "FINISH", 20)
        self.assertTrue(status["available"])

    def test_echoes_late_twice_or_never_do_no_harm(self):
        for fault, more in (("echo_late", {"value": 1}), ("echo_twice", {}), ("echo_never", {})):
            with self.subTest(fault):
                printer = self.printer()
                self.sim.fault(printer, fault, **more)
                questions = self.sim.truth(printer)["get_version_count"]
                wait_for(lambda: self.sim.truth(printer)["get_version_count"] > questions + 1, 30,
                         "two more questions")
                self.healed(printer, 30)
                self.assertEqual(self.wall.now(printer)["stats"]["bad_messages"], 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
