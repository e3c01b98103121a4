"""The page of the public Python names, from their signatures and docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from markdown import MADE

import generators
import gfv_sei

HEAD = """\
# Python

This page lists the public names of `gfv_sei` and `generators` with their docstrings. All other names are internal and
may change. For examples, see [read messages from Python](../howto/python.md).

"""


def page() -> str:
    """The page as Markdown."""
    return MADE + HEAD + "".join(_names())


def _names() -> Iterator[str]:
    for package in (gfv_sei, generators):
        yield f"## {package.__name__}\n\n"
        for name in sorted(package.__all__, key=str.lower):
            thing = getattr(package, name)
            if inspect.isclass(thing) or inspect.isfunction(thing):
                yield f"### {package.__name__}.{name}\n\n```text\n{_text(thing)}\n```\n\n"


def _text(thing: object) -> str:
    lines = [_doc(thing)]
    if inspect.isfunction(thing):
        lines.insert(0, f"{thing.__name__}{_signature(thing)}\n")
    elif inspect.isclass(thing):
        for name, member in vars(thing).items():
            public = not name.startswith("_")
            if public and isinstance(member, property):
                lines.append(f"\n.{name}\n{_indented(_doc(member))}")
            elif public and (inspect.isfunction(member) or isinstance(member, classmethod)) and _doc(member):
                function = member.__func__ if isinstance(member, classmethod) else member
                lines.append(f"\n.{name}{_signature(function)}\n{_indented(_doc(function))}")
    return "\n".join(lines)


def _signature(function: object) -> str:
    signature = inspect.signature(function)  # type: ignore[arg-type]
    words = [str(one) for one in signature.parameters.values()]
    if any(one.kind is one.KEYWORD_ONLY for one in signature.parameters.values()):
        first = next(i for i, one in enumerate(signature.parameters.values()) if one.kind is one.KEYWORD_ONLY)
        words.insert(first, "*")
    back = "" if signature.return_annotation is inspect.Signature.empty else f" -> {signature.return_annotation}"
    text = f"({', '.join(words)}){back}"
    if len(text) < 100:
        return text
    return "(\n" + "".join(f"    {word},\n" for word in words) + f"){back}"


def _doc(thing: object) -> str:
    return inspect.cleandoc(thing.__doc__ or "")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())
