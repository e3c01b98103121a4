"""Drawing, with matplotlib. Nothing else imports it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import ceil, floor, isfinite, log10
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

from gfv_sei.plot.series import Series
from gfv_sei.syntax.matrices import MATRIX_TYPES
from gfv_sei.wording import counted

_SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "gfv",
    "text.parse_math": False,  # names of files are no formulas
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e3e3",
    "grid.linewidth": 0.6,
    "axes.edgecolor": "#888888",
    "legend.frameon": False,
    "legend.fontsize": 7.5,
}
_CODED, _SEI, _BASE = "#9aa5b1", "#c8452f", "#2c6fbb"
_HEIGHT = 1.75  # inches of a panel over time
_LONGEST_TITLE = 90

Draw = Callable[[Axes], None]


def draw(series: Series, title: str, file_format: str, dpi: int = 110) -> bytes:
    """The plot as a file of one of ``gfv_sei.plot.FORMATS``."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # not as the user has them: the file is to be the same everywhere
        matplotlib.rcParams.update(_SETTINGS)
        figure = _figure(series, title if len(title) <= _LONGEST_TITLE else f"..{title[-_LONGEST_TITLE:]}")
        out = io.BytesIO()
        if file_format == "svg":
            FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
        else:
            figure.set_dpi(dpi)
            FigureCanvasAgg(figure).print_png(out, metadata={"Software": None})
    return out.getvalue()


def _figure(series: Series, title: str) -> Figure:
    panels = list(_panels(series))
    tracked = any(axis == "y" for _, axis in series.points)
    figure = Figure(figsize=(13.5 if tracked else 9.5, 1.0 + _HEIGHT * max(len(panels), 3 if tracked else 1)))
    figure.suptitle(title, x=0.012, ha="left", fontsize=11, fontweight="bold")
    figure.text(0.012, 1 - 0.42 / figure.get_figheight(), _in_words(series), va="top", color="#444444")
    top = 1 - 0.85 / figure.get_figheight()
    bottom = 0.45 / figure.get_figheight()
    grid = figure.add_gridspec(
        len(panels),
        2 if tracked else 1,
        width_ratios=(1.75, 1) if tracked else None,
        left=0.055,
        right=0.985,
        top=top,
        bottom=bottom,
        hspace=0.42,
        wspace=0.12,
    )
    first: Axes | None = None
    for row, panel in enumerate(panels):
        axes = figure.add_subplot(grid[row, 0], sharex=first)
        first = first or axes
        for base in series.bases if len(series.bases) <= 60 else ():
            axes.axvline(base, color=_BASE, linewidth=0.7, alpha=0.5)
        panel(axes)
        axes.margins(x=0.01)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if row < len(panels) - 1:
            axes.tick_params(labelbottom=False)
        else:
            axes.set_xlabel("picture in output order; base pictures are blue lines", color="#444444")
    if tracked:
        _tracks(figure.add_subplot(grid[: min(3, len(panels)), 1]), series)
    return figure


def _in_words(series: Series) -> str:
    coded, sei = sum(series.coded_bits), sum(series.sei_bits)
    shown = f"{counted(series.pictures, 'picture')}, {len(series.bases)} base; "
    bits = f"{coded:.0f} bits coded, {sei:.0f} bits in GFV and GFVE payloads ({sei / series.pictures:.1f} a picture)"
    others = f"; not shown: gfv_id {', '.join(map(str, series.other_ids[:8]))}" if series.other_ids else ""
    return f"{series.codec.upper()}, syntax {series.syntax}, gfv_id {series.gfv_id}: {shown}{bits}{others}"


def _panels(series: Series) -> Iterator[Draw]:
    for axis in "xyz":
        columns = {f"{point}": column for (point, of), column in sorted(series.points.items()) if of == axis}
        if columns:
            yield _lines(f"keypoints, {axis}", columns, series, series.num_points)
    for kind, elements in sorted(series.matrices.items()):
        if kind < 0:
            name = "GFVE matrices"
        else:
            name = f"{MATRIX_TYPES[kind] if kind < len(MATRIX_TYPES) else f'type {kind}'} matrices"
        columns = {f"{number}": column for number, column in elements.items()}
        yield _lines(name, columns, series, series.num_elements[kind])
    if series.pupils:
        yield _lines("pupils", dict(series.pupils), series, len(series.pupils))
    yield lambda axes: _bits(axes, series)


def _lines(name: str, columns: dict[str, Any], series: Series, total: int) -> Draw:
    def panel(axes: Axes) -> None:
        colours = _colours(len(columns))
        sparse = series.pictures <= 60
        for (label, column), colour in zip(columns.items(), colours, strict=True):
            axes.plot(
                range(len(column)),
                column,
                color=colour,
                label=label,
                linewidth=0.9,
                marker="." if sparse or _alone(column) else None,
                markersize=3,
            )
        left_out = f", the first {len(columns)} of {total}" if total > len(columns) else ""
        axes.set_title(f"{name} ({len(columns)}{left_out})" if total > 1 else name)
        if 1 < len(columns) <= 8:
            axes.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=8, handlelength=1.2, borderaxespad=0)

    return panel


def _alone(column: Any) -> bool:
    """Whether a line through the values would show nothing: no two of them are side by side."""
    known = [isfinite(value) for value in column]
    return not any(one and other for one, other in pairwise(known))


def _bits(axes: Axes, series: Series) -> None:
    numbers = range(series.pictures)
    coded = [(n, bits) for n, bits in zip(numbers, series.coded_bits, strict=True) if bits > 0]
    axes.bar(
        [n for n, _ in coded],
        [bits for _, bits in coded],
        width=max(0.8, series.pictures / 250),
        color=_CODED,
        label="coded, and all else",
    )
    axes.plot(
        numbers,
        [bits or float("nan") for bits in series.sei_bits],
        color=_SEI,
        linewidth=0.9,
        marker=".",
        markersize=3 if series.pictures <= 300 else 1,
        label="GFV and GFVE payloads",
    )
    known = [bits for bits in (*series.coded_bits, *series.sei_bits) if bits > 0]
    axes.set_yscale("log")
    axes.set_ylim(10 ** floor(log10(min(known))), 10 ** ceil(log10(max(known) * 1.05)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_title("bits per picture")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=2, handlelength=1.2, borderaxespad=0)


def _tracks(axes: Axes, series: Series) -> None:
    """Where each keypoint goes, as on the picture: y points down."""
    points = sorted({point for point, axis in series.points if axis == "y"})
    for point, colour in zip(points, _colours(len(points)), strict=True):
        x, y = series.points[point, "x"], series.points[point, "y"]
        axes.plot(x, y, color=colour, linewidth=0.7, alpha=0.8)
        known = next((n for n, value in enumerate(x) if isfinite(value)), None)
        if known is not None:
            axes.plot(x[known], y[known], "o", color=colour, markersize=3.5)
            if len(points) <= 20:
                axes.annotate(str(point), (x[known], y[known]), (3, 3), textcoords="offset points", fontsize=7)
    axes.plot([-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], color="#888888", linewidth=0.8, linestyle=":")
    axes.set_aspect("equal", adjustable="datalim")
    axes.set(xlabel="x", ylabel="y")
    axes.invert_yaxis()
    axes.set_title("tracks of keypoints, from the dot on; dotted: the picture")


def _colours(number: int) -> list[Any]:
    if number <= 10:
        tab10: Any = matplotlib.colormaps["tab10"]
        return [tab10(n) for n in range(number)]
    colours: Any = matplotlib.colormaps["turbo"]
    return [colours(0.05 + 0.9 * n / (number - 1)) for n in range(number)]
