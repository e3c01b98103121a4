"""What a decoder remembers between messages.

Everything is kept per identifier: gfv_id for GFV, the pair of gfve_id and gfve_gfv_id for GFVE. Values are integers
in units of 2^-32, the finest that any precision factor can express, so no prediction ever rounds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from gfv_sei.meaning.quirks import NO_QUIRKS, Quirks
from gfv_sei.syntax.layout import NOTHING_INHERITED, CoordinateLayout, Inherited, MatrixLayout, MatrixType

UNIT_BITS = 32
"""Values are kept in units of 2^-UNIT_BITS."""

Columns = list[list[int]]
"""Coordinates by axis, then keypoint."""

Flat = list[list[int]]
"""Matrix elements by matrix type (GFVE: by matrix), then in coding order."""

MOST_IDENTIFIERS = 1 << 13
"""Identifiers whose state is kept; what was used longest ago is forgotten first. Standards set no bound, but a stream
can have as many as messages, each takes a kilobyte, and while the syntax is looked for there are three states."""

MOST_NUMBERS = 1 << 21
"""Numbers that all states together may hold, for the same reason: those of two messages of the largest size, or 256 for
each of MOST_IDENTIFIERS."""

MOST_TYPES = 1 << 10
"""Matrix types after which those of further base messages are not kept any more, where a quirk keeps them all."""

Pupils = tuple[int, int, int, int]
"""left x, left y, right x, right y"""

NO_PUPILS: Pupils = (0, 0, 0, 0)


class Values:
    """What one message means, in units of 2^-32. A part that the message does not have is None.

    A part can be given as a function, which is called when the part is first asked for: whoever writes absolute
    messages never needs their values again.
    """

    __slots__ = ("_coordinates", "_matrices", "numbers", "pupils")

    def __init__(self) -> None:
        self.numbers = 0  # that a state holds if it holds this
        self._coordinates: Columns | Callable[[], Columns] | None = None
        self._matrices: Flat | Callable[[], Flat] | None = None
        self.pupils: Pupils | None = None

    @property
    def coordinates(self) -> Columns | None:
        """By axis, then keypoint."""
        if callable(self._coordinates):
            self._coordinates = self._coordinates()
        return self._coordinates

    @coordinates.setter
    def coordinates(self, given: Columns | Callable[[], Columns]) -> None:
        self._coordinates = given

    @property
    def matrices(self) -> Flat | None:
        """By matrix type (GFVE: by matrix), then in coding order."""
        if callable(self._matrices):
            self._matrices = self._matrices()
        return self._matrices

    @matrices.setter
    def matrices(self, given: Flat | Callable[[], Flat]) -> None:
        self._matrices = given


NO_VALUES = Values()


class IdentifierState:
    """The state of one identifier.

    ``base_…`` come from the last base message that had the values, ``previous_…`` from the last message of any kind.
    ``base_types`` and ``previous_types`` say of what number and sizes the matrices are that are kept.
    ``based`` says whether there was a base message, ``counted`` how many numbers the states take this one to hold.
    """

    __slots__ = (
        "_base_coordinates",
        "_base_matrices",
        "_previous_coordinates",
        "_previous_matrices",
        "base_pupils",
        "base_types",
        "based",
        "counted",
        "first_types",
        "inherited",
        "previous_pupils",
        "previous_types",
        "quirks",
        "set_to_base",
        "skip",
    )

    def __init__(self, quirks: Quirks = NO_QUIRKS) -> None:
        self.inherited: Inherited = NOTHING_INHERITED
        self.based = False
        self.counted = 0
        self._base_coordinates = NO_VALUES
        self._previous_coordinates = NO_VALUES
        self._base_matrices = NO_VALUES
        self._previous_matrices = NO_VALUES
        self.base_pupils: Pupils = NO_PUPILS
        self.previous_pupils: Pupils = NO_PUPILS
        self.base_types: tuple[MatrixType, ...] = ()
        self.previous_types: tuple[MatrixType, ...] = ()
        self.first_types: tuple[MatrixType, ...] = ()  # of all base messages, one behind the other
        self.quirks = quirks
        self.set_to_base = False  # the base flag as configured, which for counts above 0 is not coded
        self.skip: set[str] = set()  # kinds of values whose next storing is left out

    @property
    def base_coordinates(self) -> Columns:
        """Of the last base message that had any; before it, none."""
        return self._base_coordinates.coordinates or []

    @property
    def previous_coordinates(self) -> Columns:
        """Of the last message that had any."""
        return self._previous_coordinates.coordinates or []

    @property
    def base_matrices(self) -> Flat:
        """Of the last base message that had any."""
        return self._base_matrices.matrices or []

    @property
    def previous_matrices(self) -> Flat:
        """Of the last message that had any."""
        return self._previous_matrices.matrices or []

    @property
    def numbers(self) -> int:
        """Numbers that it holds."""
        held = {self._base_coordinates, self._base_matrices, self._previous_coordinates, self._previous_matrices}
        return sum(values.numbers for values in held)

    def keep_coordinates(self, values: Values, layout: CoordinateLayout, base: int) -> None:
        """Make the keypoints of a message the references of the next."""
        values.numbers += layout.num_kps * len(layout.axes)
        if base:
            self.inherited = self.inherited._replace(coordinates=layout)
        if self._stored("coordinates"):
            self._previous_coordinates = values
            if base or (self.quirks.base_follows_setting and self.set_to_base):
                self._base_coordinates = values

    def keep_matrices(self, values: Values, layout: MatrixLayout, base: int) -> None:
        """Make the matrices of a message the references of the next."""
        values.numbers += layout.numbers
        inherited = self.inherited
        if base:
            kept = self._first_sizes(layout) if self.quirks.first_layout_kept else layout
            self.inherited = inherited._replace(matrices=kept, previous_matrices=layout)
        elif inherited.previous_matrices != layout:
            self.inherited = inherited._replace(previous_matrices=layout)
        if self._stored("matrices"):
            self._previous_matrices, self.previous_types = values, layout.types
            if base or self.quirks.base_matrices_overwritten:
                self._base_matrices, self.base_types = values, layout.types

    def _first_sizes(self, layout: MatrixLayout) -> MatrixLayout:
        """The precision and the number of types of this base message, with the sizes of the first ones."""
        if len(self.first_types) < MOST_TYPES:
            self.first_types += layout.types
        sizes = zip(layout.types, self.first_types, strict=False)
        types = tuple(first._replace(type_idx=kind.type_idx) for kind, first in sizes)
        return MatrixLayout(layout.precision, types + layout.types[len(types) :])

    def keep_pupils(self, values: Pupils, precision: int | None, base: int) -> None:
        """Make the pupils of a message the references of the next."""
        if base:
            self.inherited = self.inherited._replace(pupil_precision=precision)
        if self._stored("pupils"):
            self.previous_pupils = values
            if base:
                self.base_pupils = values

    def _stored(self, kind: str) -> bool:
        if not self.quirks.every_second_stored:
            return True
        self.skip ^= {kind}
        return kind in self.skip


class DecodingState:
    """What prediction remembers, for every identifier of a stream. Starts empty.

    One state belongs to one stream and one direction: a reader and a writer of the same stream each have their own.
    A message that is refused leaves it as it was. ``quirks`` makes it the state of reference software. It keeps
    ``MOST_IDENTIFIERS`` identifiers and ``MOST_NUMBERS`` numbers at most; ``forgotten`` says in words that some were
    more, and is empty before.
    """

    def __init__(self, quirks: Quirks = NO_QUIRKS) -> None:
        self.quirks = quirks
        self._states: OrderedDict[tuple[int, ...], IdentifierState] = OrderedDict()  # the longest unused first
        self._numbers = 0
        self.forgotten = ""

    def face(self, *identifier: int) -> IdentifierState:
        """The state of a gfv_id; a new one, which is not kept yet, before its first message."""
        return self._states.get(self._key(identifier)) or IdentifierState(self.quirks)

    def enhancement(self, *identifier: int) -> IdentifierState:
        """The state of a pair of gfve_id and gfve_gfv_id; a new one before its first message."""
        known = self._states.get(self._key(identifier))
        # Overwriting is a quirk of GFV alone.
        return known or IdentifierState(replace(self.quirks, base_matrices_overwritten=False))

    def keep(self, identifier: tuple[int, ...], state: IdentifierState) -> None:
        """Keep what ``face`` or ``enhancement`` gave, and forget what was used longest ago if there is too much."""
        states, key = self._states, self._key(identifier)
        states[key] = state
        states.move_to_end(key)
        numbers = state.numbers
        self._numbers += numbers - state.counted
        state.counted = numbers
        while len(states) > MOST_IDENTIFIERS or (self._numbers > MOST_NUMBERS and len(states) > 1):
            _, oldest = states.popitem(last=False)
            self._numbers -= oldest.counted
            self.forgotten = (
                f"this program keeps the state of {MOST_IDENTIFIERS} identifiers with {MOST_NUMBERS} numbers at most, "
                "and has forgotten that of others which were in use"
            )

    def inherited_by(self, *identifier: int) -> Inherited:
        """What a GFV message of this gfv_id inherits, or a GFVE message of this pair of identifiers."""
        known = self._states.get(self._key(identifier))
        return known.inherited if known is not None else NOTHING_INHERITED

    def _key(self, identifier: tuple[int, ...]) -> tuple[int, ...]:
        return _ONE_STATE[len(identifier)] if self.quirks.one_state else identifier


_ONE_STATE: dict[int, tuple[int, ...]] = {1: (-1,), 2: (-1, -1)}
"""What stands for all identifiers where software keeps one state: for those of GFV, for those of GFVE."""
