"""Packages and folders of the suite: which files there are, and zip files that are the same each time.

A folder of the suite::

    index.json      all streams: name, case, codec, package, title, MD5, numbers of pictures and messages
    vvc/ hevc/ avc/ one package for each stream; those of the negative streams in negative/vvc/ and so on
    cases.md        what each case is for
    coverage.md, coverage.json
    README.md, record.schema.json

A package holds files that are named after the stream, with the endings of ``CONTENTS``. ``README.md``, which lies
beside the index for whoever has the suite and nothing else, says the same (:mod:`conformance.pages`).
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from hashlib import md5
from pathlib import Path
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.nal.codec import CODECS
from gfv_sei.stream.target import open_target
from gfv_sei.wording import counted, in_short

INDEX = "index.json"

BITSTREAM, DIGEST, PICTURES, ELEMENTS, VALUES, FINDINGS, NOTE = (
    ".bit",
    ".md5",
    "_yuv.md5",
    ".jsonl",
    "_values.jsonl",
    "_findings.json",
    ".txt",
)

CONTENTS = {
    BITSTREAM: "the stream, an Annex B byte stream",
    DIGEST: "its MD5",
    PICTURES: "MD5 of all decoded base pictures together, then of each one, in output order: raw planar samples of one "
    "byte, or of two where they have more than 8 bits, the low one first",
    ELEMENTS: "what a reader has to find: each message as an object on one line, in bitstream order, with its place, "
    "its syntax elements (name, value, bits, descriptor) and its values",
    VALUES: "the same without elements: what each message means after prediction",
    FINDINGS: "what a validator has to find in a negative stream, in place of the three above: rules, and where",
    NOTE: "what the stream is for",
}
"""The files of a package by what follows the name of the stream."""

_STREAM = {"name": str, "case": str, "codec": str, "package": str, "title": str, "syntax": str}
_POSITIVE = {"pictures_md5": str, "elements_md5": str, "bit_depth": int}
"""What the index says of every stream, and of one that is not negative."""

_TIME = (1980, 1, 1, 0, 0, 0)  # the first that zip files know
_MOST_BYTES = 1 << 28  # of one file in a package that is read


def digest(data: bytes) -> str:
    """MD5 as 32 hexadecimal digits."""
    return md5(data, usedforsecurity=False).hexdigest()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file of these files, in their order, without times and owners."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def write(path: Path, data: bytes) -> None:
    """Write a file, with its folders; it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open_target(path) as file:
        file.write(data)


class Package:
    """A package that is read; GfvError for one that is missing, broken, or lacks a file."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    def read(self, ending: str) -> bytes:
        """One of its files."""
        name = self.name + ending
        require_plain(self.path)
        try:
            with zipfile.ZipFile(self.path) as archive:
                size = archive.getinfo(name).file_size
                if size > _MOST_BYTES:
                    raise GfvError(f"{name} in {self.path} has {counted(size, 'byte')}", allowed=f"up to {_MOST_BYTES}")
                return archive.read(name)
        except FileNotFoundError:
            raise GfvError(f"there is no package {self.path}") from None
        except KeyError:
            raise GfvError(f"there is no {name} in {self.path}") from None
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
            raise GfvError(
                f"{self.path} cannot be read: {error}"
            ) from None  # RuntimeError: encrypted, or another method

    def read_json(self, ending: str) -> list[Any]:
        """The objects in one of its files: of JSON Lines, or of a list."""
        data = self.read(ending)
        try:
            found = json.loads(data) if ending == FINDINGS else [json.loads(line) for line in data.splitlines()]
            if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
                raise ValueError("it holds something else than objects")
        except (ValueError, RecursionError) as error:
            raise GfvError(f"{self.name}{ending} in {self.path} cannot be read: {error}") from None
        return found


def require_plain(path: Path) -> None:
    """Raise GfvError for a device or a pipe, which may never end."""
    try:
        plain = path.is_file() or not path.exists()
    except OSError as error:
        raise GfvError(f"{path} cannot be read: {error.strerror}") from None
    if not plain:
        raise GfvError(f"{path} cannot be read: it is not a plain file")


def _fits(name: str, value: Any) -> bool:
    """Whether a text of the index is as it has to be: one line, of a known codec, one word where it names something."""
    if name == "codec":
        return value in CODECS
    if name in ("name", "case"):
        return re.fullmatch(r"\w[\w.-]*", value, re.ASCII) is not None
    return not isinstance(value, str) or value.isprintable()


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a suite; GfvError for a folder that holds none."""
    path = folder / INDEX
    require_plain(path)
    try:
        found = json.loads(path.read_text())
        streams = found["streams"]
        for one in streams:
            for name, kind in {**_STREAM, **({} if "findings" in one else _POSITIVE)}.items():
                if not isinstance(one[name], kind):
                    raise TypeError(f"{name} of a stream is {in_short(one[name])}")
                # These go into reports, names of files and command lines; the title is for people.
                if not _fits(name, one[name]):
                    raise ValueError(f"{name} of a stream is {in_short(one[name])}")
            if Path(one["package"]).is_absolute() or ".." in Path(one["package"]).parts:
                raise ValueError(f"{one['package']} is no place in this folder")
    except FileNotFoundError:
        raise GfvError(f"{folder} holds no conformance suite: there is no {INDEX}") from None
    except KeyError as error:
        raise GfvError(f"{path} is no index of a conformance suite: it lacks {error}") from None
    except (ValueError, TypeError, OSError, RecursionError) as error:
        raise GfvError(f"{path} is no index of a conformance suite: {error}") from None
    return dict(found)
