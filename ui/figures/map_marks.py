"""What the two plotly maps share: colours per code, the marks of an overlay as places with symbols, escaped labels."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .. import palette
from ..palette import OTHER

if TYPE_CHECKING:
    from ..map.model import MapColours, MapOverlay

INK = ("#0e1726", "#e8edf3")
"""Text colour on a light and on a dark ground."""

FONT = "Source Sans, sans-serif"
"""The page's own font, so that a figure looks like what is around it."""

NUMBERED = 30
"""Lists up to this long show their ranks."""

CODES = 256


@dataclass(frozen=True, eq=False)
class Mark:
    """One kind of mark.

    places: (m, dims). items: m item indices, () for a place that is no item. numbers: m ranks, () for none.
    """

    name: str
    places: np.ndarray
    items: tuple[int, ...]
    symbol: str
    size: int
    colour: str
    hollow: bool = False
    numbers: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A label that plotly shows as it is: plotly reads labels as a small HTML, so its signs are escaped."""
    return html.escape(text, quote=False)


def code_colours(colours: MapColours, dark: bool) -> tuple[str, ...]:
    """256 colours, one a code; grey for codes without one."""
    shades = colours.palette_dark if dark else colours.palette_light
    grey = palette.slots(dark)[OTHER]
    if colours.kind == "category":
        return (*shades, *([grey] * (CODES - len(shades))))
    steps = [round(level / (CODES - 2) * (len(shades) - 1)) for level in range(CODES - 1)]
    return (*(shades[step] for step in steps), grey)


def legend_entries(
    colours: MapColours, rows: np.ndarray, dark: bool, words: Mapping[str, str]
) -> list[tuple[str, np.ndarray, str | None]]:
    """(name, item indices, one colour or None for a colour per item): a trace per category, or one for a ramp."""
    if colours.kind == "ramp":
        low, high = colours.labels
        return [(plain(f"{colours.title}: {low} \u2013 {high}"), rows, None)]
    shades = code_colours(colours, dark)
    codes = np.minimum(colours.codes[rows], len(colours.labels))
    names = (*colours.labels, words["no_value"])
    return [
        (plain(name), rows[codes == code], shades[code] if code < len(colours.labels) else shades[-1])
        for code, name in enumerate(names)
        if (codes == code).any()
    ]


def marks_of(
    overlay: MapOverlay,
    xy: np.ndarray,
    dark: bool,
    words: Mapping[str, str],
    places: Mapping[str, np.ndarray] | None = None,
) -> list[Mark]:
    """The overlay's marks, lowest first.

    xy: (n, dims). places: (dims,) by "user" and "phrase", where they do not lie as the overlay says.
    """
    roles = palette.roles(dark)
    points = places if places is not None else _places(overlay)
    ranks = tuple(str(rank) for rank in range(1, len(overlay.ranked) + 1)) if len(overlay.ranked) <= NUMBERED else ()
    focus = () if overlay.focus is None else (overlay.focus,)
    marks = [
        _items("history", overlay.history, xy, words, "circle-open", 9, roles["history"], hollow=True),
        _items("hits", overlay.hits, xy, words, "triangle-up", 10, roles["hit"]),
        _items("left", overlay.left, xy, words, "x-thin", 11, roles["left"], hollow=True),
        _items("neighbours", overlay.neighbours, xy, words, "square", 8, roles["focus"]),
        _items("ranked", overlay.ranked, xy, words, "circle", 17 if ranks else 10, roles["ranked"], numbers=ranks),
        _items("focus", focus, xy, words, "square-open", 17, roles["focus"], hollow=True),
    ]
    for name, symbol, size, colour in (("phrase", "diamond", 15, roles["hit"]), ("user", "star", 21, roles["user"])):
        if name in points:
            marks.append(Mark(words[name], points[name].reshape(1, -1), (), symbol, size, colour))
    return [mark for mark in marks if len(mark.places)]


def focus_lines(overlay: MapOverlay, xy: np.ndarray) -> list[np.ndarray]:
    """(2, dims) end points of each line from the clicked item to a neighbour."""
    if overlay.focus is None:
        return []
    return [xy[[overlay.focus, neighbour]] for neighbour in overlay.neighbours]


def _places(overlay: MapOverlay) -> dict[str, np.ndarray]:
    given = {"phrase": overlay.phrase_xy, "user": overlay.user_xy}
    return {name: np.array(place) for name, place in given.items() if place is not None}


def _items(
    name: str,
    items: Sequence[int],
    xy: np.ndarray,
    words: Mapping[str, str],
    symbol: str,
    size: int,
    colour: str,
    *,
    hollow: bool = False,
    numbers: tuple[str, ...] = (),
) -> Mark:
    rows = np.asarray(items, dtype=np.int64)
    return Mark(words[name], xy[rows], tuple(rows.tolist()), symbol, size, colour, hollow, numbers)
