"""farmwall --fetch-hms against a web service on this machine: good answers are kept, bad ones change nothing."""

import http.server
import json
import pathlib
import shutil
import tempfile
import threading
import time
import unittest

from harness import run_farmwall

PRINTER = """
[[printers]]
id = "a"
printer_ip = "127.0.0.1"
serial = "00M00A000000001"
access_code = "87654321"
"""

GOOD = json.dumps({
    "result": 0, "t": 1760000000, "ver": 7,
    "data": {
        "device_hms": {"ver": 7, "en": [{"ecode": "0300010000010007", "intro": "The bed is cold."},
                                        {"ecode": "broken", "intro": "x"}],
                       "de": [{"ecode": "0300010000010007", "intro": "Das Bett ist kalt."}]},
        "device_error": {"ver": 7, "en": [{"ecode": "0500400C", "intro": "There is no card."}]}}}).encode()


class Service(http.server.ThreadingHTTPServer):
    """Answers every question by `answer(handler)`; keeps the paths."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = None
        self.paths = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # the program hangs up on what it does not want


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        self.server.answer(self)

    def log_message(self, *_):
        pass

    def send(self, body, status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class FetchTexts(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-texts-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.service = Service()
        self.addCleanup(self.service.server_close)
        self.addCleanup(self.service.shutdown)
        self.kept = self.root / "texts" / "errors-en.json"
        self.config(f"http://farm:hiddenword@127.0.0.1:{self.service.server_port}/query?lang={{lang}}")

    def config(self, url, more=""):
        config = self.root / "config.toml"
        config.write_text(f'[error_texts]\nquery_url = "{url}"\n{more}\n{PRINTER}')
        config.chmod(0o600)

    def fetch(self, language="en"):
        begun = time.monotonic()
        code, out, err = run_farmwall("--fetch-hms", language, root=self.root)
        self.seconds = time.monotonic() - begun
        self.assertNotIn("hiddenword", out + err)
        return code, out, err

    def fails(self, answer, *words, language="en"):
        self.service.answer = answer
        code, out, err = self.fetch(language)
        self.assertEqual(code, 2, out + err)
        self.assertEqual(out, "")
        self.assertEqual(len(err.strip().splitlines()), 1, err)
        for word in words:
            self.assertIn(word, err)

    def check_config(self):
        code, out, err = run_farmwall("--check-config", root=self.root)
        self.assertEqual(code, 0, err)
        return err

    def test_good_answer_is_kept_and_loaded(self):
        self.assertEqual(self.check_config(), "")
        self.service.answer = lambda handler: handler.send(GOOD)
        code, out, err = self.fetch()
        self.assertEqual(code, 0, err)
        self.assertEqual(err, "")
        self.assertIn("Fetched 2 error texts in 'en' (1 entries had no usable text)", out)
        self.assertIn(str(self.kept), out)
        self.assertEqual(self.service.paths, ["/query?lang=en"])
        kept = json.loads(self.kept.read_text())
        self.assertEqual(kept["codes"], {"0300010000010007": "The bed is cold.", "0500400C": "There is no card."})
        self.assertEqual(kept["meta"]["language"], "en")
        self.assertEqual(self.check_config(), "")

    def test_another_language_has_a_file_of_its_own(self):
        self.service.answer = lambda handler: handler.send(GOOD)
        self.assertEqual(self.fetch("en")[0], 0)
        self.assertEqual(self.fetch("de")[0], 0)
        self.assertEqual(json.loads((self.root / "texts" / "errors-de.json").read_text())["codes"],
                         {"0300010000010007": "Das Bett ist kalt."})
        self.assertIn("The bed is cold.", self.kept.read_text())

    def test_bad_answers_are_one_sentence_each_and_change_nothing(self):
        self.service.answer = lambda handler: handler.send(GOOD)
        self.assertEqual(self.fetch()[0], 0)
        before = self.kept.read_bytes()
        self.fails(lambda h: h.send(b"gone", status=404), "404")
        self.fails(lambda h: h.send(b"", status=500), "500")
        self.fails(lambda h: h.send(b"<html>no</html>"), "not JSON")
        self.fails(lambda h: h.send(b"\x00\xff" * 1000), "not JSON")
        self.fails(lambda h: h.send(b"{}"), "no tables")
        self.fails(lambda h: h.send(b'{"result":-1}'), "result -1")
        self.fails(lambda h: h.send(GOOD), "'fr'", "de, en", language="fr")
        self.fails(lambda h: h.send(GOOD[:-40]), "cut off")
        self.fails(lambda h: h.send(GOOD[:100], length=len(GOOD)), "broke")
        self.fails(lambda h: h.send(b"", status=302, Location="file:///etc/passwd"), "another kind of server")
        self.assertEqual(self.kept.read_bytes(), before)
        self.assertEqual(sorted(p.name for p in self.kept.parent.iterdir()), ["errors-en.json"])

    def test_huge_answer(self):
        def huge(handler):
            handler.send_response(200)
            handler.end_headers()
            for _ in range(20):
                handler.wfile.write(b" " * (1 << 20))
        self.fails(huge, "longer than 16777216 bytes")
        self.fails(lambda h: h.send(b"", length=1 << 40), "longer than 16777216 bytes")

    def test_slow_answer_is_waited_for(self):
        def slow(handler):
            handler.send_response(200)
            handler.end_headers()
            for at in range(0, len(GOOD), 100):
                handler.wfile.write(GOOD[at:at + 100])
                handler.wfile.flush()
                time.sleep(0.2)
        self.service.answer = slow
        code, out, err = self.fetch()
        self.assertEqual(code, 0, out + err)
        self.assertGreater(self.seconds, 0.5)

    def test_silence_is_not_waited_for_for_ever(self):
        hung_up = threading.Event()

        def silent(handler):
            handler.send(GOOD[:10], length=len(GOOD))
            handler.wfile.flush()
            handler.connection.recv(1)
            hung_up.set()
        self.fails(silent, "did not answer in time")
        self.assertLess(self.seconds, 40)
        self.assertTrue(hung_up.wait(10))

    def test_nobody_there(self):
        self.service.shutdown()
        self.service.server_close()
        self.fails(None, "does not accept the connection")
        self.assertFalse(self.kept.exists())

    def test_folder_that_cannot_be_made(self):
        (self.root / "texts").write_text("a file is in the way")
        self.fails(lambda h: h.send(GOOD), "texts")

    def test_wrong_language(self):
        code, _, err = self.fetch("../x")
        self.assertEqual(code, 2)
        self.assertIn("such as en", err)
        self.assertEqual(self.service.paths, [])

    def test_broken_texts_are_warned_about_at_the_start(self):
        self.kept.parent.mkdir()
        self.kept.write_text('{"codes":')
        warning = self.check_config()
        self.assertIn("errors-en.json", warning)
        self.assertIn("--fetch-hms en", warning)
        own = self.root / "own.json"
        own.write_text('{"codes":{"0500400C":"There is no card."}}')
        self.config("http://127.0.0.1/{lang}", 'file = "own.json"')
        self.assertEqual(self.check_config(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
