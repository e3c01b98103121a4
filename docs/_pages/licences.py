"""The page of licences, from the metadata of the installed packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution

from markdown import MADE, code, table
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HEAD = """\
# Licences of dependencies

gfv itself is under the BSD 3-Clause licence. Its dependencies are installed from the Python Package Index. None of
their code is copied into this repository or its wheel. The tables list everything that an installation brings along,
directly or indirectly, with the licence that each package declares.

**imageio-ffmpeg contains a program, ffmpeg, and that program is under the GPL, version 3 or later.** The Python code of
imageio-ffmpeg is BSD 2-Clause. But the ffmpeg in its wheels is built with `--enable-gpl --enable-version3` and contains
libx264 and libx265 (`ffmpeg -L` says so itself). gfv runs this ffmpeg as a separate process and does not link to it. If
you only *use* gfv, you have no obligation from this. If you *pass on* an environment that contains it, for example a
container image, you pass on a GPL program and must comply with the GPL for it. To avoid this, install another ffmpeg
and name it in the variable `GFV_FFMPEG`. Then the licence of that build applies.

**On Linux, torch from the Python Package Index brings NVIDIA's CUDA libraries** (`nvidia-*`, `cuda-*`). They are under
NVIDIA's own terms, not under a free licence. The CPU-only builds from PyTorch's own index do not bring them; this page
was made with such a build. Only training and exporting need torch.

The wheels of opencv-python-headless also contain libraries of ffmpeg, under the LGPL 2.1. The file
LICENSE-3RD-PARTY.txt in these wheels has the details. Other wheels contain libraries under licences of their own, which
their metadata may not name.

Software licences do not cover patents. Coding video in AVC, HEVC or VVC may need licences of patent pools.

"""

EXTRAS = ("", "networks", "demo", "plot", "train", "docs", "test-quick", "test", "lint", "fuzz")
"""In the order in which they are told; a package stands under the first that brings it."""

TITLES = {"": "Always"}


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_tables())


def _tables() -> Iterator[str]:
    told: set[str] = set()
    for extra in EXTRAS:
        if extra and extra not in (distribution("gfv").metadata.get_all("Provides-Extra") or []):
            continue
        found = {name: one for name, one in sorted(_needed("gfv", extra).items()) if name not in told}
        told.update(found)
        if found:
            yield f"## {TITLES.get(extra, f'Extra `{extra}`')}\n\n"
            yield table(("package", "licence"), [(code(name), _licence(one)) for name, one in found.items()])
            yield "\n"


def is_complete(text: str) -> bool:
    """Whether all that gfv itself asks for has its line. What those need in turn differs with their versions."""
    named = set(re.findall(r"^\| `(.+?)` \|", text, re.M))
    asked = {canonicalize_name(Requirement(line).name) for line in distribution("gfv").requires or ()}
    return asked - {"gfv"} <= named


def _needed(name: str, extra: str, seen: set[tuple[str, str]] | None = None) -> dict[str, Distribution]:
    """What an installed package needs with an extra, and what that needs."""
    seen = set() if seen is None else seen
    found: dict[str, Distribution] = {}
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        needed = canonicalize_name(requirement.name)
        if needed != "gfv":
            found[needed] = distribution(needed)
        for inner in ("", *sorted(requirement.extras)):
            if (needed, inner) not in seen:
                seen.add((needed, inner))
                found |= _needed(needed, inner, seen)
    return found


def _licence(one: Distribution) -> str:
    meta = one.metadata
    expression = meta.get("License-Expression")
    if expression:
        return str(expression)
    classifiers = [line.split(" :: ")[-1] for line in meta.get_all("Classifier") or () if line.startswith("License")]
    if classifiers and classifiers != ["OSI Approved"]:
        return ", ".join(classifiers)
    first = (meta.get("License") or "").strip().splitlines()
    return re.sub(r"\s+", " ", first[0]) if first else "not declared"
