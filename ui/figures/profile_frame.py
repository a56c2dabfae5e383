"""What the pictures of a data set share: a picture with its words and its table, the look, and two kinds of bars."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from core.describe.advice import percent
from core.describe.bins import Bins

from .. import palette
from ..text import t
from .map_marks import FONT, INK, plain

GRID = ("#dde3ea", "#27323d")
"""Thin lines on a light and on a dark ground: seen when looked for."""
SOFT = ("#4d5867", "#a3afbc")
"""Axis words, one step behind the ink."""
QUIET = ("#9ba6b3", "#55616f")
"""Bars that the title does not speak of; each has its figure beside it, on hover and in the table."""
HEIGHT = 300
ROW = 24
LABELLED = 10
"""Histograms of at most this many bars carry a figure on each bar, others on the bars that matter."""
MOST_LETTERS = 24


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure and all that is said beside it.

    title: the finding, as a sentence without a full stop. caption: what is drawn, in one line. figure: None where
    there is nothing to draw, and then the title says why. table: the same figures as columns of equal length.
    tall: about as high as two others, which may stand beside it.
    """

    key: str
    title: str
    caption: str
    figure: go.Figure | None
    table: Mapping[str, Sequence[Any]]
    tall: bool = False


def histogram(bins: Bins, dark: bool, *, told: Collection[int], axis: str, what: str) -> go.Figure:
    """Bars side by side, each from its own tick to the next.

    told: the bars that the title speaks of, in the accent. axis: what the numbers are. what: hover text of a bar,
    with places for {label}, {count} and {share}.
    """
    n, total = len(bins.counts), max(sum(bins.counts), 1)
    shares = [percent(count / total) for count in bins.counts]
    tallest = max(bins.counts, default=0)
    shown = [
        count > 0 and (n <= LABELLED or place in told or count == tallest) for place, count in enumerate(bins.counts)
    ]
    figure = go.Figure(
        go.Bar(
            x=list(range(n)),
            y=list(bins.counts),
            width=0.94,
            text=[
                share if show and count else "" for share, show, count in zip(shares, shown, bins.counts, strict=True)
            ],
            textposition="outside",
            cliponaxis=False,
            textangle=0,
            textfont={"size": 11, "color": INK[dark]},
            marker={"color": colours(n, told, dark), "line": {"width": 0}},
            hovertext=[
                t(what, label=label, count=f"{count:,}", share=share)
                for label, count, share in zip(bins.labels, bins.counts, shares, strict=True)
            ],
            hoverinfo="text",
        )
    )
    step = 1 if n <= LABELLED else 2
    edges = [*bins.low, bins.high[-1] + 1] if n else []
    framed(figure, dark)
    figure.update_xaxes(
        title_text=axis,
        tickvals=[place - 0.5 for place in range(0, len(edges), step)],
        ticktext=[short(edge) for edge in edges[::step]],
        range=[-0.6, max(n, 1) - 0.4],
        showgrid=False,
    )
    return figure.update_yaxes(range=[0, 1.14 * max(tallest, 1)])


def ranked_bars(
    names: Sequence[str], values: Sequence[int], total: int, dark: bool, *, told: Collection[int], what: str
) -> go.Figure:
    """Bars under each other, the first on top, each with its share of ``total``. what: as in :func:`histogram`."""
    n = len(names)
    shares = [percent(value / max(total, 1)) for value in values]
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=list(range(n)),
            orientation="h",
            width=0.72,
            text=shares,
            textposition="outside",
            cliponaxis=False,
            textfont={"size": 11, "color": INK[dark]},
            marker={"color": colours(n, told, dark), "line": {"width": 0}},
            hovertext=[
                t(what, label=plain(name), count=f"{value:,}", share=share)
                for name, value, share in zip(names, values, shares, strict=True)
            ],
            hoverinfo="text",
        )
    )
    framed(figure, dark, height=ROW * n + 24)
    figure.update_xaxes(visible=False, range=[0, 1.16 * max(values, default=1)])
    return figure.update_yaxes(
        tickvals=list(range(n)),
        ticktext=[plain(cut(name)) for name in names],
        range=[n - 0.4, -0.6],
        showgrid=False,
        ticklabelstandoff=6,
    )


def colours(n: int, told: Collection[int], dark: bool) -> list[str]:
    """The accent for the bars that the title speaks of, grey for the others."""
    return [accent(dark) if place in told else QUIET[dark] for place in range(n)]


def accent(dark: bool) -> str:
    """The one colour."""
    return palette.ACCENT["dark" if dark else "light"]


def framed(figure: go.Figure, dark: bool, *, height: int = HEIGHT) -> go.Figure:
    """The look of every picture: the page's own ground and font, thin lines, nothing to drag by accident."""
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": GRID[dark],
        "gridwidth": 1,
        "tickfont": {"size": 11, "color": SOFT[dark]},
        "title": {"font": {"size": 12, "color": SOFT[dark]}, "standoff": 6},
        "showline": False,
        "ticks": "",
    }
    ground = palette.GROUND["dark" if dark else "light"]
    return figure.update_layout(
        height=height,
        margin={"l": 4, "r": 24, "t": 12, "b": 4},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK[dark], "family": FONT},
        showlegend=False,
        xaxis=axis | {"automargin": True},
        yaxis=axis | {"automargin": True, "tickformat": "~s", "nticks": 5},
        hoverlabel={"align": "left", "bgcolor": ground, "font": {"color": INK[dark]}, "bordercolor": accent(dark)},
        dragmode=False,
        bargap=0.06,
        overwrite=True,  # a figure that has no frame yet has nothing to merge with, and merging is five times slower
    )


def short(number: int) -> str:
    """A tick: 500, 2k, 50k, 1M. Steps of a histogram are round, so nothing is lost."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size and number % size == 0:
            return f"{number // size:,}{letter}"
    return f"{number:,}"


def cut(name: str, most: int = MOST_LETTERS) -> str:
    """A name short enough to stand beside its bar on a phone."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def bins_table(bins: Bins, per: str, of: str) -> dict[str, Sequence[Any]]:
    """A histogram as columns: per, what is counted along the axis; of, what is counted."""
    total = max(sum(bins.counts), 1)
    return {per: bins.labels, of: bins.counts, t("profile.share"): [percent(n / total) for n in bins.counts]}
