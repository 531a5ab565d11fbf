"""P6: what drawing costs where the CPU draws, measured inside one process by bench-ui."""

import json
import subprocess

from measure import BIN, Pace, line


def p6():
    pairs = Pace.pairs(20, 6)
    done = subprocess.run([BIN / "bench-ui", "--pairs", str(pairs)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"bench-ui ended with {done.returncode}: {done.stderr.decode()[-300:]}")
    found = json.loads(done.stdout)
    for name, goal in (("P6-frame", 1.3), ("P6-tile", 0.12)):
        ratio = found[name]
        line(name, [ratio["q1"], ratio["median"], ratio["q3"]], goal)
    line("P6-build", [found["P6-build-ms"]], 1, "ms p99")


GOALS = {"P6": p6}
