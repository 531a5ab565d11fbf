"""What the cameras keep, how quickly they show and how they heal: P8, P9 and P11."""

import contextlib
import statistics
import time

import camera_clips
from camera_common import DRAWN_RATE, GOP, HALF, RATE, TILE, DrawnFarm, cameras, needs
from camera_parts import Mpv, Ours, OursDrawn, handles_of, threads_of
from measure import Pace, alternate, line, note


def quantile(values, share):
    if not values:
        return float("nan")
    values = sorted(values)
    return values[min(int(share * len(values)), len(values) - 1)]


# P8: memory.

def memory_at(servers, kind, wish, count):
    with Ours(servers.of(kind)[:count], [wish] * count) as ours:
        ours.wait_for_first(30)
        time.sleep(Pace.warm_up())
        return ours.memory()


def p8():
    """Memory of one camera more."""
    counts = {"P8-key-tile": ("rtsps", TILE, (4, 8, 16), 1), "P8-jpeg": ("jpeg", TILE, (4, 8, 16), 0.6),
              "P8-full": ("rtsps", HALF, (1, 2, 4), 15)}
    if not needs("P8"):
        return
    with cameras(rtsps=16, jpeg=16) as servers:
        for name, (kind, wish, steps, goal) in counts.items():
            taken = [memory_at(servers, kind, wish, count) for count in steps]
            slopes = [[(more[which] - less[which]) / (many - few) / 1e6
                       for few, many, less, more in zip(steps, steps[1:], taken, taken[1:])] for which in (0, 1)]
            whole = [(taken[-1][which] - taken[0][which]) / (steps[-1] - steps[0]) / 1e6 for which in (0, 1)]
            between = ", ".join(f"{slope:.2f}" for slope in slopes[0])
            line(name, [whole[0]], goal, "MB PSS")
            note(f"{steps[0]} to {steps[-1]} cameras; between the steps {between}; RSS {whole[1]:.2f} MB; "
                 f"with {steps[-1]} cameras {taken[-1][0] / 1e6:.0f} MB in all")
    note("without the black box, whose packets have a bound of their own for all cameras together")


# P9: how soon a picture is there.

def p9_board(count=16):
    """From the last packet of a picture to the decoded picture on the board, without a window."""
    if not needs("P9-board"):
        return
    seconds = 8 if Pace.quick else 22
    with cameras(rtsps=count) as servers:
        with Ours(servers.of("rtsps"), [HALF] + [TILE] * (count - 1), record=True) as ours:
            ours.wait_for_first()
            time.sleep(Pace.warm_up())
            ours.ask("pictures")
            begin = time.monotonic()
            time.sleep(seconds)
            pictures = ours.ask("pictures")
            told = servers.ask("report", since=begin - 2)
    since_sent, since_arrival, unknown = [], [], 0
    for camera, number, on_board, arrived in pictures:
        sent = [at for at, pushed, _ in told[camera]["pushes"] if pushed == number and at <= on_board]
        since_arrival.append(on_board - arrived)
        if sent:
            since_sent.append(on_board - sent[-1])
        else:
            unknown += 1
    focused = [number for camera, number, _, _ in pictures if camera == 0]
    skipped_over = sum((after - before) % camera_clips.PICTURES != 1 for before, after in zip(focused, focused[1:]))
    right = skipped_over == 0 and len(focused) >= RATE * seconds * 0.98 and unknown == 0
    if not right:
        note(f"of the focused camera {len(focused)} of {RATE * seconds} pictures came, {skipped_over} gaps; "
             f"{unknown} pictures of all could not be told")
    line("P9-board-p50", [1000 * quantile(since_sent, 0.5)], 25, "ms", right)
    line("P9-board-p99", [1000 * quantile(since_sent, 0.99)], 60, "ms", right)
    note(f"from the server's hand to the board, {len(since_sent)} pictures of {count} cameras, one at full rate; since "
         f"the last byte arrived p50 {1000 * quantile(since_arrival, 0.5):.1f}, p95 "
         f"{1000 * quantile(since_arrival, 0.95):.1f}, p99 {1000 * quantile(since_arrival, 0.99):.1f} ms")


def p9_key(count=8):
    """From the first key frame on the wire to the first picture, each time with new connections."""
    if not needs("P9-key"):
        return
    waits = []
    with cameras(rtsps=count) as servers:
        for _ in range(Pace.pairs(4, 2)):
            begin = time.monotonic()
            with Ours(servers.of("rtsps"), [HALF] * 2 + [TILE] * (count - 2)) as ours:
                firsts = ours.wait_for_first()
            for camera, first in zip(servers.ask("report", since=begin), firsts):
                keys = [at for at, _, key in camera["pushes"] if key and at >= camera["played"][0]]
                # A key frame that was sent with the answer to PLAY counts as sent then.
                waits.append(first - min(keys[0], first) if keys else 0)
            servers.wait_for_none()
    line("P9-key", [1000 * quantile(waits, 0.95)], 60, "ms")
    note(f"95 of 100 first pictures of {len(waits)}; p50 {1000 * quantile(waits, 0.5):.1f} ms")


def first_shown(program, fields, seconds=20):
    """Seconds from the start of a program until every camera is on the screen."""
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        if all(program.screen.shown(field) is not None for field in fields):
            return now - program.spawned
        time.sleep(0.002)
    raise SystemExit("a camera did not appear on the screen")


def window_up(program, seconds=10):
    """Seconds from the start of a program until something is drawn."""
    screen = program.screen
    rows = [screen.begin + y * screen.row for y in range(8, screen.height, 97)]
    blank = [screen.pixels[row:row + screen.row] for row in rows]
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        if any(screen.pixels[row:row + screen.row] != old for row, old in zip(rows, blank)):
            return now - program.spawned
        time.sleep(0.002)
    return seconds


def p9_screen(count=4):
    """From the server's hand to the screen, and from the start of the program to all first pictures."""
    if not needs("P9-screen", ("mpv", "mpv"), ("Xvfb", "xvfb")):
        return
    with DrawnFarm(count) as farm:
        target = farm.servers.of("rtsps")
        places = {}

        def begin(make):
            return contextlib.closing(make())

        def ours():
            return OursDrawn(farm.config, farm.screen)

        def player():
            return Mpv(target, farm.screen, DRAWN_RATE)

        waits = {}
        for who, make in (("ours", ours), ("mpv", player)):
            with begin(make) as program:
                program.appear(count)
                places[who] = program.fields
                time.sleep(Pace.warm_up())
                seen = farm.screen.watch(program.fields, 5 if Pace.quick else 15, 0.002)
                waits[who] = shown_after(farm.servers, seen)
        up = []

        def time_of(who, make):
            farm.servers.wait_for_none()
            with begin(make) as program:
                if who == "ours":
                    up.append(window_up(program))
                return first_shown(program, places[who])

        mine, other = alternate(Pace.pairs(8, 2), lambda: time_of("ours", ours), lambda: time_of("mpv", player))
    line("P9-screen-p50", [1000 * quantile(waits["ours"], 0.5)], 25, "ms")
    line("P9-screen-p99", [1000 * quantile(waits["ours"], 0.99)], 60, "ms")
    note(f"{count} cameras, {len(waits['ours'])} pictures; mpv p50 {1000 * quantile(waits['mpv'], 0.5):.0f}, p99 "
         f"{1000 * quantile(waits['mpv'], 0.99):.0f} ms")
    line("P9-first", [a / b for a, b in zip(mine, other)], 0.6)
    note(f"start to all {count} first pictures: ours {statistics.median(mine):.2f} s, mpv "
         f"{statistics.median(other):.2f} s")
    line("P9-window", up, 0.5, "s")


def shown_after(servers, seen):
    """Of pictures on the screen: seconds since the server had sent each."""
    if not seen:
        return []
    told = servers.ask("report", since=seen[0][0] - 15)
    sent = [{number: at for at, number, _ in camera["pushes"]} for camera in told]
    first = {}
    for at, index, _ in seen:
        first.setdefault(index, at)
    return [at - sent[index][number] for at, index, number in seen
            if number in sent[index] and at > first[index] and at >= sent[index][number]]


# P11: healing.

def back_after(servers, ours, targets, outage):
    """Closes these cameras for so long; seconds from listening again to the next picture, one a camera."""
    before = ours.counts()
    servers.ask("close")
    time.sleep(outage)
    servers.ask("listen")
    listening = time.monotonic()
    back, end = {}, listening + 30
    closed_at = ours.counts()
    while len(back) < len(targets) and time.monotonic() < end:
        for index, count in enumerate(ours.counts()):
            if index not in back and count > max(before[index], closed_at[index]):
                back[index] = time.monotonic() - listening
        time.sleep(0.01)
    return [back.get(index, 99.0) for index in range(len(targets))]


def stall_noticed(servers, ours, target):
    """Seconds from the last picture that was sent until the picture is called stale."""
    ours.ask("states")
    begin = time.monotonic()
    servers.ask("stall", target)
    end = begin + 10
    while time.monotonic() < end:
        time.sleep(0.05)
        stale = [at for at, camera, word, _ in ours.ask("states") if camera == target.index and word == "STALE"]
        if stale:
            last = servers.ask("report", target, since=begin - 2)[0]["pushes"][-1][0]
            servers.ask("resume", target)
            return stale[0] - last
    servers.ask("resume", target)
    return 10.0


def one_round(servers, ours, count, closing):
    """A fault at every camera at once, and all pictures back."""
    servers.ask("close" if closing else "cut")
    if closing:
        time.sleep(0.3)
        servers.ask("listen")
    time.sleep(0.2)
    before, end = ours.counts(), time.monotonic() + 20
    for index in range(count):
        ours.ask(f"connect {index}")  # as when the printer itself is heard again
    while time.monotonic() < end:
        time.sleep(0.05)
        if all(now > old for now, old in zip(ours.counts(), before)):
            return
    raise SystemExit("after a fault a picture did not come back within 20 s")


def p11(count=16):
    if not needs("P11"):
        return
    wishes = [HALF] + [TILE] * (count - 1)
    with cameras(rtsps=count) as servers:
        targets = servers.of("rtsps")
        with Ours(targets, wishes) as ours:
            ours.wait_for_first()
            time.sleep(Pace.warm_up())
            back = back_after(servers, ours, targets, 0.5)
            stalls = [stall_noticed(servers, ours, target) for target in targets[:Pace.pairs(6, 2)]]
            long_back = [] if Pace.quick else back_after(servers, ours, targets, 10)
        line("P11-back", [max(back)], GOP + 0.5, "s")
        note(f"the last of {count} cameras that were away for half a second; median {statistics.median(back):.2f} s")
        if long_back:
            note(f"away for 10 s and nobody tells that they are back: median {statistics.median(long_back):.2f}, last "
                 f"{max(long_back):.2f} s")
        line("P11-stall", [max(stalls)], 3.1, "s")
        note("3 s after the last picture, and a tenth to say so")
        faults(servers, targets, wishes)


def faults(servers, targets, wishes):
    """Many faults at all cameras: nothing grows, and no camera ever sees two connections."""
    rounds = Pace.pairs(13, 4)
    with Ours(targets, wishes) as ours:
        ours.wait_for_first()
        time.sleep(Pace.warm_up())
        for closing in (True, False, True):
            one_round(servers, ours, len(targets), closing)
        time.sleep(3)
        before = ours.memory()[1], handles_of(ours.pid), threads_of(ours.pid)
        for turn in range(rounds):
            one_round(servers, ours, len(targets), turn % 2 == 0)
        time.sleep(3)
        after = ours.memory()[1], handles_of(ours.pid), threads_of(ours.pid)
        most = max(camera["most_open"] for camera in servers.ask("report"))
    line("P11-faults-rss", [(after[0] - before[0]) / 1e6], 1, "MB")
    line("P11-faults-left", [abs(after[1] - before[1]) + abs(after[2] - before[2])], 0, "left")
    line("P11-connections", [most], 1, "at once")
    note(f"{rounds * len(targets)} faults over {len(targets)} cameras; handles {before[1]} then {after[1]}, threads "
         f"{before[2]} then {after[2]}")
