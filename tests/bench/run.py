"""Runs the measurements of docs/PERFORMANCE.md. Each line: NAME median unit quartiles goal met|not.
Ours and the reference are interleaved A B B A in the same run; the median of the pairs' ratios counts."""

import signal
import sys

import camera_goals
import farm_goals
import screen_goals
from measure import Pace, note

# A file of goals a subject; the names of all of them are scripts/bench's words.
ALL = {**farm_goals.GOALS, **camera_goals.GOALS, **screen_goals.GOALS}
GROUPS = {"camera": [*camera_goals.GOALS, *screen_goals.GOALS]}


def main():
    # So that what was started ends whatever ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    words = [word for word in sys.argv[1:] if word != "--quick"]
    Pace.quick = "--quick" in sys.argv
    names = []
    for word in words or list(ALL):
        if word not in ALL and word not in GROUPS:
            raise SystemExit(f"scripts/bench: unknown name '{word}'; allowed are {', '.join([*ALL, *GROUPS])}.")
        names += GROUPS.get(word, [word])
    print("NAME                 median           quartiles            goal")
    if Pace.quick:
        note("--quick: fewer pairs and shorter spans of the cameras' goals; good for a look, not for a verdict")
    broken = False
    for name in names:
        try:
            ALL[name]()
        except SystemExit as end:
            if not isinstance(end.code, str):
                raise
            broken = True  # the goals that follow can still be measured
            print(f"{name:18}  BROKEN  {end.code}", flush=True)
    sys.exit(1 if broken else 0)


main()
