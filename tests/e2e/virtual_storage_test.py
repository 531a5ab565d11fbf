"""The storage of the virtual farm as clients see it: FTPS by curl and by Python, and what project_file makes of
a file there."""

import ftplib
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import tomllib
import unittest

import sliced
from harness import Sim, wait_for

LIMIT = 20


class Curl:
    """The curl program against one printer's files. The access code goes through a file, not the command line."""

    def __init__(self, folder, printer):
        self.base = f"ftps://{printer['printer_ip']}:{printer['ftps_port']}"
        self.folder = folder
        self.config = folder / f"{printer['id']}.curl"
        self.log_in(printer["access_code"])

    def log_in(self, code):
        self.config.write_text(f'user = "bblp:{code}"\n')

    def run(self, path, *options, limit=LIMIT):
        """(exit code, standard output, what was said on the control connection)"""
        done = subprocess.run(["curl", "-K", self.config, "-sv", "-k", "--ssl-reqd", "--tls-max", "1.2", "--max-time", str(limit),
                               *map(str, options), self.base + path], capture_output=True, timeout=limit + 10, check=False)
        said = done.stderr.decode("utf-8", "replace")
        return done.returncode, done.stdout, "\n".join(re.findall(r"^< (.*?)\r?$", said, re.M))

    def upload(self, data, path, *options, limit=LIMIT):
        source = self.folder / "source.bin"
        source.write_bytes(data)
        return self.run(path, "-T", source, *options, limit=limit)

    def ask(self, *commands):
        """Commands by themselves, then a listing that must not matter."""
        quotes = [part for command in commands for part in ("-Q", command)]
        return self.run("/", "--head", *quotes)


class NoReuse(ftplib.FTP_TLS):
    """Implicit TLS; data connections begin a session of their own."""

    def __init__(self, printer):
        super().__init__(context=plain_context())
        self.host, self.port, self.timeout = printer["printer_ip"], printer["ftps_port"], LIMIT
        self.sock = self.context.wrap_socket(socket.create_connection((self.host, self.port), timeout=LIMIT))
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        try:
            self.welcome = self.getresp()
            ftplib.FTP.login(self, "bblp", printer["access_code"])  # without AUTH, which explicit TLS begins with
            self.prot_p()
        except ftplib.Error:
            self.close()
            raise

    def makepasv(self):
        _, port = super().makepasv()
        return self.host, port


class Reuse(NoReuse):
    """As a printer wants it: the data connection resumes the session of this control connection."""
    lender = None  # another connection, whose session it takes instead

    def ntransfercmd(self, cmd, rest=None):
        plain, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if not self._prot_p:
            return plain, size
        owner = self.lender or self
        return owner.context.wrap_socket(plain, session=owner.sock.session), size


def upload(ftp, name):
    """Stores this file; returns the last answer, whatever it is."""
    try:
        with open(__file__, "rb") as source:
            return ftp.storbinary("STOR " + name, source)
    except ftplib.Error as refused:
        return str(refused)
    except OSError:  # the data connection was closed first
        try:
            return ftp.voidresp()
        except ftplib.Error as refused:
            return str(refused)


def plain_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


class VirtualStorage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--count", 3, "--seed", 7, "--models", "p1s,p2s,a1-mini", "--initial", "idle", "--speed", 60, "--ftps",
                      "--no-cameras")
        cls.printers = tomllib.loads(cls.sim.config_text())["printers"]
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-storage-"))
        cls.p1s, cls.p2s, cls.mini = (Curl(cls.folder, printer) for printer in cls.printers)
        cls.id = cls.printers[0]["id"]

    @classmethod
    def tearDownClass(cls):
        cls.sim.close()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def tearDown(self):
        for printer in self.printers:
            self.sim.clear(printer["id"])
            self.sim.set(printer["id"], "storage", True)
        wait_for(lambda: all(self.truth(p["id"])["ftps_connections"]["now"] == 0 for p in self.printers), LIMIT,
                 "the clients to have gone")
        for printer in self.printers:
            for file in self.files(printer["id"]):
                (self.sim.root / "storage" / printer["id"] / file).unlink()

    def truth(self, printer=None):
        return self.sim.truth(printer or self.id)

    def files(self, printer=None):
        return {file["name"]: file["bytes"] for file in self.truth(printer)["files"]}

    def on_disk(self, name):
        return (self.sim.root / "storage" / self.id / name).read_bytes()

    def test_upload_size_list_delete(self):
        data = os.urandom(300_000)
        uploads = self.truth()["uploads"]
        for options in ([], ["--disable-epsv"]):
            code, _, said = self.p1s.upload(data, "/part.gcode.3mf", *options)
            self.assertEqual(code, 0, said)
            self.assertIn("226 ", said)
            self.assertEqual("229 " in said, not options)
            self.assertEqual(self.on_disk("part.gcode.3mf"), data)
        self.assertIn("(0,0,0,0,", said)
        self.assertEqual(self.truth()["uploads"], uploads + 2)
        code, head, _ = self.p1s.run("/part.gcode.3mf", "--head")
        self.assertEqual((code, b"Content-Length: 300000" in head), (0, True))
        code, listing, _ = self.p1s.run("/")
        self.assertEqual(code, 0)
        lines = [line.split(None, 8) for line in listing.decode().splitlines()]
        self.assertEqual({line[8] for line in lines}, {"cache", "timelapse", "logger", "part.gcode.3mf"})
        self.assertIn("300000", [line[4] for line in lines])
        code, got, _ = self.p1s.run("/part.gcode.3mf")
        self.assertEqual((code, got == data), (0, True))
        code, _, said = self.p1s.ask("DELE part.gcode.3mf")
        self.assertEqual((code, "250 Delete" in said), (0, True))
        self.assertEqual(self.files(), {})
        self.assertEqual(self.p1s.run("/part.gcode.3mf", "--head")[0], 78)

    def test_append_and_resume(self):
        data = os.urandom(50_000)
        self.assertEqual(self.p1s.upload(data[:20_000], "/a.bin")[0], 0)
        code, _, said = self.p1s.upload(data, "/a.bin", "-C", "-")
        self.assertEqual(code, 0, said)
        self.assertEqual(self.on_disk("a.bin"), data)
        code, got, _ = self.p1s.run("/a.bin", "-C", 30_000)
        self.assertEqual((code, got), (0, data[30_000:]))

    def test_rename_is_refused_by_small_printers_only(self):
        for curl, printer, answer in ((self.p1s, 0, "502 "), (self.p2s, 1, "350 "), (self.mini, 2, "502 ")):
            curl.upload(b"x", "/a.bin")
            code, _, said = curl.ask("RNFR a.bin", "RNTO b.bin")
            self.assertEqual(code, 21 if answer == "502 " else 0)
            self.assertIn("\n" + answer, said)
            self.assertEqual(set(self.files(self.printers[printer]["id"])), {"a.bin" if answer == "502 " else "b.bin"})

    def test_login(self):
        self.p1s.log_in("00000000")
        code, _, said = self.p1s.run("/")
        self.assertEqual(code, 67)
        self.assertIn("530 ", said)
        self.p1s.log_in(self.printers[0]["access_code"])
        self.sim.fault(self.id, "ftps_refuse_login")
        self.assertEqual(self.p1s.run("/")[0], 67)
        self.sim.clear(self.id)
        self.assertEqual(self.p1s.run("/")[0], 0)

    def test_names_never_leave_the_storage(self):
        secret = self.sim.root / "storage" / "beside"
        secret.write_bytes(b"beside")
        ftp = Reuse(self.printers[0])
        for name in ("../beside", "/../beside", "cache/../../beside", "/cache/../../../etc/passwd", "..", "../p2s-01/x"):
            for command in ("SIZE", "DELE", "CWD"):
                with self.assertRaises(ftplib.error_perm, msg=f"{command} {name}") as refused:
                    ftp.sendcmd(f"{command} {name}")
                self.assertTrue(str(refused.exception).startswith("550"), refused.exception)
            for command in ("STOR", "APPE", "RETR"):
                ftp.makepasv()
                with self.assertRaises(ftplib.error_perm, msg=f"{command} {name}") as refused:
                    ftp.sendcmd(f"{command} {name}")
                self.assertRegex(str(refused.exception), "^55[03]")
        for name in ("a?b", "a:b", "a|b", "a*", 'a"', "tail.", "x" * 256, "CON\x01"):
            with self.assertRaises(ftplib.error_perm, msg=name):
                ftp.makepasv()
                ftp.sendcmd("STOR " + name)
        self.assertTrue(secret.read_bytes() == b"beside")
        self.assertEqual(ftp.sendcmd("CWD cache/../cache"), "250 Directory successfully changed.")
        self.assertEqual(ftp.pwd(), "/cache")
        ftp.quit()

    def test_data_has_to_resume_the_session_of_its_own_control_connection(self):
        stranger = NoReuse(self.printers[0])
        self.assertEqual(upload(stranger, "a.bin"), "522 SSL connection failed: session reuse required")
        self.assertEqual(self.files().get("a.bin"), 0)
        good = Reuse(self.printers[0])
        good.lender = stranger
        self.assertIn("522 ", upload(good, "a.bin"))  # a session of the server, but another client's
        good.lender = None
        for _ in range(3):
            self.assertIn("226 ", upload(good, "a.bin"))
        self.assertEqual(self.on_disk("a.bin"), pathlib.Path(__file__).read_bytes())
        stranger.quit()
        good.quit()

    def test_data_in_clear(self):
        ftp = NoReuse(self.printers[2])
        ftp.prot_c()
        self.assertIn("226 ", upload(ftp, "a.bin"))
        got = []
        ftp.retrbinary("RETR a.bin", got.append)
        self.assertEqual(b"".join(got), pathlib.Path(__file__).read_bytes())
        ftp.quit()

    def test_only_tls_12(self):
        context = plain_context()
        context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        with socket.create_connection((self.printers[0]["printer_ip"], self.printers[0]["ftps_port"]), timeout=LIMIT) as plain:
            with self.assertRaises(ssl.SSLError):
                context.wrap_socket(plain)

    def test_what_it_says_before_and_after_login(self):
        ftp = Reuse(self.printers[0])
        self.assertEqual(ftp.sendcmd("SYST"), "215 UNIX Type: L8")
        self.assertIn("EPSV", ftp.sendcmd("FEAT"))
        self.assertGreater(int(ftp.sendcmd("AVBL").split()[1]), 1_000_000)
        self.assertEqual(sorted(ftp.nlst()), ["cache", "logger", "timelapse"])
        for command in ("MLSD", "PORT 1,2,3,4,5,6", "MKD x", "NONSENSE"):
            with self.assertRaises(ftplib.error_perm):
                ftp.sendcmd(command)
        with self.assertRaisesRegex(ftplib.error_temp, "425"):
            ftp.sendcmd("STOR a.bin")
        ftp.cwd("cache")
        ftp.sendcmd("CDUP")
        self.assertEqual(ftp.pwd(), "/")
        ftp.quit()

    def test_one_transfer_and_two_connections_at_a_time(self):
        self.sim.fault(self.id, "ftps_stall")
        first, second = Reuse(self.printers[0]), Reuse(self.printers[0])
        with self.assertRaisesRegex(ftplib.error_temp, "421"):
            Reuse(self.printers[0])
        data = first.transfercmd("STOR a.bin")
        data.sendall(b"x" * 1000)
        with self.assertRaisesRegex(ftplib.error_temp, "425"):
            second.transfercmd("STOR b.bin")
        self.assertEqual(self.truth()["ftps_connections"]["now"], 2)
        first.close()  # in the middle
        data.close()
        self.sim.clear(self.id)
        wait_for(lambda: self.truth()["ftps_connections"]["now"] == 1, LIMIT, "the first client to have gone")
        self.assertIn("226 ", upload(second, "b.bin"))
        second.quit()

    def test_closed_port(self):
        self.sim.fault(self.id, "ftps_refuse")
        self.assertEqual(self.p1s.run("/")[0], 7)
        self.sim.clear(self.id)
        self.assertEqual(self.p1s.run("/")[0], 0)

    def test_slow_and_stalled(self):
        self.sim.fault(self.id, "ftps_slow", value=10_000)
        code, _, _ = self.p1s.upload(os.urandom(100_000), "/slow.bin", limit=2)
        self.assertEqual(code, 28)
        self.assertLess(self.files().get("slow.bin", 0), 100_000)
        self.sim.clear(self.id)
        self.sim.fault(self.id, "ftps_stall")
        code, _, said = self.p1s.upload(os.urandom(100_000), "/stall.bin", limit=2)
        self.assertEqual((code, "226" in said), (28, False))
        self.assertEqual(self.files()["stall.bin"], 0)

    def test_full(self):
        self.sim.fault(self.id, "ftps_full", value=50_000)
        self.assertEqual(self.p1s.upload(b"x" * 40_000, "/fits.bin")[0], 0)
        ftp = Reuse(self.printers[0])
        self.assertEqual(ftp.sendcmd("AVBL"), "213 10000")
        data = ftp.transfercmd("STOR big.bin")
        try:
            for _ in range(100):
                data.sendall(b"x" * 100_000)
        except OSError:
            pass
        with self.assertRaisesRegex(ftplib.error_perm, "552"):
            ftp.voidresp()
        data.close()
        self.assertEqual(self.files()["big.bin"], 10_000)
        ftp.quit()
        self.sim.clear(self.id)
        self.assertEqual(self.p1s.upload(b"x" * 40_000, "/big.bin")[0], 0)

    def test_cut_once(self):
        self.sim.fault(self.id, "ftps_cut", value=30_000)
        code, _, said = self.p1s.upload(os.urandom(2_000_000), "/cut.bin")
        self.assertNotEqual(code, 0)
        self.assertNotIn("226", said)
        self.assertEqual(self.files()["cut.bin"], 30_000)
        self.assertEqual(self.p1s.upload(os.urandom(200_000), "/cut.bin")[0], 0)
        self.assertEqual(self.files()["cut.bin"], 200_000)

    def test_wrong_size(self):
        self.sim.fault(self.id, "ftps_wrong_size")
        self.p1s.upload(b"x" * 1000, "/a.bin")
        self.assertIn(b"Content-Length: 500", self.p1s.run("/a.bin", "--head")[1])
        self.assertEqual(self.files()["a.bin"], 1000)
        self.sim.fault(self.id, "ftps_wrong_size", value="file")
        code, _, said = self.p1s.upload(b"x" * 1000, "/b.bin")
        self.assertEqual((code, "226" in said), (0, True))
        self.assertEqual(self.files()["b.bin"], 500)
        for fault, value in (("ftps_wrong_size", "other"), ("ftps_slow", 0), ("ftps_cut", "many"), ("start_late", -1)):
            with self.assertRaises(AssertionError):
                self.sim.fault(self.id, fault, value=value)

    def test_no_card(self):
        self.sim.set(self.id, "storage", False)
        code, _, said = self.p1s.upload(b"x", "/a.bin")
        self.assertEqual(code, 25)
        self.assertIn("553 ", said)
        code, listing, _ = self.p1s.run("/")
        self.assertEqual((code, listing), (0, b""))

    def test_a_new_address_takes_the_files_along(self):
        self.sim.fault(self.id, "changed_address")
        self.assertEqual(self.p1s.run("/")[0], 7)
        moved = dict(self.printers[0], printer_ip=self.truth()["address"])
        self.assertEqual(Curl(self.folder, moved).run("/")[0], 0)
        Curl(self.folder, self.printers[0])

    def test_sim_json_and_folder(self):
        info = self.sim.info["printers"][0]
        self.assertEqual(info["ftps_port"], self.printers[0]["ftps_port"])
        self.assertTrue((self.sim.root / "storage" / self.id).is_dir())


class SlicedFiles(unittest.TestCase):
    """Files as the other tests write them are printed."""

    def test_a_file_is_uploaded_and_printed(self):
        models = {"p1s": "C12", "p2s": "N7", "a1-mini": "N1", "h2d": "O1D", "x1c": "BL-P001"}
        folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-storage-"))
        with Sim("--count", 5, "--models", ",".join(models), "--initial", "idle", "--speed", 600, "--ftps", "--no-cameras") as sim:
            printers = tomllib.loads(sim.config_text())["printers"]
            for printer, code in zip(printers, models.values()):
                name = printer["id"]
                sim.set(name, "tray", {"ams": 0, "slot": 2, "type": "PLA", "preset": "GFA00", "color": "FFFFFFFF"})
                path = sliced.make(folder / "part.gcode.3mf", model_code=code, layers=33, seconds=120,
                                   filaments=[(2, "PLA", "#FFFFFF", "GFA00", 3.0)])
                self.assertEqual(Curl(folder, printer).upload(path.read_bytes(), "/part.gcode.3mf")[0], 0)
                start(sim, printer, "part.gcode.3mf", mapping=[-1, 2])
                truth = wait_for(lambda n=name: sim.truth(n) if sim.truth(n)["starts"] else None, LIMIT, name + " to start")
                self.assertEqual([s["ran"] for s in truth["starts"]], [True], truth["print_error"])
                self.assertEqual((truth["layers"], truth["job"]["subtask_id"]), (33, "4711"))
                self.assertEqual(truth["starts"][0]["file"], "part.gcode.3mf")
            for printer in printers:
                name = printer["id"]
                wait_for(lambda n=name: sim.truth(n)["gcode_state"] == "FINISH", LIMIT, name + " to finish")
                self.assertTrue(sim.truth(name)["dirty_plate"])
                sim.set(name, "plate_clean", True)
                self.assertFalse(sim.truth(name)["dirty_plate"])
        shutil.rmtree(folder, ignore_errors=True)


    def test_a_file_that_does_not_fit_is_not_printed(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-storage-"))
        with Sim("--count", 1, "--models", "p1s", "--initial", "idle", "--speed", 60, "--ftps", "--no-cameras") as sim:
            printer = tomllib.loads(sim.config_text())["printers"][0]
            name = printer["id"]
            sim.set(name, "tray", {"ams": 0, "slot": 0, "type": "PLA", "preset": "GFA00", "color": "FFFFFFFF"})
            curl = Curl(folder, printer)
            cases = (({"wrong_md5": True}, 0x05004003), ({"model_code": "N2S"}, 0x05004047), ({"nozzle": "0.6"}, 0x05004047),
                     ({"plates": [2]}, 0x05004002), ({"leave_out": ["Metadata/slice_info.config"]}, 0x0502402D),
                     ({"filaments": [(1, "ABS", "#000000", "GFB00", 1.0)]}, 0x07008012))
            for options, code in cases:
                with self.subTest(options):
                    path = sliced.make(folder / "part.gcode.3mf", **options)
                    self.assertEqual(curl.upload(path.read_bytes(), "/part.gcode.3mf")[0], 0)
                    start(sim, printer, "part.gcode.3mf", mapping=[0])
                    wait_for(lambda c=code: sim.truth(name)["print_error"] == c, LIMIT, f"print error {code:08X}")
                    self.assertNotEqual(sim.truth(name)["gcode_state"], "RUNNING")
                    sim.set(name, "gcode_state", "IDLE")
                    sim.clear(name)
            whole = sliced.make(folder / "part.gcode.3mf").read_bytes()
            self.assertEqual(curl.upload(whole[:len(whole) // 2], "/part.gcode.3mf")[0], 0)
            start(sim, printer, "part.gcode.3mf", mapping=[0])
            wait_for(lambda: sim.truth(name)["print_error"] == 0x0502402D, LIMIT, "a broken file to be refused")
            count = len(sim.truth(name)["starts"])
            start(sim, printer, "missing.gcode.3mf", mapping=[0])
            truth = wait_for(lambda: (t := sim.truth(name))["job"]["file"] == "missing.gcode.3mf" and t, LIMIT, "the name to show")
            self.assertEqual((len(truth["starts"]), truth["starts"][-1]["ran"]), (count + 1, False))
        shutil.rmtree(folder, ignore_errors=True)


def start(sim, printer, file, mapping):
    """project_file by the mosquitto command, as any client of the printer could send it."""
    body = {"print": {"sequence_id": "1", "command": "project_file", "param": "Metadata/plate_1.gcode", "url": "ftp:///" + file,
                      "subtask_name": "part", "project_id": "4711", "profile_id": "0", "task_id": "4711", "subtask_id": "4711",
                      "bed_type": "auto", "use_ams": True, "ams_mapping": mapping,
                      "ams_mapping2": [{"ams_id": 255, "slot_id": 255} if tray < 0 else {"ams_id": tray // 4, "slot_id": tray % 4}
                                       for tray in mapping]}}
    publish(printer, body, sim.root / "ca.pem")


def publish(printer, body, ca):
    options = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-storage-"))
    try:
        home = options / "mosquitto_pub"  # mosquitto's own place for options: the code stays off the command line
        home.write_text(f"-u bblp\n-P {printer['access_code']}\n")
        subprocess.run(["mosquitto_pub", "-h", printer["printer_ip"], "-p", str(printer["mqtt_port"]), "--cafile", ca, "--insecure",
                        "-t", f"device/{printer['serial']}/request", "-m", json.dumps(body)], check=True, timeout=LIMIT,
                       env=dict(os.environ, XDG_CONFIG_HOME=str(options)))
    finally:
        shutil.rmtree(options, ignore_errors=True)


if __name__ == "__main__":
    unittest.main()
