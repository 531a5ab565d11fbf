"""P5 and P7: reports of printers, and a wall of tiles without cameras."""

import importlib.util
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from farm_parts import Sim, Wall
from measure import BIN, HERE, PROJECT, PYTHON, Display, cpu_of, line, skipped

WARM_UP = 8.0
MEASURE = 12.0


def measured(wall, seconds=MEASURE):
    time.sleep(WARM_UP)
    if wall.process.poll() is not None:
        raise SystemExit("farmwall ended: " + (wall.root / "log").read_text(errors="replace")[-500:])
    before = wall.cpu()
    started = time.monotonic()
    time.sleep(seconds)
    return (wall.cpu() - before) / (time.monotonic() - started)


def fixtures():
    return pathlib.Path(os.environ.get("FARMWALL_FIXTURES", PROJECT.parent / "shared" / "fixtures"))


def recorded_report(folder):
    """A full report of about 11 KB: the X1 Carbon's recording, else one of the virtual farm."""
    recording = fixtures() / "x1c-finish-4ams.json"
    full = folder / "full.json"
    if recording.is_file():
        report = json.loads(recording.read_text(encoding="utf-8"))["pushall"]
    else:
        print(f"# no recordings in {fixtures()}: a report of the virtual farm is measured")
        report = virtual_report()
    full.write_text(json.dumps(report, separators=(",", ":")))
    delta = folder / "delta.json"
    delta.write_text('{"print":{"bed_temper":54.875,"wifi_signal":"-53dBm","mc_percent":42,"command":"push_status",'
                     '"msg":1,"sequence_id":"19797"}}')
    print(f"# full report {full.stat().st_size} bytes, delta {delta.stat().st_size} bytes")
    return full, delta


def virtual_report():
    import ssl
    import paho.mqtt.client as mqtt
    sim = Sim("--count", 1, "--models", "x1c")
    try:
        printer = sim.info["printers"][0]
        got = []
        client = mqtt.Client()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        client.tls_set_context(context)
        client.username_pw_set("bblp", json.loads(sim.codes.read_text())[printer["id"]])
        client.on_message = lambda _c, _d, message: got.append(message.payload)
        client.connect(printer["address"], printer["port"])
        client.subscribe(f"device/{printer['serial']}/report")
        client.publish(f"device/{printer['serial']}/request", '{"pushing":{"command":"pushall","sequence_id":"1"}}')
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(len(m) > 2000 for m in got):
            client.loop(0.2)
        return json.loads(max(got, key=len))
    finally:
        sim.close()


def report_cost(kind, pairs=20, seconds=0.1):
    """Nanoseconds of CPU a report: ours and Python's, A B B A."""
    with tempfile.TemporaryDirectory() as name:
        full, delta = recorded_report(pathlib.Path(name))
        file = full if kind == "full" else delta
        python = subprocess.Popen([PYTHON, HERE / "reference_report.py", full, delta], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)

        def ours():
            done = subprocess.run([BIN / "bench-report", "--file", file, "--kind", kind, "--seconds", str(seconds)],
                                  stdout=subprocess.PIPE, text=True, check=True)
            return float(done.stdout.split()[1]) * 1e3

        def theirs():
            python.stdin.write(f"{kind} {seconds}\n")
            python.stdin.flush()
            return float(python.stdout.readline())

        ours()
        theirs()
        ratios, own = [], []
        for index in range(pairs):
            order = (ours, theirs) if index % 2 == 0 else (theirs, ours)
            first, second = order[0](), order[1]()
            mine, reference = (first, second) if index % 2 == 0 else (second, first)
            ratios.append(mine / reference)
            own.append(mine)
        python.stdin.close()
        python.wait()
        return ratios, own


def p5_full():
    if not fixtures().is_dir() and not has_paho("P5-full"):
        return
    ratios, own = report_cost("full")
    line("P5-full", ratios, 0.25)
    print(f"# {statistics.median(own) / 1e3:.1f} us a full report")


def p5_delta():
    if not fixtures().is_dir() and not has_paho("P5-delta"):
        return
    ratios, own = report_cost("delta")
    line("P5-delta", [value / 1e3 for value in own], 1.0, "us")
    print(f"# {statistics.median(ratios):.3f} of Python's time")


def has_paho(name):
    found = importlib.util.find_spec("paho") is not None
    if not found:
        skipped(name, "paho-mqtt for Python is missing: apt-get install python3-paho-mqtt brings it.")
    return found


def p5_farm(pairs=2):
    """100 printers: CPU a message against paho-mqtt for Python, and CPU as a share of a core."""
    if not has_paho("P5-farm"):
        return
    sim = Sim("--count", 100, "--seed", 3, "--speed", 5)
    try:
        ratios, cores = [], []
        for index in range(pairs):
            results = {}
            for who in ("ours", "theirs") if index % 2 == 0 else ("theirs", "ours"):
                results[who] = farm_ours(sim) if who == "ours" else farm_theirs(sim)
            ratios.append(results["ours"][0] / results["theirs"][0])
            cores.append(results["ours"][1])
        line("P5-farm", ratios, 0.2)
        line("P5-farm-core", cores, 0.02, "core")
    finally:
        sim.close()


def farm_ours(sim):
    wall = Wall(sim, "--headless")
    time.sleep(WARM_UP)
    messages, cpu = wall.tick()
    started = time.monotonic()
    time.sleep(MEASURE)
    messages_after, cpu_after = wall.tick()
    elapsed = time.monotonic() - started
    wall.figures()
    return (cpu_after - cpu) / max(messages_after - messages, 1), (cpu_after - cpu) / elapsed


def farm_theirs(sim):
    """The same span of the reference, by the same clock."""
    process = subprocess.Popen([PYTHON, HERE / "reference_mqtt.py", sim.root / "sim.json", sim.codes],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def now():
        process.stdin.write("now\n")
        process.stdin.flush()
        messages, _, online = process.stdout.readline().split()
        return int(messages), cpu_of(process.pid), int(online)

    process.stdout.readline()
    time.sleep(WARM_UP)
    messages, cpu, online = now()
    time.sleep(MEASURE)
    messages_after, cpu_after, _ = now()
    process.kill()
    process.wait()
    if online < 100:
        print(f"# the reference had only {online} of 100 sessions")
    return (cpu_after - cpu) / max(messages_after - messages, 1), 0


def p7_headless():
    sim = Sim("--count", 100, "--seed", 3, "--speed", 5)
    try:
        wall = Wall(sim, "--headless")
        share = measured(wall, 20)
        figures = wall.figures()
        line("P7-headless", [share], 0.06, "core")
        print(f"# 100 printers, {figures.get('messages', 0):.0f} messages")
    finally:
        sim.close()


def p7_wall(pairs=2):
    """100 printers on the wall, drawn only where something changed, against the same at 10 Hz."""
    sim = Sim("--count", 100, "--seed", 3, "--speed", 5)
    display = Display()
    try:
        ratios, cores = [], []
        for index in range(pairs):
            results = {}
            for who in ("ours", "theirs") if index % 2 == 0 else ("theirs", "ours"):
                more = [] if who == "ours" else ["--redraw-hz", "10"]
                wall = Wall(sim, "--size", "1920x1080", *more, env=display.env)
                results[who] = measured(wall)
                figures = wall.figures()
                print(f"# {who}: {results[who]:.3f} core, {figures.get('frames', 0):.0f} frames, "
                      f"{figures.get('tiles', 0):.0f} tiles")
            ratios.append(results["ours"] / results["theirs"])
            cores.append(results["ours"])
        line("P7-wall", ratios, 0.2)
        line("P7-wall-core", cores, 0.06, "core")
    finally:
        display.close()
        sim.close()


def p7_idle():
    """Twelve printers that have nothing to say, on the wall: CPU and frames."""
    sim = Sim("--count", 12, "--seed", 3, "--models", "p1s,a1", "--initial", "idle")
    display = Display()
    try:
        wall = Wall(sim, "--size", "1920x1080", env=display.env)
        time.sleep(30)
        share = measured(wall, 60)
        figures = wall.figures()
        line("P7-idle", [share], 0.001, "core")
        print(f"# {figures.get('frames', 0):.0f} frames in the whole run of about 100 s, the start included")
    finally:
        display.close()
        sim.close()


GOALS = {"P5-full": p5_full, "P5-delta": p5_delta, "P5-farm": p5_farm, "P7-idle": p7_idle,
         "P7-headless": p7_headless, "P7-wall": p7_wall}
