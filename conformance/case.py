"""What a case is, and where cases are collected.

A case is a function that writes messages into a :class:`~conformance.sketch.Sketch`. Its docstring is the
documentation of the streams made from it: the first paragraph says what they are for, the rest how they are made.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from conformance.pictures import STRUCTURES
from conformance.sketch import Sketch
from gfv_sei.nal.codec import CODEC_NAMES
from gfv_sei.syntax.editions import DEFAULT

SUFFIXED = ("vvc", "hevc")
"""Those that have suffix SEI NAL units, layers, and extension data."""

Make = Callable[[Sketch], None]


class Case(NamedTuple):
    """One case.

    name        subject and letter, such as KPS_A
    title       a few words
    structure   name of the structure of its base pictures
    codecs      those in which it exists
    notices     rules that its streams break although they conform: warnings, and messages to be ignored
    negative    whether its streams are there to be found fault with; what for, the function says
    syntax      edition of the syntax
    """

    name: str
    title: str
    structure: str
    codecs: tuple[str, ...]
    notices: tuple[str, ...]
    make: Make
    negative: bool = False
    syntax: str = DEFAULT

    @property
    def about(self) -> list[str]:
        """The paragraphs of its documentation."""
        text = inspect.cleandoc(self.make.__doc__ or "")
        return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]

    def notices_in(self, codec: str) -> tuple[str, ...]:
        """The notices for a codec: in AVC, which has no suffix messages, prefix messages are nothing to notice."""
        return tuple(rule for rule in self.notices if codec != "avc" or rule != "SEI-013")

    def stream_name(self, codec: str) -> str:
        """Name of its stream and package for a codec; the number is that of the version."""
        return f"{self.name}_{codec.upper()}_1"


_CASES: dict[str, Case] = {}


def case(
    name: str,
    title: str,
    structure: str = "one",
    *,
    codecs: tuple[str, ...] = CODEC_NAMES,
    notices: tuple[str, ...] = (),
) -> Callable[[Make], Make]:
    """Register a function as a case."""

    def register(make: Make) -> Make:
        _register(Case(name, title, structure, codecs, notices, make))
        return make

    return register


def negative(
    rule: str,
    title: str,
    structure: str = "one",
    *,
    codecs: tuple[str, ...] = CODEC_NAMES,
    syntax: str = DEFAULT,
) -> Callable[[Make], Make]:
    """Register a function as a case of streams that break ``rule``; its name is that of the rule, with a letter."""

    def register(make: Make) -> Make:
        stem = f"NEG_{rule.replace('-', '')}"
        number = sum(name.rpartition("_")[0] == stem for name in _CASES)
        letters = (chr(65 + number // 26 - 1) if number > 25 else "") + chr(65 + number % 26)
        _register(Case(f"{stem}_{letters}", title, structure, codecs, (), make, True, syntax))
        return make

    return register


def is_of(case: str, name: str) -> bool:
    """Whether a case has this name, or is of the subject of this name: what stands before an underscore."""
    return case == name or case.startswith(f"{name}_")


def _register(one: Case) -> None:
    if one.name in _CASES or not one.make.__doc__:
        raise ValueError(f"case {one.name} has no docstring or exists already")
    able = tuple(codec for codec in one.codecs if codec in STRUCTURES[one.structure].codecs)
    _CASES[one.name] = one._replace(codecs=able)


def cases() -> dict[str, Case]:
    """All cases by name; their modules are those of ``conformance.cases`` and ``conformance.negative``."""
    import conformance.cases
    import conformance.negative

    for folder in (conformance.cases, conformance.negative):
        for module in iter_modules(folder.__path__):
            import_module(f"{folder.__name__}.{module.name}")
    return dict(sorted(_CASES.items()))
