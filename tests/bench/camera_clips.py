"""Makes the clips that the camera benches show: the inside of a printer as its camera sees it. A static
textured chamber, a plate that sways, a head that moves, sensor noise, and near the middle, where screens write
nothing over it, the picture's number as black and white fields (see `FIELDS`).

1920x1080 at 30 pictures a second, H.264 High, about 3 Mbit/s, a key frame a second, no B frames, one
slice, one reference, access unit delimiters; and 1280x720 JPEG of about 70 KB. Made once, kept in the
folder given; a change of this file makes them anew. `camera_clips.py FOLDER` makes them by hand."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

WIDTH, HEIGHT, RATE, GOP = 1920, 1080, 30, 30
PICTURES = 600  # then the clip begins again
JPEG_PICTURES = 40
# The number of a picture: fields of SIDE x SIDE pixels (at 1080 rows) in one row on black ground: white, black,
# then the bits of the number from the lowest, then the parity that makes the count of white fields of the
# number even. LEFT, TOP: of the first.
SIDE = 32
BITS = 10
FIELDS = 2 + BITS + 1
LEFT, TOP = (WIDTH - FIELDS * SIDE) // 2, 464
DELIMITER = b"\x00\x00\x00\x01\x09"


def ffmpeg(*words):
    done = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *map(str, words)],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit("ffmpeg could not make a clip: " + done.stderr.strip()[-600:])


def texture(path, width, height, seed, bright):
    """A surface with structure at every scale, as sheet metal, tape and old filament have it."""
    chains, names = [], []
    for index, (scale, strength) in enumerate([(1, 14), (3, 36), (12, 60), (70, 90)]):
        small = f"{max(width // scale, 8)}x{max(height // scale, 8)}"
        names.append(f"[t{index}]")
        chains.append(f"color=gray:s={small}:r=1,format=gray,noise=c0s={strength}:c0_seed={seed + index},"
                      f"scale={width}:{height}:flags=bicubic{names[-1]}")
    chains.append(f"{''.join(names)}mix=inputs={len(names)},lutyuv=y='clip((val-126)*2+{bright},16,235)',"
                  "vignette=PI/5,format=yuv420p,"
                  f"noise=c1s=60:c1_seed={seed + 5}:c2s=60:c2_seed={seed + 6},gblur=sigma=6:planes=6[out]")
    ffmpeg("-filter_complex", ";".join(chains), "-map", "[out]", "-frames:v", 1, path)


def number_fields():
    """The filters that draw the number `n` of a picture."""
    def field(index, enable="1"):
        return (f"drawbox=x={LEFT + index * SIDE}:y={TOP}:w={SIDE}:h={SIDE}:color=white:t=fill:"
                f"enable='{enable}'")
    parity = "+".join(f"gt(bitand(n,{1 << bit}),0)" for bit in range(BITS))
    ground = f"drawbox=x={LEFT - SIDE}:y={TOP - SIDE}:w={(FIELDS + 2) * SIDE}:h={3 * SIDE}:color=black:t=fill"
    parts = [ground, field(0)]
    parts += [field(2 + bit, f"gt(bitand(n,{1 << bit}),0)") for bit in range(BITS)]
    parts.append(field(2 + BITS, f"mod({parity},2)"))
    return ",".join(parts)


def scene(folder):
    """Inputs and filters that show the scene for ever."""
    texture(folder / "chamber.png", WIDTH, HEIGHT, 11, 112)
    texture(folder / "plate.png", 1100, 300, 23, 84)
    texture(folder / "head.png", 210, 260, 37, 150)
    inputs, still = [], []
    for index, name in enumerate(("chamber", "plate", "head")):
        inputs += ["-framerate", str(RATE), "-i", folder / f"{name}.png"]
        still.append(f"[{index}]format=yuv420p,loop=loop=-1:size=1,setpts=N/{RATE}/TB[s{index}]")
    graph = (";".join(still) + ";[s0][s1]overlay=x=410:y=620+6*sin(t*0.7):eval=frame[a];"
             "[a][s2]overlay=x=860+420*sin(t*2.9)+30*sin(t*17):y=330+5*sin(t*5.3):eval=frame,"
             # Noise is drawn before the light is: the sensor's own.
             "noise=c0s=13:c0f=t:c0_seed=5,eq=brightness=0.01*sin(t*6.28*1.7):eval=frame")
    return inputs, graph


def make_h264(folder, scratch):
    inputs, graph = scene(scratch)
    # A fixed quantizer: the rate control of one pass needs longer than the clip to find its rate.
    parameters = (f"keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=0:ref=1:slices=1:sliced-threads=0:aud=1:"
                  "open-gop=0:weightp=0:ipratio=1.1:qp=33")
    ffmpeg(*inputs, "-filter_complex", f"{graph},{number_fields()},format=yuv420p[out]", "-map", "[out]",
           "-frames:v", PICTURES, "-r", RATE, "-c:v", "libx264", "-preset", "fast", "-profile:v", "high", "-level",
           "4.1", "-x264-params", parameters, "-f", "h264", folder / "chamber.h264")


def make_jpeg(folder, scratch):
    inputs, graph = scene(scratch)
    (folder / "jpeg").mkdir()
    # The printers encode at one quality; 2 pictures a second of the scene, so that they differ.
    for quality in (3, 4, 5, 6, 8, 10, 2):
        ffmpeg(*inputs, "-filter_complex", f"{graph},fps=2,{number_fields()},scale=1280:720,format=yuvj420p[out]",
               "-map", "[out]", "-frames:v", JPEG_PICTURES, "-c:v", "mjpeg", "-huffman", "optimal", "-q:v", quality,
               folder / "jpeg" / "%03d.jpg")
        sizes = [path.stat().st_size for path in (folder / "jpeg").iterdir()]
        if sum(sizes) / len(sizes) <= 78_000:
            return


def make_wall_jpeg(folder):
    """What the replaced system's pipelines make of the clip, for the viewer alone to be measured."""
    (folder / "wall").mkdir()
    ffmpeg("-i", folder / "chamber.h264", "-vf", "scale=960:-1", "-r", 5, folder / "wall" / "%03d.jpg")


def clips(folder):
    """The folder with chamber.h264, jpeg/NNN.jpg and wall/NNN.jpg, made if it is not there yet."""
    version = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
    ready = folder / version
    if (ready / "about.json").is_file():
        return ready
    print("# making the clips, once: about a minute", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_dir() and (old / "about.json").is_file():
            shutil.rmtree(old)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        scratch = pathlib.Path(name)
        (scratch / "out").mkdir()
        make_h264(scratch / "out", scratch)
        make_jpeg(scratch / "out", scratch)
        make_wall_jpeg(scratch / "out")
        about = describe(scratch / "out")
        (scratch / "out" / "about.json").write_text(json.dumps(about))
        (scratch / "out").rename(ready)
    return ready


def access_units(path):
    """The pictures of an H.264 file, each from its delimiter to the next."""
    data = path.read_bytes()
    at, index = [], data.find(DELIMITER)
    while index >= 0:
        at.append(index)
        index = data.find(DELIMITER, index + len(DELIMITER))
    return [data[start:end] for start, end in zip(at, at[1:] + [len(data)])]


def units_of(picture):
    """The NAL units of one picture without their start codes."""
    parts = picture.replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").split(b"\x00\x00\x01")
    return [part for part in parts if part]


def jpegs(folder):
    return [path.read_bytes() for path in sorted((folder / "jpeg").iterdir())]


def describe(folder):
    pictures = access_units(folder / "chamber.h264")
    slices = [sum((unit[0] & 31) in (1, 5) for unit in units_of(picture)) for picture in pictures]
    keys = [any((unit[0] & 31) == 5 for unit in units_of(picture)) for picture in pictures]
    if len(pictures) != PICTURES or set(slices) != {1} or keys != [n % GOP == 0 for n in range(PICTURES)]:
        raise SystemExit("the clip did not come out as asked: pictures, slices or key frames are wrong")
    size = sum(map(len, pictures))
    if not 2 <= size * 8 * RATE / PICTURES / 1e6 <= 4:
        print("# the clip is not of about 3 Mbit/s: this x264 weighs noise otherwise", flush=True)
    still = jpegs(folder)
    return {"pictures": len(pictures), "mbit_s": round(size * 8 * RATE / PICTURES / 1e6, 2),
            "key_bytes": sum(len(p) for p, key in zip(pictures, keys) if key) // sum(keys),
            "jpegs": len(still), "jpeg_bytes": sum(map(len, still)) // len(still)}


if __name__ == "__main__":
    made = clips(pathlib.Path(sys.argv[1]))
    print(made, (made / "about.json").read_text())
