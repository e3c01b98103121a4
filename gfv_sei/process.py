"""Run other programs: no shell, no deadlock, no unbounded memory, nothing left running.

A program that both reads and writes through pipes stalls as soon as one side is full and nobody empties it.
So three hands work at once: one thread feeds standard input from an iterable, one thread empties standard
error and keeps the last lines of it, and the caller takes standard output at its own pace. Each pipe holds
a few kilobytes, nothing is collected on the way, and a stream of any length passes in constant memory.

The child gets a process group of its own. Whatever ends the ``with`` block early (an exception, Ctrl-C, a
generator that is closed or thrown away, the time-out) kills that whole group, so that helpers which the
program started go with it.

The time-out counts the seconds for which the child keeps *us* waiting. While the caller works between two
pieces of output, or the iterable works on the next piece of input, the clock stands still: a slow consumer
is no fault of the child.

What went wrong first is what the caller gets to see: at the end of the output the exit status and the
iterable's own exceptions are looked at before the caller learns that the output has ended, so a parser
downstream never complains about a truncated picture when the truth is that the encoder crashed.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from gfv_sei.errors import ToolError

Block = bytes | bytearray | memoryview
"""A piece of input. A memoryview may be of any item type, but has to be contiguous."""

OUTPUT = "{output}"
"""Stands in a word of a command for the number of an open file (``pipe:{output}``); see ``Child``."""

DEFAULT_TIMEOUT = 3600.0
"""Seconds of waiting for a child before it is ended, where the caller names no other number."""

CHUNK = 1 << 16
TAIL_LINES = 12
_LINE_LENGTH = 1000  # characters of one line of standard error; a progress bar can be one endless line
_SLICE = 0.1  # seconds between two looks at the clock while waiting
_GRACE = 10.0  # seconds that our own threads get to notice that the child is gone


_announcer: ContextVar[Callable[[str], object] | None] = ContextVar("announcer", default=None)


@contextlib.contextmanager
def announced(tell: Callable[[str], object]) -> Iterator[None]:
    """Programs that are started within tell ``tell`` of their command, as a shell would take it."""
    token = _announcer.set(tell)
    try:
        yield
    finally:
        _announcer.reset(token)


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left behind: all its standard output, the end of its standard error, its wall-clock
    seconds.
    """

    stdout: bytes
    stderr_tail: tuple[str, ...]
    seconds: float


class Child:
    """A running program as a context manager; ``stdout`` is a buffered binary file of what it prints.

    ``stdin`` is fed in a thread from any iterable of blocks and closed after the last; without it the child
    reads an empty input. A path is opened, and that file is the standard input: the child can seek in it and need
    not be told its name. ``on_stderr`` sees each line of standard error, in the thread that reads it; a
    line for which it returns False stays out of the tail that errors show. ``timeout`` is in seconds, None
    for no limit; ``environment`` is added to our own.

    Some programs print messages on standard output, in between what they write there (libvvenc does).
    For those, a command may contain OUTPUT: it becomes the number of another pipe, which ``stdout`` then
    reads, and the messages count as standard error.

    Leaving the block normally reads the rest of the output, waits, and raises ToolError unless the exit
    status is 0. Leaving it by an exception ends the child. ToolError also stands for a program that cannot
    be started, and for the time-out. An exception of the iterable ends the child and comes out here as it
    is.
    """

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        *,
        stdin: Iterable[Block] | Path | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        on_stderr: Callable[[str], bool | None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.command = tuple(os.fspath(word) for word in command)
        self.name = Path(self.command[0]).name
        self.timeout = timeout
        self._file = stdin if isinstance(stdin, Path) else None
        self._input = None if isinstance(stdin, Path) else stdin
        self._on_stderr = on_stderr
        self._environment = environment
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._waited = 0.0
        self._making_input = False
        self._stopped = False
        self._finished = False
        self._failure: BaseException | None = None

    @property
    def stderr_tail(self) -> tuple[str, ...]:
        """The last lines of standard error so far, at most 12, without characters that a terminal would act
        on.
        """
        return tuple(self._tail)

    def __enter__(self) -> Child:
        with contextlib.ExitStack() as stack:
            given = None
            if self._file is not None:
                try:
                    given = stack.enter_context(self._file.open("rb", buffering=0))
                except OSError as error:
                    raise ToolError(f"cannot open {self._file}: {error.strerror}") from error
            self._start(given)
        return self

    def _start(self, given: io.FileIO | None) -> None:
        """Start the program; ``given`` is the file that its standard input is to be, if any."""
        apart = any(OUTPUT in word for word in self.command)
        ours, theirs = os.pipe() if apart else (-1, -1)
        if apart:
            self.command = tuple(word.replace(OUTPUT, str(theirs)) for word in self.command)
        if (tell := _announcer.get()) is not None:
            tell(shlex.join(self.command) + ("" if self._file is None else f" < {shlex.quote(str(self._file))}"))
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                self.command,
                stdin=given if given is not None else subprocess.DEVNULL if self._input is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if apart else subprocess.PIPE,
                bufsize=0,
                process_group=0,
                pass_fds=(theirs,) if apart else (),
                env=None if self._environment is None else {**os.environ, **self._environment},
            )
        except OSError as error:
            if apart:
                os.close(ours)
            raise ToolError(f"cannot start {self.command[0]}: {error.strerror}") from error
        finally:
            if apart:
                os.close(theirs)
        try:
            self._attach(ours if apart else None)
        except BaseException:
            # An interrupt may come here as well, before anybody is there to end the child on leaving the block.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise

    def _attach(self, ours: int | None) -> None:
        """Connect the pipes of the child that has just started, and start the threads."""
        pipes = (self._process.stdout, self._process.stderr)
        self._output, self._messages = (open(ours, "rb", 0), pipes[0]) if ours is not None else pipes  # noqa: PTH123, SIM115
        assert self._output is not None
        self._out_fd = self._output.fileno()
        self._poll = select.poll()
        self._poll.register(self._out_fd, select.POLLIN | select.POLLHUP)
        self.stdout = io.BufferedReader(_Output(self), CHUNK)
        self._listener = threading.Thread(target=self._listen, name=f"{self.name} stderr", daemon=True)
        self._listener.start()
        self._feeder: threading.Thread | None = None
        if self._input is not None:
            self._feeder = threading.Thread(
                target=self._feed, args=(self._input,), name=f"{self.name} stdin", daemon=True
            )
            self._feeder.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                while self.stdout.read1(CHUNK):
                    pass
        finally:
            self._end()

    # Waiting: one clock for all the places where the child can keep us.

    def _wait(self, ready: Callable[[float], object]) -> None:
        while True:
            began = time.monotonic()
            if ready(_SLICE):
                return
            if self._failure is not None:
                self._end()
                raise self._failure
            if not self._making_input:
                self._waited += time.monotonic() - began
            if self.timeout is not None and self._waited > self.timeout:
                self._end()
                raise ToolError(
                    f"{self.name} kept us waiting for more than {self.timeout:g} s and was ended", self._tail
                )

    def _read_into(self, buffer: memoryview) -> int:
        if self._finished:
            return 0
        self._wait(lambda seconds: self._poll.poll(seconds * 1000))
        got = os.readv(self._out_fd, [buffer])
        if not got:
            self._finish()
        return got

    def _finish(self) -> None:
        """After the end of the output: wait for the rest of the child, then raise whatever went wrong."""
        self._wait(lambda seconds: _joined(self._listener, seconds))
        # Reaped last of all: until then its number stays taken, and killing the group can hit nobody else.
        self._wait(self._exited)
        status = self._process.returncode
        self._end()
        if self._failure is not None:
            raise self._failure
        if status:
            raise ToolError(f"{self.name} {_in_words(status)}", self._tail)

    def _exited(self, seconds: float) -> bool:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self._process.returncode is not None

    def _end(self) -> None:
        """Kill what still runs, close the pipes, collect the threads. Does nothing the second time."""
        if self._finished:
            return
        self._finished = self._stopped = True
        process = self._process
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._feeder is not None and self._feeder is not threading.current_thread():
            self._feeder.join(_GRACE)
        self._listener.join(_GRACE)
        for pipe in (self._output, self._messages):
            assert pipe is not None
            pipe.close()

    # The two threads.

    def _feed(self, blocks: Iterable[Block]) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        fd = pipe.fileno()
        iterator: Iterator[Block] = iter(())
        try:
            self._making_input = True
            iterator = iter(blocks)
            while not self._stopped:
                self._making_input = True
                block = next(iterator, None)
                self._making_input = False
                if block is None:
                    break
                view = memoryview(block).cast("B")
                while view:
                    view = view[os.write(fd, view) :]
        except BrokenPipeError:
            pass  # the child has seen enough; its exit status tells whether that is right
        except BaseException as error:
            self._fail(error)
        finally:
            self._making_input = False
            with contextlib.suppress(OSError):
                pipe.close()
            close = getattr(iterator, "close", None)
            if callable(close):
                try:
                    close()
                except BaseException as error:
                    self._fail(error)

    def _fail(self, error: BaseException) -> None:
        """Note what went wrong in a thread; whoever waits for the child finds it and ends the child."""
        if self._failure is None and not self._stopped:
            self._failure = error

    def _listen(self) -> None:
        assert self._messages is not None
        fd = self._messages.fileno()
        rest = b""
        while chunk := os.read(fd, CHUNK):
            *lines, rest = re.split(rb"[\r\n]+", rest + chunk)
            rest = rest[:_LINE_LENGTH]
            for line in lines:
                self._hear(line)
        self._hear(rest)

    def _hear(self, line: bytes) -> None:
        text = line_as_text(line[:_LINE_LENGTH])
        if not text:
            return
        try:
            wanted = self._on_stderr is None or self._on_stderr(text) is not False
        except Exception as error:
            self._fail(error)
            wanted = True
        if wanted:
            self._tail.append(text)


class _Output(io.RawIOBase):
    """Standard output of a child as the raw file below ``Child.stdout``."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._child._read_into(memoryview(buffer).cast("B"))


def line_as_text(line: bytes) -> str:
    """A line that a program wrote, without its end; what a terminal would act on is a question mark."""
    text = line.decode("utf-8", "replace").rstrip()
    return "".join(c if c.isprintable() or c == "\t" else "?" for c in text)


def _joined(thread: threading.Thread, seconds: float) -> bool:
    thread.join(seconds)
    return not thread.is_alive()


def _in_words(status: int) -> str:
    if status >= 0:
        return f"failed with exit status {status}"
    try:
        return f"was ended by signal {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def stream(
    command: Sequence[str | os.PathLike[str]],
    *,
    stdin: Iterable[Block] | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
    chunk: int = CHUNK,
) -> Iterator[bytes]:
    """Run a program and yield its standard output in pieces of 1 to ``chunk`` bytes, as they come.

    Closing or dropping the generator ends the program. Raises ToolError as ``Child`` does.
    """
    with Child(command, stdin=stdin, timeout=timeout) as child:
        while piece := child.stdout.read1(chunk):
            yield piece


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    stdin: Iterable[Block] | Block | Path | None = None,
    timeout: float | None = DEFAULT_TIMEOUT,
    on_stderr: Callable[[str], bool | None] | None = None,
) -> Finished:
    """Run a program to its end and return its whole standard output; for small outputs.

    Raises ToolError as ``Child`` does.
    """
    blocks = (stdin,) if isinstance(stdin, bytes | bytearray | memoryview) else stdin
    began = time.monotonic()
    with Child(command, stdin=blocks, timeout=timeout, on_stderr=on_stderr) as child:
        output = child.stdout.read()
    return Finished(output, child.stderr_tail, time.monotonic() - began)


def find_ffmpeg() -> str:
    """The ffmpeg to run: ``$GFV_FFMPEG``, else the one in imageio-ffmpeg's wheel, else the one on the PATH.

    Raises ToolError if there is none, or if ``GFV_FFMPEG`` names something that cannot be executed: a wish
    that cannot be met is not silently replaced by another program.
    """
    wish = os.environ.get("GFV_FFMPEG")
    if wish:
        found = shutil.which(wish)
        if found is None:
            raise ToolError(f"the environment variable GFV_FFMPEG says {wish!r}, which is no program that can be run")
        return found
    with contextlib.suppress(ImportError, RuntimeError):
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    found = shutil.which("ffmpeg")
    if found is None:
        raise ToolError(
            "no ffmpeg here: install one with `pip install imageio-ffmpeg`, put one on the PATH, "
            "or name one in the environment variable GFV_FFMPEG"
        )
    return found
