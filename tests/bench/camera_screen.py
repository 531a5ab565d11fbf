"""Reads from a virtual display which picture of the bench's clips is shown where: what is measured here
was on the screen."""

import mmap
import pathlib
import re
import shutil
import struct
import tempfile
import time

import camera_clips
from measure import Display

LUMA_WHITE = 128
TO_BITS = bytes(1 if value > LUMA_WHITE else 0 for value in range(256))
START = re.compile(rb"\x01{3,40}(?=\x00{3,40})")


class Field:
    """Where the number of one camera's pictures is drawn."""

    def __init__(self, x, y, side):
        self.x, self.y, self.side = x, y, side


class Screen(Display):
    """A virtual display whose pixels lie in a file."""

    def __init__(self, size="1920x1080"):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-screen-"))
        super().__init__(size, ["-fbdir", str(self.folder)])
        self.file = open(self.folder / "Xvfb_screen0", "rb")
        self.pixels = mmap.mmap(self.file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self.pixels[:100])  # of an xwd file
        self.width, self.height, self.row = header[4], header[5], header[12]
        self.begin = header[0] + header[19] * 12
        if header[11] != 32:
            raise SystemExit("the virtual display has not 4 bytes a pixel")

    def close(self):
        self.pixels.close()
        self.file.close()
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def green(self, x, y):
        return self.pixels[self.begin + int(y) * self.row + int(x) * 4 + 1]

    def bits(self, y):
        begin = self.begin + y * self.row
        return self.pixels[begin:begin + self.width * 4][1::4].translate(TO_BITS)

    def shown(self, field):
        """The number shown in a field; nothing: it cannot be read."""
        y = field.y + field.side / 2
        white = [self.green(field.x + (index + 0.5) * field.side, y) > LUMA_WHITE
                 for index in range(camera_clips.FIELDS)]
        if not white[0] or white[1]:
            return None
        bits = white[2:2 + camera_clips.BITS]
        if sum(bits) % 2 != white[-1]:
            return None
        return sum(1 << index for index, bit in enumerate(bits) if bit)

    def plain(self, field):
        """Whether there are fields here, each plain white or plain black on black ground, with a number in them."""
        if field.y + 2 * field.side > self.height or field.y < field.side or field.x < field.side:
            return False
        for index in range(camera_clips.FIELDS):
            shades = [self.green(field.x + (index + across) * field.side, field.y + down * field.side)
                      for across in (0.35, 0.5, 0.65) for down in (0.35, 0.5, 0.65)]
            ground = [self.green(field.x + (index + 0.5) * field.side, field.y + down * field.side)
                      for down in (-0.4, 1.4)]
            if not (min(shades) > 150 or max(shades) < 90) or max(ground) > 90:
                return False
        return bool(self.shown(field))  # number 0 looks like any white dot

    def find(self, count, seconds=15):
        """The fields of `count` cameras, row by row; nothing if they do not all appear in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.fields()
            # Letters can look like fields; cameras are those of one size.
            for one in found:
                alike = [other for other in found if abs(other.side - one.side) <= 0.05 * one.side + 0.1]
                if len(alike) == count:
                    return alike
            time.sleep(0.2)
        return None

    def fields(self):
        found = []
        for y in range(2, self.height - 4, 2):
            bits = self.bits(y)
            for start in START.finditer(bits):
                x, length = start.span()[0], start.span()[1] - start.span()[0]
                near = [one for one in found if abs(one.x - x) < 8 and abs(one.y - y) < 3 * max(one.side, 8)]
                if near or any(x > one.x and x < one.x + camera_clips.FIELDS * one.side and
                               one.y <= y <= one.y + one.side for one in found):
                    continue
                side = field_side(bits, x, length)
                if side and self.plain(one := Field(x, y, side)):
                    found.append(one)
        return sorted(found, key=lambda one: (round(one.y / 40), one.x))

    def watch(self, fields, seconds, pause=0.004):
        """What was shown: (time, index of the field, number) whenever a number changed."""
        seen, last = [], [None] * len(fields)
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            for index, field in enumerate(fields):
                number = self.shown(field)
                if number is not None and number != last[index]:
                    seen.append((now, index, number))
                    last[index] = number
            time.sleep(pause)
        return seen


def field_side(bits, x, length):
    """The side of the fields that begin at `x` with a white one of about `length`: the one for which every
    change between white and black lies on a border. Nothing: these are no fields."""
    best = None
    for tenths in range(int(length * 8.5), int(length * 11.5) + 1):
        side = tenths / 10
        row = bits[x:x + int(camera_clips.FIELDS * side)]
        if len(row) < int(camera_clips.FIELDS * side) or side < 3:
            continue
        changes = [index for index in range(1, len(row)) if row[index] != row[index - 1]]
        off = max(abs(change / side - round(change / side)) * side for change in changes) if changes else 99
        if best is None or off < best[0]:
            best = (off, side)
    return best[1] if best and best[0] <= 1.2 else None
