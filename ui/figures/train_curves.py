"""The curves of a training: loss and validation recall by epoch, the kept epoch marked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from .. import palette
from ..text import t
from .evaluate_look import figure_of
from .map_marks import INK
from .profile_frame import SOFT, accent, framed

HEIGHT = 320
MARKED = 60
"""Up to so many epochs each has a dot of its own."""
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
TICKS = 8
HEADROOM = 0.18


def loss(epochs: Sequence[int], values: Sequence[float], total: int, best: int, dark: bool) -> go.Figure:
    """Training loss by epoch. total: epochs on the axis. best: the epoch that is kept, 0 = none yet."""
    figure = go.Figure(_line(epochs, values, "train.hover_loss", dark))
    framed(figure, dark, height=HEIGHT)
    _epoch_axis(figure, total)
    low, high = _range(values)
    figure.update_yaxes(title_text=t("train.loss_axis"), range=[low, high], tickformat=".3~g")
    return _best(figure, epochs, values, best, dark)


def recall(
    epochs: Sequence[int],
    values: Sequence[float],
    total: int,
    best: int,
    baseline: float,
    dark: bool,
    *,
    ended: bool = False,
) -> go.Figure:
    """Validation recall@10 by epoch, that of popularity as a level. ended: by early stopping, at the last epoch."""
    figure = go.Figure(_line(epochs, values, "train.hover_recall", dark))
    framed(figure, dark, height=HEIGHT)
    _epoch_axis(figure, total)
    known = [value for value in (*values, baseline) if not math.isnan(value)]
    figure.update_yaxes(
        title_text=t("train.recall_axis"),
        range=[0, (1 + HEADROOM) * max(known, default=1.0) or 1.0],
        tickformat=".3~f",
    )
    if not math.isnan(baseline):
        _level(figure, baseline, best > total / 2, dark)
    if ended:
        figure.add_vline(
            x=epochs[-1],
            line={"color": SOFT[dark], "width": 1, "dash": "dot"},
            annotation={
                "text": t("train.ended_here"),
                "font": {"size": 11, "color": SOFT[dark]},
                "xanchor": "right",
                "y": 0.02,
                "yanchor": "bottom",
            },
        )
    _best(figure, epochs, values, best, dark)
    if best in epochs:
        value = values[epochs.index(best)]
        side = "right" if best <= total / 2 else "left"
        figure.data[-1].update(
            text=[t("train.best_here", recall=figure_of(value), epoch=best)],
            textposition=f"{'bottom' if value < baseline else 'top'} {side}",
        )
    return figure


def _line(epochs: Sequence[int], values: Sequence[float], hover: str, dark: bool) -> go.Scatter:
    return go.Scatter(
        x=list(epochs),
        y=list(values),
        mode="lines+markers" if len(epochs) <= MARKED else "lines",
        line={"color": accent(dark), "width": 2.5},
        marker={"size": 5, "color": accent(dark)},
        hovertemplate=t(hover) + "<extra></extra>",
        cliponaxis=False,
    )


def _epoch_axis(figure: go.Figure, total: int) -> None:
    room = 0.03 * max(total, 10)
    step = next(step for step in STEPS if total <= TICKS * step)
    ticks = sorted({1, *range(step, total + 1, step)}) if step != 2 else list(range(2, total + 1, 2))
    figure.update_xaxes(
        title_text=t("train.epoch_axis"),
        range=[1 - room, max(total, 2) + room],
        tickvals=ticks,
        ticktext=[f"{tick:,}" for tick in ticks],
    )


def _level(figure: go.Figure, baseline: float, left: bool, dark: bool) -> None:
    """left: where its words stand, away from the best epoch's."""
    colour = palette.slots(dark)[0]
    figure.add_hline(
        y=baseline,
        line={"color": colour, "width": 2, "dash": "dash"},
        annotation={
            "text": t("train.level", recall=figure_of(baseline)),
            "font": {"size": 12, "color": INK[dark]},
            "x": 0 if left else 1,
            "xanchor": "left" if left else "right",
            "yanchor": "bottom",
        },
    )


def _best(figure: go.Figure, epochs: Sequence[int], values: Sequence[float], best: int, dark: bool) -> go.Figure:
    """Mark the kept epoch."""
    if best not in epochs:
        return figure
    return figure.add_scatter(
        x=[best],
        y=[values[epochs.index(best)]],
        mode="markers+text",
        marker={"size": 14, "symbol": "star", "color": accent(dark), "line": {"width": 1, "color": INK[dark]}},
        textfont={"size": 12, "color": INK[dark]},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    """The values with a little air; a loss has no meaningful zero."""
    low, high = min(values), max(values)
    air = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return low - air, high + air
