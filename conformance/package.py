"""Packages and folders of the suite: which files there are, and zip files that are the same each time.

A folder of the suite::

    index.json      all streams: name, case, codec, package, title, MD5, numbers of pictures and messages
    vvc/ hevc/ avc/ one package for each stream; those of the negative streams in negative/vvc/ and so on
    coverage.md, coverage.json

A package, all files named after the stream:

    .bit            the stream
    .md5            MD5 of .bit
    _yuv.md5        MD5 of all decoded base pictures, then of each one in output order (raw planar, little-endian)
    .jsonl          all messages with their elements (gfv extract --elements --order --syntax vsei4)
    _values.jsonl   what each message means, without its elements
    _findings.json  of negative streams in place of the last two: the rules that are broken, and where
    .txt            what the stream is for
"""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import md5
from pathlib import Path
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.stream.target import open_target

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
        try:
            with zipfile.ZipFile(self.path) as archive:
                size = archive.getinfo(name).file_size
                if size > _MOST_BYTES:
                    raise GfvError(f"{name} in {self.path} has {size} bytes", allowed=f"up to {_MOST_BYTES}")
                return archive.read(name)
        except FileNotFoundError:
            raise GfvError(f"there is no package {self.path}") from None
        except KeyError:
            raise GfvError(f"there is no {name} in {self.path}") from None
        except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
            raise GfvError(f"{self.path} cannot be read: {error}") from None

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


def read_index(folder: Path) -> dict[str, Any]:
    """The index of a suite; GfvError for a folder that holds none."""
    path = folder / INDEX
    try:
        found = json.loads(path.read_text())
        streams = found["streams"]
        for one in streams:
            if not all(isinstance(one[name], str) for name in ("name", "case", "codec", "package", "title")):
                raise TypeError("a stream lacks its name, case, codec, package or title")
            if Path(one["package"]).is_absolute() or ".." in Path(one["package"]).parts:
                raise ValueError(f"{one['package']} is no place in this folder")
    except FileNotFoundError:
        raise GfvError(f"{folder} holds no conformance suite: there is no {INDEX}") from None
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise GfvError(f"{path} is no index of a conformance suite: {error}") from None
    return dict(found)
