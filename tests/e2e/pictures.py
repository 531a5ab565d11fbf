"""Reads what the virtual cameras write into their pictures: 64 equal blocks along the bottom edge, black
or white, hold the printer's number and the number of the picture (src/sim/README.md)."""

import subprocess

BLOCKS = 64
SYNC = [1, 0, 1, 1, 0, 0, 1, 0]
SYNC_END = [0, 1, 0, 0, 1, 1, 0, 1]


def crc8(values):
    crc = 0
    for value in values:
        crc ^= value
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07) & 0xFF if crc & 0x80 else (crc << 1) & 0xFF
    return crc


def number(bits):
    value = 0
    for bit in bits:
        value = value * 2 + bit
    return value


def strip(gray, width, height):
    """(printer, picture) of one picture in rows of gray bytes; None where there is no whole strip."""
    block = width / BLOCKS
    row = height - max(1, int(block))  # the middle of blocks twice as high as wide
    values = [gray[row * width + int((i + 0.5) * block)] for i in range(BLOCKS)]
    bits = [1 if value > 128 else 0 for value in values]
    if bits[:8] != SYNC or bits[56:] != SYNC_END:
        return None
    payload = [number(bits[8 + 8 * i:16 + 8 * i]) for i in range(5)]
    if crc8(payload) != number(bits[48:56]):
        return None
    return payload[0] * 256 + payload[1], payload[2] * 65536 + payload[3] * 256 + payload[4]


def size_of(source):
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height", "-of", "csv=p=0",
         str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)
    parts = done.stdout.decode().strip().split(",")
    if len(parts) < 2:
        raise AssertionError(f"{source} is no picture: {done.stderr.decode()[-500:]}")
    return int(parts[0]), int(parts[1])


def strips(source):
    """The strip of every picture in an image or a video file, in order."""
    width, height = size_of(source)
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(source), "-vf", "setpts=N/25/TB", "-r", "25", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    if done.stderr.strip():
        raise AssertionError(f"{source} does not decode cleanly: {done.stderr.decode()[-500:]}")
    frame = width * height
    return [strip(done.stdout[at:at + frame], width, height) for at in range(0, len(done.stdout) - frame + 1, frame)]
