"""The programs that the camera goals compare: ours and the references, each with its CPU, its memory
and the pictures it made."""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from measure import BIN, HERE, PYTHON, Pace, cpu_of_tree, end_tree, memory_of_tree

BROWSER = "chromium"
PAGE_PORT = 8123


@dataclasses.dataclass
class Run:
    """What a steady span cost and made."""
    core: float
    pictures: list  # a second, one a camera
    pss: int = 0
    rss: int = 0
    more: dict = dataclasses.field(default_factory=dict)


class Program:
    """A child process that answers lines, in a private folder of its own."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-bench-"))
        self.processes = []

    def launch(self, *words, **how):
        process = subprocess.Popen([*map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **how)
        self.processes.append(process)
        return process

    def private(self, name, text):
        path = self.root / name
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def say(self, line, process=None):
        process = process or self.processes[0]
        process.stdin.write(line + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit(f"{type(self).__name__} ended while it was measured")
        return answer

    @property
    def pid(self):
        return self.processes[0].pid

    def cpu(self):
        return sum(cpu_of_tree(process.pid) for process in self.processes)

    def memory(self):
        both = [memory_of_tree(process.pid) for process in self.processes]
        return sum(pss for pss, _ in both), sum(rss for _, rss in both)

    def counts(self):
        """Pictures so far, one number a camera."""
        return []

    def steady(self, warm_up=None, span=None):
        time.sleep(Pace.warm_up() if warm_up is None else warm_up)
        self.settled()
        before, cpu, begin = self.counts(), self.cpu(), time.monotonic()
        time.sleep(Pace.span() if span is None else span)
        cpu, end, after = self.cpu() - cpu, time.monotonic(), self.counts()
        pss, rss = self.memory()
        return Run(cpu / (end - begin), [(b - a) / (end - begin) for a, b in zip(before, after)], pss, rss,
                   self.details())

    def wait_for_pictures(self, count=1, seconds=20):
        end = time.monotonic() + seconds
        while sum(self.counts()) < count:
            if time.monotonic() > end:
                raise SystemExit(f"{type(self).__name__} got no pictures")
            time.sleep(0.05)

    def settled(self):
        """The warm-up is over."""

    def details(self):
        return {}

    def close(self):
        for process in reversed(self.processes):
            if process.stdin:
                process.stdin.close()
            end_tree(process)
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Ours(Program):
    """The camera manager without a window. `wishes`: (width, height, focused, attention), one a camera."""

    def __init__(self, targets, wishes, layout="i420", record=False, black_box=False, budget=1.0):
        super().__init__()
        cameras = [{"kind": target.kind, "address": target.address, "port": target.port, "serial": target.serial,
                    "code": target.code, "width": width, "height": height, "focused": focused, "attention": attention}
                   for target, (width, height, focused, attention) in zip(targets, wishes)]
        plan = {"root": str(self.root), "layout": layout, "budget": budget, "record": record, "black_box": black_box,
                "cameras": cameras}
        self.log = self.root / "log"
        self.spawned = time.monotonic()
        with open(self.log, "wb") as log:
            self.launch(BIN / "bench-camera", self.private("plan.json", json.dumps(plan)), stderr=log)
        first = self.processes[0].stdout.readline()
        if not first:
            raise SystemExit("bench-camera did not start: " + self.log.read_text()[-300:])
        self.begin = json.loads(first)["begin"]

    def ask(self, line):
        return json.loads(self.say(line))

    def now(self):
        return self.ask("now")

    def counts(self):
        return [camera["pictures"] for camera in self.now()["cameras"]]

    def settled(self):
        self.ask("fresh")

    def details(self):
        look = self.now()
        return {"oldest": max(camera["oldest"] for camera in look["cameras"]), "rate": look["rate"],
                "decoder": look["decoder"], "cameras": look["cameras"]}

    def wait_for_first(self, seconds=20):
        """Waits until every camera has had a picture; the times of the first ones."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            firsts = [camera["first"] for camera in self.now()["cameras"]]
            if all(firsts):
                return firsts
            time.sleep(0.02)
        raise SystemExit("a camera gave no picture: " + self.log.read_text()[-600:])


class Bare(Program):
    """libavformat and libavcodec in a loop, one thread a camera."""

    def __init__(self, targets, decode=True):
        super().__init__()
        self.column = 1 if decode else 0
        urls = self.private("urls", "".join(target.url + "\n" for target in targets))
        self.launch(BIN / "bench-camera-bare", "--urls", urls, *([] if decode else ["--read-only"]))

    def counts(self):
        return [int(self.say("now").split()[self.column])]


class OldPipelines(Program):
    """One ffmpeg a camera and a Python process that splits the JPEGs."""

    def __init__(self, targets, fps=5, width=960, **more):
        super().__init__()
        plan = {"urls": [target.url for target in targets], "fps": fps, "width": width, **more}
        self.launch(PYTHON, HERE / "reference_cameras.py", self.private("plan.json", json.dumps(plan)))
        if self.processes[0].stdout.readline() != "ready\n":
            raise SystemExit("the replaced system's pipelines did not start")

    def counts(self):
        return json.loads(self.say("now"))["split"]


class OldPage(OldPipelines):
    """The replaced system's server and a browser that shows its cameras. With `jpegs` (a folder) its
    pipelines are left out and ready pictures are served in their stead."""

    def __init__(self, targets, jpegs=None, fps=5):
        hosts = [target.address for target in targets]
        super().__init__(targets if jpegs is None else [], fps, http=hosts, port=PAGE_PORT,
                         jpegs=None if jpegs is None else str(jpegs))
        self.launch(BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                    "--window-size=1920,1080", f"--user-data-dir={self.root / 'profile'}",
                    f"http://{hosts[0]}:{PAGE_PORT}/", stderr=subprocess.DEVNULL)

    def counts(self):
        return json.loads(self.say("now"))["viewed"]


class Drawn(Program):
    """A program whose pictures are counted where they can be seen: on the screen."""

    def __init__(self, screen):
        super().__init__()
        self.screen, self.fields, self.seen = screen, None, []

    def appear(self, cameras, seconds=25):
        """Waits until every camera is on the screen."""
        self.fields = self.screen.find(cameras, seconds)
        if self.fields is None:
            raise SystemExit(f"{type(self).__name__} did not show all {cameras} cameras within {seconds} s")

    def steady(self, warm_up=None, span=None):
        time.sleep(Pace.warm_up() if warm_up is None else warm_up)
        cpu, begin = self.cpu(), time.monotonic()
        self.seen = self.screen.watch(self.fields, Pace.span() if span is None else span)
        cpu, end = self.cpu() - cpu, time.monotonic()
        shown = [0] * len(self.fields)
        for _, index, _ in self.seen:
            shown[index] += 1
        pss, rss = self.memory()
        return Run(cpu / (end - begin), [(count - 1) / (end - begin) for count in shown], pss, rss)


class Mpv(Drawn):
    """mpv with its low-latency profile and one thread a decoder; several cameras as a mosaic, or one."""

    def __init__(self, targets, screen, fps=None):
        super().__init__(screen)
        urls = [target.url for target in targets]
        words = ["mpv", "--no-config", "--no-audio", "--profile=low-latency", "--vo=x11", "--rtsp-transport=tcp",
                 "--vd-lavc-threads=1", "--fs", "--no-osc", "--osd-level=0", "--really-quiet"]
        if len(urls) > 1:
            scaled = "".join(f"[vid{index + 1}]scale=960:540,setpts=PTS-STARTPTS[v{index}];"
                             for index in range(len(urls)))
            inputs = "".join(f"[v{index}]" for index in range(len(urls)))
            words.append(f"--lavfi-complex={scaled}{inputs}xstack=inputs={len(urls)}:"
                         f"layout=0_0|w0_0|0_h0|w0_h0,fps={fps}[vo]")
        self.spawned = time.monotonic()
        # The codes in these addresses are those of the bench's own cameras.
        self.launch(*words, *(f"--external-file={url}" for url in urls[1:]), urls[0], env=screen.env,
                    stderr=subprocess.DEVNULL)


class OursDrawn(Drawn):
    """farmwall in a window, with a virtual farm for the reports and the bench's cameras for the pictures."""

    def __init__(self, config, screen, *options):
        super().__init__(screen)
        self.log = self.root / "log"
        self.spawned = time.monotonic()
        with open(self.log, "wb") as log:
            self.launch(BIN / "farmwall", "--config", config, "--root", self.root, "--size",
                        f"{screen.width}x{screen.height}", "--verbose", *options, env=screen.env, stderr=log)


def threads_of(pid):
    return len(os.listdir(f"/proc/{pid}/task"))


def handles_of(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))
