"""A virtual farm, and farmwall that watches it."""

import json
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time

from measure import BIN, cpu_of


class Sim:
    def __init__(self, *options):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-bench-"))
        self.process = subprocess.Popen([BIN / "farmwall-sim", "--root", self.root, "--until-stdin-closes",
                                         "--no-cameras", *map(str, options)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        first = self.process.stdout.readline().decode()
        if not first.startswith("ready "):
            raise SystemExit("farmwall-sim did not start")
        self.info = json.loads((self.root / "sim.json").read_text())
        text = (self.root / "config.toml").read_text()
        ids = re.findall(r'^id = "([^"]+)"', text, re.M)
        codes = re.findall(r'^access_code = "([^"]+)"', text, re.M)
        # Access codes reach the reference by a private file, never as an argument.
        self.codes = self.root / "codes.json"
        self.codes.touch(mode=0o600)
        self.codes.write_text(json.dumps(dict(zip(ids, codes))))

    def ask(self, **request):
        """A request to the farm's control port."""
        with socket.create_connection(("127.0.0.1", self.info["control_port"]), 10) as connection:
            connection.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(connection.makefile().readline())
        if not answer.get("ok"):
            raise SystemExit(f"farmwall-sim: {answer.get('error')}")
        return answer

    def printers(self):
        """(address, serial, access code) of each."""
        codes = json.loads(self.codes.read_text())
        return [(printer["address"], printer["serial"], codes[printer["id"]]) for printer in self.info["printers"]]

    def config_with_cameras(self, kind, port):
        """A configuration in which every printer has a camera of this kind at its address."""
        path = self.root / "with-cameras.toml"
        path.touch(mode=0o600)
        text = (self.root / "config.toml").read_text()
        path.write_text(text.replace("camera_enabled = false",
                                     f'camera_protocol = "{kind}"\ncamera_port = {port}'))
        return path

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.root, ignore_errors=True)


class Wall:
    """farmwall under measurement: CPU a second, messages and frames over a span."""

    def __init__(self, sim, *options, env=None):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-bench-root-"))
        self.process = subprocess.Popen(
            [BIN / "farmwall", "--config", sim.root / "config.toml", "--root", self.root, "--verbose",
             *map(str, options)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.root / "log", "wb"), env=env)

    def cpu(self):
        return cpu_of(self.process.pid)

    def tick(self):
        """Waits for the next line of totals of --headless --verbose; messages and CPU at that moment."""
        def total():
            found = re.findall(r"total messages ([0-9]+)", (self.root / "log").read_text(errors="replace"))
            return len(found), int(found[-1]) if found else 0
        before, _ = total()
        while total()[0] == before:
            time.sleep(0.01)
        return total()[1], self.cpu()

    def figures(self):
        """Ends the program; the figures it logs at the end: messages, frames drawn, …"""
        self.process.terminate()
        self.process.wait(10)
        text = (self.root / "log").read_text(errors="replace")
        shutil.rmtree(self.root, ignore_errors=True)
        return {key: float(value) for key, value in re.findall(r"total (\w+) ([0-9.]+)", text)}
