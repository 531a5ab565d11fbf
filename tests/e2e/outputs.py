"""Where alarms are told outside the program: a web service and an MQTT broker on this machine."""

import getpass
import http.server
import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading

from harness import Reader, wait_for

SECRETS = {"webhook": "hook-word-7431", "ntfy": "tk_word5826", "mqtt": "broker-word-9917"}
HOOK_PATH = "/hooks/quiet-place-3310"
NTFY_TOPIC = "farm-topic-6208"
MQTT_TOPIC = "farm/quiet/8123"
MQTT_USER = "farm-user-5512"


class Service(http.server.ThreadingHTTPServer):
    """Takes POSTs and keeps them; `answer(path, body)` is the status of the next answer."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts = []  # (path, headers, body, status), in order
        self.answer = lambda path, body: 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # the program may hang up when it ends

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        status = self.server.answer(self.path, body)
        self.server.posts.append((self.path, dict(self.headers), body, status))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """mosquitto with a password, and a client that hears everything."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-broker-"))
        self.port = free_port()
        passwords = self.folder / "passwords"
        subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, MQTT_USER, SECRETS["mqtt"]], check=True,
                       stderr=subprocess.DEVNULL)
        config = self.folder / "mosquitto.conf"
        # Started by root, mosquitto would become another user, who cannot read a private folder.
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
                          f"persistence false\nuser {getpass.getuser()}\n")
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.process = subprocess.Popen([program, "-c", config], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.log = Reader(self.process.stderr)
        wait_for(self.listens, 20, "the broker: " + self.log.text())
        login = ["-h", "127.0.0.1", "-p", str(self.port), "-u", MQTT_USER, "-P", SECRETS["mqtt"]]
        self.client = subprocess.Popen(["mosquitto_sub", *login, "-t", "#", "-q", "1", "-F", "%t %p"],
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.heard = Reader(self.client.stdout)

        def hears():
            subprocess.run(["mosquitto_pub", *login, "-t", "hello", "-m", "x"], check=True)
            return self.heard.lines
        wait_for(hears, 20, "the subscription")

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def messages(self):
        """[(topic, message)], in order."""
        lines = [line.split(" ", 1) for line in list(self.heard.lines) if line.startswith(MQTT_TOPIC + "/")]
        return [(topic, json.loads(payload)) for topic, payload in lines]

    def close(self):
        for process in (self.client, self.process):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Outputs:
    """A webhook, an ntfy service and an MQTT broker, and the config that names them."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="farmwall-e2e-secrets-"))
        for name, secret in SECRETS.items():
            file = self.folder / name
            file.write_text(secret + "\n")
            file.chmod(0o600)
        self.web = Service()
        self.broker = Broker()

    def config(self):
        address = f"http://127.0.0.1:{self.web.server_port}"
        return f"""
[alarms.webhook]
url = "{address}{HOOK_PATH}"
header = "X-Farm"
secret_file = "{self.folder / 'webhook'}"
[alarms.ntfy]
url = "{address}"
topic = "{NTFY_TOPIC}"
token_file = "{self.folder / 'ntfy'}"
[alarms.mqtt]
host = "127.0.0.1"
port = {self.broker.port}
user = "{MQTT_USER}"
password_file = "{self.folder / 'mqtt'}"
topic = "{MQTT_TOPIC}"
"""

    def must_not_be_printed(self):
        return [*SECRETS.values(), HOOK_PATH, NTFY_TOPIC, MQTT_TOPIC, MQTT_USER, f"127.0.0.1:{self.web.server_port}",
                f"127.0.0.1:{self.broker.port}", str(self.folder)]

    def posts(self, path):
        return [post for post in list(self.web.posts) if post[0] == path]

    def hooks(self, printer, kind=None, what=None):
        """What the webhook took of a printer, in order."""
        taken = [json.loads(post[2]) for post in self.posts(HOOK_PATH) if post[3] == 200]
        return matching(taken, printer, kind, what)

    def pushes(self, name):
        """(title, priority, text) of what ntfy got of the printer of this name."""
        return [(headers["Title"], headers["Priority"], body) for _, headers, body, _ in self.posts("/" + NTFY_TOPIC)
                if headers["Title"].startswith(name + ": ")]

    def published(self, printer, kind=None, what=None):
        return matching([message for topic, message in self.broker.messages() if topic == f"{MQTT_TOPIC}/{printer}"],
                        printer, kind, what)

    def close(self):
        self.web.close()
        self.broker.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def matching(messages, printer, kind, what):
    return [m for m in messages if m["printer"] == printer and kind in (None, m["kind"]) and what in (None, m["what"])]
