"""JPEG cameras as P1 and A1 have them: TLS, a login of 80 bytes, then 16 bytes and a picture, and so on.

    camera_jpeg.py PLAN.json

The plan: clip (folder), seed, control (socket path), fps, cameras: [{address, port, code, pem, key_pem}].
Control words as those of camera_rtsps.py."""

import asyncio
import json
import pathlib
import random
import ssl
import struct
import sys
import time

import camera_clips
import camera_control


class Camera:
    """All of it on the event loop's thread."""

    def __init__(self, index, plan, pictures, fps, seed):
        self.plan, self.pictures, self.period = plan, pictures, 1 / fps
        self.random = random.Random(seed * 1000 + 500 + index)
        self.tally = camera_control.Tally()
        self.writers = set()
        self.server = None
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.tls.load_cert_chain(plan["pem"], plan["key_pem"])
        login = b"\x40\0\0\0\x00\x30\0\0" + bytes(8) + b"bblp".ljust(32, b"\0")
        self.login = login + plan["code"].encode().ljust(32, b"\0")

    async def listen(self):
        if self.server is None:
            self.server = await asyncio.start_server(self.client, self.plan["address"], self.plan["port"],
                                                     ssl=self.tls, reuse_address=True)
        self.tally.listening = True

    async def cut(self):
        for writer in list(self.writers):
            writer.transport.abort()

    async def close(self):
        if self.server is not None:
            self.server.close()
            self.server = None
        self.tally.listening = False
        await self.cut()

    async def client(self, reader, writer):
        self.tally.opened(time.monotonic())
        self.writers.add(writer)
        closed = asyncio.ensure_future(self.until_closed(reader, writer))
        try:
            await closed
        finally:
            self.writers.discard(writer)
            self.tally.ended(time.monotonic())
            writer.transport.abort()

    async def until_closed(self, reader, writer):
        try:
            if await reader.readexactly(len(self.login)) != self.login:
                return
        except (asyncio.IncompleteReadError, OSError):
            return
        self.tally.played.append(time.monotonic())
        sending = asyncio.ensure_future(self.send(writer))
        try:
            await reader.read(1)  # a client says nothing more: this ends with the connection
        except OSError:
            pass
        sending.cancel()

    async def send(self, writer):
        number = self.random.randrange(len(self.pictures))
        due = time.monotonic() + self.random.random() * self.period
        while True:
            await asyncio.sleep(max(due - time.monotonic(), 0))
            due += self.period
            number = (number + 1) % len(self.pictures)
            if self.tally.stalled:
                continue
            picture = self.pictures[number]
            self.tally.pushed(time.monotonic(), number, True)
            writer.write(struct.pack("<IIII", len(picture), 0, 1, 0) + picture)
            await writer.drain()


async def main():
    plan = json.loads(pathlib.Path(sys.argv[1]).read_text())
    pictures = camera_clips.jpegs(pathlib.Path(plan["clip"]))
    cameras = [Camera(index, camera, pictures, plan["fps"], plan["seed"])
               for index, camera in enumerate(plan["cameras"])]
    for camera in cameras:
        await camera.listen()
    loop = asyncio.get_running_loop()

    async def carry_out(request):
        chosen = cameras if request.get("camera") is None else [cameras[request["camera"]]]
        do = request["do"]
        for camera in chosen:
            if do in ("stall", "resume"):
                camera.tally.stalled = do == "stall"
            elif do in ("cut", "close", "listen"):
                await getattr(camera, do)()
            elif do != "report":
                raise ValueError(f"no such word: {do}")
        return {"at": time.monotonic(), "cameras": [camera.tally.report(request.get("since")) for camera in chosen]}

    camera_control.serve(plan["control"],
                         lambda request: asyncio.run_coroutine_threadsafe(carry_out(request), loop).result(10))
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
