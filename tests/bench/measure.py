"""What all measurements share: result lines, CPU and memory of a process tree, pairs, a display."""

import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
BIN = PROJECT / "build" / "release" / "bin"
HERE = pathlib.Path(__file__).resolve().parent
PYTHON = "/usr/bin/python3"


class Pace:
    """How long and how often: --quick trusts fewer pairs and shorter spans, and says so."""

    quick = False

    @classmethod
    def warm_up(cls):
        return 4.0 if cls.quick else 8.0

    @classmethod
    def span(cls):
        return 5.0 if cls.quick else 12.0

    @classmethod
    def pairs(cls, full, quick):
        return quick if cls.quick else full


def line(name, values, goal, unit="x", counts_right=True):
    """Prints one result; `values` are ratios or figures, the median is held against the goal. Where the
    pictures counted are not the pictures expected, no figure can meet its goal."""
    values = sorted(values)
    middle = statistics.median(values)
    if len(values) >= 4:
        low, _, high = statistics.quantiles(values, n=4)
    else:
        low, high = values[0], values[-1]
    verdict = "met" if middle <= goal and counts_right else "not"
    if Pace.quick:
        verdict += " (quick)"
    print(f"{name:18} {middle:8.4g} {unit:9} q1 {low:.4g} q3 {high:.4g} n {len(values)}  goal {goal:g}  {verdict}",
          flush=True)


def note(text):
    print("# " + text, flush=True)


def skipped(name, why):
    print(f"{name:18}  SKIPPED  {why}", flush=True)


def missing(*needs):
    """One sentence for the first reference that is not installed, or nothing. `needs`: (program, package)."""
    for program, package in needs:
        if shutil.which(program) is None:
            return f"{program} is missing: apt-get install {package} brings it."
    return None


def cpu_of(pid):
    """Seconds of CPU of the threads that run now, to the nanosecond; no thread ends while we measure."""
    spent = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


def stat_of(pid):
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2:].split()


def tree_of(pid):
    """The process and all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                children.setdefault(int(stat_of(entry)[1]), []).append(int(entry))
            except OSError:
                continue
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found


TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_tree(pid):
    """Seconds of user and system time of a process and all below it, to the nanosecond for those that
    live, and what those left that have ended and were waited for."""
    spent = 0.0
    for one in tree_of(pid):
        try:
            spent += time.clock_gettime((~one << 3) | 2)  # the CPU clock of another process
            fields = stat_of(one)
            spent += (int(fields[13]) + int(fields[14])) / TICK
        except OSError:
            continue
    return spent


def memory_of_tree(pid):
    """PSS and RSS in bytes of a process and all below it."""
    pss = rss = 0
    for one in tree_of(pid):
        try:
            text = pathlib.Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        for row in text.splitlines():
            if row.startswith("Pss:"):
                pss += int(row.split()[1]) * 1024
            elif row.startswith("Rss:"):
                rss += int(row.split()[1]) * 1024
    return pss, rss


def end_tree(process, seconds=5):
    """Asks the process and what it started to end, and ends what does not."""
    tree = tree_of(process.pid)
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for one in tree[1:]:
        try:
            os.kill(one, signal.SIGKILL)
        except OSError:
            continue


def system_calls(pid, seconds=8.0):
    """System calls a second of a process, by perf, or by strace where the kernel keeps perf out."""
    perf = subprocess.run(["perf", "stat", "-x", ",", "-e", "raw_syscalls:sys_enter", "-p", str(pid), "--", "sleep",
                           str(seconds)], stderr=subprocess.PIPE, text=True)
    found = re.search(r"^(\d+),[^\n]*raw_syscalls:sys_enter", perf.stderr, re.M)
    if perf.returncode == 0 and found:
        return int(found[1]) / seconds
    trace = subprocess.Popen(["strace", "-f", "-c", "-p", str(pid)], stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    trace.send_signal(signal.SIGINT)
    total = re.search(r"^100\.00\s+\S+\s+\S*\s+(\d+).*total$", trace.communicate()[1], re.M)
    if not total:
        raise SystemExit("neither perf nor strace could count system calls")
    return int(total[1]) / seconds


def alternate(pairs, ours, theirs):
    """Runs A B B A …; two lists of results."""
    mine, other = [], []
    for index in range(pairs):
        for who in (0, 1) if index % 2 == 0 else (1, 0):
            (mine if who == 0 else other).append((ours if who == 0 else theirs)())
    return mine, other


def side_by_side(pids, windows, seconds):
    """CPU a second of programs that run at the same time, in the same windows: a list for each."""
    spent = [[] for _ in pids]
    before, at = [cpu_of_tree(pid) for pid in pids], time.monotonic()
    for _ in range(windows):
        time.sleep(seconds)
        after, now = [cpu_of_tree(pid) for pid in pids], time.monotonic()
        for index in range(len(pids)):
            spent[index].append((after[index] - before[index]) / (now - at))
        before, at = after, now
    return spent


class Display:
    """A virtual display with software GL."""

    def __init__(self, size="1920x1080", more=()):
        read, write = os.pipe()
        self.process = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", size + "x24", "-nolisten",
                                         "tcp", *more], pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.number = pipe.readline().strip()
        self.env = dict(os.environ, DISPLAY=":" + self.number, LIBGL_ALWAYS_SOFTWARE="1")

    def close(self):
        self.process.terminate()
        self.process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
