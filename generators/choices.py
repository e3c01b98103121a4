"""The words by which users choose how a stream is played; each stands here once, for options and for callers."""

from __future__ import annotations

from generators.errors import ParameterError

OFF, BASE, PICTURE = "off", "base", "picture"
CALIBRATIONS = (OFF, BASE, PICTURE)
"""Of colours: see `pipeline.calibration`."""

CODED, RGB = "coded", "rgb"
KEY_COMPONENTS = (CODED, RGB)
"""What the components of a chroma key are: see `pipeline.chroma_key`."""

PLAY, HOLD = "play", "hold"
LOW_CONFIDENCE = (PLAY, HOLD)
"""What is done with pictures that have gfv_low_confidence_face_parameter_flag 1."""

CONSTANT = "constant"
TIMINGS = (CONSTANT, CODED)
"""When pictures are shown: see `pipeline.timing`."""

AUTO, IGNORE, REQUIRE = "auto", "ignore", "require"
POLICIES = (AUTO, IGNORE, REQUIRE)
"""What is done about networks that a stream names: see `signalled`."""


def require(name: str, value: str, among: tuple[str, ...]) -> None:
    """Raises ParameterError where a choice is none of those that there are."""
    if value not in among:
        raise ParameterError("there is no such choice", element=name, value=value, allowed=", ".join(among))
