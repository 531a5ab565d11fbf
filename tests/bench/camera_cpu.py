"""What the cameras cost: P1 to P4, each against its reference in the same run."""

import os
import statistics
import time

from camera_common import (BIG, DRAWN_RATE, GOP, HALF, OLD_RATE, RATE, TILE, UNSEEN, DrawnFarm, cameras, clip, complete,
                           needs)
from camera_parts import BROWSER, Bare, OldPage, OldPipelines, Ours
from measure import Pace, alternate, line, note, side_by_side, system_calls


# P1: one camera, every picture.

def p1():
    """A camera at full rate at exactly half size, as planes, against decoding it and nothing else. All of
    them watch the same clip in the same seconds, so that every window is a pair."""
    if not needs("P1"):
        return
    with cameras(rtsps=1) as servers:
        target = servers.of("rtsps")
        cores, right = side_by_side_of([lambda: Bare(target), lambda: Ours(target, [HALF]), lambda: Bare(target)],
                                       Pace.pairs(24, 10))
        line("P1", ratios(cores, 1), 1.08, counts_right=right)
        note(f"bare {statistics.median(cores[0]):.3f} core, against itself {statistics.median(ratios(cores, 2)):.3f}")
        cores, right = side_by_side_of([lambda: Bare(target), lambda: Ours(target, [BIG]),
                                        lambda: Ours(target, [HALF], layout="rgba")], Pace.pairs(12, 5))
        note(f"as sent, planes of 1920x1080: {statistics.median(ratios(cores, 1)):.3f}; at half size as RGBA, which a "
             f"screen of software GL wants: {statistics.median(ratios(cores, 2)):.3f}")


def ratios(cores, which):
    return [mine / bare for mine, bare in zip(cores[which], cores[0])]


def side_by_side_of(makers, windows, seconds=2.0):
    """CPU of programs that run side by side, in windows, and whether each got every picture of its camera."""
    programs = []
    try:
        for make in makers:
            programs.append(make())
            programs[-1].wait_for_pictures()
        time.sleep(Pace.warm_up())
        before, begin = [program.counts()[0] for program in programs], time.monotonic()
        cores = side_by_side([program.pid for program in programs], windows, seconds)
        elapsed = time.monotonic() - begin
        rates = [(program.counts()[0] - old) / elapsed for program, old in zip(programs, before)]
    finally:
        for program in programs:
            program.close()
    return cores, complete("side by side", rates, [RATE] * len(programs))


# P2: the adaptive wall.

def pipelines_measured(wanted):
    """How many old pipelines fit this machine beside a server; each is a process of its own, so that more
    cost in proportion."""
    return min(wanted, max(os.cpu_count() or 1, 2))


def old_pipelines(servers, wanted):
    """CPU of `wanted` old pipelines; whether all their pictures came; their PSS."""
    fitting = pipelines_measured(wanted)
    with OldPipelines(servers.of("rtsps")[:fitting]) as old:
        run = old.steady()
    right = complete("old pipelines", run.pictures, [OLD_RATE] * fitting, 0.05)
    return run.core * wanted / fitting, right, run.pss * wanted / fitting


def wall_headless(servers):
    with Ours(servers.of("rtsps"), [BIG] + [TILE] * (len(servers.of("rtsps")) - 1)) as ours:
        ours.wait_for_first()
        run = ours.steady()
    right = complete("ours", run.pictures, [RATE] + [1 / GOP] * (len(run.pictures) - 1), 0.05)
    limit = GOP + 0.3
    if run.more["oldest"] > limit:
        note(f"ours: a picture was {run.more['oldest']:.2f} s old, more than {limit:.1f}")
    return run, right and run.more["oldest"] <= limit


def p2(count=16):
    if not needs("P2"):
        return
    with cameras(rtsps=count) as servers:
        ours, old = alternate(Pace.pairs(4, 2), lambda: wall_headless(servers), lambda: old_pipelines(servers, count))
    right = all(fine for _, fine in ours) and all(entry[1] for entry in old)
    line("P2", [run.core / entry[0] for (run, _), entry in zip(ours, old)], 0.09, counts_right=right)
    note(f"ours {statistics.median(run.core for run, _ in ours):.3f} core, oldest picture "
         f"{max(run.more['oldest'] for run, _ in ours):.2f} s; {count} old pipelines "
         f"{statistics.median(entry[0] for entry in old):.2f} core, of which {pipelines_measured(count)} were run")


# P3: the same pictures, drawn.

def old_page(servers, wanted):
    """CPU of the old wall: its pipelines, and its server and browser with as many ready pictures. Measured
    one after the other, because both together do not fit a small machine. Whether all pictures came; PSS."""
    core, right, pss = old_pipelines(servers, wanted)
    with OldPage(servers.of("rtsps")[:wanted], clip() / "wall") as page:
        run = page.steady()
    return core + run.core, complete("old wall", run.pictures, [OLD_RATE] * wanted, 0.05) and right, pss + run.pss


def p2_drawn(count=16):
    """The wall in its window, one printer of which needs hands and therefore moves."""
    if not needs("P2-drawn", (BROWSER, "chromium"), ("Xvfb", "xvfb")):
        return
    with DrawnFarm(count) as farm:
        farm.sim.ask(do="set", printer=0, what="start", value="bench")
        farm.sim.ask(do="fault", printer=0, fault="runout")
        expected = [DRAWN_RATE] + [1 / GOP] * (count - 1)
        ours, old = alternate(Pace.pairs(3, 1), lambda: farm.ours(expected, 0.1), lambda: old_page(farm.servers, count))
    limit = GOP + 0.3
    oldest = max(run.more["oldest"] for run, _ in ours)
    right = all(fine for _, fine in ours) and all(entry[1] for entry in old) and oldest <= limit
    line("P2-drawn", [run.core / entry[0] for (run, _), entry in zip(ours, old)], 0.11, counts_right=right)
    note(f"ours {statistics.median(run.core for run, _ in ours):.3f} core, oldest picture on the screen {oldest:.2f} s "
         f"(limit {limit:.1f}); old wall {statistics.median(entry[0] for entry in old):.2f} core, of whose pipelines "
         f"{pipelines_measured(count)} were run")
    line("P8-wall-16", [max(run.pss for run, _ in ours) / 1e6], 200, "MB")


def p3(count=4):
    """Four cameras side by side, drawn, every picture that a screen of software GL shows."""
    if needs("P3-5fps", (BROWSER, "chromium"), ("Xvfb", "xvfb")):
        with DrawnFarm(count) as farm:
            ours, old = alternate(Pace.pairs(3, 1), lambda: farm.ours([OLD_RATE] * count, 0.05),
                                  lambda: old_page(farm.servers, count))
        right = all(fine for _, fine in ours) and all(entry[1] for entry in old)
        line("P3-5fps", [run.core / entry[0] for (run, _), entry in zip(ours, old)], 0.5, counts_right=right)
        rate = statistics.median(min(run.pictures) for run, _ in ours)
        note(f"ours showed {rate:.1f} pictures a second of each camera, the old wall 5: ours "
             f"{statistics.median(run.core for run, _ in ours):.3f}, old wall "
             f"{statistics.median(entry[0] for entry in old):.2f} core")
        line("P8-full-4", [run.pss / entry[2] for (run, _), entry in zip(ours, old)], 0.15, "x PSS")
        note("both with their windows; the old wall's memory is that of its pipelines, server and browser")
    if needs("P3-15fps", ("mpv", "mpv"), ("Xvfb", "xvfb")):
        with DrawnFarm(count) as farm:
            ours, old = alternate(Pace.pairs(4, 1), lambda: farm.ours([DRAWN_RATE] * count, 0.1),
                                  lambda: farm.mosaic(DRAWN_RATE))
        right = all(fine for _, fine in ours) and all(fine for _, fine in old)
        line("P3-15fps", [mine.core / theirs.core for (mine, _), (theirs, _) in zip(ours, old)], 1.05,
             counts_right=right)
        note(f"ours {statistics.median(run.core for run, _ in ours):.3f} core and "
             f"{statistics.median(min(run.pictures) for run, _ in ours):.1f} pictures a second, mpv "
             f"{statistics.median(run.core for run, _ in old):.3f} and "
             f"{statistics.median(min(run.pictures) for run, _ in old):.1f}")


# P4: cameras that nobody sees.

def p4(count=16):
    if not needs("P4"):
        return
    seconds, windows = 2.0, Pace.pairs(24, 8)
    with cameras(rtsps=count) as servers:
        target = servers.of("rtsps")
        made = [Bare(target, decode=False), Ours(target, [UNSEEN] * count)]
        try:
            time.sleep(Pace.warm_up())
            before, begin = received(made), time.monotonic()
            cores = side_by_side([program.pid for program in made], windows, seconds)
            elapsed, after = time.monotonic() - begin, received(made)
            rates = [(b - a) / elapsed / count for a, b in zip(before, after)]
            calls = [system_calls(program.pid) / count for program in made]
        finally:
            for program in made:
                program.close()
    right = complete("P4", rates, [RATE] * 2, 0.06)  # ours tells its packets every two seconds
    line("P4", [mine / bare for bare, mine in zip(*cores)], 0.45, counts_right=right)
    line("P4-calls", [calls[1]], 60, "calls/s")
    note(f"a camera: ours {1000 * statistics.median(cores[1]) / count:.2f} and libavformat "
         f"{1000 * statistics.median(cores[0]) / count:.2f} thousandths of a core; libavformat {calls[0]:.0f} "
         "system calls a second")


def received(programs):
    """Packets so far of the reference and of ours."""
    return programs[0].counts()[0], sum(camera["packets"] for camera in programs[1].now()["cameras"])
