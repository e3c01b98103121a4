"""Options and small things that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from gfv_sei.cli import names
from gfv_sei.errors import GfvError
from gfv_sei.wording import printable

if TYPE_CHECKING:
    from gfv_sei.stream.records import MessageReader
    from gfv_sei.stream.source import Source


class FilePath(click.Path):
    """A file, or - for standard input or output. Whether it can be opened is seen when it is, with exit status 1."""

    def __init__(self) -> None:
        super().__init__(allow_dash=True, readable=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As of click; an empty name, as of a variable of a shell that is not set, is none."""
        if not value:
            self.fail("an empty name is no file", param, ctx)
        return super().convert(value, param, ctx)


file_path = FilePath()

stream_argument = click.argument("stream", metavar="IN", type=file_path)
output_option = click.option(
    "-o",
    "--output",
    required=True,
    type=file_path,
    metavar="OUT",
    help="File to write, or - for standard output.",
)
read_syntax_option = click.option(
    "--syntax",
    type=names.any_syntax,
    default="auto",
    show_default=True,
    help="Edition of the GFV syntax; auto picks the one that fits the whole stream.",
)
write_syntax_option = click.option(
    "--syntax",
    type=names.one_syntax,
    default="vsei4",
    show_default=True,
    help="Edition of the GFV syntax.",
)
codec_option = click.option(
    "--codec",
    type=names.one_codec,
    help="Codec of the stream, if its content does not tell.",
)


show_as_option = click.option(
    "--compat", type=names.reference_decoder, help="Show values as this reference decoder derives them."
)
write_as_option = click.option(
    "--compat", type=names.reference_encoder, help="Write the same bits as this reference encoder."
)

fps_option = click.option(
    "--fps",
    type=click.FloatRange(0, 1000, min_open=True),
    default=25,
    show_default=True,
    help="Picture rate when a byte stream is written to a container.",
)


def examples(*lines: str) -> str:
    """Command lines for the end of a help text."""
    return "\n".join(("\b", "Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))


QUIET, NORMAL, VERBOSE = -1, 0, 1
_TALK = "gfv_sei.talk"


def set_talk(ctx: click.Context, level: int) -> None:
    """Set how much the commands below ``ctx`` say: QUIET, NORMAL or VERBOSE."""
    ctx.meta[_TALK] = level


def talk() -> int:
    """How much the running command is to say."""
    ctx = click.get_current_context(silent=True)
    return NORMAL if ctx is None else ctx.meta.get(_TALK, NORMAL)


def note(text: str) -> None:
    """One line on standard error that a user may like to know; gfv --quiet hides it."""
    if talk() > QUIET:
        complain(text)


def detail(text: str) -> None:
    """One line on standard error that only gfv --verbose shows."""
    if talk() >= VERBOSE:
        complain(text)


def complain(text: str) -> None:
    """One line on standard error that belongs to exit status 1, and so is never hidden."""
    click.echo(f"gfv: {printable(text)}", err=True)


def warn_of_prefix(nal: str | None) -> None:
    """Mention what reference software makes of prefix SEI NAL units, if somebody asks for them."""
    from gfv_sei.meaning.quirks import PREFIX_SEI
    from gfv_sei.stream.inject import PREFIX

    if nal == PREFIX:
        note(f"prefix SEI NAL units, as asked for; mind that in VVC {PREFIX_SEI}")


def tell_syntax(reader: MessageReader) -> None:
    """Say which syntax was found, and which others would do."""
    if reader.syntax is None or not reader.looked_at:
        return
    text = f"syntax {reader.syntax}"
    if reader.others:
        which = "all" if reader.whole else f"the first {reader.looked_at}"
        text += f"; {which} GFV messages fit {' and '.join(reader.others)} as well"
    note(text)


def is_file(given: str) -> bool:
    """Whether what was given is the name of a file. Hex digits can be too long for one, and Path then raises."""
    try:
        return Path(given).is_file()
    except OSError:
        return False


@contextmanager
def progress(stream: Source, label: str, times: int = 1) -> Iterator[None]:
    """A progress bar on standard error for the reading of a file, some times over, if that is a terminal.

    gfv --quiet hides it.
    """
    named = isinstance(stream, (str, Path)) and stream != "-" and is_file(str(stream))
    if talk() == QUIET or sys.stderr is None or not sys.stderr.isatty() or not named:
        yield
        return
    from gfv_sei.stream.source import watched

    with (
        click.progressbar(length=times * os.path.getsize(str(stream)), label=label, file=sys.stderr) as bar,
        watched(bar.update),
    ):
        yield


def write_out(data: Any) -> None:
    """Bytes or text to standard output."""
    from gfv_sei.stream.target import standard_output

    with standard_output() as out:
        out.write(data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data)


def flush_out() -> None:
    """See to it that what was written to standard output arrived."""
    from gfv_sei.stream.target import standard_output

    if sys.stdout is not None:
        with standard_output():
            sys.stdout.flush()


MOST_BYTES = 1 << 29
"""Of a text that is read as a whole, or of one line: twice what the hex digits of the largest network take."""


def read_whole(file: IO[bytes], name: str) -> bytes:
    """All of a file. Raises GfvError beyond ``MOST_BYTES``: a device never ends."""
    data = bytes(file.read(MOST_BYTES + 1))
    if len(data) > MOST_BYTES:
        raise GfvError(f"{name} is too long", allowed=f"{MOST_BYTES} bytes")
    return data


@contextmanager
def open_input(name: str) -> Iterator[IO[bytes]]:
    """A file, or standard input for ``-``, for reading bytes. Raises GfvError if it cannot be opened."""
    from gfv_sei.stream.source import standard_input

    if name == "-":
        yield standard_input()
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise GfvError(f"cannot open {name}: {error.strerror}") from error
        yield file
