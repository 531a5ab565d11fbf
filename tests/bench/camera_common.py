"""What the camera goals share: the clip, the cameras, a farm that is drawn, and whether all pictures came."""

import contextlib
import functools
import subprocess

import camera_clips
from camera_parts import Mpv, OursDrawn
from camera_screen import Screen
from camera_servers import RTSPS_PORT, Servers
from farm_parts import Sim
from measure import PROJECT, PYTHON, missing, note, skipped

KEEP = PROJECT / "build" / "bench-clips"
GOP = camera_clips.GOP / camera_clips.RATE
RATE = camera_clips.RATE
DRAWN_RATE = 15  # pictures a second that a wall of software GL shows
OLD_RATE = 5     # of the system replaced
# Wishes: width, height, focused, attention.
UNSEEN, TILE = (0, 0, False, False), (480, 270, False, False)
HALF, BIG = (960, 540, True, False), (1920, 1080, True, False)


@functools.cache
def clip():
    return camera_clips.clips(KEEP)


def cameras(rtsps=0, jpeg=0, **more):
    return Servers(clip(), KEEP / "certificates", rtsps, jpeg, **more)


SERVER_PACKAGES = ("python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good "
                   "glib-networking")


@functools.cache
def cannot_serve():
    """One sentence where the cameras' server cannot run, or nothing."""
    try_it = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; " \
             "Gst.init(None); assert Gst.ElementFactory.find('rtph264pay') and Gst.ElementFactory.find('appsrc')"
    if subprocess.run([PYTHON, "-c", try_it], stderr=subprocess.DEVNULL).returncode != 0:
        return f"GStreamer's RTSP server for Python is missing: apt-get install {SERVER_PACKAGES} brings it."
    return None


def needs(name, *programs):
    """False, and said aloud, where a program that the goal needs is missing."""
    why = missing(("ffmpeg", "ffmpeg"), ("openssl", "openssl"), *programs) or cannot_serve()
    if why:
        skipped(name, why)
    return why is None


def complete(what, got, expected, allowed=0.02):
    """Whether as many pictures a second came as should; said when not."""
    short = [index for index, rate in enumerate(got) if rate < expected[index] * (1 - allowed)]
    for index in short[:3]:
        note(f"{what}: camera {index} gave {got[index]:.2f} of {expected[index]:.2f} pictures a second")
    return not short


class DrawnFarm:
    """A virtual farm, cameras at its printers' addresses, and a display."""

    def __init__(self, count):
        with contextlib.ExitStack() as undo:
            self.sim = Sim("--count", count, "--models", "x1c", "--no-cameras", "--initial", "idle", "--seed", 5)
            undo.callback(self.sim.close)
            self.servers = undo.enter_context(cameras(rtsps=count, printers=self.sim.printers()))
            self.screen = undo.enter_context(Screen())
            self.config = self.sim.config_with_cameras("rtsps", RTSPS_PORT)
            self.count = count
            self.undo = undo.pop_all()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.undo.close()

    def ours(self, expected, allowed):
        """farmwall on the screen: the run, and whether the pictures came."""
        with OursDrawn(self.config, self.screen) as ours:
            ours.appear(self.count)
            run = ours.steady()
            seen = ours.seen
        run.more["oldest"] = self.oldest(seen)
        return run, complete("ours on the screen", run.pictures, expected, allowed)

    def mosaic(self, fps):
        with Mpv(self.servers.of("rtsps"), self.screen, fps) as player:
            player.appear(self.count)
            run = player.steady()
        return run, complete("mpv on the screen", run.pictures, [fps] * self.count, 0.1)

    def oldest(self, seen):
        """How old the oldest picture was when the next one replaced it on the screen, from the moment its
        server sent it."""
        told = self.servers.ask("report", since=seen[0][0] - 5)
        sent = [{number: at for at, number, _ in camera["pushes"]} for camera in told]
        shown, oldest = {}, 0.0
        for at, index, number in seen:
            if index in shown and shown[index] in sent[index]:
                oldest = max(oldest, at - sent[index][shown[index]])
            shown[index] = number
        return oldest
