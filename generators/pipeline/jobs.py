"""From messages to jobs: what is to be shown for each picture unit, in decoding order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from generators.errors import ModelError
from generators.parameters import FaceParameters, Matrices
from generators.pipeline.chroma_key import FACE_RECOGNITION, ChromaKey
from generators.pipeline.picture_units import PictureUnit, in_count_order
from gfv_sei.syntax.editions import edition_named

if TYPE_CHECKING:
    from generators.pipeline.networks import InForce
    from generators.runtime import Enhancer, Translator
    from generators.signalled import Lookup
    from vtm_bridge.pictures import Picture

Record = dict[str, Any]


@dataclass(eq=False)
class Base:
    """A base picture in force, and what its messages say; the picture is there once it was decoded.

    ``number``: of the picture, as of `Job`. ``chosen``: whether a translator was looked for where the stream names
    none. ``before``: the base picture before it, until what the generator wants of that one was taken; None for
    generators that take one base picture.
    """

    record: Record
    parameters: FaceParameters
    display: int | None
    number: int
    key: ChromaKey | None
    translator: Translator | None
    enhancer: Enhancer | None
    chosen: bool = False
    before: Base | None = None
    picture: Picture | None = None
    in_force: InForce | None = None


class Job(NamedTuple):
    """One picture to show: the coded picture as it is, or as a base picture, or one generated from ``parameters``.

    ``number``: of the picture, in decoding order, from 0.
    """

    number: int
    base: Base | None = None
    record: Record | None = None
    parameters: FaceParameters | None = None
    fusion: bool = False


class Jobs:
    """Sorts out the messages of one face, and knows which base message is in force.

    Attributes:
        gfv_id, gfve_id: the face and its enhancement; None until the first message tells.
        bases: how many base messages there were.
        faces: how many messages of the face.
    """

    def __init__(
        self,
        note: Callable[[str], None],
        gfv_id: int | None = None,
        gfve_id: int | None = None,
        *,
        translator: Translator | None = None,
        enhancer: Enhancer | None = None,
        lookup: Lookup | None = None,
        keyed: bool = False,
        linked: bool = False,
    ) -> None:
        """Begin at the start of a stream.

        ``keyed``: whether something is done about its chroma key; ``linked``: whether base pictures are to know the one
        before.
        """
        self.note = note
        self.gfv_id, self.gfve_id = gfv_id, gfve_id
        self.translator, self.enhancer, self.lookup = translator, enhancer, lookup
        self.keyed, self.linked = keyed, linked
        self.bases = self.faces = 0
        self._pictures = 0
        self._base: Base | None = None
        self._named_enhancer: Enhancer | None = None
        self._only_others = False

    def of(self, unit: PictureUnit) -> Iterator[Job]:
        """The jobs of a picture unit, to be taken before the next unit is.

        Raises:
            ModelError: a message comes before any base message.
        """
        enhancements: dict[int, Record] | None = None
        for record in in_count_order(self._mine(unit), self.note):
            if enhancements is None:  # only now it is certain which face is played
                enhancements = self._enhancements(unit)
            message = record["message"]
            parameters = FaceParameters.from_values(
                record["values"], low_confidence=bool(message["gfv_low_confidence_face_parameter_flag"])
            )
            enhancement = enhancements.pop(message["gfv_cnt"], None)
            if enhancement is not None:
                parameters = _enhanced(parameters, enhancement)
            if message.get("gfv_base_picture_flag"):
                self._base = self._new_base(record, parameters, unit.display, enhancement)
                yield Job(self._counted(), self._base, record)
                continue
            if self._base is None:
                raise ModelError(
                    "the first message of the stream is no base message, so there is nothing to generate from",
                    element="gfv_base_picture_flag",
                    au=record["au"],
                )
            fusion = bool(message.get(edition_named(record["syntax"]).fusion_flag))
            yield Job(self._counted(), self._base, record, parameters, fusion)
        if enhancements is None and not self._only_others:
            yield Job(self._counted())
        if enhancements:
            counts = ", ".join(map(str, sorted(enhancements)))
            self.note(f"access unit {unit.au}: GFVE messages without their GFV message, gfve_gfv_cnt {counts}")

    def _counted(self) -> int:
        self._pictures += 1
        return self._pictures - 1

    def _mine(self, unit: PictureUnit) -> Iterator[Record]:
        """The GFV messages of the face that is played; ``_only_others`` says whether there were some of others."""
        self._only_others = False
        fields: set[int] = set()
        for record in unit.faces:
            if not self._readable(record):
                continue
            gfv_id = record["message"]["gfv_id"]
            if self.gfv_id is None:
                self.gfv_id = gfv_id
            if gfv_id != self.gfv_id:
                self._only_others = True
                self.note(f"playing gfv_id {self.gfv_id}; gfv_id {gfv_id} is passed over")
                continue
            self.faces += 1
            fields.add(record["au"])
            if len(fields) > 1:
                self.note("the messages of the second field of a frame are passed over, those of the first are played")
                continue
            yield record

    def _enhancements(self, unit: PictureUnit) -> dict[int, Record]:
        """The GFVE messages of the face that is played, by gfve_gfv_cnt."""
        found: dict[int, Record] = {}
        for record in unit.enhancements:
            if not self._readable(record):
                continue
            message = record["message"]
            if self.gfv_id is not None and message["gfve_gfv_id"] != self.gfv_id:
                continue
            if self.gfve_id is None:
                self.gfve_id = message["gfve_id"]
            if message["gfve_id"] != self.gfve_id:
                self.note(f"playing gfve_id {self.gfve_id}; gfve_id {message['gfve_id']} is passed over")
                continue
            found.setdefault(message["gfve_gfv_cnt"], record)
        return found

    def _readable(self, record: Record) -> bool:
        if "error" in record:
            self.note(f"a message cannot be read and is passed over: {record['error']}")
            return False
        if "ignored" in record:
            self.note(f"passed over: {record['ignored']}")
            return False
        return True

    def _new_base(
        self, record: Record, parameters: FaceParameters, display: int | None, enhancement: Record | None
    ) -> Base:
        translator, enhancer = self.translator, self.enhancer
        if self.lookup is not None and translator is None:
            translator = self.lookup.translator(record)
        if self.lookup is not None and enhancer is None:
            if enhancement is not None and enhancement["message"].get("gfve_base_picture_flag"):
                self._named_enhancer = self.lookup.enhancer(enhancement)
            enhancer = self._named_enhancer
        key = ChromaKey.of(record["message"])
        if key is not None:
            if key.purpose == FACE_RECOGNITION:
                self.note("the chroma key of the stream is for face recognition: no background is put in")
                key = None
            elif not self.keyed:
                self.note("the stream has a chroma key; --background puts a background of your own in")
        self.bases += 1
        before = self._base if self.linked else None
        if before is not None and before.display is None:  # nobody sees it
            before = before.before
        return Base(record, parameters, display, self._pictures, key, translator, enhancer, before=before)


def _enhanced(parameters: FaceParameters, enhancement: Record) -> FaceParameters:
    """Parameters of a GFV message with matrices and pupils of its GFVE message."""
    more = FaceParameters.from_values(enhancement["values"])
    untyped: tuple[Matrices, ...] = tuple(m for m in more.matrices if m.type is None)
    return replace(parameters, matrices=(*parameters.matrices, *untyped), pupils=more.pupils)
