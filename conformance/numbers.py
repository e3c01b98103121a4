"""Numbers for the messages of cases: made by rule, so that they are the same each time, and exact in few bits."""

from __future__ import annotations

from typing import Any

Points = list[list[float]]
Matrix = list[list[float]]

PUPILS = {"left": [-0.25, 0.125], "right": [0.25, 0.125]}
"""Two pupils, exact in three bits."""


def draw(*place: int, most: int) -> int:
    """A number from -``most`` to ``most`` that belongs to this place; neighbouring places have unlike numbers."""
    state = 12345
    for one in place:
        state = (state + one + 1) * 1103515245 + 12345 & 0x7FFFFFFF
        state ^= state >> 11
    return state % (2 * most + 1) - most


def keypoints(number: int, step: int = 0, *, axes: int = 2, q: int = 8, move: int = 6, z_max: int = 1) -> Points:
    """Keypoints anywhere in the picture that move a little with each ``step``, in units of 2^-q.

    ``move`` is the most that they move per step in units of 2^-8; z goes from -``z_max`` to ``z_max``.
    """
    reach = 256 - 12 * move
    grain = 1 << max(q - 8, 0)
    points = []
    for i in range(number):
        point = []
        for axis in range(axes):
            units = draw(i, axis, most=reach)
            if step:
                units += draw(i, axis, step, most=move)
            if q < 8:
                units = units >> 8 - q << 8 - q
            fine = draw(i, axis, step, 99, most=grain // 2) if grain > 1 and abs(units) < 255 else 0
            point.append((units * grain + fine) / (256 * grain) * (z_max if axis == 2 else 1))
        points.append(point)
    return points


def matrix(rows: int, columns: int, seed: int = 0, step: int = 0, *, q: int = 8, scale: float = 1) -> Matrix:
    """A matrix with elements from -2 ``scale`` to 2 ``scale`` that change a little with each ``step``."""
    grid = 1 << min(q, 16)

    def element(row: int, column: int) -> float:
        units = draw(seed, row, column, most=2 * grid - grid // 8)
        if step:
            units += draw(seed, row, column, step, most=max(1, grid // 32))
        return units / grid * scale

    return [[element(row, column) for column in range(columns)] for row in range(rows)]


def matrices(type_idx: int, number: int, rows: int, columns: int, seed: int = 0, step: int = 0, **how: Any) -> Any:
    """An entry of ``matrices`` in a record: several matrices of one type."""
    made = [matrix(rows, columns, 100 * seed + 7 * type_idx + j, step, **how) for j in range(number)]
    return {"type": type_idx, "elements": made}
