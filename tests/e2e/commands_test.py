"""What people do to printers, through the real program, the real broker and the virtual printers: each
action reaches its effect, and each refusal, silence, late and double answer ends in the right phase."""

import json
import re
import subprocess
import time
import unittest

from harness import FAST_LINK, Farmwall, Sim, wait_for


def phases(steps):
    return [step["phase"] for step in steps]


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 45, "--seed", 5,
                      "--models", "p1s,p1s,x1c,x1c-old,p1p,a1,a1-mini,h2s,h2d", "--speed", 30, "--initial", "idle", "--no-loop", "--no-cameras")
        cls.wall = Farmwall(FAST_LINK + cls.sim.config_text(), intents=True)
        cls.free = list(cls.sim.printers)
        for printer in cls.sim.printers:
            cls.wall.until_online(printer, 60)

    @classmethod
    def tearDownClass(cls):
        code = cls.wall.stop()
        text = cls.wall.out.text() + cls.wall.err.text()
        codes = cls.sim.access_codes()
        cls.wall.close()
        cls.sim.close()
        assert code == 0, f"farmwall ended with {code}: {text[-2000:]}"
        for access_code in codes:
            assert access_code not in text, "an access code was printed"

    def printer(self, *kinds):
        """An idle one that no other test uses, of one of these models where given."""
        for candidate in self.free if kinds else reversed(self.free):
            model = self.wall.now(candidate)["model"]
            if model in kinds or (not kinds and model not in ("p1s", "h2d", "h2s")):
                self.free.remove(candidate)
                return candidate
        self.fail(f"no free printer of {kinds}")
        return None

    def printing(self, *kinds):
        printer = self.printer(*kinds)
        self.sim.set(printer, "start", {"name": "Cube", "minutes": 600, "layers": 100, "subtask_id": "7001"})
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 60)
        return printer

    def confirmed(self, printer, do, **more):
        steps = self.wall.do(printer, do, **more)
        self.assertEqual(steps[-1]["phase"], "confirmed", steps)
        return steps

    def until_truth(self, printer, condition, what):
        return wait_for(lambda: condition(self.sim.truth(printer)), 15, what)

    # Every action to its effect.

    def test_pause_resume_and_stop(self):
        for kind in ("p1s", "x1c", "h2d"):
            printer = self.printing(kind)
            steps = self.confirmed(printer, "pause")
            self.assertNotIn("unknown", phases(steps))
            self.assertEqual(self.sim.truth(printer)["gcode_state"], "PAUSE")
            self.confirmed(printer, "resume")
            self.assertEqual(self.sim.truth(printer)["gcode_state"], "RUNNING")
            self.confirmed(printer, "stop")
            self.assertIn(self.sim.truth(printer)["gcode_state"], ("FAILED", "IDLE", "FINISH"))
            self.assertEqual(self.wall.happened(printer, "print_failed"), [], "our own stop is no failure")

    def test_temperatures(self):
        printer = self.printer("p1s")
        self.confirmed(printer, "set_bed_target", celsius=60)
        self.confirmed(printer, "set_nozzle_target", celsius=200)
        targets = self.sim.truth(printer)["targets"]
        self.assertEqual((targets["bed"], targets["nozzle"]), (60, 200))
        self.confirmed(printer, "cool_down")
        targets = self.sim.truth(printer)["targets"]
        self.assertEqual((targets["bed"], targets["nozzle"]), (0, 0))
        steps = self.wall.do(printer, "set_bed_target", celsius=101)
        self.assertEqual((steps[-1]["phase"], steps[-1]["reason"]), ("refused", "The bed goes up to 100 °C."))

    def test_two_nozzles_and_the_chamber(self):
        printer = self.printer("h2d")
        self.confirmed(printer, "set_nozzle_target", celsius=210, extruder=1)
        self.confirmed(printer, "set_nozzle_target", celsius=220, extruder=0)
        nozzles = self.sim.truth(printer)["nozzles"]
        self.assertEqual([nozzle["target"] for nozzle in nozzles], [220, 210])
        self.confirmed(printer, "set_chamber_target", celsius=50)
        self.assertEqual(self.sim.truth(printer)["targets"].get("chamber", 50), 50)
        self.confirmed(printer, "cool_down")

    def test_fans_and_lights(self):
        printer = self.printer("p1s")
        for fan, key in (("part", "part"), ("aux", "aux"), ("chamber", "chamber")):
            self.confirmed(printer, "set_fan", fan=fan, percent=60)
            self.assertAlmostEqual(self.sim.truth(printer)["fans"][key], 153, delta=2)
        for on in (False, True, False):
            self.confirmed(printer, "set_light", lamp="chamber", on=on)
            self.assertEqual(self.sim.truth(printer)["lights"]["chamber_light"], "on" if on else "off")
        modern = self.printer("h2s")
        self.confirmed(modern, "set_fan", fan="part", percent=50)
        self.confirmed(modern, "set_light", on=False)
        self.confirmed(modern, "set_air_mode", mode="heating")
        self.assertEqual(self.sim.truth(modern)["air_mode"], 1)

    def test_speed_skipping_and_timelapse(self):
        printer = self.printing("x1c")
        self.confirmed(printer, "set_speed", level=3)
        self.assertEqual(self.sim.truth(printer)["speed_level"], 3)
        self.confirmed(printer, "skip_objects", ids=[102])
        self.assertEqual(self.sim.truth(printer)["skipped_objects"], [102])
        self.confirmed(printer, "set_timelapse", on=True)

    def test_home_and_jog_move_exactly_what_was_asked(self):
        for kind in ("a1", "p1s", "x1c"):
            printer = self.printer(kind)
            self.sim.set(printer, "homed", False)
            self.wall.until(printer, lambda s: True, 5)
            wait_for(lambda: self.wall.do(printer, "jog", x=1, until=("refused", "accepted"))[-1]["refusal"] ==
                     "not_homed", 15, "a jog to be refused until homed")
            self.wall.do(printer, "home", until=("confirmed",))
            start = self.sim.truth(printer)["position"]
            moves = [(10, 0, 5), (-3.5, 20, 0), (0, -7.25, 12.5), (0.1, 0.1, 0.1)]
            for x, y, z in moves:
                steps = self.wall.do(printer, "jog", x=x, y=y, z=z, until=("accepted", "refused", "failed", "unknown"))
                self.assertEqual(steps[-1]["phase"], "accepted", steps)
            wanted = [a + sum(move[axis] for move in moves) for axis, a in enumerate(start)]
            moved = self.sim.truth(printer)["position"]
            for axis in range(3):
                self.assertAlmostEqual(moved[axis], wanted[axis], places=6)
            reckoned = self.wall.controls[printer]["position"]
            self.assertAlmostEqual(reckoned["z"], 17.6, places=6)
            steps = self.wall.do(printer, "jog", z=-18)
            self.assertEqual(steps[-1]["refusal"], "outside_volume")

    def test_load_unload_and_the_tray_of_the_next_start(self):
        printer = self.printer("p1s")
        self.sim.set(printer, "tray", {"ams": 0, "slot": 2, "type": "PETG", "preset": "GFG99", "color": "00FF00FF",
                                       "remain": 80})
        steps = wait_for(lambda: [s for s in [self.wall.do(printer, "load_tray", ams_id=0, tray_id=2, limit=120)]
                                  if s[-1]["refusal"] != "tray_empty"], 15, "the spool to be reported")[0]
        self.assertEqual(steps[-1]["phase"], "confirmed", steps)
        self.assertEqual(self.sim.truth(printer)["source"], [0, 2])
        self.confirmed(printer, "unload_filament", limit=120)
        self.confirmed(printer, "select_tray", ams_id=0, tray_id=2)
        self.assertEqual(wait_for(lambda: self.wall.controls[printer]["selected_tray"], 5, "the choice"), "Tray A3")
        self.assertEqual([c for c in self.sim.truth(printer)["commands"]
                          if c["command"] == "ams_change_filament"][2:], [], "a choice is sent nowhere")

    def test_runout_the_replacement_is_loaded_and_the_print_goes_on(self):
        printer = self.printing("p1s")
        for slot in (1, 2):
            self.sim.set(printer, "tray", {"ams": 0, "slot": slot, "type": "PLA", "preset": "GFL99",
                                           "color": "FF0000FF", "remain": 90})
        self.sim.fault(printer, "runout")
        self.wall.until(printer, lambda s: s["filament_runout"], 20)
        in_use = self.sim.truth(printer)["source"]
        slot = 2 if in_use != [0, 2] else 1
        self.confirmed(printer, "select_tray", ams_id=0, tray_id=slot, limit=150)
        truth = self.sim.truth(printer)
        self.assertEqual((truth["gcode_state"], truth["source"]), ("RUNNING", [0, slot]))

    def test_drying(self):
        printer = self.printer("h2d")
        units = [unit for unit in self.sim.truth(printer)["drying"]]
        self.assertTrue(units, "the virtual H2D has a unit that dries")
        steps = self.wall.do(printer, "start_drying", ams_id=0, celsius=55, hours=4, material="PLA")
        self.assertEqual(steps[-1]["phase"], "confirmed", steps)
        self.confirmed(printer, "stop_drying", ams_id=0)

    def test_clearing_an_error(self):
        printer = self.printing("p1s")
        self.sim.fault(printer, "fail", value="0300-4006")
        self.wall.until(printer, lambda s: s["print_error_code"], 20)
        steps = self.confirmed(printer, "clear_fault")
        self.assertEqual(self.sim.truth(printer)["print_error"], 0)
        self.assertIn("FAILED until its next job", steps[-1]["reason"])

    # Refusals and bad lines.

    def test_what_makes_no_sense_is_refused_and_never_sent(self):
        printer = self.printer()
        for do, more, refusal in (("pause", {}, "nothing_to_pause"), ("resume", {}, "nothing_to_resume"),
                                  ("stop", {}, "nothing_to_stop"), ("set_speed", {"level": 2}, "not_printing"),
                                  ("skip_objects", {"ids": [1]}, "not_printing")):
            steps = self.wall.do(printer, do, **more)
            self.assertEqual((steps[-1]["phase"], steps[-1]["refusal"]), ("refused", refusal))
            self.assertTrue(steps[-1]["reason"])
        sent = [c["command"] for c in self.sim.truth(printer)["commands"]]
        self.assertTrue(set(sent) <= {"get_version", "pushall"}, sent)

    def test_no_jog_and_no_home_while_it_prints(self):
        printer = self.printing()
        for do, more in (("jog", {"x": 1}), ("home", {}), ("unload_filament", {}), ("cool_down", {})):
            steps = self.wall.do(printer, do, **more)
            self.assertEqual((steps[-1]["phase"], steps[-1]["refusal"]), ("refused", "busy"))

    def test_offline(self):
        printer = self.printer()
        self.sim.fault(printer, "refuse_connection")
        self.wall.until(printer, lambda s: s["link"] == "offline", 20)
        for do, more in (("home", {}), ("stop", {}), ("set_light", {"on": True})):
            self.assertEqual(self.wall.do(printer, do, **more)[-1]["refusal"], "offline")
        self.sim.clear(printer)

    def test_a_bad_line_is_answered_with_one_sentence(self):
        before = len(self.wall.problems)
        printer = self.sim.printers[0]
        for line in (b"{", b"[]", b"{\"do\":\"fly\",\"printer\":\"x\"}"):
            self.wall.process.stdin.write(line + b"\n")
        self.wall.process.stdin.flush()
        self.wall.send("nobody", "pause")
        self.wall.send(printer, "set_bed_target", celsius="hot")
        self.wall.send(printer, "pause", force=True)
        problems = wait_for(lambda: self.wall.problems[before:] if len(self.wall.problems) >= before + 6 else None,
                            10, "six problems")
        self.assertIn("one JSON object", problems[0])
        self.assertIn("'do' must be one of pause, resume", problems[2])
        self.assertIn("no printer with this id", problems[3])
        self.assertIn("'celsius' must be a whole number", problems[4])
        self.assertIn("not known here", problems[5], "there is no way around the gate")

    # Answers that do not come as they should.

    def test_a_late_answer_is_accepted_late(self):
        printer = self.printing()
        self.sim.fault(printer, "echo_late", value=3)
        steps = self.confirmed(printer, "pause", limit=40)
        self.assertIn("sent", phases(steps))

    def test_an_answer_that_comes_twice_counts_once(self):
        printer = self.printing()
        self.sim.fault(printer, "echo_twice")
        steps = self.confirmed(printer, "pause")
        time.sleep(1)  # for the second one to have come
        mine = [s for s in self.wall.steps(printer) if s["command"] == steps[0]["command"]]
        self.assertEqual(len(mine), len(set(phases(mine))), mine)

    def test_no_answer_but_an_effect_is_confirmed(self):
        printer = self.printing()
        self.sim.fault(printer, "echo_never")
        steps = self.confirmed(printer, "pause")
        self.assertNotIn("accepted", phases(steps))

    def test_silence_is_unknown_and_nothing_is_sent_again(self):
        printer = self.printer("x1c")
        self.sim.fault(printer, "mute_reports")
        steps = self.wall.do(printer, "set_bed_target", celsius=55, limit=40)
        self.assertIn(steps[-1]["phase"], ("unknown",), steps)
        self.sim.clear(printer)
        self.wall.until_online(printer, 30)
        time.sleep(2)
        sent = [c for c in self.sim.truth(printer)["commands"] if c["command"] == "gcode_line"]
        self.assertLessEqual(len(sent), 1, "an acting command is never repeated")

    def test_developer_mode_off_is_recognised_in_each_form(self):
        for form in ("reason", "err_code"):
            printer = self.printer("p1s", "p1p", "a1", "a1-mini")
            self.sim.fault(printer, "developer_mode_off", value=form)
            steps = self.wall.do(printer, "home")
            self.assertEqual(steps[-1]["phase"], "failed", steps)
            self.assertIn("Developer Mode", steps[-1]["reason"])
            self.wall.until(printer, lambda s: s["developer_mode"] is False, 10)
            steps = self.wall.do(printer, "home")
            self.assertEqual(steps[-1]["refusal"], "needs_developer_mode")
            self.confirmed(printer, "set_light", lamp="chamber", on=False)
            self.confirmed(printer, "set_light", lamp="chamber", on=True)
            self.assertTrue(wait_for(lambda: [a for a in self.wall.alarms if a["printer"] == printer and
                                              a["alarm"] == "needs_developer_mode"], 15, "the banner"))

    def test_commands_are_in_the_events_and_in_the_history(self):
        printer = self.printing()
        self.confirmed(printer, "pause")
        events = wait_for(lambda: self.wall.happened(printer, "command"), 10, "the event")
        self.assertEqual(events[-1]["text"], "Pause: done.")

    def test_what_another_client_does_is_shown_as_such(self):
        printer = self.printer()
        known = next(p for p in self.sim.info["printers"] if p["id"] == printer)
        entry = self.sim.config_text().split(f'id = "{printer}"')[1].split("[[printers]]")[0]
        code = re.search(r'access_code = "([^"]+)"', entry).group(1)
        request = json.dumps({"print": {"sequence_id": "20017", "command": "gcode_line", "param": "M106 P1 S0\n"}})
        subprocess.run(["mosquitto_pub", "-h", known["address"], "-p", str(known["port"]), "--cafile",
                        str(self.sim.root / "ca.pem"), "--insecure", "-u", "bblp", "-P", code,
                        "-t", f"device/{known['serial']}/request", "-m", request], check=True, timeout=20)
        wait_for(lambda: self.wall.controls.get(printer, {}).get("foreign") == "gcode_line", 15, "the foreign command")
        self.assertEqual(self.wall.until_event(printer, "foreign_command")[0]["text"],
                         "Another client sent gcode_line.")

    def test_fleet_actions_have_a_result_for_each_printer(self):
        first, second, third = self.printing(), self.printing(), self.printer()
        for printer in (first, second, third):
            self.wall.send(printer, "pause", fleet_action="pause-1")

        def results():
            newest = {}
            for step in list(self.wall.commands):
                if step["fleet_action"] == "pause-1":
                    newest[step["printer"]] = step["phase"]
            wanted = {first: "confirmed", second: "confirmed", third: "refused"}
            return newest if newest == wanted else None
        wait_for(results, 20, "a result for each of the three")


if __name__ == "__main__":
    unittest.main(verbosity=2)
