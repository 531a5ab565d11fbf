"""Reads every #include line of src/ and fails on one that the source layout does not allow.

    arrows_test.py SRC          checks the folder SRC
    arrows_test.py --self-test  checks that each rule fires, on small trees made for it
"""

import pathlib
import re
import sys
import tempfile
import unittest
import unittest.mock

# Which folders a folder may include, itself always among them. docs/ARCHITECTURE.md has the reasons.
ARROWS = {
    "base": "",
    "net": "base",
    "model": "base",
    "wire": "model base",
    "config": "model base",
    "fleet": "model base",
    "queue": "model base",
    "dispatch": "fleet queue model base",
    "link": "net wire fleet dispatch model base",
    "camera": "net model base",
    "http": "net fleet queue camera model base",
    "ui": "fleet camera model base",
    "app": "base net model wire config fleet queue dispatch link camera http ui",
    # The virtual printers are a second reading of the protocol: nothing of wire or model.
    "sim": "base",
}

# Third-party headers by the beginning of their path, and the folders that may include them in a .cpp.
# "*" is every folder. The longest beginning wins.
HOMES = {
    "imgui": "ui app",
    "backends/imgui": "ui app",
    "misc/freetype/imgui": "ui app",
    "GLFW/": "ui app",
    "glad/": "ui app",
    "GL/": "ui app",
    "EGL/": "ui app",
    "KHR/": "ui app",
    "png.h": "ui app",
    "qrencode.h": "ui",
    "AL/": "app",
    "mqtt/": "link sim",
    "MQTT": "link sim",
    "curl/": "link",
    "simdjson": "wire",
    "zip.h": "wire sim",
    "pugixml": "wire sim",
    "toml++/": "config",
    "sqlite3.h": "queue",
    "libav": "camera sim",
    "libyuv": "camera",
    "turbojpeg.h": "camera sim",
    "gst/": "sim",
    "glib": "sim",
    "openssl/": "net sim",
    "openssl/evp.h": "net wire sim",
    "boost/asio": "net link http sim",
    "boost/beast": "http",
    "boost/url": "http",
    "boost/json": "wire config fleet queue http app sim",
    "boost/process": "link app sim",
    "boost/system": "net link http wire config fleet queue app sim",
    "spdlog/": "base",
    "fmt/": "*",
    "CLI/": "app sim",
    "AL/": "app",
    "qrencode.h": "ui",
    "systemd/": "app",
}

# The one header of ours that is a wrapper around a library's headers; only .cpp files include it.
WRAPPERS = {"ui/compat.hpp"}

POSIX_ONLY = re.compile(
    r"(aio|dirent|dlfcn|fcntl|fnmatch|ftw|glob|grp|ifaddrs|langinfo|libgen|malloc|netdb|poll|pthread|pwd|resolv|sched|semaphore"
    r"|signal|spawn|strings|syslog|termios|unistd|utime|wait|wordexp)\.h|(sys|arpa|net|netinet|linux|asm|bits)/.*")
WINDOWS_ONLY = re.compile(r"(windows|winsock2|ws2tcpip|ws2def|iphlpapi|psapi|io|process|direct|shlobj|processthreadsapi)\.h",
                          re.IGNORECASE)

STANDARD = frozenset("""
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits
    clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint
    cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution filesystem format forward_list fstream
    functional future initializer_list iomanip ios iosfwd iostream istream iterator latch limits list locale map memory
    memory_resource mutex new numbers numeric optional ostream queue random ranges ratio regex scoped_allocator semaphore
    set shared_mutex source_location span sstream stack stdexcept stop_token streambuf string string_view strstream
    syncstream system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray
    variant vector version assert.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h setjmp.h stdarg.h
    stddef.h stdint.h stdio.h stdlib.h string.h time.h uchar.h wchar.h
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]*)>|"([^"]*)"|(\S+))')
COMMENTS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
SOURCES = (".cpp", ".hpp")


def without_comments(text):
    """Comments become blanks, so that lines keep their numbers; texts in quotes stay."""
    def blank(match):
        found = match.group(0)
        return found if found.startswith('"') else re.sub(r"[^\n]", " ", found)
    return COMMENTS.sub(blank, text)


def includes_of(file):
    """Yields (line, path, in angle brackets) for every #include line; an include by macro has path None."""
    for number, line in enumerate(without_comments(file.read_text(encoding="utf-8")).splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            angled, quoted, _ = found.groups()
            yield number, angled if quoted is None else quoted, angled is not None


def home_of(header):
    beginnings = [beginning for beginning in HOMES if header.startswith(beginning)]
    return HOMES[max(beginnings, key=len)] if beginnings else None


def may_include(folder):
    return {folder, *ARROWS[folder].split()}


class Checker:
    """Collects what is wrong with one source tree as "file:line: sentence"."""

    def __init__(self, src):
        self.src = src
        self.problems = []

    def check(self):
        self.check_folders()
        for file in sorted(self.src.rglob("*")):
            if file.suffix not in SOURCES or not file.is_file():
                continue
            folder = file.relative_to(self.src).parts[0]
            if folder not in ARROWS:
                continue  # reported with the folders
            for line, header, angled in includes_of(file):
                self.check_include(file, line, header, angled, folder)
            self.check_sibling(file)
        return self.problems

    def say(self, file, line, sentence):
        where = file.relative_to(self.src).as_posix()
        self.problems.append(f"{where}:{line}: {sentence}" if line else f"{where}: {sentence}")

    def check_folders(self):
        for entry in sorted(self.src.iterdir()):
            if entry.is_dir() and entry.name not in ARROWS:
                self.say(entry, 0, f"unknown folder; known are {', '.join(ARROWS)}")
            if entry.is_file() and entry.suffix in SOURCES:
                self.say(entry, 0, "a source file lies in one of the folders of src, not in src itself")
        for folder in sorted(path for path in self.src.rglob("*") if path.is_dir()):
            if not any(path.is_file() for path in folder.rglob("*")):
                self.say(folder, 0, "empty folder")

    def check_include(self, file, line, header, angled, folder):
        if header is None:
            self.say(file, line, "an include names its header, not a macro")
        elif not angled:
            self.check_own(file, line, header, folder)
        elif header not in STANDARD:
            self.check_foreign(file, line, header, folder)

    def check_own(self, file, line, header, folder):
        parts = pathlib.PurePosixPath(header).parts
        if not (self.src / header).is_file() or ".." in parts or len(parts) < 2:
            self.say(file, line, f'"{header}" is not a file of src written as "folder/file.hpp"')
        elif pathlib.PurePosixPath(header).suffix != ".hpp":
            self.say(file, line, f'"{header}" is not a header')
        elif header in WRAPPERS and file.suffix == ".hpp":
            self.say(file, line, f'"{header}" in a header of ours; it is for .cpp files only')
        elif parts[0] not in may_include(folder):
            self.say(file, line, f'{folder} may not include {parts[0]} ("{header}"); '
                                 f"allowed: {', '.join(sorted(may_include(folder)))}")

    def check_foreign(self, file, line, header, folder):
        for system, pattern in (("posix", POSIX_ONLY), ("windows", WINDOWS_ONLY)):
            if pattern.fullmatch(header):
                if not file.name.endswith(f"_{system}.cpp"):
                    self.say(file, line, f"<{header}> belongs in a file named *_{system}.cpp")
                return
        if file.suffix == ".hpp" and file.relative_to(self.src).as_posix() not in WRAPPERS:
            self.say(file, line, f"<{header}> in a header of ours; third-party headers stay in .cpp files")
            return
        home = home_of(header)
        if home is None:
            self.say(file, line, f"<{header}> has no home; name one in tests/arrows")
        elif home != "*" and folder not in home.split():
            self.say(file, line, f"<{header}> is not for {folder}; its home is {home.replace(' ', ', ')}")

    def check_sibling(self, file):
        for mine, other in (("_posix.cpp", "_windows.cpp"), ("_windows.cpp", "_posix.cpp")):
            sibling = file.with_name(file.name.removesuffix(mine) + other)
            if file.name.endswith(mine) and not sibling.is_file():
                self.say(file, 0, f"{sibling.name} is missing beside it")


def reachable(start):
    """Every folder that an arrow from `start` leads to, over any number of steps."""
    found = set()
    waiting = ARROWS[start].split()
    while waiting:
        folder = waiting.pop()
        if folder not in found:
            found.add(folder)
            waiting += ARROWS[folder].split()
    return found


def check_tables():
    """The table of arrows itself: known folders only, and no way round in a circle."""
    unknown = sorted({other for allowed in ARROWS.values() for other in allowed.split() if other not in ARROWS})
    if unknown:
        return [f"the table of arrows names an unknown folder: {', '.join(unknown)}"]
    return [f"the arrows from {folder} lead back to it" for folder in ARROWS if folder in reachable(folder)]


class EachRuleFires(unittest.TestCase):
    def problems(self, files, folders=()):
        with tempfile.TemporaryDirectory(prefix="farmwall-arrows-") as root:
            src = pathlib.Path(root)
            for name, text in files.items():
                file = src / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            for name in folders:
                (src / name).mkdir(parents=True)
            return Checker(src).check()

    def one(self, files, *words, folders=()):
        found = self.problems(files, folders)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_the_tables_agree_with_themselves(self):
        self.assertEqual(check_tables(), [])

    def test_a_circle_of_arrows_is_found(self):
        changed = {**ARROWS, "base": "ui"}
        with unittest.mock.patch.dict(ARROWS, changed):
            self.assertIn("the arrows from base lead back to it", check_tables())
        with unittest.mock.patch.dict(ARROWS, {"base": "cellar"}):
            self.assertEqual(check_tables(), ["the table of arrows names an unknown folder: cellar"])

    def test_a_good_tree_has_no_problems(self):
        self.assertEqual(self.problems({
            "base/a.hpp": "#include <vector>\n",
            "model/b.hpp": '#include "base/a.hpp"\n',
            "link/c.cpp": '#include <mqtt/async_client.h>\n#include <fmt/format.h>\n#include "model/b.hpp"\n',
            "base/p_posix.cpp": "#include <unistd.h>\n",
            "base/p_windows.cpp": "#include <windows.h>\n",
            "sim/machine/d.cpp": '#include "base/a.hpp"\n#include <openssl/ssl.h>\n',
        }), [])

    def test_every_arrow_that_is_not_drawn_is_refused(self):
        for folder in ARROWS:
            for other in ARROWS:
                files = {f"{folder}/x.cpp": f'#include "{other}/y.hpp"\n', f"{other}/y.hpp": ""}
                if other in may_include(folder):
                    self.assertEqual(self.problems(files), [])
                else:
                    self.one(files, f"{folder}/x.cpp:1", f"{folder} may not include {other}")

    def test_arrows_that_matter_most(self):
        for folder, other in (("sim", "wire"), ("sim", "model"), ("model", "fleet"), ("ui", "link"), ("link", "ui"),
                              ("base", "model"), ("net", "model"), ("app", "sim"), ("wire", "config")):
            self.assertNotIn(other, may_include(folder))

    def test_the_line_is_the_right_one(self):
        self.one({"base/a.cpp": '// x\n\n  #  include "model/b.hpp" // why\n', "model/b.hpp": ""}, "base/a.cpp:3:")

    def test_includes_in_comments_and_texts_do_not_count(self):
        self.assertEqual(self.problems({
            "base/a.cpp": '// #include <png.h>\n/* x\n#include <png.h>\n*/\nauto s = "/*";\n#include <string>\n'}), [])

    def test_own_headers_are_written_from_src_on(self):
        self.one({"base/a.cpp": '#include "b.hpp"\n', "base/b.hpp": ""}, "folder/file.hpp")
        self.one({"base/a.cpp": '#include "base/none.hpp"\n'}, "not a file of src")
        self.one({"base/a.cpp": '#include "base/../model/b.hpp"\n', "model/b.hpp": ""}, "not a file of src")
        self.one({"base/a.cpp": '#include "base/b.cpp"\n', "base/b.cpp": ""}, "not a header")
        self.one({"base/a.cpp": "#include CHOSEN\n"}, "not a macro")

    def test_third_party_headers_stay_at_home(self):
        for header, wrong, right in (
                ("imgui.h", "model", "ui"), ("GLFW/glfw3.h", "fleet", "ui"), ("glad/gl.h", "base", "ui"),
                ("EGL/egl.h", "link", "app"), ("png.h", "wire", "ui"), ("mqtt/async_client.h", "net", "link"),
                ("simdjson.h", "fleet", "wire"), ("toml++/toml.h", "app", "config"), ("boost/asio.hpp", "app", "net"),
                ("boost/asio/io_context.hpp", "ui", "link"), ("openssl/ssl.h", "link", "net"),
                ("boost/json.hpp", "ui", "config"), ("boost/process.hpp", "model", "app"),
                ("spdlog/spdlog.h", "link", "base"), ("CLI/CLI.hpp", "config", "sim")):
            self.assertEqual(self.problems({f"{right}/x.cpp": f"#include <{header}>\n"}), [])
            self.one({f"{wrong}/x.cpp": f"#include <{header}>\n"}, f"<{header}> is not for {wrong}", right)

    def test_an_unknown_third_party_header_needs_a_home(self):
        self.one({"base/x.cpp": "#include <someone/thing.h>\n"}, "has no home")

    def test_our_headers_include_no_third_party_header(self):
        for header in ("fmt/format.h", "imgui.h", "boost/json/fwd.hpp", "someone/thing.h"):
            self.one({"ui/x.hpp": f"#include <{header}>\n"}, "stay in .cpp files")

    def test_a_wrapper_of_a_library_is_for_cpp_files_only(self):
        wrapper = {"ui/compat.hpp": "#include <imgui.h>\n"}
        self.assertEqual(self.problems({**wrapper, "ui/x.cpp": '#include "ui/compat.hpp"\n'}), [])
        self.one({**wrapper, "ui/x.hpp": '#include "ui/compat.hpp"\n'}, "for .cpp files only")

    def test_system_headers_belong_in_files_named_for_their_system(self):
        for header in ("unistd.h", "sys/stat.h", "fcntl.h", "poll.h", "signal.h", "pthread.h", "arpa/inet.h",
                       "netinet/in.h", "net/if.h", "ifaddrs.h"):
            self.one({"net/x.cpp": f"#include <{header}>\n"}, "*_posix.cpp")
            self.one({"net/x.hpp": f"#include <{header}>\n"}, "*_posix.cpp")
        self.one({"net/x.cpp": "#include <windows.h>\n"}, "*_windows.cpp")
        self.assertEqual(self.problems({"net/x.cpp": "#include <csignal>\n"}), [])

    def test_a_file_for_one_system_has_a_sibling_for_the_other(self):
        self.one({"net/x_posix.cpp": ""}, "x_windows.cpp is missing")
        self.one({"net/x_windows.cpp": ""}, "x_posix.cpp is missing")

    def test_folders_are_known_and_not_empty(self):
        self.one({"base/a.hpp": ""}, "queue: empty folder", folders=("queue",))
        self.one({"base/a.hpp": ""}, "base/deep: empty folder", folders=("base/deep",))
        self.one({"misc/a.hpp": ""}, "unknown folder")
        self.one({"a.cpp": ""}, "not in src itself")


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.argv[1] == "--self-test":
        unittest.main(argv=sys.argv[:1])
    src = pathlib.Path(sys.argv[1])
    if not src.is_dir():
        print(f"{src}: there is no such folder", file=sys.stderr)
        return 2
    problems = check_tables() + Checker(src).check()
    for problem in problems:
        print(problem)
    print(f"arrows: {len(problems)} problems" if problems else "arrows: every include is allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
