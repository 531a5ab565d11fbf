"""The goals of the cameras: each function measures one and prints its lines."""

import functools
import json
import os
import statistics

import camera_clips
from camera_parts import BROWSER, Bare, Mpv, OldPage, OldPipelines, Ours
from camera_servers import Servers
from measure import PROJECT, Display, Pace, alternate, line, missing, note, side_by_side, skipped

KEEP = PROJECT / "build" / "bench-clips"
GOP = camera_clips.GOP / camera_clips.RATE
RATE = camera_clips.RATE
UNSEEN, TILE, BIG, HALF = (0, 0, False, False), (480, 270, False, False), (1920, 1080, True, False), (960, 540, True, False)


@functools.cache
def clip():
    return camera_clips.clips(KEEP)


def cameras(rtsps=0, jpeg=0, **more):
    return Servers(clip(), KEEP / "certificates", rtsps, jpeg, **more)


def needs(name, *programs):
    """False, and said aloud, where a program that the goal compares with is missing."""
    why = missing(("ffmpeg", "ffmpeg"), *programs)
    if why:
        skipped(name, why)
    return why is None


def complete(what, got, expected, allowed=0.02):
    """Whether as many pictures a second came as should; said when not."""
    short = [index for index, rate in enumerate(got) if rate < expected[index] * (1 - allowed)]
    for index in short[:3]:
        note(f"{what}: camera {index} gave {got[index]:.2f} of {expected[index]:.2f} pictures a second")
    return not short


# P1: one camera, every picture.

def p1():
    """A camera at full rate at exactly half size, as planes, against decoding it and nothing else."""
    if not needs("P1"):
        return
    seconds, windows = 2.0, Pace.pairs(24, 8)
    with cameras(rtsps=1) as servers:
        target = servers.of("rtsps")
        made = [Bare(target), Ours(target, [HALF]), Bare(target), Ours(target, [BIG]),
                Ours(target, [HALF], layout="rgba")]
        try:
            cores, rates = watched(made, windows, seconds)
        finally:
            for program in made:
                program.close()
    right = complete("P1", rates, [RATE] * len(made))
    ratio = [[mine / bare for mine, bare in zip(core, cores[0])] for core in cores]
    line("P1", ratio[1], 1.08, counts_right=right)
    note(f"of the same seconds: bare against itself {statistics.median(ratio[2]):.3f}, ours as sent "
         f"{statistics.median(ratio[3]):.3f}, ours at half size as RGBA {statistics.median(ratio[4]):.3f}; "
         f"bare {statistics.median(cores[0]):.3f} core")


def watched(programs, windows, seconds):
    """CPU of programs that run side by side, in windows, and the pictures each made of its first camera."""
    import time
    time.sleep(Pace.warm_up())
    before, begin = [program.counts()[0] for program in programs], time.monotonic()
    cores = side_by_side([program.pid for program in programs], windows, seconds)
    elapsed = time.monotonic() - begin
    return cores, [(program.counts()[0] - old) / elapsed for program, old in zip(programs, before)]


# P2: the adaptive wall.

def pipelines_measured(wanted):
    """How many old pipelines fit this machine beside a server; each is a process of its own, so that more
    cost in proportion."""
    return min(wanted, max(os.cpu_count() or 1, 2))


def old_pipelines(servers, wanted):
    """CPU of `wanted` old pipelines; whether all their pictures came."""
    fitting = pipelines_measured(wanted)
    with OldPipelines(servers.of("rtsps")[:fitting]) as old:
        run = old.steady()
    return run.core * wanted / fitting, complete("old pipelines", run.pictures, [5] * fitting, 0.05)


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
    right = all(fine for _, fine in ours) and all(fine for _, fine in old)
    line("P2", [mine.core / theirs for (mine, _), (theirs, _) in zip(ours, old)], 0.09, counts_right=right)
    note(f"ours {statistics.median(run.core for run, _ in ours):.3f} core, oldest picture "
         f"{max(run.more['oldest'] for run, _ in ours):.2f} s; {count} old pipelines "
         f"{statistics.median(core for core, _ in old):.2f} core, of which {pipelines_measured(count)} were run")


# P3: the same pictures, drawn.

def old_page(servers, wanted):
    """CPU of the old wall: its pipelines, and its server and browser with as many ready pictures. Measured
    one after the other, because both together do not fit a small machine."""
    pipes, pipes_right = old_pipelines(servers, wanted)
    with OldPage(servers.of("rtsps")[:wanted], clip() / "wall") as page:
        run = page.steady()
        pss = run.pss
    return pipes + run.core, pipes_right and complete("old wall", run.pictures, [5] * wanted, 0.05), pss


def mosaic(servers, display):
    with Mpv(servers.of("rtsps"), display, fps=15) as player:
        run = player.steady()
    return run, complete("mpv", run.pictures, [15], 0.05)


# P4: cameras that nobody sees.

def p4(count=16):
    if not needs("P4"):
        return
    seconds, windows = 2.0, Pace.pairs(24, 8)
    with cameras(rtsps=count) as servers:
        target = servers.of("rtsps")
        made = [Bare(target, decode=False), Ours(target, [UNSEEN] * count)]
        try:
            import time
            time.sleep(Pace.warm_up())
            before, begin = received(made), time.monotonic()
            cores = side_by_side([program.pid for program in made], windows, seconds)
            elapsed, after = time.monotonic() - begin, received(made)
            rates = [(b - a) / elapsed / count for a, b in zip(before, after)]
            calls = [system_calls(program.pid) / count for program in made]
        finally:
            for program in made:
                program.close()
    right = complete("P4", rates, [RATE] * 2)
    line("P4", [mine / bare for bare, mine in zip(*cores)], 0.45, counts_right=right)
    line("P4-calls", [calls[1]], 60, "calls/s")
    note(f"a camera: ours {1000 * statistics.median(cores[1]) / count:.2f} and libavformat "
         f"{1000 * statistics.median(cores[0]) / count:.2f} thousandths of a core; libavformat {calls[0]:.0f} system calls a second")


def received(programs):
    """Packets so far of the reference and of ours."""
    return programs[0].counts()[0], sum(camera["packets"] for camera in programs[1].now()["cameras"])
