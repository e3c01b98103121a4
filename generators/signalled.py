"""The networks that a stream names (mode 1) or carries (mode 0): what it says, and what is done about it.

GFV messages signal the TranslatorNN, GFVE messages the EnhancerNN, each in base messages and until the next base
message (semantics of gfv_nn_present_flag). A URI is looked up in the user's own list (`known`); a network that a
stream carries stays bytes, which `carried` gives out and `nnr` lists.
"""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from generators.choices import AUTO, IGNORE, POLICIES, REQUIRE, require
from generators.errors import ModelError
from generators.known import Known, Registry
from generators.model_file import read_model
from generators.runtime import Enhancer, Translator
from gfv_sei.stream.records import read_messages
from gfv_sei.syntax.parts import MODE_PAYLOAD, MODE_URI
from gfv_sei.syntax.payload_types import GFV, GFVE, MESSAGE_TYPES
from gfv_sei.wording import counted, quoted

Record = dict[str, Any]

_KINDS: dict[int, type[Translator] | type[Enhancer]] = {GFV: Translator, GFVE: Enhancer}


class Signalled(NamedTuple):
    """What one base message says of a network.

    identifier    gfv_id or gfve_id
    mode          0: carried, 1: named; others are reserved
    """

    payload_type: int
    au: int
    identifier: int
    mode: int
    tag_uri: str = ""
    uri: str = ""
    payload: bytes = b""

    @property
    def network(self) -> str:
        """TranslatorNN or EnhancerNN."""
        return str(_KINDS[self.payload_type].network)


def signalled(record: Record) -> Signalled | None:
    """What the message of a record says of a network; None where it says nothing."""
    payload_type, message = record["payload_type"], record["message"]
    element = MESSAGE_TYPES[payload_type].element
    if not message.get(element("nn_present_flag")):
        return None
    return Signalled(
        payload_type,
        record["au"],
        message[element("id")],
        message[element("nn_mode_idc")],
        message.get(element("nn_tag_uri"), ""),
        message.get(element("nn_uri"), ""),
        binascii.a2b_base64(message.get(element("nn_payload_byte"), "")),
    )


def networks_of(source: Any, syntax: str = "auto") -> Iterator[Signalled]:
    """All networks that a stream signals, message by message; messages that cannot be read are passed over."""
    for record in read_messages(source, syntax, errors="record"):
        found = signalled(record) if "message" in record and "ignored" not in record else None
        if found is not None:
            yield found


def faces_of(source: Any, syntax: str = "auto") -> list[int]:
    """The gfv_ids of a stream, those that decoders ignore left out, in the order in which they come."""
    found: dict[int, None] = {}
    for record in read_messages(source, syntax, errors="record", payload_types=(GFV,)):
        if "message" in record and "ignored" not in record:
            found.setdefault(record["message"]["gfv_id"])
    return list(found)


def carried(
    source: Any,
    syntax: str = "auto",
    *,
    identifier: int | None = None,
    au: int | None = None,
    payload_type: int | None = None,
) -> bytes:
    """The bytes of the one network that a stream carries, or that the arguments leave of several.

    Raises:
        ModelError: there is none, or there are several different ones.
    """
    found = {
        one.payload: one
        for one in networks_of(source, syntax)
        if one.mode == MODE_PAYLOAD
        and identifier in (None, one.identifier)
        and au in (None, one.au)
        and payload_type in (None, one.payload_type)
    }
    if not found:
        raise ModelError("no message carries such a network", element="nn_mode_idc", allowed="0 in a base message")
    if len(found) > 1:
        places = "; ".join(f"access unit {o.au}, id {o.identifier}, {o.network}" for o in found.values())
        raise ModelError(f"the stream carries {len(found)} different networks, say which: {places}")
    return next(iter(found))


class Lookup:
    """Finds and loads what a stream names.

    Each network is loaded once. Notes say what could not be followed, in ``auto``; in ``require`` it is an error.
    """

    def __init__(
        self,
        registry: Registry,
        note: Callable[[str], None],
        *,
        policy: str = AUTO,
        provider: str = "cpu",
        threads: int = 2,
    ) -> None:
        require("policy", policy, POLICIES)
        self.registry = registry
        self.note = note
        self.policy = policy
        self.provider = provider
        self.threads = threads
        self._loaded: dict[tuple[str, int], Translator | Enhancer] = {}

    def translator(self, record: Record) -> Translator | None:
        """The network of a GFV base message; None where there is none, or none that is known here.

        Raises:
            ModelError: it is required and not known; the file is missing or has changed.
            ContractError: the file is that of another kind of network.
        """
        found = self._find(record)
        assert found is None or isinstance(found, Translator)
        return found

    def enhancer(self, record: Record) -> Enhancer | None:
        """The network of a GFVE base message; as `translator`."""
        found = self._find(record)
        assert found is None or isinstance(found, Enhancer)
        return found

    def _find(self, record: Record) -> Translator | Enhancer | None:
        found = None if self.policy == IGNORE else signalled(record)
        if found is None:
            return None
        if found.mode == MODE_URI:
            entry = self.registry.find(found.uri, found.tag_uri)
            if entry is not None:
                return self._load(entry, found.payload_type)
            self._missing(
                f"the stream names the {found.network}, {quoted(found.uri)} (kind {quoted(found.tag_uri)}), "
                "which is not known here and never fetched; "
                f"gfv models register {quoted(found.uri)} FILE.onnx makes it so"
            )
        elif found.mode == MODE_PAYLOAD:
            self._missing(
                f"the stream carries the {found.network}, {counted(len(found.payload), 'byte')} of ISO/IEC 15938-17, "
                "which is not decoded; gfv models save writes it to a file"
            )
        else:
            element = MESSAGE_TYPES[found.payload_type].element("nn_mode_idc")
            self._missing(f"{element} {found.mode} is reserved: the {found.network} is passed over")
        return None

    def _missing(self, text: str) -> None:
        if self.policy == REQUIRE:
            raise ModelError(text)
        self.note(text)

    def _load(self, entry: Known, payload_type: int) -> Translator | Enhancer:
        key = entry.path, payload_type
        if key not in self._loaded:
            model = read_model(entry.path)
            digest = hashlib.sha256(model.main).hexdigest()
            if digest != entry.sha256:
                raise ModelError(
                    f"{entry.path} is not the file that was registered for {quoted(entry.uri)}: sha256 {digest}",
                    allowed=entry.sha256,
                )
            self._loaded[key] = _KINDS[payload_type](model, provider=self.provider, threads=self.threads)
        return self._loaded[key]
