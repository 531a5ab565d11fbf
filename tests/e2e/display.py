"""A virtual display with software GL and the real window on it: what is seen, and hands on mouse and keys."""

import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import time
import zlib

from harness import BIN, Reader, wait_for

WIDTH, HEIGHT = 1280, 800
BLOCK = 8  # pictures are compared in blocks of so many pixels


class Display:
    def __init__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise AssertionError("Xvfb did not start")
        self.env = dict(os.environ, DISPLAY=":" + number, LIBGL_ALWAYS_SOFTWARE="1")
        self.env.pop("WAYLAND_DISPLAY", None)

    def close(self):
        self.process.terminate()
        self.process.wait(10)

    def picture(self):
        """The screen as rows of bytes, four a pixel (blue, green, red, unused)."""
        raw = subprocess.run(["xwd", "-root", "-silent"], env=self.env, stdout=subprocess.PIPE, check=True).stdout
        header = struct.unpack(">25I", raw[:100])
        header_size, width, height, line_bytes, colors = header[0], header[4], header[5], header[12], header[19]
        assert (width, height, header[11]) == (WIDTH, HEIGHT, 32), header
        start = header_size + colors * 12
        return [raw[start + y * line_bytes:start + y * line_bytes + width * 4] for y in range(height)]

    def do(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, stdout=subprocess.DEVNULL)


def blocks(picture):
    """A checksum for each block of BLOCK x BLOCK pixels."""
    out = {}
    for top in range(0, HEIGHT, BLOCK):
        rows = picture[top:top + BLOCK]
        for left in range(0, WIDTH, BLOCK):
            out[left // BLOCK, top // BLOCK] = zlib.crc32(b"".join(r[left * 4:(left + BLOCK) * 4] for r in rows))
    return out


def changed(before, after):
    return {place for place, value in after.items() if before[place] != value}


def theme_color(name):
    """0xRRGGBB, as assets/theme.toml has it."""
    theme = pathlib.Path(__file__).parents[2] / "assets" / "theme.toml"
    return int(re.search(rf'^{name} = "#([0-9A-F]{{6}})"', theme.read_text(), re.MULTILINE).group(1), 16)


def runs(row, color, least):
    """[first, last] pixels of what has this colour, but for gaps such as a word leaves, and is at least so wide."""
    widest_gap = 24
    found = []
    at = row.find(color)
    while at >= 0:
        x = at // 4
        if at % 4 == 0:
            if found and x - found[-1][1] <= widest_gap:
                found[-1][1] = x
            else:
                found.append([x, x])
        at = row.find(color, (x + 1) * 4)
    return [run for run in found if run[1] - run[0] + 1 >= least]


def filled(picture, name, least_width, least_height, area):
    """(left, top, right, bottom) of each box in `area` that is filled with this colour of the theme, words on it or
    not, from top to bottom."""
    color = theme_color(name).to_bytes(3, "little") + b"\0"
    left, top, right, bottom = area
    boxes = []
    for y in range(top, bottom):
        row = bytearray(picture[y][left * 4:right * 4])
        row[3::4] = bytes(right - left)  # the unused byte
        for first, last in runs(bytes(row), color, least_width):
            first, last = first + left, last + left
            box = next((b for b in boxes if b[3] >= y - 2 and b[0] <= last and first <= b[2]), None)
            if box:
                box[:] = min(box[0], first), box[1], max(box[2], last), y
            else:
                boxes.append([first, y, last, y])
    return [tuple(box) for box in boxes if box[3] - box[1] + 1 >= least_height]


class WallWindow:
    """farmwall with its window on a display of its own, in the upper left corner."""

    def __init__(self, config_text):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-window-"))
        config = self.root / "config.toml"
        config.write_text(config_text)
        config.chmod(0o600)
        self.display = Display()
        self.process = subprocess.Popen(
            [BIN / "farmwall", "--root", self.root, "--size", f"{WIDTH}x{HEIGHT}", "--verbose"],
            env=self.display.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.err = Reader(self.process.stderr)
        wait_for(lambda: self.process.poll() is not None or self.find(), 30, "the window")
        if self.process.poll() is not None:
            raise AssertionError(self.err.text())
        self.id = self.find()
        self.do("windowmove", self.id, 0, 0)
        self.do("windowfocus", self.id)

    def find(self):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Farmwall"], env=self.display.env,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        words = found.stdout.decode().split()
        return words[-1] if words else None

    def do(self, *words):
        self.display.do(*words)

    def picture(self):
        return self.display.picture()

    def point(self, x, y):
        self.do("mousemove", "--window", self.id, round(x), round(y))

    def settle(self, limit=20):
        """Waits until two pictures in a row are nearly the same."""
        last = blocks(self.picture())

        def still():
            nonlocal last
            time.sleep(0.4)
            now = blocks(self.picture())
            quiet = len(changed(last, now)) < 40
            last = now
            return quiet
        wait_for(still, limit, "the picture to settle")
        return last

    def close(self):
        """Ends it as a service manager does; what it wrote when all was well."""
        self.process.terminate()
        code = self.process.wait(10)
        self.err.join(2)
        text = self.err.text()
        self.display.close()
        shutil.rmtree(self.root, ignore_errors=True)
        assert code == 0, text
        return text
