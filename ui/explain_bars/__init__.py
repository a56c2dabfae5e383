"""The drawings of the explanation page: where the item stands, the sum that makes its score, its text, a sentence.

Every string reaches the screen as text (``textContent``), whatever it holds. Rows are updated in place, so that taking
a film out moves them and never blinks. A second click within half a second does nothing: rows move up, and the second
half of a double click would meet another film. After drawing, the root element carries ``data-drawn``: the mark that
the call returned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import state
from ..component import mark_of, register
from ..palette import OTHER
from ..text import group

_mount = register(Path(__file__).parent, "explain_bars")

SOURCE, REST, FIXED, TOTAL = "source", "rest", "fixed", "total"
OUT, BACK, DROP = "out", "back", "drop"
DEEDS = (OUT, BACK, DROP)
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the item stands, and where it stood with nothing changed.

    score and rank: in words, as now. was: the same before, "" where nothing was changed. at and before: places on the
    scale in [0, 1], 0 = first; None where there is none. limit: place of the list's end, limit_said: "top 10".
    tone: "up", "down" or "same".
    """

    title: str
    subtitle: str
    rank: str
    score: str
    was: str
    said: str
    at: float | None
    before: float | None
    limit: float
    limit_said: str
    last_said: str
    tone: str
    slot: int = OTHER


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the sum. start and end: places on the common scale in [0, 1]; zero stands in ``Sum.zero``.

    value: with its sign. note: what happens without it. act: what a click does (one of DEEDS), "" for nothing.
    """

    id: str
    title: str
    value: str
    start: float
    end: float
    kind: str = SOURCE
    note: str = ""
    act: str = ""
    slot: int = OTHER
    against: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A film taken out or added. act: what a click does."""

    id: str
    title: str
    act: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text. strength: in [-1, 1], how dark it is and which way it pulls. said: shown on hover."""

    text: str
    strength: float = 0.0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a small picture. points: (x, y) in [0, 1], y upwards."""

    name: str
    points: tuple[tuple[float, float], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked. did: one of DEEDS; value: an item id."""

    did: str
    value: str


def stand(entry: Stand, *, key: str) -> str:
    """Draw where the item stands."""
    return _draw("stand", key, asdict(entry))


def bars(
    rows: Sequence[Bar], *, zero: float, name: str, shown: int, key: str, on_click: Callable[[], None] | None = None
) -> str:
    """Draw the parts of a sum, each bar from where the one before it ended; rows after ``shown`` are folded away.

    zero: where 0 stands on the scale. name: what the drawing is, for screen readers.
    """
    entry = {"rows": [asdict(row) for row in rows], "zero": zero, "name": name, "shown": shown}
    return _draw("bars", key, entry, on_click)


def chips(label: str, entries: Sequence[Chip], *, key: str, on_click: Callable[[], None]) -> str:
    """Draw films that were taken out or added; a click takes that back."""
    return _draw("chips", key, {"label": label, "chips": [asdict(one) for one in entries]}, on_click)


def marked(parts: Sequence[Part], *, name: str, key: str) -> str:
    """Draw a text with its words highlighted."""
    return _draw("text", key, {"parts": [asdict(part) for part in parts], "name": name})


def curves(lines: Sequence[Curve], *, name: str, axes: tuple[str, str], key: str) -> str:
    """Draw a few lines over one another. axes: what is drawn to the right and upwards."""
    entry = {"lines": [asdict(line) for line in lines], "name": name, "axes": list(axes)}
    return _draw("curves", key, entry)


def sentence(text: str, *, key: str) -> str:
    """Draw a sentence with a button that copies it."""
    return _draw("said", key, {"text": text})


def clicked(key: str) -> Click | None:
    """What the last click on a drawing was, as far as it makes sense: to be asked in its ``on_click``."""
    said = getattr(state.chosen(key), "said", None)
    if not isinstance(said, dict):
        return None
    did, value = said.get("did"), said.get("value")
    sound = did in DEEDS and isinstance(value, str) and 0 < len(value) <= LONGEST
    return Click(str(did), str(value)) if sound else None


def _draw(kind: str, key: str, entry: dict[str, Any], on_click: Callable[[], None] | None = None) -> str:
    mark = mark_of(kind, entry)
    data = {"kind": kind, "words": group("explain_bars"), "seq": mark, **entry}
    if on_click is None:
        _mount(key=key, data=data)
    else:
        _mount(key=key, data=data, on_said_change=on_click)
    return mark
