"""`farmwall --demo`: starts its own farm, shows it, and leaves nothing behind."""

import glob
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import BIN, Reader, wait_for


def processes(word):
    """The command lines of the running processes that contain the word."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            text = pathlib.Path(path).read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if word in text:
            found.append(text)
    return found


class Demo(unittest.TestCase):
    def test_demo_shows_twelve_printers_and_leaves_nothing(self):
        with tempfile.TemporaryDirectory(prefix="farmwall-e2e-demo-") as temporary:
            wall = subprocess.Popen([BIN / "farmwall", "--demo", "--headless", "--watch"],
                                    env=dict(os.environ, TMPDIR=temporary), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            statuses = {}
            out = Reader(wall.stdout, lambda line: statuses.__setitem__(json.loads(line).get("id"), json.loads(line)))
            err = Reader(wall.stderr)
            try:
                wait_for(lambda: wall.poll() is not None or sum(
                    1 for s in list(statuses.values()) if s.get("full_report_seen")) >= 9, 60,
                    "nine printers with a full report")
                self.assertIsNone(wall.poll(), err.text())
                self.assertEqual(len([k for k in statuses if k]), 12)
                # One of each kind of trouble.
                conditions = lambda: {s.get("condition") for s in list(statuses.values())}
                for condition in ("PRINTING", "RUN OUT", "FAILED", "FINISHED", "OFFLINE", "REFUSED"):
                    wait_for(lambda: condition in conditions(), 30, f"a printer that is {condition}")
                folder, = pathlib.Path(temporary).glob("farmwall-demo-*")
                self.assertEqual(folder.stat().st_mode & 0o077, 0, "the demo's folder is private")
                config = (folder / "config.toml").read_text()
                codes = re.findall(r'access_code = "([^"]+)"', config)
                self.assertEqual(len(codes), 12)
                for code in codes:
                    self.assertFalse(processes(code), "an access code is in a command line")
            finally:
                wall.terminate()
                code = wall.wait(10)
            out.join(2)
            err.join(2)
            self.assertEqual(code, 0, err.text())
            for secret in codes:
                self.assertNotIn(secret, out.text() + err.text())
            wait_for(lambda: not processes(temporary), 5, "the virtual farm's processes to end")
            self.assertEqual(list(pathlib.Path(temporary).iterdir()), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
