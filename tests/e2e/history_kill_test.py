"""Kills a program that writes the history at random moments, again and again on the same file: every row that
it said is committed is there, the file is sound, and the next start goes on with it."""

import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

BIN = pathlib.Path(os.environ["FARMWALL_BIN"])
KILLS = 200
# The column of each table that says which number a row has.
NUMBERED = {
    "events": "text",
    "commands": "reason",
    "alarms": "text",
    "prints": "name",
    "samples": "'number ' || percent",
}


class HistoryKill(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-history-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.file = self.folder / "jobs" / "history.db"
        self.seed = int(os.environ.get("FARMWALL_SEED", time.time_ns() % 1_000_000))
        self.chance = random.Random(self.seed)

    def write_and_kill(self, first):
        """Returns the newest number that was printed, or `first`, and how many were."""
        printed = self.folder / "printed"
        with open(printed, "wb") as out, open(self.folder / "said", "wb") as said:
            child = subprocess.Popen([BIN / "history-writer", self.file, str(first)], stdout=out, stderr=said)
            # Some die while they open the file.
            time.sleep(self.chance.choice((0.01, 0.05, 0.15)) * self.chance.random())
            child.send_signal(signal.SIGKILL)
            self.assertEqual(child.wait(), -signal.SIGKILL, (self.folder / "said").read_text())
        # A line that was cut off says nothing.
        lines = printed.read_text().split("\n")[:-1]
        return (int(lines[-1]) if lines else first), len(lines)

    def numbers(self, database, table):
        rows = database.execute(f"SELECT {NUMBERED[table]} FROM {table}").fetchall()
        return [int(text.removeprefix("number ")) for (text,) in rows]

    def check(self, first, newest):
        """Of a run that began after `first` and printed `newest`. Read only, so that the next start
        finds what the kill left. Returns the greatest number of all."""
        database = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        greatest = 0
        try:
            self.assertEqual(database.execute("PRAGMA quick_check").fetchall(), [("ok",)])
            for table in NUMBERED:
                there = self.numbers(database, table)
                missing = set(range(1, newest + 1)) - set(there)
                self.assertFalse(missing, f"{table}: {sorted(missing)[:5]} of {newest}")
                self.assertEqual(len(there), len(set(there)), f"{table}: a row twice")
                greatest = max([greatest, *there])
            # What followed each row was committed as well.
            for table, number, end in (("commands", "reason", "phase = 'confirmed'"),
                                       ("prints", "name", "ended IS NOT NULL AND outcome = 'completed'")):
                ended = database.execute(f"SELECT {number} FROM {table} WHERE {end}").fetchall()
                missing = set(range(first + 1, newest + 1)) - {int(text.removeprefix("number ")) for (text,) in ended}
                self.assertFalse(missing, f"{table}: {sorted(missing)[:5]} of {newest} without their end")
        finally:
            database.close()
        return greatest

    def test_what_was_committed_survives_every_kill(self):
        print(f"seed {self.seed}")
        newest = 0
        all_printed = 0
        silent = 0
        for _ in range(KILLS):
            first = newest
            newest, printed = self.write_and_kill(first)
            all_printed += printed
            silent += printed == 0
            if newest or self.file.exists() and self.has_tables():
                newest = max(newest, self.check(first, newest))
        self.assertEqual(list(self.file.parent.glob("*damaged*")), [])
        # It was killed at work, and before it.
        self.assertGreater(all_printed, KILLS)
        self.assertGreater(silent, 0)
        self.assertLess(silent, KILLS)

    def test_a_disk_that_takes_nothing_more_is_said_and_nothing_committed_is_lost(self):
        def no_file_grows_beyond():
            resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

        # Python ignores SIGXFSZ, and so does the child: writing fails instead.
        full = subprocess.run([BIN / "history-writer", self.file, "0"], preexec_fn=no_file_grows_beyond,
                              restore_signals=False, capture_output=True, text=True, timeout=60)
        self.assertEqual(full.returncode, 1, full.stderr)
        self.assertIn("The history is not written", full.stderr)
        newest = int(full.stdout.split()[-2])  # the last flush was in vain
        self.assertGreater(newest, 50)
        self.check(0, newest)
        self.assertEqual(list(self.file.parent.glob("*damaged*")), [])
        # With space again it goes on with the same file.
        more = subprocess.Popen([BIN / "history-writer", self.file, str(newest + 5)],
                                stdout=subprocess.PIPE, text=True)
        self.assertEqual(int(more.stdout.readline()), newest + 10)
        more.kill()
        more.wait()
        more.stdout.close()
        self.check(newest + 5, newest)

    def has_tables(self):
        database = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)
        try:
            return database.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'samples'").fetchone()[0] == 1
        finally:
            database.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
