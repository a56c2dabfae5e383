"""How strategies look on the pictures of an evaluation: one colour, dash and mark each, and their whiskers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.evaluate.types import Measure
from core.registry import stage

from .. import palette
from ..text import t
from .map_marks import INK, plain
from .profile_frame import cut

DASHES = ("solid", "dash", "dot")
MARKS = ("circle", "diamond", "square")
LABEL_LETTERS = 20
LABEL_ROOM = 118
"""Pixels beside a picture in which the names of its lines stand."""


@dataclass(frozen=True, slots=True)
class Look:
    """A strategy's colour (hex), the dash of its line and the mark of its points."""

    colour: str
    dash: str
    mark: str


def looks(chosen: Iterable[str], dark: bool) -> dict[str, Look]:
    """The look of each of the chosen strategies, the same on every picture: its place among them gives the colour, so
    that nine have nine, and from the tenth on another dash and mark."""
    return {key: _look(place, dark) for place, key in enumerate(dict.fromkeys(chosen))}


def _look(place: int, dark: bool) -> Look:
    turn, slot = divmod(place, palette.OTHER)
    return Look(palette.slots(dark)[slot], DASHES[turn % len(DASHES)], MARKS[turn % len(MARKS)])


def name_of(key: str) -> str:
    """What a strategy is called: its label without what follows a colon. Where that does not tell it from the others,
    its key as words; where the key is an abbreviation that the label spells, that. Its key where nobody knows it."""
    strategies = stage("strategies")
    if key not in strategies.names():
        return key
    labels = {other: str(strategies.get(other).label).partition(":") for other in strategies.names()}
    name, _, rest = labels[key]
    if [first for first, *_ in labels.values()].count(name) == 1:
        return name
    return rest.strip() if rest.strip().lower() == key else key.replace("-", " ").capitalize()


def short_name(key: str) -> str:
    """The name, short enough to stand beside a picture on a phone, as literal text."""
    return plain(cut(name_of(key), LABEL_LETTERS))


def faint(colour: str, alpha: float) -> str:
    """A hex colour, see-through."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def figure_of(value: float) -> str:
    """Three decimals, a dash where undefined."""
    return "–" if math.isnan(value) else f"{value:.3f}"


def whiskers(rows: Sequence[tuple[float, str, Measure]], styles: Mapping[str, Look], dark: bool) -> list[go.Scatter]:
    """A dot and its interval for each (height, strategy, measure), in the strategy's look; undefined ones leave out.

    One trace a strategy, the figure beside each dot.
    """
    shown = dict.fromkeys(key for _, key, _ in rows)
    return [_dots(key, styles[key], [row for row in rows if row[1] == key], dark) for key in shown]


def _dots(key: str, look: Look, rows: Sequence[tuple[float, str, Measure]], dark: bool) -> go.Scatter:
    shown = [(y, measure) for y, _, measure in rows if not math.isnan(measure.mean)]
    return go.Scatter(
        name=plain(name_of(key)),
        x=[measure.mean for _, measure in shown],
        y=[y for y, _ in shown],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, _or(measure.high, measure.mean) - measure.mean) for _, measure in shown],
            "arrayminus": [max(0.0, measure.mean - _or(measure.low, measure.mean)) for _, measure in shown],
            "color": look.colour,
            "thickness": 2,
            "width": 5,
        },
        mode="markers+text",
        marker={"size": 10, "color": look.colour, "symbol": look.mark},
        text=[figure_of(measure.mean) for _, measure in shown],
        textposition="top center",
        textfont={"size": 11, "color": INK[dark]},
        cliponaxis=False,
        hovertext=[hover(key, measure) for _, measure in shown],
        hoverinfo="text",
    )


def hover(key: str, measure: Measure) -> str:
    """The words of one measure: name, mean, interval, users."""
    return t(
        "evaluate.hover",
        name=plain(name_of(key)),
        mean=figure_of(measure.mean),
        low=figure_of(measure.low),
        high=figure_of(measure.high),
        n=f"{measure.n:,}",
    )


def top_of(measures: Iterable[Measure]) -> float:
    """Where an axis that starts at 0 has to end; 1 where nothing is defined."""
    tops = [_or(measure.high, measure.mean) for measure in measures if not math.isnan(measure.mean)]
    return 1.08 * max(tops, default=0.0) or 1.0


def spread(wanted: Mapping[str, float], gap: float, top: float = math.inf) -> dict[str, float]:
    """Heights for labels, near where they are wanted and at least ``gap`` apart, the order kept; between 0 and ``top``
    as far as there is room, since a label outside the axes is not drawn."""
    ordered = sorted(wanted, key=lambda key: wanted[key])
    groups: list[list[str]] = []
    for key in ordered:  # pool neighbours that would touch, and centre each pool on the mean of its wishes
        groups.append([key])
        while len(groups) > 1 and _bottom(groups[-1], wanted, gap) - _top(groups[-2], wanted, gap) < gap:
            last = groups.pop()
            groups[-1].extend(last)
    heights = [_bottom(group, wanted, gap) + place * gap for group in groups for place in range(len(group))]
    heights = [min(y, top - gap * (len(ordered) - 1 - place)) for place, y in enumerate(heights)]
    return {key: max(y, gap * place) for place, (key, y) in enumerate(zip(ordered, heights, strict=True))}


def _bottom(group: Sequence[str], wanted: Mapping[str, float], gap: float) -> float:
    return sum(wanted[key] for key in group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: Sequence[str], wanted: Mapping[str, float], gap: float) -> float:
    return _bottom(group, wanted, gap) + gap * (len(group) - 1)


def _or(value: float, instead: float) -> float:
    return instead if math.isnan(value) else value
