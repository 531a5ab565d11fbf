"""Alarms through the real program: each cause is shown, rings as it should, stands until somebody
acknowledged it, and is told to a webhook, an ntfy topic and an MQTT broker; no secret is printed."""

import threading
import time
import unittest

from harness import FAST_LINK, Farmwall, Sim, wait_for
from outputs import HOOK_PATH, NTFY_TOPIC, SECRETS, Outputs

REPEAT, ESCALATE = 4, 6
ALARMS = f"""
[alarms]
sound = false
settle_sec = 0.5
repeat_sec = {REPEAT}
escalate_sec = {ESCALATE}
"""
FAST_CAMERA = """
[camera]
frozen_after_sec = 4
jpeg_silence_sec = 7
black_box = false
"""
WITH_CAMERA = "p1s-02"


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.outputs = Outputs()
        cls.sim = Sim("--count", 20, "--seed", 9, "--models", "x1c,p1s", "--speed", 30, "--initial", "idle",
                      "--no-loop", "--camera-size", "320x180", "--jpeg-fps", 2)
        cls.wall = Farmwall(FAST_LINK + FAST_CAMERA + ALARMS + cls.outputs.config() + cls.one_camera(), intents=True)
        cls.names = {}
        for printer in cls.sim.printers:
            cls.names[printer] = cls.wall.until_online(printer, 60)["name"]
        cls.free = [printer for printer in cls.sim.printers if printer != WITH_CAMERA]
        # These two take half a minute to become alarms.
        cls.lost = cls.begun("x1c")
        cls.sim.fault(cls.lost, "refuse_connection")
        cls.sim.set(WITH_CAMERA, "start", {"name": "Cube", "minutes": 600, "layers": 100})
        cls.wall.until(WITH_CAMERA, lambda s: s["printer_state"] == "RUNNING", 60)
        cls.sim.fault(WITH_CAMERA, "camera_freeze")

    @classmethod
    def tearDownClass(cls):
        code = cls.wall.stop()
        text = cls.wall.out.text() + cls.wall.err.text()
        silent = cls.sim.access_codes() + cls.outputs.must_not_be_printed()
        cls.wall.close()
        cls.sim.close()
        cls.outputs.close()
        assert code == 0, f"farmwall ended with {code}: {text[-2000:]}"
        for word in silent:
            assert word not in text, f"printed: {word}"

    @classmethod
    def one_camera(cls):
        head, *printers = cls.sim.config_text().split("[[printers]]")
        return head + "".join("[[printers]]" + (entry if f'id = "{WITH_CAMERA}"' in entry else
                                                entry.rstrip("\n") + "\ncamera_enabled = false\n\n")
                              for entry in printers)

    @classmethod
    def printer(cls, kind=None):
        """One that no other test uses."""
        found = next(p for p in cls.free if kind in (None, cls.wall.now(p)["model"]))
        cls.free.remove(found)
        return found

    @classmethod
    def begun(cls, kind=None):
        """One that prints."""
        printer = cls.printer(kind)
        cls.sim.set(printer, "start", {"name": "Cube", "minutes": 600, "layers": 100, "subtask_id": "7001"})
        cls.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 60)
        return printer

    def stands(self, printer, kind, limit=20, **members):
        """Waits for a standing alarm with these members and returns it."""
        def found():
            alarm = self.wall.alarm(printer, kind)
            return alarm if alarm and all(alarm[key] == value for key, value in members.items()) else None
        try:
            return wait_for(found, limit, f"{kind} of {printer} with {members}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; standing: {self.wall.alarms}; {self.wall.now(printer)}") from None

    def away(self, printer, kind, limit=45):
        wait_for(lambda: self.wall.alarm(printer, kind) is None, limit, f"{kind} of {printer} to be away")

    def acknowledge(self, printer, kind):
        self.wall.send(printer, "acknowledge_alarm", alarm=kind)
        # It may be away at once, where its cause has long been.
        wait_for(lambda: self.outputs.hooks(printer, kind, "acknowledged"), 20, f"{kind} of {printer} acknowledged")

    def told(self, printer, kind, text, title="needs a person", priority="4"):
        """All three outputs got it."""
        for messages in (self.outputs.hooks, self.outputs.published):
            found = wait_for(lambda: messages(printer, kind, "raised"), 20,
                             f"{kind} of {printer} by {messages.__name__}")
            self.assertEqual(len(found), 1, found)
            self.assertEqual((found[0]["text"], found[0]["printer_name"], found[0]["level"]),
                             (text, self.names[printer], 0))
        push = (f"{self.names[printer]}: {title}", priority, text)
        wait_for(lambda: push in self.outputs.pushes(self.names[printer]), 20, f"{push} by ntfy")
        self.assertEqual(self.outputs.pushes(self.names[printer]).count(push), 1)

    def rings_everywhere(self, printer, kind, text, limit=20):
        """Shown, ringing, told, and silent once acknowledged."""
        alarm = self.stands(printer, kind, limit)
        self.assertEqual((alarm["text"], alarm["rings"], alarm["acknowledged"]), (text, True, False))
        self.told(printer, kind, text)
        self.acknowledge(printer, kind)

    # Each kind.

    def test_a_failed_print_names_its_code(self):
        printer = self.begun("p1s")
        self.sim.fault(printer, "fail", value="0300-4006")
        self.rings_everywhere(printer, "print_failed", "Print failed with error 0300-4006.")

    def test_a_runout_names_the_slot(self):
        printer = self.printer("p1s")
        self.sim.set(printer, "tray", {"ams": 0, "slot": 2, "type": "PLA", "preset": "GFL99", "color": "00FF00FF",
                                       "remain": 80})
        wait_for(lambda: self.wall.do(printer, "load_tray", ams_id=0, tray_id=2, limit=120)[-1]["phase"] == "confirmed",
                 30, "the spool to be loaded")
        self.sim.set(printer, "start", {"name": "Cube", "minutes": 600, "layers": 100})
        self.wall.until(printer, lambda s: s["printer_state"] == "RUNNING", 60)
        self.assertEqual(self.sim.truth(printer)["source"], [0, 2])
        self.sim.fault(printer, "runout")
        self.rings_everywhere(printer, "runout", "Filament ran out in tray A3.")

    def test_serious_and_fatal_health_messages(self):
        for severity, word in ((1, "fatal"), (2, "serious")):
            printer = self.printer()
            code = f"0300_0100_000{severity}_0007"
            self.sim.fault(printer, "hms", value=code)
            self.rings_everywhere(printer, "hms_serious", f"HMS_{code} (motion controller, {word}).")

    def test_a_harmless_health_message_is_no_alarm(self):
        printer = self.printer()
        self.sim.fault(printer, "hms", value="0300_0100_0003_0007")
        self.wall.until(printer, lambda s: s["hms"], 20)
        other = self.printer()
        self.sim.fault(other, "hms", value="0300_0100_0002_0008")
        self.stands(other, "hms_serious")
        self.acknowledge(other, "hms_serious")
        self.assertIsNone(self.wall.alarm(printer, "hms_serious"))

    def test_a_pause_by_an_error(self):
        printer = self.begun("x1c")
        self.sim.set(printer, "pause", True)
        self.sim.set(printer, "print_error", 0x03008009)
        self.rings_everywhere(printer, "paused_by_error", "Print paused by error 0300-8009.")

    def test_a_pause_of_ours_is_no_alarm(self):
        printer = self.begun("x1c")
        self.assertEqual(self.wall.do(printer, "pause")[-1]["phase"], "confirmed")
        self.sim.fault(printer, "hms", value="0300_0100_0003_0007")  # something to wait for
        self.wall.until(printer, lambda s: s["hms"], 20)
        time.sleep(1)  # longer than it would take to settle
        self.assertIsNone(self.wall.alarm(printer, "paused_by_error"))

    def test_a_changed_certificate(self):
        printer = self.printer()
        self.sim.fault(printer, "wrong_certificate")
        alarm = self.stands(printer, "certificate_changed", 40)
        self.assertIn("certificate", alarm["text"])
        self.rings_everywhere(printer, "certificate_changed", alarm["text"])

    def test_offline_while_printing(self):
        alarm = self.stands(self.lost, "offline_while_printing", 60)
        self.assertTrue(alarm["text"].startswith("Offline while printing: "), alarm)
        self.rings_everywhere(self.lost, "offline_while_printing", alarm["text"])

    def test_offline_while_idle_is_no_alarm(self):
        printer = self.printer()
        self.sim.fault(printer, "refuse_connection")
        self.wall.until(printer, lambda s: s["link"] == "offline", 20)
        self.stands(self.lost, "offline_while_printing", 60)
        self.assertIsNone(self.wall.alarm(printer, "offline_while_printing"))

    def test_a_camera_that_froze_while_printing(self):
        self.rings_everywhere(WITH_CAMERA, "camera_frozen", "The camera's picture is frozen while the print goes on.",
                              90)

    def only_for_information(self, printer, kind, text):
        alarm = self.stands(printer, kind)
        self.assertEqual((alarm["text"], alarm["rings"], alarm["level"]), (text, False, 0))
        self.told(printer, kind, text, "for information", "3")
        time.sleep(REPEAT + ESCALATE)  # when it would have rung again, had it rung
        self.assertEqual([m["what"] for m in self.outputs.hooks(printer, kind)], ["raised"])
        self.assertEqual(self.stands(printer, kind)["level"], 0)
        self.acknowledge(printer, kind)

    def test_a_finished_print_waits_without_ringing(self):
        printer = self.begun()
        self.sim.set(printer, "finish", True)
        self.wall.until(printer, lambda s: s["printer_state"] == "FINISH", 30)
        self.only_for_information(printer, "waiting_for_clearing", "Finished: the plate waits to be cleared.")

    def test_developer_mode_off_does_not_ring(self):
        printer = self.printer("x1c")
        self.sim.fault(printer, "developer_mode_off", value="reason")
        self.only_for_information(
            printer, "needs_developer_mode",
            "Developer Mode is off: the printer refuses commands until it is switched on there.")

    # How an alarm goes on.

    def test_it_stands_until_acknowledged_and_then_goes_with_its_cause(self):
        printer = self.printer()
        self.sim.fault(printer, "hms", value="0300_0100_0002_0007")
        self.stands(printer, "hms_serious")
        self.sim.clear(printer)
        self.stands(printer, "hms_serious", cause_present=False, acknowledged=False)
        # Nobody came: it rings on although its cause is gone.
        wait_for(lambda: self.outputs.hooks(printer, "hms_serious", "repeated") or
                 self.outputs.hooks(printer, "hms_serious", "escalated"), 20, "it to ring again")
        self.assertFalse(self.stands(printer, "hms_serious")["acknowledged"])
        self.acknowledge(printer, "hms_serious")
        self.away(printer, "hms_serious")
        for messages in (self.outputs.hooks, self.outputs.published):
            wait_for(lambda: messages(printer, "hms_serious", "cleared"), 20, "its end to be told")
            self.assertEqual(messages(printer, "hms_serious")[-1]["what"], "cleared")

    def test_acknowledged_it_is_silent_and_stands_while_its_cause_does(self):
        printer = self.begun()
        self.sim.fault(printer, "runout")
        self.stands(printer, "runout")
        self.acknowledge(printer, "runout")
        self.stands(printer, "runout", acknowledged=True)
        heard = self.outputs.hooks(printer, "runout")
        time.sleep(REPEAT + ESCALATE)
        alarm = self.stands(printer, "runout", acknowledged=True, cause_present=True)
        self.assertEqual(alarm["level"], 0)
        self.assertEqual(self.outputs.hooks(printer, "runout"), heard, "an acknowledged alarm says nothing more")

    def test_snoozed_it_is_silent_and_shown(self):
        printer = self.begun()
        self.sim.fault(printer, "fail", value="0300-4006")
        self.stands(printer, "print_failed")
        self.wall.send(printer, "snooze_alarm", alarm="print_failed", minutes=1)
        self.stands(printer, "print_failed", snoozed=True, acknowledged=False)
        wait_for(lambda: self.outputs.hooks(printer, "print_failed", "snoozed"), 20, "the snooze to be told")
        heard = self.outputs.hooks(printer, "print_failed")
        time.sleep(REPEAT + ESCALATE)
        self.assertEqual(self.outputs.hooks(printer, "print_failed"), heard, "a snoozed alarm says nothing")
        self.acknowledge(printer, "print_failed")
        self.stands(printer, "print_failed", snoozed=False, acknowledged=True)

    def test_nobody_comes_it_repeats_and_becomes_more_urgent(self):
        printer = self.begun()
        self.sim.fault(printer, "fail", value="0300-4008")
        self.stands(printer, "print_failed", level=2, limit=60)
        wait_for(lambda: self.outputs.hooks(printer, "print_failed", "repeated"), 20, "a repeat")
        for messages in (self.outputs.hooks, self.outputs.published):
            escalated = wait_for(lambda: messages(printer, "print_failed", "escalated")[1:], 20, "two escalations")
            self.assertEqual(escalated[0]["level"], 2)
            self.assertEqual(messages(printer, "print_failed", "escalated")[0]["level"], 1)
        pushes = wait_for(lambda: [p for p in self.outputs.pushes(self.names[printer]) if p[1] == "5"], 20, "a push")
        self.assertEqual(pushes[0][0], self.names[printer] + ": nobody has come")
        self.acknowledge(printer, "print_failed")

    # The outputs.

    def test_what_the_webhook_refuses_is_sent_again_until_taken(self):
        printer = self.begun()
        name = self.names[printer]
        statuses = [500, 500]

        def answer(path, body):
            mine = path == HOOK_PATH and f'"printer":"{printer}"' in body
            return statuses.pop(0) if mine and statuses else 200
        self.outputs.web.answer = answer
        begun = time.monotonic()
        self.sim.fault(printer, "fail", value="0300-4010")
        self.stands(printer, "print_failed")
        self.wall.send(printer, "acknowledge_alarm", alarm="print_failed")
        wait_for(lambda: self.outputs.published(printer, "print_failed", "raised") and self.outputs.pushes(name), 10,
                 "the other outputs, which do not wait for the webhook")
        self.assertEqual(self.outputs.hooks(printer), [])
        wait_for(lambda: self.outputs.hooks(printer, "print_failed", "acknowledged"), 30, "the webhook")
        self.assertGreater(time.monotonic() - begun, 6, "1 s and 5 s between the attempts")
        tries = [(post[3], '"what":"raised"' in post[2]) for post in self.outputs.posts(HOOK_PATH)
                 if f'"printer":"{printer}"' in post[2]]
        self.assertEqual(tries, [(500, True), (500, True), (200, True), (200, False)])

    def test_a_test_reaches_all_three_with_their_secrets(self):
        self.wall.intent(do="test_alarm_outputs")
        hook = wait_for(lambda: [p for p in self.outputs.posts(HOOK_PATH) if '"what":"test"' in p[2]], 20,
                        "the webhook")
        self.assertEqual(hook[0][1]["X-Farm"], SECRETS["webhook"])
        push = wait_for(lambda: [p for p in self.outputs.posts("/" + NTFY_TOPIC) if "test" in p[1]["Title"]], 20,
                        "ntfy")
        self.assertEqual(push[0][1]["Authorization"], "Bearer " + SECRETS["ntfy"])
        self.assertEqual(push[0][2], "This is a test. No printer needs anything.")
        wait_for(lambda: [topic for topic, message in self.outputs.broker.messages() if topic.endswith("/test")], 20,
                 "the broker")

    def test_an_alarm_that_is_none_is_answered_with_a_sentence(self):
        before = len(self.wall.problems)
        self.wall.send(self.sim.printers[0], "acknowledge_alarm", alarm="tea")
        self.wall.send(self.sim.printers[0], "snooze_alarm", alarm="runout", minutes=0)
        problems = wait_for(lambda: self.wall.problems[before:][1:] and self.wall.problems[before:], 10, "two problems")
        self.assertIn("'alarm' must be one of print_failed, ", problems[0])
        self.assertIn("'minutes' must be from 1 to 1440", problems[1])


class OutputsThatDoNotWork(unittest.TestCase):
    """Each is said once, in words without an address; the alarms themselves, and the end, are not held up."""

    def setUp(self):
        self.outputs = Outputs()
        self.addCleanup(self.outputs.close)
        self.sim = Sim("--count", 1, "--seed", 9, "--models", "p1s", "--initial", "idle", "--no-cameras")
        self.addCleanup(self.sim.close)
        self.printer, = self.sim.printers

    def raise_one(self, config, *said):
        """Starts, raises an alarm, waits for these words about the outputs, and stops in good time."""
        wall = Farmwall(FAST_LINK + ALARMS + config + self.sim.config_text(), "--verbose", intents=True)
        self.addCleanup(wall.close)
        wall.until_online(self.printer, 40)
        self.sim.fault(self.printer, "hms", value="0300_0100_0002_0007")
        wait_for(lambda: wall.alarm(self.printer, "hms_serious"), 20, "the alarm")
        for words in said:
            wait_for(lambda: words in wall.err.text(), 30, f"{words} in {wall.err.text()[-2000:]}")
        wall.send(self.printer, "acknowledge_alarm", alarm="hms_serious")
        wait_for(lambda: wall.alarm(self.printer, "hms_serious")["acknowledged"], 10, "the acknowledgement")
        begun = time.monotonic()
        self.assertEqual(wall.stop(10), 0)
        self.assertLess(time.monotonic() - begun, 5)
        text = wall.out.text() + wall.err.text()
        for word in self.outputs.must_not_be_printed():
            self.assertNotIn(word, text)
        return wall.err.text()

    def test_nobody_is_there(self):
        config = self.outputs.config()
        self.outputs.web.close()
        self.outputs.broker.process.terminate()
        self.outputs.broker.process.wait(10)
        self.raise_one(config, "alarms: webhook: ", "alarms: ntfy: ", "alarms: mqtt: The broker cannot be reached")

    def test_a_wrong_password(self):
        (self.outputs.folder / "mqtt").write_text("another-word-2204")
        self.outputs.web.answer = lambda path, body: 403
        said = self.raise_one(self.outputs.config(), "alarms: webhook: ", "alarms: ntfy: ",
                              "alarms: mqtt: The broker refuses the login")
        self.assertNotIn("another-word-2204", said)
        self.assertEqual(said.count("warning alarms: webhook: The"), 1, said)

    def test_one_that_never_answers(self):
        given_up = threading.Event()
        self.addCleanup(given_up.set)

        def answer(path, body):
            given_up.wait(60)
            return 200
        self.outputs.web.answer = answer
        self.raise_one(self.outputs.config(), "alarms: mqtt: The last message arrived.")


if __name__ == "__main__":
    unittest.main(verbosity=2)
