"""Encoders and decoders by name: "ffmpeg", which is always there, and those of programs that may be (see ``programs``).

An entry is the class itself or the text "module:class", which is imported when somebody asks for it, so
that an adapter nobody uses costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from gfv_sei.errors import GfvError
from vtm_bridge.codec import Decoder, Encoder

AUTO = "ffmpeg"
"""What "auto" stands for: the one that is always there."""

_encoders: dict[str, str | Callable[..., Encoder]] = {
    "ffmpeg": "vtm_bridge.ffmpeg:FfmpegEncoder",
    "vtm": "vtm_bridge.programs.vtm:VtmEncoder",
    "hm": "vtm_bridge.programs.hm:HmEncoder",
    "jm": "vtm_bridge.programs.jm:JmEncoder",
    "x265": "vtm_bridge.programs.x265:X265Encoder",
    "x264": "vtm_bridge.programs.x264:X264Encoder",
}
_decoders: dict[str, str | Callable[..., Decoder]] = {
    "ffmpeg": "vtm_bridge.ffmpeg:FfmpegDecoder",
    "vtm": "vtm_bridge.programs.vtm:VtmDecoder",
    "hm": "vtm_bridge.programs.hm:HmDecoder",
    "jm": "vtm_bridge.programs.jm:JmDecoder",
}


def get_encoder(name: str = "auto", **options: Any) -> Encoder:
    """The encoder of that name, made with ``options``, which each has its own (``program``, ``config``, ...).

    GfvError with the names there are if it is unknown; ToolError that says what to set if its program is not here.
    """
    encoder: Encoder = _make(_encoders, "encoder", name, options)
    return encoder


def get_decoder(name: str = "auto", **options: Any) -> Decoder:
    """The decoder of that name; as ``get_encoder``."""
    decoder: Decoder = _make(_decoders, "decoder", name, options)
    return decoder


def encoder_names() -> tuple[str, ...]:
    """What ``get_encoder`` takes."""
    return ("auto", *_encoders)


def decoder_names() -> tuple[str, ...]:
    """What ``get_decoder`` takes."""
    return ("auto", *_decoders)


def register_encoder(name: str, make: str | Callable[..., Encoder]) -> None:
    """Add an encoder as a class or as "module:class"; a name that is taken is a GfvError."""
    _add(_encoders, "encoder", name, make)


def register_decoder(name: str, make: str | Callable[..., Decoder]) -> None:
    """Add a decoder as a class or as "module:class"; a name that is taken is a GfvError."""
    _add(_decoders, "decoder", name, make)


def _add(entries: dict[str, Any], kind: str, name: str, make: Any) -> None:
    if name == "auto" or name in entries:
        raise GfvError(f"there is already a {kind} of this name", element=kind, value=name)
    entries[name] = make


def _make(entries: dict[str, Any], kind: str, name: str, options: dict[str, Any]) -> Any:
    make = entries.get(AUTO if name == "auto" else name)
    if make is None:
        raise GfvError(f"no {kind} of this name", element=kind, value=name, allowed=", ".join(("auto", *entries)))
    if isinstance(make, str):
        module, _, attribute = make.partition(":")
        make = getattr(import_module(module), attribute)
    return make(**options)
