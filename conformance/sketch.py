"""A stream in the making: the messages of a case, one after another, and how they are put into the base pictures.

A case says which picture it is at and writes messages; each becomes a payload at once, with the state that prediction
needs, so that a later message can rely on it::

    def moving_face(s: Sketch) -> None:
        face = s.face(7)
        face.base(coordinates=keypoints(10))
        for step in range(1, 4):
            face.further(coordinates=keypoints(10, step))

What the messages mean is known from here, before anything is read: ``Written.values`` are the numbers that the case
asked for, and the build compares what a reader finds with them.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from gfv_sei.meaning.state import DecodingState
from gfv_sei.message import Message, message_from_dict, message_from_values, write_payload
from gfv_sei.stream.inject import PREFIX, SUFFIX, inject
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFV, GFVE

Finish = Callable[[bytes], bytes]
"""Changes the whole stream after the messages are in it."""


class Written(NamedTuple):
    """A message that stands in the stream: where, its payload, and what it was to mean (None: not said)."""

    au: int
    payload_type: int
    payload: bytes
    position: str
    values: dict[str, Any] | None = None


class Breach(NamedTuple):
    """A rule that the stream breaks, in which access unit, and the element that a finding names (None: none)."""

    rule: str
    au: int
    element: str | None


class Sketch:
    """Takes the messages of one stream.

    au          picture that the next message belongs to, in decoding order
    position    "suffix" or "prefix", where the next message goes; AVC has no suffix and takes all in front
    pack        whether the messages of a picture that stand at the same place share one SEI NAL unit; None for the
                habit of the reference encoders, which is so in AVC and one NAL unit for each message elsewhere
    finish      changes to the bytes of the whole stream, made last
    syntax      edition of the syntax that the messages are written in
    broken      in a negative stream: what a validator must find
    """

    def __init__(self, codec: str, syntax: str = DEFAULT) -> None:
        self.codec = codec
        self.syntax = syntax
        self.broken: list[Breach] = []
        self.au = 0
        self.position = SUFFIX
        self.pack: bool | None = None
        self.finish: list[Finish] = []
        self.written: list[Written] = []
        self.state = DecodingState()
        self._counts: Counter[tuple[int, int]] = Counter()

    def face(self, gfv_id: int) -> Face:
        """The messages of one gfv_id."""
        return Face(self, gfv_id)

    def enhancement(self, gfve_id: int, face: Face) -> Enhancement:
        """The GFVE messages of one gfve_id for the messages of a face."""
        return Enhancement(self, gfve_id, face)

    def values(self, payload_type: int, header: dict[str, Any], values: dict[str, Any]) -> bytes:
        """Write a message that means ``values``; ``header`` has the elements that are chosen. Returns its payload."""
        return self._write(message_from_values(payload_type, header, values, self.syntax, self.state), values)

    def message(self, payload_type: int, elements: dict[str, Any]) -> bytes:
        """Write a message given by its syntax elements alone. Returns its payload."""
        return self._write(message_from_dict(payload_type, elements), None)

    def payload(self, payload_type: int, payload: bytes) -> bytes:
        """Put any payload into the stream; what it says leaves no trace in the state. Returns it."""
        self.written.append(Written(self.au, payload_type, payload, self._position))
        return payload

    def breaks(self, rule: str, element: str | None = None) -> None:
        """Say that what comes or came in this picture breaks a rule."""
        self.broken.append(Breach(rule, self.au, element))

    def repeat(self) -> None:
        """Write the last message once more, as it is."""
        self.written.append(self.written[-1])

    def take(self) -> Written:
        """Take the last message out of the stream again; the state keeps what it said."""
        return self.written.pop()

    def count(self, gfv_id: int) -> int:
        """How many messages of this gfv_id the picture has so far."""
        return self._counts[self.au, gfv_id]

    def stream(self, base: bytes) -> bytes:
        """The base pictures with the messages in them."""
        stream = base
        for records in self._layers():
            out = io.BytesIO()
            inject(stream, records, out, nal="record", pack=bool(self.pack), codec=self.codec)
            stream = out.getvalue()
        for change in self.finish:
            stream = change(stream)
        return stream

    @property
    def _position(self) -> str:
        return PREFIX if self.codec == "avc" else self.position

    def _write(self, msg: Message, values: dict[str, Any] | None) -> bytes:
        payload = write_payload(msg, self.syntax, self.state)
        self.written.append(Written(self.au, msg.payload_type, payload, self._position, values))
        if msg.payload_type == GFV:
            self._counts[self.au, msg.fields["gfv_id"]] += 1
        return payload

    def _layers(self) -> list[list[dict[str, Any]]]:
        """The messages as records of one injection after another.

        In AVC an injection puts all messages of a picture into one NAL unit; one for each message takes as many
        injections as a picture has messages, each of which puts its own behind those of the one before.
        """
        layers: dict[int, list[dict[str, Any]]] = {}
        seen: Counter[int] = Counter()
        for one in self.written:
            number = seen[one.au] if self.pack is False and self.codec == "avc" else 0
            seen[one.au] += 1
            record = {"au": one.au, "payload_type": one.payload_type, "payload_hex": one.payload.hex()}
            layers.setdefault(number, []).append({**record, "position": one.position})
        return list(layers.values()) or [[]]


class Face:
    """Writes the GFV messages of one gfv_id. Keyword arguments are values or syntax elements under their names.

    Values: ``coordinates`` and ``matrices`` as in a record of JSON Lines; ``predict`` 0 or 1 settles both prediction
    flags, which are otherwise chosen by their cost.
    """

    def __init__(self, sketch: Sketch, gfv_id: int) -> None:
        self.sketch = sketch
        self.gfv_id = gfv_id

    def base(self, **said: Any) -> bytes:
        """A message that makes its picture a base picture."""
        return self._write(0, {"gfv_base_picture_flag": 1}, said)

    def driving(self, **said: Any) -> bytes:
        """The first message of a picture that is no base picture."""
        return self._write(0, {"gfv_base_picture_flag": 0}, said)

    def further(self, **said: Any) -> bytes:
        """The next message of the picture."""
        return self._write(self.sketch.count(self.gfv_id), {}, said)

    def _write(self, cnt: int, header: dict[str, Any], said: dict[str, Any]) -> bytes:
        header |= {"gfv_id": self.gfv_id, "gfv_cnt": cnt}
        values: dict[str, Any] = {name: said.pop(name) for name in ("coordinates", "matrices") if name in said}
        predict = said.pop("predict", None)
        if predict is not None:
            if "coordinates" in values:
                header["gfv_kps_pred_flag"] = predict
            if "matrices" in values and not header.get("gfv_base_picture_flag"):
                header["gfv_matrix_pred_flag"] = predict
        return self.sketch.values(GFV, header | said, values)


class Enhancement:
    """Writes the GFVE messages of one gfve_id, each for the GFV message of its face that was written last.

    Keyword arguments as of ``Face``, with the values ``matrices``, a list of matrices [row][column], and ``pupils``.
    """

    def __init__(self, sketch: Sketch, gfve_id: int, face: Face) -> None:
        self.sketch = sketch
        self.gfve_id = gfve_id
        self.face = face

    def base(self, **said: Any) -> bytes:
        """A message that sets base values; its GFV message is a base message."""
        return self._write({"gfve_base_picture_flag": 1}, said)

    def driving(self, **said: Any) -> bytes:
        """Any other message."""
        return self._write({"gfve_base_picture_flag": 0}, said)

    def _write(self, header: dict[str, Any], said: dict[str, Any]) -> bytes:
        cnt = self.sketch.count(self.face.gfv_id) - 1
        header |= {"gfve_id": self.gfve_id, "gfve_gfv_id": self.face.gfv_id, "gfve_gfv_cnt": cnt}
        values: dict[str, Any] = {}
        if "matrices" in said:
            values["matrices"] = [{"elements": said.pop("matrices")}]
        if "pupils" in said:
            values["pupils"] = said.pop("pupils")
        predict = said.pop("predict", None)
        if predict is not None and not header.get("gfve_base_picture_flag"):
            header["gfve_matrix_pred_flag"] = predict
        return self.sketch.values(GFVE, header | said, values)
