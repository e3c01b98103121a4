"""Which picture of a stream is shown when: access units with their picture order count, and the order of output.

Output order, with little memory
    Within a coded video sequence pictures are output by picture order count; whatever begins the next sequence (IDR,
    a first or restarted CRA, in AVC also memory management control operation 5) comes after all of them. A sequence
    may be as long as the file, so one cannot wait for its end. But each stream says how many pictures at most precede
    one in decoding order and follow it in output order: sps_max_num_reorder_pics in HEVC, dpb_max_num_reorder_pics in
    VVC, max_num_reorder_frames in AVC or else what its level lets a decoder store. Once more pictures than that wait,
    nothing can come before the lowest of them any more, and its place is final. This is the "bumping" process of C.4
    (H.264) and C.5.2 (H.265, H.266), as far as it decides about order. Never more than 17 pictures wait.

What is not output
    Pictures that the stream marks so (pic_output_flag), RASL pictures whose CRA begins the decoding, VVC pictures
    between a GDR picture that begins the decoding and its recovery point. What comes before the first picture at which
    decoding can begin, and pictures whose parameter sets are missing, have no picture order count either.

    What no_output_of_prior_pics_flag throws away is what waits here when its picture comes. A decoder's memory may have
    forced more out before. VVC's flag stands far behind the picture header and is taken to be 0.

Several layers
    The pictures of the lowest layer decide about order; those of others share their access unit and its picture order
    count. An access unit that lacks the lowest layer has neither count nor place.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from operator import itemgetter

from gfv_sei.nal.parameter_sets import PictureFormat


class AccessUnit:
    """One access unit, and where its picture is in output order.

    au          its index in decoding order
    poc         picture order count (PicOrderCntVal), known with the first slice; None where that cannot be read
    display     index of its picture in output order; None where it is not output, and as long as it is not settled
    settled     whether poc and display are final
    sequence    number of its coded video sequence, within which each poc stands once; it goes up, not always by 1
    format      sizes and sample formats of the picture, None where unknown
    pictured    whether the picture was seen
    partner     AVC: the access unit with the other field of the same frame; both have the display of the frame
    """

    __slots__ = ("au", "display", "format", "partner", "pictured", "poc", "sequence", "settled")

    def __init__(self, au: int) -> None:
        self.au = au
        self.poc: int | None = None
        self.display: int | None = None
        self.settled = False
        self.sequence = 0
        self.format: PictureFormat | None = None
        self.pictured = False
        self.partner: AccessUnit | None = None

    def __repr__(self) -> str:
        return f"AccessUnit(au={self.au}, poc={self.poc}, display={self.display}, settled={self.settled})"


class Output:
    """Decoded pictures that wait until their place in output order is certain.

    shown       how many have one
    sequence    number of the coded video sequence that pictures are added to
    """

    def __init__(self) -> None:
        self.waiting: list[tuple[int, AccessUnit]] = []
        self.shown = 0
        self.sequence = 0

    def add(self, poc: int, unit: AccessUnit, reorder: int) -> None:
        """A picture was decoded, in a sequence where ``reorder`` others may precede it and be shown after it."""
        self.waiting.append((poc, unit))
        while len(self.waiting) > reorder:
            self._show()

    def flush(self, discard: bool = False) -> None:
        """A sequence ends: show all that wait, or settle that they are not shown (NoOutputOfPriorPicsFlag)."""
        self.sequence += 1
        if discard:
            for _, unit in self.waiting:
                _settle(unit, None)
            self.waiting.clear()
        while self.waiting:
            self._show()

    def _show(self) -> None:
        lowest = min(self.waiting, key=itemgetter(0))
        self.waiting.remove(lowest)
        _settle(lowest[1], self.shown)
        self.shown += 1


def _settle(unit: AccessUnit, display: int | None) -> None:
    unit.display = display
    unit.settled = True
    if unit.partner is not None:
        unit.partner.display = display
        unit.partner.settled = True


class PictureOrder(ABC):
    """Derives picture order counts of one stream; :class:`~gfv_sei.nal.access_units.AccessUnits` feeds it.

    reads, ends     NAL unit types of those before slices that it reads, and types that end a sequence
    starting        whether no picture was there yet at which decoding can begin
    pending         whether a picture header waits for its first slice (VVC)
    formats         format of the last picture of each layer
    """

    new_unit = AccessUnit
    reads: frozenset[int] = frozenset()
    ends: frozenset[int] = frozenset()

    def __init__(self) -> None:
        self.output = Output()
        self.pending = False
        self.formats: dict[int, PictureFormat] = {}
        self.base: int | None = None
        self.starting = True

    @abstractmethod
    def read(self, nal_type: int, layer_id: int, nal: bytes) -> None:
        """A NAL unit of a type in ``reads``, all of it."""

    def picture_header(self, layer_id: int, head: bytes) -> None:
        """A picture header in a NAL unit of its own: keep it until the first slice tells the type."""
        return

    @abstractmethod
    def picture(self, unit: AccessUnit, nal_type: int, layer_id: int, head: bytes) -> None:
        """The first slice of a picture."""

    def sequence_ends(self, layer_id: int) -> None:
        """An end of sequence or of bitstream: the next picture begins anew."""
        if layer_id == 0 or layer_id == self.base:
            self.starting = True

    def finish(self) -> None:
        """The stream has ended."""
        self.output.flush()

    def counts(self, unit: AccessUnit, layer_id: int) -> bool:
        """Whether a picture is the one that decides about its access unit."""
        if self.base is None or layer_id < self.base:
            self.base = layer_id
        if layer_id != self.base or unit.pictured:
            return False
        unit.pictured = True
        return True

    def not_shown(self, unit: AccessUnit) -> None:
        """The picture of an access unit is not output."""
        _settle(unit, None)


def nearest(lsb: int, bits: int, previous: int) -> int:
    """The count with these least significant bits that is nearest to a previous one.

    Clauses 8.2.1.1 of H.264, 8.3.1 of H.265 and H.266.
    """
    size = 1 << bits
    previous_lsb = previous & (size - 1)
    msb = previous - previous_lsb
    if lsb < previous_lsb and previous_lsb - lsb >= size >> 1:
        msb += size
    elif lsb > previous_lsb and lsb - previous_lsb > size >> 1:
        msb -= size
    return msb + lsb
