"""Kills a program that saves the job queue at random moments, again and again on the same folder: the queue that
is there is always whole, and never older than the newest revision that was said to be on the disk."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ["FARMWALL_BIN"])
KILLS = 200


class QueueKill(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-queue-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.folder = self.home / "jobs"
        (self.home / "source.gcode").write_bytes(b"G28\n" * 50_000)
        self.seed = int(os.environ.get("FARMWALL_SEED", time.time_ns() % 1_000_000))
        self.chance = random.Random(self.seed)

    def write_and_kill(self):
        """Returns what was printed: the revision that was found, then those that were saved."""
        printed = self.home / "printed"
        with open(printed, "wb") as out, open(self.home / "said", "wb") as said:
            child = subprocess.Popen([BIN / "queue-writer", self.folder], stdout=out, stderr=said)
            # Some die while they read the queue.
            time.sleep(self.chance.choice((0.02, 0.06, 0.2)) * self.chance.random())
            child.send_signal(signal.SIGKILL)
            self.assertEqual(child.wait(), -signal.SIGKILL, (self.home / "said").read_text())
        self.assertEqual((self.home / "said").read_text(), "")
        # A line that was cut off says nothing.
        return [int(line) for line in printed.read_text().split("\n")[:-1]]

    def revision(self):
        """Of the queue that is there, read without the program. 0: there is none yet."""
        file = self.folder / "queue.json"
        if not file.exists():
            return 0
        queue = json.loads(file.read_text())
        revision = queue["plates"]["p1"]["free_bytes"]
        self.assertEqual(len(queue["jobs"]), 20)
        self.assertEqual({job["attempts"] for job in queue["jobs"]}, {revision})
        return revision

    def test_a_saved_queue_survives_every_kill(self):
        print(f"seed {self.seed}")
        newest = 0
        saved = 0
        silent = 0
        for _ in range(KILLS):
            there = self.revision()
            printed = self.write_and_kill()
            if printed:
                self.assertEqual(printed[0], there)
                self.assertEqual(printed, sorted(printed))
                newest = max(newest, printed[-1])
            saved += max(0, len(printed) - 1)
            silent += not printed
            self.assertGreaterEqual(self.revision(), newest)
        self.assertEqual(list(self.folder.glob("*damaged*")), [])
        # It was killed at work, and before it.
        self.assertGreater(saved, KILLS)
        self.assertGreater(silent, 0)
        self.assertLess(silent, KILLS)
        # The next start finds no leftovers, and every stored file is whole.
        last = subprocess.Popen([BIN / "queue-writer", self.folder], stdout=subprocess.PIPE)
        last.stdout.readline()
        last.kill()
        last.wait()
        last.stdout.close()
        whole = (self.home / "source.gcode").stat().st_size
        self.assertEqual({file.stat().st_size for file in (self.folder / "files").iterdir()} - {whole}, set())
        self.assertLessEqual(len(list((self.folder / "tmp").iterdir())), 1)
        self.assertLessEqual(len(list(self.folder.glob("*.new-*"))), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
