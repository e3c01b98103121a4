"""The user's own list of networks that streams may name: a URI, and the file that stands for it on this machine.

A stream says ``gfv_nn_uri``; that is a name and nothing more. What is run for it is a file that the user has entered
here before (``gfv models register URI FILE``), and only as long as its sha256 is the one that was entered. Nothing is
fetched. The list is JSON, one object per network::

    {"networks": [{"uri": "https://example.org/fomm-to-cfte", "tag_uri": "tag:example.org,2026:onnx",
                   "name": "fomm-to-cfte", "path": "/networks/t.onnx", "sha256": "9f86d0..."}]}

It lies where ``--registry`` or the environment variable GFV_MODEL_REGISTRY says, else at ``gfv/models.json`` in
XDG_CONFIG_HOME, which is ``~/.config`` by default.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from generators.errors import ModelError
from generators.roles import Network
from gfv_sei.files import whole_file

VARIABLE = "GFV_MODEL_REGISTRY"

_MOST_BYTES = 1 << 24

_NEEDED = ("uri", "path", "sha256")
_OTHERS = ("name", "tag_uri")


@dataclass(frozen=True)
class Known:
    """One network.

    uri      as streams have it in gfv_nn_uri or gfve_nn_uri
    path     of its ONNX file
    sha256   of that file, 64 hexadecimal digits
    name     for people
    tag_uri  gfv_nn_tag_uri that has to stand beside it; None: any
    """

    uri: str
    path: str
    sha256: str
    name: str
    tag_uri: str | None = None


def place(given: str | None = None) -> Path:
    """Where the list lies: ``given``, else as the environment says."""
    if given or os.environ.get(VARIABLE):
        return Path(given or os.environ[VARIABLE])
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "gfv" / "models.json"


class Registry:
    """The list. Entries keep the order in which they were made."""

    def __init__(self, path: Path) -> None:
        """Read it; a list that is not there is empty.

        Raises:
            ModelError: it cannot be read, or is none.
        """
        self.path = path
        self.entries: list[Known] = []
        try:
            with path.open("rb") as file:
                data = file.read(_MOST_BYTES + 1)
            if len(data) > _MOST_BYTES:
                raise ModelError(f"{path} is too long for a list of networks", allowed=f"{_MOST_BYTES} bytes")
            text = data.decode("utf-8")
        except FileNotFoundError:
            return
        except OSError as error:
            raise ModelError(f"cannot read the list of networks {path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ModelError(f"{path} is no list of networks: it is not UTF-8 text") from error
        try:
            self.entries = _entries(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{path} is no list of networks: {error}") from error

    def find(self, uri: str, tag_uri: str = "") -> Known | None:
        """The network of a URI, if its tag URI is right as well."""
        for entry in self.entries:
            if entry.uri == uri and entry.tag_uri in (None, tag_uri):
                return entry
        return None

    def register(self, uri: str, file: str | Path, name: str | None = None, tag_uri: str | None = None) -> Known:
        """Enter a file for a URI, in place of the one that was there, and write the list.

        Raises:
            ModelError: the file cannot be read or is none that would be loaded, no message names such a network, or the
                list cannot be written.
        """
        from generators.model_file import read_model

        path = Path(file).absolute()
        model = read_model(path)
        if not model.contract.network.signalled:
            raise ModelError(
                f"{file} is a {model.contract.network}, which no message names: those of GFV name a "
                f"{Network.TRANSLATOR}, those of GFVE an {Network.ENHANCER}"
            )
        digest = hashlib.sha256(model.main).hexdigest()
        entry = Known(uri, str(path), digest, name or model.contract.name, tag_uri)
        self.entries = [e for e in self.entries if (e.uri, e.tag_uri) != (uri, tag_uri)]
        self.entries.append(entry)
        self._write()
        return entry

    def forget(self, uri: str) -> int:
        """Take a URI out of the list and write it; how many entries that were."""
        kept = [entry for entry in self.entries if entry.uri != uri]
        gone = len(self.entries) - len(kept)
        if gone:
            self.entries = kept
            self._write()
        return gone

    def _write(self) -> None:
        listed = [{k: v for k, v in asdict(entry).items() if v is not None} for entry in self.entries]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ModelError(f"cannot write {self.path}: {error.strerror}") from error
        with whole_file(self.path) as part:
            part.write_text(json.dumps({"networks": listed}, indent=1) + "\n", encoding="utf-8")


def _entries(data: object) -> list[Known]:
    if not isinstance(data, dict) or not isinstance(data.get("networks"), list):
        raise ValueError('it is not like {"networks": [...]}')
    return [_entry(one) for one in data["networks"]]


def _entry(data: object) -> Known:
    if not isinstance(data, dict) or not set(_NEEDED) <= set(data) <= {*_NEEDED, *_OTHERS}:
        raise ValueError(f"an entry has {', '.join(_NEEDED)}, and may have {', '.join(_OTHERS)}")
    if not all(isinstance(value, str) for value in data.values()):
        raise ValueError("what an entry has is not all text")
    entry = Known(data["uri"], data["path"], data["sha256"], data.get("name", ""), data.get("tag_uri"))
    if not re.fullmatch("[0-9a-f]{64}", entry.sha256):
        raise ValueError(f"the sha256 of {entry.uri} is not 64 hexadecimal digits")
    return entry
