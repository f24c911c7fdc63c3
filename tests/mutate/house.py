# SPDX-License-Identifier: MIT
"""A copy of the source tree with a build of its own, in which mutants are built and tested. The tree it was
copied from is never touched. Used by mutate.py."""
import contextlib
import hashlib
import os
import re
import resource
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from typing import NamedTuple

BUILD_LIMIT = 1800  # [s] of one build
MEMORY_SHARE = 0.4  # of the machine's memory that the tests of one mutant may take
DISK_MAX = 8 << 30  # [byte] by which the free disk may shrink while one process runs
PROGRAM = "paracosm-tests"
FAILURE = r"(?:\[  FAILED  \] |FAILED: )"  # how a line begins that names a failed test
COMMAND_LINE, GOLDEN = "the command line", "golden hashes"
# What gcc only warns of though no C compiler need take it.
STRICT = "-Werror=int-conversion -Werror=incompatible-pointer-types -Werror=implicit-function-declaration"


class Stop:
    """Whether to stop. A signal sets it and nothing is raised from there: an exception that comes while a thread
    waits for another one may leave a lock in disorder. It has no lock itself, so a signal may come at any point."""

    def __init__(self):
        self.wanted = False

    def set(self, *_):
        self.wanted = True

    def is_set(self):
        return self.wanted


class Stopped(Exception):
    """The person asked to end."""


class Run(NamedTuple):
    """What came of one process."""
    result: str  # "passed", "failed", "nothing" (no such test), or what it took too much of: "time", "memory", "disk"
    who: str  # the test that failed or was running
    seconds: float


class Group(NamedTuple):
    """Tests that one process runs, and where their file is."""
    name: str
    words: tuple  # arguments of the test program; () for the command line's own script
    folder: str  # such as "engine/world"
    seconds: float


def memory_of(group):
    """Memory [byte] that the processes of a process group hold now."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            total += int(fields[21]) * resource.getpagesize()
    return total


def tame():
    """This process and those it starts: behind everything else, without core files."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def excess(child, begin, limit, cwd, free):
    """What a process takes too much of, None if nothing."""
    if time.monotonic() - begin > limit:
        return "time"
    if memory_of(child.pid) > MEMORY_SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"):
        return "memory"
    return "disk" if shutil.disk_usage(cwd).free < free - DISK_MAX else None


def watched(command, limit, stop, cwd, env, failure=None):
    """Runs a command until it ends, fails (a line matches `failure`), takes too much (`limit` [s], see excess),
    or `stop` is set. -> (exit code or what it took too much of, its last lines, seconds)"""
    begin, looked, lines, rest, code = time.monotonic(), 0.0, [], b"", None
    free = shutil.disk_usage(cwd).free
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          cwd=cwd, env=env, start_new_session=True) as child, selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        try:
            while code is None:
                if stop.is_set():
                    raise Stopped
                if time.monotonic() - looked > 0.5:
                    looked, code = time.monotonic(), excess(child, begin, limit, cwd, free)
                elif selector.select(0.5):
                    piece = os.read(child.stdout.fileno(), 1 << 16)
                    *whole, rest = (rest + piece).split(b"\n")
                    whole = [line.decode(errors="replace") for line in whole]
                    lines = (lines + whole)[-2000:]
                    if failure and any(re.match(failure, line) for line in whole):
                        code = 1
                    elif not piece: # its end of the pipe is closed: it ends, or will never tell anything more
                        code = child.wait(limit)
        except subprocess.TimeoutExpired:
            code = "time"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    return code, lines, time.monotonic() - begin


class House:
    """The copy. Leave it with `with`, so that nothing stays behind. A sanitized one is built like the preset dev
    and runs those of the C tests that say what is right, without the window's (its driver leaks)."""

    def __init__(self, root, stop, threads, sanitized=False):
        self.stop, self.threads, self.sanitized = stop, threads, sanitized
        self.place = self._own_folder()
        self.tree, self.build = os.path.join(self.place, "tree"), os.path.join(self.place, "tree", "build")
        self.scratch = os.path.join(self.place, "scratch")
        self.env = dict(os.environ, TMPDIR=self.scratch, HOME=self.scratch, LC_ALL="C.UTF-8",
                        ASAN_OPTIONS="detect_leaks=1:abort_on_error=0")
        if "CCACHE_DIR" not in os.environ: # HOME is another one now
            cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
            self.env["CCACHE_DIR"] = os.path.join(cache, "ccache")
        try:
            self._copy(root)
        except BaseException:
            self.close()
            raise
        self.outputs, self.planted = {}, None

    @staticmethod
    def _own_folder():
        """A name that is the same in the next run, so that ccache knows the files again."""
        for n in range(1000):
            place = os.path.join(tempfile.gettempdir(), f"paracosm-mutate-{os.getuid()}-{n}")
            try:
                os.mkdir(place, 0o700)
                return place
            except FileExistsError:
                pass
        raise SystemExit(f"mutate: error: a thousand folders {place} are in use; remove those that are left over")

    def _copy(self, root):
        for path in tracked(root):
            target = os.path.join(self.tree, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy2(os.path.join(root, path), target)

    def close(self):
        shutil.rmtree(self.place, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # ------------------------------------------------------------------------------------ building

    def make(self):
        """The first build. Ends the program if the tree does not build."""
        kind = ["-DCMAKE_BUILD_TYPE=Debug", "-DPARA_SANITIZE=ON"] if self.sanitized else ["-DCMAKE_BUILD_TYPE=Release"]
        launcher = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        code, lines, _ = watched(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DPARA_SHARED=OFF",
                                  f"-DCMAKE_C_FLAGS={STRICT}", *kind, *launcher],
                                 BUILD_LIMIT, self.stop, self.tree, self._building())
        if code == 0:
            code, lines = self._ninja()
        if code != 0:
            raise SystemExit("mutate: error: the tree as it is does not build:\n" + "\n".join(lines[-40:]))
        self.outputs = {path: self._read(path) for path in self._output_files()}

    def _building(self):
        """HOME and TMPDIR as the person has them: a build may need what is there."""
        return dict(self.env, HOME=os.environ.get("HOME", "/"), TMPDIR=tempfile.gettempdir())

    def _ninja(self):
        code, lines, _ = watched(["ninja", "-C", self.build, "-j", str(self.threads), "paracosm", PROGRAM],
                                 BUILD_LIMIT, self.stop, self.tree, self._building())
        return code, lines

    def _output_files(self):
        for folder, _, names in os.walk(self.build):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith((".o", ".a")) or (folder == self.build and os.access(path, os.X_OK)):
                    yield path

    @staticmethod
    def _read(path):
        with open(path, "rb") as file:
            return file.read(), os.stat(path).st_mtime_ns

    @staticmethod
    def _put_back(path, content):
        """A new file in the old one's place: a program that was killed may still be dying of it."""
        mode = os.stat(path).st_mode if os.path.exists(path) else 0o755
        with open(path + ".first", "wb") as file:
            file.write(content)
        os.chmod(path + ".first", mode)
        os.replace(path + ".first", path)

    def plant(self, path, text):
        """Writes a mutant and builds it. -> "built", "neutral" (the same object code) or "refused"."""
        target = os.path.join(self.tree, path)
        self.planted = (target, *self._read(target))
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        code, _ = self._ninja()
        if code != 0:
            return "refused"
        objects = [p for p in self.outputs if p.endswith(".o")]
        changed = [p for p in objects if os.stat(p).st_mtime_ns != self.outputs[p][1]]
        return "built" if any(self._read(p)[0] != self.outputs[p][0] for p in changed) else "neutral"

    def restore(self):
        """Takes the mutant out again: source and everything built from it get their first bytes back, the
        outputs keep the times ninja has noted for them, so that it finds nothing to do."""
        target, content, time_ns = self.planted
        with open(target, "wb") as file:
            file.write(content)
        os.utime(target, ns=(time_ns, time_ns))
        for path, (first, then) in list(self.outputs.items()):
            now = os.stat(path).st_mtime_ns if os.path.exists(path) else None
            if now != then:
                self._put_back(path, first)
                os.utime(path, ns=(now or then, now or then))
                self.outputs[path] = (first, now or then)

    # ------------------------------------------------------------------------------------- testing

    def groups(self, skip=()):
        """All groups without the tests of `skip`, their time measured; ends the program if the tree fails one."""
        code, lines, _ = self._test(["--list"], 60)
        if code != 0 or not lines:
            raise SystemExit("mutate: error: the test program lists no groups")
        folders, out, without = self._folders(), [], tuple("-" + name for name in skip)
        without += ("-window",) if self.sanitized else ()
        for name in lines:
            words = ("=" + name, "-golden", *without)
            out.append(self._measured(Group(name, words, folders.get(name, ""), 0)))
        if not self.sanitized:
            out.append(self._measured(Group(GOLDEN, ("golden", *without), "", 0)))
        if not self.sanitized and os.path.exists(os.path.join(self.tree, "tests/apps/test_cli.sh")):
            out.append(self._measured(Group(COMMAND_LINE, (), "apps", 0)))
        return [group for group in out if group]

    def _measured(self, group):
        run = self.run(group, 1200)
        if run.result == "failed":  # once more: by chance, on a machine with other things to do?
            run = self.run(group, 1200)
        if run.result == "nothing":
            return None
        if run.result != "passed":
            raise SystemExit(f"mutate: error: the tree as it is fails {group.name}: {run.who} ({run.result})")
        return group._replace(seconds=run.seconds)

    def _folders(self):
        """{group: folder its test file mirrors}"""
        out = {}
        for folder, _, names in os.walk(os.path.join(self.tree, "tests")):
            for name in names:
                if name.endswith(".c"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        for group in re.findall(r"para_tests_(\w+)\[\] = ", file.read()):
                            out[group] = os.path.relpath(folder, os.path.join(self.tree, "tests"))
        return out

    def _test(self, words, limit, failure=None):
        shutil.rmtree(self.scratch, ignore_errors=True)
        os.makedirs(self.scratch)
        command = [os.path.join(self.build, PROGRAM), *words] if words else [
            "bash", os.path.join(self.tree, "tests/apps/test_cli.sh"), os.path.join(self.build, "paracosm")]
        return watched(command, limit, self.stop, self.scratch, self.env, failure)

    def run(self, group, limit):
        """Runs one group until its first failure."""
        code, lines, seconds = self._test(group.words, limit, FAILURE)
        named = [m.group(1) for m in map(re.compile(FAILURE + "(.*)").match, lines) if m]
        begun = [line.split("] ", 1)[1] for line in lines if line.startswith("[ RUN")]
        running, failed = begun[-1] if begun else "", named[0] if named else ""
        if code == 0:
            return Run("passed", "", seconds)
        if isinstance(code, str):
            return Run(code, running or group.name, seconds)
        if code == 2 and group.words and any("no test or group" in line for line in lines):
            return Run("nothing", "", seconds)
        return Run("failed", failed or running or f"exit code {code}", seconds)


def tracked(root):
    """Files of the tree that git knows or would take, as they stand in the folder; all but build/ of a copy."""
    if not os.path.exists(os.path.join(root, ".git")):
        files = [os.path.relpath(os.path.join(f, n), root) for f, _, names in os.walk(root) for n in names]
        return sorted(path for path in files if not path.startswith("build/"))
    command = ["git", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"]
    out = subprocess.run(command, check=True, capture_output=True)
    return sorted(p for p in set(out.stdout.decode().split("\0")) if p and os.path.isfile(os.path.join(root, p)))


def digest(root):
    """A hash of all files of the tree."""
    h = hashlib.sha256()
    for path in tracked(root):
        with open(os.path.join(root, path), "rb") as file:
            content = file.read()
        h.update(f"{path}\0{len(content)}\0".encode() + content)
    return h.hexdigest()[:16]
