"""Writes sliced files (.gcode.3mf) as a slicer would, small and printable. Standard library only."""

import hashlib
import json
import os
import pathlib
import struct
import zipfile
import zlib
from xml.sax.saxutils import quoteattr

MODELS = {
    "BL-P001": "Bambu Lab X1 Carbon", "BL-P002": "Bambu Lab X1", "C13": "Bambu Lab X1E", "C11": "Bambu Lab P1P",
    "C12": "Bambu Lab P1S", "N7": "Bambu Lab P2S", "N6": "Bambu Lab X2D", "N2S": "Bambu Lab A1", "N1": "Bambu Lab A1 mini",
    "N9": "Bambu Lab A2L", "O1S": "Bambu Lab H2S", "O1D": "Bambu Lab H2D", "O1E": "Bambu Lab H2D Pro",
    "O1C": "Bambu Lab H2C",
}
TWO_NOZZLES = {"N6", "O1D", "O1E", "O1C"}
BED_NAMES = {
    "cool_plate": "Cool Plate", "eng_plate": "Engineering Plate", "hot_plate": "High Temp Plate",
    "textured_plate": "Textured PEI Plate", "supertack_plate": "Supertack Plate",
}
PLA = (1, "PLA", "#FFFFFF", "GFA00", 4.2)


def png(width, height, pixel):
    """A PNG of pixel(x, y) -> (r, g, b, a)."""
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def _color(text):
    return tuple(bytes.fromhex(text.lstrip("#")[:6])) + (255,)


def thumbnail(size, color):
    """A block of the filament's colour on a transparent ground."""
    inside = range(size // 4, size - size // 4)
    return png(size, size, lambda x, y: _color(color) if x in inside and y in inside else (0, 0, 0, 0))


def pick_picture(size, objects):
    """Objects side by side; a pixel says the id of what lies there: R + G*256 + B*65536."""
    def pixel(x, _):
        ident = objects[x * len(objects) // size][0]
        return ident & 255, ident >> 8 & 255, ident >> 16 & 255, 255
    return png(size, size, pixel)


def _hours(seconds):
    hours, rest = divmod(int(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return (f"{hours}h " if hours else "") + (f"{minutes}m " if hours or minutes else "") + f"{rest}s"


def gcode(model_code, filaments, nozzle, seconds, layers, objects, bed_type, filler_bytes=0):
    grams = ",".join(str(f[4]) for f in filaments)
    lines = [
        "; HEADER_BLOCK_START", "; BambuStudio 02.02.00.85",
        f"; model printing time: {_hours(max(1, seconds - 1))}; total estimated time: {_hours(seconds)}",
        f"; total layer number: {layers}", f"; total filament weight [g] : {grams}", f"; max_z_height: {0.2 * layers:.2f}",
        "; filament: " + ",".join(str(f[0]) for f in filaments), "; HEADER_BLOCK_END", "",
        "; CONFIG_BLOCK_START", f"; curr_bed_type = {BED_NAMES[bed_type]}",
        "; filament_type = " + ";".join(f[1] for f in filaments), f"; nozzle_diameter = {nozzle}",
        f"; printer_model = {MODELS[model_code]}", "; CONFIG_BLOCK_END", "",
        "; EXECUTABLE_BLOCK_START", "G28", "M104 S220",
    ]
    for layer in range(layers):
        lines += ["; CHANGE_LAYER", f"; Z_HEIGHT: {0.2 * (layer + 1):.1f}", "; FEATURE: Outer wall"]
        for ident, _ in objects:
            lines += [f"; start printing object, unique label id: {ident}", f"G1 X{10 + layer % 90} Y20 E1",
                      f"; stop printing object, unique label id: {ident}"]
    lines += ["; EXECUTABLE_BLOCK_END", ""]
    text = "\n".join(lines)
    if filler_bytes > 0:  # noise, so that compression keeps the wanted size
        text += "; " + os.urandom(filler_bytes // 2).hex() + "\n"
    return text.encode()


def _slice_info(indices, model_code, filaments, nozzle, seconds, objects, outside, project_count, prediction, group_ids):
    def metadata(key, value):
        return f"    <metadata key={quoteattr(key)} value={quoteattr(str(value))}/>"
    nozzles = ",".join([nozzle] * (2 if model_code in TWO_NOZZLES else 1))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<config>", "  <header>",
             '    <header_item key="X-BBL-Client-Type" value="slicer"/>',
             '    <header_item key="X-BBL-Client-Version" value="02.02.00.85"/>', "  </header>"]
    for index in indices:
        lines += ["  <plate>", metadata("index", index), metadata("printer_model_id", model_code),
                  metadata("nozzle_diameters", nozzles), metadata("timelapse_type", 0)]
        if prediction:
            lines.append(metadata("prediction", int(seconds)))
        lines += [metadata("weight", f"{sum(f[4] for f in filaments):.2f}"),
                  metadata("outside", "true" if outside else "false"), metadata("support_used", "false"),
                  metadata("label_object_enabled", "true"),
                  metadata("filament_maps", " ".join(["1"] * project_count))]
        for ident, name in objects:
            lines.append(f'    <object identify_id="{ident}" name={quoteattr(name)} skipped="false"/>')
        for ident, kind, color, preset, grams in filaments:
            group = f' group_id="{group_ids[ident]}"' if ident in group_ids else ""
            lines.append(f'    <filament id="{ident}" tray_info_idx={quoteattr(preset)} type={quoteattr(kind)} '
                         f'color={quoteattr(color)} used_m="{grams / 3:.2f}" used_g="{grams:.2f}"{group}/>')
        lines.append("  </plate>")
    return "\n".join(lines + ["</config>", ""]).encode()


def _project_settings(model_code, nozzle, bed_type, project_filaments):
    settings = {
        "printer_model": MODELS[model_code], "printer_settings_id": f"{MODELS[model_code]} {nozzle} nozzle",
        "print_settings_id": "0.20mm Standard", "nozzle_diameter": [nozzle] * (2 if model_code in TWO_NOZZLES else 1),
        "filament_type": [f[1] for f in project_filaments], "filament_colour": [f[2] for f in project_filaments],
        "filament_ids": [f[3] for f in project_filaments], "curr_bed_type": BED_NAMES[bed_type], "layer_height": "0.2",
        "nozzle_temperature": ["220"] * len(project_filaments), "version": "02.02.00.85",
    }
    if model_code in TWO_NOZZLES:
        settings["physical_extruder_map"] = ["1", "0"]
    return json.dumps(settings, indent=4).encode()


def _plate_json(filaments, nozzle, objects, bed_type):
    boxes = [{"id": ident, "name": name, "bbox": [10 + 40 * i, 10, 40 + 40 * i, 40], "area": 900.0, "layer_height": 0.2}
             for i, (ident, name) in enumerate(objects)]
    return json.dumps({"bbox_objects": boxes, "bed_type": bed_type, "filament_ids": [f[0] - 1 for f in filaments],
                       "filament_colors": [f[2] for f in filaments], "first_extruder": filaments[0][0] - 1,
                       "nozzle_diameter": float(nozzle), "is_seq_print": False, "version": 2}).encode()


def make(path, model_code="C12", plates=1, filaments=None, nozzle="0.4", seconds=60, layers=20, objects=None,
         bed_type="textured_plate", project_filaments=None, outside=False, wrong_md5=False, size_kb=None,
         prediction=True, group_ids=None, leave_out=(), extra=None):
    """Writes a sliced file and returns its path.

    plates: a number of plates, or their indices. filaments: [(id, type, color, preset, grams)] used on every plate, ids from 1.
    project_filaments: [(id, type, color, preset, grams)] of the whole project; else as many as the highest id used.
    seconds: as the slicer predicts; layers: a number, or one for each plate. objects: [(identify_id, name)].
    size_kb: about the size of the file. wrong_md5: the sidecar does not fit the G-code. group_ids: {filament id: slicer
    extruder} of machines with two nozzles. leave_out: names of members that are missing. extra: {name: bytes} of more."""
    path = pathlib.Path(path)
    filaments = list(filaments) if filaments is not None else [PLA]
    objects = list(objects) if objects is not None else [(102, "part.stl")]
    indices = list(range(1, plates + 1)) if isinstance(plates, int) else list(plates)
    by_id = {f[0]: f for f in filaments}
    count = max(by_id, default=1)
    if project_filaments is None:
        project_filaments = [by_id.get(i, (i, "PLA", "#000000", "GFA00", 0.0)) for i in range(1, count + 1)]
    members = {
        "[Content_Types].xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/'
                               b'2006/content-types"><Default Extension="gcode" ContentType="text/x.gcode"/></Types>\n',
        "_rels/.rels": b'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/'
                       b'2006/relationships"/>\n',
        "3D/3dmodel.model": b'<?xml version="1.0" encoding="UTF-8"?>\n<model unit="millimeter"/>\n',
        "Metadata/slice_info.config": _slice_info(indices, model_code, filaments, nozzle, seconds, objects, outside,
                                                  len(project_filaments), prediction, group_ids or {}),
        "Metadata/project_settings.config": _project_settings(model_code, nozzle, bed_type, project_filaments),
        "Metadata/model_settings.config": b'<?xml version="1.0" encoding="UTF-8"?>\n<config/>\n',
    }
    color = filaments[0][2] if filaments else "#808080"
    for place, index in enumerate(indices):
        name = f"Metadata/plate_{index}"
        plate_layers = layers if isinstance(layers, int) else layers[place]
        filler = max(0, size_kb * 1024 - 4096) * 7 // 4 // len(indices) if size_kb else 0
        code = gcode(model_code, filaments, nozzle, seconds, plate_layers, objects, bed_type, filler)
        members[name + ".gcode"] = code
        digest = hashlib.md5(code + (b" " if wrong_md5 else b"")).hexdigest().upper()
        members[name + ".gcode.md5"] = digest.encode()
        members[name + ".json"] = _plate_json(filaments, nozzle, objects, bed_type) if filaments else b"{}"
        members[name + ".png"] = thumbnail(64, color)
        members[name + "_small.png"] = thumbnail(16, color)
        members[f"Metadata/plate_no_light_{index}.png"] = thumbnail(16, color)
        members[f"Metadata/top_{index}.png"] = thumbnail(16, color)
        if objects:
            members[f"Metadata/pick_{index}.png"] = pick_picture(32, objects)
    members.update(extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            if name not in leave_out:
                archive.writestr(name, data)
    return path
