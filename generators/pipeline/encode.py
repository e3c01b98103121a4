"""A face video to base pictures and facial parameters."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from generators.tracking import POINTS, FaceTracker
from gfv_sei.containers.mux import Times, mux_at
from gfv_sei.containers.output import is_container
from gfv_sei.nal.access_units import AccessUnits
from gfv_sei.nal.codec import AVC
from gfv_sei.stream.inject import inject
from gfv_sei.stream.scanner import Scanner
from gfv_sei.stream.target import open_target
from vtm_bridge import EncodeSettings, get_decoder, get_encoder
from vtm_bridge.colour import to_rgb8

if TYPE_CHECKING:
    from vtm_bridge.pictures import Picture

GFV = 223

AUTO, NEVER = "auto", "never"

PARAMETER_SETS = (7, 8)
"""NAL unit types of AVC's sequence and picture parameter sets."""

# With auto, a base picture serves at least this many pictures, however badly they follow: where tracking fails for
# good, a base picture for each would be ordinary intra coding.
_AT_LEAST = 8


@dataclass(frozen=True, kw_only=True)
class FaceSettings:
    """How the messages are made.

    points      number of keypoints
    precision   bits of the fraction of their coordinates
    new_base    when a new base picture is coded: "auto", when the face can no longer be followed; "never"; or the
                number of pictures from one to the next
    gfv_id      identifier of the messages, 0 to 255 or 512 to 2^31 - 1
    """

    points: int = POINTS
    precision: int = 8
    new_base: str | int = AUTO
    gfv_id: int = 0


@dataclass
class EncodeSummary:
    """What an encoding came to.

    base_bytes      of the coded base pictures: all NAL units of the stream but the SEI NAL units of GFV messages
    sei_bytes       of these, with NAL unit headers, start codes and emulation prevention
    pictures        of the video; base_pictures of them are coded
    starts          which they are: the number in the video of each base picture
    """

    codec: str
    fps: Fraction
    base_bytes: int = 0
    sei_bytes: int = 0
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
    syntax: str = "vsei4",
    nal: str | None = None,
) -> EncodeSummary:
    """Write an Annex B stream of base pictures with GFV messages, one base picture after the other.

    Points are tracked against the *decoded* base picture, which is what the receiver has. Memory does not grow with
    the video. Raises GfvError if there is no picture, ToolError if the encoder fails.
    """
    face = face or FaceSettings()
    summary: EncodeSummary | None = None
    for base, records in segments(pictures, coding, face, encoder):
        stream = io.BytesIO()
        inject(base.stream, records, stream, syntax=syntax, nal=nal)
        out.write(stream.getbuffer())
        if summary is None:
            summary = EncodeSummary(coding.codec, base.fps)
        summary.base_bytes += len(base.stream)
        summary.sei_bytes += stream.getbuffer().nbytes - len(base.stream)
        summary.base_pictures += 1
        summary.starts.append(summary.pictures)
        summary.pictures += len(records)
        summary.low_confidence += sum(r["gfv_low_confidence_face_parameter_flag"] for r in records)
    if summary is None:
        from gfv_sei.errors import GfvError

        raise GfvError("there is no picture to encode")
    return summary


@contextmanager
def open_output(target: str, codec: str) -> Iterator[tuple[IO[bytes], Callable[[EncodeSummary], None]]]:
    """A target for `encode_video`, and what is to be told the summary of it, for the times of a container.

    A target that ends like a container becomes one: a base picture has the time that it has in the video, and lasts
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
    """A coded base picture: its stream, and the picture rate of the video."""

    stream: bytes
    fps: Fraction


def segments(
    pictures: Iterable[Picture], coding: EncodeSettings, face: FaceSettings, encoder: str
) -> Iterator[tuple[BasePicture, list[dict[str, Any]]]]:
    """Each base picture with the records of the messages that belong to it."""
    tracker: FaceTracker | None = None
    base: BasePicture | None = None
    records: list[dict[str, Any]] = []
    number = 0
    for picture in pictures:
        if tracker is not None and base is not None:
            parameters = tracker.track(to_rgb8(picture))
            if not _due(face, len(records), parameters.low_confidence):
                records.append(_record(face, len(records), parameters))
                continue
            yield base, records
        stream, decoded = _code(picture, coding, encoder, number)
        number += 1
        base = BasePicture(stream, picture.format.fps)
        tracker = FaceTracker(face.points, precision=face.precision)
        records = [_record(face, 0, tracker.start(to_rgb8(decoded)))]
    if base is not None:
        yield base, records


def _due(face: FaceSettings, count: int, lost: bool) -> bool:
    if face.new_base == AUTO:
        return lost and count >= _AT_LEAST
    return face.new_base != NEVER and count >= int(face.new_base)


def _code(picture: Picture, coding: EncodeSettings, encoder: str, number: int) -> tuple[bytes, Picture]:
    """The stream of base picture ``number``, and what a decoder makes of it."""
    stream = io.BytesIO()
    # idr_pic_id of consecutive IDR pictures has to differ (H.264, 7.4.3), and encoders begin with 0. So every second
    # base picture of an AVC stream is coded as the second of two: the same bits but for this number.
    second = coding.codec == "avc" and number % 2 == 1
    get_encoder(encoder).encode([picture] * (2 if second else 1), stream, coding)
    data = _second(stream.getvalue()) if second else stream.getvalue()
    (decoded,) = get_decoder().decode(data, coding.codec, timeout=coding.timeout)
    return data, decoded


def _second(stream: bytes) -> bytes:
    """The second picture of an AVC stream of two, with the parameter sets of the first if it has none itself."""
    units = AccessUnits(AVC)
    found = [
        (nal.offset, nal.nal_type in PARAMETER_SETS, units.feed(nal.nal_type, nal.layer_id, nal.data))
        for nal in Scanner(io.BytesIO(stream), AVC)
    ]
    ends = [offset for offset, *_ in found[1:]] + [len(stream)]
    bare = not any(is_set and au == 1 for _, is_set, au in found)
    return b"".join(
        stream[offset:end]
        for (offset, is_set, au), end in zip(found, ends, strict=True)
        if au == 1 or (bare and is_set)
    )


def _record(face: FaceSettings, count: int, parameters: Any) -> dict[str, Any]:
    return {
        "au": 0,
        "payload_type": GFV,
        "gfv_id": face.gfv_id,
        "gfv_cnt": count,
        "gfv_base_picture_flag": int(count == 0),
        "gfv_low_confidence_face_parameter_flag": int(parameters.low_confidence),
        "gfv_coordinate_precision_factor_minus1": face.precision - 1,
        "values": parameters.to_values(),
    }
