"""The cameras of the virtual farm as clients of both kinds see them, byte by byte."""

import hashlib
import re
import socket
import ssl
import struct
import tomllib
import unittest

from harness import Sim, wait_for

LIMIT = 15


def tls_to(printer, limit=LIMIT):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection((printer["printer_ip"], printer["camera_port"]), timeout=limit)
    return context.wrap_socket(plain, server_hostname=printer["serial"])


def certificate_of(connection):
    return connection.getpeercert(binary_form=True)


def exactly(connection, count):
    data = b""
    while len(data) < count:
        got = connection.recv(count - len(data))
        if not got:
            raise EOFError
        data += got
    return data


class Jpeg:
    def __init__(self, printer, code=None):
        self.connection = tls_to(printer)
        code = (code or printer["access_code"]).encode()
        self.connection.sendall(struct.pack("<4I", 64, 0x3000, 0, 0) + b"bblp".ljust(32, b"\0") + code.ljust(32, b"\0"))

    def picture(self):
        header = exactly(self.connection, 16)
        size, track, flags, last = struct.unpack("<4I", header)
        assert (track, flags, last) == (0, 1, 0) and 0 < size < 10_000_000, header
        data = exactly(self.connection, size)
        assert data.startswith(b"\xff\xd8\xff\xe0") and data.endswith(b"\xff\xd9")
        return data

    def close(self):
        self.connection.close()


class Refused(Exception):
    pass


class Rtsp:
    """RTSP over TLS with Digest and interleaved RTP, as far as a camera needs it."""

    def __init__(self, printer, code=None):
        self.connection = tls_to(printer)
        self.stream = self.connection.makefile("rb")
        self.code = code or printer["access_code"]
        self.url = f"rtsp://{printer['printer_ip']}:{printer['camera_port']}/streaming/live/1"
        self.challenge = None
        self.sequence = 0
        self.timestamps = []
        self.sequences = []
        self.sender_reports = 0

    def ask(self, method, url, **headers):
        self.sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self.sequence}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.challenge:
            realm, nonce = self.challenge
            first = hashlib.md5(f"bblp:{realm}:{self.code}".encode()).hexdigest()
            second = hashlib.md5(f"{method}:{url}".encode()).hexdigest()
            answer = hashlib.md5(f"{first}:{nonce}:{second}".encode()).hexdigest()
            lines.append(f'Authorization: Digest username="bblp", realm="{realm}", nonce="{nonce}", uri="{url}", '
                         f'response="{answer}"')
        self.connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while True:  # packets may come before the answer
            first_byte = self.stream.read(1)
            if not first_byte:
                raise EOFError
            if first_byte != b"$":
                break
            self.packet_after_dollar()
        status = (first_byte + self.stream.readline()).decode()
        answer = {}
        while (line := self.stream.readline().decode().strip()):
            name, _, value = line.partition(":")
            answer.setdefault(name.lower(), value.strip())
        body = self.stream.read(int(answer.get("content-length", 0))).decode()
        return int(status.split()[1]), answer, body

    def play(self):
        status, answer, _ = self.ask("DESCRIBE", self.url, Accept="application/sdp")
        assert status == 401, status
        assert answer["www-authenticate"].startswith("Digest "), answer
        self.challenge = tuple(re.search(key + '="([^"]*)"', answer["www-authenticate"]).group(1)
                               for key in ("realm", "nonce"))
        status, answer, sdp = self.ask("DESCRIBE", self.url, Accept="application/sdp")
        if status != 200:
            raise Refused(status)
        assert "m=video 0 RTP/AVP 96" in sdp and "H264/90000" in sdp and "packetization-mode=1" in sdp, sdp
        control = re.findall(r"a=control:(\S+)", sdp)[-1]
        base = answer.get("content-base", self.url + "/")
        track = control if "://" in control else base + control
        status, answer, _ = self.ask("SETUP", track, Transport="RTP/AVP/TCP;unicast;interleaved=0-1")
        assert status == 200 and "interleaved=0-1" in answer["transport"], (status, answer)
        status, _, _ = self.ask("PLAY", base, Session=answer["session"].split(";")[0], Range="npt=0-")
        assert status == 200, status
        return self

    def packet_after_dollar(self):
        channel, size = struct.unpack(">BH", self.stream.read(3))
        data = self.stream.read(size)
        if channel == 1:
            self.sender_reports += data[1] == 200
        else:
            assert data[0] & 0xC0 == 0x80 and data[1] & 0x7F == 96
            self.sequences.append(struct.unpack(">H", data[2:4])[0])
            self.timestamps.append(struct.unpack(">I", data[4:8])[0])

    def packet(self):
        first_byte = self.stream.read(1)
        if first_byte != b"$":
            raise EOFError
        self.packet_after_dollar()

    def pictures(self, count):
        """Reads until so many timestamps have been seen since."""
        begin = len(self.timestamps)
        while len(set(self.timestamps[begin:])) <= count:
            self.packet()
        return self.timestamps[begin:]

    def close(self):
        self.stream.close()
        self.connection.close()


class Cameras(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sim = Sim("--models", "x1c,p1s", "--count", 2, "--jpeg-fps", 10, "--camera-size", "640x360")
        cls.video, cls.stills = tomllib.loads(cls.sim.config_text())["printers"]

    @classmethod
    def tearDownClass(cls):
        cls.sim.close()

    def tearDown(self):
        for index in (0, 1):
            self.sim.clear(index)

    def refused(self, code=None):
        client = Rtsp(self.video, code=code)
        with self.assertRaises(Refused):
            client.play()
        client.close()

    def camera(self, index):
        return self.sim.truth(index)["camera"]

    def test_both_kinds_serve_with_the_certificate_of_their_printer(self):
        self.assertEqual([p["camera_kind"] for p in self.sim.info["printers"]], ["rtsps", "jpeg"])
        for printer in (self.video, self.stills):
            camera = tls_to(printer)
            self.assertEqual(camera.version(), "TLSv1.2")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            mqtt = context.wrap_socket(socket.create_connection((printer["printer_ip"], printer["mqtt_port"])))
            self.assertEqual(certificate_of(camera), certificate_of(mqtt))
            camera.close()
            mqtt.close()

    def test_jpeg_pictures_differ_and_are_counted(self):
        before = self.camera(1)["frames"]
        client = Jpeg(self.stills)
        self.assertNotEqual(client.picture(), client.picture())
        self.assertGreaterEqual(self.camera(1)["frames"], before + 2)
        client.close()

    def test_a_wrong_code_ends_the_connection_without_a_picture(self):
        client = Jpeg(self.stills, code="00000000")
        with self.assertRaises((EOFError, OSError)):
            client.picture()
        client.close()
        self.refused(code="00000000")

    def test_video_comes_in_order_with_even_timestamps_and_reports(self):
        client = Rtsp(self.video).play()
        client.pictures(12)
        self.assertEqual(client.sequences, [(client.sequences[0] + i) % 65536 for i in range(len(client.sequences))])
        steps = [(b - a) % 2**32 for a, b in zip(client.timestamps, client.timestamps[1:]) if a != b]
        self.assertEqual(sorted(steps)[len(steps) // 2], 9000)
        wait_for(lambda: client.packet() or client.sender_reports, LIMIT, "a sender report")
        client.close()

    def test_a_second_client_starves_the_first_unless_told_otherwise(self):
        first = Jpeg(self.stills)
        first.picture()
        second = Jpeg(self.stills)
        second.picture()
        first.connection.settimeout(0.5)
        with self.assertRaises(TimeoutError):
            while True:
                first.picture()
        self.assertEqual(self.camera(1)["connections"]["now"], 2)
        first.close()
        self.sim.fault(1, "camera_second_client", value="starve")
        with self.assertRaises(TimeoutError):
            tls_to(self.stills, limit=0.5)
        second.picture()
        second.close()

    def test_a_frozen_camera_repeats_its_picture(self):
        client = Jpeg(self.stills)
        client.picture()
        self.sim.fault(1, "camera_freeze")
        frames = self.camera(1)["frames"]
        wait_for(lambda: client.picture() == client.picture(), LIMIT, "the same picture twice")
        self.assertLessEqual(self.camera(1)["frames"], frames + 1)
        client.close()

    def test_a_stalled_camera_keeps_the_connection_and_goes_on_afterwards(self):
        for index, client in ((0, Rtsp(self.video).play()), (1, Jpeg(self.stills))):
            take = client.picture if index else client.packet
            take()
            self.sim.fault(index, "camera_stall")
            client.connection.settimeout(0.7)
            if index:
                with self.assertRaises(TimeoutError):
                    while True:
                        take()
            self.sim.clear(index)
            client.connection.settimeout(LIMIT)
            if not index:
                client.pictures(3)
            self.assertEqual(self.camera(index)["connections"]["now"], 1)
            client.close()

    def test_timestamps_can_stand_still_while_packets_come(self):
        client = Rtsp(self.video).play()
        self.sim.fault(0, "camera_timestamps")
        frames = self.camera(0)["frames"]
        wait_for(lambda: client.packet() or self.camera(0)["frames"] > frames + 8, LIMIT, "more pictures")
        self.assertEqual(len(set(client.timestamps[-4:])), 1)
        client.close()

    def test_packets_can_get_lost(self):
        client = Rtsp(self.video).play()
        self.sim.fault(0, "camera_loss", value=0.5)
        client.pictures(20)
        self.assertNotEqual(client.sequences, [(client.sequences[0] + i) % 65536 for i in range(len(client.sequences))])
        client.close()

    def test_ports_close_are_cut_speak_plainly_or_refuse(self):
        for index, printer in ((0, self.video), (1, self.stills)):
            client = tls_to(printer)
            self.sim.fault(index, "camera_refuse")
            with self.assertRaises((EOFError, OSError)):
                exactly(client, 1)
            client.close()
            with self.assertRaises(ConnectionRefusedError):
                tls_to(printer)
            self.sim.clear(index)
            client = tls_to(printer)
            self.sim.fault(index, "camera_cut")
            with self.assertRaises((EOFError, OSError)):
                exactly(client, 1)
            client.close()
            tls_to(printer).close()
            self.sim.fault(index, "camera_plain")
            with self.assertRaises(ssl.SSLError):
                tls_to(printer)
            self.sim.clear(index)
        self.sim.fault(0, "camera_refuse_login")
        self.refused()

    def test_another_certificate_still_serves(self):
        for index, printer in ((0, self.video), (1, self.stills)):
            usual = tls_to(printer)
            self.sim.fault(index, "camera_wrong_certificate")
            other = Jpeg(printer) if index else Rtsp(printer).play()
            self.assertNotEqual(certificate_of(usual), certificate_of(other.connection))
            _ = other.picture() if index else other.pictures(2)
            other.close()
            usual.close()

    def test_liveview_off_closes_at_once(self):
        self.sim.fault(0, "liveview_off")
        with self.assertRaises(OSError):
            tls_to(self.video)


if __name__ == "__main__":
    unittest.main()
