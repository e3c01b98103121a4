"""MD5 of each decoded picture, computed by ffmpeg itself: a second opinion that never passes through our
readers.
"""

from __future__ import annotations

from gfv_sei.containers.command import start, worth_keeping
from gfv_sei.process import DEFAULT_TIMEOUT, run
from vtm_bridge.codec import Source
from vtm_bridge.ffmpeg.command import take_from


def framemd5(source: Source, codec: str | None = None, *, timeout: float | None = DEFAULT_TIMEOUT) -> list[str]:
    """The MD5 of each picture in output order, as 32 hexadecimal digits.

    It runs over the planes as raw files hold them (16-bit little-endian above 8 bits), cropped. ToolError
    if the stream is broken or holds no video.
    """
    words, stdin = take_from(source, codec)
    command = [
        *start(),
        *("-xerror", "-err_detect", "explode"),
        *words,
        *("-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "pipe:1"),
    ]
    lines = run(command, stdin=stdin, timeout=timeout, on_stderr=worth_keeping).stdout.decode().splitlines()
    # stream, dts, pts, duration, size, hash
    return [line.rsplit(",", 1)[1].strip() for line in lines if not line.startswith("#")]
