"""The storage of a virtual printer: FTPS with implicit TLS that demands TLS session reuse, and fails on demand.

    ftps_server.py FOLDER

FOLDER holds server.pem (key and certificate), code.txt (the access code) and card/ (what is stored). A free port
of 127.0.0.1 is written to standard output as one line, or what is missing; what clients do is appended to
FOLDER/log.txt. The server ends when its standard input does. FOLDER/faults.json, if there, is read again each time
it matters:

    free          bytes that AVBL tells; without it AVBL is not known
    drop_after    after so many bytes of a file both connections are closed
    stall_after   after so many bytes of a file no more are read, as long as this stays in the file
    full_after    after so many bytes the card is full: 552, and AVBL tells 0 from then on
    short_by      so many bytes are missing at the end of a file, which is confirmed all the same
    rate          bytes a second that are read
    store_reply   what STOR is answered instead of being carried out
    busy          so many STOR are answered 425 before one is carried out
    final_reply   what is said instead of 226 after a whole file
    final_delay   seconds before the reply after a whole file
    protected_data_fails   true: files are only taken over a data connection in clear
    mute          commands that are not answered
"""

import json
import logging
import os
import pathlib
import socket
import sys
import threading
import time

try:
    from OpenSSL import SSL
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import TLS_DTPHandler, TLS_FTPHandler
    from pyftpdlib.log import config_logging
    from pyftpdlib.servers import FTPServer
except ImportError as missing:
    print(f"{missing.name} is not installed (apt-get install python3-pyftpdlib python3-openssl)", flush=True)
    sys.exit(1)

FOLDER = pathlib.Path(sys.argv[1])
RECEIVE_BUFFER = 64 * 1024  # so that what a client sent and what was read are not far apart
LOOK_AGAIN_S = 0.05


class State:
    full = False
    refused_as_busy = 0


def fault(name, otherwise=None):
    try:
        return json.loads((FOLDER / "faults.json").read_text()).get(name, otherwise)
    except (OSError, ValueError):
        return otherwise


def note(text):
    with (FOLDER / "log.txt").open("a") as log:
        log.write(text + "\n")


class Data(TLS_DTPHandler):
    def __init__(self, sock, cmd_channel):
        self.seen = 0
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        super().__init__(sock, cmd_channel)

    def readable(self):
        # A client may begin its handshake before it says STOR; that is no reason to close.
        return self._ssl_accepting or super().readable()

    def handle_ssl_established(self):
        if not SSL._lib.SSL_session_reused(self.socket._ssl):
            self.cmd_channel.respond("522 SSL connection failed; session reuse required")
            self.close()
            return
        super().handle_ssl_established()

    def recv(self, buffer_size):
        got = super().recv(buffer_size)
        self.seen += len(got)
        if rate := fault("rate"):
            time.sleep(len(got) / rate)
        if self.passed("drop_after"):
            self._resp = None
            self.close()
            self.cmd_channel.close()
            return b""
        if self.passed("full_after"):
            State.full = True
            self._resp = ("552 Not enough space.", None)
            self.close()
            return b""
        if self.passed("stall_after"):
            self.del_channel()
            self.ioloop.call_later(LOOK_AGAIN_S, self.look_again)
        return got

    def passed(self, name):
        limit = fault(name)
        return limit is not None and self.seen >= limit

    def look_again(self):
        if self._closed:
            return
        if self.passed("stall_after"):
            self.ioloop.call_later(LOOK_AGAIN_S, self.look_again)
        else:
            self.add_channel(events=self.ioloop.READ)


class Control(TLS_FTPHandler):
    proto_cmds = {**TLS_FTPHandler.proto_cmds, "AVBL": {"perm": "l", "auth": True, "arg": None, "help": "AVBL"}}
    storing = None
    greeted = False

    # Implicit TLS: the handshake first, the greeting afterwards.
    def handle(self):
        self.secure_connection(self.ssl_context)

    def handle_ssl_established(self):
        if not self.greeted:
            self.greeted = True
            note(f"connected {self.socket.get_protocol_version_name()}")
            super().handle()

    def process_command(self, cmd, *args, **kwargs):
        note(cmd if cmd == "PASS" else " ".join([cmd, *args]).replace(str(FOLDER / "card"), "").strip())
        if cmd not in fault("mute", []):
            super().process_command(cmd, *args, **kwargs)

    def ftp_AVBL(self, line):
        free = 0 if State.full and fault("full_after") else fault("free")
        self.respond("500 Command AVBL not understood." if free is None else f"213 {free}")

    def ftp_STOR(self, file, mode="w"):
        reply = fault("store_reply")
        if not fault("busy"):
            State.refused_as_busy = 0
        if State.refused_as_busy < fault("busy", 0):
            State.refused_as_busy += 1
            reply = "425 Cannot open a data connection."
        if self._prot and fault("protected_data_fails"):
            reply = "522 The data connection cannot be protected."
        if reply:
            self._shutdown_connecting_dtp()
            self.respond(reply)
            return None
        self.storing = file
        note(f"begin {pathlib.Path(file).name}")
        return super().ftp_STOR(file, mode)

    def respond(self, resp, *args, **kwargs):
        if resp.startswith("226") and self.storing:
            file, self.storing = pathlib.Path(self.storing), None
            note(f"end {file.name}")
            if missing := fault("short_by"):
                with file.open("r+b") as stored:
                    stored.truncate(max(0, file.stat().st_size - missing))
            resp = fault("final_reply", resp)
            if delay := fault("final_delay"):
                self.ioloop.call_later(delay, lambda: self.closed_or(super(Control, self).respond, resp))
                return
        super().respond(resp)

    def closed_or(self, call, *args):
        if not self._closed:
            call(*args)


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


def main():
    config_logging(level=logging.CRITICAL)
    users = DummyAuthorizer()
    users.add_user("bblp", (FOLDER / "code.txt").read_text().strip(), str(FOLDER / "card"), perm="elradfmwMT")
    Control.authorizer = users
    Control.certfile = str(FOLDER / "server.pem")
    Control.dtp_handler = Data
    Control.auth_failed_timeout = 0.1
    Control.tls_control_required = True
    Control.use_sendfile = False
    server = FTPServer(("127.0.0.1", 0), Control)
    print(server.socket.getsockname()[1], flush=True)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    server.serve_forever(handle_exit=False)


if __name__ == "__main__":
    main()
