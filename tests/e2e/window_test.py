"""The real window under a virtual display, with software GL: every printer's tile is on the screen, in
a place of its own, and changes when its printer does; clicks and keys do what they should."""

import os
import pathlib
import struct
import unittest
import zlib

from display import BLOCK, WIDTH, WallWindow, blocks, changed
from harness import Sim, run_farmwall, wait_for


def read_png(path):
    """Width, height, and the rows of an 8-bit RGB or RGBA PNG."""
    data = pathlib.Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert depth == 8 and kind in (2, 6)
    channels = 3 if kind == 2 else 4
    body, at = b"", 8
    while at < len(data):
        length, = struct.unpack(">I", data[at:at + 4])
        if data[at + 4:at + 8] == b"IDAT":
            body += data[at + 8:at + 8 + length]
        at += 12 + length
    return width, height, channels, zlib.decompress(body)


class Window(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Moving pictures would never let the screen settle.
        cls.sim = Sim("--count", 12, "--seed", 5, "--speed", 60, "--initial", "idle", "--no-cameras")
        cls.wall = WallWindow(cls.sim.config_text())
        for printer in cls.sim.printers:
            wait_for(lambda: cls.sim.truth(printer)["pushall_count"] > 0, 30, printer + " to be asked")
        cls.settle()

    @classmethod
    def tearDownClass(cls):
        text = cls.wall.close()
        cls.sim.close()
        assert "total frames" in text, text

    @classmethod
    def settle(cls):
        return cls.wall.settle()

    def place_of(self, printer):
        """The blocks that change when this printer fails: the place of its tile."""
        before = self.settle()
        self.sim.set(printer, "gcode_state", "FAILED")
        self.sim.fault(printer, "fail", value=0x03004000)
        region = set()

        def found():
            region.clear()
            # The header counts too: only what lies below it is the wall.
            region.update(p for p in changed(before, blocks(self.wall.picture())) if p[1] * BLOCK > 100)
            return len(region) > 150
        wait_for(found, 20, "the tile of " + printer + " to change")
        return region

    def test_1_each_printer_has_a_tile_of_its_own(self):
        centres = {}
        for printer in self.sim.printers:
            region = self.place_of(printer)
            xs = sorted(x for x, _ in region)
            ys = sorted(y for _, y in region)
            centres[printer] = (xs[len(xs) // 2] * BLOCK, ys[len(ys) // 2] * BLOCK)
            inner = region if len(region) < 40 else {
                p for p in region if xs[len(xs) // 10] <= p[0] <= xs[-len(xs) // 10]}
            wide = (max(x for x, _ in inner) - min(x for x, _ in inner)) * BLOCK
            self.assertLess(wide, WIDTH / 2, f"one tile of {printer} changed, not the whole wall")
        type(self).centres = centres
        places = list(centres.values())
        for i, (x, y) in enumerate(places):
            for other_x, other_y in places[i + 1:]:
                self.assertGreater(abs(x - other_x) + abs(y - other_y), 60, f"two tiles share a place: {centres}")

    def test_2_a_click_opens_the_printer_and_escape_goes_back(self):
        wall = self.settle()
        x, y = self.centres[self.sim.printers[0]]
        self.wall.point(x, y)
        self.wall.do("click", 1)
        wait_for(lambda: len(changed(wall, blocks(self.wall.picture()))) > 2000, 10, "the printer's page")
        self.settle()
        self.wall.do("key", "Escape")
        wait_for(lambda: len(changed(wall, blocks(self.wall.picture()))) < 1500, 10, "the wall again")

    def test_3_function_keys_switch_the_screens(self):
        self.wall.do("key", "F1")
        seen = [self.settle()]
        for key in ("F2", "F3", "F4"):
            self.wall.do("key", key)
            wait_for(lambda: len(changed(seen[-1], blocks(self.wall.picture()))) > 1000, 10, key)
            seen.append(self.settle())
        self.wall.do("key", "F1")
        wait_for(lambda: len(changed(seen[-1], blocks(self.wall.picture()))) > 1000, 10, "F1")

    def test_4_a_dead_printer_is_seen(self):
        self.wall.do("key", "F1")
        before = self.settle()
        self.sim.fault(self.sim.printers[3], "refuse_connection")
        wait_for(lambda: len([p for p in changed(before, blocks(self.wall.picture())) if p[1] * BLOCK > 100]) > 100,
                 30, "the tile of a printer that is offline to change")
        self.sim.clear(self.sim.printers[3])

    def test_5_a_picture_is_drawn_without_a_display(self):
        picture = self.wall.root / "wall.png"
        env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        env["LIBGL_ALWAYS_SOFTWARE"] = "1"
        with Sim("--count", 4, "--seed", 2) as sim:
            code, _, err = run_farmwall("--config", sim.root / "config.toml", "--screenshot", picture, "--size",
                                        "1280x720", root=self.wall.root, env=env)
        self.assertEqual(code, 0, err)
        width, height, channels, raw = read_png(picture)
        self.assertEqual((width, height), (1280, 720))
        self.assertEqual(len(raw), height * (width * channels + 1))
        self.assertGreater(len(set(raw)), 30, "more than a flat colour")


if __name__ == "__main__":
    unittest.main(verbosity=2)
