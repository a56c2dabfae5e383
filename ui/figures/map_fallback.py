"""The map without WebGL: the same points and marks as an SVG chart, which draws anywhere but not any number.

plotly's scattergl needs WebGL as well, so this is a plain scatter of a seeded sample; the figure says how many of
how many it shows. Marks are never sampled away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from .. import palette
from ..text import group
from .map_marks import FONT, INK, code_colours, focus_lines, legend_entries, marks_of, plain

if TYPE_CHECKING:
    from ..map.model import MapColours, MapOverlay, MapPoints

MOST = 2_500
"""Points an SVG chart draws without making the page slow."""

SEED = 0
WORDS: Mapping[str, str] = MappingProxyType(group("figure_words"))


def build(
    points: MapPoints,
    colours: MapColours,
    overlay: MapOverlay,
    dark: bool,
    *,
    most: int = MOST,
    words: Mapping[str, str] = WORDS,
) -> go.Figure:
    """A figure of at most ``most`` points, always the same ones for the same n, with every mark on top."""
    rows = sample(len(points), most)
    figure = go.Figure()
    for name, members, colour in legend_entries(colours, rows, dark, words):
        figure.add_trace(_points(points, colours, members, name, colour, dark, faded=overlay.dim))
    for line in focus_lines(overlay, points.xy):
        figure.add_trace(
            go.Scatter(
                x=line[:, 0],
                y=line[:, 1],
                mode="lines",
                line={"color": palette.roles(dark)["focus"], "width": 1.2},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    for mark in marks_of(overlay, points.xy, dark, words):
        figure.add_trace(
            go.Scatter(
                x=mark.places[:, 0],
                y=mark.places[:, 1],
                mode="markers+text" if mark.numbers else "markers",
                text=mark.numbers or None,
                textfont={"size": 9, "color": INK[not dark]},
                name=mark.name,
                marker={
                    "symbol": mark.symbol,
                    "size": mark.size,
                    "color": mark.colour,
                    "line": {"width": 1.5, "color": mark.colour if mark.hollow else palette.GROUND[_theme(dark)]},
                },
                hovertext=_hover(points, mark.items, mark.name),
                hoverinfo="text",
            )
        )
    for start, end in overlay.arrows:
        figure.add_annotation(_arrow(points.xy[start], points.xy[end], palette.roles(dark)["entered"]))
    return _laid_out(figure, len(rows), len(points), dark, words)


def _arrow(start: np.ndarray, end: np.ndarray, colour: str) -> dict[str, object]:
    """From what left to what entered; it ends at the rim of the mark it points at."""
    return {
        "x": float(end[0]),
        "y": float(end[1]),
        "ax": float(start[0]),
        "ay": float(start[1]),
        "axref": "x",
        "ayref": "y",
        "showarrow": True,
        "text": "",
        "arrowhead": 2,
        "arrowwidth": 2,
        "arrowcolor": colour,
        "standoff": 10,
    }


def sample(n: int, most: int) -> np.ndarray:
    """(min(n, most),) ascending item indices, the same for the same n: all of them, or a seeded draw."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(SEED).choice(n, most, replace=False))


def _points(
    points: MapPoints,
    colours: MapColours,
    members: np.ndarray,
    name: str,
    colour: str | None,
    dark: bool,
    *,
    faded: bool,
) -> go.Scatter:
    subtitles = [points.subtitles[i] for i in members]
    return go.Scatter(
        x=points.xy[members, 0],
        y=points.xy[members, 1],
        mode="markers",
        name=name,
        marker={
            "size": 5,
            "opacity": 0.2 if faded else 0.8,
            "color": colour or [code_colours(colours, dark)[code] for code in colours.codes[members]],
        },
        hovertext=[f"{plain(points.titles[i])}<br>{plain(sub)}" for i, sub in zip(members, subtitles, strict=True)],
        hoverinfo="text",
    )


def _hover(points: MapPoints, items: Sequence[int], name: str) -> list[str]:
    return [f"{plain(points.titles[i])}<br>{plain(name)}" for i in items] or [plain(name)]


def _theme(dark: bool) -> str:
    return "dark" if dark else "light"


def _laid_out(figure: go.Figure, shown: int, n: int, dark: bool, words: Mapping[str, str]) -> go.Figure:
    text = words["all_shown" if shown == n else "shown"].format(shown=f"{shown:,}", n=f"{n:,}")
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    return figure.update_layout(
        height=560,
        margin={"l": 8, "r": 8, "t": 34, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK[dark], "family": FONT},
        title={"text": text, "font": {"size": 13}, "x": 0, "xanchor": "left"},
        xaxis=hidden,
        yaxis=hidden | {"scaleanchor": "x", "scaleratio": 1},
        legend={"orientation": "h", "yanchor": "top", "y": -0.02, "itemsizing": "constant"},
        hoverlabel={"align": "left", "namelength": -1},
        dragmode="pan",
        uirevision="map",
    )
