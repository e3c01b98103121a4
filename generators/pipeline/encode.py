"""A face video to base pictures and facial parameters."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from generators.pipeline.following import Follower, Tracking
from gfv_sei.containers.mux import Times, mux_at
from gfv_sei.containers.output import is_container
from gfv_sei.errors import GfvError
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.codec import AVC
from gfv_sei.stream.inject import inject
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.target import open_target
from gfv_sei.syntax.editions import DEFAULT
from gfv_sei.syntax.payload_types import GFV
from vtm_bridge import EncodeSettings, get_decoder, get_encoder

if TYPE_CHECKING:
    from generators.parameters import FaceParameters
    from vtm_bridge.pictures import Picture


AUTO, NEVER = "auto", "never"

REFERENCE_DISTANCE = 25
"""Pictures from one base picture to the next, for generators that take several; the published software's."""

# With auto, a base picture serves at least this many pictures, however badly they follow: where tracking fails for
# good, a base picture for each would be ordinary intra coding.
_AT_LEAST = 8


@dataclass(frozen=True, kw_only=True)
class FaceSettings:
    """How the messages are made.

    points      number of keypoints that are tracked; None: the tracker's own
    precision   bits of the fraction of coordinates and matrix elements
    new_base    when a new base picture is coded: "auto", when the face can no longer be followed; "never"; or the
                number of pictures from one to the next
    gfv_id      identifier of the messages, 0 to 255 or 512 to 2^31 - 1
    """

    points: int | None = None
    precision: int = 8
    new_base: str | int = AUTO
    gfv_id: int = 0


@dataclass
class EncodeSummary:
    """What an encoding came to.

    base_bytes      of the coded base pictures: all their NAL units but the SEI NAL units of GFV messages
    sei_bytes       of these, with NAL unit headers, start codes and emulation prevention
    layer_bytes     of coded pictures that are no base pictures, for generators that take those too
    pictures        of the video; base_pictures of them are base pictures
    starts          the number in the video of each coded picture
    """

    codec: str
    fps: Fraction
    base_bytes: int = 0
    sei_bytes: int = 0
    layer_bytes: int = 0
    pictures: int = 0
    base_pictures: int = 0
    low_confidence: int = 0
    starts: list[int] = field(default_factory=list)

    def kbit_per_second(self, size: int) -> float:
        """Rate of ``size`` bytes over the duration of the video."""
        return float(8 * size * self.fps / self.pictures / 1000) if self.pictures else 0.0


def encode_video(
    pictures: Iterable[Picture],
    out: IO[bytes],
    coding: EncodeSettings,
    *,
    face: FaceSettings | None = None,
    encoder: str = "auto",
    syntax: str = DEFAULT,
    nal: str | None = None,
    follower: Follower | None = None,
    layer: EncodeSettings | None = None,
) -> EncodeSummary:
    """Write an Annex B stream of base pictures with GFV messages, one base picture after the other.

    Args:
        pictures: the video.
        out: where the stream goes.
        coding: of base pictures.
        face: of messages.
        encoder: name of the encoder.
        syntax: edition of the messages.
        nal: prefix or suffix.
        follower: what makes the parameters; by default points are tracked.
        layer: for generators that take the decoded driving picture: how all pictures between base pictures are coded.
            They are a stream of their own behind each base picture, of the same codec; in VVC base pictures are then
            of its structure, so their quantiser is what the encoder makes of theirs.

    The parameters of a base picture are those of the *decoded* picture, which is what the receiver has. Memory does
    not grow with the video, but with the coded layer between two base pictures. Raises GfvError if there is no picture,
    ToolError if the encoder fails.
    """
    face = face or FaceSettings()
    follower = follower or Tracking(face.points, face.precision)
    if face.new_base == 1:
        layer = None  # there is nothing between base pictures
    if layer is not None and coding.codec == "vvc":
        # One kind of sequence parameter set for both: ffmpeg 9 loses pictures of VVC after one that differs.
        coding = replace(coding, structure=layer.structure)
    summary: EncodeSummary | None = None
    for base, records in segments(pictures, coding, face, encoder, follower, layer):
        stream = io.BytesIO()
        coded = base.stream + base.layer
        inject(coded, records, stream, syntax=syntax, nal=nal)
        out.write(stream.getbuffer())
        if summary is None:
            summary = EncodeSummary(coding.codec, base.fps)
        summary.base_bytes += len(base.stream)
        summary.layer_bytes += len(base.layer)
        summary.sei_bytes += stream.getbuffer().nbytes - len(coded)
        summary.base_pictures += 1
        summary.starts += range(summary.pictures, summary.pictures + (len(records) if base.layer else 1))
        summary.pictures += len(records)
        summary.low_confidence += sum(r["gfv_low_confidence_face_parameter_flag"] for r in records)
    if summary is None:
        raise GfvError("there is no picture to encode")
    return summary


@contextmanager
def open_output(target: str, codec: str) -> Iterator[tuple[IO[bytes], Callable[[EncodeSummary], None]]]:
    """A target for `encode_video`, and what is to be told the summary of it, for the times of a container.

    A target that ends like a container becomes one: a coded picture has the time that it has in the video, and lasts
    until the next one.
    """
    if not is_container(target):
        with open_target(target) as out:
            yield out, lambda summary: None
        return
    told: list[EncodeSummary] = []
    with TemporaryDirectory(prefix="gfv-") as folder:
        path = Path(folder, "stream")
        with path.open("wb") as file:
            yield file, told.append
        (summary,) = told
        ends = [*summary.starts[1:], summary.pictures]
        lengths = [end - start for start, end in zip(summary.starts, ends, strict=True)]
        mux_at(path, target, Times(1 / summary.fps, summary.starts, summary.starts, lengths), codec=codec)


@dataclass(frozen=True)
class BasePicture:
    """A coded base picture: its stream, and the picture rate of the video.

    ``layer`` is the stream of the pictures that go to the generator as well, up to the next base picture; empty where
    none are coded.
    """

    stream: bytes
    fps: Fraction
    layer: bytes = b""


def segments(
    pictures: Iterable[Picture],
    coding: EncodeSettings,
    face: FaceSettings,
    encoder: str,
    follower: Follower,
    layer: EncodeSettings | None = None,
) -> Iterator[tuple[BasePicture, list[dict[str, Any]]]]:
    """Each base picture with the records of the messages that belong to it."""
    source = iter(pictures)
    number = 0
    first = next(source, None)
    while first is not None:
        stream, decoded = _code(first, coding, encoder, second=layer is not None or number % 2 == 1)
        number += 1
        records = [_record(face, 0, follower.start(decoded))]
        further = _Further(source, face, follower, records, coded=layer is not None)
        base = BasePicture(stream, first.format.fps)
        if layer is None:
            for _ in further:
                pass
        elif (second := next(further, None)) is not None:
            file = io.BytesIO()
            get_encoder(encoder).encode(chain([second], further), file, layer)
            base = replace(base, layer=file.getvalue())
        yield base, records
        first = further.next


class _Further(Iterator["Picture"]):
    """The pictures up to the next base picture, each once its record is made; ``next`` is that base picture."""

    def __init__(
        self,
        source: Iterator[Picture],
        face: FaceSettings,
        follower: Follower,
        records: list[dict[str, Any]],
        *,
        coded: bool,
    ) -> None:
        self.source, self.face, self.follower, self.records, self.coded = source, face, follower, records, coded
        self.next: Picture | None = None
        self.ended = False

    def __next__(self) -> Picture:
        picture = None if self.ended else next(self.source, None)
        if picture is None:
            self.ended = True
            raise StopIteration
        parameters = self.follower.follow(picture)
        if _due(self.face, len(self.records), parameters.low_confidence):
            self.next, self.ended = picture, True
            raise StopIteration
        self.records.append(_record(self.face, len(self.records), parameters, coded=self.coded))
        return picture


def _due(face: FaceSettings, count: int, lost: bool) -> bool:
    if face.new_base == AUTO:
        return lost and count >= _AT_LEAST
    return face.new_base != NEVER and count >= int(face.new_base)


def _code(picture: Picture, coding: EncodeSettings, encoder: str, *, second: bool) -> tuple[bytes, Picture]:
    """The stream of a base picture, and what a decoder makes of it."""
    stream = io.BytesIO()
    # idr_pic_id of consecutive IDR pictures has to differ (H.264, 7.4.3), and encoders begin with 0. So every second
    # IDR picture of an AVC stream is coded as the second of two: the same bits but for this number. Where layers are
    # between base pictures, each of which begins with an IDR picture, it is every base picture.
    second = second and coding.codec == "avc"
    get_encoder(encoder).encode([picture] * (2 if second else 1), stream, coding)
    data = _second(stream.getvalue()) if second else stream.getvalue()
    (decoded,) = get_decoder().decode(data, coding.codec, timeout=coding.timeout)
    return data, decoded


def _second(stream: bytes) -> bytes:
    """The second picture of an AVC stream of two, with the parameter sets of the first if it has none itself."""
    units = AccessUnits(AVC)
    found = [
        (nal.offset, nal.nal_type in AVC.roles.parameter_sets, units.feed(nal.nal_type, nal.layer_id, nal.data))
        for nal in Scanner(io.BytesIO(stream), AVC)
    ]
    ends = [offset for offset, *_ in found[1:]] + [len(stream)]
    bare = not any(is_set and au == 1 for _, is_set, au in found)
    return b"".join(
        stream[offset:end]
        for (offset, is_set, au), end in zip(found, ends, strict=True)
        if au == 1 or (bare and is_set)
    )


def _record(face: FaceSettings, count: int, parameters: FaceParameters, *, coded: bool = False) -> dict[str, Any]:
    """The record of picture ``count`` after its base picture; ``coded``: it has an access unit of its own."""
    record = {
        "au": count if coded else 0,
        "payload_type": GFV,
        "gfv_id": face.gfv_id,
        "gfv_cnt": 0 if coded else count,
        "gfv_base_picture_flag": int(count == 0),
        "gfv_low_confidence_face_parameter_flag": int(parameters.low_confidence),
        "values": parameters.to_values(),
    }
    if coded and count:
        record["gfv_fusion_pic_flag"] = 1
    if parameters.keypoints is not None:
        record["gfv_coordinate_precision_factor_minus1"] = face.precision - 1
    if parameters.matrices:
        record["gfv_matrix_element_precision_factor_minus1"] = face.precision - 1
    return record
