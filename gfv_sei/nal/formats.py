"""The picture formats that a stream announces in its parameter sets, found without looking at any picture.

In AVC and HEVC the SPS has all of it; in VVC the PPS has the size and its SPS the rest. HEVC layers whose SPS leaves
the format to the VPS are not listed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gfv_sei.nal.codec import AVC, HEVC, Codec
from gfv_sei.nal.parameter_sets import PictureFormat, Store

if TYPE_CHECKING:
    from gfv_sei.nal.avc_headers import Sps as AvcSps
    from gfv_sei.nal.hevc_headers import Sps as HevcSps

MOST = 64
"""Different formats that are kept; a stream of nothing but parameter sets could have any number."""


class Formats:
    """Collects the formats of one stream. ``found`` lists them as (layer id, format), in the order they came.

    Feed it NAL units of the types that the codec lists as ``whole``. A broken parameter set is as good as none.
    """

    def __init__(self, codec: Codec) -> None:
        self.found: list[tuple[int, PictureFormat]] = []
        self.format_of = {AVC: _avc, HEVC: _hevc}.get(codec, _vvc)()

    def feed(self, nal_type: int, layer_id: int, nal: bytes) -> None:
        """The next parameter set."""
        picture_format = self.format_of(nal_type, layer_id, nal)
        if picture_format is not None and len(self.found) < MOST and (layer_id, picture_format) not in self.found:
            self.found.append((layer_id, picture_format))


_FormatOf = Callable[[int, int, bytes], PictureFormat | None]


def _avc() -> _FormatOf:
    from gfv_sei.nal.avc_headers import SPS, read_sps

    return _of_sps(SPS, Store(read_sps))


def _hevc() -> _FormatOf:
    from gfv_sei.nal.hevc_headers import SPS, read_sps

    return _of_sps(SPS, Store(read_sps))


def _of_sps(sps_type: int, known: Store[AvcSps] | Store[HevcSps]) -> _FormatOf:
    def format_of(nal_type: int, layer_id: int, nal: bytes) -> PictureFormat | None:
        sps = known.add(nal, layer_id) if nal_type == sps_type else None
        return sps.format if sps is not None else None

    return format_of


def _vvc() -> _FormatOf:
    from gfv_sei.nal.vvc_headers import SPS, picture_format, read_pps, read_sps

    all_sps, all_pps = Store(read_sps), Store(read_pps)

    def format_of(nal_type: int, layer_id: int, nal: bytes) -> PictureFormat | None:
        if nal_type == SPS:
            all_sps.add(nal, layer_id)
            return None
        pps = all_pps.add(nal, layer_id)
        sps = all_sps.get(pps.sps_id, layer_id) if pps is not None else None
        return picture_format(sps, pps) if pps is not None and sps is not None else None

    return format_of
