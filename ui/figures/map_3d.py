"""The map in three dimensions, as a plotly scene that a reader turns.

The camera is plotly's own and survives new data as long as ``uirevision`` stays; a page that mounts the chart anew
loses it all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from core.errors import InputError

from .. import palette
from .map_fallback import WORDS
from .map_marks import FONT, INK, code_colours, focus_lines, legend_entries, marks_of, plain

if TYPE_CHECKING:
    from ..map.model import MapColours, MapOverlay

LABELLED = 20_000
"""From this many points on, single points have no label: it would be most of what is sent."""

SYMBOLS = {"star": "diamond", "triangle-up": "diamond-open", "x-thin": "x"}
"""A scene knows fewer symbols than a plane."""

EYE = {"x": 1.2, "y": 1.2, "z": 0.8}
SIZES = ((3_000, 3.2), (20_000, 2.4))
SMALLEST = 1.5


def build(
    xyz: np.ndarray,
    colours: MapColours,
    overlay: MapOverlay,
    dark: bool,
    *,
    titles: Sequence[str] = (),
    user_xyz: np.ndarray | None = None,
    phrase_xyz: np.ndarray | None = None,
    revision: str = "map-3d",
    words: Mapping[str, str] = WORDS,
) -> go.Figure:
    """All points and marks in a scene.

    xyz: (n, 3) float32. overlay: its item indices are used, its 2-D places are not; ``user_xyz`` and ``phrase_xyz``
    (3,) stand for them. titles: n labels, () for none. revision: the camera is kept as long as it stays the same.
    """
    if xyz.ndim != 2 or xyz.shape[1] != 3:
        raise InputError(f"3-D map coordinates must have the shape (n, 3), got {xyz.shape}")
    if len(colours.codes) != len(xyz):
        raise InputError(f"a map of {len(xyz)} points needs as many colour codes, got {len(colours.codes)}")
    labels = titles if len(xyz) < LABELLED else ()
    figure = go.Figure()
    for name, members, colour in legend_entries(colours, np.arange(len(xyz)), dark, words):
        figure.add_trace(_points(xyz, colours, members, name, colour, dark, labels, faded=overlay.dim))
    for line in focus_lines(overlay, xyz):
        figure.add_trace(
            go.Scatter3d(
                x=line[:, 0],
                y=line[:, 1],
                z=line[:, 2],
                mode="lines",
                line={"color": palette.roles(dark)["focus"], "width": 3},
                hoverinfo="skip",
                showlegend=False,
            )
        )
    given = {"user": user_xyz, "phrase": phrase_xyz}
    places = {name: np.asarray(place) for name, place in given.items() if place is not None}
    for mark in marks_of(overlay, xyz, dark, words, places):
        figure.add_trace(
            go.Scatter3d(
                x=mark.places[:, 0],
                y=mark.places[:, 1],
                z=mark.places[:, 2],
                mode="markers+text" if mark.numbers else "markers",
                text=mark.numbers or None,
                textfont={"size": 11, "color": INK[dark]},
                textposition="top center",
                name=mark.name,
                marker={
                    "symbol": SYMBOLS.get(mark.symbol, mark.symbol),
                    "size": 0.55 * mark.size,
                    "color": mark.colour,
                    "line": {"width": 0},
                },
                hovertext=[f"{plain(titles[i])}<br>{plain(mark.name)}" for i in mark.items if titles]
                or plain(mark.name),
                hoverinfo="text",
            )
        )
    return _laid_out(figure, dark, revision)


def _points(
    xyz: np.ndarray,
    colours: MapColours,
    members: np.ndarray,
    name: str,
    colour: str | None,
    dark: bool,
    labels: Sequence[str],
    *,
    faded: bool,
) -> go.Scatter3d:
    return go.Scatter3d(
        x=xyz[members, 0],
        y=xyz[members, 1],
        z=xyz[members, 2],
        mode="markers",
        name=name,
        marker={
            "size": next((size for limit, size in SIZES if len(xyz) < limit), SMALLEST),
            "opacity": 0.15 if faded else 0.75,
            "line": {"width": 0},
            **({"color": colour} if colour else _levels(colours, members, dark)),
        },
        hovertext=[plain(labels[i]) for i in members] if labels else None,
        hoverinfo="text" if labels else "name",
    )


def _levels(colours: MapColours, members: np.ndarray, dark: bool) -> dict[str, object]:
    """Codes and a colour scale instead of one colour string an item, which would be ten times as long."""
    shades = code_colours(colours, dark)
    stops = (*range(0, 254, 16), 254)
    scale = [[stop / 255, shades[stop]] for stop in stops] + [[254.5 / 255, shades[255]], [1.0, shades[255]]]
    return {"color": colours.codes[members], "colorscale": scale, "cmin": 0, "cmax": 255}


def _laid_out(figure: go.Figure, dark: bool, revision: str) -> go.Figure:
    axis = {"visible": False, "showbackground": False}
    return figure.update_layout(
        height=600,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        font={"color": INK[dark], "family": FONT},
        scene={
            "xaxis": axis,
            "yaxis": axis,
            "zaxis": axis,
            "aspectmode": "data",
            "camera": {"eye": EYE},
            "uirevision": revision,
        },
        legend={"orientation": "h", "yanchor": "top", "y": 0, "itemsizing": "constant"},
        hoverlabel={"align": "left", "namelength": -1},
        uirevision=revision,
    )
