"""A stream with GFV messages to face pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from generators.checking import StreamFacts
from generators.errors import ModelError
from generators.parameters import FaceParameters
from gfv_sei.errors import StreamError
from gfv_sei.stream.records import read_messages
from vtm_bridge import get_decoder
from vtm_bridge.colour import to_rgb

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from generators.runtime import Generator
    from vtm_bridge.pictures import Picture

GFV = 223


class Shown(NamedTuple):
    """One picture of the output.

    coded       the decoded picture, if that is what is shown
    generated   else R'G'B' float32 [3, height, width], 0 to 1
    record      the message that it was generated from, or that says that the coded picture is a base picture
    """

    coded: Picture | None
    generated: NDArray[np.float32] | None
    record: dict[str, Any] | None


class Player:
    """Plays one gfv_id of a stream through a generator.

    Base message: its coded picture is shown as it is. Every other message: a generated picture, in the order of
    gfv_cnt. A coded picture without a message is shown as it is. Messages that decoders ignore are passed over.
    """

    def __init__(
        self, generator: Generator, gfv_id: int | None = None, note: Callable[[str], None] | None = None
    ) -> None:
        self.generator = generator
        self.gfv_id = gfv_id
        self.note = note or (lambda text: None)
        self.has_base = False
        self.noted: set[str] = set()

    def play(self, source: str, decoder: str = "auto", syntax: str = "auto") -> Iterator[Shown]:
        """The pictures of a stream file, in output order."""
        records = read_messages(source, syntax, errors="record")
        by_picture = groupby(records, key=lambda record: record["au"])
        au, messages = next(by_picture, (None, iter(())))
        number = -1
        for number, picture in enumerate(get_decoder(decoder).decode(source)):
            if au is not None and au < number:
                raise _misplaced(au)
            if au == number:
                yield from self._picture(picture, list(messages))
                au, messages = next(by_picture, (None, iter(())))
            else:
                yield Shown(picture, None, None)
        if au is not None:
            raise StreamError(f"access unit {au} has messages, but the decoder gave {number + 1} pictures")

    def _picture(self, picture: Picture, messages: list[dict[str, Any]]) -> Iterator[Shown]:
        mine = [record for record in messages if self._is_mine(record)]
        if not mine:
            yield Shown(picture, None, None)
            return
        planes = None
        for record in sorted(mine, key=lambda record: record["message"]["gfv_cnt"]):
            message = record["message"]
            parameters = FaceParameters.from_values(
                record["values"], low_confidence=bool(message["gfv_low_confidence_face_parameter_flag"])
            )
            if message.get("gfv_base_picture_flag"):
                planes = to_rgb(picture)
                self.generator.check(StreamFacts.of(parameters, planes.shape[1], planes.shape[2]))
                self.generator.set_base(planes, parameters)
                self.has_base = True
                yield Shown(picture, None, record)
                continue
            if not self.has_base:
                raise ModelError(
                    "the first message of the stream is no base message, so there is nothing to generate from",
                    element="gfv_base_picture_flag",
                    au=record["au"],
                )
            coded = None
            if message.get("gfv_fusion_pic_flag") or message.get("gfv_drive_picture_fusion_flag"):
                coded = planes = to_rgb(picture) if planes is None else planes
            yield Shown(None, self.generator.generate(parameters, coded_picture=coded), record)

    def _is_mine(self, record: dict[str, Any]) -> bool:
        if "error" in record:
            self._note_once(f"a message cannot be read and is passed over: {record['error']}")
            return False
        if record["payload_type"] != GFV:
            return False
        if "ignored" in record:
            self._note_once(f"passed over: {record['ignored']}")
            return False
        gfv_id = record["message"]["gfv_id"]
        if self.gfv_id is None:
            self.gfv_id = gfv_id
        if gfv_id != self.gfv_id:
            self._note_once(f"playing gfv_id {self.gfv_id}; gfv_id {gfv_id} is passed over")
        return bool(gfv_id == self.gfv_id)

    def _note_once(self, text: str) -> None:
        if text not in self.noted:
            self.noted.add(text)
            self.note(text)


def _misplaced(au: int) -> StreamError:
    return StreamError("the messages are not in the order of the pictures", au=au)
