"""Generated pictures for the page of ``gfv inspect --format html``; found there by the entry point of this package."""

from __future__ import annotations

from collections.abc import Iterator

from generators.pipeline.decode import Player
from generators.registry import load_generator
from gfv_sei.report.pictures import GENERATED, Picture, Wanted


def generated_pictures(wanted: Wanted) -> Iterator[Picture]:
    """The first generated pictures of the first face of a stream.

    Raises GfvError where there is no such generator, or it does not fit the stream.
    """
    if wanted.generator is None:
        return
    from generators.pictures import to_pixels
    from vtm_bridge.ffmpeg.jpeg import to_jpeg

    count = 0
    player = Player(load_generator(wanted.generator))
    for shown in player.play(wanted.source, wanted.decoder, wanted.syntax):
        if shown.generated is None or shown.record is None:
            continue
        message = shown.record["message"]
        data = to_jpeg(to_pixels(shown.generated), wanted.longest)
        yield Picture(GENERATED, shown.record["au"], data, (message["gfv_id"], message["gfv_cnt"]))
        count += 1
        if count == wanted.most:
            return
