"""What each message refers to: the messages that its values are predicted from, and the one that it belongs to.

It mirrors what :class:`~gfv_sei.meaning.state.IdentifierState` keeps, with numbers of messages in place of values.
"""

from __future__ import annotations

from gfv_sei.message import Message
from gfv_sei.syntax.editions import edition_named
from gfv_sei.syntax.layout import GfveLayout, GfvLayout

COORDINATES, MATRICES, PUPILS, BASE, FACE = range(5)
"""Why a message refers to another: three kinds of prediction; the base message in force; the GFV message of a GFVE."""

REASONS = ("coordinates from", "matrices from", "pupils from", "base message", "enhances")
"""They in words."""

Reference = tuple[int, int]
"""Why, and the number of the message that is referred to."""


class References:
    """Follows the messages of a stream in order."""

    def __init__(self, syntax: str) -> None:
        self.driving_from_base = edition_named(syntax).driving_predicts_from == "base"
        self._base: dict[tuple[int, ...], dict[int, int]] = {}
        self._previous: dict[tuple[int, ...], dict[int, int]] = {}
        self._faces: dict[tuple[int, ...], int] = {}
        self._faces_of = -1

    def add(self, number: int, msg: Message, au: int) -> list[Reference]:
        """Take the next message that could be read, number ``number`` of all; what it refers to."""
        layout = msg.layout
        assert layout is not None
        base = self._base.setdefault((msg.payload_type, *layout.identifier), {})
        previous = self._previous.setdefault((msg.payload_type, *layout.identifier), {})
        if isinstance(layout, GfvLayout):
            found = self._of_face(layout, base, previous)
        else:
            found = self._of_enhancement(layout, base, previous)
        if BASE in base and not layout.base:
            found.append((BASE, base[BASE]))
        if isinstance(layout, GfveLayout):
            if self._faces_of == au and (layout.identifier[1], layout.cnt) in self._faces:
                found.append((FACE, self._faces[layout.identifier[1], layout.cnt]))
        else:
            if self._faces_of != au:
                self._faces.clear()
                self._faces_of = au
            self._faces.setdefault((layout.identifier[0], layout.cnt), number)
        self._keep(number, msg, bool(layout.base), base, previous)
        return found

    def _of_face(self, layout: GfvLayout, base: dict[int, int], previous: dict[int, int]) -> list[Reference]:
        source = base if layout.cnt == 0 and self.driving_from_base else previous
        found = []
        if layout.coordinates is not None and layout.coordinates_predicted and not layout.base:
            found.append(COORDINATES)
        if layout.matrices is not None and layout.matrices_predicted:
            found.append(MATRICES)
        return [(part, source[part]) for part in found if part in source]

    def _of_enhancement(self, layout: GfveLayout, base: dict[int, int], previous: dict[int, int]) -> list[Reference]:
        source = previous if layout.cnt else base
        found = []
        if layout.matrices is not None and layout.matrices_predicted:
            found.append(MATRICES)
        if layout.pupils.precision is not None and not layout.base:
            found.append(PUPILS)
        return [(part, source[part]) for part in found if part in source]

    def _keep(self, number: int, msg: Message, is_base: bool, base: dict[int, int], previous: dict[int, int]) -> None:
        values = msg.exact
        assert values is not None
        parts = ((COORDINATES, values.coordinates), (MATRICES, values.matrices), (PUPILS, values.pupils))
        for part, value in parts:
            if value is not None:
                previous[part] = number
                if is_base:
                    base[part] = number
        if is_base:
            base[BASE] = number
