"""The replaced system's cameras: one ffmpeg a camera that makes JPEGs, a Python process that splits them,
and with `http` a server that passes them on to browsers.

    reference_cameras.py PLAN.json

The plan: urls, fps, width, and for browsers: http = the addresses, one a camera (a browser opens only
six connections to one), and port. With jpegs, a folder, these pictures are passed on and no ffmpeg runs.
Answers each line of standard input with a line of JSON: pictures split and pictures written to viewers, one
number a camera each. Ends with its standard input."""

import http.server
import itertools
import json
import pathlib
import random
import subprocess
import sys
import threading
import time

BEGIN, END = b"\xff\xd8", b"\xff\xd9"


class Newest:
    """The newest picture of one camera."""

    def __init__(self):
        self.newest = None
        self.split = self.viewed = 0
        self.changed = threading.Condition()

    def put(self, picture):
        with self.changed:
            self.newest = picture
            self.split += 1
            self.changed.notify_all()

    def after(self, seen):
        """The newest picture once there is one after number `seen`, and its number."""
        with self.changed:
            self.changed.wait_for(lambda: self.split > seen, 5)
            return self.newest, self.split

    def end(self):
        pass


class Ready(Newest):
    """Pictures that were made before."""

    def __init__(self, pictures, fps, first):
        super().__init__()
        self.pictures, self.fps, self.first = pictures, fps, first
        threading.Thread(target=self.play, daemon=True).start()

    def play(self):
        begin = time.monotonic() + random.random() / self.fps
        for count in itertools.count():
            time.sleep(max(begin + count / self.fps - time.monotonic(), 0))
            self.put(self.pictures[(self.first + count) % len(self.pictures)])


class Camera(Newest):
    def __init__(self, url, fps, width):
        super().__init__()
        self.process = subprocess.Popen(
            ["ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", url, "-an", "-vf",
             f"scale={width}:-1", "-r", str(fps), "-f", "mjpeg", "pipe:1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        held = b""
        while chunk := self.process.stdout.read1(65536):
            held += chunk
            while True:
                begin = held.find(BEGIN)
                end = held.find(END, begin + 2)
                if begin < 0 or end < 0:
                    break
                self.put(held[begin:end + 2])
                held = held[end + 2:]

    def end(self):
        self.process.terminate()


def handler(cameras):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            if self.path == "/":
                self.page()
            elif self.path.startswith("/camera/"):
                self.stream(cameras[int(self.path.split("/")[2])])
            else:
                self.send_error(404)

        def page(self):
            count = len(cameras)
            columns = next(n for n in range(1, 99) if n * n >= count)
            images = "".join(f'<img src="http://{address}:{plan["port"]}/camera/{index}">'
                             for index, address in enumerate(plan["http"]))
            body = (f'<!doctype html><style>body{{margin:0;background:#111;display:grid;'
                    f'grid-template-columns:repeat({columns},1fr)}}img{{width:100%;display:block}}</style>'
                    f'{images}').encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def stream(self, camera):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            seen = camera.split
            try:
                while True:
                    picture, number = camera.after(seen)
                    if number == seen:
                        continue
                    seen = number
                    self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                                     str(len(picture)).encode() + b"\r\n\r\n" + picture + b"\r\n")
                    camera.viewed += 1
            except OSError:
                self.close_connection = True

        def log_message(self, *_):
            pass

    return Handler


plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
ready = [path.read_bytes() for path in sorted(pathlib.Path(plan["jpegs"]).iterdir())] if plan.get("jpegs") else []
everyone = [Ready(ready, plan["fps"], 7 * index) for index, _ in enumerate(plan["http"])] if ready else [
    Camera(url, plan["fps"], plan["width"]) for url in plan["urls"]]
for one in plan.get("http", []):
    server = http.server.ThreadingHTTPServer((one, plan["port"]), handler(everyone))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
for _ in sys.stdin:
    counts = {"split": [one.split for one in everyone], "viewed": [one.viewed for one in everyone]}
    print(json.dumps(counts), flush=True)
for one in everyone:
    one.end()
