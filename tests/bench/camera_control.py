"""How the bench speaks to its camera servers: a Unix socket, one JSON object a line each way.
{"do": WORD, "camera": INDEX, ...} is answered by an object, or by {"error": TEXT}."""

import json
import socket
import threading


def serve(path, answer):
    """Answers on a thread of its own for as long as the process runs. `answer(request)` gives an object."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen(4)

    def one(connection):
        with connection, connection.makefile("rw", encoding="utf-8") as lines:
            for line in lines:
                try:
                    result = answer(json.loads(line))
                except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
                    result = {"error": f"{type(error).__name__}: {error}"}
                lines.write(json.dumps(result) + "\n")
                lines.flush()

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


class Control:
    """The bench's end."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rw", encoding="utf-8")

    def ask(self, do, **words):
        self.lines.write(json.dumps({"do": do, **words}) + "\n")
        self.lines.flush()
        answer = json.loads(self.lines.readline())
        if "error" in answer:
            raise SystemExit(f"the camera server could not {do}: {answer['error']}")
        return answer

    def close(self):
        self.lines.close()
        self.socket.close()


class Tally:
    """What one camera of a server counts. Used under the server's lock or on its one thread."""

    def __init__(self):
        self.connections = 0  # accepted since the start
        self.open = 0
        self.most_open = 0  # at the same time, since the start
        self.accepted = []  # times, CLOCK_MONOTONIC as all here
        self.played = []    # since when pictures may flow on a connection
        self.closed = []
        self.pushes = []    # (time, number, key) of pictures handed to the network, the newest
        self.pictures = 0
        self.stalled = False
        self.listening = True

    def opened(self, now):
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.accepted.append(now)

    def ended(self, now):
        self.open -= 1
        self.closed.append(now)

    def pushed(self, now, number, key):
        self.pictures += 1
        self.pushes.append((now, number, key))
        if len(self.pushes) > 4000:
            del self.pushes[:2000]

    def report(self, since=None):
        told = {name: getattr(self, name) for name in ("connections", "open", "most_open", "pictures", "stalled",
                                                       "listening")}
        if since is not None:
            told["pushes"] = [push for push in self.pushes if push[0] >= since]
            for name in ("accepted", "played", "closed"):
                told[name] = [at for at in getattr(self, name) if at >= since]
        return told
