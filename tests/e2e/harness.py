"""Starts the real programs for the end-to-end tests: the virtual farm with its real broker, and
farmwall against it. Standard library only. Every wait has a limit and ends as soon as it can."""

import collections
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

BIN = pathlib.Path(os.environ["FARMWALL_BIN"])

# Silence and back-off in seconds instead of minutes, so that a test sees the rules at work.
FAST_LINK = """
[link]
quiet_after_sec = 3
probe_timeout_sec = 1.5
health_check_sec = 2
first_report_timeout_sec = 3
retry_first_sec = 0.3
retry_longest_sec = 1
retry_refused_sec = 1
full_report_interval_sec = 5
"""


# Begins a config: its first key belongs to no section.
FAST_QUEUE = """dispatch_interval_sec = 1

[dispatch]
start_shown_sec = 10
start_shown_slow_sec = 10
"""


# A machine that does other work beside the tests may be several times slower; a limit only ends what
# would never come.
PATIENCE = 4


def wait_for(question, limit, what):
    """The first true answer to question(), asked until the limit in seconds of an idle machine."""
    end = time.monotonic() + limit * PATIENCE
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"waited {limit * PATIENCE} s in vain for: {what}")
        time.sleep(0.05)


class Reader(threading.Thread):
    """Collects the lines of a pipe."""

    def __init__(self, pipe, on_line=None):
        super().__init__(daemon=True)
        self.lines = collections.deque(maxlen=200_000)
        self.pipe = pipe
        self.on_line = on_line
        self.start()

    def run(self):
        with self.pipe:
            self._read()

    def _read(self):
        for raw in self.pipe:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            self.lines.append(line)
            if self.on_line:
                self.on_line(line)

    def text(self):
        return "\n".join(list(self.lines))


class Sim:
    """farmwall-sim in a folder of its own."""

    def __init__(self, *options, ready_limit=60):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-"))
        self.process = subprocess.Popen(
            [BIN / "farmwall-sim", "--root", self.root, "--until-stdin-closes", *map(str, options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = Reader(self.process.stdout)
        self.err = Reader(self.process.stderr)
        try:
            wait_for(lambda: any(line.startswith("ready ") for line in list(self.out.lines))
                     or self.process.poll() is not None, ready_limit, "the virtual farm to be ready")
        finally:
            if self.process.poll() is not None:
                raise AssertionError("farmwall-sim ended: " + self.err.text())
        self.info = json.loads((self.root / "sim.json").read_text())
        self.printers = [printer["id"] for printer in self.info["printers"]]
        self.connection = socket.create_connection(("127.0.0.1", self.info["control_port"]), timeout=10)
        self.stream = self.connection.makefile("rw")

    def ask(self, **request):
        self.stream.write(json.dumps(request) + "\n")
        self.stream.flush()
        answer = json.loads(self.stream.readline())
        if not answer.get("ok", False):
            raise AssertionError(f"the virtual farm refused {request}: {answer}")
        return answer

    def fault(self, printer, fault, **more):
        return self.ask(do="fault", printer=printer, fault=fault, **more)

    def clear(self, printer):
        return self.ask(do="clear", printer=printer)

    def truth(self, printer):
        return self.ask(do="truth", printer=printer)

    def set(self, printer, what, value):
        return self.ask(do="set", printer=printer, what=what, value=value)

    def config_text(self):
        return (self.root / "config.toml").read_text()

    def access_codes(self):
        return re.findall(r'access_code = "([^"]+)"', self.config_text())

    def close(self):
        try:
            self.connection.close()
            self.process.stdin.close()
            self.process.wait(10)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait(10)
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Farmwall:
    """farmwall --headless --watch; keeps the newest status of each printer, all events and commands, and the
    newest alarms. With `intents` it can be told what to do."""

    def __init__(self, config_text, *options, prefix=(), intents=False):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-root-"))
        self.config = self.root / "config.toml"
        self.config.write_text(config_text)
        self.config.chmod(0o600)
        self.lock = threading.Lock()
        self.status = {}
        self.updates = collections.Counter()
        self.events = []
        self.commands = []  # every step of every command, in order
        self.controls = {}
        self.alarms = []
        self.problems = []
        self.jobs = {}     # by id, the newest of each
        self.job_log = []  # (id, phase), each change
        self.desks = {}
        self.answers = {}  # of added files, by ticket
        self.tickets = 0
        self.intents = intents
        self.start(options, prefix)

    def start(self, options=(), prefix=()):
        self.process = subprocess.Popen(
            [*prefix, BIN / "farmwall", "--headless", "--watch", *(["--intents"] if self.intents else []),
             "--root", self.root, *map(str, options)],
            stdin=subprocess.PIPE if self.intents else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = Reader(self.process.stdout, self._line)
        self.err = Reader(self.process.stderr)

    def restart(self):
        """The same farm again on the same root, nothing known yet."""
        with self.lock:
            self.status, self.controls, self.alarms = {}, {}, []
            self.events, self.commands = [], []
            self.jobs, self.desks, self.answers = {}, {}, {}
        self.start()

    def kill(self):
        """As when the machine loses its power."""
        self.process.kill()
        self.process.wait(10)
        self._let_go()

    def _let_go(self):
        self.out.join(2)
        self.err.join(2)
        if self.process.stdin:
            self.process.stdin.close()

    def _line(self, line):
        value = json.loads(line)
        with self.lock:
            if "event" in value:
                self.events.append(value)
            elif "command" in value:
                self.commands.append(value)
            elif "control" in value:
                self.controls[value["control"]] = value
            elif "alarms" in value:
                self.alarms = value["alarms"]
            elif "filepath" in value:
                if self.jobs.get(value["id"], {}).get("phase") != value["phase"]:
                    self.job_log.append((value["id"], value["phase"]))
                self.jobs[value["id"]] = value
            elif "removed_job" in value:
                self.jobs.pop(value["removed_job"], None)
            elif "ticket" in value:
                self.answers[value["ticket"]] = value
            elif "desk" in value:
                self.desks[value["desk"]] = value
            elif "problem" in value and "id" not in value:
                self.problems.append(value["problem"])
            else:
                self.status[value["id"]] = value
                self.updates[value["id"]] += 1

    def now(self, printer):
        with self.lock:
            return dict(self.status.get(printer, {}))

    def send(self, printer, do, **more):
        """An intent, as a script would write it."""
        self.intent(printer=printer, do=do, **more)

    def intent(self, **members):
        self.process.stdin.write((json.dumps(members) + "\n").encode())
        self.process.stdin.flush()

    def add(self, path, limit=30, **more):
        """Adds a file to the queue and waits for the answer: {"jobs": [...], "error": ...}."""
        self.tickets += 1
        ticket = self.tickets
        self.intent(do="add_job", source=str(path), ticket=ticket, **more)
        return wait_for(lambda: self.answers.get(ticket), limit, f"the answer to adding {path}")

    def job(self, job):
        with self.lock:
            return dict(self.jobs.get(job, {}))

    def all_jobs(self):
        with self.lock:
            return [dict(job) for job in self.jobs.values()]

    def steps(self, printer):
        """[(id, do, phase)] of the printer's commands, in order."""
        with self.lock:
            return [c for c in self.commands if c["printer"] == printer]

    def alarm(self, printer, kind):
        """The standing alarm of this kind, or nothing."""
        with self.lock:
            return next((a for a in self.alarms if (a["printer"], a["alarm"]) == (printer, kind)), None)

    def do(self, printer, do, until=("confirmed", "refused", "failed", "unknown"), limit=30, **more):
        """Sends an intent and waits until its command is in one of these phases; returns its steps."""
        before = {c["command"] for c in self.steps(printer)}
        self.send(printer, do, **more)

        def ended():
            mine = [c for c in self.steps(printer) if c["command"] not in before and c["do"] == do]
            return mine if mine and mine[-1]["phase"] in until else None
        try:
            return wait_for(ended, limit, f"{do} of {printer} to be one of {until}")
        except AssertionError as problem:
            raise AssertionError(f"{problem}; steps: {self.steps(printer)[-5:]}") from None

    def happened(self, printer, event):
        with self.lock:
            return [e for e in self.events if e["printer"] == printer and e["event"] == event]

    def until(self, printer, condition, limit=20, what=""):
        """Waits until condition(status) holds and returns that status."""
        def ask():
            if self.process.poll() is not None:
                raise AssertionError(f"farmwall ended with {self.process.returncode}: {self.err.text()[-2000:]}")
            status = self.now(printer)
            return status if status and condition(status) else None
        try:
            return wait_for(ask, limit, what or "a state of " + printer)
        except AssertionError as problem:
            raise AssertionError(f"{problem}; last: {json.dumps(self.now(printer))}") from None

    def until_online(self, printer, limit=20):
        """Reporting, or quiet as an idle P1 or A1 may be."""
        return self.until(printer, lambda s: s["connected"] and s["full_report_seen"], limit,
                          printer + " to be connected")

    def until_event(self, printer, event, limit=20):
        return wait_for(lambda: self.happened(printer, event), limit, f"event {event} of {printer}")

    def stop(self, limit=5):
        """SIGTERM, as a service manager does; returns the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(limit)
        self._let_go()
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def run_farmwall(*options, root=None, env=None, limit=60, stdin=None):
    """Runs farmwall to its end: (exit code, standard output, standard error)."""
    command = [BIN / "farmwall", *map(str, options)]
    if root is not None:
        command += ["--root", str(root)]
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=limit,
                          env=env, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
