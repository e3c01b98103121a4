"""The page of generators, architectures and parameter profiles."""

from __future__ import annotations

from collections.abc import Iterator

from markdown import MADE, code, table

from generators.models import ARCHITECTURES, find_architecture
from generators.models.layout import PROFILES, MatrixPart
from generators.preparations import PREPARATIONS
from generators.registry import GENERATORS

HEAD = """\
# Networks

## Built-in generators

"""

ARCHITECTURE = """
## Architectures that can be loaded and exported

These are published networks, rebuilt with the parameter names of their checkpoints (`generators.models`, extra
`train`). No weights are included, because none that were available may be redistributed. A *variant* is one published
copy of the code. A file of weights does not show which copy it belongs to, so you have to name the variant when you
load it.

"""

PROFILE = """
## Profiles: how a method's parameters travel in GFV messages

The standard gives some matrix types a meaning and leaves others to the application. A profile is the convention of one
method for using them. *Source* tells where the profile comes from: `confirmed` means confirmed by data or by VTM's
manual; `ours` is an interpretation of this project that no source states. *Bits* are the possible numbers of fraction
bits, with the default first.

"""

PREPARED = """
## Preparations that a contract may ask for

"""


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_parts())


def _parts() -> Iterator[str]:
    yield table(("name", "what it is"), [(code(entry.name), entry.summary) for entry in GENERATORS.values()])
    yield ARCHITECTURE
    found = [find_architecture(name) for name in ARCHITECTURES]
    yield table(
        ("name", "what it is", "takes besides", "paper", "licence of the published code", "variants", "profiles"),
        [
            (
                code(a.name),
                a.about.summary,
                a.about.takes,
                a.about.paper,
                a.about.licence,
                _listed(a.variants),
                _listed(a.about.profiles),
            )
            for a in found
        ],
    )
    yield PROFILE
    yield table(
        ("profile", "method", "keypoints", "matrices", "numbers", "bits", "source", "remark"),
        [
            (
                code(p.name),
                p.method,
                "" if p.keypoints is None else f"{p.keypoints.number} of {p.keypoints.dimensions}",
                "; ".join(_matrices(part) for part in p.matrices),
                str(p.values),
                ", ".join(map(str, p.bits)),
                p.source,
                p.remark,
            )
            for p in PROFILES.values()
        ],
    )
    yield PREPARED
    yield table(("name", "what it computes"), [(code(p.name), p.summary) for p in PREPARATIONS.values()])


def _listed(names: object) -> str:
    return ", ".join(code(name) for name in names)  # type: ignore[attr-defined]


def _matrices(part: MatrixPart) -> str:
    return f"{part.name}: {part.number} of {part.rows}x{part.columns}, type {part.type}"
