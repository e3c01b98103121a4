"""Records of a stream into a JSON Lines file or pipe."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.stream.json_text import record_text
from gfv_sei.stream.records import AUTO, OURS, MessageReader, Record, SyntaxChangedError, read_messages
from gfv_sei.stream.source import Source, is_reopenable
from gfv_sei.stream.syntax_choice import SyntaxChoice
from gfv_sei.stream.target import Target, open_target

# Records that wait for the end of a stream stay in memory up to this many bytes.
_SPOOL = 1 << 22


def extract(
    source: Source,
    target: Target,
    syntax: str | SyntaxChoice = AUTO,
    *,
    elements: bool = False,
    payload_types: Collection[int] = OURS,
    codec: str | None = None,
    compat: str | None = None,
    order: bool = False,
    on_syntax: Callable[[MessageReader], None] | None = None,
    on_record: Callable[[Record], None] | None = None,
) -> int:
    """Write one JSON object per message to ``target``, in bitstream order; return how many.

    Messages that cannot be read have a record too, with ``error`` and ``payload_hex``. ``on_record`` sees each
    record. A file is read once: should its syntax turn out to be another one than its start looked like, the output
    starts again, so it is passed on only at the end; from a pipe it goes out as it comes.
    """
    options: dict[str, Any] = {
        "elements": elements,
        "shared": True,
        "payload_types": payload_types,
        "codec": codec,
        "compat": compat,
        "order": order,
        "errors": "record",
    }
    reader: list[MessageReader] = []
    tell = on_syntax
    if restartable := syntax == AUTO and is_reopenable(source):
        tell = None if on_syntax is None else reader.append  # it is not final before the end
    while True:
        count = 0
        try:
            with _output(target, held_back=restartable) as out:
                for record in read_messages(source, syntax, may_restart=restartable, on_syntax=tell, **options):
                    for text in record_text(record):
                        out.write(text.encode())
                    out.write(b"\n")
                    count += 1
                    if on_record is not None:
                        on_record(record)
                    del record  # not to be there beside the next one
            if reader and on_syntax is not None:
                on_syntax(reader[-1])
            return count
        except SyntaxChangedError as changed:
            syntax, restartable = changed.choice, False


@contextmanager
def _output(target: Target, held_back: bool) -> Iterator[Any]:
    """Where records go. What is held back reaches a pipe only if the block ends well, as a file does anyway."""
    with open_target(target) as out:
        if not held_back or str(target) != "-":
            yield out
            return
        with tempfile.SpooledTemporaryFile(_SPOOL) as spool:
            try:
                yield spool
                spool.seek(0)
            except OSError as error:
                raise GfvError(f"cannot keep the records in a temporary file: {error.strerror}") from error
            shutil.copyfileobj(spool, out)
