"""The bench's cameras: starts the servers, knows where each camera is, and asks them."""

import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time

import camera_control
from measure import HERE, PYTHON

RTSPS_PORT, JPEG_PORT = 3322, 6000


@dataclasses.dataclass
class Target:
    kind: str  # "rtsps" or "jpeg"
    index: int  # among the cameras of its kind
    address: str
    port: int
    serial: str
    code: str

    @property
    def url(self):
        return f"rtsps://bblp:{self.code}@{self.address}:{self.port}/streaming/live/1"


def certificate(folder, serial):
    """A certificate as a printer's: its name is the serial. Kept, because making a key takes a second."""
    pem, key = folder / f"{serial}.crt", folder / f"{serial}.key"
    if not (pem.is_file() and key.is_file()):
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-days", "3650", "-nodes", "-subj",
                        f"/CN={serial}", "-keyout", key, "-out", pem], check=True, stderr=subprocess.DEVNULL)
    return {"pem": str(pem), "key_pem": str(key)}


class Servers:
    """`rtsps` and `jpeg` cameras, each on an address of its own. Their CPU is not part of any figure."""

    def __init__(self, clip, certificates, rtsps=0, jpeg=0, seed=1, fps=1.0, printers=None):
        """`printers`: (address, serial, code) of those whose cameras these are, RTSPS first."""
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-cameras-"))
        self.processes, self.controls = {}, {}
        choose = random.Random(os.getpid() * 1000 + int(time.monotonic() * 1000))
        self.net = f"127.{choose.randrange(64, 127)}.{choose.randrange(256)}"
        codes = random.Random(seed)
        self.targets = []
        self.printers = list(printers or [])
        try:
            for kind, count, port in (("rtsps", rtsps, RTSPS_PORT), ("jpeg", jpeg, JPEG_PORT)):
                if count:
                    self.start(kind, count, port, codes, clip, certificates, seed, fps)
        except BaseException:
            self.close()
            raise

    def start(self, kind, count, port, codes, clip, certificates, seed, fps):
        cameras = []
        for index in range(count):
            if self.printers:
                address, serial, code = self.printers.pop(0)
            else:
                address = f"{self.net}.{index + (1 if kind == 'rtsps' else 101)}"
                serial = f"{'00M00A' if kind == 'rtsps' else '01P00A'}{900000001 + index}"
                code = f"{codes.randrange(10**8):08}"
            target = Target(kind, index, address, port, serial, code)
            self.targets.append(target)
            cameras.append({"address": address, "port": port, "code": code, **certificate(certificates, serial)})
        plan = self.root / f"{kind}.json"
        plan.touch(mode=0o600)
        control = self.root / f"{kind}.socket"
        plan.write_text(json.dumps({"clip": str(clip), "seed": seed, "fps": fps, "control": str(control),
                                    "cameras": cameras}))
        process = subprocess.Popen([PYTHON, HERE / f"camera_{kind}.py", plan], stdout=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL)
        self.processes[kind] = process
        if process.stdout.readline() != b"ready\n":
            raise SystemExit(f"the {kind} camera server did not start")
        self.controls[kind] = camera_control.Control(control)

    def of(self, kind):
        return [target for target in self.targets if target.kind == kind]

    def ask(self, do, target=None, kind="rtsps", **words):
        """Says `do` to one camera or to all of a kind; the counts of these cameras afterwards."""
        if target is not None:
            kind, words["camera"] = target.kind, target.index
        return self.controls[kind].ask(do, **words)["cameras"]

    def pictures(self, kind="rtsps"):
        return sum(camera["pictures"] for camera in self.ask("report", kind=kind))

    def wait_for_none(self, seconds=10):
        """Waits until nobody is connected any more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not any(camera["open"] for kind in self.controls for camera in self.ask("report", kind=kind)):
                return
            time.sleep(0.1)
        print("# somebody is still connected to a camera", flush=True)

    def close(self):
        for control in self.controls.values():
            control.close()
        for process in self.processes.values():
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
