"""When each picture is shown.

No message says when its picture is to be shown; the order is that of gfv_cnt. Two readings are of use:

``constant``   every picture of the output lasts as long as every other, 1 / fps. Right where the pictures between two
               base pictures hang on the first one, as ``gfv encode`` and the reference encoders lay them out.
``coded``      the first picture of an access unit is shown when its coded picture would be, and all of its pictures
               share the time until the next coded picture evenly. Times of coded pictures are those of the container
               that the stream comes in, or a constant rate. The output has a constant rate all the same: at each of
               its ticks it has the picture that is on show then, so pictures repeat or fall out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from gfv_sei.containers.mux import read_times
from gfv_sei.stream.source import open_stream

if TYPE_CHECKING:
    from generators.pipeline.decode import Shown


class CodedTimes:
    """When each coded picture is shown, in seconds, by its index in output order."""

    def __init__(self, rate: Fraction, stamps: list[Fraction] | None = None) -> None:
        """At a constant rate, or at time stamps in output order, beyond which the rate goes on."""
        self.rate = rate
        self.stamps = stamps or []

    @classmethod
    def of(cls, source: str, rate: Fraction) -> CodedTimes:
        """Those of a file: the time stamps of a container, else the rate."""
        with open_stream(source) as stream:
            container = stream.container
        if container is None:
            return cls(rate)
        times = read_times(container)
        order = sorted(range(len(times.pts)), key=times.pts.__getitem__)
        stamps = [times.pts[n] * times.base for n in order]
        return cls(rate, [*stamps, stamps[-1] + (times.duration[order[-1]] * times.base or 1 / rate)])

    def __getitem__(self, display: int) -> Fraction:
        if display < len(self.stamps):
            return self.stamps[display]
        if not self.stamps:
            return display / self.rate
        return self.stamps[-1] + (display - len(self.stamps) + 1) / self.rate


def sampled(pictures: Iterable[Shown], times: CodedTimes, fps: Fraction) -> Iterator[Shown]:
    """What is on show at each tick of a constant rate, from the first picture on."""
    tick: Fraction | None = None
    before: Shown | None = None
    end = Fraction(0)
    for shown in pictures:
        start, after = times[shown.display], times[shown.display + 1]
        start, end = start + (after - start) * shown.part / shown.parts, after
        if tick is None:
            tick = start
        while before is not None and tick < start:
            yield before
            tick += 1 / fps
        before = shown
    while before is not None and tick is not None and tick < end:
        yield before
        tick += 1 / fps
