"""The coder that draws: it runs a description along every way there is, and the syntax table comes out.

The other coders know the value of an element because it stands in bits or in a message. This one has to choose it. It
gives out a :class:`Probe`, a number that notices what it is compared with; whatever a description looks at in this way
is tried with the values on both sides of the comparison, until no new comparison turns up. What a description never
looks at has one value, since nothing depends on it. So the table says what the description *does*: there is no second
list of elements or conditions that could differ from it.

A loop runs once. Layouts inherited from messages before are there in one run over all ways, and absent in another,
which finds what is refused then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from gfv_sei.syntax.coder import UE_MAX, UE_WIDE, SignedRow
from gfv_sei.syntax.conditions import Decisions
from gfv_sei.syntax.layout import NOTHING_INHERITED, CoordinateLayout, Inherited, MatrixLayout, MatrixType

Z_PRESENT = "gfv_coordinate_z_present_flag"
"""The one inherited value that decides which elements there are."""

ALWAYS = "always"

UP_TO_A_BYTE = "u(1), repeated up to a whole byte"
"""The descriptor of alignment bits."""

UP_TO_THE_END = "b(8), repeated to the end"
"""The descriptor of the bytes of a network."""


class Row(NamedTuple):
    """One element of a syntax table.

    name         as in the standard
    subscripts   how many it has
    announced    the element that says how often it is repeated, or "3 times", of each loop, the outermost first
    descriptor   ue(v), u(n), u(v), st(v), `UP_TO_A_BYTE`, `UP_TO_THE_END`
    most         the largest value; None where the descriptor says all, or another element decides
    allowed      the range in words; empty where the descriptor says all
    present      the condition in words
    absent       its value where it is not coded; None: it has none
    sparse       in a loop: some turns may be without it, and have no value in its place
    """

    name: str
    subscripts: int
    announced: tuple[str, ...]
    descriptor: str
    most: int | None
    allowed: str
    present: str
    absent: int | None
    sparse: bool

    @property
    def is_alignment(self) -> bool:
        """Whether it only fills up a byte, and so is no field of a message."""
        return self.descriptor == UP_TO_A_BYTE


class Refusal(NamedTuple):
    """What a description refuses although each element is in range: at which element, why, and what would do."""

    element: str
    reason: str
    allowed: str | None


class Derived(int):
    """A number that was computed of elements, with how."""

    says: str

    def __new__(cls, value: int, says: str) -> Derived:
        """A number and the formula for it."""
        made = super().__new__(cls, value)
        made.says = says
        return made

    def __add__(self, other: int) -> Derived:
        return Derived(int(self) + int(other), f"{self.says} + {_says(other)}")

    def __sub__(self, other: int) -> Derived:
        return Derived(int(self) - int(other), f"{self.says} - {_says(other)}")

    def __rlshift__(self, other: int) -> Derived:
        return Derived(int(other) << int(self), f"{_says(other)} << ({self.says})")


class Probe(Derived):
    """The value of an element."""

    noticed: Callable[[str, int], None]

    @classmethod
    def of(cls, name: str, value: int, noticed: Callable[[str, int], None]) -> Probe:
        """``noticed`` is told the name and what the value was compared with."""
        made = cls(value, name)
        made.noticed = noticed
        return made

    def __bool__(self) -> bool:
        return self._with(0) != 0

    def __eq__(self, other: object) -> bool:
        return self._with(other) == other

    def __ne__(self, other: object) -> bool:
        return self._with(other) != other

    def __lt__(self, other: int) -> bool:
        return self._with(other) < other

    def __ge__(self, other: int) -> bool:
        return self._with(other) >= other

    def __hash__(self) -> int:
        return hash(int(self))

    def _with(self, other: object) -> int:
        if type(other) is int:  # another element decides no more than this one does
            self.noticed(self.says, other)
        return int(self)


def _says(value: int) -> str:
    return value.says if isinstance(value, Derived) else str(value)


class Domains(dict[str, set[int]]):
    """The values that each element is tried with; ``most`` has the largest that it can have."""

    def __init__(self) -> None:
        super().__init__()
        self.most: dict[str, int] = {}


class _Drawn(NamedTuple):
    """An element on one way: coded, or inferred with a value."""

    name: str
    coded: bool
    loops: tuple[tuple[str, tuple[int, ...]], ...]
    descriptor: str = ""
    most: int | None = None
    magnitude: str = ""
    value: int | None = None


class _RefusedError(Exception):
    """A description refuses this way."""


class DrawingCoder:
    """One way through a description.

    ``script`` says which of its values each element takes, element by element; behind its end all take their first.
    ``taken`` is what was chosen, with the number of values that there were to choose from.
    """

    def __init__(self, domains: Domains, script: list[int], nothing_inherited: bool) -> None:
        self.domains = domains
        self.script = script
        self.taken: list[tuple[int, int]] = []
        self.drawn: list[_Drawn] = []
        self.values: dict[str, int] = {}
        self.refusal: Refusal | None = None
        self._nothing = nothing_inherited
        self._loops: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def u(self, name: str, n: int) -> Probe:
        return self._coded(name, f"u({n})", (1 << n) - 1, everything=n == 2)

    def flag(self, name: str) -> Probe:
        return self._coded(name, "u(1)", 1)

    def ue(self, name: str, most: int = UE_MAX) -> Probe:
        return self._coded(name, "ue(v)", most)

    def st(self, name: str) -> str:
        self._draw(name, "st(v)")
        return ""

    def align(self, name: str) -> None:
        self._draw(name, UP_TO_A_BYTE, 0)

    def payload_bytes(self, name: str) -> None:
        self._draw(name, UP_TO_THE_END)

    def infer(self, name: str, value: int | None) -> int:
        self.drawn.append(_Drawn(name, False, self._loops, value=value))
        if value is not None:
            self.values[name] = value
        return value or 0

    def loop(self, announced_by: str, *counts: int, least: int) -> Iterator[int]:
        outer = self._loops
        self._loops = (*outer, (announced_by, counts))
        yield 0
        self._loops = outer

    def signed(self, announced_by: str, counts: tuple[int, ...], row: SignedRow) -> None:
        for _ in self.loop(announced_by, *counts, least=row.least):
            for parts, sign_flag in row.numbers:
                for part in parts:
                    self._draw(part.name, part.descriptor, None if part.bits else part.most)
                # Both ways of each sign would double all ways; what decides on it is known here.
                self._draw(sign_flag, "u(1)", magnitude=f"{' or '.join(part.name for part in parts)} is not 0")
                self.drawn.append(_Drawn(sign_flag, False, self._loops, value=0))

    def fail(self, reason: str, element: str, **place: Any) -> Exception:
        self.refusal = Refusal(element, reason, place.get("allowed"))
        return _RefusedError(reason)

    def known(self, *identifier: int) -> Inherited:
        """What the messages before left."""
        if self._nothing:
            return NOTHING_INHERITED
        z_present = self._choose(Z_PRESENT, most=1, inherited=True)
        matrices = MatrixLayout(1, (MatrixType(0, 1, 1, 1),))
        return Inherited(CoordinateLayout(1, 1, z_present, None), matrices, matrices, 1)

    def _coded(self, name: str, descriptor: str, most: int, everything: bool = False) -> Probe:
        self._draw(name, descriptor, most)
        if everything:
            self.domains.setdefault(name, set()).update(range(most + 1))
        return self._choose(name, most)

    def _draw(self, name: str, descriptor: str, most: int | None = None, magnitude: str = "") -> None:
        self.drawn.append(_Drawn(name, True, self._loops, descriptor, most, magnitude))

    def _choose(self, name: str, most: int, inherited: bool = False) -> Probe:
        self.domains.most[name] = int(most)
        values = sorted(self.domains.setdefault(name, {0}))
        place = len(self.taken)
        which = self.script[place] if place < len(self.script) else 0
        self.taken.append((which, len(values)))
        value = values[which]

        def noticed(name: str, other: int) -> None:
            self.domains[name] |= {near for near in (other - 1, other, other + 1) if 0 <= near <= int(most)}
            if inherited:
                self.values[name] = value

        if not inherited and len(values) > 1:
            self.values[name] = value
        return Probe.of(name, value, noticed)


@cache
def ways(describe: Any, nothing_inherited: bool = False) -> tuple[DrawingCoder, ...]:
    """Every way through a description, each a coder that has gone it."""
    domains = Domains()
    while True:
        before = {name: set(values) for name, values in domains.items()}
        found = tuple(_with_domains(describe, domains, nothing_inherited))
        if domains == before:
            return found


def _with_domains(describe: Any, domains: Domains, nothing_inherited: bool) -> Iterator[DrawingCoder]:
    script: list[int] = []
    while True:
        coder = DrawingCoder(domains, script, nothing_inherited)
        with suppress(_RefusedError):
            describe(coder, coder.known)
        yield coder
        taken = coder.taken
        while taken and taken[-1][0] + 1 == taken[-1][1]:
            taken.pop()
        if not taken:
            return
        script = [which for which, _ in taken]
        script[-1] += 1


def draw(describe: Any) -> list[Row]:
    """The syntax table of a description, its elements in coding order."""
    good = [way for way in ways(describe) if way.refusal is None]
    domains = good[0].domains
    tops = {name: max(values) for name, values in domains.items() if max(values) < domains.most[name]}
    coded: dict[str, dict[int, _Drawn]] = {}
    inferred: dict[str, _Drawn] = {}
    for number, way in enumerate(good):
        for drawn in way.drawn:
            if drawn.coded:
                coded.setdefault(drawn.name, {})[number] = drawn
            else:
                inferred[drawn.name] = drawn
    # What is inferred somewhere has that value wherever it is not coded.
    otherwise_values = {name: drawn.value for name, drawn in inferred.items() if drawn.value is not None}
    decisions = Decisions(({**otherwise_values, **way.values} for way in good), tops)
    rows = []
    order = _ordered({tuple(drawn.name for drawn in way.drawn): None for way in good})
    for place, name in enumerate(order):
        found = coded.get(name)
        if not found:
            continue
        # The one whose bound says where it comes from, rather than the one with an inherited precision.
        one = max(found.values(), key=lambda drawn: isinstance(drawn.most, Derived))
        present = one.magnitude or decisions.condition(sum(1 << number for number in found), order[:place]) or ALWAYS
        otherwise = inferred.get(name)
        rows.append(
            Row(
                name,
                sum(len(counts) for _, counts in one.loops),
                tuple(_how_often(announced_by, counts) for announced_by, counts in one.loops),
                one.descriptor,
                _bound(one),
                _allowed(one),
                present,
                None if otherwise is None else otherwise.value,
                sparse=otherwise is not None and bool(otherwise.loops) and otherwise.value is None,
            )
        )
    return rows


def _how_often(announced_by: str, counts: tuple[int, ...]) -> str:
    """What says how often a loop runs. A flag says only whether: behind it the number is fixed."""
    if announced_by.endswith("_flag"):
        return f"{' x '.join(map(str, counts))} times"
    return announced_by


def refusals(describe: Any) -> list[Refusal]:
    """What a description refuses, in the order in which it is met."""
    found = [way.refusal for nothing in (False, True) for way in ways(describe, nothing)]
    return list(dict.fromkeys(refusal for refusal in found if refusal is not None))


def _bound(drawn: _Drawn) -> int | None:
    if isinstance(drawn.most, Derived) or drawn.most in (None, UE_WIDE):
        return None
    return drawn.most


def _allowed(drawn: _Drawn) -> str:
    if isinstance(drawn.most, Derived):
        return f"0 to {drawn.most.says}"
    if drawn.most == 0:
        return "0"
    if drawn.descriptor != "ue(v)" or drawn.most in (None, UE_MAX, UE_WIDE):
        return ""
    return f"0 to {drawn.most}"


def _ordered(orders: Iterable[tuple[str, ...]]) -> list[str]:
    """All names in one order that agrees with each of the given ones; the first seen first where several do."""
    before: dict[str, set[str]] = {}
    for names in orders:
        for place, name in enumerate(names):
            before.setdefault(name, set()).update(set(names[:place]) - {name})
    found: list[str] = []
    while len(found) < len(before):
        found.append(next(name for name in before if name not in found and before[name] <= set(found)))
    return found
