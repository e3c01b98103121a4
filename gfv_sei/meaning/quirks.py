"""What reference software does differently, each deviation one named switch, in this one place.

By default nothing here is on. ``--compat vtm|hm|jm`` turns on what that encoder's writer does, for whoever wants its
bits, or what that decoder's reader does, for whoever wants the values that it prints. The switches are consulted where
state is kept (:mod:`gfv_sei.meaning.state`), where values become elements (:mod:`gfv_sei.meaning.encode`) and where a
payload ends (:mod:`gfv_sei.syntax.writing`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.meaning.rounding import OURS, ROUNDINGS, Rounding


def _switch(what: str) -> Any:
    return field(default=False, metadata={"what": what})


@dataclass(frozen=True)
class Quirks:
    """Which deviations are on."""

    one_state: bool = _switch(
        "One state serves all identifiers, so messages of interleaved identifiers predict from each other."
    )
    base_follows_setting: bool = _switch(
        "The writer replaces its base coordinates whenever the base flag is configured, although for counts above 0 "
        "that flag is not coded; a later driving message is then predicted from the wrong reference."
    )
    base_matrices_overwritten: bool = _switch(
        "The reader replaces its base matrices at every message with matrices, so a driving message is decoded from "
        "the message before instead of the base message."
    )
    first_layout_kept: bool = _switch(
        "The reader appends matrix numbers and sizes at each base message and goes on using the first ones, with the "
        "precision and the number of types of the last one."
    )
    every_second_stored: bool = _switch(
        "The writer stores what it has coded at every second message only, counted for coordinates, matrices and "
        "pupils each, so chains of three and more predicted messages drift."
    )
    network_everywhere: bool = _switch(
        "The writer appends the bytes of a network to every message, also to those that announce none."
    )
    rounding: Rounding = OURS

    @property
    def names(self) -> list[str]:
        """The switches that are on."""
        return [f.name for f in fields(self) if f.type == "bool" and getattr(self, f.name)]


NO_QUIRKS = Quirks()

PREFIX_SEI = "the decoder of VTM 24.0 crashes on GFV and GFVE messages in prefix SEI NAL units"
"""No switch: there is nothing to imitate."""

DESCRIPTIONS = {f.name: f.metadata["what"] for f in fields(Quirks) if "what" in f.metadata}
"""What each switch does, by its name."""

_VTM_WRITER = Quirks(one_state=True, base_follows_setting=True, network_everywhere=True, rounding=ROUNDINGS["vtm"])
_VTM_READER = Quirks(one_state=True, base_matrices_overwritten=True, first_layout_kept=True)

WRITERS = {
    "vtm": _VTM_WRITER,
    "hm": Quirks(one_state=True, base_follows_setting=True, network_everywhere=True, rounding=ROUNDINGS["hm"]),
    "jm": Quirks(
        one_state=True,
        base_follows_setting=True,
        every_second_stored=True,
        network_everywhere=True,
        rounding=ROUNDINGS["jm"],
    ),
}
"""The writers of the reference encoders."""

READERS = {"vtm": _VTM_READER, "hm": _VTM_READER, "jm": Quirks(one_state=True)}
"""The readers of the reference decoders."""


def quirks_of(table: dict[str, Quirks], name: str | None) -> Quirks:
    """The entry of WRITERS or READERS; none for None; GfvError for a name that is not there."""
    if name is None:
        return NO_QUIRKS
    try:
        return table[name]
    except (KeyError, TypeError):  # what is no name at all may have no hash
        raise GfvError("unknown reference software", element="compat", value=name, allowed=", ".join(table)) from None
