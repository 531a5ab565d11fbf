"""What a newcomer does wrong: one sentence that says what to do, and exit code 2."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest
import zipfile

from harness import BIN, run_farmwall

PRINTER = """
[[printers]]
id = "a"
name = "A"
printer_ip = "127.0.0.1"
serial = "00M00A000000001"
access_code = "87654321"
"""


class BadInput(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-bad-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def refused(self, text, *words, options=("--check-config",)):
        (self.root / "config.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
        code, out, err = run_farmwall(*options, root=self.root)
        self.assertEqual(code, 2, out + err)
        for word in words:
            self.assertIn(word, err)
        self.assertNotIn("87654321", out + err)
        return err

    def test_good_config_is_accepted(self):
        config = self.root / "config.toml"
        config.write_text(PRINTER)
        config.chmod(0o600)
        code, out, err = run_farmwall("--check-config", root=self.root)
        self.assertEqual(code, 0, err)
        self.assertIn("1 printer", out)

    def test_no_config(self):
        code, _, err = run_farmwall("--headless", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("config", err)
        self.assertIn("--demo", err)

    def test_named_config_that_is_not_there(self):
        code, _, err = run_farmwall("--headless", "--config", self.root / "none.toml", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("none.toml", err)

    def test_config_is_a_folder(self):
        code, _, err = run_farmwall("--check-config", "--config", self.root, root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("folder", err)

    def test_unreadable_config(self):
        config = self.root / "config.toml"
        config.write_text(PRINTER)
        config.chmod(0)
        if os.access(config, os.R_OK):
            self.skipTest("this account may read everything")
        code, _, err = run_farmwall("--check-config", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("config.toml", err)

    def test_empty_config(self):
        self.refused("", "printers")

    def test_wrong_toml_names_the_line(self):
        self.refused(PRINTER + "\nname = = 3\n", "config.toml:9")

    def test_unknown_key_names_the_nearest(self):
        self.refused(PRINTER + 'acces_cod = "1"\n', "acces_cod", "access_code")

    def test_bad_address(self):
        self.refused(PRINTER.replace("127.0.0.1", "256.0.0.1"), "printer_ip", "256.0.0.1")

    def test_serial_with_spaces(self):
        self.refused(PRINTER.replace("00M00A000000001", "00M 00A000000001"), "serial")

    def test_missing_access_code(self):
        self.refused(PRINTER.replace('access_code = "87654321"\n', ""), "access_code")

    def test_duplicates(self):
        twice = PRINTER + PRINTER.replace('id = "a"', 'id = "b"').replace("127.0.0.1", "127.0.0.2")
        self.refused(twice, "serial")

    def test_all_problems_at_once(self):
        err = self.refused(PRINTER.replace("127.0.0.1", "nowhere").replace("00M00A", "00m 00A") + "colour = 1\n")
        self.assertGreaterEqual(len(err.strip().splitlines()), 3, err)

    def test_bytes_that_are_no_text(self):
        self.refused(b"\xff\xfe\x00" * 100, "config.toml")

    def test_headless_with_a_bad_config_does_not_start(self):
        self.refused("", "printers", options=("--headless",))

    def test_unknown_option(self):
        code, _, err = run_farmwall("--colour", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("--help", err)
        self.assertEqual(len(err.strip().splitlines()), 1, err)

    def test_wrong_size(self):
        code, _, err = run_farmwall("--size", "big", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("1920x1080", err)

    def test_no_display(self):
        (self.root / "config.toml").write_text(PRINTER)
        env = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
        code, _, err = run_farmwall(root=self.root, env=env)
        self.assertEqual(code, 2, err)
        self.assertIn("--headless", err)

    def test_picture_that_cannot_be_written(self):
        (self.root / "config.toml").write_text(PRINTER)
        code, _, err = run_farmwall("--screenshot", self.root / "no" / "such" / "folder.png", root=self.root)
        self.assertEqual(code, 2, err)
        self.assertIn("folder.png", err)

    def test_inspect_what_is_not_there(self):
        code, _, err = run_farmwall("--inspect", self.root / "none.json", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("none.json", err)

    def test_inspect_garbage(self):
        (self.root / "garbage.json").write_bytes(b"\x00\x01garbage")
        code, _, err = run_farmwall("--inspect", self.root / "garbage.json", root=self.root)
        self.assertEqual(code, 2, err)

    def test_inspect_a_sliced_file(self):
        for name in ("part.gcode.3mf", "part.3mf", "upload.tmp"):
            with zipfile.ZipFile(self.root / name, "w", zipfile.ZIP_DEFLATED) as archive:
                with archive.open("Metadata/plate_2.gcode", "w", force_zip64=True) as member:
                    member.write(b"; CONFIG_BLOCK_START\n; printer_model = Bambu Lab P1S\n; CONFIG_BLOCK_END\nG28\n")
            code, out, err = run_farmwall("--inspect", self.root / name, root=self.root)
            self.assertEqual((code, err), (0, ""))
            said = json.loads(out)
            self.assertEqual([plate["index"] for plate in said["plates"]], [2])
            self.assertEqual(said["plates"][0]["model"], "p1s")

    def test_inspect_plain_gcode(self):
        (self.root / "part.gcode").write_text("G28\nG1 X10\n")
        code, out, err = run_farmwall("--inspect", self.root / "part.gcode", root=self.root)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(json.loads(out)["kind"], "gcode")

    def test_inspect_what_is_not_sliced(self):
        with zipfile.ZipFile(self.root / "part.3mf", "w") as archive:
            archive.writestr("3D/3dmodel.model", "<model/>")
        (self.root / "cut.gcode.3mf").write_bytes(b"PK\x03\x04")
        (self.root / "empty.gcode").write_bytes(b"")
        for name, words in (("part.3mf", "is not sliced"), ("cut.gcode.3mf", "cut off"), ("empty.gcode", "is empty"),
                            ("none.gcode.3mf", "no such file")):
            code, out, err = run_farmwall("--inspect", self.root / name, root=self.root)
            self.assertEqual((code, out), (2, ""))
            self.assertIn(words, err)
            self.assertIn(name, err)
            self.assertEqual(err.count("\n"), 1, err)

    def test_import_what_is_no_json(self):
        (self.root / "old.json").write_text("{")
        code, out, err = run_farmwall("--import", self.root / "old.json", root=self.root)
        self.assertEqual(code, 2)
        self.assertIn("old.json", err)
        self.assertEqual(out, "")

    def test_import_gives_a_config_that_is_accepted(self):
        (self.root / "old.json").write_text(
            '{"poll_interval_sec": 2, "printers": [{"id": "a", "name": "A", "printer_ip": "127.0.0.1", '
            '"serial": "00M00A000000001", "access_code": "87654321", "camera_enabled": true}]}')
        code, out, err = run_farmwall("--import", self.root / "old.json", root=self.root)
        self.assertEqual(code, 0, err)
        config = self.root / "config.toml"
        config.write_text(out)
        config.chmod(0o600)
        code, out, err = run_farmwall("--check-config", root=self.root)
        self.assertEqual(code, 0, err)


class BadSim(unittest.TestCase):
    def run_sim(self, *options):
        return subprocess.run([BIN / "farmwall-sim", *map(str, options)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)

    def sentence(self, done, *words):
        err = done.stderr.decode()
        self.assertEqual(done.returncode, 2, err)
        self.assertEqual(len(err.strip().splitlines()), 1, err)
        for word in words:
            self.assertIn(word, err)

    def test_port_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.77.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with tempfile.TemporaryDirectory() as root:
                self.sentence(self.run_sim("--count", 1, "--root", root, "--port", port), str(port))

    def test_mosquitto_is_not_installed(self):
        with tempfile.TemporaryDirectory() as root:
            missing = pathlib.Path(root) / "mosquitto"
            self.sentence(self.run_sim("--count", 1, "--root", root, "--broker", missing), "mosquitto",
                          "apt-get install")

    def test_wrong_options(self):
        self.sentence(self.run_sim("--count", 0), "count")
        self.sentence(self.run_sim("--ftps-port", 9990), "ftps")
        self.sentence(self.run_sim("--ftps", "--ftps-port", 70000), "ftps-port")
        self.sentence(self.run_sim("--count", "many"), "count")
        self.sentence(self.run_sim("--models", "x9"), "x9")
        self.sentence(self.run_sim("--scenario", "/no/such/file.json"), "/no/such/file.json")


if __name__ == "__main__":
    unittest.main(verbosity=2)
