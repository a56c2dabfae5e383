"""How alike the items of a list are, pair by pair: the list before and the list now, in the same colours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.types import Array

from .. import palette
from ..text import t
from .map_marks import INK, plain
from .profile_frame import SOFT, cut, framed

NAMED = 25
"""Lists up to this long have the titles beside their rows."""
WRITTEN = 12
"""Lists up to this long have the figures in their cells."""
LETTERS = 20
HEIGHT = 420
FLAT = 1e-6
SHADES = 20
MIDDLE = 0.179
"""Luminance at which black and white words stand out alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """cosines: (n, n) float64 between the items of a list, NaN on the diagonal: every item is like itself.

    mean: of all pairs, NaN below two items; 1 - mean is the intra-list diversity of the list.
    """

    cosines: Array
    mean: float

    @property
    def ild(self) -> float:
        """Intra-list diversity: 1 - the mean cosine of two items of the list."""
        return 1.0 - self.mean


def likeness(vectors: Array, items: Sequence[int]) -> Likeness:
    """vectors: (n_items, d) unit rows."""
    rows = vectors[list(items)].astype(np.float64)
    cosines = np.clip(rows @ rows.T, -1.0, 1.0)
    np.fill_diagonal(cosines, np.nan)
    pairs = cosines[~np.eye(len(rows), dtype=bool)]
    return Likeness(cosines, float(pairs.mean()) if len(pairs) else float("nan"))


def bounds(*lists: Likeness) -> tuple[float, float]:
    """The scale that lists share: the least and the largest cosine of any two items; (0, 1) where there are none."""
    known = np.concatenate([one.cosines[~np.isnan(one.cosines)] for one in lists])
    if not len(known):
        return 0.0, 1.0
    low, high = float(known.min()), float(known.max())
    return (low, high) if high - low > FLAT else (low - 0.5, high + 0.5)


def build(
    found: Likeness,
    titles: Sequence[str],
    scale: tuple[float, float],
    dark: bool,
    *,
    marked: Collection[int] = (),
    role: str = "entered",
) -> go.Figure:
    """A square for each two items of a list. marked: rows that entered (or left), in the colour of that role and with
    a sign; scale: lowest and highest cosine of the colours."""
    n, colours = len(titles), palette.sequential(dark, SHADES)
    figure = go.Figure(
        go.Heatmap(
            z=found.cosines,
            x=list(range(n)),
            y=list(range(n)),
            zmin=scale[0],
            zmax=scale[1],
            xgap=1 if n <= NAMED else 0,
            ygap=1 if n <= NAMED else 0,
            colorscale=[[step / (SHADES - 1), colour] for step, colour in enumerate(colours)],
            customdata=[[f"{plain(a)}<br>{plain(b)}" for b in titles] for a in titles],
            hovertemplate="%{customdata}<br>" + t("pictures.likeness_hover") + "<extra></extra>",
            hoverongaps=False,
            text=_figures(found.cosines, scale, colours) if n <= WRITTEN else None,
            texttemplate="%{text}" if n <= WRITTEN else None,
            textfont={"size": 10},
            colorbar={
                "orientation": "h",
                "thickness": 8,
                "len": 0.6,
                "y": -0.09,
                "yanchor": "top",
                "tickfont": {"size": 11, "color": SOFT[dark]},
                "tickformat": ".2f",
                "nticks": 4,
                "outlinewidth": 0,
            },
        )
    )
    framed(figure, dark, height=HEIGHT)
    ranks = [str(rank + 1) if n <= NAMED or rank % 10 == 9 else "" for rank in range(n)]
    figure.update_xaxes(tickvals=list(range(n)), ticktext=ranks, tickangle=0, showgrid=False, constrain="domain")
    return figure.update_yaxes(
        tickvals=list(range(n)),
        ticktext=_row_names(titles, ranks, set(marked), role, dark),
        tickfont={"size": 11, "color": INK[dark]},
        autorange="reversed",
        showgrid=False,
    )


def _figures(cosines: Array, scale: tuple[float, float], colours: Sequence[str]) -> list[list[str]]:
    """Each cosine in black or white, whichever stands out more from its square."""
    places = np.clip((np.nan_to_num(cosines) - scale[0]) / (scale[1] - scale[0]), 0, 1) * (SHADES - 1)
    inks = [_ink(colour) for colour in colours]
    return [
        [
            "" if np.isnan(cosine) else f'<span style="color:{inks[round(place)]}">{cosine:.2f}</span>'
            for cosine, place in zip(*row, strict=True)
        ]
        for row in zip(cosines.tolist(), places.tolist(), strict=True)
    ]


def _ink(colour: str) -> str:
    """Black or white on a hex colour, by its relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > MIDDLE else "#ffffff"


def _row_names(titles: Sequence[str], ranks: Sequence[str], marked: set[int], role: str, dark: bool) -> list[str]:
    if len(titles) > NAMED:
        return list(ranks)
    colour, sign = palette.roles(dark)[role], t(f"pictures.sign_{role}")
    names = [f"{plain(cut(title, LETTERS))} · {rank}" for title, rank in zip(titles, ranks, strict=True)]
    return [
        f'<span style="color:{colour}"><b>{sign} {name}</b></span>' if row in marked else name
        for row, name in enumerate(names)
    ]
