"""From the ways on which an element is there, and those on which it is not, to the condition in words.

A condition is found as a person would say it: of all decisions before an element only those that matter, and of these
the nearest. An element that is absent, and not inferred, meets no condition, so "b is 1" need not say that b is there.

Sets of ways are integers with a bit for each way, so that thousands of ways are compared at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

Ways = int
"""A set of ways: bit n is way number n."""

Cube = dict[str, frozenset[int]]
"""Elements and the values they may have, all of which has to hold."""


class Decisions:
    """Which values elements have on which ways."""

    def __init__(self, ways: Iterable[Mapping[str, int]], tops: Mapping[str, int]) -> None:
        """``ways`` has the values decided on each way, ``tops``, of elements not tried with all, the largest tried."""
        self.tops = tops
        self.where: dict[str, dict[int, Ways]] = {}
        self.all: Ways = 0
        for number, values in enumerate(ways):
            self.all |= 1 << number
            for name, value in values.items():
                of_name = self.where.setdefault(name, {})
                of_name[value] = of_name.get(value, 0) | 1 << number

    def condition(self, there: Ways, decided: list[str]) -> str:
        """What holds on the ways ``there`` and on no others, by elements ``decided`` before; empty for all ways."""
        cubes = self._cubes(there, [name for name in decided if name in self.where])
        return "; or ".join(" and ".join(self._words(name, cube[name]) for name in cube) for cube in cubes)

    def _cubes(self, there: Ways, names: list[str]) -> list[Cube]:
        without = self.all & ~there
        cubes = []
        missing = there if without else 0
        while missing:
            cube = self._widest(missing & -missing, names, there, without)
            missing &= ~self._ways(cube)
            for name in [name for name in cube if self._is_hollow(cube, name)]:
                # Any value will do, so what counts is that it is coded: its own condition.
                own = self._cubes(self._ways({name: cube[name]}), names[: names.index(name)])
                if len(own) == 1:
                    cube = {other: values for other, values in cube.items() if other != name} | own[0]
            cubes.append({name: cube[name] for name in names if name in cube})
        for cube in list(cubes):
            others = [self._ways(other) for other in cubes if other is not cube]
            if not self._ways(cube) & ~reduce(or_, others, 0):
                cubes.remove(cube)
        return cubes

    def _widest(self, way: Ways, names: list[str], there: Ways, without: Ways) -> Cube:
        """The condition that holds on this way, on as many others as can be, and on none of ``without``."""
        on_it = {name: value for name in names for value, ways in self.where[name].items() if ways & way}
        found = []
        for order in (list(on_it), list(on_it)[::-1]):
            cube = {name: frozenset((on_it[name],)) for name in order}
            for name in order:
                rest = {other: values for other, values in cube.items() if other != name}
                if rest and not self._ways(rest) & without:
                    cube = rest
            found.append(self._with_more_values(cube, there, without))
        return max(found, key=lambda cube: ((self._ways(cube) & there).bit_count(), -len(cube)))

    def _with_more_values(self, cube: Cube, there: Ways, without: Ways) -> Cube:
        for name in cube:
            for value in self.where[name]:
                alone = self._ways({**cube, name: frozenset((value,))})
                if alone & there and not alone & without:
                    cube = {**cube, name: cube[name] | {value}}
        return cube

    def _is_hollow(self, cube: Cube, name: str) -> bool:
        """Whether the element may have any value, so that the condition only says that it is there."""
        return len(cube[name]) == len(self.where[name])

    def _ways(self, cube: Cube) -> Ways:
        found = self.all
        for name, values in cube.items():
            of_name = self.where[name]
            some = 0
            for value in values:
                some |= of_name[value]
            found &= some
        return found

    def _words(self, name: str, values: frozenset[int]) -> str:
        said = [str(value) for value in sorted(values)]
        top = self.tops.get(name)
        if top in values:
            first = top
            while first - 1 in values:
                first -= 1
            said = [str(value) for value in sorted(values) if value < first] + [f"{first} or more"]
        *early, last = said
        return f"{name} is " + (", ".join(early) + " or " if early else "") + last
