"""RTSPS cameras as printers have them, by GStreamer's RTSP server: Digest, RTP in the same TLS connection.
The pictures were encoded before and are passed on in real time; nothing is encoded here.

    camera_rtsps.py PLAN.json

The plan: clip (folder), seed, control (socket path), cameras: [{address, port, code, pem, key_pem}].
Control words: report [camera, since], stall, resume, cut (ends the connections), close (cut, and nobody
listens), listen."""

import heapq
import json
import pathlib
import random
import struct
import sys
import threading
import time

import gi

for module in ("Gst", "GstRtsp", "GstRtspServer"):
    gi.require_version(module, "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

import camera_clips
import camera_control

PATH = "/streaming/live/1"


class Clip:
    """The pictures in the form with lengths, which needs no parser in the pipeline, and its caps."""

    def __init__(self, file):
        self.pictures, self.keys = [], []
        sets = {}
        for picture in camera_clips.access_units(file):
            units = camera_clips.units_of(picture)
            kinds = [unit[0] & 31 for unit in units]
            for kind, unit in zip(kinds, units):
                if kind in (7, 8):
                    sets[kind] = unit
            self.keys.append(5 in kinds)
            self.pictures.append(b"".join(struct.pack(">I", len(unit)) + unit
                                          for kind, unit in zip(kinds, units) if kind != 9))
        sps, pps = sets[7], sets[8]
        data = (b"\x01" + sps[1:4] + b"\xff\xe1" + struct.pack(">H", len(sps)) + sps +
                b"\x01" + struct.pack(">H", len(pps)) + pps)
        self.caps = f"video/x-h264,stream-format=avc,alignment=au,codec_data=(buffer){data.hex()}"


class Camera:
    """One printer's camera: for everybody who watches, its clip runs from a random place."""

    def __init__(self, index, plan, clip, seed, feeder):
        self.index, self.clip, self.feeder = index, clip, feeder
        self.random = random.Random(seed * 1000 + index)
        self.tally = camera_control.Tally()
        self.lock = threading.Lock()
        self.attached = None
        self.server = GstRtspServer.RTSPServer(address=plan["address"], service=str(plan["port"]))
        self.server.set_auth(digest(plan))
        self.server.get_mount_points().add_factory(PATH, Factory(self))
        self.server.connect("client-connected", self.connected)

    def connected(self, _server, client):
        with self.lock:
            self.tally.opened(time.monotonic())
        client.connect("play-request", self.playing)
        client.connect("closed", self.gone)

    def playing(self, _client, _context):
        with self.lock:
            self.tally.played.append(time.monotonic())

    def gone(self, _client):
        with self.lock:
            self.tally.ended(time.monotonic())

    def media_began(self, source):
        first = self.random.randrange(len(self.clip.pictures))
        self.feeder.begin(self, source, first, self.random.random() / camera_clips.RATE)

    def push(self, source, count, first):
        """The picture `count` of this media; False when the media is over."""
        number = (first + count) % len(self.clip.pictures)
        with self.lock:
            stalled = self.tally.stalled
            if not stalled:
                self.tally.pushed(time.monotonic(), number, self.clip.keys[number])
        if stalled:
            return True
        picture = Gst.Buffer.new_wrapped(self.clip.pictures[number])
        picture.pts = picture.dts = count * Gst.SECOND // camera_clips.RATE
        picture.duration = Gst.SECOND // camera_clips.RATE
        return source.emit("push-buffer", picture) == Gst.FlowReturn.OK

    # The following run on the main loop's thread.

    def listen(self):
        if self.attached is None:
            self.attached = self.server.attach(None)
            if not self.attached:
                self.attached = None
                raise OSError("the port is taken")
        self.tally.listening = True

    def cut(self):
        self.server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)

    def close(self):
        if self.attached is not None:
            GLib.source_remove(self.attached)
            self.attached = None
        self.tally.listening = False
        self.cut()


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self, camera):
        super().__init__()
        self.camera = camera
        self.set_shared(False)
        permissions = GstRtspServer.RTSPPermissions()
        for what in ("media.factory.access", "media.factory.construct"):
            permissions.add_permission_for_role("user", what, True)
        self.set_permissions(permissions)

    def do_create_element(self, _url):
        return Gst.parse_launch(f"( appsrc name=src is-live=true format=time caps={self.camera.clip.caps} "
                                "! rtph264pay name=pay0 pt=96 config-interval=0 )")

    def do_configure(self, media):
        self.camera.media_began(media.get_element().get_child_by_name("src"))


class Feeder(threading.Thread):
    """Hands every picture of every camera over at its time."""

    def __init__(self):
        super().__init__(daemon=True)
        self.due = []  # (time, order, camera, source, count, first, begin)
        self.order = 0
        self.changed = threading.Condition()

    def begin(self, camera, source, first, wait):
        begin = time.monotonic() + wait
        self.add(begin, camera, source, 0, first, begin)

    def add(self, at, camera, source, count, first, begin):
        with self.changed:
            self.order += 1
            heapq.heappush(self.due, (at, self.order, camera, source, count, first, begin))
            self.changed.notify()

    def run(self):
        while True:
            with self.changed:
                while not self.due or self.due[0][0] > time.monotonic():
                    self.changed.wait(max(self.due[0][0] - time.monotonic(), 0) if self.due else None)
                _, _, camera, source, count, first, begin = heapq.heappop(self.due)
            if camera.push(source, count, first):
                after = count + 1
                self.add(begin + after / camera_clips.RATE, camera, source, after, first, begin)


def digest(plan):
    auth = GstRtspServer.RTSPAuth()
    auth.set_tls_certificate(Gio.TlsCertificate.new_from_files(plan["pem"], plan["key_pem"]))
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest("bblp", plan["code"], token)
    return auth


def on_main_loop(work):
    """Runs `work` on the main loop and waits for it."""
    done, problem = threading.Event(), []

    def run():
        try:
            work()
        except OSError as error:
            problem.append(error)
        done.set()
        return False

    GLib.idle_add(run)
    if not done.wait(10):
        raise OSError("the server does not answer")
    if problem:
        raise problem[0]


def main():
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
    Gst.init(None)
    clip = Clip(pathlib.Path(plan["clip"]) / "chamber.h264")
    feeder = Feeder()
    cameras = [Camera(index, camera, clip, plan["seed"], feeder) for index, camera in enumerate(plan["cameras"])]
    for camera in cameras:
        camera.listen()
    feeder.start()

    def answer(request):
        chosen = cameras if request.get("camera") is None else [cameras[request["camera"]]]
        do = request["do"]
        if do in ("stall", "resume"):
            for camera in chosen:
                camera.tally.stalled = do == "stall"
        elif do in ("cut", "close", "listen"):
            on_main_loop(lambda: [getattr(camera, do)() for camera in chosen])
        elif do != "report":
            raise ValueError(f"no such word: {do}")
        told = []
        for camera in chosen:
            with camera.lock:
                told.append(camera.tally.report(request.get("since")))
        return {"at": time.monotonic(), "cameras": told}

    camera_control.serve(plan["control"], answer)
    print("ready", flush=True)
    GLib.MainLoop().run()


main()
