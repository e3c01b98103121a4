"""What a decoder remembers between messages.

Everything is kept per identifier: gfv_id for GFV, the pair of gfve_id and gfve_gfv_id for GFVE. Values are integers
in units of 2^-32, the finest that any precision factor can express, so no prediction ever rounds.
"""

from __future__ import annotations

from typing import Any

from gfv_sei.syntax.layout import NOTHING_INHERITED, Inherited

UNIT_BITS = 32
"""Values are kept in units of 2^-UNIT_BITS."""

Columns = list[list[int]]
"""Coordinates by axis, then keypoint."""

Flat = list[list[int]]
"""Matrix elements by matrix type (GFVE: by matrix), then in coding order."""

Pupils = tuple[int, int, int, int]
"""left x, left y, right x, right y"""

NO_PUPILS: Pupils = (0, 0, 0, 0)


class IdentifierState:
    """The state of one identifier.

    ``base_…`` come from the last base message that had the values, ``previous_…`` from the last message of any kind.
    ``base_fields`` are the syntax elements of the last base message: its network and chroma key hold until the next.
    """

    __slots__ = (
        "base_coordinates",
        "base_fields",
        "base_matrices",
        "base_pupils",
        "inherited",
        "previous_coordinates",
        "previous_matrices",
        "previous_pupils",
    )

    def __init__(self) -> None:
        self.inherited: Inherited = NOTHING_INHERITED
        self.base_fields: dict[str, Any] | None = None
        self.base_coordinates: Columns = []
        self.previous_coordinates: Columns = []
        self.base_matrices: Flat = []
        self.previous_matrices: Flat = []
        self.base_pupils: Pupils = NO_PUPILS
        self.previous_pupils: Pupils = NO_PUPILS


class DecodingState:
    """What prediction remembers, for every identifier of a stream. Starts empty.

    One state belongs to one stream and one direction: a reader and a writer of the same stream each have their own.
    A message that is refused leaves it as it was.
    """

    def __init__(self) -> None:
        self.faces: dict[tuple[int, ...], IdentifierState] = {}
        self.enhancements: dict[tuple[int, ...], IdentifierState] = {}

    def face(self, gfv_id: int) -> IdentifierState | None:
        """The state of a gfv_id, None before its first message."""
        return self.faces.get((gfv_id,))

    def enhancement(self, gfve_id: int, gfve_gfv_id: int) -> IdentifierState | None:
        """The state of a pair of gfve_id and gfve_gfv_id, None before its first message."""
        return self.enhancements.get((gfve_id, gfve_gfv_id))

    def inherited_by_face(self, *identifier: int) -> Inherited:
        """What a GFV message of this gfv_id inherits."""
        known = self.faces.get(identifier)
        return known.inherited if known is not None else NOTHING_INHERITED

    def inherited_by_enhancement(self, *identifier: int) -> Inherited:
        """What a GFVE message of this pair of identifiers inherits."""
        known = self.enhancements.get(identifier)
        return known.inherited if known is not None else NOTHING_INHERITED
