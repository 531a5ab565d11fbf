"""Uploads to a real vsftpd that demands TLS session reuse, as the printers with the newest firmware run it. Needs
root, vsftpd and libpam-pwdfile; skipped aloud without them."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from harness import wait_for

BIN = pathlib.Path(os.environ["FARMWALL_BIN"])
VSFTPD = shutil.which("vsftpd", path=os.environ.get("PATH", "") + ":/usr/sbin")
PAM_MODULES = list(pathlib.Path("/lib").glob("*/security/pam_pwdfile.so")) + \
    list(pathlib.Path("/usr/lib").glob("*/security/pam_pwdfile.so"))
CODE = "61729384"
ANOTHER_CODE = "50495847"
FILE_BYTES = 20_000_000

SETTINGS = """
listen=YES
listen_ipv6=NO
listen_address=127.0.0.1
listen_port={port}
background=NO
seccomp_sandbox=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
local_umask=022
guest_enable=YES
guest_username={user}
virtual_use_local_privs=YES
pam_service_name={service}
local_root={folder}/card
chroot_local_user=YES
allow_writeable_chroot=YES
hide_ids=YES
ssl_enable=YES
implicit_ssl=YES
allow_anon_ssl=NO
force_local_logins_ssl=YES
force_local_data_ssl=YES
ssl_tlsv1=YES
ssl_ciphers=HIGH
strict_ssl_read_eof=YES
rsa_cert_file={folder}/server.crt
rsa_private_key_file={folder}/server.key
require_ssl_reuse=YES
pasv_enable=YES
idle_session_timeout=20
data_connection_timeout=20
vsftpd_log_file={folder}/vsftpd.log
xferlog_enable=YES
log_ftp_protocol=YES
debug_ssl=YES
"""


def obstacle():
    if os.geteuid() != 0:
        return "vsftpd needs root"
    if VSFTPD is None or not PAM_MODULES:
        return "vsftpd or its PAM module is not installed (apt-get install vsftpd libpam-pwdfile)"
    try:
        pwd.getpwnam("ftp")
    except KeyError:
        return "there is no account 'ftp'"
    return None


def make_certificate(folder, name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-days", "2", "-nodes", "-subj",
                    "/CN=01P00A000000001", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"],
                   check=True, capture_output=True)


@unittest.skipIf(obstacle(), f"SKIPPED: {obstacle()}")
class RealServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-vsftpd-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.folder.chmod(0o755)  # the server's account has to get through
        cls.card = cls.folder / "card"
        cls.card.mkdir()
        shutil.chown(cls.card, "ftp")
        make_certificate(cls.folder, "server")
        make_certificate(cls.folder, "another")
        hashed = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=CODE, text=True, check=True,
                                capture_output=True).stdout.strip()
        cls.write("users", f"bblp:{hashed}\n")
        cls.write("code", CODE + "\n")
        cls.write("another-code", ANOTHER_CODE + "\n")
        service = f"farmwall-test-ftp-{os.getpid()}"
        pam = pathlib.Path("/etc/pam.d") / service
        cls.addClassCleanup(pam.unlink, missing_ok=True)
        pam.write_text(f"auth required pam_pwdfile.so pwdfile={cls.folder}/users\naccount required pam_permit.so\n")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            cls.port = probe.getsockname()[1]
        cls.write("vsftpd.conf",
                  SETTINGS.format(port=cls.port, user="ftp", service=service, folder=cls.folder).lstrip())
        cls.server = subprocess.Popen([VSFTPD, cls.folder / "vsftpd.conf"], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True)
        cls.addClassCleanup(cls.end_server)
        wait_for(cls.listens, 10, "vsftpd to listen")
        cls.file = cls.folder / "part.gcode.3mf"
        cls.file.write_bytes(os.urandom(FILE_BYTES))

    @classmethod
    def write(cls, name, text):
        file = cls.folder / name
        file.write_text(text)
        file.chmod(0o600)

    @classmethod
    def listens(cls):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", cls.port)) == 0

    @classmethod
    def end_server(cls):
        # Its sessions outlive the listener.
        try:
            os.killpg(cls.server.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        cls.server.wait()

    def setUp(self):
        for file in self.card.iterdir():
            file.unlink()
        self.seen = len(self.log())

    def log(self):
        log = self.folder / "vsftpd.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def upload(self, code="code", certificate="server", name="part.gcode.3mf"):
        done = subprocess.run([BIN / "upload-once", "127.0.0.1", str(self.port), self.folder / code,
                               self.folder / f"{certificate}.crt", self.file, name],
                              capture_output=True, text=True, timeout=60)
        for word in (CODE, ANOTHER_CODE):
            self.assertNotIn(word, done.stdout + done.stderr)
        return done

    def test_a_file_lies_there_byte_for_byte_over_a_session_that_is_reused(self):
        done = self.upload()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{FILE_BYTES} bytes", done.stdout)
        self.assertEqual((self.card / "part.gcode.3mf").read_bytes(), self.file.read_bytes())
        log = self.log()[self.seen:]
        self.assertRegex(log, r"SSL version: TLSv1\.2, SSL cipher: [^,]+, reused")
        self.assertIn("STOR part.gcode.3mf", log)
        self.assertIn("226 Transfer complete", log)

    def test_a_file_of_the_same_name_is_replaced(self):
        (self.card / "part.gcode.3mf").write_bytes(b"x" * (FILE_BYTES + 1))
        shutil.chown(self.card / "part.gcode.3mf", "ftp")
        self.assertEqual(self.upload().returncode, 0)
        self.assertEqual((self.card / "part.gcode.3mf").read_bytes(), self.file.read_bytes())

    def test_a_wrong_access_code_is_called_that(self):
        done = self.upload(code="another-code")
        self.assertEqual(done.returncode, 1)
        self.assertIn("refuses the access code", done.stderr)
        self.assertEqual(list(self.card.iterdir()), [])

    def test_a_server_with_another_certificate_never_sees_the_access_code(self):
        done = self.upload(certificate="another")
        self.assertEqual(done.returncode, 1)
        self.assertIn("another certificate", done.stderr)
        log = self.log()[self.seen:]
        self.assertNotIn("USER", log)
        self.assertNotIn("PASS", log)

    def test_a_storage_that_takes_nothing_is_called_that(self):
        self.card.chmod(0o555)
        try:
            done = self.upload()
        finally:
            self.card.chmod(0o755)
        self.assertEqual(done.returncode, 1)
        self.assertIn("takes no file", done.stderr)


if __name__ == "__main__":
    unittest.main()
