"""Finding external programs, knowing them by their banner, and running them with all of their log kept."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from gfv_sei.errors import GfvError, ToolError
from gfv_sei.process import TAIL_LINES, Child, line_as_text

BANNER_TIMEOUT = 20.0
"""Seconds that a program has to say who it is."""

_LINE_BYTES = 4096  # of one line of a log; the rest counts as further lines
_LOG_LINES = 50_000  # of a log; beyond that its beginning goes
_HOPELESS = 1000  # times that a program may write the same line in a row

# Reference programs drop files where they run (statistics, reconstructions), and write half of their log to
# standard output and half to standard error. So a few lines of Python step into a folder, join the two, give the
# signals that Python ignores their meaning back, and become the program. On Linux they also ask that the program be
# killed when we are: nothing else would end it then, and ldecod can run for ever on a stream that ends early.
_LAUNCHER = """\
import os, signal, sys
try:
    import ctypes
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
except (ImportError, OSError, AttributeError):
    pass
os.chdir(sys.argv[1])
os.dup2(1, 2)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
try:
    os.execv(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"cannot start {sys.argv[2]}: {error.strerror}")
"""


# Standard output comes late where a program buffers it, so what it said of an error may stand anywhere.
_TELLING = re.compile(r"(?i)\b(error|cannot|can't|could not|fail(ed|ure)?|invalid|unknown|unhandled)\b")
_TELLING_LINES = 4


class ProgramError(ToolError):
    """A program failed; ``log`` is all that it wrote.

    The text has the last lines of that, and before them up to four earlier ones that speak of an error.
    """

    def __init__(self, what: str, log: Sequence[str] = ()) -> None:
        lines = [line for line in log if line.strip()]
        last = lines[-TAIL_LINES:]
        telling = [line for line in lines[:-TAIL_LINES] if _TELLING.search(line)][:_TELLING_LINES]
        if telling:
            telling.append("...")
        super().__init__(what, (*telling, *last))
        self.log = tuple(log)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A program that we know: how it is found, and how it says who it is.

    label      what to call it: "VTM encoder"
    purpose    what we use it for, in a few words
    variable   the environment variable that names it
    names      its usual names on the PATH, the first one found is taken
    ask        arguments that make it print its banner
    banner     the banner, with the version as its group 1
    oldest     the oldest version that is taken
    """

    label: str
    purpose: str
    variable: str
    names: tuple[str, ...]
    ask: tuple[str, ...]
    banner: re.Pattern[str]
    oldest: tuple[int, ...] = ()

    def find(self, wish: str | os.PathLike[str] | None = None) -> str:
        """The path of the program: ``wish``, else what the environment variable says, else on the PATH.

        ToolError if there is none, or if a wish names nothing that can be run: it is not silently replaced.
        """
        named = os.environ.get(self.variable)
        for what, name in ((f"the {self.label} asked for", wish), (f"the environment variable {self.variable}", named)):
            if name:
                found = shutil.which(os.fspath(name))
                if found is None:
                    raise ToolError(f"{what} says {os.fspath(name)!r}, which is no program that can be run")
                return str(Path(found).absolute())
        for usual in self.names:
            found = shutil.which(usual)
            if found is not None:
                return str(Path(found).absolute())
        *most, last = self.names
        usual = f"{', '.join(most)} or {last}" if most else last
        raise ToolError(
            f"no {self.label} here: name it in the environment variable {self.variable}, "
            f"or put it on the PATH as {usual}"
        )

    def version(self, path: str) -> str:
        """The version from the program's banner; ToolError if it is another program or too old."""
        with suppress(OSError):
            return _version(self, path, Path(path).stat().st_mtime_ns)
        raise ToolError(f"cannot start {path}")


def named(*stems: str) -> tuple[str, ...]:
    """The names that a build gives: as they are, static, debug."""
    return tuple(stem + ending for stem in stems for ending in ("Static", "", "Staticd", "d"))


@lru_cache(maxsize=64)
def _version(kind: Kind, path: str, modified: int) -> str:
    log = Log()
    why = ""
    # What it exits with differs from program to program; what counts is what it says.
    try:
        execute([path, *kind.ask], Path(path).parent, Path(path).name, BANNER_TIMEOUT, log=log)
    except ProgramError as error:
        why = f"; {error.reason}"
    found = next((match for line in log.lines if (match := kind.banner.search(line))), None)
    if found is None:
        said = next((line.strip() for line in log.lines if line.strip()), "")
        raise ProgramError(
            f"{path} does not say that it is a {kind.label}" + (f'; it says "{said[:100]}"' if said else why),
        )
    version = found[1]
    if numbers(version) < kind.oldest:
        raise ToolError(
            f"{path} is too old a {kind.label}",
            element="version",
            value=version,
            allowed=f"{_text(kind.oldest)} or later",
        )
    return version


def numbers(version: str) -> tuple[int, ...]:
    """The numbers at the start of a version: "19.1 (FRExt)" is (19, 1)."""
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


def _text(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


@dataclass
class Log:
    """What a program writes, line by line. Repeated lines are kept once, with their number."""

    lines: list[str] = field(default_factory=list)
    _repeated: int = 0

    def add(self, line: str) -> None:
        """Append a line; ProgramError if it is the same for a thousand times."""
        if line.strip() and self.lines and (line == self.lines[-1 - bool(self._repeated)]):
            self._repeated += 1
            note = f"(and {self._repeated} more like this)"
            if self._repeated == 1:
                self.lines.append(note)
            else:
                self.lines[-1] = note
            if self._repeated >= _HOPELESS:
                raise ProgramError("the program writes the same line over and over and was ended", self.lines)
            return
        self._repeated = 0
        self.lines.append(line)
        if len(self.lines) > _LOG_LINES:
            del self.lines[: _LOG_LINES // 10]


def execute(
    command: Sequence[str],
    folder: Path,
    label: str,
    timeout: float | None,
    *,
    log: Log | None = None,
    on_line: Callable[[str], object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """Run a program in a folder, its standard output and error together as its log, and return that.

    ``on_line`` sees each line as it comes; what it raises ends the program and comes out. ``environment`` is added to
    ours. ProgramError, with the log, for an exit status that is not 0 and for the time-out. The program is ended, with
    its whole process group, however the call ends.
    """
    log = Log() if log is None else log
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCHER, os.fspath(folder), *command]
    child = Child(launch, timeout=timeout, environment=environment)
    child.name = label
    try:
        with child:
            while line := child.stdout.readline(_LINE_BYTES):
                text = line_as_text(line)
                log.add(text)
                if on_line is not None:
                    on_line(text)
    except ProgramError:
        raise
    except ToolError as error:
        raise ProgramError(error.reason, log.lines) from error
    return log.lines


@contextmanager
def disk(what: str) -> Iterator[None]:
    """Turn what the disk refuses into a GfvError that says what could not be done."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise GfvError(f"cannot {what}: {error.strerror}") from error
