"""How many times as often: a dot with its interval a row, around the line at which nothing differs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from core.portrait.lifts import LESS, MORE, Lift

from .. import palette
from ..text import t
from .map_marks import INK, plain
from .profile_frame import GRID, QUIET, ROW, SOFT, cut, framed

LOWEST, HIGHEST = 1 / 16, 32.0
"""Ends of the axis, which counts in doublings; what lies beyond is drawn at its end and told by its figure."""
TICKS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32)
NAMES = ("1/16", "1/8", "1/4", "1/2", "1", "2", "4", "8", "16", "32")
LEAST_ROWS = 3
ROOM = 1.1
"""The axis ends a little behind the longest interval."""


def build(found: Sequence[Lift], dark: bool, axis: str = "user.lift_axis_others") -> go.Figure:
    """found: in the order of the rows, the first on top. axis: the words under it."""
    n, colours = len(found), [colour_of(one, dark) for one in found]
    low, high = _ends(found)
    figure = go.Figure(
        [
            *_intervals(found, low, high, dark),
            go.Scatter(
                x=[_within(one.lift, low, high) for one in found],
                y=list(range(n)),
                mode="markers",
                marker={"size": 11, "color": colours, "symbol": [_symbol(one) for one in found], "line": {"width": 0}},
                hovertext=[hover(one) for one in found],
                hoverinfo="text",
                cliponaxis=False,
            ),
            go.Scatter(
                x=[high] * n,
                y=list(range(n)),
                mode="text",
                text=[times(one.lift) for one in found],
                textposition="middle right",
                textfont={"size": 12, "color": [colour_of(one, dark) if one.verdict else SOFT[dark] for one in found]},
                hoverinfo="skip",
                cliponaxis=False,
            ),
        ]
    )
    framed(figure, dark, height=ROW * max(n, LEAST_ROWS) + 56)
    figure.add_vline(x=1, line={"color": SOFT[dark], "width": 1.5}, layer="below")
    shown = [(value, name) for value, name in zip(TICKS, NAMES, strict=True) if low <= value <= high]
    figure.update_xaxes(
        type="log",
        range=[math.log10(low), math.log10(high)],
        tickvals=[value for value, _ in shown],
        ticktext=[name for _, name in shown],
        gridcolor=GRID[dark],
        title_text=t(axis),
    )
    figure.update_yaxes(
        tickvals=list(range(n)),
        ticktext=[plain(cut(one.name)) for one in found],
        tickfont={"size": 12, "color": INK[dark]},
        range=[n - 0.4, -0.6],
        showgrid=False,
        ticklabelstandoff=6,
    )
    return figure.update_layout(margin={"r": 52})


def _intervals(found: Sequence[Lift], low: float, high: float, dark: bool) -> list[go.Scatter]:
    """The intervals of each verdict as one broken line: many small shapes are many times slower."""
    lines = []
    for verdict in dict.fromkeys(one.verdict for one in found):
        x: list[float | None] = []
        y: list[float | None] = []
        for row, one in enumerate(found):
            if one.verdict == verdict:
                x += [_within(one.low, low, high), _within(one.high, low, high), None]
                y += [row, row, None]
                look = {"color": colour_of(one, dark), "width": 2}
        lines.append(go.Scatter(x=x, y=y, mode="lines", line=look, hoverinfo="skip"))
    return lines


def times(lift: float) -> str:
    """2.14 -> "2.1×"; large ones without decimals, infinity as its sign."""
    if math.isinf(lift):
        return "∞"
    return f"{lift:.0f}×" if lift >= 10 or lift == 0 else f"{lift:.1f}×"


def hover(one: Lift) -> str:
    """The whole of it."""
    return t(
        "user.lift_hover",
        name=plain(one.name),
        count=one.count,
        of=f"{one.of:,}",
        share=_percent(one.share),
        others=_percent(one.others),
        lift=f"{one.lift:.2f}",
        low=f"{one.low:.2f}",
        high=f"{one.high:.2f}",
    )


def colour_of(one: Lift, dark: bool) -> str:
    """Sure ones in the colours of what enters and what leaves a list, the rest in grey."""
    roles = palette.roles(dark)
    return {MORE: roles["entered"], LESS: roles["left"]}.get(one.verdict, QUIET[dark])


def _symbol(one: Lift) -> str:
    return {MORE: "circle", LESS: "diamond"}.get(one.verdict, "circle-open")


def _ends(found: Sequence[Lift]) -> tuple[float, float]:
    """The axis: at least a quarter to four times, wider where the figures are."""
    low = min((one.low for one in found), default=0.25)
    high = max((one.high for one in found), default=4.0)
    return max(LOWEST, min(low, 0.25)), min(HIGHEST, ROOM * max(high, 4.0))


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
