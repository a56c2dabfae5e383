"""What a list is made of beside what the user likes: the category mix of her history, the list before, and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.metrics.calibration import divergence
from core.types import Array

from .. import palette
from ..text import t
from .evaluate_look import faint
from .map_marks import INK, plain
from .profile_frame import QUIET, ROW, SOFT, cut, framed

MOST = 10
"""Categories that get a row of their own; the others share one."""
LEAST_ROWS = 3
OWN = 0.45
"""How much of its colour the bar of the user's own share keeps, so that ring and dot stand out on it."""
DOT_PX = 9
RING_PX = 15
"""A ring goes around a dot that did not move."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of categories in three lists, each adding up to 1, or to 0 where nothing in it has a category.

    names: one a row, the user's strongest first. own, before, after: as many shares. kl_before, kl_after: how far each
    list is from the user's own mix over all categories, in nats (Steck 2018, as the metric has it), NaN where unknown.
    merged: how many categories the last row stands for, 0 = it is one like the others.
    """

    names: tuple[str, ...]
    own: tuple[float, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    kl_before: float
    kl_after: float
    merged: int = 0


def mix_of(names: Sequence[str], mixes: Array, wanted: Array, before: Array, after: Array, most: int = MOST) -> Mix:
    """names: n_categories. mixes: (n_items, n_categories), rows adding up to 1 or 0. wanted: (n_categories,) of the
    user's liked history. before, after: item indices, -1 = padding."""
    sums = np.stack([mixes[items[items >= 0]].sum(axis=0) for items in (before, after)])
    kl = divergence(wanted[None, :], sums[:, None, :])[:, 0]
    totals = sums.sum(axis=1, keepdims=True)
    shares = np.vstack([wanted, np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)]).astype(float)
    there = np.flatnonzero(shares.max(axis=0) > 0)
    # The strongest in any of the three are worth a row; among them the user's own order is the one to read by.
    kept = there[np.argsort(-shares[:, there].max(axis=0), kind="stable")][:most]
    if len(there) == most + 1:  # a row for one other category is its own row
        kept = there
    kept = kept[np.lexsort((-shares[1:, kept].max(axis=0), -shares[0, kept]))]
    rest = np.setdiff1d(there, kept)
    rows = shares[:, kept]
    said = [names[column] for column in kept]
    if len(rest):
        rows = np.hstack([rows, shares[:, rest].sum(axis=1, keepdims=True)])
        said.append(t("pictures.mix_rest", n=len(rest)))
    own, old, new = (tuple(row.tolist()) for row in rows)
    return Mix(tuple(said), own, old, new, float(kl[0]), float(kl[1]), len(rest))


def build(mix: Mix, dark: bool) -> go.Figure:
    """A row a category: a bar for the user's own share, a ring for the list before, a dot for the list now, and a line
    from ring to dot."""
    n, roles = len(mix.names), palette.roles(dark)
    rows = list(range(n))
    figure = go.Figure()
    figure.add_trace(
        go.Bar(
            name=t("pictures.mix_own"),
            x=mix.own,
            y=rows,
            orientation="h",
            width=0.62,
            marker={"color": faint(QUIET[dark], OWN), "line": {"width": 0}},
            hoverinfo="skip",
        )
    )
    figure.add_trace(_between(mix, SOFT[dark]))
    for name, shares, symbol, size, colour in (
        ("pictures.mix_before", mix.before, "circle-open", RING_PX, SOFT[dark]),
        ("pictures.mix_after", mix.after, "circle", DOT_PX, roles["ranked"]),
    ):
        figure.add_trace(
            go.Scatter(
                name=t(name),
                x=shares,
                y=rows,
                mode="markers",
                marker={"size": size, "symbol": symbol, "color": colour, "line": {"width": 2, "color": colour}},
                hovertext=[_hover(mix, row) for row in rows],
                hoverinfo="text",
                cliponaxis=False,
            )
        )
    framed(figure, dark, height=(ROW + 4) * max(n, LEAST_ROWS) + 84)
    top = max((*mix.own, *mix.before, *mix.after, 0.1))
    figure.update_xaxes(range=[-0.025 * top, 1.06 * top], tickformat=".0%", title_text=t("pictures.mix_axis"))
    figure.update_yaxes(
        tickvals=rows,
        ticktext=[plain(cut(name)) for name in mix.names],
        tickfont={"size": 12, "color": INK[dark]},
        range=[n - 0.4, -0.6],
        showgrid=False,
        ticklabelstandoff=6,
    )
    return figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "font": {"size": 12}, "itemclick": False},
        margin={"t": 36},
    )


def _between(mix: Mix, colour: str) -> go.Scatter:
    """The way from before to after, all of them in one broken line."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row, (old, new) in enumerate(zip(mix.before, mix.after, strict=True)):
        x += [old, new, None]
        y += [row, row, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 2}, hoverinfo="skip", showlegend=False)


def _hover(mix: Mix, row: int) -> str:
    return t(
        "pictures.mix_hover",
        name=plain(mix.names[row]),
        own=_percent(mix.own[row]),
        before=_percent(mix.before[row]),
        after=_percent(mix.after[row]),
    )


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"
